"""Tests `eventlog backup` and `eventlog check` on a log that is in use."""

import json
import sqlite3
import subprocess
from pathlib import Path

import pytest

from conftest import Site
from http_client import HTTPClient
from load import Clients
from responder import BINARY, Responder, is_clear, run_to_end, wait_until
from system_calls import TO_PUT_IN_PLACE, assert_put_in_place, calls_of, needs_strace


def backup(site: Site, destination: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return run_to_end("backup", *options, str(destination), EVENTLOG_STORE=site.store)


def check(store: str) -> subprocess.CompletedProcess[str]:
    return run_to_end("check", EVENTLOG_STORE=store)


def test_a_copy_made_under_load_is_a_log_of_one_moment(site: Site, responder: Responder) -> None:
    acknowledged: list[str] = []

    def write(number: int, clients: Clients) -> None:
        connection = site.connect()
        while not clients.ended.is_set():
            body = json.dumps({"type": "info", "source": "writer", "message": "x", "tags": [f"t{number}"]})
            answer = connection.request("POST", "/events", body.encode(), "application/json")
            assert answer.status == 201
            acknowledged.append(answer.json()["id"])

    copy = site.folder / "copy.sqlite"
    clients = Clients(4, write)
    wait_until(lambda: len(acknowledged) >= 200, "they write")
    before = set(acknowledged)
    done = backup(site, copy)
    assert done.returncode == 0, done.stderr
    clients.end()

    assert check(f"sqlite:{copy}").returncode == 0
    assert [path.name for path in site.folder.glob("copy*")] == ["copy.sqlite"], "it is one file"
    exported = run_to_end("export", EVENTLOG_STORE=f"sqlite:{copy}").stdout.splitlines()
    ids = [json.loads(line)["id"] for line in exported]
    assert ids == [f"evt_{number:03}" for number in range(1, len(ids) + 1)], "nothing is missing in between"
    assert before <= set(ids)


@needs_strace
@pytest.mark.parametrize("options", [[], ["--force"]], ids=["a new file", "in place of another"])
def test_a_power_cut_leaves_a_whole_copy_or_none(site: Site, client: HTTPClient, options: list[str]) -> None:
    assert client.post_event().status == 201
    copy = site.folder / "copies/copy.sqlite"
    copy.parent.mkdir()
    if options:
        copy.write_text("earlier")
    command = [BINARY, "backup", *options, "--store", site.store, copy]
    assert_put_in_place(calls_of(command, site.folder, TO_PUT_IN_PLACE), copy)
    assert check(f"sqlite:{copy}").stdout == "1 events were checked, and nothing is wrong.\n"


def test_a_file_that_is_there_is_not_lost(site: Site, responder: Responder) -> None:
    copy = site.folder / "copy.sqlite"
    copy.write_text("precious")
    refused = backup(site, copy)
    assert refused.returncode == 73 and is_clear(refused.stderr)
    assert copy.read_text() == "precious"
    assert backup(site, copy, "--force").returncode == 0
    assert check(f"sqlite:{copy}").stdout == "0 events were checked, and nothing is wrong.\n"


def test_a_log_in_use_is_not_replaced(site: Site, client: HTTPClient) -> None:
    assert client.post_event().status == 201
    log = site.folder / "events.sqlite"
    alias = site.folder / "alias.sqlite"
    alias.hardlink_to(log)
    for destination in (log, alias):
        refused = backup(site, destination, "--force")
        assert refused.returncode == 69 and "the log itself" in refused.stderr
    other = site.folder / "other.sqlite"
    site.start_responder(socket=site.folder / "other.sock", store=f"sqlite:{other}")
    refused = backup(site, other, "--force")
    assert refused.returncode == 69 and "may be in use" in refused.stderr
    assert client.post_event().status == 201
    assert check(site.store).stdout == "2 events were checked, and nothing is wrong.\n"


def test_nobody_reads_a_copy_who_cannot_read_the_log(site: Site, responder: Responder) -> None:
    (site.folder / "events.sqlite").chmod(0o600)
    copy = site.folder / "copy.sqlite"
    assert backup(site, copy).returncode == 0
    assert copy.stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_copied_is_told(site: Site, responder: Responder) -> None:
    for copy in (site.folder / "nowhere/copy.sqlite", Path("/dev/full/copy")):
        failed = backup(site, copy)
        assert failed.returncode == 69 and is_clear(failed.stderr)
        assert str(copy) in failed.stderr
    missing = run_to_end("backup", "copy", EVENTLOG_STORE=f"sqlite:{site.folder}/nothing.sqlite")
    assert missing.returncode == 69 and "no event log" in missing.stderr
    in_memory = run_to_end("backup", "copy", EVENTLOG_STORE="memory")
    assert in_memory.returncode == 64 and is_clear(in_memory.stderr)


def test_check_finds_nothing_in_a_log_in_use(site: Site, client: HTTPClient) -> None:
    for number in range(20):
        assert client.post_event(tags=["a", "ü"], message=f"number {number}").status == 201
    checked = check(site.store)
    assert (checked.returncode, checked.stdout) == (0, "20 events were checked, and nothing is wrong.\n")


DAMAGE = {
    "unknown type": "UPDATE event SET type = 'other' WHERE id = 2",
    "not UTF-8": "UPDATE event SET message = CAST(x'ff' AS TEXT) WHERE id = 2",
    "not a JSON array of strings": "UPDATE event SET tags = '[1]' WHERE id = 2",
    "has 0 states": "DELETE FROM log_state",
    "not JSON": "UPDATE event SET data = '{a}' WHERE id = 2",
}


@pytest.mark.parametrize("problem", DAMAGE)
def test_check_tells_what_is_wrong(site: Site, client: HTTPClient, problem: str) -> None:
    for _ in range(3):
        assert client.post_event(tags=["a"]).status == 201
    copy = site.folder / "damaged.sqlite"
    assert backup(site, copy).returncode == 0
    with sqlite3.connect(copy) as database:
        database.execute(DAMAGE[problem])
    database.close()
    checked = check(f"sqlite:{copy}")
    assert checked.returncode == 65 and is_clear(checked.stderr)
    assert problem in checked.stderr


INDEX_DAMAGE = {
    "an event": "UPDATE event SET message = 'other' WHERE id = 2",
    "an outline": "UPDATE segment SET latest = latest + 1",
    "a directory": "UPDATE segment SET directory = zeroblob(length(directory))",
    "a column": "UPDATE segment SET columns = zeroblob(length(columns))",
    "a block": "UPDATE segment_block SET block = zeroblob(length(block)) WHERE id % 65536 = 0",
    "a lost segment": "DELETE FROM segment",
    "a lost block": "DELETE FROM segment_block WHERE id % 65536 = 0",
}


@pytest.mark.parametrize("damage", INDEX_DAMAGE)
def test_check_finds_a_wrong_index_and_reindex_mends_it(site: Site, damage: str) -> None:
    lines = site.folder / "events.ndjson"
    event = {"type": "info", "source": "a"}
    lines.write_text("".join(json.dumps({**event, "message": f"number {n}"}) + "\n" for n in range(3000)))
    assert run_to_end("import", str(lines), EVENTLOG_STORE=site.store).returncode == 0
    assert check(site.store).returncode == 0
    with sqlite3.connect(site.folder / "events.sqlite") as database:
        assert database.execute("SELECT count(*) FROM segment").fetchone() == (1,)
        database.execute(INDEX_DAMAGE[damage])
    database.close()
    checked = check(site.store)
    assert checked.returncode == 65 and is_clear(checked.stderr) and "reindex" in checked.stderr
    found = run_to_end("list", "-q", "number 2999", "--format", "ndjson", EVENTLOG_STORE=site.store)
    assert found.stdout.count("\n") == 1 and found.returncode == 0
    mended = run_to_end("reindex", EVENTLOG_STORE=site.store)
    assert (mended.returncode, mended.stdout) == (0, "The index was built anew.\n")
    assert check(site.store).returncode == 0


def test_check_finds_a_damaged_page(site: Site, client: HTTPClient) -> None:
    for _ in range(50):
        assert client.post_event(message="x" * 1000).status == 201
    copy = site.folder / "damaged.sqlite"
    assert backup(site, copy).returncode == 0
    with copy.open("r+b") as file:
        file.seek(copy.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xff" * 64)
    checked = check(f"sqlite:{copy}")
    assert checked.returncode == 69 and is_clear(checked.stderr)
    assert "malformed" in checked.stderr and str(copy) in checked.stderr

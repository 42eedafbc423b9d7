"""Tests that `eventlog import` can be interrupted at any time, and that others can record meanwhile, without losing or
doubling events."""

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Site
from responder import BINARY, clean_environment, wait_until
from test_import import event, lines, messages
from test_import_export import NO_INPUT, done, run

MANY = 30_000


def lines_with_ids(count: int) -> bytes:
    return "".join(
        json.dumps(event(number, id=f"evt_{number:03}", timestamp="2024-01-15T14:30:00.000Z")) + "\n"
        for number in range(1, count + 1)
    ).encode()


def start(site: Site, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [BINARY, "import", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(EVENTLOG_STORE=site.store),
    )


def recorded(site: Site) -> int:
    """Returns the number of events in the log, without disturbing those who write to it."""
    try:
        with sqlite3.connect(f"file:{site.folder / 'events.sqlite'}?mode=ro", uri=True) as database:
            count: int = database.execute("SELECT count(*) FROM event").fetchone()[0]
        database.close()
    except sqlite3.OperationalError:
        return 0
    return count


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
@pytest.mark.parametrize("make", [lines, lines_with_ids])
def test_an_interrupted_import_goes_on_where_it_stopped(
    site: Site, make: Callable[[int], bytes], number: signal.Signals
) -> None:
    file = site.folder / "file.ndjson"
    file.write_bytes(make(MANY))
    process = start(site, str(file))
    wait_until(lambda: recorded(site) > 0, "the first events are recorded", 60)
    process.send_signal(number)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == -number
    before = recorded(site)
    assert 0 < before < MANY
    if number != signal.SIGKILL:
        assert f"the import stopped after {before} of {MANY} events; the same command goes on from there" in said.decode()

    # The same events, in whatever form, are the same import.
    (site.folder / "file.gz").write_bytes(gzip.compress(file.read_bytes(), compresslevel=1))
    again = run(site, "import", str(site.folder / "file.gz"))
    assert again.returncode == 0
    assert f"this import was interrupted after {before} events; it goes on from there" in again.stderr.decode()
    assert f"{before} of them before the interruption" in again.stdout.decode()
    assert messages(site) == [f"number {number}" for number in range(1, MANY + 1)]
    if make is lines_with_ids:
        exported = [json.loads(line) for line in done(site, "export").splitlines()]
        assert exported == [json.loads(line) for line in make(MANY).splitlines()]
    # An import that has ended is forgotten: the same input is now appended.
    assert "interruption" not in done(site, "import", "-", given=make(3)).decode()
    assert recorded(site) == MANY + 3


def test_an_import_that_waits_for_its_input_can_be_interrupted(site: Site) -> None:
    fifo = site.folder / "fifo"
    os.mkfifo(fifo)
    for input in ["-", str(fifo)]:
        process = start(site, input)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=10)[1]
        assert process.returncode == -signal.SIGINT
        assert b"interrupted before anything was imported" in said


def test_an_import_goes_on_where_hangups_are_ignored(site: Site) -> None:
    """That is what nohup does."""
    process = subprocess.Popen(
        ["bash", "-c", f"trap '' HUP; exec {BINARY} import -"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=clean_environment(EVENTLOG_STORE=site.store),
    )
    assert process.stdin
    process.stdin.write(lines(1))
    process.stdin.flush()
    time.sleep(0.3)
    process.send_signal(signal.SIGHUP)
    time.sleep(0.1)
    assert process.communicate(lines(1), timeout=10)[0].startswith(b"2 events were imported")
    assert process.returncode == 0


def test_a_paused_import_keeps_nobody_waiting(site: Site) -> None:
    """Ctrl-Z takes effect between two transactions."""
    file = site.folder / "file.ndjson"
    file.write_bytes(lines(MANY))
    process = start(site, str(file))
    for _ in range(3):
        before = recorded(site)
        wait_until(lambda: recorded(site) > before, "events are recorded", 60)
        process.send_signal(signal.SIGTSTP)
        status = Path(f"/proc/{process.pid}/stat")
        wait_until(lambda: status.read_text().rsplit(")", 1)[1].split()[0] == "T", "it is paused")
        started = time.monotonic()
        done(site, "append", "--type=info", "--source=other", "m")
        assert time.monotonic() - started < 5
        process.send_signal(signal.SIGCONT)
    assert b"imported" in process.communicate(timeout=60)[0]
    assert recorded(site) == MANY + 3


@pytest.mark.parametrize("make", [lines, lines_with_ids])
def test_others_record_while_events_are_imported(site: Site, make: Callable[[int], bytes]) -> None:
    file = site.folder / "file.ndjson"
    file.write_bytes(make(MANY))
    site.start_responder()
    with site.start_web_server().client() as client:
        process = start(site, str(file))
        wait_until(lambda: recorded(site) > 0, "the first events are recorded", 60)
        posts = 0
        while process.poll() is None:
            assert client.post_event(source="other").status == 201
            posts += 1
        said = process.communicate()[0].decode()
    assert process.returncode == 0 and f"{MANY} events were imported" in said
    assert posts > 5, "others waited until the end"
    events = [json.loads(line) for line in done(site, "export").splitlines()]
    ours = [event for event in events if event["source"] == "s"]
    assert [event["message"] for event in ours] == [f"number {number}" for number in range(1, MANY + 1)]
    assert len(events) == MANY + posts
    if make is lines_with_ids:
        assert "got new ids, because others recorded events meanwhile" in said
        assert {event["timestamp"] for event in ours} == {"2024-01-15T14:30:00.000Z"}


def test_a_file_that_changes_under_an_import_is_noticed(site: Site) -> None:
    file = site.folder / "file.ndjson"
    file.write_bytes(lines(MANY))
    process = start(site, str(file))
    wait_until(lambda: recorded(site) > 0, "the first events are recorded", 60)
    with file.open("ab") as end:
        end.write(lines(1))
    said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == NO_INPUT and "was changed while it was being imported" in said
    done(site, "import", str(file))
    assert messages(site) == [f"number {number}" for number in range(1, MANY + 1)] + ["number 1"]


def test_an_import_that_waits_for_a_busy_log_says_so_and_can_be_interrupted(site: Site) -> None:
    done(site, "import", "-", given=lines(1))
    file = site.folder / "file.ndjson"
    file.write_bytes(lines(MANY))
    said = site.folder / "said"
    database = sqlite3.connect(site.folder / "events.sqlite", isolation_level=None)
    with said.open("wb") as errors:
        process = subprocess.Popen(
            [BINARY, "import", str(file)], stderr=errors, env=clean_environment(EVENTLOG_STORE=site.store)
        )
        wait_until(lambda: recorded(site) > 1, "the first events are recorded", 60)
        database.execute("BEGIN IMMEDIATE")
        wait_until(lambda: b"another process keeps the log busy" in said.read_bytes(), "it says so", 3)
        before = recorded(site)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=3) == -signal.SIGINT
    database.execute("ROLLBACK")
    database.close()
    assert f"the import stopped after {before - 1} of {MANY} events".encode() in said.read_bytes()


def test_only_what_was_imported_counts_as_imported_before_the_interruption(site: Site) -> None:
    file = site.folder / "file.ndjson"
    good = lines_with_ids(MANY).splitlines(keepends=True)
    file.write_bytes(b"".join([good[0], good[0], good[0], *good[1:]]))
    process = start(site, "--skip-invalid", str(file))
    wait_until(lambda: recorded(site) > 0, "the first events are recorded", 60)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    before = recorded(site)
    again = done(site, "import", "--skip-invalid", str(file)).decode()
    assert f"{MANY} events were imported" in again and f"; {before} of them before the interruption" in again
    assert recorded(site) == MANY

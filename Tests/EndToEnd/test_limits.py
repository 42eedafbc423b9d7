"""A system may refuse permissions, descriptors or intact files. At its start, the program then ends with a clear
message; later, it keeps running."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Site
from fcgi_client import ConnectionEnded, whole_request
from http_client import JSON
from responder import BINARY, clean_environment, is_clear
from web_server import free_port

UNAVAILABLE = 69  # EX_UNAVAILABLE
BODY = b'{"type":"info","source":"end_to_end","message":"hello"}'
WHOLE = whole_request("POST", "/events", BODY, JSON)
COUNT = 2000
PAGE = 4096

# This makes permissions apply to root as well.
AS_ANYBODY = (
    ["setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search"]
    if os.geteuid() == 0
    else []
)


def with_descriptors(count: int) -> list[str]:
    return ["prlimit", f"--nofile={count}:{count}"]


NOBODY = 65534


def refusal(command: list[str], *arguments: str, program: Path = BINARY) -> str:
    """Returns the message of a responder that cannot start. It must be one sentence with the documented exit status."""
    result = subprocess.run(
        [*command, str(program), "serve", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
        env=clean_environment(),
    )
    assert result.returncode == UNAVAILABLE, result
    assert is_clear(result.stderr) and len(result.stderr.splitlines()) == 1, result.stderr
    assert result.stderr.startswith("eventlog: ")
    return result.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else, who may have few threads")
def test_too_few_threads_are_refused_in_a_sentence() -> None:
    """The test runs as another user, since root's threads are not counted."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        program = Path(shutil.copy(BINARY, folder))
        os.chown(folder, NOBODY, NOBODY)
        command = ["setpriv", f"--reuid={NOBODY}", "--clear-groups", "prlimit", "--nproc=2"]
        said = refusal(command, "--listen", f"unix:{folder}/s", "--store", "memory", program=program)
    assert "pthread_create" in said


@pytest.fixture
def log(site: Site) -> Path:
    """Returns the file of a log with two thousand events, which no process has open."""
    events = "".join(f'{{"type":"info","source":"s","message":"{n} {"x" * 500}"}}\n' for n in range(COUNT))
    subprocess.run(
        [BINARY, "import", "-", "--store", site.store],
        input=events,
        text=True,
        check=True,
        capture_output=True,
        env=clean_environment(),
    )
    file = site.folder / "events.sqlite"
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    return file


def is_another_programs(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as database:
        database.executescript("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)")


def is_of_a_newer_version(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA user_version = 99")


def is_cut_in_half(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2 // PAGE * PAGE)


def has_only_its_first_bytes(file: Path) -> None:
    os.truncate(file, 50)


def is_overwritten_at_its_start(file: Path) -> None:
    with file.open("r+b") as content:
        content.seek(100)
        content.write(os.urandom(PAGE - 100))


def is_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def may_not_be_read(file: Path) -> None:
    file.chmod(0)


def may_not_be_written(file: Path) -> None:
    file.chmod(0o400)


def is_in_a_folder_that_may_not_be_written(file: Path) -> None:
    file.parent.chmod(0o500)


def is_in_a_folder_that_may_not_be_entered(file: Path) -> None:
    file.parent.chmod(0)


@pytest.mark.parametrize(
    "spoil",
    [
        is_another_programs,
        is_of_a_newer_version,
        is_cut_in_half,
        has_only_its_first_bytes,
        is_overwritten_at_its_start,
        is_a_folder,
        may_not_be_read,
        may_not_be_written,
        is_in_a_folder_that_may_not_be_written,
        is_in_a_folder_that_may_not_be_entered,
    ],
    ids=lambda spoil: spoil.__name__,
)
def test_a_log_that_cannot_be_used_is_refused_in_a_sentence(log: Path, spoil: Callable[[Path], None]) -> None:
    spoil(log)
    listen = f"127.0.0.1:{free_port()}"
    assert str(log) in refusal(AS_ANYBODY, "--listen", listen, "--store", f"sqlite:{log}")


@pytest.mark.parametrize("name", ["nowhere/eventlog.sock", "readonly/eventlog.sock"])
def test_a_socket_that_cannot_be_made_is_refused_in_a_sentence(site: Site, name: str) -> None:
    folder = site.folder / "readonly"
    folder.mkdir(mode=0o500)
    assert name in refusal(AS_ANYBODY, "--listen", f"unix:{site.folder / name}", "--store", "memory")


def test_a_port_that_is_taken_is_refused_in_a_sentence(site: Site) -> None:
    port = site.start_web_server().port
    assert str(port) in refusal([], "--listen", f"127.0.0.1:{port}", "--store", "memory")


@pytest.mark.parametrize("count", [4, 5, 8, 20, 64])
def test_too_few_descriptors_are_refused_in_a_sentence(site: Site, count: int) -> None:
    said = refusal(with_descriptors(count), "--listen", f"unix:{site.socket}", "--store", site.store)
    assert f"only {count} files" in said and "ulimit -n" in said
    assert not site.socket.exists()


def test_at_the_limit_of_descriptors_who_comes_waits_and_is_answered(site: Site) -> None:
    """Sixty-four descriptors are reserved for the store; the rest are for connections."""
    responder = site.start_responder(command=with_descriptors(80))
    connections = [site.connect() for _ in range(40)]
    first, waiting = connections[:10], connections[20:]
    for connection in first:
        assert connection.request("GET", "/events").status == 200
        assert connection.request("POST", "/events", BODY, JSON).status == 201
    for connection in waiting:
        connection.send(WHOLE)
    assert waiting[-1].is_silent(0.5)
    assert responder.descriptor_count() <= 80
    # Accepted connections are still served.
    assert first[0].request("GET", "/health").status == 200
    for connection in connections[:20]:
        connection.close()
    for connection in waiting:
        assert connection.read_answer().status == 201
        connection.close()
    assert len(site.connect().request("GET", "/events").json()) == 30


def test_a_damaged_page_is_an_error_to_who_asks_for_it_and_to_nobody_else(site: Site, log: Path) -> None:
    with log.open("r+b") as content:
        # The file was filled from its start, so the events in its middle are neither the oldest nor the newest.
        start = log.stat().st_size // 2 // PAGE * PAGE
        content.seek(start)
        content.write(os.urandom(8 * PAGE))
    responder = site.start_responder()
    connection = site.connect()
    statuses = {}
    for number in range(1, COUNT + 1, 5):
        answer = connection.request("GET", f"/events/evt_{number:03}")
        statuses[number] = answer.status
        if answer.status != 200:
            shown = str(answer.problem(500))
            assert "sql" not in shown.lower() and "malformed" not in shown and str(site.folder) not in shown
    assert statuses[1] == statuses[COUNT - 4] == 200
    assert 1 <= list(statuses.values()).count(500) < COUNT / 20, "few of them are damaged"
    assert "malformed" in responder.log.read_text()
    # What is not whole is visibly cut off.
    with pytest.raises(ConnectionEnded) as cut:
        connection.request("GET", "/events.ndjson")
    assert b"evt_001" in cut.value.received
    connection = site.connect()
    assert connection.request("GET", "/events?limit=5").status == 200
    assert connection.request("GET", "/events?limit=5&order=desc").status == 200
    answer = connection.request("POST", "/events", BODY, JSON)
    assert answer.status == 201 and answer.json()["id"] == f"evt_{COUNT + 1}"
    assert connection.request("GET", "/health").status == 200


def test_permissions_that_are_taken_away_are_an_error_until_they_are_given_back(
    site: Site, log: Path
) -> None:
    """Open files stay open. Whatever must be opened fails until the permissions are back."""
    site.start_responder(command=AS_ANYBODY)
    connections = [site.connect() for _ in range(30)]
    assert connections[0].request("POST", "/events", BODY, JSON).status == 201
    for path in log.parent.glob("events.sqlite*"):
        path.chmod(0)
    # Many concurrent readers need more open files than one does.
    for connection in connections:
        connection.send(whole_request("GET", "/events?q=x&limit=1000"))
    answers = [connection.read_answer() for connection in connections]
    for answer in answers:
        if answer.status != 200:
            answer.problem(503)
    assert {answer.status for answer in answers} >= {503}, "the permissions were not needed"
    for path in log.parent.glob("events.sqlite*"):
        path.chmod(0o600)
    for connection in connections:
        connection.send(whole_request("GET", "/events?q=x&limit=1000"))
    assert {connection.read_answer().status for connection in connections} == {200}
    assert connections[0].request("POST", "/events", BODY, JSON).status == 201

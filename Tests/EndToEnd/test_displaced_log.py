"""Tests that nothing is acknowledged that is not in the file at the log's path."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from conftest import Site
from fcgi_client import FastCGIConnection
from http_client import JSON
from responder import run_to_end, wait_until

BODY = b'{"type":"info","source":"end_to_end","message":"hello"}'
GONE = "the log's file was removed or replaced"
# A look at the folder is enough once it has not changed for this long, in seconds.
SETTLED = 2.1


@contextmanager
def replaced(log: Path) -> Iterator[None]:
    """Puts another log in the place of the log."""
    away = [path.rename(log.parent / f"away-{path.name}") for path in log.parent.glob("events.sqlite*")]
    other = log.parent / "other.sqlite"
    made = run_to_end("append", "--type", "info", "--source", "a", "other", EVENTLOG_STORE=f"sqlite:{other}")
    assert made.returncode == 0
    other.rename(log)
    before = log.read_bytes()
    yield
    assert log.read_bytes() == before and not log.with_name("events.sqlite-wal").exists()
    log.unlink()
    for path in away:
        path.rename(log.parent / path.name.removeprefix("away-"))


@contextmanager
def removed(log: Path) -> Iterator[None]:
    """Takes the file away, but leaves the ones beside it."""
    away = log.rename(log.parent / "away")
    yield
    assert not log.exists()
    away.rename(log)


@contextmanager
def folder_renamed(log: Path) -> Iterator[None]:
    away = log.parent.rename(log.parent.with_name("away"))
    yield
    assert not log.parent.exists()
    away.rename(log.parent)


@contextmanager
def mounted_over(path: Path, source: str, *options: str) -> Iterator[None]:
    command = ["mount", *options, source, str(path)]
    mount = subprocess.run(command, capture_output=True, text=True)
    if mount.returncode != 0:
        pytest.skip(f"nothing can be mounted here: {mount.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)


def folder_covered(log: Path) -> AbstractContextManager[None]:
    return mounted_over(log.parent, "eventlog", "-t", "tmpfs")


def file_covered(log: Path) -> AbstractContextManager[None]:
    other = log.parent.parent / "cover"
    other.touch()
    return mounted_over(log, str(other), "--bind")


CHANGES = [replaced, removed, folder_renamed, folder_covered, file_covered]


@pytest.fixture
def log(site: Site) -> Path:
    folder = site.folder / "log"
    folder.mkdir()
    return folder / "events.sqlite"


def post(connection: FastCGIConnection, message: str = "hello") -> int:
    body = BODY.replace(b"hello", message.encode())
    return connection.request("POST", "/events", body, JSON).status


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_read_or_recorded_until_the_file_is_back(
    site: Site, log: Path, change: Callable[[Path], AbstractContextManager[None]]
) -> None:
    responder = site.start_responder(store=f"sqlite:{log}")
    connection = site.connect()
    assert post(connection, "before") == 201
    time.sleep(SETTLED)
    assert post(connection, "before") == 201
    with change(log):
        answer = connection.request("POST", "/events", BODY, JSON)
        assert "removed or replaced" in answer.problem(503)["detail"] and answer.field("Retry-After")
        for target in ("/events", "/events?limit=1", "/events/evt_001", "/events/histogram"):
            assert connection.request("GET", target).status == 503, target
        for _ in range(10):
            assert post(connection) == 503
        # The answer of health may be a second old.
        wait_until(lambda: connection.request("GET", "/health").status == 503, "health tells")
        assert connection.request("GET", "/health").json() == {"status": "unavailable", "reason": GONE}
    assert post(connection, "after") == 201
    wait_until(lambda: connection.request("GET", "/health").status == 200, "health tells")
    events = connection.request("GET", "/events").json()
    assert [event["message"] for event in events] == ["before", "before", "after"]
    lines = responder.log.read_text().splitlines()
    assert len([line for line in lines if "removed, replaced or moved" in line]) == 1
    assert len([line for line in lines if "files are back" in line]) == 1


def test_a_restart_takes_up_the_new_file(site: Site, log: Path) -> None:
    responder = site.start_responder(store=f"sqlite:{log}")
    connection = site.connect()
    assert post(connection) == 201
    for path in log.parent.iterdir():
        path.unlink()
    assert post(connection) == 503
    assert list(log.parent.iterdir()) == []
    site.stop_peers()
    responder.stop()
    assert list(log.parent.iterdir()) == []
    site.start_responder(store=f"sqlite:{log}")
    assert site.connect().request("GET", "/events").json() == []


@pytest.mark.parametrize("suffixes", [["-wal"], ["-shm"], ["-wal", "-shm"]])
@pytest.mark.parametrize("is_killed", [False, True])
def test_what_was_acknowledged_survives_the_loss_of_the_files_beside_the_log(
    site: Site, log: Path, suffixes: list[str], is_killed: bool
) -> None:
    responder = site.start_responder(store=f"sqlite:{log}")
    connection = site.connect()
    for number in range(20):
        assert post(connection, f"number {number}") == 201
    for suffix in suffixes:
        os.unlink(f"{log}{suffix}")
    assert post(connection) == 503
    site.stop_peers()
    responder.kill() if is_killed else responder.stop()
    site.start_responder(store=f"sqlite:{log}")
    events = site.connect().request("GET", "/events").json()
    assert [event["message"] for event in events] == [f"number {number}" for number in range(20)]
    assert run_to_end("check", EVENTLOG_STORE=f"sqlite:{log}").returncode == 0

"""Tests that a responder answers at once while it brings a log up to date that an older version wrote."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import older_log
from conftest import Site
from http_client import JSON
from responder import is_clear, run_to_end, wait_until
from supervisor import Supervisor

BODY = b'{"type":"info","source":"end_to_end","message":"hello"}'


@pytest.fixture
def old_log(site: Site) -> Path:
    path = site.folder / "events.sqlite"
    older_log.create(path, 1, 5000)
    return path


def locked(log: Path) -> sqlite3.Connection:
    """Holds the lock of a log that is in use, so that a migration takes as long as a test needs."""
    database = sqlite3.connect(log, isolation_level=None)
    database.execute("UPDATE event SET message = 'number one' WHERE id = 1")
    database.execute("BEGIN IMMEDIATE")
    return database


@pytest.fixture
def supervisor(site: Site) -> Iterator[Supervisor]:
    supervisor = Supervisor(site.folder)
    try:
        yield supervisor
    finally:
        site.stop_peers()
        supervisor.close()


def test_it_answers_with_the_reason_until_the_log_is_up_to_date(
    site: Site, old_log: Path, supervisor: Supervisor
) -> None:
    database = locked(old_log)
    supervisor.start()
    assert supervisor.notification().startswith("EXTEND_TIMEOUT_USEC=")
    connection = site.connect()
    wait_until(lambda: connection.request("GET", "/health").status == 503, "health tells")
    reason = "the log is being brought up to date"
    assert connection.request("GET", "/health").json() == {"status": "unavailable", "reason": reason}
    for method, body, type in [("POST", BODY, JSON), ("GET", b"", None)]:
        answer = connection.request(method, "/events", body, type)
        assert "brought up to date" in answer.problem(503)["detail"] and answer.field("Retry-After")
    assert connection.request("GET", "/openapi.json").status == 200
    assert connection.request("GET", "/status").json()["status"] == "unavailable"
    database.execute("ROLLBACK")
    database.close()
    while (notification := supervisor.notification(20)) != "READY=1":
        assert notification.startswith("EXTEND_TIMEOUT_USEC=")
    assert connection.request("POST", "/events", BODY, JSON).json()["id"] == "evt_5001"
    assert len(connection.request("GET", "/events?tag=a&q=number").json()) == 5000
    log = supervisor.log.read_text()
    assert "it is being brought up to date" in log and "the log is up to date" in log


def test_it_can_be_stopped_meanwhile(site: Site, old_log: Path, supervisor: Supervisor) -> None:
    database = locked(old_log)
    supervisor.start()
    assert supervisor.notification().startswith("EXTEND_TIMEOUT_USEC=")
    assert supervisor.stop() in (0, 69)
    database.execute("ROLLBACK")
    assert database.execute("PRAGMA user_version").fetchone() == (1,)
    database.close()


def test_a_log_that_cannot_be_brought_up_to_date_ends_it_with_the_reason(
    site: Site, old_log: Path, supervisor: Supervisor
) -> None:
    database = sqlite3.connect(old_log)
    database.execute("CREATE TABLE log_state (x)")
    database.commit()
    database.close()
    process = supervisor.start()
    assert process.wait(20) == 69
    last = supervisor.log.read_text().splitlines()[-1]
    assert is_clear(last) and "log_state" in last


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5, 6, 7])
def test_a_log_of_any_version_answers_at_once_and_gets_the_new_index(site: Site, version: int) -> None:
    path = site.folder / "events.sqlite"
    older_log.create(path, version, 5000)
    size = path.stat().st_size
    site.start_responder()
    connection = site.connect()
    wait_until(lambda: connection.request("GET", "/health").status == 200, "the log has the tables of this version")
    questions = {
        "q=number+4999": [4999], "user_id=u-3&since=1970-01-01T00:00:05.990Z": [4997], "request_id=r-77": [77],
        "type=error&source=source+0&limit=2": [21, 42], "tag=b&limit=1&order=desc": [5000],
        "q=umber+17&sort=source&limit=3": [175, 217, 917],
    }

    def answers() -> dict[str, list[int]]:
        return {
            query: [int(event["id"][4:]) for event in connection.request("GET", f"/events?{query}").json()]
            for query in questions
        }

    assert answers() == questions
    assert connection.request("POST", "/events", BODY, JSON).json()["id"] == "evt_5001"
    wait_until(
        lambda: connection.request("GET", "/status").json()["store"]["indexed_events"] >= 4000, "it is indexed"
    )
    assert answers() == questions
    database = sqlite3.connect(path)
    names = {name for (name,) in database.execute("SELECT name FROM sqlite_schema")}
    assert not any(name.startswith(("event_", "clock_", "text_")) for name in names)
    database.close()
    # The tables of keys, sessions and views take a page each, however many events there are.
    tables = 7 * 4096
    assert version == 1 or path.stat().st_size <= 1.05 * size + tables, "what the old indexes took has been used"
    assert run_to_end("check", EVENTLOG_STORE=site.store).returncode == 0

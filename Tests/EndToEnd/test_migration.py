"""Tests that a responder answers at once while it brings a log up to date that an older version wrote."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Site
from http_client import JSON
from responder import is_clear, wait_until
from supervisor import Supervisor

BODY = b'{"type":"info","source":"end_to_end","message":"hello"}'
FIRST_VERSION = """
CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER NOT NULL, type TEXT NOT NULL,
  source TEXT NOT NULL, message TEXT NOT NULL, user_id TEXT, request_id TEXT, tags TEXT, data TEXT
) STRICT;
CREATE INDEX event_by_type ON event (type);
INSERT INTO event (timestamp, type, source, message)
  WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 5000)
  SELECT 1000 + n, 'info', 'a', 'number ' || n FROM number;
PRAGMA application_id = 0x65766C67;
PRAGMA user_version = 1;
"""


@pytest.fixture
def old_log(site: Site) -> Path:
    path = site.folder / "events.sqlite"
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.executescript(FIRST_VERSION)
    database.close()
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
    assert len(connection.request("GET", "/events?type=info&q=number").json()) == 5000
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

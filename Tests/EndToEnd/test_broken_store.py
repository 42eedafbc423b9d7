"""Tests what happens if the store fails under a running responder."""

import re
import sqlite3

from conftest import Site
from fcgi_client import whole_request
from http_client import JSON
from responder import Responder, wait_until

BODY = b'{"type":"info","source":"end_to_end","message":"hello"}'
WHOLE = whole_request("POST", "/events", BODY, JSON)


def break_store(site: Site) -> list[str]:
    """Drops the tables and returns their names."""
    with sqlite3.connect(site.folder / "events.sqlite") as database:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        tables = [name for (name,) in database.execute(query)]
        for table in tables:
            # Dropping a virtual table also drops its own tables.
            database.execute(f'DROP TABLE IF EXISTS "{table}"')
    database.close()
    return tables


def test_the_client_sees_nothing_of_it_and_the_log_names_the_request_once(
    site: Site, responder: Responder
) -> None:
    connection = site.connect()
    assert connection.request("POST", "/events", BODY, JSON).status == 201
    tables = break_store(site)
    assert {"event", "segment", "segment_block"} <= set(tables)
    requests = [
        ("POST", "/events", BODY, JSON),
        ("GET", "/events/evt_001", b"", None),
        ("GET", "/events", b"", None),
    ]
    for number, (method, target, body, type) in enumerate(requests):
        more = {"HTTP_X_REQUEST_ID": f"request-{number}"}
        answer = connection.request(method, target, body, type, more)
        assert answer.problem(503)["detail"]
        shown = answer.body.decode().lower()
        assert "sql" not in shown and str(site.folder) not in shown
        assert not [table for table in tables if re.search(rf"\b{table}\b", shown)]
        # The log is written on a thread of its own.
        wait_until(lambda: f"request-{number}" in responder.log.read_text(), "the error is logged")
        lines = [line for line in responder.log.read_text().splitlines() if f"request-{number}" in line]
        assert len(lines) == 1


def test_a_damaged_event_is_refused_in_every_form(site: Site, responder: Responder) -> None:
    """An event may be damaged if somebody has changed it by hand."""
    connection = site.connect()
    for _ in range(3):
        assert connection.request("POST", "/events", BODY, JSON).status == 201
    with sqlite3.connect(site.folder / "events.sqlite") as database:
        database.execute("UPDATE event SET message = CAST(x'ff' AS TEXT) WHERE id = 3")
    database.close()
    forms = [
        ("/events", "application/json"),
        ("/events", "application/x-ndjson"),
        ("/events", "text/csv"),
        ("/events/evt_003", "application/json"),
        ("/", "text/html"),
    ]
    for number, (target, accept) in enumerate(forms):
        more = {"HTTP_X_REQUEST_ID": f"request-{number}", "HTTP_ACCEPT": accept}
        assert connection.request("GET", target, more=more).status == 500, accept
        # The log is written on a thread of its own.
        wait_until(lambda: f"request-{number}" in responder.log.read_text(), "the error is logged")
        [line] = [line for line in responder.log.read_text().splitlines() if f"request-{number}" in line]
        assert "not UTF-8" in line
    assert connection.request("GET", "/events/evt_002").status == 200
    assert connection.request("POST", "/events", BODY, JSON).status == 201


def test_health_tells(site: Site, responder: Responder) -> None:
    connection = site.connect()
    assert connection.request("GET", "/health").status == 200
    break_store(site)
    # Its answer may be a second old.
    wait_until(lambda: connection.request("GET", "/health").status == 503, "health tells", 5)
    answer = connection.request("GET", "/health")
    assert answer.json() == {"status": "unavailable", "reason": "the store cannot be used"}


def test_somebody_who_locks_the_file_for_a_while_only_delays(site: Site, responder: Responder) -> None:
    """A backup locks the file, and so does `sqlite3` on the command line."""
    database = sqlite3.connect(site.folder / "events.sqlite", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    writer, reader = site.connect(), site.connect(timeout=2)
    writer.send(WHOLE)
    assert writer.is_silent(1)
    assert reader.request("GET", "/events").json() == []
    assert reader.request("GET", "/health").status == 200
    database.execute("ROLLBACK")
    database.close()
    assert writer.read_answer().status == 201


def test_health_tells_that_an_event_has_been_waiting_for_too_long(site: Site, responder: Responder) -> None:
    database = sqlite3.connect(site.folder / "events.sqlite", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    writer, reader = site.connect(), site.connect()
    writer.send(WHOLE)
    wait_until(lambda: reader.request("GET", "/health").status == 503, "health tells", 8)
    reason = "events are waiting to be recorded"
    assert reader.request("GET", "/health").json() == {"status": "unavailable", "reason": reason}
    assert reader.request("GET", "/events").json() == []
    database.execute("ROLLBACK")
    database.close()
    assert writer.read_answer().status == 201
    wait_until(lambda: reader.request("GET", "/health").status == 200, "health tells")

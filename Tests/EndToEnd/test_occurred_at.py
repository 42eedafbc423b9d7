"""Tests `occurred_at`: when an event happened, where that is not when it was recorded."""

import csv
import io
import json
import subprocess

import pytest

from conftest import Site
from html_page import HTMLPage
from http_client import HTTPClient, valid_event
from responder import BINARY, clean_environment

HISTORY = [f"2024-01-{day:02}T12:00:00.000Z" for day in (15, 16, 18)]


@pytest.mark.parametrize("given, kept", [
    ("2024-01-15T15:30:00+01:00", "2024-01-15T14:30:00.000Z"), ("2024-01-15T14:30:00.1239Z", "2024-01-15T14:30:00.123Z"),
    ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"), (None, None),
])  # fmt: skip
def test_a_moment_is_kept_in_utc(client: HTTPClient, given: str | None, kept: str | None) -> None:
    event = client.post_event(occurred_at=given).json()
    assert event.get("occurred_at") == kept and list(event)[-1] == ("occurred_at" if kept else "message")
    assert client.events() == [event]
    [row] = csv.DictReader(io.StringIO(client.get("/events.csv").body.decode()))
    assert list(row)[-2:] == ["occurred_at", "recorded_by"] and (row["occurred_at"] or None) == kept


@pytest.mark.parametrize("given", ["2024-01-15T14:30:00", "2024-01-15", "yesterday", "", 1705329000, "2024-02-30T00:00:00Z"])
def test_what_is_no_moment_is_refused(client: HTTPClient, given: object) -> None:
    problem = client.post_event(occurred_at=given).problem(422)
    assert [error["pointer"] for error in problem["errors"]] == ["#/occurred_at"]


def test_events_are_found_and_counted_by_when_they_happened(client: HTTPClient) -> None:
    for moment in HISTORY:
        client.post_event(occurred_at=moment, message=moment)
    client.post_event(message="now")
    found = client.events("?occurred_since=2024-01-16&occurred_until=2024-01-19")
    assert [event["message"] for event in found] == HISTORY[1:]
    # What does not say when it happened, happened when it was recorded.
    assert [event["message"] for event in client.events("?occurred_since=24h")] == ["now"]
    assert client.events("?until=2024-02-01") == []
    counts = client.get("/events/histogram?of=occurred_at&occurred_until=2024-02-01&interval=1d").json()
    assert [bucket["total"] for bucket in counts["buckets"]] == [1, 1, 0, 1] + [0] * 13
    assert client.get("/events/histogram").json()["buckets"][0]["total"] == 4
    client.get("/events/histogram?of=when").problem(422)


def test_the_page_shows_it_and_can_count_by_it(client: HTTPClient) -> None:
    for moment in HISTORY:
        client.post_event(occurred_at=moment)
    page = client.get("/", accept="text/html").body.decode()
    assert "happened" in page and '<time datetime="2024-01-15T12:00:00.000Z">' in page
    assert "Count by the time at which they happened" in page
    answer = client.get("/?of=occurred_at", accept="text/html")
    other = answer.body.decode()
    assert "Count by the time of recording" in other and "occurred_since=2024-01-15T12" in other.replace("%3A", ":")
    # Every link of the page leads to a page, and every download to a file.
    links = {link.attributes.get("href", "") for link in HTMLPage(answer).document.all("a")}
    links = {link for link in links if link.startswith(("/?", "/events"))}
    assert len(links) > 10 and sum("of=occurred_at" in link for link in links) > 5
    for link in links:
        assert client.get(link, accept="text/html,*/*;q=0.1").status == 200, link
    answer = client.get("/?of=occurred_at&period=2024-01-15T00:00:00.000Z/2024-01-16T00:00:00.000Z", accept="text/html")
    assert answer.status == 303 and "occurred_since=2024-01-15" in answer.field("Location")
    event = client.get("/events/evt_001", accept="text/html").body.decode()
    assert "occurred_at" in event


def test_a_form_sends_it_in_utc(client: HTTPClient) -> None:
    form = {"type": "info", "source": "s", "message": "m", "occurred_at": "2024-01-15T14:30"}
    assert client.post_form(form).json()["occurred_at"] == "2024-01-15T14:30:00.000Z"
    assert "occurred_at" not in client.post_form({**form, "occurred_at": ""}).json()
    answer = client.post_form({**form, "occurred_at": "soon"}, {"Accept": "text/html"})
    assert answer.status == 422 and 'id="error-occurred_at"' in answer.body.decode()


def run(site: Site, *arguments: str, given: str = "") -> str:
    environment = clean_environment(EVENTLOG_STORE=site.store)
    result = subprocess.run([BINARY, *arguments], input=given, capture_output=True, text=True, timeout=60, env=environment)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_an_import_into_a_log_with_events_keeps_the_timestamps_there(site: Site) -> None:
    run(site, "append", "--type=info", "--source=s", "--occurred-at", HISTORY[0], "first")
    given = "".join(
        json.dumps({"id": f"evt_00{number}", "timestamp": moment, **valid_event(message=str(number))}) + "\n"
        for number, moment in enumerate(HISTORY, 1)
    ) + json.dumps({"timestamp": HISTORY[0], **valid_event(message="own", occurred_at=HISTORY[2])}) + "\n"
    assert "their own are occurred_at" in run(site, "import", "-", given=given)
    events = [json.loads(line) for line in run(site, "export").splitlines()]
    assert [event["occurred_at"] for event in events] == [HISTORY[0], *HISTORY, HISTORY[2]]
    assert all(event["timestamp"] > "2026" for event in events)
    listed = run(site, "list", "--format=ndjson", "--occurred-since", "2024-01-16", "--occurred-until", "2024-01-17")
    assert [json.loads(line)["message"] for line in listed.splitlines()] == ["2"]
    # A copy of the log has it, too.
    copy = subprocess.run(
        [BINARY, "import", "-"], input=run(site, "export"), capture_output=True, text=True, timeout=60,
        env=clean_environment(EVENTLOG_STORE=f"sqlite:{site.folder}/copy.sqlite"),
    )  # fmt: skip
    assert copy.returncode == 0
    other = subprocess.run(
        [BINARY, "export"], capture_output=True, text=True, timeout=60,
        env=clean_environment(EVENTLOG_STORE=f"sqlite:{site.folder}/copy.sqlite"),
    )  # fmt: skip
    assert other.stdout == run(site, "export")

"""Tests that what people already run can send its logs here, with the files of deploy/shippers."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Site
from http_client import HTTPClient
from responder import CHECKOUT, wait_until
from web_server import Nginx

SHIPPERS = CHECKOUT / "deploy/shippers"

# A program that logs with Python's own module. OpenTelemetry's SDK finds everything else in its environment.
PROGRAM = """
import logging
from opentelemetry._logs import set_logger_provider
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor

provider = LoggerProvider()
provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
logging.getLogger().addHandler(LoggingHandler(logger_provider=provider))
logging.getLogger().setLevel(logging.INFO)
log = logging.getLogger("shop")
for number in range(700):
    log.info("order %d", number, extra={"order.id": number, "user.id": "u-81"})
try:
    1 / 0
except ZeroDivisionError:
    log.exception("Card declined")
log.warning("")
provider.shutdown()
"""


def environment(port: int) -> dict[str, str]:
    lines = (SHIPPERS / "opentelemetry.env").read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value.replace(":8080", f":{port}") for name, value in values.items()}


def test_the_opentelemetry_sdk_for_python_sends(web_server: Nginx, client: HTTPClient) -> None:
    sent = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, env=environment(web_server.port)
    )
    assert sent.returncode == 0, sent.stderr
    events = client.events()
    assert [event["message"] for event in events[:700]] == [f"order {number}" for number in range(700)]
    assert {event["source"] for event in events} == {"checkout"}
    assert {event["type"] for event in events[:700]} == {"info"} and events[0]["user_id"] == "u-81"
    assert events[0]["data"]["attributes"]["order.id"] == 0 and events[0]["data"]["scope"] == {"name": "shop"}
    assert abs(len(events[0]["occurred_at"]) - len(events[0]["timestamp"])) == 0
    error = events[700]
    assert error["type"] == "error" and error["message"] == "Card declined"
    assert error["data"]["attributes"]["exception.type"] == "ZeroDivisionError"
    found = client.get('/events?data.attributes."order.id"=42').json()
    assert [event["message"] for event in found] == ["order 42"]
    # A record without a message is no event, and the exporter is told so.
    assert len(events) == 701


def test_the_collectors_json_is_taken(client: HTTPClient) -> None:
    record = {"timeUnixNano": "1705329000123456789", "severityNumber": 18, "body": {"stringValue": "m"}}
    request = {"resourceLogs": [{"scopeLogs": [{"logRecords": [record, {}]}]}]}
    answer = client.request("POST", "/v1/logs", json.dumps(request).encode(), {"Content-Type": "application/json"})
    assert answer.status == 200 and answer.field("Content-Type") == "application/json"
    assert answer.json() == {
        "partialSuccess": {"rejectedLogRecords": "1", "errorMessage": "log record 1: message is required"}
    }
    [event] = client.events()
    assert event["occurred_at"] == "2024-01-15T14:30:00.123Z" and event["source"] == "unknown_service"
    empty = client.request("POST", "/v1/logs", b"", {"Content-Type": "application/x-protobuf"})
    assert (empty.status, empty.body, empty.field("Content-Type")) == (200, b"", "application/x-protobuf")


@pytest.mark.parametrize("media_type, body, status", [
    ("application/json", b"{", 400), ("application/x-protobuf", b"\x0a\xff", 400), ("text/plain", b"x", 415),
])  # fmt: skip
def test_errors_are_as_the_protocol_has_them(client: HTTPClient, media_type: str, body: bytes, status: int) -> None:
    answer = client.request("POST", "/v1/logs", body, {"Content-Type": media_type})
    assert answer.status == status
    if status == 400:
        assert answer.field("Content-Type") == media_type
        if media_type == "application/json":
            assert answer.json()["code"] == 3 and "ExportLogsServiceRequest" in answer.json()["message"]
        else:
            assert answer.body.startswith(b"\x08\x03\x12") and b"ExportLogsServiceRequest" in answer.body


@pytest.fixture
def syslog(site: Site, web_server: Nginx) -> Iterator[Path]:
    """Runs syslog-ng with the shipped file, and provides the socket that takes messages."""
    folder = site.folder
    shipped = (SHIPPERS / "syslog-ng.conf").read_text()
    shipped = shipped.replace(":8080", f":{web_server.port}").replace("(256M)", f'(256M) dir("{folder}")')
    (folder / "eventlog.conf").write_text(shipped)
    (folder / "syslog-ng.conf").write_text(
        f"""@version: 3.38
@include "scl.conf"
options {{ keep-hostname(yes); }};
source s_src {{ unix-dgram("{folder}/log.sock" flags(syslog-protocol)); }};
@include "{folder}/eventlog.conf"
log {{ source(s_src); destination(d_eventlog); }};
"""
    )
    command = ["syslog-ng", "--foreground", "--no-caps", "--stderr", "--cfgfile", folder / "syslog-ng.conf"]
    for option in ("persist-file", "pidfile", "control"):
        command += [f"--{option}", folder / f"syslog-ng.{option}"]
    with (folder / "syslog-ng.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        wait_until((folder / "log.sock").exists, "syslog-ng listens")
        yield folder / "log.sock"
    finally:
        process.terminate()
        process.wait(30)
        print((folder / "syslog-ng.log").read_text())


def test_syslog_ng_sends(syslog: Path, client: HTTPClient) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as messages:
        messages.connect(str(syslog))
        for number in range(300):
            messages.send(b"<14>1 2024-01-15T15:30:00.250+01:00 host app 42 - - number %d" % number)
        messages.send(b'<11>1 2024-01-15T15:30:00Z host "quoted"/x 7 - - a \x1b[31m "b" \xff \xc3\xa9 $MESSAGE')
        messages.send(b"<14>1 2024-01-15T15:30:00Z host app - - - ")
        # What this program says itself keeps nobody else's messages out.
        messages.send(b"<14>1 2024-01-15T15:30:00Z host eventlog 7 - - is ready")
    wait_until(lambda: len(client.events("?limit=1000")) == 303, "everything has arrived", 30)
    events = client.events()
    assert [event["message"] for event in events[:300]] == [f"number {number}" for number in range(300)]
    first, odd, empty = events[0], events[300], events[301]
    assert (first["source"], first["type"], first["occurred_at"]) == ("app", "info", "2024-01-15T14:30:00.250Z")
    assert first["data"]["host"] == "host" and first["data"]["facility"] == "user"
    assert odd["type"] == "error" and '"b"' in odd["message"] and "\u00e9 $MESSAGE" in odd["message"]
    assert empty["message"] == "(no message)"
    assert events[302]["source"] == "eventlog.service" and events[302]["message"] == "is ready"



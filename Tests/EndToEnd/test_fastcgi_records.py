"""Sends requests record by record, with bodies that are late, short, long or cut off, and checks what they leave.

Every case ends with an ordinary request, on the same connection if that may still be open and on another one otherwise.
That request must not be affected.
"""

import contextlib
import json
import time

import pytest

from conftest import Site
from fcgi_client import (
    ABORT_REQUEST,
    AUTHORIZER,
    END_REQUEST,
    FILTER,
    GET_VALUES_RESULT,
    LARGEST_CONTENT,
    PARAMS,
    RESPONDER,
    STDIN,
    STDOUT,
    UNKNOWN_ROLE,
    UNKNOWN_TYPE,
    FastCGIConnection,
    Record,
    begin,
    get_values,
    head,
    pairs,
    record,
    request_params,
    stream,
    whole_request,
)
from http_client import FORM, JSON, valid_event
from responder import Responder, wait_until

BODY = json.dumps(valid_event(message="whole")).encode()

# Requests whose handlers ignore a body, with their statuses.
NO_USE_FOR_A_BODY = [
    ("GET", "/events/evt_001", 404),
    ("POST", "/nothing", 404),
    ("POST", "/health", 405),
    ("PUT", "/events", 405),
]


def count(connection: FastCGIConnection) -> int:
    return len(connection.request("GET", "/events").json())


def refusals(connection: FastCGIConnection) -> int:
    """Returns how many requests the responder has refused so far."""
    refused = connection.request("GET", "/status").json()["requests"]["answered"]["4xx"]
    assert isinstance(refused, int)
    return refused


@pytest.mark.parametrize("method, target, status", NO_USE_FOR_A_BODY)
def test_a_body_nobody_needs_may_come_in_a_later_write(
    connection: FastCGIConnection, method: str, target: str, status: int
) -> None:
    for _ in range(3):
        connection.send(head(request_params(method, target, BODY, JSON)))
        assert connection.is_silent(), "answered before the body was there"
        connection.send(stream(STDIN, BODY), record(STDIN))
        assert connection.read_answer().status == status
        assert count(connection) == 0


def test_the_record_that_ends_the_body_may_come_in_a_later_write(connection: FastCGIConnection) -> None:
    for stored in (1, 2, 3):
        connection.send(head(request_params("POST", "/events", BODY, JSON)), stream(STDIN, BODY))
        assert connection.is_silent(), "answered before the body was whole"
        connection.send(record(STDIN))
        assert connection.read_answer().status == 201
        assert count(connection) == stored


def test_params_may_straddle_what_is_read_at_once(connection: FastCGIConnection) -> None:
    """libfcgi reads 8,192 bytes at a time. The params end around that boundary, and around the next one."""
    for border in (8_192, 16_384):
        for size in range(border - 400, border + 400, 7):
            more = {"HTTP_COOKIE": "c" * (size - 500)}
            assert connection.request("GET", "/health", more=more).json() == {"status": "ok"}


def test_the_answer_is_right_when_every_byte_comes_alone(connection: FastCGIConnection) -> None:
    for byte in whole_request("POST", "/events", BODY, JSON):
        connection.send(bytes([byte]))
    assert connection.read_answer().status == 201
    assert count(connection) == 1


def test_a_body_of_many_small_padded_records_is_whole(connection: FastCGIConnection) -> None:
    pieces = [record(STDIN, BODY[at : at + 1], padding=at % 8) for at in range(len(BODY))]
    connection.send(head(request_params("POST", "/events", BODY, JSON)), *pieces, record(STDIN))
    assert connection.read_answer().json()["message"] == "whole"
    assert count(connection) == 1


# A shorter one is an event as well, and so is a longer one.
STRETCHY = {
    "JSON and blanks": (BODY + b" " * 10, JSON),
    "a form": (b"type=info&source=a&message=only+a+part+of+this", FORM),
}


@pytest.mark.parametrize("late", [False, True], ids=["at once", "in pieces"])
@pytest.mark.parametrize("more", [-5, -1, 1, 5, 100])
@pytest.mark.parametrize("body, content_type", STRETCHY.values(), ids=STRETCHY)
def test_a_body_of_another_length_than_declared_is_a_400(
    connection: FastCGIConnection, body: bytes, content_type: str, more: int, late: bool
) -> None:
    params = {"CONTENT_LENGTH": str(len(body) + more)}
    connection.send(head(request_params("POST", "/events", body, content_type, params)))
    if late:
        assert connection.is_silent()
    connection.send(stream(STDIN, body), record(STDIN))
    assert "cut short" in connection.read_answer().problem(400)["detail"]
    assert count(connection) == 0
    assert connection.request("POST", "/events", body, content_type).status == 201


@pytest.mark.parametrize("declared, sent", [(0, 10), (10, 0)])
def test_a_body_without_a_length_or_a_length_without_a_body_is_a_400(
    connection: FastCGIConnection, declared: int, sent: int
) -> None:
    params = request_params("POST", "/events", BODY, JSON, {"CONTENT_LENGTH": str(declared)})
    connection.send(head(params), stream(STDIN, BODY[:sent]), record(STDIN))
    connection.read_answer().problem(400)
    assert count(connection) == 0


# Some read these as the length of the body.
NO_LENGTHS = ["", "x", "-1", f" {len(BODY)}", f"+{len(BODY)}", f"{len(BODY)}.0", hex(len(BODY)), str(2**64 + len(BODY))]


@pytest.mark.parametrize("length", NO_LENGTHS)
def test_a_content_length_that_is_none_stores_nothing(connection: FastCGIConnection, length: str) -> None:
    params = request_params("POST", "/events", BODY, JSON, {"CONTENT_LENGTH": length})
    connection.send(head(params), stream(STDIN, BODY), record(STDIN))
    connection.read_answer().problem(400)
    assert count(connection) == 0


@pytest.mark.parametrize("length", ["99999999999", str(2**63 - 1)])
@pytest.mark.parametrize("late", [False, True], ids=["at once", "in pieces"])
def test_an_enormous_content_length_is_a_413(connection: FastCGIConnection, length: str, late: bool) -> None:
    connection.send(head(request_params("POST", "/events", b"{}", JSON, {"CONTENT_LENGTH": length})))
    if late:
        assert connection.is_silent()
    connection.send(stream(STDIN, b"{}"), record(STDIN))
    connection.read_answer().problem(413)
    assert count(connection) == 0


@pytest.mark.parametrize("sent", [0, 1, len(BODY) // 2, len(BODY)])
def test_a_body_cut_short_by_a_closed_connection_stores_nothing(
    site: Site, responder: Responder, sent: int
) -> None:
    """This also holds if every byte has arrived, but not the record that ends the body."""
    other = site.connect()
    for _ in range(20):
        with site.connect() as cut:
            cut.send(head(request_params("POST", "/events", BODY, JSON)), stream(STDIN, BODY[:sent]))
    wait_until(lambda: refusals(other) == 20, "all of them are refused, although nobody listens any longer")
    assert count(other) == 0


def test_an_aborted_request_stores_nothing(site: Site, responder: Responder) -> None:
    aborted = site.connect()
    aborted.send(
        head(request_params("POST", "/events", BODY, JSON)), stream(STDIN, BODY[:10]), record(ABORT_REQUEST)
    )
    aborted.read_answer().problem(400)
    assert count(aborted) == 0, "and the connection can be used again"


NAMES = ("FCGI_MAX_CONNS", "FCGI_MAX_REQS", "FCGI_MPXS_CONNS")


def management_reply(connection: FastCGIConnection, type: int) -> bytes:
    reply = connection.read_record()
    assert reply is not None and (reply.type, reply.request_id) == (type, 0)
    return reply.content


def test_get_values_tells_what_it_knows_and_nothing_else(site: Site, responder: Responder) -> None:
    connection = site.connect()
    # libfcgi 2.4.2 overwrites its own stack on repeated names.
    for names in (NAMES, ("SOMETHING", *NAMES), 50 * NAMES, NAMES[:1], ()):
        connection.send(record(9, b"".join(pairs({name: ""}) for name in names), request_id=0, padding=5))
        content = management_reply(connection, GET_VALUES_RESULT)
        found = {}
        while content:
            name_size, value_size = content[0], content[1]
            name, value = content[2 : 2 + name_size], content[2 + name_size : 2 + name_size + value_size]
            assert name.decode() not in found
            found[name.decode()] = int(value)
            content = content[2 + name_size + value_size :]
        assert set(found) == set(names) & set(NAMES)
        assert found.get("FCGI_MPXS_CONNS", 0) == 0
        assert all(found[name] >= 64 for name in NAMES[:2] if name in found)
    assert connection.request("POST", "/events", BODY, JSON).status == 201


@pytest.mark.parametrize("type", [0, 1, 5, 10, 11, 77, 255])
def test_an_unknown_management_record_is_answered_as_such(site: Site, responder: Responder, type: int) -> None:
    connection = site.connect()
    for content in (b"", b"abc", bytes(LARGEST_CONTENT)):
        connection.send(record(type, content, request_id=0, padding=255))
        assert management_reply(connection, UNKNOWN_TYPE) == bytes([type, *bytes(7)])
    assert connection.request("GET", "/health").status == 200


@pytest.mark.parametrize("one_byte_at_a_time", [False, True], ids=["at once", "byte by byte"])
def test_management_records_may_stand_between_all_others(
    site: Site, responder: Responder, one_byte_at_a_time: bool
) -> None:
    params = pairs(request_params("POST", "/events", BODY, JSON))
    records = [
        begin(),
        record(PARAMS, params[:50]),
        record(PARAMS, params[50:]),
        record(PARAMS),
        record(STDIN, BODY[:10]),
        record(STDIN, BODY[10:]),
        record(STDIN),
    ]
    connections = [site.connect() for _ in records]
    # All of them are under way at the same time.
    for place, connection in enumerate(connections):
        management = get_values(*NAMES) + record(77, request_id=0)
        bytes_sent = b"".join([*records[:place], management, *records[place:]])
        if one_byte_at_a_time:
            for byte in bytes_sent[:-8]:
                connection.send(bytes([byte]))
        else:
            connection.send(bytes_sent[:-8])
    for connection in connections:
        connection.send(record(STDIN))
        assert len(management_reply(connection, GET_VALUES_RESULT)) > 50
        management_reply(connection, UNKNOWN_TYPE)
        assert connection.read_answer().status == 201
        assert connection.request("GET", "/health").status == 200
    assert count(connections[0]) == len(records)


def test_an_abort_in_the_middle_of_an_answer_ends_it_and_keeps_the_connection(
    site: Site, responder: Responder
) -> None:
    connection = site.connect()
    body = json.dumps(valid_event(message="x" * 60_000)).encode()
    for _ in range(60):
        assert connection.request("POST", "/events", body, JSON).status == 201
    whole = len(connection.request("GET", "/events").body)
    for byte_by_byte in (False, True):
        connection.send(whole_request("GET", "/events"))
        assert not connection.is_silent(5)
        if byte_by_byte:
            for byte in record(ABORT_REQUEST):
                connection.send(bytes([byte]))
        else:
            connection.send(record(ABORT_REQUEST))
        time.sleep(0.1)
        assert len(connection.read_output()) < whole
        assert count(connection) == 60, "and the connection can be used again"


def test_an_abort_that_comes_too_late_is_ignored(connection: FastCGIConnection) -> None:
    assert connection.request("POST", "/events", BODY, JSON).status == 201
    connection.send(record(ABORT_REQUEST))
    assert connection.request("POST", "/events", BODY, JSON).status == 201
    connection.send(record(ABORT_REQUEST), whole_request("POST", "/events", BODY, JSON))
    assert connection.read_answer().status == 201
    assert count(connection) == 3


def test_a_connection_that_is_not_kept_is_closed_after_its_answer(site: Site, responder: Responder) -> None:
    connection = site.connect()
    assert connection.request("POST", "/events", BODY, JSON, keep=False).status == 201
    assert connection.is_closed()


def test_a_kept_connection_stays_open(site: Site, responder: Responder) -> None:
    connection = site.connect()
    for _ in range(3):
        assert connection.request("GET", "/health").status == 200
        assert connection.is_silent(0.5)


@pytest.mark.parametrize("role", [AUTHORIZER, FILTER, 0, 77])
def test_a_role_that_is_not_the_responders_is_refused(site: Site, responder: Responder, role: int) -> None:
    """An authorizer's 200 would let the web server's request pass."""
    connection = site.connect()
    params = pairs(request_params("POST", "/events", BODY, JSON))
    connection.send(
        begin(role=role), stream(PARAMS, params), record(PARAMS), stream(STDIN, BODY), record(STDIN)
    )
    if role in (AUTHORIZER, FILTER):
        assert connection.read_record() == Record(STDOUT, 1, b"")
        assert connection.read_record() == Record(END_REQUEST, 1, UNKNOWN_ROLE)
        assert count(connection) == 0, "and the connection can be used again"
    else:
        assert connection.is_closed(), "libfcgi knows no such role"
    assert count(site.connect()) == 0


NONSENSE = {
    "http": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "zeros": bytes(64),
    "another version": b"\x02" + begin()[1:],
    "stdin first": record(STDIN, b"abc"),
    "a short begin-request": record(1, b"\x00\x01"),
    "params that promise more": begin() + record(PARAMS, b"\x7f\x7fabc") + record(PARAMS) + record(STDIN),
    "params of 2 GiB": begin()
    + record(PARAMS, b"\xff\xff\xff\xff\xff\xff\xff\xff")
    + record(PARAMS)
    + record(STDIN),
    "params of 2 GiB, as a web server pads them": begin()
    + record(PARAMS, b"\xc0\0\0\0\xc0\0\0\0", padding=8)
    + record(PARAMS),
    "two begin-requests": begin() + begin(request_id=2),
}


@pytest.mark.parametrize("is_late", [False, True], ids=["at once", "in pieces"])
@pytest.mark.parametrize("bytes", NONSENSE.values(), ids=NONSENSE)
def test_what_is_no_request_harms_nobody(
    site: Site, responder: Responder, bytes: bytes, is_late: bool
) -> None:
    other = site.connect()
    assert other.request("GET", "/health").status == 200
    for _ in range(20):
        # The connection may be closed before everything is sent.
        with site.connect() as nonsense, contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for piece in (bytes[:4], bytes[4:20], bytes[20:]) if is_late else (bytes,):
                nonsense.send(piece)
                time.sleep(0.005 if is_late else 0)
    with site.connect() as refused:
        refused.send(bytes)
        assert refused.is_closed()
    assert other.request("POST", "/events", BODY, JSON).status == 201
    assert count(site.connect()) == 1


def test_a_hundred_stuck_requests_hold_up_nobody(site: Site, responder: Responder) -> None:
    """Each has sent only part of a request: half a header, params without an end, or half a body."""
    whole = whole_request("POST", "/events", BODY, JSON)
    stuck = [site.connect() for _ in range(100)]
    for number, connection in enumerate(stuck):
        connection.send(whole[: 1 + number * len(whole) // 101])
    other = site.connect(timeout=2)
    assert other.request("POST", "/events", BODY, JSON).status == 201
    for number, connection in enumerate(stuck):
        connection.send(whole[1 + number * len(whole) // 101 :])
    assert {connection.read_answer().status for connection in stuck} == {201}
    assert count(other) == 101


def test_a_stuck_body_that_is_large_holds_up_nobody(site: Site, responder: Responder) -> None:
    """There are more bodies than threads. Each is larger than a socket's buffers, and none is complete."""
    body = json.dumps(valid_event(message="a" * 60_000, data={"a": "b" * 16_000})).encode() + b" " * 900_000
    whole = whole_request("POST", "/events", body, JSON)
    stuck = [site.connect(timeout=5) for _ in range(2 * responder.thread_count())]
    for connection in stuck:
        connection.send(whole[:-100])
    other = site.connect(timeout=2)
    assert other.request("GET", "/health").status == 200
    for connection in stuck:
        connection.send(whole[-100:])
        assert connection.read_answer().status == 201
    assert count(other) == len(stuck)


def test_seventy_slow_uploads_disturb_nobody_and_are_given_up(site: Site, responder: Responder) -> None:
    whole = whole_request("POST", "/events", b" " * (1 << 20), JSON)
    threads = responder.thread_count()
    slow = [site.connect(timeout=30) for _ in range(70)]
    started = time.monotonic()
    for connection in slow:
        connection.send(whole[: 1000 if connection is slow[0] else 100_000])
    with site.connect(timeout=2) as other:
        for stored in range(1, 101):
            before = time.monotonic()
            assert other.request("POST", "/events", BODY, JSON).status == 201
            assert time.monotonic() - before < 1
        status = other.request("GET", "/status").json()
        assert status["connections"]["arriving"] == len(slow)
        assert status["connections"]["arriving_bytes"] < len(slow) * 110_000
        assert responder.thread_count() < threads + 8, "they take no threads"
    for connection in slow:
        assert "too long" in connection.read_answer().problem(408)["detail"]
        assert connection.is_closed()
    # There is one second more for each 64 KiB.
    assert 10 < time.monotonic() - started < 20
    assert count(site.connect()) == stored


def test_a_body_over_the_limit_is_a_413_without_nginx_too(site: Site, responder: Responder) -> None:
    body = json.dumps(valid_event(message="a" * (2 << 20))).encode()
    with site.connect() as connection:
        try:
            connection.send(whole_request("POST", "/events", body, JSON))
        except (BrokenPipeError, ConnectionResetError):
            pass  # The responder may refuse the body before it has read all of it.
        connection.read_answer().problem(413)
    assert count(site.connect()) == 0


def test_an_abort_by_a_peer_that_takes_nothing_costs_nothing(site: Site, responder: Responder) -> None:
    """The record that was begun must still be sent, and waits for the peer without work."""
    message = json.dumps(valid_event(message="a" * 60_000)).encode()
    with site.connect() as connection:
        for _ in range(30):
            assert connection.request("POST", "/events", message, JSON).status == 201
        connection.send(whole_request("GET", "/events"))
        time.sleep(0.3)
        connection.send(record(ABORT_REQUEST))
        time.sleep(0.1)
        # The processor clock of another process, as clock_getcpuclockid(3) names it.
        clock = (~responder.pid << 3) | 2
        before = time.clock_gettime(clock)
        time.sleep(0.5)
        assert time.clock_gettime(clock) - before < 0.2
        connection.read_output()
        assert connection.request("GET", "/health").status == 200


def test_a_body_without_an_end_is_not_heard_out(site: Site, responder: Responder) -> None:
    """A body that is a little too large is, since the connection can then be kept."""
    piece = record(STDIN, b"a" * LARGEST_CONTENT)
    sent = 0
    with site.connect() as connection:
        connection.send(head(request_params("POST", "/events", b"", JSON, {"CONTENT_LENGTH": str(1 << 40)})))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            while sent < 100 << 20:
                connection.send(piece)
                sent += LARGEST_CONTENT
    assert 16 << 20 < sent < 40 << 20
    assert responder.descriptor_count() < 40 and site.connect().request("GET", "/health").status == 200


def test_the_limit_of_a_body_can_be_set(site: Site) -> None:
    site.start_responder("--max-body", "1000")
    connection = site.connect()
    small, large = (json.dumps(valid_event(message="a" * size)).encode() for size in (900, 1000))
    assert connection.request("POST", "/events", small, JSON).status == 201
    connection.request("POST", "/events", large, JSON).problem(413)
    assert connection.request("POST", "/events", small, JSON).status == 201


def test_repeated_params_count_once_and_the_first_wins(connection: FastCGIConnection) -> None:
    params = pairs(request_params("GET", "/health")) + pairs(
        {"REQUEST_URI": "/nothing", "REQUEST_METHOD": "POST"}
    )
    connection.send(begin(), stream(PARAMS, params), record(PARAMS), record(STDIN))
    assert connection.read_answer().status == 200


def test_params_of_64_kib_are_read_and_more_is_refused(site: Site, responder: Responder) -> None:
    with site.connect() as connection:
        more = {"HTTP_COOKIE": "c" * (LARGEST_CONTENT - 2_000)}
        assert connection.request("GET", "/health", more=more).status == 200
        assert connection.request("GET", "/health").status == 200
        for size in (LARGEST_CONTENT + 100, 200_000):
            connection.request("GET", "/health", more={"HTTP_COOKIE": "c" * size}).problem(431)
        assert connection.request("GET", "/health").status == 200
    with site.connect() as connection:
        # This is no request of a web server, and is not read to its end.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.send(whole_request("GET", "/health", more={"HTTP_COOKIE": "c" * (1 << 20)}))
        assert connection.is_closed()
    assert site.connect().request("GET", "/health").status == 200


def test_answers_carry_the_request_id_of_their_request(connection: FastCGIConnection) -> None:
    """This is true of FastCGI's request id and of the web server's."""
    params = pairs(request_params("GET", "/health", more={"HTTP_X_REQUEST_ID": "of-this-request"}))
    connection.send(
        begin(role=RESPONDER, request_id=513),
        stream(PARAMS, params, 513),
        record(PARAMS, request_id=513),
        record(STDIN, request_id=513),
    )
    records = [connection.read_record()]
    while records[-1] is not None and records[-1].type != END_REQUEST:
        records.append(connection.read_record())
    assert {record.request_id for record in records if record} == {513}
    assert b"X-Request-Id: of-this-request\r\n" in b"".join(record.content for record in records if record)


def test_no_descriptor_is_left_open(site: Site, responder: Responder) -> None:
    """The connections have ended in every possible way."""
    whole = whole_request("POST", "/events", BODY, JSON)
    with site.connect() as warm_up:
        warm_up.send(whole[:-8])
        time.sleep(0.1)
        warm_up.send(whole[-8:])
        assert warm_up.read_answer().status == 201
        assert count(warm_up) == 1
        before = responder.descriptor_count()
        for end in (0, 4, 8, 100, len(whole) - 8, len(whole)):
            for _ in range(50):
                with site.connect() as connection:
                    connection.send(whole[:end])
        wait_until(lambda: responder.descriptor_count() <= before, "all of them are closed")

"""An invalid request gets a problem that names what is wrong, and nothing is stored."""

import html
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from conftest import Site
from http_client import FORM, JSON, HTTPClient, valid_event

NOT_JSON = {
    "nothing": b"",
    "blank": b" \n",
    "text": b"hello",
    "cut": b'{"type":"info","source":"a","message":"b"',
    "cut in a string": b'{"type":"info","source":"a","message":"b',
    "more after the value": b'{"type":"info","source":"a","message":"b"} x',
    "two values": b'{"type":"info","source":"a","message":"b"}{}',
    "a trailing comma": b'{"type":"info","source":"a","message":"b",}',
    "single quotes": b"{'type':'info'}",
    "a comment": b'{"type":"info","source":"a","message":"b"/**/}',
    "NaN": b'{"type":"info","source":"a","message":"b","data":{"a":NaN}}',
    "a leading zero": b'{"type":"info","source":"a","message":"b","data":{"a":01}}',
    "a raw NUL in a string": b'{"type":"info","source":"a","message":"b\x00"}',
    "a raw line feed in a string": b'{"type":"info","source":"a","message":"b\n"}',
    "an unknown escape": rb'{"type":"info","source":"a","message":"\x41"}',
    "a byte that is not UTF-8": b'{"type":"info","source":"a","message":"\xff"}',
    "an overlong NUL": b'{"type":"info","source":"a","message":"a\xc0\x80"}',
    "a surrogate in UTF-8": b'{"type":"info","source":"a","message":"\xed\xa0\x80"}',
    "a code point past the last": b'{"type":"info","source":"a","message":"\xf4\x90\x80\x80"}',
    "a character cut by the end": b'{"type":"info","source":"a","message":"\xe4\xb8',
    "UTF-16": json.dumps(valid_event()).encode("utf-16"),
}

NOT_AN_OBJECT = [b"[]", b'"text"', b"1", b"null", b"true", b'[[{"type":"info","source":"a","message":"b"}]]']

# Members that replace those of a valid event, each with the pointer that the problem must name.
INVALID_MEMBERS: list[tuple[str, dict[str, Any], str]] = [
    ("type of no known name", {"type": "warning"}, "#/type"),
    ("type in capitals", {"type": "INFO"}, "#/type"),
    ("type empty", {"type": ""}, "#/type"),
    ("type a number", {"type": 5}, "#/type"),
    ("type null", {"type": None}, "#/type"),
    ("source empty", {"source": ""}, "#/source"),
    ("source blank", {"source": " \u2003"}, "#/source"),
    ("source of 201 characters", {"source": "é" * 201}, "#/source"),
    ("source with a tab", {"source": "a\tb"}, "#/source"),
    ("source with a NUL", {"source": "a\x00b"}, "#/source"),
    ("source with DEL", {"source": "a\x7fb"}, "#/source"),
    ("source with a C1 control", {"source": "a\x85b"}, "#/source"),
    ("source an array", {"source": ["a"]}, "#/source"),
    ("message empty", {"message": ""}, "#/message"),
    ("message of line feeds", {"message": "\n\n"}, "#/message"),
    ("message of 65,537 bytes", {"message": "é" * 32_768 + "a"}, "#/message"),
    ("message with a NUL", {"message": "a\x00b"}, "#/message"),
    ("message with an escape character", {"message": "a\x1b[31mb"}, "#/message"),
    ("message a number", {"message": 5}, "#/message"),
    ("message an object", {"message": {"a": "b"}}, "#/message"),
    ("user_id empty", {"user_id": " "}, "#/user_id"),
    ("user_id of 201 characters", {"user_id": "u" * 201}, "#/user_id"),
    ("user_id a number", {"user_id": 7}, "#/user_id"),
    ("request_id with a line feed", {"request_id": "a\nb"}, "#/request_id"),
    ("request_id a boolean", {"request_id": True}, "#/request_id"),
    ("tags a string", {"tags": "a"}, "#/tags"),
    ("21 tags", {"tags": [f"t{number}" for number in range(21)]}, "#/tags"),
    ("a tag of 65 characters", {"tags": ["ok", "t" * 65]}, "#/tags/1"),
    ("a tag twice", {"tags": ["a", "b", "a"]}, "#/tags/2"),
    ("a blank tag", {"tags": [""]}, "#/tags/0"),
    ("a tag that is a number", {"tags": ["a", 1]}, "#/tags/1"),
    ("data an array", {"data": []}, "#/data"),
    ("data a string", {"data": "a"}, "#/data"),
    ("data over 16 KiB", {"data": {"a": "b" * 16_384}}, "#/data"),
    ("an unknown member", {"colour": "red"}, "#/colour"),
    ("an unknown member that a pointer must escape", {"a/b~c": 1}, "#/a~1b~0c"),
    ("a member that the log sets", {"id": "evt_001"}, "#/id"),
    ("a time that the log sets", {"timestamp": "2024-01-15T14:30:00Z"}, "#/timestamp"),
]

INVALID_QUERIES: list[tuple[str, list[str]]] = [
    ("type=warning", ["type"]),
    ("type=info&type=INFO", ["type"]),
    ("order=up", ["order"]),
    ("order=asc&order=asc", ["order"]),
    ("limit=0", ["limit"]),
    ("limit=1001", ["limit"]),
    ("limit=-1", ["limit"]),
    ("limit=1.5", ["limit"]),
    ("limit=%2B1", ["limit"]),
    ("limit=%D9%A1", ["limit"]),
    ("limit=99999999999999999999", ["limit"]),
    ("limit=1&limit=2", ["limit"]),
    ("cursor=nonsense", ["cursor"]),
    ("cursor=%00", ["cursor"]),
    ("cursor=a&cursor=b", ["cursor"]),
    ("colour=red", ["colour"]),
    ("Type=info", ["Type"]),
    ("limit=0&order=up&colour=red&type=x", ["limit", "order", "colour", "type"]),
]

BROKEN_QUERIES = ["type=%", "type=%1", "type=%zz", "type=%ff", "%ff=1", "type=%c0%80", "type=%ed%a0%80"]


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Site:
    shared_site.start_responder("--examples")
    return shared_site


@pytest.fixture(scope="module")
def module_client(site: Site) -> Iterator[HTTPClient]:
    with site.start_web_server().client() as client:
        yield client


@pytest.fixture
def client(module_client: HTTPClient) -> Iterator[HTTPClient]:
    """Fails a test if it has changed the log."""
    before = module_client.get("/events").body
    yield module_client
    assert module_client.get("/events").body == before, "something was stored"


def pointers(problem: dict[str, Any]) -> set[str]:
    return {error["pointer"] for error in problem["errors"]}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_a_body_that_is_not_json_is_a_400(client: HTTPClient, body: bytes) -> None:
    client.post(body).problem(400)


@pytest.mark.parametrize("body", NOT_AN_OBJECT)
def test_json_that_is_not_an_object_is_a_422(client: HTTPClient, body: bytes) -> None:
    client.post(body).problem(422)


@pytest.mark.parametrize("escape", [r"\ud800", r"\udc00\ud800", r"\ud800a"])
def test_half_a_surrogate_pair_is_refused(client: HTTPClient, escape: str) -> None:
    client.post(f'{{"type":"info","source":"a","message":"{escape}"}}'.encode()).problem(400)


def test_a_member_that_is_there_twice_is_refused(client: HTTPClient) -> None:
    client.post(b'{"type":"info","source":"a","message":"b","message":"c"}').problem(400)


@pytest.mark.parametrize("bracket", [b"[", b'{"a":'])
def test_a_hundred_thousand_levels_are_refused(client: HTTPClient, bracket: bytes) -> None:
    client.post(bracket * 100_000).problem(400)
    client.post(b'{"type":"info","source":"a","message":"b","data":' + bracket * 100_000).problem(400)


@pytest.mark.parametrize(
    "members, pointer", [row[1:] for row in INVALID_MEMBERS], ids=[row[0] for row in INVALID_MEMBERS]
)
def test_an_invalid_member_is_a_422_that_points_at_it(
    client: HTTPClient, members: dict[str, Any], pointer: str
) -> None:
    problem = client.post_event(**members).problem(422)
    assert pointers(problem) == {pointer}
    assert all(error["detail"] for error in problem["errors"])


@pytest.mark.parametrize("member", ["type", "source", "message"])
def test_a_missing_member_is_a_422_that_points_at_it(client: HTTPClient, member: str) -> None:
    event = valid_event()
    del event[member]
    assert pointers(client.post(json.dumps(event).encode()).problem(422)) == {f"#/{member}"}


def test_every_error_is_named_at_once(client: HTTPClient) -> None:
    problem = client.post(b'{"type":"x","source":"","tags":[1],"colour":"red"}').problem(422)
    assert pointers(problem) == {"#/type", "#/source", "#/message", "#/tags/0", "#/colour"}


def test_an_unknown_member_is_told_about_data(client: HTTPClient) -> None:
    assert "data" in json.dumps(client.post_event(colour="red").problem(422)["errors"])


@pytest.mark.parametrize("query, parameters", INVALID_QUERIES)
def test_an_invalid_query_is_a_422_that_names_the_parameters(
    client: HTTPClient, query: str, parameters: list[str]
) -> None:
    problem = client.get(f"/events?{query}").problem(422)
    assert {error["parameter"] for error in problem["errors"]} == set(parameters)


@pytest.mark.parametrize("query", BROKEN_QUERIES)
def test_broken_percent_encoding_in_the_query_is_a_400(client: HTTPClient, query: str) -> None:
    client.get(f"/events?{query}").problem(400)


@pytest.mark.parametrize("target", ["/events/%", "/events/%zz", "/events/%ff", "/%c0%ae"])
def test_broken_percent_encoding_in_the_path_is_refused(client: HTTPClient, target: str) -> None:
    client.get(target).problem(400)


@pytest.mark.parametrize(
    "target, status",
    [(b"/events?type=\xff", 400), (b"/\xff", 400), (b"/events?\x01", 422), (b"events", 400), (b"/a b", 404)],
)
def test_raw_bytes_in_the_target_are_refused(site: Site, client: HTTPClient, target: bytes, status: int) -> None:
    """nginx would let only some of them pass; here they all reach the responder."""
    site.connect().request("GET", target).problem(status)


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/xml", "multipart/form-data; boundary=a", "json"]
)
def test_a_content_type_that_the_log_does_not_read_is_a_415(
    client: HTTPClient, content_type: str | None
) -> None:
    answer = client.post(json.dumps(valid_event()).encode(), content_type)
    answer.problem(415)
    assert (answer.field("Accept") or "").startswith(f"{JSON}, {FORM}, text/csv")


def test_two_different_content_types_are_a_400(client: HTTPClient) -> None:
    client.post(json.dumps(valid_event()).encode(), JSON, [("Content-Type", FORM)]).problem(400)


FORM_ERRORS = [
    ("type=info&source=a&message=%zz", 400),
    ("type=info&source=a&message=%ff", 400),
    ("type=info&source=a&message=%00", 422),
    ("type=info&source=a", 422),
    ("type=info&source=a&message=b&colour=red", 422),
    ("type=info&source=a&source=b&message=c", 422),
    ("", 422),
]


@pytest.mark.parametrize("body, status", FORM_ERRORS)
def test_a_form_is_held_to_the_same_rules(client: HTTPClient, body: str, status: int) -> None:
    client.post(body.encode(), FORM, {"Accept": "*/*"}).problem(status)


def test_a_body_of_two_mebibytes_is_a_413_from_the_web_server(client: HTTPClient) -> None:
    client.post(json.dumps(valid_event(message="a" * (2 << 20))).encode()).problem(413)


def test_a_post_from_another_site_is_a_403(client: HTTPClient) -> None:
    client.post_form(valid_event(), {"Sec-Fetch-Site": "cross-site"}).problem(403)


def test_the_commonest_first_mistake_is_told(client: HTTPClient) -> None:
    """`curl -d '{…}'` calls everything a form."""
    event = json.dumps(valid_event(message="a=b&c=d%")).encode()
    for body in (event, b" \n" + event, b"[" + event + b"]", quote(event.decode()).encode()):
        for content_type in (FORM, None, "text/plain;charset=UTF-8"):
            problem = client.post(body, content_type).problem(415)
            assert "application/json" in problem["detail"] and "errors" not in problem
    assert client.events("?source=end_to_end&q=a%3Db") == []


@pytest.mark.parametrize("charset", ["latin1", "utf-16", "windows-1252", "utf-8x"])
def test_other_charsets_are_a_415(client: HTTPClient, charset: str) -> None:
    client.post(json.dumps(valid_event()).encode(), f"{JSON}; charset={charset}").problem(415)


def test_what_is_wrong_is_told_in_one_order(client: HTTPClient) -> None:
    """Each request also has every fault that is checked later."""
    cross_site = {"Sec-Fetch-Site": "cross-site", "Accept": "image/png"}
    text = {**cross_site, "Content-Type": "text/plain"}
    client.request("PUT", "/nothing", b"{", text).problem(404)
    client.request("PUT", "/events", b"{", text).problem(405)
    client.request("POST", "/events", b"{", text).problem(403)
    client.post(b"{", "text/plain", {"Accept": "image/png"}).problem(415)
    client.post(b"a", FORM, {"Accept": "image/png"}).problem(406)
    client.post(b"{", JSON).problem(400)


def test_the_type_of_a_problem_leads_to_its_description(client: HTTPClient) -> None:
    docs = html.unescape(client.get("/docs").body.decode())
    event = json.dumps(valid_event()).encode()
    for name, problem in [
        ("malformed-request", client.post(b"{").problem(400)),
        ("malformed-request", client.get("/events?type=%").problem(400)),
        ("cross-site", client.post(event, JSON, {"Sec-Fetch-Site": "cross-site"}).problem(403)),
        ("invalid-event", client.post(b"{}").problem(422)),
        ("invalid-query", client.get("/events?limit=0").problem(422)),
    ]:
        assert problem["type"] == f"/docs#problem-{name}"
        assert f'id="problem-{name}">{problem["title"]}<' in docs
    for problem in [client.get("/nothing").problem(404), client.post(event, "text/plain").problem(415)]:
        assert problem["type"] == "about:blank" and problem["title"] in ("Not Found", "Unsupported Media Type")


GOOD = [
    {"source": "é" * 200},
    {"message": "é" * 32_768},
    {"message": "a\tb\nc"},
    {"tags": [f"t{number}" for number in range(20)], "user_id": "u" * 200, "request_id": "r"},
    {"tags": ["é" * 64]},
    {"data": {"a": "b" * 16_000}},
    {"data": {}},
]


@pytest.mark.parametrize("members", GOOD, ids=range(len(GOOD)))
def test_what_is_just_within_the_limits_is_stored_as_sent(
    module_client: HTTPClient, members: dict[str, Any]
) -> None:
    answer = module_client.post_event(**members)
    assert answer.status == 201, answer
    assert {name: answer.json()[name] for name in members} == members
    assert module_client.events()[-1] == answer.json()


def test_json_is_recorded_whatever_else_is_preferred(module_client: HTTPClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = module_client.post(json.dumps(valid_event()).encode(), JSON, browser)
    assert answer.status == 201 and answer.field("Content-Type") == JSON
    assert module_client.events()[-1] == answer.json()


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_a_json_content_type_may_be_written_in_other_ways(
    module_client: HTTPClient, content_type: str
) -> None:
    assert module_client.post(json.dumps(valid_event()).encode(), content_type).status == 201

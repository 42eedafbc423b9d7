"""What a request costs grows no faster than its size, wherever in it a client puts the worst text that there is.

The texts are combining marks out of their order, which a comparison of characters sorts in quadratic time, and long
lists of distinct items, which a search for each item in the others makes quadratic. Each is sent in three sizes, and
the responder's own processor time is compared, so that other load on the machine makes no difference.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from conftest import Site
from fcgi_client import FastCGIConnection, whole_request
from responder import Responder

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
NDJSON, CSV = "application/x-ndjson", "text/csv"
BROWSER = {"HTTP_ACCEPT": "text/html"}
# The sizes of a text in the fields or the target, where more than 64 KiB are refused, and in the content.
SMALL, LARGE = 60_000, 400_000
# What growth may be at most when the size doubles, and the cost in seconds below which growth does not matter. Memory of
# another size may cost more by itself, so one doubling makes up for the other.
GROWTH, NEGLIGIBLE = 2.5, 0.002


def marks(size: int) -> bytes:
    return ("\u0301\u0323" * (size // 4)).encode()


def escaped_marks(size: int) -> bytes:
    return b"\\u0301\\u0323" * (size // 12)


def encoded_marks(size: int) -> bytes:
    return b"%CC%81%CC%A3" * (size // 12)


def repeated(part: bytes) -> Callable[[int], bytes]:
    return lambda size: part * (size // len(part))


def distinct(before: bytes, after: bytes) -> Callable[[int], bytes]:
    """Returns a text of many items that differ: five digits between two texts."""
    return lambda size: b"".join(
        b"%b%05d%b" % (before, number, after) for number in range(size // (len(before + after) + 5))
    )


@dataclass(frozen=True)
class Place:
    """A place in a request: the parts of the request with a blank `{}` for the text."""

    name: str
    text: Callable[[int], bytes] = marks
    method: str = "GET"
    target: bytes = b"/events"
    body: bytes = b""
    content_type: str | None = None
    more: Mapping[str, bytes | str] = field(default_factory=dict)

    def request(self, size: int) -> bytes:
        text = self.text(size)

        def fill(blank: bytes | str) -> bytes:
            return (blank.encode() if isinstance(blank, str) else blank).replace(b"{}", text)

        content_type = fill(self.content_type or "").decode() or None
        # Not all servers send the query a second time, which would halve the size that is left for it.
        more = {"QUERY_STRING": b"", **{name: fill(value) for name, value in self.more.items()}}
        return whole_request(self.method, fill(self.target), fill(self.body), content_type, more)


def post(name: str, body: bytes, content_type: str = JSON, **others) -> Place:
    return Place(f"POST {name}", method="POST", body=body, content_type=content_type, **others)


def query_places() -> Iterator[Place]:
    shared = ["type", "source", "q", "since", "until", "user_id", "request_id", "tag"]
    own = {
        "/events": ["sort", "order", "limit", "cursor"],
        "/events.csv": ["cursor"],
        "/events/histogram": ["buckets", "interval"],
        "/": ["sort", "order", "limit", "cursor", "range", "created"],
    }
    for path, names in own.items():
        for name in shared + names:
            target = f"{path}?limit=9&{name}={{}}" if name == "cursor" else f"{path}?{name}={{}}"
            yield Place(f"{path}?{name}", target=target.encode())
        start = path.encode() + b"?"
        yield Place(f"{path}? a name", target=start + b"{}=x")
        yield Place(f"{path}? a name, encoded", encoded_marks, target=start + b"{}=x")
        yield Place(f"{path}? a name twice", lambda size: marks(size // 2), target=start + b"{}=x&{}=x")
        yield Place(f"{path}? names", distinct(b"n", b"=&"), target=start + b"{}")
        yield Place(f"{path}? empty names", repeated(b"=&"), target=start + b"{}")
        yield Place(f"{path}? tags", distinct(b"tag=", b"&"), target=start + b"{}")
        yield Place(f"{path}? types", repeated(b"type=error&type=info&"), target=start + b"{}")
        yield Place(f"{path}? sources", distinct(b"source=", b"&"), target=start + b"{}")
        yield Place(f"{path}? words", repeated(b"a+"), target=start + b"q={}")
        yield Place(f"{path}? a path", target=start + b"data.{}=1")
        yield Place(f"{path}? a path of many names", repeated(b"a."), target=start + b"data.{}a=1")
        yield Place(f"{path}? quotes in a path", repeated(b"%22%22."), target=start + b"data.{}a=1")
        yield Place(f"{path}? a value", target=start + b"data.a={}")
        yield Place(f"{path}? digits of a value", repeated(b"9"), target=start + b"data.a={}")
        yield Place(f"{path}? brackets of a value", repeated(b"["), target=start + b"data.a={}")
        yield Place(f"{path}? paths", distinct(b"data.n", b"=1&"), target=start + b"{}")
    yield Place("facets by a path", target=b"/events/facets?by=data.{}")
    yield Place("a member to drop", method="POST", target=b"/events?drop={}", body=b"[]", content_type=JSON)
    yield Place("members to drop", repeated(b"id,"), "POST", b"/events?drop={}", b"[]", JSON)


def field_places() -> Iterator[Place]:
    names = [
        "HTTP_ACCEPT", "HTTP_IF_NONE_MATCH", "HTTP_COOKIE", "HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE", "HTTP_HOST",
        "HTTP_X_REQUEST_ID", "HTTP_USER_AGENT", "HTTP_IDEMPOTENCY_KEY", "REMOTE_USER", "REMOTE_ADDR", "HTTPS",
    ]  # fmt: skip
    for name in names:
        yield Place(name, more={name: b"{}"})
        yield Place(f"POST with {name}", method="POST", content_type=JSON, more={name: b"{}"})
    yield Place("CONTENT_TYPE", method="POST", content_type="{}")
    yield Place("charset", method="POST", content_type="application/json; charset={}")
    yield Place("a path", target=b"/{}")
    yield Place("an encoded path", encoded_marks, target=b"/{}")
    yield Place("segments", repeated(b"/a"), target=b"/{}")
    yield Place("slashes", repeated(b"/"), target=b"{}")
    yield Place("an id", target=b"/events/{}")
    yield Place("digits of an id", repeated(b"0"), target=b"/events/evt_{}")
    yield Place("an id of a page", target=b"/events/{}", more=BROWSER)
    yield Place("a suffix", target=b"/events.{}")
    yield Place("a mount", target=b"{}/events", more={"SCRIPT_NAME": b"{}"}, text=lambda size: marks(size // 2))
    yield Place("a stock mount", target=b"/{}", more={"SCRIPT_NAME": b"/{}"}, text=lambda size: marks(size // 2))
    yield Place("a target without a slash", target=b"{}")
    yield Place("an absolute target", target=b"http://{}")
    yield Place("a path without a URI", target=b"", more={"PATH_INFO": b"/{}"})
    yield Place("a cookie", target=b"/", more={"HTTP_COOKIE": b"eventlog_source={}"})
    yield Place("an encoded cookie", encoded_marks, target=b"/", more={"HTTP_COOKIE": b"eventlog_source={}"})
    yield Place("cookies", distinct(b"c", b"=x; "), target=b"/", more={"HTTP_COOKIE": b"{}"})
    yield Place("ranges", distinct(b"a/", b";q=0.5, "), more={"HTTP_ACCEPT": b"{}"})
    yield Place("parameters of a range", repeated(b";a=b"), more={"HTTP_ACCEPT": b"text/html{}"})
    yield Place("a quality", repeated(b"0"), more={"HTTP_ACCEPT": b"text/html;q=0.{}"})
    yield Place("entity tags", distinct(b'"', b'", '), more={"HTTP_IF_NONE_MATCH": b"{}"})
    yield Place("parameters of a type", repeated(b";a=b"), method="POST", content_type="text/html{}")


def json_places() -> Iterator[Place]:
    start = b'{"type":"info","source":"s","message":"m",'
    yield post("JSON that is a string", b'"{}"')
    yield post("JSON that is none", b"{}")
    for member in ["type", "source", "message", "user_id", "request_id", "id", "timestamp", "data", "tags"]:
        yield post(f"JSON {member}", b'{"%b":"{}"}' % member.encode())
    for name, text in [("a name", marks), ("an escaped name", escaped_marks)]:
        yield post(f"JSON {name}", start + b'"{}":1}', text=text)
        yield post(f"JSON {name} in data", start + b'"data":{"{}":1}}', text=text)
        yield post(f"JSON {name} twice", b'{"{}":1,"{}":1}', text=lambda size, text=text: text(size // 2))
    yield post("JSON a tag", start + b'"tags":["{}"]}')
    yield post("JSON tags", start + b'"tags":[{}"x"]}', text=distinct(b'"', b'",'))
    yield post("JSON numbers for tags", start + b'"tags":[{}0]}', text=repeated(b"0,"))
    yield post("JSON names", b'{{}"x":0}', text=distinct(b'"', b'":0,'))
    yield post("JSON names in data", start + b'"data":{{}"x":0}}', text=distinct(b'"', b'":0,'))
    yield post("JSON numbers in data", start + b'"data":{"x":[{}0]}}', text=repeated(b"0,"))
    yield post("JSON arrays in data", start + b'"data":{"x":[{}0]}}', text=repeated(b"[],"))
    yield post("JSON digits", start + b'"data":{"x":{}1}}', text=repeated(b"1"))
    yield post("JSON brackets", b"{}", text=repeated(b"["))
    yield post("JSON white space", b"{}1", text=repeated(b" "))
    yield post("JSON white space for a message", b'{"type":"info","source":"s","message":"{}"}', text=repeated(b"\\r\\n"))
    yield post("JSON white space around a source", b'{"source":"{}x{}"}', text=lambda n: b" " * (n // 2))


def form_places() -> Iterator[Place]:
    members = ["type", "source", "message", "user_id", "request_id", "tags", "data", "id", "timestamp"]
    for kind, more in [("form", {}), ("page's form", BROWSER)]:
        for member in members:
            yield post(f"{kind} {member}", member.encode() + b"={}", FORM, more=more)
        yield post(f"{kind} a name", b"{}=x", FORM, more=more)
        yield post(f"{kind} an encoded name", b"{}=x", FORM, text=encoded_marks, more=more)
        yield post(
            f"{kind} a name twice", b"{}=x&{}=x", FORM, text=lambda size: marks(size // 2), more=more
        )
        for name, text in {
            "names": distinct(b"n", b"&"),
            "empty names": repeated(b"=&"),
            "one name": repeated(b"a&"),
            "sources": distinct(b"source=", b"&"),
            "tags": distinct(b"tags=", b"&"),
            "one tag": repeated(b"tags=a&"),
        }.items():
            yield post(f"{kind} {name}", b"{}", FORM, text=text, more=more)
        for name, text in {"tags": distinct(b"", b","), "one tag": repeated(b"a,"), "no tag": repeated(b" ,")}.items():
            yield post(f"{kind} {name} in a field", b"tags={}", FORM, text=text, more=more)
        yield post(f"{kind} data of numbers", b'data={"x":[{}0]}', FORM, text=repeated(b"0,"), more=more)
        yield post(f"{kind} line endings", b"message={}", FORM, text=repeated(b"\r\n"), more=more)


def batch_places() -> Iterator[Place]:
    event = b'{"type":"info","source":"s","message":"m"}'
    yield post("NDJSON", event + b"\n{}", NDJSON)
    yield post("NDJSON lines", b"{}", NDJSON, text=repeated(b"[]\n"))
    yield post("NDJSON blank lines", b"{}", NDJSON, text=repeated(b"\n"))
    yield post("NDJSON events", b"{}", NDJSON, text=repeated(event + b"\n"))
    yield post("NDJSON braces", b"{}", NDJSON, text=repeated(b"{\n"))
    yield post("NDJSON open strings", b"{}", NDJSON, text=repeated(b'{"\n'))
    yield post("a JSON array", b"[{}", JSON)
    yield post("a JSON array of numbers", b"[{}1]", JSON, text=repeated(b"1,"))
    yield post("a JSON array of commas", b"[{}]", JSON, text=repeated(b","))
    yield post("a JSON array of arrays", b"[{}]", JSON, text=repeated(b"["))
    yield post("a CSV header", b"{}", CSV)
    yield post("CSV columns", b"{}", CSV, text=distinct(b"c", b","))
    yield post("CSV rows", b"type,source,message\n{}", CSV, text=repeated(b"info,s,m\n"))
    yield post("CSV cells", b"type,source,message\n{}", CSV, text=repeated(b","))
    yield post("a CSV cell", b"type,source,message\ninfo,s,{}", CSV)
    yield post("CSV quotes", b"type,source,message\ninfo,s,{}", CSV, text=repeated(b'"'))
    yield post("CSV spaces and quotes", b'type,source,message\ninfo,s,{}x{}"', CSV, text=lambda n: b" " * (n // 2))
    for name in ("HTTP_PREFER", "HTTP_CONTENT_ENCODING"):
        for kind, text in {"marks": marks, "items": distinct(b"x", b",")}.items():
            yield post(f"{name} of {kind}", b"[]", JSON, more={name: b"{}"}, text=lambda n, text=text: text(n // 8))


PLACES = [*query_places(), *field_places(), *json_places(), *form_places(), *batch_places()]


class Meter:
    """Measures what a responder spends on a request."""

    def __init__(self, socket: Path, pid: int) -> None:
        self._socket = socket
        # The processor clock of another process, as clock_getcpuclockid(3) names it. It also counts ended threads.
        self._clock = (~pid << 3) | 2

    def clock(self) -> float:
        """Returns the processor time that the responder has used so far, in seconds."""
        return time.clock_gettime(self._clock)

    def wait_until_idle(self) -> None:
        """Waits until the responder has done what it does in the background."""
        while True:
            before = self.clock()
            time.sleep(0.1)
            if self.clock() - before < 0.005:
                return

    def cost(self, request: bytes) -> float:
        """Returns the processor time of a request in seconds: the least of a few tries if it matters."""

        def once() -> float:
            with FastCGIConnection(self._socket, timeout=20) as connection:
                start = time.clock_gettime(self._clock)
                connection.send(request)
                connection.read_output()
                return time.clock_gettime(self._clock) - start

        first = once()
        return first if first < NEGLIGIBLE else min(first, once(), once())


@pytest.fixture(scope="module")
def meter(shared_site: Site) -> Meter:
    responder: Responder = shared_site.start_responder("--workers", "2", "--examples", store="memory")
    return Meter(responder.socket, responder.pid)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_the_cost_grows_no_faster_than_the_size(meter: Meter, place: Place) -> None:
    largest = LARGE if place.body else SMALL
    sizes = [largest // 4, largest // 2, largest]
    growths: list[str] = []
    # Another try is for the noise of a busy machine, which only ever adds to a cost.
    for _ in range(3):
        costs = [meter.cost(place.request(size)) for size in sizes]
        if costs[-1] <= GROWTH * max(GROWTH * costs[0], costs[1], NEGLIGIBLE):
            return
        growths.append(", ".join(f"{size} bytes: {cost:.4f} s" for size, cost in zip(sizes, costs)))
    pytest.fail("; ".join(growths))


def long_line(number: int) -> dict[str, object]:
    return {"message": (f"x{number:05}" * 11_000)[:65_536]}


def all_of_unicode(number: int) -> dict[str, object]:
    start = 0x4E00 + number * 21_845 % 20_000
    return {"message": "".join(chr(0x4E00 + (start + place) % 20_000) for place in range(21_845))}


def many_paths(number: int) -> dict[str, object]:
    return {"message": "m", "data": {f"path {number} {place}": place for place in range(500)}}


def one_letter(number: int) -> dict[str, object]:
    return {"message": "a" * 65_536}


@pytest.mark.parametrize("members", [long_line, all_of_unicode, many_paths, one_letter])
def test_what_is_indexed_costs_what_its_size_is(
    site: Site, members: Callable[[int], dict[str, object]]
) -> None:
    """The memory is bounded, too, and so is a search for many words that everything matches."""
    responder = site.start_responder()
    meter = Meter(responder.socket, responder.pid)
    search = whole_request("GET", "/events?limit=1&order=desc&q=" + "+".join(["a", "m", "x", "0"] * 4))
    batches = [
        whole_request("POST", "/events", json.dumps([
            {"type": "info", "source": "amx0", **members(number)} for number in range(start, start + 5)
        ], ensure_ascii=False).encode(), JSON)
        for start in range(0, 60, 5)
    ]  # fmt: skip
    costs, searches = [], []
    for batch_count in (3, 6, 12):
        before = meter.clock()
        for batch in batches[:batch_count]:
            with FastCGIConnection(site.socket) as connection:
                connection.send(batch)
                assert b"201" in connection.read_output()
        meter.wait_until_idle()
        costs.append(meter.clock() - before)
        searches.append(meter.cost(search))
    assert costs[2] <= GROWTH**2 * max(costs[0], 0.05) or costs[2] <= GROWTH * costs[1], costs
    assert searches[2] < 0.2, searches
    assert responder.peak_memory() < 200 << 20

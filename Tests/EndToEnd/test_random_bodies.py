"""Sends very many random bodies. Each gets a response, none of them is a 5xx, and nothing crashes."""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote_from_bytes

import pytest

from conftest import Site
from fcgi_client import whole_request
from http_client import FORM, JSON
from load import in_step

THROUGH_NGINX = 3_000
EXPECTED = {200, 201, 303, 400, 403, 404, 405, 406, 413, 415, 422}

VALID = json.dumps(
    {
        "type": "user_action",
        "source": "wéb",
        "message": 'a \n message \\ " \u2028 🌍',
        "user_id": "u",
        "request_id": "r",
        "tags": ["a", "b"],
        "data": {"a": [1, -2.5e3, True, False, None, {"b": {}}], "": "ü"},
    }
).encode()

# Texts that parsers often fail on.
PIECES = [
    *(bytes([byte]) for byte in b'{}[]":,\\ \n\t\x00-+.eE01'),
    *(
        b"\\u0000",
        b"\\ud800",
        b"\\udfff",
        b"\\uD83D\\uDE00",
        b"\\u12",
        b"\xff",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
    ),
    *(b"null", b"true", b"NaN", b"1e999", b"-0", b"9" * 400, b"1e-9999999999", b"[" * 300, b'{"a":' * 300),
    *(
        b'"type"',
        b'"source":',
        b'"message":"x"',
        b'"tags":[',
        b'"data":{',
        b'"info"',
        b"\xef\xbb\xbf",
        b"/*",
        b"&",
        b"=",
        b"%",
        b"%u",
        b"%00",
    ),
]


class Bodies:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def noise(self) -> bytes:
        return self.random.randbytes(self.random.randrange(300))

    def pieces(self) -> bytes:
        return b"".join(self.random.choices(PIECES, k=self.random.randrange(40)))

    def changed(self) -> bytes:
        """Returns a valid event with a few bytes replaced, removed, repeated or added."""
        body = bytearray(VALID)
        for _ in range(self.random.randrange(1, 4)):
            at = self.random.randrange(len(body) + 1)
            end = min(len(body), at + self.random.choice((0, 1, 1, 2, 8, 40)))
            body[at:end] = self.random.choice((b"", self.random.choice(PIECES), bytes(body[at:end]) * 2))
        return bytes(body)

    def value(self, depth: int = 0) -> object:
        choice = self.random.randrange(9 if depth < 4 else 6)
        if choice < 6:
            text = self.random.choice(
                ("", "info", "x" * self.random.randrange(300), "\x00", "\ud800", "é\n🌍")
            )
            number = self.random.choice((0, -1, 10**30, 0.1, 1e300, self.random.random()))
            return (text, number, None, True, text, text)[choice]
        if choice == 6:
            return [self.value(depth + 1) for _ in range(self.random.randrange(25))]
        return {str(self.value(4)): self.value(depth + 1) for _ in range(self.random.randrange(5))}

    def members(self) -> bytes:
        """Returns JSON with the right members or others, and with values of every type."""
        names = ("type", "source", "message", "user_id", "request_id", "tags", "data", "id", "colour")
        event = {name: self.value() for name in self.random.sample(names, self.random.randrange(len(names)))}
        return json.dumps(event).encode()

    def form(self) -> bytes:
        names = (b"type", b"source", b"message", b"user_id", b"tags", b"data", b"x", b"")
        fields = []
        for _ in range(self.random.randrange(8)):
            value = self.random.choice((self.noise(), self.pieces(), b"info", b"a"))[:200]
            encoded = value if self.random.random() < 0.3 else quote_from_bytes(value).encode()
            fields.append(self.random.choice(names) + self.random.choice((b"=", b"=", b"", b"==")) + encoded)
        return b"&".join(fields)

    def request(self) -> tuple[bytes, str, dict[str, str]]:
        """Returns a body, its content type, and further params."""
        make = self.random.choice(
            (self.noise, self.pieces, self.changed, self.changed, self.members, self.form)
        )
        body = make()
        usual = FORM if make == self.form else JSON
        type = self.random.choice((usual,) * 8 + (JSON, FORM, "text/plain", 'a/b;c="', ""))
        accept = self.random.choice(
            ("*/*", "*/*", "text/html", "application/json;q=0.1, text/html", "a/b;q=x", "")
        )
        return body, type, {"HTTP_ACCEPT": accept}


def seed() -> int:
    """Returns the seed, which a failure prints; set the variable to send the same bodies again."""
    value = int(os.environ.get("EVENTLOG_RANDOM_SEED", time.time_ns() % 1_000_000))
    print(f"EVENTLOG_RANDOM_SEED={value}")
    return value


@pytest.mark.parametrize("count", [20_000, pytest.param(2_000_000, marks=[pytest.mark.long, pytest.mark.timeout(3600)])])
def test_random_bodies_crash_nothing(site: Site, count: int) -> None:
    responder = site.start_responder("--log-level", "critical", store="memory")
    bodies = Bodies(seed())
    sent: list[tuple[bytes, str, dict[str, str]]] = []

    def requests() -> Iterator[bytes]:
        for _ in range(count):
            sent.append(bodies.request())
            body, type, more = sent[-1]
            yield whole_request("POST", "/events", body, type, more)

    statuses: Counter[int] = Counter()
    for number, answer in enumerate(in_step(site.socket, requests(), connections=64)):
        assert answer.status in EXPECTED, f"{answer.status} for {sent[number]!r}"
        if answer.status == 201:
            answer.json()
        statuses[answer.status] += 1
        if number % 64 == 63:
            sent[number - 63 : number + 1] = [(b"", "", {})] * 64  # Only the last round is kept.
    print(dict(statuses))
    assert statuses.total() == count
    # With fewer, the bodies would be too random to get past the first check.
    assert min(statuses[201], statuses[400], statuses[422], statuses[415]) > 100
    assert responder.process.poll() is None
    with site.connect(timeout=60) as connection:
        histogram = connection.request("GET", "/events/histogram").json()
        assert histogram["total"] == statuses[201] + statuses[303]
        assert len(connection.request("GET", "/events?limit=1000").json()) == min(1000, histogram["total"])


def test_random_bodies_targets_and_fields_through_nginx(site: Site) -> None:
    site.start_responder(store="memory")
    bodies = Bodies(seed())
    with site.start_web_server().client() as client:
        for _ in range(THROUGH_NGINX):
            body, type, _ = bodies.request()
            method = bodies.random.choice(("POST", "POST", "POST", "GET", "PUT", "HEAD"))
            noise = quote_from_bytes(bodies.noise()[:40]) if bodies.random.random() < 0.5 else ""
            target = bodies.random.choice(
                ("/events", "/events", "/events?" + noise, "/" + noise, "/?type=" + noise)
            )
            fields = [("Content-Type", type)] if type else []
            answer = client.request(method, target, body, fields)
            assert answer.status in EXPECTED, f"{answer.status} for {method} {target} {type} {body!r}"
        assert client.get("/health").status == 200

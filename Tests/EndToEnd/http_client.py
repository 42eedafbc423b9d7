"""An HTTP client that sends requests to nginx on one kept connection."""

import http.client
import json
import re
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from answer import Answer

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

Fields = Mapping[str, str] | Iterable[tuple[str, str]]


class HTTPClient:
    def __init__(self, port: int, timeout: float = 30) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    def start(
        self, method: str, target: str, body: bytes = b"", fields: Fields = ()
    ) -> http.client.HTTPResponse:
        """Sends a request and reads the header of the response; the caller reads the body."""
        fields = list(fields.items() if isinstance(fields, Mapping) else fields)
        names = [name.lower() for name, _ in fields]
        self.connection.putrequest(method, target, skip_host="host" in names, skip_accept_encoding=True)
        for name, value in fields:
            self.connection.putheader(name, value)
        if (body or method in ("POST", "PUT")) and "transfer-encoding" not in names:
            self.connection.putheader("Content-Length", str(len(body)))
        self.connection.endheaders(body)
        return self.connection.getresponse()

    def request(self, method: str, target: str, body: bytes = b"", fields: Fields = ()) -> Answer:
        response = self.start(method, target, body, fields)
        return Answer(response.status, response.getheaders(), response.read())

    def get(self, target: str, **fields: str) -> Answer:
        """Sends a GET request. Keyword arguments are header fields, such as `accept="text/html"`."""
        return self.request("GET", target, fields={name.replace("_", "-"): fields[name] for name in fields})

    def post(self, body: bytes, content_type: str | None = JSON, fields: Fields = ()) -> Answer:
        given = list(fields.items() if isinstance(fields, Mapping) else fields)
        return self.request(
            "POST", "/events", body, given + ([("Content-Type", content_type)] if content_type else [])
        )

    def post_event(self, **members: Any) -> Answer:
        """Posts a valid event as JSON. Keyword arguments replace its members or add some."""
        return self.post(json.dumps(valid_event(**members)).encode())

    def post_form(self, values: Fields, fields: Fields = ()) -> Answer:
        pairs = values.items() if isinstance(values, Mapping) else values
        return self.post(urlencode(list(pairs)).encode(), FORM, fields)

    def events(self, query: str = "") -> list[dict[str, Any]]:
        answer = self.get("/events" + query)
        assert answer.status == 200, answer
        events: list[dict[str, Any]] = answer.json()
        return events


def without_key(page: bytes) -> bytes:
    """Returns the page without the key of its form, which is another one in every answer; other texts stay as they are."""
    return re.sub(rb'(name="idempotency_key" value=")[^"]*', rb"\1", page)


def valid_event(**members: Any) -> dict[str, Any]:
    return {"type": "info", "source": "end_to_end", "message": "hello", **members}

"""The response to one request, however it was sent."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Answer:
    status: int
    fields: list[tuple[str, str]]
    body: bytes

    @classmethod
    def of_cgi(cls, output: bytes) -> Self:
        """Reads the header and the body that a CGI program or a FastCGI responder wrote (RFC 3875, section 6)."""
        head, separator, body = output.partition(b"\r\n\r\n")
        assert separator, f"no end of the header in {output[:200]!r}"
        fields = []
        for line in head.decode("latin-1").split("\r\n"):
            name, colon, value = line.partition(":")
            assert colon, f"not a header field: {line!r}"
            fields.append((name, value.strip()))
        status = next((value for name, value in fields if name.lower() == "status"), "200 OK")
        return cls(int(status.split()[0]), fields, body)

    def all_of(self, name: str) -> list[str]:
        return [value for field, value in self.fields if field.lower() == name.lower()]

    def field(self, name: str) -> str:
        """Returns the value of a field, which must be present exactly once."""
        values = self.all_of(name)
        assert len(values) == 1, f"{name} is there {len(values)} times in {self.fields}"
        return values[0]

    def json(self) -> Any:
        return json.loads(self.body.decode("utf-8"))

    def problem(self, status: int | Iterable[int]) -> dict[str, Any]:
        """Returns the problem details (RFC 9457) of this response, which must have one of these statuses."""
        allowed = [status] if isinstance(status, int) else list(status)
        assert self.status in allowed, f"{self.status} and not {allowed}: {self.body[:500]!r}"
        assert self.field("Content-Type").split(";")[0] == PROBLEM
        problem: dict[str, Any] = self.json()
        assert problem["status"] == self.status
        assert problem["title"]
        return problem

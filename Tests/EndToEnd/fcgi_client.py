"""The web server's side of a FastCGI connection, record by record, so that a test can send what no server would.

The numbers come from the FastCGI specification 1.0, sections 3.3 and 8.
"""

import socket
import struct
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from answer import Answer

BEGIN_REQUEST, ABORT_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT, STDERR = range(1, 8)
GET_VALUES, GET_VALUES_RESULT, UNKNOWN_TYPE = range(9, 12)
RESPONDER, AUTHORIZER, FILTER = 1, 2, 3
# The content of an end-request: the application's status, the protocol's status, and three reserved bytes.
COMPLETE, UNKNOWN_ROLE = bytes(8), bytes([0, 0, 0, 0, 3, 0, 0, 0])
LARGEST_CONTENT = 65_535


class Record(NamedTuple):
    type: int
    request_id: int
    content: bytes


class ConnectionEnded(Exception):
    """The responder closed the connection; `received` is the request's standard output up to that point."""

    def __init__(self, received: bytes) -> None:
        super().__init__(f"closed after {len(received)} bytes of output")
        self.received = received


def record(type: int, content: bytes = b"", request_id: int = 1, padding: int = 0) -> bytes:
    header = struct.pack(">BBHHBB", 1, type, request_id, len(content), padding, 0)
    return header + content + bytes(padding)


def stream(type: int, content: bytes, request_id: int = 1) -> bytes:
    """Returns the content in as many records as it needs, without the empty record that ends a stream."""
    pieces = range(0, len(content), LARGEST_CONTENT)
    return b"".join(record(type, content[at : at + LARGEST_CONTENT], request_id) for at in pieces)


def begin(keep: bool = True, role: int = RESPONDER, request_id: int = 1) -> bytes:
    return record(BEGIN_REQUEST, struct.pack(">HB5x", role, 1 if keep else 0), request_id)


def pairs(params: Mapping[str, bytes | str]) -> bytes:
    """Returns name-value pairs as bytes (section 3.4)."""

    def length(number: int) -> bytes:
        return bytes([number]) if number < 128 else struct.pack(">I", number | 1 << 31)

    encoded = b""
    for name, value in params.items():
        value = value.encode() if isinstance(value, str) else value
        encoded += length(len(name)) + length(len(value)) + name.encode() + value
    return encoded


def request_params(
    method: str,
    target: bytes | str,
    body: bytes = b"",
    content_type: str | None = None,
    more: Mapping[str, bytes | str] | None = None,
) -> dict[str, bytes | str]:
    """Returns the params that the shipped nginx configuration sends; `more` adds params or replaces some."""
    target = target.encode() if isinstance(target, str) else target
    return {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "REQUEST_METHOD": method,
        "REQUEST_SCHEME": "http",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": "50000",
        "REQUEST_URI": target,
        "QUERY_STRING": target.partition(b"?")[2],
        "SCRIPT_NAME": "",
        "CONTENT_TYPE": content_type or "",
        "CONTENT_LENGTH": str(len(body)) if body or content_type else "",
        "HTTP_HOST": "localhost",
        "HTTP_X_REQUEST_ID": "end-to-end",
        **(more or {}),
    }


def get_values(*names: str) -> bytes:
    return record(GET_VALUES, pairs(dict.fromkeys(names, "")), request_id=0)


def head(params: Mapping[str, bytes | str], keep: bool = True) -> bytes:
    """Returns begin-request and all params: everything that precedes the body."""
    return begin(keep) + stream(PARAMS, pairs(params)) + record(PARAMS)


def whole_request(
    method: str,
    target: bytes | str,
    body: bytes = b"",
    content_type: str | None = None,
    more: Mapping[str, bytes | str] | None = None,
    keep: bool = True,
) -> bytes:
    params = request_params(method, target, body, content_type, more)
    return head(params, keep) + stream(STDIN, body) + record(STDIN)


def receive_request(connection: socket.socket) -> bytes:
    """Receives a request as a responder does, up to the end of its body, and returns its encoded params."""
    params = b""
    with connection.makefile("rb") as stream:
        while True:
            header = stream.read(8)
            assert len(header) == 8, "the request is cut short"
            _, type, _, length, padding, _ = struct.unpack(">BBHHBB", header)
            content = stream.read(length + padding)[:length]
            if type == PARAMS:
                params += content
            if type == STDIN and not content:
                return params


class FastCGIConnection:
    def __init__(self, address: Path | tuple[str, int], timeout: float = 20) -> None:
        """Connects to an address, which is the path of a unix socket, or a host and a port."""
        self._timeout = timeout
        if isinstance(address, Path):
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.socket.settimeout(timeout)
            try:
                self.socket.connect(str(address))
            except OSError:
                self.socket.close()
                raise
        else:
            self.socket = socket.create_connection(address, timeout)
        self._received = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    def send(self, *pieces: bytes) -> None:
        self.socket.sendall(b"".join(pieces))

    def _read(self, count: int) -> bytes | None:
        """Reads exactly this number of bytes. Returns None if the connection ends before them."""
        while len(self._received) < count:
            try:
                more = self.socket.recv(262_144)
            except ConnectionResetError:
                more = b""
            if not more:
                return None
            self._received += more
        content = bytes(self._received[:count])
        del self._received[:count]
        return content

    def read_record(self) -> Record | None:
        header = self._read(8)
        if header is None:
            return None
        version, type, request_id, length, padding, _ = struct.unpack(">BBHHBB", header)
        assert version == 1, f"not a FastCGI record: {header!r}"
        content = self._read(length + padding)
        return None if content is None else Record(type, request_id, content[:length])

    def read_output(self) -> bytes:
        """Reads the standard output of the running request.

        Raises ConnectionEnded if its end-request does not arrive.
        """
        output = bytearray()
        while (next := self.read_record()) is not None:
            assert next.request_id == 1, f"of another request: {next}"
            if next.type == END_REQUEST:
                assert next.content == COMPLETE, f"not an end-request of a complete request: {next}"
                return bytes(output)
            assert next.type == STDOUT, f"neither stdout nor end-request: {next}"
            output += next.content
        raise ConnectionEnded(bytes(output))

    def read_answer(self) -> Answer:
        return Answer.of_cgi(self.read_output())

    def request(
        self,
        method: str,
        target: bytes | str,
        body: bytes = b"",
        content_type: str | None = None,
        more: Mapping[str, bytes | str] | None = None,
        keep: bool = True,
    ) -> Answer:
        self.send(whole_request(method, target, body, content_type, more, keep))
        return self.read_answer()

    def is_silent(self, seconds: float = 0.1) -> bool:
        """Returns whether nothing arrives for a while, not even the end of the connection."""
        self.socket.settimeout(seconds)
        try:
            self.socket.recv(1, socket.MSG_PEEK)
            return False
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(self._timeout)

    def is_closed(self) -> bool:
        """Waits until the responder closes. Returns false if it sends anything, or nothing until the timeout."""
        try:
            return self._read(1) is None
        except TimeoutError:
            return False

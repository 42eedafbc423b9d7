"""Runs the two loads: wrk through nginx, and `load` directly on the responder's socket."""

import contextlib
import io
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fcgi_client import FastCGIConnection, whole_request
from peers import BUILD, HERE
from program import Program
from web_server import Nginx, program

# The fields that nginx adds, so that requests and responses have the same size as with nginx.
REQUEST_ID = "0123456789abcdef0123456789abcdef"
FIELDS = {"HTTP_X_REQUEST_ID": REQUEST_ID, "HTTP_PROXY": ""}

# An HTTP upstream that replaces the shipped FastCGI one, with the same pool and the same buffers.
PROXY = """
        set $eventlog_mount "";
        include eventlog/limits.conf;
        include eventlog/problems.conf;
        location / {
            include eventlog/limits.conf;
            proxy_pass http://eventlog;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Request-Id $eventlog_request_id;
            proxy_next_upstream off;
            proxy_buffer_size 32k;
            proxy_buffers 16 16k;
            proxy_busy_buffers_size 48k;
            proxy_max_temp_file_size 0;
        }
"""


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    body: bytes = b""

    def records(self, keep: bool = True) -> bytes:
        content_type = "application/json" if self.body else None
        return whole_request(self.method, self.target, self.body, content_type, FIELDS, keep)


@dataclass(frozen=True)
class Load:
    """The measurements of one run of a load."""

    requests: int
    seconds: float
    # The bytes of a response.
    size: float
    # The latencies in microseconds.
    p50: float
    p99: float
    p999: float
    longest: float
    # The processor time of the measured program, in microseconds per request.
    processor: float

    @property
    def rate(self) -> float:
        """The requests per second."""
        return self.requests / self.seconds


def answer(socket: Path, request: Request) -> bytes:
    """Returns one response of a FastCGI responder: the head, an empty line, and the body."""
    with FastCGIConnection(socket, timeout=60) as connection:
        connection.send(request.records())
        return connection.read_output()


def direct_load(
    target: Program,
    request: Request,
    connections: int = 32,
    seconds: float | None = None,
    requests: int | None = None,
    rate: float | None = None,
) -> Load:
    """Runs a load without nginx, for a number of seconds or of requests."""
    file = target.socket.with_suffix(".request")
    file.write_bytes(request.records())
    limit = ["-s", str(seconds)] if requests is None else ["-n", str(requests)]
    pace = ["-r", str(rate)] if rate else []
    return _run(
        target, [BUILD / "load", "-c", str(connections), *limit, *pace, str(target.socket), str(file)]
    )


def nginx_load(target: Program, port: int, request: Request, connections: int, seconds: int) -> Load:
    command: list[str | Path] = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s"]
    command += ["-s", HERE / "load/wrk.lua", f"http://127.0.0.1:{port}{request.target}"]
    if request.body:
        file = target.socket.with_suffix(".body")
        file.write_bytes(request.body)
        command += ["--", file]
    return _run(target, command)


def _run(target: Program, command: list[str | Path]) -> Load:
    before = target.processor_time()
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if run.returncode != 0:
        raise RuntimeError(f"{target.name}: the load failed: {target.log.read_text()[-2000:]}")
    used = target.processor_time() - before
    result = json.loads(run.stdout.splitlines()[-1])
    if result["failures"] or not result["requests"]:
        raise RuntimeError(f"{target.name}: {result}")
    return Load(
        requests=result["requests"],
        seconds=result["seconds"],
        size=result["bytes"],
        p50=result["p50"],
        p99=result["p99"],
        p999=result["p999"],
        longest=result["max"],
        processor=used / result["requests"] * 1e6,
    )


@contextlib.contextmanager
def nginx_before(target: Program, folder: Path, speaks_fastcgi: bool) -> Iterator[int]:
    """Runs nginx with its shipped configuration in front of a program, and yields its port."""
    program("wrk")
    server = Nginx(folder, target.socket, replaced="" if speaks_fastcgi else PROXY)
    try:
        yield server.port
    finally:
        with contextlib.redirect_stdout(io.StringIO()):
            server.stop()

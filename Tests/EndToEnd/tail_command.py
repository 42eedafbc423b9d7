"""Runs `eventlog tail`, and the servers that it has to cope with."""

import json
import os
import select
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from responder import BINARY, clean_environment, wait_until


class Tail:
    """A process whose output is read line by line as it comes."""

    def __init__(self, folder: Path, *arguments: str, store: str = "memory", **environment: str) -> None:
        self.errors = folder / f"tail-{time.monotonic_ns()}.log"
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [BINARY, "tail", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=clean_environment(EVENTLOG_STORE=store, **environment),
            )
        self.lines: list[str] = []
        self.times: list[float] = []
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.times.append(time.monotonic())
            self.lines.append(line.decode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.wait()
        print(f"{self.errors}:\n{self.said}")

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in list(self.lines)]

    @property
    def ids(self) -> list[str]:
        return [event["id"] for event in self.events]

    @property
    def messages(self) -> list[str]:
        return [event["message"] for event in self.events]

    @property
    def said(self) -> str:
        return self.errors.read_text()

    def until(self, count: int, seconds: float = 30) -> None:
        wait_until(lambda: len(self.lines) >= count, f"{count} lines: {self.lines[-3:]}, {self.said}", seconds)

    def until_said(self, text: str, seconds: float = 30) -> None:
        wait_until(lambda: text in self.said, f"it says {text}: {self.said}", seconds)

    def wait(self, seconds: float = 10) -> int:
        status = self.process.wait(seconds)
        self._thread.join(seconds)
        return status

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.wait()


class Proxy:
    """Stands between a client and a port of this machine, perhaps with TLS. It can cut connections, or keep silent."""

    def __init__(self, port: int, context: ssl.SSLContext | None = None) -> None:
        self._target = port
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.is_silent = False
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            if self._context:
                client = self._context.wrap_socket(client, server_side=True)
            server = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            client.close()
            return
        self._pairs.append((client, server))
        back = threading.Thread(target=self._pass_on, args=(server, client), daemon=True)
        back.start()
        self._pass_on(client, server)
        back.join()
        client.close()
        server.close()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while part := source.recv(65536):
                if not self.is_silent:
                    target.sendall(part)
            if not self.is_silent:
                target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def cut(self) -> None:
        for pair in self._pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        self._pairs.clear()

    def close(self) -> None:
        self._listener.close()
        self.cut()


Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def answering(answer: Callable[[str, dict[str, str]], Answer]) -> Iterator[int]:
    """Serves what a function says for a path and the fields of a request. Yields the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, fields, body = answer(self.path, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(status)
            for name, value in fields.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def read_terminal(descriptor: int, seconds: float, until: bytes = b"") -> bytes:
    """Reads what a program writes to a terminal until a text has come, or the time is over."""
    deadline = time.monotonic() + seconds
    text = b""
    while (rest := deadline - time.monotonic()) > 0 and not (until and until in text):
        if select.select([descriptor], [], [], rest)[0]:
            try:
                text += os.read(descriptor, 65536)
            except OSError:
                break
    return text

"""Readers of streams, as many as there can be, who only count what arrives."""

import select
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

# How many readers connect at the same time.
WAVE = 200


class Crowd:
    def __init__(self, connect: Callable[[], socket.socket], request: bytes) -> None:
        """`connect` makes a connection, on which `request` asks for a stream of server-sent events."""
        self._connect = connect
        self._request = request
        self._poll = select.epoll()
        self._readers: dict[int, socket.socket] = {}
        self._received: dict[int, bytes] = {}
        # The readers whose streams have begun.
        self._begun: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._poll.close()
        for reader in self._readers.values():
            reader.close()

    def join(self, count: int, seconds: float = 120) -> None:
        """Connects readers, and waits until their streams have begun."""
        deadline = time.monotonic() + seconds
        for _ in range(count):
            reader = self._connect()
            reader.sendall(self._request)
            self._readers[reader.fileno()] = reader
            self._received[reader.fileno()] = b""
            self._poll.register(reader, select.EPOLLIN)
            while len(self._readers) - len(self._begun) >= WAVE:
                self._take(deadline)
        while len(self._begun) < len(self._readers):
            self._take(deadline)

    def count(self, text: bytes, times: int = 1) -> int:
        """Returns how many readers have received a text so many times."""
        return sum(received.count(text) >= times for received in self._received.values())

    def until_all_have(self, text: bytes, times: int = 1, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while self.count(text, times) < len(self._readers):
            self._take(deadline)

    def _take(self, deadline: float) -> None:
        assert time.monotonic() < deadline, f"{len(self._begun)} of {len(self._readers)} streams have begun"
        for descriptor, _ in self._poll.poll(1, 4096):
            part = self._readers[descriptor].recv(65536)
            received = self._received[descriptor] + part
            assert part, f"a stream has ended: {received[-300:]!r}"
            self._received[descriptor] = received
            if descriptor not in self._begun and b"retry: 1000" in received:
                self._begun.add(descriptor)

"""Sends many requests at once."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from answer import Answer
from fcgi_client import FastCGIConnection
from http_client import HTTPClient
from responder import wait_until


def in_step(socket: Path, requests: Iterator[bytes], connections: int) -> Iterator[Answer]:
    """Sends requests on the given number of kept connections, and yields the answers in the same order.

    One thread does all the work, which is faster in Python than one thread per connection.
    """
    pool = [FastCGIConnection(socket) for _ in range(connections)]
    try:
        while True:
            sent = 0
            for connection, request in zip(pool, requests, strict=False):
                connection.send(request)
                sent += 1
            for connection in pool[:sent]:
                yield connection.read_answer()
            if sent < connections:
                return
    finally:
        for connection in pool:
            connection.close()


class Clients:
    """Threads that run a function until they are told to end. The first error ends all of them."""

    def __init__(self, count: int, work: Callable[[int, "Clients"], None]) -> None:
        """Starts the threads. `work` gets the number of its thread, and must check `ended` between requests."""
        self.ended = threading.Event()
        self.errors: list[BaseException] = []
        self._threads = [threading.Thread(target=self._run, args=(work, number)) for number in range(count)]
        for thread in self._threads:
            thread.start()

    def _run(self, work: Callable[[int, "Clients"], None], number: int) -> None:
        try:
            work(number, self)
        except BaseException as error:
            self.errors.append(error)
            self.ended.set()

    def end(self) -> None:
        """Tells every thread to end, and raises the first error."""
        self.ended.set()
        self.join()

    def join(self) -> None:
        """Waits until every thread has ended by itself, and raises the first error."""
        for thread in self._threads:
            thread.join()
        if self.errors:
            raise self.errors[0]


class Traffic:
    """Clients that read and record events, one request after the other, and fail on an unexpected answer."""

    def __init__(self, connections: int, connect: Callable[[], HTTPClient], pause: float = 0) -> None:
        """Each client waits for `pause` seconds after each event, where the web server limits the rate of writes."""
        self._connect = connect
        self._pause = pause
        self._acknowledged: list[list[str]] = [[] for _ in range(connections)]
        self._clients = Clients(connections, self._ask_and_record)

    def _ask_and_record(self, number: int, clients: Clients) -> None:
        with self._connect() as client:
            while not clients.ended.is_set():
                answer = client.get("/events?limit=5&order=desc")
                assert answer.status == 200, answer
                answer = client.post_event(message=f"from {number}")
                assert answer.status == 201, answer
                self._acknowledged[number].append(answer.json()["id"])
                time.sleep(self._pause)

    @property
    def acknowledged(self) -> list[str]:
        """The ids of all events that have been recorded so far."""
        return [id for ids in self._acknowledged for id in ids]

    def wait_for(self, count: int) -> None:
        """Waits until the given number of further events are recorded, or a request has failed."""
        before = len(self.acknowledged)
        wait_until(
            lambda: len(self.acknowledged) >= before + count or self._clients.ended.is_set(),
            f"{count} events are recorded",
            60,
        )

    def end(self) -> None:
        """Ends the clients, and raises the first error."""
        self._clients.end()

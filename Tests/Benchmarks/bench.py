"""Everything that the works of one run share."""

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from peers import BUILD, EventLog, Peer


@dataclass(frozen=True)
class Folder:
    # This path is as short as possible, since the path of a unix socket has at most 107 bytes.
    sockets: Path
    # This is on the disk of the checkout, because a durable write would cost nothing if temporary files are in memory.
    data: Path


@dataclass(frozen=True)
class Bench:
    # The programs to compare, Event Log first.
    peers: list[Peer]
    round_count: int
    # The duration of one load in one round.
    seconds: int

    @property
    def eventlog(self) -> EventLog:
        return self.builds[0]

    @property
    def builds(self) -> list[EventLog]:
        """The builds of Event Log: this checkout's, and those that it is compared with."""
        return [peer for peer in self.peers if isinstance(peer, EventLog)]

    def rounds(self, work: str) -> Iterator[int]:
        for number in range(1, self.round_count + 1):
            say(f"{work}: round {number} of {self.round_count}")
            yield number

    @contextlib.contextmanager
    def folder(self) -> Iterator[Folder]:
        BUILD.mkdir(parents=True, exist_ok=True)
        sockets = Path(tempfile.mkdtemp(prefix="eventlog-"))
        data = Path(tempfile.mkdtemp(prefix="data-", dir=BUILD))
        try:
            yield Folder(sockets, data)
        finally:
            shutil.rmtree(sockets)
            shutil.rmtree(data)


def say(text: str) -> None:
    """Prints progress to standard error; only the table goes to standard output."""
    print(text, file=sys.stderr, flush=True)

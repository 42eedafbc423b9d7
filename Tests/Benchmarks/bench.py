"""What every work of one run shares."""

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
    # In the shortest place, since the path of a unix socket has at most 107 bytes.
    sockets: Path
    # On the disk of the checkout: where temporary files are in memory, a durable write would cost nothing.
    data: Path


@dataclass(frozen=True)
class Bench:
    # All that are compared, Event Log first.
    peers: list[Peer]
    round_count: int
    # Of one load in one round.
    seconds: int

    @property
    def eventlog(self) -> EventLog:
        return self.builds[0]

    @property
    def builds(self) -> list[EventLog]:
        """Event Log, and the other builds of it that are measured beside."""
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
    """What tells how far it is; the table alone goes to standard output."""
    print(text, file=sys.stderr, flush=True)

"""What is measured side by side: how each is built, and started for a work."""

import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from program import Program
from responder import BINARY, CHECKOUT

HERE = Path(__file__).resolve().parent
BUILD = CHECKOUT / ".build/benchmarks"


@dataclass(frozen=True)
class Setting:
    """What a program is started with."""

    # The folder of its socket, whose path must be short.
    sockets: Path
    # An event log of its own or, where it is only read, one that others read too.
    log: Path
    # Of `eventlog serve`, for works that are only about it.
    options: tuple[str, ...] = ()

    @property
    def answer(self) -> Path:
        """The bytes that Event Log answers the work with, head and body, for those that send fixed bytes."""
        return self.sockets / "answer"


class Peer(ABC):
    name: str
    # What nginx speaks to it: FastCGI, or HTTP.
    speaks_fastcgi = True

    @abstractmethod
    def build(self) -> None: ...

    @abstractmethod
    def command(self, socket: Path, setting: Setting) -> list[str | Path]: ...

    def start(self, setting: Setting) -> Program:
        socket = setting.sockets / f"{self.name}.sock"
        return Program(self.name, self.command(socket, setting), socket)


class EventLog(Peer):
    """The program of this checkout, or another build of it."""

    def __init__(self, name: str = "eventlog", binary: Path = BINARY) -> None:
        self.name = name
        self.binary = binary

    def build(self) -> None:
        if self.binary == (CHECKOUT / ".build/release/eventlog").resolve():
            swift_build(CHECKOUT, CHECKOUT / ".build", "eventlog")

    def command(self, socket: Path, setting: Setting) -> list[str | Path]:
        store = f"sqlite:{setting.log}"
        return [self.binary, "serve", "--listen", f"unix:{socket}", "--store", store, *setting.options]


class CProgram(Peer):
    """A program in one file of C that answers whatever it is asked with fixed bytes."""

    def __init__(self, name: str, *libraries: str) -> None:
        self.name = name
        self.libraries = libraries

    def build(self) -> None:
        compile_c(self.name, *self.libraries)

    def command(self, socket: Path, setting: Setting) -> list[str | Path]:
        return [BUILD / self.name, socket, setting.answer]


class Original(Peer):
    """FastAPI under one process of uvicorn, with the event loop and the parser in C of `uvicorn[standard]`."""

    name = "original"
    speaks_fastcgi = False

    def build(self) -> None:
        """Nothing: `run` installs it."""

    def command(self, socket: Path, setting: Setting) -> list[str | Path]:
        options = ["--no-access-log", "--log-level", "warning", "--app-dir", str(HERE / "original")]
        return [BUILD / "venv/bin/uvicorn", "main:app", "--uds", str(socket), *options]


class Hummingbird(Peer):
    """The same API on the same SQLite file, in Swift on Hummingbird."""

    name = "hummingbird"
    speaks_fastcgi = False
    folder = BUILD / "hummingbird"

    def build(self) -> None:
        swift_build(HERE / "on-hummingbird", self.folder, "EventLogOnHummingbird")

    def command(self, socket: Path, setting: Setting) -> list[str | Path]:
        return [self.folder / "release/EventLogOnHummingbird", socket, setting.log]


def swift_build(package: Path, scratch: Path, product: str) -> None:
    command: list[str | Path] = ["nice", "-n", "5", "swift", "build", "-c", "release", "--static-swift-stdlib"]
    command += ["--package-path", package, "--scratch-path", scratch, "--product", product]
    subprocess.run(command, check=True, stdout=sys.stderr)


def compile_c(name: str, *libraries: str) -> None:
    """Compiles `NAME/NAME.c`."""
    BUILD.mkdir(parents=True, exist_ok=True)
    command: list[str | Path] = ["gcc", "-std=c17", "-O2", "-Wall", "-Wextra", "-Werror", "-o", BUILD / name]
    command += [HERE / name / f"{name}.c", *(f"-l{library}" for library in libraries)]
    subprocess.run(command, check=True)


PEERS: dict[str, Callable[[], Peer]] = {
    "floor": lambda: CProgram("floor"),
    "pool": lambda: CProgram("pool", "fcgi", "pthread"),
    "original": Original,
    "hummingbird": Hummingbird,
}

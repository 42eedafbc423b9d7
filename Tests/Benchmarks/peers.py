"""The programs that are measured side by side: how each is built, and how it is started for a work."""

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
    """The settings that a program is started with."""

    # The folder of the program's socket, whose path must be short.
    sockets: Path
    # The program's own event log or, if it is only read, a shared one.
    log: Path
    # The options of `eventlog serve`, for works that only measure Event Log.
    options: tuple[str, ...] = ()

    @property
    def answer(self) -> Path:
        """The file with Event Log's response to the work, head and body, for programs that send fixed bytes."""
        return self.sockets / "answer"


class Peer(ABC):
    name: str
    # Whether nginx speaks FastCGI to the program, or HTTP.
    speaks_fastcgi = True

    @abstractmethod
    def build(self) -> None: ...

    @abstractmethod
    def command(self, socket: Path, setting: Setting) -> list[str | Path]: ...

    def start(self, setting: Setting) -> Program:
        socket = setting.sockets / f"{self.name}.sock"
        return Program(self.name, self.command(socket, setting), socket)


class EventLog(Peer):
    """Event Log as built from this checkout, or another build of it."""

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
    """A program in one C file that answers every request with fixed bytes."""

    def __init__(self, name: str, *libraries: str) -> None:
        self.name = name
        self.libraries = libraries

    def build(self) -> None:
        compile_c(self.name, *self.libraries)

    def command(self, socket: Path, setting: Setting) -> list[str | Path]:
        return [BUILD / self.name, socket, setting.answer]


class Original(Peer):
    """FastAPI in one uvicorn process, with the event loop and the C parser of `uvicorn[standard]`."""

    name = "original"
    speaks_fastcgi = False

    def build(self) -> None:
        """Does nothing, since `run` installs the packages."""

    def command(self, socket: Path, setting: Setting) -> list[str | Path]:
        options = ["--no-access-log", "--log-level", "warning", "--app-dir", str(HERE / "original")]
        return [BUILD / "venv/bin/uvicorn", "main:app", "--uds", str(socket), *options]


class Hummingbird(Peer):
    """The same API on the same SQLite file, written in Swift on Hummingbird."""

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

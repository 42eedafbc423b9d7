"""The system calls of a process, as strace reports them."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from responder import clean_environment

STRACE = shutil.which("strace")
needs_strace = pytest.mark.skipif(STRACE is None, reason="strace is not installed")

LINE = re.compile(r"(?P<process>\d+) +(?:<\.\.\. (?P<resumed>\w+) resumed>|(?P<name>\w+)\()(?P<rest>.*)")


@dataclass
class Call:
    """A call of one thread. `began` and `ended` are places in the order of everything that was observed."""

    name: str
    # The arguments and the result. Each descriptor is followed by its path, as in `3</tmp/file>`.
    text: str
    began: int
    ended: int

    @property
    def succeeded(self) -> bool:
        return re.search(r"\) += \d", self.text) is not None

    def is_sync_of(self, path: Path | str) -> bool:
        """Returns whether the call has written a file or a folder to the disk."""
        return self.name in ("fsync", "fdatasync") and f"<{path}>" in self.text and self.succeeded


def parsed(trace: str) -> list[Call]:
    """Returns the calls of a trace in the order in which they began. A call that never ended is not among them."""
    begun: dict[str, Call] = {}
    calls = []
    for place, line in enumerate(trace.splitlines()):
        found = LINE.fullmatch(line)
        if not found:
            continue  # A signal, or the end of a process.
        if found["resumed"]:
            call = begun.pop(found["process"])
            assert call.name == found["resumed"]
            call.text += found["rest"]
        else:
            call = Call(found["name"], found["rest"], place, place)
            if call.text.endswith("<unfinished ...>"):
                call.text = call.text.removesuffix("<unfinished ...>")
                begun[found["process"]] = call
                continue
        call.ended = place
        calls.append(call)
    assert calls, f"no call in {trace[:500]}"
    return sorted(calls, key=lambda call: call.began)


def options(trace: Path, names: Sequence[str]) -> list[str]:
    return [str(STRACE), "-f", "-y", "-s", "256", "-e", f"trace={','.join(names)}", "-o", str(trace)]


def calls_of(
    command: Sequence[str | Path], folder: Path, names: Sequence[str], given: bytes = b"", **environment: str
) -> list[Call]:
    """Runs a command, which must succeed, and returns its calls of these names. The trace is kept in the folder."""
    trace = folder / "trace"
    result = subprocess.run(
        [*options(trace, names), *command],
        input=given,
        capture_output=True,
        timeout=60,
        env=clean_environment(**environment),
    )
    assert result.returncode == 0, result
    return parsed(trace.read_text())


@contextmanager
def observed(process: int, folder: Path, names: Sequence[str]) -> Iterator[list[Call]]:
    """Observes a running process. At the end, the yielded list has its calls of these names."""
    trace = folder / "trace"
    command = [*options(trace, names), "-p", str(process)]
    calls: list[Call] = []
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert tracer.stderr is not None
        if "attached" not in (said := tracer.stderr.readline()):
            pytest.skip(f"this system does not let strace attach: {said}")
        yield calls
    finally:
        tracer.terminate()
        tracer.wait()
    calls += parsed(trace.read_text())


WRITES = ("write", "writev", "pwrite64", "pwritev", "ftruncate", "fallocate", "copy_file_range", "sendfile")
RENAMES = ("rename", "renameat", "renameat2")


def assert_put_in_place(calls: Sequence[Call], file: Path) -> None:
    """Asserts that the file was complete and on the disk before it took its name, and that its name is on the disk.

    A power cut at any time therefore leaves either the file that had the name before or the whole new one. The calls
    must include `WRITES`, `RENAMES`, `fsync` and `fdatasync`.
    """
    [rename] = [call for call in calls if call.name in RENAMES and f'"{file}"' in call.text and call.succeeded]
    first, _ = re.findall(r'"([^"]*)"', rename.text)
    writes = [call for call in calls if call.name in WRITES and f"<{first}>" in call.text]
    assert writes, f"nothing was written to {first}"
    assert any(
        call.is_sync_of(first) and writes[-1].ended < call.began and call.ended < rename.began for call in calls
    ), "the file took its name before it was on the disk"
    assert any(call.is_sync_of(file.parent) and rename.ended < call.began for call in calls), (
        "the name is not on the disk"
    )


TO_PUT_IN_PLACE = (*WRITES, *RENAMES, "fsync", "fdatasync")

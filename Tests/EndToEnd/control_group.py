"""A control group of the kernel, version 1 or 2, whose processes are killed when they exceed a memory limit."""

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from responder import wait_until

ROOT = Path("/sys/fs/cgroup")


class ControlGroup:
    def __init__(self, limit: int) -> None:
        """Makes a group. `limit` is in bytes. Raises OSError if this process may not make groups."""
        is_version_2 = (ROOT / "cgroup.controllers").exists()
        name = f"eventlog-{os.getpid()}"
        self._folder = ROOT / name if is_version_2 else ROOT / "memory" / name
        self._folder.mkdir()
        try:
            (self._folder / ("memory.max" if is_version_2 else "memory.limit_in_bytes")).write_text(str(limit))
            # If the machine has swap space, memory over the limit would otherwise be swapped out.
            with suppress(FileNotFoundError):
                if is_version_2:
                    (self._folder / "memory.swap.max").write_text("0")
                else:
                    (self._folder / "memory.memsw.limit_in_bytes").write_text(str(limit))
        except OSError:
            self._folder.rmdir()
            raise

    def add(self, process: int) -> None:
        (self._folder / "cgroup.procs").write_text(str(process))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Removes the group, whose processes must have ended."""
        wait_until(lambda: not (self._folder / "cgroup.procs").read_text(), "the group is empty")
        self._folder.rmdir()

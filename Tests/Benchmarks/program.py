"""A program under measurement that serves on a unix socket, whatever it speaks there."""

import os
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from responder import clean_environment

TICKS = os.sysconf("SC_CLK_TCK")


class Program:
    def __init__(self, name: str, command: Sequence[str | Path], socket: Path, **environment: str) -> None:
        """Returns when it accepts connections; its output is in a file beside the socket."""
        self.name = name
        self.socket = socket
        self.log = socket.with_suffix(".log")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=clean_environment(**environment),
            )
        deadline = time.monotonic() + 120
        while not self._accepts():
            assert self.process.poll() is None, f"{name} ended: {self.log.read_text()}"
            assert time.monotonic() < deadline, f"{name} does not accept connections"
            # Short, since the time to start is measured with it.
            time.sleep(0.0005)

    def _accepts(self) -> bool:
        with socket.socket(socket.AF_UNIX) as attempt:
            return attempt.connect_ex(str(self.socket)) == 0

    def processor_time(self) -> float:
        """Seconds, of the program and the kernel for it."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_memory(self) -> float:
        """Megabytes."""
        return self._memory("VmRSS:")

    def peak_memory(self) -> float:
        """Megabytes, since the start or the last `reset_peak_memory`."""
        return self._memory("VmHWM:")

    def reset_peak_memory(self) -> None:
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def _memory(self, name: str) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) / 1000

    def stop(self, seconds: float = 40) -> None:
        if self.process.poll() is not None:
            raise RuntimeError(
                f"{self.name} ended by itself with {self.process.returncode}: {self.log.read_text()[-4000:]}"
            )
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

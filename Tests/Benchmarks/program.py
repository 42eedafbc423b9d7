"""A measured program that serves on a unix socket, whatever protocol it speaks."""

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
        """Starts the program and waits until it accepts connections. Its output is in a file next to the socket."""
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
            # The pause is short, since it limits the precision of the start time.
            time.sleep(0.0005)

    def _accepts(self) -> bool:
        with socket.socket(socket.AF_UNIX) as attempt:
            return attempt.connect_ex(str(self.socket)) == 0

    def processor_time(self) -> float:
        """Returns the seconds of processor time that the program and the kernel on its behalf have used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_memory(self) -> float:
        """Returns the resident memory in megabytes."""
        return self._memory("VmRSS:")

    def peak_memory(self) -> float:
        """Returns the peak memory since the start or the last `reset_peak_memory`, in megabytes."""
        return self._memory("VmHWM:")

    def reset_peak_memory(self) -> None:
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def _memory(self, name: str) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) / 1000

    def stop(self, seconds: float = 40) -> None:
        if self.process.poll() is not None:
            raise RuntimeError(
                f"{self.name} exited on its own with status {self.process.returncode}: {self.log.read_text()[-4000:]}"
            )
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

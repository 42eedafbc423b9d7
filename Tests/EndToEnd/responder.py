"""Runs one process of `eventlog serve`."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("EVENTLOG_BINARY", CHECKOUT / ".build/release/eventlog")).resolve()


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.005)


def clean_environment(**variables: str) -> dict[str, str]:
    """Returns this process's environment without the variables that would configure a responder."""
    ours = ("EVENTLOG_", "LISTEN_", "GATEWAY_INTERFACE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, **variables}


def run_to_end(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command that is expected to end at once. Its store is memory unless another one is given."""
    return subprocess.run(
        [BINARY, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=10,
        env=clean_environment(**{"EVENTLOG_STORE": "memory", **environment}),
    )


def is_clear(text: str) -> bool:
    """Returns whether the text may be a sentence for people, perhaps with a hint about the help, and not a crash."""
    text = text.strip()
    return 10 < len(text) < 1000 and len(text.splitlines()) <= 5 and "Fatal error" not in text


class Responder:
    """A responder that listens on a unix socket. Its standard error goes to a file next to the socket."""

    def __init__(
        self, socket: Path, *options: str, store: str = "memory", command: Sequence[str] = ()
    ) -> None:
        """Starts the responder. `command` is a command that runs it, such as `prlimit`."""
        self.socket = socket
        self.log = socket.with_suffix(".log")
        self._stopped = False
        arguments = [*command, str(BINARY), "serve", "--listen", f"unix:{socket}", "--store", store, *options]
        earlier = self._identity()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stderr=log, env=clean_environment()
            )
        # The socket appears, or replaces an earlier one, once the process accepts connections on it.
        wait_until(lambda: self._identity() not in (None, earlier) or self._ended(), f"{socket} exists")
        assert not self._ended(), f"ended with {self.process.returncode}: {self.log.read_text()}"

    def _identity(self) -> tuple[int, int] | None:
        try:
            status = self.socket.stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_ctime_ns

    def _ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def pid(self) -> int:
        return self.process.pid

    def resident_memory(self) -> int:
        """Returns the resident memory in bytes."""
        return self._memory("VmRSS")

    def peak_memory(self) -> int:
        """Returns the peak of the resident memory so far, in bytes."""
        return self._memory("VmHWM")

    def _memory(self, name: str) -> int:
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(f"{name}:"))
        return int(line.split()[1]) * 1024

    def thread_count(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/task"))

    def descriptor_count(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def signal(self, number: int) -> None:
        self._stopped = True
        self.process.send_signal(number)

    def terminate(self) -> None:
        self.signal(signal.SIGTERM)

    def wait(self, seconds: float = 10) -> int:
        """Waits for the end. Returns the exit status, or minus the signal's number if a signal ended the process."""
        return self.process.wait(seconds)

    def kill(self) -> None:
        """Ends the process as a power cut would, without running a handler."""
        self.signal(signal.SIGKILL)
        self.wait()

    def stop(self) -> None:
        """Ends the process, whatever its state. Fails if it had ended by itself, or does not drain at once.

        Nobody may hold connections to it any longer, except in a test that has signalled it already.
        """
        was_running = not self._ended()
        died = not was_running and not self._stopped
        if was_running:
            self.terminate()
            try:
                self.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        text = self.log.read_text(errors="replace")
        print(f"The end of {self.log}:\n{text[-4000:]}")
        assert not died, f"the responder ended by itself with {self.process.returncode}"
        assert not was_running or self.process.returncode == 0, (
            f"the responder ended with {self.process.returncode} when it was asked to"
        )

"""Does for one service what systemd does with the units of deploy/systemd, without systemd."""

import os
import signal
import socket
import subprocess
from collections import defaultdict
from pathlib import Path

from responder import BINARY, CHECKOUT, clean_environment

UNITS = CHECKOUT / "deploy/systemd"
FIRST_PASSED_DESCRIPTOR = 3


class Unit:
    """A unit file, which has each setting with all its values in order (systemd.syntax(7))."""

    def __init__(self, name: str) -> None:
        self.settings: dict[str, list[str]] = defaultdict(list)
        for line in (UNITS / name).read_text().splitlines():
            if line and line[0] not in "#[":
                setting, _, value = line.partition("=")
                self.settings[setting].append(value)

    def __getitem__(self, setting: str) -> str:
        """Returns the value of a setting that occurs exactly once."""
        [value] = self.settings[setting]
        return value


class Supervisor:
    """Holds the socket of `eventlog.socket`, and starts `eventlog.service` with it, any number of times."""

    def __init__(self, folder: Path, abstract: bool = False, **environment: str) -> None:
        """Listens on the socket.

        `abstract` says whether the socket for notifications has an abstract address. `environment` has the variables
        that the service's EnvironmentFile would have.
        """
        self.socket_unit, self.service_unit = Unit("eventlog.socket"), Unit("eventlog.service")
        self.path = folder / "eventlog.sock"
        self.log = folder / "eventlog.log"
        self._environment = {
            **dict(assignment.split("=", 1) for assignment in self.service_unit.settings["Environment"]),
            "EVENTLOG_STORE": f"sqlite:{folder / 'events.sqlite'}",
            **environment,
        }
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self.path.chmod(int(self.socket_unit["SocketMode"], 8))
        self._listener.listen(int(self.socket_unit["Backlog"]))

        notify = str(folder / "notify")
        self._notify_address = "@" + notify if abstract else notify
        self._notifications = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._notifications.bind("\0" + notify if abstract else notify)
        self._notifications.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def stop_timeout(self) -> int:
        """The time in seconds after which systemd would kill a service that does not end."""
        return int(self.service_unit["TimeoutStopSec"])

    def start(self) -> subprocess.Popen[bytes]:
        """Starts the service, and returns before it is ready."""
        name = self.socket_unit["FileDescriptorName"]
        program, *arguments = self.service_unit["ExecStart"].split()
        assert Path(program).name == BINARY.name
        # The shell turns into the service, so LISTEN_PID is the service's process id.
        script = f'exec {FIRST_PASSED_DESCRIPTOR}<&{self._listener.fileno()}; LISTEN_PID=$$ exec "$@"'
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["bash", "-c", script, "bash", BINARY, *arguments],
                stdin=subprocess.DEVNULL,
                stderr=log,
                pass_fds=[self._listener.fileno()],
                env=clean_environment(
                    LISTEN_FDS="1",
                    LISTEN_FDNAMES=name,
                    NOTIFY_SOCKET=self._notify_address,
                    **self._environment,
                ),
            )
        return self.process

    def notification(self, seconds: float = 10) -> str:
        """Returns the service's next notification. Those of other processes are ignored, as with NotifyAccess=main."""
        assert self.process
        self._notifications.settimeout(seconds)
        size = socket.CMSG_SPACE(12)
        while True:
            text, ancillary, _, _ = self._notifications.recvmsg(4096, size)
            [(_, kind, credentials)] = ancillary
            assert kind == socket.SCM_CREDENTIALS
            if int.from_bytes(credentials[:4], "little") == self.process.pid:
                return text.decode()

    def start_until_ready(self) -> None:
        self.start()
        assert self.notification() == "READY=1", self.log.read_text()

    def stop(self) -> int:
        """Stops the service, and returns its exit status. Fails if systemd would have to kill the service."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(self.stop_timeout)

    def close(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._listener.close()
        self._notifications.close()
        os.unlink(self.path)
        print(f"The end of {self.log}:\n{self.log.read_text()[-4000:]}")

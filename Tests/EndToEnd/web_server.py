"""nginx with the configuration that is shipped in deploy/nginx."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

from http_client import HTTPClient
from responder import CHECKOUT, wait_until

NGINX = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or "nginx"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class WebServer:
    def __init__(self, folder: Path, responder_socket: Path) -> None:
        self.folder = folder
        self.port = free_port()
        folder.mkdir()
        configuration = (CHECKOUT / "deploy/nginx/nginx.conf.template").read_text()
        values = {
            "@PORT@": str(self.port),
            "@SOCKET@": str(responder_socket),
            "@STATIC@": str(CHECKOUT / "deploy/static"),
        }
        for placeholder, value in values.items():
            configuration = configuration.replace(placeholder, value)
        (folder / "nginx.conf").write_text(configuration)
        (folder / "eventlog").symlink_to(CHECKOUT / "deploy/nginx")

        directives = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
        command = [
            NGINX,
            "-p",
            str(folder),
            "-c",
            str(folder / "nginx.conf"),
            "-e",
            "stderr",
            "-g",
            directives,
        ]
        self.errors = folder / "error.log"
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=errors)
        wait_until(lambda: self._listens() or self.process.poll() is not None, "nginx listens")
        assert self.process.poll() is None, self.errors.read_text()

    def _listens(self) -> bool:
        with socket.socket() as attempt:
            return attempt.connect_ex(("127.0.0.1", self.port)) == 0

    def client(self, timeout: float = 30) -> HTTPClient:
        return HTTPClient(self.port, timeout)

    def access_log(self) -> str:
        return (self.folder / "access.log").read_text()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        print(f"The end of {self.errors}:\n{self.errors.read_text(errors='replace')[-4000:]}")

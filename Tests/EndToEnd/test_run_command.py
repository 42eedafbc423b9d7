"""Tests that `deploy/run` leads from a checkout to the page with one command."""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import Site
from http_client import HTTPClient, valid_event
from responder import CHECKOUT, clean_environment, wait_until
from web_server import free_port

pytestmark = pytest.mark.skipif(
    shutil.which("swift") is None or "EVENTLOG_BINARY" in os.environ,
    reason="deploy/run builds its own binary",
)

RUN = CHECKOUT / "deploy/run"


class RunCommand:
    def __init__(self, *options: str) -> None:
        self.port = free_port()
        self.output = ""
        self.process = subprocess.Popen(
            [RUN, "--skip-install", "--port", str(self.port), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=clean_environment(),
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_until_it_answers(self) -> None:
        wait_until(lambda: self.address in self.output or self.process.poll() is not None, "it answers", 120)
        assert self.process.poll() is None, self.output

    def listens(self) -> bool:
        with socket.socket() as attempt:
            return attempt.connect_ex(("127.0.0.1", self.port)) == 0

    def children(self) -> list[int]:
        """Returns the process ids of the script's children, which are the responder and nginx's master."""
        text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in text.split()]

    def nginx_workers(self) -> list[int]:
        nginx = self.child("nginx")
        return [int(pid) for pid in Path(f"/proc/{nginx}/task/{nginx}/children").read_text().split()]

    def child(self, name: str) -> int:
        found = [pid for pid in self.children() if Path(f"/proc/{pid}/comm").read_text().strip() == name]
        assert len(found) == 1
        return found[0]


@contextmanager
def run(*options: str) -> Iterator[RunCommand]:
    command = RunCommand(*options)
    try:
        yield command
    finally:
        command.process.terminate()
        command.process.wait(60)
        print(command.output)


def test_one_command_shows_the_page_and_takes_events(site: Site) -> None:
    data = site.folder / "data"
    with run("--data", str(data)) as command:
        command.wait_until_it_answers()
        with HTTPClient(command.port) as client:
            assert [event["id"] for event in client.events()] == ["evt_001", "evt_002", "evt_003"]
            page = client.get("/", accept="text/html")
            assert page.status == 200 and b"evt_003" in page.body
            assert client.get("/static/style.css").status == 200
            assert client.get("/static/error.html").status == 404
            assert client.get("/static/nothing", accept="text/html").body.count(b"<h2>Not Found</h2>") == 1
            assert (
                client.post_form(
                    {"type": "info", "source": "form", "message": "a"}, {"Accept": "text/html"}
                ).status
                == 303
            )
        event = '{"type":"info","source":"curl","message":"b"}'
        curl = [
            "curl",
            "-fsS",
            f"{command.address}/events",
            "-H",
            "Content-Type: application/json",
            "-d",
            event,
        ]
        assert json.loads(subprocess.check_output(curl))["id"] == "evt_005"
        with HTTPClient(command.port) as client:
            # nginx puts a body of this size into a file.
            assert client.post_event(message="a" * 60_000, data={"a": "b" * 16_000}, tags=["c" * 64]).status == 201
            large = json.dumps(valid_event()).encode() + b" " * 500_000
            assert client.post(large).status == 201

        processes = command.children()
        workers = command.nginx_workers()
        assert workers and all(Path(f"/proc/{worker}").stat().st_uid != 0 or os.geteuid() != 0 for worker in workers)
        command.process.terminate()
        assert command.process.wait(60) == 0
    assert not [pid for pid in processes if Path(f"/proc/{pid}").exists()]
    assert not command.listens()
    assert (data / "events.sqlite").exists()

    with run("--data", str(data), "--no-examples") as command:
        command.wait_until_it_answers()
        with HTTPClient(command.port) as client:
            assert len(client.events()) == 7


def test_a_request_under_way_is_answered_before_it_ends(site: Site) -> None:
    """nginx has begun to receive the request, and passes it on to the responder when it has all of it."""
    body = json.dumps(valid_event()).encode()
    head = (
        "POST /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with run("--data", str(site.folder / "data"), "--store", "memory") as command:
        command.wait_until_it_answers()
        with socket.create_connection(("127.0.0.1", command.port), timeout=20) as upload:
            upload.sendall(head)
            assert upload.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
            command.process.terminate()
            wait_until(lambda: not command.listens(), "nginx accepts no more connections")
            upload.sendall(body)
            assert upload.recv(12) == b"HTTP/1.1 201"
        assert command.process.wait(60) == 0


def test_its_options_are_heeded_however_deep_the_folder_is(site: Site) -> None:
    data = site.folder / "with a space" / ("deep" * 30)
    with run("--data", str(data), "--store", "memory", "--no-examples") as command:
        command.wait_until_it_answers()
        with HTTPClient(command.port) as client:
            assert client.events() == []
    assert not (data / "events.sqlite").exists()
    assert command.process.returncode == 0


@pytest.mark.parametrize("name", ["eventlog", "nginx"])
def test_it_ends_with_a_message_when_one_of_its_two_dies(site: Site, name: str) -> None:
    with run("--data", str(site.folder / "data")) as command:
        command.wait_until_it_answers()
        processes = command.children()
        os.kill(command.child(name), signal.SIGKILL)
        assert command.process.wait(60) == 1
    assert ("the responder" if name == "eventlog" else "nginx") + " has exited" in command.output
    assert not [pid for pid in processes if Path(f"/proc/{pid}").exists()]
    assert not command.listens()


def test_a_taken_port_is_told_at_once(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = subprocess.run(
            [RUN, "--skip-install", "--port", port, "--data", str(site.folder / "data")],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert result.returncode == 1
    assert f"port {port} is already in use" in result.stderr


@pytest.mark.parametrize("options", [["--port", "0"], ["--port", "x"], ["--port"], ["--colour"], ["more"]])
def test_a_wrong_option_ends_with_64(options: list[str]) -> None:
    result = subprocess.run([RUN, *options], capture_output=True, text=True, timeout=60)
    assert result.returncode == 64
    assert result.stderr.startswith("deploy/run: ") and len(result.stderr.splitlines()) == 1


def test_help_names_every_option() -> None:
    result = subprocess.run([RUN, "--help"], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0
    for option in ("--port", "--data", "--store", "--no-examples", "--skip-install"):
        assert option in result.stdout

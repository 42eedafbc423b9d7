"""Tests the sockets on which a responder listens: its own, inherited ones, and those it must not take."""

import grp
import os
import socket
import stat
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from conftest import Site
from fcgi_client import FastCGIConnection
from responder import BINARY, Responder, clean_environment, is_clear, run_to_end, wait_until
from web_server import free_port

Popen = subprocess.Popen[bytes]


@contextmanager
def started(
    command: Sequence[str | Path], stdin: int = subprocess.DEVNULL, **options: Any
) -> Iterator[Popen]:
    environment = clean_environment(EVENTLOG_STORE="memory")
    process = subprocess.Popen(command, stdin=stdin, env=environment, **options)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def listener(path: Path) -> Iterator[int]:
    """Provides the descriptor of a listening socket, as a supervisor makes it."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(128)
        yield listener.fileno()


def started_by_systemd(inherited: int, listen_pid: str, **options: Any) -> AbstractContextManager[Popen]:
    """Starts the program with the socket on descriptor 3. `$$` as `listen_pid` means the process itself."""
    script = f"exec 3<&{inherited}; LISTEN_PID={listen_pid} LISTEN_FDS=1 exec '{BINARY}'"
    return started(["bash", "-c", script], pass_fds=[inherited], **options)


def test_the_socket_is_for_owner_and_group_only(site: Site, responder: Responder) -> None:
    mode = site.socket.stat().st_mode
    assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o660


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file to any group")
def test_the_socket_can_be_given_to_the_group_of_the_web_server(site: Site) -> None:
    site.start_responder("--socket-group", "www-data")
    assert grp.getgrgid(site.socket.stat().st_gid).gr_name == "www-data"
    assert stat.S_IMODE(site.socket.stat().st_mode) == 0o660


def test_a_live_socket_is_refused_and_left_alone(site: Site, responder: Responder) -> None:
    second = run_to_end("serve", "--listen", f"unix:{site.socket}")
    assert second.returncode == 69
    assert is_clear(second.stderr) and str(site.socket) in second.stderr
    assert site.connect().request("GET", "/health").status == 200


def test_a_stale_socket_is_replaced(site: Site) -> None:
    site.start_responder().kill()
    assert site.socket.exists()
    site.start_responder()
    assert site.connect().request("GET", "/health").status == 200


def test_a_file_that_is_no_socket_is_not_replaced(site: Site) -> None:
    site.socket.write_text("precious")
    attempt = run_to_end("serve", "--listen", f"unix:{site.socket}")
    assert attempt.returncode == 69 and is_clear(attempt.stderr) and str(site.socket) in attempt.stderr
    assert site.socket.read_text() == "precious"


def test_replace_takes_a_live_socket_without_a_gap(site: Site, responder: Responder) -> None:
    site.start_responder("--replace")
    # When the old responder ends, it must not remove the new one's socket.
    responder.terminate()
    assert responder.wait() == 0
    assert site.connect().request("GET", "/health").status == 200


def test_no_other_file_is_left_beside_the_socket(site: Site, responder: Responder) -> None:
    names = {path.name for path in site.folder.iterdir()}
    assert {name for name in names if not name.startswith("events.sqlite")} == {
        "eventlog.sock",
        "eventlog.log",
    }


def test_it_listens_on_loopback_tcp() -> None:
    address = ("127.0.0.1", free_port())
    with started([BINARY, "serve", "--listen", f"127.0.0.1:{address[1]}"]):
        wait_until(lambda: accepts(address), "it listens")
        with FastCGIConnection(address) as connection:
            assert connection.request("GET", "/health").status == 200


def accepts(address: tuple[str, int]) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(address) == 0


def test_a_socket_on_descriptor_0_is_served(site: Site) -> None:
    """spawn-fcgi, lighttpd and systemd's StandardInput=socket start the program this way, with no arguments at all."""
    with listener(site.socket) as inherited, started([BINARY], inherited):
        assert site.connect().request("GET", "/health").status == 200


def test_a_socket_from_systemd_is_served(site: Site) -> None:
    with listener(site.socket) as inherited, started_by_systemd(inherited, "$$"):
        assert site.connect().request("GET", "/health").status == 200


@pytest.mark.parametrize("count", [2, 3])
def test_all_sockets_from_systemd_are_served(site: Site, count: int) -> None:
    with ExitStack() as stack:
        paths = [site.folder / f"{number}.sock" for number in range(count)]
        inherited = [stack.enter_context(listener(path)) for path in paths]
        redirections = " ".join(f"{number}<&{descriptor}" for number, descriptor in enumerate(inherited, 10))
        moves = " ".join(f"{3 + number}<&{10 + number} {10 + number}<&-" for number in range(count))
        script = f"exec {redirections}; exec {moves}; LISTEN_PID=$$ LISTEN_FDS={count} exec '{BINARY}'"
        process = stack.enter_context(started(["bash", "-c", script], pass_fds=inherited))
        for _ in range(2):
            connections = [stack.enter_context(FastCGIConnection(path)) for path in paths]
            for connection in connections:
                assert connection.request("GET", "/health", keep=False).status == 200
        process.terminate()
        assert process.wait(5) == 0


def test_a_socket_that_systemd_gave_to_another_process_is_not_served(site: Site) -> None:
    with listener(site.socket) as inherited, started_by_systemd(inherited, "1", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.wait(5) == 0
        assert b"USAGE: eventlog <subcommand>" in process.stdout.read(), "without a socket, it shows its help"


def test_an_inherited_socket_serves_one_process_after_the_other(site: Site) -> None:
    """The supervisor keeps the socket, so a client that connects between two processes waits, and is answered."""
    with listener(site.socket) as inherited:
        for _ in range(2):
            with site.connect() as waiting, started([BINARY], inherited) as process:
                assert waiting.request("GET", "/health").status == 200
                waiting.close()
                process.terminate()
                assert process.wait(5) == 0
            assert site.socket.exists()


def test_a_drain_does_not_harm_who_shares_the_socket(site: Site) -> None:
    with listener(site.socket) as inherited, started([BINARY], inherited) as first:
        # A signal that comes before the first answer would simply end the process.
        assert site.connect().request("GET", "/health", keep=False).status == 200
        with started([BINARY], inherited):
            first.terminate()
            assert first.wait(5) == 0
            for _ in range(10):
                assert site.connect().request("GET", "/health", keep=False).status == 200

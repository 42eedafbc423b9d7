"""Tests that on a full disk nothing more is recorded, everything else works, and the log recovers by itself."""

import errno
import itertools
import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from answer import Answer
from conftest import Site
from http_client import JSON, HTTPClient, valid_event
from load import Clients
from responder import BINARY, clean_environment, is_clear, run_to_end, wait_until
from system_calls import STRACE, needs_strace

MEBIBYTE = 1 << 20
FULL = {"status": "unavailable", "reason": "there is no room left to record events"}
PAGE = {"Accept": "text/html"}


@dataclass
class Disk:
    """A file system of eight mebibytes that holds the log and a file that takes up room."""

    folder: Path

    @property
    def store(self) -> str:
        return f"sqlite:{self.folder / 'events.sqlite'}"

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def free(self) -> int:
        """Returns the free space in bytes."""
        status = os.statvfs(self.folder)
        return status.f_bavail * status.f_frsize

    def fill(self, leaving: int = 0) -> None:
        """Takes up all room except for the given number of bytes, unless another process is quicker."""
        with self._ballast.open("ab", buffering=0) as ballast:
            try:
                while self.free() > leaving:
                    ballast.write(bytes(4096))
            except OSError as error:
                assert error.errno == errno.ENOSPC

    def make_room(self) -> None:
        self._ballast.unlink()


@pytest.fixture
def disk(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    folder = site.folder / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={8 * MEBIBYTE},mode=0755", "eventlog", str(folder)]
    mount = subprocess.run(command, capture_output=True, text=True)
    if mount.returncode != 0:
        pytest.skip(f"a small file system cannot be mounted here: {mount.stderr.strip()}")
    try:
        # The temporary files that SQLite may write while it reads must not find room elsewhere.
        monkeypatch.setenv("SQLITE_TMPDIR", str(folder))
        yield Disk(folder)
    finally:
        # A lazy unmount detaches the file system at once, even if a process is still using it.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def post_until_full(client: HTTPClient, size: int) -> tuple[list[str], Answer]:
    """Posts messages of about `size` bytes, and returns the acknowledged ones and the refusal."""
    acknowledged: list[str] = []
    for number in range(5000):
        message = f"number {number} " + "x" * size
        answer = client.post_event(message=message)
        if answer.status != 201:
            return acknowledged, answer
        acknowledged.append(message)
    raise AssertionError("the disk does not fill up")


def messages(client: HTTPClient, query: str = "") -> list[str]:
    return [event["message"] for event in client.events(query)]


def wait_for_health(client: HTTPClient, status: int) -> Answer:
    wait_until(lambda: client.get("/health").status == status, f"health is {status}")
    return client.get("/health")


@pytest.mark.parametrize("size", [10, 5_000, 60_000])
def test_writes_are_refused_reads_go_on_and_health_tells_until_there_is_room(
    site: Site, disk: Disk, size: int
) -> None:
    responder = site.start_responder(store=disk.store)
    with site.start_web_server().client() as client:
        assert client.post_event(message="before").status == 201
        disk.fill(leaving=MEBIBYTE)
        acknowledged, refusal = post_until_full(client, size)
        acknowledged.insert(0, "before")

        problem = refusal.problem(507)
        assert "room" in problem["detail"] and str(disk.folder) not in str(problem)
        health = wait_for_health(client, 503)
        assert health.json() == FULL and health.field("Retry-After")

        # Every kind of query works, even more of them at once than the store has open connections.
        assert messages(client) == acknowledged
        assert messages(client, "?q=befor") == ["before"]
        assert messages(client, "?sort=source&order=desc&limit=1") == acknowledged[-1:]
        assert client.get("/events/histogram").json()["total"] == len(acknowledged)
        assert client.get("/events/evt_001").json()["message"] == "before"
        assert client.get("/events.csv").status == client.get("/", accept="text/html").status == 200
        for connection in [site.connect() for _ in range(20)]:
            assert len(connection.request("GET", "/events?sort=type").json()) == len(acknowledged)

        # Health notices the room by itself, without a request that writes.
        time.sleep(1.2)
        assert client.get("/health").json() == FULL
        disk.make_room()
        assert wait_for_health(client, 200).json() == {"status": "ok"}
        # The attempts to find out whether there is room recorded nothing.
        assert messages(client) == acknowledged
        after = client.post_event(message="after" + "x" * size)
        assert after.status == 201
        # The refused events used up no ids.
        assert after.json()["id"] == f"evt_{len(acknowledged) + 1:03}"

        responder.kill()
        site.start_responder(store=disk.store)
        assert messages(client) == [*acknowledged, "after" + "x" * size]


def test_nothing_acknowledged_is_lost_while_it_fills_and_empties_under_load(site: Site, disk: Disk) -> None:
    responder = site.start_responder(store=disk.store)
    web_server = site.start_web_server()
    acknowledged: list[list[str]] = [[] for _ in range(6)]
    refused: list[list[str]] = [[] for _ in range(6)]

    def write(number: int, clients: Clients) -> None:
        with web_server.client() as client:
            for sent in itertools.count():
                if clients.ended.is_set():
                    return
                message = f"writer {number} event {sent} " + "x" * (1 << (sent % 13))
                answer = client.post_event(message=message)
                assert answer.status in (201, 507), answer
                (acknowledged if answer.status == 201 else refused)[number].append(message)

    def read(_: int, clients: Clients) -> None:
        with web_server.client() as client:
            while not clients.ended.wait(0.02):
                assert client.get("/events?limit=5&order=desc").status == 200
                assert client.get("/events?q=writer&limit=5").status == 200

    def is_refused_more_often_than(count: int) -> bool:
        return bool(writers.errors) or sum(map(len, refused)) > count

    with ExitStack() as end:
        writers = Clients(6, write)
        end.callback(writers.end)
        end.callback(Clients(1, read).end)
        for _ in range(5):
            disk.fill()
            wait_until(partial(is_refused_more_often_than, sum(map(len, refused))), "it is full")
            time.sleep(0.1)
            disk.make_room()
            time.sleep(0.1)
    responder.kill()
    site.start_responder(store=disk.store)
    with web_server.client() as client:
        stored = messages(client)
    assert Counter(stored) == Counter(itertools.chain(*acknowledged))
    print(f"{len(stored)} recorded, {sum(map(len, refused))} refused")
    assert stored and any(refused)


def test_the_page_keeps_what_was_filled_in(site: Site, disk: Disk) -> None:
    site.start_responder(store=disk.store)
    with site.start_web_server().client() as client:
        disk.fill(leaving=MEBIBYTE // 2)
        acknowledged, _ = post_until_full(client, 20_000)
        message = "y" * 30_000
        answer = client.post_form({"type": "error", "source": "shop", "message": message}, PAGE)
        html = answer.body.decode()
        assert answer.status == 507 and "There is no room left to record events." in html
        assert f"\n{message}</textarea>" in html and 'value="shop"' in html
        # The page still shows the list.
        assert f"evt_{len(acknowledged):03}" in html


def test_starting_on_a_full_disk_is_a_clear_refusal(site: Site, disk: Disk) -> None:
    responder = site.start_responder(store=disk.store)
    assert site.connect().request("GET", "/events").json() == []
    responder.kill()
    (disk.folder / "events.sqlite-shm").unlink()
    disk.fill()
    result = run_to_end("serve", "--listen", f"unix:{site.socket}", "--store", disk.store)
    assert result.returncode == 69
    assert is_clear(result.stderr) and len(result.stderr.splitlines()) == 1
    assert str(disk.folder) in result.stderr and "full" in result.stderr
    disk.make_room()
    site.start_responder(store=disk.store)
    assert site.connect().request("GET", "/health").status == 200


def test_a_limit_of_the_process_is_a_full_disk(site: Site) -> None:
    """A write beyond `ulimit -f` fails with EFBIG, and sends a signal that would end the process."""
    limited = ["prlimit", f"--fsize={MEBIBYTE}"]
    site.start_responder(command=limited)
    client = site.connect()
    body = json.dumps(valid_event(message="x" * 50_000)).encode()
    answers = [client.request("POST", "/events", body, JSON) for _ in range(60)]
    statuses = [answer.status for answer in answers]
    assert set(statuses) == {201, 507}
    assert "room" in answers[statuses.index(507)].problem(507)["detail"]
    assert len(client.request("GET", "/events").json()) == statuses.count(201)
    site.kill_responders()
    command = [*limited, BINARY, "append", "--store", site.store, "--type", "info", "--source", "a"]
    lines = ("x" * 50_000 + "\n") * 60
    ended = subprocess.run(command, input=lines, capture_output=True, text=True, env=clean_environment())
    assert ended.returncode == 69 and "ulimit -f" in ended.stderr and is_clear(ended.stderr)


@needs_strace
def test_a_used_up_quota_is_a_full_disk(site: Site) -> None:
    append = ["append", "--store", site.store, "--type", "info", "--source", "a", "message"]
    assert run_to_end(*append).returncode == 0
    # The first writes to the file prepare it for SQLite.
    inject = ["-P", f"{site.folder}/events.sqlite-wal", "-e", "inject=pwrite64:error=EDQUOT:when=4+"]
    command = [str(STRACE), "--follow-forks", "--output", "/dev/null", *inject, str(BINARY), *append]
    ended = subprocess.run(command, capture_output=True, text=True, env=clean_environment(), timeout=60)
    assert ended.returncode == 69 and "quota" in ended.stderr and is_clear(ended.stderr)
    assert run_to_end(*append).stdout == "evt_002\n"


def test_a_log_of_the_largest_size_is_a_full_disk(site: Site) -> None:
    responder = site.start_responder("--max-size", "3MiB")
    client = site.connect()
    body = json.dumps(valid_event(message="x" * 50_000)).encode()
    answers = [client.request("POST", "/events", body, JSON) for _ in range(100)]
    statuses = [answer.status for answer in answers]
    assert set(statuses) == {201, 507} and statuses[-1] == 507
    sizes = [(site.folder / name).stat().st_size for name in ("events.sqlite", "events.sqlite-wal")]
    assert sum(sizes) <= 3 * MEBIBYTE
    wait_until(lambda: client.request("GET", "/health").status == 503, "health tells")
    assert client.request("GET", "/health").json() == FULL
    status = client.request("GET", "/status").json()["store"]
    assert status["bytes"] >= status["wal_bytes"] == sizes[1]
    site.stop_peers()
    responder.stop()
    variables = {"EVENTLOG_STORE": site.store, "EVENTLOG_MAX_SIZE": "3MiB"}
    append = ["append", "--type", "info", "--source", "a", "x" * 60_000]
    refused = [run_to_end(*append, **variables) for _ in range(40)][-1]
    assert refused.returncode == 69 and "--max-size" in refused.stderr and is_clear(refused.stderr)
    assert run_to_end(*append, "--max-size", "1GiB", **variables).returncode == 0

"""Tests `eventlog tail` on a log's file: nothing is missed, nothing comes twice, and it comes at once."""

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import termios
import threading
import time
from pathlib import Path

import pytest

from conftest import Site
from http_client import JSON, valid_event
from responder import BINARY, Responder, clean_environment, run_to_end, wait_until
from tail_command import Tail, read_terminal


def ids(count: int, start: int = 1) -> list[str]:
    return [f"evt_{number:03}" for number in range(start, start + count)]


def append(store: str, *messages: str, type: str = "info", source: str = "tail") -> None:
    result = subprocess.run(
        [BINARY, "append", f"--type={type}", f"--source={source}"],
        input="\n".join(messages),
        text=True,
        capture_output=True,
        timeout=60,
        env=clean_environment(EVENTLOG_STORE=store),
    )
    assert result.returncode == 0, result


def digest(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.glob("events.sqlite*")}


def test_it_shows_the_newest_that_match_the_oldest_of_them_first(site: Site) -> None:
    append(site.store, *(f"number {number}" for number in range(1, 31)), source="one")
    append(site.store, *(f"number {number}" for number in range(31, 41)), source="two", type="error")
    before = digest(site.folder)

    def shown(*arguments: str) -> list[str]:
        result = run_to_end("tail", *arguments, EVENTLOG_STORE=site.store)
        assert result.returncode == 0 and not result.stderr, result
        return [json.loads(line)["id"] for line in result.stdout.splitlines()]

    assert shown() == ids(20, 21)
    assert shown("-n", "3") == ids(3, 38)
    assert shown("-n0") == []
    assert shown("--limit", "1000") == ids(40)
    assert shown("-n", "2", "--source", "one") == ids(2, 29)
    assert shown("--type", "error", "-q", "number 3") == ids(9, 31)
    assert shown("--until", "2020-01-01") == []
    assert digest(site.folder) == before


def test_it_has_the_formats_of_list(site: Site) -> None:
    append(site.store, "a", "b", "c")
    for format in ("json", "ndjson", "csv", "table"):
        listed, shown = (
            run_to_end(*command, "--format", format, EVENTLOG_STORE=site.store).stdout
            for command in (("list", "--order", "asc"), ("tail",))
        )
        assert shown == listed and "evt_003" in shown
    with Tail(site.folder, "-f", "-n1", "--format", "csv", store=site.store) as tail:
        tail.until(2)
        append(site.store, "d")
        tail.until(3)
        assert tail.lines[0].startswith("id,timestamp,type")
        assert [line.split(",")[0] for line in tail.lines[1:]] == ["evt_003", "evt_004"]


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["--sort", "source"], "order of recording"),
        (["--order", "desc"], "order of recording"),
        (["-f", "--format", "json"], "has no end"),
        (["-n", "1001"], "from 0 to 1000"),
        (["--type", "warning"], "--type must be"),
        (["--from", "log.example"], "http or https URL"),
        (["--from", "https://user:secret@log.example/"], "http or https URL"),
        (["--from", "https://log.example/?type=info"], "http or https URL"),
    ],
)
def test_a_wrong_option_ends_with_64(arguments: list[str], said: str) -> None:
    result = run_to_end("tail", *arguments)
    assert result.returncode == 64 and said in result.stderr, result


def test_a_file_that_is_no_log_ends_with_69(tmp_path: Path) -> None:
    assert run_to_end("tail", "-f", EVENTLOG_STORE=f"sqlite:{tmp_path}/none").returncode == 69
    (tmp_path / "text").write_text("no log" * 1000)
    result = run_to_end("tail", "-f", EVENTLOG_STORE=f"sqlite:{tmp_path}/text")
    assert result.returncode == 69 and "text" in result.stderr


def test_nothing_is_missed_and_nothing_comes_twice_over_the_seam(site: Site) -> None:
    responder = site.start_responder()
    site.start_responder(socket=site.folder / "other.sock")
    end = threading.Event()

    def write(socket: Path) -> None:
        connection = site.connect(socket)
        body = json.dumps(valid_event(message="x" * 200)).encode()
        while not end.is_set():
            assert connection.request("POST", "/events", body, JSON).status == 201

    writers = [threading.Thread(target=write, args=(responder.socket,)) for _ in range(3)]
    writers += [threading.Thread(target=write, args=(site.folder / "other.sock",))]
    for writer in writers:
        writer.start()
    tails = []
    try:
        for number in range(8):
            time.sleep(0.15)
            tails.append(Tail(site.folder, "-f", "-n", str(number * 100), store=site.store))
            append(site.store, "by another process", source="odd")
    finally:
        end.set()
        for writer in writers:
            writer.join()
    count = int(site.connect().request("GET", "/events?order=desc&limit=1").json()[0]["id"][4:])
    for tail in tails:
        wait_until(lambda tail=tail: tail.lines and tail.ids[-1] == f"evt_{count:03}", "the last has come")
        shown = [int(id[4:]) for id in tail.ids]
        assert shown == list(range(shown[0], count + 1)) and not tail.said
        assert tail.end(signal.SIGTERM) == -signal.SIGTERM


def test_what_any_process_records_is_shown_at_once(site: Site) -> None:
    append(site.store, "first")
    latencies = []
    with Tail(site.folder, "-f", store=site.store) as tail:
        tail.until(1)
        for number in range(2, 12):
            append(site.store, "by a command")
            latencies.append(delay(tail, number))
        responder = site.start_responder()
        connection = site.connect()
        for number in range(12, 32):
            assert connection.request("POST", "/events", json.dumps(valid_event()).encode(), JSON).status == 201
            latencies.append(delay(tail, number))
            time.sleep(0.02)
        site.stop_peers()
        responder.stop()
        assert sorted(path.name for path in site.folder.glob("events.sqlite*")) == ["events.sqlite"], (
            "the last writer could not leave a whole file, because of the tail"
        )
        with sqlite3.connect(site.folder / "events.sqlite") as database:
            for number in range(32, 42):
                database.execute("INSERT INTO event (timestamp, type, source, message) VALUES (0, 'info', 'sql', 'm')")
                database.commit()
                latencies.append(delay(tail, number))
        assert tail.ids == ids(41)
    print(f"after {sorted(round(latency * 1000, 1) for latency in latencies)} ms")
    assert sorted(latencies)[-4] < 0.1


def delay(tail: Tail, count: int) -> float:
    """Returns how much later than now the newest event has been shown, in seconds."""
    start = time.monotonic()
    tail.until(count, 5)
    return tail.times[count - 1] - start


def test_nothing_is_done_while_nothing_happens(site: Site) -> None:
    site.start_responder("--examples")
    with Tail(site.folder, "-f", store=site.store) as tail:
        tail.until(3)
        time.sleep(2)

        def switches() -> list[str]:
            status = Path(f"/proc/{tail.process.pid}/status").read_text()
            return re.findall(r"voluntary_ctxt_switches:\s+(\d+)", status)

        before = switches()
        time.sleep(2)
        assert switches() == before


def test_it_shows_the_first_event_of_a_log(site: Site, responder: Responder) -> None:
    with Tail(site.folder, "-f", "--type", "error", store=site.store) as tail:
        time.sleep(0.5)
        append(site.store, "no", type="info")
        append(site.store, "yes", type="error")
        append(site.store, "no", type="info")
        append(site.store, "yes", type="error")
        tail.until(2)
        assert tail.ids == ["evt_002", "evt_004"] and responder.process.poll() is None


def test_it_goes_on_when_the_log_is_moved_and_replaced(site: Site) -> None:
    path = site.folder / "events.sqlite"
    append(site.store, "one", "two")
    with Tail(site.folder, "-f", store=site.store) as tail:
        tail.until(2)
        path.rename(site.folder / "elsewhere")
        tail.until_said("is gone")
        append(f"sqlite:{site.folder}/elsewhere", "three")
        (site.folder / "elsewhere").rename(path)
        tail.until_said("is back")
        tail.until(3)
        # The log is replaced by a backup, which lacks what was recorded after it.
        assert run_to_end("backup", str(site.folder / "backup"), EVENTLOG_STORE=site.store).returncode == 0
        append(site.store, "four")
        tail.until(4)
        shutil.copy(site.folder / "backup", site.folder / "copy")
        (site.folder / "copy").rename(path)
        append(site.store, "new four")
        tail.until_said("another event log")
        tail.until(5)
        # It begins anew.
        path.unlink()
        tail.until_said("is gone")
        append(site.store, "new one")
        tail.until(6)
        assert tail.messages == ["one", "two", "three", "four", "new four", "new one"]
        assert tail.ids == [*ids(4), "evt_004", "evt_001"]
        assert tail.process.poll() is None and len(tail.said.splitlines()) < 10


def test_it_follows_a_link_to_another_log(site: Site) -> None:
    for name in ("a", "b"):
        (site.folder / name).mkdir()
    first, second = (f"sqlite:{site.folder}/{name}/log" for name in ("a", "b"))
    append(first, "in a")
    link = site.folder / "link"
    link.symlink_to("a/log")
    with Tail(site.folder, "-f", store=f"sqlite:{link}") as tail:
        tail.until(1)
        append(second, "in b")
        other = site.folder / "new link"
        other.symlink_to("b/log")
        other.rename(link)
        tail.until(2)
        append(second, "more")
        tail.until(3)
        assert tail.messages == ["in a", "in b", "more"]


def test_a_backup_can_be_shown(site: Site) -> None:
    append(site.store, "kept")
    backup = site.folder / "backup"
    assert run_to_end("backup", str(backup), EVENTLOG_STORE=site.store).returncode == 0
    backup.chmod(0o400)
    before = backup.read_bytes()
    with Tail(site.folder, "-f", store=f"sqlite:{backup}") as tail:
        tail.until(1)
        assert tail.messages == ["kept"]
        assert tail.end(signal.SIGINT) == -signal.SIGINT
    assert backup.read_bytes() == before
    assert not list(site.folder.glob("backup-*"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it(site: Site, number: signal.Signals) -> None:
    append(site.store, "one")
    with Tail(site.folder, "-f", store=site.store) as tail:
        tail.until(1)
        assert tail.end(number) == -number and not tail.said


@pytest.mark.parametrize("is_ignored", [False, True])
def test_it_ends_when_nobody_reads_it_any_longer(site: Site, is_ignored: bool) -> None:
    """It does not wait for the next event to notice that."""
    append(site.store, "one")
    process = subprocess.Popen(
        [BINARY, "tail", "-f"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(EVENTLOG_STORE=site.store),
        restore_signals=not is_ignored,
    )
    assert process.stdout and process.stderr
    assert b"evt_001" in process.stdout.readline()
    process.stdout.close()
    assert process.wait(5) == (74 if is_ignored else -signal.SIGPIPE)
    assert (b"cannot write the output" in process.stderr.read()) == is_ignored
    process.stderr.close()


def on_a_terminal(
    *command: str, until: bytes, then: object = None, columns: int = 100, **environment: str
) -> bytes:
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    variables = {"TERM": "xterm", "NO_COLOR": "", **environment}
    process = subprocess.Popen(
        [BINARY, *command],
        stdin=subprocess.DEVNULL,
        stdout=child,
        stderr=subprocess.PIPE,
        env=clean_environment(**variables),
    )
    os.close(child)
    try:
        return read_terminal(parent, 10, until)
    finally:
        process.kill()
        process.communicate()
        os.close(parent)


def test_a_terminal_shows_a_line_for_each_event_with_its_type_in_color(site: Site) -> None:
    append(site.store, "x" * 300, type="error", source="long")
    append(site.store, "two", type="info", source="s" * 80)
    for command in (["tail", "-f"], ["tail"], ["list", "--order", "asc"]):
        text = on_a_terminal(*command, until=b"two", EVENTLOG_STORE=site.store)
        title, first, second = text.decode().split("\r\n")[:3]
        assert title.startswith("ID") and "\x1b" not in title
        assert "  \x1b[31merror\x1b[0m  " in first and first.endswith("x…")
        assert "  \x1b[34minfo\x1b[0m  " in second and "sss…" in second
        plain = re.sub(r"\x1b\[\d+m", "", first)
        assert len(plain) == 100 and "\x1b" not in plain
    for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        text = on_a_terminal("tail", "-f", until=b"two", EVENTLOG_STORE=site.store, **variables)
        assert b"\x1b" not in text and b"error" in text
    # A narrow terminal cuts through the type.
    text = on_a_terminal("tail", until=b"two", columns=39, EVENTLOG_STORE=site.store)
    assert re.search(rb"  \x1b\[31mer\S*\x1b\[0m", text)


def test_a_terminal_shows_what_comes(site: Site) -> None:
    append(site.store, "one")
    timer = threading.Timer(0.7, lambda: append(site.store, "two\nlines", "three", type="system"))
    timer.start()
    text = on_a_terminal("tail", "-f", until=b"three", EVENTLOG_STORE=site.store)
    timer.join()
    lines = text.decode().split("\r\n")
    assert [line[:7].strip() for line in lines[:5]] == ["ID", *ids(4)]

"""Tests `eventlog append` with what stands in its way: a busy log, an output that is full, and lines for a terminal."""

import json
import os
import resource
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

import older_log
from conftest import Site
from responder import BINARY, clean_environment, wait_until

COMMAND = [BINARY, "append", "--type=info", "--source=s"]


def append(site: Site, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = clean_environment(EVENTLOG_STORE=site.store)
    return subprocess.run([*COMMAND, *arguments], input=given, capture_output=True, timeout=60, env=environment)


def messages(site: Site) -> list[str]:
    environment = clean_environment(EVENTLOG_STORE=site.store)
    exported = subprocess.run([BINARY, "export"], capture_output=True, check=True, timeout=60, env=environment)
    return [json.loads(line)["message"] for line in exported.stdout.splitlines()]


def test_what_is_written_for_a_terminal_is_recorded_as_text(site: Site) -> None:
    given = b"plain\n\x1b[1;31mred\x1b[0m\r\n\x1b]0;title\x07after\n\x1b[0m\nbell\x07 \xc2\x9b2Jend\n50%\r99%\r\n"
    result = append(site, given=given)
    assert result.returncode == 0
    assert messages(site) == ["plain", "red", "after", "bell\ufffd end", "50%\n99%"]
    assert b"escape sequences were left out of 5 lines, and there carriage returns became line breaks" in result.stderr
    again = append(site, given=b"plain\n")
    assert again.returncode == 0 and again.stderr == b""


def test_a_new_log_is_announced_with_its_place(site: Site) -> None:
    environment = clean_environment()
    command = [*COMMAND, "message"]
    first = subprocess.run(command, capture_output=True, cwd=site.folder, timeout=60, env=environment)
    assert first.returncode == 0 and first.stdout == b"evt_001\n"
    assert f"a new one is at {site.folder.resolve()}/events.sqlite".encode() in first.stderr
    second = subprocess.run(command, capture_output=True, cwd=site.folder, timeout=60, env=environment)
    assert second.returncode == 0 and second.stderr == b""


@pytest.mark.parametrize("arguments, given", [(["one"], b""), ([], b"one\n")], ids=["a message", "a pipe"])
def test_what_is_recorded_is_no_failure_where_the_ids_cannot_be_printed(
    site: Site, arguments: list[str], given: bytes
) -> None:
    append(site, "first")
    environment = clean_environment(EVENTLOG_STORE=site.store)
    reader, gone = os.pipe()
    os.close(reader)
    with open("/dev/full", "wb") as full, os.fdopen(gone, "wb") as closed:
        for output, reason in ((full, b"No space left"), (closed, b"Broken pipe")):
            result = subprocess.run(
                [*COMMAND, *arguments],
                input=given,
                stdout=output,
                stderr=subprocess.PIPE,
                timeout=60,
                env=environment,
            )
            assert result.returncode == 0
            assert b"are recorded, but" in result.stderr and reason in result.stderr
    assert messages(site) == ["first", "one", "one"]


def test_a_pipe_goes_on_when_nobody_reads_its_ids(site: Site) -> None:
    environment = clean_environment(EVENTLOG_STORE=site.store)
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(b"one\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"evt_001\n"
        process.stdout.close()
        for line in (b"two\n", b"three\n"):
            process.stdin.write(line)
            process.stdin.flush()
            time.sleep(0.2)
        process.stdin.close()
        assert process.stderr.read().count(b"cannot be written") == 1
        assert process.wait(10) == 0
    assert messages(site) == ["one", "two", "three"]


def test_a_pipe_waits_for_a_log_that_others_keep_busy(site: Site) -> None:
    """A single call gives up after ten seconds."""
    append(site, "first")
    environment = clean_environment(EVENTLOG_STORE=site.store)
    database = sqlite3.connect(site.folder / "events.sqlite", isolation_level=None)
    said = site.folder / "said"
    with (
        said.open("wb") as errors,
        subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment
        ) as process,
    ):
        assert process.stdin and process.stdout
        process.stdin.write(b"opened\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"evt_002\n"
        database.execute("BEGIN IMMEDIATE")
        process.stdin.write(b"this one\n")
        process.stdin.flush()
        wait_until(lambda: b"waiting until it can be written" in said.read_bytes(), "it says so", 30)
        assert process.poll() is None
        process.stdin.write(b"later ones\n")
        process.stdin.flush()
        database.execute("ROLLBACK")
        assert process.stdout.readline() == b"evt_003\n"
        assert process.stdout.readline() == b"evt_004\n"
        process.stdin.close()
        assert process.wait(20) == 0
    database.close()
    assert said.read_bytes().count(b"\n") == 1
    assert messages(site) == ["first", "opened", "this one", "later ones"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_pipe_ends_between_two_transactions(site: Site, number: signal.Signals) -> None:
    """What was printed is recorded. What was not is told by its line, and nobody has to wait for who was stopped."""
    append(site, "first")
    environment = clean_environment(EVENTLOG_STORE=site.store)
    database = sqlite3.connect(site.folder / "events.sqlite", isolation_level=None)
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(b"one\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"evt_002\n"
        process.send_signal(signal.SIGTSTP)
        status = Path(f"/proc/{process.pid}/stat")
        wait_until(lambda: status.read_text().rsplit(")", 1)[1].split()[0] == "T", "it is paused")
        database.execute("BEGIN IMMEDIATE")
        process.send_signal(signal.SIGCONT)
        process.stdin.write(b"\ntwo\n")
        process.stdin.flush()
        assert b"waiting until it can be written" in process.stderr.readline()
        process.send_signal(number)
        assert process.wait(3) == -number
        assert b"line 3 and what follows were not recorded: interrupted" in process.stderr.read()
    database.execute("ROLLBACK")
    database.close()
    assert messages(site) == ["first", "one"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_pipe_that_waits_for_lines_can_be_ended(site: Site, number: signal.Signals) -> None:
    environment = clean_environment(EVENTLOG_STORE=site.store)
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdin and process.stdout
        process.stdin.write(b"one\nhalf a line")
        process.stdin.flush()
        assert process.stdout.readline() == b"evt_001\n"
        process.send_signal(number)
        assert process.wait(3) == -number
    assert [path.name for path in site.folder.glob("events.sqlite*")] == ["events.sqlite"], "it has closed the log"
    assert messages(site) == ["one"]


@pytest.mark.parametrize("command", [["append", "--type=info", "--source=s", "m"], ["import", "-"]])
def test_a_command_waits_for_a_log_that_it_cannot_bring_up_to_date(site: Site, command: list[str]) -> None:
    older_log.create(site.folder / "events.sqlite", 1, 10)
    database = sqlite3.connect(site.folder / "events.sqlite", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    for number in (signal.SIGINT, None):
        with subprocess.Popen(
            [BINARY, *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=clean_environment(EVENTLOG_STORE=site.store),
        ) as process:
            assert process.stdin and process.stderr
            process.stdin.write(b'{"type":"info","source":"s","message":"m"}\n')
            process.stdin.close()
            assert b"waiting until it can be written" in process.stderr.readline()
            if number:
                process.send_signal(number)
                assert process.wait(3) == -number
            else:
                database.execute("ROLLBACK")
                assert process.wait(10) == 0
    database.close()
    assert len(messages(site)) == 11


@pytest.mark.parametrize("given", [Path("/"), None], ids=["a folder", "nothing"])
def test_an_input_that_cannot_be_read_is_said(site: Site, given: Path | None) -> None:
    environment = clean_environment(EVENTLOG_STORE=site.store)
    script = '"$0" append --type=info --source=s ' + (f"<{given}" if given else "<&-")
    result = subprocess.run(["sh", "-c", script, BINARY], capture_output=True, timeout=10, env=environment)
    assert result.returncode == 66 and b"cannot read standard input: " in result.stderr


def test_what_was_not_recorded_is_told_by_its_line(site: Site) -> None:
    """Lines that arrive together are recorded in several transactions, of which the first ones may succeed."""
    append(site, "first")
    file = site.folder / "lines"
    file.write_bytes(b"\n\nx\n" + b"\ny\n" * 60_000)
    environment = clean_environment(EVENTLOG_STORE=site.store)
    size = sum(path.stat().st_size for path in site.folder.glob("events.sqlite*"))
    with file.open("rb") as given:
        command = [*COMMAND, f"--max-size={size + 1_500_000}"]
        result = subprocess.run(command, stdin=given, capture_output=True, timeout=60, env=environment)
    assert result.returncode == 69
    recorded = len(messages(site)) - 1
    assert 1 < recorded < 60_000
    # Two blank lines come before the first event, and one before each of the others.
    assert f"line {2 * recorded + 3} and what follows were not recorded" in result.stderr.decode()


def test_one_long_line_costs_what_its_length_is(site: Site) -> None:
    append(site, "first")

    def processor_time(size: int) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert append(site, given=b"x" * size + b"\n").returncode == 65
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    processor_time(1 << 17)
    # Most of the time is the start of the process.
    assert min(processor_time(1 << 24) for _ in range(2)) < 4 * max(processor_time(1 << 22) for _ in range(2)) + 0.1

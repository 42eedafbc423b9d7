"""Tests `eventlog append` with what stands in its way: a busy log, an output that is full, and lines for a terminal."""

import contextlib
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


def append_as(site: Site, format: str, given: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    environment = clean_environment(EVENTLOG_STORE=site.store)
    command = [BINARY, "append", "--format", format, *options]
    return subprocess.run(command, input=given, capture_output=True, timeout=60, env=environment)


def events(site: Site) -> list[dict[str, object]]:
    environment = clean_environment(EVENTLOG_STORE=site.store)
    exported = subprocess.run([BINARY, "export"], capture_output=True, check=True, timeout=60, env=environment)
    return [json.loads(line) for line in exported.stdout.splitlines()]


@pytest.mark.parametrize("format", ["ndjson", "json"])
def test_events_are_taken_with_defaults(site: Site, format: str) -> None:
    lines = [
        b'{"message":"one"}', b'{"type":"error","source":"own","message":"two","occurred_at":"2024-01-15T14:30:00Z"}',
        b'{"type":"odd","message":"three"}', b'{"id":"evt_001","message":"four"}', b'{"message":"five","data":{"a":1}}',
    ]  # fmt: skip
    given = b"\n".join(lines) if format == "ndjson" else b"[" + b",\n".join(lines) + b"]"
    result = append_as(site, format, given, "--type=info", "--source=s")
    assert result.returncode == 65 and result.stdout == b"evt_001\nevt_002\nevt_003\n"
    errors = result.stderr.decode().splitlines()[1:]
    assert [error.partition(":")[2].partition(":")[0] for error in errors] == [" line 3", " line 4"]
    assert "eventlog import" in errors[1]
    recorded = events(site)
    assert [(event["type"], event["source"], event["message"]) for event in recorded] == [
        ("info", "s", "one"), ("error", "own", "two"), ("info", "s", "five"),
    ]  # fmt: skip
    assert recorded[1]["occurred_at"] == "2024-01-15T14:30:00.000Z" and recorded[2]["data"] == {"a": 1}
    # What is missing and has no default is an error of that line.
    assert b"line 1: source is required" in append_as(site, format, given, "--type=info").stderr


@pytest.mark.parametrize("options", [
    ["--format=csv"], ["--format=ndjson", "message"], ["--format=ndjson", "--tag=a"], ["--format=journal", "--data={}"],
    ["--type=info"], ["--source=s"], ["--format=ndjson", "--type=odd"], ["--type=info", "--source=s", "--cursor-file=c"],
])  # fmt: skip
def test_options_that_do_not_go_together_are_refused(site: Site, options: list[str]) -> None:
    environment = clean_environment(EVENTLOG_STORE=site.store)
    result = subprocess.run([BINARY, "append", *options], input=b"{}", capture_output=True, timeout=60, env=environment)
    assert result.returncode == 64 and not (site.folder / "events.sqlite").exists()


def test_events_are_recorded_as_they_arrive(site: Site) -> None:
    environment = clean_environment(EVENTLOG_STORE=site.store)
    command = [BINARY, "append", "--format=ndjson", "--type=info", "--source=s"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdin and process.stdout
        for number in range(1, 4):
            process.stdin.write(b'{"message":"m"}\n{"mess')
            process.stdin.flush()
            assert process.stdout.readline() == b"evt_%03d\n" % (2 * number - 1)
            process.stdin.write(b'age":"n"}\n')
            process.stdin.flush()
            assert process.stdout.readline() == b"evt_%03d\n" % (2 * number)
        process.stdin.close()
        assert process.wait(30) == 0


def journal(number: int, message: object, stream: str = "ab", **fields: object) -> bytes:
    """Returns an entry as `journalctl --all --output json` writes it."""
    cursor = f"s={stream};i={number:x};b=0;m=0;t=0;x=0"
    values = {"__CURSOR": cursor, "__REALTIME_TIMESTAMP": str(1705329000000000 + number * 1000), "MESSAGE": message}
    return json.dumps({**values, "SYSLOG_IDENTIFIER": "app", **fields}).encode() + b"\n"


def test_the_journal_is_recorded_once_wherever_it_begins_again(site: Site) -> None:
    cursor = site.folder / "journal.cursor"
    lines = [journal(number, f"number {number}") for number in range(1, 101)]
    first = append_as(site, "journal", b"".join(lines[:60]), f"--cursor-file={cursor}")
    assert first.returncode == 0 and first.stdout == b""
    assert cursor.read_text() == "s=ab;i=3c;b=0;m=0;t=0;x=0\n"
    for given in (lines, lines[40:80], []):
        assert append_as(site, "journal", b"".join(given), f"--cursor-file={cursor}").returncode == 0
    # A journal that begins anew has other numbers.
    assert append_as(site, "journal", journal(1, "new", "cd") + journal(101, "number 101")).returncode == 0
    recorded = events(site)
    assert [event["message"] for event in recorded] == [f"number {number}" for number in range(1, 101)] + ["new", "number 101"]
    assert recorded[0]["occurred_at"] == "2024-01-15T14:30:00.001Z" and recorded[0]["source"] == "app"
    # An import into the same log is not confused by it.
    environment = clean_environment(EVENTLOG_STORE=site.store)
    given = "".join(json.dumps({"type": "info", "source": "s", "message": "m"}) + "\n" for _ in range(3)).encode()
    imported = subprocess.run([BINARY, "import", "-"], input=given, capture_output=True, timeout=60, env=environment)
    assert imported.returncode == 0 and len(events(site)) == 105
    assert append_as(site, "journal", b"".join(lines)).returncode == 0 and len(events(site)) == 105


def test_entries_that_are_none_are_named_and_left_out(site: Site) -> None:
    given = journal(1, [104, 105, 255], PRIORITY="2") + b"{}\n" + b"not JSON\n" + journal(2, None, PRIORITY="6")
    result = append_as(site, "journal", given, "--source=other")
    assert result.returncode == 65 and b"line 2: it has no __CURSOR" in result.stderr
    assert b"line 3: it is not JSON" in result.stderr
    assert [(event["type"], event["message"]) for event in events(site)] == [("error", "hi\ufffd"), ("info", "(no message)")]


@pytest.mark.timeout(300)
def test_the_journal_is_recorded_once_whatever_is_killed(site: Site) -> None:
    """Journalctl begins after the cursor that was kept; the kill comes at any moment."""
    cursor = site.folder / "journal.cursor"
    lines = [journal(number, f"number {number}") for number in range(1, 60_001)]
    environment = clean_environment(EVENTLOG_STORE=site.store)
    command = [BINARY, "append", "--format=journal", f"--cursor-file={cursor}"]
    kills = 0

    while True:
        kept = int(cursor.read_text().split("i=")[1].split(";")[0], 16) if cursor.exists() else 0
        if kept == len(lines):
            break
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)
        assert process.stdin
        # What a killed process has not taken cannot be written, neither here nor at the end.
        with contextlib.suppress(BrokenPipeError), process.stdin:
            for position in range(kept, len(lines), 500):
                process.stdin.write(b"".join(lines[position : position + 500]))
                process.stdin.flush()
                if position == kept + 500 * (kills % 5 + 1) and kills < 20:
                    time.sleep(0.003 * (kills % 7))
                    process.kill()
                    kills += 1
        process.wait(60)
    assert kills == 20
    assert [event["message"] for event in events(site)] == [f"number {number}" for number in range(1, 60_001)]

"""Tests that a clean stop leaves the log as one file, which can be copied and replaced."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from conftest import Site
from fcgi_client import STDIN, head, record, request_params
from http_client import JSON
from responder import BINARY, clean_environment, run_to_end, wait_until

BODY = json.dumps({"type": "info", "source": "end_to_end", "message": "x" * 20_000}).encode()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("events.sqlite*"))


def test_a_responder_leaves_one_file_whatever_reads_were_open(site: Site) -> None:
    responder = site.start_responder("--drain-timeout", "1")
    connection = site.connect()
    for _ in range(400):
        assert connection.request("POST", "/events", BODY, JSON).status == 201
    # These clients ask for everything, and read nothing of it.
    readers = [site.connect() for _ in range(4)]
    for reader in readers:
        reader.send(head(request_params("GET", "/events")), record(STDIN))
    searches = [site.connect() for _ in range(4)]
    for search in searches:
        search.send(head(request_params("GET", "/events?q=zz")), record(STDIN))
    assert connection.request("GET", "/events?limit=1").status == 200
    assert files(site.folder) == ["events.sqlite", "events.sqlite-shm", "events.sqlite-wal"]
    responder.terminate()
    assert responder.wait(20) == 0
    assert files(site.folder) == ["events.sqlite"]
    copy = site.folder / "copy.sqlite"
    shutil.copy(site.folder / "events.sqlite", copy)
    checked = run_to_end("check", EVENTLOG_STORE=f"sqlite:{copy}")
    assert checked.stdout == "400 events were checked, and nothing is wrong.\n"


def test_every_command_that_writes_leaves_one_file(site: Site) -> None:
    source = site.folder / "source.ndjson"
    source.write_text('{"type":"info","source":"a","message":"imported"}\n' * 100)
    commands = [
        ("append", "--type", "info", "--source", "a", "message"),
        ("import", str(source)),
        ("append", "--type", "info", "--source", "a", "another message"),
    ]
    for command in commands:
        ended = run_to_end(*command, EVENTLOG_STORE=site.store)
        assert ended.returncode == 0, ended.stderr
        assert files(site.folder) == ["events.sqlite"], command


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_pipe_that_is_interrupted_leaves_one_file(site: Site, number: int) -> None:
    command = [BINARY, "append", "--type", "info", "--source", "a", "--store", site.store]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=clean_environment()
    ) as process:
        assert process.stdin and process.stdout
        process.stdin.write("one\ntwo\n")
        process.stdin.flush()
        assert process.stdout.readline() == "evt_001\n"
        process.send_signal(number)
        assert process.wait(10) == -number
    assert files(site.folder) == ["events.sqlite"]
    assert run_to_end("check", EVENTLOG_STORE=site.store).stdout.startswith("2 events")


def test_a_pipe_under_nohup_goes_on(site: Site) -> None:
    command = ["nohup", BINARY, "append", "--type", "info", "--source", "a", "--store", site.store]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=clean_environment()
    ) as process:
        assert process.stdin and process.stdout
        for line in (1, 2):
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
            assert process.stdout.readline() == f"evt_00{line}\n"
            process.send_signal(signal.SIGHUP)
        process.stdin.close()
        assert process.wait(10) == 0
    assert files(site.folder) == ["events.sqlite"]


def test_an_export_that_waits_for_a_reader_can_be_ended(site: Site) -> None:
    assert run_to_end("append", "--type", "info", "--source", "a", "b", EVENTLOG_STORE=site.store).returncode == 0
    os.mkfifo(site.folder / "pipe")
    command = [BINARY, "export", "-o", str(site.folder / "pipe"), "--store", site.store]
    with subprocess.Popen(command, env=clean_environment()) as process:
        time.sleep(0.3)
        assert process.poll() is None
        process.terminate()
        assert process.wait(10) == -signal.SIGTERM


COPYING = {"backup": ["backup", "COPY"], "export": ["export", "-o", "COPY"], "restore": ["restore", "LOG"]}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("command", COPYING.values(), ids=COPYING)
def test_a_copy_that_is_interrupted_leaves_nothing(site: Site, command: list[str], number: int) -> None:
    source = site.folder / "source.ndjson"
    line = json.dumps({"type": "info", "source": "a", "message": "x" * 60_000})
    source.write_text(f"{line}\n" * 900)
    assert run_to_end("import", str(source), EVENTLOG_STORE=site.store).returncode == 0
    copies = site.folder / "copies"
    copies.mkdir()
    copy = copies / "copy"
    paths = {"COPY": str(copy), "LOG": str(site.folder / "events.sqlite")}
    store = f"sqlite:{copy}" if command[0] == "restore" else site.store
    arguments = [BINARY, *(paths.get(argument, argument) for argument in command), "--store", store]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, env=clean_environment()) as process:
        wait_until(lambda: any(copies.iterdir()), "the copy begins")
        # It cannot have come to its end before it hears of the signal.
        process.send_signal(signal.SIGSTOP)
        assert not copy.exists()
        process.send_signal(number)
        process.send_signal(signal.SIGCONT)
        assert process.wait(20) == -number
        assert process.stderr and process.stderr.read() == ""
    assert list(copies.iterdir()) == []

"""Tests `eventlog restore`."""

import json
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from conftest import Site
from responder import BINARY, clean_environment, is_clear, run_to_end
from system_calls import TO_PUT_IN_PLACE, assert_put_in_place, calls_of, needs_strace


@pytest.fixture
def backup(site: Site) -> Path:
    """Provides the backup of a log that has got another event since."""
    backup = site.folder / "backup.sqlite"
    append(site.store, "before")
    assert run_to_end("backup", str(backup), EVENTLOG_STORE=site.store).returncode == 0
    append(site.store, "after")
    return backup


def append(store: str, message: str) -> None:
    assert run_to_end("append", "--type=info", "--source=s", message, EVENTLOG_STORE=store).returncode == 0


def messages(store: str) -> list[str]:
    exported = run_to_end("export", EVENTLOG_STORE=store)
    assert exported.returncode == 0, exported.stderr
    return [json.loads(line)["message"] for line in exported.stdout.splitlines()]


def old_log(site: Site) -> str:
    [path] = [path for path in site.folder.glob("events.sqlite.replaced-*") if path.suffix[-4] != "-"]
    return f"sqlite:{path}"


def test_the_backup_is_the_log_and_the_old_log_is_put_aside(site: Site, backup: Path) -> None:
    content = backup.read_bytes()
    done = run_to_end("restore", str(backup), EVENTLOG_STORE=site.store)
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout.startswith(f"1 events were restored from {backup}. The old log is ")
    assert messages(site.store) == ["before"]
    assert messages(old_log(site)) == ["before", "after"]
    assert backup.read_bytes() == content
    append(site.store, "next")
    assert messages(site.store) == ["before", "next"]


def test_nothing_that_a_terminal_obeys_is_printed(site: Site, backup: Path) -> None:
    renamed = backup.rename(site.folder / "\x1b]0;owned\x07.sqlite")
    done = run_to_end("restore", str(renamed), EVENTLOG_STORE=site.store)
    assert done.returncode == 0 and "\x1b" not in done.stdout and "owned" in done.stdout


def test_what_a_killed_responder_left_is_not_mixed_in(site: Site, backup: Path) -> None:
    responder = site.start_responder()
    append(site.store, "in the -wal")
    responder.kill()
    assert (site.folder / "events.sqlite-wal").stat().st_size > 0
    assert run_to_end("restore", str(backup), EVENTLOG_STORE=site.store).returncode == 0
    append(site.store, "next")
    assert messages(site.store) == ["before", "next"]
    assert messages(old_log(site)) == ["before", "after", "in the -wal"]
    assert run_to_end("check", EVENTLOG_STORE=site.store).returncode == 0


def test_a_log_in_use_is_not_replaced(site: Site, backup: Path) -> None:
    site.start_responder()
    before = sorted(path.name for path in site.folder.iterdir())
    refused = run_to_end("restore", str(backup), EVENTLOG_STORE=site.store)
    assert refused.returncode == 69 and is_clear(refused.stderr)
    assert "another process is using it" in refused.stderr
    with site.connect() as connection:
        body = b'{"type":"info","source":"s","message":"still here"}'
        assert connection.request("POST", "/events", body, "application/json").status == 201
    assert sorted(path.name for path in site.folder.iterdir()) == before
    assert messages(site.store) == ["before", "after", "still here"]


def test_a_damaged_log_in_use_is_not_replaced_either(site: Site, backup: Path) -> None:
    """SQLite itself cannot tell then that somebody uses it."""
    site.start_responder()
    with (site.folder / "events.sqlite").open("r+b") as file:
        file.write(b"damage")
    refused = run_to_end("restore", str(backup), EVENTLOG_STORE=site.store)
    assert refused.returncode == 69 and "another process is using it" in refused.stderr


def test_what_cannot_be_restored_is_said_and_changes_nothing(site: Site, backup: Path) -> None:
    damaged = site.folder / "damaged.sqlite"
    damaged.write_bytes(backup.read_bytes())
    with sqlite3.connect(damaged) as database:
        database.execute("DELETE FROM log_state")
    database.close()
    text = site.folder / "text"
    text.write_text("no log at all")
    log = site.folder / "events.sqlite"
    for path, code, said in [
        (damaged, 65, "is damaged: the log has 0 states"),
        (text, 66, f"cannot read {text}: "),
        (site.folder / "nothing", 66, "No such file"),
        (log, 69, "that is the log itself"),
    ]:
        before = {path: path.read_bytes() for path in site.folder.iterdir()}
        refused = run_to_end("restore", str(path), EVENTLOG_STORE=site.store)
        assert refused.returncode == code and is_clear(refused.stderr) and said in refused.stderr, refused
        assert {path: path.read_bytes() for path in site.folder.iterdir()} == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a file system")
def test_a_device_without_room_is_refused_before_anything_is_written(site: Site, backup: Path) -> None:
    mounted = site.folder / "small"
    mounted.mkdir()
    script = f"""
        mount -t tmpfs -o size=1m tmpfs {mounted} && cd {mounted} || exit 99
        "$0" restore --store sqlite:{mounted}/events.sqlite {backup}; code=$?; ls; exit $code
    """
    result = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, BINARY],
        capture_output=True,
        text=True,
        timeout=20,
        env=clean_environment(),
    )
    if result.returncode == 99:
        pytest.skip(f"this system does not let tests mount: {result.stderr}")
    assert result.returncode == 69 and "MiB are free" in result.stderr
    assert result.stdout == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_restored_log_belongs_to_whom_the_old_one_did(site: Site, backup: Path) -> None:
    log = site.folder / "events.sqlite"
    os.chown(log, 65_534, 65_534)
    log.chmod(0o640)
    assert run_to_end("restore", str(backup), EVENTLOG_STORE=site.store).returncode == 0
    status = log.stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (65_534, 65_534, 0o640)


@needs_strace
def test_a_power_cut_leaves_the_old_log_or_the_new_one(site: Site, backup: Path) -> None:
    log = site.folder / "events.sqlite"
    calls = calls_of([BINARY, "restore", "--store", site.store, backup], site.folder, (*TO_PUT_IN_PLACE, "link"))
    assert_put_in_place(calls, log)
    moved = [call.text for call in calls if call.name.startswith("rename") and f'("{log}"' in f"({call.text}"]
    assert not moved, "there was a moment without a log"

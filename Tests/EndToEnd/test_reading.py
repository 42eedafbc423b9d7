"""Commands that only read leave every byte of a log alone, wherever it is and whoever uses it."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

import older_log
from conftest import Site
from responder import BINARY, clean_environment, is_clear, run_to_end

READING = [["list"], ["list", "-q", "number"], ["export"], ["export", "--sort=source"], ["check"]]
NOBODY = 65_534


def fill(store: str) -> None:
    for number in range(3):
        run_to_end("append", "--type=info", "--source=s", f"number {number}", EVENTLOG_STORE=store)


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Returns the bytes and the time of change of each file; others than regular files have no bytes."""
    return {
        path.name: (path.read_bytes() if path.is_file() else b"", path.stat().st_mtime_ns)
        for path in folder.iterdir()
    }


def assert_nothing_changes(folder: Path, store: str) -> None:
    before = contents(folder)
    for arguments in READING:
        result = run_to_end(*arguments, EVENTLOG_STORE=store)
        assert result.returncode == 0, result.stderr
        assert "3 events" in result.stdout or result.stdout.count("number") == 3
        assert contents(folder) == before, arguments


@pytest.fixture
def folder(site: Site) -> Path:
    folder = site.folder / "log"
    folder.mkdir()
    return folder


def test_a_log_that_nobody_uses(folder: Path) -> None:
    store = f"sqlite:{folder}/events.sqlite"
    fill(store)
    assert_nothing_changes(folder, store)


def test_a_backup(site: Site, folder: Path) -> None:
    fill(site.store)
    assert run_to_end("backup", f"{folder}/backup.sqlite", EVENTLOG_STORE=site.store).returncode == 0
    assert_nothing_changes(folder, f"sqlite:{folder}/backup.sqlite")


def test_a_log_beside_its_responder(site: Site, folder: Path) -> None:
    store = f"sqlite:{folder}/events.sqlite"
    site.start_responder(store=store)
    fill(store)
    assert (folder / "events.sqlite-shm").exists()
    assert_nothing_changes(folder, store)


def test_a_log_of_a_killed_responder(site: Site, folder: Path) -> None:
    store = f"sqlite:{folder}/events.sqlite"
    responder = site.start_responder(store=store)
    fill(store)
    responder.kill()
    assert (folder / "events.sqlite-wal").stat().st_size > 0
    assert_nothing_changes(folder, store)


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def run_as_nobody(*arguments: str, store: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "./eventlog", *arguments],
        capture_output=True,
        text=True,
        timeout=10,
        cwd=Path(store.removeprefix("sqlite:")).parent.parent,
        env=clean_environment(EVENTLOG_STORE=store),
    )


@needs_root
@pytest.mark.parametrize("state", ["closed", "in use", "killed"])
def test_somebody_who_may_only_read(site: Site, folder: Path, state: str) -> None:
    store = f"sqlite:{folder}/events.sqlite"
    if state == "closed":
        fill(store)
    else:
        responder = site.start_responder(store=store)
        fill(store)
        if state == "killed":
            responder.kill()
    # The checkout may be in a place that others may not enter.
    shutil.copy(BINARY, site.folder / "eventlog")
    for path in (site.folder, folder, site.folder / "eventlog"):
        path.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o644)
    before = contents(folder)
    for arguments in READING:
        result = run_as_nobody(*arguments, store=store)
        assert result.returncode == 0, result.stderr
        assert "3 events" in result.stdout or result.stdout.count("number") == 3
        assert contents(folder) == before
    if state != "closed":
        (folder / "events.sqlite-wal").chmod(0o600)
        for arguments in READING:
            refused = run_as_nobody(*arguments, store=store)
            assert refused.returncode == 69 and is_clear(refused.stderr) and refused.stdout == ""


def test_events_that_cannot_be_read_without_writing_are_not_passed_over(site: Site, folder: Path) -> None:
    fill(site.store)
    responder = site.start_responder()
    fill(site.store)
    for suffix in ("", "-wal"):
        shutil.copy(f"{site.folder}/events.sqlite{suffix}", folder / f"copy.sqlite{suffix}")
    responder.stop()
    store = f"sqlite:{folder}/copy.sqlite"
    before = contents(folder)
    for arguments in READING:
        refused = run_to_end(*arguments, EVENTLOG_STORE=store)
        assert refused.returncode == 69 and refused.stdout == "" and is_clear(refused.stderr)
        assert "its last changes are in" in refused.stderr and "copy.sqlite-wal" in refused.stderr
        assert contents(folder) == before
    assert run_to_end("append", "--type=info", "--source=s", "m", EVENTLOG_STORE=store).stdout == "evt_007\n"


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5, 6])
def test_an_older_schema_is_refused_until_somebody_writes(site: Site, folder: Path, version: int) -> None:
    store = f"sqlite:{folder}/events.sqlite"
    older_log.create(folder / "events.sqlite", version, 10)
    before = contents(folder)
    for arguments in READING:
        refused = run_to_end(*arguments, EVENTLOG_STORE=store)
        assert refused.returncode == 69 and is_clear(refused.stderr)
        assert f"its schema has version {version}" in refused.stderr and "append" in refused.stderr
        assert contents(folder) == before
    assert run_to_end("append", "--type=info", "--source=s", "number", EVENTLOG_STORE=store).returncode == 0
    assert run_to_end("check", EVENTLOG_STORE=store).returncode == 0

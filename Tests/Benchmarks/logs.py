"""Event logs of any size. `generate-events` and `eventlog import` make them once, and they are kept for later runs."""

import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from peers import BUILD, HERE


def made_log(size: int, binary: Path) -> Path:
    """Returns a log of this size, which must only be read; `binary` can read its version of the schema."""
    folder = BUILD / f"logs-{schema_version(binary)}"
    log = folder / f"{size}.sqlite"
    if log.exists():
        return log
    folder.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    print(f"Making a log of {size:,} events, which is kept for later runs", file=sys.stderr)
    temporary = folder / f"{size}.making"
    remove_log(temporary)
    with subprocess.Popen([HERE / "generate-events", str(size)], stdout=subprocess.PIPE) as generator:
        subprocess.run(
            [binary, "import", "--store", f"sqlite:{temporary}", "-"],
            stdin=generator.stdout,
            stdout=subprocess.DEVNULL,
            check=True,
        )
    checkpoint(temporary)
    temporary.rename(log)
    print(f"Made it in {time.monotonic() - start:.0f} s", file=sys.stderr)
    return log


def empty_log(path: Path, binary: Path) -> Path:
    command: list[str | Path] = [binary, "import", "--store", f"sqlite:{path}", "-"]
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return path


def copied_log(size: int, path: Path, binary: Path) -> Path:
    """Returns a copy of such a log, which may be written to."""
    if size == 0:
        return empty_log(path, binary)
    log = made_log(size, binary)
    checkpoint(log)
    shutil.copyfile(log, path)
    return path


def log_of(size: int, path: Path, binary: Path, is_written: bool) -> Path:
    """Returns a log at `path` if it is written to or empty, and the shared one otherwise."""
    return copied_log(size, path, binary) if is_written or size == 0 else made_log(size, binary)


def checkpoint(log: Path) -> None:
    """Moves the content of the write-ahead log into the file."""
    with sqlite3.connect(log) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def remove_log(log: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        log.with_name(log.name + suffix).unlink(missing_ok=True)


def schema_version(binary: Path) -> int:
    BUILD.mkdir(parents=True, exist_ok=True)
    log = BUILD / "version.sqlite"
    remove_log(log)
    empty_log(log, binary)
    with sqlite3.connect(log) as database:
        version: int = database.execute("PRAGMA user_version").fetchone()[0]
    database.close()
    remove_log(log)
    return version

"""Only the owner of a log may read it, or what was taken from it, whatever the umask is."""

import subprocess

import pytest

from conftest import Site
from responder import BINARY, clean_environment, wait_until


def run(site: Site, *arguments: str, umask: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BINARY, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
        umask=umask,
        env=clean_environment(EVENTLOG_STORE=site.store),
    )


def modes(site: Site, pattern: str) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in site.folder.glob(pattern)}


@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_every_file_is_private(site: Site, umask: int) -> None:
    assert run(site, "append", "--type=info", "--source=s", "m", umask=umask).returncode == 0
    assert set(modes(site, "*").values()) == {0o600}
    # A file that is replaced is a new file.
    for name in ("export", "backup"):
        (site.folder / name).touch(mode=0o644)
    assert run(site, "export", "-o", f"{site.folder}/export", umask=umask).returncode == 0
    assert run(site, "backup", "--force", f"{site.folder}/backup", umask=umask).returncode == 0
    restored = f"sqlite:{site.folder}/restored"
    assert run(site, "restore", "--store", restored, f"{site.folder}/backup", umask=umask).returncode == 0
    found = modes(site, "*")
    assert {"events.sqlite", "export", "backup", "restored"} <= set(found) and set(found.values()) == {0o600}


@pytest.mark.parametrize("umask", [0, 0o077])
def test_the_files_of_a_responder_are_private_but_not_its_socket(site: Site, umask: int) -> None:
    arguments = [BINARY, "serve", "--listen", f"unix:{site.socket}"]
    process = subprocess.Popen(
        arguments, stdin=subprocess.DEVNULL, umask=umask, env=clean_environment(EVENTLOG_STORE=site.store)
    )
    try:
        wait_until(site.socket.exists, "it listens")
        assert site.socket.stat().st_mode & 0o777 == 0o660
        found = modes(site, "events.sqlite*")
        assert {"events.sqlite", "events.sqlite-wal", "events.sqlite-shm"} == set(found)
        assert set(found.values()) == {0o600}
    finally:
        process.terminate()
        process.wait(20)


def test_a_log_that_others_may_read_is_warned_of_and_left(site: Site) -> None:
    log = site.folder / "events.sqlite"
    assert run(site, "append", "--type=info", "--source=s", "m", umask=0).stderr.count("\n") == 1
    log.chmod(0o644)
    warned = run(site, "append", "--type=info", "--source=s", "m", umask=0)
    assert warned.returncode == 0 and warned.stdout == "evt_002\n"
    assert warned.stderr == f"eventlog: others may use {log}, whose mode is 0644; chmod 600 keeps it private\n"
    responder = site.start_responder()
    # The log is written on a thread of its own.
    wait_until(lambda: "listening" in responder.log.read_text(), "it has started")
    assert responder.log.read_text().count("others may use") == 1
    for reading in ("list", "export", "check"):
        assert run(site, reading, umask=0).stderr == "", "who only reads may not change it"
    assert log.stat().st_mode & 0o777 == 0o644

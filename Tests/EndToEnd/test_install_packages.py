"""Tests that `deploy/install-packages` asks for what is missing, with stand-ins for dpkg-query, apt-get and swift."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from responder import CHECKOUT

SCRIPT = CHECKOUT / "deploy/install-packages"


class Machine:
    """A folder with the only programs that the script finds."""

    def __init__(self, folder: Path, installed: Sequence[str] = (), programs: Sequence[str] = ("apt-get", "swift")) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.asked = folder / "asked"
        for name in ("bash", "cat", "env", "uname"):
            (folder / name).symlink_to(shutil.which(name) or name)
        is_known = "|".join(("nothing", *installed))
        self._add("dpkg-query", f'for name; do :; done; case $name in {is_known}) printf installed ;; *) exit 1 ;; esac')
        self._add("sudo", 'exec "$@"')
        for name in programs:
            self._add(name, f'echo "$@" >>"{self.asked}"')

    def _add(self, name: str, script: str) -> None:
        (self.folder / name).write_text(f"#!{self.folder}/bash\n{script}\n")
        (self.folder / name).chmod(0o755)

    def run(self, *packages: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [shutil.which("bash") or "bash", SCRIPT, *packages],
            env={"PATH": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=20,
        )

    def packages(self) -> set[str]:
        """Returns the packages that apt-get was asked to install."""
        update, install = self.asked.read_text().splitlines()
        assert update.split()[0] == "update"
        assert install.startswith("install -y ") and "--no-install-recommends" in install
        return {word for word in install.split()[1:] if not word.startswith("-")}


def test_it_asks_for_everything_that_the_images_are_built_with(tmp_path: Path) -> None:
    """The images are made on a machine that has nothing but Swift, so what they need is needed everywhere."""
    machine = Machine(tmp_path)
    result = machine.run("python3")
    assert result.returncode == 0, result.stderr
    containerfile = (CHECKOUT / "deploy/container/Containerfile").read_text()
    [listed] = re.findall(r"AS build\nRUN .*?--no-install-recommends ([^\\]*)", containerfile, re.DOTALL)
    needed = set(listed.split())
    assert {"libfcgi-dev", "libsqlite3-dev"} <= needed
    assert machine.packages() >= needed | {"curl", "g++", "python3"}


def test_it_asks_only_for_what_is_missing(tmp_path: Path) -> None:
    bare = Machine(tmp_path / "bare")
    assert bare.run().returncode == 0
    assert "curl" in bare.packages()
    some = Machine(tmp_path / "some", installed=sorted(bare.packages() - {"curl"}))
    assert some.run("strace").returncode == 0
    assert some.packages() == {"curl", "strace"}


def test_it_asks_for_nothing_where_nothing_is_missing(tmp_path: Path) -> None:
    bare = Machine(tmp_path / "bare")
    bare.run()
    whole = Machine(tmp_path / "whole", installed=sorted(bare.packages()))
    result = whole.run()
    assert (result.returncode, result.stdout) == (0, "")
    assert not whole.asked.exists()


def test_it_says_what_to_do_without_apt(tmp_path: Path) -> None:
    result = Machine(tmp_path, programs=["swift"]).run()
    assert result.returncode == 1
    assert "no apt-get" in result.stderr and "libfcgi-dev" in result.stderr and "--skip-install" in result.stderr


def test_it_says_how_to_get_swift(tmp_path: Path) -> None:
    result = Machine(tmp_path, programs=["apt-get"]).run()
    assert result.returncode == 1
    assert "Swift is missing" in result.stderr and "swift.org" in result.stderr

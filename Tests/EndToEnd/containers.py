"""Builds the images of deploy/container with buildah, and runs them with podman-compose, without a registry.

The base images, which are public for everyone else, are made here: Debian by debootstrap, and a Swift whose `build`
only provides the program that is tested.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from http_client import HTTPClient
from responder import BINARY, CHECKOUT
from web_server import free_port, program

CONTAINERFILE = CHECKOUT / "deploy/container/Containerfile"
COMPOSE = CHECKOUT / "deploy/container/compose.yaml"
BASE, SWIFT = "localhost/eventlog-test-base", "localhost/eventlog-test-swift"

# Podman's own limits may be higher than this machine allows.
LIMITS = "--ulimit nofile=1024:1024 --ulimit nproc=1024:1024"


class Containers:
    """Images and containers in a folder of their own. Images stay there for the next run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._storage = ["--storage-driver", "overlay", "--root", str(folder / "storage")]
        self._storage += ["--runroot", str(folder / "run")]
        # podman-compose takes the path of podman, but no options for it.
        self._podman = folder / "podman"
        options = [*self._storage, "--runtime", "runc", "--tmpdir", str(folder / "tmp")]
        options += ["--network-config-dir", str(folder / "networks")]
        self._podman.write_text(f'#!/bin/sh\nexec {program("podman")} {" ".join(options)} "$@"\n')
        self._podman.chmod(0o755)

    @cached_property
    def port(self) -> int:
        return free_port()

    def buildah(self, *arguments: str | Path) -> str:
        return run([program("buildah"), *self._storage, *arguments])

    def podman(self, *arguments: str | Path) -> str:
        return run([self._podman, *arguments])

    def compose(self, *arguments: str) -> str:
        podman = ["--podman-path", str(self._podman), "--podman-run-args", LIMITS]
        return run(
            [program("podman-compose"), *podman, "-p", "eventlog", "-f", str(COMPOSE), *arguments],
            EVENTLOG_ADDRESS=f"127.0.0.1:{self.port}",
        )

    def inspect(self, name: str, kind: str = "container") -> dict[str, Any]:
        [found] = json.loads(self.podman("inspect", "--type", kind, name))
        assert isinstance(found, dict)
        return found

    def client(self) -> HTTPClient:
        return HTTPClient(self.port)

    def build(self) -> None:
        """Builds both targets of the Containerfile."""
        if BASE not in self.podman("images", "--format", "{{.Repository}}"):
            with tempfile.TemporaryDirectory(dir=self.folder) as root:
                run([program("debootstrap"), "--variant=minbase", "bookworm", root])
                # The public image also has this setting, since an image being built need not survive a power cut.
                (Path(root) / "etc/dpkg/dpkg.cfg.d/unsafe-io").write_text("force-unsafe-io\n")
                archive = subprocess.Popen(["tar", "-C", root, "-c", "."], stdout=subprocess.PIPE)
                run([self._podman, "import", "-", BASE], stdin=archive.stdout)
                assert archive.wait() == 0
        with tempfile.TemporaryDirectory() as context:
            shutil.copy(BINARY, Path(context) / "eventlog")
            swift = Path(context) / "swift"
            swift.write_text("#!/bin/sh\ninstall -D /opt/eventlog .build/release/eventlog\n")
            swift.chmod(0o755)
            containerfile = f"FROM {BASE}\nCOPY eventlog /opt/\nCOPY swift /usr/local/bin/\n"
            (Path(context) / "Containerfile").write_text(containerfile)
            self.build_image(SWIFT, Path(context))
        for target in ("responder", "web"):
            self.build_image(
                f"localhost/eventlog-{target}",
                CHECKOUT,
                *("--file", CONTAINERFILE, "--target", target),
                *("--build-arg", f"BASE_IMAGE={BASE}", "--build-arg", f"SWIFT_IMAGE={SWIFT}"),
            )

    def build_image(self, name: str, context: Path, *options: str | Path) -> None:
        build = ["build", "--isolation", "chroot", "--layers", "--pull-never"]
        self.buildah(*build, *options, "--tag", name, context)

    def close(self) -> None:
        self.podman("rm", "--all", "--force", "--time", "0")
        self.podman("volume", "rm", "--all", "--force")
        self.podman("network", "prune", "--force")
        self.podman("image", "prune", "--force")
        mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
        for mount in reversed(mounts):
            if mount.startswith(f"{self.folder}/"):
                run(["umount", mount])


def run(command: Sequence[str | Path], stdin: Any = subprocess.DEVNULL, **environment: str) -> str:
    """Runs a command, and returns its standard output. If the command fails, the error shows everything it printed."""
    result = subprocess.run(
        command,
        stdin=stdin,
        capture_output=True,
        text=True,
        timeout=900,
        env={**os.environ, **environment},
    )
    assert result.returncode == 0, f"{command}\n{result.stdout[-4000:]}\n{result.stderr[-4000:]}"
    return result.stdout

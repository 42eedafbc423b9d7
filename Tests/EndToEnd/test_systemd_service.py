"""Tests what deploy/install installs under a real systemd, which is process 1 of a container."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import Site
from containers import BASE, LIMITS, Containers, run
from load import Traffic
from responder import BINARY, CHECKOUT, wait_until

pytestmark = [
    # The first test waits for the images to be built.
    pytest.mark.timeout(1800),
    pytest.mark.skipif(
        BINARY != (CHECKOUT / ".build/release/eventlog").resolve(),
        reason="deploy/install installs its own binary",
    ),
]

IMAGE, MACHINE = "localhost/eventlog-test-systemd", "machine"
CONTAINERFILE = f"""
FROM {BASE}
RUN apt-get update -qq \\
    && apt-get install -y -qq --no-install-recommends libfcgi0ldbl libmd0 libsqlite3-0 libstdc++6 systemd zlib1g
COPY usr /usr
RUN systemctl enable eventlog.socket
STOPSIGNAL SIGRTMIN+3
CMD ["/lib/systemd/systemd"]
"""


class Machine:
    """A container that runs systemd. Its `/run/eventlog` is the site's folder."""

    def __init__(self, containers: Containers, site: Site) -> None:
        self._containers = containers
        containers.podman(
            *("run", "--detach", "--name", MACHINE, "--systemd", "always", "--privileged", *LIMITS.split()),
            *("--network", "none", "--volume", f"{site.folder}:/run/eventlog", IMAGE),
        )
        wait_until(site.socket.exists, "systemd listens", 60)

    def run(self, *command: str) -> str:
        return self._containers.podman("exec", MACHINE, *command)

    def show(self, property: str) -> str:
        """Returns the value of one of the service's properties."""
        return self.run("systemctl", "show", "--value", "--property", property, "eventlog").strip()

    def journal(self) -> list[str]:
        """Returns the lines that the service has logged, without what systemd logs about it."""
        return self.run("journalctl", "--unit", "eventlog", "--output", "cat", "_COMM=eventlog").splitlines()


@pytest.fixture(scope="module")
def image(images: Containers, tmp_path_factory: pytest.TempPathFactory) -> Containers:
    root: Path = tmp_path_factory.mktemp("root")
    run([CHECKOUT / "deploy/install", "--skip-install", "--destdir", root])
    (root / "Containerfile").write_text(CONTAINERFILE)
    images.build_image(IMAGE, root)
    return images


@pytest.fixture
def machine(image: Containers, site: Site) -> Iterator[Machine]:
    try:
        machine = Machine(image, site)
        yield machine
        print("\n".join(machine.journal()))
    finally:
        site.stop_peers()
        image.podman("rm", "--force", "--time", "0", MACHINE)


def test_the_service_does_everything_within_its_walls(machine: Machine, site: Site) -> None:
    assert machine.show("ActiveState") == "inactive"
    web_server = site.start_web_server()
    with web_server.client() as client:
        # The first request starts the service.
        assert client.post_event(message="hello").status == 201
        assert client.get("/events?q=hello&sort=source").json()
        assert client.get("/events.csv").status == 200
        assert client.get("/", accept="text/html").status == 200
        assert client.get("/status").status == 200
        machine.run("eventlog", "backup", "--store", "sqlite:/var/lib/eventlog/events.sqlite", "/copy.sqlite")
        assert client.post_event(message="after a backup by root").status == 201
    status = machine.run("cat", f"/proc/{machine.show('MainPID')}/status")
    [user] = re.findall(r"^Uid:\s+(\d+)", status, re.MULTILINE)
    assert 61184 <= int(user) <= 65519, "not a dynamic user"
    assert re.search(r"^Seccomp:\s+2$", status, re.MULTILINE)
    assert int(machine.show("MemoryMax")) == 1 << 30 and int(machine.show("TasksMax")) == 512
    # Nobody else reads the log, and nobody but the web server connects.
    files = ["/var/lib/eventlog", "/var/lib/eventlog/events.sqlite", "/run/eventlog/eventlog.sock"]
    assert machine.run("stat", "--dereference", "--format", "%a", *files).split() == ["700", "600", "660"]
    assert machine.run("stat", "--format", "%G", files[-1]).strip() == "www-data"
    # The service was not prevented from doing anything, or it would have logged an error.
    assert machine.journal() and all(" info eventlog: " in line for line in machine.journal())


def test_systemctl_restart_loses_no_request(machine: Machine, site: Site) -> None:
    web_server = site.start_web_server()
    traffic = Traffic(16, web_server.client)
    try:
        for _ in range(3):
            traffic.wait_for(100)
            before = machine.show("MainPID")
            # The command returns once the service has notified systemd that it is ready.
            machine.run("systemctl", "restart", "eventlog")
            assert machine.show("ActiveState") == "active"
            assert machine.show("MainPID") != before
        traffic.wait_for(100)
    finally:
        traffic.end()
    with web_server.client() as client:
        assert sorted(event["id"] for event in client.events()) == sorted(traffic.acknowledged)


def test_a_service_that_dies_is_started_again(machine: Machine, site: Site) -> None:
    web_server = site.start_web_server()
    with web_server.client() as client:
        events = [client.post_event().json() for _ in range(10)]
        machine.run("systemctl", "kill", "--signal", "KILL", "--kill-whom", "main", "eventlog")
        wait_until(lambda: machine.show("MainPID") == "0", "it is dead")
        # This request waits at the socket.
        assert client.events() == events
    assert machine.show("NRestarts") == "1"


def test_the_journal_is_recorded_once_over_kills_and_restarts(machine: Machine) -> None:
    machine.run("systemctl", "start", "eventlog-journal")
    script = "for number in $(seq {} {}); do echo number $number; done | systemd-cat --identifier=app --priority=err"

    def recorded() -> list[dict[str, Any]]:
        store = "sqlite:/var/lib/eventlog/events.sqlite"
        exported = machine.run("eventlog", "export", "--store", store, "--source", "app")
        return [json.loads(line) for line in exported.splitlines()]

    for turn in range(5):
        machine.run("sh", "-c", script.format(100 * turn + 1, 100 * turn + 100))
        if turn % 2 == 0:
            machine.run("systemctl", "kill", "--signal", "KILL", "eventlog-journal")
        else:
            machine.run("systemctl", "restart", "eventlog-journal")
    wait_until(lambda: len(recorded()) >= 500, "all of it is recorded", 60)
    time.sleep(1)
    events = recorded()
    assert [event["message"] for event in events] == [f"number {number}" for number in range(1, 501)]
    assert {event["type"] for event in events} == {"error"} and events[0]["data"]["PRIORITY"] == "3"
    state = ["systemctl", "show", "--value", "--property", "ActiveState", "eventlog-journal"]
    wait_until(lambda: machine.run(*state).strip() == "active", "it was started again", 30)

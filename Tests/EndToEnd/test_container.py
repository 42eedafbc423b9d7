"""Tests the two images of deploy/container, which run as compose.yaml describes."""

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from containers import BASE, COMPOSE, CONTAINERFILE, LIMITS, Containers
from html_page import HTMLPage
from load import Traffic
from responder import CHECKOUT, run_to_end, wait_until

# The first test waits for the images.
pytestmark = pytest.mark.timeout(1800)

RESPONDER, WEB = "eventlog_responder_1", "eventlog_web_1"
CONNECTIONS = 8


@pytest.fixture(scope="module")
def project(images: Containers) -> Iterator[Containers]:
    """Runs both containers with empty volumes."""
    try:
        images.compose("up", "--detach")
        yield images
    finally:
        for name in (WEB, RESPONDER):
            print(f"The end of {name}:\n{log(images, name)[-4000:]}")
        images.compose("down", "--volumes")


@pytest.fixture
def containers(project: Containers) -> Containers:
    """Ensures that both containers run, whatever the previous test has done to them."""
    project.podman("start", RESPONDER, WEB)
    wait_until_healthy(project)
    return project


def wait_until_healthy(containers: Containers) -> None:
    wait_until(
        lambda: is_healthy(containers, RESPONDER) and is_healthy(containers, WEB), "both are healthy", 30
    )


def is_healthy(containers: Containers, name: str) -> bool:
    """Returns whether the check of compose.yaml passes now. podman itself would need systemd to run it."""
    try:
        return "unhealthy" not in containers.podman("healthcheck", "run", name)
    except AssertionError:
        return False


def log(containers: Containers, name: str) -> str:
    result = subprocess.run([containers.folder / "podman", "logs", name], capture_output=True, text=True)
    return result.stdout + result.stderr


def version(pattern: str, text: str) -> tuple[int, ...]:
    """Returns the first group of a pattern, which must match once, as numbers that can be compared."""
    [found] = re.findall(pattern, text, re.MULTILINE)
    return tuple(int(number) for number in found.split("."))


def test_the_swift_that_builds_the_images_is_new_enough() -> None:
    image = version(r"^ARG SWIFT_IMAGE=\S+/swift:([\d.]+)-", CONTAINERFILE.read_text())
    assert image >= version(r"^// swift-tools-version: *([\d.]+)$", (CHECKOUT / "Package.swift").read_text())


def test_a_drain_fits_into_the_time_that_compose_gives() -> None:
    """Docker would kill a container ten seconds after it was told to stop."""
    drain_timeout = version(
        r"--drain-timeout <seconds>[^(]*\(default: (\d+)\)",
        " ".join(run_to_end("serve", "--help").stdout.split()),
    )
    shutdown_timeout = version(
        r"^worker_shutdown_timeout (\d+)s;", (CHECKOUT / "deploy/nginx/nginx.conf.template").read_text()
    )
    services = re.split(r"^  (?=\w+:\n    image:)", COMPOSE.read_text(), flags=re.MULTILINE)[1:]
    assert [service.partition(":")[0] for service in services] == ["responder", "web"]
    for service, (needed,) in zip(services, (drain_timeout, shutdown_timeout), strict=True):
        (given,) = version(r"^    stop_grace_period: (\d+)s$", service)
        assert given >= needed + 10, service


@pytest.mark.parametrize(
    "output, is_well",
    [
        ("Status: 200 OK\r\nX-Request-Id: 1", True),
        ("Status: 503 Service Unavailable\r\nX-Request-Id: 1", False),
        ("X-Status: 200", False),
        ("", False),
    ],
)
def test_a_responder_is_healthy_if_it_answers_200(tmp_path: Path, output: str, is_well: bool) -> None:
    """A stand-in for cgi-fcgi notes what it is asked for, and answers."""
    client = tmp_path / "cgi-fcgi"
    client.write_text(f"#!/bin/sh\necho \"$REQUEST_METHOD $REQUEST_URI $@\" >'{tmp_path}/asked'\nprintf '{output}'\n")
    client.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "EVENTLOG_LISTEN": "unix:/run/a.sock"}
    check = subprocess.run([CHECKOUT / "deploy/container/health"], env=environment, capture_output=True, timeout=20)
    assert (check.returncode == 0) == is_well
    assert (tmp_path / "asked").read_text() == "GET /health -bind -connect /run/a.sock\n"


def test_one_command_shows_the_page_and_takes_events(containers: Containers) -> None:
    with containers.client() as client:
        assert [event["id"] for event in client.events()[:3]] == ["evt_001", "evt_002", "evt_003"]
        page = client.get("/", accept="text/html")
        assert page.status == 200 and b"evt_003" in page.body
        addresses = set(re.findall(r'"(/static/[^"]+)"', page.body.decode()))
        assert len(addresses) == 3
        for address in addresses:
            assert client.get(address).status == 200, address
        for name in ("error.html", "offline.html"):
            assert client.get(f"/static/{name}").status == 404
        event = client.post_event().json()
        assert client.get(f"/events/{event['id']}").json() == event
        # A request from outside the container does not come from this machine.
        assert client.get("/status").status == 403
    assert '"POST /events HTTP/1.1" 201' in log(containers, WEB)


def test_what_nginx_refuses_is_a_page_for_a_browser_and_a_problem_for_a_program(containers: Containers) -> None:
    refused = [
        ("GET", "/status", b"", 403, "Forbidden"),
        ("GET", "/static/nothing", b"", 404, "Not Found"),
        ("POST", "/static/app.js", b"a", 405, "Method Not Allowed"),
        ("POST", "/events", b"a" * (1 << 20) + b"b", 413, "Content Too Large"),
    ]
    for method, target, body, status, title in refused:
        with containers.client() as client:
            answer = client.request(method, target, body, {"Accept": "text/html"})
            assert answer.status == status
            page = HTMLPage(answer)
            assert page.document.one("h2").text == title and page.document.one(role="alert").text
            style = page.document.one("link", rel="stylesheet").attributes["href"]
            assert client.get(style).status == 200
            assert client.request(method, target, body).problem(status)["title"] == title


def test_the_responder_is_small(project: Containers) -> None:
    image, base = (project.inspect(name, "image") for name in ("eventlog-responder", BASE))
    size = image["Size"] - base["Size"]
    print(f"{size / 1e6:.1f} MB without the base")
    assert size < 120e6


def test_neither_has_more_rights_than_it_needs(containers: Containers) -> None:
    for name, user in ((RESPONDER, "10001"), (WEB, "33")):
        assert containers.podman("exec", name, "id", "-u").strip() == user
        status = containers.podman("exec", name, "cat", "/proc/1/status")
        assert re.search(r"^CapBnd:\s+0+$", status, re.MULTILINE)
        assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
        root = containers.podman("exec", name, "sh", "-c", "grep ' / ' /proc/mounts")
        assert re.search(r"\sro[,\s]", root), root
    heading, *routes = containers.podman("exec", RESPONDER, "cat", "/proc/net/route").splitlines()
    assert heading.startswith("Iface")
    # There may be a route to the internal network itself, but none to everywhere else.
    assert all(route.split()[1] != "00000000" for route in routes), "the responder has a way out"


def test_both_have_limits_and_somebody_who_waits_for_their_processes(containers: Containers) -> None:
    for name, memory in ((RESPONDER, 1 << 30), (WEB, 512 << 20)):
        host = containers.inspect(name)["HostConfig"]
        assert host["Memory"] == memory and host["Init"] is True
    # Debian's podman-compose does not know this one yet.
    assert COMPOSE.read_text().count("pids_limit: 512\n") == 2


def test_only_this_machine_and_addresses_are_hosts(containers: Containers) -> None:
    with containers.client() as client:
        for host, status in {"localhost": 200, "127.0.0.1": 200, "[::1]:80": 200, "evil.example": 421}.items():
            assert client.get("/events", host=host).status == status


def test_health_tells_of_a_responder_that_does_not_answer(containers: Containers) -> None:
    containers.podman("kill", "--signal", "KILL", RESPONDER)
    wait_until(lambda: not is_healthy(containers, WEB), "nginx has noticed")
    with containers.client() as client:
        assert client.get("/health").status == 502


def test_events_outlive_the_containers(containers: Containers) -> None:
    with containers.client() as client:
        assert client.post_event().status == 201
        events = client.events()
    assert len(events) > 3
    containers.compose("down")
    containers.compose("up", "--detach")
    wait_until_healthy(containers)
    with containers.client() as client:
        assert client.events() == events


def test_both_end_by_themselves_when_stopped(containers: Containers) -> None:
    """Each is process 1 of its container, and such a process ignores signals that it does not handle."""
    with containers.client() as client:
        assert client.post_event().status == 201
    for name in (WEB, RESPONDER):
        containers.podman("stop", "--time", "45", name)
        assert containers.inspect(name)["State"]["ExitCode"] == 0
    assert log(containers, RESPONDER).splitlines()[-1].endswith(" drained")


def test_a_successor_takes_over_under_load_without_a_lost_request(containers: Containers) -> None:
    first = containers.inspect(RESPONDER)
    volumes = [f"{mount['Name']}:{mount['Destination']}" for mount in first["Mounts"] if mount.get("Name")]
    assert len(volumes) == 2
    with containers.client() as client:
        earlier = [event["id"] for event in client.events()]
    traffic = Traffic(CONNECTIONS, containers.client, pause=0.02)
    try:
        traffic.wait_for(100)
        containers.podman(
            *("run", "--detach", "--name", "successor", "--network", "none", "--read-only", *LIMITS.split()),
            *(option for volume in volumes for option in ("--volume", volume)),
            "eventlog-responder",
        )
        wait_until(lambda: "listening" in log(containers, "successor"), "the successor listens")
        containers.podman("stop", "--time", "45", RESPONDER)
        assert containers.inspect(RESPONDER)["State"]["ExitCode"] == 0
        traffic.wait_for(100)
    finally:
        traffic.end()
        containers.podman("rm", "--force", "--time", "0", "--ignore", "successor")
    # The successor is gone, but the events that it recorded are still there.
    containers.podman("start", RESPONDER)
    wait_until_healthy(containers)
    with containers.client() as client:
        stored = [event["id"] for event in client.events()]
    assert sorted(stored) == sorted(earlier + traffic.acknowledged)


def test_a_download_under_way_is_finished_when_both_are_stopped(containers: Containers) -> None:
    """The client is slow, so most of the response is still to come when nginx is told to stop."""
    with containers.client() as client:
        for _ in range(400):
            assert client.post_event(source="large", message="x" * 60_000).status == 201
        response = client.start("GET", "/events.ndjson?source=large")
        beginning = response.read(10_000)
        with ThreadPoolExecutor(2) as threads:
            stops = [threads.submit(containers.podman, "stop", "--time", "45", name) for name in (WEB, RESPONDER)]
            time.sleep(1)
            events = [json.loads(line) for line in (beginning + response.read()).splitlines()]
            for stop in stops:
                stop.result()
    assert len(events) == 400 and {len(event["message"]) for event in events} == {60_000}

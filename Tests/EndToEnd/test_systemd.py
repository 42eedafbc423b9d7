"""Tests the units of deploy/systemd, as systemd itself judges them, and with a program that does what systemd does."""

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from conftest import Site
from load import Traffic
from responder import BINARY, run_to_end
from supervisor import UNITS, Supervisor, Unit

CONNECTIONS = 16

StartSupervisor = Callable[..., Supervisor]


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments], capture_output=True, text=True, timeout=60, env={"LC_ALL": "C.UTF-8"}
    )


@pytest.fixture
def start_supervisor(site: Site) -> Iterator[StartSupervisor]:
    with ExitStack() as supervisors:

        def start(**options: str | bool) -> Supervisor:
            supervisor = Supervisor(site.folder, **options)  # type: ignore[arg-type]
            supervisors.callback(supervisor.close)
            return supervisor

        yield start
        # Everything that holds connections must end before the supervisors.
        site.stop_peers()


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for unit in UNITS.iterdir():
        shutil.copy(unit, tmp_path)
    services = [tmp_path / "eventlog.service", tmp_path / "eventlog-journal.service"]
    for service in services:
        text = service.read_text()
        assert "/usr/local/bin/eventlog" in text
        service.write_text(text.replace("/usr/local/bin/eventlog", str(BINARY)))
    # The manual pages are only where `deploy/install` puts them.
    result = analyze("verify", "--man=no", *services, tmp_path / "eventlog.socket")
    assert result.returncode == 0, result
    assert not [line for line in result.stderr.splitlines() if "eventlog" in line], result.stderr


def test_a_wrong_unit_would_be_found(tmp_path: Path) -> None:
    service = tmp_path / "eventlog.service"
    service.write_text((UNITS / "eventlog.service").read_text().replace("ProtectHome", "ProtectHouse"))
    assert "ProtectHouse" in analyze("verify", "--man=no", service).stderr


def test_the_service_is_rated_safe() -> None:
    result = analyze("security", "--offline=true", "--threshold=10", UNITS / "eventlog.service")
    assert result.returncode == 0, result
    print(result.stdout.splitlines()[-1])


def test_a_drain_fits_into_the_time_that_systemd_gives() -> None:
    manual = " ".join(run_to_end("serve", "--help").stdout.split())
    drain_timeout = re.search(r"--drain-timeout <seconds>[^(]*\(default: (\d+)\)", manual)
    assert drain_timeout
    assert int(Unit("eventlog.service")["TimeoutStopSec"]) >= int(drain_timeout[1]) + 10


@pytest.mark.parametrize("abstract", [False, True], ids=["path", "abstract"])
def test_it_tells_when_it_answers_and_when_it_ends(
    site: Site, start_supervisor: StartSupervisor, abstract: bool
) -> None:
    supervisor = start_supervisor(abstract=abstract)
    process = supervisor.start()
    assert supervisor.notification() == "READY=1"
    with site.connect() as connection:
        assert connection.request("GET", "/health").status == 200
        process.terminate()
        # The notification comes before the end, while a connection is still kept.
        assert supervisor.notification() == "STOPPING=1"
        assert process.poll() is None
    assert process.wait(10) == 0


def test_it_gives_signs_of_life_until_it_hangs(site: Site, start_supervisor: StartSupervisor) -> None:
    assert int(Unit("eventlog.service")["WatchdogSec"]) >= 10
    assert Unit("eventlog.service")["Restart"] == "on-failure", "which includes the watchdog"
    supervisor = start_supervisor(WATCHDOG_USEC="400000")
    process = supervisor.start()
    assert supervisor.notification() == "READY=1"
    for _ in range(5):
        assert supervisor.notification(seconds=5) == "WATCHDOG=1"
    process.send_signal(signal.SIGSTOP)
    time.sleep(0.5)
    with pytest.raises(TimeoutError):
        for _ in range(100):
            supervisor.notification(seconds=0.5)
    process.send_signal(signal.SIGCONT)
    assert supervisor.notification(seconds=5) == "WATCHDOG=1"
    # This is how systemd ends a process that gives no sign of life.
    process.send_signal(signal.SIGABRT)
    assert process.wait(10) == -signal.SIGABRT


def test_it_does_not_claim_to_be_ready_with_a_store_that_it_cannot_use(
    site: Site, start_supervisor: StartSupervisor
) -> None:
    supervisor = start_supervisor(EVENTLOG_STORE=f"sqlite:{site.folder}/missing/events.sqlite")
    assert supervisor.start().wait(10) == 69
    with pytest.raises(TimeoutError):
        supervisor.notification(seconds=0.1)


def test_who_connects_before_it_is_started_is_answered(site: Site, start_supervisor: StartSupervisor) -> None:
    supervisor = start_supervisor()
    waiting = [site.connect() for _ in range(100)]
    supervisor.start_until_ready()
    for connection in waiting:
        assert connection.request("GET", "/health").status == 200


def test_a_restart_under_load_loses_no_request(site: Site, start_supervisor: StartSupervisor) -> None:
    """No process takes over. For a while none is running, and the socket holds the requests that arrive."""
    supervisor = start_supervisor()
    supervisor.start_until_ready()
    web_server = site.start_web_server()
    traffic = Traffic(CONNECTIONS, web_server.client)
    try:
        for _ in range(2):
            traffic.wait_for(500)
            started = time.monotonic()
            assert supervisor.stop() == 0
            assert supervisor.notification() == "STOPPING=1"
            time.sleep(1)
            supervisor.start_until_ready()
            print(f"{time.monotonic() - started:.1f} s from TERM to READY, one of them without any process")
        traffic.wait_for(500)
    finally:
        traffic.end()

    with web_server.client() as client:
        stored = [event["id"] for event in client.events()]
    assert sorted(stored) == sorted(traffic.acknowledged)
    assert len(set(stored)) == len(stored)

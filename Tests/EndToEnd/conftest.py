"""Fixtures that start the built program behind a real nginx, for each test or for a whole file of tests."""

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from containers import Containers
from fcgi_client import FastCGIConnection
from http_client import HTTPClient
from responder import BINARY, CHECKOUT, Responder
from web_server import Nginx


def pytest_configure() -> None:
    if not BINARY.exists():
        pytest.exit(
            f"{BINARY} is missing: swift build -c release --static-swift-stdlib --product eventlog", 1
        )
    # Some tests hold thousands of connections. The processes that they start inherit the limit.
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@dataclass
class Site:
    """The place where a test starts responders and web servers, which end with the test."""

    folder: Path
    _responders: ExitStack
    # Everything that holds connections to responders. It ends first, so that no drain has to wait for it.
    _peers: ExitStack
    _started: list[Responder] = field(default_factory=list)

    @property
    def socket(self) -> Path:
        return self.folder / "eventlog.sock"

    @property
    def store(self) -> str:
        return f"sqlite:{self.folder / 'events.sqlite'}"

    def start_responder(
        self,
        *options: str,
        socket: Path | None = None,
        store: str | None = None,
        command: Sequence[str] = (),
    ) -> Responder:
        responder = Responder(socket or self.socket, *options, store=store or self.store, command=command)
        self._responders.callback(responder.stop)
        self._started.append(responder)
        return responder

    def kill_responders(self) -> None:
        for responder in self._started:
            responder.kill()

    def start_web_server(self) -> Nginx:
        web_server = Nginx(self.folder / "nginx", self.socket)
        self.end_with_peers(web_server.stop)
        return web_server

    def end_with_peers(self, stop: Callable[[], None]) -> None:
        """Registers a function that is called before the responders are stopped."""
        self._peers.callback(stop)

    def stop_peers(self) -> None:
        self._peers.close()

    def connect(self, socket: Path | None = None, timeout: float = 20) -> FastCGIConnection:
        """Opens a new connection directly to a responder, without nginx."""
        return self._peers.enter_context(FastCGIConnection(socket or self.socket, timeout))


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as site:
        yield site


@pytest.fixture(scope="module")
def shared_site() -> Iterator[Site]:
    """Provides one site for all tests of a file."""
    with open_site() as site:
        yield site


@contextmanager
def open_site() -> Iterator[Site]:
    # Pytest's own folder has too long a path, because the path of a unix socket has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="eventlog-"))
    with ExitStack() as responders:
        responders.callback(shutil.rmtree, folder)
        with ExitStack() as peers:
            yield Site(folder, responders, peers)


@pytest.fixture
def responder(site: Site) -> Responder:
    """Provides a responder with an empty SQLite log."""
    return site.start_responder()


@pytest.fixture
def web_server(site: Site, responder: Responder) -> Nginx:
    return site.start_web_server()


@pytest.fixture
def client(web_server: Nginx) -> Iterator[HTTPClient]:
    with web_server.client() as client:
        yield client


@pytest.fixture
def connection(site: Site, responder: Responder) -> FastCGIConnection:
    return site.connect()


def why_no_containers() -> str | None:
    if os.geteuid() != 0:
        return "debootstrap, which makes the base of the images here, needs root"
    if subprocess.run(["unshare", "--mount", "--net", "true"], capture_output=True).returncode != 0:
        return "this machine does not allow namespaces, which containers need"
    return None


@pytest.fixture(scope="session", autouse=True)
def building(request: pytest.FixtureRequest) -> Iterator[Future[Containers] | None]:
    """Builds the images of deploy/container, if a test needs them, while tests run that do not need them."""
    if why_no_containers() or not any("images" in item.fixturenames for item in request.session.items):
        yield None
        return
    containers = Containers(CHECKOUT / ".build/containers")

    def build() -> Containers:
        containers.build()
        return containers

    with ExitStack() as end, ThreadPoolExecutor(1) as thread:
        end.callback(containers.close)
        yield thread.submit(build)


@pytest.fixture(scope="session")
def images(building: Future[Containers] | None) -> Containers:
    """Provides the images of deploy/container, and the means to run them."""
    if building is None:
        pytest.skip(why_no_containers())
    return building.result()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    assert executable, "apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()

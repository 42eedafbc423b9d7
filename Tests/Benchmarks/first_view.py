"""Measures how soon a first view of the page shows its table in a running Chromium, next to the original's page."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import Bench, Folder
from loads import nginx_before
from logs import made_log
from peers import BUILD, HERE, EventLog, Original, Setting
from program import Program
from series import Series, at_most
from web_server import free_port, program

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, CDPSession

# The numbers of events, the largest first.
SIZES = (1_000_000, 1_000)
# The numbers of views of each page in each round, and before the first round.
VIEWS = 3
WARM_UP = 3

UNITS = {"table": "ms", "first paint": "ms", "requests": "", "wire": "kB"}
# The goals for Event Log with a million events.
GOALS = {"table": at_most(150), "requests": at_most(4), "wire": at_most(40)}

TABLE = "#results .events .id"
# Streamlit has two kinds of table: `st.dataframe` draws its rows in the frame in which its canvas appears, and
# `st.table` creates an HTML table.
STREAMLIT_TABLE = "[data-testid=stDataFrame] canvas, [data-testid=stTable] td"

# The times in milliseconds from the start of the navigation: that of the task after the frame that shows the table, and
# the browser's own first contentful paint.
LOOK = """
window.table = new Promise((resolve, reject) => {
  const shown = new MessageChannel();
  shown.port1.onmessage = () => resolve(performance.now());
  const look = () => {
    if (document.querySelector("@TABLE@")?.getClientRects().length) shown.port2.postMessage(null);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  setTimeout(() => reject(new Error("no table within 30 s")), 30_000);
});
window.firstPaint = new Promise((resolve) => {
  new PerformanceObserver((list) => {
    for (const paint of list.getEntriesByName("first-contentful-paint")) resolve(paint.startTime);
  }).observe({type: "paint", buffered: true});
});
"""


@dataclass(frozen=True)
class Page:
    program: str
    events: int
    way: str
    url: str
    # The selector of an element that exists once the events are shown.
    table: str


def measure(bench: Bench) -> list[Series]:
    """Returns a row for each of `UNITS` and each page. The goals apply to Event Log with a million events, which may
    take a fifth more than with a thousand. A ratio compares two views of the same turn."""
    with contextlib.ExitStack() as running:
        folder = running.enter_context(bench.folder())
        pages = [running.enter_context(_eventlog(build, size, folder)) for build in bench.builds for size in SIZES]
        if any(isinstance(peer, Original) for peer in bench.peers):
            pages.append(running.enter_context(_original(folder)))
        browser = running.enter_context(chromium())

        series = {
            (what, page): Series("first-view", page.way, f"{page.program}, {page.events:,} events: {what}", unit)
            for what, unit in UNITS.items()
            for page in pages
        }
        for _ in range(WARM_UP):
            for page in pages:
                view(browser, page)
        for _ in bench.rounds("first-view"):
            for _ in range(VIEWS):
                # The order is random, since a page may pay for what the previous one has left.
                for page in random.sample(pages, len(pages)):
                    for what, value in view(browser, page).items():
                        series[what, page].values.append(value)

    first = pages[0]
    for (what, page), each in series.items():
        largest = next(other for other in pages if other.program == page.program)
        if page is first:
            each.goal = GOALS.get(what)
        elif page is largest:
            each.compare(each.values, series[what, first].values, f"{page.program} ÷ {first.program}")
        else:
            each.compare(series[what, largest].values, each.values, f"{largest.events:,} ÷ {page.events:,}")
            each.goal = at_most(1.2)
    return list(series.values())


@contextlib.contextmanager
def chromium() -> Iterator[BrowserContext]:
    """Runs a browser with a tab that stays open."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program("chromium"), args=["--no-sandbox"])
        context = browser.new_context()
        context.new_page()
        yield context
        browser.close()


def view(browser: BrowserContext, page: Page) -> dict[str, float]:
    """Measures `UNITS` of one view in a new tab, with an empty HTTP cache."""
    tab = browser.new_page()
    tab.add_init_script(LOOK.replace("@TABLE@", page.table))
    session = browser.new_cdp_session(tab)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    traffic = Traffic(session)
    # By then the tab is ready, and the work that the previous view has left is done.
    tab.wait_for_timeout(500)
    tab.goto(page.url)
    table, first_paint = tab.evaluate("Promise.all([table, firstPaint])")
    # A page that follows its log is never idle.
    tab.wait_for_load_state("load")
    tab.wait_for_timeout(1000)
    tab.close()
    return {"table": table, "first paint": first_paint, "requests": traffic.requests, "wire": traffic.size / 1000}


class Traffic:
    """The traffic of a tab, including its WebSockets."""

    def __init__(self, session: CDPSession) -> None:
        self.requests = 0
        # The received bytes: responses with their heads, and the payload of frames.
        self.size = 0.0
        session.on("Network.requestWillBeSent", self._request_is_sent)
        session.on("Network.webSocketCreated", self._socket_is_opened)
        session.on("Network.loadingFinished", self._answer_has_arrived)
        session.on("Network.webSocketFrameReceived", self._frame_has_arrived)

    def _request_is_sent(self, event: dict[str, Any]) -> None:
        # Addresses with content of their own (`data:`) cause no request, and what follows the log is no part of the view.
        url = event["request"]["url"]
        self.requests += url.startswith("http") and "/events/stream" not in url

    def _socket_is_opened(self, event: dict[str, Any]) -> None:
        self.requests += 1

    def _answer_has_arrived(self, event: dict[str, Any]) -> None:
        self.size += event["encodedDataLength"]

    def _frame_has_arrived(self, event: dict[str, Any]) -> None:
        frame = event["response"]
        # Binary frames are reported in base64.
        self.size += len(frame["payloadData"]) * (0.75 if frame["opcode"] == 2 else 1)


@contextlib.contextmanager
def _eventlog(build: EventLog, size: int, folder: Folder) -> Iterator[Page]:
    sockets = folder.sockets / f"{build.name}-{size}"
    sockets.mkdir()
    responder = build.start(Setting(sockets, made_log(size, build.binary)))
    try:
        with nginx_before(responder, folder.data / f"nginx-{sockets.name}", speaks_fastcgi=True) as port:
            yield Page(build.name, size, "nginx", f"http://127.0.0.1:{port}/", TABLE)
    finally:
        responder.stop()


@contextlib.contextmanager
def _original(folder: Folder) -> Iterator[Page]:
    """Serves the original's page from Streamlit's own server; the page calls its API through nginx."""
    with contextlib.ExitStack() as running:
        original = Original()
        api = original.start(Setting(folder.sockets, folder.data))
        running.callback(api.stop)
        backend = running.enter_context(nginx_before(api, folder.data / "nginx-original", speaks_fastcgi=False))
        streamlit = Streamlit(folder, backend)
        running.callback(streamlit.stop)
        yield Page(original.name, 3, "", f"http://127.0.0.1:{streamlit.port}/", STREAMLIT_TABLE)


class Streamlit(Program):
    """The server of the original's page, which listens on a port."""

    def __init__(self, folder: Folder, backend: int) -> None:
        self.port = free_port()
        command: list[str | Path] = [BUILD / "venv/bin/streamlit", "run", HERE / "original/page.py"]
        command += ["--server.address=127.0.0.1", f"--server.port={self.port}", "--server.headless=true"]
        # Otherwise, Streamlit would report each view to its developers.
        command += ["--browser.gatherUsageStats=false"]
        url = f"http://127.0.0.1:{backend}"
        super().__init__("streamlit", command, folder.sockets / "streamlit", BACKEND_URL=url)

    def _accepts(self) -> bool:
        with socket.socket() as attempt:
            return attempt.connect_ex(("127.0.0.1", self.port)) == 0

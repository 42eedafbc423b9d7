"""The pages in a real Chromium behind nginx, with scripts and without."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlencode, urlsplit
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from conftest import Site
from http_client import JSON, HTTPClient, valid_event
from responder import run_to_end

HOSTILE = "\"'><script>document.title='run'</script><img src=x onerror=document.title='run'> {{message}} javascript:1"


@pytest.fixture(scope="module")
def log(shared_site: Site) -> Path:
    """Returns a copy of a log with sixty events and a hostile one."""
    shared_site.start_responder()
    with shared_site.connect() as connection:
        for number in range(1, 61):
            members = {"type": ["info", "error", "system"][number % 3], "message": f"number {number}"}
            event = valid_event(source=f"source-{number % 4}", **members)
            assert connection.request("POST", "/events", json.dumps(event).encode(), JSON).status == 201
        event = valid_event(
            type="error",
            source=HOSTILE[:190],
            message=HOSTILE + "\n" + "x" * 60_000,
            user_id="u 1",
            request_id="r&1",
            tags=["a tag", HOSTILE[:60]],
            data={HOSTILE: HOSTILE},
        )
        assert connection.request("POST", "/events", json.dumps(event).encode(), JSON).status == 201
    copy = shared_site.folder / "copy/events.sqlite"
    copy.parent.mkdir()
    assert run_to_end("backup", str(copy), EVENTLOG_STORE=shared_site.store).returncode == 0
    return copy


@pytest.fixture
def client(site: Site, log: Path) -> Iterator[HTTPClient]:
    """Yields a client of a log with sixty events and a hostile one."""
    shutil.copy(log, site.folder)
    site.start_responder()
    with site.start_web_server().client() as client:
        yield client


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(request: pytest.FixtureRequest, chromium: Browser, client: HTTPClient) -> Iterator[Page]:
    for page in open_page(chromium, client, java_script_enabled=request.param):
        # Only scripts show these controls, and the tests do what is possible without scripts where they are not shown.
        expect(page.locator(".switches")).to_be_visible(visible=request.param)
        yield page


def open_page(chromium: Browser, client: HTTPClient, **options: object) -> Iterator[Page]:
    context = chromium.new_context(base_url=f"http://127.0.0.1:{client.connection.port}", **options)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    go(page, "/")
    yield page
    assert page.title() != "run"
    assert complaints == []
    context.close()


def go(page: Page, target: str, status: int = 200) -> None:
    """Opens a page, whose answer must have the status."""
    answer = page.goto(target)
    assert answer and answer.status == status, f"{target}: {answer and answer.status}"


def has_scripts(page: Page) -> bool:
    return page.locator(".switches").is_visible()


def ids(page: Page) -> list[str]:
    return page.locator("#results .events .id").all_inner_texts()


def expect_ids(page: Page, client: HTTPClient, query: str) -> None:
    """Expects the page to show the events that the API returns."""
    wanted = [event["id"] for event in client.events(query)]
    expect(page.locator("#results .events .id")).to_have_text(wanted)


def apply(page: Page) -> None:
    page.get_by_role("button", name="Search").click()
    page.wait_for_load_state()


def test_an_event_is_recorded_and_shown(page: Page, client: HTTPClient) -> None:
    page.get_by_label("Type", exact=True).select_option("system")
    page.get_by_label("Source").first.fill("a browser")
    page.get_by_label("Message").fill("two\nlines 🎉")
    page.get_by_text("More", exact=True).click()
    page.get_by_label("Tags separated by commas").fill("one, two")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("status")).to_contain_text("evt_062")
    event = client.get("/events/evt_062").json()
    assert (event["message"], event["tags"]) == ("two\nlines 🎉", ["one", "two"])
    assert ids(page)[0] == "evt_062"
    # The source is kept for the next event, and a reload records nothing.
    expect(page.locator("#field-source")).to_have_value("a browser")
    page.reload()
    assert len(client.events()) == 62


def test_an_error_is_tied_to_its_field_and_loses_nothing(page: Page, client: HTTPClient) -> None:
    page.locator("#field-source").fill(" ")
    page.get_by_label("Message").fill("kept")
    page.get_by_role("button", name="Record").click()
    source = page.locator("#field-source")
    expect(source).to_have_attribute("aria-describedby", "error-source")
    expect(page.locator("#error-source")).to_contain_text("must not be blank")
    page.get_by_label("Message").fill("kept and changed")
    page.get_by_role("alert").get_by_role("link", name="Source").click()
    expect(source).to_be_focused()
    expect(page.get_by_label("Message")).to_have_value("kept and changed")
    source.fill("mended")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("status")).to_contain_text("evt_062")
    assert client.get("/events/evt_062").json()["message"] == "kept and changed"


def test_the_filter_agrees_with_the_api(page: Page, client: HTTPClient) -> None:
    page.get_by_label("Search").fill("number 1")
    page.get_by_role("checkbox", name="error").check()
    apply(page)
    expect_ids(page, client, "?q=number+1&type=error&order=desc&limit=50")
    expect(page.get_by_role("link", name="“number”")).to_be_visible()
    page.reload()
    expect_ids(page, client, "?q=number+1&type=error&order=desc&limit=50")
    expect(page.get_by_label("Search")).to_have_value("number 1")
    page.get_by_role("link", name="“number”").click()
    expect_ids(page, client, "?q=1&type=error&order=desc&limit=50")
    page.get_by_role("link", name="“1”").click()
    expect_ids(page, client, "?type=error&order=desc&limit=50")
    page.go_back()
    page.go_back()
    expect_ids(page, client, "?q=number+1&type=error&order=desc&limit=50")
    page.get_by_role("link", name="Clear all").click()
    assert len(ids(page)) == 50


def test_a_filter_that_cannot_be_keeps_its_values_and_says_why_at_the_field(page: Page, client: HTTPClient) -> None:
    search = page.get_by_label("Search")
    search.fill("number type:err")
    if not has_scripts(page):
        apply(page)
    expect(search).to_have_attribute("aria-describedby", "filter-error-q")
    expect(page.locator("#filter-error-q")).to_contain_text("at character 8, type:err : the value must be")
    expect(search).to_have_value("number type:err")
    expect(page.get_by_role("alert")).to_be_visible()
    search.fill("number 1")
    if has_scripts(page):
        expect(search).to_be_focused()
    else:
        apply(page)
    expect_ids(page, client, "?q=number+1&order=desc&limit=50")
    expect(search).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("#filter-error-q")).to_have_count(0)


def test_an_address_with_several_types_is_shown_as_it_is(page: Page, client: HTTPClient) -> None:
    go(page, "/?type=error&type=system")
    expect_ids(page, client, "?type=error&type=system&order=desc&limit=50")
    for name, checked in (("user action", False), ("system", True), ("error", True), ("info", False)):
        expect(page.get_by_role("checkbox", name=name)).to_be_checked(checked=checked)
    page.get_by_role("link", name="type: error").click()
    expect_ids(page, client, "?type=system&order=desc&limit=50")


def test_back_undoes_a_change_of_the_filter(page: Page, client: HTTPClient) -> None:
    page.get_by_role("checkbox", name="error").check()
    if not has_scripts(page):
        apply(page)
    expect_ids(page, client, "?type=error&order=desc&limit=50")
    page.get_by_label("Search").fill("number 1")
    if not has_scripts(page):
        apply(page)
    expect_ids(page, client, "?type=error&q=number+1&order=desc&limit=50")
    page.go_back()
    expect_ids(page, client, "?type=error&order=desc&limit=50")
    expect(page.get_by_label("Search")).to_have_value("")
    page.go_back()
    expect_ids(page, client, "?order=desc&limit=50")
    expect(page.get_by_role("checkbox", name="error")).not_to_be_checked()
    page.go_forward()
    expect_ids(page, client, "?type=error&order=desc&limit=50")
    expect(page.get_by_role("checkbox", name="error")).to_be_checked()


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(chromium: Browser, client: HTTPClient) -> None:
    for page in open_page(chromium, client):
        held: list[Route] = []
        page.route(re.compile(r"q=number\+1(&|$)"), lambda route: held.append(route))
        search = page.get_by_label("Search")
        with page.expect_request(re.compile(r"q=number\+1(&|$)")):
            search.fill("number 1")
        search.fill("number 2")
        expect_ids(page, client, "?q=number+2&order=desc&limit=50")
        address = page.url
        with page.expect_response(re.compile(r"q=number\+1(&|$)")) as late:
            held[0].continue_()
        assert late.value.ok and late.value.finished() is None
        # What the page does with it, it does at once.
        page.wait_for_timeout(300)
        expect_ids(page, client, "?q=number+2&order=desc&limit=50")
        assert page.url == address and "q=number+2" in address
        expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true")


def test_what_is_not_there_is_told_with_a_way_on(page: Page, client: HTTPClient) -> None:
    for target, status, words in (
        ("/nothing", 404, "nothing at this path"),
        ("/events/evt_999", 404, "no event with this id"),
        ("/events.csv?limit=x", 422, "limit must be a whole number"),
    ):
        go(page, target, status)
        expect(page.get_by_role("alert")).to_contain_text(words)
        page.get_by_role("link", name="Event Log", exact=True).click()
        expect(page.locator("#results .events .id")).to_have_count(50)


def test_a_span_of_time_becomes_a_url(page: Page, client: HTTPClient) -> None:
    page.get_by_label("Time", exact=True).select_option("1h")
    if has_scripts(page):
        page.wait_for_url(re.compile("since="))
    else:
        apply(page)
    # The address keeps the span, so that it means the same whenever it is opened.
    assert parse_qs(urlsplit(page.url).query)["since"] == ["1h"]
    assert len(client.events("?since=1h")) == 61
    assert len(ids(page)) == 50
    expect(page.get_by_role("link", name="last hour")).to_be_visible()
    expect(page.get_by_label("Time", exact=True)).to_have_value("1h")
    # A reader can enter a period of their own, in UTC.
    page.goto("/")
    page.get_by_text("More conditions").click()
    page.get_by_label("Before UTC", exact=True).fill("2020-01-01T00:00")
    if has_scripts(page):
        page.wait_for_url(re.compile("until="))
    else:
        apply(page)
    assert parse_qs(urlsplit(page.url).query)["until"] == ["2020-01-01T00:00:00.000Z"]
    expect(page.get_by_role("link", name="until 2020-01-01 00:00 UTC")).to_be_visible()
    expect(page.locator("#results .empty")).to_contain_text("No events match.")


def test_columns_sort_and_pages_turn(page: Page, client: HTTPClient) -> None:
    page.get_by_role("link", name="Source", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text(re.compile("Source"))
    expect_ids(page, client, "?sort=source&order=asc&limit=50")
    first = ids(page)
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("link", name="Previous")).to_be_visible()
    assert len(ids(page)) == 11 and not set(ids(page)) & set(first)
    page.get_by_role("link", name="Previous").click()
    expect(page.locator("#results .events .id")).to_have_text(first)
    page.get_by_role("link", name="Source", exact=True).click()
    expect_ids(page, client, "?sort=source&order=desc&limit=50")


@pytest.mark.parametrize("form", ["CSV", "NDJSON", "JSON"])
def test_downloads_are_what_is_shown(page: Page, client: HTTPClient, form: str) -> None:
    go(page, "/?type=error&sort=source&order=desc&limit=25")
    with page.expect_download() as download:
        page.get_by_role("link", name=form, exact=True).click()
    suffix = form.lower()
    # People open CSV in Excel, which needs the mark.
    mark = "&bom=1" if form == "CSV" else ""
    assert download.value.suggested_filename.endswith(f".{suffix}")
    with open(download.value.path(), "rb") as file:
        assert file.read() == client.get(f"/events.{suffix}?type=error&sort=source&order=desc{mark}").body


def test_a_bar_leads_to_its_interval(page: Page, client: HTTPClient) -> None:
    bars = page.locator(".histogram svg a")
    assert bars.count() >= 1
    bars.first.click(force=True)
    page.wait_for_url(re.compile("since=.*until="))
    query = parse_qs(urlsplit(page.url).query)
    found = client.events(f"?since={query['since'][0]}&until={query['until'][0]}")
    assert 0 < len(found) <= 61
    expect(page.locator(".histogram figcaption")).to_contain_text(f"{len(found)} matching")


def test_an_event_has_a_page_between_its_neighbours(page: Page, client: HTTPClient) -> None:
    page.get_by_role("link", name="evt_060").click()
    expect(page.get_by_role("heading", name="evt_060")).to_be_visible()
    page.get_by_role("link", name="Next: evt_061").click()
    expect(page.get_by_role("heading", name="evt_061")).to_be_visible()
    expect(page.locator(".members")).to_contain_text(HOSTILE)
    page.get_by_role("link", name="a tag").first.click()
    expect_ids(page, client, "?tag=a+tag&order=desc")


def test_hostile_text_is_whole_in_downloads(page: Page, client: HTTPClient) -> None:
    go(page, "/?tag=a+tag")
    event = client.get("/events/evt_061").json()
    files = {}
    for form in ("CSV", "NDJSON", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("link", name=form, exact=True).click()
        files[form] = download.value.path().read_text()
    assert json.loads(files["JSON"]) == [event]
    assert [json.loads(line) for line in files["NDJSON"].splitlines()] == [event]
    csv.field_size_limit(1 << 20)
    (row,) = csv.DictReader(io.StringIO(files["CSV"], newline=""))
    assert (row["source"], row["message"]) == (event["source"], event["message"])
    assert json.loads(row["data"]) == event["data"]


def test_text_reads_in_its_own_direction(page: Page, client: HTTPClient) -> None:
    assert client.post_event(source="متجر", message="تم تسجيل الطلب 👩‍👩‍👧").status == 201
    page.reload()
    row = page.locator(".events tbody tr").first
    for cell in (row.locator(".source a"), row.locator(".message .text")):
        assert cell.evaluate("element => getComputedStyle(element).direction") == "rtl"
    expect(row.locator(".message .text")).to_have_text("تم تسجيل الطلب 👩‍👩‍👧")


# The luminance (WCAG 2.2) of an element's text and of its background.
LUMINANCES = """element => {
    const luminance = (colour) => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => part / 255)
            .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const text = getComputedStyle(element).color
    const ground = (element) => element ? getComputedStyle(element).backgroundColor : "rgb(255, 255, 255)"
    while (ground(element) === "rgba(0, 0, 0, 0)") element = element.parentElement
    return [luminance(text), luminance(ground(element))]
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_printed_page_has_the_events_in_dark_on_light_and_no_forms(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.set_viewport_size({"width": 720, "height": 1000})
    if has_scripts(page) and scheme == "dark":
        page.get_by_role("button", name="Theme: automatic").click()
        page.get_by_role("button", name="Theme: light").click()
    page.emulate_media(media="print", color_scheme=scheme)
    expect(page.locator("#results .events")).to_be_visible()
    for name in ("aside", ".filter", ".pages", ".switches", ".skip"):
        expect(page.locator(name).first).to_be_hidden()
    for name in ("h1 a", "h2", ".timestamp", ".type", ".source a", ".text", ".values a", ".id a"):
        text, ground = page.locator(f"body :is(header, main) {name}").first.evaluate(LUMINANCES)
        assert text < 0.2 and ground > 0.8, name


def test_a_notice_fades(chromium: Browser, client: HTTPClient) -> None:
    for page in open_page(chromium, client):
        go(page, "/?created=evt_001")
        notice = page.locator(".notice", has_text="Recorded as evt_001")
        expect(notice).to_be_visible()
        expect(notice).to_be_hidden(timeout=30_000)


def test_hostile_text_is_text_everywhere(page: Page, client: HTTPClient) -> None:
    expect(page.get_by_role("link", name="Show the whole message")).to_be_visible()
    for target, status, shown in (
        ("/", 200, True),
        ("/events/evt_061", 200, True),
        ("/?q=script", 200, True),
        ("/?source=%22%3E%3Cscript%3E", 200, False),
        ("/?type=%3Cscript%3E", 422, False),
    ):
        go(page, target, status)
        assert ("document.title='run'" in page.locator("main").inner_text()) == shown, target
        assert page.locator("main script, main img").count() == 0, target
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), target


WORDS = {
    "source": "s" * 200,
    "user_id": "u" * 200,
    "request_id": "r" * 200,
    "tags": [f"{number:064}" for number in range(20)],
}
CONDITIONS = {**WORDS, "tag": WORDS["tags"], "q": "q" * 200}
del CONDITIONS["tags"]


def expect_no_scrolling_sideways(page: Page, state: str) -> None:
    root = page.locator("html")
    assert root.evaluate("root => root.scrollWidth <= root.clientWidth"), state


@pytest.mark.parametrize("width", [1280, 360])
def test_long_words_do_not_widen_the_page(chromium: Browser, client: HTTPClient, width: int) -> None:
    message = "m" * 5000
    assert client.post_event(**WORDS, message=message, data={"d" * 5000: "v" * 5000}).status == 201
    states = {
        "list": ("/", 200),
        "event": ("/events/evt_062", 200),
        "its neighbour": ("/events/evt_061", 200),
        "chips": (f"/?{urlencode(CONDITIONS, doseq=True)}", 200),
        "wrong filter": (
            f"/?{urlencode({**CONDITIONS, 'limit': 'l' * 200, 'n' * 200: 'v' * 200}, doseq=True)}",
            422,
        ),
        "problem": (f"/{'p' * 200}", 404),
    }
    for page in open_page(chromium, client, viewport={"width": width, "height": 800}):
        for name, (target, status) in states.items():
            go(page, target, status)
            for details in page.locator("details").all():
                details.evaluate("element => element.open = true")
            expect_no_scrolling_sideways(page, name)
        page.goto("/")
        page.get_by_text("More", exact=True).click()
        for field, value in {**WORDS, "tags": "t" * 65, "message": message, "data": "d" * 5000}.items():
            page.locator(f"#field-{field}").fill(str(value) + "x")
        page.get_by_role("button", name="Record").click()
        expect(page.locator("#error-tags")).to_be_visible()
        expect_no_scrolling_sideways(page, "form with errors")


def test_on_a_phone_a_link_leads_to_the_form(chromium: Browser, client: HTTPClient) -> None:
    for page in open_page(chromium, client, viewport={"width": 360, "height": 800}):
        expect(page.locator("#form-title")).not_to_be_in_viewport()
        link = page.get_by_role("link", name="Record an event")
        link.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#form-title")).to_be_in_viewport()
        page.keyboard.press("Tab")
        expect(page.locator("#field-type")).to_be_focused()
        page.set_viewport_size({"width": 1280, "height": 800})
        expect(link).to_be_hidden()


def test_the_keyboard_reaches_everything(chromium: Browser, client: HTTPClient) -> None:
    for page in open_page(chromium, client):
        page.keyboard.press("/")
        expect(page.get_by_label("Search")).to_be_focused()
        page.keyboard.type("number 7")
        expect_ids(page, client, "?q=number+7&order=desc&limit=50")
        expect(page.get_by_label("Search")).to_be_focused()
        assert "q=number+7" in page.url, "it can be kept"
        # A slash that is typed is a slash.
        page.get_by_text("More conditions").click()
        for field in ("#field-message", "#field-source", "#filter-source"):
            page.locator(field).press_sequentially("a/b")
            expect(page.locator(field)).to_be_focused()
            expect(page.locator(field)).to_have_value("a/b")
        page.wait_for_url(re.compile("source=a%2Fb"))
        page.goto("/")
        page.locator("#field-source").fill("keys")
        page.get_by_label("Message").fill("sent by keys")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status")).to_contain_text("evt_062")
        assert "created" not in page.url
        page.goto("/")
        reached = set()
        for _ in range(400):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.outerHTML"))
            is_seen = page.evaluate(
                "[document.body, null].includes(document.activeElement)"
                " || getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            )
            assert is_seen, f"nobody sees where the focus is: {page.evaluate('document.activeElement.outerHTML')}"
        for text in ("Skip to", "Record</button>", 'id="filter-q"', "The numbers as", "evt_062", "events.csv"):
            assert any(text in element for element in reached), text


def test_times_and_theme_are_remembered(chromium: Browser, client: HTTPClient) -> None:
    for page in open_page(chromium, client, timezone_id="Asia/Tokyo", color_scheme="light"):
        time = page.locator(".events time").first
        utc = time.inner_text()
        page.get_by_role("button", name="Times in UTC").click()
        in_tokyo = datetime.fromisoformat(utc).replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo"))
        local = f"{in_tokyo:%Y-%m-%d %H:%M:%S}.{in_tokyo.microsecond // 1000:03}"
        assert time.inner_text() == local
        expect(page.locator(".zone").first).to_have_text("Asia/Tokyo")
        page.get_by_role("button", name="Theme").click()
        page.get_by_role("button", name="Theme: light").click()
        page.reload()
        expect(page.get_by_role("button", name="Times in local time")).to_be_visible()
        assert page.locator(".events time").first.inner_text() == local
        assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


@pytest.fixture
def night_of_the_clocks(site: Site) -> Iterator[HTTPClient]:
    """Yields a client of a log with events from the night in which clocks in Berlin showed 02:30 twice."""
    moments = ["2024-10-26T23:30:00Z", "2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z", "2024-10-27T02:30:00Z"]
    file = site.folder / "night.ndjson"
    lines = [
        json.dumps({"id": f"evt_{number:03}", "timestamp": moment, **valid_event(message=moment)})
        for number, moment in enumerate(moments, 1)
    ]
    file.write_text("\n".join(lines) + "\n")
    imported = run_to_end("import", str(file), EVENTLOG_STORE=site.store)
    assert imported.returncode == 0, imported.stderr
    site.start_responder()
    with site.start_web_server().client() as client:
        yield client


@pytest.mark.parametrize("width", [1280, 360])
def test_times_are_in_one_zone_that_is_named_wherever_they_are(
    chromium: Browser, night_of_the_clocks: HTTPClient, width: int
) -> None:
    options = {"timezone_id": "Europe/Berlin", "viewport": {"width": width, "height": 800}}
    for page in open_page(chromium, night_of_the_clocks, **options):
        go(page, "/?since=2024-10-26T22:00:00Z&until=2024-10-27T03:00:00Z")
        assert "Europe" not in page.locator("html").inner_text()
        page.get_by_role("button", name="Times in UTC").click()
        cells = page.locator(".events time").all_inner_texts()
        assert cells == [
            "2024-10-27 03:30:00.000",
            "2024-10-27 02:30:00.000 +01:00",
            "2024-10-27 02:30:00.000 +02:00",
            "2024-10-27 01:30:00.000",
        ]
        # Nothing says UTC any more, visible or not, but that dates in a search are in UTC always.
        page.locator(".help").evaluate("each => each.remove()")
        texts = page.evaluate("[...document.querySelectorAll('main *')].map((e) => e.textContent).join('\\n')")
        assert "UTC" not in texts
        assert all(name.endswith("Europe/Berlin") for name in page.locator(".zone").all_text_contents())
        content = page.locator(".events .timestamp").first.evaluate("e => getComputedStyle(e, '::after').content")
        assert ("Europe/Berlin" in content) == (width == 360), "cards have no header"
        chips = page.locator(".chips").inner_text()
        assert "since 2024-10-27 00:00 Europe/Berlin" in chips and "until 2024-10-27 04:00 Europe/Berlin" in chips
        titles = page.locator(".histogram title").all_text_contents()
        assert titles[1].startswith("2024-10-27 02:30 +02:00 to 2024-10-27 02:35 +02:00 Europe/Berlin: 1 event"), titles
        ticks = page.locator(".tick").all_text_contents()
        assert ticks[0] == "10-27 00:00" and any("+0" in tick for tick in ticks), ticks
        assert page.locator("#filter-since").input_value() == "2024-10-27T00:00"
        assert page.locator("caption").all_text_contents()[-1] == "Events; times are in Europe/Berlin"
        page.get_by_role("link", name="evt_002").click()
        assert page.locator(".members time").inner_text() == "2024-10-27T02:30:00.000+02:00"


def test_fields_take_the_zone_that_is_shown_and_addresses_are_in_utc(
    chromium: Browser, night_of_the_clocks: HTTPClient
) -> None:
    for page in open_page(chromium, night_of_the_clocks, timezone_id="Asia/Tokyo"):
        page.get_by_role("button", name="Times in UTC").click()
        page.get_by_text("More conditions").click()
        page.get_by_label("From Asia/Tokyo", exact=True).fill("2024-10-27T09:00")
        page.wait_for_url(re.compile("since=2024-10-27T00%3A00%3A00.000Z"))
        expect(page.locator("#results .events .id")).to_have_text(["evt_004", "evt_003", "evt_002"])
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("link", name="since 2024-10-27 09:00 Asia/Tokyo")).to_be_visible()
        assert "since=2024-10-27T00%3A00%3A00.000Z" in page.url
        page.get_by_role("button", name="Times in local time").click()
        expect(page.locator("#filter-since")).to_have_value("2024-10-27T00:00")
        # A span takes the place of a moment, and a moment that of a span.
        page.get_by_label("Time", exact=True).select_option("24h")
        page.wait_for_url(re.compile("since=24h"))
        expect(page.locator("#filter-since")).to_have_value("")
        page.get_by_label("From UTC", exact=True).fill("2024-10-27T02:00")
        page.wait_for_url(re.compile("since=2024-10-27T02"))
        expect(page.get_by_label("Time", exact=True)).to_have_value("")
        expect(page.locator("#results .events .id")).to_have_text(["evt_004"])


def test_a_long_filter_stands_on_the_page_once_and_its_conditions_are_buttons(page: Page, client: HTTPClient) -> None:
    tags = [f"{number:02}-" + "x" * 60 for number in range(18)]
    assert client.post_event(tags=tags).status == 201
    go(page, f"/?{urlencode([('tag', tag) for tag in tags])}")
    assert len(page.content()) < 60_000
    assert ids(page) == ["evt_062"]
    page.get_by_text("The numbers as a table").click()
    page.locator(".numbers").get_by_role("button").click()
    page.wait_for_url(re.compile("since=.*until="))
    expect(page.locator("#results .events .id")).to_have_text(["evt_062"])
    expect(page.locator(".chips li")).to_have_count(18 + 2 + 1)
    page.get_by_role("button", name=f"tag: {tags[3]}").click()
    page.wait_for_url(lambda url: tags[3] not in url)
    expect(page.locator("#results .events .id")).to_have_text(["evt_062"])
    expect(page.locator(".chips li")).to_have_count(17 + 2 + 1)
    assert "without" not in page.url and "period" not in page.url


# The address of each state of the pages, with its status.
STATES = {
    "list": ("/", 200),
    "filtered": ("/?q=number&type=error&tag=&since=2020-01-01T00:00:00Z&sort=source&limit=10", 200),
    "empty": ("/?q=nothing", 200),
    "wrong": ("/?limit=0&type=x&q=%20&since=x&nothing=1&tag=" + "t" * 65, 422),
    "event": ("/events/evt_061", 200),
    "missing": ("/events/evt_999", 404),
    "problem": ("/nothing", 404),
    "created": ("/?created=evt_001&limit=10", 200),
    "docs": ("/docs", 200),
}


def expect_no_violation(page: Page, state: str) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{state}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Browser, client: HTTPClient, site: Site, scheme: str, width: int) -> None:
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    for page in open_page(chromium, client, **options):
        for name, (target, status) in STATES.items():
            go(page, target, status)
            for details in page.locator("details").all():
                details.evaluate("element => element.open = true")
            expect_no_violation(page, name)
        page.goto("/")
        # An event is a card in a narrow window, and a row in a wide one.
        row = page.locator("#results .events tbody tr").first
        expect(row).to_have_css("display", "flex" if width == 360 else "table-row")
        page.locator("#field-source").fill(" ")
        page.locator("#field-message").fill("x")
        page.get_by_role("button", name="Record").click()
        expect(page.locator("#error-source")).to_be_visible()
        expect_no_violation(page, "error")
        go(page, "/static/nothing", 404)
        expect_no_violation(page, "what nginx refuses")
        site.kill_responders()
        go(page, "/", 502)
        expect_no_violation(page, "offline")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_an_empty_log(chromium: Browser, site: Site, scheme: str) -> None:
    site.start_responder()
    with site.start_web_server().client() as client:
        for page in open_page(chromium, client, color_scheme=scheme):
            expect(page.get_by_text("There are no events yet.")).to_be_visible()
            expect_no_violation(page, "empty")


def test_it_works_at_200_percent(chromium: Browser, client: HTTPClient) -> None:
    # A zoom of 200% in a window of 1280 shows the same as a window of 640.
    for page in open_page(chromium, client, viewport={"width": 640, "height": 400}, device_scale_factor=2):
        for target, status in STATES.values():
            go(page, target, status)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), target


def test_a_first_view_is_small(chromium: Browser, client: HTTPClient) -> None:
    for page in open_page(chromium, client):
        context = chromium.new_context(base_url=page.url)
        fresh = context.new_page()
        session = context.new_cdp_session(fresh)
        session.send("Network.enable")
        sizes: list[int] = []
        requests: list[str] = []
        streams: list[str] = []
        session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
        fresh.on("request", lambda request: (streams if "/stream" in request.url else requests).append(request.url))
        fresh.goto("/", wait_until="load")
        # What follows the log comes after the view, and once.
        expect(fresh.locator(".live span")).to_have_text("")
        fresh.wait_for_timeout(500)
        assert len(streams) == 1, streams
        assert fresh.locator("#results .events tbody tr").count() == 50
        assert len(requests) <= min(4, len(sizes)), (requests, sizes)
        assert 10_000 < sum(sizes) <= 40_000, sizes
        assert {urlsplit(url).netloc for url in requests} == {urlsplit(page.url).netloc}, "nobody else is asked"
        context.close()


def test_a_browser_is_told_when_the_log_is_offline(chromium: Browser, site: Site, client: HTTPClient) -> None:
    for page in open_page(chromium, client):
        answer = page.goto("/static/app.js?v=1")
        assert answer and answer.headers["cache-control"] == "public, max-age=86400"
        site.kill_responders()
        go(page, "/", 502)
        expect(page.get_by_role("heading", name="Offline")).to_be_visible()
        assert client.get("/events").problem(502)

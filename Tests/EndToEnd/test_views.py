"""Saved views: over HTTP, on the page with and without scripts, and of several responders and keys."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from answer import Answer
from conftest import Site
from http_client import JSON, HTTPClient, valid_event
from responder import run_to_end

COLUMNS = ["timestamp", "source", "data.order.id", "tags", "message"]


@pytest.fixture
def client(site: Site) -> Iterator[HTTPClient]:
    site.start_responder()
    with site.start_web_server().client() as client:
        for number in range(1, 4):
            event = valid_event(
                type=["info", "error"][number % 2], source="till", message=f"card declined {number}",
                tags=["eu"], data={"order": {"id": number}},
            )
            assert client.request("POST", "/events", json.dumps(event).encode(), {"Content-Type": JSON}).status == 201
        yield client


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(request: pytest.FixtureRequest, chromium: Browser, client: HTTPClient) -> Iterator[Page]:
    address = f"http://127.0.0.1:{client.connection.port}"
    context = chromium.new_context(base_url=address, java_script_enabled=request.param)
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    yield page
    assert complaints == []
    context.close()


def put(client: HTTPClient, name: str, view: dict[str, object], **fields: str) -> Answer:
    return client.request("PUT", f"/views/{name}", json.dumps(view).encode(), {"Content-Type": JSON, **fields})


def test_a_view_is_saved_listed_and_removed(client: HTTPClient) -> None:
    view = {"query": "declined since:24h", "columns": COLUMNS}
    made = put(client, "declined%20cards", view)
    assert made.status == 201 and made.field("Location") == "/views/declined%20cards"
    assert made.json() == {"name": "declined cards", **view}
    assert client.request("GET", "/views").json() == [made.json()]
    got = client.request("GET", "/views/declined%20cards")
    assert got.json() == made.json()
    assert client.get("/views/declined%20cards", If_None_Match=got.field("ETag")).status == 304
    assert client.request("HEAD", "/views").status == 200
    assert put(client, "declined%20cards", {}).status == 200
    assert client.request("DELETE", "/views/declined%20cards").status == 204
    assert client.request("GET", "/views/declined%20cards").status == 404


def test_its_address_is_short_and_leads_a_browser_to_the_list(client: HTTPClient) -> None:
    put(client, "a", {"query": "type:error since:24h", "columns": ["id", "data.n"]})
    answer = client.get("/views/a", Accept="text/html")
    assert answer.status == 303
    assert answer.field("Location") == "/?q=type%3Aerror%20since%3A24h&columns=id%2Cdata.n"
    assert "Accept" in answer.field("Vary")
    put(client, "a", {})
    assert client.get("/views/a", Accept="text/html").field("Location") == "/"


@pytest.mark.parametrize(
    ("columns", "detail"),
    [("colour", '"colour" is not a column'), ("id,id", "is there twice"), (",".join(f"data.n{n}" for n in range(13)), "1 to 12")],
)
def test_columns_that_are_none_are_refused(client: HTTPClient, columns: str, detail: str) -> None:
    answer = client.get(f"/?columns={columns}", Accept="text/html")
    assert answer.status == 422 and detail in answer.body.decode().replace("&quot;", '"').replace("&#34;", '"')


def test_every_responder_has_the_same_views(site: Site) -> None:
    sockets = [site.folder / f"{number}.sock" for number in range(2)]
    for path in sockets:
        site.start_responder(socket=path)
    first, second = (site.connect(path) for path in sockets)
    assert first.request("PUT", "/views/a", b'{"query":"x"}', JSON).status == 201
    assert second.request("GET", "/views/a").json()["query"] == "x"
    assert second.request("DELETE", "/views/a").status == 204
    assert first.request("GET", "/views").json() == []


def test_a_backup_has_them(site: Site) -> None:
    site.start_responder()
    assert site.connect().request("PUT", "/views/a", b"{}", JSON).status == 201
    copy = site.folder / "copy.sqlite"
    assert run_to_end("backup", str(copy), EVENTLOG_STORE=site.store).returncode == 0
    assert run_to_end("check", EVENTLOG_STORE=f"sqlite:{copy}").returncode == 0
    socket = site.folder / "copy.sock"
    site.start_responder(socket=socket, store=f"sqlite:{copy}")
    assert [view["name"] for view in site.connect(socket).request("GET", "/views").json()] == ["a"]


def test_people_save_and_remove_views(page: Page) -> None:
    page.goto("/?type=error&q=declined&columns=timestamp,data.order.id,tags,message&sort=timestamp&order=asc")
    headers = page.locator(".events thead th")
    assert [text.split()[0] for text in headers.all_inner_texts()] == ["Timestamp", "order.id", "Tags", "Message"]
    assert page.locator(".events tbody td:nth-child(2)").all_inner_texts() == ["1", "3"]
    page.locator("details.save summary").click()
    page.get_by_label("Name", exact=True).fill("declined/cards")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".notice-error")).to_contain_text("must not contain a slash")
    page.get_by_label("Name", exact=True).fill("declined cards")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/?*")
    assert "columns=" in page.url and "order=asc" in page.url
    page.goto("/")
    assert page.locator(".events thead th").count() == 5
    page.get_by_role("link", name="declined cards").click()
    page.wait_for_url("**/?q=type%3Aerror%20declined&columns=*")
    assert page.locator(".events tbody tr").count() == 2
    # Every link keeps the columns.
    page.get_by_role("link", name="Timestamp").click()
    page.wait_for_url("**sort=timestamp**")
    assert "columns=" in page.url
    page.get_by_role("button", name="Remove the view declined cards").click()
    expect(page.locator(".views")).to_have_count(0)


# Axe is a script itself.
@pytest.mark.parametrize("page", [True], ids=["scripts"], indirect=True)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_it_is_readable_everywhere(
    page: Page, client: HTTPClient, width: int, scheme: str, tmp_path: Path
) -> None:
    for name in ["declined%20cards", "as-long-as-a-name-can-be-with-no-place-to-break".ljust(64, "x")]:
        assert put(client, name, {"query": "declined", "columns": COLUMNS}).status == 201
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/views/declined%20cards")
    page.locator("details.save summary").click()
    page.screenshot(path=tmp_path / f"views-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()

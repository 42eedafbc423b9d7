"""The pages on which people log in and manage keys, in a real browser."""

import subprocess
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from conftest import Site
from responder import BINARY, clean_environment


def make(site: Site, name: str, *roles: str) -> str:
    command = [BINARY, "keys", "create", name, *(f"--role={role}" for role in roles), "--store", site.store]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=clean_environment())
    return done.stdout.strip()


@pytest.fixture
def address(site: Site) -> str:
    make(site, "first", "admin")
    site.start_responder("--access", "keys")
    return f"http://127.0.0.1:{site.start_web_server().port}"


def open_page(chromium: Browser, address: str, **options: object) -> Iterator[Page]:
    context = chromium.new_context(base_url=address, **options)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


def log_in(page: Page, key: str) -> None:
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_role("button", name="Log in").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_people_log_in_record_and_log_out(site: Site, chromium: Browser, address: str, scripts: bool) -> None:
    key = make(site, "ada", "record", "read")
    for page in open_page(chromium, address, java_script_enabled=scripts):
        log_in(page, key[:-1] + ("0" if key[-1] != "0" else "1"))
        expect(page.get_by_role("alert")).to_contain_text("typing error")
        log_in(page, key)
        expect(page.locator(".account")).to_contain_text("ada")
        expect(page.get_by_role("link", name="Keys")).to_have_count(0)
        page.get_by_label("Source", exact=True).first.fill("desk")
        page.get_by_label("Message").fill("seen by ada")
        page.get_by_role("button", name="Record").click()
        expect(page.get_by_role("status")).to_contain_text("Recorded as")
        page.get_by_role("link", name="desk").last.click()
        expect(page.locator(".events")).to_contain_text("seen by ada")
        page.get_by_role("button", name="Log out", exact=True).click()
        page.goto("/")
        expect(page.get_by_role("button", name="Log in")).to_be_visible()
        assert "seen by ada" not in page.content()


def test_an_admin_makes_rotates_and_revokes_a_key(site: Site, chromium: Browser, address: str) -> None:
    key = make(site, "ada", "admin")
    for page in open_page(chromium, address):
        log_in(page, key)
        page.get_by_role("link", name="Keys").click()
        page.get_by_label("Name").fill("till")
        page.get_by_label("record events").check()
        page.get_by_role("button", name="Make the key").click()
        made = page.locator(".secret").inner_text()
        assert made.startswith("evl_")
        page.goto("/keys")
        assert made not in page.content(), "it is shown once"
        row = page.get_by_role("row").filter(has_text="till")
        row.get_by_role("button", name="Rotate").click()
        rotated = page.locator(".secret").inner_text()
        assert rotated.startswith("evl_") and rotated != made
        page.goto("/keys")
        row.get_by_role("button", name="Revoke").click()
        page.goto("/keys")
        expect(row).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_everybody_can_use_them(site: Site, chromium: Browser, address: str, width: int, scheme: str) -> None:
    key = make(site, "ada", "admin")
    for page in open_page(chromium, address, viewport={"width": width, "height": 800}, color_scheme=scheme):
        for target in ("/", "/keys"):
            page.goto(target)
            if target == "/keys":
                log_in(page, key)
                page.goto(target)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            result = Axe().run(page)
            assert result.violations_count == 0, result.generate_report()

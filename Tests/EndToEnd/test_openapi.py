"""Tests the running system against its own description."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Site
from http_client import HTTPClient
from responder import BINARY, clean_environment, wait_until


# Every run sends the same requests, except for a long one; another seed gives different ones.
SEED = os.environ.get("EVENTLOG_SCHEMATHESIS_SEED")


@pytest.fixture
def client(site: Site) -> Iterator[HTTPClient]:
    # The examples of 2024 are left out, so that no interval needs more than a thousand buckets.
    site.start_responder()
    with site.start_web_server().client() as client:
        yield client


@pytest.mark.parametrize(
    "examples, seed",
    [
        (50, SEED or "20240115"),
        pytest.param(
            1000, SEED or str(random.randrange(1 << 30)), marks=[pytest.mark.long, pytest.mark.timeout(3600)], id="long"
        ),
    ],
)
def test_the_system_is_what_its_description_says(
    client: HTTPClient, tmp_path: Path, examples: int, seed: str
) -> None:
    check(client, tmp_path, examples, seed)


@pytest.mark.parametrize("role", ["admin", "read"])
def test_the_system_is_what_its_description_says_to_keys(site: Site, tmp_path: Path, role: str) -> None:
    command = [BINARY, "keys", "create", "tester", "--role", role, "--store", site.store]
    key = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=60, env=clean_environment()
    ).stdout.strip()
    site.start_responder("--access", "keys")
    with site.start_web_server().client() as client:
        check(client, tmp_path, 10, SEED or "20240115", f"--header=Authorization: Bearer {key}")
        # Its wrong keys have used up the tries of this address.
        status = 200 if role == "admin" else 403
        fields = {"authorization": f"Bearer {key}", "accept": "application/json"}
        wait_until(lambda: client.get("/keys", **fields).status == status, "the key is in force", 60)


def check(client: HTTPClient, folder: Path, examples: int, seed: str, *options: str) -> None:
    """Runs every check of schemathesis with valid, invalid and linked requests that are generated from the document."""
    here = Path(__file__).parent
    result = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            "run",
            f"http://127.0.0.1:{client.connection.port}/openapi.json",
            "--checks=all",
            f"--max-examples={examples}",
            f"--seed={seed}",
            "--continue-on-failure",
            *options,
        ],
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(here)},
        capture_output=True,
        text=True,
    )
    print(result.stdout[-20_000:], result.stderr[-2000:])
    assert result.returncode == 0
    paths = client.get("/openapi.json").json()["paths"]
    # It leaves out the operation that serves the document, and the hooks that which never ends.
    del paths["/openapi.json"], paths["/events/stream"]
    operations = sum(method in ("get", "put", "post", "delete") for path in paths.values() for method in path)
    assert f"Tested: {operations}" in result.stdout, "every operation"


def test_the_list_and_the_page_lead_to_the_description(client: HTTPClient) -> None:
    for target in ("/events", "/"):
        link = client.get(target).field("Link") or ""
        assert '</openapi.json>; rel="service-desc"' in link and '</docs>; rel="service-doc"' in link
    assert client.get("/openapi.json").json()["openapi"].startswith("3.1")
    docs = client.get("/docs")
    assert docs.status == 200 and b"/events/histogram" in docs.body

"""A log that was restored from a backup: what clients kept from before must not pass for it."""

import shutil

import pytest

from conftest import Site
from http_client import HTTPClient
from responder import Responder, run_to_end

LISTS = ["/events", "/events?limit=10", "/events.csv", "/events/histogram", "/events/evt_002"]


@pytest.mark.parametrize("target", LISTS)
def test_nothing_from_before_the_restore_is_confirmed(
    site: Site, responder: Responder, client: HTTPClient, target: str
) -> None:
    assert client.post_event(message="before the backup").status == 201
    backup = site.folder / "backup.sqlite"
    assert run_to_end("backup", str(backup), EVENTLOG_STORE=site.store).returncode == 0
    assert client.post_event(message="lost in the accident").status == 201
    kept = client.get(target).field("ETag")
    assert client.get(target, if_none_match=kept).status == 304

    responder.stop()
    for file in site.folder.glob("events.sqlite*"):
        file.unlink()
    shutil.copy(backup, site.folder / "events.sqlite")
    site.start_responder()
    # nginx may have closed the connection in the meantime; the next request opens another one.
    client.close()

    assert client.post_event(message="after the restore").status == 201
    answer = client.get(target, if_none_match=kept)
    assert answer.status == 200
    if target != "/events/histogram":
        assert b"after the restore" in answer.body and b"lost" not in answer.body


def test_a_restored_log_is_another_one_even_before_it_has_another_event(
    site: Site, client: HTTPClient
) -> None:
    assert client.post_event().status == 201
    kept = client.get("/events").field("ETag")
    backup = site.folder / "backup.sqlite"
    assert run_to_end("backup", str(backup), EVENTLOG_STORE=site.store).returncode == 0
    site.start_responder(socket=site.folder / "copy.sock", store=f"sqlite:{backup}")
    with site.connect(site.folder / "copy.sock") as copy:
        assert copy.request("GET", "/events").field("ETag") != kept

"""Tests `eventlog keys`, on a log that responders and other commands use."""

import json
import re
import signal
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from conftest import Site
from fcgi_client import FastCGIConnection
from responder import BINARY, clean_environment, is_clear, run_to_end, wait_until

KEY = re.compile(r"evl_([0-9A-Za-z]{12})_[0-9A-Za-z]{49}")


def keys(site: Site, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_to_end("keys", *arguments, EVENTLOG_STORE=site.store, **environment)


def make(site: Site, *arguments: str) -> str:
    """Makes or rotates a key, and returns it. Nothing else is on standard output."""
    done = keys(site, *arguments)
    assert done.returncode == 0, done.stderr
    assert KEY.fullmatch(done.stdout.rstrip("\n")) and done.stdout.count("\n") == 1
    assert done.stdout.strip() not in done.stderr
    return done.stdout.strip()


def listed(site: Site) -> list[dict[str, object]]:
    done = keys(site, "list", "--format", "json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def own_events(site: Site) -> list[dict[str, object]]:
    done = run_to_end("export", "--source", "eventlog", EVENTLOG_STORE=site.store)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def status(connection: FastCGIConnection, key: str, target: str = "/events?limit=1") -> int:
    return connection.request("GET", target, more={"HTTP_AUTHORIZATION": f"Bearer {key}"}).status


def test_a_key_is_printed_once_and_listed_without_its_secret(site: Site) -> None:
    key = make(site, "create", "till", "--role", "record", "--role", "read", "--source", "shop", "--ends", "90d")
    found = KEY.fullmatch(key)
    assert found
    [one] = listed(site)
    assert (one["name"], one["id"], one["roles"], one["source"]) == ("till", found[1], ["record", "read"], "shop")
    assert "last_used" not in one and one["ends"] and "digest" not in one
    table = keys(site, "list").stdout
    assert table.splitlines()[0].split()[:2] == ["NAME", "ROLES"]
    assert re.search(r"^till +record,read +shop +\S+Z +never +\S+Z$", table, re.MULTILINE)
    secret = key[17:]
    everything = table + json.dumps(listed(site)) + json.dumps(own_events(site))
    for path in site.folder.iterdir():
        everything += path.read_bytes().decode("latin-1")
    assert secret not in everything and secret[:20] not in everything


def test_what_is_done_is_recorded(site: Site) -> None:
    make(site, "create", "a", "--role", "admin")
    make(site, "rotate", "a")
    assert keys(site, "revoke", "a").returncode == 0
    events = own_events(site)
    assert [event["message"] for event in events] == [
        f"The key a was {what} on the command line" for what in ("made", "rotated", "revoked")
    ]
    for event in events:
        assert event["type"] == "system" and isinstance(event["data"], dict)
        assert event["data"]["key"] == "a" and event["data"]["roles"] == ["admin"]


@pytest.mark.parametrize("arguments, code, said", [
    (["create", "a", "--role", "read"], 64, "already a key named a"), (["create", "b"], 64, "--role"),
    (["create", " ", "--role", "read"], 64, "name"), (["create", "x" * 65, "--role", "read"], 64, "64"),
    (["create", "b", "--role", "root"], 64, "record, read, status"), (["create", "b\n", "--role", "Read"], 64, "role"),
    (["create", "b", "--role", "read", "--ends", "soon"], 64, "--ends"),
    (["create", "b", "--role", "read", "--ends", "0d"], 64, "--ends"),
    (["create", "b", "--role", "read", "--ends", "-1d"], 64, "--ends"),
    (["create", "b", "--role", "admin", "--source", "s"], 64, "source"),
    (["create", "b", "--role", "record", "--source", "eventlog"], 64, "reserved"), (["create"], 64, "name"),
    (["create", "b", "--role", "read", "--key", "evl_x"], 64, "--key"), (["revoke", "b"], 64, "no key named b"),
    (["rotate", "b"], 64, "no key named b"), (["list", "--format", "csv"], 64, "csv"), (["steal", "a"], 64, "steal"),
])  # fmt: skip
def test_what_cannot_be_done_is_said(site: Site, arguments: list[str], code: int, said: str) -> None:
    make(site, "create", "a", "--role", "read")
    before = listed(site)
    done = keys(site, *arguments)
    assert done.returncode == code and said in done.stderr and not done.stdout
    assert is_clear(done.stderr) and "evl_" not in done.stderr.replace("evl_x", "")
    assert listed(site) == before and len(own_events(site)) == 1


def test_only_create_makes_a_log(site: Site) -> None:
    for arguments in (["list"], ["rotate", "a"], ["revoke", "a"]):
        done = keys(site, *arguments)
        assert done.returncode == 69 and "there is no event log" in done.stderr and is_clear(done.stderr)
    assert not list(site.folder.glob("events*"))
    make(site, "create", "a", "--role", "admin")
    memory = run_to_end("keys", "create", "a", "--role", "admin", EVENTLOG_STORE="memory")
    assert memory.returncode == 64 and "memory" in memory.stderr


def test_the_list_leaves_the_log_alone(site: Site) -> None:
    make(site, "create", "a", "--role", "admin")
    before = {path.name: path.read_bytes() for path in site.folder.iterdir()}
    assert len(listed(site)) == 1
    assert {path.name: path.read_bytes() for path in site.folder.iterdir()} == before


def test_a_key_that_nobody_sees_is_named(site: Site) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [BINARY, "keys", "create", "a", "--role", "read", "--store", site.store],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=10, env=clean_environment(),
        )  # fmt: skip
    assert done.returncode == 74 and "eventlog keys rotate" in done.stderr
    make(site, "rotate", "a")


def test_changes_are_in_force_in_all_processes_within_a_second(site: Site) -> None:
    admin = make(site, "create", "admin", "--role", "admin")
    other = site.folder / "other.sock"
    site.start_responder("--access", "keys")
    site.start_responder("--access", "keys", socket=other)
    connections = [site.connect(), site.connect(other)]
    assert [status(one, admin) for one in connections] == [200, 200]

    def change(wanted: int, key: str, *arguments: str) -> str:
        printed = keys(site, *arguments).stdout.strip()
        start = time.monotonic()
        for connection in connections:
            wait_until(lambda one=connection: status(one, key or printed) == wanted, "it is in force")  # type: ignore[misc]
        # It is half a second, and the rest depends on what else the machine does.
        assert time.monotonic() - start < 3
        return printed

    reader = change(200, "", "create", "reader", "--role", "read")
    replaced = change(401, reader, "rotate", "reader")
    assert [status(one, replaced) for one in connections] == [200, 200]
    change(401, replaced, "revoke", "reader")
    assert [status(one, admin) for one in connections] == [200, 200]
    # Its name can be used again, for another key.
    change(200, "", "create", "reader", "--role", "read")
    assert [status(one, replaced) for one in connections] == [401, 401]


def test_an_event_says_with_which_key_it_was_recorded(site: Site) -> None:
    key = make(site, "create", "the till", "--role", "record", "--role", "read")
    site.start_responder("--access", "keys")
    connection, params = site.connect(), {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    body = b'{"type":"info","source":"s","message":"m"}'
    recorded = connection.request("POST", "/events", body, "application/json", more=params)
    assert recorded.status == 201 and recorded.json()["recorded_by"] == "the till"
    line = run_to_end("export", "--source", "s", EVENTLOG_STORE=site.store).stdout
    assert json.loads(line) == recorded.json() and list(recorded.json())[-1] == "recorded_by"
    # An import keeps it, and no client can give it.
    other = f"sqlite:{site.folder / 'other.sqlite'}"
    whole = run_to_end("export", EVENTLOG_STORE=site.store).stdout
    (site.folder / "export.ndjson").write_text(whole)
    done = run_to_end("import", str(site.folder / "export.ndjson"), EVENTLOG_STORE=other)
    assert done.returncode == 0, done.stderr
    assert run_to_end("export", EVENTLOG_STORE=other).stdout == whole
    assert "eventlog" in {json.loads(line)["source"] for line in whole.splitlines()}
    assert run_to_end("keys", "list", "--format", "json", EVENTLOG_STORE=other).stdout.strip() == "[]"
    refused = connection.request("POST", "/events", line.encode(), "application/json", more=params)
    assert refused.status == 422 and b"recorded_by" in refused.body


@pytest.mark.parametrize("format", ["ndjson", "text"])
def test_nobody_appends_what_is_the_logs_own(site: Site, format: str) -> None:
    make(site, "create", "a", "--role", "admin")
    given = '{"message":"forged"}\n' if format == "ndjson" else "forged\n"
    done = subprocess.run(
        [BINARY, "append", "--type", "system", "--source", "eventlog", "--format", format, "--store", site.store],
        input=given, capture_output=True, text=True, timeout=10, env=clean_environment(),
    )  # fmt: skip
    assert done.returncode == 65 and "reserved" in done.stderr and is_clear(done.stderr)
    assert len(own_events(site)) == 1


def test_of_many_who_make_a_key_at_once_one_gets_the_name(site: Site) -> None:
    make(site, "create", "first", "--role", "admin")
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: keys(site, "create", "a", "--role", "read"), range(8)))
    assert sorted(one.returncode for one in done) == [0] + [64] * 7
    assert [one["name"] for one in listed(site)] == ["a", "first"]


def test_a_command_that_is_killed_leaves_a_key_with_its_event_or_neither(site: Site) -> None:
    make(site, "create", "first", "--role", "admin")
    site.start_responder()
    ended = 0
    for number in range(30):
        command = subprocess.Popen(
            [BINARY, "keys", "create", f"k{number}", "--role", "read", "--store", site.store],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=clean_environment(),
        )  # fmt: skip
        time.sleep(number * 0.002)
        command.send_signal(signal.SIGKILL)
        printed, _ = command.communicate(timeout=10)
        names = {str(one["name"]) for one in listed(site)}
        # What was printed is on disk.
        assert not printed or f"k{number}" in names
        ended += f"k{number}" in names
        messages = [str(event["message"]) for event in own_events(site)]
        assert {message.split()[2] for message in messages} == names and len(messages) == len(names)
    assert run_to_end("check", EVENTLOG_STORE=site.store).returncode == 0
    assert ended < 30, "some were killed before they had made a key"
    assert keys(site, "create", "last", "--role", "read").returncode == 0


def test_a_command_waits_while_another_process_writes(site: Site) -> None:
    make(site, "create", "a", "--role", "read")
    with closing(sqlite3.connect(site.folder / "events.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        command = subprocess.Popen(
            [BINARY, "keys", "revoke", "a", "--store", site.store],
            stderr=subprocess.PIPE, text=True, env=clean_environment(),
        )  # fmt: skip
        assert command.stderr and "keeps the log busy" in command.stderr.readline()
        assert command.poll() is None and len(listed(site)) == 1
        other.execute("ROLLBACK")
    _, said = command.communicate(timeout=10)
    assert command.returncode == 0 and said == "eventlog: revoked the key a\n"
    assert listed(site) == []


def test_a_backup_has_the_keys_and_a_restored_log_says_so(site: Site) -> None:
    key = make(site, "create", "a", "--role", "admin")
    copy = site.folder / "copy.sqlite"
    assert run_to_end("backup", str(copy), EVENTLOG_STORE=site.store).returncode == 0
    assert keys(site, "revoke", "a").returncode == 0
    make(site, "create", "b", "--role", "read")
    done = run_to_end("restore", str(copy), EVENTLOG_STORE=site.store)
    assert done.returncode == 0 and "keys are those of the backup" in done.stdout and "revoked" in done.stdout
    assert [one["name"] for one in listed(site)] == ["a"]
    site.start_responder("--access", "keys")
    assert status(site.connect(), key) == 200


def test_a_first_use_and_the_last_one_are_known(site: Site) -> None:
    key = make(site, "create", "a", "--role", "read")
    site.start_responder("--access", "keys")
    connection = site.connect()
    for _ in range(5):
        assert status(connection, key) == 200
    wait_until(lambda: "last_used" in listed(site)[0], "the first use is written at once")
    messages = [event["message"] for event in own_events(site)]
    assert messages == ["The key a was made on the command line", "The key a was used for the first time"]


def test_wrong_keys_are_told_of_once_a_minute(site: Site) -> None:
    key = make(site, "create", "a", "--role", "read")
    responder = site.start_responder("--access", "keys")
    connection = site.connect()
    wrong = [key[:-1] + ("0" if key[-1] != "0" else "1"), "evl_", "x", key.replace("evl_", "evl-")]
    for one in wrong:
        assert status(connection, one) == 401
    wait_until(lambda: len(own_events(site)) >= 2, "the first one is told of at once")
    for one in wrong:
        assert status(connection, one) == 401
    assert [event["message"] for event in own_events(site)][1:] and len(own_events(site)) == 2
    assert "wrong key" in str(own_events(site)[1]["message"])
    text = responder.log.read_text() + json.dumps(own_events(site))
    assert key[17:] not in text and wrong[0][17:] not in text


def test_who_may_only_see_the_status_does_not_see_what_others_search_for(site: Site) -> None:
    keys_of = {role: make(site, "create", role, "--role", role) for role in ("read", "status", "admin")}
    site.start_responder("--access", "keys", "--slow-request", "1ms")
    connection = site.connect()

    def get(target: str, key: str) -> str:
        field = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
        return connection.request("GET", target, more=field).body.decode()

    get("/events?q=secret", keys_of["read"])
    targets = lambda role: [each["target"] for each in json.loads(get("/status", keys_of[role]))["requests"]["slowest"]]  # noqa: E731
    assert "/events?q=secret" in targets("admin")
    assert "/events" in targets("status") and not any("secret" in target for target in targets("status"))


def test_a_log_with_keys_that_asks_for_none_says_so(site: Site) -> None:
    responder = site.start_responder()
    assert "has keys" not in responder.log.read_text()
    make(site, "create", "a", "--role", "read")
    second = site.start_responder("--replace")
    wait_until(lambda: "the log has keys, but --access open asks nobody for one" in second.log.read_text(), "it warns")

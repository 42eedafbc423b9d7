"""Tests `eventlog tail --from`: whatever happens to the connection, nothing is missed and nothing comes twice."""

import json
import signal
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import Site
from front_ends import FrontEnd, Kind
from http_client import HTTPClient
from responder import BINARY, Responder, clean_environment, run_to_end, wait_until
from tail_command import Answer, Proxy, Tail, answering
from web_server import Nginx

NDJSON = {"Content-Type": "application/x-ndjson"}
PROBLEM = {"Content-Type": "application/problem+json"}


def ids(count: int, start: int = 1) -> list[str]:
    return [f"evt_{number:03}" for number in range(start, start + count)]


def streams(client: HTTPClient) -> int:
    count: int = client.get("/status").json()["streams"]["open"]
    return count


def until_following(client: HTTPClient, count: int = 1) -> None:
    wait_until(lambda: streams(client) == count, f"{count} streams")


@contextmanager
def proxy_to(port: int, context: ssl.SSLContext | None = None) -> Iterator[Proxy]:
    proxy = Proxy(port, context)
    try:
        yield proxy
    finally:
        proxy.close()


def test_it_shows_the_newest_that_match(web_server: Nginx, client: HTTPClient) -> None:
    url = f"http://127.0.0.1:{web_server.port}/"
    for number in range(40):
        client.post_event(type="error" if number % 2 else "info", message="x" * 60_000 if number < 38 else "short")

    def shown(*arguments: str) -> list[str]:
        result = run_to_end("tail", "--from", url, *arguments)
        assert result.returncode == 0 and not result.stderr, result
        return [json.loads(line)["id"] for line in result.stdout.splitlines()]

    assert shown() == ids(20, 21)
    # They take more than one page.
    assert shown("-n", "1000") == ids(40)
    assert shown("-n0") == []
    assert shown("-n", "3", "--type", "error") == ["evt_036", "evt_038", "evt_040"]
    assert shown("-q", "short", "--source", "end_to_end") == ids(2, 39)
    listed = run_to_end("tail", "--from", url, "-n1", "--format", "csv").stdout.splitlines()
    assert listed[0].startswith("id,") and listed[1].startswith("evt_040,")


def test_nothing_is_missed_and_nothing_comes_twice(site: Site) -> None:
    responder = site.start_responder()
    web_server = site.start_web_server()
    with (
        proxy_to(web_server.port) as proxy,
        Tail(site.folder, "-f", "--from", f"http://127.0.0.1:{proxy.port}") as tail,
        Tail(site.folder, "-f", "--from", f"http://127.0.0.1:{proxy.port}", "--type", "error") as errors,
        web_server.client() as client,
    ):
        count = 0

        def record(number: int) -> None:
            nonlocal count
            for _ in range(number):
                count += 1
                with web_server.client() as other:
                    kind = "info" if count % 2 else "error"
                    assert other.post_event(type=kind).status == 201

        # The log is empty at first, and the connection is cut before anything has come.
        until_following(client, 2)
        proxy.cut()
        record(3)
        tail.until(3)
        assert 0 <= tail.times[-1] - tail.times[0] < 5
        responder.kill()
        time.sleep(1)
        responder = site.start_responder()
        record(20)
        until_following(client, 2)
        proxy.cut()
        record(20)
        until_following(client, 2)
        site.start_responder("--replace")
        responder.terminate()
        record(20)
        assert responder.wait(30) == 0
        with web_server.client() as fresh:
            until_following(fresh, 2)
        # The workers before keep the streams that they have, until these end.
        web_server.process.send_signal(web_server.reload_signal)
        record(20)
        proxy.cut()
        record(20)
        tail.until(count)
        errors.until(count // 2)
        assert tail.ids == ids(count) and errors.ids == ids(count)[1::2]
        # It says what happened once for each time, not for each attempt.
        assert 3 <= tail.said.count("trying again") <= 5
        assert tail.said.count("answers again") == tail.said.count("trying again")
        start = time.monotonic()
        record(1)
        tail.until(count)
        assert tail.times[-1] - start < 1
        assert tail.end(signal.SIGTERM) == -signal.SIGTERM and errors.end(signal.SIGINT) == -signal.SIGINT


def test_a_long_outage_costs_one_line(site: Site) -> None:
    responder = site.start_responder("--examples")
    web_server = site.start_web_server()
    with Tail(site.folder, "-f", "--from", f"http://127.0.0.1:{web_server.port}") as tail:
        tail.until(3)
        responder.kill()
        time.sleep(4)
        assert len(tail.said.splitlines()) == 1
        site.start_responder()
        with web_server.client() as client:
            assert client.post_event().status == 201
        tail.until(4)
        assert tail.ids == ids(4) and len(tail.said.splitlines()) == 2


def test_seams_under_load(site: Site) -> None:
    site.start_responder()
    web_server = site.start_web_server()
    end = threading.Event()

    def write() -> None:
        with web_server.client() as client:
            while not end.is_set():
                assert client.post_event().status == 201

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    tails: list[Tail] = []
    with proxy_to(web_server.port) as proxy:
        try:
            for number in range(6):
                time.sleep(0.3)
                arguments = ("-f", "-n", str(number * 50), "--from", f"http://127.0.0.1:{proxy.port}")
                tails.append(Tail(site.folder, *arguments))
                time.sleep(0.3)
                proxy.cut()
        finally:
            end.set()
            for writer in writers:
                writer.join()
        with web_server.client() as client:
            last = client.events("?order=desc&limit=1")[0]["id"]
        for tail in tails:
            with tail:
                wait_until(lambda tail=tail: tail.lines and tail.ids[-1] == last, f"{last}: {tail.said}", 30)
                shown = [int(id[4:]) for id in tail.ids]
                assert shown == list(range(shown[0], int(last[4:]) + 1))


def test_it_goes_on_with_a_log_that_began_anew(site: Site) -> None:
    responder = site.start_responder()
    web_server = site.start_web_server()
    with web_server.client() as client, Tail(site.folder, "-f", "--from", f"http://127.0.0.1:{web_server.port}") as tail:
        for number in range(5):
            client.post_event(message=f"old {number}")
        tail.until(5)
        responder.stop()
        for path in site.folder.glob("events.sqlite*"):
            path.unlink()
        site.start_responder()
        with web_server.client() as fresh:
            for number in range(3):
                assert fresh.post_event(message=f"new {number}").status == 201
            tail.until_said("began anew")
            fresh.post_event(message="new 3")
        tail.until(9)
        assert tail.messages == [f"old {number}" for number in range(5)] + [f"new {number}" for number in range(4)]


def test_it_goes_on_with_a_backup_that_took_the_place_of_the_log(site: Site) -> None:
    responder = site.start_responder()
    web_server = site.start_web_server()
    backup = str(site.folder / "backup")
    with web_server.client() as client, Tail(site.folder, "-f", "--from", f"http://127.0.0.1:{web_server.port}") as tail:
        for number in range(6):
            client.post_event(message=f"old {number}")
            if number == 2:
                assert run_to_end("backup", backup, EVENTLOG_STORE=site.store).returncode == 0
        tail.until(6)
        responder.stop()
        assert run_to_end("restore", backup, EVENTLOG_STORE=site.store).returncode == 0
        site.start_responder()
        with web_server.client() as fresh:
            fresh.post_event(message="new")
        tail.until(7)
        assert tail.ids == [*ids(6), "evt_004"] and "began anew" in tail.said


@pytest.mark.parametrize("kind", [Kind("lighttpd", "cgi"), Kind("lighttpd", "cgi", "/eventlog")], ids=lambda kind: kind.id)
def test_it_waits_for_a_cgi_program_that_cannot_stream(site: Site, kind: Kind) -> None:
    front_end = FrontEnd(site, kind)
    url = f"http://127.0.0.1:{front_end.web_server.port}{kind.mount}"

    def record(message: str) -> None:
        with front_end.client() as client:
            body = json.dumps({"type": "info", "source": "cgi", "message": message}).encode()
            answer = client.request("POST", f"{kind.mount}/events", body, {"Content-Type": "application/json"})
            assert answer.status == 201, answer

    with Tail(site.folder, "-f", "--from", url) as tail:
        # The log is empty at first.
        time.sleep(1)
        for number in range(1, 6):
            record(f"{number}")
            tail.until(number)
        assert tail.messages == ["1", "2", "3", "4", "5"] and not tail.said


@pytest.mark.parametrize(
    "status, body, said",
    [
        (401, b"", "EVENTLOG_KEY"),
        (403, json.dumps({"detail": "The key may not read."}).encode(), "The key may not read."),
        (404, b"<html>", "no event log at this URL"),
        (301, b"", "somewhere else"),
        (
            422,
            json.dumps(
                {"detail": "The query is invalid.", "errors": [{"parameter": "tag", "detail": "is unknown"}]}
            ).encode(),
            "tag is unknown",
        ),
    ],
)
@pytest.mark.parametrize("is_late", [False, True])
def test_what_does_not_pass_ends_it_at_once(
    tmp_path: Path, status: int, body: bytes, said: str, is_late: bool
) -> None:
    def answer(path: str, fields: dict[str, str]) -> Answer:
        if is_late and not path.startswith("/events/stream"):
            return 200, NDJSON, b""
        return status, PROBLEM, body

    with answering(answer) as port, Tail(tmp_path, "-f", "--from", f"http://127.0.0.1:{port}") as tail:
        assert tail.wait(5) == 69
        assert f"answers {status}" in tail.said and said in tail.said and len(tail.said.splitlines()) == 1


def test_what_is_no_event_log_ends_it(tmp_path: Path) -> None:
    for content in ({"Content-Type": "text/html"}, NDJSON):
        with (
            answering(lambda path, fields, content=content: (200, content, b"<html>\n")) as port,  # type: ignore[misc]
            Tail(tmp_path, "-f", "--from", f"http://127.0.0.1:{port}") as tail,
        ):
            assert tail.wait(5) == 69 and "event" in tail.said


def test_nobody_at_first_ends_it(tmp_path: Path) -> None:
    with answering(lambda path, fields: (200, NDJSON, b"")) as port:
        pass
    for arguments in ((), ("-f",)):
        result = run_to_end("tail", "--from", f"http://127.0.0.1:{port}", *arguments)
        assert result.returncode == 69 and "connect" in result.stderr.lower()


def test_it_comes_again_when_the_server_asks_for_that(tmp_path: Path) -> None:
    times: list[float] = []

    def answer(path: str, fields: dict[str, str]) -> Answer:
        if path.startswith("/events/stream"):
            times.append(time.monotonic())
            if len(times) < 3:
                return 503, {"Retry-After": "2"}, b""
            return 404, {}, b""
        return 200, NDJSON, b""

    with answering(answer) as port, Tail(tmp_path, "-f", "--from", f"http://127.0.0.1:{port}") as tail:
        assert tail.wait(20) == 69
        assert [1.9 < later - earlier < 4 for earlier, later in zip(times, times[1:], strict=False)] == [True, True]
        assert tail.said.count("503") == 1


def test_the_key_is_sent_and_redirections_do_not_get_it(tmp_path: Path) -> None:
    sent: list[dict[str, str]] = []

    def answer(path: str, fields: dict[str, str]) -> Answer:
        sent.append(fields)
        return 200, NDJSON, b""

    with answering(answer) as port:
        url = f"http://127.0.0.1:{port}"
        assert run_to_end("tail", "--from", url, EVENTLOG_KEY="evl_1_secret").returncode == 0
        assert {fields["authorization"] for fields in sent} == {"Bearer evl_1_secret"}
        sent.clear()
        assert run_to_end("tail", "--from", url).returncode == 0
        assert sent and not any("authorization" in fields for fields in sent)
        refused = run_to_end("tail", "--from", url, EVENTLOG_KEY="a\nb: c")
        assert refused.returncode == 64 and "EVENTLOG_KEY" in refused.stderr and "b: c" not in refused.stderr
        count = len(sent)

        def elsewhere(path: str, fields: dict[str, str]) -> Answer:
            return 307, {"Location": f"{url}{path}"}, b""

        with answering(elsewhere) as first:
            result = run_to_end("tail", "--from", f"http://127.0.0.1:{first}", EVENTLOG_KEY="evl_1_secret")
        assert result.returncode == 69 and len(sent) == count


def test_certificates_are_checked(site: Site, responder: Responder, web_server: Nginx, client: HTTPClient) -> None:
    client.post_event()
    certificate, key = site.folder / "certificate.pem", site.folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
        timeout=60,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with proxy_to(web_server.port, context) as proxy:
        url = f"https://127.0.0.1:{proxy.port}"
        refused = run_to_end("tail", "-f", "--from", url)
        assert refused.returncode == 69 and "certificate" in refused.stderr
        with Tail(site.folder, "-f", "--from", url, SSL_CERT_FILE=str(certificate)) as tail:
            tail.until(1)
            until_following(client)
            client.post_event()
            tail.until(2)
            proxy.cut()
            client.post_event()
            tail.until(3)
            assert tail.ids == ids(3)


def test_it_ends_when_nobody_reads_it_any_longer(site: Site, web_server: Nginx, client: HTTPClient) -> None:
    client.post_event()
    with Tail(site.folder, "-f", "--from", f"http://127.0.0.1:{web_server.port}") as tail:
        tail.until(1)
        until_following(client)
    reader = subprocess.Popen(["head", "-n1"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(
        [BINARY, "tail", "-f", "--from", f"http://127.0.0.1:{web_server.port}"],
        stdout=reader.stdin,
        env=clean_environment(),
    )
    assert reader.stdin
    reader.stdin.close()
    assert reader.wait(10) == 0
    assert process.wait(5) == -signal.SIGPIPE


@pytest.mark.long
def test_a_silent_connection_is_cut(site: Site, web_server: Nginx, client: HTTPClient) -> None:
    with proxy_to(web_server.port) as proxy, Tail(site.folder, "-f", "--from", f"http://127.0.0.1:{proxy.port}") as tail:
        until_following(client)
        # Heartbeats keep it alive.
        time.sleep(60)
        assert not tail.said
        proxy.is_silent = True
        client.post_event()
        time.sleep(30)
        assert not tail.said
        tail.until_said("nothing came for 45 seconds", 30)
        proxy.is_silent = False
        tail.until(1, 60)
        assert tail.ids == ids(1)

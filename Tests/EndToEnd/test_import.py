"""Tests what `eventlog import` reads."""

import gzip
import http.server
import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import Site
from responder import BINARY, clean_environment
from test_import_export import INVALID, NO_INPUT, done, other, run


def event(number: int, **members: object) -> dict[str, object]:
    return {"type": "info", "source": "s", "message": f"number {number}", **members}


def lines(count: int, **members: object) -> bytes:
    return "".join(json.dumps(event(number, **members)) + "\n" for number in range(1, count + 1)).encode()


def messages(site: Site, store: str | None = None) -> list[str]:
    return [json.loads(line)["message"] for line in done(site, "export", store=store).splitlines()]


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_what_can_be_read_only_once_is_imported(site: Site, compress: Callable[[bytes], bytes]) -> None:
    given = compress(lines(3))
    file = site.folder / "file"
    file.write_bytes(given)
    fifo = site.folder / "fifo"
    os.mkfifo(fifo)
    commands = {
        "standard input": f"cat {file} | {BINARY} import -",
        "its name": f"cat {file} | {BINARY} import /dev/stdin",
        "a file as standard input": f"{BINARY} import - <{file}",
        "its name again": f"{BINARY} import /dev/stdin <{file}",
        "process substitution": f"{BINARY} import <(cat {file})",
        "a FIFO": f"(sleep 0.2; cat {file} >{fifo}) & {BINARY} import {fifo}",
        "a slow FIFO": f"(head -c 20 {file}; sleep 0.2; tail -c +21 {file}) >{fifo} & {BINARY} import {fifo}",
        "a file": f"{BINARY} import {file}",
    }
    for number, (name, command) in enumerate(commands.items()):
        store = other(site, f"log{number}")
        result = subprocess.run(
            ["bash", "-c", command], capture_output=True, timeout=30, env=clean_environment(EVENTLOG_STORE=store)
        )
        assert result.returncode == 0 and b"3 events were imported" in result.stdout, (name, result.stderr)
        assert messages(site, store) == ["number 1", "number 2", "number 3"], name


def test_standard_input_is_read_from_where_it_is(site: Site) -> None:
    file = site.folder / "file"
    file.write_bytes(b"a first line\n" + lines(2))
    subprocess.run(
        ["bash", "-c", f"(read -r; {BINARY} import -) <{file}"],
        check=True, timeout=30, env=clean_environment(EVENTLOG_STORE=site.store),
    )  # fmt: skip
    assert messages(site) == ["number 1", "number 2"]


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files[self.path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(content) + (10 if "cut" in self.path else 0)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_compressed_file_is_imported_from_a_url(site: Site) -> None:
    with serving({"/log.gz": gzip.compress(lines(3)), "/cut": lines(3)}) as url:
        assert b"3 events were imported" in done(site, "import", f"{url}/log.gz")
        cut = run(site, "import", f"{url}/cut", store=other(site))
    assert cut.returncode == NO_INPUT and b"curl gives the reason" in cut.stderr
    assert not (site.folder / "other.sqlite").exists()


def test_a_compressed_file_that_is_not_whole_is_refused(site: Site) -> None:
    file = gzip.compress(lines(100))
    for given, said in [
        (file[:-1], b"truncated"), (file + b"more", b"after the end"), (file[:50] + b"\xff" * 10 + file[60:], b"damaged"),
    ]:  # fmt: skip
        for option in [[], ["--skip-invalid"]]:
            refused = run(site, "import", "-", *option, given=given)
            assert refused.returncode == INVALID and said in refused.stderr, (said, refused.stderr)
    assert not (site.folder / "events.sqlite").exists()


def test_a_compressed_file_takes_no_more_memory_than_another(site: Site) -> None:
    """It expands to 120 MB."""
    line = json.dumps(event(1, data={"x": "x" * 12_000})).encode() + b"\n"
    with gzip.open(site.folder / "file.gz", "wb", compresslevel=1) as file:
        for _ in range(10_000):
            file.write(line)
    process = subprocess.Popen(
        [BINARY, "import", site.folder / "file.gz"], env=clean_environment(EVENTLOG_STORE=site.store)
    )
    peak = 0
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        peak = max(peak, int(found[1]) if found else 0)
        time.sleep(0.005)
    assert process.returncode == 0
    assert 0 < peak < 80_000, "kilobytes"


def test_an_input_that_cannot_be_copied_is_refused(site: Site) -> None:
    for folder, said in [("/nowhere", "No such file"), ("/proc", "No such file")]:
        refused = subprocess.run(
            [BINARY, "import", "-"], input=lines(1), capture_output=True, timeout=30,
            env=clean_environment(EVENTLOG_STORE=site.store, TMPDIR=folder),
        )  # fmt: skip
        assert refused.returncode == NO_INPUT
        assert f"cannot copy the input: {said}" in refused.stderr.decode() and b"TMPDIR" in refused.stderr


def test_what_is_left_out_is_counted_in_english(site: Site) -> None:
    for given, said in [
        (lines(1) + b"{}\n", b"1 event was imported with new ids and the time of the import as their timestamps; 1 was left out."),
        (lines(2) + b"{}\n{}\n", b"2 events were imported with new ids and the time of the import as their timestamps; 2 were left out."),
    ]:  # fmt: skip
        assert done(site, "import", "--skip-invalid", "-", given=given).strip() == said


def test_a_line_of_nine_megabytes_is_one_complaint(site: Site) -> None:
    long = json.dumps(event(1, colour="x" * 9_000_000))
    for given, line in [(f"{long}\n", 1), (f"[\n{long}\n]", 2), (f"type,source,message\n{'x' * 9_000_000}\n", 2)]:
        refused = run(site, "import", "-", given=given.encode())
        assert refused.returncode == INVALID
        assert refused.stderr.decode().splitlines()[0].startswith(f"eventlog: line {line}: it is longer than any event")
        assert len(refused.stderr.splitlines()) == 2


@pytest.mark.parametrize("given, line", [
    (b"[%s]\n%s" % (lines(1), lines(3)), 3), (b"[%s,%s" % (lines(1), lines(1)), 3),
    (b"type,source,message\ninfo,s,m\ninfo,s,\"m\ninfo,s,m\ninfo,s,m\n", 3),
    (b"type,source,colour\ninfo,s,m\n", 1), (b"\"type\"x,source,message\n" + b"type,source,message\ninfo,s,m\n", 1),
    (b"[" + b"{},\n" * 30 + lines(1) + b"]]" + lines(1), 32),
])  # fmt: skip
def test_what_cannot_be_read_is_not_left_out(site: Site, given: bytes, line: int) -> None:
    refused = run(site, "import", "--skip-invalid", "-", given=given)
    said = refused.stderr.decode()
    assert refused.returncode == INVALID and f"\neventlog: line {line}: " in f"\n{said}", said
    assert f"nothing was imported, because nothing after line {line} can be read" in said
    assert not (site.folder / "events.sqlite").exists()


def test_an_import_is_no_failure_where_its_summary_cannot_be_printed(site: Site) -> None:
    environment = clean_environment(EVENTLOG_STORE=site.store)
    reader, gone = os.pipe()
    os.close(reader)
    with open("/dev/full", "wb") as full, os.fdopen(gone, "wb") as closed:
        for output, reason in ((full, b"No space left"), (closed, b"Broken pipe")):
            result = subprocess.run(
                [BINARY, "import", "-"],
                input=lines(2), stdout=output, stderr=subprocess.PIPE, timeout=60, env=environment,
            )  # fmt: skip
            assert result.returncode == 0
            assert b"the events are imported, but" in result.stderr and reason in result.stderr
    assert len(messages(site)) == 4


def test_only_an_empty_log_restores_what_the_log_says_itself(site: Site) -> None:
    file = site.folder / "file"
    said = {"id": "evt_007", "timestamp": "2024-01-15T14:30:00.000Z", "recorded_by": "shop"}
    of_the_log = event(1, **said) | {"source": "eventlog"}
    file.write_text(json.dumps(of_the_log) + "\n")
    done(site, "import", str(file))
    assert json.loads(done(site, "export")) == of_the_log
    refused = run(site, "import", str(file))
    assert refused.returncode == INVALID and b"line 1: its source is reserved" in refused.stderr
    # New events in an empty log are no different.
    file.write_text(json.dumps(event(1) | {"source": "eventlog"}) + "\n")
    assert run(site, "import", str(file), store=other(site, "empty")).returncode == INVALID
    file.write_text(json.dumps(event(2, **said)) + "\n")
    assert b"recorded_by is left out" in done(site, "import", str(file))
    added = json.loads(done(site, "export").splitlines()[-1])
    assert added["message"] == "number 2" and added["occurred_at"] == said["timestamp"] and "recorded_by" not in added

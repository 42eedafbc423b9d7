"""Tests `eventlog list`, `append`, `export` and `import`, with and without a server that uses the same log."""

import csv
import io
import json
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from conftest import Site
from responder import BINARY, clean_environment, is_clear, wait_until
from system_calls import TO_PUT_IN_PLACE, assert_put_in_place, calls_of, needs_strace

INVALID = 65  # EX_DATAERR
NO_INPUT = 66  # EX_NOINPUT
UNAVAILABLE = 69  # EX_UNAVAILABLE


def run(
    site: Site, *arguments: str, given: bytes = b"", store: str | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [BINARY, *arguments],
        input=given,
        capture_output=True,
        timeout=60,
        env=clean_environment(EVENTLOG_STORE=store or site.store),
    )


def done(site: Site, *arguments: str, given: bytes = b"", store: str | None = None) -> bytes:
    result = run(site, *arguments, given=given, store=store)
    assert result.returncode == 0, result.stderr
    return result.stdout


def other(site: Site, name: str = "other") -> str:
    return f"sqlite:{site.folder / name}.sqlite"


def fill(site: Site) -> bytes:
    """Fills a log with every kind of event, and returns it as NDJSON."""
    done(site, "append", "--type", "info", "--source", "a", "plain")
    done(
        site, "append", "--type=error", "--source", "=1+2", "--user-id", "u", "--request-id", "'-r", "--tag", "x,y",
        "--tag", "z", "--data", '{"n": 1.50, "s": "]}"}', 'two\nlines, "quoted"',
    )  # fmt: skip
    done(site, "append", "--type=system", "--source=s", given="first\n\nsecond 🎉\r\nlast without an end".encode())
    return done(site, "export")


def test_append_prints_the_ids(site: Site) -> None:
    assert done(site, "append", "--type=info", "--source=s", "hello") == b"evt_001\n"
    assert done(site, "append", "--type=info", "--source=s", given=b"a\nb\n") == b"evt_002\nevt_003\n"
    assert done(site, "append", "--type=info", "--source=s", given=b"\n \n") == b""


def test_append_records_lines_as_they_come(site: Site) -> None:
    process = subprocess.Popen(
        [BINARY, "append", "--type=info", "--source=pipe"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=clean_environment(EVENTLOG_STORE=site.store),
    )
    assert process.stdin and process.stdout
    for number in (1, 2):
        process.stdin.write(f"line {number}\n".encode())
        process.stdin.flush()
        assert process.stdout.readline() == f"evt_00{number}\n".encode()
    process.stdin.close()
    assert process.wait(10) == 0


def test_append_names_a_bad_line_and_records_the_others(site: Site) -> None:
    given = b"good\n" + b"x" * 70_000 + b"\n\xff\nalso good\n"
    result = run(site, "append", "--type=info", "--source=s", given=given)
    assert result.returncode == INVALID
    assert b"line 2: message must be at most 65536 bytes" in result.stderr
    assert b"line 3: it is not UTF-8" in result.stderr
    messages = [json.loads(line)["message"] for line in done(site, "export").splitlines()]
    assert messages == ["good", "also good"]


@pytest.mark.parametrize(
    "arguments, code, said",
    [
        (["append", "--type=bad", "--source=s", "m"], INVALID, "type must be user_action"),
        (["append", "--type=info", "--source=s", " "], INVALID, "message must not be blank"),
        (["append", "--type=info", "--source=s", "--data=[1]", "m"], INVALID, "data must be a JSON object"),
        (["append", "--type=info", "m"], 64, "--source"),
        (["list", "--limit", "0"], 64, "--limit must be"),
        (["list", "--since", "yesterday"], 64, "--since must be"),
        (["list", "--format", "xml"], 64, "'xml' is invalid for '--format"),
        (["export", "--sort", "id"], 64, "--sort must be"),
        (["list"], UNAVAILABLE, "no event log"),
        (["export"], UNAVAILABLE, "no event log"),
        (["export", "--store", "memory"], 64, "memory"),
        (["import", "/nowhere.json"], NO_INPUT, "cannot read /nowhere.json: No such file"),
        (["import", "/"], NO_INPUT, "cannot read /: Is a directory"),
        (["import", "http://127.0.0.1:9/events"], NO_INPUT, "cannot read http://127.0.0.1:9/events"),
    ],
)
def test_what_cannot_be_done_is_said(site: Site, arguments: list[str], code: int, said: str) -> None:
    result = run(site, *arguments)
    assert result.returncode == code, result.stderr
    text = result.stderr.decode()
    assert is_clear(text) and said in text
    assert result.stdout == b""


def test_reading_makes_no_new_log(site: Site) -> None:
    assert run(site, "list").returncode == UNAVAILABLE
    assert list(site.folder.iterdir()) == []


def test_list_shows_the_newest_first_in_every_format(site: Site) -> None:
    fill(site)
    ids = [json.loads(line)["id"] for line in done(site, "list").splitlines()]
    assert ids == ["evt_005", "evt_004", "evt_003", "evt_002", "evt_001"]
    assert [event["id"] for event in json.loads(done(site, "list", "--format=json", "--limit=2"))] == ids[:2]
    assert [row["id"] for row in csv.DictReader(io.StringIO(done(site, "list", "--format=csv").decode()))] == ids
    table = done(site, "list", "--format=table", "--type=error", "--type=info").decode().splitlines()
    assert table[0].split() == ["ID", "TIMESTAMP", "TYPE", "SOURCE", "MESSAGE"]
    assert len(table) == 3 and table[1].startswith("evt_002") and "two lines" in table[1]
    for filter, found in [
        (["--q", "SECOND"], ["evt_004"]),
        (["-q", "plain"], ["evt_001"]),
        (["--tag=z", "--user-id=u"], ["evt_002"]),
        (["--source=s", "--order=asc"], ["evt_003", "evt_004", "evt_005"]),
        (["--until=2024-01-01T00:00:00Z"], []),
        (["--sort=type", "--order=asc", "--limit=1"], ["evt_002"]),
    ]:
        assert [json.loads(line)["id"] for line in done(site, "list", *filter).splitlines()] == found, filter


@pytest.mark.parametrize("format", ["ndjson", "json", "csv"])
def test_export_and_import_give_the_same_log(site: Site, format: str) -> None:
    before = fill(site)
    file = site.folder / f"export.{format}"
    done(site, "export", f"--format={format}", "-o", str(file))
    assert [path.name for path in site.folder.glob("export*")] == [file.name], "no partial file is left"
    for name, arguments, given in [("a", [str(file)], b""), ("b", ["-"], file.read_bytes())]:
        said = done(site, "import", *arguments, given=given, store=other(site, name))
        assert b"5 events were imported with their ids and timestamps" in said
        assert done(site, "export", store=other(site, name)) == before
        # The next id follows on from the imported ones.
        assert done(site, "append", "--type=info", "--source=s", "m", store=other(site, name)) == b"evt_006\n"


def test_import_moves_a_log_over_from_a_url(site: Site) -> None:
    before = fill(site)
    site.start_responder()
    port = site.start_web_server().port
    done(site, "import", f"http://127.0.0.1:{port}/events", store=other(site))
    assert done(site, "export", store=other(site)) == before
    assert run(site, "import", f"http://127.0.0.1:{port}/nothing", store=other(site, "c")).returncode == NO_INPUT


def test_list_shows_as_many_events_as_are_asked_for_however_large(site: Site) -> None:
    """A hundred of these events are more than one page."""
    line = json.dumps({"type": "info", "source": "s", "message": "m" * 65_000})
    done(site, "import", "-", given="\n".join([line] * 120).encode())
    listed = done(site, "list", "--limit", "100", "--format", "ndjson").splitlines()
    assert [json.loads(line)["id"] for line in listed] == [f"evt_{number:03}" for number in range(120, 20, -1)]
    table = done(site, "list", "--limit", "100", "--format", "table").splitlines()
    assert len(table) == 101


def test_import_appends_to_a_log_that_has_events_and_says_so(site: Site) -> None:
    before = fill(site)
    said = done(site, "import", "-", given=before)
    assert b"5 events were imported with new ids" in said
    events = [json.loads(line) for line in done(site, "export").splitlines()]
    assert [event["id"] for event in events] == [f"evt_{number:03}" for number in range(1, 11)]
    assert [event["message"] for event in events[5:]] == [event["message"] for event in events[:5]]


def test_a_bad_line_is_named_and_nothing_is_imported(site: Site) -> None:
    good = {"id": "evt_007", "timestamp": "2024-01-15T14:30:00Z", "type": "info", "source": "s", "message": "m"}
    lines = [
        good,
        {**good, "id": "evt_008", "message": ""},
        {**good, "id": "evt_003"},
        {**good, "id": "evt_009", "colour": "red"},
        {**good, "id": "evt_010"},
    ]
    given = "\n".join(json.dumps(line) for line in lines).encode()
    refused = run(site, "import", "-", given=given)
    assert refused.returncode == INVALID
    said = refused.stderr.decode()
    assert "line 2: message must not be blank" in said and "line 4: colour" in said
    assert "line 3: the id evt_003 is not above evt_007" in said
    assert not (site.folder / "events.sqlite").exists(), "nothing was imported"

    taken = run(site, "import", "--skip-invalid", "-", given=given)
    assert taken.returncode == 0 and b"2 events" in taken.stdout and b"3 were left out" in taken.stdout
    assert [json.loads(line)["id"] for line in done(site, "export").splitlines()] == ["evt_007", "evt_010"]


def test_a_summary_that_nobody_reads_is_no_failure(site: Site) -> None:
    given = b'{"type":"info","source":"s","message":"m"}\n'
    with open("/dev/full", "wb") as full:
        arguments = [str(BINARY), "import", "--store", site.store, "-"]
        ended = subprocess.run(arguments, input=given, stdout=full, stderr=subprocess.PIPE, env=clean_environment())
    assert ended.returncode == 0 and b"the events are imported, but" in ended.stderr
    # The import has ended: the same command is a new one.
    assert b"goes on" not in run(site, "import", "-", given=given).stderr
    assert run(site, "list", "--format", "ndjson").stdout.count(b"\n") == 2


@pytest.mark.parametrize("format", ["ndjson", "json", "csv"])
def test_an_id_that_is_there_twice_is_named_with_its_line(site: Site, format: str) -> None:
    rows = [(7, "first"), (8, "second"), (8, "third"), (9, "fourth")]
    members = ["id", "timestamp", "type", "source", "message"]
    events = [(f"evt_{id:03}", "2024-01-15T14:30:00Z", "info", "s", message) for id, message in rows]
    objects = [json.dumps(dict(zip(members, event, strict=True))) for event in events]
    given = {
        "ndjson": "\n".join(objects),
        "json": "[" + ",\n".join(objects) + "]",
        "csv": "\n".join(",".join(row) for row in [members, *events]),
    }[format].encode()
    refused = run(site, "import", "-", given=given)
    line = 4 if format == "csv" else 3
    assert refused.returncode == INVALID and refused.stdout == b""
    assert refused.stderr.decode().splitlines() == [
        f"eventlog: line {line}: the id evt_008 is not above evt_008, the id before it",
        "eventlog: nothing was imported; use --skip-invalid to leave out the invalid lines",
    ]
    assert not (site.folder / "events.sqlite").exists()
    assert b"1 was left out" in done(site, "import", "--skip-invalid", "-", given=given)
    messages = [json.loads(line)["message"] for line in done(site, "export").splitlines()]
    assert messages == ["first", "second", "fourth"]


# An import writes a thousand events in one transaction.
MANY = 20_001


def test_a_long_import_keeps_every_id(site: Site) -> None:
    events = [
        {
            "id": f"evt_{3 * number:03}",
            "timestamp": "2024-01-15T14:30:00.000Z",
            "type": "info",
            "source": "s",
            "message": f"number {number}",
        }
        for number in range(1, MANY + 1)
    ]
    given = "\n".join(map(json.dumps, events)).encode()
    assert f"{MANY} events were imported with their ids".encode() in done(site, "import", "-", given=given)
    assert [json.loads(line) for line in done(site, "export").splitlines()] == events
    assert done(site, "append", "--type=info", "--source=s", "m") == f"evt_{3 * MANY + 1}\n".encode()


def test_a_long_import_is_appended_whole(site: Site) -> None:
    done(site, "append", "--type=info", "--source=s", "number 0")
    given = "\n".join(
        json.dumps({"type": "info", "source": "s", "message": f"number {number}"}) for number in range(1, MANY + 1)
    )
    assert f"{MANY} events were imported with new ids".encode() in done(site, "import", "-", given=given.encode())
    events = [json.loads(line) for line in done(site, "export").splitlines()]
    assert [event["id"] for event in events] == [f"evt_{number:03}" for number in range(1, MANY + 2)]
    assert [event["message"] for event in events] == [f"number {number}" for number in range(MANY + 1)]


def test_nobody_else_can_read_what_is_being_imported(site: Site) -> None:
    """What cannot be read twice is copied to a file, which must not be in the way of others or remain either."""
    temporary = site.folder / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [BINARY, "import", "--store", site.store, "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        umask=0,
        env=clean_environment(TMPDIR=str(temporary)),
    )
    assert process.stdin and process.stdout
    try:
        process.stdin.write(b'{"type":"info","source":"s","message":"secret"}\n')
        process.stdin.flush()
        own = Path(f"/proc/{process.pid}/fd")

        def copies() -> list[Path]:
            return [file for file in own.iterdir() if os.readlink(file).startswith(str(temporary))]

        wait_until(lambda: any(file.stat().st_size > 0 for file in copies()), "the input is copied")
        for file in [*copies(), *temporary.iterdir()]:
            assert file.stat().st_mode & 0o777 == 0o600
        process.kill()
        process.wait()
    finally:
        process.stdin.close()
        process.stdout.close()
    assert list(temporary.iterdir()) == [], "a copy is left"


@needs_strace
def test_what_is_being_imported_is_never_open_to_others(site: Site) -> None:
    """The copy is made for its owner only, and does not become so a moment later."""
    temporary = site.folder / "temporary"
    temporary.mkdir()
    calls = calls_of(
        [BINARY, "import", "--store", site.store, "-"],
        site.folder,
        ("open", "openat", "creat"),
        given=b'{"type":"info","source":"s","message":"secret"}\n',
        TMPDIR=str(temporary),
    )
    made = [call.text for call in calls if f'"{temporary}/' in call.text and "O_CREAT" in call.text]
    assert made and all("O_EXCL" in text and ", 0600) = " in text for text in made), made


def test_a_cut_file_is_refused(site: Site) -> None:
    fill(site)
    for format in ("json", "csv", "ndjson"):
        text = done(site, "export", f"--format={format}", "--source", "=1+2")
        cut = text[: text.index(b"quoted")]
        assert run(site, "import", "-", given=cut, store=other(site)).returncode == INVALID, format
    assert not (site.folder / "other.sqlite").exists()


@needs_strace
def test_a_power_cut_leaves_a_whole_export_or_none(site: Site) -> None:
    before = fill(site)
    output = site.folder / "exports/export.ndjson"
    output.parent.mkdir()
    for _ in ("a new file", "in place of another"):
        command = [BINARY, "export", "--store", site.store, "-o", output]
        assert_put_in_place(calls_of(command, site.folder, TO_PUT_IN_PLACE), output)
        assert output.read_bytes() == before


@pytest.mark.parametrize("format", ["ndjson", "json", "csv"])
def test_export_writes_what_the_server_answers(site: Site, format: str) -> None:
    fill(site)
    done(site, "append", "--type=info", "--source=many", given=b"line\n" * 1200)
    site.start_responder()
    with site.start_web_server().client() as client:
        for target, arguments in [
            (f"/events.{format}", []),
            (f"/events.{format}?sort=source&order=desc&q=line", ["--sort=source", "--order=desc", "-q=line"]),
            (f"/events.{format}?type=user_action", ["--type=user_action"]),
        ]:
            assert client.get(target).body == done(site, "export", f"--format={format}", *arguments), target
        assert client.get(f"/events.{format}?limit=3").body == done(
            site, "list", "--order=asc", f"--format={format}", "--limit=3"
        )


def test_export_reads_beside_a_server_that_writes(site: Site) -> None:
    site.start_responder()
    with site.start_web_server().client() as client:
        for number in range(20):
            assert client.post_event(message=f"{number}").status == 201
            assert len(done(site, "export").splitlines()) == number + 1


def test_an_output_that_cannot_be_written_is_an_error(site: Site, tmp_path: Path) -> None:
    fill(site)
    assert run(site, "export", "-o", str(tmp_path / "nowhere" / "x")).returncode == 74
    for arguments in (["export"], ["list"], ["list", "--format=table"], ["check"], ["--help"], ["--version"]):
        with open("/dev/full", "wb") as full:
            environment = clean_environment(EVENTLOG_STORE=site.store)
            result = subprocess.run([BINARY, *arguments], stdout=full, stderr=subprocess.PIPE, env=environment)
        assert result.returncode == 74 and b"No space left" in result.stderr, arguments
        assert b"Cocoa" not in result.stderr
    full_file = run(site, "export", "-o", "/dev/full")
    assert full_file.returncode == 74 and b"cannot write /dev/full: No space left" in full_file.stderr


def test_export_writes_to_a_stream_as_to_standard_output(site: Site) -> None:
    before = fill(site)
    assert done(site, "export", "-o", "-") == before
    assert list(site.folder.glob("-*")) == []
    pipe = site.folder / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        assert done(site, "export", "-o", str(pipe)) == b""
        assert reader.stdout and reader.stdout.read() == before
    assert done(site, "export", "-o", "/dev/null") == b""
    for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        assert done(site, "export", "-o", name) == before, name
        output = site.folder / "output"
        script = 'echo first; "$0" export -o "$1"; echo last'
        with output.open("wb") as file:
            environment = clean_environment(EVENTLOG_STORE=site.store)
            subprocess.run(["sh", "-c", script, BINARY, name], stdout=file, check=True, env=environment)
        assert output.read_bytes() == b"first\n" + before + b"last\n", name


def test_the_log_is_not_replaced_by_what_is_exported(site: Site) -> None:
    before = fill(site)
    log = site.folder / "events.sqlite"
    hard_link, symbolic_link = site.folder / "hard.sqlite", site.folder / "symbolic.sqlite"
    hard_link.hardlink_to(log)
    symbolic_link.symlink_to(log)
    for output in (log, hard_link, symbolic_link):
        refused = run(site, "export", "-o", str(output))
        assert refused.returncode == 74 and b"the log itself" in refused.stderr, output
    other_log = site.folder / "other.sqlite"
    site.start_responder(store=f"sqlite:{other_log}")
    refused = run(site, "export", "-o", str(other_log))
    assert refused.returncode == 74 and b"may be in use" in refused.stderr
    assert done(site, "export") == before
    assert done(site, "export", store=f"sqlite:{other_log}") == b""


def test_an_export_that_fails_leaves_the_old_file_as_it_was(site: Site) -> None:
    fill(site)
    output = site.folder / "export.ndjson"
    output.write_text("old")
    with sqlite3.connect(site.folder / "events.sqlite") as database:
        database.execute("UPDATE event SET type = 'other' WHERE id = 3")
    database.close()
    assert run(site, "export", "-o", str(output)).returncode == UNAVAILABLE
    assert output.read_text() == "old"
    assert [path.name for path in site.folder.glob("export*")] == [output.name]

"""Tests options and environment variables, and the messages about wrong ones."""

import subprocess

import pytest

from conftest import Site
from responder import BINARY, clean_environment, is_clear, run_to_end, wait_until

WRONG_VALUE = 64  # EX_USAGE
UNAVAILABLE = 69  # EX_UNAVAILABLE

# Each command line with a part of the message.
WRONG = [
    (["serve", "--listen", "nonsense"], "'nonsense' is invalid for '--listen"),
    (["serve", "--listen", "unix:"], "'unix:' is invalid for '--listen"),
    (["serve", "--listen", "unix:/" + "a" * 200], "at most 99 bytes"),
    (["serve", "--listen", "127.0.0.1:0"], "'127.0.0.1:0' is invalid for '--listen"),
    (["serve", "--listen", "127.0.0.1:70000"], "'127.0.0.1:70000' is invalid for '--listen"),
    (["serve", "--listen", "0.0.0.0:9000"], "'0.0.0.0:9000' is invalid for '--listen"),
    (["serve", "--store", "mysql:events"], "'mysql:events' is invalid for '--store"),
    (["serve", "--store", "sqlite:"], "'sqlite:' is invalid for '--store"),
    (["serve", "--workers", "0"], "'0' is invalid for '--workers"),
    (["serve", "--workers", "257"], "'257' is invalid for '--workers"),
    (["serve", "--workers", "many"], "'many' is invalid for '--workers"),
    (["serve", "--max-body", "0"], "'0' is invalid for '--max-body"),
    (["serve", "--max-body=-1"], "'-1' is invalid for '--max-body"),
    (["serve", "--max-body", "1MB"], "'1MB' is invalid for '--max-body"),
    (["serve", "--drain-timeout", "0"], "'0' is invalid for '--drain-timeout"),
    (["serve", "--drain-timeout=-1"], "'-1' is invalid for '--drain-timeout"),
    (["serve", "--query-timeout", "0"], "'0' is invalid for '--query-timeout"),
    (["serve", "--slow-request", "1m"], "'1m' is invalid for '--slow-request"),
    (["serve", "--log-level", "loud"], "'loud' is invalid for '--log-level"),
    (["serve", "--colour"], "Unknown option '--colour'"),
    (["serve", "more"], "Unexpected argument 'more'"),
    (["serve"], "There is no socket to serve on"),
    (["nonsense"], "Unexpected argument 'nonsense'"),
]

WRONG_VARIABLES = [
    ("EVENTLOG_LISTEN", "nonsense"),
    ("EVENTLOG_STORE", "mysql:events"),
    ("EVENTLOG_REPLACE", "yes"),
    ("EVENTLOG_EXAMPLES", "perhaps"),
    ("EVENTLOG_WORKERS", "0"),
    ("EVENTLOG_MAX_BODY", "1MB"),
    ("EVENTLOG_QUERY_TIMEOUT", "0"),
    ("EVENTLOG_DRAIN_TIMEOUT", "soon"),
    ("EVENTLOG_SLOW_REQUEST", "1m"),
    ("EVENTLOG_LOG_LEVEL", "loud"),
]


@pytest.mark.parametrize("arguments, said", WRONG, ids=[" ".join(arguments)[:60] for arguments, _ in WRONG])
def test_a_wrong_value_ends_with_64_and_says_why(site: Site, arguments: list[str], said: str) -> None:
    if arguments[1:] and arguments[1] != "--listen":
        arguments = [*arguments, "--listen", f"unix:{site.socket}"]
    result = run_to_end(*arguments)
    assert result.returncode == WRONG_VALUE
    assert is_clear(result.stderr) and said in result.stderr, result.stderr
    assert not site.socket.exists()


@pytest.mark.parametrize("name, value", WRONG_VARIABLES)
def test_a_wrong_variable_ends_with_64_and_its_option_is_named(site: Site, name: str, value: str) -> None:
    result = run_to_end("serve", **{"EVENTLOG_LISTEN": f"unix:{site.socket}", name: value})
    assert result.returncode == WRONG_VALUE
    option = name.removeprefix("EVENTLOG_").lower().replace("_", "-")
    assert is_clear(result.stderr) and value in result.stderr
    # The help that follows the message names every option.
    message = result.stderr.splitlines()[0]
    assert f"--{option}" in message or name in message
    assert not site.socket.exists()


def test_variables_configure_and_options_win(site: Site) -> None:
    socket = site.folder / "by-variable.sock"
    environment = clean_environment(
        EVENTLOG_LISTEN=f"unix:{socket}", EVENTLOG_STORE="memory", EVENTLOG_EXAMPLES="true"
    )
    for options, count in ([], 3), (["--no-examples"], 0):
        process = subprocess.Popen([BINARY, "serve", *options], stdin=subprocess.DEVNULL, env=environment)
        try:
            wait_until(socket.exists, "it listens")
            with site.connect(socket) as connection:
                assert len(connection.request("GET", "/events").json()) == count
        finally:
            process.kill()
            process.wait()
            socket.unlink()


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "--limit", "0"],
        ["list", "--colour"],
        ["export", "--sort", "id"],
        ["append", "--type=info"],
        ["backup"],
        ["restore", "--store", "memory", "file"],
        ["serve"],
        ["serve", "--workers", "0"],
    ],
)
def test_the_usage_is_that_of_the_subcommand(arguments: list[str]) -> None:
    result = run_to_end(*arguments)
    assert result.returncode == WRONG_VALUE
    assert f"\nUsage: eventlog {arguments[0]} " in result.stderr, result.stderr
    assert f"See 'eventlog {arguments[0]} --help'" in result.stderr
    assert is_clear(result.stderr)


@pytest.mark.parametrize("value", ["-5 degrees", "-5", "--- starts here", "--help me"])
def test_a_message_that_starts_with_a_dash_needs_two_more(site: Site, value: str) -> None:
    command = ["append", "--store", site.store, "--type=info", "--source=s"]
    refused = run_to_end(*command, value)
    assert refused.returncode == WRONG_VALUE and is_clear(refused.stderr)
    assert f"put -- before it: eventlog append ... -- '{value}'" in refused.stderr
    assert run_to_end(*command, "--", value).stdout == "evt_001\n"


def test_a_value_that_starts_with_a_dash_needs_an_equals_sign(site: Site) -> None:
    refused = run_to_end("append", "--store", site.store, "--type=info", "--source", "-x", "message")
    assert refused.returncode == WRONG_VALUE and "--source='-x'" in refused.stderr
    assert run_to_end("append", "--store", site.store, "--type=info", "--source=-x", "message").returncode == 0


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["append", "--type=info", "--source=s", b"caf\xe9"], "argument 4 is not UTF-8"),
        (["append", "--type=info", b"--source=caf\xe9", "m"], "argument 3 is not UTF-8"),
        (["list", "-q", b"\xff"], "argument 3 is not UTF-8"),
        (["import", b"\xff.json"], "argument 2 is not UTF-8"),
    ],
)
def test_arguments_that_are_not_utf_8_are_refused(site: Site, arguments: list[str | bytes], said: str) -> None:
    result = subprocess.run(
        [BINARY, *arguments], capture_output=True, timeout=10, env=clean_environment(EVENTLOG_STORE=site.store)
    )
    assert result.returncode == 65
    assert said in result.stderr.decode()
    assert list(site.folder.iterdir()) == []


def test_a_variable_that_is_not_utf_8_is_refused(site: Site) -> None:
    environment = {**{name.encode(): value.encode() for name, value in clean_environment().items()}}
    environment[b"EVENTLOG_STORE"] = f"sqlite:{site.folder}/".encode() + b"\xff.sqlite"
    result = subprocess.run(
        [BINARY, "append", "--type=info", "--source=s", "m"], capture_output=True, timeout=10, env=environment
    )
    assert result.returncode == 65 and b"EVENTLOG_STORE is not UTF-8" in result.stderr
    assert list(site.folder.iterdir()) == []


def test_nothing_that_a_terminal_obeys_is_said(site: Site) -> None:
    title = "\x1b]0;owned\x07\u202e\x9b31m"
    for arguments in (
        ["import", f"{site.folder}/{title}"],
        ["export", "-o", f"{site.folder}/{title}/x"],
        ["backup", f"{site.folder}/{title}/x"],
        ["restore", f"{site.folder}/{title}"],
        ["list", "--store", f"sqlite:{site.folder}/{title}"],
        ["list", "--since", title],
        ["list", f"--{title}"],
        [title],
        ["append", "--type=info", "--source=s", f"--data={title}", "m"],
    ):
        if arguments[0] in ("export", "backup"):
            run_to_end("append", "--type=info", "--source=s", "m", EVENTLOG_STORE=site.store)
        result = run_to_end(*arguments, EVENTLOG_STORE=site.store)
        assert result.returncode not in (0, 134, 139), arguments
        assert not set("\x1b\x07\u202e\x9b") & set(result.stderr), arguments


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"]])
def test_help_is_a_manual(arguments: list[str]) -> None:
    result = run_to_end(*arguments)
    assert result.returncode == 0 and result.stderr == ""
    assert "serve" in result.stdout
    if arguments[0] == "serve":
        for option in (
            "listen",
            "store",
            "examples",
            "workers",
            "max-body",
            "socket-group",
            "replace",
            "log-level",
        ):
            assert f"--{option}" in result.stdout
        assert "EVENTLOG_" in result.stdout and "sqlite:" in result.stdout


@pytest.mark.parametrize(
    "content", [b"this is no database, and must not be overwritten\n" * 100, b"\0" * 4096]
)
def test_a_store_that_cannot_be_opened_is_a_clear_refusal(site: Site, content: bytes) -> None:
    file = site.folder / "events.sqlite"
    file.write_bytes(content)
    result = run_to_end("serve", "--listen", f"unix:{site.socket}", "--store", f"sqlite:{file}")
    assert result.returncode == UNAVAILABLE
    assert is_clear(result.stderr) and str(file) in result.stderr
    assert file.read_bytes() == content
    assert not site.socket.exists()


def test_a_store_in_a_folder_that_is_not_there_is_a_clear_refusal(site: Site) -> None:
    file = site.folder / "nowhere" / "events.sqlite"
    result = run_to_end("serve", "--listen", f"unix:{site.socket}", "--store", f"sqlite:{file}")
    assert result.returncode == UNAVAILABLE
    assert is_clear(result.stderr) and str(file) in result.stderr


def test_times_are_moments_dates_and_spans_before_now(site: Site) -> None:
    appended = run_to_end("append", "--type", "info", "--source", "a", "hello", EVENTLOG_STORE=site.store)
    assert appended.returncode == 0, appended.stderr
    for options, count in (
        (["--since", "24h"], 1),
        (["--since", "2w", "--until", "1h"], 0),
        (["--since", "2020-01-01"], 1),
        (["--until", "2020-01-01"], 0),
        (["--since", "2020-01-01T00:00:00+01:00"], 1),
    ):
        for command in ("list", "export"):
            found = run_to_end(command, *options, EVENTLOG_STORE=site.store)
            assert found.returncode == 0 and found.stdout.count("\n") == count, (command, options, found)
    wrong = run_to_end("list", "--since", "yesterday", EVENTLOG_STORE=site.store)
    assert wrong.returncode == WRONG_VALUE and "such as 15m, 24h, 7d or 2w" in wrong.stderr

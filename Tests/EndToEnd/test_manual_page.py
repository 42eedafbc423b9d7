"""Tests that `deploy/eventlog.1` agrees with the help of the program."""

import re
import subprocess
from pathlib import Path

import pytest

from responder import CHECKOUT, run_to_end

PAGE = CHECKOUT / "deploy/eventlog.1"
OF_EVERY_COMMAND = {"--help", "-h", "--version"}


def help_of(*command: str) -> str:
    result = run_to_end(*command, "--help")
    assert result.returncode == 0
    return result.stdout


COMMANDS = re.findall(r"^  ([a-z]+) +[A-Z]", help_of().partition("SUBCOMMANDS:")[2], re.MULTILINE)


def options_of_help(*command: str) -> set[str]:
    """Returns the options of a command; one that has subcommands has those of all of them."""
    text = help_of(*command)
    nested = re.findall(r"^  ([a-z]+) +[A-Z]", text.partition("SUBCOMMANDS:")[2], re.MULTILINE)
    if nested:
        return set().union(*(options_of_help(*command, name) for name in nested))
    listed = text.partition("\nOPTIONS:\n")[2]
    lines = re.findall(r"^  (-\S.*?)(?:  |$)", listed, re.MULTILINE)
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", " ".join(lines))) - OF_EVERY_COMMAND


def section(title: str, heading: str = "Sh") -> str:
    """Returns the source of a section, up to the next heading of the same level or above."""
    end = r"\n\.S[hs] " if heading == "Ss" else r"\n\.Sh "
    found = re.search(rf"^\.{heading} {title}\n(.*?)(?={end}|\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"the page has no section {title}"
    return found[1]


def flags(source: str) -> set[str]:
    """Returns the flags that `.Fl` marks up. It puts a dash before every word up to the next macro."""
    lists = re.findall(r"\bFl ((?:-?[a-z][a-z-]*|[,|]| )+)", source)
    return {f"-{word}" for words in lists for word in re.findall(r"[a-z-]+", words)}


def synopsis(command: str) -> str:
    [found] = [use for use in section("SYNOPSIS").split(".Nm\n") if use.startswith(f".Cm {command}\n")]
    return found


def described(source: str) -> set[str]:
    return {flag for line in re.findall(r"^\.It (Fl .*)$", source, re.MULTILINE) for flag in flags(line)}


def test_mandoc_finds_nothing_wrong_with_the_page() -> None:
    result = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", PAGE], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 0 and not result.stdout, result


def test_it_names_every_command() -> None:
    assert len(COMMANDS) > 4
    assert set(COMMANDS) == set(re.findall(r"^\.Cm (\S+)$", section("SYNOPSIS"), re.MULTILINE))


@pytest.mark.parametrize("command", COMMANDS)
def test_it_has_the_options_of_the_command_and_no_others(command: str) -> None:
    source, options = synopsis(command), options_of_help(command)
    filters = described(section("Filters", "Ss"))
    is_filtered = "Ar filter" in source
    assert flags(source) | (filters if is_filtered else set()) == options
    own = described(section(command, "Ss"))
    # All commands have --store, which the page describes once.
    assert own | (filters if is_filtered else set()) == options - {"--store"}


def test_it_has_the_environment_variables_of_serve(tmp_path: Path) -> None:
    options = options_of_help("serve") - {"--no-examples"}
    variables = {"EVENTLOG_" + option[2:].upper().replace("-", "_") for option in options}
    listed = re.findall(r"^\.It Ev (\S+)\n\.Fl (-\S+)$", section("ENVIRONMENT"), re.MULTILINE)
    assert {name for name, _ in listed} == variables
    for name, option in listed:
        assert name == "EVENTLOG_" + option[1:].upper().replace("-", "_")
        # The value `?` is refused, which shows that the program reads the variable. Without it, the program would say
        # that the folder of the socket does not exist.
        refused = run_to_end("serve", **{"EVENTLOG_LISTEN": f"unix:{tmp_path}/nowhere/socket", name: "?"})
        message = refused.stderr.splitlines()[0]
        if name == "EVENTLOG_SOCKET_GROUP":
            assert refused.returncode == 69 and "the group ? does not exist" in message
        else:
            assert refused.returncode == 64 and (name in message or f"'-{option} " in message), message


def test_it_has_the_exit_codes_that_the_commands_tell() -> None:
    told = {
        code
        for command in COMMANDS
        for code in re.findall(
            r"(?:^|; )(\d+)\b",
            " ".join(help_of(command).partition("Exit codes: ")[2].partition("USAGE")[0].split()),
        )
    }
    assert {"64", "69"} <= told
    assert told == set(re.findall(r"^\.It (\d+)$", section("EXIT STATUS"), re.MULTILINE))

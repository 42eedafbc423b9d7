"""Tests that `deploy/install` installs into a folder that stands for the root of a system, and uninstalls from it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import Site
from html_page import HTMLPage
from responder import BINARY, CHECKOUT
from web_server import Nginx

pytestmark = pytest.mark.skipif(
    BINARY != (CHECKOUT / ".build/release/eventlog").resolve(),
    reason="deploy/install installs its own binary",
)

INSTALL = CHECKOUT / "deploy/install"


def run(
    *options: str | Path, script: Path = INSTALL, path: str = os.environ["PATH"]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [script, *options], capture_output=True, text=True, timeout=60, env={**os.environ, "PATH": path}
    )


def install(*options: str | Path) -> None:
    result = run("--skip-install", *options)
    assert result.returncode == 0, result.stderr


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Returns every path in the folder, with the content of each file."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def test_everything_is_in_its_place(tmp_path: Path) -> None:
    local = tmp_path / "usr/local"
    # An earlier version had the pages of errors here, where anyone could fetch them as they are.
    old_pages = local / "share/eventlog/static"
    old_pages.mkdir(parents=True)
    for name in ("error.html", "offline.html"):
        (old_pages / name).write_text("of an earlier version")
    install("--destdir", tmp_path)
    files = {str(path.relative_to(local)) for path in local.rglob("*") if path.is_file()}
    assert files >= {
        "bin/eventlog",
        "lib/systemd/system/eventlog-journal.service",
        "lib/systemd/system/eventlog.service",
        "lib/systemd/system/eventlog.socket",
        "share/bash-completion/completions/eventlog",
        "share/eventlog/apache/responder.conf",
        "share/eventlog/caddy/Caddyfile.template",
        "share/eventlog/lighttpd/responder.conf",
        "share/eventlog/nginx/server.conf",
        "share/eventlog/pages/error.html",
        "share/eventlog/pages/offline.html",
        "share/eventlog/shippers/opentelemetry.env",
        "share/eventlog/shippers/syslog-ng.conf",
        "share/fish/vendor_completions.d/eventlog.fish",
        "share/man/man1/eventlog.1",
        "share/zsh/site-functions/_eventlog",
    }
    static = {path.name for path in (local / "share/eventlog/static").iterdir()}
    assert static == {"app.js", "favicon.svg", "search.js", "style.css"}, "nothing but what the pages use can be fetched"
    for path in local.rglob("*"):
        assert not path.is_symlink(), "it would lead back into the checkout"
        executable = path.is_dir() or path == local / "bin/eventlog"
        assert path.stat().st_mode & 0o777 == (0o755 if executable else 0o644), path
    assert str(CHECKOUT) not in "".join(
        path.read_text() for path in local.rglob("*") if path.is_file() and path.name != "eventlog"
    )


def test_the_program_has_names_of_functions_but_nothing_else_for_a_debugger(tmp_path: Path) -> None:
    install("--destdir", tmp_path)
    sections = subprocess.check_output(["readelf", "-SW", tmp_path / "usr/local/bin/eventlog"], text=True)
    assert ".symtab" in sections and ".debug_" not in sections


def test_the_prefix_is_filled_in_where_it_matters(tmp_path: Path) -> None:
    install("--prefix", "/opt/event-log", "--destdir", tmp_path)
    prefix = tmp_path / "opt/event-log"
    service = (prefix / "lib/systemd/system/eventlog.service").read_text()
    assert "ExecStart=/opt/event-log/bin/eventlog serve\n" in service
    templates = list(prefix.rglob("*.template"))
    assert {template.parent.name for template in templates} == {"nginx", "lighttpd", "apache", "caddy"}
    for template in templates:
        text = template.read_text()
        # The placeholders that are left belong to parts of the template that are not copied into a site.
        assert set(re.findall(r"@[A-Z]+@", text)) <= {
            "@PORT@",
            "@FOLDER@",
            "@USER@",
            "@MOUNT@",
            "@KEY@",
            "@WAY@",
        }
        for folder in ("static", "pages") if template.parent.name in ("nginx", "apache") else ("static",):
            assert f'"/opt/event-log/share/eventlog/{folder}"' in text
        assert "/run/eventlog/eventlog.sock" in text


def test_what_is_installed_works_without_the_checkout(site: Site) -> None:
    """This covers the program, the units as systemd judges them, the completions, and the files for nginx."""
    prefix = site.folder / "local"
    install("--prefix", prefix)
    version = subprocess.check_output([prefix / "bin/eventlog", "--version"], text=True)
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", version)

    unit = prefix / "lib/systemd/system/eventlog.service"
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, timeout=60
    )
    assert verified.returncode == 0 and "eventlog" not in verified.stderr, verified

    script = prefix / "share/bash-completion/completions/eventlog"
    completion = (
        'source "$0"; COMP_WORDS=(eventlog exp) COMP_CWORD=1; '
        '_eventlog eventlog exp eventlog; echo "$COMPREPLY"'
    )
    assert subprocess.check_output(["bash", "-c", completion, script], text=True) == "export\n"
    assert (prefix / "share/zsh/site-functions/_eventlog").read_text().startswith("#compdef eventlog\n")
    assert "complete -c 'eventlog'" in (prefix / "share/fish/vendor_completions.d/eventlog.fish").read_text()

    site.start_responder()
    web_server = Nginx(site.folder / "nginx", site.socket, parts=prefix / "share/eventlog")
    site.end_with_peers(web_server.stop)
    with web_server.client() as client:
        page = client.get("/", accept="text/html").body.decode()
        static = set(re.findall(r'"(/static/[^"]+)"', page))
        assert len(static) == 3
        for address in static:
            assert client.get(address).status == 200, address
        for name in ("error.html", "offline.html"):
            assert client.get(f"/static/{name}").status == 404
        refused = HTMLPage(client.get("/static/nothing", accept="text/html"))
        assert refused.document.one("h2").text == "Not Found"


def test_uninstall_leaves_the_system_as_it_was(tmp_path: Path) -> None:
    """Empty folders stay, and so do other people's files in folders that were made for ours."""
    (tmp_path / "usr/local/share/man").mkdir(parents=True)
    (tmp_path / "usr/local/bin").mkdir()
    (tmp_path / "usr/local/bin/other").write_text("precious")
    before = snapshot(tmp_path)
    install("--destdir", tmp_path)
    install("--destdir", tmp_path)
    assert run("--uninstall", "--destdir", tmp_path).returncode == 0
    assert snapshot(tmp_path) == before

    install("--destdir", tmp_path)
    own = tmp_path / "usr/local/share/eventlog/nginx/own.conf"
    own.write_text("precious")
    assert run("--uninstall", "--destdir", tmp_path).returncode == 0
    after = snapshot(tmp_path)
    assert {path: text for path, text in after.items() if text is not None} == {
        "usr/local/bin/other": b"precious",
        str(own.relative_to(tmp_path)): b"precious",
    }


def test_uninstall_takes_away_what_an_earlier_version_had(tmp_path: Path) -> None:
    install("--destdir", tmp_path)
    manifest = tmp_path / "usr/local/share/eventlog/manifest"
    relic = tmp_path / "usr/local/share/eventlog/relic.conf"
    relic.write_text("of an earlier version")
    manifest.write_text(manifest.read_text() + "/usr/local/share/eventlog/relic.conf\n")
    install("--destdir", tmp_path)
    assert run("--uninstall", "--destdir", tmp_path).returncode == 0
    assert not snapshot(tmp_path)


def test_uninstall_says_when_nothing_is_installed(tmp_path: Path) -> None:
    result = run("--uninstall", "--destdir", tmp_path)
    assert result.returncode == 1
    assert "nothing is installed" in result.stderr and str(tmp_path) in result.stderr


def test_a_missing_program_is_built_first(tmp_path: Path) -> None:
    """The `swift` that builds it is a stand-in, which notes its arguments and copies the finished program."""
    checkout = tmp_path / "checkout"
    shutil.copytree(CHECKOUT / "deploy", checkout / "deploy", symlinks=True)
    shutil.copytree(CHECKOUT / "Sources/EventLogWeb/Static", checkout / "Sources/EventLogWeb/Static")
    swift = tmp_path / "bin/swift"
    swift.parent.mkdir()
    swift.write_text(
        f'#!/bin/sh\necho "$@" >"$0.arguments"\ninstall -D "{BINARY}" "{checkout}/.build/release/eventlog"\n'
    )
    swift.chmod(0o755)
    result = run(
        *("--skip-install", "--destdir", tmp_path / "root"),
        script=checkout / "deploy/install",
        path=f"{swift.parent}:{os.environ['PATH']}",
    )
    assert result.returncode == 0, result.stderr
    arguments = Path(f"{swift}.arguments").read_text().split()
    assert arguments[:1] == ["build"] and {"release", "--static-swift-stdlib", str(checkout)} <= set(
        arguments
    )
    assert (tmp_path / "root/usr/local/bin/eventlog").exists()


@pytest.mark.parametrize(
    "options", [["--prefix", "relative"], ["--prefix", "/with space"], ["--destdir"], ["--colour"], ["more"]]
)
def test_a_wrong_option_ends_with_64(options: list[str]) -> None:
    result = run(*options)
    assert result.returncode == 64
    assert result.stderr.startswith("deploy/install: ") and len(result.stderr.splitlines()) == 1


def test_help_names_every_option() -> None:
    result = run("--help")
    assert result.returncode == 0
    for option in ("--prefix", "--destdir", "--uninstall", "--skip-install"):
        assert option in result.stdout

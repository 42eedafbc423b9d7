"""Every way to run Event Log that deploy/ describes. Each has its own site, and the same tests run on all of them."""

import base64
import hashlib
import os
import shutil
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from conftest import Site
from http_client import HTTPClient
from responder import CHECKOUT, Responder
from web_server import AS_ROOT, Apache, Caddy, Lighttpd, Nginx, WebServer, template

PREFIX = "/eventlog"

STOCK_PARAMS = """
    set $eventlog_mount "";
    include eventlog/limits.conf;
    include eventlog/problems.conf;
    location / {
        include /etc/nginx/fastcgi_params;
        fastcgi_pass eventlog;
        fastcgi_keep_conn on;
        fastcgi_max_temp_file_size 0;
    }
    location /static/ {
        alias $eventlog_static/;
        include eventlog/static.conf;
    }
"""


ASKING_APACHE = """
LoadModule auth_basic_module /usr/lib/apache2/modules/mod_auth_basic.so
LoadModule authn_core_module /usr/lib/apache2/modules/mod_authn_core.so
LoadModule authn_file_module /usr/lib/apache2/modules/mod_authn_file.so
LoadModule authz_user_module /usr/lib/apache2/modules/mod_authz_user.so
Define EVENTLOG_PASSWORDS "@PASSWORDS@"
Include "eventlog/basic-auth.conf"
"""


def sha(password: str) -> str:
    """Returns a password as both nginx and Apache can keep it."""
    return "{SHA}" + base64.b64encode(hashlib.sha1(password.encode()).digest()).decode()


def asking(server: str, passwords: Path) -> str:
    """Returns the part of nginx that asks for a password before it passes a request on."""
    location = "location / {\n    include eventlog/responder.conf;"
    assert location in server
    asks = (CHECKOUT / "deploy/nginx/basic-auth.conf").read_text().replace("eventlog.htpasswd", str(passwords))
    return server.replace(location, f"{location}\n{asks}")


@dataclass(frozen=True)
class Kind:
    server: str
    way: str = "responder"
    mount: str = ""

    @property
    def id(self) -> str:
        return f"{self.server}-{self.way}" + ("-prefix" if self.mount else "")


KINDS = [
    Kind("nginx"),
    Kind("nginx", mount=PREFIX),
    Kind("nginx", "stock-params"),
    Kind("lighttpd"),
    Kind("lighttpd", mount=PREFIX),
    Kind("lighttpd", "bin-path"),
    Kind("lighttpd", "bin-path", PREFIX),
    Kind("lighttpd", "cgi"),
    Kind("lighttpd", "cgi", PREFIX),
    Kind("apache"),
    Kind("apache", mount=PREFIX),
    Kind("apache", "cgi"),
    Kind("apache", "cgi", PREFIX),
    Kind("caddy"),
]


class FrontEnd:
    def __init__(
        self,
        site: Site,
        kind: Kind,
        settings: Mapping[str, str] = MappingProxyType({}),
        passwords: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Starts a web server and the program. `settings` are the program's variables besides the store; `passwords` are those
        of the users that the web server lets in, if it asks."""
        self.site = site
        self.passwords = site.folder / "passwords"
        self.passwords.write_text("".join(f"{name}:{sha(passwords[name])}\n" for name in passwords))
        self.asks = bool(passwords)
        self.settings = settings
        self.kind = kind
        self.mount = kind.mount
        self.data = site.folder / "data"
        # There may be a log already.
        self.data.mkdir(exist_ok=True)
        self.store = f"sqlite:{self.data / 'events.sqlite'}"
        self.responder: Responder | None = None
        if self.has_own_responder:
            self.responder = self.start_responder()
        self.web_server = self._start_web_server()

    @property
    def has_own_responder(self) -> bool:
        """Whether the responder runs separately from the web server."""
        return self.kind.way not in ("bin-path", "cgi")

    def start_responder(self, *options: str) -> Responder:
        if self.kind.server == "apache" and AS_ROOT:
            options = (*options, "--socket-group", "www-data")
        variables = [f"{name}={value}" for name, value in self.settings.items()]
        command = ["env", *variables] if variables else []
        return self.site.start_responder(*options, store=self.store, command=command)

    def _start_web_server(self) -> WebServer:
        folder, socket = self.site.folder / "web", self.site.socket
        match self.kind.server:
            case "nginx":
                replaced = STOCK_PARAMS if self.kind.way == "stock-params" else ""
                if self.asks:
                    replaced = asking(template("nginx/server.conf"), self.passwords)
                server: WebServer = Nginx(folder, socket, self.mount, replaced)
            case "lighttpd":
                server = Lighttpd(folder, self.kind.way, socket, self.store, self.mount, self.settings)
            case "caddy":
                server = Caddy(folder, socket)
            case _:
                more = ASKING_APACHE.replace("@PASSWORDS@", str(self.passwords)) if self.asks else ""
                if AS_ROOT:
                    self.passwords.chmod(0o644)
                    for path in (self.data, *self.data.iterdir()):
                        shutil.chown(path, "www-data")
                server = Apache(folder, self.kind.way, socket, self.store, self.mount, self.settings, more)
        self.site.end_with_peers(server.stop)
        return server

    def client(self, timeout: float = 30) -> HTTPClient:
        return self.web_server.client(timeout)

    def processes(self) -> list[int]:
        """Returns the program's processes that use this site's log."""
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdecimal():
                continue
            try:
                if Path(os.readlink(folder / "exe")).name == "eventlog" and any(
                    self.store.encode() in (folder / name).read_bytes() for name in ("cmdline", "environ")
                ):
                    found.append(int(folder.name))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                pass
        return found

    def kill_processes(self) -> None:
        for process in self.processes():
            os.kill(process, signal.SIGKILL)
        if self.responder:
            self.responder.kill()


def is_installed(kind: Kind) -> bool:
    return kind.way != "stock-params" or Path("/etc/nginx/fastcgi_params").exists()


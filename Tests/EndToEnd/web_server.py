"""The web servers with the configurations that are shipped in deploy/, each in a folder of its own.

They take the client's address from X-Forwarded-For, as they would behind another proxy, so that tests can use any
address. lighttpd and Apache close an idle connection after one second in place of five, because that is when a client
learns from them that a response was cut short.
"""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from http_client import HTTPClient
from responder import BINARY, CHECKOUT, clean_environment, wait_until

AS_ROOT = os.geteuid() == 0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def program(name: str) -> str:
    found = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")
    assert found, f"{name} is not installed; Tests/run installs it"
    return found


class WebServer:
    """A process that listens on a port of this machine."""

    # The signal that makes it reload its configuration without refusing a connection.
    reload_signal = signal.SIGHUP

    def __init__(
        self, folder: Path, configuration: str, values: Mapping[str, str], command: list[str], name: str
    ) -> None:
        self.folder = folder
        self.port = free_port()
        folder.mkdir(exist_ok=True)
        values = {"PORT": str(self.port), "FOLDER": str(folder), **values}
        for placeholder, value in values.items():
            configuration = configuration.replace(f"@{placeholder}@", value)
        (folder / name).write_text(configuration)
        self.errors = folder / "stderr.log"
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stderr=errors, env=clean_environment()
            )
        wait_until(lambda: self._listens() or self.process.poll() is not None, f"{command[0]} listens")
        assert self.process.poll() is None, self.errors.read_text()

    def _listens(self) -> bool:
        with socket.socket() as attempt:
            return attempt.connect_ex(("127.0.0.1", self.port)) == 0

    def client(self, timeout: float = 30) -> HTTPClient:
        return HTTPClient(self.port, timeout)

    def reload(self) -> None:
        """Makes it read its configuration again, and waits until other processes have taken the place of its workers."""
        earlier = self._workers()
        assert earlier
        self.process.send_signal(self.reload_signal)
        wait_until(lambda: bool(self._workers()) and not self._workers() & earlier, "its workers are new", 20)

    def _workers(self) -> set[str]:
        return set(Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split())

    def stop(self) -> None:
        self.process.terminate()
        # Apache waits for requests that have not ended, and then kills them.
        self.process.wait(30)
        for log in (self.errors, self.folder / "error.log"):
            if log.exists():
                print(f"The end of {log}:\n{log.read_text(errors='replace')[-4000:]}")


def template(path: str) -> str:
    return (CHECKOUT / "deploy" / path).read_text()


STATIC, PAGES = str(CHECKOUT / "deploy/static"), str(CHECKOUT / "deploy/pages")


class Nginx(WebServer):
    """nginx with a site of its own or, if there is a mount, with a path of a site that also serves other things."""

    def __init__(
        self,
        folder: Path,
        responder: Path,
        mount: str = "",
        replaced: str = "",
        parts: Path = CHECKOUT / "deploy",
    ) -> None:
        """Starts nginx. `replaced` replaces the part that is included in the `server`; `parts` is the folder with the
        configuration, the static files and the pages."""
        folder.mkdir()
        (folder / "eventlog").symlink_to(parts / "nginx")
        configuration = template("nginx/nginx.conf.template").replace(
            "include eventlog/http.conf;",
            "include eventlog/http.conf; set_real_ip_from 127.0.0.1; real_ip_header X-Forwarded-For;",
        )
        part = "include eventlog/server.conf;"
        assert part in configuration
        if mount:
            configuration = configuration.replace(part, "include eventlog/prefix.conf;")
        elif replaced:
            configuration = configuration.replace(part, replaced)
        super().__init__(
            folder,
            configuration,
            {"SOCKET": str(responder), "STATIC": str(parts / "static"), "PAGES": str(parts / "pages")},
            [program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr", "-g"]
            + ["daemon off;" + (" user root;" if AS_ROOT else "")],
            "nginx.conf",
        )

    def access_log(self) -> str:
        return (self.folder / "access.log").read_text()


class Lighttpd(WebServer):
    """lighttpd in one of three ways: `responder`, `bin-path` or `cgi`."""

    reload_signal = signal.SIGUSR1

    def reload(self) -> None:
        # Its only process stays, and logs that it starts again.
        log = self.folder / "error.log"
        starts = log.read_text().count("server started")
        self.process.send_signal(self.reload_signal)
        wait_until(lambda: log.read_text().count("server started") > starts, "it has started again", 20)

    def __init__(
        self,
        folder: Path,
        way: str,
        responder: Path,
        store: str,
        mount: str = "",
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        folder.mkdir()
        shutil.copytree(CHECKOUT / "deploy/lighttpd", folder / "eventlog")
        for part in ("cgi.conf", "bin-path.conf"):
            file, given = folder / "eventlog" / part, '"EVENTLOG_STORE" => var.eventlog_store'
            more = [f'"{name}" => "{value}"' for name, value in settings.items()]
            file.write_text(file.read_text().replace(given, ", ".join([given, *more])))
        super().__init__(
            folder,
            'server.modules += ("mod_extforward")\nextforward.forwarder = ("127.0.0.1" => "trust")\n'
            "server.max-keep-alive-idle = 1\n"
            + template("lighttpd/lighttpd.conf.template"),
            {
                "SOCKET": str(responder),
                "STATIC": STATIC,
                "BINARY": str(BINARY),
                "STORE": store,
                "MOUNT": mount,
                "KEY": mount or "/",
                "WAY": way,
            },
            [program("lighttpd"), "-D", "-f", str(folder / "lighttpd.conf")],
            "lighttpd.conf",
        )


class Apache(WebServer):
    """Apache in one of two ways: `responder` or `cgi`."""

    reload_signal = signal.SIGUSR1

    def __init__(
        self,
        folder: Path,
        way: str,
        responder: Path,
        store: str,
        mount: str = "",
        settings: Mapping[str, str] = MappingProxyType({}),
        more: str = "",
    ) -> None:
        """Starts Apache. `settings` are variables of a CGI program; `more` is added to the configuration."""
        folder.mkdir()
        (folder / "eventlog").symlink_to(CHECKOUT / "deploy/apache")
        static, pages, binary = STATIC, PAGES, str(BINARY)
        if AS_ROOT:
            # Apache refuses to serve as root, and its own user may have no access to the checkout.
            static, pages, binary = (str(folder / name) for name in ("static", "pages", "bin/eventlog"))
            shutil.copytree(STATIC, static)
            shutil.copytree(PAGES, pages)
            (folder / "bin").mkdir()
            shutil.copy(BINARY, binary)
            shutil.chown(folder, "www-data")
            folder.parent.chmod(0o755)
        super().__init__(
            folder,
            "LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so\nProtocols h2c http/1.1\n"
            "LoadModule remoteip_module /usr/lib/apache2/modules/mod_remoteip.so\n"
            "RemoteIPHeader X-Forwarded-For\nRemoteIPInternalProxy 127.0.0.1\nKeepAliveTimeout 1\n"
            + template("apache/apache.conf.template")
            + "".join(f'\nSetEnv {name} "{value}"' for name, value in settings.items())
            + f"\n{more}\n",
            {
                "SOCKET": str(responder),
                "STATIC": static,
                "PAGES": pages,
                "BINARY": binary,
                "STORE": store,
                "MOUNT": mount,
                "WAY": way,
                "USER": "www-data" if AS_ROOT else f"#{os.geteuid()}",
            },
            [program("apache2"), "-DFOREGROUND", "-f", str(folder / "apache.conf")],
            "apache.conf",
        )


class Caddy(WebServer):
    """Caddy, which does not take the client's address from a field."""

    def __init__(self, folder: Path, responder: Path) -> None:
        folder.mkdir()
        super().__init__(
            folder,
            template("caddy/Caddyfile.template"),
            {"SOCKET": str(responder), "STATIC": STATIC},
            # It keeps its own files in the user's folders, unless these variables name others.
            ["env", f"XDG_CONFIG_HOME={folder}", f"XDG_DATA_HOME={folder}", program("caddy"), "run"]
            + ["--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"],
            "Caddyfile",
        )

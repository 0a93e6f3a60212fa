"""Hosts as deploy/install.sh leaves them, each in a folder that stands for its /, without systemd.

The scripts of a release are run as they are, but for the folders (`on_a_test_machine`).
"""

import os
import re
import shlex
import subprocess
from contextlib import suppress
from pathlib import Path

from benchmarks import servers
from tests.server import wait_for

# What deploy/ does as root on a machine of its own, and what stands for it here.
INSTEAD = {
    r" -o \w+ -g \w+": "",
    r"setpriv --reuid izmek --regid izmek --init-groups": "env",
    r"runuser -u izmek -- ": "",
    r"chown -R root:root": "true",
    r"\(\(EUID == 0\)\)": "true",
    r"/run/systemd/system": "/nowhere",
}


def on_a_test_machine(release):
    """Let the scripts of a release find all under $MACHINE instead of /, without root and systemd."""
    for name in ("activate.sh", "install.sh", "izmek", "gunicorn.conf.py"):
        file = release / "deploy" / name
        here = "{os.environ['MACHINE']}" if name.endswith(".py") else "$MACHINE"
        text = re.sub("/(?=(srv|run|etc|var/log)/izmek)", f"{here}/", file.read_text())
        for was, now in INSTEAD.items():
            text = re.sub(was, now, text)
        file.write_text(text)


def of_the_installer(release):
    """The part of install.sh for tables and static files, as it stands there."""
    text = (release / "deploy" / "install.sh").read_text()
    before = re.findall(r"^(?:home|etc)=.*\n|^(?:step|izmek)\(\) .*\n", text, re.M)
    part = re.search(r"^izmek migrate .*?(?=^# --- )", text, re.M | re.S)[0]
    assert len(before) == 4 and "collectstatic" in part
    return "set -euo pipefail\nname=$1 release=$2\n" + "".join(before) + part


class Machine:
    """A host, in a folder that stands for its /; it shares the files of the releases with the other."""

    def __init__(self, folder, number, settings, stack):
        self.folder = folder / f"{number}"
        self.home = self.folder / "srv/izmek"
        for name in ("srv/izmek/static", "run/izmek", "etc/izmek", "var/log/izmek", "tmp", "nginx"):
            (self.folder / name).mkdir(parents=True)
        (self.home / "releases").symlink_to(folder / "releases")
        settings = {**settings, "TMPDIR": f"{self.folder}/tmp"}
        lines = (f"{name}={shlex.quote(value)}\n" for name, value in settings.items())
        (self.folder / "etc/izmek/izmek.env").write_text("".join(lines))
        known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.variables = {**known, "MACHINE": str(self.folder)}
        self.settings, self.stack, self.nginx = settings, stack, None
        self.port = servers.free_port()
        self.place = f"127.0.0.1:{self.port}"

    def bash(self, *command):
        done = subprocess.run(
            command,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout[-3000:]}\n{self.logs()}"
        return done.stdout

    def logs(self):
        return "\n".join(
            file.read_text()[-2000:] for file in (self.folder / "var/log").rglob("*.log")
        )

    def install(self, name):
        """`deploy/install.sh --name NAME` of that release, from its database on."""
        release = self.home / "releases" / name
        self.bash("bash", "-c", of_the_installer(release), "install", name, str(release))
        self.start(name)

    def start(self, name):
        release = self.home / "releases" / name
        self.write_nginx(release)
        self.bash(str(release / "deploy/activate.sh"), name)
        self.reload_nginx()

    def activate(self, name):
        """`izmek-activate NAME`: of the release that serves."""
        self.bash(f"{self.home}/current/deploy/activate.sh", name)

    def izmek(self, *command):
        return self.bash(f"{self.home}/current/deploy/izmek", *command)

    def write_nginx(self, release):
        folder = self.folder / "nginx"
        text = (release / "deploy" / "nginx.conf").read_text()
        places = {
            "HOST": "_",
            "PROGRAM": f"unix:{self.home}/web.sock",
            "STATIC": self.home / "static",
            "MEDIA": self.settings["MEDIA_ROOT"],
            "KEPT": folder / "kept",
        }
        conf = folder / "nginx.conf"
        conf.write_text(servers.without_tls(text, self.port, folder, places))

    def reload_nginx(self):
        folder = self.folder / "nginx"
        command = [servers._which("nginx"), "-c", f"{folder}/nginx.conf", "-p", str(folder)]
        if self.nginx:
            subprocess.run([*command, "-s", "reload"], check=True)
            return
        serving = servers.running("nginx", [*command, "-g", "daemon off;"], folder)
        self.nginx = self.stack.enter_context(serving)
        wait_for(f"http://{self.place}/saglik/", folder / "nginx.log")


def programs(both):
    """{process: name of the release} of all that run, whether or not somebody has noted them."""
    names, found = {folder: name for name, folder in both.items()}, {}
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):  # it has ended, or is somebody else's
            if name := names.get(link.readlink()):
                found[int(link.parent.name)] = name
    return found

"""The servers of a run – PostgreSQL, Redis, gunicorn, nginx – and the towns that they serve.

Everything is private: folders of its own, sockets and free ports. Only the populated databases stay,
in `var/bench/` (or `BENCH_FOLDER`), as long as `populate` is the same and the towns are not older than a
week, as their lessons are counted from the day on which they were made. New migrations are applied to them.
"""

import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg2

from benchmarks.page import EMPTY
from tests import environment
from tests.postgresql import programs, server
from tests.server import PASSWORD, wait_for

ROOT = Path(__file__).resolve().parent.parent
FRESH = 6 * 24 * 60 * 60  # seconds
WORKERS = 2


def missing():
    """What has to be installed first."""
    needed = {"nginx": "nginx", "redis-server": "redis-server", "wrk": "wrk"}
    found = [package for program, package in needed.items() if not _which(program)]
    return found + ([] if programs() else ["postgresql"])


def _which(program):
    return shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def key():
    """What the kept towns depend on."""
    files = sorted(ROOT.glob("izmek/site/populate/*.py"))
    return _digest(b"".join(file.read_bytes() for file in files))


def migrations():
    """{file: digest of what it says} of all migrations."""
    files = ROOT.glob("*/migrations/0*.py")
    return {str(file.relative_to(ROOT)): _digest(file.read_bytes()) for file in files}


def _digest(content):
    return hashlib.sha256(content).hexdigest()[:12]


class Site:
    """The whole site on one town: where its servers are, and how to run something beside them."""

    def __init__(self, size, url, media, folder):
        self.size, self.folder, self.media = size, folder, media
        self.variables = {
            **os.environ,
            **environment.VARIABLES,
            "DATABASE_URL": url,
            "CACHE_URL": "locmemcache://",
            "MEDIA_ROOT": str(media),
            "STATIC_ROOT": str(folder / "static"),
            "COLLECTED_STATIC": "on",
            "EMAIL_URL": "dummymail://",
            "TASK_WORKER": "on",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        }

    def manage(self, *arguments, **options):
        return self.python("manage.py", *arguments, **options)

    def python(self, *arguments, **options):
        options = {"check": True, **options}
        return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=self.variables, **options)


# --- Towns --------------------------------------------------------------------------------------


class Towns:
    """The kept databases, by size."""

    def __init__(self, url, folder):
        self.url, self.folder = url, folder

    def _ask(self, *statements, database="postgres"):
        host = self.url.partition("host=")[2]
        connection = psycopg2.connect(host=host, user="izmek", dbname=database)
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        connection.close()

    def _url(self, name):
        return self.url.replace("/izmek?", f"/{name}?")

    def media(self, size):
        return self.folder / f"media-{size}"

    def load(self, size):
        """Make the town, or bring the one that is there up to date; one that is too old is made anew."""
        made = self.folder / f"{size}.made"
        site = Site(size, self._url(size), self.media(size), self.folder)
        site.variables["DJANGO_SETTINGS_MODULE"] = "izmek.settings"
        known = migrations()  # of now: the code may change while a town is made
        if had := self._had(made):
            if had == known:
                return
            print(f"Migrating “{size}” …", flush=True)
            site.manage("migrate", "--verbosity=0")
            self._ask("VACUUM (ANALYZE)", database=size)  # what is new has no statistics yet
        else:
            print(f"Populating “{size}” …", flush=True)
            made.unlink(missing_ok=True)
            shutil.rmtree(self.media(size), ignore_errors=True)
            self._ask(
                f"DROP DATABASE IF EXISTS {size}", f"CREATE DATABASE {size} TEMPLATE template0"
            )
            site.manage("migrate", "--verbosity=0")
            options = ["--force", f"--password={PASSWORD}"]
            site.manage("populate", size, *options, stdout=subprocess.DEVNULL)
            site.manage("count_figures", stdout=subprocess.DEVNULL)  # as every night
        began = made.stat().st_mtime if had else time.time()
        made.write_text(json.dumps(known))
        os.utime(made, (began, began))

    @staticmethod
    def _had(made):
        """The migrations of a kept town, if those that are there now only add to them."""
        if not made.exists() or time.time() - made.stat().st_mtime > FRESH:
            return None
        had = json.loads(made.read_text())
        return had if had.items() <= migrations().items() else None

    @contextmanager
    def copy(self, size, folder):
        """The Site of a copy of a town, which the measuring may change."""
        version = subprocess.run(
            [f"{programs()}/postgres", "--version"], stdout=subprocess.PIPE, text=True, check=True
        )
        newer = int(re.search(r"\d+", version.stdout)[0]) >= 15
        strategy = " STRATEGY file_copy" if newer else ""
        self._ask("DROP DATABASE IF EXISTS run", f"CREATE DATABASE run TEMPLATE {size}{strategy}")
        try:
            yield Site(size, self._url("run"), self.media(size), folder)
        finally:
            self._ask("DROP DATABASE run WITH (FORCE)")


@contextmanager
def towns():
    """The kept towns on a PostgreSQL of their own that keeps its promises."""
    base = Path(os.environ.get("BENCH_FOLDER") or ROOT / "var" / "bench")
    folder = base / key()
    for old in base.glob("*") if base.exists() else ():
        if old.is_dir() and old != folder:
            shutil.rmtree(old)
    folder.mkdir(parents=True, exist_ok=True)
    if os.getuid() == 0:
        reach = ["runuser", "-u", "postgres", "--", "test", "-x", str(folder)]
        if subprocess.run(reach).returncode:
            sys.exit(
                f"PostgreSQL does not run as root, and its own user cannot reach {folder}. Name a "
                "folder that it reaches: BENCH_FOLDER=/var/tmp/izmek"
            )
    cluster = folder / "postgresql"
    cluster.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"Another run measures in {folder}.")
        _stop_left_over(cluster)
        with server(cluster) as url:
            yield Towns(url, folder)


def _stop_left_over(cluster):
    """Stop the PostgreSQL of a run that was killed."""
    if (cluster / "data" / "postmaster.pid").exists():
        stop = [f"{programs()}/pg_ctl", "-D", str(cluster / "data"), "-m", "fast", "stop"]
        as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        subprocess.run([*as_user, *stop], capture_output=True, check=False, cwd=cluster)


# --- Web ----------------------------------------------------------------------------------------


@contextmanager
def running(name, command, folder, **options):
    """A process that lasts as long as the block; its output lies in the folder."""
    with (folder / f"{name}.log").open("a") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT, **options)
    (folder / f"{name}.pid").write_text(str(process.pid))
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def gunicorn(stack, site, module, *options):
    """Start gunicorn as docs/operating.md has it; returns its address and its process."""
    address = f"127.0.0.1:{free_port()}"
    options = [*options, f"--workers={WORKERS}", "--log-level=warning", f"--bind={address}"]
    options += ["--no-control-socket", "--limit-request-line=0"]
    command = [sys.executable, "-m", "gunicorn", module, *options]
    name = module.partition(":")[0]
    process = stack.enter_context(running(name, command, site.folder, env=site.variables))
    return f"http://{address}", process


def redis(stack, folder):
    """Start Redis; returns its CACHE_URL."""
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    stack.enter_context(running("redis", [_which("redis-server"), *options], folder))
    for _attempt in range(100):
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return f"redis://127.0.0.1:{port}/0"
        time.sleep(0.05)
    raise RuntimeError("Redis did not start")


def without_tls(text, port, folder, places):
    """A whole nginx.conf around deploy/nginx.conf, at a port of this machine, in whose folder nginx writes.

    `places`: what stands there between @.
    """
    # The block that sends http to https goes.
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, flags=re.S)
    text = re.sub(r"listen 443 ssl.*?;", f"listen 127.0.0.1:{port};", text)
    text = re.sub(r".*ssl_certificate.*\n", "", text)
    text = text.replace("access_log @LOG@ izmek;", "access_log off;")
    text = text.replace("listen 127.0.0.1:9180;", f"listen 127.0.0.1:{free_port()};")  # Prometheus'
    for place, value in places.items():
        text = text.replace(f"@{place}@", str(value))
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""
    return (
        f"{user}\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{ worker_connections 512; }}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n{temporary}\n{text}\n}}\n"
    )


def nginx(stack, site, program, empty, kept):
    """Start nginx with deploy/nginx.conf, without TLS; `kept`: its switch, "ask" or "second"."""
    port = free_port()
    folder = site.folder / f"nginx-{kept}"
    folder.mkdir(parents=True)
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    text = re.sub(  # the yardstick is served beside the site
        r"server_name .*?;",
        f"server_name _; location /bos/ {{ gzip off; proxy_pass {empty}; }}",
        text,
    )
    text = text.replace("kept_pages ask;", f"kept_pages {kept};")
    places = {
        "PROGRAM": program.removeprefix("http://"),
        "STATIC": site.folder / "static",
        "MEDIA": site.media,
        "KEPT": folder / "kept",
    }
    (folder / "nginx.conf").write_text(without_tls(text, port, folder, places))
    options = ["-c", str(folder / "nginx.conf"), "-p", str(folder), "-g", "daemon off;"]
    stack.enter_context(running("nginx", [_which("nginx"), *options], site.folder))
    return f"http://127.0.0.1:{port}"


def worker(stack, site):
    """Start the process of long work."""
    tasks = [sys.executable, "manage.py", "db_worker", "--interval=0.2"]
    return stack.enter_context(running("tasks", tasks, site.folder, env=site.variables))


@contextmanager
def serving(towns, size):
    """The whole site on a copy of a town; gives the Site with the addresses in its variables."""
    folder = Path(tempfile.mkdtemp(prefix="izmek-bench-"))
    folder.chmod(0o755)
    try:
        with towns.copy(size, folder) as site, ExitStack() as stack:
            site.variables["CACHE_URL"] = redis(stack, folder)
            site.manage("collectstatic", "--noinput", "--verbosity=0")
            (folder / "static" / "bos.html").write_bytes(EMPTY)
            (folder / "static" / "bos.html.gz").write_bytes(gzip.compress(EMPTY))
            program, process = gunicorn(stack, site, "benchmarks.wsgi")
            empty, _process = gunicorn(stack, site, "benchmarks.empty")
            wait_for(f"{program}/saglik/", folder / "benchmarks.wsgi.log")
            wait_for(f"{empty}/bos/", folder / "benchmarks.empty.log")
            tasks = worker(stack, site)
            site.variables |= {
                "BENCH_PROGRAM": program,
                "BENCH_EMPTY": empty,
                "BENCH_NGINX": nginx(stack, site, program, empty, "ask"),
                "BENCH_SECOND": nginx(stack, site, program, empty, "second"),
                "BENCH_PROCESSES": f"{process.pid} {tasks.pid}",  # the web's and that of long work
            }
            wait_for(f"{site.variables['BENCH_SECOND']}/saglik/", folder / "nginx.log")
            yield site
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def deployed(towns, size):
    """The site on a copy of a town as deploy/ sets it up, but for TLS; gives the Site.

    Its variables have the address of nginx, and the first process of each server by name as JSON. Whoever
    asks is believed about the address they come from, as nginx believes a proxy of the house.
    """
    folder = Path(tempfile.mkdtemp(prefix="izmek-load-"))
    folder.chmod(0o755)
    try:
        with towns.copy(size, folder) as site, ExitStack() as stack:
            site.variables |= {
                "DJANGO_SETTINGS_MODULE": "izmek.settings",
                "CACHE_URL": redis(stack, folder),
                "TRUSTED_PROXY_COUNT": "2",
                "PHOTO_ACCEL_PREFIX": "/private-media",
                "LOG_LEVEL": "INFO",
                "LOG_FORMAT": "json",
                "WEB_BIND": f"unix:{folder}/web.sock",
            }
            site.manage("collectstatic", "--noinput", "--verbosity=0")
            site.manage("createcachetable")
            program = [sys.executable, "-m", "gunicorn", "izmek.wsgi"]
            program += ["--config", "deploy/gunicorn.conf.py", "--log-level=warning"]
            stack.enter_context(running("web", program, folder, env=site.variables))
            worker(stack, site)
            address = nginx(stack, site, f"unix:{folder}/web.sock", "http://127.0.0.1:9", "ask")
            wait_for(f"{address}/hazir/", folder / "web.log")
            first = {name: int((folder / f"{name}.pid").read_text()) for name in _SERVERS}
            cluster = towns.folder / "postgresql" / "data" / "postmaster.pid"
            first["postgresql"] = int(cluster.read_text().split()[0])
            site.variables |= {"BENCH_NGINX": address, "BENCH_FAMILIES": json.dumps(first)}
            yield site
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_SERVERS = ("web", "tasks", "redis", "nginx")  # by the names under which they run

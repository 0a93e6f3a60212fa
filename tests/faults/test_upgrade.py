"""The upgrade and the undo of docs/operating.md, from the release before and with its rows, under load.

People read, apply and call the roll: nobody is refused, nothing is lost, and the old program works on the
new tables. Two hosts stand behind a balancer, each as deploy/install.sh leaves a machine without systemd:
its scripts are run as they are, but for the folders (`on_a_test_machine`).
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import sql

from benchmarks import servers
from tests import environment, releases
from tests.faults.conftest import Postgres
from tests.faults.people import COURSE, Visitor
from tests.faults.test_rolling import Balancer, Crowd
from tests.forms import main_form
from tests.server import PASSWORD, wait_for

OLD, NEW = "before", "now"  # the names of the two releases

# Prints a lesson whose roll the teacher of the demo may call, and some of those who are on it.
LESSON = """
from django.utils import timezone
from courses.models import Course, Session
from izmek.acts.refusal import Refusal
from izmek.models import User
from trainees.services import check_roll
teacher = User.objects.get(username="ogretmen")
lessons = Session.objects.filter(course__in=Course.objects.taught_by(teacher))
for lesson in lessons.filter(date__lte=timezone.localdate()).order_by("-date", "-pk"):
    seats = lesson.course.enrolments.holding_seat().filter(joined_on__lte=lesson.date)
    try:
        check_roll(session=lesson, by=teacher)
    except Refusal:
        continue
    print(lesson.pk, *seats.values_list("pk", flat=True)[:6])
    break
"""
# What deploy/ does as root on a machine of its own, and what stands for it here.
INSTEAD = {
    r" -o \w+ -g \w+": "",
    r"setpriv --reuid izmek --regid izmek --init-groups": "env",
    r"runuser -u izmek -- ": "",
    r"chown -R root:root": "true",
    r"\(\(EUID == 0\)\)": "true",
    r"/run/systemd/system": "/nowhere",
}
# Tables whose old rows may change, as by a migration that rewrites them: table → why.
CHANGED = {
    "izmek_publicchange": "the marks by which kept pages end go after a while",
    "izmek_taskworker": "a worker says that it lives",
}
UNCOMPARED = {("izmek_user", "last_login")}
# Nobody writes here meanwhile, so not even a new row comes.
UNTOUCHED = ("courses_", "exhibitions_")


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


class Users(Crowd):
    """Beside those who read and apply: a teacher who calls the roll, and files that the pages name."""

    def __init__(self, site, course, lesson, seats):
        super().__init__(site, course)
        self.lesson, self.seats, self.marked, self.taps = lesson, seats, {}, 0
        self.teacher, self.form = None, None
        acts = (self.read, *[self.apply] * 3, self.tap, self.look)
        self.threads = [threading.Thread(target=self.go_on, args=[act]) for act in acts]

    def look(self):
        """A page with all that it is made of."""
        visitor = Visitor(self.site)
        answer = visitor.ask("/")
        self.note(answer)
        files = re.findall(r'(?:href|src)="(/(?:static|gorsel)/[^"]+)"', answer.text)
        for file in dict.fromkeys(files):
            self.answers += 1
            with visitor.browser.open(self.site + file, timeout=60) as found:
                found.read()
        time.sleep(0.3)

    def tap(self):
        """Absent, and the next time after all there."""
        if self.teacher is None:
            self.teacher = Visitor(self.site)
            self.note(self.teacher.sign_in("ogretmen", PASSWORD))
        page = f"/ogretmen/ders/{self.lesson}/"
        if self.taps % 20 == 0:
            self.form = main_form(self.of_the_teacher(page).text)
            self.of_the_teacher("/ogretmen/")
        seat = self.seats[self.taps % len(self.seats)]
        absent = not self.marked.get(seat)
        line = {"csrfmiddlewaretoken": self.form["csrfmiddlewaretoken"], "enrolment": seat}
        line |= {"absent": "on" if absent else "", "hours": "", "excused": "", "note": ""}
        if self.of_the_teacher(f"{page}isaret/", line).status == 200:
            self.marked[seat] = absent
        self.taps += 1
        time.sleep(0.1)

    def of_the_teacher(self, page, data=None):
        answer = self.teacher.ask(page, data)
        self.note(answer)
        if "/hesap/" in answer.address:
            self.wrong.append(f"signed out before {page}")
        return answer

    def check(self, postgres):
        """What was acknowledged is there, once."""
        self.ledger.check(postgres)
        rows = postgres.ask(
            "SELECT enrolment_id FROM trainees_absence WHERE session_id = %s", self.lesson
        )
        absent = Counter(seat for (seat,) in rows if seat in self.marked)
        assert absent == Counter(seat for seat, there in self.marked.items() if there)


def columns_of(postgres):
    """{table: its columns}, of those that are compared."""
    rows = postgres.ask(
        "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) "
        "FROM information_schema.columns JOIN pg_tables ON tablename = table_name "
        "WHERE table_schema = 'public' AND schemaname = 'public' GROUP BY table_name"
    )
    return {
        table: [name for name in names if (table, name) not in UNCOMPARED] for table, names in rows
    }


def hashes(postgres, columns):
    """{table: how often each row is there, as the hash of these columns}."""

    def rows(table, names):
        names = sql.SQL(", ").join(map(sql.Identifier, names))
        return postgres.ask(
            sql.SQL("SELECT md5(ROW({})::text) FROM {}").format(names, sql.Identifier(table))
        )

    return {
        table: Counter(one for (one,) in rows(table, names)) for table, names in columns.items()
    }


def links(answer, begin):
    """The addresses that a page names and that begin so."""
    found = dict.fromkeys(re.findall(r'href="(/[^"#?]*)"', answer.text))
    return [path for path in found if path.startswith(begin)]


def pages_that_fail(site, course, lesson):
    """The main pages as those see them who work with them; gives what is no 200.

    One of each kind of public page, the form of an application, the teacher's day, all lists of the panel.
    """
    wrong = []

    def ask(visitor, path):
        answer = visitor.ask(path)
        if answer.status != 200 or "/hesap/" in answer.address:
            wrong.append((path, answer))
        return answer

    visitor, teacher, manager = (Visitor(site) for _who in range(3))
    for path in ("/", "/rakamlarla/", "/belge/", "/iletisim/", "/ara/?q=oya", "/en/"):
        ask(visitor, path)
    for kind in ("/sergiler/", "/eserler/", "/kurslar/", "/merkezler/"):
        answer = ask(visitor, kind)
        some = [one for one in links(answer, kind) if one.count("/") > 2]
        if some:
            ask(visitor, some[0])
        else:
            wrong.append((f"{kind} names none", answer))
    ask(visitor, f"/kurslar/{course}/basvuru/")
    teacher.sign_in("ogretmen", PASSWORD)
    for path in (*links(ask(teacher, "/ogretmen/"), "/ogretmen/"), f"/ogretmen/ders/{lesson}/"):
        ask(teacher, path)
    manager.sign_in("yonetici", PASSWORD)
    lists = links(ask(manager, "/yonetim/"), "/yonetim/")
    assert len(lists) > 20
    for path in lists:
        ask(manager, path)
    return wrong


@pytest.fixture
def database(postgres):
    with closing(psycopg2.connect(postgres.url)) as connection:
        connection.autocommit = True
        for statement in (
            "DROP DATABASE IF EXISTS upgrade",
            "CREATE DATABASE upgrade TEMPLATE template0",
        ):
            connection.cursor().execute(statement)
    return Postgres(postgres.folder, postgres.url.replace("/postgres?", "/upgrade?"))


@pytest.fixture
def place():
    """A folder with a short name: sockets lie in it."""
    made = Path(tempfile.mkdtemp(prefix="izmek-up-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def both(place):
    """{name: folder} of the release before and of this one, each with what it is installed with."""
    found = {name: place / "releases" / name for name in (OLD, NEW)}
    for folder in found.values():
        folder.mkdir(parents=True)
    try:
        releases.unpack(releases.before(), found[OLD])
        releases.copy(found[NEW])
        packages = {folder: releases.environment(folder) for folder in found.values()}
    except releases.NoRelease as why:
        pytest.fail(str(why), pytrace=False)
    for name, folder in found.items():
        (folder / ".venv").symlink_to(packages[folder])
        (folder / "RELEASE").write_text(f"{name}\n")
        on_a_test_machine(folder)
    return found


@pytest.fixture
def settings_of_both(place, database, redis):
    for name in ("media", "heads", "backups"):
        (place / name).mkdir()
    given = {name: value for name, value in environment.VARIABLES.items() if name != "STATIC_ROOT"}
    return given | {
        "DATABASE_URL": database.url,
        "CACHE_URL": redis.url,
        "MEDIA_ROOT": f"{place}/media",
        "ACCESS_LOG_HEADS": f"{place}/heads",
        "BACKUP_FOLDER": f"{place}/backups",
        "COLLECTED_STATIC": "on",
        "EMAIL_URL": "dummymail://",
        "PHOTO_ACCEL_PREFIX": "/private-media",
        "SITE_URL": "https://kurslar.example.bel.tr",
        "TASK_WORKER": "on",
        "TRUSTED_PROXY_COUNT": "3",  # whoever asks, the balancer, the host's nginx
        "WEB_WORKERS": "2",
    }


@pytest.fixture
def machines(place, both, settings_of_both):
    if missing := [one for one in ("nginx", "curl") if not servers._which(one)]:
        assert os.environ.get("CI") != "true", f"missing: {missing}"
        pytest.skip(f"apt install {' '.join(missing)}")
    with ExitStack() as stack:
        yield [Machine(place, number, settings_of_both, stack) for number in (1, 2)]
        for pid in programs(both):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def populate(release, settings):
    """The demo municipality, by a release; returns what its shell prints of it."""

    def manage(*command):
        python = [f"{release}/.venv/bin/python", "manage.py", *command]
        # What the demo puts off would keep a worker busy for long.
        variables = {**os.environ, **settings, "TASK_WORKER": "off"}
        variables = {
            name: value
            for name, value in variables.items()
            if name not in ("STATIC_ROOT", "PYTHONDONTWRITEBYTECODE")
        }
        done = subprocess.run(
            python, cwd=release, env=variables, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    manage("migrate", "--verbosity=0")
    manage("collectstatic", "--noinput", "--verbosity=0")
    (release / ".complete").touch()
    manage("demo", "--force", f"--password={PASSWORD}", "--pictures=3")
    course, lesson, *seats = map(
        int, manage("shell", "--no-imports", "-c", COURSE + LESSON).split()
    )
    return course, lesson, seats


def test_up_and_back_and_up_again(both, settings_of_both, machines, database, place):
    course, lesson, seats = populate(both[OLD], settings_of_both)
    with ThreadPoolExecutor() as at_once:
        for one in machines:
            shutil.copytree(both[OLD] / "var/static", one.home / "static", dirs_exist_ok=True)
        list(at_once.map(lambda one: one.start(OLD), machines))
    columns = columns_of(database)
    before = hashes(database, columns)
    with Balancer(place, machines).open() as site:

        def holds(name):
            assert set(programs(both).values()) == {name}
            for one in machines:
                assert (one.home / "current").resolve() == both[name]
            assert pages_that_fail(site, course, lesson) == []
            assert "no issues" in machines[0].izmek("check")
            assert "WRONG" not in machines[0].izmek("doctor")

        with Users(site, course, lesson, seats) as users:
            machines[0].izmek("backup", "--plain")
            for one in machines:  # the tables are migrated while OLD serves
                one.install(NEW)
            holds(NEW)
            for name in (OLD, NEW):  # the undo, and the upgrade after all
                for one in machines:
                    one.activate(name)
                holds(name)
        assert users.wrong == []
        assert users.answers > 100 and len(users.ledger) > 10 and users.taps > 20
    print(f"{users.answers} answers, {len(users.ledger)} applications, {users.taps} taps")
    users.check(database)
    after = hashes(database, columns)
    gone = {table for table, rows in before.items() if rows - after[table]}
    assert gone - set(CHANGED) == set()
    grown = {table for table, rows in before.items() if after[table] - rows}
    print("New rows in", *sorted(grown))
    assert [table for table in grown if table.startswith(UNTOUCHED)] == []

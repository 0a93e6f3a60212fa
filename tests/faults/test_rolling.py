"""Hosts behind a balancer, restarted one after the other while people read and apply: nobody is refused."""

import http.client
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from benchmarks import servers
from tests.faults.people import Applicant, Ledger, Visitor
from tests.faults.test_workers import until
from tests.server import wait_for

PAGES = ("/", "/kurslar/", "/sergiler/", "/eserler/", "/merkezler/")


class Host:
    """One of the hosts: gunicorn as deploy/ has it, at an address that stays."""

    def __init__(self, town, number):
        self.town, self.number = town, number
        self.place = f"127.0.0.1:{servers.free_port()}"
        self.drain = town.folder / f"drain-{number}"
        self.drain.unlink(missing_ok=True)
        self.process = None

    def start(self, **own):
        variables = {**self.town.variables, **own, "WEB_BIND": self.place, "WEB_WORKERS": "2"}
        variables |= {"DRAIN_MARK": str(self.drain), "RELEASE": f"{time.time()}"}
        command = [sys.executable, "-m", "gunicorn", "izmek.wsgi", "--log-level=warning"]
        with (self.town.folder / f"host-{self.number}.log").open("a") as log:
            self.process = subprocess.Popen(
                [*command, "--config", "deploy/gunicorn.conf.py"],
                cwd=servers.ROOT,
                env=variables,
                stdout=log,
                stderr=log,
            )
        for _attempt in range(10):  # on a busy machine it takes long
            with suppress(RuntimeError):
                return wait_for(f"http://{self.place}/hazir/", Path(log.name))
        raise AssertionError(Path(log.name).read_text()[-2000:])

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


class Balancer:
    """nginx with deploy/balancer.conf, without TLS."""

    def __init__(self, folder, hosts):
        self.folder, self.hosts = folder, hosts
        self.port, self.process = servers.free_port(), None
        self.list = folder / "hosts"
        self.say()
        text = (servers.ROOT / "deploy" / "balancer.conf").read_text()
        text = re.sub(r"listen 443 ssl;", f"listen 127.0.0.1:{self.port};", text)
        text = re.sub(r"\n *ssl_certificate.*", "", text)
        for place, value in {"HOSTS": self.list, "SCHEME": "http", "HOST": "_"}.items():
            text = text.replace(f"@{place}@", str(value))
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
        user = "user root;\n" if os.getuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            f"{user}worker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
            f"events {{}}\nhttp {{\n{temporary}{text}\n}}\n"
        )
        self.command = [servers._which("nginx"), "-c", f"{folder}/nginx.conf", "-p", str(folder)]

    def say(self, *down):
        lines = (f"server {one.place}{' down' * (one in down)};\n" for one in self.hosts)
        self.list.write_text("".join(lines))

    @contextmanager
    def open(self):
        self.process = subprocess.Popen([*self.command, "-g", "daemon off;"])
        try:
            wait_for(f"http://127.0.0.1:{self.port}/saglik/", self.folder / "error.log")
            yield f"http://127.0.0.1:{self.port}"
        finally:
            self.process.terminate()
            self.process.wait()

    def without(self, *down):
        self.say(*down)
        subprocess.run([*self.command, "-s", "reload"], check=True)
        time.sleep(1)  # its new processes have begun


def restart(host, balancer):
    """As docs/operating.md tells it."""
    host.drain.touch()
    assert Visitor(f"http://{host.place}").ask("/hazir/").status == 503
    balancer.without(host)
    time.sleep(2)  # what had come is answered
    host.stop()
    host.drain.unlink()
    host.start()
    balancer.without()


@pytest.fixture
def hosts(town):
    town.variables |= {"TRUSTED_PROXY_COUNT": "2"}
    made = [Host(town, number) for number in (1, 2)]
    with ExitStack() as stack:
        for one in made:
            stack.callback(one.stop)
            one.start()
        yield made


@pytest.fixture
def balancer(hosts, tmp_path):
    if not servers._which("nginx"):
        assert os.environ.get("CI") != "true", "nginx is missing"
        pytest.skip("nginx is missing: apt install nginx")
    return Balancer(tmp_path, hosts)


class Crowd:
    """Readers and applicants who go on until they are sent home."""

    def __init__(self, site, course):
        self.site, self.course = site, course
        self.ledger, self.answers, self.wrong = Ledger(), 0, []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.go_on, args=[self.read]) for _one in range(3)]
        self.threads += [
            threading.Thread(target=self.go_on, args=[self.apply]) for _one in range(6)
        ]

    def go_on(self, act):
        while not self.over.is_set():
            try:
                act()
            except Exception as error:  # no answer at all: it must not end the thread unseen
                self.wrong.append(repr(error))

    def read(self):
        for page in PAGES:
            self.note(Visitor(self.site).ask(page))
            time.sleep(0.05)

    def apply(self):
        one = Applicant(self.site, self.course)
        self.note(one.open())
        self.note(one.send(self.ledger))
        if one.phone not in self.ledger:
            self.wrong.append(f"{one.phone} was told nothing")

    def note(self, answer):
        self.answers += 1
        if answer is None or answer.status >= 400:
            self.wrong.append(answer)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self.over.set()
        for thread in self.threads:
            thread.join(60)


def test_restarted_one_after_the_other(town, hosts, balancer):
    with balancer.open() as site:
        with Crowd(site, town.course) as crowd:
            time.sleep(3)
            for host in hosts:
                restart(host, balancer)
                time.sleep(2)
        print(f"{crowd.answers} answers, {len(crowd.ledger)} applications")
        assert crowd.wrong == []
        assert crowd.answers > 50 and len(crowd.ledger) > 3
    crowd.ledger.check(town.postgres)


class Echo:
    """The nginx of a host, whatever stands behind it."""

    def __init__(self, folder):
        folder.mkdir()
        self.place = f"127.0.0.1:{servers.free_port()}"
        user = "user root;\n" if os.getuid() == 0 else ""
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
        (folder / "nginx.conf").write_text(
            f"{user}worker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
            f"events {{}}\nhttp {{\n{temporary}access_log off;\n"
            f"server {{ listen {self.place}; location / {{ return 200 taken; }} }}\n}}\n"
        )
        self.command = [servers._which("nginx"), "-c", f"{folder}/nginx.conf", "-p", str(folder)]

    @contextmanager
    def open(self):
        process = subprocess.Popen([*self.command, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
        try:
            wait_for(f"http://{self.place}/", Path(self.command[2]))
            yield
        finally:
            process.terminate()
            process.wait()

    def reload(self):
        subprocess.run([*self.command, "-s", "reload"], check=True, stderr=subprocess.DEVNULL)


def test_no_form_is_lost_while_the_nginx_of_a_host_reads_its_settings_anew(tmp_path):
    """As at each upgrade. It ends the connections on which the balancer would send the next request."""
    if not servers._which("nginx"):
        assert os.environ.get("CI") != "true", "nginx is missing"
        pytest.skip("nginx is missing: apt install nginx")
    host, over, answers = Echo(tmp_path / "host"), threading.Event(), Counter()

    def send(site):
        browser = http.client.HTTPConnection(site.removeprefix("http://"))
        while not over.is_set():
            browser.request("POST", "/", b"form")
            answer = browser.getresponse()
            answers[answer.status, answer.read()] += 1

    with host.open(), Balancer(tmp_path, [host]).open() as site:
        senders = [threading.Thread(target=send, args=[site]) for _one in range(4)]
        for sender in senders:
            sender.start()
        for _time in range(15):
            before = answers.total()
            until(lambda: answers.total() > before + 100, 20)  # noqa: B023
            host.reload()
        over.set()
        for sender in senders:
            sender.join(20)
    assert set(answers) == {(200, b"taken")}


def test_a_host_that_vanishes_takes_no_reader_with_it(town, hosts, balancer):
    """Pages that are only read are asked of another host."""
    with balancer.open() as site:
        assert Visitor(site).ask("/").status == 200
        hosts[0].process.kill()
        hosts[0].process.wait()
        assert [Visitor(site).ask(page).status for page in PAGES * 2] == [200] * len(PAGES) * 2


def test_files_of_one_release_are_found_whichever_host_is_asked(town, hosts, balancer, tmp_path):
    """The last host of three has the new release: its pages name files that the others lack."""
    third = Host(town, 3)
    static = tmp_path / "static"
    shutil.copytree(town.variables["STATIC_ROOT"], static)
    (static / "new.0123456789ab.css").write_text("body {}")
    balancer.hosts = [*hosts, third]
    balancer.say()
    try:
        third.start(STATIC_ROOT=str(static))
        with balancer.open() as site:
            found = [Visitor(site).ask("/static/new.0123456789ab.css") for _time in range(9)]
            assert [(one.status, one.text) for one in found] == [(200, "body {}")] * 9
            assert Visitor(site).ask("/static/old.0123456789ab.css").status == 404
            assert Visitor(site).ask("/").status == 200  # nobody was left alone for it
    finally:
        third.stop()

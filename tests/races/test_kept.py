"""A consent is withdrawn while everybody looks: from the commit on, no answer that begins has the name.

Over four processes of gunicorn, asked directly and through a real nginx with deploy/nginx.conf, whose
switch for an opening night is tried as well: with it, and only with it, a name may be seen a second longer.
"""

import os
import re
import threading
import time
import urllib.request
from contextlib import ExitStack
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from django.db import connection

from benchmarks import servers
from exhibitions.enums import NameForm
from tests import environment
from tests import factories as make
from tests.server import wait_for
from trainees.enums import Purpose
from trainees.services import give_consent, withdraw_consent

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NAME = "Kardelenoğlu"
VISITORS = 4
ROUNDS = 4
LOOK = 0.6  # seconds between two answers of the maker
ANSWERED_WITHOUT_ASKING = 1.0  # seconds, as docs/operating.md promises


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Where the servers are: the program with four processes, and nginx twice if there is one."""
    monkeypatch.setattr(servers, "WORKERS", 4)
    folder = tmp_path
    folder.chmod(0o755)
    server = urlsplit(environment.VARIABLES["DATABASE_URL"])
    database = server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    made = SimpleNamespace(folder=folder, media=folder / "media")
    made.variables = {
        **servers.os.environ,
        **environment.VARIABLES,
        "DATABASE_URL": database,
        "CACHE_URL": f"filecache://{folder}/cache",
    }
    with ExitStack() as stack:
        made.program, _process = servers.gunicorn(stack, made, "izmek.wsgi")
        wait_for(f"{made.program}/saglik/", folder / "izmek.wsgi.log")
        made.asking = made.second = None
        if not servers._which("nginx"):
            assert os.environ.get("CI") != "true", "nginx is missing: apt install nginx"
        else:
            made.asking, made.second = (
                servers.nginx(stack, made, made.program, made.program, kept)
                for kept in ("ask", "second")
            )
            for address in (made.asking, made.second):
                wait_for(f"{address}/saglik/", folder / "nginx.log")
        yield made
    connection.close()


def fetch(address, **headers):
    request = urllib.request.Request(address, headers={"Host": "localhost", **headers})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode(), answer.headers


def test_a_name_is_gone_with_the_commit(site):
    maker = make.trainee("Zeynep", NAME)
    make.consent(maker, Purpose.NAME_WEB)
    work = make.work("Karanfil oyası", makers=[maker], form=NameForm.FULL)
    make.exhibition("Yıl Sonu", works=[work])
    pages = [work.get_absolute_url(), f"/eserler/?q={maker.first_name}"]
    doors = {"program": site.program, "asking": site.asking, "second": site.second}
    doors = {name: address for name, address in doors.items() if address}
    seen, stop = {name: [] for name in doors}, threading.Event()

    def look(name, page):
        while not stop.is_set():
            begun = time.monotonic()
            text, headers = fetch(doors[name] + page)
            assert "X-Accel-Expires" not in headers
            named = NAME in text
            seen[name].append((begun, time.monotonic(), named))

    def answer(act):
        before = time.monotonic()
        act(trainee=maker, purpose=Purpose.NAME_WEB, channel="paper", by=None)
        return before, time.monotonic()

    visitors = [
        threading.Thread(target=look, args=(name, page)) for name in doors for page in pages
    ]
    for visitor in visitors:
        visitor.start()
    hidden = []  # from when to when nobody may read the name
    try:
        for _round in range(ROUNDS):
            time.sleep(LOOK)
            _before, withdrawn = answer(withdraw_consent)
            time.sleep(LOOK + ANSWERED_WITHOUT_ASKING)
            given, _after = answer(give_consent)
            hidden.append((withdrawn, given))
    finally:
        stop.set()
        for visitor in visitors:
            visitor.join()
    for name, answers in seen.items():
        grace = ANSWERED_WITHOUT_ASKING if name == "second" else 0
        assert any(named for *_times, named in answers) and len(answers) > 50, name
        late = [
            begun - withdrawn
            for begun, ended, named in answers
            for withdrawn, given in hidden
            if named and withdrawn + grace < begun and ended < given
        ]
        assert late == [], name
        assert any(not named for *_times, named in answers), name


def test_nginx_keeps_public_pages_and_nothing_else(site):
    if site.asking is None:
        pytest.skip("nginx is not installed")
    make.exhibition("Yıl Sonu", works=[make.work()])
    kept = site.folder / "nginx-ask" / "kept"

    def files():
        return {
            re.search(rb"KEY: (.*)\n", file.read_bytes())[1].decode().partition("localhost")[2]
            for file in kept.rglob("*")
            if file.is_file()
        }

    for address in ("/iletisim/yaz/", "/hesap/login/", "/sergiler/yok/", "/saglik/", "/yonetim/"):
        try:
            fetch(site.asking + address)
        except HTTPError as error:
            assert error.code == 404
    assert files() == set()
    plain, _headers = fetch(site.asking + "/sergiler/")
    again, headers = fetch(site.asking + "/sergiler/", Cookie="sessionid=x")
    assert files() == {"/sergiler/"} and plain == again
    assert "Set-Cookie" not in headers and headers["Cache-Control"] == "no-cache"
    assert headers["Content-Security-Policy"] and headers["X-Frame-Options"] == "DENY"

"""Every answer says what a browser may do with it, and what it stopped is counted without a name."""

import json
import time
from contextlib import suppress
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from izmek.public.cache import _tag, release
from izmek.public.headers import HEADERS, OF_PAGES, secured
from izmek.public.policy_reports import KINDS, policy_reports
from izmek.wsgi import application
from tests import factories as make

pytestmark = pytest.mark.django_db
REPORTS = "/guvenlik-bildirimi/"
OUR_HOST = {"HTTP_X_FORWARDED_PROTO": "https"}


@pytest.fixture
def https(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 1000


def test_every_kind_of_answer_says_it(https, settings):
    client = Client(**OUR_HOST, raise_request_exception=False)
    exhibition = make.exhibition("Yıl Sonu", works=[make.work("Karanfil oyası")])
    shown = exhibition.get_absolute_url()
    answers = {
        "page": client.get(shown),
        "kept page": client.get(shown),
        "figures": client.get("/rakamlarla/veri.json"),
        "robots": client.get("/robots.txt"),
        "sign-in": client.get("/hesap/login/"),
        "to the sign-in": client.get("/yonetim/"),
        "not found": client.get("/yok/"),
        "forbidden form": Client(**OUR_HOST, enforce_csrf_checks=True).post("/hesap/login/", {}),
        "no such static file": client.get("/static/css/site.css"),
        "report": client.post(REPORTS, "{}", content_type="application/csp-report"),
    }
    assert answers["kept page"]["ETag"] == answers["page"]["ETag"]
    for name, answer in answers.items():
        for header, value in (HEADERS | OF_PAGES).items():
            assert answer.get(header) == value, (name, header)
        assert answer["Strict-Transport-Security"].startswith("max-age=1000"), name
    to_https = Client().get("/")
    assert to_https.status_code == 301 and to_https["Permissions-Policy"]
    assert REPORTS in answers["page"]["Content-Security-Policy"]


def test_a_stylesheet_bears_no_policy_of_pages():
    """It would weigh more than some of them do."""
    style = secured(HttpResponse(content_type='text/css; charset="utf-8"'))
    assert HEADERS.items() <= dict(style.items()).items()
    assert not OF_PAGES.keys() & dict(style.items()).keys()


KEPT_BY_THE_BROWSER = {*HEADERS, *OF_PAGES, "Content-Security-Policy", "Strict-Transport-Security"}
KEPT_BY_THE_BROWSER |= {"X-Frame-Options", "Referrer-Policy"}


def test_an_answer_not_modified_leaves_what_the_browser_has(https):
    """RFC 9111, 3.2 and 4.3.4: a 304 updates the heads of the copy that it names, the others stay.

    So it says none of them, which would weigh more than the answer, and contradicts none.
    """
    client = Client(**OUR_HOST)
    page = client.get("/sergiler/")
    again = client.get("/sergiler/", headers={"if-none-match": page["ETag"]})
    assert again.status_code == 304
    assert set(page.headers) >= KEPT_BY_THE_BROWSER
    assert {name for name in page.headers if again.get(name, page[name]) != page[name]} == set()
    assert {*again.headers} <= {"ETag", "Cache-Control", "Vary"}


def started_anew():
    """As a new process, which has read its settings."""
    release.cache_clear()
    _tag.cache_clear()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONTENT_SECURITY_POLICY", {"DIRECTIVES": {"default-src": ["'none'"]}}),
        ("SECURE_HSTS_SECONDS", 17),
        ("SECURE_REFERRER_POLICY", "no-referrer"),
        ("X_FRAME_OPTIONS", "SAMEORIGIN"),
        ("SECURE_CROSS_ORIGIN_OPENER_POLICY", "unsafe-none"),
    ],
)
def test_a_copy_with_other_heads_is_modified(settings, name, value):
    """Other heads are another tag: no browser goes on with a page under a policy of before."""
    client = Client()
    before = client.get("/sergiler/")["ETag"]
    assert client.get("/sergiler/", headers={"if-none-match": before}).status_code == 304
    setattr(settings, name, value)
    started_anew()
    answer = client.get("/sergiler/", headers={"if-none-match": before})
    started_anew()
    assert answer.status_code == 200 and answer["ETag"] != before


def test_what_never_reaches_django_says_it_as_well():
    told = {}
    environ = {
        "REQUEST_METHOD": "GET",
        "CONTENT_TYPE": "text/html; charset=utf-7",
        "PATH_INFO": "/",
    }
    application(environ, lambda status, headers: told.update(headers, status=status))
    assert told["status"].startswith("400") and (HEADERS | OF_PAGES).items() <= told.items()


def send(client, *reports, kind="application/csp-report"):
    body = json.dumps(reports[0] if kind.endswith("csp-report") else list(reports))
    return client.post(REPORTS, body, content_type=kind)


def test_reports_are_counted_without_addresses(client):
    old = {
        "csp-report": {
            "document-uri": "http://testserver/yonetim/trainees/trainee/17/change/?q=Zeynep",
            "effective-directive": "script-src-elem",
            "blocked-uri": "https://kotu.example/zeynep.js?x=1",
        }
    }
    new = {
        "type": "csp-violation",
        "body": {"effectiveDirective": "img-src", "blockedURL": "inline"},
    }
    assert send(client, old).status_code == 204
    assert send(client, old, kind="application/csp-report").status_code == 204
    assert send(client, new, kind="application/reports+json").status_code == 204
    told = StringIO()
    with suppress(SystemExit):  # whatever else it finds
        call_command("doctor", stdout=told)
    said = [line for line in told.getvalue().splitlines() if line.startswith("Browsers reported")]
    assert len(said) == 2 and "2 ×" in said[0]
    assert (
        "script-src-elem broken on admin:trainees_trainee_change by https://kotu.example,"
        in said[0]
    )
    assert "Zeynep" not in told.getvalue() and "zeynep" not in told.getvalue()


def test_who_invents_reports_hides_no_later_one(client, caplog):
    """What was reported longest ago gives place, but nothing of today; and each is forgotten by itself."""
    begin = time.time()

    def later(days):
        return time_machine.travel(begin + days * 86400)

    def invent(word):
        for group in range(6):
            said = [f"https://{word}{group}{number}.example/" for number in range(10)]
            send(
                client,
                *({"body": {"effectiveDirective": "img-src", "blockedURL": one}} for one in said),
                kind="application/reports+json",
            )

    real = {"csp-report": {"effective-directive": "script-src", "blocked-uri": "inline"}}
    with later(0):
        invent("a")
        send(client, real)
        assert len(policy_reports()) == KINDS and len(caplog.records) == KINDS
    with later(1):
        send(client, real)
        assert "script-src" in {one.directive for one in policy_reports()}
        invent("b")
        assert len(policy_reports()) == KINDS
        assert "script-src" in {one.directive for one in policy_reports()}
    with later(32):
        assert policy_reports() == {}


def test_reports_are_few_small_and_of_this_kind(client):
    for body in ("", "[", "[1, 2]", '{"csp-report": []}', '{"csp-report": {"document-uri": 5}}'):
        answer = client.post(REPORTS, body, content_type="application/csp-report")
        assert answer.status_code == 204
    assert send(client, {"csp-report": {"effective-directive": "\n".join("ab")}}).status_code == 204
    assert client.post(REPORTS, "x" * 20_000, content_type="text/plain").status_code == 413
    assert policy_reports() == {}
    for number in range(25):
        report = {"effective-directive": "img-src", "blocked-uri": f"https://{number}.example"}
        last = send(client, {"csp-report": report})
    assert last.status_code == 429
    assert len(policy_reports()) < 20 < KINDS
    assert client.get(REPORTS).status_code == 405

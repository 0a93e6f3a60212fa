"""What an attacker tries at every door: markup in every text, forged forms and links, hidden columns,
links twice, lines of the log, and whether answers to what is there and to what is not can be told apart."""

import json
import logging
import re
import statistics
import time
from io import StringIO
from urllib.parse import quote
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from allauth.core import context
from django.contrib.auth.hashers import MD5PasswordHasher, PBKDF2PasswordHasher
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from icalendar import Calendar

from izmek.accounts.roles import Role
from izmek.models import AccessLog, Letter
from izmek.public.slugs import remember
from izmek.text.codes import new_code
from tests import factories as make
from tests.addresses import STRANGER, Town, addresses, registered
from tests.forms import shown
from trainees.services import confirmation_code

pytestmark = pytest.mark.django_db

MARK = "<script>x</script>\"'&{{7*7}}#$=1+1"
RAW = re.compile(r"<script>x|value=\"<script|\{\{7\*7\}\}\"'")
CLOSED = ("yonetim/", "ogretmen/")


@pytest.fixture
def town(media):
    return Town()


def of(user, **options):
    client = Client(**options)
    if user:
        client.force_login(user)
    return client


# --- Markup in every text ------------------------------------------------------------------------

# Columns whose values are words of the program or of an address, not of a person.
NO_TEXTS = {
    "signed",
    "slug",
    "number",
    "code",
    "reference",
    "state",
    "kind",
    "answer",
    "language",
    "file",
}
NO_TEXTS |= {
    "object_id",
    "merged_id",
    "task_path",
    "backend_name",
    "queue_name",
    "action",
    "act",
    "purpose",
    "channel",
    "form",
    "digest",
    "fields",
    "username",
}


def texts_of(model):
    """The columns of a table into which somebody may have written anything."""
    for field in model._meta.fields:
        plain = type(field).__name__ in ("CharField", "TextField", "LineField", "NameField")
        if plain and not field.choices and not field.unique and field.name not in NO_TEXTS:
            yield field


def write_everywhere(town):
    """Give every text of every row of a town the hostile mark, past all forms; the number of columns."""
    written = 0
    for place in town.places.values():
        for row in place.rows.values():
            for field in texts_of(type(row)):
                if type(row) is AccessLog:  # it only grows
                    continue
                value = (getattr(row, field.attname) or "") + MARK
                value = value[-(field.max_length or 10_000) :]
                with transaction.atomic():
                    type(row)._base_manager.filter(pk=row.pk).update(**{field.name: value})
                written += 1
    return written


@pytest.mark.audit
def test_no_text_becomes_markup_anywhere(town):
    for model in registered():
        for place in town.places.values():
            place.row(model)
    assert write_everywhere(town) > 100
    found = []
    for role in (STRANGER, Role.TEACHER, Role.MANAGER):
        client = of(town.users[role])
        for address, view in addresses():
            if address.startswith(CLOSED) != (role is not STRANGER) or "logout" in address:
                continue
            if (role == Role.TEACHER) != address.startswith("ogretmen/"):
                continue
            filled = town.fill(address, view, role, "own")
            answer = client.get(filled)
            if answer.status_code != 200:
                continue
            kind, page = answer.headers.get("Content-Type", ""), answer.getvalue()
            if kind.startswith("text/html"):
                text = page.decode()
                if RAW.search(text):
                    found.append(filled)
                for block in re.findall(
                    r'"application/(?:ld\+)?json"[^>]*>(.*?)</script>', text, re.S
                ):
                    json.loads(block)
            elif "xml" in kind and "openxml" not in kind:  # a feed, no sheet
                ElementTree.fromstring(page)
            elif "calendar" in kind:
                Calendar.from_ical(page)
            elif "json" in kind:
                json.loads(page)
    assert found == []


# --- Forged forms and links ----------------------------------------------------------------------


BY_BROWSERS = {"guvenlik-bildirimi/"}  # reports that browsers send by themselves, without a token


def test_no_form_is_taken_without_its_token(town):
    """Who is signed in cannot be made to send a form by a page of somebody else."""
    taken = []
    for role, part in (
        (Role.MANAGER, "yonetim/"),
        (Role.MANAGER, "hesap/"),
        (Role.TEACHER, "ogretmen/"),
        (STRANGER, ""),
    ):
        client = of(town.users[role], enforce_csrf_checks=True)
        for address, view in addresses():
            if not address.startswith(part) or (not part and address.startswith(CLOSED)):
                continue
            answer = client.post(town.fill(address, view, role, "own"))
            if address not in BY_BROWSERS and answer.status_code not in (302, 403, 404, 405):
                taken.append((address, answer.status_code))
            if answer.status_code == 302 and part:
                taken.append((address, answer["Location"]))
    assert taken == []


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "\\\\evil.example/",
    "/\\evil.example/",
    "/\t/evil.example/",
    "\x00//evil.example/",
    "https:evil.example/",
    "javascript:alert(1)",
    "https://testserver@evil.example/",
    "//evil\uff0eexample/",
    "http:///evil.example",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_led_to_another_site(client, wanted):
    user = make.user(Role.MANAGER, password="Zeytin-Dali-42")
    cache.clear()
    sent = {"login": user.username, "password": "Zeytin-Dali-42", "next": wanted}
    answers = [client.get("/yonetim/login/", {"next": wanted}), client.post("/hesap/login/", sent)]
    answers += [
        client.get("/hesap/login/", {"next": wanted}),
        client.get("/hesap/kayit/", {"next": wanted}),
        client.post("/yonetim/courses/course/1/change/", headers={"referer": wanted}),
        client.post("/hesap/logout/", {"next": wanted}),
        client.post("/yonetim/", headers={"referer": wanted}),
        client.get("/merkezler/" + wanted.replace("\x00", "").lstrip("/\\")),
    ]
    for answer in answers:
        assert answer.status_code < 500
        assert "evil" not in answer.get("Location", "").partition("next=")[0]
        assert "javascript" not in answer.get("Location", "").partition("next=")[0]


@pytest.mark.audit
@pytest.mark.parametrize("role", [STRANGER, Role.TEACHER, Role.MANAGER])
def test_no_address_leads_to_another_site(town, role):
    """Each that is opened or sent to with a page to go on to, whatever it calls it."""
    client, led = of(town.users[role], raise_request_exception=False), []
    names = ("next", "_next", "url", "return", "back", "redirect_to", "tab")
    for address, view in addresses():
        if "logout" in address:
            continue
        filled = town.fill(address, view, role, "own")
        for wanted in ("https://evil.example/", "//evil.example/", "/\\evil.example/"):
            wishes, head = dict.fromkeys(names, wanted), {"referer": wanted}
            with transaction.atomic():
                answers = [
                    client.get(filled, wishes, headers=head),
                    client.post(filled, wishes, headers=head),
                ]
                transaction.set_rollback(True)
            for answer in answers:
                place = answer.get("Location", "").partition("?")[0]
                if answer.status_code >= 500 or "evil" in place:
                    led.append((filled, answer.status_code, place))
    assert led == []


def test_a_page_for_everybody_is_the_same_whoever_opens_it_first(town):
    """Nothing of a session is kept for the next visitor, and no page that is read gives one."""
    client, other = of(town.users[Role.MANAGER]), of(None)
    read = 0
    for address, view in addresses():
        if address.startswith((*CLOSED, "hesap/")):
            continue
        filled = town.fill(address, view, STRANGER, "own")
        mine, theirs = client.get(filled), other.get(filled)
        page, page_of_others = mine.getvalue(), theirs.getvalue()
        if mine.status_code != 200 or b"csrfmiddlewaretoken" in page:
            continue
        read += 1
        assert page == page_of_others, filled
        assert town.users[Role.MANAGER].username.encode() not in page, filled
        assert not theirs.cookies and "cookie" not in theirs.get("Vary", "").lower(), filled
    assert read > 20


def test_a_letter_leads_to_our_address_by_whatever_name_the_site_was_asked(
    client, mailoutbox, settings, django_capture_on_commit_callbacks
):
    settings.ALLOWED_HOSTS = ["baska.example.org"]
    user = make.user(Role.MANAGER, email="biri@example.org", password="Zeytin-Dali-42")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            "/hesap/password/reset/", {"email": user.email}, headers={"host": "baska.example.org"}
        )
    (letter,) = mailoutbox
    assert settings.SITE_URL + "/hesap/password/reset/key/" in letter.body
    assert "baska" not in letter.body + letter.subject + str(letter.extra_headers)


def test_an_invented_host_is_believed_nowhere(
    client, mailoutbox, django_capture_on_commit_callbacks
):
    user = make.user(Role.MANAGER, email="biri@example.org")
    forged = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-port": "99",
        "x-forwarded-server": "evil.example",
        "forwarded": "host=evil.example",
        "x-original-url": "/yonetim/",
        "x-rewrite-url": "/yonetim/",
    }
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/hesap/password/reset/", {"email": user.email}, headers=forged)
    for address in ("/", "/eserler/", "/hesap/login/", "/sitemap.xml", "/sergiler/akis.atom"):
        assert b"evil" not in client.get(address, headers=forged).getvalue()
        assert (
            b"evil" not in Client().get(address).getvalue()
        )  # nor is it kept for the next visitor
    assert not [letter for letter in mailoutbox if "evil" in letter.body]
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_session_that_was_given_to_somebody_is_not_the_one_they_sign_in_with(client):
    user = make.user(Role.MANAGER, password="Zeytin-Dali-42")
    client.get("/hesap/login/")
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post("/hesap/login/", {"login": user.username, "password": "Zeytin-Dali-42"})
    assert client.session.session_key != session.session_key
    assert (
        of(None)
        .get("/hesap/", headers={"cookie": f"sessionid={session.session_key}"})["Location"]
        .startswith("/hesap/login/")
    )


# --- Columns that no form has --------------------------------------------------------------------

MINE = {"id", "pk", "state", "by", "owner", "user", "is_superuser", "is_staff", "groups", "role"}
MINE |= {"password", "identity_hash", "hash", "price", "order", "created_at", "version", "number"}


def worth(field):
    """A value of the right kind that a row does not have."""
    if field.choices:
        return str(field.choices[-1][0])
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return "on"
    if kind in ("DateField", "DateTimeField"):
        return "01.02.2003"
    return "7" if field.is_relation or "Integer" in kind or "Decimal" in kind else "sahte"


@pytest.mark.audit
@pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.label_lower)
def test_a_form_writes_no_column_that_it_does_not_show(town, model):
    client = of(town.users[Role.MANAGER])
    row = town.places["own"].row(model)
    opts = model._meta
    address = f"/yonetim/{opts.app_label}/{opts.model_name}/{row.pk}/change/"
    page = client.get(address)
    if page.status_code != 200 or 'name="_save"' not in page.content.decode():
        return
    sent = shown(page)
    hidden = {field.attname: field for field in opts.fields if field.name not in sent}
    own = dict(vars(type(row)._base_manager.get(pk=row.pk)))
    forged = dict.fromkeys(MINE, "1") | {field.name: worth(field) for field in hidden.values()}
    forged = {name: value for name, value in forged.items() if name not in sent}
    with transaction.atomic():
        assert client.post(address, forged | sent).status_code < 500
        after = vars(type(row)._base_manager.get(pk=row.pk))
        transaction.set_rollback(True)
    told = {"updated_at", "_state"}
    changed = {
        name: (own[name], after[name])
        for name, field in hidden.items()
        if after[name] != own[name]
        and name not in told
        and str(after[name]) == str(forged[field.name])
    }
    assert changed == {}


# --- Links that open once --------------------------------------------------------------------------

NEW = {"password1": "tezgah mekik tarak", "password2": "tezgah mekik tarak"}
OTHER = {"password1": "baska bir parola olsun", "password2": "baska bir parola olsun"}


def link_of(letter):
    return re.search(r"https?://[^/]+(/\S+)", letter.body)[1]


def test_the_link_for_a_password_sets_one(mailoutbox, django_capture_on_commit_callbacks):
    user = make.user(Role.MANAGER, email="biri@example.org", password="Zeytin-Dali-42")
    first, second = Client(), Client()
    with django_capture_on_commit_callbacks(execute=True):
        first.post("/hesap/password/reset/", {"email": user.email})
    link = link_of(mailoutbox[0])
    forms = [one.get(link).url for one in (first, second)]  # both have the form open
    assert first.post(forms[0], NEW).status_code == 302
    assert "geçerli değil" in second.post(forms[1], OTHER).content.decode()
    assert "geçerli değil" in first.get(link).content.decode()
    user.refresh_from_db()
    assert user.check_password(NEW["password1"])


def test_a_newer_password_ends_the_link(mailoutbox, django_capture_on_commit_callbacks):
    user = make.user(Role.MANAGER, email="biri@example.org", password="Zeytin-Dali-42")
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/hesap/password/reset/", {"email": user.email})
    user.set_password("baska bir parola")
    user.save()
    assert "geçerli değil" in Client().get(link_of(mailoutbox[0])).content.decode()


def test_the_link_that_confirms_an_application_gives_one_place(client, town):
    application = town.places["own"].application
    link = f"/basvurum/{application.reference}/onay/{confirmation_code(application)}/"
    assert client.post(link).status_code == 302
    letters = Letter.objects.count()
    assert [client.post(link).status_code for _n in range(2)] == [302] * 2
    application.refresh_from_db()
    assert application.confirmed_at is not None
    confirmed = application.history.filter(confirmed_at__isnull=False).values("confirmed_at")
    assert confirmed.distinct().count() == 1
    assert Letter.objects.count() == letters


# --- Lines of the log --------------------------------------------------------------------------------

FORGED = (
    "x\n2026-01-01 00:00:00,000 WARNING izmek.accounts forged\r\x1b[2J\x85\u2028\u202eş\x00\ud800"
)
SAID = "2026-01-01 00:00:00,000 WARNING izmek.accounts forged"


@pytest.fixture
def lines():
    """What the program writes to its log, as the operator reads it: a function."""
    handler = next(one for one in logging.getLogger().handlers if one.name == "console")
    written, records = StringIO(), []
    handler.addFilter(lambda record: records.append(record) or True)
    before, handler.level = (handler.setStream(written), handler.level), logging.NOTSET
    yield lambda: (written.getvalue(), records)
    handler.setStream(before[0])
    handler.level = before[1]
    handler.filters.clear()


def test_one_record_is_one_line_whatever_a_stranger_sends(lines, town):
    log = logging.getLogger("izmek.test")
    heads = {"user-agent": SAID + "\x1b[2J", "referer": f"http://testserver/{SAID}\x1b[31m"}
    client = Client(headers=heads, raise_request_exception=False)
    for text in (FORGED, SAID, quote(FORGED.encode("utf-8", "surrogatepass"))):
        path = quote(text.encode("utf-8", "surrogatepass"), safe="%")
        client.get(f"/{path}/")
        client.get(f"/yonetim/{path}/")
        client.get("/eserler/", {"q": SAID, text[:9]: SAID})
        client.post("/hesap/login/", {"login": text.replace("\ud800", ""), "password": SAID})
        client.post(
            "/guvenlik-bildirimi/",
            json.dumps({"csp-report": {"document-uri": text}}),
            content_type="application/csp-report",
        )
        client.get("/", headers={"host": "evil.example\x1b[2J"})
        log.warning("said: %s", text)
        log.warning(text)
        try:
            raise ValueError(text)
        except ValueError:
            log.exception("failed on %s", text)
    written, records = lines()
    assert len(records) > 12
    began = [line for line in written.split("\n") if line and not line.startswith("  | ")]
    assert len(began) == len(records)
    assert all(
        re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [\w.]+ ", line) for line in began
    )
    assert not [line for line in began if line.startswith(SAID)]
    assert not {sign for sign in written if sign != "\n" and not sign.isprintable()}
    assert "Traceback" in written and "ş" in written


@pytest.mark.postgres
def test_a_row_that_the_database_refused_stands_in_no_log(lines):
    """PostgreSQL repeats it in the detail of its error, names and telephones with it."""
    person = make.trainee("Kardelen", "Işık\nYılmaz", phone="+905551234567")
    try:
        with transaction.atomic():
            type(person).objects.filter(pk=person.pk).update(folded=None)
    except IntegrityError as error:
        assert "Kardelen" in str(error)
        logging.getLogger("izmek.test").exception("failed")
    written, _records = lines()
    assert "IntegrityError" in written
    assert not [word for word in ("Kardelen", "Işık", "Yılmaz", "5551234567") if word in written]


# --- Telling what is there from what is not ------------------------------------------------------


class CountedHasher(MD5PasswordHasher):
    algorithm, made = "counted", 0

    def encode(self, password, salt):
        type(self).made += 1
        return super().encode(password, salt)


def work_of(knock):
    """What a request costs and says: (status, hashes, questions to the database, heads, text)."""
    cache.clear()
    CountedHasher.made = 0
    with CaptureQueriesContext(connection) as asked:
        answer = knock()
    text = re.sub(r'(?<=value=")[^"]*(?=")', "", answer.getvalue().decode())
    heads = sorted(answer.headers.keys())
    return answer.status_code, CountedHasher.made, len(asked), heads, text


@pytest.fixture
def counted(settings):
    settings.PASSWORD_HASHERS = ["tests.site.test_attacks.CountedHasher"]


def test_a_sign_in_costs_the_same_for_an_account_and_for_none(counted):
    make.user(
        Role.TEACHER, username="zeynep", email="zeynep@example.org", password="Zeytin-Dali-42"
    )
    client = Client()
    client.get("/hesap/login/")

    def sign_in(login, times=1):
        def knock():
            for _n in range(times):
                answer = client.post("/hesap/login/", {"login": login, "password": "yanlis"})
            return answer

        return work_of(knock)

    wrong = [
        sign_in(one)
        for one in ("zeynep", "ZEYNEP", "kimse", "zeynep@example.org", "kimse@example.org")
    ]
    assert wrong[0] == wrong[1] == wrong[2] and wrong[3] == wrong[4]
    assert wrong[0][:2] == wrong[3][:2] == (200, 1)  # one hash, for a name as for an address
    slow = [sign_in(one, 7) for one in ("zeynep", "kimse")]
    assert slow[0] == slow[1] and slow[0][:2] == (429, 5)


def asked_for_password(email):
    """The answer to who forgot a password, which has not left yet."""
    request = RequestFactory().post("/hesap/password/reset/", {"email": email})
    SessionMiddleware(lambda request: None).process_request(request)
    with context.request_context(request):
        return resolve("/hesap/password/reset/").func(request)


def test_a_forgotten_password_costs_the_same_for_an_account_and_for_none(counted):
    """Until the answer has left; the letter is written afterwards."""
    make.user(Role.TEACHER, email="zeynep@example.org", password="Zeytin-Dali-42")
    known, unknown = (
        work_of(lambda name=name: asked_for_password(f"{name}@example.org"))
        for name in ("zeynep", "kimse")
    )
    assert known == unknown


def test_what_is_hidden_answers_as_what_is_not(town):
    """Codes, drafts and their photos, rows of others: told from what does not exist by nothing."""
    foreign, hidden = town.places["foreign"], town.places["hidden"]
    code, reference = hidden.certificate.code, hidden.application.reference
    stranger, officer = Client(), of(town.users[Role.OFFICER])
    officer.get("/yonetim/")

    def nearly(key):
        return key[:-1] + ("3" if key[-1] != "3" else "4")

    sizes = f"{hidden.photo.width}.webp"
    pairs = {
        "certificate": (stranger, f"/belge/{nearly(code)}/", f"/belge/{new_code(len(code))}/"),
        "application": (
            stranger,
            f"/basvurum/{nearly(reference)}/",
            f"/basvurum/{new_code(len(reference.replace('-', '')))}/",
        ),
        "photo": (stranger, hidden.photo.url(sizes), f"/gorsel/{uuid4().hex}/{sizes}"),
        "course": (stranger, f"/kurslar/{hidden.open.pk}/", "/kurslar/999999/"),
    }
    for model in ("trainees/trainee", "trainees/application", "courses/course", "exhibitions/work"):
        row = foreign.rows[model.replace("/", ".")]
        for page in ("change", "history"):
            pairs[f"{model} {page}"] = (
                officer,
                f"/yonetim/{model}/{row.pk}/{page}/",
                f"/yonetim/{model}/987654/{page}/",
            )
    former = "eski-adres"
    remember(hidden.exhibition, former)
    for folder, ends, slugs in (
        (
            "sergiler",
            ("", "takvim.ics", "katalog.pdf", "defter/", "defter/yaz/", "sor/"),
            (hidden.exhibition.slug, hidden.draft.slug, former),
        ),
        ("merkezler", ("",), (hidden.centre.slug,)),
        ("eserler", ("", "lale/", "sor/"), (hidden.work.number,)),
        ("e", ("",), (hidden.work.number,)),
    ):
        nowhere = "2023-9999" if folder in ("e", "eserler") else "yok-2023"
        for slug in slugs:
            for end in ends:
                pairs[f"{folder} {slug} {end}"] = (
                    stranger,
                    f"/{folder}/{slug}/{end}",
                    f"/{folder}/{nowhere}/{end}",
                )
                stranger.get(f"/{folder}/{nowhere}/{end}")  # which tables there are is asked once
    told_apart = {}

    def answer(client, address):
        *facts, text = work_of(lambda: client.get(address))
        for part in filter(None, address.split("/")):  # it stands in the link to the other language
            text = text.replace(f"/{part}/", "/")
        return *facts, text

    for name, (client, there, nowhere) in pairs.items():
        one, other = answer(client, there), answer(client, nowhere)
        if one != other or one[0] == 200:
            told_apart[name] = (one[:3], other[:3], one[3] == other[3], one[4] == other[4])
    assert told_apart == {}


# --- Enumeration by time ---------------------------------------------------------------------------

TRIES = 200
MOST_APART = 1.5  # between the medians; a hash of a password more or less is tenfold


class QuickerHasher(PBKDF2PasswordHasher):
    """Slow enough to be measured, quick enough for hundreds of tries."""

    algorithm, iterations = "quicker", 20_000


def median_apart(one, other):
    """How much longer the slower of two requests takes in the middle; each is sent in turn."""
    took = ([], [])
    for _n in range(TRIES):
        for times, knock in zip(took, (one, other), strict=True):
            cache.clear()
            begin = time.perf_counter()
            knock()
            times.append(time.perf_counter() - begin)
    slow, fast = sorted(map(statistics.median, took), reverse=True)
    return slow / fast


@pytest.mark.audit
def test_who_has_an_account_shows_by_no_clock(client, settings):
    """With hashes as slow as in earnest, in proportion."""
    settings.PASSWORD_HASHERS = ["tests.site.test_attacks.QuickerHasher"]
    make.user("ogretmen", username="zeynep", email="zeynep@example.org", password="Zeytin-Dali-42")
    client.get("/hesap/login/")

    def sign_in(name):
        return lambda: client.post("/hesap/login/", {"login": name, "password": "yanlis"})

    assert median_apart(sign_in("zeynep"), sign_in("kimse")) < MOST_APART
    assert median_apart(sign_in("zeynep@example.org"), sign_in("kimse@example.org")) < MOST_APART


@pytest.mark.audit
def test_whose_password_is_forgotten_shows_by_no_clock(settings):
    """Until the answer has left; the letter is written afterwards."""
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": None}
    make.user("ogretmen", email="zeynep@example.org", password="Zeytin-Dali-42")

    def ask(email):
        return lambda: asked_for_password(email)

    apart = median_apart(ask("zeynep@example.org"), ask("kimse@example.org"))
    print(f"a forgotten password: {apart:.3f} apart")
    assert apart < MOST_APART


@pytest.mark.audit
def test_neither_draft_nor_row_of_others_shows_by_the_clock(client, town):
    hidden, foreign = town.places["hidden"], town.places["foreign"]
    officer = of(town.users[Role.OFFICER])
    name = f"{hidden.photo.width}.webp"
    for one, there, nowhere in (
        (client, hidden.photo.url(name), f"/gorsel/{uuid4().hex}/{name}"),
        (
            officer,
            f"/yonetim/trainees/trainee/{foreign.seat.trainee_id}/change/",
            "/yonetim/trainees/trainee/987654/change/",
        ),
    ):
        apart = median_apart(
            lambda one=one, there=there: one.get(there),
            lambda one=one, nowhere=nowhere: one.get(nowhere),
        )
        assert apart < MOST_APART, there


@pytest.mark.audit
def test_neither_certificate_nor_application_shows_by_the_clock(client, town):
    """A code that is nearly right takes as long as one that is not right at all."""
    place = town.places["own"]
    for folder, key in (
        ("belge", place.certificate.code),
        ("basvurum", place.application.reference),
        ("yaziniz", place.enquiry.reference),
    ):
        near = key[:-1] + ("3" if key[-1] != "3" else "4")
        far = new_code(len(key.replace("-", "")))
        apart = median_apart(
            lambda folder=folder, near=near: client.get(f"/{folder}/{near}/"),
            lambda folder=folder, far=far: client.get(f"/{folder}/{far}/"),
        )
        assert apart < MOST_APART, folder

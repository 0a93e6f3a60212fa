"""What is measured. A row more is three lines: the kind of row with its name, and where to ask.

`@page` is a public page: cold, warm and behind nginx. `@staff` is a page of somebody signed in. `@act`
sends a form each time it is called. `@heavy` takes seconds and memory. The lists of the admin need no
rows: `admin_lists` finds them, with every filter that they offer.
"""

import json
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from urllib.parse import quote

import xlsxwriter
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import get_user_model
from django.test import RequestFactory
from django.urls import reverse

from benchmarks import lists, pictures
from benchmarks.load import expect
from courses.models import Course
from exhibitions.models import Exhibition, Maker, Showing, Work
from izmek.papers import typst
from trainees.models import Certificate, Enrolment, Trainee
from trainees.papers.certificates import certificate_sheets
from trainees.papers.course import PAPERS

SOUGHT = "?q=ay%C5%9Fe"
PAGES, STAFF, ACTS, HEAVY = [], [], [], []  # (name, user, how)


def page(name):
    return lambda how: PAGES.append((name, None, how)) or how


def staff(name, user):
    return lambda how: STAFF.append((name, user, how)) or how


def act(name, user):
    return lambda how: ACTS.append((name, user, how)) or how


def heavy(name, user, quick=True):
    return lambda how: HEAVY.append((name, user, how, quick)) or how


# --- Public pages -------------------------------------------------------------------------------

page("home")(lambda town: "/")
page("home, English")(lambda town: "/en/")
page("exhibitions")(lambda town: "/sergiler/")
page("exhibition, 60 works")(lambda town: town.small.get_absolute_url())
page("exhibition, largest")(lambda town: town.largest.get_absolute_url())
page("exhibition, page 20")(lambda town: f"{town.largest.get_absolute_url()}?sayfa=20")
page("exhibition, centre")(
    lambda town: f"{town.largest.get_absolute_url()}?merkez={town.centre.slug}"
)
page("exhibition, technique")(
    lambda town: f"{town.largest.get_absolute_url()}?teknik={town.technique.slug}"
)
page("exhibition, search")(lambda town: f"{town.largest.get_absolute_url()}?q=kose")
page("exhibition, search of a maker")(
    lambda town: f"{town.largest.get_absolute_url()}?q={town.maker}"
)
page("work")(lambda town: town.work.get_absolute_url())
page("works")(lambda town: "/eserler/")
page("works, page 20")(lambda town: "/eserler/?sayfa=20")
page("works, technique")(lambda town: f"/eserler/?teknik={town.technique.slug}")
page("works, technique and centre")(
    lambda town: f"/eserler/?teknik={town.technique.slug}&merkez={town.centre.slug}"
)
page("works, for sale")(lambda town: "/eserler/?satilik=1")
page("works, search")(lambda town: "/eserler/?q=kose")
page("works, search of a maker")(lambda town: f"/eserler/?q={town.maker}")
page("courses")(lambda town: "/kurslar/")
page("courses of a centre")(lambda town: f"/kurslar/?merkez={town.open_course.centre.slug}")
page("course")(lambda town: town.open_course.get_absolute_url())
page("centres")(lambda town: "/merkezler/")
page("centre")(lambda town: town.centre.get_absolute_url())
page("search")(lambda town: "/ara/?q=kose")
page("search, two words")(lambda town: "/ara/?q=mavi+kose")
page("search, a slip")(lambda town: "/ara/?q=kilm")
page("search, nothing found")(lambda town: "/ara/?q=qwxqwx")
page("certificate")(lambda town: f"/belge/{town.certificate.code}/")
page("certificate, form")(lambda town: "/belge/")
page("figures")(lambda town: "/rakamlarla/")
page("figures, CSV")(lambda town: "/rakamlarla/veri.csv")
page("sitemap")(lambda town: "/sitemap.xml")
page("sitemap of works")(lambda town: "/sitemap-works.xml")
page("alive")(lambda town: "/saglik/")


# --- Pages of people who work here --------------------------------------------------------------

staff("Today", "ogretmen")(lambda town: "/ogretmen/")
staff("course of a teacher", "ogretmen")(
    lambda town: reverse("teacher-course", args=[town.running[0].pk])
)
staff("roll", "ogretmen")(lambda town: reverse("teacher-roll", args=[town.lesson.pk]))
staff("admin, first page", "yonetici")(lambda town: "/yonetim/")
staff("admin, first page", "merkez")(lambda town: "/yonetim/")


def change(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


staff("course, planned", "yonetici")(lambda town: change(town.planned_course))
staff("enrolment", "yonetici")(lambda town: change(town.running[0].enrolments.first()))
staff("session", "yonetici")(lambda town: change(town.lesson))
staff("work", "kurator")(lambda town: change(town.work))
staff("centre", "yonetici")(lambda town: change(town.centre))


def tabs(model, user, row, but=()):
    """Every tab of the desk of a row of the model, `but` those that it does not have."""
    for tab in admin.site._registry[model].tabs:
        if tab.slug in but:
            continue
        address = f"admin:{model._meta.app_label}_{model._meta.model_name}_{tab.slug}"
        staff(f"{model._meta.model_name} desk, {tab.slug}", user)(
            lambda town, address=address: reverse(address, args=[row(town).pk])
        )


tabs(Course, "yonetici", lambda town: town.running[0], but=["certificates"])
staff("course desk, certificates", "yonetici")(
    lambda town: reverse("admin:courses_course_certificates", args=[town.certified[-1][0]])
)
tabs(Trainee, "yonetici", lambda town: town.running[0].enrolments.first().trainee)
tabs(Exhibition, "kurator", lambda town: town.largest)
staff("counter, seat", "merkez")(lambda town: reverse("admin:trainees_enrolment_counter"))
staff("counter, application", "merkez")(lambda town: reverse("admin:trainees_application_counter"))
staff("calls", "merkez")(lambda town: reverse("admin:trainees_call_desk"))
staff("week of a centre", "merkez")(
    lambda town: reverse("admin:courses_coursecentre_week", args=[town.centre.pk])
)
staff("changes", "yonetici")(lambda town: reverse("admin:changes"))
staff("changes", "merkez")(lambda town: reverse("admin:changes"))
staff("header search, half a name", "yonetici")(
    lambda town: f"{reverse('admin:search')}?q={quote('ayşe yıl')}"
)
staff("header search, half a name", "merkez")(
    lambda town: f"{reverse('admin:search')}?q={quote('ayşe yıl')}"
)
staff("header search, phone", "merkez")(lambda town: f"{reverse('admin:search')}?q=0532123")


def chosen(model, field, text):
    """What the autocomplete of a field asks for a text that is typed into it."""
    named = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
    return f"{reverse('admin:autocomplete')}?{named}&field_name={field}&term={quote(text)}"


staff("autocomplete, trainees", "merkez")(lambda town: chosen(Enrolment, "trainee", "ayşe"))
staff("autocomplete, trainees, nothing typed", "merkez")(
    lambda town: chosen(Enrolment, "trainee", "")
)
staff("autocomplete, makers", "kurator")(lambda town: chosen(Maker, "trainee", "ayşe"))
staff("autocomplete, courses", "kurator")(lambda town: chosen(Work, "course", "kilim"))
staff("autocomplete, works", "kurator")(lambda town: chosen(Showing, "work", "ayşe"))


# --- Acts ---------------------------------------------------------------------------------------


@act("roll tap", "ogretmen")
def tap(town, browser):
    """Marks somebody absent, and the next time present again."""
    turn = next(town.turns)
    seat = town.seats[turn // 2 % len(town.seats)]
    line = {
        "enrolment": seat,
        "absent": "" if turn % 2 else "on",
        "hours": "",
        "excused": "",
        "note": "",
    }
    address = reverse("teacher-roll-mark", args=[town.lesson.pk])
    return expect(browser.post(address, line, Accept="application/json"), 200)


@act("enrol", "ogretmen")
def enrol(town, browser):
    """A new person with an identity number; the second page alone is timed."""
    course = town.with_seats[next(town.turns) % len(town.with_seats)]
    card = {"number": town.new_identity_number()}
    card = expect(browser.post(reverse("teacher-enrol", args=[course.pk]), card), 302)
    index = next(town.turns)
    person = {
        "first_name": "Ölçüm",
        "last_name": f"Kişi{chr(97 + index % 26)}{chr(97 + index // 26 % 26)}",
        "birth_date": f"{date(1940, 1, 1) + timedelta(days=index):%d.%m.%Y}",  # nobody is alike
        "phone": f"0558{index:07d}",
        "email": "",
        "neighbourhood": "",
        "education": "3",
        "gender": "",
    }
    return expect(browser.post(card.headers["location"], person), 302)


@act("certificates of a course", "yonetici")
def issue(town, browser):
    """Issues those of a course of some twenty that has just finished; another one each time."""
    course, seats = town.certified.pop()
    address = reverse("admin:courses_course_certificates", args=[course])
    return expect(browser.post(address, {"seat": seats}), 302)


# --- Papers and photos: what comes before `yield` is not measured -------------------------------


def _paper(town, browser, slug):
    """A paper of the largest exhibition: at once, or ordered and asked for until it is made."""
    address = reverse("admin:exhibitions_exhibition_paper", args=[town.largest.pk, slug])
    yield
    if browser.get(address).status == 200:
        return
    job = expect(browser.post(address, {}), 302).headers["location"]
    _wait_for(browser, job)
    expect(browser.get(f"{job}file/"), 200)


def _wait_for(browser, job):
    while json.loads(expect(browser.get(job, Accept="application/json"), 200).text)["waits"]:
        time.sleep(0.2)


@heavy("labels of the largest exhibition", "kurator")
def labels(town, browser):
    yield from _paper(town, browser, "etiket-105x74")


@heavy("hanging checklist of the largest exhibition", "kurator", quick=False)
def checklist(town, browser):
    yield from _paper(town, browser, "asma-listesi")


@heavy("catalogue of the largest exhibition", "kurator", quick=False)
def catalogue(town, browser):
    """Asked for again until it is made: 503 until then."""
    address = f"{town.largest.get_absolute_url()}katalog.pdf"
    yield
    while expect(browser.get(address), 200, 503).status == 503:
        time.sleep(0.5)


@heavy("1,000 certificates", "yonetici")
def certificates(town, browser):
    year = town.year_with_certificates
    address = reverse("admin:trainees_certificate_paper", args=["belgeler"])
    yield
    job = expect(browser.post(f"{address}?year={year.pk}", {}), 302).headers["location"]
    _wait_for(browser, job)
    expect(browser.get(f"{job}file/"), 200)


@heavy("as many certificates by Typst alone", "yonetici")
def certificates_by_typst(town, browser):
    """What the file is measured against: the same sheets in one go, and nothing else."""
    rows = Certificate.objects.valid().chosen(year=town.year_with_certificates.pk)
    contents = certificate_sheets(list(rows.in_calling_order()))
    yield
    typst.pdf(contents)


@heavy("photo, 12 megapixels (JPEG)", "ogretmen")
def photo(town, browser, megapixels=12):
    address = reverse("teacher-photo-add", args=[town.draft.pk])
    with pictures.picture(megapixels) as file:
        yield
        expect(browser.upload(address, {}, "photo", file, Accept="application/json"), 200)


@heavy("photo, 48 megapixels (HEIC)", "ogretmen", quick=False)
def large_photo(town, browser):
    yield from photo(town, browser, megapixels=48)


@heavy("papers of 40 courses of 60 people, as ZIP", "yonetici", quick=False)
def course_papers(town, browser):
    """All papers of a course as PDFs, ordered in the list of courses."""
    address = reverse("admin:courses_course_changelist")
    asked = {"action": "order_papers_of_chosen", "apply": "yes", "form": "pdf"}
    asked |= {"papers": list(PAPERS), ACTION_CHECKBOX_NAME: town.full_courses(40, people=60)}
    yield
    job = expect(browser.post(address, asked), 302).headers["location"]
    _wait_for(browser, job)
    expect(browser.get(f"{job}file/"), 200)


@heavy("pairs that may be one person, as every night", "yonetici")
def look_alikes(town, browser):
    yield
    command = [sys.executable, "manage.py", "find_look_alikes"]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


@heavy("retention, 1,000 people", "yonetici")
def retention(town, browser):
    """All that there is of them goes or is emptied, in every table and its history."""
    town.long_gone(1_000)
    yield
    command = [sys.executable, "manage.py", "destroy_expired", "--only", "people"]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


@heavy("35,000 new people with seats: bare insert with history", "yonetici")
def bare_insert(town, browser):
    people, courses = lists.people(town), lists.courses(town)
    yield
    lists.bare_insert(people, courses)


@heavy("35,000 new people with seats: list checked and written", "yonetici")
def list_written(town, browser):
    data, user = lists.file(town), get_user_model().objects.get(username="yonetici")
    yield
    lists.put_in(data, user)


# --- Lists as files -----------------------------------------------------------------------------

EXPORTED = ["last_name", "first_name", "birth_date", "neighbourhood", "phone", "email"]


@heavy("list of the trainees of one education as XLSX", "yonetici")
def export(town, browser):
    education, _count = town.education
    address = f"{reverse('admin:trainees_trainee_export')}?education__exact={education}"
    yield
    answer = browser.post(address, {"columns": EXPORTED, "form": "xlsx"})
    if answer.status == 302:
        job = answer.headers["location"]
        _wait_for(browser, job)
        answer = browser.get(f"{job}file/")
    expect(answer, 200)


@heavy("as many rows by XlsxWriter alone", "yonetici")
def xlsxwriter_alone(town, browser):
    """What the list is measured against: rows that are at hand, written and nothing else."""
    row = ["Yıldız", "Ayşe Nur", "04.05.1990", "Akmeşe", "0555 123 45 67", "ayse@example.org"]
    _education, count = town.education
    yield
    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        sheet = book.add_worksheet()
        for place in range(count):
            sheet.write_row(place, 0, row)
        book.close()


# --- The lists of the admin ---------------------------------------------------------------------


def admin_lists(town, user, every):
    """(name, how to ask) for each list of the admin that the user sees.

    The first page, a search and, if `every`, each filter, the last page and two orders.
    """
    browser = town.signed_in(user)
    request = RequestFactory().get("/")
    request.user = get_user_model().objects.get(username=user)
    for model, shown in admin.site._registry.items():
        if not shown.has_view_permission(request):
            continue
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        name = f"{model._meta.model_name} list"
        yield name, lambda address=address: expect(browser.get(address), 200)
        if shown.search_fields:
            yield (
                f"{name}, search",
                lambda address=address: expect(browser.get(address + SOUGHT), 200),
            )
        if every:
            for part, query in _questions(shown, request, address, browser):
                where = address + query
                yield f"{name}, {part}", lambda where=where: expect(browser.get(where), 200)


def _questions(shown, request, address, browser):
    """What else a list offers to ask: [(name, query)]."""
    asked = RequestFactory().get(address)
    asked.user, asked.session = request.user, {}
    changelist = shown.get_changelist_instance(asked)
    for spec in changelist.filter_specs:
        choices = [choice for choice in spec.choices(changelist) if choice.get("query_string")]
        if len(choices) > 1:
            yield f"filter {spec.title}", choices[1]["query_string"]
    yield "by its first column", "?o=1"
    yield "by its second column, last first", "?o=-2"
    if (pages := changelist.paginator.num_pages) > 1:
        yield "last page", f"?p={pages}"

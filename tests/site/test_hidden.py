"""What is hidden cannot be asked for: every list, page and choice of the admin, with every role."""

import html
import re
from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone

from courses.models import Course
from exhibitions.models import Enquiry, Exhibition
from izmek.accounts.roles import Role, granted_to
from izmek.models import AccessLog, Letter, Override
from izmek.privacy.record import masks_of
from tests import factories as make
from tests.forms import shown
from tests.site.test_admin import ROWS, registered
from trainees.models import Application, Call

pytestmark = [pytest.mark.django_db]

NUMBER = "10000000146"


def page(model, name, *args):
    opts = model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=args)


def admin_of(model):
    return admin.site.get_model_admin(model)


def every(model):
    """The address of the list with the rows of all years."""
    filters = admin_of(model).list_filter
    of_years = any(getattr(one, "parameter_name", "") == "year" for one in filters)
    return f"{page(model, 'changelist')}?{'year=all' if of_years else ''}"


def signed_in(client, *roles, **fields):
    user = make.user(*roles, **fields)
    client.force_login(user)
    return user


LISTS = pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.label_lower)


# --- Lookups ----------------------------------------------------------------------------------


def paths(model, depth=2):
    """The lookup paths to the columns of a table and of the tables beside it, hidden ones too."""
    for field in model._meta.get_fields():
        if not field.is_relation:
            yield field.name
        elif depth > 1 and isinstance(field, (models.ForeignKey, models.ForeignObjectRel)):
            name = field.name if field.concrete else field.field.related_query_name()
            yield from (f"{name}__{path}" for path in paths(field.related_model, depth - 1))


@LISTS
@pytest.mark.audit
def test_a_list_tells_of_no_column_by_a_lookup(client, model):
    signed_in(client, Role.AUDITOR)
    address = page(model, "changelist")
    if client.get(address).status_code == 403:  # not an auditor's
        signed_in(client, Role.MANAGER)
    wrong = {"status": 302, "location": f"{address}?e=1"}
    for path in paths(model):
        lookups = ("startswith=p", "regex=[", "gt=1") if "__" not in path else ("contains=p",)
        for asked in (f"{path}__{lookup}" for lookup in lookups):
            answer = client.get(f"{address}?{asked}")
            got = {"status": answer.status_code, "location": answer.get("Location")}
            assert got == wrong, asked


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        ("izmek.user", "is_superuser__exact=1"),
        ("izmek.user", "password__isnull=0"),
        ("exhibitions.enquiry", "email=veli@example.org"),
        ("trainees.application", "phone__exact=%2B905551234567"),
        ("trainees.trainee", "identity__hash__startswith=a"),
        ("trainees.trainee", "identity_hash__startswith=a"),
        ("izmek.letter", "to__iexact=a@example.com"),
    ],
)
@pytest.mark.audit
def test_the_answer_is_the_same_whether_a_row_is_found_or_not(client, model, asked):
    ROWS[model](1)
    signed_in(client, Role.AUDITOR)
    address = page(apps.get_model(model), "changelist")
    for value in (asked, f"{asked}x", f"{asked}&e=1"):
        answer = client.get(f"{address}?{value}")
        if "e=1" in value:
            assert answer.status_code == 200 and "cl" not in answer.context
        else:
            assert answer["Location"] == f"{address}?e=1"


@LISTS
@pytest.mark.audit
def test_a_list_answers_what_it_offers(client, model):
    signed_in(client, Role.MANAGER)
    ROWS[model._meta.label_lower](1)
    ROWS[model._meta.label_lower](2)
    address = page(model, "changelist")
    changelist = client.get(every(model)).context["cl"]
    offered = [
        choice["query_string"]
        for spec in changelist.filter_specs
        for choice in spec.choices(changelist)
    ]
    if changelist.date_hierarchy:
        year = timezone.localdate().year
        offered.append(f"?{changelist.date_hierarchy}__year={year}")
        if model._meta.get_field(changelist.date_hierarchy).get_internal_type() == "DateField":
            offered.append(f"?{changelist.date_hierarchy}__gte={year}-01-01")
    for asked in offered:
        answer = client.get(f"{address}{asked or '?'}")
        assert answer.status_code == 200, asked


def links(answer):
    """The addresses of the admin's own pages on a page."""
    found = re.findall(r'href="(/yonetim/[^"]*)"', answer.content.decode())
    return {html.unescape(address) for address in found}


@LISTS
@pytest.mark.audit
def test_links_of_a_page_to_lists_go_on_working(client, model):
    signed_in(client, Role.MANAGER)
    ROWS[model._meta.label_lower](1)
    pages = [reverse("admin:index")]
    pages += [page(model, "change", row.pk) for row in model._default_manager.all()]
    asked = {link for address in pages for link in links(client.get(address)) if "?" in link}
    for link in sorted(asked):
        assert client.get(link).status_code == 200, link


def test_the_applications_and_sessions_of_a_course_have_their_list(client):
    signed_in(client, Role.MANAGER)
    application, other = ROWS["trainees.application"](1), ROWS["trainees.application"](2)
    queue = client.get(reverse("admin:courses_course_applications", args=[application.course_id]))
    (link,) = [link for link in links(queue) if "/application/?course" in link]
    answer = client.get(link)
    assert [row.pk for row in answer.context["cl"].result_list] == [application.pk]
    assert str(application.course) in answer.content.decode()
    assert (
        other.pk
        in [row.pk for row in client.get(page(Application, "changelist")).context["cl"].result_list]
        or client.get(page(Application, "changelist") + "?year=all").context["cl"].result_count == 2
    )


# --- An auditor reads masked ------------------------------------------------------------------

SECRETS = {
    "phone": ["+905321112233", "0532 111 22 33", "5321112233"],
    "guardian's phone": ["+905334445566", "0533 444 55 66", "5334445566"],
    "earlier phone": ["+905327778899", "0532 777 88 99"],
    "e-mail": ["gizli.adres@example.org"],
    "birth date": ["07.03.1971", "7 Mart 1971", "1971-03-07"],
    "reference": ["GIZL-ISIM-KOD", "SORU-KODU-GIZ"],
}


@pytest.fixture
def world():
    """A person of each kind whose data nobody but staff should read; {model: their rows}."""
    contact = {"phone": "+905327778899", "email": "gizli.adres@example.org"}
    born = date(1971, 3, 7)
    trainee = make.trainee("Sevgi", "Aksoy", birth_date=born, **contact)
    guardian = trainee.guardians.create(name="Ayla Kaya", relation="anne", phone="+905334445566")
    teacher = make.teacher("Nur", "Kara", **contact)
    seat = make.enrolment(trainee, make.course(teacher=teacher))
    application = Application.objects.create(
        course=make.course(),
        first_name="Sevgi",
        last_name="Aksoy",
        birth_year=1971,
        reference="GIZL-ISIM-KOD",
        state="offered",
        offered_at=timezone.now(),
        confirmed_at=timezone.now(),
        **(contact | {"email": ""}),
    )
    for about in ({"enrolment": seat}, {"application": application}):
        course = next(iter(about.values())).course
        Call.objects.create(course=course, kind="offer", what="Yer", text=contact["email"], **about)
    enquiry = Enquiry.objects.create(
        work=make.work(makers=[trainee]),
        name="Sevgi Aksoy",
        message="Beni 0532 111 22 33 numarasından ya da gizli.adres@example.org ile arayın",
        reference="SORU-KODU-GIZ",
        **contact,
    )
    for person in (trainee, teacher, application, enquiry):
        person.phone = "+905321112233"
        person.save()
    guardian.relation = "teyze"
    guardian.save()
    trainee.birth_date = date(1971, 3, 8)
    trainee.save()
    trainee.birth_date = born
    trainee.save()
    application.email = contact["email"]
    application.save()
    application.email = ""
    application.save()
    said = "Aradım: 0532 111 22 33, gizli.adres@example.org"
    for row in (seat, application, trainee):
        kind = ContentType.objects.get_for_model(row)
        about = {"content_type": kind, "object_id": str(row.pk)}
        to = contact["email"]
        text = "https://izmek.example/basvurum/GIZL-ISIM-KOD/ 07.03.1971"
        Letter.objects.create(
            kind="offer", to=to, subject=f"Yer {to}", text=text, error=to, **about
        )
        AccessLog.objects.create(action="identity seen", reason=said, **about)
        Override.objects.create(act="full", reason=said, by=make.user(), **about)
    make.user("ogretmen", email=contact["email"])
    work = make.work(state="returned", state_note=said)
    fair = make.exhibition("Güz", works=[work], state="cancelled", state_reason=said)
    fair.notes.create(text=said)
    return {"application": application, "exhibition": fair}


def pages_of(user, world):
    """Every page of the admin that shows rows: lists, rows, their histories, queues."""
    for model in registered():
        opts = model._meta
        if not user.has_perm(f"{opts.app_label}.view_{opts.model_name}"):
            continue
        yield every(model)
        for row in model._default_manager.all():
            yield page(model, "change", row.pk)
            yield page(model, "history", row.pk)
    yield reverse("admin:index")
    yield page(Call, "desk")
    for tab in admin_of(Course).tabs:
        if tab.view and (tab.may is None or tab.may(user, None)) and tab.slug != "outcome":
            yield page(Course, tab.slug, world["application"].course_id)
    for tab in admin_of(Exhibition).tabs:
        if tab.view and (tab.may is None or tab.may(user, None)):
            yield page(Exhibition, tab.slug, world["exhibition"].pk)


def told(client, user, world):
    """{kind of secret: the first page that tells it}"""
    found = {}
    for address in pages_of(user, world):
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        text = answer.getvalue().decode(errors="replace")  # of a sheet, too
        for kind, forms in SECRETS.items():
            if any(form in text for form in forms):
                found.setdefault(kind, address)
    return found


def test_a_manager_reads_what_an_auditor_reads_masked(client, world):
    assert set(told(client, signed_in(client, Role.MANAGER), world)) == set(SECRETS)


def test_no_page_tells_an_auditor_a_phone_an_address_a_birth_date_or_a_reference(client, world):
    assert told(client, signed_in(client, Role.AUDITOR), world) == {}


def test_every_reason_and_note_about_a_case_is_read_masked():
    """Whoever writes one may put the telephone of the person into it."""
    for_visitors = {"course.note", "exhibition.date_note"}
    missing = []
    for model in registered():
        for one in (admin_of(model), *admin_of(model).inlines):
            for field in one.model._meta.fields:
                name = f"{one.model._meta.model_name}.{field.name}"
                typed = re.search(r"(^|_)(reason|note)$", field.name) and not field.is_relation
                if typed and name not in for_visitors and field.name not in masks_of(one.model):
                    missing.append(name)
    assert missing == []


def test_an_officer_who_also_audits_reads_her_own_rows_and_writes_them_whole(client, world):
    application = world["application"]
    mine = Application.objects.create(
        course=make.course(),
        first_name="Ali",
        last_name="Can",
        birth_year=1980,
        phone="+905350000001",
        reference="X",
    )
    signed_in(client, Role.OFFICER, Role.AUDITOR, centres=[mine.course.centre])
    assert "0535 000 00 01" in client.get(page(Application, "change", mine.pk)).content.decode()
    other = client.get(page(Application, "change", application.pk)).content.decode()
    assert "*** ** 33" in other and "111 22 33" not in other


@pytest.mark.parametrize(
    "model",
    [model for model in registered() if admin_of(model).masked_columns],
    ids=lambda model: model._meta.label_lower,
)
def test_an_auditor_finds_and_sorts_nothing_by_what_is_masked(client, world, model):
    signed_in(client, Role.AUDITOR)
    hidden = set(admin_of(model).masked_columns)
    for term in ("5321112233", "111 22 33", "gizli.adres", "GIZL-ISIM", "SORU-KODU"):
        searched = client.get(f"{every(model)}&q={term}").context["cl"]
        assert not searched.search_fields or searched.result_count == 0, term
    columns = client.get(every(model)).context["cl"].list_display
    for column, name in enumerate(columns):
        method = name if callable(name) else getattr(admin_of(model), name, None)
        sorts_by = getattr(method, "admin_order_field", name)
        if sorts_by in hidden:
            changelist = client.get(f"{every(model)}&o={column}").context["cl"]
            assert sorts_by not in str(changelist.queryset.query.order_by)


def test_a_manager_finds_by_them(client, world):
    signed_in(client, Role.MANAGER)
    for model, term in (
        (Application, "5321112233"),
        (Enquiry, "gizli.adres"),
        (Letter, "gizli.adres"),
    ):
        assert client.get(f"{every(model)}&q={term}").context["cl"].result_count, model


# --- Choosing ---------------------------------------------------------------------------------


def choosing():
    """The fields at which a row can be chosen by autocomplete."""
    for model in apps.get_models():
        for field in (*model._meta.fields, *model._meta.many_to_many):
            target = getattr(field.remote_field, "model", None)
            if target and admin.site.is_registered(target) and admin_of(target).search_fields:
                yield field


def one_of_each_table():
    """The same, but a field for each table to choose from: every one of them is the audit's."""
    return {field.remote_field.model: field for field in choosing()}.values()


CHOICES = pytest.mark.parametrize(
    "fields", [one_of_each_table, pytest.param(choosing, marks=pytest.mark.audit)]
)


def found(client, field, term):
    opts = field.model._meta
    asked = {"app_label": opts.app_label, "model_name": opts.model_name, "field_name": field.name}
    answer = client.get(reverse("admin:autocomplete"), asked | {"term": term})
    return answer.json()["results"] if answer.status_code == 200 else []


@CHOICES
@pytest.mark.parametrize("roles", [[role] for role in Role] + [[Role.OFFICER, Role.CURATOR]])
def test_nobody_finds_by_a_phone_that_they_do_not_see(client, roles, fields):
    make.enrolment(make.trainee("Sevgi", "Aksoy", phone="+905550001122"))
    make.teacher(phone="+905550001122", email="gizli@example.org")
    make.user("ogretmen", email="gizli@example.org")
    own = make.centre()
    signed_in(client, *roles, **({"centres": [own]} if Role.OFFICER in roles else {}))
    rows = [
        (str(field), row["text"])
        for field in fields()
        for term in ("0555000", "5550001122", "gizli@example")
        for row in found(client, field, term)
    ]
    assert bool(rows) == (Role.MANAGER in roles)


def test_a_curator_still_chooses_by_the_name(client):
    make.enrolment(make.trainee("Sevgi", "Aksoy", phone="+905550001122"))
    signed_in(client, Role.CURATOR)
    (field,) = [field for field in choosing() if str(field) == "exhibitions.Maker.trainee"]
    assert [row["text"].split(" · ")[0] for row in found(client, field, "aksoy")] == ["Sevgi Aksoy"]


# --- An identity number stands in no address --------------------------------------------------

WRITTEN = [NUMBER, "100 000 001 46", f"Ayşe {NUMBER}", "1000-000-0146", "١٠٠٠٠٠٠٠١٤٦"]
WRITTEN += [
    f"{NUMBER} 0555 123 45 67",
    f"8 {NUMBER} 2",
    "100/000/001/46",
    "(100)00000_146",
    f"T{NUMBER}",
]


@LISTS
@pytest.mark.audit
def test_an_identity_number_is_not_searched_for_on_any_list(client, model):
    signed_in(client, Role.MANAGER)
    address = page(model, "changelist")
    for written in WRITTEN:
        for answer in (
            client.get(address, {"q": written, "o": "1"}),
            client.post(address, {"q": written, "o": "1"}),
        ):
            assert answer.status_code == 302
            assert answer["Location"] in (address, reverse("admin:trainees_trainee_find"))
    assert "yer almamalıdır" in client.get(answer["Location"]).content.decode()


@LISTS
@pytest.mark.audit
def test_the_search_of_every_list_is_sent_by_post_and_goes_on(client, model):
    if not admin_of(model).search_fields:
        return
    signed_in(client, Role.MANAGER)
    address = page(model, "changelist")
    form = re.search(r'<form id="changelist-search"[^>]*>', client.get(address).content.decode())[0]
    assert 'method="post"' in form
    for term, kept in (("Ayşe", "q=Ay%C5%9Fe"), ("0555 123 45 67", "q=0555+123+45+67"), ("", "q=")):
        answer = client.post(address, {"q": term, "csrfmiddlewaretoken": "x"})
        assert answer["Location"] == f"{address}?{kept}"
        assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    "term",
    [
        "+90 (555) 123 45 67",
        "2023-0142, 2023-0143",
        "0555 123 45 67, 0532 111 22 33",
        "12.05.1980 3",
    ],
)
def test_what_is_no_identity_number_is_searched_for(client, term):
    signed_in(client, Role.MANAGER)
    answer = client.post(page(Application, "changelist"), {"q": term})
    assert "q=" in answer["Location"]


@CHOICES
def test_an_identity_number_finds_nothing_at_any_choice(client, fields):
    number = make.user(first_name="Sayı", last_name=NUMBER)
    assert number
    make.trainee("Sayı", NUMBER)
    signed_in(client, Role.MANAGER)
    assert not [
        field for field in fields() for written in WRITTEN[:2] if found(client, field, written)
    ]


# --- A second role gives no more to write -----------------------------------------------------

SEES_MORE = [Role.AUDITOR, Role.CURATOR]


def writable(role):
    """The tables whose rows a role changes in plain forms."""
    for model in registered():
        opts = model._meta
        mayed = f"{opts.app_label}.change_{opts.model_name}" in granted_to(role)
        if mayed and hasattr(model._default_manager.all(), "visible_to"):
            yield model


@pytest.mark.parametrize("second", SEES_MORE)
@pytest.mark.parametrize("model", list(writable(Role.OFFICER)), ids=lambda m: m._meta.label_lower)
@pytest.mark.audit
def test_an_officer_saves_no_row_that_only_another_role_shows_her(client, model, second):
    ROWS[model._meta.label_lower](1)
    own = make.centre()
    signed_in(client, Role.OFFICER, second, centres=[own])
    alone = make.user(Role.OFFICER, centres=[own])
    for row in model._default_manager.all():
        if model._default_manager.visible_to(alone).filter(pk=row.pk).exists():
            continue
        address = page(model, "change", row.pk)
        answer = client.get(address)
        assert answer.status_code in (200, 404)
        assert client.post(address, {"name": "X"}).status_code in (403, 404)
        if answer.status_code == 200:
            assert 'name="_save"' not in answer.content.decode()


def test_an_officer_who_audits_still_saves_her_own_centre(client):
    own = make.centre("Akmeşe Kurs Merkezi")
    signed_in(client, Role.OFFICER, Role.AUDITOR, centres=[own])
    address = page(type(own), "change", own.pk)
    data = shown(client.get(address)) | {"hours": "09.00-17.00"}
    assert client.post(address, data).status_code == 302
    own.refresh_from_db()
    assert own.hours == "09.00-17.00"


def acts_on(answer):
    acts = re.compile(r"/(act|photos|papers|order|preview|finish)/")
    return {link for link in links(answer) if acts.search(link)}


@pytest.mark.audit
def test_no_page_shows_a_button_that_answers_403(client):
    for number, label in enumerate(ROWS):
        ROWS[label](number)
    now = timezone.now()
    Application.objects.update(state="offered", offered_at=now, confirmed_at=now)
    user = signed_in(client, Role.OFFICER, Role.AUDITOR, centres=[make.centre()])
    course = Application.objects.get().course
    addresses = [page(Call, "desk")]
    addresses += [page(Course, tab, course.pk) for tab in ("trainees", "applications", "lessons")]
    for model in registered():
        opts = model._meta
        if user.has_perm(f"{opts.app_label}.view_{opts.model_name}"):
            addresses += [page(model, "change", row.pk) for row in model._default_manager.all()]
    buttons = {link for address in addresses for link in acts_on(client.get(address))}
    assert {link for link in buttons if client.get(link).status_code == 403} == set()


@pytest.mark.parametrize("second", SEES_MORE)
def test_an_officer_chooses_no_row_of_another_centre_for_her_own(client, second):
    foreign = make.centre("Kozluk Kurs Merkezi")
    make.enrolment(make.trainee("Gül", "Öz"), make.course(centre=foreign))
    signed_in(client, Role.OFFICER, second, centres=[make.centre("Akmeşe Kurs Merkezi")])
    opts = {"courses.Course.centre": "kozluk", "trainees.Enrolment.trainee": "öz"}
    offered = {
        str(field): found(client, field, opts[str(field)])
        for field in choosing()
        if str(field) in opts
    }
    assert offered == {name: [] for name in opts}


@pytest.mark.parametrize("second", [[], SEES_MORE])
def test_an_older_version_names_only_what_the_form_lets_choose(client, second):
    own, foreign = make.centre("Akmeşe Kurs Merkezi"), make.centre("Kozluk Kurs Merkezi")
    room, course = make.room(foreign), make.course("planned", centre=foreign)
    for row in (room, course):
        row.centre = own
        row.save()
    signed_in(client, Role.OFFICER, *second, centres=[own])
    for row in (room, course):
        restore = page(type(row), "restore", row.pk, row.history.earliest().history_id)
        answer = client.post(restore, follow=True)
        assert "seçemezsiniz" in answer.content.decode()
        row.refresh_from_db()
        assert row.centre == own


def test_no_curator_reads_the_applicants_of_a_foreign_course_by_being_an_officer(client):
    application = ROWS["trainees.application"](1)
    signed_in(client, Role.OFFICER, Role.CURATOR, centres=[make.centre()])
    queue = page(Course, "applications", application.course_id)
    assert client.get(queue).status_code == 404


def test_an_officer_who_audits_prints_the_works_of_her_centres_alone(client):
    own, foreign = make.centre("Akmeşe Kurs Merkezi"), make.centre("Kozluk Kurs Merkezi")
    works = [make.work("Lale", centre=own), make.work("Nergis", centre=foreign)]
    exhibition = make.exhibition(works=works)
    exhibition.centres.add(own)
    other = make.exhibition("Kozluk Sergisi", works=[works[1]])
    other.centres.add(foreign)
    signed_in(client, Role.OFFICER, Role.AUDITOR, centres=[own])
    papers = client.get(page(type(exhibition), "papers", exhibition.pk))
    assert papers.context["count"] == 1
    assert client.get(page(type(other), "papers", other.pk)).status_code == 404


def test_a_letter_is_sent_again_by_the_officer_of_its_centre_alone(client, mailoutbox):
    application = ROWS["trainees.application"](1)
    kind = ContentType.objects.get_for_model(application)
    letter = Letter.objects.create(
        kind="offer", to="a@example.com", subject="Yer", content_type=kind, object_id=application.pk
    )
    signed_in(client, Role.OFFICER, Role.AUDITOR, centres=[make.centre()])
    answer = client.post(page(Application, "act", application.pk, "resend"), {"letter": letter.pk})
    assert answer.status_code == 403

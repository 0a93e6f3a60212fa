"""The admin as a whole: the year at a glance, and what every list costs."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import Field, Holiday
from courses.services import cancel_session
from exhibitions.models import Enquiry, Photo, Technique, VisitorNote
from izmek.models import AccessLog, Counter, Letter, Override, SlugRedirect
from tests import factories as make
from trainees.models import Absence, Application, Call, Certificate, Mark, NoticeText, RollCall

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
MOST_OF_THE_INDEX = 18


@pytest.fixture
def manager(client):
    client.force_login(make.user("yonetici"))
    return client


def asked(client, address):
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(queries), answer


# --- Lists ------------------------------------------------------------------------------------


def photo_of(work):
    return Photo.objects.create(work=work, width=900, height=700)


def a_work(n):
    work = make.work(f"Eser {n}", makers=[make.trainee(last_name=f"Yapan{n}"), make.teacher()])
    photo_of(work)
    make.exhibition(f"Sergi {n}", works=[work])
    return work


def a_session(n):
    return make.session(a_course(n), teacher=make.teacher(last_name=f"Vekil{n}"))


def a_course(n):
    course = make.course(programme=make.programme(f"Program {n}"), teacher=make.teacher())
    course.slots.create(weekday=1, begin="09:00", end="12:00", lesson_hours=4)
    return course


def a_seat(n):
    return make.enrolment(make.trainee(last_name=f"Soyad{n}"), a_course(n))


def an_application(n):
    return Application.objects.create(
        course=a_course(n),
        first_name="Ayşe",
        last_name=f"Işık{n}",
        phone="+905551234567",
        birth_year=1990,
        reference=f"REF-{n}",
    )


def a_mark(n):
    seat = a_seat(n)
    module = seat.course.modules.create(name="Modül", hours=10)
    return Mark.objects.create(enrolment=seat, module=module, value=70)


def an_absence(n):
    seat = a_seat(n)
    return Absence.objects.create(enrolment=seat, session=make.session(seat.course), hours=1)


def a_call(n):
    seat = a_seat(n)
    return Call.objects.create(course=seat.course, enrolment=seat, kind="removed", what="Kayıt")


def about(n, model, **fields):
    return model.objects.create(
        content_type=ContentType.objects.get_for_model(Field), object_id=str(n), **fields
    )


ROWS = {
    "courses.neighbourhood": lambda n: make.neighbourhood(f"Mahalle {n}"),
    "courses.coursecentre": lambda n: make.centre(neighbourhood=make.neighbourhood(f"M{n}")),
    "courses.room": lambda n: make.room(make.centre()),
    "courses.holiday": lambda n: Holiday.objects.create(
        name=f"Tatil {n}",
        begin=timezone.localdate(),
        end=timezone.localdate(),
        centre=make.centre(),
    ),
    "courses.field": lambda n: Field.objects.create(name=f"Alan {n}"),
    "courses.programme": lambda n: make.programme(),
    "courses.educationyear": lambda n: make.year(name=f"201{n}-201{n + 1}"),
    "courses.term": lambda n: make.year().terms.create(
        name=f"Dönem {n}", begin=make.year().begin, end=make.year().end
    ),
    "courses.teacher": lambda n: make.teacher(last_name=f"Öğretmen{n}"),
    "courses.course": a_course,
    "courses.session": a_session,
    "trainees.trainee": lambda n: make.trainee(
        last_name=f"Soyad{n}", neighbourhood=make.neighbourhood(f"M{n}")
    ),
    "trainees.consent": lambda n: make.consent(make.trainee(last_name=f"S{n}"), "name web"),
    "trainees.noticetext": lambda n: NoticeText.objects.create(
        kind="consent", version=50 + n, language="tr", text="Metin"
    ),
    "trainees.application": an_application,
    "trainees.enrolment": a_seat,
    "trainees.call": a_call,
    "trainees.rollcall": lambda n: RollCall.objects.create(session=a_session(n)),
    "trainees.absence": an_absence,
    "trainees.mark": a_mark,
    "trainees.certificate": lambda n: Certificate.objects.create(
        enrolment=a_seat(n), number=f"2026-{n}", code=f"KOD{n}", content={}
    ),
    "exhibitions.technique": lambda n: Technique.objects.create(name=f"Teknik {n}"),
    "exhibitions.work": a_work,
    "exhibitions.showing": a_work,
    "exhibitions.exhibition": a_work,
    "exhibitions.photo": a_work,
    "exhibitions.enquiry": lambda n: Enquiry.objects.create(
        work=a_work(n), name="Ayşe", email="a@example.com", message="Merhaba"
    ),
    "exhibitions.visitornote": lambda n: VisitorNote.objects.create(
        exhibition=make.exhibition(), text="Güzel"
    ),
    "izmek.user": lambda n: make.user("ogretmen", "merkez-sorumlusu"),
    "izmek.accesslog": lambda n: about(n, AccessLog, action="exported", by=make.user()),
    "izmek.counter": lambda n: Counter.objects.create(kind="work", year=2000 + n),
    "izmek.letter": lambda n: about(n, Letter, kind="x", to="a@example.com", subject="Konu"),
    "izmek.override": lambda n: about(n, Override, act="x", reason="y", by=make.user()),
    "izmek.slugredirect": lambda n: about(n, SlugRedirect, slug=f"eski-{n}"),
}


def registered():
    return [model for model in apps.get_models() if admin.site.is_registered(model)]


def test_every_list_is_measured():
    assert set(ROWS) == {model._meta.label_lower for model in registered()}


@pytest.mark.parametrize("label", ROWS)
def test_a_list_costs_the_same_with_one_row_and_with_three(manager, label):
    name, model_admin = next(
        (
            f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist",
            admin.site.get_model_admin(model),
        )
        for model in registered()
        if model._meta.label_lower == label
    )
    of_years = any(getattr(f, "parameter_name", "") == "year" for f in model_admin.list_filter)
    address = reverse(name) + ("?year=all" if of_years else "")
    ROWS[label](1)
    before, _answer = asked(manager, address)
    ROWS[label](2)
    ROWS[label](3)
    after, answer = asked(manager, address)
    cl = answer.context["cl"]
    assert cl.result_count >= 3
    assert after == before + (1 if cl.multi_page else 0)  # the keys of the page are sorted
    assert after <= MOST_QUERIES


@pytest.mark.parametrize("label", ROWS)
def test_who_changed_a_row_can_be_seen(manager, label):
    ROWS[label](1)
    model = apps.get_model(label)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_history"
    row = model._default_manager.first()
    assert manager.get(reverse(name, args=[row.pk])).status_code == 200


def test_kinds_of_letters_and_protected_fields_are_said_in_words(manager):
    about(1, Letter, kind="session_cancelled", to="a@example.com", subject="Konu", state="sent")
    assert "ders iptali" in listed(manager, Letter)
    page = manager.get(reverse("admin:izmek_letter_change", args=[Letter.objects.get().pk]))
    now = timezone.localdate().strftime("%d.%m.%Y")
    _before, _label, after = page.content.decode().partition("Sonraki deneme")
    assert now not in after.partition("Son hata")[0]  # it went out: there is no next try
    about(1, AccessLog, action="exported", by=make.user(), fields="identity_number")
    assert ">kimlik numarası<" in listed(manager, AccessLog)


def listed(client, model):
    return client.get(reverse(f"admin:izmek_{model._meta.model_name}_changelist")).content.decode()


# --- The first page ---------------------------------------------------------------------------


def lines(answer, group):
    return {line["label"]: line["count"] for line in answer.context[group]}


def busy_year(centre=None):
    """A running course with one trainee and a missing roll, a submitted work, a draft that opens."""
    course = make.course(centre=centre)
    make.enrolment(of=course)
    make.session(course, timezone.localdate() - timedelta(days=1))
    make.work(state="submitted", centre=course.centre)
    soon = timezone.localdate() + timedelta(days=7)
    made = make.exhibition("Yünün Yolu", state="draft", begin=soon, end=soon)
    made.centres.add(course.centre)
    photo_of(make.work(state="draft", centre=course.centre))
    return course


def test_the_year_at_a_glance(manager):
    busy_year()
    cost, answer = asked(manager, reverse("admin:index"))
    assert cost <= MOST_OF_THE_INDEX
    figures, waiting = lines(answer, "figures"), lines(answer, "waiting")
    assert figures["Süren kurs"] == figures["Kayıtlı kursiyer"] == 1
    assert waiting == {
        "En küçük grubun altındaki kurslar": 1,
        "Alınmamış yoklamalar": 1,
        "Onay bekleyen eserler": 1,
        "Yakında açılacak taslak sergiler": 1,
        "Betimlemesi eksik fotoğraflar": 1,
    }
    assert [row["label"] for row in answer.context["coming"]] == ["Yünün Yolu"]


def test_each_figure_leads_to_a_list_with_as_many_rows(manager):
    course = busy_year()
    today = timezone.localdate()
    make.enrolment(course.enrolments.get().trainee, make.course())  # one person in two courses
    left = make.enrolment(of=course, state="withdrawn", state_reason="Taşındı", left_on=today)
    assert left.trainee != course.enrolments.first().trainee
    make.session(course, today)
    cancelled = make.session(course, today, begin=make.time(14), end=make.time(16))
    cancel_session(session=cancelled, reason="Kar", by=None)
    make.exhibition("Yılsız", begin=today, end=today)
    far = today + timedelta(days=99)
    make.exhibition("Uzak", state="draft", begin=far, end=far)
    answer = manager.get(reverse("admin:index"))
    figures = lines(answer, "figures")
    assert figures["Kayıtlı kursiyer"] == 1 and figures["Bu haftaki ders"] in (
        1,
        2,
    )  # one was yesterday
    for line in answer.context["figures"] + answer.context["waiting"]:
        rows = manager.get(line["url"]).context["cl"].result_count
        assert rows == line["count"], line["label"]


def test_an_officer_sees_the_figures_of_her_centre(client):
    mine = make.centre()
    busy_year(mine)
    busy_year()
    client.force_login(make.user("merkez-sorumlusu", centres=[mine]))
    answer = client.get(reverse("admin:index"))
    assert lines(answer, "figures")["Süren kurs"] == 1
    assert lines(answer, "waiting")["Alınmamış yoklamalar"] == 1


def test_a_curator_is_shown_no_trainees(client):
    busy_year()
    client.force_login(make.user("sergi-sorumlusu"))
    answer = client.get(reverse("admin:index"))
    assert "Kayıtlı kursiyer" not in lines(answer, "figures")
    assert "Onay bekleyen eserler" in lines(answer, "waiting")


def test_an_empty_municipality_has_a_first_page(manager):
    assert manager.get(reverse("admin:index")).status_code == 200

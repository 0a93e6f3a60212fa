"""The admin as a whole: the first page, and what every list costs."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from courses.models import Field, Holiday
from courses.services import cancel_session
from exhibitions.models import Enquiry, NamedText, Photo, Technique, VisitorNote
from exhibitions.services import sell_work
from izmek.models import (
    AccessLog,
    AccessSeal,
    Counter,
    DestructionLog,
    Letter,
    Merge,
    Override,
    SlugRedirect,
    SmsDay,
    Upkeep,
)
from tests import factories as make
from trainees.models import (
    Absence,
    Application,
    Call,
    Certificate,
    Identity,
    LookAlike,
    Mark,
    NoticeText,
    RollCall,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both]

MOST_QUERIES = 12


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


def a_sale(n):
    work = make.work(f"Eser {n}", sale_status="for sale")
    return sell_work(work=work, exhibition=make.exhibition(works=[work]), price=100 + n, by=None)


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


def a_pair(n):
    one, other = (make.trainee(last_name=f"Soyad{n}") for _n in range(2))
    return LookAlike.objects.create(
        one=one, other=other, reasons=["same name"], score=70, facts="x"
    )


def about(n, model, **fields):
    return model.objects.create(
        content_type=ContentType.objects.get_for_model(Field), object_id=str(n), **fields
    )


def a_person(n):
    """With an identity number, whatever it is: the list shows it masked."""
    person = make.trainee(last_name=f"Soyad{n}", neighbourhood=make.neighbourhood(f"M{n}"))
    Identity.objects.create(trainee=person, kind="tckn", number="10000000146", hash=f"{n}")
    return person


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
    "trainees.trainee": a_person,
    "trainees.consent": lambda n: make.consent(make.trainee(last_name=f"S{n}"), "name web"),
    "trainees.lookalike": a_pair,
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
    "exhibitions.sale": a_sale,
    "exhibitions.namedtext": lambda n: NamedText.objects.create(
        work=a_work(n), trainee=make.trainee(last_name=f"Adı{n}"), place="metin"
    ),
    "exhibitions.enquiry": lambda n: Enquiry.objects.create(
        work=a_work(n), name="Ayşe", email="a@example.com", message="Merhaba"
    ),
    "exhibitions.visitornote": lambda n: VisitorNote.objects.create(
        exhibition=make.exhibition(), text="Güzel"
    ),
    "izmek.user": lambda n: make.user("ogretmen", "merkez-sorumlusu"),
    "izmek.accesslog": lambda n: about(n, AccessLog, action="exported", by=make.user()),
    "izmek.accessseal": lambda n: AccessSeal.objects.create(
        day=date(2026, 1, 1) + timedelta(days=n), count=0, head=f"{n:064}"
    ),
    "izmek.destructionlog": lambda n: DestructionLog.objects.create(rows=n),
    "izmek.counter": lambda n: Counter.objects.create(kind="work", year=2000 + n),
    "izmek.letter": lambda n: about(n, Letter, kind="x", to="a@example.com", subject="Konu"),
    "izmek.smsday": lambda n: SmsDay.objects.create(day=date(2026, 1, 1) + timedelta(days=n)),
    "izmek.merge": lambda n: about(n, Merge, merged_id=f"1{n}", by=make.user()),
    "izmek.override": lambda n: about(n, Override, act="x", reason="y", by=make.user()),
    "django_tasks_database.dbtaskresult": lambda n: DBTaskResult.objects.create(
        args_kwargs={}, run_after=get_date_max(), task_path="x.y", backend_name="default"
    ),
    "izmek.upkeep": lambda n: Upkeep.objects.create(command=f"command {n}"),
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


@pytest.mark.sqlite
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


def lines(answer):
    return {line["label"]: line["count"] for line in answer.context["attention"]}


def figures(answer):
    return {line["label"]: line["count"] for line in answer.context["figures"]}


def busy_day(centre=None):
    """A running course with a trainee, a lesson today and a roll that was not called, and works."""
    course = make.course(centre=centre)
    make.enrolment(of=course)
    today = timezone.localdate()
    make.session(course, today - timedelta(days=3))
    make.session(course, today)
    make.work(state="submitted", centre=course.centre)
    soon = today + timedelta(days=7)
    made = make.exhibition("Yünün Yolu", state="draft", begin=soon, end=soon)
    made.centres.add(course.centre)
    photo_of(make.work(state="draft", centre=course.centre))
    return course


def test_the_first_page_is_the_days_work(manager):
    course = busy_day()
    make.session(course, timezone.localdate() + timedelta(days=1))
    manager.get(reverse("admin:index"))  # the year's figures are counted once
    cost, answer = asked(manager, reverse("admin:index"))
    assert cost <= MOST_QUERIES
    assert figures(answer) == {
        "Bugünkü ders": "1",
        "Yanıt bekleyen ön kayıt": "0",
        "Süren kurs": "1",
        "Başvuruya açık kurs": "0",
    }
    assert lines(answer) == {
        "Öğretmeni sisteme giremeyen kurslar": "1",
        "Dersliği olmayan kurslar": "1",
        "Yoklaması üç gündür alınmayan dersler": "1",
        "Onay bekleyen eserler": "1",
        "Fotoğrafı olmayan eserler": "1",
        "Yakında açılacak taslak sergiler": "1",
        "Yakında açılacak, eseri olmayan sergiler": "1",
        "Betimlemesi eksik fotoğraflar": "1",
    }
    page = answer.content.decode()
    assert "09.00–12.00" in page and str(course.teacher) in page
    assert page.count('<td class="nowrap">') == 1


def test_each_number_leads_to_a_list_with_as_many_rows(manager):
    course = busy_day()
    today = timezone.localdate()
    cancelled = make.session(course, today, begin=make.time(14), end=make.time(16))
    cancel_session(session=cancelled, reason="Kar", by=None)
    answer = manager.get(reverse("admin:index"))
    assert figures(answer)["Bugünkü ders"] == "1"
    for line in answer.context["figures"] + answer.context["attention"]:
        shown = manager.get(line["url"], follow=True).context
        rows = shown["cl"].result_count if "cl" in shown else shown["count"]
        assert str(rows) == line["count"], line["label"]


def test_the_lesson_says_who_teaches_it_and_whether_its_roll_was_called(manager):
    course = busy_day()
    lesson = course.sessions.get(date=timezone.localdate())
    later = make.teacher("Sevim", "Kurt")
    course.teacher_changes.create(teacher=later, begins_on=timezone.localdate(), reason="İzin")
    RollCall.objects.create(session=lesson)
    page = manager.get(reverse("admin:index")).content.decode()
    row = page.partition('<table class="today">')[2].partition("</table>")[0]
    assert "Sevim Kurt" in row and ">alındı<" in row
    lesson.teacher = make.teacher("Nur", "Ak")
    lesson.save()
    assert "Nur Ak" in manager.get(reverse("admin:index")).content.decode()


def test_of_many_lessons_those_to_come_are_shown(manager):
    course = busy_day()
    lesson = course.sessions.get(date=timezone.localdate())
    lesson.delete()
    for hour in range(8, 23):
        make.session(course, begin=make.time(hour), end=make.time(hour, 30), lesson_hours=1)
    now = timezone.localtime().time()
    begins = [one.begin for one in manager.get(reverse("admin:index")).context["lessons"]]
    assert len(begins) == 12 and begins == sorted(begins)
    to_come = [make.time(hour) for hour in range(8, 23) if make.time(hour, 30) > now]
    assert set(to_come[:12]) <= set(begins)


def test_the_first_page_costs_the_same_for_one_and_for_sixty(manager, client):
    course = busy_day()
    officer = make.user("merkez-sorumlusu", centres=[course.centre])
    costs = []
    for people in (1, 60):
        for n in range(people):
            make.enrolment(make.minor(last_name=f"Ak{people}{n}"), course)
            make.session(make.course(centre=course.centre), begin=make.time(7), end=make.time(23))
        for user in (make.user("yonetici"), officer):
            client.force_login(user)
            client.get(reverse("admin:index"))
            costs.append(asked(client, reverse("admin:index"))[0])
    assert max(costs) <= MOST_QUERIES and costs[:2] == costs[2:], costs


def test_more_than_fifty_are_told_as_so_many(manager):
    for n in range(51):
        photo_of(make.work(f"Eser {n}", state="draft"))
    answer = manager.get(reverse("admin:index"))
    assert lines(answer)["Betimlemesi eksik fotoğraflar"] == "50+"


def test_an_officer_sees_the_day_of_their_centre(client):
    mine = make.centre()
    busy_day(mine)
    busy_day()
    client.force_login(make.user("merkez-sorumlusu", centres=[mine]))
    answer = client.get(reverse("admin:index"))
    assert figures(answer)["Süren kurs"] == "1" == figures(answer)["Bugünkü ders"]
    assert lines(answer)["Yoklaması üç gündür alınmayan dersler"] == "1"


def test_the_year_is_drawn_for_who_sees_its_people(client):
    """An officer sees their centre alone; a curator the works."""
    year = make.year(timezone.localdate() - timedelta(days=150))
    begin = year.begin + timedelta(days=3)
    mine, other = (
        make.course(term=make.term(year), begin=begin, programme=make.programme(name))
        for name in ("Ebru", "Keçe")
    )
    for course in (mine, other):
        make.enrolment(of=course, joined_on=begin)
    make.work(technique=make.technique("Çini"), year=year, centre=mine.centre)

    def drawn(user):
        client.force_login(user)
        plots = client.get(reverse("admin:index")).context["plots"]
        return {plot.key: [row.label for row in plot.rows] for plot in plots}

    assert sorted(drawn(make.user("yonetici"))["programme"]) == ["Ebru", "Keçe"]
    officer = make.user("merkez-sorumlusu", centres=[mine.centre])
    assert drawn(officer)["programme"] == ["Ebru"]
    assert drawn(make.user("sergi-sorumlusu")) == {"technique": ["Çini"]}


def test_a_curator_is_shown_no_trainees(client):
    busy_day()
    client.force_login(make.user("sergi-sorumlusu"))
    answer = client.get(reverse("admin:index"))
    page = answer.content.decode()
    assert "Onay bekleyen eserler" in lines(answer) and "Yünün Yolu" in page
    assert not any("kursiyer" in label for label in lines(answer))
    assert "Aranacaklar" not in page and "Bugünün dersleri" not in page


@pytest.mark.sqlite
def test_an_empty_municipality_is_told_what_will_stand_there(manager):
    page = manager.get(reverse("admin:index")).content.decode()
    assert "Dikkat isteyen bir şey yok." in page and "Bugün ders yok." in page


@pytest.mark.sqlite
def test_the_tables_stand_on_a_page_of_their_own(client):
    client.force_login(make.user("sergi-sorumlusu"))
    assert reverse("admin:tables") in client.get(reverse("admin:index")).content.decode()
    page = client.get(reverse("admin:tables")).content.decode()
    assert reverse("admin:exhibitions_technique_changelist") in page
    assert reverse("admin:trainees_trainee_changelist") not in page

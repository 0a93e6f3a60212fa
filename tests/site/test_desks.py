"""The pages of the daily work: at most twelve queries, and for many rows as many as for two."""

from datetime import time, timedelta

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from exhibitions import services as shows
from exhibitions.models import Enquiry, Guest, VisitorNote
from izmek.accounts.roles import Role
from izmek.acts.saving import save
from izmek.models import Letter
from tests import factories as make
from tests.classroom import Classroom, day, phone
from trainees import services
from trainees.enums import Purpose
from trainees.models import Application, Call, OutsideRow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

MOST_QUERIES = 12


class Town:
    """A course, a person, a work and an exhibition, each with as many rows of every kind as are added."""

    def __init__(self):
        self.rows = 0
        self.room = Classroom(trainees=0, modules=2, capacity=500)
        self.course, self.centre = self.room.course, self.room.course.centre
        self.person = make.trainee(phone=phone())
        self.work = make.work("Lale", course=self.course, centre=self.centre, makers=[self.person])
        self.fair = make.exhibition("Bahar Sergisi", works=[self.work])
        self.waiting = make.work("Sümbül", state="submitted", centre=self.centre)
        make.show(self.waiting, self.fair, approved_at=None)

    def grow(self, rows):
        for n in range(self.rows, self.rows + rows):
            self._class_grows(n)
            self._person_grows(n)
            self._exhibition_grows(n)
        self.rows += rows

    def _class_grows(self, n):
        seat = self.room.seat()
        lesson = make.session(
            self.course, day(-1 - n // 9), begin=time(8 + n % 9), end=time(9 + n % 9)
        )
        seat.absences.create(session=lesson, hours=1)
        seat.marks.create(module=self.room.modules[0], value=70)
        for purpose in Purpose:
            make.consent(seat.trainee, purpose)
        self._applied(make.trainee(phone=phone()), self.course)
        rows = [
            OutsideRow(row=n, name=f"Kişi {n}", facts={"result": "Kaldı"}) for n in range(n + 1)
        ]
        rows.append(OutsideRow(row=n + 2, name=str(seat.trainee), facts={"absent_hours": 9}))
        services.reconcile(course=self.course, rows=rows, by=None)
        self._told(seat)
        self.course.note = f"Not {n}"
        self.course.teacher_changes.create(
            teacher=make.teacher("Ayşe", f"Usta{n}"), begins_on=day(-n)
        )
        save(self.course, by=make.user("yonetici"))
        make.session(self.course, day(1 + n), teacher=make.teacher())

    def _person_grows(self, n):
        course = make.course(centre=self.centre, room=make.room(self.centre))
        seat = make.enrolment(self.person, course)
        seat.state_reason = f"Aradı {n}"
        save(seat, by=make.user("yonetici"))
        self._told(seat)
        self._applied(self.person, make.course(centre=self.centre))
        make.consent(self.person, Purpose.PHOTO)
        self.person.guardians.create(name=f"Veli {n}", relation="anne", phone=phone())
        shows.ask(kind="privacy", name="Ayşe", email="a@example.org", message="Verilerim")
        Enquiry.objects.filter(kind="privacy", trainee=None).update(trainee=self.person)
        self.person.neighbourhood = make.neighbourhood(f"Mahalle {n}")
        save(self.person, by=make.user("yonetici"))

    def _exhibition_grows(self, n):
        centre = make.centre()
        makers = [make.trainee(last_name=f"Çiçek{n}"), self.person, make.teacher()]
        work = make.work(
            f"Oya {n}", course=make.course(centre=centre), centre=centre, makers=makers
        )
        showing = make.show(work, self.fair)
        showing.place = f"Masa {n}"
        self._sells(n)
        save(showing, by=make.user("sergi-sorumlusu"))
        make.photo(work=work)
        make.photo(exhibition=self.fair)
        Guest.objects.create(exhibition=self.fair, name=f"Konuk {n}", office="Muhtar")
        VisitorNote.objects.create(exhibition=self.fair, text="Güzel")
        enquiry = {"kind": "question", "name": "Ayşe", "email": "a@example.org"}
        shows.ask(work=work, message="Satılık mı?", **enquiry)
        self.fair.neighbourhood = make.neighbourhood(f"Mahalle {n}")
        save(self.fair, by=make.user("sergi-sorumlusu"))
        other = make.work(f"Bekleyen {n}", state="submitted", submitted_at=timezone.now())
        make.photo(work=other)
        make.show(other, self.fair, approved_at=None)
        self.work.makers.create(trainee=make.trainee(last_name=f"Ortak{n}"))
        make.photo(work=self.work)
        make.exhibition(f"Sergi {n}", works=[self.work, self.waiting])

    def _sells(self, n):
        for name in ("Satılan", "Satılacak"):
            work = make.work(f"{name} {n}", makers=[self.person], sale_status="for sale", price=90)
            make.show(work, self.fair)
            if name == "Satılan":
                day = timezone.localdate() - timedelta(days=n % 3)
                shows.sell_work(work=work, price=90, exhibition=self.fair, date=day, by=None)

    def _applied(self, who, course):
        facts = {"first_name": who.first_name, "last_name": who.last_name, "trainee": who}
        facts |= {"phone": phone(), "birth_year": 1980, "confirmed_at": timezone.now()}
        Application.objects.create(course=course, reference=phone(), **facts)

    def _told(self, seat):
        facts = {"kind": "session_cancelled", "what": "Ders iptal", "text": "Ders iptal."}
        Call.objects.create(course=seat.course, enrolment=seat, **facts)
        facts = {"kind": "enrolled", "subject": "Kaydınız tamam", "text": "Metin"}
        Letter.objects.create(to="zeynep@example.org", object=seat, **facts)


COURSE = (
    "trainees",
    "applications",
    "lessons",
    "roll",
    "marks",
    "works",
    "papers",
    "reconciliation",
    "outcome",
)
PERSON = ("summary", "seats", "consents", "works", "contacts", "looks", "personal_data")
EXHIBITION = ("works", "order", "gallery", "sales", "papers", "visitors")
ROWS = {
    "courses_course": ("course", COURSE),
    "trainees_trainee": ("person", PERSON),
    "exhibitions_exhibition": ("fair", EXHIBITION),
    "exhibitions_work": ("work", ()),
}
PLAIN = (
    "index",
    "changes",
    "trainees_call_desk",
    "trainees_enrolment_reconciliation",
    "trainees_certificate_papers",
    "courses_room_free",
    "courses_course_copy",
    "courses_course_add",
    "exhibitions_exhibition_add",
)


def pages(town):
    """{name: address} of every page on which people work."""
    found = {name: reverse(f"admin:{name}") for name in PLAIN}
    for table, (row, tabs) in ROWS.items():
        for tab in (*tabs, "change", "history"):
            found[f"{row} {tab}"] = reverse(f"admin:{table}_{tab}", args=[getattr(town, row).pk])
    for table, row in (("coursecentre", town.centre), ("teacher", town.room.teacher)):
        found[f"week {table}"] = reverse(f"admin:courses_{table}_week", args=[row.pk])
    found["approval"] = reverse("admin:exhibitions_work_approval", args=[town.waiting.pk])
    return found


def test_many_rows_cost_what_two_cost(client):
    town = Town()
    client.force_login(make.user(Role.MANAGER))

    def costs():
        found = {}
        for name, address in pages(town).items():
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200, name
            found[name] = len(asked)
        return found

    ContentType.objects.get_for_models(*apps.get_models())  # read once and kept
    town.grow(2)
    for name in ("index", "changes"):
        client.get(reverse(f"admin:{name}"))
    few = costs()
    town.grow(8)
    many = costs()
    dear = {n: (few[n], many[n]) for n in few if few[n] != many[n] or many[n] > MOST_QUERIES}
    assert dear == {}

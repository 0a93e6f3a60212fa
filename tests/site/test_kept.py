"""Every reading page is kept, every act ends exactly what it changes, and what stays is as if made anew.

Three proofs, from the widest: a page reads no table but those that its areas watch; after each of many
acts, each page that is still kept is byte for byte the page that would be made; and the acts of a
busy day (seats, rolls, corrected phones) leave the pages of works alone.
"""

import re
from copy import deepcopy
from datetime import time, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from courses.models import Holiday, TimetableSlot
from courses.services import cancel_session, change_teacher
from exhibitions.models import Enquiry, Guest, Partner
from exhibitions.services import (
    delete_photo,
    refuse_note,
    sell_work,
    show_note,
    unpublish_exhibition,
    withdraw_work,
    write_note,
)
from izmek.models import Counter, PublicChange, SlugRedirect
from izmek.public import areas, slugs
from izmek.public import cache as kept
from izmek.public.enums import Area
from izmek.site import figures
from tests import factories as make
from tests.classroom import Classroom
from tests.trainees.certificates import make_certificate
from trainees.enums import EnrolmentState, NoticeKind, Purpose
from trainees.models import Guardian, NoticeText
from trainees.services import (
    apply,
    call_roll,
    give_consent,
    mark_absent,
    recount,
    replace_certificate,
    revoke_certificate,
    withdraw,
    withdraw_application,
    withdraw_consent,
)

pytestmark = pytest.mark.django_db

SHOWN, COURSES, LESSONS, SEATS, FIGURES, CERTIFICATES = Area
# Pages that keep nothing here: the catalogue is a file in the storage, under a hash of what it prints.
NOT_KEPT = {"exhibition_catalogue"}
# Tables whose change is told by another: the flag of the demo and old addresses, which end all; the rest
# is Django's own. A history's row is written with the row that it is about.
TOLD_OTHERWISE = {Counter, SlugRedirect, PublicChange}


class Town:
    """One of everything that a page can show."""

    def __init__(self):
        self.centre = make.centre("Akmeşe Merkezi", slug="akmese", phone="+902623210000")
        self.room = Classroom(centre=self.centre, programme=make.programme("Çini"), modules=1)
        self.course, self.teacher = self.room.course, self.room.teacher
        TimetableSlot.objects.create(
            course=self.course, weekday=0, begin=time(9), end=time(12), lesson_hours=4
        )
        self.lesson = make.session(self.course, day=timezone.localdate() + timedelta(days=7))
        self.free = make.course(
            centre=self.centre,
            state="open",
            capacity=5,
            begin=timezone.localdate() + timedelta(days=5),
        )
        NoticeText.objects.create(
            kind=NoticeKind.APPLICATION, version=1, language="tr", text="Metin"
        )
        self.application = self.applies("Ayşe")
        self.maker = make.trainee("Zeynep", "Kardelenoğlu")
        self.seat = make.enrolment(self.maker, self.free)
        make.consent(self.maker, Purpose.NAME_WEB)
        make.consent(self.teacher, Purpose.NAME_WEB)
        self.work, self.other = (
            make.work(title, makers=[self.maker], course=self.course, centre=self.centre)
            for title in ("Karanfil oyası", "Lale oyası")
        )
        self.photo = make.photo(work=self.work)
        make.photo(centre=self.centre)
        self.exhibition = make.exhibition(
            "Güz Sergisi", works=[self.work, self.other], slug="guz-2026", year=self.work.year
        )
        self.exhibition.centres.add(self.centre)
        make.photo(exhibition=self.exhibition)
        Guest.objects.create(exhibition=self.exhibition, name="Konuk")
        Partner.objects.create(exhibition=self.exhibition, name="Kurum")
        self.note = self.writes("Çok güzel")
        show_note(note=self.note, by=None)
        slugs.remember(self.exhibition, "eski-adres")
        self.certificate = make_certificate(self.seat)

    def applies(self, name):
        return apply(
            course=self.free,
            first_name=name,
            last_name="Kaya",
            phone=f"+9055512345{len(name):02d}",
            birth_year=1990,
            email=f"n{len(name)}@example.org",
            language="tr",
            by=None,
        )

    def writes(self, text):
        return write_note(exhibition=self.exhibition, text=text)

    def addresses(self):
        """Every page that is read, by the name of its address; lists also with what they may be asked."""
        course, exhibition = self.free, self.exhibition.slug
        turkish = {
            "home": "/",
            "exhibitions": "/sergiler/",
            "exhibitions_calendar": "/sergiler/takvim.ics",
            "exhibitions_feed": "/sergiler/akis.atom",
            "exhibition": f"/sergiler/{exhibition}/",
            "exhibition of a technique": f"/sergiler/{exhibition}/?teknik=igne-oyasi&sayfa=2",
            "exhibition moved": "/sergiler/eski-adres/",
            "exhibition_calendar": f"/sergiler/{exhibition}/takvim.ics",
            "visitor_book": f"/sergiler/{exhibition}/defter/",
            "works": "/eserler/",
            "works searched": "/eserler/?q=kardelenoglu",
            "work": self.work.get_absolute_url(),
            "work_without_title": f"/eserler/{self.work.number}/",
            "work_short": f"/e/{self.work.number}/",
            "courses": "/kurslar/",
            "courses with free seats": "/kurslar/?bos=1",
            "course": course.get_absolute_url(),
            "timetable": f"/kurslar/{self.course.pk}/takvim.ics",
            "centres": "/merkezler/",
            "centre": "/merkezler/akmese/",
            "figures": "/rakamlarla/",
            "figures_csv": "/rakamlarla/veri.csv",
            "figures_json": "/rakamlarla/veri.json",
            "search": "/ara/?q=oya",
            "search for a course": "/ara/?q=el+sanatlari",
            "certificates": "/belge/",
            "certificates asked": f"/belge/?kod={self.certificate.code.lower()}",
            "certificate": f"/belge/{self.certificate.code}/",
            "certificate_keys_json": "/belge/anahtarlar.json",
            "certificate_keys_text": "/belge/anahtarlar.txt",
            "accessibility": "/erisilebilirlik/",
            "privacy": "/aydinlatma/",
            "cookies": "/cerezler/",
            "contact": "/iletisim/",
            "robots": "/robots.txt",
            "sitemap": "/sitemap.xml",
            **{
                f"sitemap_section {part}": f"/sitemap-{part}.xml"
                for part in ("pages", "exhibitions", "works", "centres", "courses")
            },
        }
        english = {
            "home in English": "/en/",
            "exhibition in English": f"/en/exhibitions/{exhibition}/",
        }
        return {**turkish, **english}


@pytest.fixture
def town(media):
    made = Town()
    for address in made.addresses().values():
        assert Client().get(address).status_code in (200, 302), address  # a year is counted now
    return made


def count(address, **headers):
    """The answer, and how many questions it cost."""
    with CaptureQueriesContext(connection) as asked:
        answer = Client(headers=headers).get(address)
    return answer, len(asked)


def made_anew():
    """A client of the site without anything that is kept."""
    rest = [name for name in settings.MIDDLEWARE if name != "izmek.public.cache.KeptPages"]
    client = Client()
    with override_settings(MIDDLEWARE=rest):
        client.handler.load_middleware()
    return client


def text(answer):
    """What a page says. The index of the site map tells the last answer to any consent, also of people
    who stand on no page; an earlier one is as true there."""
    said = answer.content.decode()
    return re.sub("<lastmod>.*?</lastmod>", "", said) if "<sitemapindex" in said else said


# --- Every page -----------------------------------------------------------------------------------


def test_every_reading_page_says_of_what_it_is_made(town):
    names = {
        pattern.name: pattern.callback
        for pattern in _patterns(get_resolver())
        if getattr(pattern.callback, "reading", False)
    }
    assert len(names) > 20
    silent = {name for name, view in names.items() if not hasattr(view, "kept")}
    assert silent == NOT_KEPT
    # And the other tests ask each of them.
    assert {name.partition(" ")[0] for name in town.addresses()} == set(names) - NOT_KEPT


def _patterns(resolver):
    for pattern in resolver.url_patterns:
        yield from [pattern] if isinstance(pattern, URLPattern) else _patterns(pattern)


def test_the_second_visit_asks_one_question(town):
    for name, address in town.addresses().items():
        first = Client().get(address)
        again, questions = count(address)
        assert questions == 1, name
        assert (again.status_code, again.content, dict(again.items())) == (
            first.status_code,
            first.content,
            dict(first.items()),
        ), name


def test_what_is_still_true_is_said_without_having_the_page(town):
    for name, address in town.addresses().items():
        tag = Client().get(address)["ETag"]
        cache.clear()
        kept.forget()
        answer, questions = count(address, if_none_match=tag)
        assert (answer.status_code, answer.content, questions) == (304, b"", 1), name
        assert answer["ETag"] == tag and answer["Cache-Control"] == "no-cache"


def test_a_page_reads_no_table_but_those_that_its_areas_watch(town):
    """So nothing that a page shows can change without a row of PublicChange."""
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    for name, address in town.addresses().items():
        with CaptureQueriesContext(connection) as asked:
            made_anew().get(address)
        declared, _names = kept._kept_match(address.partition("?")[0]).func.kept
        sql = " ".join(query["sql"] for query in asked if query["sql"].startswith("SELECT"))
        for table in set(re.findall(r'(?:FROM|JOIN) "(\w+)"', sql)):
            model = models[table]
            model = getattr(model, "instance_type", model)
            if model in TOLD_OTHERWISE or model._meta.app_label == "contenttypes":
                continue
            assert areas.watching(model) & declared, (name, table)


# --- Every act ------------------------------------------------------------------------------------


def correct_a_phone(town):
    for person in (town.maker, town.teacher):
        person.phone = "+905550000000"
        person.save()


def register_somebody(town):
    who = make.trainee("Yeni", "Kursiyer")
    Guardian.objects.create(trainee=who, name="Ayla Kaya", relation="anne")
    make.user("ogretmen")


def first_answers(town):
    """What people answer on the day on which they enrol; they have made nothing yet."""
    who = make.trainee("Yeni", "Kursiyer")
    for purpose, act in zip(Purpose, (give_consent, give_consent, withdraw_consent), strict=False):
        act(trainee=who, purpose=purpose, channel="paper", by=None)


def answer_what_no_page_asks(town):
    withdraw_consent(trainee=town.maker, purpose=Purpose.CONTACT, channel="paper", by=None)


def withdraw_a_consent(town):
    withdraw_consent(trainee=town.maker, purpose=Purpose.NAME_WEB, channel="paper", by=None)


def withdraw_a_teachers_consent(town):
    withdraw_consent(teacher=town.teacher, purpose=Purpose.NAME_WEB, channel="paper", by=None)


def correct_a_name(town):
    town.maker.last_name = "Lale"
    town.maker.save()


def correct_a_teachers_name(town):
    town.teacher.last_name = "Lale"
    town.teacher.save()


def call_the_roll(town):
    mark_absent(enrolment=town.room.seats[0], session=town.room.session, by=town.room.user)
    call_roll(session=town.room.session, by=town.room.user)


def write_a_topic(town):
    town.room.session.topic = "Fırça tutmak"
    town.room.session.save()


def cancel_a_lesson(town):
    cancel_session(session=town.lesson, reason="Kar tatili", by=None)


def keep_a_holiday(town):
    day = town.lesson.date
    Holiday.objects.create(name="Bayram", begin=day, end=day)


def take_a_seat(town):
    make.enrolment(make.trainee("Fatma", "Ak"), town.free)


def leave_a_seat(town):
    withdraw(enrolment=town.seat, by=None)


def apply_for_a_seat(town):
    town.applies("Nurten")


def confirm_an_application(town):
    make.confirmed(town.application)


def take_an_application_back(town):
    withdraw_application(
        application=town.application, by=None, phone_digits=town.application.phone.as_e164[-4:]
    )


def enlarge_a_course(town):
    town.free.capacity = 12
    town.free.save()


def change_a_programme(town):
    town.course.programme.name_en = "Tile decoration"
    town.course.programme.save()


def change_the_programme_of_a_course(town):
    town.course.programme = make.programme("Ebru")
    town.course.save()


def change_a_teacher(town):
    change_teacher(
        course=town.course,
        teacher=make.teacher("Sevim", "Taş"),
        begins_on=timezone.localdate() + timedelta(days=1),
        by=None,
    )


def change_the_weekly_time(town):
    town.course.slots.update(begin=time(10))
    slot = town.course.slots.get()
    slot.save()


def telephone_of_a_centre(town):
    town.centre.phone = "+902623210001"
    town.centre.save()


def rename_a_neighbourhood(town):
    town.centre.neighbourhood.name = "Ambarcı"
    town.centre.neighbourhood.save()


def write_a_notice(town):
    NoticeText.objects.create(kind=NoticeKind.NOTE, version=1, language="tr", text="Yeni metin")


def retitle_a_work(town):
    town.work.title = "Lale"
    town.work.save()


def take_a_work_back(town):
    withdraw_work(work=town.work, reason="İstek", by=None)


def sell_a_work(town):
    town.work.sale_status = "for sale"
    town.work.save()
    sell_work(work=town.work, price=500, by=None)


def delete_a_photo(town):
    delete_photo(photo=town.photo, by=None)


def hide_an_exhibition(town):
    unpublish_exhibition(exhibition=town.exhibition, by=None)


def add_a_centre_to_an_exhibition(town):
    town.exhibition.centres.add(make.centre("Ortaburun Merkezi"))


def refuse_a_line(town):
    refuse_note(note=town.note, by=None)


def ask_something(town):
    Enquiry.objects.create(work=town.work, name="Ali", email="ali@example.org", message="Kaç lira?")


def count_the_year_again(town):
    make.enrolment(make.trainee("Eski", "Kayıt"), town.course, joined_on=town.course.begin)
    recount(year=town.course.term.year, through=figures.counted_through())


def revoke_a_certificate(town):
    revoke_certificate(certificate=town.certificate, reason="Yanlış kişi", by=None)


def replace_a_certificate(town):
    town.seat.state = EnrolmentState.COMPLETED
    town.seat.save()
    replace_certificate(certificate=town.certificate, reason="Kayboldu", by=None)


def issue_a_certificate(town):
    make_certificate(make.enrolment(make.trainee("Fatma", "Ak"), town.course))


ACTS = {
    issue_a_certificate: {SEATS},  # of the seat that is taken for it
    revoke_a_certificate: {CERTIFICATES},
    replace_a_certificate: {CERTIFICATES, SEATS},  # of its seat, which is completed for it
    correct_a_phone: set(),
    register_somebody: set(),
    first_answers: set(),
    answer_what_no_page_asks: set(),
    ask_something: set(),
    take_a_seat: {SEATS},
    leave_a_seat: {SEATS},
    apply_for_a_seat: {SEATS},
    confirm_an_application: {SEATS},
    take_an_application_back: {SEATS},
    call_the_roll: {LESSONS},  # on a holiday it says that the lesson took place
    write_a_topic: {LESSONS},
    cancel_a_lesson: {LESSONS},
    keep_a_holiday: {LESSONS},
    enlarge_a_course: {COURSES},
    change_a_teacher: {COURSES},
    change_the_weekly_time: {COURSES},
    write_a_notice: {COURSES},
    change_a_programme: {SHOWN, COURSES},
    change_the_programme_of_a_course: {SHOWN, COURSES},
    telephone_of_a_centre: {SHOWN, COURSES},
    rename_a_neighbourhood: {SHOWN, COURSES},
    correct_a_teachers_name: {SHOWN, COURSES},
    withdraw_a_teachers_consent: {SHOWN, COURSES},
    correct_a_name: {SHOWN},
    withdraw_a_consent: {SHOWN},
    retitle_a_work: {SHOWN},
    take_a_work_back: {SHOWN},
    sell_a_work: {SHOWN},
    delete_a_photo: {SHOWN},
    hide_an_exhibition: {SHOWN},
    refuse_a_line: {SHOWN},
    count_the_year_again: {FIGURES, SEATS},
    add_a_centre_to_an_exhibition: {SHOWN, COURSES},  # a new centre is a page of its own
}


@pytest.mark.audit
def test_an_act_ends_its_areas_and_what_stays_is_as_if_made_anew(town):
    """Each act from the same state, which is there again when its transaction is rolled back."""
    addresses, fresh = town.addresses(), made_anew()
    tags = {name: Client().get(address)["ETag"] for name, address in addresses.items()}
    before = {area: areas.generation(frozenset([area])) for area in Area}
    held = {query: dict(own.pages) for query, own in kept._own.items()}
    for act, expected in ACTS.items():
        with transaction.atomic():
            act(deepcopy(town))
            ended = {area for area in Area if areas.generation(frozenset([area])) != before[area]}
            assert ended == expected, act.__name__
            stayed = set()
            for name, address in addresses.items():
                answer = Client().get(address)
                if answer.get("ETag") == tags[name]:
                    stayed.add(name)
                    case = (act.__name__, name)
                    assert text(answer) == text(fresh.get(address)), case
            if SHOWN not in ended:
                assert stayed >= {"exhibitions", "exhibition", "works", "work", "exhibitions_feed"}
            if not ended:
                assert stayed == set(addresses)
            if ended == {SEATS}:
                assert "home" not in stayed and "courses" not in stayed and "centres" in stayed
            transaction.set_rollback(True)
        # Only here are ids given twice: nothing of this state may be left.
        cache.clear()
        areas.forget()
        kept.forget()
        for query, pages in held.items():
            kept._own[query].pages.update(pages)

"""The demo municipality: what it holds, that it is right, and that it comes once."""

import io
import os
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from tempfile import TemporaryDirectory

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from courses.enums import CourseState
from courses.models import Course, CourseCentre, Holiday, Programme, Session, Teacher, Term
from exhibitions.enums import NameForm, Surface, WorkState
from exhibitions.models import Exhibition, Maker, Photo, Technique, Work
from izmek.acts.refusal import Refusal
from izmek.models import Letter, User
from izmek.secrets.identity import detect_kind
from izmek.site import figures
from izmek.site.demo import flag, places
from izmek.site.demo.build import build
from izmek.site.demo.pictures import Drawing, studio
from izmek.site.demo.town import Town
from izmek.site.management.commands import demo
from tests import factories
from trainees.enums import EnrolmentState, Purpose
from trainees.models import Consent, Enrolment, Identity, Trainee

AKMESE = "akmese-mahalle-konagi-yil-sonu-sergisi-2023"
PICTURES = 24


class TheDemo(TestCase):
    """Built once for all of these, with few and small pictures."""

    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(TemporaryDirectory())
        storage = "django.core.files.storage.FileSystemStorage"
        cls.enterClassContext(
            override_settings(
                STORAGES={
                    "default": {"BACKEND": storage, "OPTIONS": {"location": cls.folder}},
                    "staticfiles": {
                        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
                    },
                },
            )
        )
        super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        assert build(password="izmek-demo", size=160, processes=0, most_pictures=PICTURES)

    def test_its_size(self):
        sizes = {
            model: model.objects.count()
            for model in (CourseCentre, Programme, Teacher, Course, Trainee, Work, Photo)
        }
        assert list(sizes.values()) == [8, 12, 20, 40, 600, 90, PICTURES]
        assert flag.is_on()

    def test_the_real_exhibition_says_what_is_known_and_no_more(self):
        page = self.client.get(f"/sergiler/{AKMESE}/")
        for text in (
            "Akmeşe Mahalle Konağı",
            "Haziran 2023",
            "varsayılmıştır",
            "Fatma Kaplan Hürriyet",
            "İzmit Belediye Başkanı",
            "Zeki Kalaç",
            "İzmit Halk Eğitimi Merkezi Müdürlüğü",
            "Ambarcı Kurs Merkezi",
            "Ortaburun Kurs Merkezi",
        ):
            self.assertContains(page, text)
        self.assertNotContains(page, "1–30")
        exhibition = Exhibition.objects.get(slug=AKMESE)
        assert exhibition.opening_at is exhibition.opens_at is exhibition.visitor_count is None
        assert exhibition.showings.approved().count() == 30

    def test_the_figures_of_all_its_years_differ_by_five_people_at_least(self):
        through = figures.counted_through()
        years = figures.years(through)
        assert len(years) > 1
        told = [figures.figures_of(year, through) for year in years]
        people = [row.count for each in told for table in each.tables for row in table.rows]
        people += [table.total for each in told for table in each.tables]
        assert any(people) and all(number % 5 == 0 for number in people)

    def test_one_exhibition_is_open_one_is_coming_one_is_a_draft(self):
        public = Exhibition.objects.public()
        assert public.open_on().count() == public.coming().count() == 1
        assert public.past().count() == 3
        assert Exhibition.objects.count() == 6

    def test_everyone_signs_in_with_her_role(self):
        for name, role in {
            "yonetici": "yonetici",
            "merkez": "merkez-sorumlusu",
            "ogretmen": "ogretmen",
            "kurator": "sergi-sorumlusu",
            "denetci": "denetci",
        }.items():
            user = User.objects.get(username=name)
            assert user.check_password("izmek-demo")
            assert {str(held) for held in user.roles} == {role}
        officer = User.objects.get(username="merkez")
        assert [office.centre.slug for office in officer.offices.all()] == ["akmese"]

    def test_the_teacher_has_a_lesson_on_every_day_that_is_no_holiday(self):
        today = timezone.localdate()
        teacher = Teacher.objects.get(user__username="ogretmen")
        for day in (today + timedelta(days=n) for n in range(14)):
            if not Holiday.objects.on(day).exists():
                assert Session.objects.filter(date=day, holds_teacher=teacher).exists(), day

    def test_every_identity_number_is_possible(self):
        numbers = [(row.kind, row.number) for row in Identity.objects.defer(None)]
        assert len(numbers) > 580
        assert all(detect_kind(number) == kind for kind, number in numbers)
        assert set(Counter(kind for kind, _number in numbers)) == {"tckn", "ykn", "passport"}

    def test_courses_and_seats_in_every_state(self):
        states = set(Course.objects.values_list("state", flat=True))
        assert states == set(CourseState.values)
        seats = Counter(Enrolment.objects.values_list("state", flat=True))
        assert set(seats) >= {*EnrolmentState.outcomes(), "enrolled", "withdrawn"}
        assert seats["completed"] > 10 * seats["absent"]
        full = Course.objects.get(programme__name="Bilgisayar", state="open")
        assert full.seats_free == 0
        assert full.applications.waiting().count() == 5
        assert not Letter.objects.exists()

    def test_near_ambarci_a_weekday_morning_course_has_seats_and_another_is_full(self):
        address = "/kurslar/?mahalle=ambarci&saat=sabah"
        page = self.client.get(address)
        self.assertContains(page, "Keçe</a>")
        self.assertContains(page, "İğne Oyası</a>")
        self.assertContains(page, "Dolu; yedek listede 4 kişi")
        page = self.client.get(f"{address}&gun=2&bos=1")
        self.assertContains(page, "Keçe</a>")
        self.assertNotContains(page, "İğne Oyası</a>")
        for days in range(42):  # and so it stays for weeks
            later = Course.objects.open_for_application(timezone.now() + timedelta(days=days))
            assert later.with_free_seats().filter(centre__slug="ambarci", free__gt=0).exists(), days

    def test_works_in_every_state_and_each_with_its_craft(self):
        works = Work.objects.select_related("technique", "course__programme")
        assert {work.state for work in works} == set(WorkState.values)
        crafts = Technique.objects.filter(works__isnull=False).distinct()
        assert crafts.count() == 10
        for work in works.exclude(course=None):
            assert work.technique.name == work.course.programme.name
        assert len({work.title for work in works}) == 90

    def test_consents_of_every_kind(self):
        answers = Consent.objects.latest_answers()
        assert answers.filter(answer=True, trainee__isnull=False, guardian=None).exists()
        assert answers.filter(answer=True, teacher__isnull=False).exists()
        withdrawn = Consent.objects.filter(answer=True, purpose=Purpose.NAME_WEB).filter(
            trainee__in=answers.filter(answer=False, purpose=Purpose.NAME_WEB).values("trainee")
        )
        assert withdrawn.exists()
        assert Trainee.objects.filter(consents=None, made__isnull=False).exists()

        named = Maker.objects.with_public_names(Surface.WEB).select_related("trainee")
        shown = {maker.shows for maker in named}
        assert shown == set(NameForm.values)
        minors = [maker for maker in named if maker.trainee and maker.trainee.is_minor()]
        assert {maker.shows for maker in minors} == {NameForm.NONE, NameForm.SHORT}
        # Since her eighteenth birthday her guardian's yes counts no more.
        lapsed = [
            maker
            for maker in named.filter(trainee__consents__guardian__isnull=False).distinct()
            if not maker.trainee.is_minor() and maker.shows == NameForm.NONE
        ]
        assert lapsed

    def test_photos_are_described_in_two_languages_and_called_drawings(self):
        for photo in Photo.objects.all():
            assert len(photo.alt.split()) > 3
            assert len(photo.alt_en.split()) > 3
            assert "Illustration" in photo.credit
        assert {bool(photo.work), bool(photo.exhibition)} == {True, False}

    def test_doctor_finds_nothing_wrong(self):
        out = io.StringIO()
        with suppress(SystemExit):
            call_command("doctor", stdout=out)
        assert "WRONG" not in out.getvalue(), out.getvalue()

    @override_settings(DEBUG=True)
    def test_a_second_run_changes_nothing(self):
        def everything():
            rows = {model: model._base_manager.count() for model in apps.get_models()}
            return rows, sorted(os.listdir(f"{self.folder}/photos"))

        before = everything()
        out = io.StringIO()
        with self.assertNumQueries(1):
            call_command("demo", stdout=out)
        assert "loaded already" in out.getvalue()
        assert everything() == before


@pytest.mark.django_db
@pytest.mark.parametrize("today", [date(2027, 8, 31), date(2027, 9, 1), date(2028, 2, 29)])
def test_every_day_that_a_course_may_begin_on_has_a_term(today):
    town = Town(today)
    places.make_users(town, "x")
    places.make_places(town)
    places.make_calendar(town)
    for day in (today + timedelta(days=n) for n in range(-400, 61)):
        assert Term.objects.on(day).count() == 1, day


def test_it_refuses_where_debug_is_off():
    with pytest.raises(CommandError, match="DEBUG is off"):
        call_command("demo")


def test_forced_where_debug_is_off_the_password_is_nobody_s_guess(monkeypatch):
    passwords = []
    monkeypatch.setattr(
        demo, "build", lambda password, **options: passwords.append(password) or True
    )
    out = io.StringIO()
    call_command("demo", "--force", stdout=out)
    call_command("demo", "--force", stdout=out)
    assert len(set(passwords)) == 2
    assert all(len(password) >= 16 and password in out.getvalue() for password in passwords)


@pytest.mark.django_db
def test_it_refuses_a_database_that_is_in_use(settings):
    settings.DEBUG = True
    factories.trainee()
    with pytest.raises(CommandError, match="data of its own"):
        call_command("demo")
    with pytest.raises(Refusal):
        build(password="x")
    assert not flag.is_on()


def test_a_failure_leaves_no_file(media):
    drawings = [Drawing("kece", 1), Drawing("centre", 1)]
    with pytest.raises(ZeroDivisionError), studio(drawings, 160, processes=0) as pictures:
        photo = pictures.take(drawings[0])
        assert default_storage.exists(f"{photo.folder}/master.jpg")
        raise ZeroDivisionError
    assert not os.listdir(media / "photos")


def test_other_processes_draw():
    """Each has the storage that the environment names, and takes back what nobody took."""
    drawings = [Drawing("kece", 1), Drawing("kece", 1, "detail")]
    with pytest.raises(ZeroDivisionError), studio(drawings, 160, processes=1) as pictures:
        photo = pictures.take(drawings[1])
        assert max(photo.width, photo.height) == 128
        assert default_storage.exists(f"{photo.folder}/master.jpg")
        raise ZeroDivisionError
    assert not default_storage.exists(f"{photo.folder}/master.jpg")

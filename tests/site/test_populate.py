"""The populated town: that its rows are ones the product itself could have written."""

import io
from tempfile import TemporaryDirectory

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from courses.enums import CourseState
from courses.models import Course, Session, Teacher
from exhibitions.models import Exhibition, Work
from izmek.models import Counter, User
from izmek.secrets.identity import identity_hash
from trainees.enums import ApplicationState
from trainees.models import Application, Enrolment, Identity, Trainee
from trainees.services.outcome import outcome_of


@pytest.mark.both
class ThePopulatedTown(TestCase):
    """Built once for all of these, in the size "tiny"."""

    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(TemporaryDirectory())
        backend = "django.core.files.storage.FileSystemStorage"
        storage = {"BACKEND": backend, "OPTIONS": {"location": folder}}
        static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        storages = {"default": storage, "staticfiles": static}
        cls.enterClassContext(override_settings(STORAGES=storages))
        heads = cls.enterClassContext(TemporaryDirectory())
        cls.enterClassContext(override_settings(ACCESS_LOG_HEADS=heads))
        super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        # Not with DEBUG, which would note each statement with all its values.
        call_command("populate", "tiny", force=True, password="izmek-demo", stdout=io.StringIO())

    def read(self, address):
        answer = self.client.get(address)
        assert answer.status_code == 200, address
        return answer.content.decode()

    def sign_in(self, name):
        self.client.force_login(User.objects.get(username=name))

    def test_doctor_finds_nothing_wrong(self):
        said = io.StringIO()
        call_command("seal_access_log", stdout=io.StringIO())  # as every night does
        call_command("doctor", stdout=said)
        assert "WRONG" not in said.getvalue()

    @pytest.mark.audit
    def test_every_row_is_one_that_its_form_would_take(self):
        for model in (Course, Session, Trainee, Enrolment, Application, Exhibition, Work):
            for row in model.objects.all()[:200]:
                row.full_clean()
        for course in Course.objects.filter(state=CourseState.OPEN):
            assert course.seats_taken <= course.capacity, course

    def test_there_are_courses_in_every_state_and_seats_only_where_rules_were_copied(self):
        assert {course.state for course in Course.objects.all()} == set(CourseState)
        assert not Enrolment.objects.filter(course__total_hours=None).exists()

    def test_an_outcome_is_what_finishing_the_course_would_store(self):
        finished = Enrolment.objects.filter(absent_hours__isnull=False)
        assert len({row.state for row in finished}) >= 2
        for row in finished.select_related("course")[:100]:
            end = outcome_of(row)
            assert (row.state, row.absent_hours, row.success_mark) == (
                end.state,
                end.absent_hours,
                end.success_mark,
            )

    def test_numbers_are_encrypted_and_found_by_their_hash(self):
        row = Identity.objects.select_related("trainee").first()
        key = identity_hash(row.kind, row.number, row.country)
        assert Identity.objects.get(hash=key).trainee == row.trainee

    def test_search_keys_and_histories_are_those_that_saving_writes(self):
        for model in (Trainee, Teacher, Work, Course, Exhibition):
            row = model.objects.first()
            before = model.objects.filter(pk=row.pk).values().get()
            row.save()
            assert model.objects.filter(pk=row.pk).values().get() == before
        tracked = [
            m for m in apps.get_models() if hasattr(m._meta, "simple_history_manager_attribute")
        ]
        for model in tracked:
            rows, created = (
                model._base_manager.count(),
                model.history.filter(history_type="+").count(),
            )
            assert created >= rows - 60, model  # techniques come with the migrations

    def test_the_next_rows_have_the_next_keys(self):
        last = Trainee.objects.order_by("-pk").first().pk
        assert Trainee.objects.create(first_name="Yeni").pk > last
        year, number = (
            Work.objects.order_by("-number").values_list("number", flat=True)[0].split("-")
        )
        assert Counter.objects.get(kind="work", year=year).last >= int(number)

    def test_today_there_is_something_to_do(self):
        for name in ("yonetici", "merkez", "ogretmen", "kurator", "denetci"):
            assert authenticate(username=name, password="izmek-demo")
        teacher = User.objects.get(username="ogretmen")
        running = Course.objects.taught_by(teacher).filter(state=CourseState.RUNNING)
        assert running.count() == 3
        assert Session.objects.filter(course__in=running, date=timezone.localdate()).exists()
        assert Course.objects.open_for_application().exists()
        assert Exhibition.objects.public().open_on().count() == 2
        assert Application.objects.filter(state=ApplicationState.OFFERED).exists()

    def test_pages_of_the_public_answer(self):
        largest = Exhibition.objects.annotate(n=Count("works")).order_by("-n").first()
        addresses = [
            "/",
            "/en/",
            "/sergiler/",
            largest.get_absolute_url(),
            "/eserler/",
            Work.objects.first().get_absolute_url(),
            "/kurslar/",
            Course.objects.open_for_application().first().get_absolute_url(),
            "/merkezler/",
            "/rakamlarla/",
            "/ara/?q=mavi",
            "/sitemap.xml",
        ]
        for address in addresses:
            self.read(address)
        work = Work.objects.all_public().first()
        photo = work.photos.get()
        for name in (photo.jpeg_url, photo.share_url, photo.large_url):
            assert self.client.get(name).status_code == 200

    @pytest.mark.audit  # make bench has them on PostgreSQL
    def test_lists_and_rows_of_the_admin_answer(self):
        for name in ("yonetici", "merkez", "kurator", "denetci"):
            self.sign_in(name)
            request = self.client.get("/yonetim/").wsgi_request
            for model, model_admin in site._registry.items():
                if not model_admin.has_view_permission(request):
                    continue
                about = f"admin:{model._meta.app_label}_{model._meta.model_name}"
                self.read(reverse(f"{about}_changelist"))
                row = model_admin.get_queryset(request).first()
                if row:
                    self.read(reverse(f"{about}_change", args=[row.pk]))

    def test_pages_of_the_teacher_answer(self):
        self.sign_in("ogretmen")
        page = self.read("/ogretmen/")
        lesson = Session.objects.taught_by(User.objects.get(username="ogretmen")).filter(
            date=timezone.localdate()
        )[0]
        assert str(lesson.course.programme) in page
        self.read(reverse("teacher-roll", args=[lesson.pk]))

    def test_comes_only_to_an_empty_database(self):
        with self.assertRaisesMessage(CommandError, "people already"):
            call_command("populate", "tiny", force=True)

    def test_comes_to_no_real_site(self):
        with self.assertRaisesMessage(CommandError, "DEBUG is off"):
            call_command("populate", "tiny")

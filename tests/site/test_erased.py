"""Somebody is handed everything, then erased: afterwards nothing names them, in whatever table or file."""

import io
import json
import logging
import unicodedata
from datetime import timedelta

import pytest
import pyzipper
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from courses.enums import CourseState
from exhibitions import services as shows
from exhibitions.enums import IdentityCheck, PeopleOn, Wish
from exhibitions.models import Enquiry, Maker, Photo, VisitorNote
from exhibitions.services.erasure import photos_of
from izmek.accounts.roles import Role
from izmek.acts import imports, jobs
from izmek.acts.audit import log_access
from izmek.acts.enums import Access, ImportState, JobState
from izmek.acts.saving import save
from izmek.models import AccessLog, Job, Letter, SheetImport
from izmek.privacy.record import in_use
from izmek.text.fold import fold
from tests import factories as make
from tests.pdfs import assert_accessible, whole
from tests.refusals import refused
from trainees import services
from trainees.enums import EnrolmentState, Purpose
from trainees.models import (
    Absence,
    Application,
    Call,
    Certificate,
    Enrolment,
    Identity,
    OutsideRow,
    Trainee,
)
from trainees.services import erased_again

pytestmark = [pytest.mark.django_db, pytest.mark.both]

FIRST, LAST, MAIDEN = "Çağlayan", "Işıkgüdücü", "Öncekisoyad"
NUMBER, SECOND_NUMBER = "17291716060", "12345678950"
PHONE, OLD_PHONE, GUARDIAN_PHONE = "+905321112233", "+905431112244", "+905051112255"
EMAIL = "caglayan.isikguducu@example.org"
FREE = "dizinden ameliyat"  # what somebody wrote about them
NAMED = [FIRST, LAST, MAIDEN, NUMBER, SECOND_NUMBER, EMAIL, FREE, "Velisiadı"]
PHONES = [PHONE, OLD_PHONE, GUARDIAN_PHONE]


class Person:
    """Somebody with everything that there may be of a person."""

    def __init__(self):
        self.manager = make.user(Role.MANAGER)
        by = self.manager
        person = self.person = make.trainee(FIRST, MAIDEN, phone=OLD_PHONE, email=EMAIL)
        person.last_name, person.phone = LAST, PHONE
        save(person, by=by, reason=f"{FIRST} evlendi")
        services.record_identity(trainee=person, kind="tckn", number=NUMBER, by=by)
        services.see_identity(trainee=person, by=by, reason=f"{FIRST} {LAST} sordu")
        services.record_support(trainee=person, support=FREE, by=by)
        services.record_guardian(
            trainee=person, name=f"Velisiadı {LAST}", relation="anne", phone=GUARDIAN_PHONE, by=by
        )
        for purpose in Purpose:
            make.consent(person, purpose)
        self._attends()
        self._merged()
        self._makes()
        self._writes()
        self._is_listed()

    def _attends(self):
        person, by = self.person, self.manager
        self.course = make.course()
        seat = self.seat = make.enrolment(person, self.course)
        lesson = make.session(self.course, timezone.localdate() - timedelta(days=1))
        absence = Absence(enrolment=seat, session=lesson, hours=2, note=f"{FIRST} {FREE}")
        save(absence, by=by)
        applied = Application(
            course=self.course,
            first_name=FIRST,
            last_name=LAST,
            phone=PHONE,
            email=EMAIL,
            birth_year=1980,
            trainee=person,
            state="enrolled",
            reference="K7RC-3VTD-MZ4P",
        )
        save(applied, by=by)
        unlinked = Application(
            course=make.course(),
            first_name=FIRST,
            last_name=LAST,
            phone=PHONE,
            birth_year=1980,
            state="withdrawn",
            reference="K7RC-3VTD-MZ4R",
        )
        save(unlinked, by=by)
        letter = {"kind": "enrolled", "subject": f"Sayın {FIRST}", "text": f"{FIRST} {LAST}"}
        Letter.objects.create(to=EMAIL, object=seat, **letter)
        Letter.objects.create(to="kurator@example.org", object=self.course, **letter)
        facts = {"kind": "session_cancelled", "what": f"{FIRST} aranacak", "text": f"Sayın {FIRST}"}
        Call.objects.create(course=self.course, enrolment=seat, **facts)
        person.call_attempts.create(phone=PHONE, answer="reached")
        self.certificate = Certificate.objects.create(
            enrolment=seat,
            number="2026-0001",
            code="CDFG-HKLM-NPRT-VYZ3",
            content={"name": f"{FIRST} {LAST}", "number": "2026-0001", "programme": "Oya"},
            signed=f"v1.x.{FIRST}",
        )
        self.certificate.state_reason = f"{FIRST} {LAST} istedi"
        save(self.certificate, by=by)

    def _merged(self):
        person, by = self.person, self.manager
        second = make.trainee(FIRST, LAST, phone=OLD_PHONE)
        services.record_identity(trainee=second, kind="tckn", number=SECOND_NUMBER, by=by)
        services.merge_trainees(
            first=person,
            second=second,
            by=by,
            answers={"number": "theirs", "phone": "first"},
            reason=f"{FIRST} iki kez",
        )
        services.find_look_alikes()

    def _makes(self):
        person = self.person
        self.work = make.work(
            "Lale", course=self.course, centre=self.course.centre, makers=[person]
        )
        self.other = make.trainee("Zeynep", "Başkası", phone="+905559998877")
        Maker.objects.create(work=self.work, trainee=self.other)
        self.fair = make.exhibition(works=[self.work])
        self.portrait = make.photo(files=True, exhibition=self.fair, alt=f"{FIRST} tezgâhta")
        self.portrait.people = PeopleOn.TRAINEES
        save(self.portrait, by=self.manager)
        self.portrait.persons.create(trainee=person)
        self.still = make.photo(files=True, work=self.work)

    def _writes(self):
        facts = {"name": f"{FIRST} {LAST}", "email": EMAIL, "message": f"Ben {FIRST}, {PHONE}"}
        shows.ask(kind="question", work=self.work, **facts)
        self.request = shows.enter_request(
            came_by="letter",
            received_on=timezone.localdate() - timedelta(days=3),
            wish=Wish.HAND_OVER,
            by=self.manager,
            **facts,
        )
        shows.identify_request(
            enquiry=self.request, person=self.person, check=IdentityCheck.CARD, by=self.manager
        )

    def _is_listed(self):
        rows = [OutsideRow(row=1, name=f"{FIRST} {LAST}"), OutsideRow(row=2, name="Zeynep Başkası")]
        services.reconcile(course=self.course, rows=rows, by=None)
        log_access(
            Access.EXPORTED, Trainee, by=self.manager, fields="ad", reason=f"Arama: {FIRST} {LAST}"
        )
        self.person.refresh_from_db()

    def leave(self):
        """What has to be done before somebody can be erased."""
        self.seat.refresh_from_db()
        self.seat.state, self.seat.state_reason = EnrolmentState.COMPLETED, f"{FIRST} bitirdi"
        save(self.seat, by=self.manager)
        self.course.state = CourseState.FINISHED
        self.course.save()
        for enquiry in Enquiry.objects.open():
            shows.answer_enquiry(enquiry=enquiry, answer=f"Sayın {FIRST}", by=self.manager)


def everything_written():
    """{where: text} of every table of the database, the storage and the cache, folded and as it is."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found[table] = "\n".join(map(repr, cursor.fetchall()))
    for path in stored_files():
        with default_storage.open(path) as file:
            found[path] = path + file.read().decode("latin-1")
    found["cache"] = repr(getattr(cache, "_cache", ""))
    return found


def stored_files(folder=""):
    folders, files = default_storage.listdir(folder)
    for name in files:
        yield f"{folder}/{name}".lstrip("/")
    for name in folders:
        yield from stored_files(f"{folder}/{name}".lstrip("/"))


def traces(texts=NAMED, phones=PHONES):
    """Where any of the texts still stands: {(where, text)}."""
    wanted = set(texts) | {fold(text) for text in texts}
    wanted |= {json.dumps(text)[1:-1] for text in texts}
    wanted |= {phone.removeprefix("+90") for phone in phones}
    return {
        (where, text)
        for where, told in everything_written().items()
        for text in wanted
        if text in told
    }


@pytest.fixture
def world(media, settings):
    return Person()


def test_who_was_erased_is_named_nowhere(world, client, caplog, django_capture_on_commit_callbacks):
    caplog.set_level(logging.DEBUG)
    client.force_login(world.manager)
    person = world.person
    assert len({where for where, _text in traces()}) >= 20
    services.preview_erasure(person)
    refused("first", services.anonymise, person=person, reason="asked", by=world.manager)
    world.leave()
    page = world.work.get_absolute_url()
    assert FIRST in client.get(page).content.decode()
    seats = Enrolment.objects.filter(course=world.course).count()
    with django_capture_on_commit_callbacks(execute=True):
        services.anonymise(person=person, reason="asked", by=world.manager)
    assert traces() == set()
    assert FIRST not in caplog.text
    person.refresh_from_db()
    assert (person.first_name, person.birth_date.year) == ("Anonim", 1980)
    assert Enrolment.objects.filter(course=world.course).count() == seats
    assert not Photo.objects.filter(pk=world.portrait.pk).exists()
    assert Photo.objects.filter(pk=world.still.pk).exists()
    told = client.get(page).content.decode()
    assert FIRST not in told and "Anonim" not in told
    assert OutsideRow.objects.get().name == "Zeynep Başkası"
    world.request.refresh_from_db()
    assert world.request.answered_at and not world.request.name
    assert AccessLog.objects.filter(action=Access.ERASED).count() == 1
    for name in ("trainees_trainee_summary", "trainees_trainee_seats", "trainees_trainee_history"):
        assert client.get(reverse(f"admin:{name}", args=[person.pk])).status_code == 200


def test_the_certificate_of_who_was_erased_still_counts_and_is_printed_no_more(
    world, client, django_capture_on_commit_callbacks
):
    client.force_login(world.manager)
    world.leave()
    check = reverse("certificate", args=[world.certificate.code])
    assert "Ç. I." in client.get(check).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        services.anonymise(person=world.person, reason="asked", by=world.manager)
    page = client.get(check)
    assert page.status_code == 200 and "is_valid" in page.context and page.context["is_valid"]
    assert "initials" not in [name for name, _label, _value in page.context["facts"]]
    one = reverse("admin:trainees_certificate_pdf", args=[world.certificate.pk])
    answer = client.get(one, follow=True)
    assert [str(said) for said in answer.context["messages"]] == [
        "Kişi silindi: belgede artık ad yok, belge yazdırılmaz."
    ]
    assert one not in answer.content.decode()
    many = client.get(reverse("admin:trainees_certificate_papers"))
    assert many.context["count"] == 0 and many.context["left_out"]
    chosen = {"action": "print_chosen", "_selected_action": [world.certificate.pk], "apply": "1"}
    page = reverse("admin:trainees_certificate_changelist")
    said = client.post(f"{page}?year=all", chosen, follow=True).context["messages"]
    assert [str(one) for one in said] == ["1 belge yazdırılmaz: kişi silindi."]


def test_a_teacher_who_is_erased_is_named_nowhere_and_cannot_sign_in(
    client, media, django_capture_on_commit_callbacks
):
    user = make.user(Role.TEACHER, first_name=FIRST, last_name=LAST, email=EMAIL)
    teacher = make.teacher(FIRST, LAST, user=user, phone=PHONE, email=EMAIL)
    course = make.course(teacher=teacher)
    manager = make.user(Role.MANAGER)
    media.mkdir(exist_ok=True)
    refused("first", services.anonymise, person=teacher, reason="asked", by=manager)
    course.state = CourseState.FINISHED
    course.save()
    with django_capture_on_commit_callbacks(execute=True):
        services.anonymise(person=teacher, reason="asked", account=True, by=manager)
    assert traces([FIRST, LAST, EMAIL], [PHONE]) == set()
    user.refresh_from_db()
    assert not user.is_active
    course.refresh_from_db()
    assert course.teacher == teacher  # whose hours still count


def test_who_only_applied_is_erased_with_the_application(media, django_capture_on_commit_callbacks):
    facts = {"first_name": FIRST, "last_name": LAST, "phone": PHONE, "email": EMAIL}
    course, manager = make.course(), make.user(Role.MANAGER)
    media.mkdir(exist_ok=True)
    row = Application.objects.create(
        course=course, birth_year=1980, reference="K7RC-3VTD-MZ4S", **facts
    )
    other = Application.objects.create(
        course=course,
        first_name="Zeynep",
        last_name="Başkası",
        phone="+905559998877",
        birth_year=1980,
        reference="K7RC-3VTD-MZ4T",
    )
    Letter.objects.create(to=EMAIL, object=row, kind="received", subject="Ön kayıt", text=FIRST)
    refused("first", services.erase_contact, person=row, reason="asked", by=manager)
    row.state = "withdrawn"
    save(row, by=manager, reason=f"{FIRST} vazgeçti")
    with django_capture_on_commit_callbacks(execute=True):
        services.erase_contact(person=row, reason="asked", by=manager)
    assert traces([FIRST, LAST, EMAIL], [PHONE]) == set()
    assert list(Application.objects.all()) == [other]
    refused(
        "first", services.erase_contact, person=row, reason="asked", by=manager
    )  # a second click


@pytest.fixture(params=["asked for", "read"])
def leftovers(request, monkeypatch):
    """Texts are looked for as those of one person are, and as those of hundreds."""
    if request.param == "read":
        monkeypatch.setattr("izmek.acts.leftovers.FEW", 0)


@pytest.mark.usefixtures("leftovers")
def test_others_with_the_same_phone_or_a_longer_name_lose_nothing(
    django_capture_on_commit_callbacks,
):
    manager = make.user(Role.MANAGER)
    shared = {"phone": PHONE, "email": EMAIL}
    ali, sister = make.trainee("Ali", "Şan", **shared), make.trainee("Elif", "Can", **shared)
    other = make.trainee("Ali", "Şanlı")
    facts = {"kind": "enrolled", "state": "sent", "to": EMAIL, "subject": "Kurs"}
    hers = Letter.objects.create(**facts, text=f"Elif Can, {PHONE}", object=sister)
    theirs = Letter.objects.create(**facts, text="Ali Şanlı", object=other)
    told = Letter.objects.create(**facts, text="Liste_Ali Şan’ın", object=other)
    log_access(Access.IDENTITY_SEEN, other, by=manager, reason="Ali Şanlı sordu")
    log_access(Access.IDENTITY_SEEN, sister, by=manager, reason="Ali Şan sordu")
    message = [{"added": {"name": "kişi", "object": "Ali Şan"}}]
    saved = LogEntry.objects.log_actions(manager.pk, [sister], CHANGE, message, single_object=True)
    with django_capture_on_commit_callbacks(execute=True):
        services.anonymise(person=ali, reason="asked", by=manager)
    assert set(Letter.objects.values_list("pk", flat=True)) == {hers.pk, theirs.pk} - {told.pk}
    reasons = AccessLog.objects.filter(action=Access.IDENTITY_SEEN).order_by("pk")
    assert list(reasons.values_list("reason", flat=True)) == ["Ali Şanlı sordu", ""]
    assert not LogEntry.objects.filter(pk=saved.pk).exists()


@pytest.mark.usefixtures("leftovers")
@pytest.mark.parametrize(
    "spelled",
    [
        "ÇAĞLAYAN IŞIKGÜDÜCÜ",
        "caglayan isikguducu",
        "Çağlayan  Işıkgüdücü'nün",
        "Işıkgüdücü Çağlayan",
        "IŞIKGÜDÜCÜ, ÇAĞLAYAN",
        "Çağlayan · Işıkgüdücü",
        unicodedata.normalize("NFD", "Çağlayan Işıkgüdücü"),
        "Çağlayan\nIşıkgüdücü",
        "(0532) 111-22-33",
        "+90 532 111 2233",
        "no: 172 917 160 60",
        "Caglayan.Isikguducu@Example.org",
    ],
)
def test_however_a_name_or_a_number_is_spelled_it_goes(spelled, django_capture_on_commit_callbacks):
    manager, other = make.user(Role.MANAGER), make.trainee("Zeynep", "Başkası")
    person = make.trainee(FIRST, LAST, phone=PHONE, email=EMAIL)
    services.record_identity(trainee=person, kind="tckn", number=NUMBER, by=manager)
    told = f"Dün {spelled} aradı."
    facts = {"kind": "enrolled", "to": "a@example.org", "subject": "x", "object": make.course()}
    Letter.objects.create(text=told, **facts)
    kept = Letter.objects.create(text="Dün Çağlayan Işıkgüdücüoğlu aradı.", **facts)
    log_access(Access.IDENTITY_SEEN, other, by=manager, reason=told)
    message = [{"changed": {"object": told}}]
    LogEntry.objects.log_actions(manager.pk, [other], CHANGE, message, single_object=True)
    with django_capture_on_commit_callbacks(execute=True):
        services.anonymise(person=person, reason="asked", by=manager)
    assert Letter.objects.get() == kept
    assert not LogEntry.objects.exists()
    assert AccessLog.objects.get(action=Access.IDENTITY_SEEN).reason == ""


@pytest.mark.usefixtures("leftovers")
def test_a_name_of_one_word_is_looked_for_nowhere(django_capture_on_commit_callbacks):
    manager = make.user(Role.MANAGER)
    asked = shows.ask(kind="question", name="Çiçek", email="c@example.org", message="Ne zaman?")
    shows.answer_enquiry(enquiry=asked, answer="Yarın", by=manager)
    facts = {"kind": "enrolled", "to": "a@example.org", "subject": "x", "object": make.course()}
    kept = Letter.objects.create(text="Bir çiçek getirin.", **facts)
    with django_capture_on_commit_callbacks(execute=True):
        services.erase_contact(person=asked, reason="asked", by=manager)
    assert kept in Letter.objects.all()


@pytest.mark.usefixtures("leftovers")
def test_sentences_about_others_stay_without_who_was_erased(django_capture_on_commit_callbacks):
    manager, course = make.user(Role.MANAGER), make.course("finished")
    person, other = make.trainee(FIRST, LAST, phone=PHONE), make.trainee("Zeynep", "Başkası")
    seat = make.enrolment(other, course)
    seat.state_reason = "ÇAĞLAYAN IŞIKGÜDÜCÜ'nün yerine"
    save(seat, by=manager, reason=f"{FIRST}  {LAST} istedi")
    facts = {"name": "Zeynep Başkası", "email": "z@example.org"}
    asked = shows.ask(kind="question", message=f"{FIRST} {LAST} (0532 111 22 33) nerede?", **facts)
    save(make.centre(phone="+902623110000"), by=manager)  # an office: no sentence, and nobody's
    work = make.work("Lale", text=f"{FIRST} {LAST} ile yaptık.", makers=[other])
    save(work, by=manager)
    work.text = "Birlikte yaptık."
    save(work, by=manager)
    with django_capture_on_commit_callbacks(execute=True):
        services.anonymise(person=person, reason="asked", by=manager)
    assert traces([FIRST, LAST], [PHONE]) == set()
    seat.refresh_from_db()
    asked.refresh_from_db()
    assert seat.state_reason == "…'nün yerine"
    assert seat.history.first().history_change_reason == "… istedi"
    assert asked.message == "… (…) nerede?"
    told = set(work.history.values_list("text", flat=True))
    assert told == {"… ile yaptık.", "Birlikte yaptık."}


def test_every_text_with_the_name_is_shown_before(world):
    """Whatever they agreed to, since the name has to go now, and whoever reads it so far."""
    person, fair = world.person, world.fair
    draft = make.exhibition(text=f"{FIRST} {LAST} katılacak.", state="draft")
    note = VisitorNote.objects.create(exhibition=fair, name=f"{LAST} {FIRST}", text="Teşekkürler.")
    photo = make.photo(work=world.work, credit=f"Fotoğraf: {FIRST.upper()} {LAST}")
    preview = services.preview_erasure(person)
    rows = {row for sentence, row in preview.warnings if "metinde" in sentence}
    assert rows >= {draft, note.exhibition, photo.work}
    other = make.trainee("Zeynep", "Işıklı")
    assert services.preview_erasure(other).warnings == []


def test_a_former_name_is_looked_for_too(django_capture_on_commit_callbacks):
    manager = make.user(Role.MANAGER)
    person = make.trainee(FIRST, MAIDEN)
    person.last_name = LAST
    save(person, by=manager)
    facts = {"kind": "enrolled", "to": "a@example.org", "subject": "x", "object": make.course()}
    Letter.objects.create(text=f"{FIRST} {MAIDEN} gelmedi", **facts)
    with django_capture_on_commit_callbacks(execute=True):
        services.anonymise(person=person, reason="asked", by=manager)
    assert not Letter.objects.exists()


def test_notes_on_rows_that_were_deleted_before_go_too(django_capture_on_commit_callbacks):
    manager, course = make.user(Role.MANAGER), make.course("finished")
    seats = [make.enrolment(make.trainee(), course) for _ in range(2)]
    lesson = make.session(course, timezone.localdate() - timedelta(days=1))
    for seat in seats:
        absence = Absence(enrolment=seat, session=lesson, hours=2, note=FREE)
        save(absence, by=manager, reason=FREE)
        absence.delete()
    with django_capture_on_commit_callbacks(execute=True):
        services.anonymise(person=seats[0].trainee, reason="asked", by=manager)
    left = Absence.history.filter(note=FREE) | Absence.history.filter(history_change_reason=FREE)
    assert set(left.values_list("enrolment", flat=True)) == {seats[1].pk}


def test_nothing_is_written_about_who_was_erased_meanwhile(django_capture_on_commit_callbacks):
    manager, course = make.user(Role.MANAGER), make.course()
    person = make.trainee(FIRST, LAST)
    with django_capture_on_commit_callbacks(execute=True):
        services.anonymise(person=person, reason="asked", by=manager)
    about, name = {"trainee": person, "by": manager}, {"first_name": FIRST, "last_name": LAST}
    refused("erased", services.correct_name, **about, **name)
    refused("erased", services.record_identity, **about, kind="tckn", number=NUMBER)
    refused("erased", services.record_guardian, **about, name=FIRST, relation="anne")
    refused("erased", services.record_support, **about, support=FREE)
    refused("erased", services.enrol, **about, course=course)
    assert traces() == set()


def test_keys_that_change_or_are_lost_hinder_no_erasing(
    settings, django_capture_on_commit_callbacks
):
    manager, course = make.user(Role.MANAGER), make.course()
    person = make.trainee(FIRST, LAST)
    services.record_identity(trainee=person, kind="tckn", number=NUMBER, by=manager)
    row = OutsideRow(row=1, name="Ç. I.", number=NUMBER, hash=person.identity.hash)
    services.reconcile(course=course, rows=[row], by=None)
    settings.IDENTITY_HASH_KEY_OLD, settings.IDENTITY_HASH_KEY = (
        settings.IDENTITY_HASH_KEY,
        "n" * 64,
    )
    Identity.objects.update(hash=Identity.objects.get().hashes()[0])
    lost = make.trainee("Ayla", "Kaya")
    services.record_identity(trainee=lost, kind="tckn", number=SECOND_NUMBER, by=manager)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trainees_identity SET number = 'x' WHERE trainee_id = %s", [lost.pk])
    for one in (person, lost):
        with django_capture_on_commit_callbacks(execute=True):
            services.anonymise(person=one, reason="asked", by=manager)
    assert not OutsideRow.objects.exists() and not Identity.objects.exists()


def test_what_is_being_made_while_somebody_is_erased_is_given_up(
    media, django_capture_on_commit_callbacks
):
    manager, person = make.user(Role.MANAGER), make.trainee(FIRST, LAST)
    course = make.course()
    made = default_storage.save("jobs/made", ContentFile(FIRST.encode()))
    facts = {"kind": "course_papers", "object": course, "by": manager}
    Job.objects.create(**facts, state=JobState.DONE, file=made)
    running = Job.objects.create(**facts, state=JobState.RUNNING, options={"n": 1})
    Job.objects.create(**facts, state=JobState.RUNNING, options={"query": f"q={FIRST} {LAST}"})
    with django_capture_on_commit_callbacks(execute=True):
        services.anonymise(person=person, reason="asked", by=manager)
    assert traces([FIRST], []) == set()
    left = Job.objects.get()
    assert (left.pk, left.state) == (running.pk, JobState.FAILED) and left.error
    with pytest.raises(jobs.Superseded):  # what its worker says next
        jobs._tell(running.pk, state=JobState.DONE, file="jobs/late")


def test_a_list_in_work_is_waited_for_and_then_forgotten(
    client, media, django_capture_on_commit_callbacks
):
    manager, person = make.user(Role.MANAGER), make.trainee(FIRST, LAST)
    stored = default_storage.save("imports/list", ContentFile(FIRST.encode()))
    sheet = SheetImport.objects.create(
        kind="trainees",
        by=manager,
        name="kursiyerler.xlsx",
        file=stored,
        state=ImportState.CHECKING,
        begun=True,
        told_at=timezone.now(),
        run="run",
    )
    sheet.rows.create(number=2, state="new", shown=f"{FIRST} {LAST}")
    refused("first", services.anonymise, person=person, reason="asked", by=manager)
    (why,) = services.preview_erasure(person).refusals
    assert "kursiyerler.xlsx" in why
    SheetImport.objects.update(told_at=timezone.now() - timedelta(hours=1))  # its worker is gone
    with django_capture_on_commit_callbacks(execute=True):
        services.anonymise(person=person, reason="asked", by=manager)
    assert traces([FIRST], []) == set()
    with pytest.raises(imports.Overtaken):  # it was not gone, only slow
        imports._tell(sheet, done=1)


def test_everything_is_handed_over_with_a_password_that_is_shown_once(
    world, client, django_capture_on_commit_callbacks
):
    client.force_login(world.manager)
    act = reverse("admin:trainees_trainee_act", args=[world.person.pk, "hand_over"])
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(act, {"reason": "Dilekçe"})
    password = page.context["password"]
    job = Job.objects.get()
    assert password not in "".join(everything_written().values())
    file = client.get(reverse("admin:job_file", args=[job.pk]))
    data = io.BytesIO(b"".join(file.streaming_content))
    with pyzipper.AESZipFile(data) as archive:
        names = archive.namelist()
        with pytest.raises(RuntimeError):
            archive.read("kisisel-veriler.json")
        archive.setpassword(password.encode())
        told = archive.read("kisisel-veriler.json").decode()
        paper = archive.read("kisisel-veriler.pdf")
        photo = archive.read(names[-1])
    assert [text for text in (*NAMED, *PHONES) if text not in told] == []
    assert (len(names), photo[:2]) == (4, b"\xff\xd8")
    assert_accessible(paper, title=f"{FIRST} {LAST}")
    assert NUMBER in whole(paper) and FREE in whole(paper)
    assert AccessLog.objects.filter(action=Access.HANDED_OVER).get().by == world.manager
    world.request.refresh_from_db()
    assert world.request.done


def test_no_photo_is_handed_over_on_which_somebody_else_alone_is_to_be_recognised(world):
    photo = make.photo(files=True, work=world.work, alt="Tezgâhta")
    photo.people = PeopleOn.TRAINEES
    save(photo, by=world.manager)
    photo.persons.create(trainee=world.other)
    mine = [path for _name, path in photos_of(world.person)]
    assert sorted(mine) == sorted(
        f"{one.folder}/master.jpg" for one in (world.portrait, world.still)
    )
    photo.persons.create(trainee=world.person)  # both of them
    assert len(photos_of(world.person)) == 3
    assert [path for _name, path in photos_of(world.other)].count(f"{photo.folder}/master.jpg") == 1


def test_restricted_data_are_stored_and_nothing_else(world, client):
    client.force_login(world.manager)
    person, page = world.person, world.work.get_absolute_url()
    act = reverse("admin:trainees_trainee_act", args=[person.pk, "restrict"])
    assert client.post(act, {"reason": "İtiraz"}).status_code == 302
    assert FIRST not in client.get(page).content.decode()
    assert Photo.objects.public().filter(pk=world.portrait.pk).count() == 0
    assert Call.objects.open().count() == 0
    person.refresh_from_db()
    assert not in_use(Enrolment.objects.all()).filter(trainee=person).exists()
    summary = client.get(reverse("admin:trainees_trainee_summary", args=[person.pk]))
    assert summary.context["desk"]["head"].notes
    refused("state", services.restrict, trainee=person, reason="Yine", by=world.manager)
    lift = reverse("admin:trainees_trainee_act", args=[person.pk, "lift_restriction"])
    assert client.post(lift, {"reason": "Anlaşıldı"}).status_code == 302
    assert FIRST in client.get(page).content.decode()


def test_the_page_before_says_what_goes_and_what_stands_in_the_way(world, client):
    client.force_login(world.manager)
    erase = reverse("admin:trainees_trainee_act", args=[world.person.pk, "erase"])
    preview = client.get(erase).context["preview"]
    assert len(preview.refusals) == 2  # the seat, the open requests
    world.leave()
    answer = client.get(erase)
    preview = answer.context["preview"]
    assert preview.refusals == [] and preview.goes and preview.kept
    assert client.post(erase, {"reason": "asked"}).context["errors"]
    assert client.post(erase, {"reason": "asked", "sure": "on"}).status_code == 302
    world.person.refresh_from_db()
    assert world.person.anonymised_at
    client.force_login(make.user(Role.AUDITOR))
    assert client.get(erase).status_code == 403


def test_who_comes_back_from_a_backup_is_erased_again(
    settings, tmp_path, django_capture_on_commit_callbacks
):
    """And nobody else, to whom the key of their row was given since."""
    settings.ACCESS_LOG_HEADS = str(tmp_path)
    manager = make.user(Role.MANAGER)
    person = make.trainee(FIRST, LAST, phone=PHONE)
    teacher = make.teacher(FIRST, LAST, user=make.user(Role.TEACHER, first_name=FIRST))
    asked = shows.ask(kind="question", name="Elif Okur", email="e@example.org", message="?")
    shows.answer_enquiry(enquiry=asked, answer="Evet", by=manager)
    later = make.trainee("Zeynep", "Başkası")
    with transaction.atomic():
        save_point = transaction.savepoint()
        with django_capture_on_commit_callbacks() as outside:
            services.anonymise(person=person, reason="asked", by=manager)
            services.anonymise(person=teacher, reason="asked", account=True, by=manager)
            services.erase_contact(person=asked, reason="guardian", by=manager)
            services.anonymise(person=later, reason="asked", by=manager)
        transaction.savepoint_rollback(save_point)  # the rows of the backup
    for tell in outside:
        tell()
    Trainee.history.filter(id=later.pk).update(history_date=timezone.now() + timedelta(hours=1))
    told = (tmp_path / "erased.txt").read_text()
    assert len(told.splitlines()) == 4 and FIRST not in told
    assert erased_again.what_is_wrong() == ["3 are back from a backup; `manage.py erase_again`"]
    with django_capture_on_commit_callbacks(execute=True):
        call_command("erase_again", stdout=io.StringIO())
    assert erased_again.what_is_wrong() == []
    assert traces([FIRST, LAST, "Elif Okur"], [PHONE]) == set()
    teacher.user.refresh_from_db()
    later.refresh_from_db()
    assert not teacher.user.is_active and later.first_name == "Zeynep"


def test_who_was_erased_on_another_host_is_known_where_the_backup_is_restored(
    settings, tmp_path, media, django_capture_on_commit_callbacks
):
    """Hosts share the storage; the file of who was erased lies on the disk of one."""
    person = make.trainee(FIRST, LAST)
    settings.ACCESS_LOG_HEADS = str(tmp_path / "of another host")
    with transaction.atomic():
        save_point = transaction.savepoint()
        with django_capture_on_commit_callbacks() as outside:
            services.anonymise(person=person, reason="asked", by=None)
        transaction.savepoint_rollback(save_point)  # the rows of the backup
    for tell in outside:
        tell()
    settings.ACCESS_LOG_HEADS = str(tmp_path / "of this one")
    assert erased_again.what_is_wrong() == ["1 are back from a backup; `manage.py erase_again`"]
    for _night in range(2):
        call_command("seal_access_log", stdout=io.StringIO())
    told = (tmp_path / "of this one" / "erased.txt").read_text()
    assert told == (tmp_path / "of another host" / "erased.txt").read_text()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("erase_again", stdout=io.StringIO())
    assert erased_again.what_is_wrong() == []


def test_who_has_something_open_after_the_restore_stays_and_is_told_of(
    settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.ACCESS_LOG_HEADS = str(tmp_path)
    person = make.trainee(FIRST, LAST)
    make.enrolment(person, make.course())
    at = (timezone.now() + timedelta(minutes=1)).isoformat()
    (tmp_path / "erased.txt").write_text(f"{at} trainees.trainee {person.pk} asked\n")
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 stay"):
        call_command("erase_again", stdout=out)
    assert f"trainees.trainee {person.pk} stays" in out.getvalue() and FIRST not in out.getvalue()

"""Erasing what is declared of people, in all tables and their histories."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from exhibitions.models import Maker
from izmek.acts import saving
from izmek.acts.bulk import rows_written
from izmek.acts.enums import LetterState
from izmek.models import Letter
from izmek.privacy.erasing import erase, look
from izmek.privacy.terms import CONTACT, LETTERS
from tests import factories
from trainees.models import Absence, Application, Call, Enrolment, Guardian, SupportNeed, Trainee
from trainees.services import record_identity

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NAME, LAST, PHONE, MAIL = "Gülşenay", "Kocabıyıkoğlu", "+905551239876", "gulsenay@example.org"
NUMBER, BORN = "10000000146", date(1988, 11, 3)
TRACES = ("gülşenay", "gulsenay", "kocabıyık", "kocabiyik", "5551239876", "anneanne", NUMBER)


@pytest.fixture
def somebody():
    """Somebody with a seat, an absence, a letter, notes, a work and a history of all of it."""
    course = factories.course()
    her = factories.trainee(
        NAME, LAST, phone=PHONE, email=MAIL, birth_date=BORN, gender="female", education="5"
    )
    her.neighbourhood = factories.neighbourhood()
    saving.save(her, by=None, reason=f"{NAME} telefonla düzeltti")
    record_identity(trainee=her, number=NUMBER, kind="tckn", by=None)
    SupportNeed.objects.create(trainee=her, text="anneanne eşlik eder")
    Guardian.objects.create(trainee=her, name="Anneanne", phone=PHONE, relation="anneanne")
    applied = Application.objects.create(
        course=course,
        trainee=her,
        first_name=NAME,
        last_name=LAST,
        phone=PHONE,
        birth_year=1988,
        reference="KM7Q-2XWP",
    )
    seat = factories.enrolment(her, course, application=applied)
    lesson = factories.session(course)
    Absence.objects.create(enrolment=seat, session=lesson, hours=2, note="anneanne hastaydı")
    Call.objects.create(course=course, enrolment=seat, kind="offer", what=NAME, text=NAME)
    kind = ContentType.objects.get_for_model(Enrolment)
    Letter.objects.create(
        kind="enrolled",
        to=MAIL,
        subject=NAME,
        text=f"Sayın {NAME} {LAST}",
        state=LetterState.SENT,
        content_type=kind,
        object_id=seat.pk,
    )
    LogEntry.objects.create(
        user=factories.user("yonetici"),
        content_type=kind,
        object_id=seat.pk,
        object_repr=f"{NAME} {LAST}",
        action_flag=CHANGE,
    )
    factories.work(makers=[her], course=course)
    return her


def erased(her, **options):
    with transaction.atomic():
        return erase(Trainee, [her.pk], **options)


def traces():
    """{table.column} of all tables in which something of her still stands."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            for column, value in row.items():
                if any(trace in str(value).lower().replace(" ", "") for trace in TRACES):
                    found.add(f"{model._meta.label}.{column}")
    return found


def test_nothing_is_left_in_any_table_and_its_history(somebody):
    assert {"trainees.HistoricalTrainee.phone", "izmek.Letter.to"} <= traces()
    foreseen = {found.declaration.label: found.rows for found in look(Trainee, [somebody.pk])}
    counts = erased(somebody)
    assert traces() == set()
    assert {label: counts[label] for label in foreseen if label in counts} == {
        label: rows for label, rows in foreseen.items() if label in counts
    }
    her = Trainee.objects.get()
    assert (str(her), her.folded) == ("Anonim", "anonim")
    assert not hasattr(Trainee.objects.get(), "identity")


def test_the_seat_its_result_and_the_work_stay_for_the_figures(somebody):
    seat = Enrolment.objects.get()
    erased(somebody)
    seat.refresh_from_db()
    her = seat.trainee
    assert (her.gender, her.education, her.neighbourhood.name) == ("female", "5", "Akmeşe")
    assert her.birth_date.year == BORN.year
    assert her.birth_date != BORN
    assert seat.absences.get().hours == 2
    assert Maker.objects.get().trainee == her


def test_contact_data_can_go_before_the_rest(somebody):
    erased(somebody, periods={CONTACT, LETTERS})
    her = Trainee.objects.get()
    assert (str(her), her.phone, her.email) == (f"{NAME} {LAST}", "", "")
    assert her.birth_date == BORN
    assert her.identity.number == NUMBER
    assert not her.guardians.exists()
    assert not Letter.objects.exists()
    assert set(Trainee.history.values_list("phone", flat=True)) == {""}
    assert Absence.objects.get().note
    assert Application.objects.exists()


def test_pages_that_show_a_name_are_over(somebody):
    told = []

    def hear(sender, fields, **kwargs):
        told.append((sender, set(fields)))

    rows_written.connect(hear)
    erased(somebody)
    rows_written.disconnect(hear)
    assert any(sender is Trainee and "first_name" in fields for sender, fields in told)


def test_it_needs_a_transaction():
    from izmek.privacy import erasing

    connection = transaction.get_connection()
    inside, connection.in_atomic_block = connection.in_atomic_block, False
    try:
        with pytest.raises(transaction.TransactionManagementError):
            erasing.erase(Trainee, [1])
    finally:
        connection.in_atomic_block = inside

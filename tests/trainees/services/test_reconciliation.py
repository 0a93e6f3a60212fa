"""e-Yaygın's list beside our seats: who is who, and what differs."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from izmek.accounts.roles import Role
from tests import factories as make
from tests.classroom import phone
from tests.refusals import refused
from tests.sheets.messy import number_of
from trainees import services
from trainees.enums import EnrolmentState
from trainees.models import OutsideList, OutsideRow
from trainees.queries.same_person import may_be_one_name
from trainees.sheets.reconciliation import _hash

pytestmark = pytest.mark.django_db

ONE, TWO, THREE = (number_of(n) for n in (100_000_001, 123_456_789, 200_000_005))


@pytest.fixture
def course():
    return make.course(number="41-001", capacity=80)


def seat(course, name, number="", **fields):
    first, _blank, last = name.rpartition(" ")
    who = make.trainee(first, last, phone=phone())
    if number:
        services.record_identity(trainee=who, kind="tckn", number=number, by=None)
    return make.enrolment(who, course, **fields)


def listed(course, *rows):
    """Keep a list of (name, number, facts) and compare it."""
    made = [
        OutsideRow(
            row=place,
            name=name,
            number=number,
            hash=_hash(number),
            facts=dict(facts[0]) if facts else {},
        )
        for place, (name, number, *facts) in enumerate(rows, 2)
    ]
    kept = services.reconcile(course=course, rows=made, by=None)
    kept.course = course
    return services.compare([kept])[kept.pk]


def told(found):
    """{who: what is said of them}, to be compared at a glance."""
    said = {line.row.name: "theirs" for line in found.only_theirs}
    said |= {str(one.trainee): "ours" for one in found.only_ours}
    said |= {line.row.name: {d.fact for d in line.differences} for line in found.differ}
    said |= {line.row.name: sorted(str(s.trainee) for s in line.possible) for line in found.several}
    return said


def test_a_whole_number_says_who_it_is_and_the_name_may_differ(course):
    seat(course, "Ayşe Yılmaz", ONE)
    seat(course, "Fatma Işık", TWO)
    found = listed(course, ("AYŞE YILMAZ", ONE), ("Fatma Çelik", TWO))
    assert told(found) == {"Fatma Çelik": {"name"}} and found.agree == 1


@pytest.mark.parametrize(
    "shown", [f"{TWO[:2]}*******{TWO[-2:]}", f"{TWO[:3]}******", f"*{TWO[-4:]}", "***"]
)
def test_a_masked_number_and_the_name_say_who_it_is(course, shown):
    seat(course, "Fatma Işık", TWO)
    seat(course, "Zeynep Çağlar", ONE)
    found = listed(course, ("IŞIK FATMA", shown), ("Zeynep Çağlar", ""))
    assert told(found) == {} and found.agree == 2


def test_of_two_namesakes_the_digits_that_are_shown_tell_them_apart(course):
    seat(course, "Fatma Işık", ONE)
    seat(course, "Fatma Işık", TWO)
    masked = [f"{number[:3]}******{number[-2:]}" for number in (TWO, ONE)]
    assert listed(course, *(("Fatma Işık", one) for one in masked)).agree == 2


def test_two_candidates_are_several_possible_and_nobody_is_guessed(course):
    seat(course, "Fatma Işık")
    seat(course, "Fatma Işık", TWO)
    found = listed(course, ("Fatma Işık", "***"))
    assert told(found) == {"Fatma Işık": ["Fatma Işık", "Fatma Işık"]} and found.agree == 0
    found = listed(course, ("Ayşe Ak", "*"), ("Fatma Işık", ""), ("FATMA IŞIK", "**"))
    assert len(found.several) == 2 and [line.row.name for line in found.only_theirs] == ["Ayşe Ak"]


def test_a_seat_in_question_stays_so_for_less_sure_rows(course):
    seat(course, "Fatma Işık", ONE)
    seat(course, "Fatma Işık", number_of(100_000_010))
    found = listed(course, ("Fatma Işık", "10*******"), ("Fatma Işık", ""), ("Fatma Nur Işık", ""))
    assert len(found.several) == 3 and not found.only_theirs and not found.only_ours


def test_a_free_seat_is_not_taken_where_one_in_question_may_be_meant(course):
    seat(course, "Fatma Işık", ONE)
    seat(course, "Fatma Işık", number_of(100_000_010))
    seat(course, "Fatma Işık", TWO)
    found = listed(course, ("Fatma Işık", "10*******"), ("Fatma Işık", ""))
    assert len(found.several) == 2 and found.agree == 0


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Ayşe Nur Kaya", "Kaya Ayşenur"),
        ("Ayşe Kaya", "Ayşe Nur Kaya-Ak"),
        ("Ayşe Nur Kaya Ak", "Kaya Ayşe"),
        ("AYŞE KAYA (ÖZ)", "Ayşe Kaya"),
        ("Ayşenur Kaya Ak", "Ayşe Nur Kaya"),
    ],
)
def test_a_name_written_in_another_way_is_found(course, theirs, ours):
    seat(course, ours)
    found = listed(course, (theirs, ""))
    assert not found.only_theirs and not found.only_ours


def test_many_rows_of_nobody_here_are_compared_without_laying_each_beside_each(course, monkeypatch):
    asked = []

    def counted(one, other):
        asked.append(one)
        return may_be_one_name(one, other)

    monkeypatch.setattr("trainees.services.reconciliation.may_be_one_name", counted)
    for n in range(20):
        seat(course, f"Nur Ak{n}")
    found = listed(course, *((f"Can Öz{n} Er", "1***") for n in range(100)))
    assert len(found.only_theirs) == 100 and len(found.only_ours) == 20 and len(asked) < 20


def test_two_rows_that_may_be_one_seat_are_both_told(course):
    seat(course, "Fatma Nur Işık")
    found = listed(course, ("Fatma Nur Işık", "***"), ("Fatma Nur Işık", "12***"))
    assert len(found.several) == 2 and not found.only_ours


def test_another_number_for_the_same_name_is_a_difference_and_a_slip_is_nobody(course):
    seat(course, "Selim Kaya", ONE)
    seat(course, "Ayla Kaya", TWO)
    seat(course, "Nur Ak")
    found = listed(course, ("Selin Kaya", "99***"), ("Ayla Kaya", THREE), ("Nur Ak", "12*******34"))
    assert told(found) == {
        "Selin Kaya": "theirs",
        "Selim Kaya": "ours",
        "Ayla Kaya": {"number"},
        "Nur Ak": {"number"},
    }


def test_a_number_that_cannot_be_read_and_one_that_stands_twice(course):
    seat(course, "Ayla Kaya", TWO)
    found = listed(course, ("Ayla Kaya", "1,23E+10"))
    assert told(found) == {"Ayla Kaya": {"number"}}
    found = listed(course, ("Ayla Kaya", TWO), ("Ayla Kaya Ak", TWO))
    (again,) = found.only_theirs
    assert (again.row.name, again.again, found.agree) == ("Ayla Kaya Ak", 2, 1)


def test_hours_and_results_that_differ(course):
    one = seat(course, "Ayla Kaya")
    session = make.session(course, lesson_hours=4)
    services.mark_absent(enrolment=one, session=session, hours=3, by=None)
    assert (
        listed(course, ("Ayla Kaya", "", {"absent_hours": 3, "result": "Devam ediyor"})).agree == 1
    )
    found = listed(course, ("Ayla Kaya", "", {"absent_hours": 4, "result": "BAŞARILI"}))
    assert told(found) == {"Ayla Kaya": {"absent_hours", "result"}}
    assert told(listed(course, ("Ayla Kaya", "", {"absent_hours": "üç"}))) == {
        "Ayla Kaya": {"absent_hours"}
    }
    assert listed(course, ("Ayla Kaya", "", {"total_hours": course.total_hours})).hours == []
    assert listed(course, ("Ayla Kaya", "", {"total_hours": 999})).hours == [999]


@pytest.mark.parametrize(
    ("state", "said", "agrees"),
    [
        (EnrolmentState.COMPLETED, "Belge Aldı", True),
        (EnrolmentState.COMPLETED, "başarısız", False),
        (EnrolmentState.ABSENT, "DEVAMSIZLIKTAN KALDI", True),
        (EnrolmentState.FAILED, "Başarısız", True),
        (EnrolmentState.TRANSCRIPT, "Transkript", True),
        (EnrolmentState.COMPLETED, "", True),
        (EnrolmentState.COMPLETED, "bambaşka", False),
        (EnrolmentState.WITHDRAWN, "Kaydı silindi", True),
        (EnrolmentState.WITHDRAWN, "", False),
        (EnrolmentState.ENROLLED, "Ayrıldı", False),
    ],
)
def test_what_the_words_of_a_result_mean(course, state, said, agrees):
    left = timezone.localdate() if state in EnrolmentState.left() else None
    seat(course, "Ayla Kaya", state=state, left_on=left)
    facts = {"result": said} if said else {}
    assert listed(course, ("Ayla Kaya", "", facts)).agree == agrees


def test_who_has_left_here_and_is_not_there_is_no_line(course):
    seat(course, "Ayla Kaya", state=EnrolmentState.WITHDRAWN, left_on=timezone.localdate())
    assert listed(course, ("Nur Ak", "")).open == 1


def test_a_second_number_of_a_merged_record_is_theirs_too(course):
    one, other = seat(course, "Ayla Kaya", ONE), make.trainee("Ayla", "Kaya", phone=phone())
    services.record_identity(trainee=other, kind="ykn", number="99123456740", by=None)
    facts = services.preview_trainees(first=one.trainee, second=other).asked.values()
    answers = {question.name: question.default for question in facts} | {"number": "theirs"}
    services.merge_trainees(first=one.trainee, second=other, answers=answers, by=None)
    assert listed(course, ("Ayla Kaya", "99123456740")).agree == 1


def test_a_second_list_takes_the_place_of_the_first(course):
    listed(course, ("Ayla Kaya", ONE))
    listed(course, ("Nur Ak", TWO))
    (row,) = OutsideRow.objects.all()
    assert (row.name, row.number, OutsideList.objects.count()) == ("Nur Ak", TWO, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM trainees_outsiderow")
        assert TWO not in cursor.fetchone()[0]


def test_a_key_that_is_gone_hides_the_number_and_not_the_page(course, settings):
    seat(course, "Ayla Kaya", TWO)
    listed(course, ("Ayla Kaya", TWO))
    settings.IDENTITY_KEYS = ["b3RoZXIta2V5LWZvci10ZXN0cy1vbmx5LTMyLWJ5dGU="]
    kept = OutsideList.objects.select_related("course").get()
    assert services.compare([kept])[kept.pk].agree == 1


def test_many_people_and_many_courses_cost_three_queries(course):
    def costs():
        kept = list(OutsideList.objects.select_related("course"))
        with CaptureQueriesContext(connection) as asked:
            services.compare(kept)
        return len(asked)

    seat(course, "Ayla Kaya", ONE)
    listed(course, ("Ayla Kaya", ONE))
    few = costs()
    for n in range(20):
        seat(course, f"Nur Ak{n}", number_of(300_000_000 + n))
    listed(course, *((f"Nur Ak{n}", "***") for n in range(20)))
    other = make.course()
    seat(other, "Gül Can")
    listed(other, ("Gül Can", ""))
    assert costs() == few == 3


def test_a_course_has_no_more_rows_than_people_can_have_been_in_it(course):
    course.capacity = 80
    course.save()
    rows = [OutsideRow(row=n, name="Ayla Kaya") for n in range(241)]
    refused("large", services.reconcile, course=course, rows=rows, by=None)
    assert services.reconcile(course=course, rows=rows[1:], by=None).rows.count() == 240


def test_lists_of_courses_that_are_long_over_are_destroyed(course, settings):
    listed(course, ("Ayla Kaya", ONE))
    call_command("destroy_expired", verbosity=0, stdout=StringIO())
    assert OutsideList.objects.exists()
    settings.OUTSIDE_LISTS_KEPT_DAYS = 30
    type(course).objects.filter(pk=course.pk).update(
        begin=timezone.localdate() - timedelta(days=90),
        end=timezone.localdate() - timedelta(days=40),
    )
    call_command("destroy_expired", dry_run=True, stdout=StringIO())
    assert OutsideList.objects.exists()
    call_command("destroy_expired", verbosity=0, stdout=StringIO())
    assert not OutsideRow.objects.exists()


def test_the_officer_of_another_centre_keeps_none(course):
    stranger = make.user(Role.OFFICER, centres=[make.centre()])
    refused("right", services.reconcile, course=course, rows=[], by=stranger)

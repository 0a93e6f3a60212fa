"""Two records of one person become one, and two again: nothing is lost, nothing is decided silently."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import CourseModule
from exhibitions.models import Maker
from izmek.acts.enums import Access
from izmek.acts.merging import close_old, undo
from izmek.acts.rights import NotAllowed
from izmek.models import AccessLog, Letter, Merge
from izmek.text.codes import new_code
from tests import factories as make
from tests.classroom import phone
from tests.refusals import refused
from trainees import services
from trainees.enums import ApplicationState, Channel, EnrolmentState, Purpose
from trainees.models import (
    Absence,
    Application,
    Call,
    Certificate,
    Consent,
    Enrolment,
    Guardian,
    Identity,
    LookAlike,
    Mark,
    RollCall,
    Trainee,
)

pytestmark = pytest.mark.django_db

NUMBERS = {"tckn": "10000000146", "ykn": "99123456740"}


def day(offset=0):
    return timezone.localdate() + timedelta(days=offset)


@pytest.fixture
def manager():
    return make.user("yonetici")


@pytest.fixture
def one():
    return make.trainee("Ayşe", "Kaya", phone="+905551112233")


@pytest.fixture
def other():
    return make.trainee("Ayşe Nur", "Kaya", email="ayse@example.com", birth_date=None)


def merge(first, second, by, keep="first", **answers):
    """Merge with the proposed answers, but for those that are given."""
    preview = services.preview_trainees(first=first, second=second)
    proposed = {name: question.default for name, question in preview.asked.items()}
    assert answers.keys() <= proposed.keys()
    return services.merge_trainees(
        first=first,
        second=second,
        keep=keep,
        answers=proposed | answers,
        seen=preview.seen,
        by=by,
    )


def applied(who, course, **fields):
    facts = {"first_name": who.first_name, "last_name": who.last_name, "trainee": who}
    facts |= {"phone": phone(), "birth_year": 1980, "reference": new_code()}
    return Application.objects.create(course=course, **facts, **fields)


def certificate(seat, **fields):
    facts = {"number": f"K-{seat.pk}", "code": new_code(), "content": {}}
    return Certificate.objects.create(enrolment=seat, **facts, **fields)


def everything():
    """All that hangs on people, as rows without the times of writing."""
    tables = {
        Trainee.everyone: ("pk", "first_name", "birth_date", "phone", "email", "merged_into"),
        Enrolment.every: ("pk", "trainee", "state", "joined_on", "left_on", "application"),
        Application.objects: ("pk", "trainee", "state"),
        Absence.objects: ("pk", "enrolment", "session", "hours", "excused"),
        Mark.objects: ("pk", "enrolment", "module", "value"),
        Consent.objects: ("pk", "trainee", "guardian", "purpose", "answer"),
        Guardian.objects: ("pk", "trainee", "name", "phone"),
        Identity.objects: ("pk", "trainee", "hash"),
        Maker.objects: ("pk", "work", "trainee", "form"),
        Certificate.objects: ("pk", "enrolment", "number", "state"),
        Call.objects: ("pk", "enrolment", "application"),
        Letter.objects: ("pk", "object_id"),
    }
    return {
        manager.model.__name__: sorted(manager.values_list(*columns), key=str)
        for manager, columns in tables.items()
    }


# --- What moves -----------------------------------------------------------------------------------


def test_what_one_has_moves_and_comes_back(one, other, manager):
    seat = make.enrolment(other)
    waiting = applied(other, make.course("open"))
    work = make.work(makers=[other])
    make.consent(other, Purpose.NAME_WEB)
    Call.objects.create(course=seat.course, enrolment=seat, kind="removed", what="Ders yok")
    services.record_identity(trainee=other, kind="tckn", number=NUMBERS["tckn"], by=manager)
    photo = make.photo(work=work)
    photo.persons.create(trainee=other)
    before = everything()

    made = merge(one, other, manager)

    now = Trainee.objects.get()
    assert now == one
    assert (now.email, str(now.first_name)) == ("ayse@example.com", "Ayşe")
    assert [*now.enrolments.all()] == [seat]
    assert [*now.applications.all()] == [waiting]
    assert [*now.consents.values_list("answer", flat=True)] == [True]
    assert now.identity.number == NUMBERS["tckn"]
    assert now.made.get().work == work
    assert [*photo.trainees.all()] == [now]
    assert services.find_by_identity(kind="tckn", number=NUMBERS["tckn"], by=manager) == now
    assert AccessLog.objects.filter(action=Access.MERGED, object_id=str(one.pk)).exists()
    assert one.history.latest().history_change_reason
    assert other.history.count() >= 2  # the second record keeps its own history
    assert NUMBERS["tckn"] not in str(Merge.objects.get().steps)
    assert "ayse@example.com" not in str(Merge.objects.get().steps)

    undo(merge=made, by=manager)
    assert everything() == before
    assert AccessLog.objects.filter(action=Access.SEPARATED, by=manager).exists()
    refused("undone", undo, merge=made, by=manager)


def test_the_clerk_chooses_what_stays(one, other, manager):
    other.phone = "+905551119999"
    other.save()
    preview = services.preview_trainees(first=one, second=other)
    assert preview.asked.keys() == {"first_name", "phone"}
    refused("choose", services.merge_trainees, first=one, second=other, answers={}, by=manager)
    made = merge(one, other, manager, keep="second", phone="first", first_name="second")
    now = Trainee.objects.get()
    assert now == other
    assert (str(now.first_name), now.phone) == ("Ayşe Nur", one.phone)
    assert now.birth_date == one.birth_date  # which it lacked
    undo(merge=made, by=manager)
    assert Trainee.objects.get(pk=other.pk).phone == "+905551119999"


def test_what_was_changed_since_stays_with_who_stayed(one, other, manager):
    made = merge(one, other, manager)
    one.refresh_from_db()
    one.email = "new@example.com"
    one.save()
    late = make.enrolment(Trainee.objects.get(pk=one.pk))
    undo(merge=made, by=manager)
    assert Trainee.objects.get(pk=one.pk).email == "new@example.com"
    assert Trainee.objects.get(pk=other.pk).email == "ayse@example.com"
    assert Enrolment.objects.get() == late


def test_a_chain_ends_at_one(one, other, manager):
    third = make.trainee("Ayşe", "Kaya-Ak")
    services.record_identity(trainee=third, kind="ykn", number=NUMBERS["ykn"], by=manager)
    first = merge(other, Trainee.objects.get(pk=third.pk), manager)
    second = merge(one, Trainee.objects.get(pk=other.pk), manager)
    assert Trainee.everyone.filter(merged_into=one).count() == 2
    refused("gone", undo, merge=first, by=manager)
    undo(merge=second, by=manager)
    undo(merge=first, by=manager)
    assert Trainee.objects.count() == 3
    assert Trainee.objects.get(pk=third.pk).identity


# --- What clashes ---------------------------------------------------------------------------------


def test_one_seat_of_two_in_a_course(one, other, manager):
    """A class, a work, consents that disagree, a certificate: the pair of the demonstration."""
    course = make.course(capacity=2)
    seats = [make.enrolment(who, course) for who in (one, other)]
    lessons = [make.session(course, day(-n)) for n in (9, 6, 3)]
    for lesson in lessons:
        RollCall.objects.create(session=lesson)
    # Present under one name, absent under the other; the second lesson was missed by both.
    Absence.objects.create(enrolment=seats[0], session=lessons[0], hours=4)
    Absence.objects.create(enrolment=seats[0], session=lessons[1], hours=4)
    Absence.objects.create(enrolment=seats[1], session=lessons[1], hours=2)
    Absence.objects.create(enrolment=seats[1], session=lessons[2], hours=4)
    modules = [CourseModule.objects.create(course=course, name=n, hours=10) for n in "AB"]
    Mark.objects.create(enrolment=seats[0], module=modules[0], value=40)
    Mark.objects.create(enrolment=seats[1], module=modules[0], value=70)
    Mark.objects.create(enrolment=seats[1], module=modules[1], value=90)
    work = make.work(makers=[one, other])
    Maker.objects.filter(trainee=other).update(form="none")
    make.consent(one, Purpose.NAME_WEB, True)
    make.consent(other, Purpose.NAME_WEB, False)
    paper = certificate(seats[1])
    waiting = applied(make.trainee("Gül", "Öz"), course, confirmed_at=timezone.now())
    before = everything()

    preview = services.preview_trainees(first=one, second=other)
    assert dict(preview.asked[f"seat_{course.pk}"].options).keys() == {"second"}
    assert "rıza" in preview.warnings[0].lower() or "onsent" in preview.warnings[0]
    made = merge(
        one, other, manager, **{f"absences_{course.pk}": "least", f"marks_{course.pk}": "second"}
    )

    seat = Enrolment.objects.get(trainee=one)
    assert seat == seats[0]
    assert seat.attendance.absent == 2
    assert dict(seat.marks.values_list("module__name", "value")) == {"A": 70, "B": 90}
    assert [*seat.certificates.values_list("number", flat=True)] == [paper.number]
    assert [maker.form for maker in work.makers.all()] == ["none"]
    assert services.answers_of(one)[Purpose.NAME_WEB].answer is False
    assert course.enrolments.count() == 1
    assert course.seats_taken == 2  # the seat that fell free was offered
    waiting.refresh_from_db()
    assert waiting.state == ApplicationState.OFFERED

    refused("full", undo, merge=made, by=manager)
    services.decline_offer(application=waiting, by=manager)
    undo(merge=made, by=manager)
    after = everything()
    for told in (before, after):
        del told["Application"], told["Letter"], told["Call"]
    assert after == before


@pytest.mark.parametrize(
    ("choice", "hours"), [("least", 0), ("first", 4), ("second", 4), ("most", 8)]
)
def test_which_absences_count(one, other, manager, choice, hours):
    course = make.course()
    seats = [make.enrolment(who, course) for who in (one, other)]
    for seat, lesson in zip(seats, [make.session(course, day(-n)) for n in (6, 3)], strict=True):
        RollCall.objects.create(session=lesson)
        Absence.objects.create(enrolment=seat, session=lesson, hours=4)
    merge(one, other, manager, **{f"absences_{course.pk}": choice})
    assert Enrolment.objects.get(trainee=one).attendance.absent == hours


def test_lessons_between_two_seats_were_missed(one, other, manager):
    course = make.course()
    make.enrolment(one, course, joined_on=day(-20), left_on=day(-10), state="withdrawn")
    back = make.enrolment(other, course, joined_on=day(-4))
    for ago in (15, 7, 2):
        RollCall.objects.create(session=make.session(course, day(-ago)))
    Absence.objects.create(enrolment=back, session=course.sessions.latest("date"), hours=1)
    merge(one, other, manager)
    seat = Enrolment.objects.get(trainee=one)
    assert (seat.state, seat.joined_on, seat.left_on) == ("enrolled", day(-20), None)
    assert seat.attendance.absent == 4 + 1  # the lesson between, and what she missed of the last


def test_two_certificates_for_one_course_are_no_merge(one, other, manager):
    course = make.course("finished")
    for who in (one, other):
        certificate(make.enrolment(who, course, state=EnrolmentState.COMPLETED))
    assert services.preview_trainees(first=one, second=other).refusals
    refused("refused", services.merge_trainees, first=one, second=other, answers={}, by=manager)


def test_the_newest_consent_by_its_day_counts_whoever_wrote_it_later(one, other, manager):
    make.consent(one, Purpose.PHOTO, False)  # today
    make.consent(other, Purpose.PHOTO, True, signed_on=day(-30))  # an old paper, found later
    made = merge(one, other, manager)
    assert services.answers_of(one)[Purpose.PHOTO].answer is False
    assert one.consents.count() == 3
    undo(merge=made, by=manager)
    assert [person.consents.count() for person in (one, other)] == [1, 1]


def test_who_withdrew_a_consent_in_between_withdrew_it_for_both(one, other, manager):
    make.consent(other, Purpose.NAME_WEB, True)
    made = merge(one, other, manager)
    make.consent(one, Purpose.NAME_WEB, False)
    undo(merge=made, by=manager)
    for person in (one, other):
        assert services.answers_of(person)[Purpose.NAME_WEB].answer is False


def test_on_one_day_the_no_counts(one, other, manager):
    make.consent(one, Purpose.PHOTO, False)
    make.consent(other, Purpose.PHOTO, True)
    merge(one, other, manager)
    assert services.answers_of(one)[Purpose.PHOTO].answer is False


def test_a_seat_that_was_left_with_the_absences_of_a_later_one(one, other, manager):
    course = make.course()
    make.enrolment(one, course, joined_on=day(-20), left_on=day(-10), state="withdrawn")
    back = make.enrolment(other, course, joined_on=day(-4))
    lesson = make.session(course, day(-2))
    RollCall.objects.create(session=lesson)
    Absence.objects.create(enrolment=back, session=lesson, hours=1)
    chosen = {f"seat_{course.pk}": "first", f"absences_{course.pk}": "second"}
    merge(one, other, manager, **chosen)
    seat = Enrolment.objects.get(trainee=one)
    assert (seat.state, seat.joined_on, seat.left_on) == ("withdrawn", day(-20), day(-10))


def test_guardians_of_one_name_are_one(manager):
    one, other = make.minor("Elif"), make.minor("Elif Su")
    Guardian.objects.filter(trainee=other).update(phone="+905551110000")
    aunt = Guardian.objects.create(trainee=other, name="Nur Ak", relation="teyze")
    make.consent(other, Purpose.PHOTO, guardian=other.guardians.first())
    before = everything()
    made = merge(one, other, manager)
    told = dict(one.guardians.values_list("name", "phone"))
    assert told == {"Ayla Kaya": "+905551110000", "Nur Ak": ""}
    assert one.consents.get().guardian in one.guardians.all()
    undo(merge=made, by=manager)
    assert everything() == before
    merge(one, other, manager, guardians="first")
    assert aunt.trainee_id == other.pk
    assert one.guardians.count() == 1


def test_two_numbers_only_by_a_manager_and_the_second_still_finds_her(one, other, manager):
    course = make.course()
    officer = make.user("merkez-sorumlusu", centres=[course.centre])
    for who, (kind, number) in zip((one, other), NUMBERS.items(), strict=True):
        make.enrolment(who, course)
        services.record_identity(trainee=who, kind=kind, number=number, by=manager)
    one, other = (Trainee.objects.get(pk=who.pk) for who in (one, other))
    with pytest.raises(NotAllowed):
        merge(one, other, officer)
    made = merge(one, other, manager, number="theirs")
    find = services.find_by_identity
    assert {find(kind=kind, number=n, by=manager) for kind, n in NUMBERS.items()} == {one}
    undo(merge=made, by=manager)
    assert find(kind="ykn", number=NUMBERS["ykn"], by=manager) == other


def test_a_wrong_number_is_free_for_whom_it_belongs_to(one, other, manager):
    for who, (kind, number) in zip((one, other), NUMBERS.items(), strict=True):
        services.record_identity(trainee=who, kind=kind, number=number, by=manager)
    one, other = (Trainee.objects.get(pk=who.pk) for who in (one, other))
    made = merge(one, other, manager, number="wrong")
    assert services.find_by_identity(kind="ykn", number=NUMBERS["ykn"], by=manager) is None
    owner = make.trainee("Oksana", "Ak")
    services.record_identity(trainee=owner, kind="ykn", number=NUMBERS["ykn"], by=manager)
    refused("stands", undo, merge=made, by=manager)
    assert Trainee.objects.filter(pk=other.pk).count() == 0


def test_who_applied_twice_waits_once(one, other, manager):
    course = make.course("open")
    early, late = (
        applied(who, course, received_at=timezone.now() - timedelta(days=n))
        for who, n in ((other, 3), (one, 1))
    )
    made = merge(one, other, manager)
    assert Application.objects.open().get() == early
    assert early.trainee_id == other.pk
    early.refresh_from_db()
    assert early.trainee == one
    undo(merge=made, by=manager)
    late.refresh_from_db()
    assert late.state == ApplicationState.RECEIVED


# --- Who, until when ------------------------------------------------------------------------------


def test_an_officer_merges_only_who_is_wholly_at_the_own_centre(one, other):
    course = make.course()
    officer = make.user("merkez-sorumlusu", centres=[course.centre])
    make.enrolment(one, course)
    elsewhere = make.enrolment(other)
    refused("right", services.merge_trainees, first=one, second=other, by=officer)
    Enrolment.objects.filter(pk=elsewhere.pk).update(course=make.course(centre=course.centre))
    made = merge(one, other, officer)
    assert [*Merge.objects.visible_to(officer)] == [made]
    assert not Merge.objects.visible_to(make.user("merkez-sorumlusu")).exists()
    undo(merge=made, by=officer)


def test_after_a_week_a_merge_stands_and_the_second_record_is_empty(one, other, manager):
    made = merge(one, other, manager)
    Merge.objects.update(at=timezone.now() - timedelta(days=8))
    refused("late", undo, merge=made, by=manager)
    assert close_old() == 1
    second = Trainee.everyone.get(pk=other.pk)
    assert (str(second), second.email, second.phone) == ("", "", "")
    assert second.anonymised_at
    assert Merge.objects.get().steps == []
    assert close_old() == 0


def test_a_certificate_that_was_issued_since_stands_in_the_way(one, other, manager):
    seat = make.enrolment(other)
    made = merge(one, other, manager)
    certificate(Enrolment.objects.get(pk=seat.pk))
    refused("certificate", undo, merge=made, by=manager)


def test_what_was_given_away_since_stands_in_the_way(one, other, manager):
    waiting = applied(other, make.course("open"))
    made = merge(one, other, manager)
    Application.objects.filter(pk=waiting.pk).update(trainee=None)
    refused("since", undo, merge=made, by=manager)
    assert Trainee.objects.count() == 1


def test_what_has_changed_since_it_was_looked_at_is_looked_at_again(one, other, manager):
    preview = services.preview_trainees(first=one, second=other)
    make.enrolment(other)
    refused(
        "changed",
        services.merge_trainees,
        first=one,
        second=other,
        answers={"first_name": "first"},
        seen=preview.seen,
        by=manager,
    )


def test_a_merge_that_fails_leaves_everything(one, other, manager, monkeypatch):
    make.enrolment(other)
    make.consent(other, Purpose.PHOTO)
    before = everything()

    def fails(merger):
        raise RuntimeError("the power went off")

    monkeypatch.setattr(services.merging, "withdraw_spare", fails)
    with pytest.raises(RuntimeError):
        merge(one, other, manager)
    assert everything() == before
    assert not Merge.objects.exists()


def test_what_was_begun_for_a_merged_record_goes_to_the_one_that_stays(one, other, manager):
    course = make.course("open")
    merge(one, other, manager)
    seat = services.enrol(trainee=other, course=course, by=manager)
    assert seat.trainee == one
    services.give_consent(trainee=other, purpose=Purpose.PHOTO, channel=Channel.PAPER, by=manager)
    assert one.consents.exists()


def test_a_merged_record_is_in_no_list(one, other, manager):
    services.find_look_alikes()
    merge(one, other, manager)
    assert not LookAlike.objects.exists()
    assert not Trainee.objects.similar(name="Ayşe Nur Kaya", birth_date=one.birth_date)[1:]
    services.find_look_alikes()
    assert not LookAlike.objects.exists()

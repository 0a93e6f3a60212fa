"""The one gate to a seat, and the ways out (DOMAIN.md §3, Who; DESIGN.md §3, Enrolment)."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Holiday
from izmek.accounts.roles import Role
from izmek.models import Letter, Override
from tests import factories
from tests.refusals import refused
from trainees import services
from trainees.enums import ApplicationState, EnrolmentState
from trainees.models import Absence, Application, Enrolment, RollCall
from trainees.queries.same_person import may_be_one_name

pytestmark = pytest.mark.django_db

ENROLLED, WITHDRAWN = EnrolmentState.ENROLLED, EnrolmentState.WITHDRAWN


def today(offset=0):
    return timezone.localdate() + timedelta(days=offset)


def officer(of):
    return factories.user("merkez-sorumlusu", centres=[of.centre])


def enrol(who, to, **fields):
    return services.enrol(trainee=who, course=to, by=None, **fields)


def applied(to, name="Ayşe", **fields):
    fields.setdefault("phone", "05551112233")
    facts = {"first_name": name, "last_name": "Yılmaz", "birth_year": 1980, **fields}
    return services.apply(course=to, by=officer(to), **facts)


def again(row):
    return type(row)._default_manager.get(pk=row.pk)


# --- The gate ---------------------------------------------------------------------------------


def test_a_seat_is_given_and_told():
    who = factories.trainee(email="z@example.org")
    to = factories.course()
    enrolment = enrol(who, to)
    assert (enrolment.state, enrolment.joined_on) == (ENROLLED, today())
    assert Letter.objects.get(kind="enrolled").to == "z@example.org"


def test_no_reason_is_longer_than_its_column():
    enrolment = factories.enrolment()
    by = factories.user(Role.MANAGER)
    elsewhere, long = factories.course(), "ş" * 251
    refused("long", services.withdraw, enrolment=enrolment, reason=long, by=by)
    refused("long", services.remove, enrolment=enrolment, reason=long, by=by)
    refused("long", services.transfer, enrolment=enrolment, course=elsewhere, reason=long, by=by)
    who = enrolment.trainee
    refused("long", services.enrol, trainee=who, course=elsewhere, by=by, override=long)
    refused("long", services.see_identity, trainee=who, reason="ş" * 501, by=by)
    assert services.withdraw(enrolment=enrolment, by=by, reason=" ").state_reason == ""


def test_she_joins_on_the_first_day_of_a_course_that_has_not_begun():
    to = factories.course("open", begin=today(10))
    assert enrol(factories.trainee(), to).joined_on == to.begin


def test_a_repeat_answers_with_the_seat_she_has():
    who, to = factories.trainee(email="z@example.org"), factories.course(capacity=1)
    assert enrol(who, to) == enrol(who, to)
    assert Enrolment.objects.count() == 1
    assert Letter.objects.count() == 1
    assert enrol(who, to).history.count() == 1


@pytest.mark.parametrize("state", ["planned", "finished", "cancelled"])
def test_a_course_outside_its_time_takes_nobody(state):
    refused("state", enrol, who=factories.trainee(), to=factories.course(state))


def test_thirteen_is_too_young_and_learns_the_programmes_age():
    young = factories.minor(years=13)
    to = factories.course(programme=factories.programme(minimum_age=16))
    sentence = refused("age", enrol, who=young, to=to)
    assert "16" in sentence and "13" in sentence


def test_the_age_counts_on_the_day_the_course_begins():
    born = today(5).replace(year=today(5).year - 16)
    young = factories.minor()
    young.birth_date = born
    young.save()
    refused("age", enrol, who=young, to=factories.course())
    assert enrol(young, factories.course("open", begin=today(5)))


def test_without_a_birth_date_nobody_is_let_in():
    refused("birth date", enrol, who=factories.trainee(birth_date=None), to=factories.course())


def test_under_eighteen_the_guardian_permits():
    young = factories.minor()
    young.guardians.update(permission_on=None)
    refused("guardian", enrol, who=young, to=factories.course())
    services.record_guardian(
        trainee=young, name="AYLA KAYA", relation="anne", permission_on=today(), by=None
    )
    assert young.guardians.count() == 1
    assert enrol(young, factories.course())


@pytest.mark.parametrize(
    ("hers", "code"), [("", "education unknown"), ("2", "education"), ("4", None), ("6", None)]
)
def test_a_programme_may_ask_for_an_education(hers, code):
    who = factories.trainee(education=hers)
    to = factories.course(programme=factories.programme(minimum_education="4"))
    if code:
        refused(code, enrol, who=who, to=to)
    else:
        assert enrol(who, to)


def test_two_courses_at_a_time():
    who = factories.trainee()
    enrol(who, factories.course())
    enrol(who, factories.course())
    third = factories.course()
    assert "2" in refused("too many", enrol, who=who, to=third)
    later = factories.course("open", begin=today(200))
    assert enrol(who, later), "not at a time: the others end before it begins"


def test_a_course_that_is_over_makes_room_for_another():
    who = factories.trainee()
    first = factories.course()
    enrol(who, first)
    enrol(who, factories.course())
    first.state = "cancelled"
    first.save()
    assert enrol(who, factories.course())


def test_a_course_whose_last_day_is_past_counts_no_more():
    who = factories.trainee()
    for _ in range(2):
        factories.enrolment(who, factories.course(end=today(-1)))
    assert enrol(who, factories.course())


def test_clashing_hours_name_the_course_and_the_hours():
    who = factories.trainee()
    mine, other = factories.course(), factories.course()
    factories.session(mine, today(7), time(9), time(12))
    factories.session(other, today(7), time(11, 30), time(14))
    enrol(who, mine)
    sentence = refused("clash", enrol, who=who, to=other)
    assert str(mine) in sentence
    assert "09.00-12.00" in sentence


@pytest.mark.parametrize("how", ["ends when the other begins", "past", "cancelled"])
def test_what_does_not_clash(how):
    who = factories.trainee()
    mine, other = factories.course(), factories.course()
    day = today(-7) if how == "past" else today(7)
    begin = time(12) if how == "ends when the other begins" else time(11)
    factories.session(mine, day, time(9), time(12))
    state = "cancelled" if how == "cancelled" else "planned"
    factories.session(other, day, begin, time(14), state=state)
    enrol(who, mine)
    assert enrol(who, other)


def dropped(who, year_of, state=EnrolmentState.ABSENT):
    """Someone who broke the limit in the term before."""
    before = year_of.terms.create(name="Yaz", begin=today(-50), end=today(-20))
    factories.enrolment(who, factories.course("finished", term=before), state=state)


def test_who_was_dropped_for_absence_gets_no_seat_in_the_next_term():
    who, year = factories.trainee(), factories.year()
    dropped(who, year)
    spring = year.terms.create(name="Bahar", begin=today(-10), end=today(90))
    refused("dropped", enrol, who=who, to=factories.course(term=spring))
    summer = year.terms.create(name="Yaz 2", begin=today(91), end=today(120))
    assert enrol(who, factories.course(term=summer)), "only the next term"


def test_the_year_may_forgive_absence():
    who, year = factories.trainee(), factories.year(drop_bars_next_term=False)
    dropped(who, year)
    spring = year.terms.create(name="Bahar", begin=today(-10), end=today(90))
    assert enrol(who, factories.course(term=spring))


def test_the_last_seat_was_just_taken():
    to = factories.course(capacity=1)
    enrol(factories.trainee(), to)
    refused("full", enrol, who=factories.trainee("Ayşe"), to=to)


# --- The gate and the queue -------------------------------------------------------------------


def test_an_offer_becomes_a_seat():
    to = factories.course(capacity=1)
    application = applied(to)
    who = factories.trainee("Ayşe", "Yılmaz")
    enrolment = services.accept_offer(application=application, trainee=who, by=None)
    application = again(application)
    assert (application.state, application.trainee) == (ApplicationState.ENROLLED, who)
    assert enrolment.application == application
    assert services.accept_offer(application=application, trainee=who, by=None) == enrolment


def test_a_seat_that_is_offered_is_not_free_for_a_walk_in():
    to = factories.course(capacity=1)
    applied(to)
    refused("full", enrol, who=factories.trainee(), to=to)


def expire(application):
    Application.objects.filter(pk=application.pk).update(
        offer_until=timezone.now() - timedelta(minutes=1)
    )


def test_an_offer_whose_time_is_over_is_no_seat():
    to = factories.course(capacity=1)
    application = applied(to)
    expire(application)
    facts = {"application": application, "trainee": factories.trainee("Ayşe"), "by": None}
    refused("expired", services.accept_offer, **facts)
    assert enrol(factories.trainee(), to), "the seat is free for whoever comes next"
    assert again(application).state == ApplicationState.EXPIRED


def test_a_walk_in_takes_a_free_seat_only_when_nobody_waits_ahead():
    to = factories.course(capacity=1)
    first, second = applied(to), applied(to, "Fatma")
    expire(first)
    assert "1" in refused("queue", enrol, who=factories.trainee(), to=to)
    services.advance_queue(course=to)
    assert again(second).state == ApplicationState.OFFERED


def test_who_comes_with_an_application_of_her_own_uses_it():
    to = factories.course(capacity=2)
    hers = applied(to)
    enrol(factories.trainee("AYŞE", "Yılmaz", phone="05551112233"), to)
    assert again(hers).state == ApplicationState.ENROLLED
    assert to.seats_taken == 1


@pytest.mark.parametrize("how", ["named", "linked", "by name and phone"])
def test_who_has_a_seat_keeps_no_offer_beside_it(how):
    to = factories.course(capacity=2)
    who = factories.trainee("Ayşe", "Yılmaz")
    enrolment = enrol(who, to)
    hers, waiting = applied(to), applied(to, "Fatma")
    if how == "linked":
        hers.trainee = who
        hers.save()
    if how == "by name and phone":
        who.phone = hers.phone
        who.save()
    assert enrol(who, to, application=hers if how == "named" else None) == enrolment
    assert again(hers).state == ApplicationState.ENROLLED
    assert again(waiting).state == ApplicationState.OFFERED


@pytest.mark.parametrize("wrong", ["another course", "another person", "withdrawn"])
def test_an_application_that_is_not_hers_to_use(wrong):
    to = factories.course()
    application = applied(factories.course() if wrong == "another course" else to)
    codes = {"another course": "course", "another person": "person", "withdrawn": "application"}
    if wrong == "another person":
        application.trainee = factories.trainee("Ayşe")
        application.save()
    if wrong == "withdrawn":
        services.withdraw_application(application=application, by=officer(to))
    refused(codes[wrong], enrol, who=factories.trainee(), to=to, application=application)


def test_who_is_certified_and_did_not_say_so_goes_behind_the_others():
    to = factories.course(capacity=1)
    who = factories.trainee("Ayşe", "Yılmaz")
    done = factories.course("finished", programme=to.programme)
    factories.enrolment(who, done, state="completed")
    application = applied(to)
    other = applied(to, "Fatma")
    refused("certified", enrol, who=who, to=to, application=application)
    services.withdraw_application(application=other, by=officer(to))
    assert enrol(who, to, application=application), "alone she keeps her seat"


# --- Setting a rule aside ---------------------------------------------------------------------


def test_an_officer_sets_rules_aside_with_a_reason_that_is_kept():
    who, to = factories.trainee(), factories.course()
    enrol(who, factories.course())
    enrol(who, factories.course())
    by = officer(to)
    enrolment = services.enrol(
        trainee=who, course=to, by=by, override="Öğretmeni olmayan köyden geliyor"
    )
    override = Override.objects.get()
    assert (override.act, override.by, override.object) == ("too many", by, enrolment)
    assert override.reason == "Öğretmeni olmayan köyden geliyor"


def test_only_an_officer_of_that_centre_or_a_manager_sets_rules_aside():
    who, to = factories.trainee(), factories.course()
    enrol(who, factories.course())
    enrol(who, factories.course())
    strangers = [factories.user("ogretmen"), officer(factories.course()), None]
    for by in strangers:
        refused("right", services.enrol, trainee=who, course=to, by=by, override="Köyden geliyor")
    refused("reason", services.enrol, trainee=who, course=to, by=officer(to), override=" ")
    assert services.enrol(
        trainee=who, course=to, by=factories.user("yonetici"), override="Köyden geliyor"
    )


def test_an_officer_lets_someone_pass_the_queue():
    to = factories.course(capacity=1)
    first = applied(to)
    waiting = applied(to, "Fatma")
    expire(first)
    assert services.enrol(
        trainee=factories.trainee(), course=to, by=officer(to), override="Yanlış kayıt"
    )
    assert again(waiting).state == ApplicationState.RECEIVED


def test_what_no_officer_may_set_aside():
    to = factories.course(capacity=1, programme=factories.programme(minimum_age=16))
    enrol(factories.trainee(), to)
    for who, code in [(factories.minor(years=13), "age"), (factories.trainee(), "full")]:
        refused(code, services.enrol, trainee=who, course=to, by=officer(to), override="Lütfen")
    assert not Override.objects.exists()


def test_all_hindrances_are_told_at_once():
    who = factories.minor(years=14)
    who.guardians.all().delete()
    to = factories.course("finished", capacity=1)
    factories.enrolment(of=to)
    found = [refusal.reason for refusal in services.hindrances(trainee=who, course=to)]
    assert found == ["state", "age", "guardian", "full"]
    assert services.hindrances(trainee=factories.trainee(), course=factories.course()) == []


# --- The ways out, and back -------------------------------------------------------------------


def test_withdrawing_frees_the_seat_for_the_next():
    to = factories.course(capacity=1)
    enrolment = enrol(factories.trainee(), to)
    waiting = applied(to)
    services.withdraw(enrolment=enrolment, by=None, reason="Taşındı")
    enrolment = again(enrolment)
    assert (enrolment.state, enrolment.left_on) == (WITHDRAWN, today())
    assert enrolment.state_reason == "Taşındı"
    assert again(waiting).state == ApplicationState.OFFERED
    assert services.withdraw(enrolment=enrolment, by=None) == enrolment
    refused("state", services.remove, enrolment=enrolment, reason="Yine", by=None)


def test_removing_needs_a_reason_and_tells_it():
    enrolment = enrol(factories.trainee(email="z@example.org"), factories.course())
    refused("reason", services.remove, enrolment=enrolment, reason="", by=None)
    services.remove(enrolment=enrolment, reason="Kurs kurallarına uymadı", by=None)
    assert "Kurs kurallarına uymadı" in Letter.objects.get(kind="removed").text


@pytest.mark.parametrize("day", [-31, 1])
def test_the_day_of_leaving_lies_between_joining_and_today(day):
    enrolment = factories.enrolment()
    refused("day", services.withdraw, enrolment=enrolment, by=None, left_on=today(day))


def test_who_comes_back_has_missed_the_lessons_between():
    to = factories.course()
    who = factories.trainee()
    enrolment = factories.enrolment(who, to)
    before, away, cancelled, on_the_day = (
        factories.session(to, today(-20)),
        factories.session(to, today(-5)),
        factories.session(to, today(-4), state="cancelled"),
        factories.session(to, today()),
    )
    services.withdraw(enrolment=enrolment, by=None, left_on=today(-10))
    back = enrol(who, to)
    assert (back.pk, back.state, back.left_on) == (enrolment.pk, ENROLLED, None)
    assert back.joined_on == enrolment.joined_on
    missed = {absence.session: absence.hours for absence in Absence.objects.all()}
    assert missed == {away: away.lesson_hours}, (before, cancelled, on_the_day)
    assert Absence.history.count() == 1


def test_coming_back_passes_the_gate_too():
    to = factories.course(capacity=1)
    who = factories.trainee()
    services.withdraw(enrolment=enrol(who, to), by=None)
    enrol(factories.trainee("Ayşe"), to)
    refused("full", enrol, who=who, to=to)


# --- The first day ----------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["before", "after"])
def test_nobody_joins_outside_the_course(day):
    to = factories.course()
    wrong = {"before": to.begin - timedelta(days=1), "after": to.end + timedelta(days=1)}[day]
    refused("day", enrol, who=factories.trainee(), to=to, joined_on=wrong)
    assert enrol(factories.trainee(), to, joined_on=to.end).joined_on == to.end


def test_a_day_for_who_comes_back_is_not_ignored():
    to = factories.course()
    enrolment = factories.enrolment(of=to)
    services.withdraw(enrolment=enrolment, by=None)
    sentence = refused("returns", enrol, who=enrolment.trainee, to=to, joined_on=today(-1))
    assert "ilk gün" in sentence
    assert enrol(enrolment.trainee, to).state == ENROLLED


def test_a_wrong_first_day_is_corrected_with_a_reason():
    to = factories.course()
    enrolment = factories.enrolment(of=to)
    early, late = factories.session(to, today(-20)), factories.session(to, today(-5))
    for lesson in (early, late):
        RollCall.objects.create(session=lesson)
        absent(enrolment, lesson)
    correct = {"enrolment": enrolment, "by": None}
    refused("reason", services.correct_joined_on, joined_on=today(-10), reason="", **correct)
    outside = to.end + timedelta(days=1)
    refused("day", services.correct_joined_on, joined_on=outside, reason="Yazım", **correct)
    services.correct_joined_on(joined_on=today(-10), reason="Yanlış yazılmış", **correct)
    enrolment = again(enrolment)
    assert enrolment.joined_on == today(-10)
    assert enrolment.attendance.absent == late.lesson_hours
    assert enrolment.history.first().history_change_reason == "Yanlış yazılmış"


def test_the_first_day_of_a_finished_course_stays():
    enrolment = factories.enrolment(of=factories.course("finished"), state="completed")
    facts = {"joined_on": enrolment.joined_on, "reason": "Yazım", "by": None}
    refused("state", services.correct_joined_on, enrolment=enrolment, **facts)


# --- A birth date corrected afterwards ----------------------------------------------------------


def test_who_proves_too_young_needs_attention(client):
    to = factories.course(programme=factories.programme(minimum_age=16))
    fine, permitted = factories.enrolment(of=to), factories.enrolment(factories.minor(), to)
    minor = factories.enrolment(factories.trainee("Ece", "Ak"), to)
    child = factories.enrolment(factories.minor("Can", "Ak"), to)
    over = factories.enrolment(factories.minor("Efe", "Ak"), factories.course("finished"))
    client.force_login(factories.user("yonetici"))
    lists = reverse("admin:trainees_enrolment_changelist")
    unfit, unpermitted = f"{lists}?attention=unfit", f"{lists}?attention=no-guardian"
    assert unfit not in client.get("/yonetim/").content.decode()
    for enrolment, years in ((minor, 17), (child, 12), (over, 12)):
        enrolment.trainee.birth_date = today(-years * 366)
        enrolment.trainee.save()
    seen = client.get("/yonetim/").content.decode()
    assert unfit in seen and unpermitted in seen

    def listed(address):
        return set(client.get(address).context["cl"].result_list)

    assert (listed(unfit), listed(unpermitted)) == ({child}, {minor}), (fine, permitted)


def test_the_age_counts_on_the_day_a_course_begins_that_is_to_come():
    to = factories.course("open", begin=today(30), programme=factories.programme(minimum_age=20))
    birthday = today(30).replace(year=today(30).year - 20)
    seat = factories.enrolment(factories.trainee(birth_date=birthday), to)
    assert not Enrolment.objects.against_conditions().exists()
    seat.trainee.birth_date = birthday + timedelta(days=1)
    seat.trainee.save()
    assert Enrolment.objects.against_conditions().get() == seat


# --- The first lesson -------------------------------------------------------------------------


def first_lesson(to, *, call=True):
    session = factories.session(to, today(-7))
    if call:
        RollCall.objects.create(session=session)
    return session


def absent(enrolment, session, **fields):
    fields.setdefault("hours", session.lesson_hours)
    return Absence.objects.create(enrolment=enrolment, session=session, **fields)


def test_who_does_not_come_to_the_first_lesson_loses_the_seat_when_an_officer_says_so():
    to = factories.course(capacity=3)
    lost, excused, late = [
        factories.enrolment(factories.trainee(name), to) for name in ("Ada", "Bade", "Ceyda")
    ]
    session = first_lesson(to)
    absent(lost, session)
    absent(excused, session, excused=True)
    absent(late, session, hours=1)
    waiting = applied(to)
    assert list(to.enrolments.unseen()) == [lost]
    refused("right", services.free_unseen_seats, course=to, by=factories.user("ogretmen"))
    removed = services.free_unseen_seats(course=to, by=officer(to))
    assert [enrolment.pk for enrolment in removed] == [lost.pk]
    assert again(lost).state == EnrolmentState.REMOVED
    assert again(waiting).state == ApplicationState.OFFERED
    assert services.free_unseen_seats(course=to, by=officer(to)) == []


def test_the_officer_chooses_whose_seat_is_offered_on():
    to = factories.course()
    enrolments = [factories.enrolment(factories.trainee(name), to) for name in ("Ada", "Bade")]
    session = first_lesson(to)
    for enrolment in enrolments:
        absent(enrolment, session)
    services.free_unseen_seats(course=to, by=officer(to), enrolments=enrolments[1:])
    assert list(to.enrolments.unseen()) == enrolments[:1]


def test_nobody_is_unseen_before_the_roll_is_called_nor_once_she_has_come():
    to = factories.course()
    enrolment = factories.enrolment(of=to)
    session = first_lesson(to, call=False)
    absent(enrolment, session)
    assert not to.enrolments.unseen().exists()
    RollCall.objects.create(session=session)
    assert to.enrolments.unseen().exists()
    RollCall.objects.create(session=factories.session(to, today(-3)))
    assert not to.enrolments.unseen().exists(), "she was at the second lesson"


def test_a_first_lesson_that_a_later_holiday_took_is_not_the_first():
    to = factories.course()
    enrolment = factories.enrolment(of=to)
    factories.session(to, today(-9))
    Holiday.objects.create(name="Kar tatili", begin=today(-9), end=today(-9))
    absent(enrolment, first_lesson(to))
    assert list(to.enrolments.unseen()) == [enrolment]


# --- Transfer ---------------------------------------------------------------------------------


def transfer(enrolment, to, **fields):
    return services.transfer(enrolment=enrolment, course=to, reason="Saati uymuyor", by=None)


def twins(**fields):
    """Two courses of one programme."""
    programme = factories.programme(total_hours=40)
    return [factories.course(programme=programme, **fields) for _ in range(2)]


def test_a_transfer_moves_the_seat_and_the_queue():
    old_course, new_course = twins(capacity=1)
    old = enrol(factories.trainee(), old_course)
    waiting = applied(old_course)
    new = transfer(old, new_course)
    old = again(old)
    assert (old.state, old.state_reason) == (EnrolmentState.TRANSFERRED, "Saati uymuyor")
    assert (new.course, new.continues, new.state) == (new_course, old, ENROLLED)
    assert again(waiting).state == ApplicationState.OFFERED
    assert transfer(old, new_course) == new


def test_a_transfer_passes_the_gate():
    old_course, new_course = twins(capacity=1)
    old = enrol(factories.trainee(), old_course)
    enrol(factories.trainee("Ayşe"), new_course)
    refused("full", transfer, enrolment=old, to=new_course)
    refused("same", transfer, enrolment=old, to=old_course)
    assert again(old).state == ENROLLED


def test_the_seat_she_leaves_counts_neither_for_two_at_a_time_nor_for_clashing_hours():
    who = factories.trainee()
    old_course, new_course = twins()
    for course in (old_course, new_course):
        factories.session(course, today(7))
    old = enrol(who, old_course)
    enrol(who, factories.course())
    assert transfer(old, new_course)


def test_within_the_programme_missed_hours_and_marks_count_on():
    old_course, new_course = twins()
    modules = [course.modules.create(name="Temel", hours=40) for course in (old_course, new_course)]
    old = factories.enrolment(of=old_course)
    absent(old, factories.session(old_course, today(-7)), hours=3)
    services.set_mark(enrolment=old, module=modules[0], value=70, by=None)
    new = transfer(old, new_course)
    absent(new, factories.session(new_course, today()), hours=2)
    assert new.attendance.absent == 5
    assert [(mark.module, mark.value) for mark in new.marks.all()] == [(modules[1], 70)]


def test_another_programme_begins_anew():
    old = factories.enrolment()
    absent(old, factories.session(old.course, today(-7)))
    new = transfer(old, factories.course())
    assert (new.continues, new.attendance.absent) == (old, 0)


def test_a_transfer_can_be_taken_back_without_counting_anything_twice():
    first_course, second_course = twins()
    first = factories.enrolment(of=first_course)
    absent(first, factories.session(first_course, today(-7)), hours=3)
    second = transfer(first, second_course)
    absent(second, factories.session(second_course, today(-1)), hours=1)
    factories.session(first_course, today(-1), time(13), time(15))
    back = transfer(second, first_course)
    assert back.pk == first.pk
    assert (back.continues_id, back.attendance.absent) == (second.pk, 4)
    assert again(second).continues is None


def test_a_third_transfer_within_the_programme_is_refused():
    programme = factories.programme()
    courses = [factories.course(programme=programme) for _ in range(4)]
    enrolment = factories.enrolment(of=courses[0])
    absent(enrolment, factories.session(courses[0], today(-7)), hours=3)
    for course in courses[1:3]:
        enrolment = transfer(enrolment, course)
    assert enrolment.attendance.absent == 3
    refused("transfers", transfer, enrolment=enrolment, to=courses[3])
    assert transfer(enrolment, factories.course())


# --- Who she is -------------------------------------------------------------------------------


def test_registering_someone_who_is_known_gives_the_one_on_record():
    number = {"kind": "tckn", "number": "10000000146"}
    first = services.register_trainee(
        trainee=factories.Trainee(first_name="Ayşe", last_name="Ak"), by=None, **number
    )
    typed = factories.Trainee(first_name="AYŞE", last_name="AK")
    assert services.register_trainee(trainee=typed, by=None, **number) == first
    assert factories.Trainee.objects.count() == 1


def test_the_same_person_without_a_number_is_warned_of():
    born = date(1980, 5, 17)
    known = factories.trainee("Işıl", "Çağ", birth_date=born, phone="05551112233")
    similar = factories.Trainee.objects.similar
    facts = {"name": "ISIL cag"}
    assert similar(**facts, birth_date=born) == [known]
    assert similar(**facts, phone="+905551112233") == [known]
    assert similar(**facts) == []
    assert similar(**facts, birth_date=date(1981, 5, 17)) == []


@pytest.mark.parametrize(
    ("one", "other", "maybe"),
    [
        ("Ada Su Or", "Adasu Or", True),
        ("Ada Su Or", "Ada-Su Or", True),
        ("Ada Su Or", "Or Ada Su", True),
        ("Ada Su Or", "Ada Su. Or", True),
        ("Ada Su Or", "Adasu Or-Ak", True),
        ("Ayşe Nur KAYA", "Kaya, Aysenur", True),
        ("Ada", "Ada Su Or", True),
        ("Ada Su Or", "Ada Kaya", False),
        ("Can Demir", "Canan Demir", False),  # brother and sister on one phone
        ("Ali Kaya", "Ayşe Kaya", False),
        ("Ali " * 40, "Veli " * 32, False),  # no name takes long
    ],
)
def test_one_person_in_several_spellings(one, other, maybe):
    assert may_be_one_name(one, other) == may_be_one_name(other, one) == maybe


def test_a_second_spelling_is_asked_about_before_it_gets_a_seat():
    to = factories.course()
    offered = applied(to, "Adasu", last_name="Or")
    who = factories.trainee("Ada Su", "Or", phone="05551112233")
    assert "Adasu Or" in refused("whose", enrol, who=who, to=to)
    other = factories.trainee("Su Ada", "Or", phone="05554445566", birth_date=date(1980, 2, 2))
    refused("whose", enrol, who=other, to=to)  # the year of birth and the name
    assert enrol(other, to, not_theirs=True).application is None
    assert enrol(who, to, application=offered).application == offered

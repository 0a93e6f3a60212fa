"""Every act of the trainees app with every role: who may do it is what the table of rights says."""

from datetime import date

import pytest

from courses.models import CourseModule
from izmek.accounts.roles import Role
from izmek.models import Letter
from izmek.text.codes import new_code
from tests import factories as make
from tests.classroom import phone
from tests.refusals import refused
from tests.rights import ALWAYS, World, acts_of, assert_asks_first
from trainees import services
from trainees.enums import Channel, Purpose
from trainees.models import Application, Call, Certificate, LookAlike, SupportNeed, Trainee
from trainees.rights import RIGHTS

pytestmark = pytest.mark.django_db

SERVICES = acts_of(services)
OFFICER, TEACHER, BOTH = {Role.OFFICER}, {Role.TEACHER}, {Role.OFFICER, Role.TEACHER}

# Act → (the row it is done on, who beside the manager does it on a row of their own). On a foreign row
# nobody else does.
WHO = {
    # People
    "record_identity": ("trainee", BOTH),
    "correct_identity": ("trainee", OFFICER),
    "see_identity": ("trainee", OFFICER),
    "correct_name": ("trainee", BOTH),
    "record_guardian": ("trainee", BOTH),
    "record_support": ("trainee", BOTH),
    "see_support": ("trainee", BOTH),
    "enrol_in_person": ("course", BOTH),
    "apply_in_person": ("course", BOTH),
    # One person twice
    "merge_trainees": ("trainee", OFFICER),
    "merge_two_numbers": ("trainee", set()),
    "not_the_same": ("trainee", OFFICER),
    # What people ask of their own data
    "hand_over": ("trainee", set()),
    "restrict": ("trainee", set()),
    "lift_restriction": ("trainee", set()),
    "anonymise": ("trainee", set()),
    "erase_contact": ("application", set()),
    # Consents
    "record_answers": ("trainee", BOTH),
    "give_consent": ("trainee", BOTH),
    "withdraw_consent": ("trainee", BOTH),
    "answer_of_teacher": ("teacher", OFFICER),
    "answer_of_applicant": ("application", BOTH),
    # Applications
    "apply": ("course", BOTH),
    "put_on_waiting_list": ("course", BOTH),
    "confirm_application": ("application", BOTH),
    "decline_offer": ("application", OFFICER),
    "withdraw_application": ("application", OFFICER),
    "refuse_application": ("application", OFFICER),
    "set_already_certified": ("application", OFFICER),
    "told_by_phone": ("application", OFFICER),
    "resend_letter": ("application", OFFICER),
    # Seats
    "enrol": ("course", BOTH),
    "accept_offer": ("application", BOTH),
    "override": ("course", OFFICER),
    "correct_joined_on": ("enrolment", OFFICER),
    "withdraw": ("enrolment", BOTH),
    "transfer": ("enrolment", BOTH),
    "remove": ("enrolment", OFFICER),
    "free_unseen_seats": ("course", OFFICER),
    "send_news": ("course", OFFICER),
    "tick_call": ("call", BOTH),
    "reopen_call": ("call", BOTH),
    "answer_calls": ("call", BOTH),
    "ask_for_call": ("enrolment", OFFICER),
    # The roll
    "check_roll": ("session", BOTH),
    "call_roll": ("session", BOTH),
    "mark_absent": ("session", BOTH),
    "mark_present": ("session", BOTH),
    "correct_old_roll": ("session", OFFICER),
    # Marks and outcome
    "set_mark": ("enrolment", BOTH),
    "finish_course": ("course", OFFICER),
    "reopen_course": ("course", OFFICER),
    # Certificates
    "issue_certificates": ("course", OFFICER),
    "print_certificates": ("certificate", OFFICER),
    "revoke_certificate": ("certificate", OFFICER),
    "replace_certificate": ("certificate", OFFICER),
    "hand_over_certificate": ("certificate", OFFICER),
    "take_back_hand_over": ("certificate", OFFICER),
    "mail_certificate": ("certificate", OFFICER),
    "reminded_of_certificate": ("certificate", OFFICER),
    "will_not_collect_certificate": ("certificate", OFFICER),
    "reconcile": ("course", OFFICER),
}
# What has no row yet: whoever comes. Officers and teachers do it wherever they work.
ON_NOBODY = {"register_trainee", "find_by_identity"}
# Entries that are asked inside another act.
ASKED_WITHIN = {
    "answer_of_teacher",
    "answer_of_applicant",
    "override",
    "correct_old_roll",
    "merge_two_numbers",
    "print_certificates",
    "hand_over",
}


@pytest.fixture
def world():
    made = World()
    for place in (made.own, made.foreign):
        course = place["course"]
        CourseModule.objects.create(course=course, name="Modül", hours=10)
        place["teacher"] = course.teacher
        place["enrolment"] = make.enrolment(make.trainee(phone=phone()), course)
        place["trainee"] = place["enrolment"].trainee
        place["session"] = make.session(course)
        place["application"] = Application.objects.create(
            course=course, reference=new_code(), **applicant()
        )
        place["certificate"] = Certificate.objects.create(
            enrolment=place["enrolment"], number=new_code(), code=new_code(), content={}
        )
        place["call"] = Call.objects.create(
            course=course, enrolment=place["enrolment"], kind="removed", what="Ders yok"
        )
    # The officer's centre also has the teacher: whose consents they record.
    made.own["teacher"].centres.add(made.own["centre"])
    return made


def applicant():
    return {
        "first_name": "Filiz",
        "last_name": "Ak",
        "phone": phone(),
        "birth_year": 1980,
    }


CONSENT = {"purpose": Purpose.NAME_WEB, "channel": Channel.PAPER}
IDENTITY = {"kind": "tckn", "number": "10000000146"}
# What each act needs beside its row, as a function of the row.
FACTS = {
    "record_identity": lambda row: IDENTITY,
    "correct_identity": lambda row: {**IDENTITY, "reason": "Yanlış yazılmış"},
    "correct_name": lambda row: {"first_name": "Ayla", "last_name": "Kaya"},
    "record_guardian": lambda row: {"name": "Ayla Kaya", "relation": "anne"},
    "record_support": lambda row: {"support": "Ön sıra"},
    "restrict": lambda row: {"reason": "İtiraz"},
    "lift_restriction": lambda row: {"reason": "Anlaşıldı"},
    "record_answers": lambda row: {"answers": services.Answers({Purpose.NAME_WEB: True})},
    "give_consent": lambda row: CONSENT,
    "withdraw_consent": lambda row: CONSENT,
    "apply": lambda row: applicant(),
    "put_on_waiting_list": lambda row: {"trainee": someone()},
    "enrol_in_person": lambda row: {"trainee": someone()},
    "apply_in_person": lambda row: {"trainee": someone()},
    "refuse_application": lambda row: {"reason": "Yer yok"},
    "set_already_certified": lambda row: {"already_certified": True},
    "enrol": lambda row: {"trainee": someone()},
    "accept_offer": lambda row: {"trainee": someone()},
    "transfer": lambda row: {"course": make.course(), "reason": "Saat"},
    "remove": lambda row: {"reason": "Gelmedi"},
    "send_news": lambda row: {"text": "Yeni grup"},
    "ask_for_call": lambda row: {"what": "Sağlık raporu eksik"},
    "correct_joined_on": lambda row: {"joined_on": row.joined_on, "reason": "Yanlış yazılmış"},
    "mark_absent": lambda row: {"enrolment": row.course.enrolments.first()},
    "mark_present": lambda row: {"enrolment": row.course.enrolments.first()},
    "set_mark": lambda row: {"module": row.course.modules.first(), "value": "60"},
    "reopen_course": lambda row: {"reason": "Not hatası"},
    "issue_certificates": lambda row: {"enrolments": []},
    "revoke_certificate": lambda row: {"reason": "Yanlış kişi"},
    "replace_certificate": lambda row: {"reason": "Soyadı değişti"},
    "reconcile": lambda row: {"rows": []},
}


def letter_about(row):
    return Letter.objects.create(kind="offer", to="filiz@example.org", subject="Yer", object=row)


def number(who, kind, digits):
    services.record_identity(trainee=who, kind=kind, number=digits, by=None)


def someone():
    return make.trainee("Gül", "Ak", phone=phone())


def done(act):
    """The act as a function of its row and `by`."""

    def do(row, by):
        if act == "answer_of_teacher":
            return services.give_consent(teacher=row, by=by, **CONSENT)
        if act == "answer_of_applicant":
            return services.give_consent(application=row, by=by, **CONSENT)
        if act == "resend_letter":
            return services.resend_letter(about=row, letter=letter_about(row), by=by)
        if act == "answer_calls":
            return services.answer_calls(calls=[row], answer="reached", by=by)
        if act == "override":
            return services.enrol(trainee=someone(), course=row, override="Köyden geliyor", by=by)
        if act in ("merge_trainees", "merge_two_numbers"):
            other = someone()
            if act == "merge_two_numbers":
                number(row, "tckn", "10000000146"), number(other, "ykn", "99123456740")
            facts = services.preview_trainees(first=row, second=other).asked.values()
            answers = {question.name: question.default for question in facts}
            return services.merge_trainees(first=row, second=other, answers=answers, by=by)
        if act == "not_the_same":
            pair = LookAlike(one=row, other=someone(), reasons=[], score=1, facts="x")
            pair.save()
            return services.not_the_same(pair=pair, by=by)
        if act in ("anonymise", "erase_contact"):
            return SERVICES[act](person=row, reason="asked", by=by)
        if act in ("correct_old_roll", "print_certificates", "hand_over"):
            assert RIGHTS.may(by, act, row) or not RIGHTS.require(by, act, row)
            return None
        facts = FACTS.get(act, lambda row: {})(row)
        return SERVICES[act](**{WHO[act][0]: row}, by=by, **facts)

    return do


def test_an_act_is_open_to_those_whom_the_table_names(world):
    expected = {act: (ALWAYS | who, ALWAYS) for act, (_row, who) in WHO.items()}
    expected["hand_over"] = ({Role.MANAGER}, {Role.MANAGER})
    expected["override"] = ({Role.MANAGER} | WHO["override"][1], {Role.MANAGER})
    rows = {act: row for act, (row, _who) in WHO.items()}
    assert {act: world.table_says(RIGHTS, act, row) for act, row in rows.items()} == expected
    assert {act: world.who_may(done(act), row) for act, row in rows.items()} == expected


def test_whoever_comes_is_registered_and_looked_for_by_officers_and_teachers(world):
    for role, by in world.users.items():
        for act in ON_NOBODY:
            looks = {Role.AUDITOR} if act == "find_by_identity" else set()
            assert RIGHTS.may(by, act) == (role in ALWAYS | BOTH | looks)


# A tap at the roll call asks for the right in the query that reads the line.
@pytest.mark.parametrize("act", set(SERVICES) - {"mark_absent", "mark_present"})
def test_an_act_asks_for_the_right_first(act):
    assert_asks_first(SERVICES[act], by=make.user())


def test_the_table_names_every_act_and_nothing_else():
    assert set(RIGHTS) == set(WHO) | ON_NOBODY
    assert set(RIGHTS) - ASKED_WITHIN == set(SERVICES)


def test_a_substitute_calls_the_roll_of_that_lesson_alone(world):
    substitute = make.teacher(with_user=True)
    lesson = make.session(
        world.own["course"],
        begin=world.own["session"].end,
        end=world.own["session"].end.replace(hour=15),
        teacher=substitute,
    )
    assert RIGHTS.may(substitute.user, "mark_absent", lesson)
    assert not RIGHTS.may(substitute.user, "mark_absent", world.own["session"])
    assert not RIGHTS.may(substitute.user, "set_mark", world.own["enrolment"])


@pytest.mark.parametrize("role", [Role.CURATOR, Role.AUDITOR])
def test_a_second_role_by_which_one_sees_more_lets_an_officer_change_nothing_more(world, role):
    both = make.user(Role.OFFICER, role, centres=[world.own["centre"]])
    for act in ("see_identity", "correct_identity", "record_support", "give_consent"):
        assert RIGHTS.may(both, act, world.own["trainee"])
        assert not RIGHTS.may(both, act, world.foreign["trainee"])
    assert RIGHTS.may(both, "answer_of_teacher", world.own["teacher"])
    assert not RIGHTS.may(both, "answer_of_teacher", world.foreign["teacher"])


def test_a_number_that_somebody_registered_meanwhile_gives_nobody_elses_seat():
    facts = {"course": make.course(), "identity": IDENTITY, "by": None}
    first = Trainee(first_name="Sevgi", last_name="Aksoy", birth_date=date(1985, 1, 1))
    services.enrol_in_person(trainee=first, support="Tekerlekli sandalye", **facts)
    other = Trainee(first_name="Bambaşka", last_name="Biri", birth_date=date(1990, 1, 1))
    refused("known", services.enrol_in_person, trainee=other, support="Öne otursun", **facts)
    assert SupportNeed.objects.get().text == "Tekerlekli sandalye"


def test_a_key_that_does_not_fit_hides_the_number_and_not_the_page(world, settings):
    who = world.own["trainee"]
    services.record_identity(trainee=who, by=None, **IDENTITY)
    settings.IDENTITY_KEYS = ["b3RoZXIta2V5LWZvci10ZXN0cy1vbmx5LTMyLWJ5dGU="]
    assert Trainee.objects.get(pk=who.pk).masked_number == "*" * 11

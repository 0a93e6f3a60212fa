"""What needs attention: each rule with rows that count and rows that do not, as its list shows them."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from courses.services import cancel_session
from exhibitions.models import Enquiry, NamedText, Photo, VisitorNote
from exhibitions.services import find_named_texts
from izmek.admin.attention import _rules
from izmek.admin.scope import visible
from izmek.models import DestructionLog, Letter, Override, SmsDay, TaskWorker, Upkeep, User
from izmek.text.codes import new_code
from izmek.text.languages import capital
from tests import factories as make
from trainees.models import Application, Certificate, LookAlike, RollCall, Trainee
from trainees.services import find_look_alikes, not_the_same

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def day(offset=0):
    return timezone.localdate() + timedelta(days=offset)


def ago(**time):
    return timezone.now() - timedelta(**time)


def application(of=None, **fields):
    facts = {"first_name": "Gül", "last_name": "Er", "birth_year": 1980, "reference": new_code()}
    facts |= {"phone": f"+90555{Application.objects.count():07}", **fields}
    return Application.objects.create(course=of or make.course(), **facts)


def photo(work, **fields):
    return Photo.objects.create(work=work, width=900, height=700, **fields)


# --- One function for each rule: ([rows that count], [rows that do not]) ------------------------


def no_teacher():
    course, gone = make.course(), make.course(teacher=make.teacher(with_user=True))
    gone.teacher.user.is_active = False
    gone.teacher.user.save()
    changed = make.course()
    changed.teacher_changes.create(teacher=make.teacher(with_user=True), begins_on=day(-1))
    others = [changed, make.course("finished"), make.course(teacher=make.teacher(with_user=True))]
    return [course, gone], others


def no_room():
    centre = make.centre()
    housed = make.course(centre=centre, room=make.room(centre))
    return [make.course(), make.course("planned")], [housed, make.course("finished")]


def no_roll():
    course = make.course()
    missing, called, cancelled, fresh, old = (
        make.session(course, day(-offset)) for offset in (3, 4, 5, 2, 61)
    )
    RollCall.objects.create(session=called)
    cancel_session(session=cancelled, reason="Kar", by=None)
    return [missing], [
        called,
        cancelled,
        fresh,
        old,
        make.session(make.course("finished"), day(-4)),
    ]


def too_few():
    begins = {"begin": day(7), "term": make.term()}
    small = make.course("open", **begins)
    filled = make.course("open", minimum_group=1, minimum_reason="Okuma yazma", **begins)
    make.enrolment(of=filled)
    return [small], [filled, make.course("open", begin=day(8)), make.course()]


def too_many():
    over, full = make.course(capacity=1), make.course(capacity=1)
    for course in (over, over, full):
        make.enrolment(make.trainee(), course)
    return [over], [full]


def to_finish():
    over = make.course(end=day(-1))
    return [over], [make.course(end=day()), make.course("finished", end=day(-1))]


def unanswered():
    late = application(received_at=ago(days=5, hours=1))
    offered = {"state": "offered", "offered_at": ago(days=6), "confirmed_at": ago(days=6)}
    untold = application(**offered)
    fresh = application(received_at=ago(days=4))
    confirmed = application(received_at=ago(days=9), confirmed_at=ago(days=8))
    told = application(told_at=ago(days=6), offer_until=ago(days=-1), **offered)
    return [late, untold], [fresh, confirmed, told]


def offer_over():
    offered = {"state": "offered", "offered_at": ago(days=2), "confirmed_at": ago(days=2)}
    over = application(offer_until=ago(hours=1), **offered)
    stands = application(offer_until=ago(hours=-1), **offered)
    return [over], [stands, application(**offered | {"state": "expired"})]


def long_queue():
    long, short = make.course(), make.course()
    for course in [long] * 7 + [short] * 6:
        application(course)
    return [long], [short]


def flood():
    flooded, liked = make.course(), make.course()
    for _n in range(15):
        application(flooded)
        application(liked, confirmed_at=timezone.now())
    return [flooded], [liked]


def no_guardian():
    alone = make.enrolment(make.trainee("Ece", "Ak", birth_date=day(-17 * 365)), make.course())
    return [alone], [make.enrolment(make.minor()), make.enrolment(make.trainee("Nur", "Ak"))]


def unfit():
    school = make.course(programme=make.programme(minimum_age=20, minimum_education="4"))
    young = make.enrolment(make.minor(years=19, education="5"), school)
    untaught = make.enrolment(make.trainee("Ece", "Ak", education="2"), school)
    allowed = make.enrolment(make.trainee("Efe", "Ak", education="2"), school)
    Override.objects.create(act="education", reason="Kurum onayı", object=allowed, by=make.user())
    unknown, fine = (
        make.enrolment(make.trainee(name, "Ak", education=level), school)
        for name, level in (("Can", ""), ("Nur", "4"))
    )
    return [young, untaught], [allowed, unknown, fine]


def absent():
    """The limit of 120 hours at a fifth is 24; from 80 per cent of it on one is near."""
    course = make.course()
    lessons = [make.session(course, day(-n)) for n in range(1, 6)]
    near, fine, once = (make.enrolment(make.trainee(name, "Ak"), course) for name in "ABC")
    old = make.session(course, day(-20), lesson_hours=8)
    for enrolment, missed in ((near, [*lessons, old]), (fine, lessons[:4]), (once, [])):
        for lesson in missed:
            enrolment.absences.create(session=lesson, hours=lesson.lesson_hours)
    for n in range(3):
        earlier = make.session(course, day(-21 - n), lesson_hours=8)
        once.absences.create(session=earlier, hours=8)  # near it, but not lately
    return [near], [fine, once]


def certificate():
    """Of courses that somebody completed lately: none was ever issued to one of them."""
    facts = {"begin": day(-130), "end": day(-10)}
    due, done, failed, revoked, running = (
        make.course("running" if n == 4 else "finished", **facts) for n in range(5)
    )
    for course in (due, done, revoked, running):
        seat = make.enrolment(of=course, state="completed")
        if course in (done, revoked):
            state = "revoked" if course == revoked else "valid"
            Certificate.objects.create(
                enrolment=seat, number=course.pk, code=course.pk, content={}, state=state
            )
    make.enrolment(of=due, state="failed")
    make.enrolment(of=failed, state="failed")
    old = make.course("finished", begin=day(-230), end=day(-110))
    make.enrolment(of=old, state="completed")
    return [due], [done, failed, revoked, running, old]


def unearned():
    course = make.course("finished", begin=day(-130), end=day(-10))
    again = make.course("running")  # reopened, and not yet finished again
    seats = [
        make.enrolment(of=course, state="failed"),
        make.enrolment(of=course, state="completed"),
        make.enrolment(of=again),
    ]
    rows = [
        Certificate.objects.create(enrolment=seat, number=seat.pk, code=seat.pk, content={})
        for seat in seats
    ]
    return rows[:1], rows[1:]


def twice():
    phone = "+905551112233"
    known = make.trainee("Ayşe", "Ak", phone=phone)
    again = make.trainee("AYŞE", "AK", phone=phone, birth_date=None)
    renamed = make.trainee("Ayşe", "Öz", phone=phone, birth_date=known.birth_date)
    make.trainee("Ayşe", "Ak", phone="+905551112244", birth_date=day(-9999))  # a namesake
    make.trainee("Can", "Ak", phone=phone, birth_date=day(-9000))  # a brother
    find_look_alikes()
    answered = LookAlike.objects.get(one=known, other=renamed)
    not_the_same(pair=answered, by=make.user("yonetici"))
    return [LookAlike.objects.get(one=known, other=again)], [answered]


def wrong_phone():
    phone = "+905551112233"
    wrong = make.trainee("Ayşe", "Ak", phone=phone, wrong_phone=phone)
    corrected = make.trainee("Can", "Ak", phone="+905551112244", wrong_phone=phone)
    return [wrong], [corrected, make.trainee("Nur", "Ak")]


def wrong_phone_applied():
    phone = "+905551112233"
    wrong = application(phone=phone, wrong_phone=phone)
    closed = application(phone=phone, wrong_phone=phone, state="withdrawn")
    guardians = application(guardian_phone=phone, guardian_wrong_phone=phone)
    return [wrong, guardians], [closed, application(guardian_phone=phone)]


def late_answer():
    return [enquiry(kind="privacy", answer_by=day(-1))], [enquiry(kind="privacy", answer_by=day())]


def near_answer():
    return [enquiry(kind="privacy", answer_by=day(9))], [enquiry(kind="privacy", answer_by=day(11))]


def submitted():
    fair, sooner = make.exhibition(), make.exhibition(end=day(-1))
    anew, over = make.work(), make.work()
    make.show(anew, fair, approved_at=None)
    make.show(over, sooner, approved_at=None)
    return [make.work(state="submitted"), anew], [over, make.work(), make.work(state="draft")]


def no_photo():
    shown = make.work()
    photo(shown)
    return [make.work(), make.work(state="submitted")], [shown, make.work(state="draft")]


def draft():
    soon, far = (make.exhibition(state="draft", begin=day(n), end=day(n + 1)) for n in (30, 31))
    return [soon], [far, make.exhibition()]


def no_works():
    empty = make.exhibition(begin=day(3), end=day(9))
    hung = make.exhibition(works=[make.work()], begin=day(3), end=day(9))
    over = make.exhibition(begin=day(-9), end=day(-1))
    return [empty], [hung, over, make.exhibition(state="cancelled", begin=day(3), end=day(9))]


def enquiry(**fields):
    facts = {"kind": "work", "name": "Gül Er", "email": "gul@example.org", "message": "Merhaba"}
    facts |= {"reference": new_code(), **fields}
    return Enquiry.objects.create(**facts)


def unanswered_enquiry():
    return [enquiry()], [enquiry(state="answered")]


def unread_note():
    at = make.exhibition()
    notes = [
        VisitorNote.objects.create(exhibition=at, text="Çok güzel", state=state)
        for state in ("waiting", "shown")
    ]
    return notes[:1], notes[1:]


def named():
    who, course = make.trainee("Nevbahar", "Kırkpınarlı"), make.course(note="Nevbahar Kırkpınarlı")
    make.enrolment(who, course)
    find_named_texts()
    withdrawn = make.work(state="withdrawn")
    gone = NamedText.objects.create(work=withdrawn, trainee=who, place="metin")
    return list(NamedText.objects.filter(course=course)), [gone]


def no_description():
    work = make.work()
    bare = photo(work)
    return [bare], [photo(work, alt="Mavi bir oya"), photo(work, decorative=True)]


def letter(state, **fields):
    facts = {"kind": "offer", "to": "gul@example.org", "subject": "Yer", **fields}
    return Letter.objects.create(state=state, **facts)


def sms_limit():
    day, today = SmsDay.objects.create, timezone.localdate()
    over = day(day=today, over=1)
    return [over], [day(day=today - timedelta(days=1), over=1), day(day=today + timedelta(days=1))]


def failed_letter():
    old = letter("failed", next_try_at=ago(days=30))
    return [letter("failed")], [old, letter("sent"), letter("waiting")]


def task(status, **fields):
    facts = {"args_kwargs": {}, "run_after": get_date_max(), "finished_at": timezone.now()}
    facts |= {"task_path": "exhibitions.tasks.look_for_names_left", "backend_name": "default"}
    return DBTaskResult.objects.create(status=status, **facts | fields)


def failed_task():
    old = task("FAILED", finished_at=ago(days=30))
    return [task("FAILED")], [old, task("SUCCESSFUL")]


def late_task():
    late = task("READY", finished_at=None)
    DBTaskResult.objects.update(enqueued_at=ago(minutes=25))
    return [late], [task("READY", finished_at=None)]


def upkeep(command, **times):
    Upkeep.objects.filter(pk=command).update(**times)
    return Upkeep.objects.get(pk=command)


def old_backup():
    others = [upkeep("sweep_media", began_at=ago(days=3), good_at=ago(days=3))]
    return [upkeep("backup", began_at=ago(hours=1), good_at=ago(hours=27))], others


def worker_gone():
    TaskWorker.objects.create(id="dead", seen_at=ago(minutes=2))
    return [upkeep("db_worker", began_at=ago(days=3))], [upkeep("backup", good_at=ago(hours=25))]


def unused_account():
    unused, never, shut, new = (make.user() for _n in range(4))
    User.objects.exclude(pk=new.pk).update(date_joined=ago(days=800))
    User.objects.filter(pk=unused.pk).update(last_login=ago(days=366))
    User.objects.filter(pk=shut.pk).update(is_active=False)
    signed_in = make.user(date_joined=ago(days=800), last_login=ago(days=300))
    return [unused, never], [shut, new, signed_in]


def restricted_over():
    course = make.course("finished", begin=day(-1000), end=day(-900))
    over, attends, open_to_use = (make.enrolment(make.trainee(), course).trainee for _n in "123")
    make.enrolment(attends)
    Trainee.objects.update(created_at=ago(days=1000), restricted_at=ago(days=10))
    Trainee.objects.filter(pk=open_to_use.pk).update(restricted_at=None)
    return [over], [attends, open_to_use]


def destruction():
    DestructionLog.objects.all().delete()
    old, older = (
        DestructionLog.objects.create(begun_at=then, ended_at=then)
        for then in (ago(days=200), ago(days=400))
    )
    of_a_kind = {"kind": "letters", "begun_at": ago(days=500), "ended_at": ago(days=500)}
    return [old], [older, DestructionLog.objects.create(**of_a_kind)]


CASES = {
    case.__name__.replace("_", "-"): case
    for case in (
        no_teacher,
        no_room,
        no_roll,
        too_few,
        too_many,
        to_finish,
        unanswered,
        offer_over,
        long_queue,
        flood,
        no_guardian,
        unfit,
        absent,
        certificate,
        unearned,
        twice,
        wrong_phone,
        wrong_phone_applied,
        late_answer,
        near_answer,
        submitted,
        no_photo,
        draft,
        no_works,
        unanswered_enquiry,
        unread_note,
        named,
        no_description,
        sms_limit,
        failed_letter,
        failed_task,
        late_task,
        old_backup,
        worker_gone,
        destruction,
        unused_account,
        restricted_over,
    )
}


def test_every_rule_has_a_case():
    assert CASES.keys() == _rules.keys()


def test_no_rule_asks_anything_itself(django_assert_num_queries):
    """The first page keeps the statement: what a rule had asked for it would stay as it was."""
    manager, today = make.user("yonetici"), timezone.localdate()
    rows = {name: visible(rule.model, manager) for name, rule in _rules.items()}
    with django_assert_num_queries(0):
        for name, rule in _rules.items():
            rule.find(rows[name], today)


@pytest.mark.parametrize("name", CASES)
def test_a_rule_counts_what_its_list_shows(client, name):
    counted, others = CASES[name]()
    assert others, "a row that does not count proves that the rule looks"
    client.force_login(make.user("yonetici"))
    rule = _rules[name]
    line = next(
        line
        for line in client.get(reverse("admin:index")).context["attention"]
        if line["label"] == capital(str(rule.label))
    )
    assert line["count"] == str(len(counted))
    answer = client.get(rule.address)
    assert set(answer.context["cl"].result_list) == set(counted)
    assert str(rule.label) in answer.content.decode()  # the list says what it is filtered by


def test_each_rule_leads_to_a_list_of_the_admin():
    assert all(admin.site.is_registered(rule.model) for rule in _rules.values())


def test_an_officer_is_shown_what_concerns_the_own_centre(client):
    mine = make.course()
    make.course()
    client.force_login(make.user("merkez-sorumlusu", centres=[mine.centre]))
    lines = client.get(reverse("admin:index")).context["attention"]
    assert {line["url"].partition("attention=")[2]: line["count"] for line in lines} == {
        "no-teacher": "1",
        "no-room": "1",
    }


def test_an_unknown_rule_filters_nothing(client):
    make.course()
    client.force_login(make.user("yonetici"))
    answer = client.get(reverse("admin:courses_course_changelist") + "?attention=yok")
    assert answer.status_code == 200 and answer.context["cl"].result_count == 1

"""Who has no e-mail address is told by telephone, and stands on a list until then."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses import services as courses
from courses.enums import CourseState
from courses.models import Holiday
from izmek.models import Letter
from izmek.text.codes import new_code
from tests import factories as make
from tests.forms import shown, typed
from tests.refusals import refused
from trainees import services
from trainees.enums import EnrolmentState
from trainees.models import Application, Call, Enrolment

pytestmark = pytest.mark.django_db

PHONE = "+905321112233"


def today(offset=0):
    return timezone.localdate() + timedelta(days=offset)


def with_people(course=None):
    """A course with two trainees, one of them without an e-mail address, and a coming lesson."""
    course = course or make.course()
    make.enrolment(make.trainee("Ayşe", "Ak", email="ayse@example.org"), course)
    make.enrolment(make.trainee("Fatma", "Öz", phone=PHONE), course)
    make.session(course, today(3))
    return course


def called():
    return [str(call.who) for call in Call.objects.open()]


# --- What puts people on the list -------------------------------------------------------------


def lesson_cancelled(course):
    courses.cancel_session(session=course.sessions.get(), reason="Kar", by=None)


def lesson_added(course):
    facts = {"date": today(4), "begin": time(14), "end": time(16), "lesson_hours": 2}
    courses.add_session(course=course, by=None, **facts)


def holiday_entered(course):
    courses.save_holiday(holiday=Holiday(name="Kar tatili", begin=today(3), end=today(3)), by=None)


def weekly_times_changed(course):
    slot = {"weekday": 1, "begin": time(9), "end": time(12), "lesson_hours": 4}
    courses.change_times(course=course, begins_on=today(1), slots=[slot], reason="Kar", by=None)


def room_changed(course):
    course.room = make.room(course.centre)
    courses.save_course(course=course, by=None)


def course_cancelled(course):
    courses.cancel_course(course=course, reason="Kar", by=None)


@pytest.mark.parametrize(
    "act",
    [
        lesson_cancelled,
        lesson_added,
        holiday_entered,
        weekly_times_changed,
        room_changed,
        course_cancelled,
    ],
)
def test_an_act_writes_to_some_and_has_the_others_called(act):
    course = with_people()
    act(course)
    assert Letter.objects.get().to == "ayse@example.org"
    assert called() == ["Fatma Öz"]
    call = Call.objects.get()
    assert call.phones == [("Fatma Öz", PHONE)]
    assert course.programme.name in call.what
    assert act in (lesson_added, room_changed) or "Kar" in call.text


def test_an_applicant_without_an_address_is_called_too():
    course = make.course()
    facts = {"first_name": "Gül", "last_name": "Er", "phone": PHONE, "birth_year": 1980}
    facts["confirmed_at"] = timezone.now()
    Application.objects.create(course=course, reference=new_code(), **facts)
    courses.cancel_course(course=course, reason="Katılım az", by=None)
    assert called() == ["Gül Er"]


def test_for_a_child_the_guardian_is_called():
    child = make.minor(phone=PHONE)
    child.guardians.update(phone="+905329998877")
    make.enrolment(child, course := with_people())
    lesson_cancelled(course)
    phones = Call.objects.get(enrolment__trainee=child).phones
    assert phones == [(str(child), PHONE), ("Ayla Kaya (anne)", "+905329998877")]


def test_what_changes_nothing_for_anybody_calls_nobody():
    with_people()
    courses.save_holiday(holiday=Holiday(name="Eski", begin=today(-9), end=today(-9)), by=None)
    elsewhere = Holiday(name="Elektrik", begin=today(3), end=today(3), centre=make.centre())
    courses.save_holiday(holiday=elsewhere, by=None)
    courses.make_sessions(course=make.course(), by=None)
    assert not Call.objects.exists() and not Letter.objects.exists()


def test_a_holiday_that_goes_gives_the_lesson_back():
    with_people()
    holiday = Holiday(name="Kar tatili", begin=today(3), end=today(3))
    courses.save_holiday(holiday=holiday, by=None)
    courses.delete_holiday(holiday=holiday, by=None)
    assert [letter.text.count("Yapılmayacak:") for letter in Letter.objects.order_by("pk")] == [
        1,
        0,
    ]
    assert Call.objects.count() == 2


def test_an_absence_at_a_lesson_that_a_later_holiday_takes_counts_for_nothing():
    course = make.course()
    enrolment = make.enrolment(of=course)
    lesson, held = make.session(course), make.session(course, today(-1))
    for one in (lesson, held):
        services.mark_absent(enrolment=enrolment, session=one, by=None)
    services.call_roll(session=held, by=None)
    for part in ("whole", "morning"):
        days = Holiday(name="Kar", begin=today(-1), end=today(), part=part, centre=course.centre)
        courses.save_holiday(holiday=days, by=None)
        assert Enrolment.objects.get().attendance.absent == held.lesson_hours


# --- The list ---------------------------------------------------------------------------------


def address(name, *args):
    return reverse(f"admin:{name}", args=args)


def test_the_act_ends_with_the_list_that_stays_until_each_is_ticked(client):
    course = with_people()
    officer = make.user("merkez-sorumlusu", centres=[course.centre])
    client.force_login(officer)
    cancel = address("courses_course_act", course.pk, "cancel")
    page = client.get(cancel).content.decode()
    assert "2 kişi yerini kaybeder, 0 başvuru kapanır, 1 gelecek ders" in page
    assert 'value="Kursu iptal et"' in page
    seen = client.post(cancel, {"reason": "Kar"}, follow=True).content.decode()
    assert "1 kişinin e-posta adresi yok" in seen
    changelist = address("trainees_call_changelist")
    assert changelist in seen
    assert "Telefonla haber verilecekler" in client.get("/yonetim/").content.decode()
    call, rows = Call.objects.get(), client.get(changelist)
    assert "0532 111 22 33" in rows.content.decode()
    data = {"action": "tick_all", "_selected_action": call.pk, "apply": "yes"}
    assert "1 arama not edildi" in client.post(changelist, data, follow=True).content.decode()
    call.refresh_from_db()
    assert (call.done_by, call.done_at is not None) == (officer, True)
    assert "Telefonla haber verilecekler" not in client.get("/yonetim/").content.decode()
    assert "Fatma" in client.get(f"{changelist}?waiting=all").content.decode()


def test_another_centre_sees_nobody(client):
    course_cancelled(with_people())
    client.force_login(make.user("merkez-sorumlusu", centres=[make.centre()]))
    assert "Fatma" not in client.get(address("trainees_call_changelist")).content.decode()
    assert client.get(address("trainees_call_change", Call.objects.get().pk)).status_code == 404


def test_the_lists_ask_as_often_for_three_people_as_for_one(client):
    teacher = make.teacher(with_user=True)
    course = make.course(teacher=teacher)
    changelist = address("trainees_call_changelist")
    pages = {changelist: make.user("yonetici")}
    pages |= {reverse("teacher-calls", args=[course.pk]): teacher.user, "/ogretmen/": teacher.user}
    counts = {page: [] for page in pages}
    for people in (1, 2):
        for _n in range(people):
            seat = make.enrolment(make.minor(last_name=f"Ak{_n}{people}"), course)
            facts = {"kind": "removed", "what": "Ders yok"}
            Call.objects.create(course=course, enrolment=seat, **facts)
        for page, user in pages.items():
            client.force_login(user)
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counts[page].append(len(queries))
    assert all(one == three for one, three in counts.values()), counts


def test_entering_a_holiday_ends_with_the_list(client):
    with_people()
    client.force_login(make.user("yonetici"))
    form = client.get(address("courses_holiday_add"))
    day = f"{today(3):%d.%m.%Y}"
    sent = client.post(
        address("courses_holiday_add"),
        typed(form, name="Kar tatili", begin=day, end=day),
        follow=True,
    )
    assert "1 kişinin e-posta adresi yok" in sent.content.decode()
    assert called() == ["Fatma Öz"]
    gone = address("courses_holiday_delete", Holiday.objects.get().pk)
    client.post(gone, {"post": "yes"})
    assert Call.objects.count() == 2
    version = Holiday.history.first()
    client.post(address("courses_holiday_undelete", version.pk))
    assert Holiday.objects.exists() and Call.objects.open().count() == 2  # the first waits already


def test_a_holiday_of_a_centre_calls_its_people(client):
    course = with_people()
    client.force_login(make.user("yonetici"))
    change = address("courses_coursecentre_change", course.centre.pk)
    data = shown(client.get(change))
    row = {"name": "Tadilat", "begin": f"{today(3):%d.%m.%Y}", "end": f"{today(3):%d.%m.%Y}"}
    data |= {f"holidays-0-{name}": value for name, value in row.items()}
    data |= {
        "holidays-0-part": "whole",
        "holidays-TOTAL_FORMS": "1",
        "holidays-0-centre": course.centre.pk,
    }
    assert client.post(change, data).status_code == 302
    assert called() == ["Fatma Öz"]


def test_each_phone_stands_in_a_line_with_whose_it_is(client):
    teacher = make.teacher(with_user=True)
    course = make.course(teacher=teacher)
    child = make.minor(phone=PHONE)
    child.guardians.update(phone="+905321112244")
    make.enrolment(child, course)
    courses.cancel_session(session=make.session(course, today(2)), reason="Kar", by=None)
    client.force_login(teacher.user)
    page = client.get(reverse("teacher-calls", args=[course.pk])).content.decode()
    assert "0532 111 22 44</a> Ayla Kaya (anne)</p>" in page


def test_a_teacher_calls_her_own_people(client):
    teacher = make.teacher(with_user=True)
    course = with_people(make.course(teacher=teacher))
    client.force_login(teacher.user)
    cancel = reverse("teacher-cancel", args=[course.sessions.get().pk])
    answer = client.post(cancel, {"reason": "Kar"}, follow=True)
    page = reverse("teacher-calls", args=[course.pk])
    assert answer.redirect_chain[-1][0] == page
    told = answer.content.decode()
    assert "Fatma Öz" in told and "0532 111 22 33" in told and "Nedeni: Kar" in told
    assert "Aranacaklar" in client.get("/ogretmen/").content.decode()
    client.post(page, {"call": ["x", "9" * 40, Call.objects.get().pk]})
    assert Call.objects.get().done_by == teacher.user
    assert "Aranacaklar" not in client.get("/ogretmen/").content.decode()
    client.force_login(make.teacher("Ayla", with_user=True).user)
    assert client.get(page).status_code == 404


# --- The seat of a cancelled course -----------------------------------------------------------


def cancelled_seat(programme=None, **fields):
    course = with_people(make.course(programme=programme or make.programme("Ebru"), **fields))
    course_cancelled(course)
    return course.enrolments.get(trainee__first_name="Fatma")


def test_the_seat_says_that_the_course_was_cancelled(client):
    seat = cancelled_seat()
    assert seat.state == EnrolmentState.CANCELLED and seat.left_on == today()
    assert (seat.get_state_display(), seat.state_reason) == ("kurs iptal edildi", "Kar")
    client.force_login(make.user("yonetici"))
    rows = client.get(address("trainees_enrolment_changelist") + "?state__exact=cancelled")
    assert rows.context["cl"].result_count == 2
    refused("state", services.enrol, trainee=seat.trainee, course=seat.course, by=None)


def test_the_letter_names_the_parallel_groups():
    programme = make.programme("Ebru")
    make.course(programme=programme, centre=make.centre("Yahyakaptan Kurs Merkezi"))
    make.course(programme=programme, centre=make.centre("Uzak Merkez"), state=CourseState.FINISHED)
    seat = cancelled_seat(programme)
    text = Call.objects.get(enrolment=seat).text
    assert "Yahyakaptan Kurs Merkezi" in text and "Uzak Merkez" not in text
    assert text.split("\n\n")[0].endswith("Fatma Öz,")


def test_the_seat_moves_to_the_parallel_group_with_its_hours(client):
    programme = make.programme("Ebru")
    seat = cancelled_seat(programme)
    other = make.course(programme=programme)
    client.force_login(make.user("yonetici"))
    page = address("trainees_enrolment_change", seat.pk)
    act = address("trainees_enrolment_act", seat.pk, "transfer")
    assert act in client.get(page).content.decode()
    data = {"course": other.pk, "reason": "Kurs kapandı"}
    assert client.post(act, data).status_code == 302
    new = other.enrolments.get()
    seat.refresh_from_db()
    assert (new.continues, seat.state) == (seat, EnrolmentState.TRANSFERRED)
    assert seat.left_on == today()


def test_it_goes_before_the_waiting_list_of_a_full_parallel_group(client):
    programme = make.programme("Ebru")
    seat = cancelled_seat(programme)
    other = make.course(programme=programme, capacity=1, centre=seat.course.centre)
    taken = make.enrolment(of=other)
    facts = {"first_name": "Gül", "last_name": "Er", "phone": "+905321119988", "birth_year": 1980}
    first = services.apply(course=other, by=make.user("yonetici"), **facts)
    client.force_login(make.user("merkez-sorumlusu", centres=[other.centre]))
    act = address("trainees_enrolment_act", seat.pk, "transfer")
    said = client.post(act, {"course": other.pk, "reason": "Kurs kapandı"}).content.decode()
    assert "Kurs dolu" in said and "yedek listeye" in said
    wait = address("trainees_enrolment_act", seat.pk, "wait")
    assert client.post(wait, {"course": other.pk}).status_code == 302
    waiting = list(other.applications.waiting().with_position())
    assert [(row.trainee, row.position) for row in waiting] == [(seat.trainee, 1), (None, 2)]
    assert any("iptal edildi" in why for why in services.why_not_offered(waiting[0]))
    services.withdraw(enrolment=taken, by=None)
    offer = other.applications.live_offers().get()
    assert offer.trainee == seat.trainee != first.trainee
    new = services.accept_offer(application=offer, trainee=seat.trainee, by=None)
    seat.refresh_from_db()
    assert (new.continues, seat.state) == (seat, EnrolmentState.TRANSFERRED)


def test_the_applicants_page_says_what_became_of_the_seat(client):
    seat = cancelled_seat()
    facts = {"first_name": "Fatma", "last_name": "Öz", "phone": PHONE, "birth_year": 1980}
    seat.application = Application.objects.create(
        course=seat.course,
        trainee=seat.trainee,
        reference=new_code(),
        state="enrolled",
        **facts,
    )
    seat.save()
    page = reverse("application", args=[seat.application.reference])
    seen = client.get(page).content.decode()
    assert "Kurs iptal edildi." in seen and "Yer sizin" not in seen
    seat.state = EnrolmentState.WITHDRAWN
    seat.save()
    assert "Bu kursta artık yeriniz yok." in client.get(page).content.decode()


def test_another_programme_waits_like_everybody():
    seat = cancelled_seat()
    other = make.course(capacity=1)
    make.enrolment(of=other)
    facts = {"first_name": "Gül", "last_name": "Er", "phone": "+905321119988", "birth_year": 1980}
    services.apply(course=other, by=make.user("yonetici"), **facts)
    services.put_on_waiting_list(trainee=seat.trainee, course=other, by=None)
    assert [row.first_name for row in other.applications.waiting()] == ["Gül", "Fatma"]


def test_who_comes_to_the_parallel_group_by_themselves_brings_the_hours_along():
    programme = make.programme("Ebru")
    seat = cancelled_seat(programme)
    new = services.enrol(trainee=seat.trainee, course=make.course(programme=programme), by=None)
    assert new.continues == seat

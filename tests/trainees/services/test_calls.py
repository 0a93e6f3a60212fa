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
from trainees.models import Application, Call, Enrolment, phones_of

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
    assert call.phones == [("Fatma Öz", PHONE, False)]
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
    assert phones == [(str(child), PHONE, False), ("Ayla Kaya (anne)", "+905329998877", False)]


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
    assert "2 kursiyerin kaydı sonlanır, 0 ön kayıt kapanır, gelecek 1 ders" in page
    assert 'value="Kursu iptal et"' in page
    seen = client.post(cancel, {"reason": "Kar"}, follow=True).content.decode()
    assert "yazıyla ulaşılamıyor" in seen
    desk = address("trainees_call_desk")
    assert desk in seen
    counted = f'<a href="{desk}"><strong>1</strong>'
    assert counted in client.get("/yonetim/").content.decode()
    call, page = Call.objects.get(), client.get(desk).content.decode()
    assert 'href="tel:+905321112233"' in page and "0532 111 22 33" in page and call.what in page
    data = {"say": f"call-{call.pk}", "about": f"call-{call.pk}", "answer": "reached"}
    assert "Fatma Öz: ulaşıldı" in client.post(desk, data, follow=True).content.decode()
    call.refresh_from_db()
    assert (call.done_by, call.done_at is not None) == (officer, True)
    assert counted not in client.get("/yonetim/").content.decode()
    assert "Son arananlar" in client.get(desk).content.decode()
    client.post(address("trainees_call_undo"), {"call": call.pk})
    assert counted in client.get("/yonetim/").content.decode()


def test_another_centre_sees_nobody(client):
    course_cancelled(with_people())
    client.force_login(make.user("merkez-sorumlusu", centres=[make.centre()]))
    assert "Fatma" not in client.get(address("trainees_call_desk")).content.decode()
    seen = client.get(address("trainees_call_changelist") + "?waiting=all")
    assert "Fatma" not in seen.content.decode()
    data = {"say": f"call-{Call.objects.get().pk}", "answer": "reached"}
    client.post(address("trainees_call_desk"), data)
    assert Call.objects.open().exists()
    assert client.get(address("trainees_call_change", Call.objects.get().pk)).status_code == 404


def test_the_lists_ask_as_often_for_60_people_as_for_one(client):
    teacher = make.teacher(with_user=True)
    course = make.course(teacher=teacher)
    desk = address("trainees_call_desk")
    pages = {desk: make.user("yonetici")}
    pages |= {reverse("teacher-calls", args=[course.pk]): teacher.user, "/ogretmen/": teacher.user}
    counts = {page: [] for page in pages}
    for people in (1, 60):
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
    assert all(one == many for one, many in counts.values()), counts
    assert counts[desk][0] <= 12


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
    assert "1 kişiye yazıyla ulaşılamıyor" in sent.content.decode()
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


# --- What came of a call ----------------------------------------------------------------------


@pytest.fixture
def desk(client):
    client.force_login(make.user("yonetici"))
    return address("trainees_call_desk")


def listed(client, desk, **asked):
    """{name: [what to say]} of the people on the desk."""
    return {
        str(one.who): [thing["what"] for thing in one.say]
        for one in client.get(desk, asked).context["page"]
    }


def test_one_call_tells_a_person_everything(client, desk):
    course = with_people()
    lesson_cancelled(course)
    room_changed(course)
    waiting = Application.objects.create(
        course=make.course(),
        reference=new_code(),
        first_name="Fatma",
        last_name="Öz",
        phone=PHONE,
        birth_year=1980,
    )
    assert [len(say) for say in listed(client, desk).values()] == [3]
    assert client.get("/yonetim/").context["desks"][0]["count"] == 1
    keys = [f"call-{call.pk}" for call in Call.objects.all()] + [f"confirmation-{waiting.pk}"]
    client.post(desk, {"say": keys, "about": keys, "answer": "reached"})
    waiting.refresh_from_db()
    assert not Call.objects.open().exists() and waiting.confirmed_at


def test_what_is_not_ticked_waits_on(client, desk):
    course = with_people()
    lesson_cancelled(course)
    room_changed(course)
    first, second = Call.objects.order_by("pk")
    about = [f"call-{first.pk}", f"call-{second.pk}"]
    client.post(desk, {"say": about[:1], "about": about, "answer": "reached"})
    assert Call.objects.open().get() == second
    said = client.post(desk, {"about": about[1:], "answer": "reached"}, follow=True)
    assert "Bir şey kaydedilmedi" in said.content.decode()


def test_who_did_not_answer_stays_with_the_attempt(client, desk):
    lesson_cancelled(with_people())
    about = f"call-{Call.objects.get().pk}"
    client.post(desk, {"say": about, "about": about, "answer": "no answer"})
    page = client.get(desk).content.decode()
    assert Call.objects.open().exists() and '<span class="tag">yanıt yok</span>' in page


def test_a_wrong_number_is_marked_on_the_person_until_there_is_another(client, desk):
    lesson_cancelled(with_people())
    call = Call.objects.get()
    about = f"call-{call.pk}"
    client.post(desk, {"about": about, "phone": PHONE, "answer": "wrong number"})
    assert "numara yanlış" in client.get(desk).content.decode()
    attention = address("trainees_trainee_changelist") + "?attention=wrong-phone"
    assert attention in client.get("/yonetim/").content.decode()
    assert [str(row) for row in client.get(attention).context["cl"].result_list] == ["Fatma Öz"]
    person = call.enrolment.trainee
    form = client.get(address("trainees_trainee_change", person.pk))
    client.post(address("trainees_trainee_change", person.pk), typed(form, phone="0532 999 88 77"))
    assert attention not in client.get("/yonetim/").content.decode()
    assert "0532 999 88 77" in client.get(desk).content.decode()


def test_the_number_that_was_dialled_is_the_wrong_one(client, desk):
    child = make.minor(phone=PHONE)
    child.guardians.update(phone="+905329998877")
    make.enrolment(child, course := make.course())
    make.session(course, today(3))
    lesson_cancelled(course)
    data = {"about": f"call-{Call.objects.get().pk}", "answer": "wrong number"}
    client.post(desk, data | {"phone": "+905329998877"})
    child.refresh_from_db()
    assert not child.phone_is_wrong and child.guardians.get().phone_is_wrong
    said = client.post(desk, data | {"phone": "+905550000000"}, follow=True)  # nobody's any more
    child.refresh_from_db()
    assert not child.phone_is_wrong and child.call_attempts.count() == 1
    assert "bu kişinin değil" in said.content.decode()


def test_of_an_applicant_both_numbers_may_be_wrong(client, desk):
    numbers = {"phone": PHONE, "guardian_phone": "+905329998877", "guardian_name": "Ayla Öz"}
    application = Application.objects.create(
        course=make.course(), reference=new_code(), first_name="Fatma", birth_year=2012, **numbers
    )
    about = {"about": f"confirmation-{application.pk}", "answer": "wrong number"}
    attention = address("trainees_application_changelist") + "?attention=wrong-phone-applied"
    client.post(desk, about | {"phone": numbers["guardian_phone"]})
    assert '">velinin numarası yanlış<' in client.get(attention).content.decode()
    client.post(desk, about | {"phone": PHONE})
    assert '">numara yanlış<' in client.get(attention).content.decode()
    application.refresh_from_db()
    assert [wrong for _whose, _phone, wrong in phones_of(application)] == [True, True]


def test_the_guardian_is_dialled_of_somebody_who_has_applied_too(client, desk):
    child = make.minor(phone=PHONE)
    child.guardians.update(phone="+905329998877")
    name = {"first_name": child.first_name, "last_name": child.last_name, "phone": PHONE}
    other = make.course()
    facts = {"reference": new_code(), "birth_year": 2012, "confirmed_at": timezone.now()}
    application = Application.objects.create(course=other, **name, **facts)
    seat = make.enrolment(child)
    paper = {"kind": "paper", "what": "Rapor eksik"}
    calls = [
        Call.objects.create(course=other, application=application, **paper),
        Call.objects.create(course=seat.course, enrolment=seat, **paper),
    ]
    assert len(listed(client, desk)) == 1
    about = [f"call-{call.pk}" for call in calls]
    sent = {"about": about, "phone": "+905329998877", "answer": "wrong number"}
    client.post(desk, sent)
    child.refresh_from_db()
    application.refresh_from_db()
    assert child.guardians.get().phone_is_wrong
    assert not child.phone_is_wrong and not application.phone_is_wrong


def test_the_most_urgent_stands_first_and_says_until_when(client, desk):
    late, soon = make.course(), make.course()
    for course, name, days in ((late, "Ayşe", 9), (soon, "Fatma", 1)):
        make.enrolment(make.trainee(name, "Öz", phone=PHONE), course)
        make.session(course, today(days))
        lesson_cancelled(course)
    assert list(listed(client, desk)) == ["Fatma Öz", "Ayşe Öz"]
    assert "son gün" in client.get(desk).content.decode()
    assert list(listed(client, desk, course=late.pk)) == ["Ayşe Öz"]
    assert list(listed(client, desk, kind="room_changed")) == []


def test_a_long_list_has_a_second_page_and_one_to_print(client, desk):
    course = make.course()
    for n in range(30):
        seat = make.enrolment(make.trainee(f"Ad{n}", "Öz"), course)
        Call.objects.create(course=course, enrolment=seat, kind="removed", what="Ders yok")
    assert (len(listed(client, desk)), len(listed(client, desk, p=2))) == (25, 5)
    assert len(listed(client, desk, print="")) == 30
    assert 'name="answer"' not in client.get(desk, {"print": ""}).content.decode()


def test_the_filters_find_who_is_beyond_the_cut_which_the_page_tells(client, desk, monkeypatch):
    monkeypatch.setattr("trainees.queries.calls.MOST", 2)
    facts = {"kind": "removed", "what": "Ders yok"}
    for name in ("Ayşe", "Gül", "Fatma"):
        seat = make.enrolment(make.trainee(name, "Öz"), make.course())
        Call.objects.create(course=seat.course, enrolment=seat, **facts)
    Call.objects.create(course=seat.course, enrolment=seat, kind="paper", what="Rapor eksik")
    assert list(listed(client, desk)) == ["Ayşe Öz", "Gül Öz"]
    page = client.get(desk).content.decode()
    assert "3 kişi. En aciller" in page and f'<option value="{seat.course_id}">' in page
    both = {"Fatma Öz": ["Ders yok", "Rapor eksik"]}
    assert listed(client, desk, course=seat.course_id) == both
    assert listed(client, desk, kind="paper") == both
    assert "En aciller" not in client.get(desk, {"kind": "paper"}).content.decode()


def test_an_officer_has_somebody_called_for_a_missing_paper(client):
    seat = make.enrolment(make.trainee("Ayşe", "Ak", email="a@example.org", phone=PHONE))
    client.force_login(make.user("merkez-sorumlusu", centres=[seat.course.centre]))
    act = address("trainees_enrolment_act", seat.pk, "have_called")
    data = {"what": "Sağlık raporu eksik", "until": f"{today(5):%d.%m.%Y}"}
    for _twice in range(2):
        assert client.post(act, data).status_code == 302
    assert listed(client, address("trainees_call_desk")) == {"Ayşe Ak": ["Sağlık raporu eksik"]}


def test_an_auditor_reads_the_calls_masked_and_answers_none(client):
    lesson_cancelled(with_people())
    client.force_login(make.user("denetci"))
    desk = address("trainees_call_desk")
    page = client.get(desk).content.decode()
    assert "Fatma Öz" in page and "*** ** 33" in page
    assert "111 22 33" not in page and "1112233" not in page and 'name="answer"' not in page
    data = {"say": f"call-{Call.objects.get().pk}", "answer": "reached"}
    assert client.post(desk, data).status_code == 403
    assert Call.objects.open().exists()
    client.force_login(make.user("sergi-sorumlusu"))
    assert client.get(desk).status_code == 403


def test_of_two_clerks_the_second_is_told(client, desk):
    lesson_cancelled(with_people())
    call = Call.objects.get()
    services.tick_call(call=call, by=None)
    data = {"say": f"call-{call.pk}", "answer": "reached"}
    assert "bu arada başkası aramış" in client.post(desk, data, follow=True).content.decode()


def test_nobody_has_to_be_called(client, desk):
    page = client.get(desk).content.decode()
    assert "Aranacak kimse yok" in page or "Kimsenin aranması gerekmiyor" in page


# --- The seat of a cancelled course -----------------------------------------------------------


def cancelled_seat(programme=None, **fields):
    course = with_people(make.course(programme=programme or make.programme("Ebru"), **fields))
    course_cancelled(course)
    return course.enrolments.get(trainee__first_name="Fatma")


def test_the_seat_says_that_the_course_was_cancelled(client):
    seat = cancelled_seat()
    assert seat.state == EnrolmentState.CANCELLED and seat.left_on == today()
    assert (seat.get_state_display(), seat.state_reason) == ("kurs iptali", "Kar")
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

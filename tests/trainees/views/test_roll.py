"""The roll on a teacher's phone."""

import pytest

from courses.models import Holiday
from tests import factories as make
from tests.classroom import Classroom, day, signed_in, statements
from tests.forms import shown
from tests.trainees.teacher_pages import SCRIPT, at, text
from trainees.enums import EnrolmentState
from trainees.models import (
    Absence,
)
from trainees.services import (
    call_roll,
    mark_absent,
)

pytestmark = pytest.mark.django_db


def tap(client, room, seat, **line):
    line = {"absent": "on", "hours": "", "excused": "", "note": ""} | line
    data = {"enrolment": seat.pk, **line}
    return client.post(at("roll-mark", room.session), data, **SCRIPT)


@pytest.mark.parametrize("key", ["", "abc", "9" * 30, "9" * 5000])
def test_a_key_that_no_row_can_have_is_404(client, room, key):
    assert client.post(at("roll-mark", room.session), {"enrolment": key}).status_code == 404
    keys = {"enrolment": room.seats[0].pk, "module": key, "value": "50"}
    assert client.post(at("mark", room.course), keys).status_code == 404


@pytest.mark.parametrize("name", ["roll", "marks"])
def test_a_form_that_says_nonsense_of_what_it_showed_is_taken_as_it_is(client, room, name):
    row = room.session if name == "roll" else room.course
    assert client.post(at(name, row), {"shown": "[" * 100_000}).status_code == 302


def test_a_tap_marks_and_a_repeat_changes_nothing(client, room):
    answer = tap(client, room, room.seats[0])
    assert answer.status_code == 200
    assert answer.json()["stamp"].startswith(f"{room.user}, ")
    tap(client, room, room.seats[0])
    absence = Absence.objects.get()
    assert (absence.enrolment, absence.hours, absence.by) == (room.seats[0], 4, room.user)
    tap(client, room, room.seats[0], absent="")
    tap(client, room, room.seats[0], absent="")
    assert not Absence.objects.exists()


def test_a_tap_says_hours_excuse_and_note(client, room):
    tap(client, room, room.seats[0], hours="2", excused="on", note="Doktora gitti")
    absence = Absence.objects.get()
    assert (absence.hours, absence.excused, absence.note) == (2, True, "Doktora gitti")
    page = client.get(at("roll", room.session)).content.decode()
    assert '<option value="2" selected>' in page and 'value="Doktora gitti"' in page


@pytest.mark.parametrize(
    ("line", "status", "sentence"),
    [
        ({"hours": "5"}, 409, "Bu ders 4 ders saati"),
        ({"hours": "-1"}, 400, "1"),
        ({"note": "x" * 251}, 400, "250"),
    ],
)
def test_a_tap_that_cannot_be_is_refused_in_words(client, room, line, status, sentence):
    answer = tap(client, room, room.seats[0], **line)
    assert answer.status_code == status
    assert sentence in answer.json()["error"]
    assert not Absence.objects.exists()


@pytest.mark.parametrize("key", ["", "abc", "0", "-1"])
def test_a_tap_for_nobody_is_not_found(client, room, key):
    answer = client.post(at("roll-mark", room.session), {"enrolment": key}, **SCRIPT)
    assert answer.status_code == 404


def test_a_tap_for_someone_of_another_course_is_not_found(client, room):
    other = Classroom(trainees=1)
    assert tap(client, room, other.seats[0]).status_code == 404


def test_a_tap_answers_within_five_queries(client, room):
    client.get(at("roll", room.session))
    taps = [{}, {"hours": "1"}, {"absent": ""}]
    for line in taps:
        took = statements(lambda line=line: tap(client, room, room.seats[0], **line))
        assert len(took) <= 5, took


def test_done_records_the_roll_call(client, room):
    assert not hasattr(room.session, "roll_call")
    answer = client.post(at("roll", room.session), {"done": "1"}, **SCRIPT)
    assert answer.status_code == 200
    room.session.refresh_from_db()
    assert room.session.roll_call.by == room.user


def test_done_of_the_script_leaves_the_marks_alone(client, room):
    """It says nothing of the lines, which is not the same as saying that all are present."""
    tap(client, room, room.seats[0])
    client.post(at("roll", room.session), {"done": "1"}, **SCRIPT)
    assert Absence.objects.count() == 1


def test_the_plain_form_does_the_same(client, room):
    address = at("roll", room.session)
    data = shown(client.get(address))
    first, second, _third = (seat.pk for seat in room.seats)
    data |= {f"k{first}-absent": "on", f"k{second}-absent": "on", f"k{second}-hours": "1"}
    answer = client.post(address, data, follow=True)
    assert "Yoklama kaydedildi." in text(answer)
    assert dict(Absence.objects.values_list("enrolment", "hours")) == {first: 4, second: 1}
    data = shown(client.get(address))
    del data[f"k{first}-absent"]
    client.post(address, data)
    assert dict(Absence.objects.values_list("enrolment", "hours")) == {second: 1}


def test_two_plain_forms_at_once_lose_nothing(client, room):
    address = at("roll", room.session)
    hers, his = (shown(client.get(address)) for _one in range(2))
    client.post(address, hers | {f"k{room.seats[0].pk}-absent": "on"})
    client.post(address, his | {f"k{room.seats[1].pk}-absent": "on"})
    assert set(Absence.objects.values_list("enrolment", flat=True)) == {
        room.seats[0].pk,
        room.seats[1].pk,
    }


def test_a_line_that_somebody_else_has_marked_is_told_and_not_overwritten(client, room):
    address = at("roll", room.session)
    seat = room.seats[0]
    data = shown(client.get(address)) | {f"k{seat.pk}-absent": "on", f"k{seat.pk}-hours": "1"}
    boss = make.user("yonetici")
    mark_absent(enrolment=seat, session=room.session, excused=True, note="Rapor", by=boss)
    answer = client.post(address, data)
    assert answer.status_code == 409
    assert f"{seat.trainee}: " in text(answer) and "4 ders saati" in text(answer)
    assert Absence.objects.get().hours == 4
    assert client.post(address, shown(answer)).status_code == 302
    assert Absence.objects.get().hours == 1


def test_a_plain_form_that_is_refused_keeps_what_was_tapped(client, room):
    address = at("roll", room.session)
    key = room.seats[0].pk
    data = shown(client.get(address)) | {f"k{key}-absent": "on", f"k{key}-hours": "9"}
    answer = client.post(address, data)
    assert answer.status_code == 409
    assert f'name="k{key}-absent" value="on" checked' in answer.content.decode()
    assert not Absence.objects.exists()


@pytest.mark.parametrize("junk", ["", "[]", "{", '{"1": 5}'])
def test_a_plain_form_with_a_broken_memory_is_read_as_it_stands(client, room, junk):
    data = {"shown": junk, f"k{room.seats[0].pk}-absent": "on"}
    assert client.post(at("roll", room.session), data).status_code == 302
    assert Absence.objects.count() == 1


def test_the_roll_shows_who_marked_last(client, room):
    colleague = make.user("yonetici", first_name="Elif", last_name="Kaya")
    mark_absent(enrolment=room.seats[0], session=room.session, by=colleague)
    assert "Elif Kaya, " in text(client.get(at("roll", room.session)))
    tap(client, room, room.seats[0], hours="1")
    assert "Elif Kaya, " not in text(client.get(at("roll", room.session)))


def test_on_the_roll_is_who_attended_on_that_day(client, room):
    past = make.session(room.course, day(-10))
    late = room.seat("Yeni", "Gelen", joined_on=day(-5))
    gone = room.seat(
        "Eski", "Giden", state=EnrolmentState.WITHDRAWN, left_on=day(-3), joined_on=day(-20)
    )
    before, now = (
        [line.key for line in client.get(at("roll", session)).context["lines"]]
        for session in (past, room.session)
    )
    assert str(gone.pk) in before and str(late.pk) not in before
    assert str(late.pk) in now and str(gone.pk) not in now


def test_the_roll_is_in_turkish_order(client):
    room = Classroom(trainees=0)
    for name in ("Zehra", "Işıl", "İpek", "Çiçek", "Cemile"):
        room.seat(name, "Öz")
    signed_in(client, room.user)
    names = [
        line.trainee.first_name for line in client.get(at("roll", room.session)).context["lines"]
    ]
    assert names == ["Cemile", "Çiçek", "Işıl", "İpek", "Zehra"]


def test_a_past_roll_can_be_called_and_a_coming_one_not(client, room):
    past, coming = make.session(room.course, day(-3)), make.session(room.course, day(1))
    assert "Yoklama tamam" in text(client.get(at("roll", past)))
    page = client.get(at("roll", coming))
    assert "Ders daha yapılmadı." in text(page)
    assert "Yoklama tamam" not in text(page)
    assert client.post(at("roll", coming), {"done": "1"}, **SCRIPT).status_code == 409


def test_on_a_holiday_the_page_says_its_name(client, room):
    Holiday.objects.create(name="Cumhuriyet Bayramı", begin=day(), end=day())
    page = client.get(at("roll", room.session))
    assert "Cumhuriyet Bayramı" in text(page)
    assert "Yoklama tamam" not in text(page)
    answer = tap(client, room, room.seats[0])
    assert (answer.status_code, "Cumhuriyet Bayramı" in answer.json()["error"]) == (409, True)


def test_a_course_without_trainees_has_an_empty_roll(client):
    room = Classroom(trainees=0)
    assert "kimse yok" in text(signed_in(client, room.user).get(at("roll", room.session)))


def test_the_roll_takes_as_many_queries_for_three_as_for_one(client):
    counts = []
    for trainees in (1, 3):
        room = Classroom(trainees=trainees)
        for seat in room.seats:
            mark_absent(enrolment=seat, session=room.session, by=make.user("yonetici"))
        call_roll(session=room.session, by=room.user)
        signed_in(client, room.user)
        counts.append(len(statements(lambda room=room: client.get(at("roll", room.session)))))
    assert counts[0] == counts[1] <= 12


def test_the_roll_of_25_is_small_enough_for_two_bars_of_signal(client):
    room = Classroom(trainees=25)
    for seat in room.seats[:3]:
        mark_absent(enrolment=seat, session=room.session, by=make.user("yonetici"))
    address = at("roll", room.session)
    signed_in(client, room.user)
    assert len(statements(lambda: client.get(address))) <= 12
    answer = client.get(address, headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 10_000

"""The marks in the teacher pages."""

import pytest

from courses.enums import CourseState
from tests import factories as make
from tests.classroom import Classroom
from tests.forms import shown
from tests.trainees.teacher_pages import SCRIPT, at, text
from trainees.models import (
    Mark,
)
from trainees.services import (
    set_mark,
    withdraw,
)

pytestmark = pytest.mark.django_db


def cell(client, room, seat, value, module=0):
    data = {"enrolment": seat.pk, "module": room.modules[module].pk, "value": value}
    return client.post(at("mark", room.course), data, **SCRIPT)


def test_a_cell_is_saved_and_answers_with_the_outcome(client, room):
    seat = room.seats[0]
    assert cell(client, room, seat, "80").json() == {"outcome": "1 not eksik · ortalama 80,0"}
    assert cell(client, room, seat, "70", 1).json() == {"outcome": "tamamladı · ortalama 75,0"}
    assert cell(client, room, seat, "M", 1).json() == {"outcome": "tamamladı · ortalama 80,0"}
    assert cell(client, room, seat, "").json() == {"outcome": "1 not eksik"}
    assert Mark.objects.get().exempt


@pytest.mark.parametrize("value", ["101", "-1", "7,5", "x", "٩٠"])
def test_a_mark_out_of_range_is_refused(client, room, value):
    answer = cell(client, room, room.seats[0], value)
    assert answer.status_code == 409
    assert "0" in answer.json()["error"] and "100" in answer.json()["error"]
    assert not Mark.objects.exists()


def test_a_cell_of_another_course_is_not_found(client, room):
    other = Classroom(trainees=1, modules=1)
    for seat, module in ((other.seats[0], room.modules[0]), (room.seats[0], other.modules[0])):
        data = {"enrolment": seat.pk, "module": module.pk, "value": "5"}
        assert client.post(at("mark", room.course), data, **SCRIPT).status_code == 404


def test_the_plain_table_saves_what_changed_and_keeps_what_was_wrong(client, room):
    address = at("marks", room.course)
    first, second, third = room.seats
    one, two = room.modules
    data = shown(client.get(address))
    colleague = {"enrolment": third, "module": two, "value": 55, "by": None}
    set_mark(**colleague)  # meanwhile
    data |= {f"m{first.pk}-{one.pk}": "90", f"m{second.pk}-{one.pk}": "101"}
    answer = client.post(address, data)
    assert answer.status_code == 422
    assert 'value="101"' in answer.content.decode()
    assert {(m.enrolment, m.module, m.value) for m in Mark.objects.all()} == {
        (first, one, 90),
        (third, two, 55),
    }


def test_a_mark_that_somebody_else_has_entered_is_told_and_not_overwritten(client, room):
    address = at("marks", room.course)
    seat, module = room.seats[0], room.modules[0]
    key = f"{seat.pk}-{module.pk}"
    data = shown(client.get(address)) | {f"m{key}": "60"}
    set_mark(enrolment=seat, module=module, value=80, by=make.user("yonetici"))
    answer = client.post(address, data)
    assert answer.status_code == 422 and "80" in text(answer)
    assert Mark.objects.get().value == 80
    assert client.post(address, shown(answer)).status_code == 302
    assert Mark.objects.get().value == 60


def test_a_cell_that_somebody_else_has_changed_answers_with_the_present_mark(client, room):
    data = {"enrolment": room.seats[0].pk, "module": room.modules[0].pk, "value": "60"}
    one = {"enrolment": room.seats[0], "module": room.modules[0]}
    set_mark(**one, value=80, by=make.user("yonetici"))
    answer = client.post(at("mark", room.course), data | {"shown": ""}, **SCRIPT)
    assert answer.status_code == 409
    assert "80" in answer.json()["error"] and answer.json()["now"] == "80"
    assert client.post(at("mark", room.course), data | {"shown": "80"}, **SCRIPT).status_code == 200
    # The answer to 60 was lost on the way, or is: it is the same teacher's.
    again = data | {"shown": "80", "value": "65"}
    assert client.post(at("mark", room.course), again, **SCRIPT).status_code == 200
    assert Mark.objects.get().value == 65


def test_a_narrow_screen_shows_the_module_that_was_chosen(client, room):
    page = client.get(at("marks", room.course), {"modul": room.modules[1].pk})
    assert page.context["chosen"] == room.modules[1]
    assert client.get(at("marks", room.course), {"modul": "x"}).context["chosen"] == room.modules[0]


def test_a_mark_for_somebody_who_has_left_meanwhile_is_not_called_saved(client, room):
    seat, module = room.seats[0], room.modules[0]
    address = at("marks", room.course)
    data = shown(client.get(address)) | {f"m{seat.pk}-{module.pk}": "80"}
    withdraw(enrolment=seat, by=None)
    said = text(client.post(address, data, follow=True))
    assert f"{seat.trainee} için bir şey kaydedilmedi" in said and "ayrıldı" in said
    assert "Notlar kaydedildi" not in said
    other = room.seats[1]
    said = text(client.post(address, data | {f"m{other.pk}-{module.pk}": "70"}, follow=True))
    assert "bir şey kaydedilmedi" in said and "Notlar kaydedildi" in said
    assert Mark.objects.get().enrolment == other


def test_a_finished_course_takes_no_mark(client, room):
    room.course.state = CourseState.FINISHED
    room.course.save()
    assert cell(client, room, room.seats[0], "80").status_code == 409

"""What our lists give out can be put in again, and changes nothing."""

from datetime import time

import pytest
from django.contrib import admin
from django.urls import reverse

from courses.models import Course
from izmek.acts.imports import KINDS
from izmek.admin.exported import columns_of
from izmek.models import SheetImport
from tests import factories as make
from tests.sheets.importing import Clerk
from trainees import services
from trainees.models import Application, Enrolment, Trainee

pytestmark = pytest.mark.django_db
LISTS = {  # table → the kind of list that its file is
    admin_.opts.label_lower: admin_.export_kind or admin_.import_kind
    for admin_ in admin.site._registry.values()
    if admin_.export_kind or admin_.import_kind
}


@pytest.fixture
def clerk(client, media, django_capture_on_commit_callbacks):
    return Clerk(client, make.user("yonetici"), django_capture_on_commit_callbacks)


@pytest.fixture
def town():
    """A municipality in which not everything is new: seats and applications that are over, gaps."""
    centre = make.centre("Akmeşe")
    room = make.room(centre)
    teacher = make.teacher(first_name="Hatice", last_name="Işık", phone="+905551234599")
    teacher.centres.add(centre)
    course = make.course(number="41-1", group="A", centre=centre, room=room, teacher=teacher)
    course.slots.create(weekday=1, begin=time(9), end=time(12), lesson_hours=4)
    teacher.programmes.add(course.programme)
    make.course("planned", group="B", centre=centre, number="", teacher=teacher)
    make.course(
        "finished",
        group="C",
        centre=centre,
        number="41-3",
        teacher=make.teacher("Nil", email="n@example.org"),
    )
    make.course(centre=centre, number="41-4", teacher=make.teacher("Nil", email="nil@example.org"))
    over = make.course(
        "finished", centre=centre, number="", programme=course.programme, teacher=teacher
    )
    make.course(  # the same course again
        "cancelled",
        group="B",
        centre=centre,
        number="",
        programme=course.programme,
        teacher=teacher,
    )
    make.course(
        "planned", group="B", centre=centre, number="", programme=course.programme, teacher=teacher
    )
    full = make.trainee(
        "Ayşe", "Çelik", phone="+905551234567", email="ayse@example.org", education="4",
        gender="female", neighbourhood=make.neighbourhood("Ambarcı"),
    )  # fmt: skip
    services.record_identity(trainee=full, kind="tckn", number="10000000146", by=None)
    bare = make.trainee("Nur", "", birth_date=None)
    make.enrolment(full, course)
    left = make.enrolment(bare, course)
    services.withdraw(enrolment=left, by=None)
    make.enrolment(full, over, state="completed")
    make.enrolment(make.minor(), over, state="withdrawn", left_on=over.end)
    make.enrolment(make.minor("Ece", "Kara"), course)
    applied(
        make.course(number="", group="D", centre=centre, teacher=teacher),
        "Ali",
        "Öz",
        phone="+905551234562",
    )
    Course.objects.filter(group="D").update(state="finished")
    Application.objects.filter(folded="ali oz").update(state="refused")
    applied(course, "Gül", "Öz", phone="+905551234560")
    gone = applied(course, "Can", "Öz", phone="+905551234561")
    services.withdraw_application(application=gone, phone_digits="4561")


def applied(course, first_name, last_name, **more):
    by = make.user("yonetici")
    return services.apply(
        course=course, first_name=first_name, last_name=last_name, birth_year=1990, by=by, **more
    )


def test_each_kind_that_is_put_in_is_given_out():
    assert set(LISTS.values()) == {kind.name for kind in KINDS.values() if kind.about is None}


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("table", LISTS)
def test_every_column_of_a_list_comes_back_and_changes_nothing(clerk, town, rf, table, form):
    shown = next(one for one in admin.site._registry.values() if one.opts.label_lower == table)
    before = [str(list(model.objects.order_by("pk").values())) for model in counted()]
    address = reverse(f"admin:{table.replace('.', '_')}_export")
    request = rf.get(address)
    request.user = clerk.user
    columns = [column.name for column in columns_of(shown, request)[0]]
    sent = {"columns": columns, "form": form, "reason": "HEM istedi"}
    file = clerk.client.post(address, sent)
    data = file.getvalue()
    answer = clerk.choose_file(LISTS[table], data, name=f"liste.{form}")
    assert answer.status_code == 302 and "sutunlar" not in answer.url  # nothing is asked
    clerk.row = SheetImport.objects.latest("pk")
    rows = clerk.row.rows.all()
    assert set(clerk.states()) == {"same"}, [(r.shown, r.problems, r.notes) for r in rows]
    assert rows.count() == shown.model.objects.count()
    clerk.write()
    assert before == [str(list(model.objects.order_by("pk").values())) for model in counted()]


def counted():
    return [*(KINDS[kind].model for kind in KINDS if hasattr(KINDS[kind], "model")),
            Trainee, Application, Enrolment]  # fmt: skip


def test_what_was_chosen_at_first_comes_back_as_well(clerk, town):
    for table, kind in LISTS.items():
        address = reverse(f"admin:{table.replace('.', '_')}_export")
        chosen = clerk.client.get(address).context["form"].initial["columns"]
        file = clerk.client.post(address, {"columns": chosen, "form": "xlsx"})
        answer = clerk.choose_file(kind, file.getvalue())
        if kind == "applications":  # needs the year of birth, which is asked for
            assert "sutunlar" in answer.url
            continue
        clerk.row = SheetImport.objects.latest("pk")
        assert set(clerk.states()) == {"same"}, (table, clerk.problems())

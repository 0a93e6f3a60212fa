"""Every act of the exhibitions app with every role: who may do it is what the table of rights says."""

from functools import partial
from unittest.mock import Mock

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from exhibitions import services
from exhibitions.enums import FocalPoint, NameForm, WorkState
from exhibitions.models import Photo, Work
from exhibitions.rights import RIGHTS
from izmek.accounts.roles import Role
from izmek.acts.rights import NotAllowed
from tests import factories as make
from tests.rights import ALWAYS, World, acts_of, assert_asks_first

pytestmark = pytest.mark.django_db

SERVICES = acts_of(services)
CURATOR, OFFICER, TEACHER = {Role.CURATOR}, {Role.OFFICER}, {Role.TEACHER}

# Act → who beside the manager does it on a row of their own, and who on a foreign one too.
WHO = {
    "begin_work": (CURATOR | TEACHER, CURATOR),
    "save_work": (CURATOR | TEACHER, CURATOR),
    "hand_in_work": (CURATOR | TEACHER, CURATOR),
    "submit_work": (CURATOR | TEACHER, CURATOR),
    "withdraw_work": (CURATOR | TEACHER, CURATOR),
    "approve_work": (CURATOR, CURATOR),
    "return_work": (CURATOR, CURATOR),
    "readmit_work": (CURATOR, CURATOR),
    "take_approval_back": (CURATOR, CURATOR),
    "take_return_back": (CURATOR, CURATOR),
    "sell_work": (CURATOR | OFFICER | TEACHER, CURATOR),
    "undo_sale": (CURATOR | OFFICER | TEACHER, CURATOR),
    "add_photo_of_work": (CURATOR | TEACHER, CURATOR),
    "add_photo_of_exhibition": (CURATOR, CURATOR),
    "add_photo_of_centre": (CURATOR, CURATOR),
    "describe_photo": (CURATOR | TEACHER, CURATOR),
    "set_focal_point": (CURATOR, CURATOR),
    "delete_photo": (CURATOR | TEACHER, CURATOR),
    "publish_exhibition": (CURATOR, CURATOR),
    "unpublish_exhibition": (CURATOR, CURATOR),
    "close_exhibition_early": (CURATOR, CURATOR),
    "postpone_exhibition": (CURATOR, CURATOR),
    "cancel_exhibition": (CURATOR, CURATOR),
    "preview_exhibition": (CURATOR, CURATOR),
    "place_showing": (CURATOR, CURATOR),
    "move_showing": (CURATOR, CURATOR),
    "print_papers": (CURATOR | OFFICER, CURATOR),
    "ask": (set(), set()),
    "answer_enquiry": (CURATOR | OFFICER, CURATOR),
    "note_answer": (CURATOR | OFFICER, CURATOR),
    "close_enquiry": (CURATOR | OFFICER, CURATOR),
    "reopen_enquiry": (CURATOR | OFFICER, CURATOR),
    "route_enquiry": (CURATOR | OFFICER, CURATOR),
    "enter_request": (OFFICER, OFFICER),
    "identify_request": (OFFICER, set()),
    "note_done": (OFFICER, set()),
    "write_note": (set(), set()),
    "show_note": (CURATOR, CURATOR),
    "refuse_note": (CURATOR, CURATOR),
    "merge_techniques": (set(), set()),
}

PAGES = {"preview_exhibition": "preview", "print_papers": "papers"}  # of the admin, no services
MORE = {"add_photos": {"work": Mock()}}  # what a service cannot do without


@pytest.fixture
def world(media):
    made = World()
    for place in (made.own, made.foreign):
        course, centre = place["course"], place["centre"]
        work = make.work(course=course, centre=centre, state=WorkState.DRAFT)
        exhibition = make.exhibition(works=[work])
        exhibition.centres.add(centre)
        photo = make.photo(work=work)
        default_storage.save(f"{photo.folder}/master.jpg", make.picture(60, 60))
        place |= {"work": work, "exhibition": exhibition, "photo": photo}
        place["enquiry"] = services.ask(
            kind="question", name="Ali", message="Satılık mı?", email="ali@example.org", work=work
        )
        place["technique"] = work.technique
        place["note"] = services.write_note(exhibition=exhibition, text="Elinize sağlık")
    return made


def begin_work(course, by):
    new = Work(course=course, title="Oya", technique=make.technique())
    services.save_work(work=new, makers=[("Sınıf", NameForm.FULL)], by=by)


def add_photo(of, row, by):
    services.add_photo(stored=Photo(width=60, height=60), by=by, **{of: row})


# What an act is done on, and how: its name → (row, a function of the row and by), or the row and
# what the service of that name takes beside it.
DONE = {
    "begin_work": ("course", begin_work),
    "save_work": ("work", {"makers": [("Sınıf", NameForm.FULL)]}),
    "hand_in_work": ("work", {}),
    "submit_work": ("work", {}),
    "withdraw_work": ("work", {"reason": "Kursiyerin isteği"}),
    "approve_work": (
        "work",
        lambda row, by: services.approve_work(work=row, exhibition=make.exhibition(), by=by),
    ),
    "return_work": ("work", {"note": "Ölçü eksik"}),
    "readmit_work": ("work", {}),
    "take_approval_back": ("work", {"exhibitions": []}),
    "take_return_back": ("work", {}),
    "sell_work": ("work", {"price": 250}),
    "undo_sale": ("work", {}),
    "add_photo_of_work": ("work", partial(add_photo, "work")),
    "add_photo_of_exhibition": ("exhibition", partial(add_photo, "exhibition")),
    "add_photo_of_centre": ("centre", partial(add_photo, "centre")),
    "describe_photo": ("photo", {"alt": "Mavi oya", "decorative": False}),
    "set_focal_point": ("photo", {"focal_point": FocalPoint.CENTRE}),
    "delete_photo": ("photo", {}),
    "publish_exhibition": ("exhibition", {}),
    "unpublish_exhibition": ("exhibition", {}),
    "close_exhibition_early": ("exhibition", {"last_day": timezone.localdate(), "note": ""}),
    "postpone_exhibition": ("exhibition", {"reason": "Yağmur"}),
    "cancel_exhibition": ("exhibition", {"reason": "Yağmur"}),
    "place_showing": (
        "exhibition",
        lambda row, by: services.place_showing(showing=row.showings.get(), before=None, by=by),
    ),
    "move_showing": (
        "exhibition",
        lambda row, by: services.move_showing(showing=row.showings.get(), move="last", by=by),
    ),
    "ask": ("work", {"kind": "question", "name": "Ali", "message": "?", "email": "a@example.org"}),
    "answer_enquiry": ("enquiry", {"answer": "Evet"}),
    "note_answer": ("enquiry", {"answer": "Evet"}),
    "close_enquiry": ("enquiry", {"reason": "Reklam"}),
    "reopen_enquiry": ("enquiry", {}),
    "route_enquiry": (
        "enquiry",
        lambda row, by: services.route_enquiry(enquiry=row, centre=make.centre(), by=by),
    ),
    "enter_request": (
        "centre",
        {
            "came_by": "letter",
            "received_on": timezone.localdate(),
            "wish": "told",
            "name": "Ali",
            "message": "?",
            "email": "a@example.org",
        },
    ),
    "identify_request": (
        "enquiry",
        lambda row, by: services.identify_request(
            enquiry=row, person=make.trainee(), check="card", by=by
        ),
    ),
    "note_done": ("enquiry", {"done": "Bakıldı"}),
    "write_note": ("exhibition", {"text": "Elinize sağlık"}),
    "show_note": ("note", {}),
    "refuse_note": ("note", {}),
    "merge_techniques": (
        "technique",
        lambda row, by: services.merge_techniques(kept=row, other=make.technique("Öteki"), by=by),
    ),
}


def done(act):
    """How an act is done: a function of its row and of who does it."""
    row, do = DONE[act]
    if isinstance(do, dict):
        return lambda on, by: SERVICES[act](**{row: on}, by=by, **do)
    return do


def test_an_act_is_open_to_those_whom_the_table_names(world):
    rows = {act: row for act, (row, _do) in DONE.items()}
    expected = {act: tuple(ALWAYS | roles for roles in WHO[act]) for act in DONE}
    assert {act: world.who_may(done(act), row) for act, row in rows.items()} == expected
    assert {act: world.table_says(RIGHTS, act, row) for act, row in rows.items()} == expected


@pytest.mark.parametrize("act", SERVICES)
def test_an_act_asks_for_the_right_first(act):
    assert_asks_first(SERVICES[act], by=make.user(), **MORE.get(act, {}))


@pytest.mark.parametrize("act", PAGES)
def test_a_page_is_open_to_those_whom_the_table_names(client, world, act):
    def opened(place):
        address = reverse(
            f"admin:exhibitions_exhibition_{PAGES[act]}", args=[place["exhibition"].pk]
        )
        for role in Role:
            client.force_login(world.users[role])
            if client.get(address).status_code == 200:
                yield role

    own, foreign = ({Role.MANAGER} | roles for roles in WHO[act])
    assert (set(opened(world.own)), set(opened(world.foreign))) == (own, foreign)


def test_the_table_names_every_act_and_nothing_else():
    assert set(RIGHTS) == set(WHO) == {*DONE, *PAGES}
    assert {*SERVICES} == {
        "save_work" if act == "begin_work" else act.partition("_of_")[0] for act in DONE
    } | {"add_photos"}


def test_a_teacher_begins_no_work_without_a_course(world):
    new = Work(title="Oya", technique=make.technique(), centre=world.own["centre"])
    with pytest.raises(NotAllowed):
        services.save_work(
            work=new, makers=[("Sınıf", NameForm.FULL)], by=world.users[Role.TEACHER]
        )


def test_a_user_without_the_right_adds_no_photo_of_many(world):
    upload, teacher = make.picture(), world.users[Role.TEACHER]
    with pytest.raises(NotAllowed):
        services.add_photos(uploads=[upload], by=teacher, work=world.foreign["work"])

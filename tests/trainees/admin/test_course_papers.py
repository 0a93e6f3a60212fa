"""The papers of one course and of many: who takes them out, what is noted, and the ZIP as a job."""

import io
import json
import zipfile

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from izmek.accounts.roles import Role
from izmek.acts.enums import Access
from izmek.models import AccessLog, Job
from tests import factories as make
from tests.classroom import Classroom, day
from tests.pdfs import whole
from trainees.papers import many
from trainees.papers.course import ALL, PAPERS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
LIST = reverse("admin:courses_course_changelist")
ACT = "order_papers_of_chosen"


def paper(course, slug, **asked):
    address = reverse("admin:courses_course_paper", args=[course.pk])
    return f"{address}?{'&'.join(f'{k}={v}' for k, v in {'paper': slug, **asked}.items())}"


def chosen(*courses, **more):
    keys = [course.pk for course in courses]
    return {"action": ACT, ACTION_CHECKBOX_NAME: keys, **more}


@pytest.fixture
def ordered(client, django_capture_on_commit_callbacks):
    """Send the order of some papers; the answer of its job's page and of its file."""

    def send(address, data):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(address, data)
        assert answer.status_code == 302, answer.content.decode()
        page = client.get(answer["Location"])
        return page, client.get(f"{answer['Location']}file/")

    return send


def unpacked(answer):
    file = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    return {name: file.read(name) for name in file.namelist()}


def test_a_paper_is_printed_and_noted_and_a_blank_copy_is_not(client, officer, room):
    answer = client.get(paper(room.course, "karar-durumu"))
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    text = whole(answer.content)
    assert all(str(seat.trainee) in text for seat in room.seats)
    entry = AccessLog.objects.get(action=Access.EXPORTED)
    assert (entry.object, entry.by) == (room.course, officer)
    assert entry.reason == "2 satır · Kursiyer karar durumu, pdf"
    for form in ("pdf", "xlsx", "csv"):
        assert client.get(paper(room.course, "karar-durumu", blank=1, form=form)).status_code == 200
    assert AccessLog.objects.filter(action=Access.EXPORTED).count() == 1


@pytest.mark.parametrize("form", ["pdf", "csv"])
def test_the_access_log_counts_each_person_once_and_who_left_as_well(client, officer, room, form):
    make.session(room.course, day(-40))
    left = room.seats[0]
    left.state, left.left_on = "withdrawn", day(-20)
    left.joined_on = day(-50)
    left.save()
    client.get(paper(room.course, "yoklama-cizelgesi", form=form))
    entry = AccessLog.objects.get(action=Access.EXPORTED)
    assert entry.reason.startswith("2 satır · Yoklama çizelgesi") and entry.reason.endswith(form)
    assert entry.fields == "Yoklama çizelgesi"


def test_the_sign_in_sheet_of_another_month_is_a_link(client, officer, room):
    page = reverse("admin:courses_course_papers", args=[room.course.pk])
    begin = room.course.begin
    make.session(room.course, begin)
    asked = f"{begin:%Y-%m}"
    assert f"paper=imza-listesi&amp;ay={asked}" in client.get(page).content.decode()
    file = client.get(paper(room.course, "imza-listesi", ay=asked, form="csv"))
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert f"{begin:%d.%m}" in text.splitlines()[2]
    for wrong in ("2001-01", "2026-13", "x"):
        assert client.get(paper(room.course, "imza-listesi", ay=wrong)).status_code == 404


def test_all_papers_of_a_course_are_one_file(client, officer, room):
    text = whole(client.get(paper(room.course, ALL)).content)
    assert "Yoklama çizelgesi" in text and "Sınıf listesi" in text
    assert AccessLog.objects.get(action=Access.EXPORTED).object == room.course


@pytest.mark.parametrize(
    ("role", "own", "status"),
    [
        (Role.MANAGER, False, 200),
        (Role.AUDITOR, False, 200),
        (Role.OFFICER, False, 404),
        (Role.CURATOR, False, 403),
        (Role.TEACHER, False, 403),
    ],
)
def test_who_prints(client, room, role, own, status):
    client.force_login(make.user(role, centres=[make.centre()] if role == Role.OFFICER else []))
    assert client.get(paper(room.course, "not-cizelgesi", form="csv")).status_code == status
    order = reverse("admin:courses_course_act", args=[room.course.pk, "order_papers"])
    assert client.get(order).status_code == status


def test_names_that_no_font_has_are_told_on_the_tab(client, officer, room):
    who = room.seats[0].trainee
    who.first_name = "王 محمد"
    who.save()
    html = client.get(
        reverse("admin:courses_course_papers", args=[room.course.pk])
    ).content.decode()
    assert (
        f'<a href="{reverse("admin:trainees_trainee_desk", args=[who.pk])}">{who}</a>: 王<' in html
    )


def test_courses_on_whose_papers_a_sign_is_missing_are_told_before_they_are_ordered(
    client, officer, room
):
    clean = make.course(centre=room.course.centre, number="117")
    minor = room.seats[0].trainee
    minor.phone = ""
    minor.save()
    minor.guardians.create(name="Hatice 王", relation="anne")
    papers = reverse("admin:courses_course_papers", args=[room.course.pk])
    page = client.post(LIST, chosen(room.course, clean)).content.decode()
    assert f'<li><a href="{papers}">{room.course}</a></li>' in page
    assert reverse("admin:courses_course_papers", args=[clean.pk]) not in page
    assert "王" in client.get(papers).content.decode()


# --- Many courses -----------------------------------------------------------------------------


def test_the_papers_of_chosen_courses_are_a_folder_for_each(client, room, ordered):
    other, empty = Classroom(trainees=1), make.course()
    room.course.number = "../41/2026"
    room.course.save()
    client.force_login(make.user(Role.MANAGER))
    page = client.post(LIST, chosen(room.course, other.course, empty)).content.decode()
    assert page.count('type="checkbox"') == len(many.ORDERED) + 1 and str(empty) in page
    data = {"apply": "yes", "papers": ["karar-durumu", "imza-listesi"], "form": "pdf"}
    shown, file = ordered(LIST, chosen(room.course, other.course, empty, **data))
    assert "3 kursun belgeleri" in shown.content.decode()
    assert file["Content-Type"] == "application/zip"
    files = unpacked(file)
    assert len(files) == 4 and len({name.partition("/")[0] for name in files}) == 2
    assert all(name.count("/") == 1 and ".." not in name for name in files)
    own = next(name for name in files if name.endswith(f"-{room.course.pk}/karar-durumu.pdf"))
    assert str(room.seats[0].trainee) in whole(files[own])
    noted = AccessLog.objects.filter(action=Access.EXPORTED)
    assert {entry.object for entry in noted} == {room.course, other.course}
    assert {entry.reason for entry in noted} == {"ZIP, pdf: 2 kurs, 3 kişi"}
    other.course.enrolments.all().delete()  # they are in the file that was made
    assert client.get(reverse("admin:job_file", args=[Job.objects.get().pk])).status_code == 200
    assert AccessLog.objects.filter(action=Access.EXPORTED).count() == 4


def test_without_modules_there_is_no_exam_record_unless_it_alone_is_asked_for(client):
    client.force_login(make.user(Role.MANAGER))
    course = Classroom(trainees=1).course
    file = client.get(paper(course, ALL, form="csv"))
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert "Kursiyer karar durumu" in text and "Sınav tutanağı" not in text
    file = client.get(paper(course, "sinav-tutanagi", form="csv"))
    assert "Sınav tutanağı" in b"".join(file.streaming_content).decode("utf-8-sig")


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_one_course_as_sheets_is_ordered_on_its_tab(client, officer, room, ordered, form):
    page = client.get(reverse("admin:courses_course_papers", args=[room.course.pk]))
    address = reverse("admin:courses_course_act", args=[room.course.pk, "order_papers"])
    assert f'href="{address}"' in page.content.decode()
    _page, file = ordered(address, {"papers": list(PAPERS), "form": form})
    assert {name.partition("/")[2] for name in unpacked(file)} == {
        f"{slug}.{form}" for slug in PAPERS
    }
    page = client.get(reverse("admin:courses_course_papers", args=[room.course.pk]))
    assert reverse("admin:job", args=[Job.objects.get().pk]) in page.content.decode()


def test_blank_copies_of_a_course_without_people_name_nobody(client, officer, room, ordered):
    empty = make.course(centre=room.course.centre)
    data = {"apply": "yes", "papers": ["yoklama-cizelgesi"], "form": "csv", "blank": "on"}
    _page, file = ordered(LIST, chosen(empty, room.course, **data))
    assert len(unpacked(file)) == 2
    assert not AccessLog.objects.filter(action=Access.EXPORTED).exists()


def test_forms_announcements_and_the_plan_of_rooms_come_beside_the_papers(client, ordered):
    room, over, empty = Classroom(trainees=2), Classroom(trainees=1), make.course("open")
    for other in (over.course, empty):
        other.centre = room.course.centre
        other.save()
    type(over.course).objects.filter(pk=over.course.pk).update(state="finished")
    client.force_login(make.user(Role.MANAGER))
    papers = ["karar-durumu", "kesin-kayit", "duyuru", "oda-plani"]
    data = {"apply": "yes", "papers": papers, "form": "xlsx"}
    _page, file = ordered(LIST, chosen(room.course, over.course, empty, **data))
    files = unpacked(file)
    assert [name for name in files if "/" not in name] == [f"oda-plani-{empty.centre.slug}.pdf"]
    of = {pk: set() for pk in (room.course.pk, over.course.pk, empty.pk)}
    for folder, slash, name in (name.partition("/") for name in files):
        if slash:
            of[int(folder.rpartition("-")[2])].add(name)
    assert of[room.course.pk] == {"karar-durumu.xlsx", "kesin-kayit.pdf", "duyuru.pdf"}
    assert of[over.course.pk] == {"karar-durumu.xlsx", "kesin-kayit.pdf"}
    assert of[empty.pk] == {"duyuru.pdf"}
    forms = whole(next(files[name] for name in files if f"-{room.course.pk}/kesin" in name))
    assert all(str(seat.trainee) in forms for seat in room.seats) and "1 / 1" in forms
    assert "3 kişi" in AccessLog.objects.filter(action=Access.EXPORTED)[0].reason


def test_forms_are_ordered_by_those_alone_who_register_people(client, room):
    data = {"apply": "yes", "papers": ["kesin-kayit"], "form": "pdf"}
    client.force_login(make.user(Role.AUDITOR))
    page = client.post(LIST, chosen(room.course)).content.decode()
    assert "kesin-kayit" not in page and "duyuru" in page
    assert client.post(LIST, chosen(room.course, **data)).status_code == 200
    assert not Job.objects.exists()


def test_what_cannot_be_printed_is_refused_in_words(client, officer, room, monkeypatch):
    empty, elsewhere = make.course(centre=room.course.centre), make.course()
    data = {"apply": "yes", "papers": list(PAPERS), "form": "pdf"}
    answer = client.post(LIST, chosen(empty, **data), follow=True)
    assert "kursta kimse kayıtlı değil" in answer.content.decode()
    answer = client.post(LIST, chosen(room.course, **data | {"papers": []}))
    assert "En az bir belge seçin" in answer.content.decode()
    monkeypatch.setattr(many, "MOST", 1)
    answer = client.post(LIST, chosen(room.course, empty, **data), follow=True)
    assert "en çok 1 kurs" in answer.content.decode()
    client.post(LIST, chosen(elsewhere, **data), follow=True)  # of another centre: not in the list
    assert not Job.objects.exists()


def test_who_lost_the_centre_gets_no_file(client, officer, room, ordered):
    data = {"apply": "yes", "papers": ["karar-durumu"], "form": "csv"}
    ordered(LIST, chosen(room.course, **data))
    job = Job.objects.get()
    assert job.object == room.course
    officer.offices.all().delete()
    assert client.get(reverse("admin:job_file", args=[job.pk])).status_code == 404


def test_how_far_it_is_is_told_course_by_course(monkeypatch, room):
    told = []
    options = {
        "courses": [room.course.pk],
        "papers": ["karar-durumu"],
        "form": "csv",
        "blank": False,
    }
    job = Job(
        object=room.course, by=make.user(Role.MANAGER), options=json.loads(json.dumps(options))
    )
    many.CoursePapersJob().make(job, io.BytesIO(), lambda done, total: told.append((done, total)))
    assert told == [(1, 1)]


def test_the_tab_of_a_course_closed_early_says_where_its_people_are(client, officer, room):
    room.course.enrolments.update(state="removed", left_on=day(1))
    type(room.course).objects.update(state="cancelled")
    page = client.get(reverse("admin:courses_course_papers", args=[room.course.pk]))
    assert "artık kimse kayıtlı değil" in page.content.decode()
    assert client.get(paper(room.course, "yoklama-cizelgesi")).status_code == 200

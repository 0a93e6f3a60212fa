"""Submitting, approving and publishing; names in public; photos (DESIGN.md §3)."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from courses.enums import CourseState
from courses.services import change_teacher
from exhibitions import services
from exhibitions.enums import ExhibitionState, NameForm, Surface, WorkState
from exhibitions.models import Exhibition, Photo, Work
from izmek.accounts.roles import Role
from izmek.acts.refusal import Refusal
from izmek.media.photos import PhotoError, rendition_names
from izmek.models import Letter
from tests import factories as make
from tests.forms import shown
from tests.refusals import refused
from trainees.enums import Purpose
from trainees.services import give_consent, withdraw_consent

pytestmark = pytest.mark.django_db


def name_of(work, surface=Surface.WEB):
    """How the first maker of a work is named on a surface."""
    return work.makers.with_public_names(surface).first().public_name


# --- Names in public --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "answer", "shown"),
    [
        (NameForm.FULL, True, "Zeynep Yıldız"),
        (NameForm.SHORT, True, "Zeynep Y."),
        (NameForm.NONE, True, ""),
        (NameForm.FULL, False, ""),
        (NameForm.FULL, None, ""),
    ],
)
def test_the_lesser_of_wish_and_consent_shows(wish, answer, shown):
    maker = make.trainee()
    if answer is not None:
        make.consent(maker, Purpose.NAME_WEB, answer)
    assert name_of(make.work(makers=[maker], form=wish)) == shown


def test_label_and_web_ask_consents_of_their_own():
    maker = make.trainee()
    make.consent(maker, Purpose.NAME_LABEL)
    work = make.work(makers=[maker])
    assert name_of(work, Surface.LABEL) == "Zeynep Yıldız"
    assert name_of(work, Surface.WEB) == ""


def test_the_latest_answer_counts():
    maker, clerk = make.trainee(), make.user("yonetici")
    work = make.work(makers=[maker])
    told = {"purpose": Purpose.NAME_WEB, "channel": "paper", "by": clerk, "trainee": maker}
    give_consent(**told)
    assert name_of(work) == "Zeynep Yıldız"
    withdraw_consent(**told)
    assert name_of(work) == ""
    give_consent(**told)
    assert name_of(work) == "Zeynep Yıldız"


def test_a_minor_shows_first_name_and_initial_and_only_by_her_guardian():
    young = make.minor()
    work = make.work(makers=[young])
    with pytest.raises(Refusal):
        give_consent(purpose=Purpose.NAME_WEB, channel="paper", by=None, trainee=young)
    give_consent(
        purpose=Purpose.NAME_WEB,
        channel="paper",
        by=None,
        trainee=young,
        guardian=young.guardians.get(),
    )
    assert name_of(work) == "Elif K."


def test_the_guardians_consent_lapses_on_the_eighteenth_birthday():
    today = timezone.localdate()
    young = make.minor()
    make.consent(young, Purpose.NAME_WEB, guardian=young.guardians.get())
    work = make.work(makers=[young])
    young.birth_date = today.replace(year=today.year - 18, day=min(today.day, 28)) + timedelta(40)
    young.save()
    assert name_of(work) == "Elif K."
    young.birth_date = today.replace(year=today.year - 18, day=min(today.day, 28)) - timedelta(1)
    young.save()
    assert name_of(work) == ""
    make.consent(young, Purpose.NAME_WEB)
    assert name_of(work) == "Elif Kaya"


def test_search_finds_a_maker_only_as_she_is_named():
    full, short, silent = (
        make.trainee(first, last)
        for first, last in (("Şirin", "Taş"), ("Işık", "Çınar"), ("Gül", "Öz"))
    )
    for who in (full, short):
        make.consent(who, Purpose.NAME_WEB)
    works = [
        make.work("Bir", makers=[full]),
        make.work("İki", makers=[short], form=NameForm.SHORT),
        make.work("Üç", makers=[silent]),
    ]
    make.exhibition(works=works)

    def found(text):
        return [work.title for work in Work.objects.public().search(text)]

    assert found("sirin tas") == ["Bir"]
    assert found("isik") == ["İki"]
    assert found("cinar") == []
    assert found("gul") == found("oz") == []


# --- Works and exhibitions --------------------------------------------------------------------


def test_a_work_gets_its_number_at_submission_and_keeps_it():
    work = make.work(state=WorkState.DRAFT)
    first = services.submit_work(work=work, by=None).number
    assert first.endswith("-0001")
    services.return_work(work=work, note="Ölçü eksik", by=None)
    assert services.submit_work(work=work, by=None).number == first
    assert services.submit_work(work=make.work(state=WorkState.DRAFT), by=None).number > first


def test_a_work_cannot_be_submitted_twice():
    work = make.work(makers=["3-B"], state=WorkState.SUBMITTED)
    with pytest.raises(Refusal):
        services.submit_work(work=work, by=None)


def test_a_work_is_public_by_its_approval_for_a_public_exhibition():
    draft = make.exhibition(state=ExhibitionState.DRAFT)
    work = make.work(makers=["3-B"], state=WorkState.SUBMITTED)
    assert not Work.objects.public().exists()
    services.approve_work(work=work, exhibition=draft, by=None)
    assert not Work.objects.public().exists()
    services.publish_exhibition(exhibition=draft, by=None)
    assert list(Work.objects.public()) == [work]
    services.withdraw_work(work=work, reason="Kursiyerin isteği", by=None)
    assert not Work.objects.public().exists()
    with pytest.raises(Refusal, match="geri çekilmiş"):
        services.withdraw_work(work=work, reason="Bir daha", by=None)
    services.unpublish_exhibition(exhibition=draft, by=None)
    with pytest.raises(Refusal, match="taslak"):
        services.unpublish_exhibition(exhibition=draft, by=None)


@pytest.mark.parametrize("way", ["withdrawn", "returned"])
def test_a_work_that_comes_back_is_approved_for_each_exhibition_anew(client, way):
    first, second = make.exhibition("Bahar"), make.exhibition("Güz")
    work = make.work(makers=["3-B"], state=WorkState.SUBMITTED)
    services.approve_work(work=work, exhibition=first, by=None)
    public = work.get_absolute_url()
    if way == "withdrawn":
        services.withdraw_work(work=work, reason="İstedi", by=None)
        assert client.get(public).status_code == 410
        services.readmit_work(work=work, by=None)
    else:
        services.return_work(work=work, note="Ölçüsünü yazın.", by=None)
        services.submit_work(work=work, by=None)
    assert client.get(public).status_code == 404
    services.approve_work(work=work, exhibition=second, by=None)
    assert work.title in client.get(second.get_absolute_url()).content.decode()
    assert work.title not in client.get(first.get_absolute_url()).content.decode()
    place = first.showings.get()
    assert (place.approved_at, place.history.count()) == (None, 2)


def test_a_work_joins_a_public_exhibition_with_its_photos_described():
    at = make.exhibition()
    work = make.work(makers=["3-B"], state=WorkState.SUBMITTED)
    photo = make.photo(work=work, alt="")
    with pytest.raises(Refusal, match="betimlemesi yok"):
        services.approve_work(work=work, exhibition=at, by=None)
    services.describe_photo(photo=photo, alt="Mavi karanfil", decorative=False, by=None)
    assert services.approve_work(work=work, exhibition=at, by=None).approved_at


def test_an_exhibition_without_a_word_about_it_is_not_published():
    draft = make.exhibition(state=ExhibitionState.DRAFT, text=" ")
    with pytest.raises(Refusal, match="metin"):
        services.publish_exhibition(exhibition=draft, by=None)


def test_an_exhibition_is_public_from_the_moment_chosen():
    draft = make.exhibition(state=ExhibitionState.DRAFT)
    tomorrow = timezone.now() + timedelta(days=1)
    services.publish_exhibition(exhibition=draft, by=None, publish_from=tomorrow)
    assert not Exhibition.objects.public().exists()
    services.publish_exhibition(exhibition=draft, by=None)
    assert Exhibition.objects.public().exists()


def test_no_note_is_longer_than_its_column():
    work = make.work(makers=["3-B"], state=WorkState.SUBMITTED)
    exhibition = make.exhibition()
    day = exhibition.begin
    refused("long", services.return_work, work=work, note="ş" * 501, by=None)
    refused("long", services.withdraw_work, work=work, reason="ş" * 501, by=None)
    early = {"exhibition": exhibition, "last_day": day, "by": None}
    refused("long", services.close_exhibition_early, note="ş" * 201, **early)
    for act in (services.postpone_exhibition, services.cancel_exhibition):
        refused("long", act, exhibition=exhibition, reason="ş" * 251, by=None)
    assert services.close_exhibition_early(note="ş" * 200, **early).date_note == "ş" * 200
    assert services.return_work(work=work, note="ş" * 500, by=None).state_note == "ş" * 500


def test_a_name_inside_a_title_waits_for_the_consent():
    maker = make.trainee()
    work = make.work("Zeynep Yıldız’ın örtüsü", makers=[maker], state=WorkState.SUBMITTED)
    show = make.exhibition()
    with pytest.raises(Refusal, match="Yıldız"):
        services.approve_work(work=work, exhibition=show, by=None)
    make.consent(maker, Purpose.NAME_WEB)
    services.approve_work(work=work, exhibition=show, by=None)


# --- Photos -----------------------------------------------------------------------------------


def test_what_makes_a_text_public_looks_for_names():
    who = make.trainee("Nevbahar", "Kırkpınarlı")
    course = make.course()
    make.enrolment(who, course)
    work = make.work("Oya", ["3-B Sınıfı"], course=course)
    exhibition = make.exhibition(works=[work], state=ExhibitionState.DRAFT)
    acts = {
        "publish": (services.publish_exhibition, {"exhibition": exhibition}),
        "approve": (services.approve_work, {"work": work, "exhibition": exhibition}),
    }

    def told(act):
        service, facts = acts[act]
        return refused("name", service, by=None, **facts)

    for row, name in ((exhibition, "text"), (work, "title_en")):
        before = getattr(row, name)
        type(row).objects.filter(pk=row.pk).update(**{name: "Ustamız Nevbahar Kırkpınarlı"})
        assert "Nevbahar Kırkpınarlı" in told("publish")
        if row is work:
            told("approve")
        type(row).objects.filter(pk=row.pk).update(**{name: before})
    exhibition = services.publish_exhibition(exhibition=exhibition, by=None)
    reason = "Nevbahar Kırkpınarlı hasta"
    late = {"exhibition": exhibition, "by": None}
    refused("name", services.cancel_exhibition, reason=reason, **late)
    refused("name", services.postpone_exhibition, reason=reason, **late)
    day = exhibition.begin
    refused("name", services.close_exhibition_early, last_day=day, note=reason, **late)
    note = exhibition.notes.create(text="Nevbahar Kırkpınarlı'nın eline sağlık")
    refused("name", services.show_note, note=note, by=None)
    caption = {"alt": "Tezgâh", "caption": reason, "exhibition": exhibition}
    refused("name", services.add_photo, upload=make.picture(), by=None, **caption)
    make.consent(who, Purpose.NAME_WEB)
    services.show_note(note=note, by=None)


def test_a_work_joins_no_public_exhibition_whose_text_or_address_names_its_maker():
    who = make.trainee("Nevbahar", "Kırkpınarlı")
    told = {"text": "Konuğumuz Nevbahar Kırkpınarlı", "slug": "nevbahar-kirkpinarli-sergisi-2026"}
    for name, value in told.items():
        public = make.exhibition(**{name: value})
        work = make.work("Oya", [who], state=WorkState.SUBMITTED)
        act = {"work": work, "exhibition": public, "by": None}
        assert public.title in refused("name", services.approve_work, **act)
        assert not public.showings.exists()
    make.consent(who, Purpose.NAME_WEB)
    services.approve_work(**act)


def test_a_class_is_not_called_like_a_trainee_without_consent():
    who = make.trainee("Nevbahar", "Kırkpınarlı")
    course = make.course()
    make.enrolment(who, course)
    new = {"course": course, "technique": make.technique(), "title": "Oya"}
    for group in ("Nevbahar Kırkpınarlı", "NEVBAHAR KIRKPINARLI ve kızları"):
        group_of = [(group, NameForm.FULL)]
        refused("name", services.save_work, work=Work(**new), makers=group_of, by=None)
    assert not Work.objects.exists()
    services.save_work(work=Work(**new), makers=[("Veliler", NameForm.FULL)], by=None)


def test_a_photo_is_stored_upright_small_and_without_what_the_camera_noted(media):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x8825] = {1: "N", 2: (40.0, 50.0, 0.0)}  # where it was taken
    upload = make.picture(1200, 800, exif=exif)
    photo = services.add_photo(upload=upload, work=make.work(), by=None)
    assert (photo.width, photo.height) == (800, 1200)
    _folders, files = default_storage.listdir(photo.folder)
    assert set(files) >= set(rendition_names(photo.width)) - {"master.jpg"}
    for file in files:
        with default_storage.open(f"{photo.folder}/{file}") as stored:
            assert not Image.open(stored).getexif()


@pytest.mark.parametrize(
    "content", [b"not a photo", b"<svg xmlns='http://www.w3.org/2000/svg'/>", None]
)
def test_what_is_no_photo_leaves_neither_row_nor_file(media, content):
    upload = make.picture()
    content = content or upload.read()[:3000]  # a photo cut off on the way
    upload.file.seek(0)
    upload.file.truncate()
    upload.file.write(content)
    upload.file.seek(0)
    upload.size = len(content)
    with pytest.raises(PhotoError):
        services.add_photo(upload=upload, work=make.work(), by=None)
    assert not Photo.objects.exists()
    assert not media.exists() or not list(media.rglob("*.*"))


def test_a_deleted_photo_takes_its_files_along(media, django_capture_on_commit_callbacks):
    photo = services.add_photo(upload=make.picture(), work=make.work(), by=None)
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_photo(photo=photo, by=None)
    assert not list(media.rglob("*.*"))


def test_a_photo_with_a_trainee_waits_for_her_consent(media):
    work = make.work()
    make.exhibition(works=[work])
    who = make.trainee()
    photo = services.add_photo(
        upload=make.picture(), work=work, by=None, alt="Tezgâh", people="trainees"
    )
    assert not Photo.objects.public().exists()  # nobody says which trainee
    photo.persons.create(trainee=who)
    assert not Photo.objects.public().exists()
    make.consent(who, Purpose.PHOTO)
    assert Photo.objects.public().exists()
    make.consent(who, Purpose.PHOTO, False)
    assert not Photo.objects.public().exists()


def test_publishing_waits_for_descriptions(media):
    work = make.work()
    draft = make.exhibition(works=[work], state=ExhibitionState.DRAFT)
    photo = services.add_photo(upload=make.picture(), work=work, by=None)
    with pytest.raises(Refusal):
        services.publish_exhibition(exhibition=draft, by=None)
    photo.alt = "Beyaz tülbentin kenarında pembe karanfil oyaları"
    photo.save()
    services.publish_exhibition(exhibition=draft, by=None)


def test_the_curator_hears_of_a_withdrawn_name_that_is_left_in_a_text():
    curator = make.user(Role.CURATOR, email="sergi@example.org")
    maker = make.trainee(last_name="Kırkpınarlı")
    make.consent(maker, Purpose.NAME_WEB)
    named = make.work("Kırkpınarlı’nın oyası", [maker])
    make.exhibition(works=[named, make.work("Karanfil", [maker])])
    withdraw_consent(trainee=maker, purpose=Purpose.PHOTO, channel="phone", by=None)
    assert not Letter.objects.exists()
    withdraw_consent(trainee=maker, purpose=Purpose.NAME_WEB, channel="phone", by=None)
    letter = Letter.objects.get(kind="name_left")
    assert letter.to == curator.email
    assert f"eser {named.number}: " in letter.text
    assert f"/yonetim/exhibitions/work/{named.pk}/change/" in letter.text
    assert letter.text.count("/yonetim/") == 1
    assert "Kırkpınarlı" not in letter.subject + letter.text


def test_the_curator_hears_of_a_withdrawn_name_that_is_left_in_an_exhibitions_text():
    make.user(Role.CURATOR, email="sergi@example.org")
    maker = make.trainee(first_name="Gül", last_name="Çiçek")
    make.consent(maker, Purpose.NAME_WEB)
    named = make.exhibition(
        text="Ustamız Gül Çiçek, bu yıl da aramızda.", works=[make.work("Oya", [maker])]
    )
    make.exhibition(text="Her dalda gül, her bahçede çiçek.", works=[make.work("Dal", [maker])])
    withdraw_consent(trainee=maker, purpose=Purpose.NAME_WEB, channel="phone", by=None)
    letter = Letter.objects.get(kind="name_left")
    assert f"sergi {named.begin:%d.%m.%Y}: " in letter.text
    assert f"/yonetim/exhibitions/exhibition/{named.pk}/change/" in letter.text
    assert letter.text.count("/yonetim/") == 1
    assert "Çiçek" not in letter.subject + letter.text


def test_the_curator_hears_of_a_name_left_in_a_group_in_a_classmates_work_and_in_the_visitor_book():
    make.user(Role.CURATOR, email="sergi@example.org")
    who = make.trainee("Nevbahar", "Kırkpınarlı")
    make.consent(who, Purpose.NAME_WEB)
    course = make.course()
    make.enrolment(who, course)
    of_class = make.work(
        "Yazma", ["Sınıf"], course=course, text="Nevbahar Kırkpınarlı da yardım etti."
    )
    elsewhere = make.work("Kilim", ["Nevbahar Kırkpınarlı"])
    exhibition = make.exhibition(works=[of_class, elsewhere, make.work("Nevbahar Kırkpınarlı")])
    services.show_note(note=exhibition.notes.create(text="Nevbahar Kırkpınarlı'ya selam"), by=None)
    withdraw_consent(trainee=who, purpose=Purpose.NAME_WEB, channel="phone", by=None)
    text = Letter.objects.get(kind="name_left").text
    for row in (of_class, elsewhere, exhibition):
        assert f"/{row._meta.model_name}/{row.pk}/change/" in text
    assert text.count("/yonetim/") == 3


def test_a_work_names_who_taught_it_when_it_came_in(client):
    first, second = make.teacher(first_name="Sevim"), make.teacher(first_name="Nuray")
    for teacher in (first, second):
        make.consent(teacher, Purpose.NAME_WEB)
    course = make.course(teacher=first, state=CourseState.RUNNING)
    technique = make.technique()

    def handed_in(title):
        work = services.save_work(
            work=Work(title=title, course=course, technique=technique),
            makers=[("İğne oyası sınıfı", NameForm.FULL)],
            by=None,
        )
        work = services.submit_work(work=work, by=None)
        exhibition = make.exhibition()
        services.approve_work(work=work, exhibition=exhibition, by=None)
        return client.get(work.get_absolute_url()).content.decode()

    assert "Sevim" in handed_in("Karanfil")
    change_teacher(
        course=course, teacher=second, begins_on=timezone.localdate(), reason="", by=None
    )
    page = handed_in("Sümbül")
    assert "Nuray" in page
    assert "Sevim" not in page
    assert Work.objects.get(title="Karanfil").teacher == first


# --- Names in the texts of courses ------------------------------------------------------------


def places_of(course):
    """(a row with a public text, its column) for a course and what it belongs to."""
    return [
        (course, "note"),
        (course, "group"),
        (course.centre, "text"),
        (course.centre, "hours"),
        (course.programme, "text_en"),
    ]


@pytest.mark.parametrize("who", ["trainee", "teacher", "later teacher"])
def test_no_text_of_a_course_a_centre_or_a_programme_names_somebody_without_consent(client, who):
    client.force_login(make.user(Role.MANAGER))
    course = make.course("planned", begin=timezone.localdate())
    person = (
        make.trainee("Nevbahar", "Kırkpınarlı")
        if who == "trainee"
        else make.teacher("Nevbahar", "Kırkpınarlı")
    )
    if who == "trainee":
        make.enrolment(person, course)
    elif who == "teacher":
        course.teacher = person
        course.save()
    else:
        course.teacher_changes.create(teacher=person, begins_on=course.begin)
    for row, column in places_of(course):
        address = reverse(f"admin:courses_{row._meta.model_name}_change", args=[row.pk])
        data = shown(client.get(address)) | {column: "Nevbahar Kırkpınarlı"}
        answer = client.post(address, data)
        assert answer.status_code == 200
        assert "Nevbahar Kırkpınarlı" in str(answer.context["errors"])
        row.refresh_from_db()
        assert not getattr(row, column)
        make.consent(person, Purpose.NAME_WEB)
        assert client.post(address, data).status_code == 302
        withdraw_consent(
            **{who.split()[-1]: person}, purpose=Purpose.NAME_WEB, channel="phone", by=None
        )
        type(row).objects.filter(pk=row.pk).update(**{column: ""})


def test_an_officer_hears_of_a_withdrawn_name_that_is_left_in_a_text_of_the_centre():
    make.user(Role.CURATOR, email="sergi@example.org")
    course = make.course(note="Nevbahar Kırkpınarlı ile.")
    course.centre.text = "Nevbahar Kırkpınarlı bizde."
    course.centre.save()
    make.user(Role.OFFICER, email="merkez@example.org", centres=[course.centre])
    who = make.trainee("Nevbahar", "Kırkpınarlı")
    make.enrolment(who, course)
    make.enrolment(who, make.course(note="Nevbahar gelir."))
    make.consent(who, Purpose.NAME_WEB)
    withdraw_consent(trainee=who, purpose=Purpose.NAME_WEB, channel="phone", by=None)
    letter = Letter.objects.get(kind="name_left")
    assert letter.to == "merkez@example.org"
    assert f"/courses/course/{course.pk}/change/" in letter.text
    assert f"/courses/coursecentre/{course.centre_id}/change/" in letter.text
    assert letter.text.count("/yonetim/") == 2
    assert "Kırkpınarlı" not in letter.subject + letter.text

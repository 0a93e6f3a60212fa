"""Photos of works and exhibitions."""

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from courses.enums import CourseState
from courses.services import change_teacher
from exhibitions import services
from exhibitions.enums import ExhibitionState, NameForm, WorkState
from exhibitions.models import Photo, Work
from izmek.accounts.roles import Role
from izmek.acts.refusal import Refusal
from izmek.media.photos import PhotoError, derive_sizes, rendition_names
from izmek.models import Letter
from tests import factories as make
from tests.refusals import refused
from trainees.enums import Purpose
from trainees.services import withdraw_consent

pytestmark = pytest.mark.django_db


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


def test_a_photo_is_stored_upright_small_and_without_what_the_camera_noted(
    media, django_capture_on_commit_callbacks
):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x8825] = {1: "N", 2: (40.0, 50.0, 0.0)}  # where it was taken
    upload = make.picture(1200, 800, exif=exif)
    with django_capture_on_commit_callbacks(execute=True):
        photo = services.add_photo(upload=upload, work=make.work(), by=None)
    assert (photo.width, photo.height) == (800, 1200)
    _folders, files = default_storage.listdir(photo.folder)
    assert set(files) >= set(rendition_names(photo.width)) - {"master.jpg"}
    for file in files:
        with default_storage.open(f"{photo.folder}/{file}") as stored:
            assert not Image.open(stored).getexif()


def test_until_its_sizes_are_made_a_photo_is_shown_in_its_first_one(media, client):
    work = make.work()
    make.exhibition(works=[work])
    photo = services.add_photo(upload=make.picture(1200, 800), work=work, by=None, alt="Tezgâh")

    def shown():
        page = client.get(work.get_absolute_url()).content.decode()
        return {name for name in rendition_names(1200) if photo.url(name) in page}

    def answers(name):
        return client.get(photo.url(name)).status_code

    assert shown() == {"720.jpg", "share.jpg"}
    assert (answers("720.jpg"), answers("share.jpg"), answers("480.avif")) == (200, 200, 404)
    services.make_sizes.call(str(photo.pk))
    assert shown() > {"480.avif", "960.webp"}
    assert {answers(name) for name in rendition_names(1200)[1:]} == {200}


def test_sizes_of_a_photo_that_was_deleted_meanwhile_leave_no_file(media, monkeypatch):
    photo = services.add_photo(upload=make.picture(), work=make.work(), by=None)

    def made(image):
        Photo.objects.all().delete()
        services.delete_folder(photo.folder)
        yield from derive_sizes(image)

    monkeypatch.setattr("exhibitions.services.photos.derive_sizes", made)
    services.make_sizes.call(str(photo.pk))
    assert not list(media.rglob("*.*"))


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

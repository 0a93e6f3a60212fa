"""Handing in a work in the teacher pages: what it is, who made it, photos, submitting."""

import errno
import os
import re
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.urls import reverse

from exhibitions.enums import NameForm, WorkState
from exhibitions.models import Maker, Photo, Sale, Work
from exhibitions.services import (
    MOST_PHOTOS,
    describe_photo,
    photos,
    return_work,
    save_work,
    submit_work,
)
from exhibitions.services.photos import store_photo
from exhibitions.views.sent_photos import SentPhoto
from izmek.accounts.roles import Role
from tests import factories as make
from tests.classroom import Classroom, signed_in
from tests.forms import shown
from tests.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

SCRIPT = {"headers": {"accept": "application/json"}}
TOKEN = "0b8f6c1e-3f0a-4a52-9a57-0f6e0c0a7d11"


@pytest.fixture
def room(client):
    room = Classroom(trainees=3, programme=make.programme("İğne Oyası", total_hours=100))
    signed_in(client, room.user)
    return room


def at(name, *keys):
    return reverse(f"teacher-{name}", args=[getattr(key, "pk", key) for key in keys])


def text(answer):
    body = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def draft(room, **fields):
    fields.setdefault("makers", [room.seats[0].trainee])
    return make.work(course=room.course, centre=room.course.centre, state=WorkState.DRAFT, **fields)


def piece(room, **fields):
    return {
        "title": "Karanfil oyası",
        "technique": make.technique().pk,
        "materials": "İpek iplik",
        "width": "12,5",
        "height": "40",
        "depth": "",
        "text": "",
        "sale_status": "not for sale",
        "price": "",
        "group_name": "",
        f"maker_k{room.seats[0].trainee.pk}": "on",
        f"form_k{room.seats[0].trainee.pk}": "full",
    } | fields


# --- The work ---------------------------------------------------------------------------------


def test_a_new_work_takes_what_the_course_tells(client, room):
    page = client.get(at("work-new", room.course))
    assert shown(page)["technique"] == str(make.technique().pk)  # of the programme's name
    answer = client.post(at("work-new", room.course), piece(room))
    work = Work.objects.get()
    assert answer["Location"].startswith(at("work", work))
    assert (work.centre, work.year, work.state) == (
        room.course.centre,
        room.course.term.year,
        WorkState.DRAFT,
    )
    assert work.size == "12,5 × 40 cm"
    maker = work.makers.get()
    assert (maker.trainee, maker.form) == (room.seats[0].trainee, NameForm.FULL)


def test_makers_are_of_the_course_alone(client, room):
    other = Classroom()
    page = client.get(at("work-new", room.course)).content.decode()
    assert f"maker_k{room.seats[1].trainee.pk}" in page
    assert f"maker_k{other.seats[0].trainee.pk}" not in page
    stranger = {f"maker_k{other.seats[0].trainee.pk}": "on"}
    client.post(at("work-new", room.course), piece(room, **stranger))
    assert [maker.trainee for maker in Maker.objects.all()] == [room.seats[0].trainee]


def test_makers_change_and_the_others_keep_their_rows(client, room):
    work = draft(room)
    kept = work.makers.get()
    second = room.seats[1].trainee
    client.post(
        at("work", work),
        piece(
            room, **{f"maker_k{second.pk}": "on", f"form_k{second.pk}": "none", "maker_self": "on"}
        ),
    )
    made = {str(maker): (maker.pk, maker.form) for maker in work.makers.all()}
    assert made[str(room.seats[0].trainee)] == (kept.pk, NameForm.FULL)
    assert made[str(second)][1] == NameForm.NONE
    assert made[str(room.teacher)][1] == NameForm.SHORT
    whole = piece(room, group_name="Kilim sınıfı")
    del whole[f"maker_k{room.seats[0].trainee.pk}"]
    client.post(at("work", work), whole)
    assert [str(maker) for maker in work.makers.all()] == ["Kilim sınıfı"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "Eserin adı"),
        ({"width": "-3"}, "En (cm)"),
        ({"price": "100"}, "fiyat"),
    ],
)
def test_errors_keep_what_was_typed(client, room, fields, sentence):
    answer = client.post(at("work-new", room.course), piece(room, materials="Yün", **fields))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence.casefold() in text(answer).casefold()
    assert 'value="Yün"' in page
    assert re.search(rf'maker_k{room.seats[0].trainee.pk}"[^>]*checked', page)
    assert not Work.objects.exists()


@pytest.mark.parametrize(
    ("typed", "price"),
    [
        ("1.250", "1250"),
        ("1.250,50", "1250.50"),
        ("1.250.000,00", "1250000"),
        ("12,5", "12.50"),
        ("1250.50", "1250.50"),
        ("1250", "1250"),
        ("1 250", "1250"),
    ],
)
def test_a_price_is_understood_as_we_write_it(client, room, typed, price):
    sale = {"sale_status": "for sale", "price": typed}
    client.post(at("work-new", room.course), piece(room, **sale))
    work = Work.objects.get()
    assert work.price == Decimal(price)
    client.post(at("work", work), shown(client.get(at("work", work))))
    work.refresh_from_db()
    assert work.price == Decimal(price)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1.25.0", "Tutarı rakamla yazın, örneğin 1.250,50."),
        ("yüz lira", "Tutarı rakamla yazın, örneğin 1.250,50."),
        ("-5", "Tutarı rakamla yazın, örneğin 1.250,50."),
        ("12.345.678", "Bu tutar fazla yüksek."),
    ],
)
def test_a_price_that_is_none_is_refused_in_words(client, room, typed, sentence):
    sale = {"sale_status": "for sale", "price": typed}
    answer = client.post(at("work-new", room.course), piece(room, **sale))
    assert answer.status_code == 422 and sentence in text(answer)
    assert f'value="{typed}"' in answer.content.decode()


def test_somebody_made_it(client, room):
    data = piece(room)
    del data[f"maker_k{room.seats[0].trainee.pk}"]
    answer = client.post(at("work-new", room.course), data)
    assert answer.status_code == 422
    assert "Eseri yapanı seçin" in text(answer)


def test_handing_in_gives_a_number_and_closes_the_form(client, room):
    work = draft(room, title="Kilim")
    make.photo(work=work)
    answer = client.post(at("work-submit", work), follow=True)
    work.refresh_from_db()
    assert work.state == WorkState.SUBMITTED
    assert f"{work.number} numarasıyla teslim edildi" in text(answer)
    page = client.get(at("work", work)).content.decode()
    assert 'name="title"' not in page and 'type="file"' not in page
    client.post(at("work", work), piece(room, title="Başka"))
    work.refresh_from_db()
    assert work.title == "Kilim"


def test_a_group_is_named_as_it_is_written(client, room):
    work = draft(room)
    data = piece(room, group_name="Akmeşe Keçe Grubu")
    client.post(at("work", work), data)
    make.photo(work=work, alt="Keçe")
    client.post(at("work-submit", work))
    page = text(client.get(at("work", work)))
    assert "Akmeşe Keçe Grubu" in page and "Akmeşe Keçe Grubu (" not in page
    assert f"{room.seats[0].trainee} (ad ve soyadı)" in page


def test_what_is_written_after_the_work_was_handed_in_is_told_and_not_saved(client, room):
    work = draft(room, title="Kilim")
    client.post(at("work-submit", work))
    answer = client.post(
        at("work", work),
        piece(room, title="Elibelinde", text="Ninemden\nkaldı", group_name="Kilim"),
    )
    assert answer.status_code == 409
    told = text(answer)
    assert "Yazdıklarınız kaydedilmedi" in told and "daha önce teslim edildi" in told
    for part in ("Elibelinde", "Ninemden kaldı", "12,5", "İpek iplik", "satılık değil", "Kilim"):
        assert part in told, part
    assert f"{room.seats[0].trainee} (ad ve soyadı)" in told
    assert 'name="title"' not in answer.content.decode()
    work.refresh_from_db()
    assert work.title == "Kilim"


def test_handed_in_between_opening_and_saving_is_told_too(client, room, monkeypatch):
    """The work goes to the curator after the page's first look at it."""
    work = draft(room, title="Kilim")

    def late(**facts):
        submit_work(work=work, by=None)
        return save_work(**facts)

    monkeypatch.setattr("exhibitions.views.own_works.save_work", late)
    answer = client.post(at("work", work), piece(room, title="Elibelinde"))
    assert answer.status_code == 409
    assert "Yazdıklarınız kaydedilmedi" in text(answer) and "Elibelinde" in text(answer)
    assert 'name="title"' not in answer.content.decode()


def test_handing_in_twice_is_answered_as_once(client, room):
    work = draft(room)
    first, again = (client.post(at("work-submit", work)) for _twice in range(2))
    assert again.status_code == first.status_code == 302
    assert again["Location"] == first["Location"]
    page = text(client.get(again["Location"]))
    assert "numarasıyla teslim edildi" in page and "daha önce gönderilmiş" not in page


def test_withdrawing_twice_is_answered_as_once(client, room):
    work = draft(room)
    sent = {"reason": "İki kez girildi"}
    first, again = (client.post(at("work-withdraw", work), sent) for _twice in range(2))
    assert again.status_code == first.status_code == 302
    assert again["Location"] == first["Location"]
    assert client.get(at("work-withdraw", work)).status_code == 404
    assert Work.objects.get().history.filter(state=WorkState.WITHDRAWN).count() == 1


def test_a_new_work_sent_twice_is_one_and_another_one_is_two(client, room):
    whole = piece(room, reference=shown(client.get(at("work-new", room.course)))["reference"])
    first, again = (client.post(at("work-new", room.course), whole) for _twice in range(2))
    assert again.status_code == 302 and again["Location"] == first["Location"]
    assert Work.objects.count() == Maker.objects.count() == 1
    # She went back and wrote down the next piece, of the same name by somebody else.
    other = whole | {f"maker_k{room.seats[1].trainee.pk}": "on"}
    assert client.post(at("work-new", room.course), other)["Location"] != first["Location"]
    client.post(at("work-new", room.course), whole | {"title": "Lale"})
    assert sorted(Work.objects.values_list("title", flat=True)) == [
        "Karanfil oyası",
        "Karanfil oyası",
        "Lale",
    ]


def test_an_error_on_the_way_keeps_the_reference_of_the_new_work(client, room):
    whole = piece(room, reference=shown(client.get(at("work-new", room.course)))["reference"])
    answer = client.post(at("work-new", room.course), whole | {"title": ""})
    assert shown(answer)["reference"] == whole["reference"]


def test_makers_that_the_form_cannot_show_stay_as_they_are(client, room):
    stranger = Classroom(trainees=1)
    makers = [
        room.seats[1].trainee,
        stranger.seats[0].trainee,
        stranger.teacher,
        "3-B Sınıfı",
        "Veliler",
    ]
    work = draft(room, makers=makers)
    for order, maker in enumerate(work.makers.order_by("pk")):
        Maker.objects.filter(pk=maker.pk).update(order=order * 10)
    before = list(work.makers.values_list("pk", "form", "order"))
    page = client.get(at("work", work))
    for name in (str(stranger.seats[0].trainee), str(stranger.teacher), "Veliler"):
        assert f"{name}" in text(page), name
    assert "maker_self" not in shown(page)
    answer = client.post(at("work", work), shown(page) | {"materials": "Yün"})
    assert answer.status_code == 302
    work.refresh_from_db()
    assert work.materials == "Yün"
    assert [row[:2] for row in work.makers.values_list("pk", "form")] == [row[:2] for row in before]
    page = client.get(at("work", work))
    client.post(at("work", work), shown(page) | {"group_name": "Veliler"})
    assert work.makers.count() == 4  # no group twice


def test_an_officers_correction_is_not_overwritten_by_an_older_page(client, room):
    work = draft(room, title="Karanfil oyası", materials="İpek iplik")
    page = client.get(at("work", work))
    work.title, work.materials = "Karanfil oyalı yazma", "Pamuk iplik"
    work.save()
    old = shown(page) | {"materials": "Yün", "text": "Ninemden kaldı"}
    answer = client.post(at("work", work), old)
    assert answer.status_code == 422
    told = text(answer)
    assert "Karanfil oyası" in told and "Pamuk iplik" in told
    again = shown(answer)
    assert again["title"] == "Karanfil oyalı yazma"  # left alone on the old page
    assert (again["materials"], again["text"]) == ("Yün", "Ninemden kaldı")
    work.refresh_from_db()
    assert (work.title, work.materials, work.text) == ("Karanfil oyalı yazma", "Pamuk iplik", "")
    assert client.post(at("work", work), again).status_code == 302
    work.refresh_from_db()
    assert (work.title, work.materials) == ("Karanfil oyalı yazma", "Yün")


def test_a_maker_added_meanwhile_is_not_dropped_by_an_older_page(client, room):
    work = draft(room)
    old = shown(client.get(at("work", work)))
    second = room.seats[1].trainee
    Maker.objects.create(work=work, trainee=second, form=NameForm.FULL)
    answer = client.post(at("work", work), old | {"materials": "Yün"})
    assert answer.status_code == 422 and work.makers.count() == 2
    assert shown(answer)[f"maker_k{second.pk}"] == "on"
    assert client.post(at("work", work), shown(answer)).status_code == 302
    assert work.makers.get(trainee=second).form == NameForm.FULL


def test_a_teacher_moves_no_work_to_a_course_of_somebody_else(room):
    work = draft(room)
    work.course = Classroom().course
    makers = [(room.seats[0].trainee, NameForm.FULL)]
    refused("right", save_work, work=work, makers=makers, by=room.user)
    work.refresh_from_db()
    assert work.course == room.course


def test_a_photo_without_words_is_not_handed_in(client, room):
    work = draft(room)
    make.photo(work=work, alt="")
    answer = client.post(at("work-submit", work))
    assert answer.status_code == 422
    assert "1 fotoğrafın betimlemesi yok" in text(answer)
    work.refresh_from_db()
    assert work.state == WorkState.DRAFT


def test_a_returned_work_shows_the_curators_note_and_is_mended(client, room):
    work = draft(room)
    client.post(at("work-submit", work))
    number = Work.objects.get().number
    return_work(work=work, note="Ölçüsünü yazın.", by=None)
    assert "Ölçüsünü yazın." in text(client.get(at("works", room.course)))
    assert "Ölçüsünü yazın." in text(client.get(at("work", work)))
    client.post(at("work", work), piece(room, width="30"))
    client.post(at("work-submit", work))
    work.refresh_from_db()
    assert (work.state, work.number, work.width) == (WorkState.SUBMITTED, number, 30)


def test_a_work_that_was_handed_in_can_be_withdrawn_from_its_page(client, room):
    work = draft(room)
    client.post(at("work-submit", work))
    work.refresh_from_db()
    assert work.state == WorkState.SUBMITTED
    assert f'href="{at("work-withdraw", work)}"' in client.get(at("work", work)).content.decode()


def test_a_work_is_withdrawn_with_a_reason(client, room):
    work = draft(room, title="Yanlış kayıt")
    assert client.post(at("work-withdraw", work), {"reason": ""}).status_code == 422
    client.post(at("work-withdraw", work), {"reason": "İki kez girildi"})
    work.refresh_from_db()
    assert (work.state, work.state_note) == (WorkState.WITHDRAWN, "İki kez girildi")
    assert "Yanlış kayıt" not in text(client.get(at("works", room.course)))
    assert client.get(at("work", work)).status_code == 404


def test_the_list_to_sign_names_works_and_makers(client, room):
    assert "henüz eser teslim edilmedi" in text(client.get(at("hand-in-list", room.course)))
    draft(room, title="Elibelinde kilim", width=80, height=120)
    page = text(client.get(at("hand-in-list", room.course)))
    for part in ("Elibelinde kilim", "80 × 120 cm", str(room.seats[0].trainee), "İmza"):
        assert part in page


# --- Photos -----------------------------------------------------------------------------------


def send(client, work, upload=None, token=TOKEN):
    data = {"photo": upload or make.picture(), "token": token}
    return client.post(at("photo-add", work), data, **SCRIPT)


def test_a_photo_is_taken_in_and_answered_with_its_row(client, room):
    work = draft(room)
    answer = send(client, work)
    assert answer.status_code == 200
    photo = work.photos.get()
    assert f'id="p{photo.pk.hex}"' in answer.json()["html"]
    assert at("photo-delete", work, photo) in answer.json()["html"]


def test_a_photo_sent_twice_is_there_once(client, room):
    """The answer was lost on the way: the phone sends the photo again under the same token."""
    work = draft(room)
    first, again = send(client, work).json(), send(client, work).json()
    photo = work.photos.get()
    assert f'id="p{photo.pk.hex}"' in first["html"]
    assert f'id="p{photo.pk.hex}"' in again["html"]
    send(client, work, token=TOKEN.replace("0", "1"))
    assert work.photos.count() == 2


def test_a_photo_that_is_still_being_taken_in_is_tried_later(client, room):
    work = draft(room)
    SentPhoto(room.user, work, TOKEN)  # by this process, which lives
    assert send(client, work).status_code == 503
    assert not work.photos.exists()


def test_a_photo_whose_process_died_is_taken_in_at_once(client, room, monkeypatch):
    work = draft(room)
    with subprocess.Popen(["true"]) as process:
        monkeypatch.setattr(os, "getpid", lambda: process.pid)
    SentPhoto(room.user, work, TOKEN)
    monkeypatch.undo()
    assert send(client, work).status_code == 200
    assert send(client, work).status_code == 200
    assert work.photos.count() == 1


def test_a_process_that_died_after_the_photo_was_in_left_it(client, room, monkeypatch):
    work = draft(room)
    monkeypatch.setattr(SentPhoto, "done", lambda self: None)
    assert send(client, work).status_code == 200
    monkeypatch.setattr("exhibitions.views.sent_photos._lives", lambda process: False)
    assert send(client, work).status_code == 200
    assert work.photos.count() == 1


def test_a_full_disk_is_told_at_the_photo(client, room, monkeypatch, media):
    def full(storage, name, content):
        half = Path(storage.path(name))
        half.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(b"half a photo")
        raise OSError(errno.ENOSPC, "No space left on device")

    work = draft(room)
    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", full)
        answer = send(client, work)
    assert answer.status_code == 400 and "yer kalmadı" in answer.json()["error"]
    assert not [path for path in media.rglob("*") if path.is_file()]
    assert send(client, work).status_code == 200  # once there is room


def test_a_photo_that_is_none_is_refused_and_may_be_replaced(client, room):
    work = draft(room)
    wrong = make.SimpleUploadedFile("foto.jpg", b"not a photo", content_type="image/jpeg")
    answer = send(client, work, wrong)
    assert answer.status_code == 400
    assert "fotoğraf değil" in answer.json()["error"]
    assert send(client, work).status_code == 200  # the token is free again


def test_half_a_photo_is_refused(client, room):
    whole = make.picture().read()
    half = make.SimpleUploadedFile("foto.jpg", whole[: len(whole) * 6 // 10])
    answer = send(client, draft(room), half)
    assert answer.status_code == 400 and answer.json()["error"]
    assert not Photo.objects.exists()


def test_six_photos_and_no_more(client, room):
    work = draft(room)
    for _one in range(MOST_PHOTOS):
        make.photo(work=work)
    answer = send(client, work)
    assert answer.status_code == 400
    assert "6" in answer.json()["error"]
    assert 'type="file"' not in client.get(at("work", work)).content.decode()


def test_the_seventh_photo_is_refused_even_when_two_come_at_once(client, room, monkeypatch, media):
    work = draft(room)
    for _one in range(MOST_PHOTOS - 1):
        make.photo(work=work)

    def meanwhile(**options):
        make.photo(work=work)
        return store_photo(**options)

    monkeypatch.setattr(photos, "store_photo", meanwhile)
    answer = send(client, work)
    assert answer.status_code == 400 and "6" in answer.json()["error"]
    assert work.photos.count() == MOST_PHOTOS
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_a_forged_token_is_refused(client, room):
    assert send(client, draft(room), token="../../x").status_code == 400


def test_the_plain_form_sends_several_photos(client, room):
    work = draft(room)
    data = {"photo": [make.picture(name="a.jpg"), make.picture(name="b.jpg")]}
    answer = client.post(at("photo-add", work), data)
    assert answer.status_code == 302
    assert work.photos.count() == 2
    assert "Bir fotoğraf seçin." in text(client.post(at("photo-add", work), {}, follow=True))
    data = {"photo": [make.picture(name="c.jpg"), make.SimpleUploadedFile("bos.jpg", b"")]}
    assert "bos.jpg: Bu dosya boş" in text(client.post(at("photo-add", work), data, follow=True))
    assert work.photos.count() == 3


def test_photos_are_described_one_by_one_or_all_at_once(client, room):
    work = draft(room)
    first, second = (make.photo(work=work, alt="") for _n in range(2))
    answer = client.post(at("photo", work, first), {f"{first.pk.hex}-alt": "Kırmızı oya"}, **SCRIPT)
    assert answer.status_code == 200
    first.refresh_from_db()
    assert first.alt == "Kırmızı oya"
    client.post(
        at("photos", work),
        {f"{first.pk.hex}-alt": "Mavi oya", f"{second.pk.hex}-decorative": "on"},
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.alt, second.decorative) == ("Mavi oya", True)


def test_a_description_that_somebody_else_has_changed_is_not_overwritten(client, room):
    work = draft(room)
    first, second = (make.photo(work=work, alt=f"Oya {n}", order=n) for n in (1, 2))
    page = client.get(at("work", work))
    fields = {
        name: value
        for photo in (first, second)
        for name, value in {
            f"{photo.pk.hex}-alt": photo.alt,
            f"{photo.pk.hex}-shown_alt": photo.alt,
            f"{photo.pk.hex}-shown_decorative": "False",
        }.items()
    }
    assert all(f'name="{name}"' in page.content.decode() for name in fields)
    officer = make.user(Role.CURATOR)
    for photo in (first, second):
        describe_photo(photo=photo, alt=f"Düzeltilmiş {photo.alt}", decorative=False, by=officer)
    typed = fields | {f"{first.pk.hex}-alt": "Mavi oya"}
    answer = client.post(at("photo", work, first), typed, **SCRIPT)
    assert answer.status_code == 409 and "Düzeltilmiş Oya 1" in answer.json()["error"]
    told = text(client.post(at("photos", work), typed, follow=True))
    assert "Düzeltilmiş Oya 1" in told and "Mavi oya" in told
    assert [photo.alt for photo in work.photos.all()] == ["Düzeltilmiş Oya 1", "Düzeltilmiş Oya 2"]
    again = typed | {
        f"{first.pk.hex}-{name}": value for name, value in answer.json()["now"].items()
    }
    assert client.post(at("photo", work, first), again, **SCRIPT).status_code == 200
    first.refresh_from_db()
    assert first.alt == "Mavi oya"


def test_a_description_that_is_too_long_is_refused(client, room):
    work = draft(room)
    photo = make.photo(work=work)
    data = {f"{photo.pk.hex}-alt": "x" * 251}
    assert client.post(at("photo", work, photo), data, **SCRIPT).status_code == 409


def test_a_photo_is_removed_and_removing_it_twice_is_no_error(client, room):
    work = draft(room)
    photo = make.photo(work=work, files=True)
    for _twice in range(2):
        assert client.post(at("photo-delete", work, photo.pk)).status_code == 302
    assert not Photo.objects.exists()


def test_photos_of_a_submitted_work_are_the_curators(client, room):
    work = draft(room)
    photo = make.photo(work=work)
    client.post(at("work-submit", work))
    assert send(client, work).status_code == 404
    assert client.post(at("photo-delete", work, photo)).status_code == 404
    assert client.post(at("photo", work, photo), {}).status_code == 404


def test_a_photo_of_another_work_is_not_found(client, room):
    work, other = draft(room), draft(room)
    photo = make.photo(work=other)
    assert client.post(at("photo", work, photo), {}).status_code == 404
    client.post(at("photo-delete", work, photo))
    assert Photo.objects.filter(pk=photo.pk).exists()


# --- Its sale ---------------------------------------------------------------------------------


def test_a_teacher_records_a_sale_in_two_taps_and_takes_it_back(client, room):
    work = make.work(
        course=room.course, centre=room.course.centre, sale_status="for sale", price=300
    )
    fair = make.exhibition("Bahar Sergisi", works=[work])
    address = at("work-sell", work)
    assert address in client.get(at("work", work)).content.decode()
    assert client.post(address, shown(client.get(address)) | {"price": "0"}).status_code == 422
    form = shown(client.get(address))
    for _twice in range(2):
        assert client.post(address, form).status_code == 302
    other = client.post(address, form | {"price": "250"})
    assert other.status_code == 422 and "zaten satıldı" in text(other)
    sale = Sale.objects.get()
    assert (sale.price, sale.exhibition, sale.work) == (300, fair, work)
    assert "satıldı" in text(client.get(at("work", work)))
    back = at("work-unsell", work)
    assert "Satışı geri al" in text(client.get(back))
    for _twice in range(2):
        assert client.post(back).status_code == 302
    assert not Sale.objects.exists()
    client.get(at("work", work))  # which tells it once
    assert client.get(back).status_code == 302
    assert "Satış geri alındı" not in text(client.get(at("work", work)))
    signed_in(client, make.teacher(with_user=True).user)
    assert client.get(address).status_code == client.post(back).status_code == 404

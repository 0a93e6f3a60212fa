"""Exhibitions in the admin: entering and publishing."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import formats, timezone
from PIL import Image

from exhibitions import services
from exhibitions.models import Exhibition, Photo, Showing, Work
from tests import factories as make
from tests.exhibitions.admin.pages import page, work_data
from tests.forms import added, errors, shown, typed
from trainees.enums import Purpose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def files(folder="photos"):
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return folders or names


def test_an_exhibition_is_entered_with_guests_partners_and_a_photo(staff):
    today = timezone.localdate()
    data = typed(
        staff.get(page("exhibition_add")),
        title="Bahar Işıltısı",
        kind="centre",
        begin=f"{today:%d.%m.%Y}",
        end=f"{today + timedelta(days=5):%d.%m.%Y}",
        venue="Akmeşe Mahalle Konağı",
    )
    data = added(data, "guests", {"name": "Fatma Kaplan Hürriyet", "office": "Başkan"})
    data = added(data, "partners", {"name": "Halk Eğitimi Merkezi"})
    photo = {"upload": make.picture(), "alt": "Salonun girişi", "people": "nobody"}
    data = added(data, "photos", photo)
    answer = staff.post(page("exhibition_add"), data)
    assert answer.status_code == 302, errors(answer)
    exhibition = Exhibition.objects.get()
    assert exhibition.slug == f"bahar-isiltisi-{exhibition.end.year}"
    assert exhibition.state == "draft"
    assert [guest.name for guest in exhibition.guests.all()] == ["Fatma Kaplan Hürriyet"]
    photo = exhibition.photos.get()
    assert photo.alt == "Salonun girişi"
    assert f"{photo.folder}/master.jpg" in [
        f"{photo.folder}/{name}" for name in default_storage.listdir(photo.folder)[1]
    ]


def test_a_work_is_entered_with_its_makers_and_photos_taken_with_a_phone(staff):
    zeynep = make.trainee("Zeynep", "Yıldız")
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    data = added(work_data(staff), "makers", {"trainee": zeynep.pk, "form": "full"})
    data = added(
        data,
        "photos",
        {"upload": make.picture(1200, 800, exif=exif), "alt": "Karanfil motifli oya"},
        {"upload": make.picture(), "decorative": "on"},
    )
    answer = staff.post(page("work_add"), data)
    assert answer.status_code == 302, errors(answer)
    work = Work.objects.get()
    assert work.makers.get().trainee == zeynep
    first = work.photos.first()
    assert (first.width, first.height) == (800, 1200)
    for name in default_storage.listdir(first.folder)[1]:
        with default_storage.open(f"{first.folder}/{name}") as file:
            assert not dict(Image.open(file).getexif())


def test_a_price_of_the_admin_is_understood_as_we_write_it(staff):
    work = make.work(sale_status="for sale")
    form = staff.get(page("work_change", work.pk))
    answer = staff.post(page("work_change", work.pk), typed(form, price="1.250"))
    assert answer.status_code == 302, errors(answer)
    work.refresh_from_db()
    assert work.price == 1250
    assert shown(staff.get(page("work_change", work.pk)))["price"] == "1250,00"


def test_measures_of_the_admin_are_written_as_we_write_them(staff):
    work = make.work(width="102.5")
    form = staff.get(page("work_change", work.pk))
    assert shown(form)["width"] == "102,5"
    staff.post(page("work_change", work.pk), typed(form, width="99,5", height="40"))
    work.refresh_from_db()
    assert (work.width, work.height) == (Decimal("99.5"), 40)
    answer = staff.post(page("work_change", work.pk), typed(form, height="0"))
    assert errors(answer)["height"] == ["Sıfırdan büyük bir sayı yazın."]


def test_the_same_work_twice_in_one_table_is_said_in_one_sentence(staff):
    exhibition, work = make.exhibition(), make.work()
    address = page("work_change", work.pk)
    row = {"exhibition": exhibition.pk}
    data = added(typed(staff.get(address)), "showings", row, row)
    answer = staff.post(address, data)
    assert "Tabloda zaten var: iki satırdan birini silin." in answer.content.decode()
    assert "kopya" not in answer.content.decode()
    assert not exhibition.showings.exists()


NAMED = "Zeynep Kardelenoğlu"


REFUSED = "rızası yok: Zeynep Kardelenoğlu"


@pytest.fixture
def unnamed():
    """A trainee without consent, with a seat in a course and a work beside the one of her class."""
    who = make.trainee(*NAMED.split())
    course = make.course()
    make.enrolment(who, course)
    make.consent(who, Purpose.NAME_WEB, False)
    work = make.work("Oya", [who], course=course, centre=course.centre)
    of_class = make.work("Yazma", ["3-B Sınıfı"], course=course, centre=course.centre)
    exhibition = make.exhibition(works=[work, of_class])
    return work, of_class, exhibition


def refusal_of(staff, name, row, **values):
    """What the admin's form says above or at its fields when this is typed into it."""
    address = page(name, row.pk)
    answer = staff.post(address, typed(staff.get(address), **values))
    if answer.status_code == 302:
        return {}
    return errors(answer)


def test_a_name_typed_into_a_text_of_an_approved_work_is_refused_at_its_field(staff, unnamed):
    work, of_class, _exhibition = unnamed
    turned = "KARDELENOĞLU Zeynep yaptı"
    for row, text in (
        (work, "Kardelenoğlu’nun oyası"),
        (of_class, f"{NAMED} yaptı"),
        (of_class, turned),
    ):
        for name in ("title", "text", "materials_en"):
            told = refusal_of(staff, "work_change", row, **{name: text})
            assert REFUSED in told[name][0], (row, name)
        assert refusal_of(staff, "work_change", row, text="Mavi oya") == {}
        row.refresh_from_db()
        assert (row.title, row.text) == (str(row).partition(" (")[0], "Mavi oya")


def test_a_group_is_called_like_nobody(staff, unnamed):
    _work, of_class, _exhibition = unnamed
    told = refusal_of(staff, "work_change", of_class, makers__0__group_name=NAMED)
    assert "grup" in told[""][0] and REFUSED in told[""][0]
    stranger = make.trainee("Nevbahar", "Kırkpınarlı")
    told = refusal_of(staff, "work_change", of_class, makers__0__group_name=str(stranger))
    assert "rızası yok: Nevbahar Kırkpınarlı" in told[""][0]
    assert of_class.makers.get().group_name == "3-B Sınıfı"
    assert refusal_of(staff, "work_change", of_class, makers__0__group_name="Veliler") == {}


def test_a_name_in_a_text_of_a_public_exhibition_is_refused(staff, unnamed):
    _work, _of_class, exhibition = unnamed
    for name in ("title", "text", "text_en", "date_note", "access", "entry"):
        told = refusal_of(staff, "exhibition_change", exhibition, **{name: f"Ustamız {NAMED}"})
        assert REFUSED in told[name][0], name
    assert refusal_of(staff, "exhibition_change", exhibition, text="Oyalar") == {}


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("guests", "name"),
        ("guests", "office"),
        ("partners", "name"),
        ("partners", "role"),
        ("partners", "role_en"),
    ],
)
def test_neither_guests_nor_partners_name_somebody_without_consent(staff, unnamed, table, name):
    exhibition = unnamed[2]
    address = page("exhibition_change", exhibition.pk)
    data = added(shown(staff.get(address)), table, {"name": "Biri", name: NAMED})
    told = errors(staff.post(address, data))[""][0]
    assert REFUSED in told and told.startswith({"guests": "konuk", "partners": "İş birliği"}[table])
    assert not getattr(exhibition, table).exists()


def test_a_guest_in_public_office_is_no_namesake_of_a_trainee(staff, unnamed):
    """The mayor is named, though a trainee is called like her without the second surname."""
    exhibition = unnamed[2]
    address = page("exhibition_change", exhibition.pk)
    mayor = {"name": f"{NAMED} Hürriyet", "office": "Başkan"}
    text = f"Sergiyi Başkan {NAMED} Hürriyet açtı."
    data = added(typed(staff.get(address), text=text), "guests", mayor)
    assert staff.post(address, data).status_code == 302
    told = refusal_of(staff, "exhibition_change", exhibition, text=f"{text} {NAMED} yaptı.")
    assert REFUSED in told["text"][0]


def test_a_name_at_a_photo_is_refused_wherever_it_is_typed(staff, unnamed):
    work, of_class, exhibition = unnamed
    centre = work.centre
    of = {
        "work": (of_class, "work_change"),
        "exhibition": (exhibition, "exhibition_change"),
        "centre": (centre, None),
    }
    for kind, (row, form) in of.items():
        photo = make.photo(**{kind: row})
        for name in ("alt", "caption", "credit"):
            told = refusal_of(staff, "photo_change", photo, **{name: f"{NAMED} dokurken"})
            assert REFUSED in told[name][0], (kind, name)
            if form:
                inline = {f"photos__0__{name}": f"{NAMED} dokurken"}
                told = refusal_of(staff, form, row, **inline)
                assert "fotoğraf" in told[""][0] and REFUSED in told[""][0]
        photo.refresh_from_db()
        assert NAMED not in photo.alt + photo.caption + photo.credit
        assert refusal_of(staff, "photo_change", photo, caption="Salon") == {}


def test_a_name_does_not_come_back_with_an_older_version(staff, unnamed):
    _work, of_class, _exhibition = unnamed
    of_class.title = f"{NAMED} yazması"
    of_class.save()
    of_class.title = "Yazma"
    of_class.save()
    old = of_class.history.get(title__contains=NAMED)
    answer = staff.post(page("work_restore", of_class.pk, old.pk), follow=True)
    assert REFUSED in answer.content.decode()
    of_class.refresh_from_db()
    assert of_class.title == "Yazma"


def test_a_work_whose_text_names_somebody_is_no_highlight(staff, unnamed):
    _work, of_class, exhibition = unnamed
    Work.objects.filter(pk=of_class.pk).update(title=f"{NAMED} yazması")
    address = page("showing_changelist") + f"?exhibition__id__exact={exhibition.pk}&year=all"
    rows = shown(staff.get(address)) | {"_save": "Kaydet", "form-1-highlight": "on"}
    answer = staff.post(address, rows, follow=True)
    assert REFUSED in answer.content.decode()
    assert not exhibition.showings.filter(highlight=True).exists()
    data = shown(staff.get(page("work_change", of_class.pk)))
    answer = staff.post(page("work_change", of_class.pk), data | {"showings-0-highlight": "on"})
    assert REFUSED in answer.content.decode()
    assert not exhibition.showings.filter(highlight=True).exists()


def test_centre_year_and_technique_come_from_the_course(staff):
    course = make.course(programme=make.programme("İğne Oyası"))
    data = typed(staff.get(page("work_add")), title="Karanfil", course=course.pk)
    answer = staff.post(page("work_add"), data)
    assert answer.status_code == 302, errors(answer)
    work = Work.objects.get()
    assert (work.centre, work.year, work.technique.name) == (
        course.centre,
        course.term.year,
        "İğne Oyası",
    )


def test_what_no_course_tells_is_asked_for_at_its_field(staff):
    answer = staff.post(page("work_add"), typed(staff.get(page("work_add")), title="Karanfil"))
    assert sorted(errors(answer)) == ["centre", "technique", "year"]


def bomb():
    """A PNG whose header says 20,000 × 20,000 pixels."""
    data = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(data, "PNG")
    return data.getvalue()


def cut_off():
    whole = make.picture(1200, 900).read()
    return whole[: len(whole) // 3]


BAD = {
    "no photo": (lambda: b"Merhaba", "fotoğraf değil"),
    "truncated": (cut_off, "bozuk"),
    "400 megapixels": (bomb, "megapiksel"),
    "an SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_no_photo_is_refused_at_its_field_and_nothing_is_lost(
    staff, kind, django_capture_on_commit_callbacks
):
    content, words = BAD[kind]
    bad = SimpleUploadedFile("foto.jpg", content(), content_type="image/jpeg")
    data = added(
        work_data(staff, materials="ipek"),
        "photos",
        {"upload": bad, "alt": "Bozuk"},
        {"upload": make.picture(name="saglam.jpg"), "alt": "Sağlam"},
    )
    answer = staff.post(page("work_add"), data)
    assert list(errors(answer)) == ["photos-0-upload"]
    assert words in errors(answer)["photos-0-upload"][0]
    again = shown(answer)
    assert again["materials"] == "ipek"
    assert again["photos-0-alt"] == "Bozuk"
    assert "saglam.jpg" in answer.content.decode()
    # The good one is kept: only the bad one is chosen anew.
    chosen = {"photos-0-upload": make.picture(), "photos-0-alt": "İlk"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = staff.post(page("work_add"), again | chosen)
    assert answer.status_code == 302, errors(answer)
    assert [photo.alt for photo in Work.objects.get().photos.all()] == ["İlk", "Sağlam"]
    assert files("uploads") == []  # what was kept is used up


def test_an_upload_survives_a_mistake_elsewhere_in_the_form(staff):
    data = added(work_data(staff, title=""), "photos", {"upload": make.picture(), "alt": "Oya"})
    answer = staff.post(page("work_add"), data)
    assert list(errors(answer)) == ["title"]
    again = shown(answer)
    assert again["photos-0-upload-kept"]
    again = shown(staff.post(page("work_add"), again))  # and a second mistake
    answer = staff.post(page("work_add"), again | {"title": "Karanfil"})
    assert answer.status_code == 302, errors(answer)
    assert Work.objects.get().photos.get().alt == "Oya"


def test_a_forged_token_of_a_kept_upload_is_no_file(staff):
    data = added(work_data(staff), "photos", {"upload-kept": "photos/x/master.jpg", "alt": "Oya"})
    assert list(errors(staff.post(page("work_add"), data))) == ["photos-0-upload"]


def test_a_work_has_at_most_six_photos(staff):
    rows = [{"upload": make.picture(), "alt": f"Foto {n}"} for n in range(7)]
    answer = staff.post(page("work_add"), added(work_data(staff), "photos", *rows))
    assert "photos" in errors(answer)
    assert not Work.objects.exists()


def test_a_work_that_has_more_photos_than_it_may_is_still_saved_and_gets_no_more(staff):
    work = make.work()
    for _one in range(7):
        make.photo(work=work)
    data = shown(staff.get(page("work_change", work.pk)))
    row = {"upload": make.picture(), "alt": "Oya"}
    assert "photos" in errors(staff.post(page("work_change", work.pk), added(data, "photos", row)))
    answer = staff.post(page("work_change", work.pk), data | {"title": "Kilim"})
    assert answer.status_code == 302, errors(answer)


def test_a_decorative_photo_has_no_description(staff):
    row = {"upload": make.picture(), "alt": "Oya", "decorative": "on"}
    answer = staff.post(page("work_add"), added(work_data(staff), "photos", row))
    assert "Süs amaçlı fotoğrafın betimlemesi olmaz." in str(errors(answer))


def photographed(boss, **fields):
    work = make.work()
    return work, services.add_photo(upload=make.picture(), work=work, by=boss, **fields)


def test_a_photo_is_described_recut_and_deleted_with_its_files(
    staff, boss, django_capture_on_commit_callbacks
):
    work, photo = photographed(boss)
    with default_storage.open(f"{photo.folder}/share.jpg") as file:
        before = file.read()
    young = make.minor()
    form = staff.get(page("work_change", work.pk))
    data = typed(form, photos__0__alt="Mavi oya", photos__0__focal_point="t")
    with django_capture_on_commit_callbacks(execute=True):
        answer = staff.post(
            page("work_change", work.pk), data | {"photos-0-recognised": [young.pk]}
        )
    assert answer.status_code == 302, errors(answer)
    photo.refresh_from_db()
    assert (photo.alt, photo.focal_point, photo.people) == ("Mavi oya", "t", "trainees")
    assert list(photo.trainees.all()) == [young]
    with default_storage.open(f"{photo.folder}/share.jpg") as file:
        assert file.read() != before
    form = staff.get(page("work_change", work.pk))
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(page("work_change", work.pk), shown(form) | {"photos-0-DELETE": "on"})
    assert not Photo.objects.exists()
    assert files() == []


def test_photos_that_want_a_description_are_found_in_their_list(staff, boss):
    _work, photo = photographed(boss)
    _other, _described = photographed(boss, alt="Kırmızı kilim")
    rows = staff.get(page("photo_changelist"), {"described": "no"}).context["cl"].result_list
    assert list(rows) == [photo]
    form = staff.get(page("photo_change", photo.pk))
    assert staff.post(page("photo_change", photo.pk), typed(form, alt="Oya")).status_code == 302
    photo.refresh_from_db()
    assert photo.alt == "Oya"


def test_a_centre_has_photos_too(client):
    client.force_login(make.user("yonetici"))
    centre = make.centre()
    address = reverse("admin:courses_coursecentre_change", args=[centre.pk])
    photo = {"upload": make.picture(), "alt": "Bina"}
    asked = client.post(address, added(shown(client.get(address)), "photos", photo))
    assert list(errors(asked)) == ["photos-0-people"]
    answer = client.post(address, typed(asked, **{"photos-0-people": "nobody"}))
    assert answer.status_code == 302, errors(answer)
    assert centre.photos.get().alt == "Bina"


def test_published_it_is_public_and_before_it_is_not(staff, boss, client):
    work, _photo = photographed(boss, alt="Oya")
    exhibition = make.exhibition(state="draft", works=[work])
    public = exhibition.get_absolute_url()
    assert client.get(public).status_code == 404 or staff.session  # staff may see drafts
    answer = staff.post(
        page("exhibition_act", exhibition.pk, "publish"),
        {"publish_from_0": "", "publish_from_1": ""},
    )
    assert answer.status_code == 302, errors(answer)
    exhibition.refresh_from_db()
    assert exhibition.state == "published"
    change = staff.get(page("exhibition_change", exhibition.pk)).content.decode()
    assert f'href="{public}"' in change  # view on site
    staff.post(page("exhibition_act", exhibition.pk, "unpublish"))
    exhibition.refresh_from_db()
    assert exhibition.state == "draft"
    change = staff.get(page("exhibition_change", exhibition.pk)).content.decode()
    assert f'href="{public}"' not in change


def test_published_from_a_moment_on(staff):
    exhibition = make.exhibition(state="draft")
    moment = timezone.localtime() + timedelta(days=3)
    staff.post(
        page("exhibition_act", exhibition.pk, "publish"),
        {"publish_from_0": f"{moment:%d.%m.%Y}", "publish_from_1": "09:00"},
    )
    exhibition.refresh_from_db()
    assert timezone.localtime(exhibition.publish_from).hour == 9
    assert not Exhibition.objects.public().filter(pk=exhibition.pk).exists()


def buttons(client, exhibition):
    answer = client.get(page("exhibition_change", exhibition.pk))
    desk = answer.context["desk"]
    acts = [desk["next"], *desk["acts"], *desk["dangers"]]
    return [str(act["label"]) for act in acts if act]


def test_the_hour_of_publication_lies_ahead_and_before_the_end(staff):
    def at(moment, exhibition):
        parts = {"publish_from_0": f"{moment:%d.%m.%Y}", "publish_from_1": "09:00"}
        answer = staff.post(page("exhibition_act", exhibition.pk, "publish"), parts)
        exhibition.refresh_from_db()
        return errors(answer) if answer.status_code == 200 else {}

    exhibition = make.exhibition(state="draft")
    now = timezone.localtime()
    assert "publish_from" in at(now + timedelta(days=11), exhibition)
    assert exhibition.state == "draft"
    assert at(now + timedelta(days=3), exhibition) == {}
    assert at(now + timedelta(days=2), exhibition) == {}  # it waits for another hour
    assert "Ertele" not in buttons(staff, exhibition)  # nobody sees it yet
    assert list(errors(staff.post(
        page("exhibition_act", exhibition.pk, "postpone"), {"reason": "Kar"}
    ))) == [""]  # fmt: skip
    public = make.exhibition()
    assert "Yayımla" not in buttons(staff, public)
    assert "publish_from" in at(now + timedelta(days=3), public)
    assert Exhibition.objects.public().get() == public


def test_what_was_public_is_deleted_as_a_draft_alone(staff):
    exhibition = make.exhibition()
    exhibition.centres.add(make.centre())
    delete = page("exhibition_delete", exhibition.pk)
    assert staff.post(delete, {"post": "yes"}).status_code == 403
    staff.post(page("exhibition_act", exhibition.pk, "unpublish"))
    asked = staff.get(delete).content.decode()
    assert "object (" not in asked
    staff.post(delete, {"post": "yes"})
    gone = Exhibition.history.get(history_type="-")
    staff.post(page("exhibition_undelete", gone.history_id))
    assert Exhibition.objects.get().state == "draft"


def test_a_day_with_other_hours_is_one_of_its_days(staff):
    exhibition = make.exhibition()
    address = page("exhibition_change", exhibition.pk)
    outside = exhibition.end + timedelta(days=1)
    data = added(shown(staff.get(address)), "days", {"date": f"{outside:%d.%m.%Y}"})
    assert list(errors(staff.post(address, data))) == ["days-0-date"]


@pytest.mark.parametrize("missing", ["opens_at", "closes_at"])
def test_a_day_with_other_hours_has_both_or_none(staff, missing):
    exhibition = make.exhibition()
    address = page("exhibition_change", exhibition.pk)
    day = {"date": f"{exhibition.begin:%d.%m.%Y}", "opens_at": "10.00", "closes_at": "17.00"}
    data = added(shown(staff.get(address)), "days", {**day, missing: ""})
    assert list(errors(staff.post(address, data))) == [f"days-0-{missing}"]
    with pytest.raises(IntegrityError), transaction.atomic():
        hours = {"opens_at": "10:00", "closes_at": "17:00", missing: None}
        exhibition.days.create(date=exhibition.begin, **hours)
    assert not exhibition.days.exists()


def test_a_withdrawal_is_taken_back(staff):
    work = make.work(makers=["3-B"])
    exhibition = make.exhibition(works=[work])
    staff.post(page("work_act", work.pk, "withdraw"), {"reason": "Yanlış eser"})
    history = staff.get(page("work_history", work.pk)).content.decode()
    assert "Bu sürüme dön" not in history  # nothing that is typed has changed
    staff.post(page("work_act", work.pk, "readmit"))
    work.refresh_from_db()
    assert (work.state, work.state_note) == ("submitted", "")
    assert staff.get(work.get_absolute_url()).status_code == 404
    staff.post(page("work_act", work.pk, "approve"), {"exhibition": exhibition.pk})
    assert staff.get(work.get_absolute_url()).status_code == 200


def test_a_work_that_is_put_back_into_an_exhibition_is_approved_anew(staff, boss):
    """Its approval ended with the withdrawal, whatever is brought back of the older place."""
    work = make.work("Oya", ["3-B"])
    exhibition = make.exhibition(works=[work])
    place = exhibition.showings.get()
    staff.post(page("showing_delete", place.pk), {"post": "yes"})
    services.withdraw_work(work=work, reason="Geri istedi", by=boss)
    services.readmit_work(work=work, by=boss)
    services.approve_work(work=work, exhibition=make.exhibition(), by=boss)
    deleted = Showing.history.get(history_type="-").pk
    doors = (
        page("showing_undelete", deleted),
        page("work_restore_row", work.pk, "showing", deleted),
    )
    for door in doors:
        staff.post(door)
        assert exhibition.showings.get().approved_at is None, door
        exhibition.showings.all().delete()


def test_the_list_tells_a_closed_day(staff):
    today = timezone.localdate()
    exhibition = make.exhibition()
    assert "Bugün açık" in staff.get(page("exhibition_changelist")).content.decode()
    exhibition.days.create(date=today)
    shown = staff.get(page("exhibition_changelist")).content.decode()
    assert "Bugün kapalı" in shown and "Bugün açık" not in shown


def test_a_search_looks_in_all_years(staff):
    last_year = make.year(timezone.localdate() - timedelta(days=400))
    make.year()
    old = make.work("Eski kilim", year=last_year)
    now = make.exhibition("Süren Sergi", year=last_year)

    def found(name, **query):
        rows = staff.get(page(f"{name}_changelist"), query).context["cl"].result_list
        return list(rows)

    assert found("work") == []
    assert found("work", q="kilim") == [old]
    assert found("work", q=old.number) == [old]
    assert found("exhibition") == [now]  # it lasts in this year


def test_a_photo_without_description_keeps_an_exhibition_from_the_site(staff, boss):
    work, _photo = photographed(boss)
    exhibition = make.exhibition(state="draft", works=[work])
    answer = staff.post(
        page("exhibition_act", exhibition.pk, "publish"),
        {"publish_from_0": "", "publish_from_1": ""},
    )
    assert "betimlemesi yok" in str(errors(answer))


def test_what_is_missing_to_publish_is_said(staff):
    exhibition = make.exhibition(state="draft", venue="")
    answer = staff.post(
        page("exhibition_act", exhibition.pk, "publish"),
        {"publish_from_0": "", "publish_from_1": ""},
    )
    assert "Sergi yerini girin." in str(errors(answer))


@pytest.mark.parametrize(("act", "state"), [("postpone", "postponed"), ("cancel", "cancelled")])
def test_postponed_and_cancelled_with_a_reason(staff, act, state):
    exhibition = make.exhibition()
    address = page("exhibition_act", exhibition.pk, act)
    assert list(errors(staff.post(address, {"reason": ""}))) == ["reason"]
    staff.post(address, {"reason": "Kar yağışı"})
    exhibition.refresh_from_db()
    assert (exhibition.state, exhibition.state_reason) == (state, "Kar yağışı")


def test_a_postponed_exhibition_with_new_dates_announces_them(staff, client):
    exhibition = make.exhibition()
    services.postpone_exhibition(exhibition=exhibition, reason="Kar yağışı", by=None)
    told = "ertelendi; bu günlerde açılmıyor"
    assert told in client.get(exhibition.get_absolute_url()).content.decode()
    assert refusal_of(staff, "exhibition_change", exhibition, entry="Ücretsiz") == {}
    exhibition.refresh_from_db()
    assert exhibition.state == "postponed"
    begin, end = exhibition.begin + timedelta(days=30), exhibition.end + timedelta(days=30)
    moved = {"begin": f"{begin:%d.%m.%Y}", "end": f"{end:%d.%m.%Y}"}
    assert refusal_of(staff, "exhibition_change", exhibition, **moved) == {}
    exhibition.refresh_from_db()
    assert (exhibition.state, exhibition.begin) == ("published", begin)
    public = client.get(exhibition.get_absolute_url()).content.decode()
    assert told not in public
    assert f"Şimdi bu günlerde açılıyor: {exhibition.dates}." in public and "Kar yağışı" in public
    assert "EventRescheduled" in public


def test_a_guest_of_a_postponed_exhibition_is_restored(staff, boss):
    exhibition = make.exhibition()
    guest = exhibition.guests.create(name="Gül Şen")
    guest.name = "Gül Şan"
    guest.save()
    services.postpone_exhibition(exhibition=exhibition, reason="Kar", by=boss)
    old = guest.history.earliest()
    staff.post(page("exhibition_restore_row", exhibition.pk, "guest", old.pk))
    guest.refresh_from_db()
    assert guest.name == "Gül Şen"


def test_what_hangs_on_a_day_moves_with_the_dates(staff):
    exhibition = make.exhibition()
    late = f"{exhibition.end + timedelta(days=1):%d.%m.%Y}"
    ceremony = {"opening_at_0": late, "opening_at_1": "10:00"}
    assert list(refusal_of(staff, "exhibition_change", exhibition, **ceremony)) == ["opening_at"]
    ceremony["opening_at_0"] = f"{exhibition.end:%d.%m.%Y}"
    assert refusal_of(staff, "exhibition_change", exhibition, **ceremony) == {}
    sooner = {"end": f"{exhibition.end - timedelta(days=1):%d.%m.%Y}"}
    told = refusal_of(staff, "exhibition_change", exhibition, **sooner)
    assert "Açılış töreni" in told["opening_at"][0]
    exhibition.refresh_from_db()
    exhibition.opening_at = None
    exhibition.publish_from = timezone.now() + timedelta(days=8)
    exhibition.save()
    sooner = {"end": f"{timezone.localdate() + timedelta(days=7):%d.%m.%Y}"}
    assert list(refusal_of(staff, "exhibition_change", exhibition, **sooner)) == ["end"]


def test_a_day_with_other_hours_goes_with_an_early_end(staff):
    exhibition = make.exhibition()
    today = timezone.localdate()
    days = [exhibition.days.create(date=today + timedelta(days=n)) for n in (0, 2)]
    address = page("exhibition_act", exhibition.pk, "close_early")
    shown_before = staff.get(address).content.decode()
    assert formats.date_format(days[1].date) in shown_before
    staff.post(address, {"last_day": f"{today:%d.%m.%Y}", "note": ""})
    assert list(exhibition.days.all()) == days[:1]
    other = make.exhibition(opening_at=timezone.now() + timedelta(days=3))
    answer = staff.post(
        page("exhibition_act", other.pk, "close_early"), {"last_day": f"{today:%d.%m.%Y}"}
    )
    assert "Açılış töreni" in errors(answer)["last_day"][0]

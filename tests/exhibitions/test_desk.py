"""The curator's desk: answering, the visitor book, the order of works, many photos, the preview."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from exhibitions import previews, services
from exhibitions.enums import EnquiryState, NoteState
from exhibitions.models import Enquiry, Showing, VisitorNote
from izmek.accounts.roles import Role
from izmek.models import Letter
from tests import factories as make
from tests.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def page(name, *args):
    return reverse(f"admin:exhibitions_{name}", args=args)


@pytest.fixture
def curator(client):
    client.force_login(make.user("sergi-sorumlusu"))
    return client


# --- Who may ----------------------------------------------------------------------------------

ROLES = (None, Role.MANAGER, Role.OFFICER, Role.TEACHER, Role.CURATOR, Role.AUDITOR)
MAY = {
    # address: status for anonymous, manager, officer, teacher, curator, auditor
    "enquiry_act here answer": (302, 200, 200, 403, 200, 403),
    "enquiry_act here route": (302, 200, 200, 403, 200, 403),
    "enquiry_act here close": (302, 200, 200, 403, 200, 403),
    "enquiry_act there answer": (302, 200, 404, 403, 200, 403),
    "enquiry_change here": (302, 200, 200, 403, 200, 200),
    "visitornote_act note show": (302, 200, 403, 403, 200, 403),
    "exhibition_order exhibition": (302, 200, 403, 403, 200, 403),
    "exhibition_preview exhibition": (302, 200, 403, 403, 200, 403),
    "exhibition_photos exhibition": (302, 200, 403, 403, 200, 403),
    "exhibition_act exhibition close_early": (302, 200, 403, 403, 200, 403),
    "work_photos work": (302, 200, 403, 403, 200, 403),
}


def test_who_may_open_what(client):
    here, there = make.centre(), make.centre()
    work = make.work(centre=here)
    exhibition = make.exhibition(works=[work])
    keys = {
        "here": ask(work).pk,
        "there": ask(make.work(centre=there)).pk,
        "note": VisitorNote.objects.create(exhibition=exhibition, text="Güzel").pk,
        "exhibition": exhibition.pk,
        "work": work.pk,
    }
    users = {role: make.user(role, centres=[here]) for role in ROLES if role}
    users[Role.TEACHER] = make.teacher(with_user=True).user
    found = {}
    for row in MAY:
        name, key, *act = row.split()
        found[row] = []
        for role in ROLES:
            visitor = Client()
            if role:
                visitor.force_login(users[role])
            found[row].append(visitor.get(page(name, keys[key], *act)).status_code)
    assert {row: tuple(statuses) for row, statuses in found.items()} == MAY


# --- Enquiries --------------------------------------------------------------------------------


def ask(work, **fields):
    fields = {"kind": "question", "name": "Ayşe", "email": "a@example.org", **fields}
    return services.ask(work=work, message="Satılık mı?", **fields)


def test_an_officer_answers_from_the_admin(client):
    here = make.centre()
    client.force_login(make.user("merkez-sorumlusu", centres=[here]))
    enquiry = ask(make.work(centre=here))
    address = page("enquiry_act", enquiry.pk, "answer")
    assert "Satılık mı?" in client.get(address).content.decode()
    assert client.post(address, {"answer": "Evet."}).status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.answer) == (EnquiryState.ANSWERED, "Evet.")
    again = client.post(address, {"answer": "Hayır."})
    assert again.context["errors"]
    assert Letter.objects.filter(kind="enquiry_answer").count() == 1


def test_an_enquiry_goes_to_another_centre(client):
    here, there = make.centre(), make.centre()
    client.force_login(make.user("merkez-sorumlusu", centres=[here]))
    make.user("merkez-sorumlusu", centres=[there], email="oteki@example.org")
    enquiry = ask(make.work(centre=here))
    answer = client.post(page("enquiry_act", enquiry.pk, "route"), {"centre": there.pk})
    assert answer["Location"] == page("enquiry_changelist")
    assert Letter.objects.filter(to="oteki@example.org", kind="enquiry_new").exists()
    assert client.get(page("enquiry_change", enquiry.pk)).status_code == 404


def test_who_only_looks_does_not_see_how_to_reach_her(client):
    client.force_login(make.user("denetci"))
    enquiry = ask(make.work())
    assert "a@example.org" not in client.get(page("enquiry_change", enquiry.pk)).content.decode()


def test_a_late_request_stands_out_in_the_list_and_on_the_first_page(curator):
    late = ask(make.work(), kind="privacy")
    Enquiry.objects.filter(pk=late.pk).update(answer_by=timezone.localdate() - timedelta(days=2))
    ask(make.work())
    make.exhibition().notes.create(text="Güzel")
    told = curator.get(page("enquiry_changelist")).content.decode()
    assert told.count('class="overdue"') == 1
    answer = curator.get(page("enquiry_changelist"), {"deadline": "over"})
    assert [row.pk for row in answer.context["cl"].result_list] == [late.pk]
    lines = curator.get(reverse("admin:index")).context["waiting"]
    counts = {line["url"].split("?")[0]: line["count"] for line in lines[1:]}
    assert (lines[0]["urgent"], lines[0]["count"]) == (True, 1)
    assert counts[page("enquiry_changelist")] == 2
    assert counts[page("visitornote_changelist")] == 1


# --- The visitor book -------------------------------------------------------------------------


def test_notes_are_shown_and_refused_in_one_go(curator):
    exhibition = make.exhibition()
    notes = [exhibition.notes.create(text=f"Satır {number}") for number in range(3)]
    data = {"action": "show_selected", "_selected_action": [notes[0].pk, notes[1].pk]}
    assert curator.post(page("visitornote_changelist"), data).status_code == 200  # asks first
    curator.post(page("visitornote_changelist"), data | {"apply": "yes"})
    assert exhibition.notes.shown().count() == 2
    curator.post(page("visitornote_act", notes[0].pk, "refuse"))
    notes[0].refresh_from_db()
    assert notes[0].state == NoteState.REFUSED


# --- The order of the works -------------------------------------------------------------------


@pytest.fixture
def hung():
    """An exhibition with works A to D in this order, and their showings."""
    exhibition = make.exhibition(works=[make.work(title) for title in "ABCD"])
    return exhibition, {row.work.title: row for row in exhibition.showings.select_related("work")}


def order_of(exhibition):
    return "".join(
        exhibition.showings.order_by("order", "pk").values_list("work__title", flat=True)
    )


@pytest.mark.parametrize(
    ("moves", "order"),
    [
        ("B up", "BACD"),
        ("A up", "ABCD"),
        ("D down", "ABCD"),
        ("B down", "ACBD"),
        ("C first", "CABD"),
        ("A last", "BCDA"),
        ("D up, D up, A down, B first", "BDAC"),
        ("D first, C first, B first, A first, D first, C first, B first, A first", "ABCD"),
        ("A down, A down, A down, A up, A up, A up, D up", "ABDC"),
    ],
)
def test_buttons_move_a_work(curator, hung, moves, order):
    exhibition, rows = hung
    for step in moves.split(", "):
        title, move = step.split()
        answer = curator.post(page("exhibition_order", exhibition.pk), {move: rows[title].pk})
        assert answer["Location"].endswith(f"#{move}-{rows[title].pk}")
    assert order_of(exhibition) == order


def drop(client, exhibition, work, **where):
    data = {"work": work.pk} | {name: row.pk for name, row in where.items()}
    address = page("exhibition_order", exhibition.pk)
    return client.post(address, data, headers={"Accept": "application/json"})


def test_a_row_is_dropped_between_others(curator, hung):
    exhibition, rows = hung
    assert drop(curator, exhibition, rows["D"], before=rows["B"]).json() == {"place": 2}
    assert order_of(exhibition) == "ADBC"
    assert drop(curator, exhibition, rows["A"], after=rows["C"]).json() == {"place": 4}
    assert order_of(exhibition) == "DBCA"
    elsewhere = make.show(make.work(), make.exhibition())
    assert drop(curator, exhibition, elsewhere, before=rows["B"]).status_code == 404
    elsewhere.exhibition_id = exhibition.pk
    refused("gone", services.place_showing, showing=elsewhere, before=None, by=None)


@pytest.mark.parametrize("move", ["first", "up", "down", "last"])
def test_a_work_that_was_removed_meanwhile_is_not_moved(hung, move):
    exhibition, rows = hung
    Showing.objects.filter(pk=rows["C"].pk).delete()
    refused("gone", services.move_showing, showing=rows["C"], move=move, by=None)
    assert order_of(exhibition) == "ABD"


def test_a_drop_beside_a_row_that_was_removed_is_answered_in_a_sentence(curator, hung):
    exhibition, rows = hung
    gone = rows["C"]
    Showing.objects.filter(pk=gone.pk).delete()
    for dropped in ({"work": rows["A"], "before": gone}, {"work": gone, "before": rows["A"]}):
        answer = drop(curator, exhibition, dropped.pop("work"), **dropped)
        assert answer.status_code == 409
        assert "değişti" in answer.json()["problem"]
    told = curator.get(page("exhibition_order", exhibition.pk)).content.decode()
    assert "değişti" in told  # the script loads the page anew
    assert order_of(exhibition) == "ABD"
    plain = curator.post(page("exhibition_order", exhibition.pk), {"up": gone.pk}, follow=True)
    assert plain.status_code == 200 and "değişti" in plain.content.decode()


def test_one_move_writes_one_row_until_there_is_no_room(curator, hung):
    exhibition, rows = hung
    curator.post(page("exhibition_order", exhibition.pk), {"up": rows["D"].pk})
    changed = [row.order for row in exhibition.showings.order_by("pk")]
    assert changed == [10, 20, 30, 25]


def test_the_page_of_the_order_asks_the_same_for_each_work(curator):
    def asked(count):
        works = [make.work(makers=[make.trainee(last_name=f"S{n}")]) for n in range(count)]
        exhibition = make.exhibition(works=works)
        with CaptureQueriesContext(connection) as queries:
            assert curator.get(page("exhibition_order", exhibition.pk)).status_code == 200
        return len(queries)

    asked(1)
    assert asked(1) == asked(3)


# --- Photos -----------------------------------------------------------------------------------


def test_a_bad_file_is_named_and_the_others_are_kept(curator):
    exhibition = make.exhibition()
    files = [
        make.picture(name="bir.jpg"),
        SimpleUploadedFile("tatil.jpg", b"not a photo", content_type="image/jpeg"),
        make.picture(name="iki.jpg"),
    ]
    answer = curator.post(page("exhibition_photos", exhibition.pk), {"photos": files}, follow=True)
    assert [photo.order for photo in exhibition.photos.all()] == [0, 2]
    told = [str(message) for message in answer.context["messages"]]
    assert len(told) == 2
    assert told[1].startswith("tatil.jpg: ")


def test_an_empty_file_among_several_is_named_and_the_others_are_kept(curator):
    exhibition = make.exhibition()
    files = [make.picture(620, 620, name=f"{number}.jpg") for number in range(7)]
    files[2] = SimpleUploadedFile("bos.jpg", b"", content_type="image/jpeg")
    answer = curator.post(page("exhibition_photos", exhibition.pk), {"photos": files}, follow=True)
    assert exhibition.photos.count() == 6
    told = [str(message) for message in answer.context["messages"]]
    assert told[1].startswith("bos.jpg: Bu dosya boş")


def test_a_work_takes_no_more_photos_than_it_may_have(curator):
    work = make.work()
    make.photo(work=work, order=4)
    files = [make.picture(620, 620, name=f"{number}.jpg") for number in range(6)]
    answer = curator.post(page("work_photos", work.pk), {"photos": files}, follow=True)
    assert work.photos.count() == 6
    assert "5.jpg" in str(list(answer.context["messages"])[1])
    assert curator.post(page("work_photos", work.pk)).context["errors"]


def test_works_whose_photos_want_words_are_found(curator):
    described, silent, bare = (make.work(title) for title in ("Bir", "İki", "Üç"))
    make.photo(work=described)
    make.photo(work=silent, alt="")

    def found(value):
        answer = curator.get(page("work_changelist"), {"photos": value, "year": "all"})
        return list(answer.context["cl"].result_list)

    assert found("undescribed") == [silent]
    assert found("none") == [bare]


# --- The preview ------------------------------------------------------------------------------


@pytest.fixture
def draft():
    """A draft with an approved work, one that waits, and a photo of each."""
    willing, waiting = make.work("Karanfil"), make.work("Bekleyen", state="submitted")
    exhibition = make.exhibition("Gizli Sergi", works=[willing], state="draft")
    make.show(waiting, exhibition, approved_at=None)
    make.photo(files=True, work=willing)
    make.photo(files=True, work=waiting)
    return exhibition


def link_to(client, exhibition):
    return client.get(page("exhibition_preview", exhibition.pk)).context["link"]


def test_a_link_shows_the_draft_to_who_has_no_account(curator, draft):
    # The same work elsewhere stands in the preview once, in this exhibition's order.
    make.exhibition(works=[draft.showings.get(approved_at__isnull=False).work])
    link = link_to(curator, draft)
    visitor = Client()
    answer = visitor.get(link)
    told = answer.content.decode()
    assert "Gizli Sergi" in told
    assert told.count("Karanfil</h3>") == 1
    assert "Bekleyen" not in told
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    shown, hidden = (row.work.photos.get() for row in draft.showings.order_by("pk"))
    address = f"{link}gorsel/{shown.pk.hex}/240.webp".replace("http://testserver", "")
    assert address in told
    picture = visitor.get(address)
    assert picture.status_code == 200
    assert "no-store" in picture["Cache-Control"]
    assert visitor.get(address.replace(shown.pk.hex, hidden.pk.hex)).status_code == 404
    assert visitor.get(address.replace("240.webp", "master.jpg")).status_code == 404


def test_a_photo_of_someone_who_does_not_agree_is_not_previewed(curator, draft):
    photo = draft.photos.create(width=620, height=620, alt="Grup", people="trainees")
    photo.trainees.add(make.trainee())
    link = link_to(curator, draft)
    assert photo.pk.hex not in Client().get(link).content.decode()
    assert Client().get(f"{link}gorsel/{photo.pk.hex}/240.webp").status_code == 404


def test_a_link_ends(curator, draft, monkeypatch):
    link = link_to(curator, draft)
    draft.title_en = "Secret"
    draft.save()
    assert Client().get(link).status_code == 200
    assert Client().get(link.replace("onizleme/", "onizleme/9")).status_code == 404
    with monkeypatch.context() as later:
        later.setattr(previews, "LASTS", timedelta(seconds=-1))
        assert Client().get(link).status_code == 410
    draft.showings.filter(approved_at=None).delete()
    tomorrow = timezone.now() + timedelta(days=1)
    services.publish_exhibition(exhibition=draft, publish_from=tomorrow, by=None)
    assert Client().get(link).status_code == 200  # nobody else sees it yet
    services.publish_exhibition(exhibition=draft, by=None)
    assert Client().get(link).status_code == 410
    services.unpublish_exhibition(exhibition=draft, by=None)
    assert Client().get(link).status_code == 410
    assert Client().get(link_to(curator, draft)).status_code == 200


# --- Closing early ----------------------------------------------------------------------------


def test_an_exhibition_closes_before_its_time(curator):
    exhibition = make.exhibition()
    today = timezone.localdate()
    address = page("exhibition_act", exhibition.pk, "close_early")
    late = curator.post(address, {"last_day": f"{exhibition.end:%d.%m.%Y}"})
    assert "last_day" in late.context["errors"]
    curator.post(address, {"last_day": f"{today:%d.%m.%Y}", "note": "Salon gerekti."})
    exhibition.refresh_from_db()
    assert (exhibition.end, exhibition.date_note) == (today, "Salon gerekti.")
    draft = make.exhibition(state="draft")
    refused(
        "state",
        services.close_exhibition_early,
        exhibition=draft,
        last_day=today,
        note="",
        by=None,
    )

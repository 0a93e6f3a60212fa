"""The search in the header of the admin: what it finds, for whom, and what it costs."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from izmek.models import AccessLog
from tests import factories as make
from trainees import services
from trainees.models import Application, Guardian

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NUMBER = "10000000146"
PAGE = reverse("admin:search")


def person(who):
    return reverse("admin:trainees_trainee_desk", args=[who.pk])


def applied(course, first_name="Ayşe", last_name="Işık", **fields):
    facts = {"phone": "+905321112233", "birth_year": 1990, "reference": "K7RC-3VTD-MZ4P", **fields}
    return Application.objects.create(
        course=course, first_name=first_name, last_name=last_name, **facts
    )


@pytest.fixture
def manager(client):
    client.force_login(make.user("yonetici"))
    return client


def find(client, text):
    """The answer of the box, as a browser follows it."""
    return client.post(PAGE, {"q": text}, follow=True)


def went(client, text):
    """The addresses to which the box led."""
    return [address for address, _status in find(client, text).redirect_chain]


def found(client, text):
    """{kind: titles} of what stands on the page."""
    groups = find(client, text).context["groups"]
    return {str(group.label): [hit.title for hit in group.best] for group in groups}


def test_the_box_stands_on_every_page_of_the_admin(manager):
    for address in (reverse("admin:index"), reverse("admin:courses_course_changelist"), PAGE):
        assert 'id="header-search"' in manager.get(address).content.decode()


def test_half_a_name_without_dots_finds_everything_of_that_name(manager):
    oya = make.course(programme=make.programme("İğne Oyası"), centre=make.centre("Akmeşe Merkezi"))
    make.work("Karanfil", number="2023-0142")
    make.trainee("İğdem", "Oyal")
    applied(oya, "Çiğnem", "Oyacı")
    assert found(manager, "igne oy") == {
        "Kurslar": ["İğne Oyası – Akmeşe Merkezi"],
        "Ön kayıtlar": ["Çiğnem Oyacı"],
        "Eserler": ["Karanfil"],
    }
    assert found(manager, "AKMEŞE MERKEZİ") == {
        "Kurslar": ["İğne Oyası – Akmeşe Merkezi"],
        "Kurs merkezleri": ["Akmeşe Merkezi"],
    }


def test_a_line_tells_one_person_from_another(manager):
    zeynep = make.trainee(neighbourhood=make.neighbourhood("Ambarcı"))
    make.enrolment(zeynep, make.course(programme=make.programme("Ebru")))
    text = find(manager, "yıldız").content.decode()
    for fact in ("Zeynep Yıldız", "1980", "Ambarcı", "Ebru", person(zeynep)):
        assert fact in text


def test_a_year_of_birth_or_digits_of_the_phone_tell_namesakes_apart(manager):
    make.trainee("Ayşe", "Yılmaz", birth_date=date(1985, 5, 5), phone="+905321110000")
    make.trainee("Ayşe", "Yılmazer", birth_date=date(1990, 5, 5), phone="+905321112233")
    assert found(manager, "ayşe yıl 1985") == {"Kursiyerler": ["Ayşe Yılmaz"]}
    assert found(manager, "ayşe 22 33") == {"Kursiyerler": ["Ayşe Yılmazer"]}


def test_a_year_and_a_phone_beside_a_name_are_told_apart(manager):
    ayse = make.trainee("Ayşe", "Yılmaz", birth_date=date(1985, 5, 5), phone="+905327654321")
    make.trainee("Ayşe", "Yılmaz", birth_date=date(1990, 5, 5), phone="+905327654321")
    for typed in (
        "ayşe yılmaz 1985 0532 765 43 21",
        "ayşe 05327654321 1985",
        "1985 ayşe 765 43 21",
        "ayşe yılmaz 1985 7654321",
        "ayşe 765 43 21 1985",
    ):
        assert person(ayse) in went(manager, typed) or found(manager, typed) == {
            "Kursiyerler": ["Ayşe Yılmaz"]
        }, typed
    nur = make.trainee("Nur", "Ak", phone="+905327651985")
    assert person(nur) in went(manager, "nur 0532 765 1985")  # the end of a whole phone


def test_who_is_called_exactly_so_comes_first(manager):
    for last_name in ("Erdem", "Eraslan", "Er"):
        make.trainee("Ali", last_name)
    make.trainee("Veli", "Alier")
    assert found(manager, "ali er")["Kursiyerler"] == [
        "Ali Er",
        "Ali Eraslan",
        "Ali Erdem",
        "Veli Alier",
    ]


@pytest.mark.parametrize("typed", ["0555 111 22 33", "+90 (555) 111-22-33", "5551112233"])
def test_a_whole_phone_leads_straight_to_its_owner(manager, typed):
    zeynep = make.trainee(phone="+905551112233")
    applied(make.course(), phone="+905551112233", trainee=zeynep)
    assert person(zeynep) in went(manager, typed)


def test_part_of_a_phone_finds_its_owner_and_whose_guardian_has_it(manager):
    make.trainee(phone="+905551112233")
    elif_ = make.minor("Elif", "Kaya")
    Guardian.objects.filter(trainee=elif_).update(phone="+905441112299")
    assert found(manager, "111 22")["Kursiyerler"] == ["Elif Kaya", "Zeynep Yıldız"]


def test_the_number_of_one_row_leads_straight_to_it(manager):
    course = make.course(number="4101234")
    work = make.work(number="2023-9142")
    application = applied(course)
    for typed, page, row in (
        ("4101234", "courses_course_desk", course),
        ("2023-9142", "exhibitions_work_change", work),
        ("k7rc3vtdmz4p", "trainees_application_change", application),
    ):
        assert reverse(f"admin:{page}", args=[row.pk]) in went(manager, typed)


# --- Identity numbers -------------------------------------------------------------------------


def test_an_identity_number_leads_to_its_owner_and_stands_in_no_address(manager):
    zeynep, boss = make.trainee(), make.user("yonetici")
    services.record_identity(trainee=zeynep, kind="tckn", number=NUMBER, by=boss)
    before = AccessLog.objects.count()
    answer = manager.post(PAGE, {"q": "100 000 001 46"})
    assert answer.status_code == 302 and answer.url == person(zeynep)
    assert AccessLog.objects.count() == before + 1
    assert manager.get(PAGE, {"q": NUMBER}).url == PAGE


@pytest.mark.parametrize(
    ("typed", "said"), [(NUMBER, "kayıtlı kimse yok"), ("10000000147", "bir rakam yanlış")]
)
def test_a_number_that_leads_nowhere_is_not_repeated(manager, typed, said):
    answer = manager.post(PAGE, {"q": typed})
    text = answer.content.decode()
    assert answer.status_code == 200 and typed not in text
    assert said in text


def test_the_owner_of_a_number_who_attends_elsewhere_is_not_shown(client):
    zeynep = make.enrolment().trainee
    boss = make.user("yonetici")
    services.record_identity(trainee=zeynep, kind="tckn", number=NUMBER, by=boss)
    client.force_login(make.user("merkez-sorumlusu", centres=[make.centre()]))
    text = client.post(PAGE, {"q": NUMBER}).content.decode()
    assert person(zeynep) not in text and "kayıtlı kimse yok" in text


# --- Scope ------------------------------------------------------------------------------------


def test_an_officer_finds_what_belongs_to_her_centre(client):
    mine, other = make.course(number="7001"), make.course(number="7002")
    make.enrolment(make.trainee("Ayla", "Ak"), mine)
    make.enrolment(make.trainee("Aylin", "Ak"), other)
    client.force_login(make.user("merkez-sorumlusu", centres=[mine.centre]))
    assert found(client, "ayl") == {"Kursiyerler": ["Ayla Ak"]}
    assert find(client, "7002").context["groups"] == []


def test_an_officer_reads_of_no_course_of_another_centre(client):
    near = make.course(programme=make.programme("Ebru"))
    far = make.course(programme=make.programme("Okuma Yazma"), teacher=make.teacher("Ali", "Can"))
    both = make.trainee("Fatmanur", "Kocabey")
    make.enrolment(both, near, joined_on=timezone.localdate() - timedelta(days=20))
    make.enrolment(both, far, joined_on=timezone.localdate())
    manager, clerk = make.user("yonetici"), make.user("merkez-sorumlusu", centres=[near.centre])
    people = reverse("admin:trainees_trainee_changelist")
    for user, last, now in ((manager, "Okuma Yazma", 2), (clerk, "Ebru", 1)):
        client.force_login(user)
        (group,) = find(client, "fatmanur").context["groups"]
        assert group.best[0].facts[-1] == last
        (row,) = client.get(people).context["cl"].result_list
        assert row.courses_now == now


def test_a_curator_finds_works_and_no_people(client):
    make.work("Yıldız desenli örtü", makers=[make.trainee()])
    client.force_login(make.user("sergi-sorumlusu"))
    assert found(client, "yıldız") == {"Eserler": ["Yıldız desenli örtü"]}
    text = client.post(PAGE, {"q": NUMBER}).content.decode()
    assert "kayıtlı kimse yok" in text and not AccessLog.objects.exists()


def test_an_auditor_who_reads_phones_masked_finds_nobody_by_one(client):
    make.trainee(phone="+905551112233")
    applied(make.course(), phone="+905551112233")
    client.force_login(make.user("denetci"))
    assert find(client, "0555 111 22 33").context["groups"] == []
    assert find(client, "K7RC-3VTD-MZ4P").context["groups"] == []
    assert found(client, "yıldız") == {"Kursiyerler": ["Zeynep Yıldız"]}


# --- Little, much, nothing --------------------------------------------------------------------


def test_the_page_says_what_can_be_typed(manager):
    assert "Telefon" in manager.get(PAGE).content.decode()
    assert "en az 3" in find(manager, "al").content.decode()
    assert "bulunamadı" in find(manager, "böyle bir şey yok").content.decode()
    assert manager.post(PAGE, {"q": "\x00"}).status_code == 302


def test_of_many_the_first_stand_there_with_the_way_to_all(manager):
    for n in range(12):
        make.trainee("Ayşe", f"Ak{chr(97 + n)}")
    answer = find(manager, "ayşe")
    (group,) = answer.context["groups"]
    assert group.best[0].title == "Ayşe Aka" and len(group.hits) == 12
    assert manager.get(group.list_url).context["cl"].result_count == 12


SO_FAR = reverse("admin:search_found")


def so_far(client, text):
    answer = client.post(SO_FAR, {"q": text})
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def test_what_fits_shows_while_one_types_with_the_way_to_a_seat(manager):
    zeynep = make.trainee()
    html = so_far(manager, "yıld")
    assert f'href="{person(zeynep)}"' in html
    assert f'href="{reverse("admin:trainees_enrolment_counter")}?person={zeynep.pk}"' in html
    assert "Zeynep" not in so_far(manager, "yı") and "Zeynep" not in so_far(manager, "")
    assert manager.get(SO_FAR).status_code == 404


def test_what_is_announced_is_what_the_list_holds(manager):
    for n in range(7):
        make.trainee("Ayşe", f"Ak{chr(97 + n)}")
    html = so_far(manager, "ayşe")
    assert html.count("data-hit") == 5 and "Listede 5 sonuç" in html and "7 sonuç" not in html


def test_a_number_is_not_looked_up_while_one_types(manager):
    who = make.trainee()
    services.record_identity(trainee=who, kind="tckn", number=NUMBER, by=None)
    looked = AccessLog.objects.count()
    html = so_far(manager, NUMBER)
    assert "Enter" in html and NUMBER not in html and "Zeynep" not in html
    assert AccessLog.objects.count() == looked


def test_who_may_not_enrol_finds_no_way_to_the_counter(client):
    make.trainee()
    client.force_login(make.user("denetci"))
    assert "/counter/" not in so_far(client, "yıldız")
    client.force_login(make.user("ogretmen"))
    assert client.post(SO_FAR, {"q": "yıldız"}).status_code == 403


def test_it_asks_the_same_few_times_for_one_and_for_many(manager):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            so_far(manager, "yıldız")
        return len(queries)

    make.trainee()
    few = asked()
    for n in range(9):
        make.trainee(f"Ad{n}")
    assert asked() == few <= 6


def test_what_it_costs_does_not_follow_what_it_finds(manager):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            answer = manager.get(PAGE, {"q": "nakış"})
        return len(queries), sum(len(group.hits) for group in answer.context["groups"])

    def fill():
        course = make.course(programme=make.programme("Nakış " + str(Application.objects.count())))
        make.enrolment(make.trainee("Nakış", "Ak"), course)
        applied(course, "Nakış", reference=f"R-{course.pk}")
        make.work("Nakış örtü")

    fill()
    few, found_then = cost()
    for _more in range(5):
        fill()
    many, found_now = cost()
    assert few == many <= 6 and found_now > found_then


def test_of_very_many_courses_those_of_now_are_found_for_sure(manager, monkeypatch):
    monkeypatch.setattr("izmek.admin.header_search.MOST", 2)
    centre, ebru = make.centre(), make.programme("Ebru")
    for number in range(6):
        make.course(state="finished", centre=centre, programme=ebru, group=f"E{number}")
    make.course(centre=centre, programme=ebru, group="Şimdiki")
    answer = find(manager, "ebru")
    (group,) = answer.context["groups"]
    assert "Şimdiki" in group.best[0].title and group.is_cut
    assert "2 üzeri" in answer.content.decode()

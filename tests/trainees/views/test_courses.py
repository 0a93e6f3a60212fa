"""The public list of courses and a course's page."""

import json
import re
from datetime import time, timedelta

import pytest
from django.utils import timezone

from courses.models import CourseModule, TimetableSlot
from tests import factories as make
from tests.trainees.public_pages import MONDAY, SATURDAY, TUESDAY, applied, course, page, queries_of
from trainees import services
from trainees.enums import Purpose

pytestmark = pytest.mark.django_db


def test_the_list_shows_what_takes_applications(client):
    here = course("Filografi")
    course("Kapalı Kurs", applications_until=timezone.now() - timedelta(hours=1))
    course("Daha Açılmadı", applications_from=timezone.now() + timedelta(hours=1))
    course("Taslak", state="planned")
    course("Bitmiş", state="finished")
    seen = page(client, "/kurslar/")
    assert here.get_absolute_url() in seen
    assert "Pazartesi 09.00–12.00" in seen
    for name in ("Kapalı Kurs", "Daha Açılmadı", "Taslak", "Bitmiş"):
        assert name not in seen


def names(text):
    """The courses that a list shows."""
    return re.findall(r'<h2><a href="/kurslar/\d+-[^"]*"[^>]*>([^<]+)<', text)


@pytest.fixture
def town():
    course("Kilim", at="Ambarcı", slots=[(MONDAY, 9, 12), (TUESDAY, 10, 13)])
    course("Ebru", at="Ambarcı", slots=[(TUESDAY, 18, 21)])
    course("Çini", at="Akmeşe", slots=[(SATURDAY, 9, 12)])
    full = course("Dantel", at="Akmeşe", slots=[(MONDAY, 9, 12), (MONDAY, 14, 16)], capacity=1)
    applied(full)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Çini", "Dantel", "Ebru", "Kilim"]),
        ("mahalle=ambarci", ["Ebru", "Kilim"]),
        ("mahalle=ambarci&saat=sabah", ["Kilim"]),
        ("saat=sabah", ["Kilim"]),  # the afternoon of Dantel is no morning
        ("saat=gunduz", ["Dantel", "Kilim"]),
        ("saat=aksam", ["Ebru"]),
        ("saat=hafta-sonu", ["Çini"]),
        ("gun=1", ["Dantel", "Kilim"]),
        ("program=cini", ["Çini"]),
        ("bos=1", ["Çini", "Ebru", "Kilim"]),
        ("mahalle=akmese&gun=2", []),
    ],
)
def test_filters(client, town, asked, found):
    assert sorted(names(page(client, f"/kurslar/?{asked}"))) == sorted(found)


def test_only_values_that_lead_to_a_course_are_offered(client, town):
    def values(asked, key):
        seen = page(client, f"/kurslar/?{asked}")
        select = re.search(rf'name="{key}">(.*?)</select>', seen, re.S)[1]
        return re.findall(r'value="([^"]+)"', select)

    assert values("", "mahalle") == ["akmese", "ambarci"]
    assert values("mahalle=ambarci", "mahalle") == ["akmese", "ambarci"]
    assert values("mahalle=ambarci", "gun") == ["1", "2"]
    assert values("mahalle=ambarci", "saat") == ["sabah", "gunduz", "aksam"]
    assert values("gun=1", "program") == ["dantel", "kilim"]
    assert 'name="program"' not in page(client, "/kurslar/?saat=aksam")  # Ebru alone: no choice


def test_names_that_differ_in_their_dots_are_two_answers(client):
    course("Keçe"), course("Kece"), course("Ebru")
    seen = page(client, "/kurslar/")
    assert re.findall(r'value="(kece[^"]*)"[^>]*>(\w+) \(1\)', seen) == [
        ("kece", "Kece"),
        ("kece-2", "Keçe"),
    ]
    assert names(page(client, "/kurslar/?program=kece-2")) == ["Keçe"]


def test_of_very_many_answers_the_most_frequent_are_offered(client, town, monkeypatch):
    monkeypatch.setattr("izmek.public.facets.MOST", 1)
    course("Kirkyama", at="Akmeşe")
    seen = page(client, "/kurslar/")
    assert 'value="akmese"' in seen and 'value="ambarci"' not in seen
    assert 'href="?tumu=mahalle#f-mahalle"' in seen
    assert 'value="ambarci"' in page(client, "/kurslar/?tumu=mahalle")


def test_what_is_unknown_is_left_out_and_said(client, town):
    seen = page(client, "/kurslar/?mahalle=atlantis&gun=1&gizli=x")
    assert sorted(names(seen)) == ["Dantel", "Kilim"]
    assert "burada karşılığı yok: Mahalle." in seen


def test_filtered_lists_are_no_places_of_their_own(client, town):
    assert 'content="noindex' in page(client, "/kurslar/?mahalle=ambarci")
    assert 'content="noindex' not in page(client, "/kurslar/")


def test_the_list_without_courses_says_so(client):
    assert "Şu anda başvuruya açık kurs yok." in page(client, "/kurslar/")
    assert "takes applications at the moment" in page(client, "/en/courses/")


def test_the_list_has_pages(client, monkeypatch):
    monkeypatch.setattr("trainees.views.courses.ON_A_PAGE", 2)
    for name in ("Birinci", "Çini", "Ebru"):
        course(name)
    assert names(page(client, "/kurslar/")) == ["Birinci", "Çini"]
    assert names(page(client, "/kurslar/?sayfa=2")) == ["Ebru"]
    assert "en yakın" in page(client, "/kurslar/?sayfa=9")


def test_the_list_asks_no_more_for_more_courses(client):
    course()
    one = queries_of(client, "/kurslar/")
    course("Kilim")
    course("Çini", slots=[(MONDAY, 9, 12), (TUESDAY, 9, 12)])
    assert one == queries_of(client, "/kurslar/") <= 8


def test_the_course_says_what_one_wants_to_know(client):
    programme = make.programme("Kilim Dokuma", text="Ilmek ilmek.", bring="Makas", minimum_age=16)
    to = course(programme=programme, slots=[(MONDAY, 9, 12), (TUESDAY, 9, 12)], capacity=12)
    CourseModule.objects.create(course=to, name="Atkı ve çözgü", hours=40)
    seen = page(client, to.get_absolute_url())
    for text in (
        "Ilmek ilmek.",
        "Makas",
        "Atkı ve çözgü",
        "Pazartesi ve Salı 09.00–12.00",
        "en az 16 yaşında",
        "120 ders saatinin en çok 24 saati",
        "12 boş yer (kontenjan 12)",
        f'href="/kurslar/{to.pk}/basvuru/"',
    ):
        assert text in seen


@pytest.mark.parametrize("address", ["/kurslar/{}-baska-bir-ad/", "/en/courses/{}-x/"])
def test_a_wrong_slug_leads_to_the_right_one(client, address):
    to = course()
    answer = client.get(address.format(to.pk))
    prefix = "/en/courses/" if "/en/" in address else "/kurslar/"
    assert (answer.status_code, answer["Location"]) == (302, f"{prefix}{to.pk}-{to.slug}/")


def test_a_course_that_was_never_opened_has_no_page(client):
    assert client.get(f"/kurslar/{course(state='planned').pk}-x/").status_code == 404
    page(client, course("Bitmiş", state="finished").get_absolute_url())


def test_the_teacher_is_named_with_her_consent_only(client):
    teacher = make.teacher("Nigâr", "Öztürk")
    to = course(teacher=teacher)
    assert "Nigâr" not in page(client, to.get_absolute_url())
    make.consent(teacher, Purpose.NAME_LABEL)
    assert "Nigâr" not in page(client, to.get_absolute_url())
    make.consent(teacher, Purpose.NAME_WEB)
    assert (
        page(client, to.get_absolute_url()).count("Nigâr Öztürk") == 2
    )  # to be read, and in JSON-LD
    to.teacher_changes.create(teacher=make.teacher("Seher", "Ak"), begins_on=timezone.localdate())
    assert "Nigâr" not in page(client, to.get_absolute_url())


def test_json_ld_of_a_course(client):
    to = course(slots=[(MONDAY, 9, 12), (TUESDAY, 9, 12)], number="41-1", capacity=9)
    seen = page(client, to.get_absolute_url())
    graph = json.loads(re.search(r'ld\+json">(.*?)</script>', seen)[1])["@graph"]
    (node,) = [node for node in graph if node["@type"] == "Course"]
    run = node["hasCourseInstance"]
    assert (node["courseCode"], node["isAccessibleForFree"]) == ("41-1", True)
    assert run["startDate"] == to.begin.isoformat()
    assert run["remainingAttendeeCapacity"] == 9
    assert run["courseSchedule"][0]["byDay"] == [
        "https://schema.org/Monday",
        "https://schema.org/Tuesday",
    ]
    assert "instructor" not in run
    to.state = "finished"
    to.save()
    assert "remainingAttendeeCapacity" not in page(client, to.get_absolute_url())


def test_a_full_course_says_so_before_one_applies(client):
    to = course(capacity=1)
    for name in ("A", "B", "C"):
        applied(to, name)
    assert "Dolu; yedek listede 2 kişi" in page(client, to.get_absolute_url())
    seen = page(client, f"/kurslar/{to.pk}/basvuru/")
    assert "Kurs dolu." in seen and "şu anda 2 kişi" in seen
    assert "Beni yedek listeye al" in seen


def test_a_cancelled_course_is_shown_as_such_without_the_reason(client):
    to = course(state="cancelled", total_hours=120, pass_mark=50, absence_limit_numerator=1)
    to.absence_limit_denominator, to.state_reason = 5, "Öğretmen hasta"
    to.save()
    seen = page(client, to.get_absolute_url())
    assert "Bu kurs iptal edildi." in seen and "hasta" not in seen
    assert "basvuru" not in seen


def test_the_course_page_asks_no_more_for_more_of_everything(client):
    to = course()
    one = queries_of(client, to.get_absolute_url())
    for number in range(3):
        CourseModule.objects.create(course=to, name=f"M{number}", hours=4)
        TimetableSlot.objects.create(
            course=to, weekday=4, begin=time(9 + number), end=time(10 + number), lesson_hours=1
        )
        services.apply(
            course=to, first_name=f"A{number}", last_name="B", phone="05551112233", birth_year=1980
        )
    assert one == queries_of(client, to.get_absolute_url()) <= 10

"""The public pages of courses and applications, by their addresses (DESIGN.md §5)."""

import json
import re
from datetime import time, timedelta

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses import services as course_services
from courses.models import CourseModule, TimetableSlot
from izmek.models import Letter
from izmek.public.ics import local
from tests import factories as make
from trainees import services
from trainees.enums import ApplicationState, NoticeKind, Purpose
from trainees.models import Application, NoticeText

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, SATURDAY = 1, 2, 6
PERSON = {
    "first_name": "Ayşe",
    "last_name": "Işık",
    "phone": "0555 111 22 33",
    "birth_year": "1985",
    "already_certified": "no",
}


def course(name="İğne Oyası", at="Akmeşe", slots=((MONDAY, 9, 12),), **fields):
    """A course that takes applications and begins in a month, with weekly times (day, from, to)."""
    fields.setdefault("state", "open")
    fields.setdefault("begin", timezone.localdate() + timedelta(days=30))
    if "programme" not in fields:
        fields["programme"] = make.programme(name)
    if "centre" not in fields:
        fields["centre"] = make.centre(neighbourhood=make.neighbourhood(at))
    made = make.course(**fields)
    for day, begin, end in slots:
        TimetableSlot.objects.create(
            course=made, weekday=day, begin=time(begin), end=time(end), lesson_hours=3
        )
    return made


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.get("Location")
    return answer.content.decode()


def form_of(client, to, path="/kurslar/{}/basvuru/"):
    """What the form of a course sends when nothing is filled in: the signed note."""
    sent = page(client, path.format(to.pk))
    return {"opened": re.search(r'name="opened" value="([^"]+)"', sent)[1]}


@pytest.fixture
def patient(monkeypatch):
    """Time enough has passed since a form was opened."""
    monkeypatch.setattr("izmek.public.spam_checks.FASTEST", -1)


@pytest.fixture
def send(client, patient):
    """`send(course, **fields)` fills in the form and sends it; the answer."""

    def send(to, note=None, **fields):
        data = (note or form_of(client, to)) | PERSON | fields
        return client.post(f"/kurslar/{to.pk}/basvuru/", data)

    return send


def queries_of(client, address):
    client.get(address)  # what is asked once per process
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


# --- The list ---------------------------------------------------------------------------------


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


# --- A course ---------------------------------------------------------------------------------


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


# --- Its timetable ----------------------------------------------------------------------------


def lessons(client, to, path="/kurslar/{}/takvim.ics"):
    return icalendar.Calendar.from_ical(client.get(path.format(to.pk)).content).events


def test_the_lessons_as_a_calendar(client):
    at = make.centre("Akmeşe Merkezi", address="Konak Sokak 7")
    to = course(
        "Kilim", centre=at, room=make.room(at, name="Atölye"), teacher=make.teacher("Nigâr")
    )
    day = to.begin
    make.session(to, day, topic="Zeynep telafi")
    make.session(to, day + timedelta(days=7), state="cancelled", state_reason="Öğretmen hasta")
    make.enrolment(make.trainee("Songül"), to)
    assert f'href="/kurslar/{to.pk}/takvim.ics"' in page(client, to.get_absolute_url())

    answer = client.get(f"/kurslar/{to.pk}/takvim.ics")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-cache")
    assert answer["Content-Type"].startswith("text/calendar")
    assert not answer.cookies
    for secret in ("Songül", "Nigâr", "Zeynep", "hasta"):
        assert secret not in answer.content.decode()
    first, second = lessons(client, to)
    assert first["SUMMARY"] == "Kilim"
    assert first["LOCATION"] == "Akmeşe Merkezi, Atölye, Konak Sokak 7, Akmeşe, İzmit"
    assert first["URL"] == f"http://testserver{to.get_absolute_url()}"
    assert first.start == local(day, time(9)) and first.end == local(day, time(12))
    assert [lesson["STATUS"] for lesson in (first, second)] == ["CONFIRMED", "CANCELLED"]


def test_a_lesson_says_that_it_was_changed(client):
    to = course("Kilim")
    make.session(to, to.begin, state="cancelled", state_reason="Öğretmen hasta")
    (before,) = lessons(client, to)
    assert before["DTSTAMP"].dt == before["LAST-MODIFIED"].dt
    to.history.update(history_date=timezone.now() + timedelta(seconds=5))  # the course, later
    to.save()
    (after,) = lessons(client, to)
    assert after["SEQUENCE"] > before["SEQUENCE"] > 0


def test_a_lesson_keeps_its_name_when_the_timetable_is_made_anew(client):
    to = course("Kilim")
    course_services.make_sessions(course=to, by=None)
    before = [lesson["UID"] for lesson in lessons(client, to)]
    course_services.make_sessions(course=to, by=None)
    assert [lesson["UID"] for lesson in lessons(client, to)] == before
    assert len(set(before)) == len(before) > 5


def test_the_calendar_names_who_gives_a_lesson_with_her_consent_only(client):
    teacher, substitute = make.teacher("Nigâr", "Öztürk"), make.teacher("Seher", "Ak")
    to = course(teacher=teacher)
    make.session(to, to.begin)
    make.session(to, to.begin + timedelta(days=7), teacher=substitute)
    make.consent(substitute, Purpose.NAME_WEB)
    assert [lesson.get("DESCRIPTION") for lesson in lessons(client, to)] == [
        None,
        "Öğretmen: Seher Ak",
    ]
    make.consent(teacher, Purpose.NAME_WEB)
    english = lessons(client, to, "/en/courses/{}/timetable.ics")
    assert english[0]["DESCRIPTION"] == "Teacher: Nigâr Öztürk"


def test_a_course_that_was_never_opened_has_no_calendar(client):
    assert client.get(f"/kurslar/{course(state='planned').pk}/takvim.ics").status_code == 404
    assert client.get("/kurslar/0/takvim.ics").status_code == 404
    to = course("Bitmiş", state="finished")
    assert client.get(f"/kurslar/{to.pk}/takvim.ics").status_code == 200
    assert "takvim.ics" not in page(client, to.get_absolute_url())


def test_the_calendar_asks_no_more_for_more_lessons(client):
    to = course()
    make.session(to, to.begin)
    one = queries_of(client, f"/kurslar/{to.pk}/takvim.ics")
    for week in (1, 2):
        make.session(to, to.begin + timedelta(weeks=week), teacher=make.teacher())
    assert one == queries_of(client, f"/kurslar/{to.pk}/takvim.ics") <= 5


@pytest.mark.parametrize("english", [False, True])
def test_reading_pages_know_nobody(client, english):
    to = course()
    for address in ("/kurslar/", to.get_absolute_url()):
        if english:
            address = "/en" + address.replace("kurslar", "courses")
        answer = client.get(address)
        assert answer.status_code == 200
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        assert 'method="post"' not in answer.content.decode()
        assert client.post(address).status_code == 405


def test_the_home_page_names_the_courses_that_begin_soonest(client):
    to = course("Filografi")
    assert to.get_absolute_url() in page(client, "/")
    assert "/kurslar/" in page(client, "/merkezler/")  # in the navigation


# --- Applying ---------------------------------------------------------------------------------


def test_an_application_leads_to_the_applicants_own_page(
    client, send, mailoutbox, django_capture_on_commit_callbacks
):
    notice = NoticeText.objects.create(
        kind=NoticeKind.APPLICATION, version=3, language="tr", text="Bilgileriniz korunur."
    )
    to = course()
    assert "Bilgileriniz korunur." in page(client, f"/kurslar/{to.pk}/basvuru/")
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(to, email="ayse@example.org")
    made = Application.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/basvurum/{made.reference}/")
    assert (made.state, made.notice, str(made)) == (ApplicationState.RECEIVED, notice, "Ayşe Işık")
    assert "onaylandıktan sonra" in page(client, answer["Location"])
    letter = Letter.objects.get(to="ayse@example.org")
    assert made.reference in letter.text
    assert f"/basvurum/{made.reference}/onay/" not in letter.text  # not for who reads the letters
    assert link_to(made) in mailoutbox[0].body


def link_to(application, path="/basvurum/{}/onay/{}/"):
    return path.format(application.reference, services.confirmation_code(application))


def test_the_link_of_the_letter_confirms_by_its_button_alone(client, send):
    send(course(), email="ayse@example.org")
    made = Application.objects.get()
    for look in (client.get, client.head):  # as the scanners of mail do
        assert look(link_to(made)).status_code == 200
    assert Application.objects.get().confirmed_at is None
    wrong = client.post(link_to(made)[:-2] + "/")
    assert "Bu bağlantı" in wrong.content.decode()
    answer = client.post(link_to(made))
    assert answer["Location"] == f"/basvurum/{made.reference}/"
    assert Application.objects.get().state == ApplicationState.OFFERED
    assert "Yeriniz ayrıldı" in page(client, answer["Location"])
    assert client.get(link_to(made))["Location"] == answer["Location"]


def test_an_application_that_lapsed_says_so_by_the_clock(client):
    services.apply(course=course(), **PERSON | {"already_certified": False})
    made = Application.objects.get()
    Application.objects.update(confirm_until=timezone.now())
    seen = page(client, f"/basvurum/{made.reference}/")
    assert "zamanında onaylanmadı" in seen and "vazgec" not in seen
    assert client.get(link_to(made)).status_code == 302


def test_the_form_sent_again_with_corrections_changes_the_application(client, send):
    to = course()
    note = form_of(client, to)
    first = send(to, note, email="ayşe@example.org".replace("ş", "s"), birth_year="1958")
    again = send(to, note, email="isik@example.org", birth_year="1985", phone="0555 111 22 44")
    assert first["Location"] == again["Location"]
    made = Application.objects.get()
    assert (made.email, made.birth_year) == ("isik@example.org", 1985)
    assert made.phone.as_e164 == "+905551112244"
    assert Letter.objects.filter(to="isik@example.org", kind="confirmation").exists()
    make.confirmed(made)
    seen = send(to, note, email="baska@example.org").content.decode()
    assert "ilk gönderdiğiniz" in seen
    assert Application.objects.get().email == "isik@example.org"


def test_one_address_cannot_fill_the_list_of_one_course(client, send, monkeypatch):
    monkeypatch.setattr("trainees.views.applications.FOR_ONE_COURSE", {"times": 2, "seconds": 60})
    to = course()
    codes = [send(to, first_name=f"Ad {letter}").status_code for letter in "ABC"]
    assert codes == [302, 302, 429]
    assert send(course("Kilim"), first_name="Ad C").status_code == 302


def test_in_english_she_is_written_to_in_english(
    client, patient, mailoutbox, django_capture_on_commit_callbacks
):
    to = course()
    data = form_of(client, to, "/en/courses/{}/apply/") | PERSON | {"email": "a@example.org"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/en/courses/{to.pk}/apply/", data)
    made = Application.objects.get()
    assert answer["Location"] == f"/en/my-application/{made.reference}/"
    assert made.language == "en"
    assert link_to(made, "/en/my-application/{}/confirm/{}/") in mailoutbox[0].body


def test_the_form_asks_for_no_identity_number(client):
    fields = re.findall(r'name="([^"]+)"', page(client, f"/kurslar/{course().pk}/basvuru/"))
    assert set(fields) - {"viewport", "description", "color-scheme", "twitter:card", "robots"} == {
        "csrfmiddlewaretoken",
        "first_name",
        "last_name",
        "phone",
        "email",
        "birth_year",
        "already_certified",
        "web",
        "opened",
        "language",  # the button in the header
    }


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("first_name", " ", "Adınızı yazın."),
        ("phone", "123", "Geçerli bir telefon numarası yazın"),
        ("birth_year", "85", "Yılı dört rakamla yazın"),
        ("birth_year", "2099", "Bu doğum yılı doğru olamaz"),
        ("birth_year", "1880", "Bu doğum yılı doğru olamaz"),
        ("already_certified", "", "Hayır veya evet seçin."),
        ("email", "ayse@", "e-posta"),
    ],
)
def test_what_is_wrong_stands_at_the_field_and_the_rest_is_kept(send, field, value, message):
    answer = send(course(), **{field: value})
    seen = answer.content.decode()
    assert answer.status_code == 200
    assert message in re.search(rf'id="id_{field}_error".*?</div>', seen, re.S)[0]
    for name, kept in PERSON.items():
        if name != field and name != "already_certified":
            assert f'value="{kept}"' in seen
    assert not Application.objects.exists()


def test_what_was_typed_goes_along_into_the_other_language(client, send):
    to = course()
    seen = page(client, f"/kurslar/{to.pk}/basvuru/")
    english = f"/en/courses/{to.pk}/apply/"
    assert f'formaction="{english}" name="language"' in seen
    typed = form_of(client, to) | {"first_name": "Ayşe", "phone": "0555 1", "language": "en"}
    answer = client.post(english, typed | {"already_certified": "yes"})
    seen = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Ayşe"' in seen and 'value="0555 1"' in seen
    assert re.search(r'value="yes"[^>]*checked|checked[^>]*value="yes"', seen)
    assert "invalid" not in seen.partition("<main")[2]  # nothing is judged before it is sent
    assert not Application.objects.exists()
    to.applications_until = timezone.now() - timedelta(minutes=1)
    to.save()
    assert f'<a href="{english}" lang="en"' in page(client, f"/kurslar/{to.pk}/basvuru/")


def test_too_young_for_the_programme(send):
    to = course(programme=make.programme("Kilim", minimum_age=16))
    seen = send(to, birth_year=str(to.begin.year - 13)).content.decode()
    assert "16" in re.search(r'id="id_birth_year_error".*?</div>', seen, re.S)[0]


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e\u200f", "…", "12"])
def test_a_name_is_written_with_letters(send, unseen):
    seen = send(course(), first_name=unseen).content.decode()
    assert re.search(r'id="id_first_name_error".*?</div>', seen, re.S)
    assert not Application.objects.exists()


def test_what_no_one_sees_does_not_become_part_of_a_name(send):
    send(course(), first_name="Ay\u200bşe \u202e Nur")
    assert Application.objects.get().first_name == "Ayşe Nur"


def test_the_form_sent_twice_is_one_application(client, send):
    to = course()
    note = form_of(client, to)
    first, second = send(to, note), send(to, note)
    assert first["Location"] == second["Location"]
    assert Application.objects.count() == 1


def test_back_and_again_for_the_sister_is_a_second_application(client, send):
    to = course()
    note = form_of(client, to)
    first, second = send(to, note), send(to, note, first_name="Fatma")
    seen = second.content.decode()
    assert "Bu form daha önce" in seen and Application.objects.count() == 1
    again = {"opened": re.search(r'name="opened" value="([^"]+)"', seen)[1]}
    assert send(to, again, first_name="Fatma")["Location"] != first["Location"]
    assert Application.objects.count() == 2


def test_who_applied_before_is_told(client, send):
    to = course()
    send(to)
    assert "açık bir ön kayıt var" in send(to).content.decode()
    assert Application.objects.count() == 1


def test_a_course_that_closed_meanwhile(client, send):
    to = course()
    note = form_of(client, to)
    to.applications_until = timezone.now() - timedelta(minutes=1)
    to.save()
    seen = send(to, note).content.decode()
    assert "Bu kurs şu anda başvuru almıyor." in seen
    assert not Application.objects.exists()


def test_a_course_that_filled_up_meanwhile_lets_wait(client, send):
    to = course(capacity=1)
    note = form_of(client, to)
    applied(to, "Fatma")
    send(to, note)
    mine = make.confirmed(Application.objects.get(first_name="Ayşe"))
    assert "Yedek listedeki sıranız: 1" in page(client, f"/basvurum/{mine.reference}/")


SPELLINGS = ["Ada Su|Or", "Adasu|Or", "Ada-Su|Or", "Or|Ada Su", "Ada Su.|Or", "Ada Su|Or-Ak"]


def test_one_person_in_six_spellings_gets_one_seat(client, send):
    to = course(capacity=10)
    asked = []
    for name in SPELLINGS:
        first, last = name.split("|")
        answer = send(to, first_name=first, last_name=last, email="ada@example.org")
        asked.append("benzer adlı" in answer.content.decode())
    assert asked == [False] + [True] * 5
    assert Application.objects.count() == 1
    fields = {"first_name": "Adasu", "last_name": "Or", "email": "ada@example.org"}
    seen = send(to, **fields, same_person="yes").content.decode()
    assert "kayıtlı başvuru geçerli" in seen and Application.objects.count() == 1
    # Who says that it is somebody else is taken in, and the centre asks on the telephone.
    assert send(to, **fields, same_person="no").status_code == 302
    second = Application.objects.latest("pk")
    assert second.asked_at is None and second in Application.objects.to_confirm()
    assert "Ada Su Or" in services.why_not_offered(second)[1]


# --- Traps and limits -------------------------------------------------------------------------


def test_a_form_that_comes_back_at_once_is_asked_for_again(client):
    to = course()
    data = form_of(client, to) | PERSON
    seen = client.post(f"/kurslar/{to.pk}/basvuru/", data).content.decode()
    assert "çok çabuk" in seen
    assert 'value="Işık"' in seen
    assert not Application.objects.exists()


def test_a_filled_trap_is_emptied_and_the_next_try_passes(client, send):
    to = course()
    seen = send(to, web="http://example.org").content.decode()
    assert "example.org" not in seen
    assert not Application.objects.exists()
    assert send(to).status_code == 302


@pytest.mark.parametrize("opened", ["", "forged:1abc:xyz"])
def test_a_forged_note_is_replaced_by_one_that_holds(client, send, opened):
    to = course()
    seen = send(to, opened=opened).content.decode()
    assert "yeniden gönderin" in seen
    note = {"opened": re.search(r'name="opened" value="([^"]+)"', seen)[1]}
    assert send(to, note).status_code == 302


def test_the_note_of_one_course_is_worth_nothing_at_another(client, send):
    other = form_of(client, course("Kilim"))
    send(course(), other)
    assert not Application.objects.exists()


def test_so_many_applications_from_one_address_and_no_more(client, send, monkeypatch):
    monkeypatch.setattr("izmek.public.forms.FROM_ONE_ADDRESS", {"times": 2, "seconds": 60})
    to = course()
    for name in ("Ayşe", "Fatma"):
        assert send(to, first_name=name).status_code == 302
    answer = send(to, first_name="Emine")
    assert answer.status_code == 429
    assert 'value="Emine"' in answer.content.decode()
    assert Application.objects.count() == 2


def test_so_many_applications_for_one_phone(client, send, monkeypatch):
    monkeypatch.setattr("trainees.views.applications.FROM_ONE_PERSON", {"times": 1, "seconds": 60})
    to = course()
    assert send(to).status_code == 302
    assert send(to, first_name="Emine").status_code == 429
    assert send(to, first_name="Emine", phone="05551112244").status_code == 302


# --- Her own page -----------------------------------------------------------------------------


def applied(to=None, name="Ayşe", **fields):
    facts = {"last_name": "Işık", "phone": "05551112233", "birth_year": 1985, **fields}
    return make.confirmed(services.apply(course=to or course(), first_name=name, **facts))


def test_her_page_names_nobody_and_is_kept_nowhere(client):
    mine = applied(course(centre=make.centre("Akmeşe")), email="ayse@example.org")
    answer = client.get(f"/basvurum/{mine.reference}/")
    seen = answer.content.decode()
    for secret in ("Ayşe", "Işık", "555 111", "5551112233", "ayse@example.org", " 1985", ">1985"):
        assert secret not in seen
    assert mine.reference in seen
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert 'content="noindex' in seen
    assert not answer.cookies


def test_the_reference_may_be_typed_as_people_type(client):
    mine = applied()
    lower = mine.reference.lower().replace("-", "")
    answer = client.get(f"/basvurum/{lower}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/basvurum/{mine.reference}/")


@pytest.mark.parametrize("reference", ["K7RC-3VTD-MZ4P", "x", "%00"])
def test_an_unknown_reference_is_404(client, reference):
    assert client.get(f"/basvurum/{reference}/").status_code == 404
    assert client.get(f"/basvurum/{reference}/vazgec/").status_code == 404


def test_her_page_tells_each_state(client):
    to = course(capacity=1)
    offered, waiting = applied(to), applied(to, "Fatma")

    def told(application):
        return page(client, f"/basvurum/{application.reference}/")

    assert "Yeriniz ayrıldı" in told(offered)
    assert "sıranız: 1" in told(waiting) and "kurs merkezi sizi arar" in told(waiting)
    Application.objects.filter(pk=offered.pk).update(offer_until=timezone.now())
    assert "Kesin kayıt süresi doldu" in told(offered)  # by the clock, before it is written down
    services.advance_queue(course=to)
    assert "Kesin kayıt süresi doldu" in told(offered)
    assert "Kurs merkezi sizi arayacak" in told(waiting)
    services.refuse_application(application=waiting, reason="Adres dışı", by=None)
    assert "Adres dışı" in told(waiting)


# --- Withdrawing ------------------------------------------------------------------------------


def test_withdrawing_takes_the_last_digits(client):
    to = course(capacity=1)
    mine, next_one = applied(to), applied(to, "Fatma")
    address = f"/basvurum/{mine.reference}/vazgec/"
    assert address in page(client, f"/basvurum/{mine.reference}/")
    seen = client.post(address, {"phone_digits": "0000"}).content.decode()
    assert 'id="id_phone_digits_error"' in seen and 'value="0000"' in seen
    answer = client.post(address, {"phone_digits": "2233"})
    assert answer["Location"] == f"/basvurum/{mine.reference}/"
    assert "vazgeçtiniz" in page(client, answer["Location"])
    assert Application.objects.get(pk=mine.pk).state == ApplicationState.DECLINED
    assert Application.objects.get(pk=next_one.pk).state == ApplicationState.OFFERED
    assert client.get(address).status_code == 302


def test_who_waits_withdraws(client):
    to = course(capacity=1)
    applied(to)
    mine = applied(to, "Fatma")
    client.post(f"/basvurum/{mine.reference}/vazgec/", {"phone_digits": " 2233 "})
    assert Application.objects.get(pk=mine.pk).state == ApplicationState.WITHDRAWN


def test_the_digits_cannot_be_tried_out(client):
    mine = applied()
    address = f"/basvurum/{mine.reference}/vazgec/"
    answers = [client.post(address, {"phone_digits": f"{n:04}"}).status_code for n in range(6)]
    assert answers == [200] * 5 + [429]
    assert client.post(address, {"phone_digits": "2233"}).status_code == 429
    assert Application.objects.get().state == ApplicationState.OFFERED


def test_the_form_of_withdrawing_tells_its_own_site_where_it_comes_from(client):
    """Without referrer a browser sends `Origin: null`, and the form would be refused as forged."""
    answer = client.get(f"/basvurum/{applied().reference}/vazgec/")
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]

"""Applying, the applicant's page, withdrawing."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from izmek.models import Letter
from tests import factories as make
from tests.trainees.public_pages import applied, course, page
from trainees import services
from trainees.enums import ApplicationState, NoticeKind
from trainees.models import Application, NoticeText

pytestmark = pytest.mark.django_db


PERSON = {
    "first_name": "Ayşe",
    "last_name": "Işık",
    "phone": "0555 111 22 33",
    "birth_year": "1985",
    "already_certified": "no",
}


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

"""The page of a person in the admin: what it tells, to whom, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from izmek.acts.saving import save
from izmek.models import Letter
from tests import factories as make
from trainees import services
from trainees.enums import Purpose
from trainees.models import Application, Call, Consent, Mark, NoticeText, Trainee

pytestmark = pytest.mark.django_db

TABS = ("summary", "seats", "consents", "works", "contacts", "change", "history")
MOST_QUERIES = 12


def page(who, tab="summary"):
    return reverse(f"admin:trainees_trainee_{tab}", args=[who.pk])


def text_of(answer):
    """The words of a page, without its tags."""
    body = answer.content.decode().partition('id="content-start"')[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture
def boss():
    return make.user("yonetici", first_name="Handan", last_name="Alkan")


@pytest.fixture
def manager(client, boss):
    client.force_login(boss)
    return client


@pytest.fixture
def zeynep():
    return make.trainee(phone="+905551112233", neighbourhood=make.neighbourhood("Ambarcı"))


def applied(who, course, **fields):
    facts = {"first_name": who.first_name, "last_name": who.last_name, "trainee": who}
    facts |= {"phone": "+905551112233", "birth_year": 1980, "reference": f"R-{course.pk}"}
    return Application.objects.create(course=course, **facts, **fields)


def called(seat, what="Ders iptal edildi"):
    facts = {"kind": "session_cancelled", "what": what, "text": f"{what}."}
    return Call.objects.create(course=seat.course, enrolment=seat, **facts)


def written(about, subject="Kaydınız tamam"):
    return Letter.objects.create(
        kind="enrolled", to="zeynep@example.org", subject=subject, text="Metin", object=about
    )


# --- What it tells ----------------------------------------------------------------------------


def test_the_head_says_who_it_is(manager, boss, zeynep):
    services.record_identity(trainee=zeynep, kind="tckn", number="10000000146", by=boss)
    answer = manager.get(reverse("admin:trainees_trainee_desk", args=[zeynep.pk]))
    assert answer.url == page(zeynep)
    for tab in TABS:
        text = text_of(manager.get(page(zeynep, tab)))
        for fact in ("Zeynep Yıldız", "1980", "0555 111 22 33", "Ambarcı", "100******46"):
            assert fact in text, (tab, fact)
        assert "10000000146" not in text


def test_what_is_missing_stands_first_with_the_way_to_mend_it(manager, zeynep):
    make.enrolment(zeynep)
    answer = manager.get(page(zeynep))
    text = text_of(answer)
    for sentence in (
        "Kimlik numarası kayıtlı değil",
        "Öğrenim durumu kayıtlı",
        "E-posta adresi yok",
    ):
        assert sentence in text
    assert text.index("Eksikler") < text.index("Şu an katıldığı kurslar")
    acts = [reverse("admin:trainees_trainee_act", args=[zeynep.pk, "record_identity"])]
    for address in (*acts, page(zeynep, "change") + "#id_email"):
        assert address in answer.content.decode()


def test_nothing_but_what_is_missing_is_asked_for(manager, zeynep, boss):
    zeynep.email, zeynep.education = "zeynep@example.org", "3"
    zeynep.save()
    make.enrolment(zeynep)
    services.record_identity(trainee=zeynep, kind="tckn", number="10000000146", by=boss)
    for purpose in Purpose:
        make.consent(zeynep, purpose, answer=False)
    assert "Eksikler" not in text_of(manager.get(page(zeynep)))


def test_a_minor_needs_a_guardian_who_permits(manager):
    elif_ = make.minor(phone="+905551112233")
    assert "Ayla Kaya (anne)" in text_of(manager.get(page(elif_)))
    elif_.guardians.update(permission_on=None)
    assert "veli izni kayıtlı değil" in text_of(manager.get(page(elif_)))
    elif_.guardians.all().delete()
    assert "velisi kayıtlı değil" in text_of(manager.get(page(elif_)))


def test_seats_tell_hours_marks_and_result(manager, zeynep):
    course = make.course(programme=make.programme("Ebru", total_hours=120))
    seat = make.enrolment(zeynep, course, state="completed", success_mark="83.5")
    lesson = make.session(course)
    seat.absences.create(session=lesson, hours=3)
    Mark.objects.create(
        enrolment=seat, module=course.modules.create(name="Boya", hours=10), value=83
    )
    text = text_of(manager.get(page(zeynep, "seats")))
    for fact in ("Ebru", "tamamladı", "3 saat devamsız (sınır 24)", "Boya 83", "83,5"):
        assert fact in text


def test_an_application_tells_its_place_and_its_clock(manager, zeynep):
    waits, offered = make.course(capacity=1), make.course(capacity=1)
    ahead = make.trainee("Ayla", "Ak")
    applied(ahead, waits, confirmed_at=timezone.now())
    Application.objects.filter(trainee=ahead).update(reference="R-0")
    applied(zeynep, waits, confirmed_at=timezone.now())
    until = timezone.now() + timedelta(hours=5)
    applied(
        zeynep,
        offered,
        confirmed_at=timezone.now(),
        state="offered",
        offered_at=timezone.now(),
        offer_until=until,
    )
    text = text_of(manager.get(page(zeynep)))
    assert "yedek listede, sırası: 2" in text
    assert timezone.localtime(until).strftime("son gün ve saat: %d.%m.%Y %H.%M") in text


def test_consents_stand_as_they_count_today(manager, zeynep):
    guardian = zeynep.guardians.create(name="Ayla Ak", relation="anne")
    notice = NoticeText.objects.create(kind="consent", version=4, language="tr", text="Metin")
    make.consent(zeynep, Purpose.NAME_WEB, notice=notice)
    make.consent(zeynep, Purpose.NAME_LABEL, answer=False, channel="phone")
    Consent.objects.create(
        trainee=zeynep, purpose=Purpose.PHOTO, answer=True, guardian=guardian, channel="paper"
    )
    text = text_of(manager.get(page(zeynep)))
    for line in (
        r"eser künyesinde adı hayır \S+, telefonla",
        r"sitede adı evet \S+, imzalı kâğıt, metin sürümü 4",
        r"fotoğrafta tanınması artık geçerli değil .* Ayla Ak",
        r"SMS ve e-posta sorulmadı",
    ):
        assert re.search(line, text), line


def answered(client, who, call, answer="reached", follow=False, **more):
    sent = {"about": f"call-{call}", "answer": answer, **more}
    return client.post(page(who), sent, follow=follow)


def test_a_call_is_noted_on_the_page(manager, zeynep, boss):
    call = called(make.enrolment(zeynep))
    assert "Ders iptal edildi" in text_of(manager.get(page(zeynep)))
    assert answered(manager, zeynep, call.pk).url == page(zeynep)
    call.refresh_from_db()
    assert call.done_by == boss
    assert "Ders iptal edildi" not in text_of(manager.get(page(zeynep)))
    assert "Handan Alkan" in text_of(manager.get(page(zeynep, "contacts")))


def test_a_wrong_number_is_missing_from_then_on(manager, zeynep):
    call = called(make.enrolment(zeynep))
    answered(manager, zeynep, call.pk, "wrong number", phone="+905551112233")
    text = text_of(manager.get(page(zeynep)))
    assert "telefon numarası yanlış çıktı" in text and "Ders iptal edildi" in text
    assert "numara yanlış 0555 111 22 33" in text_of(manager.get(page(zeynep, "contacts")))


def test_a_second_press_says_that_nothing_was_noted(manager, zeynep):
    call = called(make.enrolment(zeynep))
    answered(manager, zeynep, call.pk)
    again = answered(manager, zeynep, call.pk, follow=True)
    assert "bu arada başkası aramış" in text_of(again) and zeynep.call_attempts.count() == 1


def test_a_number_that_was_replaced_meanwhile_is_not_marked(manager, zeynep):
    call = called(make.enrolment(zeynep))
    assert 'name="phone" value="0555 111 22 33"' in manager.get(page(zeynep)).content.decode()
    again = answered(manager, zeynep, call.pk, "wrong number", phone="+905550000000", follow=True)
    assert "bu kişinin değil" in text_of(again)
    zeynep.refresh_from_db()
    assert not zeynep.phone_is_wrong and not zeynep.call_attempts.exists()


def test_the_number_of_an_offer_that_proves_wrong_is_that_of_the_person_too(manager, zeynep):
    now = timezone.now()
    offer = applied(zeynep, make.course(), confirmed_at=now, state="offered", offered_at=now)
    sent = {"about": f"offer-{offer.pk}", "answer": "wrong number", "phone": "+905551112233"}
    manager.post(page(zeynep), sent)
    zeynep.refresh_from_db()
    assert zeynep.phone_is_wrong


def test_who_is_told_of_an_offer_by_telephone_has_the_clock_from_then_on(manager, zeynep):
    now = timezone.now()
    offer = applied(zeynep, make.course(), confirmed_at=now, state="offered", offered_at=now)
    assert "Yer önerildi." in text_of(manager.get(page(zeynep)))
    manager.post(page(zeynep), {"about": f"offer-{offer.pk}", "answer": "reached"})
    offer.refresh_from_db()
    assert offer.offer_until is not None and offer.told_at is not None


def test_a_call_of_somebody_else_is_not_noted_here(manager, zeynep):
    other = called(make.enrolment())
    for key in (other.pk, "x"):
        assert answered(manager, zeynep, key).url == page(zeynep)
    other.refresh_from_db()
    assert other.done_at is None


def test_letters_about_seats_and_applications_stand_together(manager, zeynep):
    seat = make.enrolment(zeynep)
    written(seat)
    written(applied(zeynep, make.course()), "Ön kaydınız alındı")
    written(make.enrolment(), "Başkasınınki")
    text = text_of(manager.get(page(zeynep, "contacts")))
    assert "Kaydınız tamam" in text and "Ön kaydınız alındı" in text
    assert "Başkasınınki" not in text


def test_who_changed_her_phone(manager, zeynep, boss):
    zeynep.phone = "+905559998877"
    save(zeynep, by=boss, reason="Aradı")
    applied(zeynep, make.course(programme=make.programme("Ebru")))
    text = text_of(manager.get(page(zeynep, "history")))
    changed = timezone.localtime(zeynep.history.latest().history_date)
    assert f"{changed:%d.%m.%Y %H.%M} Handan Alkan" in text
    assert "telefon: 0555 111 22 33 → 0555 999 88 77" in text
    assert "ön kayıt: Ebru" in text and "eklendi" in text


def test_an_attempt_to_tell_of_an_offer_stands_with_the_calls(manager, zeynep):
    now = timezone.now()
    offer = applied(zeynep, make.course(), confirmed_at=now, state="offered", offered_at=now)
    offer.call_attempts.create(phone="+905551112233", answer="no answer")
    assert "yanıt yok 0555 111 22 33" in text_of(manager.get(page(zeynep, "contacts")))


def next_step(client, who, tab="summary"):
    step = client.get(page(who, tab)).context["desk"]["next"]
    return step and (str(step["label"]), step["url"])


def test_the_head_names_the_one_next_step_on_every_tab(manager, zeynep, boss):
    seat = make.enrolment(zeynep, make.course(state="running"))
    call, now = called(seat), timezone.now()
    for tab in TABS:
        assert next_step(manager, zeynep, tab)[1].endswith("/summary/#to-call")
    services.tick_call(call=seat.calls.get(pk=call.pk), by=boss)
    offer = applied(
        zeynep,
        make.course(),
        confirmed_at=now,
        state="offered",
        offered_at=now,
        offer_until=now + timedelta(hours=5),
    )
    assert next_step(manager, zeynep)[1].endswith(f"/counter/?application={offer.pk}")
    offer.delete()
    assert "/act/record_identity/" in next_step(manager, zeynep)[1]
    services.record_identity(trainee=zeynep, kind="tckn", number="10000000146", by=None)
    assert next_step(manager, zeynep)[1].endswith("/change/#id_education")
    Trainee.objects.update(education="3")
    assert "/act/ask_consents/" in next_step(manager, zeynep)[1]
    for purpose in Purpose:
        make.consent(zeynep, purpose)
    assert next_step(manager, zeynep)[1].endswith(f"/counter/?person={zeynep.pk}")


def test_the_consents_are_asked_on_one_page_one_by_one(manager, zeynep, boss):
    make.enrolment(zeynep, make.course(state="running"))
    address = reverse("admin:trainees_trainee_act", args=[zeynep.pk, "ask_consents"])
    html = manager.get(address).content.decode()
    assert html.count('value="yes"') == len(Purpose) and "checked" not in html
    assert manager.post(address, {"channel": "phone"}).status_code == 200  # nothing was answered
    assert manager.post(address, {"consent_photo": "yes"}).status_code == 200  # nor how
    manager.post(address, {"consent_photo": "yes", "consent_contact": "no", "channel": "phone"})
    answers = {one.purpose: one.answer for one in zeynep.consents.all()}
    assert answers == {Purpose.PHOTO: True, Purpose.CONTACT: False}


def test_a_child_without_a_guardian_needs_one_first(manager):
    young = make.trainee(birth_date=timezone.localdate() - timedelta(days=16 * 365))
    assert next_step(manager, young)[1].endswith("/change/#guardians-group")


def test_a_wrong_number_is_mended_where_it_stands(manager):
    elif_ = make.minor(phone="+905551112233")
    elif_.guardians.update(phone="+905331112200", wrong_phone="+905331112200")
    assert next_step(manager, elif_) == (
        "Velinin telefonunu yaz",
        page(elif_, "change") + "#guardians-group",
    )
    Trainee.objects.update(wrong_phone=elif_.phone)
    assert next_step(manager, elif_)[1].endswith("/change/#id_phone")


# --- Who sees what ----------------------------------------------------------------------------


def test_an_officer_reads_of_a_person_what_belongs_to_her_centre(client, zeynep):
    mine = make.course(programme=make.programme("Benimki"))
    other = make.course(programme=make.programme("Ötekiler"))
    make.enrolment(zeynep, mine)
    seat = make.enrolment(zeynep, other)
    called(seat, "Ötekiler iptal")
    written(seat, "Ötekiler başladı")
    applied(zeynep, make.course(programme=make.programme("Ötekiler 2")))
    make.work("Ötekiler örtüsü", makers=[zeynep], course=other, centre=other.centre)
    client.force_login(make.user("merkez-sorumlusu", centres=[mine.centre]))
    assert "Benimki" in text_of(client.get(page(zeynep)))
    for tab in TABS:
        assert "Ötekiler" not in text_of(client.get(page(zeynep, tab))), tab


@pytest.mark.parametrize("tab", TABS)
def test_who_may_not_see_a_person_sees_no_page_of_theirs(client, tab):
    stranger = make.enrolment().trainee
    client.force_login(make.user("merkez-sorumlusu", centres=[make.centre()]))
    assert client.get(page(stranger, tab)).status_code == 404
    client.force_login(make.user("sergi-sorumlusu"))
    assert client.get(page(stranger, tab)).status_code in (403, 404)


def test_an_auditor_reads_contact_data_masked_on_every_page(client, zeynep, boss):
    zeynep.email = "zeynep@example.org"
    save(zeynep, by=boss)
    zeynep.guardians.create(name="Ayla", relation="anne", phone="+905331112200")
    seat = make.enrolment(zeynep)
    written(seat, "0555 111 22 33 arandı")
    called(seat)
    applied(zeynep, make.course(), state_reason="Arandı: 0555 111 22 33", state="refused")
    client.force_login(make.user("denetci"))
    for tab in TABS:
        answer = client.get(page(zeynep, tab))
        assert answer.status_code == 200
        for secret in ("111 22", "5551112233", "zeynep@", "17.05.1980", "5331112200"):
            assert secret not in answer.content.decode(), (tab, secret)
    assert "1980" in text_of(client.get(page(zeynep)))
    assert answered(client, zeynep, seat.calls.get().pk).status_code == 403


# --- The way there, and what it costs -----------------------------------------------------------


def test_a_name_in_a_list_leads_to_the_person(manager, zeynep):
    seat = make.enrolment(zeynep)
    make.consent(zeynep, Purpose.PHOTO)
    seat.absences.create(session=make.session(seat.course), hours=1)
    desk = reverse("admin:trainees_trainee_desk", args=[zeynep.pk])
    for table in ("trainee", "enrolment", "absence", "consent"):
        answer = manager.get(reverse(f"admin:trainees_{table}_changelist"))
        assert f'href="{desk}"' in answer.content.decode(), table


def test_what_a_page_costs_does_not_follow_its_rows(client, boss, zeynep):
    centre = make.centre()
    users = [
        make.user(*roles, centres=[centre])
        for roles in (["merkez-sorumlusu"], ["merkez-sorumlusu", "denetci"])
    ]

    def more(n):
        course = make.course(centre=centre, programme=make.programme(f"Program {n}"))
        seat = make.enrolment(zeynep, course)
        module = course.modules.create(name="Boya", hours=10)
        Mark.objects.create(enrolment=seat, module=module, value=83)
        seat.absences.create(session=make.session(course), hours=1)
        called(seat, f"Ders {n}")
        written(seat)
        seat.state_reason = "Aradı"
        save(seat, by=boss)
        applied(zeynep, make.course(centre=centre, programme=make.programme(f"Öteki {n}")))
        make.consent(zeynep, Purpose.PHOTO)
        zeynep.guardians.create(name=f"Veli {n}", relation="anne", phone="+905331112200")
        work = make.work(f"Eser {n}", makers=[zeynep], course=course, centre=centre)
        make.exhibition(f"Sergi {n}", works=[work])

    def costs():
        found = {}
        for number, user in enumerate(users):
            client.force_login(user)
            for tab in TABS:
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(page(zeynep, tab)).status_code == 200
                asked = [query["sql"] for query in queries]
                found[number, tab] = len([sql for sql in asked if sql[:7] != "INSERT "])
                assert len(asked) - found[number, tab] <= 1  # the note of the look is no question
        return found

    more(1)
    costs()  # kinds of rows are read once and kept
    few = costs()
    for n in range(2, 61):
        more(n)
    assert costs() == few
    assert max(few.values()) <= MOST_QUERIES, few

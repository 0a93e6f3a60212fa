"""The counter: an application or a seat, typed by staff while somebody talks."""

import re
from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from izmek.accounts.roles import Role
from izmek.acts.enums import Access
from izmek.acts.rights import NotAllowed
from izmek.models import AccessLog, Letter, Override
from tests import factories as make
from tests.forms import shown
from tests.pdfs import whole
from trainees import services
from trainees.enums import ApplicationState, Channel, Purpose
from trainees.models import Application, Enrolment, Trainee, phones_of

pytestmark = pytest.mark.django_db

NUMBER, OTHER_NUMBER = "10000000146", "17291716060"
APPLICATION, ENROLMENT = "application", "enrolment"


@pytest.fixture
def to():
    begin = timezone.localdate() + timedelta(days=30)
    return make.course(state="open", begin=begin, programme=make.programme("Kilim Dokuma"))


@pytest.fixture
def officer(client, to):
    user = make.user(Role.OFFICER, centres=[to.centre])
    client.force_login(user)
    return user


def at(kind, page="counter", *args):
    return reverse(f"admin:trainees_{kind}_{page}", args=args)


def seen(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def opened(client, kind, **chosen):
    """The page with what is chosen already."""
    return client.get(at(kind), {name: getattr(row, "pk", row) for name, row in chosen.items()})


def go_on(client, kind, answer, **typed):
    """Press Enter on the page, with something typed over."""
    return client.post(at(kind), shown(answer) | typed)


def done(answer):
    """The row whose page of what happened the answer leads to."""
    assert answer.status_code == 302, answer.content.decode()
    *_path, kind, _counter, key, _end = answer["Location"].split("/")
    return {APPLICATION: Application, ENROLMENT: Enrolment}[kind].objects.get(pk=key)


def registered(number=NUMBER, name="Emine", at_centre=None, **fields):
    """A trainee with a number, who attends a course of the centre."""
    fields.setdefault("phone", "05550001122")
    who = make.trainee(name, "Yalçın", **fields)
    services.record_identity(trainee=who, kind="tckn", number=number, by=None)
    make.enrolment(who, make.course(centre=at_centre), state="completed")
    return who


PERSON = {"first_name": "Sevgi", "last_name": "Aksoy", "phone": "0532 123 45 67"}
NEW = PERSON | {"identity_number": NUMBER, "birth_date": "05061985"}


# --- The telephone --------------------------------------------------------------------------------


def test_an_application_by_telephone_counts_as_confirmed_and_gets_an_offer(client, officer, to):
    page = go_on(client, APPLICATION, opened(client, APPLICATION, course=to), who="Sevgi Aksoy")
    assert 'value="Sevgi"' in seen(page) and "identity_number" not in seen(page)
    answer = go_on(client, APPLICATION, page, phone="0532 123 45 67", birth_year="1985")
    application = done(answer)
    assert application.state == ApplicationState.OFFERED and application.confirmed_at
    assert application.history.earliest().history_user == officer
    told = seen(client.get(answer["Location"]))
    assert application.reference in told and "Sizin için bir yer ayırdık" in told


def test_a_year_typed_to_find_somebody_is_not_typed_again(client, officer, to):
    typed = "Sevgi Aksoy 1985 0532 123 45 67"
    page = go_on(client, APPLICATION, opened(client, APPLICATION, course=to), who=typed)
    application = done(go_on(client, APPLICATION, page))
    told = (str(application), application.birth_year, application.phone.as_e164)
    assert told == ("Sevgi Aksoy", 1985, "+905321234567")


def test_the_page_is_sent_twice_and_takes_one_application(client, officer, to):
    page = opened(client, APPLICATION, course=to)
    page = go_on(client, APPLICATION, page, who="Sevgi Aksoy")
    typed = {"phone": "0532 123 45 67", "birth_year": "1985"}
    both = [done(go_on(client, APPLICATION, page, **typed)) for _twice in range(2)]
    assert both[0] == both[1] and to.applications.count() == 1


def test_somebody_on_record_applies_without_typing_and_answers_by_telephone(client, officer, to):
    who = registered(at_centre=to.centre)
    page = opened(client, APPLICATION, course=to, person=who)
    assert "0555 000 11 22" in seen(page)
    typed = {"consent_contact": "yes", "phone": "0555 000 33 44"}
    asked = go_on(client, APPLICATION, page, **typed)
    assert "*** ** 22" in seen(asked, 422)  # which phone counts is asked, not guessed
    counts = [value for value, _label in asked.context["form"].fields["phone_counts"].choices][1]
    application = done(go_on(client, APPLICATION, asked, phone_counts=counts))
    assert (application.trainee, application.phone.as_e164) == (who, "+905550003344")
    answer = who.consents.get()
    assert (answer.purpose, answer.channel, answer.by) == (
        Purpose.CONTACT,
        Channel.PHONE,
        officer,
    )


def test_who_is_not_on_record_is_asked_of_news_alone_and_keeps_the_answer_with_the_seat(
    client, officer, to
):
    page = go_on(client, APPLICATION, opened(client, APPLICATION, course=to), who="Sevgi Aksoy")
    assert set(re.findall(r'name="(consent_\w+)"', seen(page))) == {"consent_contact"}
    assert "checked" not in re.search(r'name="consent_contact".*', seen(page)).group()
    typed = {"phone": "0532 123 45 67", "birth_year": "1985", "consent_contact": "yes"}
    application = done(go_on(client, APPLICATION, page, **typed))
    answer = application.consents.get()
    assert (answer.purpose, answer.channel, answer.by) == (
        Purpose.CONTACT,
        Channel.PHONE,
        officer,
    )
    told = client.get(reverse("admin:trainees_application_change", args=[application.pk]))
    assert "SMS ve e-posta" in seen(told) and "telefonla" in seen(told)
    page = opened(client, ENROLMENT, application=application)
    typed = {"identity_number": NUMBER, "birth_date": "05061985"}
    seat = done(go_on(client, ENROLMENT, page, **typed))
    theirs = seat.trainee.consents.get()
    assert (theirs.purpose, theirs.at, theirs.channel) == (
        answer.purpose,
        answer.at,
        answer.channel,
    )


def test_an_applicant_takes_an_answer_back(client, officer, to):
    applied = services.apply(
        course=to,
        **PERSON,
        birth_year=1985,
        answers=services.Answers({Purpose.CONTACT: True}, Channel.PHONE),
        by=officer,
    )
    address = reverse("admin:trainees_application_act", args=[applied.pk, "record_consent"])
    assert "künyesinde" not in seen(client.get(address))  # what belongs to who attends
    client.post(address, {"purpose": "contact", "answer": "no", "channel": "phone"})
    assert [one.answer for one in applied.consents.order_by("pk")] == [True, False]
    seat = services.enrol(
        trainee=make.trainee("Sevgi", "Aksoy"), course=to, application=applied, by=officer
    )
    assert services.answers_of(seat.trainee)[Purpose.CONTACT].answer is False


def test_under_18_an_application_names_the_guardian_who_signs_at_the_seat(client, officer, to):
    year = timezone.localdate().year - 17
    page = go_on(client, APPLICATION, opened(client, APPLICATION, course=to), who="Sevgi Aksoy")
    typed = {"phone": "0532 123 45 67", "birth_year": year, "consent_contact": "yes"}
    asked = go_on(client, APPLICATION, page, **typed)
    assert "velisinin adını" in seen(asked, 422)
    guardian = {
        "guardian_name": "Ayla Aksoy",
        "guardian_relation": "anne",
        "guardian_phone": "05331112200",
    }
    application = done(go_on(client, APPLICATION, asked, **guardian))
    assert ("Ayla Aksoy (anne)", application.guardian_phone, False) in phones_of(application)
    page = opened(client, ENROLMENT, application=application)
    assert 'value="Ayla Aksoy"' in seen(page)
    typed = {"identity_number": NUMBER, "birth_date": f"0112{year}", "guardian_permits": "on"}
    seat = done(go_on(client, ENROLMENT, page, **typed))
    assert seat.trainee.consents.get().guardian.name == "Ayla Aksoy"


def test_of_a_guardian_the_name_is_asked_and_only_of_who_may_be_under_18(client, officer, to):
    year = timezone.localdate().year
    page = go_on(client, APPLICATION, opened(client, APPLICATION, course=to), who="Sevgi Aksoy")
    typed = {"phone": "0532 123 45 67", "birth_year": year - 18}
    asked = go_on(client, APPLICATION, page, **typed, guardian_relation="anne")
    assert asked.context["form"].errors.keys() == {"guardian_name"}
    assert "data-guardian open" in seen(asked, 422) and 'value="anne"' in seen(asked, 422)
    wrong = go_on(client, APPLICATION, page, **typed | {"birth_year": "1985"}, guardian_phone="5")
    assert wrong.context["form"].errors.keys() == {"guardian_phone"}
    assert "data-guardian open" in seen(wrong, 422)
    grown_up = go_on(client, APPLICATION, asked, birth_year="1985", guardian_name="Ayla Aksoy")
    assert done(grown_up).guardian == {}


def test_a_number_is_not_looked_up_at_on_kayit(client, officer):
    page = go_on(client, APPLICATION, opened(client, APPLICATION), who=NUMBER)
    assert "Ön kayıtta kimlik numarası sorulmaz" in seen(page, 422)
    assert not AccessLog.objects.exists()


def test_a_full_course_gives_the_place_on_the_list(client, officer, to):
    to.capacity = 1
    to.save()
    make.enrolment(of=to)
    page = go_on(client, APPLICATION, opened(client, APPLICATION, course=to), who="Sevgi Aksoy")
    assert "dolu" in seen(page)
    answer = go_on(client, APPLICATION, page, phone="05321234567", birth_year="2012")
    assert "yaş" in seen(answer, 422)  # said at the field of the year
    answer = go_on(client, APPLICATION, page, phone="05321234567", birth_year="1985")
    assert "sıranız: 1" in seen(client.get(answer["Location"]))


def test_invented_applications_keep_nobody_out_who_calls(client, officer, to):
    """Four on one phone, one of them in her name and with a stranger's address."""
    typed = {"last_name": "Aksoy", "phone": "05321234567", "birth_year": 1985}
    for name in ("Sevgi", "Ali", "Veli", "Can"):
        services.apply(course=to, first_name=name, email="yabanci@example.org", **typed)
    page = go_on(client, APPLICATION, opened(client, APPLICATION, course=to), who="Sevgi Aksoy")
    page = client.post(at(APPLICATION), shown(page) | {"choose": "new"})
    answer = go_on(client, APPLICATION, page, phone="05321234567", birth_year="1984")
    application = done(answer)
    assert (application.first_name, application.email, application.birth_year) == (
        "Sevgi",
        "",
        1984,
    )
    assert application.state == ApplicationState.OFFERED and to.applications.count() == 4
    told = seen(client.get(answer["Location"]))
    assert "Ali Aksoy" in told and "Reddet" in told
    assert not Letter.objects.filter(kind="application", to="yabanci@example.org").exists()


def test_who_has_applied_already_is_named_with_the_way_to_it(client, officer, to):
    first = services.apply(course=to, **PERSON, birth_year=1985, by=officer)
    page = go_on(client, APPLICATION, opened(client, APPLICATION, course=to), who="Sevgi Aksoy")
    assert f'value="application:{first.pk}"' in seen(page)
    page = client.post(at(APPLICATION), shown(page) | {"choose": "new"})
    again = go_on(client, APPLICATION, page, phone=PERSON["phone"], birth_year="1985")
    assert reverse("admin:trainees_application_change", args=[first.pk]) in seen(again, 422)


# --- The counter ----------------------------------------------------------------------------------


def test_a_known_walk_in_is_found_chosen_and_enrolled(client, officer, to):
    who = registered(at_centre=to.centre)
    page = go_on(client, ENROLMENT, opened(client, ENROLMENT), who="yalcin 1122")
    assert "1980" in seen(page) and f'value="person:{who.pk}"' in seen(page)
    page = client.post(at(ENROLMENT), shown(page) | {"choose": f"person:{who.pk}"})
    page = go_on(client, ENROLMENT, page, which="kilim")  # the only one that fits is taken
    assert "100******46" in seen(page) and "20 boş yer" in seen(page)
    seat = done(go_on(client, ENROLMENT, page))
    assert (seat.trainee, seat.course) == (who, to)
    assert "Kaydedilen: Emine Yalçın" in seen(client.get(at(ENROLMENT, "counter_done", seat.pk)))


def test_of_whom_nothing_is_missing_a_course_is_chosen_and_saved_by_one_button(client, officer, to):
    who = registered(at_centre=to.centre)
    full = make.course(centre=to.centre, state="open", begin=to.begin, capacity=1)
    make.enrolment(of=full)
    page = opened(client, ENROLMENT, person=who)
    assert "ready=1" in seen(page)
    found = seen(client.post(at(ENROLMENT, "counter_search") + "?ready=1", {"which": ""}))
    assert f'name="save" value="course:{to.pk}"' in found
    assert f'name="save" value="course:{full.pk}"' not in found
    assert 'name="save"' not in seen(client.post(at(ENROLMENT, "counter_search"), {"which": ""}))
    seat = done(client.post(at(ENROLMENT), shown(page) | {"save": f"course:{to.pk}"}))
    assert (seat.trainee, seat.course) == (who, to)
    assert client.post(at(ENROLMENT), shown(page) | {"save": "course:x"}).status_code == 404


def test_what_stands_in_the_way_is_shown_before_a_course_is_saved_by_one_button(
    client, officer, to
):
    who = registered(at_centre=to.centre)
    other = make.course(centre=to.centre, state="open", begin=to.begin)
    make.enrolment(who, other)
    for course in (to, other):
        make.session(course, to.begin, time(9), time(12))
    page = opened(client, ENROLMENT, person=who)
    page = client.post(at(ENROLMENT), shown(page) | {"save": f"course:{to.pk}"})
    assert "çakış" in seen(page) and not to.enrolments.exists()
    assert done(go_on(client, ENROLMENT, page, override="Saatleri ayarlandı")).course == to


def test_a_minor_without_a_permission_is_not_saved_by_one_button(client, officer, to):
    born = timezone.localdate() - timedelta(days=17 * 365)
    who = registered(at_centre=to.centre, birth_date=born)
    mother = who.guardians.create(name="Ayla Yalçın", relation="anne")
    assert "ready=1" not in seen(opened(client, ENROLMENT, person=who))
    assert "ready=1" in seen(opened(client, APPLICATION, person=who))  # there nothing is asked
    mother.permission_on = timezone.localdate()
    mother.save()
    assert "ready=1" in seen(opened(client, ENROLMENT, person=who))


def test_somebody_of_whom_the_number_is_missing_is_not_saved_by_one_button(client, officer, to):
    who = make.enrolment(make.trainee(phone="05550001122"), make.course(centre=to.centre)).trainee
    assert "ready=1" not in seen(opened(client, ENROLMENT, person=who))


def test_somebody_new_is_asked_everything_and_nothing_is_chosen_beforehand(client, officer, to):
    page = go_on(client, ENROLMENT, opened(client, ENROLMENT, course=to), who="Sevgi Aksoy")
    assert re.findall(r'value="([^"]*)"[^>]*checked', seen(page)) == ["in person"]  # the channel
    wrong = go_on(client, ENROLMENT, page, **NEW | {"identity_number": "10000000147"})
    assert "doğrulanamadı" in seen(wrong, 422) and 'value="Sevgi"' in seen(wrong, 422)
    answers = {"consent_name_label": "yes", "consent_photo": "no"}
    seat = done(go_on(client, ENROLMENT, wrong, **NEW, **answers))
    assert (str(seat.trainee), seat.trainee.masked_number) == ("Sevgi Aksoy", "100******46")
    recorded = {(one.purpose, one.answer, one.channel) for one in seat.trainee.consents.all()}
    assert recorded == {
        (Purpose.NAME_LABEL, True, Channel.IN_PERSON),
        (Purpose.PHOTO, False, Channel.IN_PERSON),
    }
    paper = whole(client.get(at(ENROLMENT, "counter_form", seat.pk)).content)
    assert "Sevgi Aksoy" in paper and "100******46" in paper and NUMBER not in paper


@pytest.mark.parametrize(
    ("number", "country", "kind"),
    [("99000000110", "", "ykn"), ("U1234567", "sy", "passport")],
)
def test_a_foreigner_by_card_or_passport(client, officer, to, number, country, kind):
    page = go_on(client, ENROLMENT, opened(client, ENROLMENT, course=to), who="WILLIAM SMITH")
    typed = NEW | {"first_name": "WILLIAM", "last_name": "SMITH", "identity_number": number}
    if country:
        assert "ülkesi" in seen(go_on(client, ENROLMENT, page, **typed), 422)
    seat = done(go_on(client, ENROLMENT, page, **typed, identity_country=country))
    assert (str(seat.trainee), seat.trainee.identity.kind) == ("William Smith", kind)


def test_a_number_finds_whose_it_is_at_any_centre_and_stands_on_no_page(client, officer, to):
    who = registered(OTHER_NUMBER)
    page = go_on(client, ENROLMENT, opened(client, ENROLMENT, course=to), who=OTHER_NUMBER)
    assert "E*** Y***" in seen(page) and "172******60" in seen(page)
    assert not any(said in seen(page) for said in (OTHER_NUMBER, "Emine", "0555 000 11 22"))
    assert AccessLog.objects.get(action=Access.FOUND_BY_NUMBER).by == officer
    seat = done(go_on(client, ENROLMENT, page))
    assert seat.trainee == who


@pytest.mark.parametrize("who", ["ayşe yılmaz {}", "ayşe {}", "{}x", "{} ı"])
def test_a_number_beside_a_name_is_asked_for_alone(client, officer, caplog, who):
    registered()
    html = seen(client.post(at(ENROLMENT), {"who": who.format(NUMBER)}), 422)
    assert "Kimlik numarasını tek başına" in html and 'id="who_error"' in html
    assert "Yalçın" not in html and NUMBER not in caplog.text
    assert not AccessLog.objects.filter(by=officer).exists()
    new = client.post(at(ENROLMENT), {"who": f"Ayşe {NUMBER}", "choose": "new"})
    assert NUMBER[1:] not in new.content.decode()  # not taken for a phone


@pytest.mark.parametrize("field", ["who", "which"])
@pytest.mark.parametrize("text", [" ".join(f"w{n}" for n in range(3000)), "ay\0şe", "\0"])
def test_what_nobody_types_is_cut_and_cleaned(client, officer, to, field, text):
    for kind in (APPLICATION, ENROLMENT):
        answer = client.post(at(kind), {field: text})
        assert answer.status_code in (200, 422) and "\0" not in answer.content.decode()
        assert client.post(at(kind, "counter_search"), {field: text}).status_code == 200


def test_a_number_typed_for_somebody_new_shows_who_has_it(client, officer, to):
    who = registered(NUMBER, at_centre=to.centre)
    page = go_on(client, ENROLMENT, opened(client, ENROLMENT, course=to), who="Sevgi Aksoy")
    page = go_on(client, ENROLMENT, page, **NEW)
    assert "Gelen kişi bu mu?" in seen(page) and "Emine Yalçın" in seen(page)
    assert not to.enrolments.exists()
    asked = go_on(client, ENROLMENT, page)  # the phone that was typed differs from the record
    recorded = asked.context["form"].fields["phone_counts"].choices[0][0]
    assert done(go_on(client, ENROLMENT, asked, phone_counts=recorded)).trainee == who


def test_under_18_the_guardian_is_asked_and_answers(client, officer, to):
    born = timezone.localdate() - timedelta(days=17 * 365)
    young = NEW | {"birth_date": f"{born:%d.%m.%Y}", "consent_photo": "yes"}
    page = go_on(client, ENROLMENT, opened(client, ENROLMENT, course=to), who="Sevgi Aksoy")
    assert "veli" in seen(go_on(client, ENROLMENT, page, **young), 422).lower()
    guardian = {"guardian_name": "Ayla Aksoy", "guardian_relation": "anne"}
    seat = done(go_on(client, ENROLMENT, page, **young, **guardian, guardian_permits="on"))
    assert seat.trainee.consents.get().guardian.name == "Ayla Aksoy"


def test_who_comes_for_an_offered_seat_is_found_by_the_application(client, officer, to):
    offered = services.apply(course=to, **PERSON, birth_year=1985, by=officer)
    page = go_on(client, ENROLMENT, opened(client, ENROLMENT), who="sevgi")
    page = client.post(at(ENROLMENT), shown(page) | {"choose": f"application:{offered.pk}"})
    assert 'value="Aksoy"' in seen(page) and "Kilim Dokuma" in seen(page)
    typed = {"identity_number": NUMBER, "birth_date": "05.06.1985"}
    seat = done(go_on(client, ENROLMENT, page, **typed))
    offered.refresh_from_db()
    assert (seat.application, offered.state) == (offered, ApplicationState.ENROLLED)


def test_what_stands_in_the_way_is_said_before_anything_is_typed(client, officer, to):
    """Hours that clash: the officer may set it aside, in writing."""
    who = registered(at_centre=to.centre)
    other = make.course(centre=to.centre, state="open", begin=to.begin)
    make.enrolment(who, other)
    for course in (to, other):
        make.session(course, to.begin, time(9), time(12))
    page = opened(client, ENROLMENT, course=to, person=who)
    assert "çakış" in seen(page) and 'name="override"' in seen(page)
    assert "çakış" in seen(go_on(client, ENROLMENT, page), 422)
    seat = done(go_on(client, ENROLMENT, page, override="Saatleri ayarlandı"))
    assert Override.objects.get().object == seat


def test_a_full_course_offers_the_list_instead(client, officer, to):
    to.capacity = 1
    to.save()
    make.enrolment(of=to)
    who = registered(at_centre=to.centre)
    page = opened(client, ENROLMENT, course=to, person=who)
    assert "Yedek listeye" in seen(page)
    application = done(go_on(client, ENROLMENT, page, waiting="1"))
    assert (application.trainee, application.state) == (who, ApplicationState.RECEIVED)


def test_nothing_typed_is_lost_by_choosing_another_course(client, officer, to):
    make.course(centre=to.centre, state="open", begin=to.begin, programme=make.programme("Ebru"))
    page = go_on(client, ENROLMENT, opened(client, ENROLMENT, course=to), who="Sevgi Aksoy")
    page = client.post(at(ENROLMENT), shown(page) | NEW | {"choose": "no course"})
    page = go_on(client, ENROLMENT, page, which="ebru")
    for typed in ("Sevgi", "0532 123 45 67", "05061985"):
        assert f'value="{typed}"' in seen(page)


def test_without_a_course_or_a_person_the_page_says_so(client, officer):
    page = go_on(client, ENROLMENT, opened(client, ENROLMENT))
    assert page.context["errors"] == [
        ("Kişi", "Bir ad ya da telefon yazın.", "who"),
        ("Kurs", "Kursu seçin.", "which"),
    ]
    assert "bulunamadı" in seen(go_on(client, ENROLMENT, page, which="olmayan kurs"), 422)


def test_a_course_that_is_over_is_refused_at_once_and_entered_with_the_day(client, officer, to):
    over = make.course(centre=to.centre, end=timezone.localdate() - timedelta(days=1))
    who = registered(at_centre=to.centre)
    page = opened(client, ENROLMENT, course=over, person=who)
    assert "son gün" in seen(page)
    seat = done(go_on(client, ENROLMENT, page, joined_on=f"{over.begin:%d%m%Y}"))
    assert seat.joined_on == over.begin


# --- Who is meant ---------------------------------------------------------------------------------

CARD = {"identity_number": NUMBER, "birth_date": "05.06.1985"}


def for_application(client, application):
    return opened(client, ENROLMENT, application=application)


def test_who_is_on_record_without_a_number_is_asked_about(client, officer, to):
    known = make.trainee("Sevgi-Nur", "Aksoy", phone="+905321234567")
    page = go_on(client, ENROLMENT, opened(client, ENROLMENT, course=to), who="Sevgi Nur Aksoy")
    page = client.post(at(ENROLMENT), shown(page) | {"choose": "new"})
    typed = NEW | {"first_name": "Sevginur"}
    asked = go_on(client, ENROLMENT, page, **typed)
    assert "Aynı kişi mi?" in seen(asked, 422) and not to.enrolments.exists()
    assert done(go_on(client, ENROLMENT, asked, same_as=known.pk)).trainee == known
    assert known.identity.number == NUMBER


def test_somebody_else_does_not_take_the_seat_of_the_applicant_unasked(client, officer, to):
    applied = services.apply(course=to, **PERSON, birth_year=1985, by=officer)
    page = for_application(client, applied)
    asked = go_on(client, ENROLMENT, page, **CARD, first_name="Fatma")
    assert 'name="is_applicant"' in seen(asked, 422) and not Trainee.objects.exists()
    seat = done(go_on(client, ENROLMENT, asked, is_applicant="no"))
    assert seat.application is None and to.applications.open().get() == applied


def test_an_open_application_that_may_be_theirs_is_asked_about(client, officer, to):
    who = registered(at_centre=to.centre, name="Ada Su")
    other = {"first_name": "Adasu", "last_name": "Yalçın", "phone": "05550001122"}
    offered = services.apply(course=to, **other, birth_year=1980, by=officer)
    page = opened(client, ENROLMENT, course=to, person=who)
    asked = go_on(client, ENROLMENT, page)
    assert "Adasu Yalçın" in seen(asked, 422) and not to.enrolments.exists()
    assert done(go_on(client, ENROLMENT, asked, theirs=offered.pk)).application == offered


def test_what_is_on_record_changes_only_after_both_were_shown_and_one_was_chosen(
    client, officer, to
):
    """Somebody of another centre: what is on record is masked."""
    who = registered(email="emine@example.org")
    page = go_on(client, ENROLMENT, opened(client, ENROLMENT, course=to), who=NUMBER)
    typed = {"phone": "0532 111 22 33", "email": "yeni@example.org"}
    asked = go_on(client, ENROLMENT, page, **typed)
    text = seen(asked, 422)
    assert "*** ** 22" in text and "e***@***" in text and "emine@" not in text
    assert "şimdi yazılan: 0532 111 22 33" in text

    def answer(name, kept):
        choices = [key for key, _label in asked.context["form"].fields[f"{name}_counts"].choices]
        return {f"{name}_counts": next(key for key in choices if key.startswith(kept))}

    chosen = answer("phone", "typed") | answer("email", "recorded")
    other = go_on(client, ENROLMENT, asked, **chosen, phone="0532 999 88 77")
    assert "id_phone_counts" in seen(other, 422)  # not the number that was chosen
    done(go_on(client, ENROLMENT, asked, **chosen))
    who.refresh_from_db()
    assert (who.phone.as_e164, who.email) == ("+905321112233", "emine@example.org")


def test_who_waits_is_not_seated_before_others_but_by_a_written_reason(client, officer, to):
    to.capacity = 2
    to.save()
    for name in ("Zehra", "Hatice", "Emine", "Sevgi"):
        facts = PERSON | {"first_name": name, "birth_year": 1985}
        last = services.apply(course=to, **facts, by=officer)
    page = for_application(client, last)
    full = go_on(client, ENROLMENT, page, **CARD, override="Öğretmenin isteği")
    assert "Kurs dolu. Kursiyer zaten yedek listede, 2. sırada" in seen(full, 422)
    over = timezone.now() - timedelta(minutes=1)
    to.applications.filter(first_name="Zehra").update(offer_until=over)
    refused = go_on(client, ENROLMENT, page, **CARD)
    assert "zaten yedek listede, 2. sırada" in seen(refused, 422)
    assert 'name="override"' in seen(refused, 422) and not Trainee.objects.exists()
    seat = done(go_on(client, ENROLMENT, refused, override="Öğretmenin isteği"))
    assert (seat.application, Override.objects.get().reason) == (last, "Öğretmenin isteği")


def test_an_offer_that_has_ended_gives_no_seat(client, officer, to):
    offered = services.apply(course=to, **PERSON, birth_year=1985, by=officer)
    page = for_application(client, offered)
    over = timezone.now() - timedelta(minutes=1)
    Application.objects.filter(pk=offered.pk).update(offer_until=over)
    assert "artık yer vermez" in seen(for_application(client, offered), 422)
    late = go_on(client, ENROLMENT, page, **CARD)
    assert "artık yer vermez" in seen(late, 422) and not Trainee.objects.exists()


def test_nobody_is_enrolled_twice_or_in_a_course_that_is_planned(client, officer, to):
    who = registered(at_centre=to.centre)
    page = opened(client, ENROLMENT, course=to, person=who)
    done(go_on(client, ENROLMENT, page))
    assert "Bu kursa zaten kayıtlı." in seen(opened(client, ENROLMENT, course=to, person=who), 422)
    assert "Bu kursa zaten kayıtlı." in seen(go_on(client, ENROLMENT, page), 422)
    planned = make.course(centre=to.centre, state="planned")
    page = opened(client, ENROLMENT, course=planned, person=who)
    assert "planlandı" in seen(page)
    assert "planlandı" in seen(go_on(client, ENROLMENT, page), 422)


# --- Who may, and what it costs -------------------------------------------------------------------


@pytest.mark.parametrize("kind", [APPLICATION, ENROLMENT])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.MANAGER, 200),
        (Role.OFFICER, 200),
        (Role.AUDITOR, 403),
        (Role.CURATOR, 403),
        (Role.TEACHER, 403),
    ],
)
def test_who_may_use_it(client, to, kind, role, status):
    client.force_login(make.user(role, centres=[to.centre] if role == Role.OFFICER else ()))
    for page in ("counter", "counter_notice"):
        assert client.get(at(kind, page)).status_code == status
    searched = client.post(at(kind, "counter_search"), {"who": "ay"})
    assert searched.status_code == status
    if role != Role.TEACHER:
        linked = at(kind) in client.get(reverse("admin:index")).content.decode()
        assert linked == (status == 200)


def test_what_is_not_theirs_is_404_and_not_found(client, officer, to):
    elsewhere = make.course(state="open", begin=to.begin, programme=make.programme("Kilim"))
    stranger = registered()
    applied = services.apply(course=elsewhere, **PERSON, birth_year=1985, by=None)
    for chosen in ({"course": elsewhere}, {"person": stranger}, {"application": applied}):
        assert opened(client, ENROLMENT, **chosen).status_code == 404
    assert opened(client, ENROLMENT, course="9" * 30).status_code == 404
    sealed = {"person": stranger.pk, "card": "gAAAA-somebody-elses"}
    assert client.post(at(ENROLMENT), sealed).status_code == 404
    found = seen(client.post(at(ENROLMENT, "counter_search"), {"who": "Yalçın"}))
    assert "Emine" not in found
    found = seen(client.post(at(ENROLMENT, "counter_search"), {"which": "kilim"}))
    assert str(to) in found and str(elsewhere) not in found


@pytest.mark.parametrize(
    ("typed", "groups"),
    [("keçe a", {"A"}), ("keçe b mer", {"B"}), ("keçe", {"A", "B"}), ("keçe ö", set())],
)
def test_a_single_letter_is_a_group_or_begins_a_word(client, officer, to, typed, groups):
    felt = make.programme("Keçe")
    for group in "AB":
        make.course(centre=to.centre, state="open", begin=to.begin, programme=felt, group=group)
    answer = client.post(at(ENROLMENT, "counter_search"), {"which": typed})
    assert {course.group for course in answer.context["courses"].rows} == groups


def test_a_child_is_found_by_the_number_of_the_guardian(client, officer, to):
    young = registered(at_centre=to.centre)
    young.guardians.create(name="Ayla Yalçın", relation="anne", phone="+905331112200")
    answer = client.post(at(ENROLMENT, "counter_search"), {"who": "0533 111 22 00"})
    assert answer.context["people"].rows == [young]


def test_who_lost_the_right_meanwhile_gets_a_403(client, officer, to, monkeypatch):
    page = go_on(client, APPLICATION, opened(client, APPLICATION, course=to), who="Sevgi Aksoy")

    def not_allowed(**_facts):
        raise NotAllowed("Hayır")

    monkeypatch.setattr(services, "apply", not_allowed)
    typed = {"phone": "0532 123 45 67", "birth_year": "1985"}
    assert go_on(client, APPLICATION, page, **typed).status_code == 403


def test_the_search_asks_six_times_for_one_and_for_many(client, officer, to):
    def asked():
        with CaptureQueriesContext(connection) as caught:
            seen(client.post(at(ENROLMENT, "counter_search"), {"who": "yalçın"}))
        return len(caught)

    registered(at_centre=to.centre)
    services.apply(
        course=to,
        first_name="Ada",
        last_name="Yalçın",
        phone="05550001111",
        birth_year=1985,
        by=officer,
    )
    few = asked()
    for number in range(12):
        make.enrolment(make.trainee(f"Ad{number}", "Yalçın"), to)
    assert asked() == few <= 6

"""Certificates of participation by the services (DOMAIN.md §3): who gets one, and what comes after it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.services import make_year, propose_year
from izmek.models import Counter, Letter
from izmek.secrets import signing
from tests import factories as make
from tests.refusals import refused
from trainees import certificate_text, services
from trainees.enums import CallAnswer, CertificateState, EnrolmentState
from trainees.models import CallAttempt, Certificate, Enrolment, Signatory, Trainee
from trainees.queries.calls import people_to_call
from trainees.queries.certificates import CALLED_WITHIN, WAITS, without_certificate

pytestmark = pytest.mark.django_db


def today(offset=0):
    return timezone.localdate() + timedelta(days=offset)


@pytest.fixture
def course():
    return make.course("finished", begin=today(-130), end=today(-10))


def seat(course, name="Zeynep", state=EnrolmentState.COMPLETED, **fields):
    return make.enrolment(make.trainee(name, "Ak", **fields), course, state=state)


def issue(course, *seats):
    return services.issue_certificates(course=course, enrolments=seats, by=None)


def test_who_signs_goes_on_into_a_year_that_is_made_and_is_changed_there_alone(course):
    last, (year, terms) = course.term.year, propose_year()
    for order, (name, office) in enumerate([("Ayşe Örnek", "Başkan"), ("Ali Örnek", "Müdür")]):
        Signatory.objects.create(year=last, order=order, name=name, office=office)
    make_year(year=year, terms=terms, holidays=[], by=None)
    signed = [(one.name, one.office) for one in year.signatories.order_by("order")]
    assert signed == [("Ayşe Örnek", "Başkan"), ("Ali Örnek", "Müdür")]
    year.signatories.all().delete()
    assert last.signatories.count() == 2


# --- Who gets one -----------------------------------------------------------------------------


def test_each_seat_is_told_whether_its_outcome_earns_one(course):
    seat(course, "Ayşe")
    for name, state in (("Bahar", "transcript"), ("Çiğdem", "absent")):
        seat(course, name, state)
    make.enrolment(
        make.trainee("Canan", "Ak"), course, state="failed", state_reason="3 modülün notu yok."
    )
    issue(course, seat(course, "Ebru"))
    strange = seat(course, "Filiz 🌷")
    erased = seat(course, "Gül")
    erased.trainee.anonymised_at = timezone.now()
    erased.trainee.save()
    found = {one.enrolment.trainee.first_name: one for one in services.preview_certificates(course)}
    assert [*found] == ["Ayşe", "Bahar", "Canan", "Çiğdem", "Ebru", "Filiz 🌷", "Gül"]
    assert [name for name, one in found.items() if not one.why_not] == ["Ayşe", "Filiz 🌷"]
    assert found["Canan"].why_not.endswith(" 3 modülün notu yok.")
    assert "transkript" in found["Bahar"].why_not and "-000001" in found["Ebru"].why_not
    assert found["Ayşe"].is_proposed
    assert "🌷" in found["Filiz 🌷"].warning and not found["Filiz 🌷"].is_proposed
    (made,) = issue(course, strange)  # whoever wants it all the same
    assert (
        made.content["name"] == "Filiz Ak"
    )  # as it is printed, so that the paper says what is signed


def test_a_course_without_modules_asks_for_attendance_alone():
    course = make.course(begin=today(-130), end=today(-10))
    here, away = (make.enrolment(make.trainee(name), course) for name in ("Ayşe", "Bahar"))
    lesson = make.session(course, today(-20), lesson_hours=40)
    away.absences.create(session=lesson, hours=40)
    services.finish_course(course=course, by=None)
    earned = [one.enrolment for one in services.preview_certificates(course) if not one.why_not]
    assert earned == [here]


# --- Issuing ----------------------------------------------------------------------------------


def test_numbers_follow_the_names_without_a_gap_and_the_content_is_frozen(course):
    last, first = seat(course, "Zehra"), seat(course, "Ayşe")
    made = issue(course, last, first)
    year = today().year
    assert [(one.number, one.name) for one in made] == [
        (f"{year}-000001", "Ayşe Ak"),
        (f"{year}-000002", "Zehra Ak"),
    ]
    one = Certificate.objects.get(pk=made[0].pk)
    assert one.content == {
        "number": one.number,
        "code": one.code,
        "name": "Ayşe Ak",
        "programme": course.programme.name,
        "field": "El Sanatları Teknolojisi",
        "hours": 120,
        "begin": course.begin.isoformat(),
        "end": course.end.isoformat(),
        "centre": course.centre.name,
        "year": course.term.year.name,
        "issued": today().isoformat(),
    }
    assert len(one.code.replace("-", "")) == 16
    read = certificate_text.read(certificate_text.address(one))
    assert (read.verdict, read.content) == ("genuine", one.content)
    assert Certificate.history.filter(id=one.pk).count() == 1


def test_what_earns_none_or_has_one_is_refused_and_takes_no_number(course):
    done, failed = seat(course), seat(course, "Bahar", "failed")
    sentence = refused(
        "earned", services.issue_certificates, course=course, enrolments=[done, failed], by=None
    )
    assert "Bahar Ak" in sentence
    assert not Certificate.objects.exists() and not Counter.objects.filter(last__gt=0).exists()
    issue(course, done)
    facts = {"course": course, "by": None}
    refused("earned", services.issue_certificates, enrolments=[done], **facts)
    refused("none", services.issue_certificates, enrolments=[], **facts)
    refused("none", services.issue_certificates, enrolments=[seat(make.course())], **facts)
    running = seat(make.course())
    refused(
        "state", services.issue_certificates, course=running.course, enrolments=[running], by=None
    )


def test_without_a_key_that_signs_none_is_issued(course, settings):
    settings.CERTIFICATE_KEYS = [signing.retired(settings.CERTIFICATE_KEYS[0])]
    facts = {"course": course, "enrolments": [seat(course)], "by": None}
    refused("key", services.issue_certificates, **facts)
    assert not Certificate.objects.exists()


# --- Afterwards -------------------------------------------------------------------------------


def test_a_revoked_one_is_not_valid_and_another_is_issued_only_by_choice(course):
    (one,) = issue(course, seat(course))
    refused("reason", services.revoke_certificate, certificate=one, reason=" ", by=None)
    one = services.revoke_certificate(certificate=one, reason="Yanlış kişi", by=None)
    assert (one.state, one.state_reason) == (CertificateState.REVOKED, "Yanlış kişi")
    refused("state", services.revoke_certificate, certificate=one, reason="Yine", by=None)
    (candidate,) = services.preview_certificates(course)
    assert not candidate.why_not and not candidate.is_proposed
    assert "Yanlış kişi" in candidate.warning
    (again,) = issue(course, candidate.enrolment)
    assert again.number != one.number


def test_a_replaced_one_says_by_which_and_the_new_one_has_the_name_of_today(course):
    done = seat(course)
    (old,) = issue(course, done)
    services.correct_name(trainee=done.trainee, first_name="Zeynep", last_name="Öz", by=None)
    new = services.replace_certificate(certificate=old, reason="Soyadı değişti", by=None)
    old.refresh_from_db()
    assert (old.state, old.replaced_by) == (CertificateState.REPLACED, new)
    assert (old.content["name"], new.content["name"]) == ("Zeynep Ak", "Zeynep Öz")
    assert certificate_text.read(new.signed).content == new.content
    assert new.number.endswith("-000002") and new.code != old.code


def test_what_has_changed_since_its_issue_is_told(course):
    done, other = seat(course), seat(course, "Filiz 🌷")
    _same, old = issue(course, done, other)  # in the order of names
    assert not any(one.warning for one in services.preview_certificates(course))
    services.correct_name(trainee=done.trainee, first_name="Zeynep", last_name="Öz", by=None)
    found = {one.enrolment: one for one in services.preview_certificates(course)}
    assert "soyadı" in found[done].warning and not found[other].warning
    services.replace_certificate(certificate=old, reason="Soyadı değişti", by=None)
    assert not any(one.warning for one in services.preview_certificates(course))
    course.end = today(-9)
    course.save()
    warnings = [one.warning for one in services.preview_certificates(course)]
    assert len(warnings) == 2 and all("Son gün" in one for one in warnings)


def test_of_somebody_without_a_name_it_is_neither_issued_nor_replaced_nor_due(course):
    done, never = seat(course), seat(course, "Ayşe")
    (one,) = issue(course, done)
    for row in (done, never):
        row.trainee.anonymised_at = timezone.now()
        row.trainee.save()
    refused("earned", services.replace_certificate, certificate=one, reason="Kayıp", by=None)
    refused("earned", services.issue_certificates, course=course, enrolments=[never], by=None)
    assert not Enrolment.objects.filter(without_certificate()).exists()
    assert not Certificate.objects.unearned().exists()  # the outcome is as it was


def test_of_an_outcome_that_earns_none_it_is_not_replaced_but_told_on_the_first_page(course):
    done, kept = seat(course), seat(course, "Ayşe")
    (one,) = issue(course, done)
    issue(course, kept)
    services.reopen_course(course=course, reason="Not hatası", by=None)
    assert Certificate.objects.valid().count() == 2  # the others need no new number
    course.modules.create(name="Temel teknikler", hours=20)
    module = course.modules.get()
    services.set_mark(enrolment=kept, module=module, value="80", by=None)
    services.finish_course(course=course, by=None)
    assert [*Certificate.objects.unearned()] == [one]
    refused("earned", services.replace_certificate, certificate=one, reason="Ad", by=None)
    services.revoke_certificate(certificate=one, reason="Not düzeltildi", by=None)
    assert not Certificate.objects.unearned().exists()


def test_handed_over_once_and_taken_back_as_easily(course):
    by, other = make.user("yonetici"), make.user("yonetici")
    (one,) = issue(course, seat(course))
    hand = services.hand_over_certificate
    for day in (today(1), today(-1)):
        refused("day", hand, certificate=one, on=day, by=by)
    hand(certificate=one, by=by)
    one = hand(certificate=one, by=other)
    assert (one.handed_over_on, one.handed_over_by) == (today(), by)
    one = services.take_back_hand_over(certificate=one, by=by)
    assert (one.handed_over_on, one.handed_over_by) == (None, None)
    hand(certificate=one, by=by)
    services.revoke_certificate(certificate=one, reason="Yanlış", by=by)
    refused("state", hand, certificate=one, by=by)
    refused("state", services.take_back_hand_over, certificate=one, by=by)


def test_a_mistaken_hand_over_undone_calls_nobody_but_a_replaced_one(course):
    first, second, lost = issue(course, seat(course, "Ayşe"), seat(course, "Bahar"), seat(course))
    new = services.replace_certificate(certificate=lost, reason="Kayboldu", by=None)

    def called():
        rows = Certificate.objects.to_hand_over().filter(call_from__isnull=False)
        return {*rows.values_list("pk", flat=True)}

    for one in (first, second):
        services.hand_over_certificate(certificate=one, by=None)
    services.take_back_hand_over(certificate=first, by=None)
    assert called() == {first.pk, new.pk}  # the other one was handed over
    services.take_back_hand_over(certificate=second, by=None)
    assert called() == {new.pk}


def test_who_has_not_collected_while_others_have_is_called_and_later_called_again(course):
    user = make.user("yonetici")
    first, late = issue(course, seat(course, "Ayşe"), seat(course, "Bahar"))

    def waiting():
        return people_to_call(user, kind="certificate", course=course.pk).count()

    def after_a_while():
        Certificate.objects.filter(call_from__isnull=False).update(call_from=today())

    assert Certificate.objects.filter(call_from=None).count() == 2  # before the ceremony nobody is
    services.hand_over_certificate(certificate=first, by=user)
    late.refresh_from_db()
    assert late.call_from == today() + WAITS and waiting() == 0
    after_a_while()
    assert waiting() == 1
    said = {"certificates": [late], "phone": "", "by": user}
    services.answer_calls(answer=CallAnswer.NO_ANSWER, **said)
    assert waiting() == 1
    services.answer_calls(answer=CallAnswer.REACHED, **said)
    assert (
        waiting() == 0 and CallAttempt.objects.filter(trainee=late.enrolment.trainee).count() == 2
    )
    after_a_while()
    assert waiting() == 1
    long_ago = timezone.now() - CALLED_WITHIN - timedelta(days=1)
    Certificate.objects.update(issued_at=long_ago)
    assert waiting() == 0  # only who looks finds it
    Certificate.objects.update(issued_at=timezone.now())
    Trainee.objects.update(anonymised_at=timezone.now())
    assert waiting() == 0
    Trainee.objects.update(anonymised_at=None)
    assert waiting() == 1
    services.hand_over_certificate(certificate=late, by=user)
    assert waiting() == 0


def test_about_one_that_will_not_be_collected_nobody_is_called_whoever_collects_theirs(course):
    first, late = issue(course, seat(course, "Ayşe"), seat(course, "Bahar"))
    services.hand_over_certificate(certificate=first, by=None)
    services.will_not_collect_certificate(certificate=late, by=None)
    assert Certificate.history.filter(id=late.pk).latest().history_change_reason
    services.take_back_hand_over(certificate=first, by=None)
    services.hand_over_certificate(certificate=first, by=None)
    assert not Certificate.objects.to_call(today(3_000)).exists()
    services.reminded_of_certificate(certificate=late, by=None)
    assert [*Certificate.objects.to_call(today(14))] == [late]
    services.hand_over_certificate(certificate=late, by=None)
    refused("collected", services.will_not_collect_certificate, certificate=late, by=None)


def test_the_letter_names_page_and_code(course):
    done = seat(course, email="zeynep@example.org", phone="+905551112233")
    silent = seat(course, "Ülkü", email="ulku@example.org")
    other, mute, one = issue(course, done, silent, seat(course, "Öznur"))
    letter = services.mail_certificate(certificate=one, by=None)
    assert letter == Letter.objects.get() and letter.to == "zeynep@example.org"
    assert f"{reverse('own_certificate')}?kod={one.code}" in letter.text
    assert "Öznur Ak" in refused("email", services.mail_certificate, certificate=other, by=None)
    assert "Ülkü Ak" in refused("phone", services.mail_certificate, certificate=mute, by=None)


# --- Lists ------------------------------------------------------------------------------------


def test_people_are_called_by_centre_course_and_name_in_turkish_order():
    facts = {"begin": today(-130), "end": today(-10)}
    ilk, son = make.centre("Çınarlı"), make.centre("Iğdır")
    courses = [
        make.course("finished", centre=at, programme=make.programme(name), **facts)
        for at, name in ((son, "Ebru"), (ilk, "Şal"), (ilk, "Saz"))
    ]
    for course in courses:
        issue(course, seat(course, "Işık"), seat(course, "İpek"), seat(course, "Hatice"))
    rows = Certificate.objects.valid().in_calling_order()
    assert [(one.content["programme"], one.name.split()[0]) for one in rows] == [
        (programme, name)
        for programme in ("Saz", "Şal", "Ebru")
        for name in ("Hatice", "Işık", "İpek")
    ]
    assert Enrolment.objects.count() == 9
    assert rows.chosen(centre=ilk.pk).count() == 6
    assert rows.chosen(course=courses[0].pk, waiting=True).count() == 3

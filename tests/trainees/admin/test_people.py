"""The admin of the trainees app: numbers, consents and seats, by its pages."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from courses.models import Course, Session
from izmek.accounts.roles import Role
from izmek.acts import audit
from izmek.acts.enums import Access
from izmek.models import AccessLog
from tests import factories as make
from tests.forms import added, errors, shown, typed
from trainees import services
from trainees.models import (
    Absence,
    Application,
    Certificate,
    Consent,
    Enrolment,
    Identity,
    Mark,
    RollCall,
    Trainee,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both]

GOOD = "10000000146"


def page(name, *args):
    return reverse(f"admin:trainees_{name}", args=args)


@pytest.fixture
def boss():
    return make.user("yonetici")


@pytest.fixture
def manager(client, boss):
    client.force_login(boss)
    return client


@pytest.fixture
def zeynep():
    return make.trainee("Zeynep", "Yıldız")


def numbered(trainee, by, number=GOOD):
    return services.record_identity(trainee=trainee, kind="tckn", number=number, by=by)


# --- Identity numbers -------------------------------------------------------------------------


def new_trainee(client, **more):
    first = {"first_name": "Ayşe", "last_name": "Işık", "birth_date": "05.06.1980"}
    data = typed(client.get(page("trainee_add")), **first | more)
    return client.post(page("trainee_add"), data)


@pytest.mark.parametrize("more", [{"phone": "0555 111 22 33"}, {"birth_date": "05.06.1980"}])
def test_somebody_who_may_be_on_record_is_asked_about_before_she_is_added(manager, more):
    born = {"birth_date": date(1980, 6, 5)}
    known = make.trainee("Ayşe Nur", "Işık", phone="+905551112233", **born)
    typed_in = {"first_name": "Ayşenur", "birth_date": "06.06.1980", **more}
    answer = new_trainee(manager, **typed_in)
    assert list(errors(answer)) == ["somebody_else"]
    page_text = answer.content.decode()
    assert page("trainee_change", known.pk) in page_text and "1980" in page_text
    assert 'type="checkbox" name="somebody_else"' in page_text
    assert Trainee.objects.count() == 1
    assert new_trainee(manager, **typed_in, somebody_else="on").status_code == 302
    assert Trainee.objects.count() == 2


def test_who_is_on_record_elsewhere_is_not_named_in_full(client):
    born = {"birth_date": date(1980, 6, 5)}
    known = make.trainee("Ayşe", "Işık", phone="+905551112233", **born)
    make.enrolment(known)
    client.force_login(make.user("merkez-sorumlusu", centres=[make.centre()]))
    found = new_trainee(client)
    (sentence,) = errors(found)["somebody_else"]
    assert "A*** I***, 1980, … 33" in sentence
    assert page("trainee_change", known.pk) not in found.content.decode()


@pytest.mark.sqlite
def test_a_person_is_not_copied(manager, zeynep):
    assert "?copy=" not in manager.get(page("trainee_change", zeynep.pk)).content.decode()


def test_a_trainee_is_entered_with_her_number(manager, boss):
    answer = new_trainee(manager, identity_kind="tckn", identity_number="100 000 001 46")
    assert answer.status_code == 302, errors(answer)
    ayse = Trainee.objects.get()
    assert ayse.identity.number == GOOD
    assert AccessLog.objects.get().by == boss
    text = manager.get(page("trainee_change", ayse.pk)).content.decode()
    assert "100******46" in text
    assert GOOD not in text


@pytest.mark.sqlite
def test_nobody_is_born_tomorrow(manager):
    assert list(errors(new_trainee(manager, birth_date="05.06.2985"))) == ["birth_date"]


def test_a_number_is_not_needed(manager):
    assert new_trainee(manager).status_code == 302
    assert not Identity.objects.exists()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("11111111110", "aynı rakamdan"),
        ("١٠٠٠٠٠٠٠١٤٦", "0-9"),  # Arabic-Indic digits
        ("1000000014", "11"),
        ("10000000147", "doğrulanamadı"),
        ("00000000000", "0"),
        ("99000000000", "99"),
    ],
)
def test_an_impossible_number_is_refused_at_its_field(manager, number, words):
    answer = new_trainee(manager, identity_kind="tckn", identity_number=number)
    assert list(errors(answer)) == ["identity_number"]
    assert words in errors(answer)["identity_number"][0]
    assert shown(answer)["first_name"] == "Ayşe"  # nothing typed is lost
    assert not Trainee.objects.exists()


def test_the_number_of_another_trainee_is_refused(manager, boss, zeynep):
    numbered(zeynep, boss)
    answer = new_trainee(manager, identity_kind="tckn", identity_number=GOOD)
    assert list(errors(answer)) == ["identity_number"]
    assert Trainee.objects.count() == 1


@pytest.mark.sqlite
def test_a_passport_needs_its_country(manager):
    answer = new_trainee(manager, identity_kind="passport", identity_number="U1234567")
    assert list(errors(answer)) == ["identity_country"]


def test_the_number_changes_by_an_act_alone(manager, boss, zeynep):
    assert "identity_number" not in shown(manager.get(page("trainee_change", zeynep.pk)))
    act = page("trainee_act", zeynep.pk, "record_identity")
    wrong = manager.post(act, {"identity_kind": "tckn", "identity_number": "123"})
    assert list(errors(wrong)) == ["identity_number"]
    right = manager.post(act, {"identity_kind": "tckn", "identity_number": GOOD})
    assert right.status_code == 302
    zeynep.refresh_from_db()
    assert zeynep.identity.number == GOOD


def test_the_full_number_is_shown_once_to_someone_with_a_reason(manager, boss, zeynep):
    numbered(zeynep, boss)
    act = page("trainee_act", zeynep.pk, "see_identity")
    assert GOOD not in manager.get(act).content.decode()
    assert GOOD not in manager.post(act, {"reason": ""}).content.decode()
    answer = manager.post(act, {"reason": "MEB belgesi için"})
    assert GOOD in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    entry = AccessLog.objects.get(action=Access.IDENTITY_SEEN)
    assert (entry.by, entry.reason, entry.whose) == (boss, "MEB belgesi için", zeynep)


def test_a_trainee_is_found_by_her_number_without_it_standing_in_an_address(manager, boss, zeynep):
    numbered(zeynep, boss)
    find = page("trainee_find")
    answer = manager.post(find, {"identity_kind": "tckn", "identity_number": GOOD})
    assert answer["Location"] == page("trainee_change", zeynep.pk)
    unknown = manager.post(find, {"identity_kind": "tckn", "identity_number": "17291716060"})
    assert list(errors(unknown)) == ["identity_number"]
    # Typed into the search box it is thrown away.
    answer = manager.get(page("trainee_changelist"), {"q": f"zeynep {GOOD}"})
    assert answer["Location"] == find


@pytest.mark.parametrize(
    "typed_in",
    ["0555 111 22 33", "05551112233", "5551112233", "+905551112233", "0090 555 111 22 33", "22 33"],
)
def test_a_phone_finds_the_trainee_and_the_application_in_any_spelling(manager, typed_in):
    hers = make.trainee("Zeynep", "Kaya", phone="+905551112233")
    make.trainee("Ayla", "Kaya", phone="+905554445566")
    course = make.course(state="open", begin=timezone.localdate() + timedelta(days=9))
    for name, phone in (("Zeynep", "+905551112233"), ("Ayla", "+905554445566")):
        application = {"first_name": name, "last_name": "Kaya", "phone": phone, "birth_year": 1980}
        services.apply(course=course, **application)
    for table, more in (("trainee", {}), ("application", {"year": "all"})):
        answer = manager.get(page(f"{table}_changelist"), {"q": typed_in} | more)
        assert [str(row) for row in answer.context["cl"].result_list] == [str(hers)]


def test_an_officer_does_not_find_the_trainees_of_other_centres(client, boss, zeynep):
    numbered(zeynep, boss)
    make.enrolment(zeynep)
    client.force_login(make.user("merkez-sorumlusu", centres=[make.centre()]))
    answer = client.post(page("trainee_find"), {"identity_kind": "tckn", "identity_number": GOOD})
    assert list(errors(answer)) == ["identity_number"]


@pytest.mark.parametrize("role", ["denetci", "sergi-sorumlusu"])
def test_who_only_reads_sees_no_number(client, boss, zeynep, role):
    numbered(zeynep, boss)
    client.force_login(make.user(role))
    act = page("trainee_act", zeynep.pk, "see_identity")
    assert client.post(act, {"reason": "Merak"}).status_code == 403
    answer = client.get(page("trainee_changelist"))
    assert answer.status_code == (200 if role == "denetci" else 403)
    assert GOOD not in answer.content.decode()


def test_a_support_need_is_recorded_and_seen_by_acts(manager, boss, zeynep):
    manager.post(
        page("trainee_act", zeynep.pk, "record_support"), {"support": "Rampaya yakın derslik"}
    )
    assert "Rampaya" not in manager.get(page("trainee_change", zeynep.pk)).content.decode()
    act = page("trainee_act", zeynep.pk, "see_support")
    assert "Rampaya yakın" in manager.post(act, {"reason": "Yerleştirme"}).content.decode()
    assert [entry.action for entry in AccessLog.objects.exclude(action=Access.SEEN)] == [
        "support seen",
        "support changed",
    ]


# --- Consents ---------------------------------------------------------------------------------


def consent(client, trainee, **data):
    data = {"purpose": "name web", "channel": "paper", "answer": "yes", "signed_on": ""} | data
    return client.post(page("trainee_act", trainee.pk, "record_consent"), data)


def test_an_answer_is_recorded_and_withdrawn_and_nothing_is_lost(manager, boss, zeynep):
    assert consent(manager, zeynep, signed_on="01.06.2026").status_code == 302
    assert consent(manager, zeynep, answer="no", channel="phone").status_code == 302
    assert [(row.answer, row.channel, row.by) for row in Consent.objects.order_by("pk")] == [
        (True, "paper", boss),
        (False, "phone", boss),
    ]
    page_of_hers = manager.get(page("trainee_consents", zeynep.pk)).content.decode()
    assert "imzalı kâğıt" in page_of_hers
    assert "telefonla" in page_of_hers


@pytest.mark.sqlite
def test_an_impossible_signing_day_is_refused_at_its_field(manager):
    born = make.trainee("Ayla", "Kaya", birth_date=date(1985, 6, 5))
    for day in ("01.01.0001", "04.06.1985"):
        assert list(errors(consent(manager, born, signed_on=day))) == ["signed_on"]
    assert not born.consents.exists()


def test_for_a_minor_the_guardian_answers(manager):
    elif_ = make.minor()
    refused = consent(manager, elif_)
    assert list(errors(refused)) == ["guardian"]
    guardian = elif_.guardians.get()
    assert consent(manager, elif_, guardian=guardian.pk).status_code == 302
    stranger = make.minor("Can", "Kaya").guardians.get()
    assert list(errors(consent(manager, elif_, guardian=stranger.pk))) == ["guardian"]


def test_a_teacher_answers_too(manager):
    teacher = make.teacher()
    act = reverse("admin:courses_teacher_act", args=[teacher.pk, "record_consent"])
    data = {"purpose": "name web", "channel": "paper", "answer": "yes", "signed_on": ""}
    assert manager.post(act, data).status_code == 302
    assert teacher.consents.get().answer is True


def test_an_officer_sees_the_consents_of_the_teachers_of_their_centres_alone(client):
    centre = make.centre()
    here, elsewhere = make.teacher("Hatice", "Demir"), make.teacher("Gül", "Taş")
    here.centres.add(centre)
    elsewhere.centres.add(make.centre())
    make.consent(here, "name web")
    make.consent(elsewhere, "name web")
    client.force_login(make.user(Role.OFFICER, centres=[centre]))
    listed = client.get(page("consent_changelist")).context["cl"].result_list
    assert [row.teacher for row in listed] == [here]
    own = client.get(reverse("admin:courses_teacher_change", args=[here.pk]))
    [consents] = [
        forms.formset
        for forms in own.context["inline_admin_formsets"]
        if forms.formset.model is Consent
    ]
    assert [form.instance.teacher for form in consents] == [here]


def test_consents_are_only_read(manager, zeynep):
    row = make.consent(zeynep, "name web")
    assert manager.get(page("consent_add")).status_code == 403
    assert manager.post(page("consent_change", row.pk), {"answer": "False"}).status_code == 403
    assert manager.post(page("consent_delete", row.pk), {"post": "yes"}).status_code == 403


# --- Seats ------------------------------------------------------------------------------------


def test_her_page_and_that_of_the_course_lead_to_the_counter(manager, zeynep):
    course = make.course()
    for row, of in ((zeynep, "person"), (course, "course")):
        name = f"{row._meta.app_label}_{row._meta.model_name}_act"
        for act, kind in (("enrol", "enrolment"), ("take_application", "application")):
            answer = manager.get(reverse(f"admin:{name}", args=[row.pk, act]))
            counter = reverse(f"admin:trainees_{kind}_counter")
            assert answer["Location"] == f"{counter}?{of}={row.pk}"


@pytest.mark.sqlite
def test_seats_are_only_read_and_never_typed(manager):
    seat = make.enrolment()
    assert manager.get(page("enrolment_change", seat.pk)).status_code == 200
    assert manager.post(page("enrolment_change", seat.pk), {"state": "failed"}).status_code == 403
    assert manager.post(page("enrolment_delete", seat.pk), {"post": "yes"}).status_code == 403


def test_an_officer_sees_only_the_seats_of_her_centre_on_a_trainees_page(client, zeynep):
    mine = make.centre()
    make.enrolment(zeynep, make.course(centre=mine, programme=make.programme("Benimki")))
    make.enrolment(zeynep, make.course(programme=make.programme("Ötekiler")))
    client.force_login(make.user("merkez-sorumlusu", centres=[mine]))
    text = client.get(page("trainee_seats", zeynep.pk)).content.decode()
    assert "Benimki" in text
    assert "Ötekiler" not in text


# --- Persons ----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["isik", "ISIK", "IŞIK", "ayse isik", "Ayşe"])
def test_names_are_found_however_they_are_typed(manager, zeynep, words):
    ayse = make.trainee("Ayşe", "Işık")
    rows = manager.get(page("trainee_changelist"), {"q": words}).context["cl"].result_list
    assert list(rows) == [ayse]


def test_guardians_are_entered_with_the_trainee(manager):
    young = f"{timezone.localdate() - timedelta(days=16 * 365):%d.%m.%Y}"
    data = typed(
        manager.get(page("trainee_add")), first_name="Elif", last_name="Kaya", birth_date=young
    )
    data = added(data, "guardians", {"name": "Ayla Kaya", "relation": "anne"})
    assert manager.post(page("trainee_add"), data).status_code == 302
    assert Trainee.objects.get().guardians.get().name == "Ayla Kaya"


@pytest.mark.sqlite
def test_a_phone_is_taken_as_people_write_it(manager, zeynep):
    form = manager.get(page("trainee_change", zeynep.pk))
    manager.post(page("trainee_change", zeynep.pk), typed(form, phone="(0555) 123-45-67"))
    zeynep.refresh_from_db()
    assert str(zeynep.phone.as_e164) == "+905551234567"
    assert "0555 123 45 67" in manager.get(page("trainee_changelist")).content.decode()


def test_a_text_that_was_shown_is_not_changed_any_more(manager, zeynep):
    from trainees.models import NoticeText

    text = NoticeText.objects.create(kind="consent", version=9, language="tr", text="Metin")
    assert "text" in shown(manager.get(page("noticetext_change", text.pk)))
    make.consent(zeynep, "name web", notice=text)
    assert "text" not in shown(manager.get(page("noticetext_change", text.pk)))


@pytest.mark.parametrize("wrong", [{"purpose": "name wall"}, {"channel": "rumour"}])
def test_a_consent_to_nothing_we_know_is_refused(wrong):
    facts = {"purpose": "name web", "channel": "paper"} | wrong
    with pytest.raises(ValidationError):
        services.give_consent(trainee=make.trainee(), by=None, **facts)
    assert not Consent.objects.exists()


IN_ORDER = ["Ahşap", "Çini", "Ihlamur Baskı", "İğne Oyası"]


@pytest.mark.parametrize(
    "model", [Application, Enrolment, Session, RollCall, Absence, Mark, Certificate]
)
def test_a_list_is_sorted_by_the_name_of_the_course(manager, model):
    for name in ("Çini", "İğne Oyası", "Ahşap", "Ihlamur Baskı"):
        of = make.course(programme=make.programme(name))
        lesson, seat = make.session(of), make.enrolment(make.trainee(name, "Or"), of)
        RollCall.objects.create(session=lesson)
        Absence.objects.create(enrolment=seat, session=lesson, hours=1)
        module = of.modules.create(name="Modül", hours=40)
        Mark.objects.create(enrolment=seat, module=module, value=50)
        Certificate.objects.create(enrolment=seat, number=name, code=name, content={})
        phone = {"phone": "05551112233", "birth_year": 1985, "reference": name}
        of.applications.create(first_name=name, last_name="Or", **phone)
    address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
    place = manager.get(address).context["cl"].list_display.index("course")
    for order, expected in ((place, IN_ORDER), (-place, IN_ORDER[::-1])):
        rows = manager.get(address, {"o": order, "year": "all"}).context["cl"].result_list
        assert [programme_of(row) for row in rows] == expected


def programme_of(row):
    row = getattr(row, "enrolment", row)
    return getattr(row, "session", row).course.programme.name


# --- Who saw it --------------------------------------------------------------------------------


def test_who_saw_a_person_is_one_page(client, manager, boss, zeynep):
    """By every row of theirs, in the days that are asked, with names; a second record's too."""
    seat = make.enrolment(zeynep, make.course())
    other = make.trainee("Zeynep", "Yıldırım")
    Trainee.everyone.filter(pk=other.pk).update(merged_into=zeynep)
    may = datetime(2026, 5, 31, 20, 30, tzinfo=UTC)  # 23.30 here
    for row, reason, at in (
        (zeynep, "Mayısta", may),
        (seat, "Haziranda", may + timedelta(hours=1)),
        (other, "İkinci kayıt", may),
    ):
        with time_machine.travel(at, tick=False):
            audit.log_access(Access.IDENTITY_SEEN, row, by=boss, reason=reason)
            audit.log_access_to_many(Access.EXPORTED, Course, [seat.course_id], by=boss)
    audit.log_access(Access.PRINTED, seat.course, by=boss, reason="İmza listesi")
    audit.log_access(Access.PRINTED, make.course(), by=boss, reason="Başka kurs")
    address = reverse("admin:trainees_trainee_looks", args=[zeynep.pk])
    everything = manager.get(address).content.decode()
    for said in ("Mayısta", "Haziranda", "İkinci kayıt", "İmza listesi", boss.username):
        assert said in everything
    assert "Başka kurs" not in everything
    in_may = manager.get(f"{address}?begin=01.05.2026&end=31.05.2026&action=identity+seen")
    assert "Mayısta" in in_may.content.decode() and "Haziranda" not in in_may.content.decode()
    assert manager.get(f"{address}?begin=x").status_code == 422
    log = reverse("admin:izmek_accesslog_changelist")
    listed = manager.get(f"{log}?whose=trainees.trainee:{zeynep.pk}").context["cl"]
    assert {entry.whose for entry in listed.result_list} == {zeynep}
    client.force_login(make.user(Role.OFFICER, centres=[seat.course.centre]))
    assert client.get(address).status_code == 403


def test_opening_the_pages_of_a_person_is_one_look(client, manager, boss, zeynep):
    seat = make.enrolment(zeynep, make.course())
    for tab in ("summary", "seats", "change", "history"):
        manager.get(reverse(f"admin:trainees_trainee_{tab}", args=[zeynep.pk]))
    manager.get(reverse("admin:trainees_enrolment_change", args=[seat.pk]))
    look = AccessLog.objects.get(action=Access.SEEN)
    assert (look.by, look.whose, look.fields) == (boss, zeynep, "record")
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        manager.get(reverse("admin:trainees_enrolment_change", args=[seat.pk]))
    assert AccessLog.objects.filter(action=Access.SEEN).count() == 2
    client.force_login(make.user(Role.CURATOR))  # who sees nobody has looked at nobody
    client.get(reverse("admin:trainees_trainee_change", args=[zeynep.pk]))
    assert AccessLog.objects.filter(action=Access.SEEN).count() == 2


def test_a_look_that_cannot_be_noted_is_not_shown(manager, zeynep, monkeypatch):
    monkeypatch.setattr(audit, "_OF_PERSON", "INSERT INTO nowhere SELECT %s")
    manager.raise_request_exception = False
    answer = manager.get(reverse("admin:trainees_trainee_summary", args=[zeynep.pk]))
    assert answer.status_code == 500 and "Zeynep" not in answer.content.decode()

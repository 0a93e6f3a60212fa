"""Names in public (DESIGN.md §3)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exhibitions.enums import NameForm, Surface
from exhibitions.models import Work
from izmek.acts.refusal import Refusal
from tests import factories as make
from trainees.enums import Purpose
from trainees.services import give_consent, withdraw_consent

pytestmark = pytest.mark.django_db


def name_of(work, surface=Surface.WEB):
    """How the first maker of a work is named on a surface."""
    return work.makers.with_public_names(surface).first().public_name


@pytest.mark.parametrize(
    ("wish", "answer", "shown"),
    [
        (NameForm.FULL, True, "Zeynep Yıldız"),
        (NameForm.SHORT, True, "Zeynep Y."),
        (NameForm.NONE, True, ""),
        (NameForm.FULL, False, ""),
        (NameForm.FULL, None, ""),
    ],
)
def test_the_lesser_of_wish_and_consent_shows(wish, answer, shown):
    maker = make.trainee()
    if answer is not None:
        make.consent(maker, Purpose.NAME_WEB, answer)
    assert name_of(make.work(makers=[maker], form=wish)) == shown


def test_label_and_web_ask_consents_of_their_own():
    maker = make.trainee()
    make.consent(maker, Purpose.NAME_LABEL)
    work = make.work(makers=[maker])
    assert name_of(work, Surface.LABEL) == "Zeynep Yıldız"
    assert name_of(work, Surface.WEB) == ""


def test_the_latest_answer_counts():
    maker, clerk = make.trainee(), make.user("yonetici")
    work = make.work(makers=[maker])
    told = {"purpose": Purpose.NAME_WEB, "channel": "paper", "by": clerk, "trainee": maker}
    give_consent(**told)
    assert name_of(work) == "Zeynep Yıldız"
    withdraw_consent(**told)
    assert name_of(work) == ""
    give_consent(**told)
    assert name_of(work) == "Zeynep Yıldız"


def test_a_minor_shows_first_name_and_initial_and_only_by_her_guardian():
    young = make.minor()
    work = make.work(makers=[young])
    with pytest.raises(Refusal):
        give_consent(purpose=Purpose.NAME_WEB, channel="paper", by=None, trainee=young)
    give_consent(
        purpose=Purpose.NAME_WEB,
        channel="paper",
        by=None,
        trainee=young,
        guardian=young.guardians.get(),
    )
    assert name_of(work) == "Elif K."


def test_the_guardians_consent_lapses_on_the_eighteenth_birthday():
    today = timezone.localdate()
    young = make.minor()
    make.consent(young, Purpose.NAME_WEB, guardian=young.guardians.get())
    work = make.work(makers=[young])
    young.birth_date = today.replace(year=today.year - 18, day=min(today.day, 28)) + timedelta(40)
    young.save()
    assert name_of(work) == "Elif K."
    young.birth_date = today.replace(year=today.year - 18, day=min(today.day, 28)) - timedelta(1)
    young.save()
    assert name_of(work) == ""
    make.consent(young, Purpose.NAME_WEB)
    assert name_of(work) == "Elif Kaya"


def test_search_finds_a_maker_only_as_she_is_named():
    full, short, silent = (
        make.trainee(first, last)
        for first, last in (("Şirin", "Taş"), ("Işık", "Çınar"), ("Gül", "Öz"))
    )
    for who in (full, short):
        make.consent(who, Purpose.NAME_WEB)
    works = [
        make.work("Bir", makers=[full]),
        make.work("İki", makers=[short], form=NameForm.SHORT),
        make.work("Üç", makers=[silent]),
    ]
    make.exhibition(works=works)

    def found(text):
        return [work.title for work in Work.objects.public().search(text)]

    assert found("sirin tas") == ["Bir"]
    assert found("isik") == ["İki"]
    assert found("cinar") == []
    assert found("gul") == found("oz") == []

"""Works and exhibitions: submitted, approved, published."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exhibitions import services
from exhibitions.enums import ExhibitionState, WorkState
from exhibitions.models import Exhibition, Work
from izmek.acts.refusal import Refusal
from tests import factories as make
from tests.refusals import refused
from trainees.enums import Purpose

pytestmark = pytest.mark.django_db


def test_a_work_gets_its_number_at_submission_and_keeps_it():
    work = make.work(state=WorkState.DRAFT)
    first = services.submit_work(work=work, by=None).number
    assert first.endswith("-0001")
    services.return_work(work=work, note="Ölçü eksik", by=None)
    assert services.submit_work(work=work, by=None).number == first
    assert services.submit_work(work=make.work(state=WorkState.DRAFT), by=None).number > first


def test_a_work_cannot_be_submitted_twice():
    work = make.work(makers=["3-B"], state=WorkState.SUBMITTED)
    with pytest.raises(Refusal):
        services.submit_work(work=work, by=None)


def test_a_work_is_public_by_its_approval_for_a_public_exhibition():
    draft = make.exhibition(state=ExhibitionState.DRAFT)
    work = make.work(makers=["3-B"], state=WorkState.SUBMITTED)
    assert not Work.objects.public().exists()
    services.approve_work(work=work, exhibition=draft, by=None)
    assert not Work.objects.public().exists()
    services.publish_exhibition(exhibition=draft, by=None)
    assert list(Work.objects.public()) == [work]
    services.withdraw_work(work=work, reason="Kursiyerin isteği", by=None)
    assert not Work.objects.public().exists()
    with pytest.raises(Refusal, match="geri çekilmiş"):
        services.withdraw_work(work=work, reason="Bir daha", by=None)
    services.unpublish_exhibition(exhibition=draft, by=None)
    with pytest.raises(Refusal, match="taslak"):
        services.unpublish_exhibition(exhibition=draft, by=None)


@pytest.mark.parametrize("way", ["withdrawn", "returned"])
def test_a_work_that_comes_back_is_approved_for_each_exhibition_anew(client, way):
    first, second = make.exhibition("Bahar"), make.exhibition("Güz")
    work = make.work(makers=["3-B"], state=WorkState.SUBMITTED)
    services.approve_work(work=work, exhibition=first, by=None)
    public = work.get_absolute_url()
    if way == "withdrawn":
        services.withdraw_work(work=work, reason="İstedi", by=None)
        assert client.get(public).status_code == 410
        services.readmit_work(work=work, by=None)
    else:
        services.return_work(work=work, note="Ölçüsünü yazın.", by=None)
        services.submit_work(work=work, by=None)
    assert client.get(public).status_code == 404
    services.approve_work(work=work, exhibition=second, by=None)
    assert work.title in client.get(second.get_absolute_url()).content.decode()
    assert work.title not in client.get(first.get_absolute_url()).content.decode()
    place = first.showings.get()
    assert (place.approved_at, place.history.count()) == (None, 2)


def test_a_work_joins_a_public_exhibition_with_its_photos_described():
    at = make.exhibition()
    work = make.work(makers=["3-B"], state=WorkState.SUBMITTED)
    photo = make.photo(work=work, alt="")
    with pytest.raises(Refusal, match="betimlemesi yok"):
        services.approve_work(work=work, exhibition=at, by=None)
    services.describe_photo(photo=photo, alt="Mavi karanfil", decorative=False, by=None)
    assert services.approve_work(work=work, exhibition=at, by=None).approved_at


def test_an_exhibition_without_a_word_about_it_is_not_published():
    draft = make.exhibition(state=ExhibitionState.DRAFT, text=" ")
    with pytest.raises(Refusal, match="metin"):
        services.publish_exhibition(exhibition=draft, by=None)


def test_an_exhibition_is_public_from_the_moment_chosen():
    draft = make.exhibition(state=ExhibitionState.DRAFT)
    tomorrow = timezone.now() + timedelta(days=1)
    services.publish_exhibition(exhibition=draft, by=None, publish_from=tomorrow)
    assert not Exhibition.objects.public().exists()
    services.publish_exhibition(exhibition=draft, by=None)
    assert Exhibition.objects.public().exists()


def test_no_note_is_longer_than_its_column():
    work = make.work(makers=["3-B"], state=WorkState.SUBMITTED)
    exhibition = make.exhibition()
    day = exhibition.begin
    refused("long", services.return_work, work=work, note="ş" * 501, by=None)
    refused("long", services.withdraw_work, work=work, reason="ş" * 501, by=None)
    early = {"exhibition": exhibition, "last_day": day, "by": None}
    refused("long", services.close_exhibition_early, note="ş" * 201, **early)
    for act in (services.postpone_exhibition, services.cancel_exhibition):
        refused("long", act, exhibition=exhibition, reason="ş" * 251, by=None)
    assert services.close_exhibition_early(note="ş" * 200, **early).date_note == "ş" * 200
    assert services.return_work(work=work, note="ş" * 500, by=None).state_note == "ş" * 500


def test_a_name_inside_a_title_waits_for_the_consent():
    maker = make.trainee()
    work = make.work("Zeynep Yıldız’ın örtüsü", makers=[maker], state=WorkState.SUBMITTED)
    show = make.exhibition()
    with pytest.raises(Refusal, match="Yıldız"):
        services.approve_work(work=work, exhibition=show, by=None)
    make.consent(maker, Purpose.NAME_WEB)
    services.approve_work(work=work, exhibition=show, by=None)

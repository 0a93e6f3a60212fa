"""A list is written while somebody types into the same record, on PostgreSQL with real threads."""

from functools import partial

import pytest
from django.db import transaction

from izmek.acts import imports
from izmek.acts.saving import save
from tests import factories as make
from tests.races.together import Interruption, at_once, without_locks
from tests.sheets import messy
from trainees.models import Enrolment, Identity, Trainee
from trainees.services.people import lock_trainee

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
LISTED, TYPED = "+905551234501", "+905551234509"


def write_and_type(monkeypatch):
    """The list fills a phone that was empty when it was judged; somebody types another one meanwhile."""
    known = make.trainee("Ayşe", "Yılmaz", phone="")
    rows = [["Kayıt numarası", "Ad Soyad", "Telefon"], [known.pk, "Ayşe Yılmaz", LISTED]]
    row = imports.take(kind="trainees", data=messy.xlsx(rows), name="liste.xlsx", by=None)
    imports.check(row=row, at_once=True)
    kind, meanwhile = imports.KINDS["trainees"], Interruption()
    real = kind.judge

    def judge(lines, run):
        real(lines, run)
        meanwhile()

    def type_phone():
        meanwhile.reached()
        with transaction.atomic():
            trainee = lock_trainee(known)
            trainee.phone = TYPED
            save(trainee, by=None)
        meanwhile.acted()

    monkeypatch.setattr(kind, "judge", judge)
    assert at_once(partial(imports.write, row=row, at_once=True), type_phone)[1] is None
    known.refresh_from_db()
    assert row.rows.get().state == "written"
    return known.phone.as_e164


def test_what_is_typed_meanwhile_stays(monkeypatch, media):
    assert write_and_type(monkeypatch) == TYPED


def test_without_the_lock_it_would_be_lost(monkeypatch, media):
    without_locks(monkeypatch)
    assert write_and_type(monkeypatch) == LISTED


def test_two_clerks_with_the_same_list_at_the_same_time(media):
    """Both have checked it and see new people; each row is written once, whoever is faster."""
    make.course(number="41-001", capacity=20)
    rows = []
    for _clerk in range(2):
        row = imports.take(kind="trainees", data=messy.plain(), name="liste.xlsx", by=None)
        rows.append(imports.check(row=row, at_once=True))
    assert at_once(*(partial(imports.write, row=row, at_once=True) for row in rows)) == rows
    assert Trainee.objects.count() == Enrolment.objects.count() == Identity.objects.count() == 3
    states = sorted(state for row in rows for state in row.rows.values_list("state", flat=True))
    assert states == ["same"] * 3 + ["written"] * 3

"""The record of processing: every column of every table is declared, and what follows from it."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse
from simple_history.models import HistoricalChanges

from izmek.accounts.roles import Role, granted_to
from izmek.privacy import destruction, record
from izmek.privacy.record import NOT_PERSONAL, Keep
from tests import factories

TABLES = [
    model
    for model in apps.get_models(include_auto_created=True)
    if not issubclass(model, HistoricalChanges)
]


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_every_column_is_declared(model):
    assert not record.undeclared(model), (
        f"{model._meta.label}: say of these columns in personal_data.py what they are for, or that they "
        "are about nobody"
    )


def test_a_history_table_follows_its_base():
    from trainees.models import Trainee

    assert record.of(Trainee.history.model) is record.of(Trainee)
    assert record.personal_fields(Trainee.history.model)["phone"].mask


@pytest.mark.parametrize("found", record.records(), ids=lambda found: found.label)
def test_who_opens_a_table_is_named(found):
    """Whoever may open the list of a table is among those who are told to see its columns."""
    app, name = found.model._meta.app_label, found.model._meta.model_name
    readers = {role for role in Role if f"{app}.view_{name}" in granted_to(role)}
    seen_by = {role for one in found.personal.values() for role in one.seen_by}
    if seen_by:
        assert readers <= seen_by


@pytest.mark.parametrize("found", record.records(), ids=lambda found: found.label)
def test_what_goes_can_go(found):
    """A column that is emptied may be empty; a reason stands beside what is kept."""
    for name, one in found.personal.items():
        if isinstance(one.erase, Keep):
            assert str(one.erase.reason)
        elif not found.erase_rows and not hasattr(one.erase, "words"):
            column = found.model._meta.get_field(name)
            assert column.null or (column.empty_strings_allowed and not column.unique)
    if not found.personal:
        assert all(one is NOT_PERSONAL for one in found.fields.values())


def test_every_period_has_what_carries_it_out():
    assert set(record.periods()) <= {kind.period for kind in destruction.kinds()}


def test_the_page_of_the_docs_is_current():
    call_command("processing_record", check=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"), [("yonetici", 200), ("denetci", 200), ("merkez-sorumlusu", 403)]
)
def test_managers_and_auditors_read_it_and_take_it_out(client, role, status):
    client.force_login(factories.user(role))
    page = client.get(reverse("admin:processing"))
    assert page.status_code == client.get(reverse("admin:processing_file")).status_code == status
    if status == 200:
        shown = page.content.decode()
        assert "Telefon" in shown or "telefon" in shown
        assert "10 yıl" in shown and "5/2-a" in shown
        assert reverse("admin:processing") in client.get(reverse("admin:tables")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "words"), [("/aydinlatma/", "11 yıl"), ("/en/privacy/", "11 years")]
)
def test_the_notice_tells_the_periods_that_are_configured(client, settings, address, words):
    settings.RESULTS_KEPT_YEARS = 11
    assert words in client.get(address).content.decode()

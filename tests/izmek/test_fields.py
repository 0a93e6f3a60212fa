"""Encrypted text and search keys, by every way a row is written."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import IntegrityError, connection
from model_bakery import baker

from izmek.acts.bulk import bulk_create, bulk_update
from izmek.secrets import encryption
from izmek.secrets.fields import EncryptedTextField
from izmek.text.fields import FoldedField
from trainees.models import Trainee

pytestmark = pytest.mark.django_db


def stored(trainee, column="identity_number"):
    """What the database itself holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM {Trainee._meta.db_table} WHERE id = %s",  # noqa: S608
            [trainee.pk],
        )
        return cursor.fetchone()[0]


@pytest.fixture
def trainee():
    return baker.make(
        Trainee, first_name="İlknur", last_name="Işık", identity_number="10000000146", support=""
    )


# --- Encrypted --------------------------------------------------------------------------------


def test_the_database_holds_only_the_token(trainee):
    assert "10000000146" not in stored(trainee)
    assert encryption.decrypt(stored(trainee)) == "10000000146"
    assert Trainee.objects.get(pk=trainee.pk).identity_number == "10000000146"
    assert Trainee.objects.values_list("identity_number", flat=True).get() == "10000000146"
    assert Trainee.objects.defer("identity_number").get().identity_number == "10000000146"


def test_empty_stays_empty(trainee):
    assert stored(trainee, "support") == ""
    assert Trainee.objects.get(pk=trainee.pk).support == ""


def test_update_and_bulk_update_encrypt(trainee):
    Trainee.objects.update(support="Tekerlekli sandalye")
    assert "sandalye" not in stored(trainee, "support")
    trainee.support = "Ön sıra"
    Trainee.objects.bulk_update([trainee], ["support"])
    assert encryption.decrypt(stored(trainee, "support")) == "Ön sıra"


@pytest.mark.parametrize(
    "lookup", ["identity_number", "identity_number__in", "identity_number__contains",
               "identity_number__regex", "identity_number__gt", "identity_number__length"]
)  # fmt: skip
def test_nothing_is_looked_up_by_it(lookup):
    with pytest.raises(FieldError, match="encrypted"):
        Trainee.objects.filter(**{lookup: "1"}).count()


def test_whether_there_is_one_may_be_asked(trainee):
    assert Trainee.objects.filter(identity_number__isnull=False).count() == 1


def test_a_migration_says_nothing_of_keys():
    _name, path, args, kwargs = EncryptedTextField(blank=True).deconstruct()
    assert (path, args, kwargs) == ("izmek.secrets.fields.EncryptedTextField", [], {"blank": True})


def test_rotate_keys(trainee, settings, capsys):
    old, first = settings.IDENTITY_KEYS, stored(trainee)
    new = Fernet.generate_key().decode()
    settings.IDENTITY_KEYS = [new, *old]
    call_command("rotate_keys")
    assert "trainees.Trainee.identity_number: 1" in capsys.readouterr().out
    second = stored(trainee)
    assert second != first
    settings.IDENTITY_KEYS = [new]  # the old key may go
    assert Trainee.objects.get().identity_number == "10000000146"
    call_command("rotate_keys")
    assert "trainees.Trainee.identity_number: 0" in capsys.readouterr().out
    assert stored(trainee) == second


# --- Folded -----------------------------------------------------------------------------------


def found(text):
    return Trainee.objects.filter(folded__contains=text).exists()


def test_saved(trainee):
    assert found("ilknur isik")
    trainee.last_name = "Çağlar"
    trainee.save()
    assert found("caglar")
    assert not found("isik")


def test_saved_with_update_fields(trainee):
    trainee.last_name = "Çağlar"
    trainee.save(update_fields=["last_name", "folded"])
    assert found("caglar")
    trainee.last_name = "Öz"
    with pytest.raises(ValueError, match="folded"):
        trainee.save(update_fields=["last_name"])
    assert found("caglar")
    trainee.save(update_fields=["email"])  # touches no name


def test_loaded_in_part(trainee):
    """Django saves what was loaded: a name without its key is refused, both are right."""
    part = Trainee.objects.only("folded", "first_folded", "first_name").get()
    part.first_name = "Gül"
    part.save()
    assert found("gul isik")
    part = Trainee.objects.only("first_name").get()
    part.first_name = "Nur"
    with pytest.raises(ValueError, match="folded"):
        part.save()


def test_created_otherwise():
    Trainee.objects.create(first_name="Şükrü", last_name="Ilgaz")
    assert found("sukru ilgaz")
    Trainee.objects.update_or_create(first_name="Şükrü", defaults={"last_name": "İnce"})
    assert found("sukru ince")
    Trainee.objects.bulk_create([Trainee(first_name="Ayşe", last_name="Gür")])
    assert found("ayse gur")


def test_bulk_create_writes_keys_and_history(django_user_model):
    user = baker.make(django_user_model)
    rows = bulk_create(
        [Trainee(first_name=name, last_name="Işık") for name in ("İpek", "Oğuz", "Çiğdem")],
        by=user,
        batch_size=2,
    )
    assert all(row.pk for row in rows)
    assert list(Trainee.objects.order_by("pk").values_list("folded", flat=True)) == [
        "ipek isik",
        "oguz isik",
        "cigdem isik",
    ]
    history = Trainee.history.all()
    assert {(row.history_type, row.history_user_id) for row in history} == {("+", user.pk)}
    assert len(history) == 3


def test_bulk_update_writes_keys_and_history(trainee, django_user_model):
    user = baker.make(django_user_model)
    trainee.last_name = "Çağlar"
    assert bulk_update([trainee], ["last_name"], by=user) == 1
    assert found("ilknur caglar")
    latest = Trainee.history.latest()
    assert (latest.history_type, latest.last_name, latest.history_user) == ("~", "Çağlar", user)


def test_bulk_of_nothing():
    assert bulk_create([]) == []
    assert bulk_update(iter([]), ["last_name"]) == 0


def test_bulk_is_all_or_nothing(trainee):
    rows = [Trainee(first_name="Nur", pk=pk) for pk in (trainee.pk + 1, trainee.pk)]
    with pytest.raises(IntegrityError):
        bulk_create(rows, batch_size=1)
    assert Trainee.objects.count() == 1  # the surrounding transaction still works
    assert Trainee.history.count() == 1


def test_a_migration_knows_the_sources():
    *_, kwargs = FoldedField(source=["first_name"]).deconstruct()
    assert kwargs["source"] == ("first_name",)
    assert FoldedField(**kwargs).deconstruct()[3] == kwargs

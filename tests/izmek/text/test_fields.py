"""Encrypted text and search keys, by every way a row is written."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from model_bakery import baker

from izmek.acts.bulk import bulk_create, bulk_update
from izmek.secrets import encryption
from izmek.secrets.fields import EncryptedTextField
from izmek.text.fields import FoldedField
from trainees.models import Identity, SupportNeed, Trainee

pytestmark = pytest.mark.django_db


def stored(row, column):
    """What the database itself holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s",  # noqa: S608
            [row.pk],
        )
        return cursor.fetchone()[0]


@pytest.fixture
def trainee():
    return baker.make(Trainee, first_name="İlknur", last_name="Işık")


@pytest.fixture
def identity(trainee):
    return Identity.objects.create(trainee=trainee, kind="tckn", number="10000000146", hash="x")


@pytest.fixture
def need(trainee):
    return SupportNeed.objects.create(trainee=trainee, text="")


@pytest.fixture
def decrypted(monkeypatch):
    """The tokens that were decrypted, as they come."""
    tokens, decrypt = [], encryption.decrypt
    monkeypatch.setattr(encryption, "decrypt", lambda token: tokens.append(token) or decrypt(token))
    return tokens


# --- Encrypted --------------------------------------------------------------------------------


def test_the_database_holds_only_the_token(identity):
    assert "10000000146" not in stored(identity, "number")
    assert encryption.decrypt(stored(identity, "number")) == "10000000146"
    assert Identity.objects.get().number == "10000000146"
    token = Identity.objects.values_list("number", flat=True).get()
    assert token == stored(identity, "number")


def test_a_row_without_its_key_is_listed_and_not_overwritten(identity, settings):
    token = stored(identity, "number")
    settings.IDENTITY_KEYS = [Fernet.generate_key().decode()]
    (trainee,) = Trainee.objects.select_related("identity")
    with pytest.raises(encryption.Unreadable):
        _number = trainee.identity.number
    with pytest.raises(encryption.Unreadable), transaction.atomic():
        trainee.identity.save()
    assert stored(identity, "number") == token


def test_empty_stays_empty(need):
    assert stored(need, "text") == ""
    assert SupportNeed.objects.get().text == ""


def test_update_and_bulk_update_encrypt(need):
    SupportNeed.objects.update(text="Tekerlekli sandalye")
    assert "sandalye" not in stored(need, "text")
    need.text = "Ön sıra"
    SupportNeed.objects.bulk_update([need], ["text"])
    assert encryption.decrypt(stored(need, "text")) == "Ön sıra"


@pytest.mark.parametrize(
    "lookup",
    ["number", "number__in", "number__contains", "number__regex", "number__gt", "number__length"],
)
def test_nothing_is_looked_up_by_it(lookup):
    with pytest.raises(FieldError, match="encrypted"):
        Identity.objects.filter(**{lookup: "1"}).count()


def test_whether_there_is_one_may_be_asked(identity):
    assert Identity.objects.filter(number__isnull=False).count() == 1


def test_a_sealed_row_is_decrypted_when_its_column_is_read(identity, decrypted):
    trainee = Trainee.objects.get()
    assert str(trainee.identity) and str(Identity.objects.get())
    assert decrypted == []
    assert trainee.identity.number == "10000000146"
    assert len(decrypted) == 1


def test_a_sealed_row_is_read_at_once_where_a_list_asks_for_it(
    identity, decrypted, django_assert_num_queries
):
    with django_assert_num_queries(1):
        [trainee] = Trainee.objects.select_related("identity")
        assert trainee.identity.number == "10000000146"
    assert len(decrypted) == 1


def test_a_sealed_row_is_saved_as_it_was(identity):
    token = stored(identity, "number")
    row = Identity.objects.get()
    row.country = "DE"
    row.save()
    assert (stored(row, "country"), stored(row, "number")) == ("DE", token)


def test_a_migration_says_nothing_of_keys():
    _name, path, args, kwargs = EncryptedTextField(blank=True).deconstruct()
    assert (path, args, kwargs) == ("izmek.secrets.fields.EncryptedTextField", [], {"blank": True})


def test_rotate_keys(identity, settings, capsys):
    old, first = settings.IDENTITY_KEYS, stored(identity, "number")
    new = Fernet.generate_key().decode()
    settings.IDENTITY_KEYS = [new, *old]
    call_command("rotate_keys")
    assert "trainees.Identity.number: 1" in capsys.readouterr().out
    second = stored(identity, "number")
    assert second != first
    settings.IDENTITY_KEYS = [new]  # the old key may go
    assert Identity.objects.get().number == "10000000146"
    call_command("rotate_keys")
    assert "trainees.Identity.number: 0" in capsys.readouterr().out
    assert stored(identity, "number") == second


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

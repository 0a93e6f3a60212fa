"""What lies under the keys elsewhere than in columns, and what is told of rows that no key opens."""

from io import BytesIO, StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from izmek.models import Job, SheetImport
from izmek.secrets import encryption
from tests import factories as make
from trainees import services

pytestmark = pytest.mark.django_db
DATA = b"Ad;Soyad\n" * 300_000  # more than one piece


@pytest.fixture
def kept(media):
    """A file that somebody ordered and a list that somebody puts in, as they lie in storage."""
    user, closed = make.user(), BytesIO()
    encryption.encrypt_file(BytesIO(DATA), closed)
    closed.seek(0)
    ordered = default_storage.save("jobs/a", ContentFile(closed.read()))
    put_in = default_storage.save("imports/b", ContentFile(encryption.encrypt_bytes(DATA)))
    job = Job.objects.create(kind="list", by=user, object=user, file=ordered)
    sheet = SheetImport.objects.create(kind="trainees", by=user, name="a.csv", file=put_in)
    return job, sheet


def test_files_come_under_the_newest_key(kept, settings):
    job, sheet = kept
    new = Fernet.generate_key().decode()
    settings.IDENTITY_KEYS = [new, *settings.IDENTITY_KEYS]
    before = [job.file, sheet.file]
    call_command("rotate_keys", stdout=StringIO())
    settings.IDENTITY_KEYS = [new]
    job.refresh_from_db()
    sheet.refresh_from_db()
    out = BytesIO()
    with default_storage.open(job.file) as file:
        encryption.decrypt_file(file, out)
    with default_storage.open(sheet.file) as file:
        assert encryption.decrypt_bytes(file.read()) == out.getvalue() == DATA
    assert all(map(default_storage.exists, before))  # for who is about to open one; swept later
    told = StringIO()
    call_command("rotate_keys", stdout=told)
    assert "izmek.Job.file: 0" in told.getvalue()


def test_what_no_key_opens_is_told_and_the_rest_is_done(settings):
    old, lost = settings.IDENTITY_KEYS, Fernet.generate_key().decode()
    first, second = make.trainee(), make.trainee()
    settings.IDENTITY_KEYS = [lost]
    services.record_identity(trainee=first, kind="tckn", number="10000000146", by=None)
    settings.IDENTITY_KEYS = old
    services.record_identity(trainee=second, kind="tckn", number="17291716060", by=None)
    settings.IDENTITY_KEYS = [Fernet.generate_key().decode(), *old]
    told = StringIO()
    with pytest.raises(CommandError, match="keep the old keys"):
        call_command("rotate_keys", stdout=told)
    assert "trainees.Identity.number: 1, 1 cannot be read" in told.getvalue()


def test_fingerprints_show_no_key(settings):
    told = StringIO()
    call_command("key_fingerprints", stdout=told)
    lines = told.getvalue().splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "IDENTITY_KEYS 1",
        "IDENTITY_HASH_KEY 1",
        "CERTIFICATE_KEYS 1",
    ]
    assert settings.IDENTITY_HASH_KEY not in told.getvalue()

"""`doctor` finds what is wrong and says so; `sweep_media` removes what was left behind."""

import io
import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from PIL import Image

from courses.models import Session
from exhibitions.services import add_photo, store_photo
from izmek.media import uploads
from izmek.media.photos import CleanPhoto
from izmek.models import Letter
from izmek.secrets import signing
from izmek.site import checks
from izmek.site.management.commands.doctor import OF_DATA
from tests import environment, factories
from tests.server import ROOT
from tests.trainees.certificates import make_certificate
from trainees.enums import Purpose
from trainees.services import record_identity, withdraw_consent

pytestmark = pytest.mark.django_db


def doctor():
    """What it prints, and the code it ends with."""
    out = io.StringIO()
    checks.database._not_applied.cache_clear()  # it is a process of its own
    try:
        call_command("doctor", stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def test_what_nobody_has_set_up_is_not_called_in_order(settings):
    settings.BACKUP_RECIPIENT = ""
    told, code = doctor()
    assert (
        "unset  The last backup is of today or yesterday\n         backups are not set up" in told
    )
    assert code == 0


def test_sizes_that_nobody_made_are_made_by_the_sweep(media):
    clean = CleanPhoto(Image.linear_gradient("L").resize((300, 200)).convert("RGB"))
    photo = add_photo(centre=factories.centre(), clean=clean, alt="Bir salon", by=None)
    assert doctor()[1] == 0
    sweep()
    photo.refresh_from_db()
    assert not photo.has_sizes  # whoever has just been given it may make them still
    sweep("--older-than", "0")
    photo.refresh_from_db()
    assert photo.has_sizes
    assert default_storage.exists(f"{photo.folder}/240.webp")
    assert doctor()[1] == 0


def sweep(*options):
    out = io.StringIO()
    call_command("sweep_media", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def photo(media):
    image = Image.linear_gradient("L").resize((300, 200)).convert("RGB")
    stored = store_photo(clean=CleanPhoto(image))
    return add_photo(centre=factories.centre(), stored=stored, alt="Bir salon", by=None)


def test_all_is_well(photo):
    text, code = doctor()
    assert code == 0
    lines = [line for line in text.splitlines() if line[0] != " "]
    assert len(lines) == 23
    others = [line for line in lines if not line.startswith("ok ")]
    assert [line.partition("  ")[0] for line in others] == ["unset", "unset"]  # certificate, backup


def test_a_photo_without_one_of_its_files(photo):
    default_storage.delete(f"{photo.folder}/240.webp")
    text, code = doctor()
    assert code == 1
    assert "WRONG  Every photo has its files" in text
    assert "lacks 240.webp" in text


def test_files_without_a_photo_are_listed_and_swept(photo):
    stray = f"photos/{'ab' * 16}"
    default_storage.save(f"{stray}/master.jpg", ContentFile(b"half a fi"))
    text, code = doctor()
    assert code == 1
    assert f"{stray} belongs to no photo" in text

    assert sweep() == "Nothing is left behind.\n"  # it may be an upload under way
    assert f"would go: {stray}" in sweep("--older-than", "0", "--dry-run")
    assert default_storage.exists(f"{stray}/master.jpg")
    assert f"removed: {stray}\n" in sweep("--older-than", "0")
    assert doctor()[1] == 0
    assert default_storage.exists(f"{photo.folder}/master.jpg")


def test_uploads_that_nobody_came_back_for(photo, media):
    image = Image.new("RGB", (30, 20))
    uploads.keep(image, "eski.jpg")
    [old] = (media / "uploads").iterdir()
    long_ago = time.time() - 3600 * (uploads.HOURS + 1)
    os.utime(old, (long_ago, long_ago))
    uploads.keep(image, "yeni.jpg")

    text, code = doctor()
    assert code == 1
    assert f"uploads/{old.name} was left behind" in text
    assert sweep() == f"removed: uploads/{old.name}\n1 removed.\n"
    assert len(list((media / "uploads").iterdir())) == 1


def test_nothing_was_ever_stored(media):
    assert doctor()[1] == 0
    assert sweep() == "Nothing is left behind.\n"


def test_a_teacher_booked_twice_and_a_room_booked_twice(media):
    course = factories.course()
    other = factories.course(teacher=course.teacher)
    for at in (course, other):
        session = factories.session(at)
        Session.objects.filter(pk=session.pk).update(holds_teacher=course.teacher)
    text, code = doctor()
    assert code == 1
    assert text.count("teacher or room taken twice") == 2


def test_an_identity_number_that_no_key_opens(media, settings):
    factories.trainee()
    trainee = factories.trainee()
    record_identity(trainee=trainee, kind="tckn", number="10000000146", by=None)
    assert doctor()[1] == 0
    settings.IDENTITY_KEYS = [Fernet.generate_key().decode()]
    text, code = doctor()
    assert code == 1
    assert "1 × trainees.Identity.number: none of IDENTITY_KEYS opens it" in text
    assert trainee.last_name not in text


def test_certificates_that_were_signed_with_another_key_or_that_somebody_has_changed(
    media, settings
):
    row, _other = (make_certificate(factories.enrolment()) for _one in range(2))
    assert doctor()[1] == 0
    row.content["name"] = "Başka Biri"
    row.save()
    assert "1 certificates say something else than what was signed" in doctor()[0]
    settings.CERTIFICATE_KEYS = [signing.new_key()]
    text, code = doctor()
    assert code == 1
    assert "2 certificates were signed with a key that is not in CERTIFICATE_KEYS" in text


def test_a_letter_that_failed(media):
    Letter.objects.create(kind="offer", to="biri@example.org", state="failed", error="no such host")
    text, code = doctor()
    assert code == 1
    assert "1 letters could not be sent; the last one: " in text and ": no such host" in text
    assert "biri@" not in text


def test_a_failed_letter_bears_the_day_of_our_clocks(media):
    after_midnight = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)  # half past one in İzmit
    Letter.objects.create(
        kind="offer", to="x@example.org", state="failed", created_at=after_midnight
    )
    assert "the last one: 02.03.2026 " in doctor()[0]


def test_a_migration_that_is_not_applied(media):
    [last] = MigrationLoader(connection).graph.leaf_nodes("courses")
    MigrationRecorder(connection).record_unapplied(*last)
    text, code = doctor()
    assert code == 1
    assert f"not applied: {'.'.join(last)}" in text
    assert "The rest was not looked at." in text


def test_the_cache_without_its_table(media, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "no_such_cache",
        }
    }
    text, code = doctor()
    assert code == 1
    assert "the table no_such_cache is missing" in text


def test_without_a_database_it_says_so_in_a_line():
    variables = {**os.environ, **environment.VARIABLES}
    variables["DATABASE_URL"] = "postgres://nobody@127.0.0.1:9/none"  # nobody listens there
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT,
        env=variables,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (1, "")
    first, why, rest = done.stdout.splitlines()
    assert first == "WRONG  The database answers"
    assert "OperationalError" in why and "--traceback" in why
    assert rest.strip() == "The rest was not looked at."


def test_a_check_that_fails_itself_is_a_line_without_its_words(media, monkeypatch, caplog):
    def fails():
        raise ValueError("Zeynep")

    monkeypatch.setitem(OF_DATA, "Every certificate says what was signed", fails)
    monkeypatch.setattr(checks.storage, "rooms", fails)
    text, code = doctor()
    assert code == 1
    assert text.count("         ValueError; `manage.py doctor --traceback` tells more\n") == 2
    assert "WRONG  Every certificate says what was signed\n         ValueError" in text
    assert "ok     No teacher or room is booked twice" in text  # the others are looked at
    assert "Zeynep" not in text + caplog.text and "Traceback" not in caplog.text
    with pytest.raises(ValueError, match="Zeynep"):
        call_command("doctor", traceback=True, stdout=io.StringIO())


def test_a_title_that_names_whose_consent_was_withdrawn(media):
    maker = factories.trainee(last_name="Kırkpınarlı")
    factories.consent(maker, Purpose.NAME_WEB)
    work = factories.work("Kırkpınarlı’nın oyası", [maker])
    factories.exhibition(works=[work])
    assert doctor()[1] == 0
    withdraw_consent(trainee=maker, purpose=Purpose.NAME_WEB, channel="phone", by=None)
    text, code = doctor()
    assert code == 1
    assert f"work {work.number}: a text names somebody" in text
    assert "Kırk" not in text

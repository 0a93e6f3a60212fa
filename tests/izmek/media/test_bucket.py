"""Photos and files in an S3-compatible store: taken in, given out, deleted, and the store in trouble."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from exhibitions.enums import WorkState
from exhibitions.models import Photo, PhotoPerson
from exhibitions.photo_files import incomplete_photos, stray_folders
from izmek.media import bucket as buckets
from izmek.media.room import StorageAway
from izmek.site import checks
from tests import factories as make
from tests.buckets import WAYS, in_trouble, storage, store
from tests.classroom import Classroom, signed_in
from trainees.services import anonymise

pytestmark = pytest.mark.django_db

SCRIPT = {"headers": {"accept": "application/json"}}
TOKEN = "0b8f6c1e-3f0a-4a52-9a57-0f6e0c0a7d11"


@pytest.fixture(scope="module")
def running():
    with store() as bucket:
        yield bucket


def in_use(settings, where):
    settings.STORAGES = {**settings.STORAGES, "default": where}


@pytest.fixture
def bucket(running, settings):
    running.empty()
    in_use(settings, running.storage)
    return running


@pytest.fixture
def away(settings, monkeypatch):
    """Let the store be in trouble from now on."""
    monkeypatch.setattr(buckets, "SECONDS_TO_ANSWER", 0.3)
    monkeypatch.setattr(buckets, "TRIES", 1)

    def be(address):
        in_use(settings, storage(address))

    return be


@pytest.fixture
def work(client):
    room = Classroom(trainees=1)
    signed_in(client, room.user)
    return make.work(course=room.course, centre=room.course.centre, state=WorkState.DRAFT)


def send(client, work):
    data = {"photo": make.picture(), "token": TOKEN}
    return client.post(reverse("teacher-photo-add", args=[work.pk]), data, **SCRIPT)


def address(photo):
    return reverse("photo", args=[photo.pk, next(name for name in photo.files if "720" in name)])


def test_a_photo_comes_and_goes(client, work, bucket, django_capture_on_commit_callbacks):
    assert send(client, work).status_code == 200
    photo = work.photos.get()
    there = {f"{photo.folder}/{name}" for name in photo.files}
    assert set(bucket.names()) == there
    assert list(incomplete_photos()) == [] and list(stray_folders()) == []

    answer = client.get(address(photo))
    content = b"".join(answer.streaming_content)
    assert answer.status_code == 200 and "X-Accel-Redirect" not in answer
    assert Image.open(io.BytesIO(content)).width == 720
    assert client.get(address(photo), headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert "Location" not in answer  # nobody is sent to the store

    with_row = reverse("teacher-photo-delete", args=[work.pk, photo.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(with_row, **SCRIPT).status_code < 400
    assert not Photo.objects.exists()
    assert bucket.names() == []


def test_whoever_is_erased_is_gone_from_the_store(bucket, django_capture_on_commit_callbacks):
    person = make.trainee("Zeynep", "Kardelenoğlu")
    work = make.work(makers=[person])
    shown = make.exhibition(works=[work])
    photo = make.photo(files=True, work=work)
    PhotoPerson.objects.create(photo=photo, trainee=person)
    default_storage.save(f"catalogues/{shown.pk}-tr/one.pdf", ContentFile(b"Zeynep"))
    assert len(bucket.names()) > 2
    with django_capture_on_commit_callbacks(execute=True):
        anonymise(person=person, by=None)
    assert bucket.names() == []


def test_a_photo_of_a_draft_is_given_to_no_stranger(client, work, bucket):
    send(client, work)
    client.logout()
    assert client.get(address(work.photos.get())).status_code == 404


def test_files_are_private_and_never_written_over(bucket):
    first = default_storage.save("jobs/list.xlsx", ContentFile(b"one"))
    second = default_storage.save("jobs/list.xlsx", ContentFile(b"two"))
    assert first == "jobs/list.xlsx" != second
    assert [bucket.read(name) for name in (first, second)] == [b"one", b"two"]
    grants = bucket.client.get_object_acl(Bucket="izmek", Key=first)["Grants"]
    assert not [one for one in grants if "URI" in one["Grantee"]]
    with pytest.raises(FileNotFoundError):
        default_storage.open("jobs/nothing")


@pytest.mark.parametrize("way", WAYS)
def test_a_store_in_trouble_is_told_at_the_photo_and_nothing_is_lost(
    client, work, bucket, away, settings, way
):
    send(client, work)
    photo = work.photos.get()
    with in_trouble(way) as where:
        away(where)
        answer = client.post(
            reverse("teacher-photo-add", args=[work.pk]),
            {"photo": make.picture(), "token": TOKEN.replace("0", "1")},
            **SCRIPT,
        )
        assert (
            answer.status_code == 400 and "deposu şu anda yanıt vermiyor" in answer.json()["error"]
        )
        assert list(work.photos.all()) == [photo]
        client.raise_request_exception = False
        shown = client.get(address(photo))
        assert (shown.status_code, shown["Retry-After"]) == (503, "20")
        with pytest.raises(StorageAway):
            default_storage.delete("photos/x")
    in_use(settings, bucket.storage)
    assert client.get(address(photo)).status_code == 200


def test_ready_tells_of_a_store_that_hangs_and_waits_no_longer(client, bucket, away, monkeypatch):
    monkeypatch.setattr(checks, "SECONDS", 0.1)
    with in_trouble("hangs") as where:
        away(where)
        for _time in range(2):
            answer = client.get("/hazir/")
            assert answer.status_code == 200  # of all hosts at once: no host is better without it
            told = answer.content.decode()
            assert "dosya alanı: " in told and "saniyedir yanıt vermiyor" in told
    checks._asked.pop().exception(10)

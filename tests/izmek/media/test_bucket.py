"""Photos and files in an S3-compatible store: taken in, given out, deleted, and the store in trouble."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import call_command
from django.urls import reverse
from PIL import Image
from storages.backends.s3 import S3Storage

from exhibitions.enums import WorkState
from exhibitions.models import Photo, PhotoPerson
from exhibitions.papers.catalogue import Catalogue, Ready
from exhibitions.photo_files import incomplete_photos, stray_folders
from izmek.acts import imports, jobs
from izmek.media import bucket as buckets
from izmek.media import uploads
from izmek.media.room import StorageAway, write_over
from izmek.site import checks
from tests import factories as make
from tests.buckets import HALVES, WAYS, in_trouble, of_halves, storage, store
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
    [told] = bucket.names()  # that a row was erased, for after a restore
    assert (
        told.startswith("outside/")
        and f"trainees.trainee {person.pk}" in bucket.read(told).decode()
    )


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
    monkeypatch.setattr(checks.storage, "SECONDS", 0.1)
    monkeypatch.setattr(buckets, "SECONDS_TO_ANSWER", 2)
    with in_trouble("hangs") as where:
        away(where)
        for _time in range(2):
            answer = client.get("/hazir/")
            assert answer.status_code == 200  # of all hosts at once: no host is better without it
            told = answer.content.decode()
            assert "dosya alanı: " in told and "saniyedir yanıt vermiyor" in told
    checks.storage.StorageQuestion.last.answer.exception(10)


@pytest.mark.parametrize("way", HALVES)
def test_a_file_that_breaks_off_is_no_file(away, way):
    with of_halves(way) as where:
        away(where)
        gone = FileNotFoundError if way == "is gone" else StorageAway
        with pytest.raises(gone):
            default_storage.open("photos/x/720.jpg")


def test_whoever_waited_in_vain_asks_no_more_for_a_while(away, monkeypatch):
    """Else a page with photos holds all processes of a host while the store hangs."""
    monkeypatch.setattr(buckets, "LONG", 0.1)
    asked = []
    monkeypatch.setattr(S3Storage, "exists", lambda *_given: asked.append(1))
    with in_trouble("hangs") as where:
        away(where)
        with pytest.raises(StorageAway):
            default_storage.open("photos/x/720.jpg")
    with pytest.raises(StorageAway):
        default_storage.exists("photos/x/720.jpg")
    assert not asked
    storages["default"].rests_until = 0  # it has rested
    default_storage.exists("photos/x/720.jpg")
    assert asked


def test_what_is_left_behind_in_a_bucket_is_swept(bucket, monkeypatch):
    stray = f"photos/{uuid4().hex}"
    for name in (f"{stray}/720.jpg", "uploads/old.jpg", "jobs/old", "lists/old", "passing/old"):
        default_storage.save(name, ContentFile(b"-"))
    assert list(stray_folders()) == [stray]
    call_command("sweep_media", stdout=io.StringIO())
    assert len(bucket.names()) == 5  # all of them are young
    for module in (jobs, imports):
        monkeypatch.setattr(module, "KEPT", timedelta(0))
    call_command("sweep_media", older_than=0, stdout=io.StringIO())
    assert bucket.names() == []


def test_what_is_swept_elsewhere_meanwhile_is_no_error(bucket, monkeypatch):
    default_storage.save("jobs/old", ContentFile(b"-"))
    listed = default_storage.listdir("jobs")
    default_storage.delete("jobs/old")
    monkeypatch.setattr(buckets.BucketStorage, "listdir", lambda *_given: listed)
    assert list(jobs.old_files()) == [] and list(imports.old_files()) == []


def test_a_file_is_written_over_in_one_step_and_in_one_piece(bucket):
    write_over("photos/x/share.jpg", b"old")
    large = bytes(9 * 2**20)  # parts that are broken off would lie unseen in the bucket
    write_over("photos/x/share.jpg", large)
    assert bucket.names() == ["photos/x/share.jpg"]
    assert bucket.read("photos/x/share.jpg") == large
    assert "-" not in bucket.client.head_object(Bucket="izmek", Key="photos/x/share.jpg")["ETag"]


def test_a_kept_upload_that_the_store_does_not_delete_fails_no_page(
    bucket, monkeypatch, django_capture_on_commit_callbacks
):
    """The photo is saved by then."""
    upload = uploads.kept(uploads.keep(Image.new("RGB", (700, 700)), "yeni.jpg"))

    def away(*_given):
        raise StorageAway

    monkeypatch.setattr(buckets.BucketStorage, "delete", away)
    with django_capture_on_commit_callbacks(execute=True):
        uploads.forget(upload)
    assert len(bucket.names()) == 1


def test_no_setting_gives_the_bucket_away(bucket):
    with pytest.raises(NotImplementedError):
        default_storage.url("photos/x/720.jpg")
    for open_to_all in (
        {"default_acl": "public-read"},
        {"object_parameters": {"ACL": "public-read"}},
    ):
        with pytest.raises(ImproperlyConfigured):
            buckets.BucketStorage(**{**bucket.storage["OPTIONS"], **open_to_all})


def test_strangers_who_ask_whether_it_is_ready_cost_the_store_little(client, bucket, monkeypatch):
    asked = []
    monkeypatch.setattr(checks.storage, "is_given_back", lambda: asked.append(1) or True)
    for _time in range(3):
        assert "dosya alanı: hazır" in client.get("/hazir/").content.decode()
    assert len(asked) == 1
    monkeypatch.setattr(checks.storage, "REMEMBERED", 0)
    client.get("/hazir/")
    assert len(asked) == 2


def test_ready_tells_each_time_of_a_store_that_denies_and_the_log_once(
    client, bucket, away, caplog
):
    with in_trouble("denies") as where:
        away(where)
        told = {client.get("/hazir/").content.decode() for _time in range(3)}
    assert len(told) == 1 and "dosya alanı: yanıt vermiyor" in told.pop()
    assert (
        "The store of files: 403" in caplog.text
    )  # what docs/operating.md lets its reader look for
    assert sum("The storage keeps files" in one.message for one in caplog.records) == 1


def test_the_bytes_go_out_as_they_are(bucket):
    """Stores older than these headers refuse them, or keep them in the file."""
    sent = []
    events = storages["default"].connection.meta.client.meta.events
    events.register(
        "before-send.s3.PutObject", lambda request, **_more: sent.append(request.headers)
    )
    default_storage.save("jobs/list", ContentFile(b"one"))
    names = {name.lower() for name in sent[0]}
    assert len(sent) == 1 and not {
        name for name in names if "checksum" in name or "trailer" in name
    }
    assert "content-encoding" not in names


def test_a_catalogue_that_is_made_anew_elsewhere_meanwhile_is_no_error(client, bucket, monkeypatch):
    shown = make.exhibition(works=[make.work()])
    gone = Ready(path="catalogues/gone.pdf", pages=1, size=1)
    monkeypatch.setattr(Catalogue, "ready", gone)
    assert client.get(reverse("exhibition_catalogue", args=[shown.slug])).status_code == 503

"""Photos and files in a bucket of an S3-compatible store, for several servers.

    MEDIA_STORAGE={"BACKEND": "izmek.media.bucket.BucketStorage", "OPTIONS": {"bucket_name": "izmek", …}}

The bucket is private: the program asks who may see a file, reads it and gives it out; nobody gets an
address of the store. A store that is away, hangs or denies is told at the field like a full disk
(StorageAway).

While it hangs, a page with photos would hold all processes of a host, one photo each: whoever has waited
for it in vain asks nothing of it for REST seconds.
"""

import logging
import time
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured

from izmek.media.room import StorageAway

try:
    from boto3.exceptions import Boto3Error
    from boto3.s3.transfer import TransferConfig
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
    from s3transfer.exceptions import RetriesExceededError
    from storages.backends.s3 import S3Storage
except ImportError as error:
    raise ImproperlyConfigured(
        f"MEDIA_STORAGE names a bucket, and {error.name} is missing: pip install -r requirements-s3.txt"
    ) from error

IN_MEMORY = 2 * 2**20  # bytes of a file that is read or written; what is larger lies in TMPDIR
# One that is well answers within some hundredths of a second; a gunicorn process has 30 seconds for a page.
SECONDS_TO_CONNECT, SECONDS_TO_ANSWER, TRIES = 2, 5, 2
LONG = 1  # seconds: who has waited for longer in vain asks no more …
REST = 20  # … for so many
# Below it a file goes in one piece: whoever is killed leaves nothing, where parts would lie unseen.
ONE_PIECE = 64 * 2**20  # bytes
CLOSED = (None, "private")  # access lists

log = logging.getLogger(__name__)


class BucketStorage(S3Storage):
    """django-storages' S3Storage as we need it; its options are named as there.

    What is opened is read to its end before it is given back: no reader meets an error of the store.
    """

    def __init__(self, **options):
        super().__init__(**options)
        if {self.default_acl, self.object_parameters.get("ACL")} - {*CLOSED}:
            raise ImproperlyConfigured("MEDIA_STORAGE would show every file to everybody: no ACL.")
        self.rests_until = 0
        self.client_config = self.client_config.merge(
            Config(
                connect_timeout=SECONDS_TO_CONNECT,
                read_timeout=SECONDS_TO_ANSWER,
                retries={"mode": "standard", "total_max_attempts": TRIES},
                # Other stores than Amazon's refuse, or keep, what is else sent around the bytes.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            )
        )

    def get_default_settings(self):
        ours = {"file_overwrite": False, "max_memory_size": IN_MEMORY, "default_acl": None}
        ours["transfer_config"] = TransferConfig(
            use_threads=False, multipart_threshold=ONE_PIECE, num_download_attempts=TRIES
        )
        return super().get_default_settings() | ours

    @contextmanager
    def answering(self):
        """Around what asks the store: StorageAway instead of its errors, but for a file that is missing."""
        began = time.monotonic()
        if began < self.rests_until:
            raise StorageAway
        try:
            yield
        except (BotoCoreError, ClientError, Boto3Error, RetriesExceededError) as error:
            if _is_missing(error):
                raise FileNotFoundError from error
            log.error("The store of files: %s", _word(error))
            if time.monotonic() > began + LONG:
                self.rests_until = time.monotonic() + REST
            raise StorageAway from error

    def _open(self, name, mode="rb"):
        with self.answering():
            file = super()._open(name, mode)
            file.file  # noqa: B018 - reads it
        return file

    def put(self, name, content):
        """As DiskStorage.put."""
        self._save(name, content)

    def url(self, *args, **kwargs):
        raise NotImplementedError("nobody gets an address of the store")


def _is_missing(error):
    """Whether the store says that there is no such file: others may take it away at any moment."""
    if not isinstance(error, ClientError) or error.response["Error"]["Code"] == "NoSuchBucket":
        return False
    return error.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def _word(error):
    """The store's word for what is wrong (AccessDenied, 403), or the kind of the error; names no file."""
    said = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    return said or type(error).__name__


def _asks(name):
    def asked(self, *arguments, **options):
        with self.answering():
            return getattr(S3Storage, name)(self, *arguments, **options)

    asked.__name__ = name
    return asked


for _name in ("_save", "delete", "exists", "listdir", "size", "get_modified_time"):
    setattr(BucketStorage, _name, _asks(_name))

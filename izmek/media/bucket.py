"""Photos and files in a bucket of an S3-compatible store, for several servers.

    MEDIA_STORAGE={"BACKEND": "izmek.media.bucket.BucketStorage", "OPTIONS": {"bucket_name": "izmek", …}}

The bucket is private: the program asks who may see a file, reads it and gives it out; nobody gets an
address of the store. A store that is away, hangs or denies is told at the field like a full disk
(StorageAway).
"""

from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured

from izmek.media.room import StorageAway

try:
    from boto3.exceptions import Boto3Error
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
    from storages.backends.s3 import S3Storage
except ImportError as error:
    raise ImproperlyConfigured(
        f"MEDIA_STORAGE names a bucket, and {error.name} is missing: pip install -r requirements-s3.txt"
    ) from error

IN_MEMORY = 2 * 2**20  # bytes of a file that is read or written; what is larger lies in TMPDIR
# One that is well answers within some hundredths of a second; a gunicorn process has 30 seconds for a page.
SECONDS_TO_CONNECT, SECONDS_TO_ANSWER, TRIES = 2, 5, 2


@contextmanager
def answering():
    """Around what asks the store: StorageAway instead of its errors, but for a file that is missing."""
    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error) as error:
        raise StorageAway from error


def _asks(name):
    def asked(self, *arguments, **options):
        with answering():
            return getattr(S3Storage, name)(self, *arguments, **options)

    asked.__name__ = name
    return asked


class BucketStorage(S3Storage):
    """django-storages' S3Storage as we need it; its options are named as there.

    What is opened is read to its end before it is given back: no reader meets an error of the store.
    """

    def __init__(self, **options):
        super().__init__(**options)
        self.client_config = self.client_config.merge(
            Config(
                connect_timeout=SECONDS_TO_CONNECT,
                read_timeout=SECONDS_TO_ANSWER,
                retries={"mode": "standard", "total_max_attempts": TRIES},
            )
        )

    def get_default_settings(self):
        ours = {"file_overwrite": False, "max_memory_size": IN_MEMORY, "default_acl": None}
        return super().get_default_settings() | ours

    def _open(self, name, mode="rb"):
        with answering():
            file = super()._open(name, mode)
            file.file  # noqa: B018 - reads it
        return file

    _save, delete, exists, listdir, size, get_modified_time = map(
        _asks, ("_save", "delete", "exists", "listdir", "size", "get_modified_time")
    )

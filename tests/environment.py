"""The environment of a test run; a pytest plugin, so that it is set before the settings are read."""

import os
import tempfile

VARIABLES = {
    "SECRET_KEY": "a-secret-that-only-tests-use-and-that-is-long-enough-to-please-the-checks",
    "IDENTITY_KEYS": "ZmFrZS1rZXktZm9yLXRlc3RzLW9ubHktMzItYnl0ZXM=",
    "IDENTITY_HASH_KEY": "a-hash-key-that-only-tests-use",
    "CERTIFICATE_KEYS": "ZmFrZS1rZXktZm9yLWNlcnRpZmljYXRlcy0zMmJ5dGU",
    "DEBUG": "off",
    "HTTPS": "off",
    "COLLECTED_STATIC": "off",
    "REQUIRE_SECOND_FACTOR": "off",
    "STAFF_IDLE_MINUTES": "0",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "EMAIL_URL": "memorymail://",
    "SMS_BACKEND": "",
    "SMS_HOURS": "",
    "CACHE_URL": "locmemcache://",
    "STATIC_ROOT": tempfile.mkdtemp(prefix="izmek-static-"),
    "ACCESS_LOG_HEADS": tempfile.mkdtemp(prefix="izmek-access-log-"),
    "MEDIA_ROOT": tempfile.mkdtemp(prefix="izmek-media-"),
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", "sqlite://:memory:"),
}
os.environ.update(VARIABLES)

"""What the environment sets, in a process of its own."""

import os
import subprocess
import sys

import pytest

SAY = """
import logging, django
from tests import environment
django.setup()
logging.getLogger("django.request").warning("Forbidden: /yonetim/")
logging.getLogger("trainees").error("broken")
"""


@pytest.mark.parametrize(
    ("level", "said"), [("INFO", ["Forbidden", "broken"]), ("ERROR", ["broken"])]
)
def test_the_level_of_the_log_holds_for_what_django_says_as_well(level, said):
    environment = {**os.environ, "LOG_LEVEL": level, "DJANGO_SETTINGS_MODULE": "izmek.settings"}
    done = subprocess.run(
        [sys.executable, "-c", SAY], env=environment, capture_output=True, text=True, check=True
    )
    assert [word for word in ("Forbidden", "broken") if word in done.stderr] == said


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"CERTIFICATE_KEYS": ""}, "CERTIFICATE_KEYS is not set"),
        ({"CERTIFICATE_KEYS": "trial:" + 43 * "A"}, "CERTIFICATE_KEYS holds a key of a trial"),
        ({"SECRET_KEY": "trial:" + 50 * "A"}, "SECRET_KEY holds a key of a trial"),
        ({"IDENTITY_KEYS": "trial:" + 43 * "A" + "="}, "IDENTITY_KEYS holds a key of a trial"),
        ({"IDENTITY_HASH_KEY": "trial:" + 43 * "A"}, "IDENTITY_HASH_KEY holds a key of a trial"),
        ({"IDENTITY_KEYS": "", "IDENTITY_KEYS_FILE": "/etc/none"}, "IDENTITY_KEYS_FILE cannot be"),
    ],
)
def test_without_a_key_of_its_own_no_server_starts(variables, sentence):
    assert sentence in refused(variables)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "10.20.0.21"),
        ("DATABASE_URL", "postgres://izmek:a/b-geheim@10.20.0.21/izmek"),
        ("DATABASE_URL", "postgres://izmek:geheim@10.20.0.21/"),
        ("DATABASE_URL", "postgress://izmek:geheim@10.20.0.21/izmek"),
        ("DATABASE_URL", "mysql://izmek:geheim@10.20.0.21/izmek"),
        ("DATABASE_FOLLOWER_URL", "sqlite:////srv/izmek"),
        ("DATABASE_FOLLOWER_URL", "10.20.0.22"),
        ("CACHE_URL", "127.0.0.1:6379"),
        ("CACHE_URL", " "),
        ("EMAIL_URL", "mail.example.org"),
        ("LOCK_SECONDS", "five"),
        ("TRUSTED_PROXY_COUNT", "1 or 2"),
        ("HTTPS", "onn"),
        ("REQUIRE_SECOND_FACTOR", "of course"),
        ("MEDIA_STORAGE", "{'BACKEND': 'x'}"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_what_cannot_be_meant_stops_the_start_with_a_sentence(variable, value):
    said = refused({"DATABASE_URL": "postgres://izmek@/izmek", variable: value})
    assert said.startswith(variable) and said.count("\n") == 1
    assert "geheim" not in said


def test_what_is_empty_is_not_set():
    """A switch of safety among them; and people put a blank behind a comma."""
    names = ("HTTPS", "REQUIRE_SECOND_FACTOR", "LOG_LEVEL", "SMS_TAKEN", "DRAIN_MARK")
    said = "; ".join(f"print(settings.{name})" for name in (*names, "ALLOWED_HOSTS", "SMS_HOURS"))
    environment = {**os.environ, **dict.fromkeys(names, ""), "SMS_HOURS": ""}
    environment["ALLOWED_HOSTS"] = "izmek.example.org, 10.20.0.30"
    done = subprocess.run(
        [sys.executable, "-c", f"from izmek import settings; {said}"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    told = ["True", "True", "INFO", "(?!)", "/run/izmek/drain"]
    assert done.stdout.split("\n") == [*told, "['izmek.example.org', '10.20.0.30']", "", ""]


def refused(variables):
    """What a start says that does not come about."""
    done = subprocess.run(
        [sys.executable, "-c", "import izmek.settings"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    return done.stderr


def test_keys_come_from_files_that_no_list_of_processes_shows(tmp_path):
    names = ("SECRET_KEY", "IDENTITY_KEYS", "IDENTITY_HASH_KEY", "CERTIFICATE_KEYS")
    said = "; ".join(f"print(settings.{name})" for name in names)
    environment = {**os.environ, **dict.fromkeys(names, "")}
    for name in names:
        (tmp_path / name).write_text(f"{name.lower()}-1\n{'' if name[-1] == 'Y' else 'older'}\n")
        environment[f"{name}_FILE"] = str(tmp_path / name)
    done = subprocess.run(
        [sys.executable, "-c", f"from izmek import settings; {said}"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[:4] == [
        "secret_key-1",
        "['identity_keys-1', 'older']",
        "identity_hash_key-1",
        "['certificate_keys-1', 'older']",
    ]

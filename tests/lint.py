"""`python -m tests.lint [messages]`: the checks of `make lint` that need Django, in one process."""

import os
import sys

import django
from django.core.management import CommandError, call_command

from tests import environment, migrations, words  # noqa: F401  (sets the environment before Django reads it)


def lint():
    failures = 0
    checks = [
        ("migrations", lambda: call_command("makemigrations", check=True, dry_run=True)),
        ("upgrades without a stop", migrations.check),
        ("deployment", lambda: call_command("check", deploy=True, fail_level="INFO")),
        ("translations", lambda: call_command("messages", check=True)),
        ("one thing, one word", words.check),
    ]
    for name, check in checks:
        try:
            check()
            print(f"{name}: in order")
        except (CommandError, SystemExit) as error:
            failures += 1
            print(f"{name}: {error}", file=sys.stderr)
    return failures


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "izmek.settings"
    os.environ |= {"HTTPS": "on", "SITE_URL": "https://izmek.example.org"}
    django.setup()
    if sys.argv[1:] == ["messages"]:
        call_command("messages")
    else:
        sys.exit(lint())

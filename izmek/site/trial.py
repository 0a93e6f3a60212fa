"""`make run`: a trial with the demo municipality; it needs only Python.

Writes a `.env` if there is none, migrates the database, loads the demo once, prints how to sign in
and starts the server. It can be run again at any time.
"""

import os
import secrets
import socket
import sys
from base64 import urlsafe_b64encode
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SIGN_INS = [
    ("yonetici", "the manager: everything"),
    ("merkez", "the officer of the Akmeşe course centre"),
    ("ogretmen", "a teacher there"),
    ("kurator", "the curator: exhibitions and works"),
    ("denetci", "the auditor: reads everything, changes nothing"),
]


def write_env(path):
    """Write new secrets, so that no two trials share them; an older trial gets what it lacks."""
    # Marked, so that a server refuses them (izmek/environment.py).
    certificates = f"CERTIFICATE_KEYS=trial:{secrets.token_urlsafe(32)}\n"
    if path.exists():
        written = path.read_text()
        if "DEBUG=on" in written and "CERTIFICATE_KEYS=" not in written:
            path.write_text(f"{written.rstrip()}\n{certificates}")
        return
    path.write_text(
        "# Written by `make run` for a trial; docs/operating.md tells what production needs.\n"
        "DEBUG=on\n"
        f"SECRET_KEY=trial:{secrets.token_urlsafe(50)}\n"
        f"IDENTITY_KEYS=trial:{urlsafe_b64encode(secrets.token_bytes(32)).decode()}\n"
        f"IDENTITY_HASH_KEY=trial:{secrets.token_urlsafe(32)}\n"
        f"{certificates}"
    )
    path.chmod(0o600)


def port_is_taken(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def prepare():
    """Migrate if needed, and load the demo if it is missing."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Making the database …", flush=True)
        call_command("migrate", verbosity=0)
    from izmek.site.demo import flag

    if not flag.is_on():
        print("Loading the demo municipality (about a minute, once) …", flush=True)
        call_command("demo")


def main():
    port = os.environ.get("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.exit(f"PORT is a number from 1 to 65535, not {port!r}.")
    if port_is_taken(int(port)):
        sys.exit(f"Port {port} is taken by another program. Choose another: make run PORT=8001")
    write_env(ROOT / ".env")
    (ROOT / "var").mkdir(exist_ok=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "izmek.settings"
    from environ import Env

    # Links in letters use the address and port of this trial, unless the .env sets another one.
    Env.read_env(ROOT / ".env")
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
    import django

    django.setup()
    from django.conf import settings

    if not settings.DEBUG:
        sys.exit(
            "The .env says DEBUG=off: `make run` is for a trial. See docs/operating.md for production."
        )
    prepare()
    print(f"\nİZMEK opens on http://127.0.0.1:{port}/ in some seconds  (stop it with Ctrl+C)\n")
    print(f"Sign in on http://127.0.0.1:{port}/hesap/login/ with the password izmek-demo:")
    for name, who in SIGN_INS:
        print(f"  {name:<10} {who}")
    print(flush=True)
    os.environ.setdefault("SMS_BACKEND", "console")  # not before the demo: it tells of the past
    # A new process, so that Django's reloader watches the files for developers.
    os.execv(  # noqa: S606
        sys.executable,
        [sys.executable, "manage.py", "runserver", "--skip-checks", f"127.0.0.1:{port}"],
    )


if __name__ == "__main__":
    main()

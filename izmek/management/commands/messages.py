"""`manage.py messages [--check]`: collect the texts to translate and compile the Turkish ones."""

import re
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.management.commands import makemessages


class Extract(makemessages.Command):
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]


class Command(BaseCommand):
    help = "Collect the texts to translate into locale/tr and compile them (needs GNU gettext)."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; fail if the catalogue is behind the sources or not complete",
        )

    def handle(self, *, check, **options):
        folder = Path(settings.BASE_DIR, "locale/tr/LC_MESSAGES")
        source, compiled = folder / "django.po", folder / "django.mo"
        before = [path.read_bytes() if path.exists() else b"" for path in (source, compiled)]
        self.extract(source)
        catalogue = polib.pofile(source)
        catalogue.save_as_mofile(compiled)
        after = [path.read_bytes() for path in (source, compiled)]
        missing = [e for e in catalogue if not e.obsolete and (e.fuzzy or not e.translated())]
        if check:
            for path, content in zip((source, compiled), before, strict=True):
                path.write_bytes(content)
            if before != after:
                raise CommandError("locale/tr is behind the sources: run `make messages`.")
            if missing:
                raise CommandError(
                    "No Turkish for:\n" + "\n".join(f"  {entry.msgid!r}" for entry in missing)
                )
        self.stdout.write(f"{len(catalogue)} texts, {len(missing)} without Turkish.")

    @staticmethod
    def extract(source):
        Extract().run_from_argv(
            ["manage.py", "makemessages", "--locale=tr", "--no-wrap", "--no-obsolete", "-v0"]
            + ["--add-location=file"]
            + [f"--ignore={folder}" for folder in (".venv", "var", "tests", "docs")]
        )
        # The day of the extraction would make every run a change.
        text = source.read_text(encoding="utf-8")
        text = re.sub(r'"(POT-Creation|PO-Revision)-Date:[^"]*"\n', "", text)
        source.write_text(text, encoding="utf-8")

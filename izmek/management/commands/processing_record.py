from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from izmek.privacy.table import as_markdown

PAGE = settings.BASE_DIR / "docs" / "islem-kaydi.md"


class Command(BaseCommand):
    help = "Writes the record of processing (VERBİS) into docs/islem-kaydi.md, in Turkish."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="only say whether it is current")

    def handle(self, *, check, **options):
        with translation.override("tr"):
            text = as_markdown()
        if not check:
            PAGE.write_text(text, encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
            raise CommandError("docs/islem-kaydi.md is old; run `manage.py processing_record`")

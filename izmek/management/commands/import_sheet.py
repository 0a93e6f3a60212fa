from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from izmek.acts import imports
from izmek.acts.enums import RowState
from izmek.models import SheetImport, User


class Command(BaseCommand):
    help = (
        "Puts in a list (XLSX or CSV) without a browser: checks it, then writes what can be written. "
        "Exits with 1 when rows are left over, with 2 when the file cannot be read."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "kind", metavar="KIND", help="one of: %(choices)s", choices=sorted(imports.KINDS)
        )
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--check", action="store_true", help="only check; write nothing")
        parser.add_argument("--by", metavar="USERNAME", help="who puts it in: their rights hold")
        parser.add_argument(
            "--about", metavar="KEY", type=int, help="the course of a list of marks, or of e-Yaygın"
        )
        parser.add_argument("--override", metavar="REASON", default="", help="set rules aside")
        parser.add_argument(
            "--file-counts", action="store_true", help="the list replaces the record"
        )

    def handle(self, *, kind, file, check, by, about, override, file_counts, **options):
        user = self._user(by)
        found = imports.KINDS[kind]
        row = found.about and found.about.objects.filter(pk=about or 0).first()
        if found.about and row is None and (about or not found.about_all):
            raise CommandError(
                f"--about: the key of the {found.about._meta.model_name}", returncode=2
            )
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(str(error), returncode=2) from None
        try:
            taken = imports.take(kind=kind, data=data, name=file.name, by=user, about=row)
            self._refuse_open(taken)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from None
        options = {"override": override, "file_counts": file_counts}
        SheetImport.objects.filter(pk=taken.pk).update(options=options)
        taken.refresh_from_db()
        try:
            self._work(taken, check, override, file_counts)
        finally:
            imports.forget(taken)

    def _user(self, name):
        if name is None:
            return None
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"--by: nobody is called {name}", returncode=2)
        return user

    def _refuse_open(self, taken):
        there = imports.opened(taken)
        unknown, missing = imports.open_questions(
            there.found, there.known, imports.remembered(taken.kind, there.found.names)
        )
        for note in [*there.book.notes, *there.sheet.notes]:
            self.stderr.write(note)
        for name in unknown:
            self.stderr.write(
                _("Left out, because nobody knows this heading: %(name)s") % {"name": name}
            )
        if missing:
            imports.forget(taken)
            raise ValidationError(
                _("No heading is “%(column)s”, which must be there.")
                % {"column": missing[0].heading}
            )

    def _work(self, taken, check, override, file_counts):
        taken = imports.check(row=taken, at_once=True)
        if not check and not taken.error:
            taken = imports.write(
                row=taken, override=override, file_counts=file_counts, at_once=True
            )
        if taken.error:
            raise CommandError(taken.error, returncode=2)
        tally = imports.tally(taken)
        for one in taken.rows.filter(state__in=[RowState.WRONG, RowState.CHOOSE]).order_by(
            "number"
        ):
            said = "; ".join(
                f"{sentence} {helps}".strip() for _h, _v, sentence, helps in one.problems
            )
            choices = " | ".join(words for _key, words in one.choices)
            self.stderr.write(f"{one.number}: {said or choices}")
        for state in RowState:
            if tally[state]:
                self.stdout.write(f"{state.label}: {tally[state]}")
        if tally[RowState.WRONG] + tally[RowState.CHOOSE]:
            raise CommandError(
                _("Rows are left over: %(count)d.")
                % {"count": tally[RowState.WRONG] + tally[RowState.CHOOSE]},
                returncode=1,
            )

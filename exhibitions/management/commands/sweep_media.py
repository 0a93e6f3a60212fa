from datetime import timedelta

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand

from exhibitions.papers.catalogue import stale_files
from exhibitions.photo_files import abandoned_uploads, stray_folders
from exhibitions.services import delete_folder
from izmek.acts import jobs
from izmek.media import uploads


class Command(BaseCommand):
    help = "Removes what is left behind: photo folders without a row, kept files, old papers."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        parser.add_argument(
            "--older-than",
            type=float,
            default=uploads.HOURS,
            metavar="HOURS",
            help="leave what is younger: an upload may be under way (default: %(default)s)",
        )

    def handle(self, *, dry_run, older_than, **options):
        age = timedelta(hours=older_than)
        verb = "would go" if dry_run else "removed"
        count = 0
        for paths, remove in (
            (stray_folders(age), delete_folder),
            (abandoned_uploads(age), default_storage.delete),
            (stale_files(), default_storage.delete),
            (jobs.old_files(), jobs.delete_file),
        ):
            for path in paths:
                if not dry_run:
                    remove(path)
                count += 1
                self.stdout.write(f"{verb}: {path}")
        if not dry_run:
            jobs.forget_old()
        self.stdout.write(f"{count} {verb}." if count else "Nothing is left behind.")

from datetime import timedelta
from pathlib import Path
from shutil import rmtree

from django.core.files.storage import default_storage

from exhibitions.models import Photo
from exhibitions.papers.catalogue import stale_files
from exhibitions.photo_files import abandoned_uploads, stray_folders
from exhibitions.services import delete_folder, make_sizes
from izmek.acts import imports, jobs
from izmek.acts.upkeep import ByTheClock
from izmek.media import uploads
from izmek.media.room import PASSING, left_uploads, older_files
from izmek.sheets.writing import unfinished


class Command(ByTheClock):
    help = (
        "Removes what is left behind: photo folders without a row, kept files, old papers and lists. "
        "Makes the sizes of photos that nobody made."
    )

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
            (older_files(PASSING, age), default_storage.delete),
            (stale_files(), default_storage.delete),
            (unfinished(age), rmtree),
            (left_uploads(age), Path.unlink),
            (jobs.old_files(), jobs.delete_file),
            (imports.old_files(), imports.delete_file),
        ):
            for path in paths:
                if not dry_run:
                    remove(path)
                count += 1
                self.stdout.write(f"{verb}: {path}")
        if not dry_run:
            jobs.forget_old()
            for pk in Photo.objects.without_sizes(age).values_list("pk", flat=True):
                make_sizes.enqueue(str(pk))
        self.stdout.write(f"{count} {verb}." if count else "Nothing is left behind.")

"""`manage.py rotate_keys`: everything under the newest keys; docs/operating.md says when."""

from django.core.management.base import BaseCommand, CommandError

from izmek.secrets.rotation import rotate_all


class Command(BaseCommand):
    help = (
        "Encrypts anew what is not under the newest of IDENTITY_KEYS, and hashes anew what is under "
        "IDENTITY_HASH_KEY_OLD. People may work meanwhile; it can be stopped and begun again."
    )

    def handle(self, *args, **options):
        left = 0
        for what, counts in rotate_all():
            said = f"{what}: {counts['done']}"
            if counts["unreadable"]:
                said += f", {counts['unreadable']} cannot be read with any key"
            if counts["twice"]:
                said += f", {counts['twice']} of numbers that are on record twice"
            self.stdout.write(said)
            left += counts["unreadable"] + counts["twice"]
        if left:
            raise CommandError(f"{left} rows are left as they were: keep the old keys.")

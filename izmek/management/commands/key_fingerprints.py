"""`manage.py key_fingerprints`: tell the keys of this server from others without showing them."""

from django.core.management.base import BaseCommand

from izmek.secrets.fingerprints import fingerprints


class Command(BaseCommand):
    help = "Prints eight digits of each key's hash, to compare a server with its backup of keys"

    def handle(self, *args, **options):
        for name, told in fingerprints().items():
            for place, digits in enumerate(told, start=1):
                self.stdout.write(f"{name} {place}: {digits}")

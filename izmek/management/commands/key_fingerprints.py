"""`manage.py key_fingerprints`: tell the keys of this server from others without showing them."""

from hashlib import sha256

from django.conf import settings
from django.core.management.base import BaseCommand

NAMES = ("IDENTITY_KEYS", "IDENTITY_HASH_KEY", "IDENTITY_HASH_KEY_OLD", "CERTIFICATE_KEYS")


class Command(BaseCommand):
    help = "Prints eight digits of each key's hash, to compare a server with its backup of keys"

    def handle(self, *args, **options):
        for name in NAMES:
            value = getattr(settings, name)
            for place, key in enumerate([value] if isinstance(value, str) else value, start=1):
                if key:
                    told = sha256(f"izmek {name} {key}".encode()).hexdigest()[:8]
                    self.stdout.write(f"{name} {place}: {told}")

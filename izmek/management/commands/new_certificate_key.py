from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from izmek.secrets import signing


class Command(BaseCommand):
    help = (
        "Makes a new key for certificates and prints the line for the environment; changes nothing"
    )

    def handle(self, **options):
        """The keys so far are printed as retired: what they signed stays valid, nobody signs with them."""
        try:
            so_far = [signing.retired(key) for key in settings.CERTIFICATE_KEYS]
        except ValueError:
            raise CommandError(
                "CERTIFICATE_KEYS holds what is no key. Mend it first: what it signed would be lost."
            ) from None
        self.stdout.write(f"CERTIFICATE_KEYS={','.join([signing.new_key(), *so_far])}")

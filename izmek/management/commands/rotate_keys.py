from django.apps import apps
from django.core.management.base import BaseCommand
from django.db.models import TextField, Value
from django.db.models.functions import Cast

from izmek.accounts.second_factor import rotate_secrets
from izmek.secrets.encryption import is_current, rotate
from izmek.secrets.fields import EncryptedTextField


class Command(BaseCommand):
    help = "Encrypts every secret anew that is not under the newest of IDENTITY_KEYS"

    def handle(self, **options):
        """May run while people work, and can be repeated; afterwards the older keys can be removed."""
        for model in apps.get_models():
            for field in model._meta.local_fields:
                if isinstance(field, EncryptedTextField):
                    self.stdout.write(f"{model._meta.label}.{field.name}: {self.rotate(field)}")
        self.stdout.write(f"mfa.Authenticator.data: {rotate_secrets()}")

    def rotate(self, field):
        rotated = 0
        rows = field.model._base_manager.annotate(token=Cast(field.name, TextField()))
        stored = list(rows.values_list("pk", "token"))
        for pk, token in stored:
            if token and not is_current(token):
                # If someone has saved the row since, it is encrypted with the newest key already:
                # keep it.
                rotated += rows.filter(pk=pk, token=token).update(
                    **{field.name: Value(rotate(token), TextField())}
                )
        return rotated

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExhibitionsConfig(AppConfig):
    name = "exhibitions"
    verbose_name = _("Exhibitions")

    def ready(self):
        from exhibitions import signals  # noqa: F401  (connects them)
        from exhibitions.enums import LETTERS
        from exhibitions.permissions import PERMISSIONS
        from izmek.accounts.roles import grant
        from izmek.acts import letters

        grant(PERMISSIONS)
        letters.register(LETTERS)

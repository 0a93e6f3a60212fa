from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExhibitionsConfig(AppConfig):
    name = "exhibitions"
    verbose_name = _("Exhibitions")

    def ready(self):
        from exhibitions import personal_data, signals  # noqa: F401  (declare and connect themselves)
        from exhibitions.enums import LETTERS
        from exhibitions.papers.long import KIND, PaperJob
        from exhibitions.permissions import PERMISSIONS
        from exhibitions.services import erasure, expiry  # noqa: F401  (register themselves)
        from izmek.accounts.roles import grant
        from izmek.acts import jobs, letters

        grant(PERMISSIONS)
        letters.register(LETTERS)
        jobs.register(**{KIND: PaperJob()})

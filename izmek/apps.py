from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "izmek"
    verbose_name = _("System")

    def ready(self):
        from izmek.accounts import links, networks, signals  # noqa: F401  (the signals connect themselves)
        from izmek.accounts.after_migrate import prepare_database
        from izmek.accounts.second_factor import rotate_secrets
        from izmek.acts import imports, jobs, letters
        from izmek.acts.append_only import register_purpose
        from izmek.acts.sms import checks as _sms  # noqa: F401  (registers itself)
        from izmek.admin import records, users  # noqa: F401  (they register the kernel's own tables)
        from izmek.media.memory import give_back_large_blocks
        from izmek.privacy import kernel, kernel_expiry  # noqa: F401  (declare themselves)
        from izmek.public import checks as _public  # noqa: F401  (registers itself)
        from izmek.secrets import checks as _secrets  # noqa: F401  (registers itself)
        from izmek.secrets import rotation
        from izmek.text.order import register_collation
        from izmek.text.search import register_fold
        from izmek.text.trigrams import prepare_extension

        give_back_large_blocks()
        rotation.register(
            **{
                "mfa.Authenticator.data": rotate_secrets,
                "izmek.Job.file": jobs.rotate_files,
                "izmek.SheetImport.file": imports.rotate_files,
            }
        )
        letters.register(links.LETTERS, links=links.LINKS)
        connection_created.connect(
            register_collation, dispatch_uid="izmek.text.order.register_collation"
        )
        connection_created.connect(register_fold, dispatch_uid="izmek.text.search.register_fold")
        connection_created.connect(
            register_purpose, dispatch_uid="izmek.acts.append_only.register_purpose"
        )
        pre_migrate.connect(
            prepare_extension, sender=self, dispatch_uid="izmek.text.trigrams.prepare_extension"
        )
        # After Django's own permissions: apps are signalled in the order of INSTALLED_APPS, so the
        # last one that makes permissions has to have run. `prepare_database` looks for itself.
        post_migrate.connect(
            prepare_database, dispatch_uid="izmek.accounts.after_migrate.prepare_database"
        )
        if settings.DEBUG:
            # Who tries the product sees its own 404, not Django's list of addresses in English.
            # Django has no setting for it, and a middleware comes too late: an address that leads
            # nowhere is answered below all of them. The traceback of an error stays.
            from django.urls import get_resolver
            from django.views import debug

            debug.technical_404_response = lambda request, exception: (
                get_resolver().resolve_error_handler(404)(request, exception=exception)
            )

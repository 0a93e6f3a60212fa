"""What a migrated database must hold before anyone works with it: roles, cache table, triggers, upkeep."""

from django.apps import apps
from django.core.management import call_command

from izmek.accounts.roles import write_roles
from izmek.acts import append_only, upkeep


def prepare_database(sender, using, verbosity=1, **kwargs):
    """Run once per `migrate`, after the last app made its permissions."""
    if sender is not list(apps.get_app_configs())[-1]:
        return
    call_command("createcachetable", database=using, verbosity=0)
    write_roles(using=using)
    append_only.set_up(using)
    upkeep.set_up(using)

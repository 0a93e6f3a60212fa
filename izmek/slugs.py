"""Addresses of public pages: made from a name, free, and remembered when they change."""

from django.contrib.contenttypes.models import ContentType

from izmek.models import SlugRedirect
from izmek.turkish import slug


def free_slug(row, text):
    """A slug of the text that no other row of the table has: `akmese`, `akmese-2`, …"""
    base = slug(text) or row._meta.model_name
    others = type(row)._base_manager.exclude(pk=row.pk)
    taken = set(others.filter(slug__startswith=base).values_list("slug", flat=True))
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    return found


def remember(row, old):
    """Let the address that a row had lead to it from now on; the address it has leads nowhere else."""
    kind = ContentType.objects.get_for_model(row)
    SlugRedirect.objects.filter(content_type=kind, slug=row.slug).delete()
    SlugRedirect.objects.update_or_create(
        content_type=kind, slug=old, defaults={"object_id": str(row.pk)}
    )

"""Addresses of public pages: made from a name, free, and remembered when they change."""

from functools import wraps

from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from django.shortcuts import redirect

from izmek.models import SlugRedirect
from izmek.text.fold import slug


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


def follow_moves(view):
    """Let an address that the page once had (`by_slug`) lead to the one it has now."""

    @wraps(view)
    def page(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Moved as moved:
            match = request.resolver_match
            return redirect(match.view_name, **match.kwargs | {"slug": moved.row.slug})

    return page


class Moved(Exception):
    """The page of a row has another address by now."""

    def __init__(self, row):
        super().__init__(row)
        self.row = row


def by_slug(rows, slug):
    """The row of a public page with this address.

    Raises Moved when it had the address once (`izmek.public.slugs.remember`), Http404 for any other.
    """
    row = rows.filter(slug=slug).first()
    if row is not None:
        return row
    kind = ContentType.objects.get_for_model(rows.model)
    old = SlugRedirect.objects.filter(content_type=kind, slug=slug).first()
    now = old and rows.filter(pk=old.object_id).first()
    if now is None:
        raise Http404
    raise Moved(now)

"""Slugs of public pages: made from a name, unique, and redirected when they change."""

from functools import wraps

from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from django.shortcuts import redirect

from izmek.models import SlugRedirect
from izmek.text.fold import slug


def free_slug(row, text):
    """A slug of the text that no other row of the table uses: `akmese`, `akmese-2`, …"""
    base = slug(text) or row._meta.model_name
    others = type(row)._base_manager.exclude(pk=row.pk)
    taken = set(others.filter(slug__startswith=base).values_list("slug", flat=True))
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    return found


def remember(row, old):
    """Redirect the `old` slug to the row, and delete any redirect of its present slug."""
    kind = ContentType.objects.get_for_model(row)
    SlugRedirect.objects.filter(content_type=kind, slug=row.slug).delete()
    SlugRedirect.objects.update_or_create(
        content_type=kind, slug=old, defaults={"object_id": str(row.pk)}
    )


def follow_moves(view):
    """Decorator for a view that uses `by_slug`: an old address redirects to the present one."""

    @wraps(view)
    def page(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Moved as moved:
            match = request.resolver_match
            return redirect(match.view_name, **match.kwargs | {"slug": moved.row.slug})

    return page


class Moved(Exception):
    """The slug was changed; `row` is the row it belonged to."""

    def __init__(self, row):
        super().__init__(row)
        self.row = row


def by_slug(rows, slug):
    """The row with this slug.

    Raises Moved for the old slug of a row (see `remember`), and Http404 for an unknown slug.
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

"""Slugs of public pages: made from a name, unique, and redirected when they change."""

from functools import wraps

from django.contrib.contenttypes.models import ContentType
from django.db.models.functions import Cast
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from izmek.acts.refusal import Refusal
from izmek.models import SlugRedirect
from izmek.text.fold import slug

LENGTH = 60  # letters of a slug that is made from a name


def free_slug(row, text, ending=""):
    """A slug of the text that no other row of the table uses or used: `akmese`, `akmese-2`, …

    A text without a Latin letter or a digit (`خط`) gives the name of the table. `ending`: what the
    slug ends with even if the text is long, such as a year.
    """
    words = slug(text, LENGTH - len(ending) - 1) or row._meta.model_name
    if ending and not words.endswith(f"-{ending}"):
        words = f"{words}-{ending}"
    others = type(row)._base_manager.exclude(pk=row.pk)
    taken = set(others.filter(slug__startswith=words).values_list("slug", flat=True))
    taken |= set(_of_others(row).filter(slug__startswith=words).values_list("slug", flat=True))
    found, number = words, 1
    while found in taken:
        number += 1
        found = f"{words}-{number}"
    return found


def check_slug(row):
    """Raise Refusal at `slug` when the row's slug is the former address of another row.

    Printed QR codes go on leading to that one.
    """
    if row.slug and _of_others(row).filter(slug=row.slug).exists():
        raise Refusal(
            _("Another page had this address, and links still lead there. Choose another one."),
            field="slug",
            code="slug",
        )


def _of_others(row):
    """The former addresses of other rows of its table."""
    kind = ContentType.objects.get_for_model(row)
    return SlugRedirect.objects.filter(content_type=kind).exclude(object_id=str(row.pk))


def remember(row, old):
    """Redirect the `old` slug to the row, and delete its redirect from its present slug."""
    kind = ContentType.objects.get_for_model(row)
    SlugRedirect.objects.filter(content_type=kind, slug=row.slug, object_id=str(row.pk)).delete()
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
    now = moved(rows, slug)
    if now is None:
        raise Http404
    raise Moved(now)


def moved(rows, slug):
    """The row that had this slug before, or None; one query, also for a row that is not among `rows`."""
    kind = ContentType.objects.get_for_model(rows.model)
    old = SlugRedirect.objects.filter(content_type=kind, slug=slug)
    return rows.filter(pk__in=old.values(key=Cast("object_id", rows.model._meta.pk))).first()

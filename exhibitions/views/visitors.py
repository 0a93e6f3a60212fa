"""What the forms of visitors have in common: caching, limits, the notice on personal data."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from izmek.public.limits import limit
from izmek.public.slugs import follow_moves
from trainees.enums import NoticeKind
from trainees.models import NoticeText

# The visitors of an exhibition may all stand in the same wireless network.
FROM_ONE_ADDRESS = {"times": 30, "seconds": 10 * 60}
FROM_ONE_PERSON = {"times": 6, "seconds": 24 * 60 * 60}

private = cache_control(no_store=True, private=True)


def form_page(view):
    """Mark a view as a form: it is read and sent, and found at the addresses it once had."""
    return require_http_methods(["GET", "HEAD", "POST"])(follow_moves(view))


def form_of(request, form_class, about):
    """The form as it was sent; or empty, or as it was typed so far in the page's other language."""
    if "language" in request.POST:
        return form_class(about=about, typed=request.POST)
    return form_class(request.POST if request.method == "POST" else None, about=about)


def allowed(request, form, name, *who):
    """Whether the form may be taken in now; else says so on it. `who`: addresses and phones in it."""
    if limit(request, name, **FROM_ONE_ADDRESS) and all(
        limit(request, f"{name} by one", who=one, **FROM_ONE_PERSON) for one in who if one
    ):
        return True
    form.add_error(
        None,
        _(
            "Too many messages came from here in a short time. Nothing of yours is lost: wait a "
            "while and send the form again."
        ),
    )
    return False


def notice(kind):
    """The text on personal data that applies, in the language of the page or else in Turkish."""
    kind = NoticeKind(kind)
    current = NoticeText.objects.current
    return current(kind, get_language()) or current(kind)

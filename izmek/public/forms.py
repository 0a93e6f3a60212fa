"""What pages with a form for everyone are made with: how they are sent, limits, long texts.

The form itself is a `SpamCheckedForm` (izmek/public/spam_checks.py).
"""

from functools import wraps

from django import forms
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from izmek.accounts.access import public
from izmek.accounts.limits import limit
from izmek.public.slugs import follow_moves
from izmek.text.fold import without_unseen

MINUTES, DAY = 60, 24 * 60 * 60
# A hall or a mobile network is one address for many people.
FROM_ONE_ADDRESS = {"times": 30, "seconds": 10 * MINUTES}

_private = cache_control(no_store=True, private=True)


def private_page(view):
    """Mark a view as a page that everyone may open and nobody keeps: what became of what one sent."""
    return public(require_safe(_private(view)))


def form_page(view):
    """Mark a view as a page with a form: read and sent, kept by nobody, found at its old addresses."""

    @wraps(view)
    def page(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if response.status_code == 429:
            response.headers["Retry-After"] = str(FROM_ONE_ADDRESS["seconds"])
        return response

    return public(require_http_methods(["GET", "HEAD", "POST"])(_private(follow_moves(page))))


def form_of(request, form_class, **facts):
    """The form as it was sent; or empty, or as it was typed so far on the page in another language."""
    if "language" in request.POST:
        return form_class(typed=request.POST, **facts)
    return form_class(request.POST if request.method == "POST" else None, **facts)


def within_limits(request, form, name, sentence, *, by_one=None, people=()):
    """Whether the form may be taken in now; else the sentence is written on it, and the page is a 429.

    Counted by the client's address and, at most `by_one` (`{"times": …, "seconds": …}`), by each of
    `people`: the addresses and phones that were typed.
    """
    if limit(request, name, **FROM_ONE_ADDRESS) and all(
        limit(request, f"{name} by one", who=one, **by_one) for one in people if one
    ):
        return True
    form.add_error(None, sentence)
    return False


class LongTextField(forms.CharField):
    """A text of some paragraphs, of at most `most` letters.

    The length is judged when the form is sent: a browser that knows it would cut a pasted text silently.
    """

    widget = forms.Textarea(attrs={"rows": "6"})

    def __init__(self, *, most, **kwargs):
        super().__init__(**kwargs)
        self.most = most

    def clean(self, value):
        text = super().clean(without_unseen(value or ""))
        if len(text) > self.most:
            raise forms.ValidationError(
                _("At most %(most)d letters, please; these are %(count)d."),
                params={"most": self.most, "count": len(text)},
                code="max_length",
            )
        return text

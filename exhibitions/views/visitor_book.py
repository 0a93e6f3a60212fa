"""The visitor book of an exhibition: a page to read, and one to write on (DESIGN.md §5)."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from exhibitions import services
from exhibitions.enums import Phase
from exhibitions.forms.visitor_book import NoteForm
from exhibitions.models import Exhibition
from exhibitions.views.enquiries import FROM_ONE_PERSON, TOO_OFTEN
from izmek.accounts.clients import client_network
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.forms import form_of, form_page, private_page, within_limits
from izmek.public.head import head
from izmek.public.page import paginate, reading
from izmek.public.slugs import by_slug
from izmek.text.fold import fold
from trainees.enums import NoticeKind
from trainees.models import NoticeText

NOTES_ON_A_PAGE = 20


@reading
@cached(Area.SHOWN, asks=("sayfa",))
def visitor_book(request, slug):
    """The lines that the curator let stand, the newest first."""
    exhibition = by_slug(Exhibition.objects.public(), slug)
    page = paginate(
        request, exhibition.notes.shown().order_by("-written_at", "-pk"), NOTES_ON_A_PAGE
    )
    crumbs = _crumbs(exhibition)[:2]
    return render(
        request,
        "exhibitions/visitor_book.html",
        {
            "exhibition": exhibition,
            "page": page,
            "may_write": exhibition.phase() != Phase.SOON,
            "crumbs": crumbs,
            "head": head(
                request,
                title=_("Visitor book: %(exhibition)s") % {"exhibition": exhibition.public_title},
                description=_("What visitors wrote about the exhibition “%(exhibition)s”.")
                % {"exhibition": exhibition.public_title},
                crumbs=crumbs,
                page=page,
            ),
        },
    )


@form_page
def write(request, slug):
    """The form; what is sent waits until the curator has read it."""
    exhibition = _open_book(slug)
    form, status = form_of(request, NoteForm, about=f"note:{exhibition.pk}"), 200
    if form.is_bound and form.is_valid():
        if within_limits(
            request,
            form,
            "visitor note",
            TOO_OFTEN,
            by_one=FROM_ONE_PERSON,
            people=_writers(request, form),
        ):
            try:
                services.write_note(exhibition=exhibition, language=get_language(), **form.request)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                return redirect("visitor_book_thanks", slug=exhibition.slug)
        else:
            status = 429
    context = {
        "form": form,
        "lang_form": "yazi",
        "notice": NoticeText.objects.current(NoticeKind.NOTE, get_language()),
    }
    return _page(
        request, "visitor_book_form", exhibition, _("Write in the visitor book"), context, status
    )


def _writers(request, form):
    """Who writes, as far as the book knows: it asks for no contact data.

    The same name from one place, or the same line. Many visitors share a first name.
    """
    place = client_network(request)
    return [
        f"{place}: {fold(said)}" for name in ("name", "text") if (said := form.cleaned_data[name])
    ]


@private_page
def thanks(request, slug):
    return _page(request, "visitor_book_thanks", _open_book(slug), _("Thank you"), {}, 200)


def _open_book(slug):
    """The exhibition, once its visitor book is open. Raises Http404 before its first day."""
    exhibition = by_slug(Exhibition.objects.public(), slug)
    if exhibition.phase() == Phase.SOON:
        raise Http404
    return exhibition


def _crumbs(exhibition):
    return [
        (_("Exhibitions"), reverse("exhibitions")),
        (exhibition.public_title, exhibition.get_absolute_url()),
        (_("Visitor book"), reverse("visitor_book", args=[exhibition.slug])),
    ]


def _page(request, template, exhibition, title, context, status):
    description = _("The visitor book of the exhibition “%(exhibition)s”.") % {
        "exhibition": exhibition.public_title
    }
    return render(
        request,
        f"exhibitions/{template}.html",
        {
            "exhibition": exhibition,
            "crumbs": _crumbs(exhibition),
            "head": head(request, title=title, description=description, indexed=False),
            **context,
        },
        status=status,
    )

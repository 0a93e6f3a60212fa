"""Writing to us: about a work, about an exhibition, about one's personal data, about anything.

The forms have addresses of their own, so that the pages one reads stay without POST and cookie
(DESIGN.md §5). What is sent is stored first; who wrote is led to a page that says what comes next.
"""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from exhibitions import services
from exhibitions.forms.enquiries import EnquiryForm, FeedbackForm, PrivacyForm
from exhibitions.models import Enquiry, Exhibition, Photo, Work
from exhibitions.views.works import gone
from izmek.public.forms import DAY, form_of, form_page, private_page, within_limits
from izmek.public.head import head
from izmek.public.slugs import by_slug
from izmek.text.codes import read_code
from trainees.enums import NoticeKind
from trainees.models import NoticeText

FROM_ONE_PERSON = {"times": 6, "seconds": DAY}
TOO_OFTEN = gettext_lazy(
    "Too many messages came from here in a short time. Nothing of yours is lost: wait a while and send "
    "the form again."
)
TITLES = {
    (EnquiryForm, "work"): gettext_lazy("Ask about this work"),
    (EnquiryForm, "exhibition"): gettext_lazy("Ask about the exhibition"),
    (PrivacyForm, "work"): gettext_lazy("A request about your personal data"),
    (PrivacyForm, "exhibition"): gettext_lazy("A request about your personal data"),
    (FeedbackForm, ""): gettext_lazy("Write to us"),
}


@form_page
def ask_about_work(request, number):
    return _work_form(request, EnquiryForm, number)


@form_page
def request_about_work(request, number):
    return _work_form(request, PrivacyForm, number)


def _work_form(request, form_class, number):
    facts = [(_("Work no."), number, None)]
    rows = Work.objects.select_related("technique", "centre").filter(number=number)
    work = rows.public().first()
    if work is None and request.method == "POST":
        # Withdrawn while somebody was writing: the words reach us, and the work is not shown again.
        work = rows.gone().first()
        if work is not None:
            return _enquiry_form(request, form_class, facts=facts, hidden=work, work=work)
    if work is None:
        return gone(request, number)
    facts = [
        (_("Technique"), work.technique.public_name, None),
        (_("Course centre"), work.centre.name, None),
        *facts,
    ]
    return _enquiry_form(request, form_class, about=work, facts=facts, work=work)


@form_page
def ask_about_exhibition(request, slug):
    return _exhibition_form(request, EnquiryForm, slug)


@form_page
def request_about_exhibition(request, slug):
    return _exhibition_form(request, PrivacyForm, slug)


def _exhibition_form(request, form_class, slug):
    exhibition = by_slug(Exhibition.objects.public(), slug)
    return _enquiry_form(
        request,
        form_class,
        about=exhibition,
        facts=[(_("Dates"), exhibition.dates, None), (_("Place"), exhibition.place, None)],
        exhibition=exhibition,
    )


@form_page
def feedback(request):
    return _enquiry_form(request, FeedbackForm)


def _enquiry_form(request, form_class, *, about=None, hidden=None, facts=(), **of):
    """Show the form, or take in what was sent. `of`: the work or exhibition, as the service takes it;
    `hidden`: it, when the page may not show it."""
    row = about or hidden
    key = f"{form_class.__name__}:{row._meta.model_name}:{row.pk}" if row else "feedback"
    form, status = form_of(request, form_class, about=key), 200
    if form.is_bound and form.is_valid():
        sent = form.request
        if within_limits(
            request,
            form,
            "enquiry",
            TOO_OFTEN,
            by_one=FROM_ONE_PERSON,
            people=[sent["email"], sent["phone"]],
        ):
            try:
                enquiry = services.ask(language=get_language(), **sent, **of)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                return redirect("enquiry", reference=enquiry.reference)
        else:
            status = 429
    title = TITLES[form_class, next(iter(of), "")]
    back = (about.public_title, about.get_absolute_url()) if about else _contact()
    return render(
        request,
        "exhibitions/enquiry_form.html",
        {
            "form": form,
            "lang_form": "yazi",
            "kind": form_class.__name__,
            "title": title,
            "about": about,
            "photo": about and Photo.objects.public().filter(**of).first(),
            "facts": facts,
            "notice": NoticeText.objects.current(NoticeKind.ENQUIRY, get_language()),
            "crumbs": [back],
            "head": head(
                request,
                title=f"{title}: {about.public_title}" if about else title,
                description=_("Write to the course centre; it answers by e-mail or telephone."),
                indexed=False,
            ),
        },
        status=status,
    )


def _contact():
    return _("Contact"), reverse("contact")


@private_page
def enquiry(request, reference):
    """What happens with an enquiry next; names nobody, and is sent on to nobody."""
    code = read_code(reference)
    row = code and (
        Enquiry.objects.select_related("work", "exhibition", "centre")
        .filter(reference=code)
        .first()
    )
    if not row:
        raise Http404
    if row.reference != reference:
        return redirect("enquiry", reference=row.reference)
    seen = row.work and Work.objects.public().filter(pk=row.work_id).exists()
    seen = seen or (
        row.exhibition and Exhibition.objects.public().filter(pk=row.exhibition_id).exists()
    )
    response = render(
        request,
        "exhibitions/enquiry.html",
        {
            "enquiry": row,
            "about": row.about if seen else None,
            "head": head(
                request,
                title=_("Your message has reached us"),
                description=_("Where an enquiry stands."),
                indexed=False,
            ),
        },
    )
    response["Referrer-Policy"] = "no-referrer"
    return response

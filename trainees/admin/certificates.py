"""Certificates in the admin: the list, what is done with one or many of them, and who signs them."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.admin import year_filter
from courses.admin.columns import course_columns
from izmek.accounts.confirming import confirm
from izmek.acts.refusal import Refusal, sentence_of
from izmek.admin import (
    ActionForm,
    ChosenFilter,
    ReadOnlyAdmin,
    RelatedFilter,
    TabularInline,
    bulk_action,
    object_action,
    object_link,
)
from izmek.admin.actions import ReasonForm
from izmek.admin.widgets import DateInput
from izmek.text.order import tr_order
from trainees import services
from trainees.admin.certificate_papers import (
    NOTHING,
    PRE_PRINTED,
    CertificatePapers,
    printed_answer,
)
from trainees.admin.columns import name_columns
from trainees.admin.links import link_to
from trainees.enums import CertificateState
from trainees.models import Certificate, PrintOffset, Signatory
from trainees.papers.certificates import AT_ONCE, LISTS, MOST_LINES, left_out_words
from trainees.queries.certificates import NEVER
from trainees.rights import RIGHTS

STATE_COLOURS = {
    CertificateState.VALID: "now",
    CertificateState.REPLACED: "past",
    CertificateState.REVOKED: "wrong",
}


def is_valid(certificate):
    return certificate.state == CertificateState.VALID


def is_printable(certificate):
    return is_valid(certificate) and certificate.enrolment.trainee.anonymised_at is None


def waits(certificate):
    return is_valid(certificate) and certificate.handed_over_on is None


def _before_replacing(certificate):
    """What replacing does, and what of the name the new one could not print."""
    sentence = gettext(
        "A new certificate with a number of its own is issued for the same seat, with the name and "
        "facts as they are now. Whoever checks the old one is told that it was replaced."
    )
    warning = services.unprintable_name(certificate.enrolment.trainee)
    return " ".join(filter(None, (sentence, warning)))


class SignatoryInline(TabularInline):
    model = Signatory
    fields = ("order", "name", "office")
    copied = True


class HandedOverFilter(admin.SimpleListFilter):
    title = _("handed over")
    parameter_name = "handed_over"

    def lookups(self, request, model_admin):
        return [("no", _("not yet")), ("yes", _("yes"))]

    def queryset(self, request, queryset):
        match self.value():
            case "no":
                return queryset.to_hand_over()
            case "yes":
                return queryset.filter(handed_over_on__isnull=False)
        return queryset


class CertificateYear(year_filter("enrolment__course__term__year")):
    """Opens on all years: what is handed over in autumn belongs to the year before."""

    def lookups(self, request, model_admin):
        found = super().lookups(request, model_admin)
        self.current = self.ALL
        return found


class DayForm(ActionForm):
    on = forms.DateField(
        label=_("handed over on"), required=False, widget=DateInput, help_text=_("Empty: today.")
    )


@admin.register(Certificate)
class CertificateAdmin(CertificatePapers, ReadOnlyAdmin):
    tagged = {"state": STATE_COLOURS}
    list_display = ("number", "who", "course", "state", "issued_at", "handed_over_on")
    exported = (
        "number",
        *name_columns("enrolment__trainee__"),
        *course_columns("enrolment__course__"),
        "state",
        "issued_at",
        "handed_over_on",
    )
    exported_more = ("code", "issued_by", "handed_over_by")
    list_filter = (
        CertificateYear,
        "state",
        HandedOverFilter,
        ("enrolment__course__centre", RelatedFilter),
        ("enrolment__course", ChosenFilter),
    )
    list_select_related = (
        "enrolment__trainee",
        "enrolment__course__programme",
        "enrolment__course__centre",
    )
    search_fields = ("number", "code", "enrolment__trainee__folded")
    search_through = ("enrolment__trainee",)
    ordering = ("-issued_at", "-pk")
    actions = (
        "print_chosen",
        "print_bare",
        "call_chosen",
        "sign_for_chosen",
        "hand_over_all",
        "take_back_all",
        "mail_all",
    )
    object_actions = (
        "pdf",
        "pre_printed",
        "hand_over",
        "will_not_collect",
        "call_again",
        "mail",
        "take_back",
        "replace",
        "revoke",
    )
    fields = (
        "enrolment",
        ("number", "code"),
        "printed",
        ("state", "state_reason"),
        ("replaces", "replaced"),
        ("issued_at", "issued_by"),
        ("handed_over_on", "handed_over_by"),
    )
    readonly_fields = ("printed", "replaced")

    def with_shown(self, request, rows):
        return rows.select_related("replaced_by")

    @admin.display(description=_("trainee"), ordering=tr_order("enrolment__trainee__last_name"))
    def who(self, certificate):
        return link_to(certificate.enrolment.trainee)

    @admin.display(description=_("course"), ordering=tr_order("enrolment__course__programme__name"))
    def course(self, certificate):
        return certificate.enrolment.course

    @admin.display(description=_("what is printed"))
    def printed(self, certificate):
        names = ("name", "programme", "field", "centre", "year")
        return " · ".join(filter(None, map(certificate.content.get, names)))

    @admin.display(description=_("replaced by"))
    def replaced(self, certificate):
        new = getattr(certificate, "replaced_by", None)
        if new is None:
            return "–"
        return format_html('<a href="{}">{}</a>', self.url("change", new.pk), new.number)

    # --- One ----------------------------------------------------------------------------------

    pdf = object_link(
        _("Certificate (PDF)"),
        lambda certificate: reverse("admin:trainees_certificate_pdf", args=[certificate.pk]),
        may=RIGHTS.asks("print_certificates"),
        when=is_printable,
    )

    pre_printed = object_link(
        _("On pre-printed paper (PDF)"),
        lambda one: reverse("admin:trainees_certificate_pre_printed", args=[one.pk]),
        may=RIGHTS.asks("print_certificates"),
        when=is_printable,
    )

    @object_action(
        _("Handed over"),
        form=DayForm,
        may=RIGHTS.asks("hand_over_certificate"),
        when=waits,
        next_when=waits,
    )
    def hand_over(self, request, certificate, data):
        services.hand_over_certificate(certificate=certificate, by=request.user, **data)
        return gettext("Noted.")

    @object_action(
        _("Will not be collected"),
        may=RIGHTS.asks("will_not_collect_certificate"),
        when=lambda certificate: waits(certificate) and certificate.call_from not in (None, NEVER),
        text=_("Nobody is called about it any more. It stays valid, and can be handed over later."),
    )
    def will_not_collect(self, request, certificate, data):
        services.will_not_collect_certificate(certificate=certificate, by=request.user)
        return gettext("Nobody is called about it any more.")

    @object_action(
        _("Call about it again"),
        may=RIGHTS.asks("reminded_of_certificate"),
        when=lambda certificate: waits(certificate) and certificate.call_from == NEVER,
        text=_("In two weeks it stands among the people to call again, unless it was collected."),
    )
    def call_again(self, request, certificate, data):
        services.reminded_of_certificate(certificate=certificate, by=request.user)
        return gettext("Somebody calls about it in two weeks.")

    @object_action(
        _("Not handed over after all"),
        may=RIGHTS.asks("take_back_hand_over"),
        when=lambda one: is_valid(one) and one.handed_over_on is not None,
    )
    def take_back(self, request, certificate, data):
        services.take_back_hand_over(certificate=certificate, by=request.user)
        return gettext("It waits to be handed over again.")

    @object_action(
        _("Send by e-mail"),
        may=RIGHTS.asks("mail_certificate"),
        when=is_valid,
        text=_(
            "The letter names the page from which the person gets the certificate as PDF, and its code."
        ),
    )
    def mail(self, request, certificate, data):
        letter = services.mail_certificate(certificate=certificate, by=request.user)
        return gettext("The e-mail to %(to)s is on its way.") % {"to": letter.to}

    @object_action(
        _("Replace the certificate"),
        form=ReasonForm,
        may=RIGHTS.asks("replace_certificate"),
        when=is_valid,
        text=_before_replacing,
        confirmed=True,
    )
    def replace(self, request, certificate, data):
        new = services.replace_certificate(certificate=certificate, by=request.user, **data)
        sentence = gettext("Certificate %(number)s is issued.") % {"number": new.number}
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(self.url("change", new.pk))

    @object_action(
        _("Revoke the certificate"),
        form=ReasonForm,
        may=RIGHTS.asks("revoke_certificate"),
        when=is_valid,
        text=_(
            "Whoever checks it is told from now on that it is not valid. It cannot be undone; who earned a "
            "certificate all the same gets a new one."
        ),
        danger=True,
        confirmed=True,
    )
    def revoke(self, request, certificate, data):
        services.revoke_certificate(certificate=certificate, by=request.user, **data)
        return gettext("The certificate is revoked.")

    # --- Many ---------------------------------------------------------------------------------

    @bulk_action(
        _("Handed over"),
        form=DayForm,
        may=RIGHTS.asks("hand_over_certificate"),
        done=lambda count: (
            ngettext(
                "%(count)d certificate is handed over.",
                "%(count)d certificates are handed over.",
                count,
            )
            % {"count": count}
        ),
    )
    def hand_over_all(self, request, certificate, data):
        services.hand_over_certificate(certificate=certificate, by=request.user, **data)

    @bulk_action(
        _("Not handed over after all"),
        may=RIGHTS.asks("take_back_hand_over"),
        done=lambda count: (
            ngettext(
                "%(count)d certificate waits again.", "%(count)d certificates wait again.", count
            )
            % {"count": count}
        ),
    )
    def take_back_all(self, request, certificate, data):
        services.take_back_hand_over(certificate=certificate, by=request.user)

    @bulk_action(
        _("Send by e-mail"),
        may=RIGHTS.asks("mail_certificate"),
        text=_("Each gets a letter of their own; who has no e-mail address is named."),
        done=lambda count: (
            ngettext(
                "%(count)d e-mail is on its way.", "%(count)d e-mails are on their way.", count
            )
            % {"count": count}
        ),
    )
    def mail_all(self, request, certificate, data):
        services.mail_certificate(certificate=certificate, by=request.user)

    @admin.action(description=_("Print (PDF)"))
    def print_chosen(self, request, queryset):
        return self._printed(request, queryset, "belgeler")

    @admin.action(description=_("On pre-printed paper (PDF)"))
    def print_bare(self, request, queryset):
        return self._printed(request, queryset, PRE_PRINTED)

    @admin.action(description=_("Sheet of signatures"))
    def sign_for_chosen(self, request, queryset):
        return self._printed(request, queryset, "imza-listesi")

    @admin.action(description=_("Calling list of the ceremony"))
    def call_chosen(self, request, queryset):
        return self._printed(request, queryset, "cagri-listesi")

    for one in (print_chosen, print_bare, sign_for_chosen, call_chosen):
        one.may = RIGHTS.asks("print_certificates")
    del one

    def _printed(self, request, queryset, slug):
        """A paper of the valid ones among the chosen rows, whatever courses they are of."""
        confirm(request)
        most = MOST_LINES if slug in LISTS else AT_ONCE
        chosen = queryset.order_by().values("pk")
        rows = RIGHTS.rows(request.user, "print_certificates", Certificate.objects.printable())
        rows = rows.filter(pk__in=chosen)
        left_out = left_out_words(Certificate.objects.nameless().filter(pk__in=chosen).count())
        rows = list(rows.in_calling_order().select_related("enrolment__course")[: most + 1])
        if not rows:
            sentence = NOTHING
        elif len(rows) > most:
            sentence = gettext(
                "At most %(count)d are printed at once; of more order the file under “%(page)s”."
            ) % {"count": most, "page": gettext("Print and ceremony")}
        else:
            options = {"about": Certificate, "by": request.user}
            options |= {"offset": PrintOffset.objects.of(request.user)}
            try:
                answer = printed_answer(slug, rows, **options)
            except Refusal as refusal:
                sentence = sentence_of(refusal)
            else:
                if left_out:  # read on the page after the paper
                    self.message_user(request, left_out, messages.WARNING)
                return answer
        self.message_user(
            request, left_out if left_out and not rows else sentence, messages.WARNING
        )
        return None

"""A new education year with its terms and holidays in one form."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import services
from courses.enums import DayPart
from courses.models import EducationYear, Holiday, Term, check_terms_do_not_overlap
from courses.rights import RIGHTS
from izmek.acts.refusal import Refusal, show_refusal
from izmek.admin import ModelForm
from izmek.admin.widgets import DateInput

SPARE_TERMS, SPARE_HOLIDAYS = 2, 4  # empty rows below those that are proposed


class YearForm(ModelForm):
    class Meta:
        model = EducationYear
        fields = [
            "name",
            "begin",
            "end",
            "pass_mark",
            "absence_limit_numerator",
            "absence_limit_denominator",
            "minimum_group",
            "max_courses",
            "offer_hours",
            "confirm_days",
            "teacher_daily_hours",
            "teacher_weekly_hours",
            "lesson_minutes",
            "count_before_joining",
            "drop_bars_next_term",
        ]
        widgets = {"begin": DateInput, "end": DateInput}


class TermForm(ModelForm):
    class Meta:
        model = Term
        fields = ["name", "begin", "end"]
        widgets = {"begin": DateInput, "end": DateInput}


class HolidayForm(ModelForm):
    """A holiday that is entered if it is ticked; an own one, if anything is typed."""

    chosen = forms.BooleanField(required=False, label=gettext_lazy("enter"))

    class Meta:
        model = Holiday
        fields = ["name", "begin", "end", "part"]
        widgets = {"begin": DateInput, "end": DateInput}


class YearPages:
    """The part of the ModelAdmin of education years with the page for a new one."""

    def get_urls(self):
        view = self.guarded(self.new_year_view)
        return [path("new/", view, name="courses_educationyear_new"), *super().get_urls()]

    def add_view(self, request, form_url="", extra_context=None):
        """Django's form has no holidays: whoever opens it is led to the page that has all of a year."""
        if request.method == "GET" and not request.GET:
            return HttpResponseRedirect(self.url("new"))
        return super().add_view(request, form_url, extra_context)

    def new_year_view(self, request):
        """GET: the year after the last one, as a proposal; POST: it is made, or shown with errors."""
        if not RIGHTS.may(request.user, "make_year"):
            raise PermissionDenied
        year, terms = services.propose_year()
        proposed = services.propose_holidays(year.begin, year.end)
        sent = request.POST if request.method == "POST" else None
        form = YearForm(sent, instance=year)
        term_forms = [
            _row(TermForm, sent, f"term{number}", term)
            for number, term in enumerate([*terms, *[None] * SPARE_TERMS])
        ]
        holiday_forms = []
        for number, one in enumerate([*proposed, *[None] * SPARE_HOLIDAYS]):
            row = _row(HolidayForm, sent, f"holiday{number}", one and one.holiday)
            row.proposal = one
            row.fields["chosen"].initial = bool(one and not one.known)
            row.fields["chosen"].widget.attrs["aria-label"] = str(
                _("enter: %(name)s") % {"name": one.holiday if one else _("another holiday")}
            )
            holiday_forms.append(row)
        refused = ""
        if sent is not None:
            chosen_terms = [row for row in term_forms if row.proposed or row.has_changed()]
            chosen_terms = [row for row in chosen_terms if row["name"].value()]
            chosen_holidays = [row for row in holiday_forms if _is_chosen(row)]
            # all of them, so that everything that is wrong is shown at once
            wrong = [row for row in (form, *chosen_terms, *chosen_holidays) if not row.is_valid()]
            right = not wrong and _terms_fit(form.instance, chosen_terms)
            if right:
                try:
                    services.make_year(
                        year=form.instance,
                        terms=[row.instance for row in chosen_terms],
                        holidays=[row.instance for row in chosen_holidays],
                        by=request.user,
                    )
                except ValidationError as error:
                    refused = " ".join(error.messages)
                else:
                    self.message_user(
                        request,
                        _(
                            "The education year %(year)s is made: %(terms)d terms, %(holidays)d holidays."
                        )
                        % {
                            "year": form.instance,
                            "terms": len(chosen_terms),
                            "holidays": len(chosen_holidays),
                        },
                        messages.SUCCESS,
                    )
                    return HttpResponseRedirect(self.url("change", form.instance.pk))
        context = {
            **self.admin_site.each_context(request),
            "title": _("New education year"),
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "terms": term_forms,
            "holidays": holiday_forms,
            "refused": refused,
            "wrong": sent is not None,
        }
        status = 200 if sent is None else 422
        return TemplateResponse(request, "admin/courses/new_year.html", context, status=status)


def _row(form, sent, prefix, proposed):
    """A form in a row of a table, with the column's name as the label of each input."""
    row = form(sent, prefix=prefix, instance=proposed, use_required_attribute=False)
    row.proposed = proposed
    for name, field in row.fields.items():
        field.widget.attrs["aria-label"] = f"{getattr(proposed, 'name', '')} {field.label}".strip()
        if proposed is None and name == "part":
            field.initial = DayPart.WHOLE
    return row


def _is_chosen(row):
    """A proposed holiday is entered if it is ticked, an own one also if its name is typed."""
    typed = row.proposal is None and row["name"].value()
    return bool(row["chosen"].value() or typed)


def _terms_fit(year, rows):
    """Whether the terms lie inside the year and apart; what is wrong is said at its row."""
    terms = [row.instance for row in rows]
    for row in rows:
        row.instance.year = year
        if row.instance.begin < year.begin or row.instance.end > year.end:
            row.add_error("begin", _("The term lies outside its education year."))
    if any(row.errors for row in rows):
        return False
    try:
        check_terms_do_not_overlap(terms)
    except Refusal as refusal:
        later = next(row for row in rows if row.instance is refusal.row)
        show_refusal(later, Refusal(" ".join(refusal.messages), field="begin"))
        return False
    return True

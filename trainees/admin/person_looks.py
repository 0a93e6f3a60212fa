"""*Kim gördü*: who looked at a person's data, exported or printed them, and when (DOMAIN.md §5)."""

import re
from datetime import datetime, time, timedelta

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from izmek.acts.enums import PROTECTED, Access
from izmek.acts.queries import in_any
from izmek.admin.masking import masked_for
from izmek.admin.records import about_link
from izmek.admin.widgets import DateInput
from izmek.models import AccessLog
from trainees.models import Enrolment, Trainee

ON_A_PAGE = 50
ON_PAPER = (Access.EXPORTED, Access.PRINTED)


class PeriodForm(forms.Form):
    begin = forms.DateField(label=_("from"), required=False, widget=DateInput)
    end = forms.DateField(label=_("until"), required=False, widget=DateInput)
    action = forms.ChoiceField(
        label=_("action"), required=False, choices=[("", _("everything")), *Access.choices]
    )


def looks_at(trainee, *, begin=None, end=None, action=""):
    """The entries of the access log about a person, newest first, as one query.

    Those about them by any row of theirs, those of records that were merged into theirs, and papers of
    their courses that were made after they had the seat. `begin`, `end`: days, both included.
    """
    people = Trainee.everyone.filter(merged_into=trainee).values("pk")
    kind = ContentType.objects.get_for_model(Trainee)
    own = AccessLog.objects.filter(whose_type=kind, whose_id=trainee.pk)
    merged = AccessLog.objects.filter(whose_type=kind, whose_id__in=people)
    seats = Enrolment.every.annotate(course_key=Cast("course_id", CharField()))
    seats = seats.filter(trainee=trainee).order_by()
    papers = AccessLog.objects.filter(
        Exists(seats.filter(course_key=OuterRef("object_id"), created_at__lte=OuterRef("at"))),
        content_type=ContentType.objects.get_for_model(Course),
        action__in=ON_PAPER,
        object_id__in=seats.values("course_key"),
    )
    found = in_any(AccessLog.objects.all(), *(rows.values("pk") for rows in (own, merged, papers)))
    if begin:
        found = found.filter(at__gte=_midnight(begin))
    if end:
        found = found.filter(at__lt=_midnight(end + timedelta(days=1)))
    if action:
        found = found.filter(action=action)
    return found.order_by("-at", "-pk")


def _midnight(day):
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def looks(self, request, trainee):
    """The tab: a page of the entries, of the days and the kind that were asked."""
    form = PeriodForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = looks_at(trainee, **asked).select_related("by", "content_type")
    rows = masked_for(request.user, rows)
    number = request.GET.get("p", "")
    page = int(number) if re.fullmatch(r"[1-9][0-9]{0,4}", number) else 1
    found = list(rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE + 1])
    for entry in found:
        entry.of_fields = PROTECTED.get(entry.fields, entry.fields)
        entry.about = about_link(entry)
    kept = request.GET.copy()
    kept.pop("p", None)
    log = reverse("admin:izmek_accesslog_changelist")
    return {
        "form": form,
        "entries": found[:ON_A_PAGE],
        "page_number": page,
        "has_more": len(found) > ON_A_PAGE,
        "kept": kept.urlencode(),
        "log_url": f"{log}?whose={Trainee._meta.label_lower}:{trainee.pk}",
        "exports_url": f"{log}?action__exact={Access.EXPORTED}",
        "status": 200 if not form.is_bound or form.is_valid() else 422,
    }


def may_see_looks(user, trainee=None):
    """Whoever reads the access log: managers and auditors."""
    return user.has_perm("izmek.view_accesslog")

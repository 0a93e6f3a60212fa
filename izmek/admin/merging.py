"""Two rows that are one, in the admin: find the other one, look at both, choose, merge; and take it back.

    class TechniqueAdmin(PlainMerges, ModelAdmin):
        merge_rights, merge_act = rights, "merge_techniques"
        merge_service = services.merge_techniques
        merge_with = merge_link(RIGHTS.asks("merge_techniques"))
        object_actions = ("merge_with",)

What a merge does is in `izmek/acts/merging.py` and in the app's services; here are its two pages.
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izmek.accounts.confirming import confirm
from izmek.acts import merging as acts
from izmek.acts.merging import Preview, compare, figures, lacking
from izmek.acts.queries import UNDO_WITHIN
from izmek.acts.refusal import REASON_LENGTH, show_refusal
from izmek.admin.actions import object_action, object_link
from izmek.admin.base import ReadOnlyAdmin
from izmek.admin.extensions import say_after_act
from izmek.admin.history import Told
from izmek.admin.masking import is_masked
from izmek.admin.versions import rows_in_history
from izmek.models import Merge
from izmek.secrets.identity import holds_number

BOTH = ("first", "second")
FOUND = 20  # rows that a search for the other one shows


class MergeForm(forms.Form):
    """What is chosen before two rows become one: a field for each Question of the preview."""

    required_css_class = "required"

    def __init__(self, *args, preview, names, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["keep"] = forms.ChoiceField(
            label=_("Which record stays?"),
            choices=list(zip(BOTH, names, strict=True)),
            widget=forms.RadioSelect,
            initial=preview.default_kept,
            help_text=_("What the other one has moves to it; its page leads here from then on."),
        )
        beside = {question.name for *_row, question in preview.values if question}
        for question in preview.asked.values():
            # A row of the table has no fieldset: what the choice is about stands at its beginning.
            told = {"aria-describedby": f"merge-{question.name}"} if question.name in beside else {}
            self.fields[question.name] = forms.ChoiceField(
                label=question.label,
                choices=question.options,
                widget=forms.RadioSelect(attrs=told),
                initial=question.default,
                help_text=question.help,
            )
        self.fields["reason"] = forms.CharField(
            label=_("Note"), required=False, max_length=REASON_LENGTH
        )
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, initial=preview.seen)
        self.asked = [self[one.name] for one in preview.questions]


def merge_link(may):
    """The button that leads to the page on which the other record is looked for."""
    return object_link(
        gettext_lazy("Merge with another record"),
        lambda obj: reverse(
            f"admin:{obj._meta.app_label}_{obj._meta.model_name}_merge", args=[obj.pk]
        ),
        may=may,
    )


class Merges:
    """The part of a ModelAdmin whose rows can be merged; stands before ModelAdmin.

    `merge_act`: the name of the right; `merge_rights`: the table it is in. A subclass gives
    `preview_merge` and `merge_rows`.
    """

    merge_rights = None
    merge_act = ""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path(
                "<path:object_id>/merge/", self.guarded(self.find_other_view), name=f"{name}_merge"
            ),
            path(
                "<path:object_id>/merge/<path:other_id>/",
                self.guarded(self.merge_view),
                name=f"{name}_merge_with",
            ),
            *super().get_urls(),
        ]

    def preview_merge(self, first, second):
        """The Preview of the two rows."""
        raise NotImplementedError

    def merge_rows(self, first, second, *, keep, answers, reason, seen, by):
        """Call the service; returns the Merge."""
        raise NotImplementedError

    def may_merge(self, request, *rows):
        return all(self.merge_rights.may(request.user, self.merge_act, row) for row in rows)

    # --- Finding the other one ----------------------------------------------------------------

    def proposed_for(self, request, obj):
        """Rows that may be the same: [(row, why)]."""
        return []

    def find_other_view(self, request, object_id):
        obj = self._row(request, object_id)
        text, found = "", []
        if request.method == "POST":  # a name does not stand in an address here
            text = request.POST.get("q", "").strip()
            if holds_number(text):
                return self.number_refused(request)
            if text:
                rows = self.seen(request).exclude(pk=obj.pk)
                rows = self.get_search_results(request, rows, text)[0]
                keys = list(rows.order_by("pk").values_list("pk", flat=True)[:FOUND])
                shown = self.as_read(request, self.seen(request).filter(pk__in=keys))
                found = [(row, self.merge_label(row), "") for row in shown.order_by("pk")]
        proposed = [
            (row, self.merge_label(row), why) for row, why in self.proposed_for(request, obj)
        ]
        context = {"text": text, "found": found, "proposed": proposed}
        return self._merge_page(
            request, "admin/merge_find.html", obj, _("Merge with another record"), **context
        )

    def merge_label(self, row):
        """What tells a row from another of the same name."""
        return self.choice_label(row)

    # --- Looking at both, and merging ---------------------------------------------------------

    def merge_view(self, request, object_id, other_id):
        first, second = (self._row(request, key) for key in (object_id, other_id))
        if first.pk == second.pk:
            raise Http404
        may = self.may_merge(request, first, second) and not (is_masked(first) or is_masked(second))
        if request.method == "POST" and not may:
            raise PermissionDenied
        if may:
            confirm(request)
        preview = self.preview_merge(first, second)
        form = MergeForm(
            request.POST if request.method == "POST" else None,
            preview=preview,
            names=self._names(first, second),
        )
        if request.method == "POST" and form.is_valid():
            since, data = timezone.now(), dict(form.cleaned_data)
            try:
                merge = self.merge_rows(
                    first,
                    second,
                    keep=data.pop("keep"),
                    reason=data.pop("reason"),
                    seen=data.pop("seen"),
                    answers=data,
                    by=request.user,
                )
            except ValidationError as refusal:
                preview, sent = self.preview_merge(first, second), request.POST.copy()
                sent["seen"] = preview.seen
                form = MergeForm(sent, preview=preview, names=self._names(first, second))
                form.is_valid()  # asks what is to be chosen by now
                show_refusal(form, refusal)
            else:
                self.message_user(request, merged_sentence(merge), messages.SUCCESS)
                say_after_act(request, since)
                return HttpResponseRedirect(self.url(self.row_page, merge.object_id))
        values = [
            {
                "label": label,
                "id": f"merge-{question.name}" if question else "",
                "cells": list(
                    zip((one, two), form[question.name].subwidgets, strict=True)
                    if question
                    else ((text, None) for text in (one, two))
                ),
                "differs": str(one) != str(two),
                "errors": form[question.name].errors if question else "",
            }
            for label, one, two, question in preview.values
        ]
        return self._merge_page(
            request,
            "admin/merge.html",
            first,
            _("Merge two records"),
            second=second,
            names=self._names(first, second),
            links=[self.url(self.row_page, row.pk) for row in (first, second)],
            preview=preview,
            values=values,
            form=form,
            may=may,
            until=timezone.now() + UNDO_WITHIN,
        )

    def _names(self, first, second):
        names = [self.merge_label(row) for row in (first, second)]
        if names[0] == names[1]:
            names = [f"{name} ({row.pk})" for name, row in zip(names, (first, second), strict=True)]
        return names

    def _row(self, request, key):
        if not self.has_view_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, unquote(key))
        if obj is None:
            raise Http404
        return obj

    def _merge_page(self, request, template, obj, title, **context):
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "original": obj,
                "title": title,
                "media": self.media,
                "back": self.page_of(request, obj),
                "row_url": f"admin:{self.opts.app_label}_{self.opts.model_name}_merge_with",
                **context,
            },
        )

    # --- Their history ------------------------------------------------------------------------

    def told_in_history(self, request, obj):
        """With the versions of the rows that were merged into this one: both histories are kept."""
        yield from super().told_in_history(request, obj)
        keys = list(Merge.objects.of(obj).values_list("merged_id", flat=True))
        if keys:
            of_these = {f"{self.opts.pk.attname}__in": keys}
            yield Told(
                rows_in_history(self.model, **of_these),
                masked=self._masks(obj, self),
                name=lambda row: _("second record %(key)s") % {"key": row.pk},
            )


class PlainMerges(Merges):
    """For tables of plain things, such as places and programmes: columns to choose, and what moves.

    `merge_values`: the columns; `merge_service`: the service.
    """

    merge_values = ("name",)
    merge_service = None

    def preview_merge(self, first, second):
        counts = figures(first, second)
        rank = [sum(row[place] for row in counts) for place in (1, 2)]
        return Preview(
            values=compare(first, second, self.merge_values),
            figures=counts,
            default_kept=BOTH[rank[1] > rank[0]],
        )

    def merge_rows(self, first, second, *, keep, answers, reason, seen, by):
        kept, other = (first, second) if keep == "first" else (second, first)
        theirs = "second" if keep == "first" else "first"
        values = [name for name in self.merge_values if answers.get(name) == theirs]
        values += lacking(kept, other, self.merge_values)
        return type(self).merge_service(kept=kept, other=other, by=by, values=values, reason=reason)


def merged_sentence(merge):
    """What was done, and until when it can be undone."""
    return format_html(
        '{} <a href="{}">{}</a>',
        _("The two records are one now."),
        reverse("admin:izmek_merge_change", args=[merge.pk]),
        _("It can be undone until %(day)s.")
        % {"day": formats.date_format(timezone.localtime(merge.at + UNDO_WITHIN), "j F Y")},
    )


class TableFilter(admin.SimpleListFilter):
    """Merges of one table."""

    title = gettext_lazy("table")
    parameter_name = "table"

    def lookups(self, request, model_admin):
        return [
            (model._meta.label_lower, capfirst(model._meta.verbose_name_plural))
            for model in acts.mergeable()
        ]

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        app, _dot, model = self.value().partition(".")
        kind = ContentType.objects.get_by_natural_key(app, model)
        return queryset.filter(content_type=kind)


@admin.register(Merge)
class MergeAdmin(ReadOnlyAdmin):
    help = "ayni-kisi"
    list_display = ("at", "by", "table", "stays", "second", "state")
    list_filter = (TableFilter,)
    list_select_related = ("by", "content_type", "undone_by")
    ordering = ("-at", "-pk")
    fields = (
        ("at", "by"),
        ("table", "stays", "second"),
        "reason",
        "state",
        ("undone_at", "undone_by"),
    )
    readonly_fields = ("table", "stays", "second", "state")
    object_actions = ("undo",)

    @admin.display(description=gettext_lazy("table"))
    def table(self, merge):
        return capfirst(merge.content_type.name)

    def with_shown(self, request, rows):
        return rows.prefetch_related("object")

    @admin.display(description=gettext_lazy("stays"))
    def stays(self, merge):
        """What stayed; it may have been merged into another one, or deleted, since."""
        opts = merge.content_type.model_class()._meta
        address = reverse(
            f"admin:{opts.app_label}_{opts.model_name}_change", args=[merge.object_id]
        )
        return format_html('<a href="{}">{}</a>', address, merge.object or merge.object_id)

    @admin.display(description=gettext_lazy("second record"))
    def second(self, merge):
        return merge.merged_id

    @admin.display(description=gettext_lazy("state"))
    def state(self, merge):
        if merge.undone_at:
            return _("undone")
        if _is_over(merge):
            return _("stands")
        return _("can be undone")

    @object_action(
        gettext_lazy("Undo the merge"),
        may=lambda user, merge=None: merge is None or acts.may_undo(merge, user),
        when=lambda merge: merge.undone_at is None and not _is_over(merge),
        next_when=lambda merge: True,
        text=gettext_lazy(
            "There are two records again, each with what it had. What was recorded since stays with the "
            "one that stayed."
        ),
        confirmed=True,
    )
    def undo(self, request, merge, data):
        acts.undo(merge=merge, by=request.user)
        return _("There are two records again.")


def _is_over(merge):
    return timezone.now() - merge.at > UNDO_WITHIN

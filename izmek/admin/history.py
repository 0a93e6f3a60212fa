"""The history page: all versions of an object, with a button to restore; and deleted rows."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from izmek.acts.refusal import Refusal
from izmek.acts.saving import save
from izmek.admin.masking import is_masked
from izmek.admin.together import together
from izmek.admin.versions import (
    DELETED,
    has_history,
    history_of,
    keys_of,
    keys_with_those_around,
    name_of,
    read_versions,
    rows_in_history,
)

ON_A_PAGE = 50  # versions


@dataclass(frozen=True)
class Told:
    """A table in the history of an object, and what its versions look like there.

    `rows`: historical rows. `name(row)`: which row it was, where they are not the object's own. `restores`:
    the fields that going back to a version sets; `restore(version)`: the address that does it.
    """

    rows: QuerySet
    masked: dict | None = None
    name: Callable | None = None
    restores: Sequence = ()
    restore: Callable | None = None

    @property
    def model(self):
        return self.rows.model.instance_type


class HistoryMixin:
    """The part of ModelAdmin that shows and restores versions of tracked models."""

    def get_urls(self):
        if not has_history(self.model):
            return super().get_urls()
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path(
                "<path:object_id>/history/<int:version>/restore/",
                self.guarded(require_POST(self.restore_view)),
                name=f"{name}_restore",
            ),
            path(
                "<path:object_id>/history/<slug:table>/<int:version>/restore/",
                self.guarded(require_POST(self.restore_row_view)),
                name=f"{name}_restore_row",
            ),
            path("deleted/", self.guarded(self.deleted_view), name=f"{name}_deleted"),
            path(
                "deleted/<int:version>/restore/",
                self.guarded(require_POST(self.undelete_view)),
                name=f"{name}_undelete",
            ),
            *super().get_urls(),
        ]

    # --- Versions -----------------------------------------------------------------------------

    def history_view(self, request, object_id, extra_context=None):
        """Who changed what, when and why, with a button to restore; includes rows of inlines."""
        if not has_history(self.model):
            return super().history_view(request, object_id, extra_context)
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        told = list(self.told_in_history(request, obj))
        keys = together(keys_with_those_around(place, one.rows) for place, one in enumerate(told))
        keys = keys.order_by("-change_at", "-change_key", "change_table")
        page = Paginator(keys, ON_A_PAGE).get_page(request.GET.get("p"))
        page.object_list = self._read(told, page.object_list)
        return self._page(
            request,
            "admin/versions.html",
            title=_("History"),
            subtitle=str(obj),
            original=obj,
            page=page,
            can_restore=any(version.restore_url for version in page),
            **(extra_context or {}),
        )

    def told_in_history(self, request, obj):
        """The tables in the history of an object, as Told; a subclass adds others."""
        may = self.has_change_permission(request, obj)
        own = self.restored_fields(request, obj) if may else ()
        yield Told(
            rows_in_history(self.model, pk=obj.pk),
            masked=self._masks(obj, self),
            restores=own,
            restore=partial(self.url, "restore", obj.pk),
        )
        for inline in self.get_inline_instances(request, obj):
            if has_history(inline.model):
                may = inline.restorable and inline.has_change_permission(request, obj)
                yield Told(
                    rows_in_history(inline.model, **{inline.key_name: obj.pk}),
                    masked=self._masks(obj, inline),
                    name=str,
                    restores=self._restored_in(inline, request, obj) if may else (),
                    restore=partial(self.url, "restore_row", obj.pk, inline.opts.model_name),
                )

    def _masks(self, obj, of):
        """How the columns of an object or of its inline are shown to a reader who reads it masked."""
        return of.masked_columns if is_masked(obj) else None

    def _read(self, told, found):
        """The Versions of a page, each with the address that restores it, if that changes anything."""
        keys, around, masked = {}, [], {one.model: one.masked for one in told}
        for row in found:
            model = told[row["change_table"]].model
            keys.setdefault(model, []).append(row["change_key"])
            if "before" in row:
                around.append((model, row["before"], row["last"]))
        versions, shown = read_versions(keys, masked.get, around), []
        for row in found:
            one = told[row["change_table"]]
            version = versions[one.model, row["change_key"]]
            if one.name:
                version.of = (
                    f"{one.model._meta.verbose_name}: {name_of(version.instance, one.name)}"
                )
            if one.restores and _restores(version, one.restores):
                version.restore_url = one.restore(version.pk)
            shown.append(version)
        return shown

    def _restored_in(self, inline, request, obj):
        """The fields of an inline's row that restoring sets: those of its form."""
        typed = inline.get_formset(request, obj).form.base_fields
        tracked = history_of(inline.model).model.tracked_fields
        return [field for field in tracked if field.name in typed]

    def restored_fields(self, request, obj=None):
        """The fields that restoring sets: those that can be edited in the change form."""
        typed = set(flatten_fieldsets(self.get_fieldsets(request, obj or self.model(pk=0))))
        typed -= set(self.get_readonly_fields(request, obj or self.model(pk=0)))
        return [
            field
            for field in history_of(self.model).model.tracked_fields
            if field.name in typed and field.editable
        ]

    @transaction.atomic
    def restore_view(self, request, object_id, version):
        """Give the object the editable values of an earlier version; saved like the form."""
        obj = self._to_restore(request, object_id)
        history = rows_in_history(self.model, pk=obj.pk)
        old = get_object_or_404(history, pk=version)
        reason = _restored(old)
        obj = self.model._base_manager.select_for_update().get(pk=obj.pk)
        fields = self.restored_fields(request, obj)
        changes, before = _differs(obj, old, fields), copy(obj)
        _take_over(obj, old, fields)

        def act():
            if not changes:
                raise Refusal(
                    _("Nothing of this version can be restored: what differs is not typed here."),
                    code="fixed",
                )
            self._check_chosen(request, self, before, obj, fields)
            obj.full_clean()
            self.save_with_address(request, obj)
            self.check_saved(request, obj)
            # The service that saves it knows nothing of why.
            history.filter(pk=history.latest().pk).update(history_change_reason=reason)

        return self._restore(request, obj, old, act, logged=reason)

    @transaction.atomic
    def restore_row_view(self, request, object_id, table, version):
        """Give an inline's row the values of an earlier version; bring a deleted row back."""
        obj = self._to_restore(request, object_id)
        inline = self._inline(request, obj, table)
        history = rows_in_history(inline.model, **{inline.key_name: obj.pk})
        old = get_object_or_404(history, pk=version)
        reason = _restored(old)
        key = getattr(old, inline.opts.pk.attname)
        row = inline.model._base_manager.select_for_update().filter(pk=key).first()
        if row is not None and getattr(row, f"{inline.key_name}_id") != obj.pk:
            raise Http404  # it belongs to another object by now, which has its own history page
        before, fields = copy(row), self._restored_in(inline, request, obj)
        if row is None:
            row = _as_it_was(old)
        else:
            _take_over(row, old, fields)

        def act():
            if before is not None:
                self._check_chosen(request, inline, before, row, fields)
            row.full_clean()
            save(row, by=request.user, reason=reason)
            self.check_saved(request, obj)

        return self._restore(request, obj, old, act, logged=f"{inline.opts.verbose_name}: {reason}")

    def _check_chosen(self, request, of, before, row, fields):
        """Raise Refusal when the row comes to name another that the user cannot choose in the form.

        `of`: the admin or inline whose form it is; what stays as it was is not asked.
        """
        for field in fields:
            key = getattr(row, field.attname)
            if not field.remote_field or key in (None, getattr(before, field.attname)):
                continue
            typed = of.opts.get_field(field.name)
            if not of.choices_of(typed, request).filter(pk=key).exists():
                raise Refusal(
                    _("%(field)s: what this version names is not yours to choose."),
                    params={"field": capfirst(field.verbose_name)},
                    code="choice",
                )

    def _to_restore(self, request, object_id):
        """The object of the history page; 404 if it does not exist, 403 without the right."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        return obj

    def _restore(self, request, obj, old, act, logged):
        """Restore in one transaction; then say that it is restored, or why not."""
        if not self._tried(request, act):
            transaction.set_rollback(True)
            return HttpResponseRedirect(self.url("history", obj.pk))
        self.log_change(request, obj, logged)
        sentence = _("The version of %(moment)s is restored.")
        sentence %= {"moment": _moment(old.history_date)}
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(self.url("change", obj.pk))

    def _inline(self, request, obj, table):
        """The inline of that table; 404 if its rows cannot be restored."""
        for inline in self.get_inline_instances(request, obj):
            if inline.opts.model_name == table and inline.restorable and has_history(inline.model):
                if not inline.has_change_permission(request, obj):
                    raise PermissionDenied
                return inline
        raise Http404

    # --- Deleted rows -------------------------------------------------------------------------

    def may_undelete(self, request):
        """Users who may delete and add, both for the whole table."""
        return (
            has_history(self.model)
            and self.has_delete_permission(request)
            and self.has_add_permission(request)
        )

    def _deleted(self):
        history = history_of(self.model)
        alive = self.model._base_manager.filter(pk=OuterRef(self.opts.pk.name))
        return history.filter(~Exists(alive), history_type=DELETED)

    def deleted_view(self, request):
        """The rows deleted last, each with a button to bring it back."""
        if not self.may_undelete(request):
            raise PermissionDenied
        keys = keys_of(0, self._deleted()).order_by("-change_at", "-change_key")
        page = Paginator(keys, ON_A_PAGE).get_page(request.GET.get("p"))
        page.object_list = self._read([Told(self._deleted())], page.object_list)
        return self._page(request, "admin/deleted.html", title=_("Deleted rows"), page=page)

    def undelete_view(self, request, version):
        """Bring a deleted row back; related rows that were deleted with it are not restored."""
        if not self.may_undelete(request):
            raise PermissionDenied
        row = self._deleted().filter(pk=version).first()
        if row is None:
            raise Http404
        obj = _as_it_was(row)
        reason = _("brought back")
        with transaction.atomic():
            if self._tried(
                request,
                lambda: (
                    obj.full_clean(),
                    self.bring_back(request, obj, reason),
                    self.check_saved(request, obj),
                ),
            ):
                self.log_addition(request, obj, reason)
                self.message_user(request, _("It is back."), messages.SUCCESS)
                return HttpResponseRedirect(self.url("change", obj.pk))
            transaction.set_rollback(True)
        return HttpResponseRedirect(self.url("deleted"))

    def bring_back(self, request, obj, reason):
        """Save a deleted row again; a subclass calls its service where others have to be told."""
        save(obj, by=request.user, reason=reason)

    # ------------------------------------------------------------------------------------------

    def _tried(self, request, act):
        """Call a function; errors of validation or a service become a message."""
        try:
            act()
        except ValidationError as error:
            for sentence in error.messages:
                self.message_user(request, sentence, messages.ERROR)
            return False
        return True

    def _page(self, request, template, **context):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            **context,
        }
        return TemplateResponse(request, template, context)


def _as_it_was(old):
    """The row of a historical one, with its original key, and without what ends with a deletion."""
    row = old.instance
    row.pk = getattr(old, row._meta.pk.attname)
    for name in getattr(row, "ends_with_deletion", ()):
        setattr(row, name, None)
    return row


def _differs(one, other, fields):
    return any(getattr(one, f.attname) != getattr(other, f.attname) for f in fields)


def _restores(version, fields):
    """Whether going back to a version changes anything; the last one of a deleted row brings it back."""
    if version.kind == DELETED:
        return version.pk == version.newest.history_id
    newest = version.newest
    return newest.history_type == DELETED or _differs(version.row, newest, fields)


def _take_over(row, old, fields):
    for field in fields:
        setattr(row, field.attname, getattr(old, field.attname))


def _restored(old):
    return _("restored: the version of %(moment)s") % {"moment": _moment(old.history_date)}


def _moment(when):
    return formats.date_format(timezone.localtime(when), "SHORT_DATETIME_FORMAT")

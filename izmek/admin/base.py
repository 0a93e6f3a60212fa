"""The ModelAdmin for all our tables."""

import re
from contextlib import suppress
from functools import update_wrapper

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import NestedObjects, flatten, flatten_fieldsets, quote, unquote
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import models, router, transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from izmek.accounts.roles import with_roles_that
from izmek.acts import imports
from izmek.acts.audit import log_look
from izmek.acts.sent_late import saved_meanwhile
from izmek.admin.actions import ObjectActionsMixin
from izmek.admin.attention import AttentionFilter, has_rules
from izmek.admin.conflicts import ConflictMixin
from izmek.admin.exports import ExportsLists
from izmek.admin.extensions import say_after_act
from izmek.admin.forms import LabelledFormSet, ListForm, ModelForm, what_is_wrong
from izmek.admin.history import HistoryMixin
from izmek.admin.imports import list_address
from izmek.admin.lists import ChangeList, KeyPages
from izmek.admin.masking import MaskedByRecord, is_masked, masked_for, reads_masked
from izmek.admin.scope import ScopedChoices, admin_of, choosable, is_key, visible
from izmek.admin.search import found_among
from izmek.admin.tags import tag_column
from izmek.public import slugs
from izmek.secrets.identity import holds_number

MOST_PROTECTED = 10  # rows of a table that a refused deletion names
LONG_FORM = 3  # named parts; from then on there is a table of contents


class Deletion(NestedObjects):
    """Django's tree of what is deleted, without the rows of bare many-to-many tables."""

    def add_edge(self, source, target):
        if not target._meta.auto_created:
            super().add_edge(source, target)


class ModelAdmin(
    ObjectActionsMixin,
    ExportsLists,
    HistoryMixin,
    MaskedByRecord,
    ConflictMixin,
    ScopedChoices,
    admin.ModelAdmin,
):
    """Django's ModelAdmin with the rules of this project.

    * Rows are those that `visible_to(request.user)` gives; an unseen one is 404 (DESIGN.md §4).
    * Rows are saved by `save_row`, which a subclass hands to its app's service; a Refusal of the
      service is shown at the field and nothing that was typed is lost.
    * Columns that are not editable are shown, never typed; on the form for a new row they are
      left out.
    * `search_fields` name columns; all of them are searched by the folded text, so that "igne"
      finds "İğne". A row is found when each word stands in one of the columns. `search_through` names
      the relations over which they are found in two steps (izmek/admin/search.py).
    * `copied`: what a copy takes over (default: every typed field that need not be unique). With
      () there are no copies.
    """

    form = ModelForm
    list_per_page = 50
    paginator = KeyPages
    show_full_result_count = False
    choose_from_list = False  # a plain select instead of autocomplete where others point here
    copied = None
    search_through = ()
    is_filled_in = True  # its fields are chosen from other tables, in its form or an act
    row_page = "change"  # which page of a row its list leads to
    checks_after = ()  # of saving: what other apps ask (izmek/admin/extensions.py)
    tagged = {}  # columns of states (izmek/admin/tags.py)
    import_kind = ""  # the kind of list that is put in here (izmek/acts/imports.py)

    # --- Who sees what ------------------------------------------------------------------------

    def guarded(self, view):
        """Wrap a view like Django's admin views: only for users of the admin."""

        def wrapper(*args, **kwargs):
            return self.admin_site.admin_view(view)(*args, **kwargs)

        wrapper.model_admin = self
        return update_wrapper(wrapper, view)

    def get_queryset(self, request):
        """The rows that the user sees, as they read them."""
        return self.as_read(request, self.seen(request))

    def seen(self, request):
        """The rows that the user sees, bare: lists filter, search, count and sort these."""
        rows = super().get_queryset(request)
        return rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows

    def as_read(self, request, rows):
        """The rows with what is shown of them; what an auditor reads masked comes masked."""
        return masked_for(request.user, self.with_shown(request, rows))

    def with_shown(self, request, rows):
        """The rows with what form and list show of them (annotate, select_related, prefetch_related).

        A list has it for the rows of its page alone. Annotate by subqueries: the rows may have been
        filtered before.
        """
        return rows

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and self._reaches(request, obj, "change")

    def has_delete_permission(self, request, obj=None):
        may = super().has_delete_permission(request, obj)
        return may and self._reaches(request, obj, "delete")

    def _reaches(self, request, obj, act):
        """Whether a role that grants the act sees the object: to see it by another is not enough."""
        writer = with_roles_that(request.user, self.model, act)
        if obj is None or obj.pk is None or writer.roles == request.user.roles:
            return True
        asked = request.__dict__.setdefault("_reached", {})  # Django asks many times a page
        key = (self.model, obj.pk, act)
        if key not in asked:
            asked[key] = visible(self.model, writer).filter(pk=obj.pk).exists()
        return asked[key]

    def get_object(self, request, object_id, from_field=None):
        """Like Django's; an empty `_to_field` means the key, it is no column without a name.

        This is the door to every page of a single row: whoever opens somebody's is noted.
        """
        obj = super().get_object(request, object_id, from_field or None)
        if obj is not None and self.has_view_permission(request):
            self._note_look(request, obj)
        return obj

    def _note_look(self, request, obj):
        noted = request.__dict__.setdefault("_looks_noted", set())  # Django asks many times a page
        if (self.model, obj.pk) not in noted:
            log_look(obj, by=request.user)
            noted.add((self.model, obj.pk))

    # Django has no documented hook; to look for the row in each view first would cost a query a page.
    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def get_actions(self, request):
        """Without Django's bulk deletion: rows are deleted one by one."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs, request):
        """Like Django's; but protected rows are found first, without one query for each row."""
        protected = list(self._hanging_on(objs))
        if protected:
            return [], {}, set(), protected
        collector = Deletion(using=router.db_for_write(self.model), origin=objs)
        collector.collect(objs)
        counts = {
            model._meta.verbose_name_plural: len(rows)
            for model, rows in collector.model_objs.items()
            if not model._meta.auto_created
        }
        missing = {
            model._meta.verbose_name
            for model, rows in collector.model_objs.items()
            if (found := admin_of(self.admin_site, model))
            and not all(found.has_delete_permission(request, row) for row in rows)
        }
        protected = [self._linked(row) for row in collector.protected]
        return collector.nested(self._linked), counts, missing, protected

    def _linked(self, row):
        """What a row is and how it is called, with a link to its page where it has one."""
        label = capfirst(row._meta.verbose_name)
        found = admin_of(self.admin_site, type(row))
        if found is None:
            return f"{label}: {row}"
        return format_html('{}: <a href="{}">{}</a>', label, found.url("change", row.pk), row)

    def _hanging_on(self, objs):
        """The rows that prevent the deletion: some of each table, then the number of others."""
        for relation in self.opts.related_objects:
            if relation.on_delete is not models.PROTECT:
                continue
            model = relation.related_model
            found = admin_of(self.admin_site, model)
            rows = model._base_manager.filter(**{f"{relation.field.name}__in": objs})
            if found and isinstance(found.list_select_related, tuple):
                rows = rows.select_related(*found.list_select_related)
            label = capfirst(model._meta.verbose_name)
            for row in rows[:MOST_PROTECTED]:
                yield self._linked(row)
            more = rows.count() - MOST_PROTECTED
            if more > 0:
                yield ngettext("%(label)s: %(count)d more", "%(label)s: %(count)d more", more) % {
                    "label": label,
                    "count": more,
                }

    # --- Choosing rows of this table from elsewhere -------------------------------------------

    def may_be_chosen(self, request, source):
        """Whether the user may search rows of this table for the field `source` of another table.

        Who sees none of them may where the field is theirs to fill in, never for what an act writes.
        """
        opts = source.model._meta
        filled_in = admin_of(self.admin_site, source.model)
        if filled_in and not filled_in.is_filled_in:
            return False
        return self.has_view_permission(request) or (
            source.editable
            and any(
                request.user.has_perm(f"{opts.app_label}.{act}_{opts.model_name}")
                for act in ("add", "change")
            )
        )

    def choices(self, request):
        """The rows that autocomplete searches, bare."""
        return choosable(self.model, request.user).order_by(*self.get_ordering(request), "pk")

    def with_labels(self, request, rows):
        """The rows that autocomplete shows, with what `choice_label` needs."""
        return rows

    def choice_label(self, obj):
        """The label of a row in autocomplete."""
        return str(obj)

    # --- Lists --------------------------------------------------------------------------------

    def get_list_display(self, request):
        return [
            tag_column(self.model, name, self.tagged[name]) if name in self.tagged else name
            for name in super().get_list_display(request)
        ]

    def get_list_display_links(self, request, list_display):
        named = {getattr(column, "__name__", column): column for column in list_display}
        links = super().get_list_display_links(request, list_display)
        return links and [named.get(link, link) for link in links]

    def get_changelist(self, request, **kwargs):
        return ChangeList

    def get_list_filter(self, request):
        """With what needs attention, where an app has rules for the table (izmek/admin/attention.py)."""
        found = super().get_list_filter(request)
        return (*found, AttentionFilter) if has_rules(self.model) else found

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, form=ListForm, **kwargs)

    def get_changelist_formset(self, request, **kwargs):
        return super().get_changelist_formset(request, formset=LabelledFormSet, **kwargs)

    def get_list_queryset(self, request, rows):
        """The rows of a page of the list with what its columns need beside `with_shown`."""
        return rows

    def shown_in_list(self, request, rows):
        """The rows of a page of the list with all that its columns show."""
        rows = self.as_read(request, rows)
        if isinstance(self.list_select_related, tuple):
            rows = rows.select_related(*self.list_select_related)
        return self.get_list_queryset(request, rows)

    def hidden_columns(self, request):
        """The columns that the user reads masked, so that they neither search nor sort by them.

        Who does not see the table at all, but chooses from it elsewhere, reads none of them.
        """
        readers = with_roles_that(request.user, self.model, "view").roles
        hidden = reads_masked(request.user) or not readers
        return frozenset(self.masked_columns) if hidden else frozenset()

    def get_search_fields(self, request):
        hidden = self.hidden_columns(request)
        return [name for name in super().get_search_fields(request) if name not in hidden]

    def get_search_results(self, request, queryset, search_term):
        paths = self.get_search_fields(request)
        return found_among(queryset, search_term, paths, self.search_through), False

    # --- Forms --------------------------------------------------------------------------------

    def get_readonly_fields(self, request, obj=None):
        fixed = [field.name for field in self.opts.fields if not field.editable]
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_fieldsets(self, request, obj=None):
        fieldsets = english_apart(super().get_fieldsets(request, obj))
        if obj is not None:
            return fieldsets
        fixed = set(self.get_readonly_fields(request))
        return list(_without(fieldsets, fixed))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        form.request = request
        return form

    def get_changeform_initial_data(self, request):
        initial = dict(self._held(super().get_changeform_initial_data(request)))
        source = self._source_of_copy(request)
        if source is not None:
            initial |= self.copy_of(source)
        return initial

    def _held(self, asked):
        """The values of an address that a column of the name can hold; widgets fail on others."""
        columns = {field.name: field for field in (*self.opts.fields, *self.opts.many_to_many)}
        for name, value in asked.items():
            field = columns.get(name)
            if field is None:
                continue
            if field.is_relation:
                keys = value if isinstance(value, list) else [value]
                if all(is_key(field.related_model, key) for key in keys):
                    yield name, value
            else:
                with suppress(ValidationError):
                    yield name, field.to_python(value)

    # Django's `save_as` would take over dates, photos and showings, and lose what is read-only.
    def copy_of(self, source):
        """The initial values of the form for a copy of a row."""
        names = self.copied
        if names is None:
            fields = (*self.opts.fields, *self.opts.many_to_many)
            names = [f.name for f in fields if f.editable and not getattr(f, "unique", False)]
        return {
            name: list(getattr(source, name).all())
            if self.opts.get_field(name).many_to_many
            else self.opts.get_field(name).value_from_object(source)
            for name in names
        }

    def copy_url(self, request, obj):
        """The address of the form for a copy of the row, or None where there are no copies."""
        if self.copied == () or not self.has_add_permission(request):
            return None
        return f"{self.url('add')}?copy={obj.pk}"

    def _source_of_copy(self, request):
        key = request.GET.get("copy")
        return self.get_object(request, unquote(key)) if key else None

    def get_formsets_with_inlines(self, request, obj=None):
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            formset.extra += len(self._copied_rows(request, obj, inline))
            yield formset, inline

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        rows = self._copied_rows(request, obj, inline)
        if rows:
            kwargs["initial"] = rows
        return kwargs

    # For the same reason as `copy_of`: the rows that a copy takes along are named by their inline.
    def _copied_rows(self, request, obj, inline):
        if (obj and obj.pk) or request.method != "GET":
            return []
        if proposed := inline.proposed(request):
            return proposed
        if not inline.copied:
            return []
        source = self._source_of_copy(request)
        if source is None:
            return []
        formset = inline.get_formset(request)
        names = [name for name in formset.form.base_fields if name != formset.fk.name]
        rows = inline.model._default_manager.filter(**{formset.fk.name: source})
        return [
            {name: row._meta.get_field(name).value_from_object(row) for name in names}
            for row in rows
        ]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Django's, twice where it must be: what stopped the saving is shown in the same form."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        since = timezone.now()
        with transaction.atomic():  # the row that was compared stays locked until it is saved
            answer = self._sent_form(request, object_id, form_url, dict(extra_context or {}))
        if answer.status_code == 302:
            say_after_act(request, since)
        return answer

    def _sent_form(self, request, object_id, form_url, context):
        conflict = self.conflict(request, object_id) if object_id else None
        if conflict:
            request.refusal, context["conflict"] = saved_meanwhile(), conflict
        try:
            # Django's is a transaction in itself: what it saved before a refusal is taken back.
            return super().changeform_view(request, object_id, form_url, context)
        except ValidationError as refusal:
            request.refusal = refusal
        return super().changeform_view(request, object_id, form_url, context)

    def delete_view(self, request, object_id, extra_context=None):
        since = timezone.now()
        answer = super().delete_view(request, object_id, extra_context)
        if answer.status_code == 302:
            say_after_act(request, since)
        return answer

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        for formset in context["inline_admin_formsets"]:
            for form in formset.formset.forms:
                if form.is_bound and hasattr(form, "keep_upload"):
                    form.keep_upload()
        if conflict := context.get("conflict"):
            form = context["adminform"].form
            conflict["taken"] = self.take_over(request, form, conflict["head"])
        if change and obj is not None:
            if not is_masked(obj):  # which is only read
                context["stamp"] = self._stamp_of(request, context, obj)
            if "desk" not in context:
                context["buttons"] = self.buttons_in_list(request, [obj])[obj.pk]
            context["copy_url"] = self.copy_url(request, obj)
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        context["wrong"] = list(what_is_wrong(context["adminform"], formsets))
        context["sections"] = sections(context["adminform"], context["inline_admin_formsets"])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _stamp_of(self, request, context, obj):
        """The stamp of the form, of what it has read; one that was sent has changed what it read."""
        if request.method == "POST":
            return self.stamp(request, self.get_object(request, obj.pk) or obj)
        inlines = context["inline_admin_formsets"]
        return self.stamp(request, obj, [inline.formset for inline in inlines])

    def changelist_view(self, request, extra_context=None):
        """Django's; but the search is sent by POST, and only what may stand in an address goes on."""
        sent = request.method == "POST" and SEARCH_VAR in request.POST
        asked = (request.POST if sent else request.GET).copy()
        if holds_number(asked.get(SEARCH_VAR, "")):
            return self.number_refused(request)
        if sent:
            asked.pop("csrfmiddlewaretoken", None)
            return HttpResponseRedirect(f"{request.path}?{asked.urlencode()}")
        # Django queries for the keys of a list's form before it checks the form.
        keys = (key for name, key in request.POST.items() if re.fullmatch(r"form-\d+-id", name))
        if not all(is_key(self.model, key) for key in keys):
            raise BadRequest("A row of the list has an impossible key.")
        context = {
            "title": capfirst(self.opts.verbose_name_plural),
            "list_tools": self.list_tools(request),
            **(extra_context or {}),
        }
        try:
            return super().changelist_view(request, context)
        except ValidationError as refusal:  # of rows edited in the list; none of them is saved
            for sentence in refusal.messages:
                self.message_user(request, sentence, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def number_refused(self, request):
        """The answer to a search for an identity number."""
        self.message_user(
            request,
            _(
                "Nothing was searched: an identity number must not stand in an address. The list of "
                "trainees has “Find by identity number”."
            ),
            messages.WARNING,
        )
        return HttpResponseRedirect(request.path)

    def response_action(self, request, queryset):
        """Like Django's; but a selection with an invalid key selects nothing."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        named = [key for key in chosen if is_key(self.model, key)]
        if len(named) < len(chosen):
            request.POST = request.POST.copy()
            request.POST.setlist(ACTION_CHECKBOX_NAME, named)
        return super().response_action(request, self.shown_in_list(request, queryset))

    def list_tools(self, request):
        """(label, address) of the links above the list, beside "add"."""
        tools = []
        kind = imports.KINDS.get(self.import_kind)
        if kind and kind.may(request.user):
            tools.append((_("Put in a list"), list_address(self.import_kind)))
        if self.may_undelete(request):
            tools.append((_("Deleted rows"), self.url("deleted")))
        return tools

    def get_view_on_site_url(self, obj=None):
        """The public page of the object, if it is public."""
        rows = self.model._default_manager.all()
        if obj is None or not hasattr(obj, "get_absolute_url") or not hasattr(rows, "public"):
            return None
        try:
            if hasattr(obj, "is_public"):
                public = obj.is_public()
            else:
                public = rows.public().filter(pk=obj.pk).exists()
            return obj.get_absolute_url() if public else None
        except NoReverseMatch:
            return None

    # --- Saving -------------------------------------------------------------------------------

    def response_add(self, request, obj, post_url_continue=None):
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return self._after_saving(request, obj)

    def response_change(self, request, obj):
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        return self._after_saving(request, obj)

    def _after_saving(self, request, obj):
        """One stays on the page, and is told which act comes next."""
        page = add_preserved_filters(
            {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts},
            self.url("change", quote(obj.pk)),
        )
        saved = format_html(_("Saved: {}"), format_html('<a href="{}">{}</a>', page, obj))
        if "_addanother" in request.POST:
            self.message_user(request, saved, messages.SUCCESS)
            return HttpResponseRedirect(self.url("add"))
        row = self.get_queryset(request).filter(pk=obj.pk).first()
        if row is None:  # saved out of the user's own sight
            self.message_user(request, format_html(_("Saved: {}"), obj), messages.SUCCESS)
            return HttpResponseRedirect(self.url("changelist"))
        following = next(
            (button for button in self.buttons(request, row) if button["is_next"]), None
        )
        said = format_html(_("Saved: {}"), row)
        if following:
            link = format_html('<a href="{}">{}</a>', following["url"], following["label"])
            said = format_html("{} {}", said, format_html(_("The next step: {}"), link))
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(page)

    def save_model(self, request, obj, form, change):
        if change and not self.has_change_permission(request, obj):
            raise PermissionDenied  # a row of a list that is edited as a whole
        self.save_with_address(request, obj)

    def save_with_address(self, request, obj):
        """`save_row`; if the address of a public page changes, the old one redirects to it."""
        old = None
        if any(field.name == "slug" for field in self.opts.fields):
            slugs.check_slug(obj)
            old = self.model._base_manager.filter(pk=obj.pk).values_list("slug", flat=True).first()
        self.save_row(request, obj)
        if old and old != obj.slug:
            slugs.remember(obj, old)

    def save_row(self, request, obj):
        """Save typed or restored values; a subclass calls its service, which may refuse."""
        obj.save()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.check_saved(request, form.instance)

    def check_saved(self, request, obj):
        """Raise Refusal when a saved or restored row, with the rows of its inlines, must not stay."""
        for check in self.checks_after:
            check(obj)


class ReadOnlyAdmin(ModelAdmin):
    """A read-only table; services create and change its rows."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def english_apart(fieldsets):
    """The fieldsets with all English texts in a last one, folded until somebody wants them.

    A fieldset that holds nothing else has put them apart itself.
    """
    names = [name for name in flatten_fieldsets(fieldsets) if name.endswith("_en")]
    own = {
        name
        for _title, options in fieldsets
        if all(name.endswith("_en") for name in flatten(options["fields"]))
        for name in flatten(options["fields"])
    }
    moved = [name for name in names if name not in own]
    if not moved:
        return fieldsets
    english = (_("In English"), {"fields": moved, "classes": ("collapse",)})
    return [*_without(fieldsets, set(moved)), english]


def sections(adminform, groups):
    """[(anchor, name)] of the named parts of a long form; nothing for a short one."""
    found = [
        (f"fieldset-0-{number}-heading", fieldset.name)
        for number, fieldset in enumerate(adminform)
        if fieldset.name
    ]
    found += [
        (f"{group.formset.prefix}-heading", capfirst(group.opts.verbose_name_plural))
        for group in groups
        if group.formset.forms or group.has_add_permission
    ]
    return found if len(found) >= LONG_FORM else []


def _without(fieldsets, names):
    """The fieldsets without some fields; empty fieldsets are removed."""
    for title, options in fieldsets:
        lines = []
        for line in options["fields"]:
            if isinstance(line, (list, tuple)):
                line = tuple(name for name in line if name not in names)
            elif line in names:
                continue
            if line:
                lines.append(line)
        if lines:
            yield title, {**options, "fields": lines}

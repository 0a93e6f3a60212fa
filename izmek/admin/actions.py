"""Acts on one object or on selected rows: a button, a page with a form, a service.

GET shows the page and changes nothing; POST calls the service. A refusal of the service is shown at
the field of the form. Each act checks scope (404) and right (403) like the change page.
"""

from types import SimpleNamespace

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from izmek.accounts.confirming import confirm
from izmek.accounts.roles import who_writes
from izmek.acts.refusal import show_refusal
from izmek.acts.sent_late import RemembersShown
from izmek.admin.extensions import say_after_act
from izmek.admin.forms import label_parts, what_is_wrong
from izmek.admin.scope import RowInput, choosable, is_key

# Sent by the page of an act, which is opened only where the act can be done.
WAS_POSSIBLE = "was_possible"


def begin_with_first(form):
    """Put the focus into the first field, if it is one for typing or choosing."""
    for field in form.visible_fields()[:1]:
        widget = field.field.widget
        if isinstance(widget, (forms.TextInput, forms.Textarea, forms.Select)):
            widget.attrs["autofocus"] = True


class RowChoice(forms.ModelChoiceField):
    """A field of an ActionForm: choose a row by autocomplete, like the field `model.name`."""

    def __init__(self, model, name, **kwargs):
        field = model._meta.get_field(name)
        kwargs.setdefault("label", field.verbose_name)
        super().__init__(
            field.related_model._default_manager.none(),
            widget=RowInput(field, admin.site),
            **kwargs,
        )
        self.source = model


class SeveralRows(forms.ModelMultipleChoiceField):
    """Django's; but a key that cannot be one is an invalid choice, where Django would query for it."""

    def _check_values(self, value):
        for key in value:
            if not is_key(self.queryset.model, key):
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": key},
                )
        return super()._check_values(value)


class ActionForm(RemembersShown, forms.Form):
    """The form of an act. It knows the request and, for an act on one object, the object.

    `lines`: its fields as a fieldset has them, where some share a line.
    """

    required_css_class = "required"

    def __init__(self, *args, request, obj=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.obj = request, obj
        label_parts(self.fields)
        for field in self.fields.values():
            if isinstance(field, RowChoice):
                user = who_writes(request.user, field.source)
                field.queryset = choosable(field.queryset.model, user)
        self.remember_shown()


def object_action(
    label,
    *,
    form=ActionForm,
    may=None,
    permission="change",
    when=None,
    next_when=None,
    text="",
    danger=False,
    menu=True,
    confirmed=False,
    template="admin/act.html",
    more=None,
):
    """Make a method of a ModelAdmin an act on one object; its name goes into `object_actions`.

    The method takes (request, obj, data) and returns the sentence to show afterwards, or a
    response.

    `form`: the ActionForm to fill in. `may`: who has the button, from the app's table of rights
    (`RIGHTS.asks("open_course")`). `permission`: for acts that are not in that table: "change",
    "delete" … of the model, or a full permission. `when(obj)`: whether the button is shown.
    `next_when(obj)`: whether it is the next step, which a desk shows first. `text`: the explanation on
    the page, or a function of the object that returns it. `menu`: whether its button stands among the
    others; False for an act whose button is on another page. `confirmed`: who does it says first who they
    are, if they did not a short while ago (izmek/accounts/confirming.py). `template`: of the page before
    it, which gets what `more(obj)` gives as a dictionary.
    """

    def mark(method):
        method.label, method.form, method.permission = label, form, permission
        method.may, method.when, method.next_when = may, when, next_when
        method.text, method.danger, method.menu = text, danger, menu
        method.confirmed, method.template, method.more = confirmed, template, more
        return method

    return mark


def object_link(label, address, *, may=None, permission=None, when=None, next_when=None):
    """A button beside the acts that is only a link to `address(obj)`.

    The other arguments are those of `object_action`.
    """
    return SimpleNamespace(
        label=label,
        address=address,
        may=may,
        permission=permission,
        when=when,
        next_when=next_when,
        danger=False,
        menu=True,
    )


def bulk_action(label, *, form=ActionForm, may=None, permission="change", done, text=""):
    """Make a method of a ModelAdmin an act on the rows selected in its list.

    The method takes (request, obj, data) and calls a service for one row. Refusals are shown for
    each row; the other rows are done. `may`, `permission`: as for `object_action`. `done(count)`:
    the sentence about what was done.
    """

    def mark(method):
        def act(self, request, queryset):
            rows = list(queryset)
            bound = form(request.POST if "apply" in request.POST else None, request=request)
            if not bound.is_valid():
                return self.render_action_page(
                    request,
                    form=bound,
                    title=label,
                    text=text,
                    rows=rows,
                    action=method.__name__,
                )
            count = 0
            for row in rows:
                try:
                    with transaction.atomic():
                        method(self, request, row, bound.cleaned_data)
                    count += 1
                except ValidationError as refusal:
                    sentence = f"{row}: {' '.join(refusal.messages)}"
                    self.message_user(request, sentence, messages.ERROR)
            if count:
                self.message_user(request, done(count), messages.SUCCESS)
            return None

        act.__name__ = method.__name__
        act.short_description = label
        if may is None:
            act.allowed_permissions = [permission]
        act.may = may
        return act

    return mark


class ObjectActionsMixin:
    """The part of ModelAdmin that shows the buttons and handles their pages."""

    object_actions = ()

    def get_urls(self):
        view = self.guarded(self.object_action_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        return [path("<path:object_id>/act/<slug:action>/", view, name=name), *super().get_urls()]

    def get_actions(self, request):
        """Like Django's.

        Acts in the table of rights are shown to users who may do them on some row.
        """
        return {
            name: (act, *rest)
            for name, (act, *rest) in super().get_actions(request).items()
            if getattr(act, "may", None) is None or act.may(request.user)
        }

    def may_act(self, request, act, obj):
        """Whether the user has the button of an act on an object; without an object, on any at all."""
        if act.may is not None:
            return act.may(request.user, obj)
        if "." in act.permission:
            return request.user.has_perm(act.permission)
        return getattr(self, f"has_{act.permission}_permission")(request, obj)

    def object_to_act(self, request, act, key):
        """The object with this key, for an act's page: 403 without the right, 404 out of scope."""
        if not self.may_act(request, act, None):
            raise PermissionDenied
        obj = self.get_object(request, key)
        if obj is None:
            raise Http404
        if not self.may_act(request, act, obj):
            raise PermissionDenied
        return obj

    def buttons_in_list(self, request, rows):
        """{key: buttons} of some rows of a list; each scope of acts is asked once for all of them."""
        rows, acts, reached = list(rows), {}, {}
        keys = {row.pk for row in rows}
        for name in self.object_actions:
            act = getattr(self, name)
            if not self.may_act(request, act, None):
                acts[name] = set()
            elif hasattr(act.may, "among"):
                scopes = act.may.scopes(request.user)
                if scopes not in reached:
                    mine = self.model._default_manager.filter(pk__in=keys)
                    among = act.may.among(request.user, mine)
                    reached[scopes] = keys if among is None else among
                acts[name] = reached[scopes]
            else:
                acts[name] = {row.pk for row in rows if self.may_act(request, act, row)}
        return {
            row.pk: self.buttons(request, row, {name for name in acts if row.pk in acts[name]})
            for row in rows
        }

    def buttons(self, request, obj, allowed=None):
        """The acts that the user may do with the object now: [{action, label, url, danger, is_next}].

        `allowed`: the names of the acts that they may do with it, if that is known already.
        """
        found = []
        for name in self.object_actions:
            act = getattr(self, name)
            if not act.menu or (act.when is not None and not act.when(obj)):
                continue
            if self.may_act(request, act, obj) if allowed is None else name in allowed:
                leads = getattr(act, "address", None)
                url = leads(obj) if leads else self.url("act", obj.pk, name)
                found.append(
                    {
                        "action": name,
                        "label": act.label,
                        "url": url,
                        "danger": act.danger,
                        "is_next": bool(act.next_when and act.next_when(obj)),
                    }
                )
        return found

    def object_action_view(self, request, object_id, action):
        if action not in self.object_actions:
            raise Http404
        act = getattr(self, action)
        obj = self.object_to_act(request, act, unquote(object_id))
        if hasattr(act, "address"):
            return HttpResponseRedirect(act.address(obj))
        possible = act.when is None or act.when(obj)
        if not possible and request.method != "POST":
            self.message_user(
                request,
                gettext("“%(act)s” is not possible now.") % {"act": act.label},
                messages.WARNING,
            )
            return HttpResponseRedirect(self.page_of(request, obj))
        if act.confirmed:
            confirm(request)
        data = request.POST if request.method == "POST" else None
        form = act.form(data, request=request, obj=obj)
        if not possible and WAS_POSSIBLE in request.POST:  # a service would pass over what is done
            form.add_error(
                None,
                gettext(
                    "“%(act)s” is not possible any more: it has just been done, or this page is older "
                    "than the last change."
                )
                % {"act": act.label},
            )
        if request.method == "POST" and form.is_valid():
            since = timezone.now()
            try:
                with transaction.atomic():
                    outcome = act(request, obj, form.cleaned_data)
            except ValidationError as refusal:
                show_refusal(form, refusal)
            else:
                if not isinstance(outcome, HttpResponse):
                    self.message_user(request, outcome, messages.SUCCESS)
                    outcome = HttpResponseRedirect(self.page_of(request, obj))
                say_after_act(request, since)
                return outcome
        # What an act would do can be told only of an object on which it is possible.
        text = (act.text(obj) if possible else "") if callable(act.text) else act.text
        return self.render_action_page(
            request,
            form=form,
            title=act.label,
            text=text,
            obj=obj,
            danger=act.danger,
            template=act.template,
            **(act.more(obj) if act.more else {}),
        )

    def render_action_page(
        self, request, *, form, title, obj=None, rows=(), template="admin/act.html", **context
    ):
        """Render the page before an act."""
        fields = getattr(form, "lines", None) or list(form.fields)
        fieldsets = [(None, {"fields": fields})] if form.fields else []
        page = helpers.AdminForm(form, fieldsets, {}, model_admin=self)
        if not form.is_bound:
            begin_with_first(form)
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "title": title,
                "submit": str(title).removesuffix(" …"),
                "subtitle": str(obj) if obj else None,
                "opts": self.opts,
                "original": obj,
                "rows": rows,
                "adminform": page,
                "form": form,
                "errors": form.is_bound and form.errors,
                "wrong": list(what_is_wrong(page)),
                "media": self.media + page.media,
                "back": self.page_of(request, obj) if obj else self.url("changelist"),
                "checkbox": helpers.ACTION_CHECKBOX_NAME,
                **context,
            },
        )

    def page_of(self, request, obj):
        """The page of an object: where its acts come from and lead back to."""
        return self.url("change", obj.pk)

    def url(self, name, *args):
        """The URL of one of this model's pages: "changelist", "add", "change", "act" …"""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)


class ReasonForm(ActionForm):
    """An act that needs a reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=250, widget=forms.Textarea(attrs={"rows": 2})
    )

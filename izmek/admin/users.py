"""Users and their roles in the admin."""

from datetime import timedelta

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from izmek.accounts.confirming import confirm
from izmek.accounts.given_roles import delete_account, note_change, save_account, set_roles
from izmek.accounts.invitations import open_account, send_invitation
from izmek.accounts.rights import RIGHTS
from izmek.accounts.roles import Role
from izmek.accounts.second_factor import drop_second_factor, has_one
from izmek.admin import ModelAdmin, ModelForm, object_action
from izmek.admin.attention import attention
from izmek.models import User
from izmek.privacy.kernel_expiry import unused_since
from izmek.text.order import tr_order

UNUSED = timedelta(days=365)

# --- Users ------------------------------------------------------------------------------------


class RolesMixin(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What the user may do. A centre officer also needs centres, below."),
    )


class UserForm(RolesMixin, ModelForm):
    request = None

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_active")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["roles"] = [
                name
                for name in self.instance.groups.values_list("name", flat=True)
                if name in Role.values
            ]

    def clean(self):
        data = super().clean()
        if self.request is not None and self.instance.pk == self.request.user.pk:
            if "is_active" in self.fields and not data.get("is_active"):
                self.add_error("is_active", _("You cannot lock yourself out."))
            if not self.instance.is_superuser and Role.MANAGER.value not in data.get("roles", []):
                self.add_error("roles", _("You cannot take the manager's role from yourself."))
        return data


class NewUserForm(RolesMixin, ModelForm):
    """Invite a user; they choose their own password, and the user name is made from their name."""

    request = None

    class Meta:
        model = User
        fields = ("first_name", "last_name", "email")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first_name", "email"):
            self.fields[name].required = True
        self.fields["email"].help_text = _("The invitation goes there.")


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return Role.choices

    def queryset(self, request, queryset):
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(User)
class UserAdmin(ModelAdmin):
    """A manager invites users and gives roles; the courses app adds the centres of an officer."""

    form = UserForm
    add_form = NewUserForm
    list_display = ("username", "full_name", "email", "roles_in_words", "is_active", "last_login")
    list_filter = (RoleFilter, "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = (tr_order("last_name"), tr_order("first_name"), "username")
    filter_horizontal = ()
    readonly_fields = ("password_state", "second_step", "last_login", "date_joined")
    object_actions = ("invite_again", "drop_second_step")
    inlines = ()
    fieldsets = (
        (None, {"fields": (("first_name", "last_name"), "email")}),
        (_("Sign-in"), {"fields": ("username", "password_state", "second_step", "is_active")}),
        (_("Rights"), {"fields": ("roles",)}),
        (_("On record"), {"fields": (("last_login", "date_joined"),), "classes": ("collapse",)}),
    )
    add_fieldsets = (
        (None, {"fields": (("first_name", "last_name"), "email")}),
        (_("Rights"), {"fields": ("roles",)}),
    )
    copied = ()

    def with_shown(self, request, rows):
        return rows.prefetch_related("groups")

    def changeform_view(self, request, *args, **kwargs):
        """Who gives roles or another address says first who they are; reading asks nothing."""
        if request.method == "POST" and self.has_change_permission(request):
            confirm(request)
        return super().changeform_view(request, *args, **kwargs)

    def changelist_view(self, request, *args, **kwargs):
        if request.method == "POST" and self.has_change_permission(request):
            confirm(request)
        return super().changelist_view(request, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        if self.has_delete_permission(request):
            confirm(request)
        return super().delete_view(request, *args, **kwargs)

    def get_fieldsets(self, request, obj=None):
        return self.add_fieldsets if obj is None else self.fieldsets

    def get_form(self, request, obj=None, **kwargs):
        if obj is None:
            kwargs["form"] = self.add_form
        return super().get_form(request, obj, **kwargs)

    def save_row(self, request, user):
        if user.pk is None:
            open_account(user=user, by=request.user)
        else:
            save_account(user=user, by=request.user)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        roles = form.cleaned_data["roles"]
        set_roles(user=form.instance, roles=roles, by=request.user)

    def save_formset(self, request, form, formset, change):
        """The rows of other tables on the page of a user are what the user is responsible for."""
        before = [str(row) for row in formset.get_queryset()]
        super().save_formset(request, form, formset, change)
        after = [str(row) for row in type(formset)(instance=form.instance).get_queryset()]
        note_change(form.instance, before=before, after=after, by=request.user)

    def delete_model(self, request, user):
        delete_account(user=user, by=request.user)

    @admin.display(description=_("name"), ordering=tr_order("last_name"))
    def full_name(self, user):
        return user.get_full_name()

    @admin.display(description=_("roles"))
    def roles_in_words(self, user):
        labels = dict(Role.choices)
        return ", ".join(str(labels[g.name]) for g in user.groups.all() if g.name in labels)

    @admin.display(description=_("password"))
    def password_state(self, user):
        return _("chosen") if user.has_usable_password() else _("invited, not chosen yet")

    @admin.display(description=_("second step"), boolean=True)
    def second_step(self, user):
        return has_one(user)

    @object_action(
        _("Invite again"),
        may=RIGHTS.asks("send_invitation"),
        when=lambda user: user.is_active and not user.has_usable_password(),
        text=_("The user gets a new link for choosing a password; the former is void."),
        confirmed=True,
    )
    def invite_again(self, request, user, data):
        send_invitation(user=user, by=request.user)
        return _("The invitation is on its way: %(address)s") % {"address": user.email}

    @object_action(
        _("Take away the second step"),
        may=RIGHTS.asks("drop_second_factor"),
        when=has_one,
        text=_(
            "For someone who lost phone and backup codes: be sure that it is the user who asks."
            " All sessions end, and at the next sign-in a new one is set up."
        ),
        danger=True,
        confirmed=True,
    )
    def drop_second_step(self, request, user, data):
        drop_second_factor(user=user, by=request.user)
        return _("The second step is taken away.")


@attention(
    "unused-account", User, _("accounts by which nobody has signed in for a year"), place=630
)
def unused(users, today):
    """Nobody is locked out by a clock: a manager shuts what is not needed, and years later it goes."""
    return users.filter(unused_since(today - UNUSED), is_active=True)

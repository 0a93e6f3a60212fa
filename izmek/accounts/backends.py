"""The authentication backend: loads the signed-in user and the user's roles in one query."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import F, Q

from izmek.accounts.roles import granted_to
from izmek.acts.prepared import prepared


def one_spelling(typed):
    """What was typed as a name or an address, in the one spelling of all that mean the same account.

    Both ways, as a database may look: the capital of “ı” is “I”, the small letter of Kelvin's sign is “k”.
    """
    return typed.strip().upper().casefold()


def account_meant(*, username="", email="", **_others):
    """The account whose user name or e-mail address was typed, or None; an address comes before a name.

    One query, whether there is one or not.
    """
    name, named = one_spelling(username), Q(pk=None)
    for column, typed in (("username", username), ("email", email)):
        for spelling in {typed, one_spelling(typed)} - {""}:
            named |= Q(**{f"{column}__iexact": spelling})
    found = list(get_user_model().objects.filter(named).order_by("pk"))
    return min(found, default=None, key=lambda user: one_spelling(user.username) == name)


@prepared
def _with_each_role(key):
    return get_user_model()._default_manager.annotate(role=F("groups__name")).filter(pk=key)


class Backend(AuthenticationBackend):
    def get_user(self, user_id):
        """The active user with this key, with `roles` already loaded, or None."""
        rows = _with_each_role(key=user_id)
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        user = rows[0]
        user.roles = user.roles_among({row.role for row in rows})
        return user

    def get_group_permissions(self, user_obj, obj=None):
        """What the user's roles grant, without a query: the groups hold what the code says."""
        if not user_obj.is_active or obj is not None:
            return frozenset()
        return frozenset().union(*map(granted_to, user_obj.roles))

    def _get_user_permissions(self, user_obj):
        """None, without a query: rights come from roles alone (`izmek/accounts/roles.py`)."""
        return Permission.objects.none()

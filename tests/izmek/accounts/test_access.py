"""Every address says who may see it, and the roles see what they may (DESIGN.md §4)."""

import pytest
from django.contrib.auth.models import Group
from django.urls import URLPattern, get_resolver

from izmek.accounts.roles import Role, granted_to

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def views(resolver, prefix=""):
    """(address, view) of every pattern of the URL configuration."""
    for pattern in resolver.url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address, pattern.callback
        else:
            yield from views(pattern, address)


def of_the_admin(view):
    """Whether Django's own wrapper leads the view to `AdminSite.admin_view`, which guards it."""
    return hasattr(view, "admin_site") or hasattr(view, "model_admin")


def test_no_view_without_an_access_marker():
    silent = []
    for address, view in views(get_resolver()):
        marked = getattr(view, "access", None) or (
            getattr(view, "view_class", None) and getattr(view.view_class, "access", None)
        )
        if not marked and not of_the_admin(view):
            silent.append(address)
    assert silent == []


def test_roles_are_groups_owned_by_code():
    for role in Role:
        group = Group.objects.get(name=role.value)
        granted = {
            f"{app}.{code}"
            for app, code in group.permissions.values_list("content_type__app_label", "codename")
        }
        assert granted == granted_to(role)

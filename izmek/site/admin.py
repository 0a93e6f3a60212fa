"""The admin site: Django's, with our name, our design and the day's work as its first page."""

from copy import copy
from functools import partial, wraps

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from izmek.accounts.access import public
from izmek.accounts.roles import who_writes
from izmek.admin.attention import list_of
from izmek.admin.lists import Choices
from izmek.secrets.identity import holds_number
from izmek.text.languages import capital


class IzmekAdminSite(AdminSite):
    site_title = "İZMEK"
    site_header = _("İZMEK administration")
    index_title = _("Today")
    site_url = "/"
    enable_nav_sidebar = False  # the tables for daily work are in the header
    daily = (
        "courses.course",
        "courses.session",
        "trainees.application",
        "trainees.enrolment",
        "trainees.trainee",
        "exhibitions.work",
        "exhibitions.exhibition",
        "exhibitions.photo",
        "exhibitions.enquiry",
    )
    # Groups are owned by code (`izmek.accounts.roles`), ways to sign in by the users' own pages.
    left_out = (
        "auth.group",
        "auth.user",  # Django registers it, though ours stands in its place
        "account.emailaddress",
        "mfa.authenticator",
        "usersessions.usersession",
        "django_tasks_database.dbtaskresult",
    )

    def register(self, model_or_iterable, admin_class=None, **options):
        """Only admins of ours: of those that packages bring along, the ones in `left_out` are not shown.

        Raises ImproperlyConfigured for any other admin, which would not ask who may see a row.
        """
        from izmek.admin import ModelAdmin

        if admin_class is not None and issubclass(admin_class, ModelAdmin):
            super().register(model_or_iterable, admin_class, **options)
            return
        models = model_or_iterable
        for model in [models] if isinstance(models, type) else models:
            if model._meta.label_lower not in self.left_out:
                raise ImproperlyConfigured(
                    f"{model._meta.label}: its admin is no izmek.admin.ModelAdmin. Derive it from "
                    "that, or name the table of a package in IzmekAdminSite.left_out."
                )

    def get_urls(self):
        from izmek.admin import imports
        from izmek.admin.header_search import search_found, search_page
        from izmek.admin.jobs import job_file, job_page
        from izmek.site.annual_report import report_file, report_page
        from izmek.site.changes import changes_page
        from izmek.site.guide import guide, guide_page
        from izmek.site.processing import processing_file, processing_page
        from izmek.site.status import status_page

        return [
            path("changes/", self.admin_view(changes_page), name="changes"),
            path("yardim/", self.admin_view(guide), name="guide"),
            path("yardim/<str:name>/", self.admin_view(guide_page), name="guide_page"),
            path("processing/", self.admin_view(processing_page), name="processing"),
            path("processing/file/", self.admin_view(processing_file), name="processing_file"),
            path("status/", self.admin_view(status_page), name="status"),
            path("statistics/", self.admin_view(report_page), name="annual_report"),
            path("statistics/<int:pk>/", self.admin_view(report_file), name="annual_report_file"),
            path("tables/", self.admin_view(self.tables), name="tables"),
            path("search/", self.admin_view(search_page), name="search"),
            path("search/found/", self.admin_view(search_found), name="search_found"),
            path("jobs/<int:pk>/", self.admin_view(job_page), name="job"),
            path("jobs/<int:pk>/file/", self.admin_view(job_file), name="job_file"),
            *imports.urls(self.admin_view),
            *super().get_urls(),
        ]

    # --- Who comes in -------------------------------------------------------------------------

    def has_permission(self, request):
        """The admin is for managers, officers, curators and auditors; teachers have their pages."""
        return request.user.is_active and getattr(request.user, "works_in_admin", False)

    def admin_view(self, view, cacheable=False):
        """Like Django's, but a signed-in user without access gets 403 instead of the sign-in page."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        guarded.access = "admin"
        return guarded

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """There is one sign-in page for everyone.

        Afterwards the user returns to the requested page.
        """
        wanted = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
            wanted = reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted, resolve_url("account_login"))
        if not self.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(wanted)  # `redirect` would take it for the name of a view

    def logout(self, request, extra_context=None):
        return LogoutView.as_view(next_page="/")(request)

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def each_context(self, request):
        from izmek.admin.imports import may_import
        from izmek.site.guide import page_for
        from trainees.admin.calls import calls_in_menu
        from trainees.admin.counter_links import counter_links

        context = super().each_context(request)
        calls = calls_in_menu(request)
        context["desks"] = [
            *([{"name": _("People to call"), **calls}] if calls else []),
            *(
                [self._desk(request, _("Put in a list"), "admin:imports")]
                if may_import(request.user)
                else []
            ),
            self._desk(request, _("Recent changes"), "admin:changes"),
            self._desk(request, _("All tables"), "admin:tables"),
        ]
        context["main_tables"] = [
            {"name": name, "url": url, "current": request.path.startswith(url)}
            for name, url in self._main_tables(request)
        ]
        context["help_url"] = page_for(request)
        context["counters"] = counter_links(request)
        return context

    def _main_tables(self, request):
        """(name, address) of the tables for daily work that the user may open."""
        for label in self.daily:
            model = apps.get_model(label)
            if self._registry[model].has_view_or_change_permission(request):
                yield capital(str(model._meta.verbose_name_plural)), list_of(model)

    def get_app_list(self, request, app_label=None):
        """Django's, made when a page shows it: it asks after all tables, and most pages show few."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def _desk(self, request, name, address):
        url = reverse(address)
        return {"name": name, "url": url, "count": 0, "current": request.path == url}

    # --- The first page -----------------------------------------------------------------------

    def index(self, request, extra_context=None):
        from courses.admin.planning import plan_links
        from izmek.site.annual_report import may_report
        from izmek.site.dashboard import first_page

        context = {
            **first_page(request.user),
            "plan_links": plan_links(request.user),
            "may_report": may_report(request.user),
        }
        return super().index(request, {**context, **(extra_context or {})})

    def tables(self, request):
        """Every table that the user may open, by app."""
        from izmek.site.processing import may_read
        from izmek.site.status import may_see

        context = {**self.each_context(request), "title": _("All tables")}
        context["app_list"] = context["available_apps"]
        context["reads_processing"] = may_read(request.user)
        context["sees_status"] = may_see(request.user)
        return TemplateResponse(request, "admin/tables.html", context)

    # --- Choosing rows ------------------------------------------------------------------------

    def autocomplete_view(self, request):
        return Autocomplete.as_view(admin_site=self)(request)


public(IzmekAdminSite.login)


class Autocomplete(AutocompleteJsonView):
    """Asks the related table's admin for the choices and their labels."""

    def has_perm(self, request, obj=None):
        return self.model_admin.may_be_chosen(request, self.source_field)

    def get_queryset(self):
        """What the user may choose there and searches by what they may see of it.

        A term with an identity number is not looked up; static/js/admin.js does not even send it.
        """
        request = self._as_writer()
        rows = self.model_admin.choices(request)
        if holds_number(self.term):
            return rows.none()
        rows = rows.complex_filter(self.source_field.get_limit_choices_to())
        return self.model_admin.get_search_results(request, rows, self.term)[0]

    def _as_writer(self):
        request = copy(self.request)
        request.user = who_writes(request.user, self.source_field.model)
        request.is_choosing = True
        return request

    def get_paginator(self, rows, size, **kwargs):
        return Choices(rows, size)

    def paginate_queryset(self, rows, size):
        paginator, page, keys, is_paginated = super().paginate_queryset(rows, size)
        shown = self.model_admin.with_labels(self._as_writer(), rows.model._default_manager.all())
        by_key = shown.in_bulk(keys)
        return paginator, page, [by_key[key] for key in keys if key in by_key], is_paginated

    def serialize_result(self, obj, to_field_name):
        label = self.model_admin.choice_label(obj)
        return {"id": str(getattr(obj, to_field_name)), "text": label}

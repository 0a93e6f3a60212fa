"""A list taken out as a file: as it is filtered and sorted, with the columns that somebody chooses.

Few rows are written for the request that asks, many by a job (izmek/acts/jobs.py). Whoever takes a list out
stands in the access log, with the filter and the number of rows.
"""

import tempfile
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import path
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from izmek.accounts.confirming import confirm
from izmek.acts import imports, jobs
from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.acts.refusal import REASON_LENGTH, Refusal
from izmek.acts.rights import NotAllowed
from izmek.admin.actions import ActionForm
from izmek.admin.exported import columns_of, given_out, read
from izmek.admin.jobs import job_address
from izmek.admin.masking import reads_masked
from izmek.admin.scope import admin_of
from izmek.models import ExportChoice
from izmek.privacy.record import in_use
from izmek.secrets.encryption import Unreadable
from izmek.secrets.identity import holds_number
from izmek.sheets.writing import TYPES, write
from izmek.text.fold import slug

KIND = "list"
AT_ONCE = 1_000  # rows that are written while somebody waits
FORMS = {"xlsx": gettext_lazy("Excel (XLSX)"), "csv": gettext_lazy("CSV")}
OF_THE_PAGE = ("p", "all", "e", "_popup", "_to_field")  # in a list's address, but no filter


class ExportForm(ActionForm):
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one column.")},
    )
    form = forms.ChoiceField(
        label=gettext_lazy("File"), choices=list(FORMS.items()), widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=REASON_LENGTH,
        help_text=gettext_lazy("Needed for full identity numbers. It is kept in the access log."),
    )

    def __init__(self, *args, columns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = [(one.name, capfirst(str(one.heading))) for one in columns]
        self.guarded = {one.name for one in columns if one.guard}
        if not self.guarded:
            del self.fields["reason"]

    def remember_shown(self):
        """Nothing of the record is changed: what was chosen elsewhere meanwhile is no conflict."""

    def clean(self):
        data = super().clean()
        if self.guarded & set(data.get("columns", ())) and not data.get("reason"):
            self.add_error("reason", _("Give the reason."))
        return data


@dataclass(frozen=True)
class Taken:
    """A list that is taken out: the `cl` of the admin, with its filter, and what is chosen of it."""

    model_admin: object
    request: HttpRequest
    cl: object
    columns: list
    form: str
    reason: str = ""

    @property
    def count(self):
        return self.cl.result_count

    @property
    def file_name(self):
        return file_name(self.model_admin.opts.verbose_name_plural, self.form)

    def write(self, file, report=None):
        """Write the file and return the number of rows. It is in Turkish, as what it holds."""
        rows = in_use(self.cl.paginator.rows).order_by(*self.cl.ordering)
        if self.cl.is_sorted_by_computed:
            rows = self.model_admin.with_shown(self.request, rows)
        with translation.override("tr"):
            return write(
                file,
                self.form,
                title=capfirst(self.model_admin.opts.verbose_name_plural),
                headings=[capfirst(str(one.heading)) for one in self.columns],
                rows=read(self.model_admin, self.request, rows, self.columns, self.reason),
                report=report,
            )

    def words(self, count):
        """What the access log says of it."""
        columns = [str(one.heading) for one in self.columns]
        return export_words(count, what=in_words(self.cl), columns=columns, reason=self.reason)


def file_name(title, form):
    return f"{slug(str(title))}-{timezone.localdate():%Y-%m-%d}.{form}"


def note_export(about, count, *, by, **said):
    """Note in the access log who took out what: of a row or a table, how many rows, which columns."""
    log_access(Access.EXPORTED, about, by=by, **export_words(count, **said))


def export_words(count, *, what="", columns=(), reason=""):
    rows = ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}
    said = " · ".join(filter(None, [reason, rows, what]))
    return {"fields": ", ".join(columns), "reason": said}


def in_words(cl):
    """What narrows a list: the chosen filters, the date, what is searched."""
    said = [f"“{cl.query}”"] if cl.query else []
    for spec in cl.filter_specs:
        for place, choice in enumerate(spec.choices(cl)):
            if choice["selected"] and (place or choice["display"] not in ("", _("All"))):
                said.append(f"{spec.title}: {choice['display']}")
    if day := [
        value
        for name, value in cl.get_filters_params().items()
        if cl.date_hierarchy and name.startswith(f"{cl.date_hierarchy}__")
    ]:
        parts = [one[-1] if isinstance(one, list) else one for one in day]
        label = cl.lookup_opts.get_field(cl.date_hierarchy).verbose_name
        said.append(f"{label}: {'.'.join(parts)}")
    return ", ".join(map(str, said))


def answer_with(file, name, form):
    """The response that hands out a written file."""
    file.seek(0)
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[form])
    answer["Cache-Control"] = "private, no-store"
    return answer


def no_key():
    return Refusal(
        _("The identity numbers cannot be read: a key is missing. `doctor` says more."), code="key"
    )


class ExportsLists:
    """The part of ModelAdmin by which its list is taken out; whoever sees the list may.

    `exported`, `exported_more`: its columns, those chosen at first and others (izmek/admin/exported.py).
    `not_exported`: columns of the list that say nothing in a file. `export_prefetch`: what columns of the
    row read of others. `export_kind`: the kind of list as which the file can be put in again, if it is not
    `import_kind`; `put_in_as`: {column here: column there} of those with other names.
    """

    exported = ()
    exported_more = ()
    not_exported = ("picture",)
    export_prefetch = ()
    export_kind = ""
    put_in_as = {}

    def __init__(self, *args):
        super().__init__(*args)
        if kind := self.export_kind or self.import_kind:
            imports.give_out(kind, partial(given_out, self))

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.guarded(self.export_view), name=name), *super().get_urls()]

    def export_view(self, request):
        """The page where columns and file are chosen; a POST gives the file, or orders it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if holds_number(request.GET.get("q", "")):
            return self.number_refused(request)
        confirm(request)
        request.GET = _narrowed(request.GET)
        back = f"{self.url('changelist')}?{request.GET.urlencode()}"
        try:
            cl = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(back)  # the list says what is wrong
        columns, first = columns_of(self, request)
        form = self._export_form(request, columns, first)
        if request.method == "POST" and form.is_valid():
            chosen = form.cleaned_data
            _remember(self, request.user, chosen)
            try:
                return self._export(request, cl, columns, chosen)
            except NotAllowed:
                raise
            except Refusal as refusal:
                messages.error(request, " ".join(refusal.messages))
        return self.render_action_page(
            request,
            form=form,
            title=_("Export: %(list)s") % {"list": capfirst(self.opts.verbose_name_plural)},
            text=_what_goes_out(cl, request.user),
            submit=_("Export"),
            back=back,
            stays=True,
        )

    def _export_form(self, request, columns, first):
        if request.method == "POST":
            return ExportForm(request.POST, request=request, columns=columns)
        known = ExportChoice.objects.filter(by=request.user, table=self.opts.label_lower).first()
        names = {one.name for one in columns if not one.guard}  # these are chosen each time
        chosen = [one for one in known.columns if one in names] if known else []
        initial = {"columns": chosen or first, "form": known.form if known else "xlsx"}
        return ExportForm(request=request, columns=columns, initial=initial)

    def _export(self, request, cl, columns, chosen):
        if cl.result_count > AT_ONCE:
            job = jobs.order(
                kind=KIND,
                about=ContentType.objects.get_for_model(self.model),
                by=request.user,
                options={
                    "query": request.GET.urlencode(),
                    "columns": chosen["columns"],
                    "form": chosen["form"],
                    "reason": chosen.get("reason", ""),
                },
            )
            return HttpResponseRedirect(job_address(job))
        taken = _taken(self, request, cl, columns, chosen)
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        try:
            words = taken.words(taken.write(file))
        except Unreadable:
            raise no_key() from None
        log_access(Access.EXPORTED, self.model, by=request.user, **words)
        return answer_with(file, taken.file_name, taken.form)


def _narrowed(query):
    """What of a list's address narrows and sorts it."""
    query = query.copy()
    for name in OF_THE_PAGE:
        query.pop(name, None)
    return query


def _taken(model_admin, request, cl, columns, chosen):
    columns = [one for one in columns if one.name in chosen["columns"]]
    reason = chosen.get("reason", "")
    return Taken(model_admin, request, cl, columns, chosen["form"], reason)


def _remember(model_admin, user, chosen):
    ExportChoice.objects.update_or_create(
        by=user,
        table=model_admin.opts.label_lower,
        defaults={"columns": chosen["columns"], "form": chosen["form"]},
    )


def _what_goes_out(cl, user):
    """What the file will hold, in sentences."""
    lines = [cl.count_in_words]
    if narrowed := in_words(cl):
        lines[0] += f" – {narrowed}"
    if cl.result_count > AT_ONCE:
        lines.append(
            _("So many rows take a while: you order the file and get it when it is ready.")
        )
    if reads_masked(user):
        lines.append(_("What you read masked is masked in the file as well."))
    lines.append(
        _("The file holds personal data: keep it where only you and who needs it open it.")
    )
    lines.append(_("Each export is noted in the access log, with filter and number of rows."))
    return "\n".join(lines)


# --- As a job ---------------------------------------------------------------------------------


class ListExport(jobs.OfAMoment):
    """A long list as a job, about its table. The options are {"query", "columns", "form", "reason"}."""

    def title(self, job):
        return _("Export: %(list)s") % {"list": capfirst(_admin_for(job).opts.verbose_name_plural)}

    def file_name(self, job):
        return file_name(_admin_for(job).opts.verbose_name_plural, job.options["form"])

    def file_type(self, job):
        return TYPES[job.options["form"]]

    def ordered_on(self, job):
        return f"{_admin_for(job).url('export')}?{job.options['query']}"

    def check(self, job):
        model_admin, request = _admin_for(job), _request_of(job)
        if not model_admin.has_view_permission(request):
            raise NotAllowed(_("You are not allowed to do this."), code="right")
        columns, _first = columns_of(model_admin, request)
        if not {one.name for one in columns}.issuperset(job.options["columns"]):
            raise NotAllowed(_("You are not allowed to do this."), code="right")

    def make(self, job, out, report):
        fingerprint, taken = self.fingerprint(job), self._taken(job)
        total = taken.count
        report(0, total)
        try:
            count = taken.write(out, lambda done: report(done, max(done, total)))
        except Unreadable:
            raise no_key() from None
        report(count, count)
        return jobs.MadeFile(fingerprint, **taken.words(count))

    def noted_at(self, job):
        return job.object.model_class()

    def _taken(self, job):
        model_admin, request = _admin_for(job), _request_of(job)
        try:
            cl = model_admin.get_changelist_instance(request)
        except IncorrectLookupParameters:
            raise Refusal(
                _("The filter of the list does not exist any more."), code="gone"
            ) from None
        columns, _first = columns_of(model_admin, request)
        return _taken(model_admin, request, cl, columns, job.options)


jobs.register(**{KIND: ListExport()})


def _admin_for(job):
    return admin_of(admin.site, job.object.model_class())


def _request_of(job):
    """A request such as the orderer's, for the admin's list; what it says to people nobody hears."""
    request = HttpRequest()
    request.method, request.user = "GET", job.by
    request.GET = QueryDict(job.options["query"])
    request._messages = SimpleNamespace(add=lambda *args, **kwargs: None)
    return request

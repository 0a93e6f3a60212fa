"""The pages on which lists are put in (izmek/acts/imports.py): choose, name columns, look, write, mend."""

import io
from dataclasses import dataclass

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from izmek.accounts.confirming import confirm
from izmek.acts import imports
from izmek.acts.enums import ImportState, RowState
from izmek.acts.imports import KINDS
from izmek.acts.refusal import REASON_LENGTH, Refusal
from izmek.models import SheetImport
from izmek.secrets.encryption import Unreadable
from izmek.sheets import columns, reading, writing
from izmek.text.codes import row_key
from izmek.text.figures import number

PAGE = 50  # rows
SMALL = 256 * 1024  # bytes of a stored list that is kept: answered within the request
EARLIER = 20  # lists on the first page
OVERHEAD = 64 * 1024  # bytes of a form around its file
ORDER = ("places", "trainees")


def address(page, *args):
    return reverse(f"admin:{page}", args=args)


def urls(view):
    """The addresses; `view` guards a view as the admin does."""
    return [
        path("aktarma/", view(first_page), name="imports"),
        path("aktarma/ornek/<slug:kind>.<slug:form>", view(template_file), name="import_template"),
        path("aktarma/<int:pk>/", view(import_page), name="import"),
        path("aktarma/<int:pk>/sutunlar/", view(columns_page), name="import_columns"),
        path("aktarma/<int:pk>/geri.<slug:form>", view(returned_file), name="import_returned"),
    ]


def kinds_for(user):
    """The kinds of lists that a user may put in, those about no single row."""
    return [
        kind for kind in KINDS.values() if (kind.about is None or kind.about_all) and kind.may(user)
    ]


def may_import(user):
    return bool(kinds_for(user))


def list_address(kind, about=None):
    """The page on which a list of a kind is chosen."""
    page = f"{address('imports')}?tur={kind}"
    return f"{page}&kayit={about.pk}" if about else page


# --- Choosing a list ------------------------------------------------------------------------------


def first_page(request):
    """Choose a file; below it one's own lists of the last days."""
    kinds = kinds_for(request.user)
    # The form is read only after its size was looked at (izmek/public/incoming.py).
    kind, about = _asked(request, request.POST if request.method == "POST" else request.GET)
    if not kinds and not kind:
        raise PermissionDenied
    wrong = ""
    if request.method == "POST":
        try:
            return _taken(request, kind, about)
        except ValidationError as error:
            wrong = " ".join(error.messages)
    return _choose(
        request,
        kind,
        about,
        status=400 if wrong else 200,
        text=request.POST.get("text", ""),
        wrong=wrong,
        own=[
            (one, KINDS[one.kind].title)
            for one in SheetImport.objects.visible_to(request.user)[:EARLIER]
            if one.kind in KINDS
        ],
        help=_columns_told(kind, about) if kind else [],
    )


def _choose(request, kind, about, status, **more):
    """The page; its form says in its address too what the list is about, for when it cannot be read."""
    context = {
        **admin.site.each_context(request),
        "title": _("Put in a list"),
        "kinds": [] if about else kinds_for(request.user),
        "kind": kind,
        "about": about,
        "here": list_address(kind.name, about) if kind else address("imports"),
        "most": reading.MOST_BYTES // 1024**2,
        **more,
    }
    return TemplateResponse(request, "admin/imports/choose.html", context, status=status)


def too_large(request):
    """The answer to a form that is not read: its file or its pasted rows are too large."""
    try:
        kind, about = _asked(request, request.GET)
    except (Http404, PermissionDenied):
        kind = about = None
    length = request.META.get("CONTENT_LENGTH") or "0"
    if len(length) > 18 or int(length) > first_page.most_bytes:
        said = {"wrong": " ".join(reading.too_large().messages)}
    else:
        sentence = _(
            "The pasted rows are too large: %(most)s MB is the most, so they were not read. Save them as "
            "XLSX or CSV and choose the file, or paste them in several parts."
        )
        most = number(settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1024**2, 1)
        said = {"wrong_text": sentence % {"most": most}}
    return _choose(request, kind, about, status=413, **said).render()


first_page.most_bytes = reading.MOST_BYTES + OVERHEAD
first_page.too_large = too_large


def _asked(request, sent):
    """(ImportKind, row it is about) of the address or the form; 404 for what the user may not put in."""
    name = sent.get("tur", "")
    if name not in KINDS:
        return None, None
    kind = KINDS[name]
    about = _about(request, kind, sent.get("kayit", ""))
    if not kind.may(request.user, about):
        raise PermissionDenied
    return kind, about


def _about(request, kind, key):
    """The row that a list of a kind is about, or None; 404 for one that the user does not see."""
    if kind.about is None or (kind.about_all and not key):
        return None
    return get_object_or_404(kind.about.objects.visible_to(request.user), pk=row_key(key) or 0)


def _taken(request, kind, about):
    if kind is None:
        raise Refusal(_("Say what the list is about."))
    data, name = _sent_list(request)
    row = imports.take(kind=kind.name, data=data, name=name, by=request.user, about=about)
    there = row.there
    unknown, missing = imports.open_questions(
        there.found, there.known, imports.remembered(row.kind, there.found.names)
    )
    if unknown or missing or there.sheet.hidden_rows or len(there.book.names) > 1:
        return HttpResponseRedirect(address("import_columns", row.pk))
    _check(row)
    return HttpResponseRedirect(address("import", row.pk))


def _sent_list(request):
    """(bytes, name) of the file that was chosen, else of the rows that were pasted."""
    file, text = request.FILES.get("file"), request.POST.get("text", "")
    if file is None and not text.strip():
        raise Refusal(_("Choose the file, or paste the rows."))
    if file is None:
        return text.encode(), _("pasted rows")
    if file.size > reading.MOST_BYTES:
        raise reading.too_large()
    return file.read(), file.name


def _check(row):
    """Have a list checked; one that is kept is kept as well, a small one at once."""
    is_kept = KINDS[row.kind].is_kept
    small = is_kept and default_storage.size(row.file) <= SMALL
    imports.check(row=row, then_write=is_kept, at_once=small)


def _columns_told(kind, about):
    """[(heading, whether it must be there, help)] for the page."""
    return [(column.heading, column.required, column.help) for column in kind.columns(about)]


def template_file(request, kind, form):
    """The template of a kind, with two invented rows."""
    if kind not in KINDS or form not in writing.TYPES:
        raise Http404
    found = KINDS[kind]
    about = _about(request, found, request.GET.get("kayit", ""))
    if not found.may(request.user, about):
        raise PermissionDenied
    out = io.BytesIO()
    imports.template(kind, out, form, about)
    return _file(out, f"{found.name}-ornek", form)


def _file(out, name, form):
    return HttpResponse(
        out.getvalue(),
        content_type=writing.TYPES[form],
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{form}"',
            "Cache-Control": "private, no-store",
        },
    )


# --- Naming its columns -----------------------------------------------------------------------


def columns_page(request, pk):
    """Which column each heading of the file is; asked once for each heading."""
    row = _own(request, pk)
    if row.is_working:
        return HttpResponseRedirect(address("import", row.pk))
    asked = request.POST.get("sheet") or request.GET.get("sayfa") or row.sheet
    try:
        there = imports.opened(row, sheet=asked)
    except (ValidationError, Unreadable) as error:
        return _unreadable(request, row, error)
    wrong = ""
    if request.method == "POST":
        chosen = [
            request.POST.get(f"column-{place}", "") for place in range(len(there.found.names))
        ]
        known = {column.name for column in there.known}
        chosen = [name if name in known else "" for name in chosen]
        there.columns = there.found.columns = [
            next((column for column in there.known if column.name == name), None) for name in chosen
        ]
        missing = imports.open_questions(there.found, there.known, {})[1]
        try:
            if missing:
                raise Refusal(
                    _("No heading is “%(column)s”, which must be there.")
                    % {"column": missing[0].heading}
                )
            row = imports.name_columns(
                row=row, sheet=asked, names=chosen, hidden="hidden" in request.POST
            )
            _check(row)
            return HttpResponseRedirect(address("import", row.pk))
        except ValidationError as error:
            wrong = " ".join(error.messages)
    context = {
        **admin.site.each_context(request),
        "title": _("What the columns are"),
        "row": row,
        "kind": KINDS[row.kind],
        "wrong": wrong,
        "sheets": there.book.names,
        "sheet": asked or getattr(there.sheet, "name", ""),
        "notes": [*there.book.notes, *there.sheet.notes],
        "hidden_rows": there.sheet.hidden_rows,
        "hidden": row.options.get("hidden", False),
        "headings": _asked_headings(there, row),
        "known": sorted(there.known, key=lambda column: str(column.heading)),
        "missing": imports.open_questions(there.found, there.known, {})[1],
    }
    return TemplateResponse(
        request, "admin/imports/columns.html", context, status=400 if wrong else 200
    )


@dataclass
class AskedHeading:
    """A heading of the file, what it was taken for, and what stands below it."""

    place: int
    name: str
    column: object
    examples: list


def _asked_headings(there, row):
    rows = there.sheet.rows(there.found, hidden=True)
    first = [one for _place, one in zip(range(3), rows, strict=False)]
    answered = imports.remembered(row.kind, there.found.names)
    found = []
    for place, (name, column) in enumerate(zip(there.found.names, there.columns, strict=True)):
        values = [one.values[place] for one in first]
        shown = column.shown if column else _careful
        examples = [word for word in map(shown, values) if word][:2]
        if not name and not examples:
            continue
        asked = AskedHeading(place, name, column, examples)
        asked.left_out = column is None and answered.get(columns.key(name)) == ""
        found.append(asked)
    return found


def _careful(value):
    """What stands in a column that nobody has named: it may be an identity number."""
    said = columns.cells.shown(value)
    return columns.cells.masked(said) if sum(sign.isdigit() for sign in said) >= 8 else said[:40]


# --- Looking at its rows, and writing them --------------------------------------------------------


def import_page(request, pk):
    """How far a list is and what was found in it. POST chooses, writes, goes on or throws away."""
    row = _own(request, pk)
    if request.method == "POST":
        return _done(request, row)
    interrupted = row.is_working and SheetImport.objects.filter(pk=row.pk).interrupted().exists()
    if request.headers.get("Accept") == "application/json":
        answer = JsonResponse(
            {
                "waits": row.is_working and not interrupted,
                "percent": row.percent,
                "said": _how_far(row),
            }
        )
    elif _is_answered(request, row):
        answer = HttpResponseRedirect(KINDS[row.kind].answer(row.object))
    else:
        answer = TemplateResponse(
            request, "admin/imports/import.html", _context(request, row, interrupted)
        )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _is_answered(request, row):
    """Whether a list is kept by now; its rows are looked at only when they are asked for."""
    ready = KINDS[row.kind].is_kept and row.state == ImportState.DONE
    return ready and "goster" not in request.GET and imports.tally(row)[RowState.WRITTEN]


def _own(request, pk):
    row = get_object_or_404(SheetImport.objects.visible_to(request.user), pk=pk)
    if row.kind not in KINDS:  # of a newer release, which another host runs, or ran
        raise Http404
    row.by = request.user
    if row.kind not in KINDS:
        raise Http404
    if not KINDS[row.kind].may(request.user, row.object):
        raise PermissionDenied
    return row


def _how_far(row):
    if row.total and row.done:
        return _("%(done)s of %(total)s rows") % {
            "done": number(row.done),
            "total": number(row.total),
        }
    if row.done:
        return _("%(done)s rows") % {"done": number(row.done)}
    return row.get_state_display()


def _context(request, row, interrupted):
    kind, tally = KINDS[row.kind], imports.tally(row)
    shown = request.GET.get("goster", "")
    shown = shown if shown in RowState.values else ""
    rows = row.rows.order_by("number")
    if shown:
        rows = rows.filter(state=shown)
    page = Paginator(rows, PAGE).get_page(request.GET.get("p"))
    paginator = page.paginator
    return {
        **admin.site.each_context(request),
        "title": f"{kind.title}: {row.name}",
        "row": row,
        "kind": kind,
        "interrupted": interrupted,
        "waits": row.is_working and not interrupted,
        "said": _how_far(row),
        "written": number(tally[RowState.WRITTEN]),
        "checked": row.state in (ImportState.CHECKED, ImportState.DONE) and not kind.is_kept,
        "same_file": _same_file(row),
        "tabs": [("", _("all"), number(sum(tally.values())), shown == "")]
        + [
            (state.value, state.label, number(tally[state]), shown == state)
            for state in RowState
            if tally[state]
        ],
        "shown": shown,
        "page": page,
        "pages": paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "to_choose": tally[RowState.CHOOSE],
        "to_return": tally[RowState.WRONG] + tally[RowState.CHOOSE],
        "to_write": imports.ready_to_write(row),
        "override": row.options.get("override", ""),
        "file_counts": row.options.get("file_counts", False),
        "reason_length": REASON_LENGTH,
    }


def _same_file(row):
    """When the same file was put in before, by whomever."""
    same = SheetImport.objects.filter(digest=row.digest, rows__state=RowState.WRITTEN)
    return same.exclude(pk=row.pk).select_related("by").first()


def _done(request, row):
    what = request.POST.get("do", "")
    here = request.get_full_path()
    try:
        if what == "delete":
            if row.is_working and not SheetImport.objects.filter(pk=row.pk).interrupted().exists():
                raise Refusal(_("Wait until it is ready."))
            imports.forget(row)
            messages.success(request, _("The file is deleted. What was written stays."))
            return HttpResponseRedirect(address("imports"))
        if what in ("choose", "write"):
            imports.choose(row=row, answers=_answers(request))
        if what == "choose":
            messages.success(request, _("Your choices are noted."))
        elif what == "write":
            imports.write(
                row=row,
                override=request.POST.get("override", "")[:REASON_LENGTH],
                file_counts="file_counts" in request.POST,
            )
            here = address("import", row.pk)
        elif what == "again":
            imports.go_on(row=row)
        elif what == "check":
            row.options["override"] = request.POST.get("override", "")[:REASON_LENGTH].strip()
            row.options["file_counts"] = "file_counts" in request.POST
            _check(row)
            here = address("import", row.pk)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(here)


def _answers(request):
    """{number of a row: what was chosen} of a form."""
    return {
        row_key(name.removeprefix("row-")): value[:40]
        for name, value in request.POST.items()
        if name.startswith("row-") and row_key(name.removeprefix("row-")) is not None
    }


def returned_file(request, pk, form):
    """The rows that are not in the record, as the file had them, with the reasons."""
    row = _own(request, pk)
    if form not in writing.TYPES:
        raise Http404
    confirm(request)
    out = io.BytesIO()
    try:
        imports.return_rows(row=row, file=out, form=form)
    except (ValidationError, Unreadable) as error:
        return _unreadable(request, row, error)
    return _file(out, f"{row.kind}-geri", form)


def _unreadable(request, row, error):
    if isinstance(error, Unreadable):
        messages.error(request, _("The file cannot be opened any more: choose it again."))
    else:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(address("import", row.pk))

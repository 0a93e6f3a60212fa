"""The year in figures: the page, and its numbers as files."""

import csv

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from izmek.public import schema_org as jsonld
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.head import head
from izmek.public.page import reading
from izmek.sheets.writing import harmless
from izmek.site import figures as counted
from izmek.site.small_cells import SMALLEST


@reading
@cached(Area.SHOWN, Area.COURSES, Area.FIGURES, asks=("yil",))
def figures(request):
    """One education year, `?yil=2025-2026`; by default the latest finished one."""
    through = counted.counted_through()
    years = counted.years(through)
    asked = request.GET.get("yil", "").strip()
    year = _named(years, asked)
    unknown = bool(asked) and year is None
    usual = counted.usual_year(years, through)
    year = year or usual
    told = counted.figures_of(year, through) if year else None
    return render(
        request,
        "site/figures.html",
        {
            "figures": told,
            "years": [(each, _address("figures", each, usual)) for each in years],
            "unknown_year": unknown,
            "terms": settings.OPEN_DATA_TERMS,
            "files": _files(told),
            "head": head(
                request,
                title=_title(year),
                description=_(
                    "İZMEK in figures: trainees, courses, lesson hours, course centres, works "
                    "and exhibitions of an education year, with tables and open data."
                ),
                query={"yil": year.name} if year and year != usual else None,
                nodes=[lambda base: _dataset(base, told, _address("figures", year, usual))]
                if told
                else (),
            ),
        },
    )


@reading
@cached(Area.SHOWN, Area.COURSES, Area.FIGURES, asks=("yil",))
def as_csv(request):
    """All tables of a year in one file, in Turkish, in the format of Turkish spreadsheets."""
    told = _asked_for(request)
    answer = _download(HttpResponse(content_type="text/csv; charset=utf-8"), told, "csv")
    answer.write("\ufeff")
    rows = csv.writer(answer, delimiter=";")
    rows.writerow([_("Education year"), _("Table"), _("Row"), _("Number"), _("Per cent")])
    year = told.year.name
    for figure in told.headline:
        number = str(figure.value).replace(".", ",")
        columns = ["", number] if figure.unit == "percent" else [number, ""]
        rows.writerow([year, _("The whole year"), figure.label, *columns])
    for table in told.tables:
        for row in table.rows:
            name = " + ".join(row.parts) or row.label
            share = row.share.strip("%")
            rows.writerow([year, table.title, harmless(name), row.count, share])
        rows.writerow([year, table.title, _("Total"), table.total, "100,0"])
    rows.writerow([year, _("Source"), harmless(_source(told)), "", ""])
    note = _("Numbers of people are rounded to five.")
    rows.writerow([year, _("Rounding"), note, "", ""])
    rows.writerow([year, _("Terms"), harmless(str(settings.OPEN_DATA_TERMS)), "", ""])
    return answer


@reading
@cached(Area.SHOWN, Area.COURSES, Area.FIGURES, asks=("yil",))
def as_json(request):
    """The same for programs: stable keys, names in Turkish."""
    told = _asked_for(request)
    tables = {
        table.key: {
            "name": table.title,
            "total": table.total,
            "rows": [
                {"name": row.label, "count": row.count, "together": list(row.parts)}
                for row in table.rows
            ],
        }
        for table in told.tables
    }
    content = {
        "year": told.year.name,
        "through": told.through.isoformat(),
        "complete": told.over,
        "source": _source(told),
        "terms": str(settings.OPEN_DATA_TERMS),
        "figures": {figure.key: figure.value for figure in told.headline},
        "rounded_to": SMALLEST,  # all numbers of people
        "units": {figure.key: figure.unit for figure in told.headline if figure.unit},
        "tables": tables,
    }
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    return _download(answer, told, "json")


def _named(years, name):
    return next((year for year in years if year.name == name), None)


def _asked_for(request):
    """The Figures of `?yil=` or of the default year; Http404 for a file of an unknown year."""
    through = counted.counted_through()
    years = counted.years(through)
    asked = request.GET.get("yil", "").strip()
    year = _named(years, asked) if asked else counted.usual_year(years, through)
    if year is None:
        raise Http404
    return counted.figures_of(year, through)


def _title(year):
    return _("%(year)s in figures") % {"year": year} if year else _("The year in figures")


def _address(name, year, usual=None):
    """The URL of a year; the default year needs no parameter."""
    return reverse(name) if year == usual else f"{reverse(name)}?yil={year.name}"


def _files(told):
    """(kind, URL) of the year's files."""
    if told is None:
        return []
    return [(kind.upper(), _address(f"figures_{kind}", told.year)) for kind in ("csv", "json")]


def _download(answer, told, kind):
    answer["Content-Disposition"] = f'attachment; filename="izmek-{told.year.name}.{kind}"'
    return answer


def _source(told):
    day = date_format(told.through, "DATE_FORMAT")
    return _("İZMEK, İzmit Municipality; counted up to %(day)s") % {"day": day}


def _dataset(base, told, address):
    year = told.year
    return {
        "@type": "Dataset",
        "name": _title(year),
        "description": _(
            "Trainees, courses, lesson hours, course centres, works and exhibitions of the free "
            "vocational courses of İzmit Municipality in an education year."
        ),
        "url": base + address,
        "temporalCoverage": f"{year.begin}/{min(year.end, told.through)}",
        "spatialCoverage": jsonld.place("İzmit"),
        "creator": {"@id": f"{base}/#kurum"},
        "isAccessibleForFree": True,
        "license": {"@type": "CreativeWork", "name": str(settings.OPEN_DATA_TERMS)},
        "variableMeasured": [figure.label for figure in told.headline],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": {"CSV": "text/csv", "JSON": "application/json"}[kind],
                "contentUrl": base + file,
            }
            for kind, file in _files(told)
        ],
    }

"""Lists of works: for hanging and for selling."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exhibitions.enums import SaleStatus, Surface
from exhibitions.papers.pictures import first_photos, own_photos, take
from exhibitions.papers.wording import TEMPLATES, about, price
from exhibitions.papers.works import entries
from izmek.papers.typst import breakable
from izmek.text.order import sort_key
from izmek.text.phones import show

THUMBNAIL = 200  # px; printed 13 mm wide


def checklist(exhibition, showings):
    rows = entries(exhibition, showings, Surface.LABEL)
    photos = first_photos([showing.work for showing in showings], own_photos())
    pictures = {}
    for row, showing in zip(rows, showings, strict=True):
        row["photo"] = take(photos.get(showing.work_id), pictures, THUMBNAIL)
    columns = [
        _("No."),
        _("Photo"),
        _("Work"),
        _("Technique, size"),
        _("Place"),
        _("Hung"),
        _("Label"),
        _("Note"),
    ]
    words = {"heading": _("Hanging checklist"), "columns": columns}
    return {
        "template": TEMPLATES / "checklist.typ",
        "data": {**about(exhibition), "words": words, "count": _count(rows)},
        "rows": rows,
        "pictures": pictures,
    }


def sale_list(exhibition, showings):
    showings = [
        showing for showing in showings if showing.work.sale_status in SaleStatus.with_price()
    ]
    rows = entries(exhibition, showings, Surface.LABEL)
    for row, showing in zip(rows, showings, strict=True):
        row["price"] = price(showing.work)
        row["sale"] = showing.work.get_sale_status_display()
        row["to_be_had"] = showing.work.sale_status in SaleStatus.to_be_had()
    centres = {showing.work.centre for showing in showings if showing.work.centre.phone}
    words = {
        "heading": _("Sale list"),
        "about": _(
            "Nothing is paid here: whoever wants to buy a work is put through to the course centre."
        ),
        "empty": _("No work of this exhibition is for sale."),
        "columns": [_("Work no."), _("Work"), _("Course centre"), _("Price"), _("Sale"), _("Note")],
        "centres": _("Course centres"),
    }
    data = {
        **about(exhibition),
        "words": words,
        "centres": [
            {"name": breakable(centre.name), "phone": show(centre.phone)}
            for centre in sorted(centres, key=lambda centre: sort_key(centre.name))
        ],
    }
    return {"template": TEMPLATES / "sale-list.typ", "data": data, "rows": rows}


def _count(rows):
    return ngettext("%(count)d work", "%(count)d works", len(rows)) % {"count": len(rows)}

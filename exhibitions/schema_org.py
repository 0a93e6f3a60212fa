"""schema.org for exhibitions and works; dicts, printed by `izmek.public.schema_org`."""

from django.utils import timezone
from django.utils.translation import get_language

from exhibitions.enums import DatePrecision, ExhibitionState, Phase, SaleStatus
from izmek.public.schema_org import identify, person, place, refer
from izmek.text.fold import fold
from izmek.text.languages import in_language

SCHEMA = "https://schema.org/"
EVENT_STATUS = {
    ExhibitionState.PUBLISHED: "EventScheduled",
    ExhibitionState.POSTPONED: "EventPostponed",
    ExhibitionState.CANCELLED: "EventCancelled",
}
AVAILABILITY = {
    SaleStatus.FOR_SALE: "InStoreOnly",
    SaleStatus.TO_ORDER: "MadeToOrder",
}


def exhibition_node(base, exhibition, *, guests=(), works=(), photo=None):
    """An ExhibitionEvent; `works` are the featured ones. Its photo is one that is public."""
    exact = exhibition.date_precision == DatePrecision.DAY
    dated = "%Y-%m-%d" if exact else "%Y-%m"
    begin, end = exhibition.begin.strftime(dated), exhibition.end.strftime(dated)
    venue = place(exhibition.place, exhibition.address, exhibition)
    moved = exhibition.is_moved()
    status = SCHEMA + ("EventRescheduled" if moved else EVENT_STATUS[exhibition.state])
    opening = exhibition.opening_at and {
        "@type": "Event",
        "@id": identify(base, exhibition, "acilis"),
        "name": "Açılış",
        "startDate": timezone.localtime(exhibition.opening_at).isoformat(timespec="seconds"),
        "eventStatus": status,
        "location": venue,
        "performer": [person(guest.name, jobTitle=guest.office) for guest in guests],
        "organizer": {"@id": f"{base}/#kurum"},
    }
    url = base + exhibition.get_absolute_url()
    free = fold(exhibition.entry).startswith("ucretsiz")  # as the page says; else nothing is said
    return {
        "@type": "ExhibitionEvent",
        "@id": identify(base, exhibition, "sergi"),
        "name": exhibition.public_title,
        "description": in_language(exhibition, "text"),
        "inLanguage": get_language(),
        "url": url,
        "startDate": begin,
        "endDate": end,
        "eventStatus": status,
        "eventAttendanceMode": SCHEMA
        + ("OnlineEventAttendanceMode" if not exhibition.venue else "OfflineEventAttendanceMode"),
        "location": venue if exhibition.venue else {"@type": "VirtualLocation", "url": url},
        "isAccessibleForFree": True if free else None,
        "offers": _free_entry(url) if free and exhibition.phase() != Phase.PAST else None,
        "image": photo and [base + photo.share_url, base + photo.jpeg_url],
        "organizer": {"@id": f"{base}/#kurum"},
        "subEvent": opening,
        "superEvent": {
            "@type": "EventSeries",
            "@id": f"{base}/sergiler/#dizi",
            "name": "İZMEK sergileri",
        },
        "workFeatured": [refer(base, work, "eser") for work in works],
    }


def work_node(base, work, *, names=(), teacher="", photos=(), exhibition=None):
    """A VisualArtwork; a Product too as long as it is to be had at a price.

    `names` and `teacher` are what may be printed at this moment; without a name there is no creator
    at all (DESIGN.md §3, names in public).
    """
    for_sale = work.public_price is not None
    url = base + work.get_absolute_url()
    return {
        "@type": ["VisualArtwork", "Product"] if for_sale else "VisualArtwork",
        "@id": identify(base, work, "eser"),
        "name": work.public_title,
        "description": in_language(work, "text"),
        "inLanguage": get_language(),
        "url": url,
        "identifier": {"@type": "PropertyValue", "propertyID": "eser-no", "value": work.number},
        "sku": work.number if for_sale else None,
        "image": [_image(base, photo) for photo in photos],
        "artform": work.technique.name,
        "artMedium": work.public_materials,
        "size": work.size,
        "width": _centimetres(work.width),
        "height": _centimetres(work.height),
        "depth": _centimetres(work.depth),
        "dateCreated": str(_year_made(work)),
        "creator": [person(name) for name in names],
        "contributor": person(teacher),
        "locationCreated": refer(base, work.centre if work.centre.in_use else None, "merkez"),
        "subjectOf": refer(base, exhibition, "sergi"),
        "offers": _offer(base, work, url, exhibition) if for_sale else None,
    }


def _year_made(work):
    """The year in which its education year ended; of a running one the year it was handed in."""
    handed_in = timezone.localtime(work.submitted_at) if work.submitted_at else work.year.end
    return min(work.year.end.year, handed_in.year)


def _free_entry(url):
    return {
        "@type": "Offer",
        "price": "0",
        "priceCurrency": "TRY",
        "availability": SCHEMA + "InStock",
        "url": url,
    }


def _offer(base, work, url, exhibition):
    exact = exhibition and exhibition.date_precision == DatePrecision.DAY
    return {
        "@type": "Offer",
        "price": f"{work.public_price:.2f}",
        "priceCurrency": "TRY",
        "availability": SCHEMA + AVAILABILITY[work.sale_status],
        "itemCondition": SCHEMA + "NewCondition",
        "url": url,
        "seller": {"@id": f"{base}/#kurum"},
        "availableAtOrFrom": refer(base, work.centre if work.centre.in_use else None, "merkez"),
        "availabilityEnds": exhibition.end.isoformat() if exact else None,
    }


def _image(base, photo):
    width = photo.large_width
    return {
        "@type": "ImageObject",
        "contentUrl": base + photo.large_url,
        "thumbnailUrl": base + photo.jpeg_url,
        "width": width,
        "height": round(photo.height * width / photo.width),
        "caption": photo.alt_text,
        "creditText": photo.credit,
    }


def _centimetres(side):
    if side is None:
        return None
    return {"@type": "QuantitativeValue", "value": float(side), "unitCode": "CMT"}

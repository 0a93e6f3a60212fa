"""schema.org data for search engines: nodes as dicts, printed as one script block (JSON-LD).

It states the same facts as the visible text, with absolute URLs and no empty field. In both languages
the `@id` of a thing is the URL of its Turkish page with a fragment.
"""

import json

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

# Characters that could end the script block or break a line in it.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def prune(value):
    """Remove None, "", [] and {} at every level; a dict with only its "@type" counts as empty."""
    if isinstance(value, dict):
        kept = {key: pruned for key, part in value.items() if not _empty(pruned := prune(part))}
        return kept if set(kept) - {"@type"} else {}
    if isinstance(value, (list, tuple)):
        return [pruned for part in value if not _empty(pruned := prune(part))]
    return value


def _empty(value):
    return value is None or value in ("", [], {})


def script(*nodes):
    """The nodes as one `<script type="application/ld+json">`, safe to print in a page."""
    document = {"@context": "https://schema.org", "@graph": prune(nodes)}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def identify(base, row, fragment):
    """The `@id` of a row: its Turkish URL and a fragment."""
    with override("tr"):
        return f"{base}{row.get_absolute_url()}#{fragment}"


def refer(base, row, fragment):
    """A node that only points to a row's node; None for no row."""
    return {"@id": identify(base, row, fragment)} if row else None


def organisation(base):
    """The node of İZMEK itself, which every page has."""
    return {
        "@type": "GovernmentOrganization",
        "@id": f"{base}/#kurum",
        "name": "İzmit Meslek Edindirme Kursları",
        "alternateName": settings.SITE_NAME,
        "url": f"{base}/",
        "logo": base + static("img/apple-touch-icon.png"),
        "parentOrganization": {"@type": "GovernmentOrganization", "name": "İzmit Belediyesi"},
    }


def website(base):
    return {
        "@type": "WebSite",
        "@id": f"{base}/#site",
        "url": f"{base}/",
        "name": settings.SITE_NAME,
        "inLanguage": [code for code, _name in settings.LANGUAGES],
        "publisher": {"@id": f"{base}/#kurum"},
    }


def breadcrumbs(base, crumbs, title):
    """The breadcrumbs of a page, ending with the page itself; None if it has none."""
    if not crumbs:
        return None
    steps = [(_("Home"), "/"), *crumbs]
    items = [
        {"@type": "ListItem", "position": place, "name": str(name), "item": base + url}
        for place, (name, url) in enumerate(steps, 1)
    ]
    items.append({"@type": "ListItem", "position": len(items) + 1, "name": title})
    return {"@type": "BreadcrumbList", "itemListElement": items}


def item_list(base, rows):
    """The pages of the rows of a list, in the same order; None for an empty list."""
    items = [
        {"@type": "ListItem", "position": place, "url": base + row.get_absolute_url()}
        for place, row in enumerate(rows, 1)
    ]
    return (
        {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}
        if rows
        else None
    )


def place(name, address="", row=None):
    """A Place; `row` may have `latitude` and `longitude`."""
    return {
        "@type": "Place",
        "name": name,
        "address": postal_address(address),
        "geo": coordinates(row),
    }


def postal_address(street=""):
    return {
        "@type": "PostalAddress",
        "streetAddress": street,
        "addressLocality": "İzmit",
        "addressRegion": "Kocaeli",
        "addressCountry": "TR",
    }


def coordinates(row):
    if row is None or row.latitude is None:
        return None
    return {
        "@type": "GeoCoordinates",
        "latitude": float(row.latitude),
        "longitude": float(row.longitude),
    }


def person(name, **more):
    """A Person, or None without a name: we never publish "anonymous" (DESIGN.md §3)."""
    return {"@type": "Person", "name": name, **more} if name else None

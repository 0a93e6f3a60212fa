"""Template filters used on several pages: bilingual texts, numbers, money, telephone numbers."""

from html import escape

from django import template
from django.templatetags.static import static
from django.utils.safestring import mark_safe
from django.utils.text import normalize_newlines

from izmek.admin.tags import read_only
from izmek.text import figures, phones
from izmek.text import languages as bilingual

register = template.Library()

PICTURE = """<picture>{sources}
  <img src="{jpeg}" width="{width}" height="{height}" alt="{alt}"{lang} class="{focal}" {loading}>
</picture>"""
SOURCES = """
  <source type="image/avif" srcset="{avif}" sizes="{sizes}">
  <source type="image/webp" srcset="{webp}" sizes="{sizes}">"""
OPTION = '<option value="{}"{}{}>{} ({})</option>'
SELECTED = mark_safe(" selected")
CARD = """<li class="card{wide}">
  <h{level}><a href="{url}"{lang}>{title}</a></h{level}>
  {lines}
  <div class="card__photo">{photo}</div>
</li>"""
TAG = '<p><span class="tag{}">{}</span></p>'
WIDE = mark_safe(" card--wide")
WIDE_SIZES = "(min-width:80rem) 24rem, (min-width:40rem) 45vw, (min-resolution:2.5dppx) 74vw, 92vw"
SIZES = "(min-width:80rem) 17rem, (min-width:40rem) 30vw, (min-resolution:2.5dppx) 34vw, 43vw"
FIRST = mark_safe('fetchpriority="high"')
LATER = mark_safe('loading="lazy" decoding="async"')


def filled(html, *args, **kwargs):
    """As `format_html`, in a fourth of the time: a page fills in some hundred small pieces."""
    return mark_safe(
        html.format(*map(_escaped, args), **{name: _escaped(one) for name, one in kwargs.items()})
    )


def _escaped(value):
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


register.filter("show_phone", phones.show)
register.filter("tel", phones.tel_uri)
register.filter("read_only", read_only)
register.filter("capital", bilingual.capital)
register.filter("said", bilingual.said)


@register.filter
def written(row, name):
    """The text `name` of a row in the language of the page."""
    return bilingual.in_language(row, name)


@register.filter
def lang_attr(row, name):
    """` lang="tr"` if the text `name` of a row is Turkish on an English page, else ""."""
    language = bilingual.language_of(row, name)
    return filled(' lang="{}"', language) if language else ""


@register.simple_tag
def picture(photo, sizes="", eager=False, alt=None):
    """One photo in the widths it has, or the kilim placeholder where it is None.

    photo: has srcset_avif, srcset_webp, jpeg_url, width, height, alt_text, focal_class.
    sizes: of the grid it stands in, as in `card`. On a phone the very dense screens get a little less than
    they could show (74vw for 92vw): nobody sees it, and it halves the bytes.
    eager: true for the one photo that is seen first; all others load lazily.
    alt: replaces the photo's own text; "" where a heading beside it already says what it is.

    It is no template, nor is `card`: a page has dozens, and as templates they took half of its time.
    """
    if not photo:
        placeholder = '<img src="{}" width="800" height="1000" alt="">'
        return filled(placeholder, static("img/placeholder.svg"))
    avif, webp = photo.srcset_avif, photo.srcset_webp  # none yet of a photo that was sent just now
    return filled(
        PICTURE,
        sources=filled(SOURCES, avif=avif, webp=webp, sizes=sizes) if avif else "",
        jpeg=photo.jpeg_url,
        width=photo.width,
        height=photo.height,
        alt=photo.alt_text if alt is None else alt,
        lang=lang_attr(photo, "alt") if alt is None else "",
        focal=photo.focal_class,
        loading=FIRST if eager else LATER,
    )


@register.filter
def lang_of(row, name):
    """ "tr" if the text `name` of a row is Turkish on an English page, else ""."""
    return bilingual.language_of(row, name)


@register.filter
def nearby(page):
    """The numbers of the pages near this one, the first and the last, with an ellipsis between."""
    return page.paginator.get_elided_page_range(page.number)


@register.filter
def figure(value):
    """A whole number with thousands separators: 1.584."""
    return figures.number(value)


@register.simple_tag
def card(url, title, photo, wide=False, lang="", line="", line2="", **more):
    """A card in a <ul class="grid"> (exhibitions: wide) or <ul class="grid grid--works"> (works).

    url, title: the heading's link, which covers the card; lang: of the title where it is not the page's.
    photo: or None, for the placeholder. line, line2: plain lines under the title: technique · centre;
    dates, place. More: eager, as of `picture`; tag, tag_kind: status in words and its kind (now, soon,
    last, past); level: of the heading, 3 by default.
    """
    kind = more.get("tag_kind")
    lines = [
        filled(TAG, mark_safe(f" tag--{kind}") if kind else "", tag)
        if (tag := more.get("tag"))
        else "",
        *(filled("<p>{}</p>", text) if text else "" for text in (line, line2)),
    ]
    return filled(
        CARD,
        wide=WIDE if wide else "",
        level=more.get("level") or 3,
        url=url,
        lang=filled(' lang="{}"', lang) if lang else "",
        title=title,
        lines=mark_safe("\n  ".join(lines)),
        photo=picture(photo, WIDE_SIZES if wide else SIZES, eager=more.get("eager"), alt=""),
    )


@register.simple_tag
def options(facet):
    """The <option>s of a Facet of filters (izmek/public/facets.py), each with how many rows it leads to."""
    return mark_safe(
        "\n      ".join(
            filled(
                OPTION,
                option.value,
                SELECTED if option.value == facet.chosen else "",
                filled(' lang="{}"', option.lang) if option.lang else "",
                option.label,
                figures.number(option.count),
            )
            for option in facet.options
        )
    )


@register.filter
def percent(value):
    """A whole percentage: %87."""
    return figures.percent(value, 0)


@register.filter
def price(value):
    """An amount in lira: 1.250 TL."""
    return figures.lira(value)


@register.filter
def paragraphs(text):
    """The paragraphs of a text, which are separated by empty lines."""
    return [part.strip() for part in normalize_newlines(text).split("\n\n") if part.strip()]

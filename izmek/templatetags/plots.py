"""Plots as SVG without scripts or inline styles: sizes are attributes, colours are classes (figures.css).

Lengths are in per cent and em, not in viewBox units, so the text has the size of the page's text at
every width and grows with the reader's font size. The table below a plot holds the same numbers, so a
screen reader gets the plot as one image with a title and one sentence.
"""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from izmek.public.head import shorten
from izmek.text.figures import number

register = template.Library()

MOST_BARS = 12
LONGEST_BAR = 78  # per cent of the width; the rest is for the number after the bar
LETTERS = 34  # the longest label that fits at a width of 320 px
LINE = 3.25  # em from one bar to the next
FEW_COLUMNS = 6  # up to this many, every column shows its number at any width


@register.simple_tag
def bars(table):
    """A line for each row of a table (label, bar, number), at most the MOST_BARS largest."""
    rows = _drawn(table)
    most = max(row.count for row in rows)
    lines = (
        (
            _em(place * LINE + 1),
            shorten(row.label, LETTERS),
            _em(place * LINE + 1.5),
            _percent(LONGEST_BAR * row.count / most),
            " plot__bar--pooled" if row.parts else "",
            _percent(LONGEST_BAR * row.count / most),
            _em(place * LINE + 2.3),
            number(row.count),
        )
        for place, row in enumerate(rows)
    )
    drawn = format_html_join(
        "",
        '<text x="0" y="{}">{}</text>'
        '<rect x="0" y="{}" width="{}" height="1em" class="plot__bar{}"/>'
        '<text x="{}" y="{}" dx=".5em" class="plot__number">{}</text>',
        lines,
    )
    return _image(table, rows, drawn, len(rows) * LINE)


@register.simple_tag
def columns(table):
    """A column for each row of a table, in the same order, with its number above if there is room."""
    rows = table.rows
    most = max(row.count for row in rows) or 1
    step = 100 / len(rows)
    high = [row.count * 80 / most for row in rows]
    body = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" class="plot__bar{}"/>',
        (
            (
                _percent((place + 0.1) * step),
                _percent(100 - height),
                _percent(step * 0.8),
                _percent(height),
                " plot__bar--pooled" if row.parts else "",
            )
            for place, (row, height) in enumerate(zip(rows, high, strict=True))
        ),
    )
    numbers = format_html_join(
        "",
        '<text x="{}" y="{}" dy="-.35em" text-anchor="middle" class="plot__number{}">{}</text>',
        (
            (
                _percent((place + 0.5) * step),
                _percent(100 - height),
                "" if len(rows) <= FEW_COLUMNS or row.count == most else " plot__number--wide",
                number(row.count),
            )
            for place, (row, height) in enumerate(zip(rows, high, strict=True))
            if row.count
        ),
    )
    names = format_html_join(
        "",
        '<text x="{}" y="1.4em" text-anchor="middle" class="plot__name">{}</text>',
        ((_percent((place + 0.5) * step), row.short) for place, row in enumerate(rows)),
    )
    drawn = format_html(
        '<svg x="0" y="0" width="100%" height="12em">{}{}</svg>'
        '<line x1="0" y1="12em" x2="100%" y2="12em" class="plot__ground"/>'
        '<svg x="0" y="12em" width="100%" height="2em">{}</svg>',
        body,
        numbers,
        names,
    )
    return _image(table, rows, drawn, 14)


@register.filter
def left_out(table):
    """How many rows of a table have no bar in the plot."""
    return len(table.rows) - len(_drawn(table))


def _drawn(table):
    if table.plot != "bars" or len(table.rows) <= MOST_BARS:
        return table.rows
    # Leave out the pooled row: in a plot of some of the rows it would look like "all the others".
    return [row for row in table.rows if not row.parts][:MOST_BARS]


def _image(table, rows, drawn, height):
    largest = max((row for row in rows if not row.parts), key=lambda row: row.count, default=None)
    said = _("The numbers are in the table below.")
    if largest:
        most = _("Largest: %(name)s, %(count)s.")
        said = f"{most % {'name': largest.label, 'count': number(largest.count)}} {said}"
    return format_html(
        '<svg class="plot" role="img" width="100%" height="{0}" aria-labelledby="{1}-adi {1}-sozu">'
        '<title id="{1}-adi">{2}</title><desc id="{1}-sozu">{3}</desc>{4}</svg>',
        _em(height),
        table.key,
        table.title,
        said,
        drawn,
    )


def _em(length):
    return f"{length:g}em"


def _percent(length):
    return f"{length:.2f}%"

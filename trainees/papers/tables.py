"""A table of a paper: the same rows for print and for a spreadsheet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from izmek.papers.typst import breakable
from izmek.sheets.writing import SheetTable
from izmek.text.figures import number

WIDTH = {True: 273, False: 186}  # mm between the margins of A4, landscape or not


@dataclass(frozen=True)
class PaperColumn:
    """A column: its heading in a spreadsheet and, unless it has `lines` of its own, in print.

    `width`: mm; None: an equal share of what is left. `turned`: its heading is read from below. `shaded`:
    nothing is written into it.
    """

    heading: str
    width: float | None = None
    align: str = "left"
    lines: Sequence[str] = ()
    turned: bool = False
    shaded: bool = False


@dataclass(frozen=True)
class PaperTable:
    """A table of a paper, which begins a page of its own. Rows are as long as the columns.

    `title`: what tells it from the others of the paper, such as its month; `day`: on which the teacher
    is asked who signs it. `boxes`: (first, number) of the columns that go on in further pages where they
    are more than `most`. `row`, `head`: heights in mm. `notes`: what its signs mean. `flipped`: landscape.
    """

    columns: Sequence[PaperColumn]
    rows: Sequence[Sequence]
    title: str = ""
    day: date | None = None
    boxes: tuple[int, int] = (0, 0)
    most: int = 0
    row: float = 6
    head: float = 9
    notes: str = ""
    flipped: bool = True

    def divided(self):
        """The table for print: itself, or several with some of the boxes each."""
        first, count = self.boxes
        if not self.most or count <= self.most:
            return [self]
        size = beside(count, self.most)
        return [
            replace(
                self,
                columns=_some(self.columns, first, count, begin, size),
                rows=[_some(row, first, count, begin, size) for row in self.rows],
                boxes=(first, min(size, count - begin)),
            )
            for begin in range(0, count, size)
        ]

    @property
    def printed(self):
        """The table as data for Typst, its columns as wide as the page together."""
        fixed = sum(column.width or 0 for column in self.columns)
        shares = sum(column.width is None for column in self.columns)
        share = (WIDTH[self.flipped] - fixed) / shares if shares else 0
        return {
            "columns": [
                {
                    "lines": [breakable(line) for line in column.lines or (str(column.heading),)],
                    "width": column.width or share,
                    "align": column.align,
                    "turned": column.turned,
                    "shaded": column.shaded,
                }
                for column in self.columns
            ],
            "rows": [[_in_print(value) for value in row] for row in self.rows],
            "row": self.row,
            "head": self.head,
            "notes": self.notes,
            "flipped": self.flipped,
        }

    def as_sheet(self, title, **more):
        """The table for a spreadsheet. `more`: of the SheetTable."""
        title = f"{title} {self.title}".strip()
        headings = [column.heading for column in self.columns]
        return SheetTable(title, headings, self.rows, **more)


def beside(count, most):
    """How many of so many boxes stand beside each other, as many in each set: none has one alone."""
    sets = -(-count // most)
    return -(-count // sets) if sets else 0


def box_width(count, most, *, room, widest):
    """mm for each of so many boxes that share a room."""
    return min(widest, room / beside(count, most)) if count else None


def _some(cells, first, count, begin, size):
    """The cells without the boxes but for `size` of them from `begin` on."""
    cells = list(cells)
    kept = cells[first + begin : first + min(begin + size, count)]
    return [*cells[:first], *kept, *cells[first + count :]]


def _in_print(value):
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal):
        return number(value, 1)
    return breakable(str(value))

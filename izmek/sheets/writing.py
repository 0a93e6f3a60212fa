"""Tables as files that an office opens: XLSX for Excel and LibreOffice, CSV as Turkish Excel reads it.

    with open(path, "wb") as file:
        write(file, "xlsx", title="Kursiyerler", headings=["Ad", "Doğum tarihi"], rows=rows)

Rows may come from a database cursor: one at a time is held. What stands in a cell follows from the type of
its value: text stays text – a phone number keeps its 0 and "=1+1" is no formula –, dates and numbers are
dates and numbers that can be sorted and added up, None is an empty cell.
"""

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from time import time as now

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
MOST_ROWS = 1_048_576  # of a sheet of Excel; what does not fit goes on in the next
LONGEST_TEXT = 32_767  # characters in a cell of Excel
LONGEST_HEAD = 250  # characters above a printed page
STEP = 500  # rows between two words of how far it is
WIDEST, NARROWEST = 44, 6  # characters; a longer text goes on in the next line of its cell
LINE, HIGHEST = 15, 405  # height of a row, in points
TWO_LINES = 2 * LINE  # of the headings
TO_WRITE_IN = 22  # height of a row in which people write by hand, in points
FIRST_YEAR = 1900  # Excel knows no day before
SCRATCH = f"izmek-{os.getuid()}-sheet-"  # folders for workbooks that are being written

# A spreadsheet takes a text that begins with one of these for a formula (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class SheetTable:
    """A table on its way into a file: its title, its headings, and rows as long as these.

    `above`: what is printed above each page. `below`: lines under the table. `to_write_in`: boxes high
    enough to write in by hand. `is_paper`: a CSV file has its title and what stands above and below as
    well; that of a list, which programs read, has not.
    """

    title: str
    headings: Sequence
    rows: Iterable
    above: str = ""
    to_write_in: bool = False
    below: Sequence = ()
    is_paper: bool = False


def write(file, form, *, title, headings, rows, report=None):
    """Write one table to a binary file: see `write_tables`."""
    return write_tables(file, form, SheetTable(title, headings, rows), report=report)


def write_tables(file, form, *tables, report=None):
    """Write tables to a binary file, each on a sheet of its own, and return how many rows they had.

    `form`: a key of TYPES. `report(done)` is told how far it is.
    """
    counted = _Counted(report)
    {"xlsx": _xlsx, "csv": _csv}[form](file, tables, counted)
    return counted.count


class _Counted:
    """Counts the rows on their way."""

    def __init__(self, report):
        self.report, self.count = report, 0

    def __call__(self, rows):
        for row in rows:
            yield row
            self.count += 1
            if self.report is not None and self.count % STEP == 0:
                self.report(self.count)


# --- XLSX -------------------------------------------------------------------------------------


def _xlsx(file, tables, counted):
    """To hold one row at a time, XlsxWriter puts the others into files: in a folder that goes with them."""
    import xlsxwriter  # which takes a while, and memory that pages do without

    with tempfile.TemporaryDirectory(prefix=SCRATCH) as folder:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        formats = _Formats(book)
        for table in tables:
            sheets = _Sheets(book, formats, table)
            for row in counted(table.rows):
                sheets.add(row)
            sheets.finish()
        book.close()


def unfinished(age):
    """Folders of workbooks that nobody writes any more, as after a worker was killed: `sweep_media` deletes
    them. Only our own: the folder for temporary files is everybody's."""
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{SCRATCH}*")):
        with suppress(FileNotFoundError):  # just finished
            about = folder.lstat()
            if about.st_uid == os.getuid() and now() - about.st_mtime > age.total_seconds():
                yield folder


class _Formats:
    """How cells look."""

    def __init__(self, book):
        heading = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        self.heading = book.add_format(heading)
        number = {"align": "right", "indent": 1}  # apart from a text that follows
        self.heading_of_numbers = book.add_format({**heading, **number})
        top = {"valign": "top"}
        self.text = book.add_format({**top, "num_format": "@"})
        self.long_text = book.add_format({**top, "num_format": "@", "text_wrap": True})
        self.number = book.add_format({**top, **number})
        self.share = book.add_format({**top, **number, "num_format": "0.0"})
        self.day = book.add_format({**top, "num_format": "dd.mm.yyyy", "align": "left"})
        self.moment = book.add_format({**top, "num_format": "dd.mm.yyyy hh:mm", "align": "left"})
        self.hour = book.add_format({**top, "num_format": "hh:mm", "align": "left"})
        self.box = book.add_format({"num_format": "@", "border": 1, "valign": "vcenter"})
        self.heading_of_box = book.add_format({**heading, "border": 1})


class _Sheets:
    """The sheets of a table, which are filled row by row, each with its heading."""

    def __init__(self, book, formats, table):
        self.book, self.formats, self.table = book, formats, table
        self.headings = [str(one) for one in table.headings]
        self.box = formats.box if table.to_write_in else None
        self.text = self.box or formats.text
        self.number = 0
        self._begin()

    def _begin(self):
        self.number += 1
        names = {sheet.get_name().casefold() for sheet in self.book.worksheets()}
        self.sheet = self.book.add_worksheet(_sheet_name(str(self.table.title), self.number, names))
        self.row = 1
        self.widths = [_width_of(one) for one in self.headings]
        self.sheet.freeze_panes(1, 0)
        self.sheet.repeat_rows(0)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        if self.table.above:
            self.sheet.set_margins(top=1)
            self.sheet.set_header("&C&B" + self.table.above[:LONGEST_HEAD].replace("&", "&&"))
        self.sheet.set_footer("&L&A&R&P / &N")
        if self.box:
            self.sheet.set_default_row(TO_WRITE_IN)

    def _write_headings(self, first):
        """Those above numbers stand where the numbers stand, as the first row tells."""
        self.sheet.set_row(0, TWO_LINES)
        for place, heading in enumerate(self.headings):
            look = self.formats.heading_of_box if self.box else self.formats.heading
            if place < len(first) and not self.box and _is_number(first[place]):
                look = self.formats.heading_of_numbers
            self.sheet.write_string(0, place, heading, look)

    def add(self, values):
        if self.row == MOST_ROWS:
            self.finish()
            self._begin()
        if self.row == 1:
            self._write_headings(values)
        sheet, row = self.sheet, self.row
        longest = max((len(value) for value in values if isinstance(value, str)), default=0)
        if longest > WIDEST and not self.box:  # no program finds the height by itself
            lines = longest // (WIDEST - 4) + 1
            sheet.set_row(row, min(lines * LINE, HIGHEST))
        for place, value in enumerate(values):
            if value is None or value == "":
                if self.box:
                    sheet.write_blank(row, place, None, self.box)
                continue
            length = 10
            if isinstance(value, str):
                length = len(value)
                look = self.text if length <= WIDEST or self.box else self.formats.long_text
                sheet.write_string(row, place, fits(value), look)
            elif isinstance(value, bool):
                sheet.write_string(row, place, _yes(value), self.text)
            elif isinstance(value, (int, float, Decimal)):
                look = self.formats.share if isinstance(value, float) else self.formats.number
                sheet.write_number(row, place, value, self.box or look)
            elif isinstance(value, date):
                length = self._day(sheet, row, place, value)
            elif isinstance(value, time):
                sheet.write_datetime(row, place, value, self.formats.hour)
            else:
                value = str(value)
                length = len(value)
                sheet.write_string(row, place, fits(value), self.text)
            if length > self.widths[place]:
                self.widths[place] = length
        self.row += 1

    def _day(self, sheet, row, place, value):
        if value.year < FIRST_YEAR:
            sheet.write_string(row, place, in_words(value), self.text)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, place, _naive(value), self.formats.moment)
            return 16
        else:
            sheet.write_datetime(row, place, value, self.formats.day)
        return 10

    def finish(self):
        if self.row == 1:
            self._write_headings(())
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, min(width, WIDEST) + 1)
        if not self.box:
            self.sheet.autofilter(0, 0, self.row - 1, len(self.headings) - 1)
        for place, line in enumerate(self.table.below, self.row + 1):
            self.sheet.write_string(place, 0, fits(line), self.formats.text)


def _is_number(value):
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _width_of(heading):
    """The characters of a column in which its heading takes two lines at most."""
    longest = max(map(len, heading.split()), default=0)
    return max(NARROWEST, longest, len(heading) // 2 + 2) + 2


def _sheet_name(title, number, taken):
    """A name as Excel takes it: 31 characters at most, some signs not, none twice."""
    while True:
        end = f" ({number})" if number > 1 else ""
        name = re.sub(r"[\[\]:*?/\\]", " ", title).strip(" '")
        name = (name[: 31 - len(end)].strip(" '") or "İZMEK") + end
        if name.casefold() not in taken:
            return name
        number += 1


def fits(text):
    """The text, cut where a cell of Excel ends."""
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


# --- CSV --------------------------------------------------------------------------------------


def _csv(file, tables, counted):
    """One table with its headings; several one below the other, each under its title, as a paper is."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
        for place, table in enumerate(tables):
            if len(tables) > 1 or table.is_paper:
                lines.writerows([[], []] if place else [])
                lines.writerow([harmless(str(table.title))])
            if table.is_paper and table.above:
                lines.writerow([harmless(table.above)])
            lines.writerow([harmless(str(one)) for one in table.headings])
            lines.writerows(
                [harmless(in_words(value)) for value in row] for row in counted(table.rows)
            )
            if table.is_paper:
                lines.writerows([harmless(line)] for line in table.below)
        text.flush()
    finally:
        text.detach()


def in_words(value):
    """A value as it stands in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _yes(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (float, Decimal)):
        return number_format(value, use_l10n=True)
    if isinstance(value, datetime):
        return f"{_naive(value):%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value.day:02}.{value.month:02}.{value.year:04}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value)


def harmless(text):
    """The text for a cell of a CSV file: an apostrophe before a formula keeps it a text.

    A negative number is none: it stays as it is.
    """
    if text.startswith(FORMULA) and not re.fullmatch(r"-[0-9]+(?:,[0-9]+)?", text):
        return f"'{text}"
    return text


# --- Both -------------------------------------------------------------------------------------


def _yes(value):
    return gettext("Yes") if value else gettext("No")


def _naive(moment):
    return timezone.localtime(moment).replace(tzinfo=None) if moment.tzinfo else moment

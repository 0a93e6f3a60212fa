"""Lists as people have them: XLSX and CSV files, read row by row, whatever Excel has done to them.

    book = open_book(data, name)          # refuses what is no list, before it is unpacked
    sheet = book.sheet(book.names[0])
    found = sheet.headings(columns)       # where the headings stand, and which column each one is
    for row in sheet.rows(found): …       # ReadRow(number, values), as many values as headings

What may surprise whoever chose the file is told in `notes`: hidden sheets and rows are left out unless
asked for.
"""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field

import python_calamine
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from izmek.sheets import cells, columns
from izmek.sheets.cells import NoResult, Serial1904

MOST_BYTES = 25 * 1024**2  # of a file: a list of 35,000 rows has three
MOST_UNPACKED = 500 * 1024**2  # a million empty rows with borders have 200 MB
MOST_SHARED = 100 * 1024**2  # the texts of a workbook are held in memory
MOST_COLUMNS = 200
MOST_ROWS = 100_000
MOST_CELLS = 4_000_000  # the smallest rectangle around what is written: held in memory
MOST_ODD = 50_000  # cells with a formula that gives nothing, or an error
MOST_HIDDEN = 2_000_000  # rows: a sheet has a million
NUMBERED = re.compile(r"\d{4}|\d[.,/-]\d")  # what stands in rows, and not in their headings
LOOKED_THROUGH = 40  # rows in which the headings are sought
PIECE = 1024**2
CSV_FIELD = 32_767  # characters, as in a cell of Excel


class NotAList(ValidationError):
    """A file that cannot be read as a list; says what would help."""


@dataclass(frozen=True)
class ReadRow:
    """One row: its number in the file, as a spreadsheet counts, and its values."""

    number: int
    values: tuple


@dataclass
class Headings:
    """Where the headings stand and what they mean."""

    last: int  # the number of their last row
    names: list[str]  # as people see them; "" for a column without
    columns: list  # for each the Column, or None
    first: int = 0
    grouped: bool = False  # whether the row above says of a column which one it is

    def taken(self):
        return [column for column in self.columns if column]


@dataclass
class Book:
    """An opened file: the names of its sheets that can be seen, and what to tell about it."""

    names: list[str]
    notes: list[str] = field(default_factory=list)
    open_sheet: object = None

    def sheet(self, name=None):
        """A sheet by its name, by default the first that holds something."""
        if name not in self.names:
            sheets = (self.open_sheet(one) for one in self.names)
            return next((one for one in sheets if not one.is_empty), self.open_sheet(self.names[0]))
        return self.open_sheet(name)


def open_book(data, name=""):
    """The Book of a file's bytes. Raises NotAList with a sentence."""
    if len(data) > MOST_BYTES:
        raise too_large()
    if not data.strip(b"\x00\xef\xbb\xbf \t\r\n;,"):
        raise NotAList(_("The file is empty."), code="empty")
    if data[:4] == b"PK\x03\x04":
        return _workbook(data)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _old_or_locked(data)
    if data[:5] == b"%PDF-":
        raise NotAList(
            _(
                "This is a PDF, whatever its name ends in. Ask for the list as XLSX or CSV; a PDF cannot "
                "be read reliably."
            ),
            code="pdf",
        )
    if re.match(rb"\s*<(?:!doctype|html|\?xml|table)", data[:200], re.IGNORECASE):
        raise NotAList(
            _(
                "This is a web page with the ending of a spreadsheet, as some systems give out. Open it in "
                "Excel or LibreOffice and save it as XLSX."
            ),
            code="html",
        )
    return _text_file(data)


def too_large():
    return NotAList(
        _(
            "The file is larger than %(most)d MB, so it was not read. Remove pictures and sheets that do "
            "not belong to the list, or divide the list."
        ),
        code="large",
        params={"most": MOST_BYTES // 1024**2},
    )


def _old_or_locked(data):
    if "EncryptedPackage".encode("utf-16-le") in data:
        return NotAList(
            _(
                "The file is protected by a password. Open it, remove the password (File, Information, "
                "Protect) and save it; it is kept encrypted here."
            ),
            code="password",
        )
    return NotAList(
        _("This is an old file of Excel (XLS). Open it and save it as XLSX."), code="xls"
    )


# --- XLSX -------------------------------------------------------------------------------------


def _workbook(data):
    parts = _checked_parts(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [
            one
            for one in book.sheets_metadata
            if one.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except python_calamine.PasswordError:
        raise _old_or_locked("EncryptedPackage".encode("utf-16-le")) from None
    except Exception:
        raise _broken() from None
    seen = [one for one in sheets if one.visible == python_calamine.SheetVisibleEnum.Visible]
    hidden = [one.name for one in sheets if one not in seen]
    if not seen:
        raise NotAList(
            _("All sheets of this file are hidden: there is nothing to read."), code="hidden"
        )
    notes = []
    if hidden:
        notes.append(_("Hidden sheets are left out: %(names)s.") % {"names": ", ".join(hidden)})
    paths = _paths_of_sheets(data)
    from_1904 = bool(re.search(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=\"(?:1|true)\"", parts))

    def open_sheet(name):
        looked = _look_through(data, paths.get(name))
        try:
            return _BookSheet(name, book.get_sheet_by_name(name), looked, from_1904)
        except NotAList:
            raise
        except Exception:
            raise _broken() from None

    return Book([one.name for one in seen], notes, open_sheet)


def _broken():
    return NotAList(
        _(
            "The file is damaged and cannot be opened. Open it in Excel or LibreOffice, save it anew, and "
            "choose it again."
        ),
        code="broken",
    )


def _checked_parts(data):
    """Refuse a zip that is broken, a bomb, or no workbook; returns workbook.xml."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {one.filename.lower(): one for one in archive.infolist()}
            if sum(one.file_size for one in parts.values()) > MOST_UNPACKED or any(
                one.file_size > MOST_SHARED for name, one in parts.items() if "sharedstr" in name
            ):
                raise NotAList(
                    _(
                        "Unpacked this file would be larger than a list can be, so it was not opened. "
                        "Copy the list into a new file and save that."
                    ),
                    code="bomb",
                )
            if any("vbaproject" in name for name in parts):
                raise NotAList(
                    _(
                        "This file holds macros, which are not let in. Save it as XLSX without macros."
                    ),
                    code="macros",
                )
            if "xl/workbook.xml" not in parts:
                raise NotAList(
                    _("This is no Excel workbook. Save the list as XLSX or CSV."), code="kind"
                )
            for one in parts.values():  # a size that is not true shows in the checksum
                with archive.open(one) as file:
                    while file.read(PIECE):
                        pass
            return archive.read(parts["xl/workbook.xml"])
    except NotAList:
        raise
    except Exception:
        raise _broken() from None


def _paths_of_sheets(data):
    """{name of a sheet: path of its XML in the zip}."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
            names = {one.lower(): one for one in archive.namelist()}
            related = archive.read(names["xl/_rels/workbook.xml.rels"]).decode("utf-8", "replace")
    except Exception:
        raise _broken() from None
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", related):
        found = dict(re.findall(r'\b(Id|Target)="([^"]*)"', tag))
        if len(found) == 2:
            path = found["Target"]
            targets[found["Id"]] = path.lstrip("/") if path[:1] == "/" else f"xl/{path}"
    paths = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        name, key = re.search(r'\bname="([^"]*)"', tag), re.search(r'\b\w+:id="([^"]*)"', tag)
        if name and key and key[1] in targets:
            paths[_unescaped(name[1])] = names.get(targets[key[1]].lower())
    return paths


def _unescaped(text):
    for sign, entity in (
        ("<", "&lt;"),
        (">", "&gt;"),
        ('"', "&quot;"),
        ("'", "&apos;"),
        ("&", "&amp;"),
    ):
        text = text.replace(entity, sign)
    return text


@dataclass
class _Looked:
    """What the XML of a sheet says that the reader does not: see `_look_through`."""

    hidden: set = field(default_factory=set)  # numbers of rows
    uncalculated: set = field(default_factory=set)  # (row, column) of formulas without a value
    errors: dict = field(default_factory=dict)  # (row, column) → what a formula gives: #REF!
    last_row: int = 0
    last_column: int = 0


_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*\br=\"(\d+)\"")
_FILLED = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,3})([0-9]{1,7})\"[^>/]*>(?!</)")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\b(?=[^>]*\bt=\"e\")[^>]*?\br=\"([A-Z]{1,3})([0-9]{1,7})\"[^>]*>.{0,500}?<(?:\w+:)?v>(#[^<]*)<"
)
_UNCALCULATED = re.compile(  # t="str" may well give an empty text
    rb"<(?:\w+:)?c\b(?![^>]*\bt=\"str\")[^>]*?\br=\"([A-Z]{1,3})([0-9]{1,7})\"[^>/]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


def _look_through(data, path):
    """Hidden rows, formulas without a value, and how far the sheet is filled, piece by piece.

    The size decides before the reader lays out a rectangle around all cells: one stray sign in the last
    row and column of a sheet would need the memory of a hundred servers.
    """
    looked = _Looked()
    if path is None:
        return looked
    columns_seen = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(path) as file:
            rest = b""
            while piece := file.read(PIECE):
                rest += piece
                end = max(rest.rfind(b"<c "), rest.rfind(b"<row "), 0)
                _look_at(rest[:end] if end else b"", looked, columns_seen)
                rest = rest[end:] if end else rest
                if len(rest) > 8 * PIECE:
                    raise _broken()
                _check_size(looked, columns_seen)
            _look_at(rest, looked, columns_seen)
    except NotAList:
        raise
    except Exception:
        raise _broken() from None
    _check_size(looked, columns_seen)
    return looked


def _check_size(looked, columns_seen):
    """Refuse a sheet as soon as what was read of it is too much."""
    looked.last_column = max((_place(one) for one in columns_seen), default=0)
    if looked.last_column > MOST_COLUMNS:
        raise _too_many_columns(looked.last_column)
    if looked.last_row > MOST_ROWS and looked.last_row * max(1, looked.last_column) > MOST_CELLS:
        raise _too_many_rows(looked.last_row)
    if len(looked.hidden) > MOST_HIDDEN:
        raise _too_many_rows(len(looked.hidden))
    if len(looked.uncalculated) + len(looked.errors) > MOST_ODD:
        raise NotAList(
            _(
                "Very many cells of this sheet hold formulas without a value. Open the file in Excel or "
                "LibreOffice, save it, and choose it again."
            ),
            code="formulas",
        )


def _too_many_columns(count):
    return NotAList(
        _(
            "This sheet is filled up to its column %(count)d; a list has %(most)d at most. Delete the "
            "columns that do not belong to it."
        ),
        code="columns",
        params={"count": count, "most": MOST_COLUMNS},
    )


def _too_many_rows(count):
    return NotAList(
        _("This sheet has %(count)d rows; a list has %(most)d at most. Divide it."),
        code="rows",
        params={"count": count, "most": MOST_ROWS},
    )


def _look_at(piece, looked, columns_seen):
    if b"hidden=" in piece:
        looked.hidden.update(int(number) for number in _HIDDEN_ROW.findall(piece))
    last = b"0"
    for column, row in _FILLED.findall(piece):
        columns_seen[column] = True
        if len(row) > len(last) or (len(row) == len(last) and row > last):
            last = row
    looked.last_row = max(looked.last_row, int(last))
    if b't="e"' in piece:
        looked.errors.update(
            ((int(row), _place(column)), said.decode("utf-8", "replace"))
            for column, row, said in _ERROR.findall(piece)
        )
    if b"<f" in piece or b":f" in piece:
        looked.uncalculated.update(
            (int(row), _place(column)) for column, row in _UNCALCULATED.findall(piece)
        )


def _place(letters):
    """The number of a column: A is 1, AA is 27."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


# --- CSV --------------------------------------------------------------------------------------


def _text_file(data):
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not wide and b"\x00" in data:
        raise NotAList(
            _("This is no list. Save it as XLSX or CSV in Excel or LibreOffice."), code="kind"
        )
    text = data.decode("utf-16", "replace") if wide else _decoded(data)
    first, _newline, others = text.partition("\n")
    if found := re.fullmatch(r"sep=(.)\s*", first, re.IGNORECASE):
        text, separator = others, found[1]
    else:
        separator = _separator(text)
    return Book([_("list")], [], lambda name: _TextSheet(text, separator))


def _decoded(data):
    for encoding in ("utf-8-sig", "cp1254"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotAList(
        _("The letters of this file cannot be read. Save it as “CSV UTF-8” or as XLSX."),
        code="encoding",
    )


def _separator(text):
    """What divides the cells: the sign of which the first rows hold most, outside of quotes."""
    head = re.sub(r'"[^"]*"', "", "\n".join(text.split("\n")[:50]))
    return max(";\t,", key=lambda sign: (head.count(sign), sign == ";"))


# --- Both -------------------------------------------------------------------------------------


class Sheet:
    """A sheet whose rows are read one by one."""

    def __init__(self):
        self.notes = []
        self.hidden_rows = 0

    def all_rows(self, *, hidden=False):
        """Every ReadRow that holds something; hidden ones only if asked for."""
        raise NotImplementedError

    @property
    def is_empty(self):
        return next(iter(self.all_rows(hidden=True)), None) is None

    def headings(self, known, remembered=None):
        """Where the Headings stand: the row, or the two rows, in which most columns are known.

        Above them lists have titles; of two rows the upper names groups ("Veli" over "Adı"). Raises
        NotAList for an empty sheet.
        """
        first = []
        for row in self.all_rows(hidden=True):
            first.append(row)
            if len(first) == LOOKED_THROUGH:
                break
        if not first:
            raise NotAList(_("There is nothing on this sheet."), code="empty")
        matcher, best, most = columns.Matcher(known, remembered), None, (0,)
        for at, row in enumerate(first):
            for found in self._read_as_headings(first, at, row, matcher):
                # A title above is no group: one row that says as much as two says it alone. Of a
                # group it knows as many columns, but takes those of the guardian for the trainee's.
                score = len(found.taken()), found.grouped, found.first == found.last
                if score > most and score[0]:
                    best, most = found, score
        if best is None:
            # Nobody knows these headings: the widest of the first rows, to be mapped by hand.
            at = max(range(min(5, len(first))), key=lambda at: len(_texts(first[at].values)))
            best = next(self._read_as_headings(first, at, first[at], matcher))
            if any(map(NUMBERED.search, best.names)):
                raise NotAList(
                    _(
                        "No row of headings was found. Write above the rows what stands in each column "
                        "– “Adı”, “Soyadı”, “Telefon” – as in the template."
                    ),
                    code="headings",
                )
        return best

    def _read_as_headings(self, first, at, row, matcher):
        names = [cells.shown(value) for value in row.values]
        yield Headings(row.number, names, matcher.match(names), row.number)
        if at + 1 < len(first):
            below = [cells.shown(value) for value in first[at + 1].values]
            upper, group = [], ""
            for place in range(max(len(names), len(below))):
                own = names[place] if place < len(names) else ""
                group = own or group
                upper.append((own, group))
            joined, grouped = [], False
            for place, (own, group) in enumerate(upper):
                under = below[place] if place < len(below) else ""
                options = [under, f"{group} {under}".strip(), own] if under else [own]
                hits = [one for one in options if matcher.column(one)]
                plain = f"{group} {under}".strip() if under else own
                pick = [one for one in options[1:2] if one in hits] or hits or [plain]
                joined.append(pick[0])
                grouped |= (
                    pick[0] == plain
                    and not group.endswith(":")  # “Kurs: | Ebru” is a title
                    and under in hits
                    and matcher.column(plain) != matcher.column(under)
                )
            number = first[at + 1].number
            yield Headings(number, joined, matcher.match(joined), row.number, grouped)

    def rows(self, found, *, hidden=False):
        """The rows below the headings, as wide as these; a heading that comes again is left out."""
        width, names = len(found.names), [columns.key(one) for one in found.names]
        mark = next((place for place, name in enumerate(found.names) if name), 0)
        count = 0
        for row in self.all_rows(hidden=hidden):
            if row.number <= found.last:
                continue
            values = row.values[:width] + (None,) * (width - len(row.values))
            if values[mark] == found.names[mark] and _are_headings(values, names):
                continue
            if all(cells.is_blank(value) for value in values):
                continue
            count += 1
            if count > MOST_ROWS:
                raise _too_many_rows(count)
            yield ReadRow(row.number, values)


def _are_headings(values, names):
    return [columns.key(one) if isinstance(one, str) else "" for one in values] == names


def _texts(values):
    return [value for value in values if isinstance(value, str) and value.strip()]


class _BookSheet(Sheet):
    def __init__(self, name, sheet, looked, from_1904):
        super().__init__()
        self.name, self.sheet, self.looked, self.from_1904 = name, sheet, looked, from_1904
        if sheet.total_height * max(1, sheet.total_width) > MOST_CELLS:
            raise _too_many_rows(sheet.total_height)
        self.hidden_rows = len(looked.hidden)
        self.merged = self._merged()
        if self.hidden_rows:
            self.notes.append(
                ngettext(
                    "%(count)d row is hidden in the file.",
                    "%(count)d rows are hidden in the file.",
                    self.hidden_rows,
                )
                % {"count": self.hidden_rows}
            )

    def _merged(self):
        """{row: {column: the value of the first cell}} of cells that are merged over rows or columns."""
        merged = {}
        for (top, left), (bottom, right) in self.sheet.merged_cell_ranges or ():
            if bottom - top > MOST_ROWS or right - left > MOST_COLUMNS:
                continue
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    merged.setdefault(row, {})[column] = (top, left)
        return merged

    def all_rows(self, *, hidden=False):
        start = self.sheet.start
        if start is None:
            return
        firsts = {}  # the values of cells that are merged with others
        odd = dict.fromkeys(self.looked.uncalculated, NoResult()) | self.looked.errors
        odd_rows = {row for row, _column in odd}
        for at, values in enumerate(self.sheet.iter_rows()):
            values = (None,) * start[1] + tuple(self._value(one) for one in values)
            values = self._with_merged(at, values, firsts)
            if at + 1 in odd_rows:
                values = tuple(
                    odd.get((at + 1, place), value) for place, value in enumerate(values, 1)
                )
            if not hidden and at + 1 in self.looked.hidden:
                continue
            if any(value is not None for value in values):
                yield ReadRow(at + 1, values)

    def _value(self, value):
        if value == "":
            return None
        if self.from_1904 and isinstance(value, (int, float)) and not isinstance(value, bool):
            return Serial1904(value)
        return value

    def _with_merged(self, at, values, firsts):
        """Cells merged downwards all mean what stands in the first; those to the right stay empty.

        Of headings the group above is what counts, and `headings` looks to the left by itself.
        """
        if at not in self.merged:
            return values
        values = list(values)
        for place, (top, left) in self.merged[at].items():
            if place >= len(values):
                continue
            if (at, place) == (top, left):
                firsts[top, left] = values[place]
            elif place == left:
                values[place] = firsts.get((top, left))
        return tuple(values)


class _TextSheet(Sheet):
    def __init__(self, text, separator):
        super().__init__()
        self.text, self.separator = text, separator

    def all_rows(self, *, hidden=False):
        csv.field_size_limit(CSV_FIELD)
        lines = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.separator)
        number = 0
        while True:
            try:
                values = next(lines)
            except StopIteration:
                return
            except csv.Error:
                raise NotAList(
                    _(
                        "Row %(row)d of this file cannot be read: a quotation mark is opened and never "
                        "closed, or a cell is very long."
                    ),
                    code="broken",
                    params={"row": number + 1},
                ) from None
            number += 1
            if len(values) > MOST_COLUMNS and any(values[MOST_COLUMNS:]):
                raise _too_many_columns(len(values))
            values = tuple(value if value.strip() else None for value in values)
            if any(value is not None for value in values):
                yield ReadRow(number, values)

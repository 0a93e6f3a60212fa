"""The lists that offices have, and files that are none: made here, so that nobody's list is kept.

    python -m tests.sheets.messy FOLDER

writes them all, to be tried by hand. Every person in them is invented.
"""

import io
import random
import struct
import sys
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import xlsxwriter

NBSP = "\xa0"
HEADINGS = ["T.C. Kimlik No", "Adı", "Soyadı", "Doğum Tarihi", "Cep Telefonu", "Kurs No"]


def number_of(first_nine):
    """A T.C. identity number that checks out, with these nine digits before its check digits."""
    digits = [int(one) for one in f"{first_nine:09}"]
    tenth = (sum(digits[0::2]) * 7 - sum(digits[1::2])) % 10
    return f"{first_nine:09}{tenth}{(sum(digits) + tenth) % 10}"


PEOPLE = [
    [number_of(100_000_001), "Ayşe", "Yılmaz", date(1985, 3, 14), "0555 123 45 01", "41-001"],
    [number_of(100_000_002), "Fatma", "Işık", date(1990, 7, 2), "0555 123 45 02", "41-001"],
    [number_of(100_000_003), "Zeynep", "Çağlar", date(1978, 12, 31), "0555 123 45 03", "41-001"],
]


# --- Writers ----------------------------------------------------------------------------------


def xlsx(rows, *, before=lambda book, sheet: None, name="Liste", options=None):
    """A workbook of one sheet with these rows, each value as its type says."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, options or {})
    sheet = book.add_worksheet(name)
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, (date, datetime)):
                sheet.write_datetime(at, place, value, day)
            elif isinstance(value, (int, float, Decimal)):
                sheet.write_number(at, place, value)
            elif value is not None:
                sheet.write_string(at, place, value)
    before(book, sheet)
    book.close()
    return file.getvalue()


def csv(rows, *, separator=";", encoding="utf-8"):
    lines = (
        separator.join(f"{one:%d.%m.%Y}" if isinstance(one, date) else str(one) for one in row)
        for row in rows
    )
    return "\r\n".join(lines).encode(encoding)


def rewritten(data, changes):
    """A workbook with some of its parts changed: {path: function of its bytes}."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part.filename, changes.get(part.filename, lambda same: same)(content))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


# --- Lists that can be read ------------------------------------------------------------------------


def plain():
    return xlsx([HEADINGS, *PEOPLE])


def csv_utf8():
    return csv([HEADINGS, *PEOPLE])


def csv_bom():
    return csv([HEADINGS, *PEOPLE], encoding="utf-8-sig")


def csv_windows():
    return csv([HEADINGS, *PEOPLE], encoding="cp1254")


def csv_commas():
    return csv([HEADINGS, *PEOPLE], separator=",")


def csv_tabs():
    return csv([HEADINGS, *PEOPLE], separator="\t")


def csv_utf16():
    return csv([HEADINGS, *PEOPLE], separator="\t", encoding="utf-16")


def any_order():
    """Columns in another order, other words, capitals, stars, and one that nobody needs."""
    names = ["SIRA", "KURS NO*", "İSİM", "SOY İSİM", "TEL.", "D.TARİHİ", "T.C."]
    return xlsx(
        [names, *([at, p[5], p[1], p[2], p[4], p[3], p[0]] for at, p in enumerate(PEOPLE, 1))]
    )


def damaged():
    """What Excel does: numbers without zeros, .0, blanks, dates as text and serials."""
    return xlsx(
        [
            HEADINGS,
            [float(PEOPLE[0][0]), f" Ayşe{NBSP}", "Yılmaz ", 31120, 5551234501.0, "41-001"],
            [f"{PEOPLE[1][0]}.0", "Fatma", "Işık", "02/07/1990", "5551234502.0", f"41-001{NBSP}"],
            [
                f" {PEOPLE[2][0]} ",
                "Zeynep",
                "C\u0327ağlar",
                "1978-12-31 00:00",
                905551234503,
                "41-001",
            ],
        ]
    )


def shortened():
    """Identity numbers as 1,00E+10: digits are lost for good."""
    return xlsx([HEADINGS, ["1,00E+10", *PEOPLE[0][1:]], ["1,0000000214E+10", *PEOPLE[1][1:]]])


def from_1904():
    """A workbook that counts its days from 1904: dates as dates, and as bare numbers."""
    bare = (PEOPLE[1][3] - date(1904, 1, 1)).days
    rows = [HEADINGS, PEOPLE[0], [*PEOPLE[1][:3], bare, *PEOPLE[1][4:]]]
    return xlsx(rows, options={"date_1904": True})


def titles_above():
    rows = [["T.C. İZMİT BELEDİYESİ"], ["2025-2026 KURSİYER LİSTESİ"], [], [None, "Sayfa 1"]]
    return xlsx([*rows, HEADINGS, *PEOPLE])


def two_heading_rows():
    """A group above the headings: "Adı" of the guardian is not "Adı" of the trainee."""
    upper = ["T.C. Kimlik No", "Kursiyer", None, "Doğum Tarihi", "Kurs No", "Veli", None]
    lower = [None, "Adı", "Soyadı", None, None, "Adı", "Telefonu"]
    young = [
        number_of(100_000_004),
        "Ece",
        "Kara",
        date(2009, 5, 5),
        "41-001",
        "Nur Kara",
        "0555 123 45 09",
    ]

    def merge(book, sheet):
        for place in (0, 3, 4):
            sheet.merge_range(0, place, 1, place, upper[place])
        sheet.merge_range(0, 1, 0, 2, "Kursiyer")
        sheet.merge_range(0, 5, 0, 6, "Veli")

    return xlsx([upper, lower, young], before=merge)


def merged():
    """The course is written once, over all its people; the headings come again on the next page."""
    rows = [[*row[:5], None] for row in PEOPLE]

    def merge(book, sheet):
        sheet.merge_range(1, 5, 3, 5, "41-001")

    return xlsx([HEADINGS, *rows, HEADINGS], before=merge)


def hidden():
    """A hidden row, and a hidden sheet with other people."""

    def hide(book, sheet):
        sheet.set_row(2, None, None, {"hidden": True})
        other = book.add_worksheet("Eski")
        other.write_row(0, 0, HEADINGS[:3])
        other.write_row(1, 0, ["", "Gizli", "Kişi"])
        other.hide()

    return xlsx([HEADINGS, *PEOPLE], before=hide)


def uncalculated():
    """A formula that some program wrote without its value, and one that gives an error."""

    def formulas(book, sheet):
        sheet.write_formula(1, 4, '="0555"&"1234501"', None, "")
        sheet.write_formula(2, 5, "=1/0", None, "#DIV/0!")

    data = xlsx([HEADINGS, *PEOPLE], before=formulas)
    return rewritten(data, {SHEET: lambda part: part.replace(b' t="str"', b"")})


def formatted_rows():
    """A list of three people in a sheet that is formatted down to its last row."""
    empty = b"".join(
        b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/><c r="B%d" s="1"/></row>' % (n, n, n)
        for n in range(5, 1_048_577)
    )
    return rewritten(
        plain(), {SHEET: lambda part: part.replace(b"</sheetData>", empty + b"</sheetData>")}
    )


# --- Files that are refused ------------------------------------------------------------------------


def empty():
    return b""


def empty_sheet():
    return xlsx([])


def locked():
    """The beginning of what Excel writes for a file with a password."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(512)
    )


def old_excel():
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + "Workbook".encode("utf-16-le")
        + bytes(512)
    )


def broken_zip():
    whole = plain()
    return whole[: len(whole) // 2]


def damaged_zip():
    """A byte in the middle is another one."""
    whole = bytearray(plain())
    at = whole.find(b"sheet1.xml") + 60
    whole[at : at + 4] = b"\x00\xff\x00\xff"
    return bytes(whole)


def zip_bomb():
    """Three megabytes that unpack to a gigabyte."""
    blank = b" " * 1024**2

    def blown(part):
        return part.replace(b"</sheetData>", blank * 600 + b"</sheetData>")

    return rewritten(plain(), {SHEET: blown})


def lying_bomb():
    """A bomb whose directory says that it is small."""
    data = bytearray(rewritten(plain(), {SHEET: lambda part: part + b" " * 30 * 1024**2}))
    name = b"xl/worksheets/sheet1.xml"
    at = data.rfind(name) - 46  # its entry in the directory at the end
    data[at + 24 : at + 28] = struct.pack("<I", 1000)
    return bytes(data)


def renamed_pdf():
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"


def web_page():
    return "<html><table><tr><td>Adı</td></tr></table></html>".encode()


def macros():
    out = io.BytesIO(plain())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\x00" * 100)
    return out.getvalue()


def many_columns():
    return xlsx([[f"Sütun {one}" for one in range(300)], [str(one) for one in range(300)]])


def stray_cell():
    """One sign in the last cell of the sheet: a rectangle of 17 thousand million cells."""

    def far(part):
        row = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
        return part.replace(b"</sheetData>", row + b"</sheetData>")

    return rewritten(plain(), {SHEET: far})


def binary():
    return bytes(range(256)) * 40


def open_quote():
    return ('Adı;Soyadı\r\n"Ayşe;Yılmaz\r\n' + "x" * 70_000).encode()


def not_a_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


# --- A large list -------------------------------------------------------------------------------

WORDS = "ada alp ara bal can cem ece efe ela gül ida kaan lale mert naz nil oya pelin su tan umut yaz zal"


def large(rows=35_000, bad=700, courses=("41-001",), seed=1):
    """A list of this many people, spread over the courses; every so many is bad."""
    chance = random.Random(seed)
    words = [word.capitalize().replace("I", "İ") for word in WORDS.split()]

    def people():
        yield HEADINGS
        for at in range(rows):
            number = number_of(200_000_000 + at)
            if bad and at % (rows // bad) == 5:
                number = number[:10] + str((int(number[10]) + 1) % 10)
            yield [
                number,
                f"{chance.choice(words)} {chance.choice(words)}",
                chance.choice(words) + chance.choice(words).lower(),
                date(1950, 1, 1) + timedelta(days=chance.randrange(19_000)),
                f"0555 {at // 10_000:03} {at // 100 % 100:02} {at % 100:02}",
                courses[at % len(courses)],
            ]

    return xlsx(people(), options={"constant_memory": True})


READABLE = (
    plain, csv_utf8, csv_bom, csv_windows, csv_commas, csv_tabs, csv_utf16, any_order, damaged, from_1904,
    titles_above, merged,
)  # fmt: skip
REFUSED = {
    empty: "empty",
    empty_sheet: "empty",
    locked: "password",
    old_excel: "xls",
    broken_zip: "broken",
    damaged_zip: "broken",
    zip_bomb: "bomb",
    lying_bomb: "broken",
    renamed_pdf: "pdf",
    web_page: "html",
    macros: "macros",
    many_columns: "columns",
    stray_cell: "columns",
    binary: "kind",
    open_quote: "broken",
    not_a_workbook: "kind",
}


def write_all(folder):
    others = (shortened, two_heading_rows, hidden, uncalculated, formatted_rows, large)
    for make in (*READABLE, *REFUSED, *others):
        name = make.__name__
        ending = "csv" if name.startswith("csv") or make in (binary, open_quote) else "xlsx"
        (Path(folder) / f"{name}.{ending}").write_bytes(make())
        print(name)


if __name__ == "__main__":
    write_all(sys.argv[1])

"""Files as offices have them (tests/sheets/messy.py) become rows, or a sentence."""

from datetime import date

import pytest

from izmek.sheets import cells
from izmek.sheets.columns import Column, Matcher
from izmek.sheets.reading import MOST_BYTES, NotAList, open_book
from tests.sheets import messy

COLUMNS = [
    Column("number", "T.C. kimlik no", ("tc", "tc kimlik numarası"), cells.digits),
    Column("first_name", "Ad", ("adı", "isim", "kursiyer adı"), cells.name, required=True),
    Column("last_name", "Soyad", ("soyadı", "soy isim", "kursiyer soyadı"), cells.name),
    Column("birth_date", "Doğum tarihi", ("d.tarihi",), cells.day),
    Column("phone", "Telefon", ("tel", "cep telefonu"), cells.phone),
    Column("course", "Kurs no", (), cells.digits),
    Column("guardian", "Veli adı", ("veli adı soyadı",), cells.name),
    Column("guardian_phone", "Veli telefonu", (), cells.phone),
]
WANTED = [dict(zip([c.name for c in COLUMNS[:6]], row, strict=True)) for row in messy.PEOPLE]


def read(data, *, hidden=False, columns=COLUMNS):
    sheet = open_book(data).sheet()
    found = sheet.headings(columns)
    return [
        {
            column.name: column.read(value)
            for column, value in zip(found.columns, row.values, strict=True)
            if column
        }
        for row in sheet.rows(found, hidden=hidden)
    ]


def in_words(rows):
    """Rows of which the phones are texts, as in the list."""
    return [
        {name: f"0{v.national_number}" if name == "phone" else v for name, v in row.items()}
        for row in rows
    ]


@pytest.mark.parametrize("make", messy.READABLE, ids=lambda make: make.__name__)
def test_readable(make):
    wanted = [{**row, "phone": row["phone"].replace(" ", "")} for row in WANTED]
    if make is messy.from_1904:
        wanted = wanted[:2]
    assert in_words(read(make())) == wanted


@pytest.mark.parametrize(
    "make,code", messy.REFUSED.items(), ids=lambda one: getattr(one, "__name__", "")
)
def test_refused(make, code):
    with pytest.raises(NotAList) as refused:
        read(make())
    assert refused.value.code == code
    assert refused.value.messages[0].endswith((".", "!"))


def test_too_large_is_not_looked_at():
    with pytest.raises(NotAList) as refused:
        open_book(bytes(MOST_BYTES + 1))
    assert refused.value.code == "large"


def test_lost_digits_are_said_and_kept_ones_read():
    sheet = open_book(messy.shortened()).sheet()
    found = sheet.headings(COLUMNS)
    first, second = sheet.rows(found)
    with pytest.raises(cells.CellError) as lost:
        COLUMNS[0].read(first.values[0])
    assert lost.value.code == "exponent" and lost.value.help
    assert COLUMNS[0].read(second.values[0]) == "10000000214"


def test_two_rows_of_headings():
    (row,) = read(messy.two_heading_rows())
    assert (row["first_name"], row["guardian"]) == ("Ece", "Nur Kara")
    assert str(row["guardian_phone"].national_number) == "5551234509"


def test_hidden_rows_and_sheets_are_told_and_left_out():
    book = open_book(messy.hidden())
    assert len(book.names) == 1 and "Eski" in book.notes[0]
    assert "1" in book.sheet().notes[0]
    assert [row["first_name"] for row in read(messy.hidden())] == ["Ayşe", "Zeynep"]
    assert len(read(messy.hidden(), hidden=True)) == 3


def test_a_formula_without_a_value_is_no_empty_cell():
    sheet = open_book(messy.uncalculated()).sheet()
    first, second, _third = sheet.rows(sheet.headings(COLUMNS))
    for column, value in ((4, first.values[4]), (5, second.values[5])):
        with pytest.raises(cells.CellError) as said:
            COLUMNS[column].read(value)
        assert said.value.code == "formula"


def test_a_sheet_formatted_to_its_last_row():
    assert len(read(messy.formatted_rows())) == 3


def test_a_heading_that_nobody_knows_is_kept_for_a_person():
    names = ["Sıra", "Adı", "Ad"]
    assert [c and c.name for c in Matcher(COLUMNS).match(names)] == [None, "first_name", None]
    remembered = {"sira": "course", "ad": ""}
    assert [c and c.name for c in Matcher(COLUMNS, remembered).match(names)] == [
        "course",
        "first_name",
        None,
    ]


@pytest.mark.parametrize(
    "value",
    ["31.12.2025", "31/12/2025", "31-12-2025", "2025-12-31",
     "31 Aralık 2025", "31 ARALIK 2025", 46022, "46022",
     46022.0, "31.12.2025 00:00:00", cells.Serial1904(44560), date(2025, 12, 31), "\xa031.12.2025 "],
)  # fmt: skip
def test_days(value):
    assert cells.day(value) == date(2025, 12, 31)


@pytest.mark.parametrize(
    "value", ["31.12.85", "13/31/2025", "1985", 1985, "dün", "30.02.2025", True]
)
def test_no_days(value):
    with pytest.raises(cells.CellError) as said:
        cells.day(value)
    assert said.value.help


@pytest.mark.parametrize(
    "value", ["Evet", "E", "e", 1, 1.0, "1", "x", "X", "✓", True, "EVET ", "Var"]
)
def test_yes(value):
    assert cells.flag(value) is True


@pytest.mark.parametrize("value", ["Hayır", "H", 0, "0", "hayir", False, "Yok"])
def test_no(value):
    assert cells.flag(value) is False


@pytest.mark.parametrize("value", [5551234567, 5551234567.0, "5551234567.0", "0555 123 45 67",
                                   "905551234567", "+90 (555) 123-45-67", "'+905551234567",
                                   "5551234567,00", "5,551234567E+09"])  # fmt: skip
def test_phones(value):
    assert cells.phone(value).as_e164 == "+905551234567"


@pytest.mark.parametrize(
    "value", ["0555 OOO 11 22", "0555 123 45 67 / 0555 123 45 68", "123", "5,55E+09"]
)
def test_no_phones(value):
    with pytest.raises(cells.CellError):
        cells.phone(value)


@pytest.mark.parametrize("value,wanted", [("9.30", "09:30"), ("09:30", "09:30"),
                                          (0.395833333333333, "09:30"),
                                          ("24:00", "23:59"), (1.0, "23:59"), ("9", "09:00")])  # fmt: skip
def test_times(value, wanted):
    assert f"{cells.clock(value):%H:%M}" == wanted


def test_numbers():
    assert [cells.number(one) for one in (120, 120.0, "120", "1.200", "1 200", "120,0")] == [
        120, 120, 120, 1200, 1200, 120,
    ]  # fmt: skip
    for wrong in ("-5", "1,5", "çok", 1.5, 10**12, True):
        with pytest.raises(cells.CellError):
            cells.number(wrong)


def test_texts_lose_what_nobody_sees():
    assert cells.text("\u200bI\u0307pek\xa0 Ay ") == "İpek Ay"
    assert cells.text(" i\u0307pek") == "ipek"
    with pytest.raises(cells.CellError):
        cells.text(date(2025, 4, 3))


def test_formulas_without_values_are_counted_while_they_are_read(monkeypatch):
    monkeypatch.setattr("izmek.sheets.reading.MOST_ODD", 0)
    with pytest.raises(NotAList) as said:
        read(messy.uncalculated())
    assert said.value.code == "formulas"

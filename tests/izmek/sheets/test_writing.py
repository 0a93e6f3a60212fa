"""Files as Excel and LibreOffice open them, read back with other libraries."""

import csv
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from datetime import UTC, date, datetime, time
from decimal import Decimal
from time import time as now

import pytest
from django.core.management import call_command
from django.utils import translation
from python_calamine import CalamineWorkbook

from izmek.sheets import writing
from izmek.sheets.writing import SheetTable, write_tables

HEADINGS = ["Adı", "Telefon", "Doğum tarihi", "Not", "Ücret", "Saat"]
ROW = ["Çiğdem İğne", "0555 123 45 67", date(2001, 2, 3), 87, Decimal("1250.50"), time(9, 30)]


@pytest.fixture(autouse=True)
def _turkish():
    with translation.override("tr"):
        yield


def written(form, rows, headings=HEADINGS, **more):
    file = io.BytesIO()
    write_tables(file, form, SheetTable("Kursiyerler", headings, iter(rows)), **more)
    return file.getvalue()


def sheets(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def lines(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_dates_and_numbers_are_such_and_a_phone_keeps_its_zero():
    (heading, row) = sheets(written("xlsx", [ROW]))["Kursiyerler"]
    assert heading == HEADINGS
    assert row == ["Çiğdem İğne", "0555 123 45 67", date(2001, 2, 3), 87, 1250.5, time(9, 30)]


def test_csv_is_what_turkish_excel_reads():
    data = written("csv", [ROW])
    assert data.startswith(b"\xef\xbb\xbf")
    assert lines(data) == [
        HEADINGS,
        ["Çiğdem İğne", "0555 123 45 67", "03.02.2001", "87", "1250,50", "09:30"],
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+90", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK()"]
)
def test_no_text_becomes_a_formula(text):
    data = written("xlsx", [[text]], ["A"])
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert sheets(data)["Kursiyerler"][1] == [text]
    assert lines(written("csv", [[text]], ["A"]))[1] == [f"'{text}"]


def test_a_negative_number_is_a_number():
    assert lines(written("csv", [[-3], [Decimal("-3.5")]], ["A"]))[1:] == [["-3"], ["-3,5"]]


def test_yes_and_no_moments_and_nothing():
    rows = [[True, datetime(2026, 1, 1, 21, 5, tzinfo=UTC), None], [False, None, ""]]
    assert lines(written("csv", rows, "ABC"))[1:] == [
        ["Evet", "02.01.2026 00:05", ""],
        ["Hayır", "", ""],
    ]
    found = sheets(written("xlsx", rows, "ABC"))["Kursiyerler"]
    assert found[1][0] == "Evet" and str(found[1][1]) == "2026-01-02 00:05:00"


def test_what_excel_cannot_hold_does_not_break_the_file():
    rows = [["a" * 40_000, "a\x00b\x1f", date(1881, 5, 19)]]
    (found,) = sheets(written("xlsx", rows, "ABC"))["Kursiyerler"][1:]
    assert len(found[0]) == writing.LONGEST_TEXT and found[0].endswith("…")
    assert found[2] == "19.05.1881"


def test_rows_beyond_a_sheet_go_on_in_the_next(monkeypatch):
    monkeypatch.setattr(writing, "MOST_ROWS", 3)
    found = sheets(written("xlsx", [[n] for n in range(5)], ["A"]))
    assert [[row[0] for row in rows] for rows in found.values()] == [
        ["A", 0, 1],
        ["A", 2, 3],
        ["A", 4],
    ]
    assert list(found) == ["Kursiyerler", "Kursiyerler (2)", "Kursiyerler (3)"]


def test_a_list_without_rows_has_its_headings():
    assert sheets(written("xlsx", []))["Kursiyerler"] == [HEADINGS]
    assert lines(written("csv", [])) == [HEADINGS]


def test_any_title_is_a_name_of_a_sheet():
    file = io.BytesIO()
    write_tables(file, "xlsx", SheetTable("'Eser / künye: [2026]*?' " + "ş" * 40, "A", []))
    (name,) = sheets(file.getvalue())
    assert len(name) <= 31 and not set(name) & set("[]:*?/\\")


def test_it_is_told_how_far_it_is():
    told = []
    rows = ([n] for n in range(1_200))
    count = write_tables(io.BytesIO(), "csv", SheetTable("A", "A", rows), report=told.append)
    assert count == 1_200 and told == [500, 1_000]


def test_several_tables_are_several_sheets():
    tables = [SheetTable("Yaş", "AB", [["18-24", 5]]), SheetTable("Yaş", "AB", [["25-34", 7]])]
    file, text = io.BytesIO(), io.BytesIO()
    assert write_tables(file, "xlsx", *tables) == write_tables(text, "csv", *tables) == 2
    assert sheets(file.getvalue()) == {
        "Yaş": [["A", "B"], ["18-24", 5]],
        "Yaş (2)": [["A", "B"], ["25-34", 7]],
    }
    assert [row for row in lines(text.getvalue()) if row] == [
        ["Yaş"],
        ["A", "B"],
        ["18-24", "5"],
        ["Yaş"],
        ["A", "B"],
        ["25-34", "7"],
    ]


KILLED = """
import io, os
from izmek.sheets.writing import write
def rows():
    yield ["10000000146"] * 2_000
    yield ["10000000146"] * 2_000
    os._exit(9)
write(io.BytesIO(), "xlsx", title="A", headings=["A"] * 2_000, rows=rows())
"""


@pytest.mark.django_db
@pytest.mark.sqlite
def test_what_a_killed_worker_leaves_lies_in_a_folder_that_is_swept(
    tmp_path, monkeypatch, capsys, media
):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    subprocess.run([sys.executable, "-c", KILLED], env={**os.environ, "TMPDIR": str(scratch)})
    (left,) = scratch.iterdir()
    assert left.is_dir() and left.stat().st_mode & 0o077 == 0 and any(left.iterdir())
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    (scratch / "of-others").mkdir()
    call_command("sweep_media")
    assert left.exists()  # somebody may be writing it
    os.utime(left, (now() - 90_000,) * 2)
    call_command("sweep_media")
    assert [one.name for one in scratch.iterdir()] == ["of-others"]


def test_a_failure_leaves_no_rows_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows():
        yield ["Çiğdem"]
        assert len(list(tmp_path.iterdir())) == 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        written("xlsx", rows(), ["Ad"])
    assert not list(tmp_path.iterdir())

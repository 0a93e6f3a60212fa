"""The files that the admin hands out, read back."""

import csv
import io

from python_calamine import CalamineWorkbook


def content(answer):
    assert answer.status_code == 200, answer
    return b"".join(answer.streaming_content)


def lines(answer):
    """The rows of a CSV file as Excel reads it."""
    text = content(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def sheets(answer):
    """{name of a sheet: its rows} of an XLSX file."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content(answer)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}

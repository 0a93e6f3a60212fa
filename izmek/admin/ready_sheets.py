"""Ready sheets: tables that an app puts together for one purpose, such as a class list with phones.

They have few rows, are made for the request that asks and noted in the access log. `?form=csv` in the
address asks for CSV instead of XLSX.
"""

import tempfile

from django.utils import translation

from izmek.admin.exports import answer_with, file_name, note_export
from izmek.sheets.writing import write_tables


def hand_out(request, *tables, name, about):
    """The file of some SheetTables. `name`: how it is called. `about`: the row or model it tells of; None:
    it tells of nobody, and nothing is noted."""
    form = "csv" if request.GET.get("form") == "csv" else "xlsx"
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with translation.override("tr"):
        count = write_tables(file, form, *tables)
    columns = [str(one) for one in tables[0].headings]
    if about is not None:
        note_export(about, count, by=request.user, what=f"{name}, {form}", columns=columns)
    return answer_with(file, file_name(name, form), form)

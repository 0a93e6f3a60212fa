"""Ready sheets: tables that an app puts together for one purpose, such as a class list with phones.

They have few rows, are made for the request that asks and noted in the access log. `?form=csv` in the
address asks for CSV instead of XLSX.
"""

import tempfile

from django.utils import translation

from izmek.accounts.confirming import confirm
from izmek.admin.exports import answer_with, file_name, note_export
from izmek.sheets.writing import write_tables


def hand_out(request, *tables, name, about, people=None, columns=None, of_people=True):
    """The file of some SheetTables. `name`: how it is called. `about`: the row or model it tells of; None:
    it tells of nobody, and nothing is noted. What the access log says, where the tables do not tell it:
    `people`, of how many it tells, for rows; `columns`, what stands in it, for the headings.
    `of_people`: whether it has personal data, so that who takes it out says first who they are."""
    if of_people and about is not None:
        confirm(request)
    form = "csv" if request.GET.get("form") == "csv" else "xlsx"
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with translation.override("tr"):
        count = write_tables(file, form, *tables)
    if about is not None:
        headings = dict.fromkeys(str(one) for table in tables for one in table.headings)
        said = {"what": f"{name}, {form}", "columns": columns or headings}
        note_export(about, count if people is None else people, by=request.user, **said)
    return answer_with(file, file_name(name, form), form)

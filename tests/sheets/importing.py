"""Put in a list as a clerk does: choose, look, choose who it is, write."""

import io

import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from izmek.models import SheetImport


class Clerk:
    """A clerk in front of the admin's pages; `row` is the list that was put in last."""

    def __init__(self, client, user, commits):
        self.client, self.user, self.commits = client, user, commits
        client.force_login(user)

    def post(self, address, data):
        with self.commits(execute=True):
            return self.client.post(address, data)

    def choose_file(self, kind, data, name="liste.xlsx", about=None):
        sent = {"tur": kind, "file": SimpleUploadedFile(name, data)}
        if about:
            sent["kayit"] = about.pk
        return self.post(reverse("admin:imports"), sent)

    def put_in(self, kind, data, **more):
        """Choose a file of which everything is understood; returns the checked list."""
        answer = self.choose_file(kind, data, **more)
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        self.row = SheetImport.objects.latest("pk")
        if "sutunlar" in answer.url:
            shown = self.client.get(answer.url).context
            sent = {
                f"column-{one.place}": one.column.name for one in shown["headings"] if one.column
            }
            answer = self.post(answer.url, {"sheet": shown["sheet"], **sent})
            assert answer.status_code == 302, answer.content.decode()[-3000:]
        self.row.refresh_from_db()
        return self.row

    def page(self, **asked):
        return self.client.get(reverse("admin:import", args=[self.row.pk]), asked)

    def write(self, **more):
        self.post(reverse("admin:import", args=[self.row.pk]), {"do": "write", **more})
        self.row.refresh_from_db()
        return self.states()

    def states(self):
        """{state: number of rows}."""
        found = {}
        for state in self.row.rows.values_list("state", flat=True):
            found[state] = found.get(state, 0) + 1
        return found

    def problems(self):
        """What is said of the wrong rows: {number: sentences}."""
        return {
            one.number: " ".join(f"{s} {h}" for _heading, _value, s, h in one.problems)
            for one in self.row.rows.filter(state="wrong")
        }

    def returned(self, form="xlsx"):
        """The rows that come back, as lists."""
        answer = self.client.get(reverse("admin:import_returned", args=[self.row.pk, form]))
        assert answer.status_code == 200
        if form == "csv":
            return answer.content
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        return book.get_sheet_by_index(0).to_python()

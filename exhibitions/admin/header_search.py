"""What the search in the header finds of this app: works and exhibitions."""

from datetime import date

from django.db.models import Q

from exhibitions.enums import ExhibitionState, WorkState
from exhibitions.models import Exhibition, Work
from izmek.admin.header_search import Hit, SearchKind, every_word, found_in_header
from izmek.text.dates import date_range


@found_in_header(60)
class WorkSearch(SearchKind):
    model = Work
    in_list = {"year": "all"}
    told = {
        "title": "title",
        "number": "number",
        "technique": "technique__name",
        "centre": "centre__name",
        "state": "state",
    }

    def rules(self, asked, user):
        names = ("folded", "technique__folded", "centre__folded")
        return [every_word(asked.words, *names, also=lambda word: Q(number__contains=word))]

    def hit(self, row, asked):
        return Hit(
            row["title"],
            facts=(row["number"], row["technique"], row["centre"]),
            state=WorkState(row["state"]).label,
            is_exact=row["number"] == asked.text,
            rank=(-row["pk"],),
        )


@found_in_header(70)
class ExhibitionSearch(SearchKind):
    model = Exhibition
    told = {
        "title": "title",
        "venue": "venue",
        "begin": "begin",
        "end": "end",
        "date_precision": "date_precision",
        "state": "state",
    }

    def rules(self, asked, user):
        return [every_word(asked.words, "folded")]

    def hit(self, row, asked):
        begin, end = (date.fromisoformat(row[name]) for name in ("begin", "end"))
        return Hit(
            row["title"],
            facts=(date_range(begin, end, precision=row["date_precision"]), row["venue"]),
            state=ExhibitionState(row["state"]).label,
            rank=(-begin.toordinal(),),
        )

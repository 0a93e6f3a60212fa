"""The columns of a list: one object each reads a cell, makes the template and heads the export.

An app names the columns of each of its lists once (`courses/sheets/`, `trainees/sheets/`). So the
template, what an import understands and what an export writes cannot drift apart, and an export that
is imported again changes nothing (tests/site/test_given_back.py).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from izmek.sheets import cells
from izmek.sheets.cells import CellError
from izmek.text.fold import fold


@dataclass(frozen=True)
class Column:
    """One column of a list.

    `heading`: as it stands in the first row. `synonyms`: what other lists call it. `reads`: a function
    of `cells`, from what stands in a cell to its value. `writes`: a function from a row of the database
    to its value, where an export has the Column itself (izmek/admin/exported.py). `examples`: two
    invented values for the template. `help`: a sentence below the list of columns. `secret`: shown masked,
    never stored.
    """

    name: str
    heading: str | Promise
    synonyms: tuple[str, ...] = ()
    reads: Callable = cells.text
    writes: Callable | None = None
    required: bool = False
    examples: tuple = ("", "")
    help: str | Promise = ""
    secret: bool = False

    def read(self, value):
        """The value of a cell; None for an empty one, or for a dash in its place. Raises CellError."""
        if cells.is_blank(value) or (not self.required and cells.says_nothing(value)):
            if self.required:
                raise CellError(_("This cell is empty."), help=_("Fill it in."), code="empty")
            return None
        try:
            return self.reads(value)
        except CellError:
            raise
        except ValidationError as error:
            raise CellError(" ".join(error.messages), code=error.code or "cell") from None

    def shown(self, value):
        """What stands in a cell, for a page: of a secret only its ends."""
        return cells.masked(cells.shown(value)) if self.secret else cells.told(value)

    @property
    def keys(self):
        """What its heading may look like, compared by `key`."""
        return [key(str(name)) for name in (self.heading, *self.synonyms)]


def key(heading):
    """A heading without what differs between lists: capitals, marks, dots, blanks, “*”.

    `"T.C. KİMLİK NO *"`, `"TC Kimlik No"` and `"T.C.Kimlik No:"` are one.
    """
    return re.sub(r"[^a-z0-9%]", "", fold(cells.shown(heading)))


class Matcher:
    """Says which column a heading names, by its key or else without what stands in brackets.

    `remembered`: {key: name of the column, or "" for one to leave out}, as somebody answered before.
    """

    def __init__(self, columns, remembered=None):
        self.by_key = {one: column for column in reversed(columns) for one in column.keys}
        self.by_name = {column.name: column for column in columns}
        self.remembered = remembered or {}

    def column(self, heading):
        """The Column that a heading names, or None."""
        own = key(heading)
        if not own:
            return None
        if (answer := self.remembered.get(own)) is not None:
            return self.by_name.get(answer)
        if own in self.by_key:
            return self.by_key[own]
        return self.by_key.get(key(re.sub(r"\([^)]*\)", "", heading))) if "(" in heading else None

    def match(self, headings):
        """The Column of each heading, or None; of two headings for one column the first has it."""
        found, taken = [], set()
        for heading in headings:
            column = self.column(heading)
            if column is not None and column.name in taken:
                column = None
            if column is not None:
                taken.add(column.name)
            found.append(column)
        return found

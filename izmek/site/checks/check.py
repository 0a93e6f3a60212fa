"""What a check is, and what it finds."""

import logging
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


class Grade(IntEnum):
    UNSET, FINE, LOOK, BROKEN = range(-1, 3)


class Finding(NamedTuple):
    """What a check found. `said`: for everybody, without folders and people. `do`: where, what to do."""

    said: str
    do: str = ""
    grade: Grade = Grade.LOOK

    def __str__(self):
        return f"{self.said}; {self.do}" if self.do else self.said


@dataclass(frozen=True)
class Check:
    """`ask()`: the Finding, one after the other; those that are FINE are told on the page alone.

    `name`: what it is about. `holds`: what `doctor` says if it does. `meaning`: what it is for and what to
    do when it does not, for managers. `ready`: asked by `/hazir/` too; `needed`: no page without it.
    """

    name: str
    holds: str
    ask: object
    meaning: str
    ready: bool = False
    needed: bool = False

    def found(self):
        """What it finds. An error is a Finding as well; what it says goes into the log alone."""
        try:
            return list(self.ask())
        except Exception:
            log.exception("Check failed: %s", self.holds)
            return [Finding(_("does not answer; the log tells why"), grade=Grade.BROKEN)]

    def wrong(self):
        return [one for one in self.found() if one.grade > Grade.FINE]

"""What apps say of their kinds of letters, and what that means for one letter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

# A link that signs its owner in must not be stored where letters can be read. LINK replaces it in
# the stored text. When the letter is sent, the function of the letter's kind (Letter → text) makes
# the real link.
LINK = "[…]"


@dataclass(frozen=True)
class Facts:
    """What a letter is made of: the context of its templates, its language, `until` of a text message."""

    context: dict
    language: str = "tr"
    until: date | None = None


@dataclass(frozen=True)
class LetterKind:
    """`description`: for people. `link`: Letter → the link that its text leaves out.

    `failed(letter)` is called when a text message has failed for good. `unwanted(letter)` is asked before
    each attempt: a sentence that says why the letter is not sent after all, or "". `again(letter)`: the
    Facts that hold now, of letters that say something which changes, such as until when; it is asked when
    somebody sends the letter again, and may refuse.

    Text messages: those that `give_way` take no more than half of the daily limit, so that the others come
    first; those that go `by_day` wait for the hours of SMS_HOURS even if that is their last day.
    """

    description: str
    link: Callable | None = None
    failed: Callable | None = None
    unwanted: Callable | None = None
    again: Callable | None = None
    gives_way: bool = False
    by_day: bool = False


KINDS = {}  # the name, which is that of its templates too → its LetterKind


def register(
    descriptions, *, links=None, failed=None, unwanted=None, again=None, give_way=(), by_day=()
):
    """Register an app's kinds of letters: {name: description}; {name: function}; names. See LetterKind."""
    for name, description in descriptions.items():
        KINDS[name] = LetterKind(
            description=description,
            link=(links or {}).get(name),
            failed=failed,
            unwanted=unwanted,
            again=(again or {}).get(name),
            gives_way=name in give_way,
            by_day=name in by_day,
        )


def kind_of(letter):
    """The LetterKind of a letter; of one that no app knows any more its name, and nothing else."""
    return KINDS.get(letter.kind) or LetterKind(letter.kind)


def in_words(name):
    """What a kind is called for people."""
    return KINDS[name].description if name in KINDS else name


def why_unwanted(letter):
    """Why it may not be sent any more, as a sentence; "" if it may."""
    ask = kind_of(letter).unwanted
    return ask(letter) if ask else ""


def is_too_late(letter):
    """Whether the last day on which it tells anybody anything is over."""
    return bool(letter.until) and timezone.localdate() > letter.until


def with_link(letter):
    """Its text as it is sent."""
    make = kind_of(letter).link
    return letter.text.replace(LINK, make(letter)) if make else letter.text

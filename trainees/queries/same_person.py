"""What may be one person on record twice: the one notion of it, asked at every door and every night.

It says "maybe", never "is": `forms/same_person.py` asks at the counter, services refuse until somebody
has answered, and `services/look_alikes.py` finds the pairs among all who are on record.
"""

import re
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from izmek.text.fold import fold
from trainees.enums import Alike

MOST_WORDS_MORE = 2  # a second first name, a second last name
SHORTEST_SLIP = 4  # letters of a name in which one may be a slip: Ali and Alp are two people

# How much each reason says, of 100; a pair is worth asking about by the rule in `likeness` alone.
WEIGHTS = {
    Alike.SAME_NAME: 40,
    Alike.SPELLING: 32,
    Alike.SLIP: 24,
    Alike.FIRST_NAME: 12,
    Alike.BIRTH_DATE: 32,
    Alike.BIRTH_YEAR: 16,
    Alike.NEAR_BIRTH_DATE: 12,
    Alike.PHONE: 24,
    Alike.EMAIL: 20,
    Alike.NEIGHBOURHOOD: 4,
}
NAMES = (Alike.SAME_NAME, Alike.SPELLING, Alike.SLIP, Alike.FIRST_NAME)


class PersonFacts(NamedTuple):
    """What is known of somebody: on record, on an application, or just typed into a form.

    `folded`: the name, folded. `year`: that of birth, where the day is not known.
    """

    folded: str
    birth_date: date | None = None
    year: int | None = None
    phone: str = ""
    email: str = ""
    neighbourhood: int | None = None

    @classmethod
    def known(cls, folded, birth_date, phone, email="", neighbourhood=None):
        """Of a record's columns."""
        return cls(folded, birth_date, None, phone, email, neighbourhood)

    @classmethod
    def named(cls, name, **known):
        return cls(fold(name), **known)

    @property
    def born_in(self):
        return self.birth_date.year if self.birth_date else self.year


def likeness(one, other):
    """Why two `PersonFacts`s may be one: a tuple of Alike; () if they are not worth a question.

    The same name, or one spelled another way (`may_be_one_name`), needs the birth date, the phone or the
    e-mail beside it, or the year where the day is not known; or a birth date with one slip in the same
    neighbourhood. A slip in the name needs the birth date, or the phone where the birth dates do not speak
    against it: two brothers on one phone may be Selim and Selin. Another last name after the same first
    one needs birth date and phone.
    """
    name = _alike_names(one, other)
    if name is None:
        return ()
    found = (name, *_alike_facts(one, other))
    born = Alike.BIRTH_DATE in found or Alike.BIRTH_YEAR in found
    contradicted = not born and one.born_in is not None and other.born_in is not None
    if name in (Alike.SAME_NAME, Alike.SPELLING):
        near = Alike.NEAR_BIRTH_DATE in found and Alike.NEIGHBOURHOOD in found
        enough = born or Alike.PHONE in found or Alike.EMAIL in found or near
    elif name is Alike.SLIP:
        enough = Alike.BIRTH_DATE in found or (Alike.PHONE in found and not contradicted)
    else:
        enough = Alike.BIRTH_DATE in found and Alike.PHONE in found
    return found if enough else ()


def score(reasons):
    """How sure the reasons make it, from 0 to 99."""
    return min(99, sum(WEIGHTS[reason] for reason in reasons))


def another_name(folded):
    """A function from other folded names to whether one is surely another than this: for thousands.

    It never says so of names that `likeness` would find alike. What is alike shares a word; or all
    letters of one are in the other, however it is cut into words; or is one word, with a slip.
    """
    words, signs = set(folded.split()), set(filter(str.isalnum, folded))

    def is_another(other):
        if len(words) < 2 or not words.isdisjoint(other.split()):
            return False
        its = set(other)
        return not signs <= its and any(map(str.isalnum, its - signs))

    return is_another


def _alike_names(one, other):
    if one.folded == other.folded:
        return Alike.SAME_NAME
    if may_be_one_name(one.folded, other.folded):
        return Alike.SPELLING
    if _one_slip(one.folded.split(), other.folded.split()):
        return Alike.SLIP
    if one.folded.partition(" ")[0] == other.folded.partition(" ")[0]:
        return Alike.FIRST_NAME
    return None


def _alike_facts(one, other):
    born = one.birth_date, other.birth_date
    if None not in born:
        if born[0] == born[1]:
            yield Alike.BIRTH_DATE
        elif one_digit_apart(*born):
            yield Alike.NEAR_BIRTH_DATE
    elif one.born_in is not None and one.born_in == other.born_in:
        yield Alike.BIRTH_YEAR
    if one.phone and one.phone == other.phone:
        yield Alike.PHONE
    if one.email and one.email == other.email:
        yield Alike.EMAIL
    if one.neighbourhood and one.neighbourhood == other.neighbourhood:
        yield Alike.NEIGHBOURHOOD


def one_digit_apart(one, other):
    """Whether two days are one typed wrongly: a digit is another one, or day and month are swapped."""
    if one.year == other.year and (one.day, one.month) == (other.month, other.day):
        return True
    pairs = zip(f"{one:%d%m%Y}", f"{other:%d%m%Y}", strict=True)
    return sum(a != b for a, b in pairs) == 1


# --- Names ----------------------------------------------------------------------------------------


def may_be_one_name(one, other):
    """Whether two names may be those of one person, written in two ways.

    Marks, blanks, hyphens and the order of the names do not count ("Ayşe Nur Kaya", "Kaya Ayşenur"),
    and one may have up to MOST_WORDS_MORE names more ("Ayşe Kaya-Ak").
    """
    (wanted, fewer), (longer, words) = _parts(one), _parts(other)
    if len(wanted) > len(longer):
        wanted, longer, words = longer, wanted, fewer
    surplus = len(longer) - len(wanted)
    if not surplus:
        return wanted == longer
    return any(
        sum(map(len, more)) == surplus and sorted([*wanted, *"".join(more)]) == list(longer)
        for count in range(1, min(MOST_WORDS_MORE, len(words) - 1) + 1)
        for more in combinations(words, count)
    )


def letters(name):
    """The letters of a name, folded and in alphabetical order."""
    return _parts(name)[0]


def shortened(name):
    """The letters of a name without one or two of its words: by these one of many names is found.

    Of two names that `may_be_one_name` one has the letters of the other, or of the other shortened.
    """
    words = _parts(name)[1]
    fewest = max(1, len(words) - MOST_WORDS_MORE)
    return {
        _in_order("".join(kept))
        for count in range(fewest, len(words))
        for kept in combinations(words, count)
    }


@lru_cache(maxsize=20_000)  # a night asks the same names again and again
def _parts(name):
    """The letters of a name in order, and its words."""
    folded = fold(name)
    return _in_order(folded), re.findall(r"\w+", folded)


def _in_order(folded):
    return "".join(sorted(filter(str.isalnum, folded)))


def _one_slip(one, other):
    """Whether two names differ by one letter in one word: another one, one too many, or two swapped."""
    if len(one) != len(other):
        return False
    apart = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    if len(apart) != 1:
        return False
    short, long = sorted(apart[0], key=len)
    if len(short) < SHORTEST_SLIP or len(long) - len(short) > 1:
        return False
    at = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1]
    return short[at + 1 :] == long[at + 1 :] or (swapped and short[at + 2 :] == long[at + 2 :])

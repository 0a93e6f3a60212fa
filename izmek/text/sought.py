"""What somebody is called, looked for in texts however it is spelled there.

“Ayşe Işık” is found in “AYŞE  IŞIK’ın”, in “ayse isik” and with marks that are letters of their own, not in
“Ayşe Işıklar”; 0532 111 22 33 in “+90 (532) 111-22-33”. Letters are compared by `fold` (DOMAIN.md §7).
"""

import re
from collections import defaultdict

from izmek.text.fold import fold
from izmek.text.phones import STORED

INSTEAD = "…"  # stands where a name was taken out
_RUN = re.compile(r"[^\W_]+")  # letters and figures without a gap
_FIGURES = re.compile(r"\d\d")
_GAP = r"[\s()./-]*"
_PHONE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)?90|0)?{_GAP}([2-9]\d\d){_GAP}(\d{{3}}){_GAP}(\d\d){_GAP}(\d\d)(?!\d)",
    re.ASCII,
)
_IDENTITY = re.compile(r"(?<!\d)([1-9]\d\d)[ .-]?(\d{3})[ .-]?(\d{3})[ .-]?(\d\d)(?!\d)", re.ASCII)
_BETWEEN = r'(?: ?[·|;/] ?|", "| )'  # the words of a name: also as two cells of a list
_MARKS = "[\u0300-\u036f]*"  # marks that are letters of their own


def _spellings():
    """{folded letter: all letters that fold to it}"""
    found = defaultdict(set)
    for sign in map(chr, (*range(0x21, 0x250), *map(ord, "‘’ʼ"))):
        found[fold(sign)].add(sign)
    return found


_SPELLINGS = _spellings()


class SoughtTexts:
    """Texts that are looked for, each as words of its own.

    `texts`: names, e-mail addresses, identity numbers, and phones as they are stored.
    """

    def __init__(self, texts):
        texts = set(texts)
        numbers = {text for text in texts if STORED.fullmatch(text) or _IDENTITY.fullmatch(text)}
        self.numbers = {text.removeprefix("+90") for text in numbers}
        self.texts = sorted({fold(text) for text in texts - numbers} - {""})
        # {its first word: [(what fits the text, where that word begins)]}
        self.by_word = defaultdict(list)
        for text in self.texts:
            if first := _RUN.search(text):
                words = _BETWEEN.join(map(re.escape, text.split(" ")))
                fits = re.compile(rf"(?<![^\W_]){words}(?![^\W_])")
                self.by_word[first[0]].append((fits, first.start()))

    def __len__(self):
        return len(self.numbers) + len(self.texts)

    def stand_in(self, told):
        """Whether one of them stands in a text."""
        if any(True for _span in self._numbers_in(told)):
            return True
        plain = fold(told)
        if self.by_word.keys().isdisjoint(_RUN.findall(plain)):
            return False
        return any(True for _span in self._words_in(plain))

    def taken_out(self, told):
        """The text with INSTEAD in the place of each."""
        plain, places = [], []
        for place, sign in enumerate(told):
            for letter in fold(sign) or (" " if sign.isspace() else ""):
                if letter != " " or plain[-1:] != [" "]:
                    plain.append(letter)
                    places.append(place)
        places.append(len(told))
        spans = [(places[begin], places[end]) for begin, end in self._words_in("".join(plain))]
        for begin, end in sorted({*spans, *self._numbers_in(told)}, reverse=True):
            told = told[:begin] + INSTEAD + told[end:]
        return told

    def pattern(self):
        """A regular expression for the database: it finds whatever holds one of them, and some more."""
        numbers = (r"[\s()./-]*".join(number) for number in self.numbers)
        return "|".join([*numbers, *("".join(map(_letter, text)) for text in self.texts)])

    def _words_in(self, plain):
        """Spans of a folded text, none of which reaches into another."""
        end = 0
        for run in _RUN.finditer(plain):
            for fits, before in self.by_word.get(run[0], ()):
                begin = run.start() - before
                if begin >= end and (found := fits.match(plain, begin)):
                    end = found.end()
                    yield found.span()

    def _numbers_in(self, told):
        for form in (_PHONE, _IDENTITY) if self.numbers and _FIGURES.search(told) else ():
            for found in form.finditer(told):
                if "".join(found.groups()) in self.numbers:
                    yield found.span()


def _letter(letter):
    if letter == " ":
        return r'[\s·|;/",]+'
    signs = _SPELLINGS.get(letter, ()) or (letter,)
    if len(signs) == 1:
        return re.escape(letter)
    return f"[{''.join(map(re.escape, sorted(signs)))}]{_MARKS}"

"""What stands in a cell, and the value that was meant: undoes what spreadsheets do to numbers and dates.

Excel makes 1,00E+10 of an identity number, 5551234567.0 of a phone, drops the zero before it, keeps a
date as the days since 1900 (or 1904) and leaves blanks that nobody sees. Each function takes the value of
a cell as it was read – text, number, date, time, yes or no – and gives the value that was meant, or raises
CellError with a sentence on what is wrong and one on what would help. Nothing is guessed: where digits are
lost, it says so.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from izmek.secrets.identity import holds_number
from izmek.text.case import composed
from izmek.text.clock import EndFormField
from izmek.text.fold import fold, without_unseen
from izmek.text.lines import clean_line
from izmek.text.mail import MailFormField
from izmek.text.names import clean_name
from izmek.text.phones import PhoneFormField

EPOCH = date(1899, 12, 30)  # of Excel's days: its 1900 had a 29 February
EPOCH_1904 = date(1904, 1, 1)  # of workbooks that began on a Macintosh
SERIALS = range(
    3_000, 80_000
)  # days that can be meant: 1908 to 2119; smaller ones are years or ages
PHONE = PhoneFormField()
NOTHING = ("-", "–", "—", ".", "yok")  # what people write into a cell that has no answer
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # our CSV files put an apostrophe before these


# What a formula gives that cannot be calculated, in English and in Turkish.
ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"}
ERRORS |= {"#SAYI/0!", "#YOK", "#AD?", "#BOŞ!", "#SAYI!", "#BAŞV!", "#DEĞER!"}


class CellError(ValidationError):
    """What is wrong with a cell, in a sentence; `help`: what would mend it."""

    def __init__(self, message, *, help="", code="cell", params=None):
        super().__init__(message, code=code, params=params)
        self.help = str(help)

    @property
    def sentence(self):
        return " ".join(self.messages)


class Serial1904(float):
    """A number of a workbook whose days are counted from 1904."""


class NoResult:
    """A formula that was never calculated: some program wrote it without its value."""

    def __str__(self):
        return "="


def is_blank(value):
    """Whether nothing stands in a cell that anybody could see."""
    if not isinstance(value, str):
        return value is None
    return not clean_line(value) if not value.isascii() else not value.strip()


def says_nothing(value):
    """Whether somebody wrote that there is nothing to write."""
    return isinstance(value, str) and len(value) < 8 and fold(clean_line(value)) in NOTHING


def shown(value):
    """The text of a cell as people see it; never raises."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, (float, Decimal)):
        return f"{value:.0f}" if value == value // 1 else str(value).replace(".", ",")
    if isinstance(value, datetime):
        value = value.date() if value.time() == time() else value
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value.day:02}.{value.month:02}.{value.year:04}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    line = clean_line(composed(str(value)))
    return line[1:] if line[:1] == "'" and line[1:2] in FORMULA else line


def told(value):
    """What stands in a cell, as a message may repeat it: what may be an identity number is masked."""
    said = shown(value)[:60]
    return masked(said) if holds_number(said) else said


def masked(said):
    """A secret as a page shows it: its first three and last two signs, of a short one nothing."""
    plain = "".join(said.split())
    if len(plain) < 8:
        return "*" * len(plain)
    return f"{plain[:3]}{'*' * (len(plain) - 5)}{plain[-2:]}"


def is_masked(value):
    """Whether a number was written masked (123******46), as our own lists do without the right."""
    return isinstance(value, str) and "**" in value


# --- Texts ------------------------------------------------------------------------------------


def text(value):
    """A text of one line, without blanks around it; of a number its digits."""
    _refuse_broken(value)
    if isinstance(value, (date, datetime, time)):
        raise CellError(
            _("The spreadsheet has made a date or time of this text: %(value)s."),
            params={"value": told(value)},
            help=_("Give the column the format “Text” and type the cell again."),
            code="date",
        )
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return digits(value)
    return shown(value)


def prose(value):
    """A text of several lines."""
    _refuse_broken(value)
    if not isinstance(value, str):
        return text(value)
    lines = without_unseen(composed(value).replace("\xa0", " ").replace("\r\n", "\n"))
    return "\n".join(line.rstrip() for line in lines.split("\n")).strip()


def name(value):
    """A person's name as it stands; whose it is decides about its capitals."""
    return clean_name(text(value))


def mail(value):
    return MailFormField().clean(text(value).removeprefix("mailto:"))


# --- Numbers ----------------------------------------------------------------------------------

_EXPONENT = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_FRACTION = re.compile(r"(\d+)[.,]0+")
_GROUPED = re.compile(r"\d{1,3}(?:([.\s])\d{3})(?:\1\d{3})*")


def digits(value):
    """The digits of a number that counts nothing: of an identity card, a telephone, a course.

    A text that is no number stays as it is. Raises CellError where Excel has shortened it.
    """
    _refuse_broken(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value != value // 1 or abs(value) >= 10**15:
            raise _no_number(value)
        return f"{value:.0f}"
    line = text(value)
    if found := _EXPONENT.fullmatch(line):
        return _unfold(found)
    if found := _FRACTION.fullmatch(line):
        return found[1]
    return line


def _unfold(found):
    """Write out 1,0000000146E+10; of 1,00E+10 the digits are lost."""
    first, rest, power = found[1], found[2] or "", int(found[3])
    if len(rest.rstrip("0")) < len(rest) or len(rest) < power:
        raise CellError(
            _("The spreadsheet has shortened this number; its last digits are lost."),
            help=_(
                "Open the original list, give the column the format “Text” or “Number” and save "
                "again; or type the number."
            ),
            code="exponent",
        )
    return first + rest


def number(value):
    """A whole number that counts something, such as hours: 120, 120.0, 1.200."""
    _refuse_broken(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value != value // 1 or not 0 <= value < 10**9:
            raise _no_number(value)
        return int(value)
    line = text(value)
    if _GROUPED.fullmatch(line):
        line = re.sub(r"[.\s]", "", line)
    elif found := _FRACTION.fullmatch(line):
        line = found[1]
    if not (line.isascii() and line.isdigit() and len(line) < 10):
        raise _no_number(line)
    return int(line)


def _no_number(value):
    return CellError(
        _("“%(value)s” is no whole number."),
        params={"value": told(value)},
        help=_("Write digits only, for example 120."),
        code="number",
    )


def decimal(value):
    """A number with decimals, such as a coordinate: 40,76541 or 40.76541."""
    _refuse_broken(value)
    line = str(value) if isinstance(value, (int, float)) else text(value).replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,6}(?:\.[0-9]{1,17})?", line):
        raise CellError(
            _("“%(value)s” is no number."),
            params={"value": told(value)},
            help=_("Write digits, for example 40,76541."),
            code="number",
        )
    return Decimal(line)


def phone(value):
    """One telephone number; the zero that a spreadsheet has dropped is put back."""
    line = digits(value)
    parts = [one for one in re.split(r"[/;,\n]|\s-\s|veya|ve ", line) if re.search(r"\d{3}", one)]
    if len(parts) > 1 and all(len(re.sub(r"\D", "", one)) >= 10 for one in parts):
        raise CellError(
            _("There are two phone numbers in this cell."),
            help=_("Leave the one by which the person is reached."),
            code="several",
        )
    try:
        found = PHONE.to_python(line)  # without its validators, which are slow
        if not found or not found.is_valid():
            raise ValidationError(PHONE.error_messages["invalid"])
        return found
    except ValidationError as error:
        raise CellError(
            " ".join(error.messages),
            help=_("A mobile phone has ten digits after the zero."),
            code="phone",
        ) from None


# --- Days and times ---------------------------------------------------------------------------

_NUMERIC_DAY = re.compile(r"(\d{1,2})[./\-\s](\d{1,2})[./\-\s](\d{2}|\d{4})")
_ISO_DAY = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_WORDY_DAY = re.compile(r"(\d{1,2})\.?\s+([^\W\d]+)\.?\s+(\d{4})")
_MIDNIGHT = re.compile(r"[T\s]+0?0[:.]00(?:[:.]00(?:\.0+)?)?$")


def day(value):
    """A date, as a date, as a text (31.12.2025, 31/12/2025, 2025-12-31, 31 Aralık 2025) or as a serial."""
    _refuse_broken(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _serial_day(value)
    line = _MIDNIGHT.sub("", text(value))
    if re.fullmatch(r"\d{5}(?:[.,]0+)?", line):
        return _serial_day(int(line[:5]))
    if found := _NUMERIC_DAY.fullmatch(line):
        return _made_day(found[3], found[2], found[1], line)
    if found := _ISO_DAY.fullmatch(line):
        return _made_day(found[1], found[2], found[3], line)
    if found := _WORDY_DAY.fullmatch(line):
        months = {fold(str(word)): number for number, word in MONTHS.items()}
        return _made_day(found[3], months.get(fold(found[2]), 0), found[1], line)
    raise _no_day(line)


def _serial_day(value):
    if value // 1 not in SERIALS:
        raise _no_day(shown(value))
    epoch = EPOCH_1904 if isinstance(value, Serial1904) else EPOCH
    return epoch + timedelta(days=int(value))


def _made_day(year, month, day_of_month, line):
    if len(str(year)) == 2:
        raise CellError(
            _("The year of “%(value)s” has two digits only."),
            params={"value": told(line)},
            help=_("Write the year with four digits, for example 1985."),
            code="year",
        )
    try:
        return date(int(year), int(month), int(day_of_month))
    except ValueError:
        raise _no_day(line) from None


def _no_day(line):
    return CellError(
        _("“%(value)s” is no date."),
        params={"value": told(line)},
        help=_("Write day, month and year, for example 31.12.2025."),
        code="date",
    )


def year(value):
    """A year of four digits; of a date its year."""
    _refuse_broken(value)
    if isinstance(value, date):
        return value.year
    try:
        found = number(value)
        if 1000 <= found <= 9999:
            return found
    except CellError:
        pass
    try:
        return day(value).year
    except CellError:
        raise CellError(
            _("“%(value)s” is no year."),
            params={"value": told(value)},
            help=_("Write the year with four digits, for example 1985."),
            code="year",
        ) from None


def clock(value):
    """A time of day: a time, a fraction of a day, or a text (9.30, 09:30); 24:00 is the day's end."""
    _refuse_broken(value)
    if isinstance(value, datetime):
        return value.time().replace(second=0, microsecond=0)
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, timedelta):
        value = value.total_seconds() / 86_400
    if isinstance(value, float) and 0 < value <= 1:
        minutes = round(value * 1440)
        return EndFormField().clean(f"{minutes // 60:02}:{minutes % 60:02}")
    line = text(value)
    if found := re.fullmatch(r"(\d{1,2})(?:[.:](\d{2}))?(?:[.:]00)?", line):
        try:
            return EndFormField().clean(f"{int(found[1]):02}:{found[2] or '00'}")
        except ValidationError:
            pass
    raise CellError(
        _("“%(value)s” is no time of day."),
        params={"value": told(line)},
        help=_("Write hour and minute, for example 09.30."),
        code="time",
    )


# --- One of several ---------------------------------------------------------------------------

_YES = {
    "evet",
    "e",
    "yes",
    "y",
    "1",
    "x",
    "✓",
    "✔",
    "+",
    "var",
    "true",
    "dogru",
    "doğru",
    "olur",
    "verdi",
}
_NO = {"hayir", "h", "no", "n", "0", "-", "–", "—", "yok", "false", "yanlis", "vermedi"}


def flag(value):
    """Yes or no, in any of the ways in which lists tick: Evet, E, 1, x, ✓ – Hayır, H, 0, -."""
    _refuse_broken(value)
    if isinstance(value, bool):
        return value
    line = fold(digits(value))
    if line in _YES or line in _NO:
        return line in _YES
    raise CellError(
        _("“%(value)s” is neither yes nor no."),
        params={"value": told(value)},
        help=_("Write “Evet” or “Hayır”."),
        code="flag",
    )


def choice(choices, words=None):
    """A reader of one of some choices (a Choices class), by its label or value; `words`: {word: value}."""

    def read(value):
        line = fold(text(value))
        known = {fold(str(label)): one for one, label in choices.choices}
        known |= {fold(str(one)): one for one in choices.values}
        known |= {fold(word): one for word, one in (words or {}).items()}
        if line in known:
            return choices(known[line])
        raise CellError(
            _("“%(value)s” is not known here."),
            params={"value": told(value)},
            help=_("Write one of these: %(words)s.")
            % {"words": ", ".join(str(label) for label in choices.labels)},
            code="choice",
        )

    return read


def choice_of_ours(choices):
    """A reader of one of some choices by its label, as our own lists write it; other words say nothing."""
    known = choice(choices)

    def read(value):
        try:
            return known(value)
        except CellError:
            return None

    return read


def several(value):
    """The parts of a cell that are separated by semicolons or line ends."""
    parts = re.split(r"[;\n]", prose(value))
    return [part for part in (clean_line(part) for part in parts) if part]


def _refuse_broken(value):
    if isinstance(value, NoResult):
        raise CellError(
            _("There is a formula in this cell that was never calculated."),
            help=_("Open the list in Excel or LibreOffice, save it, and choose it again."),
            code="formula",
        )
    if isinstance(value, str) and value.strip() in ERRORS:
        raise CellError(
            _("The formula in this cell gives an error: %(value)s."),
            params={"value": value.strip()},
            help=_("Put the value in the place of the formula."),
            code="formula",
        )

"""Who is meant by the row of a list: by a number, or by what may be the same person.

The one notion of "may be the same person" is `likeness` (trainees/queries/same_person.py); here it is
asked for many rows with one query. Nothing is guessed: several possible, and a person chooses.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from izmek.acts.audit import log_access_to_many
from izmek.acts.enums import Access, RowState
from izmek.acts.imports import written_before
from izmek.secrets.identity import IdentityKind, identity_hashes, mask, normalise
from izmek.sheets import cells
from izmek.text.fold import fold
from izmek.text.names import written_name
from izmek.text.phones import as_stored
from trainees import rights
from trainees.models import Identity, Trainee
from trainees.queries.same_person import (
    PersonFacts,
    another_name,
    likeness,
    may_be_one_name,
)
from trainees.wording import about

NEW = "new"


@dataclass
class NamedPerson:
    """What a row says of a person, and who that is on record."""

    first_name: str = ""
    last_name: str = ""
    kind: str = ""  # of the number
    number: str = ""
    hashes: tuple = ()  # of it; more than one while the hash key is rotated
    known: Trainee | None = None
    has_number: bool = False  # whether the number is on record as theirs
    as_row: int = 0  # the same person as in this earlier row of the list
    gives_number: bool = False  # to the person of that row, who has none there
    others: list = field(default_factory=list)  # courses that earlier rows give the same person

    @property
    def name(self):
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def hash(self):
        return self.hashes[0] if self.hashes else ""

    def facts(self, line):
        """What the row says of them, to be compared."""
        return PersonFacts.named(
            self.name,
            birth_date=line.get("birth_date"),
            phone=_key(line.get("phone")),
            email=line.get("email") or "",
        )

    @property
    def shown(self):
        number = mask(self.number) if self.number else ""
        return f"{self.name} · {number}" if number else self.name


def read_person(line):
    """Who a ListLine names: names with their capitals, the number with its hash; problems are noted."""
    person = NamedPerson(line.get("first_name") or "", line.get("last_name") or "")
    full = line.get("full_name")
    if full and not person.first_name:
        first, _blank, last = full.rpartition(" ")
        person.first_name, person.last_name = (first, last) if first else (last, "")
    if not person.first_name:
        line.wrong(
            _("There is no name in this row."),
            column="full_name" if "full_name" in line.raw else "first_name",
            help=_("Write first and last name."),
        )
        return person
    _read_number(line, person)
    foreign = person.kind == IdentityKind.YKN
    for attribute in ("first_name", "last_name"):
        column = "full_name" if full and not line.get("first_name") else attribute
        try:
            setattr(person, attribute, written_name(getattr(person, attribute), foreign=foreign))
        except ValidationError as error:
            line.refused(error)
            line.problems[-1] = (column, *line.problems[-1][1:])
    return person


def _read_number(line, person):
    number = line.get("number")
    if not number or cells.is_masked(number):
        return
    number = "".join(number.split())
    kind = IdentityKind.YKN if number.startswith("99") else IdentityKind.TCKN
    try:
        person.number = normalise(kind, number)
    except ValidationError as error:
        line.wrong(
            " ".join(error.messages),
            column="number",
            help=_("Look at the identity card; leave the cell empty if it is not at hand."),
        )
        return
    person.kind, person.hashes = kind, identity_hashes(kind, number)


def find_people(lines, people, run):
    """Say of each NamedPerson who that is on record; where several are possible, ask.

    `people`: that of each line. The database is asked a handful of questions, however many there are.
    While a batch is written, whoever may be meant is locked first: what is compared now is what is
    changed then. Whose number leads to a record that the user may not see is written to the access
    log, whatever else the row says.
    """
    file = run.memo.setdefault("people", InFile())
    record = OnRecord(lines, people, file, run)
    for line, person in zip(lines, people, strict=True):
        if line.problems:
            continue
        record.note_found(record.by_hash.get(person.hash))
        _find(line, person, record, file, run)
        if not line.problems and line.verdict != RowState.CHOOSE:
            _check_number(line, person, record, file)
        if person.number:
            record.note_found(person.known)
        if not line.problems and line.verdict != RowState.CHOOSE:
            file.add(line, person)
    record.log_found(run.by)


def _find(line, person, record, file, run):
    """Who one row is about: by record number, by identity number, by what was written, or by choice."""
    if line.get("record"):
        person.known = record.trainees.get(line.get("record"))
        _check_record(line, person)
    elif person.hash in record.by_hash:
        person.known = record.by_hash[person.hash]
        _check_name(line, person, _("The number"), "number")
    elif person.hash and person.hash in file.by_hash:
        _as_in(line, person, file, file.by_hash[person.hash])
    elif person.hash and file.owner(person.hash) in record.trainees:
        person.known = record.trainees[file.owner(person.hash)]
        _check_name(line, person, _("The number"), "number")
    elif cells.is_masked(line.get("number") or ""):
        line.wrong(
            _("The identity number is masked: nobody can tell whose it is."),
            column="number",
            help=_("Leave the cell empty, or keep the column with the record number."),
        )
    elif line.digest in record.before:
        person.known = record.trainees.get(record.before[line.digest])
    if not line.problems and not person.known and not person.as_row:
        _ask(line, person, record.alike(line), file, run)


class OnRecord:
    """The Trainees that the rows of a batch may be about, read at once; {key: Trainee}."""

    def __init__(self, lines, people, file, run):
        hashes = {person.hash for person in people} - {""}
        newest = {one: person.hash for person in people for one in person.hashes}
        known = Identity.objects.filter(hash__in=newest).values_list("hash", "trainee")
        owners = {newest[one]: trainee for one, trainee in known}
        before = written_before(lines, run.kind.name).items()
        self.before = {digest: int(key) for digest, key in before if key.isdecimal()}
        self._alike = _alike(lines, people)
        keys = {*owners.values(), *self.before.values(), *(file.owner(one) for one in hashes)}
        keys |= {line.get("record") for line in lines}
        keys |= {key for alike in self._alike.values() for key in alike}
        keys.discard(None)
        # Who was found to be somebody's second record is that person, whatever leads to it.
        merged = Trainee.everyone.filter(pk__in=keys, merged_into__isnull=False)
        into = dict(merged.values_list("pk", "merged_into"))
        self.trainees = self._read({into.get(key, key) for key in keys}, run)
        self.trainees |= {
            key: self.trainees[kept] for key, kept in into.items() if kept in self.trainees
        }
        self.by_hash = {
            one: self.trainees[key] for one, key in owners.items() if key in self.trainees
        }
        self.found = set()

    def _read(self, keys, run):
        """`in_scope`: whether `run.by` may see them; else their record is not shown, only added to."""
        rows = Trainee.objects.filter(
            pk__in=keys, anonymised_at=None
        )  # nobody again who was erased
        if run.writing:
            list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        seen = set(rights.rows(run.by, "correct_name", rows).values_list("pk", flat=True))
        found = rows.select_related("identity").prefetch_related("guardians").in_bulk()
        for key, trainee in found.items():
            trainee.in_scope = key in seen
        return found

    def alike(self, line):
        """Who may be the person of a ListLine."""
        keys = self._alike.get(line.number, ())
        return [self.trainees[key] for key in keys if key in self.trainees]

    def note_found(self, trainee):
        """Note that an identity number has led to a record that the user may not see."""
        if trainee and not trainee.in_scope:
            self.found.add(trainee.pk)

    def log_found(self, by):
        if self.found and by:
            log_access_to_many(
                Access.FOUND_BY_NUMBER, Trainee, self.found, by=by, fields="identity_number"
            )


def _check_record(line, person):
    if person.known is None:
        line.wrong(
            _("Nobody on record has this record number."),
            column="record",
            help=_(
                "Leave the cell empty: then the person is found by number, name and birth date."
            ),
        )
        return
    _check_name(line, person, _("The record number"), "record")


def _check_number(line, person, record, file):
    """A number is of one person, and a person has one number: on record, and within the list."""
    if person.known is None or not person.hash:
        return
    owner, recorded = record.by_hash.get(person.hash), getattr(person.known, "identity", None)
    if owner and owner == person.known:  # by a second record too that was merged
        person.has_number = True
        return
    earlier = file.other_owner(person) or file.other_number(person)
    if owner:
        line.wrong(
            _("This identity number is on record for somebody else: %(who)s.")
            % {"who": about(owner)},
            column="number",
            help=_("Look at the identity card."),
        )
    elif recorded and recorded.hash not in person.hashes:
        line.wrong(
            _("Another identity number is on record for this person."),
            column="number",
            help=_("If the number on record is wrong, correct it on the page of the person."),
        )
    elif earlier:
        line.wrong(
            _(
                "Row %(row)d has this identity number for somebody else, or this person with another."
            )
            % {"row": earlier},
            column="number",
            help=_("Look at both identity cards."),
        )


def _check_name(line, person, what, column):
    if may_be_one_name(person.name, str(person.known)):
        return True
    hidden = column == "record" and not person.known.in_scope  # such numbers are easily counted up
    line.wrong(
        _("%(what)s is on record for somebody of another name: %(who)s.")
        % {"what": what, "who": "***" if hidden else about(person.known)},
        column=column,
        help=_(
            "Look at the identity card. If the name has changed, correct it on the person’s page."
        ),
    )
    person.known = None
    return False


def _alike(lines, people):
    """{number of a line: keys of Trainees who may be the same person}: one query for all."""
    days, phones = set(), set()
    for line, person in zip(lines, people, strict=True):
        if not line.problems and person.name:
            days.add(line.get("birth_date"))
            phones.add(line.get("phone"))
    days.discard(None)
    phones.discard(None)
    rows = Trainee.objects.filter(Q(birth_date__in=days) | Q(phone__in=phones))
    rows = rows.as_facts().iterator(chunk_size=2000)
    by_day, by_phone = defaultdict(list), defaultdict(list)
    for row in rows:  # some thirty of them for each line
        by_day[row[2]].append(row)
        if row[3]:
            by_phone[row[3]].append(row)
    by_day.pop(None, None)
    found = {}
    for line, person in zip(lines, people, strict=True):
        near = by_day.get(line.get("birth_date"), []) + by_phone.get(_key(line.get("phone")), [])
        if near:
            facts = person.facts(line)
            is_another = another_name(facts.folded)  # so are nearly all who were born that day
            keys = {
                pk
                for pk, folded, *known in near
                if not is_another(folded) and likeness(facts, PersonFacts.known(folded, *known))
            }
            if keys:
                found[line.number] = sorted(keys)
    return found


def _ask(line, person, similar, file, run):
    """Who is very surely one person is taken; else somebody chooses."""
    if line.choice.startswith("r") and run.writing:  # that row may be written by now
        target = run.sheet.rows.filter(number=int(line.choice[1:])).values_list("target", flat=True)
        line.choice = f"t{target[0]}" if target and target[0] else line.choice
    same = [one for one in similar if _is_equal(line, person, one)]
    other_number = person.hash and any(hasattr(one, "identity") for one in same)
    if len(same) == 1 and len(similar) == 1 and not other_number:
        person.known = same[0]
        return
    earlier = file.alike(line, person)
    if not similar and len(earlier) == 1 and earlier[0].is_equal(line, person):
        _as_in(line, person, file, earlier[0])
        return
    possible = [one for one in similar if not (person.hash and hasattr(one, "identity"))]
    if not similar and not earlier:
        if not person.hash and not line.get("birth_date") and not line.get("phone"):
            line.wrong(
                _("A name alone does not tell a person from another one of the name."),
                help=_("Add the identity number, the date of birth or a phone."),
            )
        return
    choices = [(f"t{one.pk}", _describe(one)) for one in possible]
    choices += [
        (
            f"r{one.number}",
            _("the person of row %(row)d: %(name)s") % {"row": one.number, "name": one.name},
        )
        for one in earlier
    ]
    choices.append((NEW, _("somebody else, who is new")))
    answer = line.ask(choices)
    if any(hasattr(one, "identity") for one in similar) and person.hash and not answer:
        line.notes.append(
            _("Somebody of this name is on record with another identity number: check the number.")
        )
    if answer.startswith("t"):
        person.known = next(one for one in possible if f"t{one.pk}" == answer)
    elif answer.startswith("r"):
        _as_in(line, person, file, next(one for one in earlier if f"r{one.number}" == answer))


def _describe(trainee):
    number = trainee.masked_number
    return f"{about(trainee)}, {number}" if number else about(trainee)


def _is_equal(line, person, trainee):
    """Name, date of birth and phone are there and the same: the same row was put in before."""
    return bool(
        line.get("birth_date")
        and line.get("phone")
        and trainee.birth_date == line.get("birth_date")
        and trainee.phone == line.get("phone")
        and fold(str(trainee)) == fold(person.name)
    )


# --- Within one list --------------------------------------------------------------------------


@dataclass(frozen=True)
class Earlier:
    """A person of an earlier row of the list."""

    number: int
    name: str
    facts: PersonFacts
    hash: str

    def is_equal(self, line, person):
        own, other = self.facts, person.facts(line)
        return bool(
            own.birth_date
            and own.phone
            and (own.birth_date, own.phone, own.folded)
            == (other.birth_date, other.phone, other.folded)
        )


class InFile:
    """The people of a list so far: two rows may be about one."""

    def __init__(self):
        self.by_hash, self.by_day, self.by_phone = {}, defaultdict(list), defaultdict(list)
        self.courses = defaultdict(list)  # row of a person → courses that the list gives them
        self.owners = {}  # hash → (row, key) of the person on record to whom a row gives the number
        self.numbers = {}  # key of a person on record → (row, hash)
        self.given = {}  # row of a person without a number → the hash that a later row gives them

    def add(self, line, person):
        if person.known and person.hash:
            self.owners.setdefault(person.hash, (line.number, person.known.pk))
            self.numbers.setdefault(person.known.pk, (line.number, person.hash))
        if person.known or person.as_row:
            return
        one = Earlier(line.number, person.name, person.facts(line), person.hash)
        if person.hash:
            self.by_hash[person.hash] = one
        if one.facts.birth_date:
            self.by_day[one.facts.birth_date].append(one)
        if one.facts.phone:
            self.by_phone[one.facts.phone].append(one)

    def owner(self, number):
        """The key of the person on record to whom an earlier row gives a number, or None."""
        return self.owners.get(number, (0, None))[1]

    def other_owner(self, person):
        """The earlier row that has the number of a known person for somebody else, or 0."""
        if person.hash in self.by_hash:
            return self.by_hash[person.hash].number
        row, key = self.owners.get(person.hash, (0, None))
        return row if key != person.known.pk else 0

    def other_number(self, person):
        """The earlier row that gives a known person another number, or 0."""
        row, number = self.numbers.get(person.known.pk, (0, ""))
        return row if number != person.hash else 0

    def give(self, earlier, number):
        """Note that a later row gives the person of an earlier one a number."""
        self.given[earlier.number] = number
        self.by_hash[number] = earlier

    def alike(self, line, person):
        """The earlier rows that may be about the person: none of them has another number."""
        near = {*self.by_day.get(line.get("birth_date"), ())}
        near |= {*self.by_phone.get(_key(line.get("phone")), ())} if line.get("phone") else set()
        if not near:
            return []
        facts = person.facts(line)
        near = [
            one
            for one in near
            if not (person.hash and (one.hash or one.number in self.given))
            and likeness(facts, one.facts)
        ]
        return sorted(near, key=lambda one: one.number)


def _key(phone):
    return as_stored(phone) if phone else ""


def _as_in(line, person, file, earlier):
    if not may_be_one_name(person.name, earlier.name):
        line.wrong(
            _("Row %(row)d has this identity number with another name: %(name)s.")
            % {"row": earlier.number, "name": earlier.name},
            column="number",
            help=_("Look at both identity cards."),
        )
        return
    person.as_row = earlier.number
    if person.hash and not earlier.hash and earlier.number not in file.given:
        file.give(earlier, person.hash)
        person.gives_number = True
    person.others = file.courses[earlier.number]

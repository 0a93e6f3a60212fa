"""Lists of which a row is one record: a centre, a room, a programme, a teacher, a course."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from izmek.accounts.roles import who_writes
from izmek.acts.enums import RowState
from izmek.acts.imports import ImportKind
from izmek.acts.saving import save
from izmek.sheets import cells
from izmek.text.fold import fold

MISSING = (None, "")


class RecordList(ImportKind):
    """A kind of list whose rows are records of one table.

    A subclass reads the facts of a row (`facts`), finds the record that it is about (`find`), and says how
    it is saved, if not like a plain form (`save`). What a record has stays, unless the list counts; what
    it lacks is filled in. The check does what the writing does and takes it back, so that it knows every
    rule of the record without a second copy of it.
    """

    model = None
    batch = 25  # the check holds what a batch locks
    secret_fields = ()

    def may(self, by, about=None):
        return super().may(by) and (by is None or any(self._permits(by)))

    def _permits(self, by):
        """(may add, may change)."""
        meta = self.model._meta
        return [
            by is None or by.has_perm(f"{meta.app_label}.{act}_{meta.model_name}")
            for act in ("add", "change")
        ]

    def page(self):
        meta = self.model._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")

    # --- What a subclass says -----------------------------------------------------------------

    def facts(self, line, run):
        """{field: value} of a row; what is not in it is left out. Notes problems at the ListLine."""
        raise NotImplementedError

    def find(self, line, facts, run):
        """The record that the row is about, or None for a new one; may ask (`line.ask`)."""
        raise NotImplementedError

    def key(self, line, facts):
        """What is the same in two rows about one record."""
        raise NotImplementedError

    def linked(self, line, run):
        """{relation: value} of what is no column of the record: modules, weekly times, centres."""
        return {}

    def lacks(self, record, name):
        """Whether a record has nothing yet at a relation of `linked`."""
        return not getattr(record, name).exists()

    def save(self, record, line, run):
        """Save a record with its changes."""
        record.full_clean()
        save(record, by=run.by)

    def link(self, record, name, value, line, run):
        """Write a relation of `linked`."""

    # --- The same for all ---------------------------------------------------------------------

    def judge(self, lines, run):
        seen = run.memo.setdefault("seen", {})
        adds, changes = self._permits(run.by)
        for line in lines:
            facts = self.facts(line, run)
            if not line.problems:
                linked = self.linked(line, run)
            if line.problems:
                continue
            key = self.key(line, facts)
            if seen.setdefault(key, line.number) != line.number:
                line.wrong(
                    _("Row %(row)d is about the same.") % {"row": seen[key]},
                    help=_("Leave one of the two rows."),
                )
                continue
            record = self.find(line, facts, run)
            if line.problems or line.verdict == RowState.CHOOSE:
                continue
            line.plan["record"] = record
            if record is None:
                line.plan["facts"], line.plan["linked"] = facts, linked
                if not adds:
                    line.wrong(_("You may change what is on record, but add nothing new."))
                continue
            self._compare(line, record, facts, linked, run)
            if line.verdict != RowState.SAME and not changes:
                line.wrong(_("You may not change this."))
        if not run.writing:
            self._try([line for line in lines if line.verdict in RowState.writable()], run)

    def _compare(self, line, record, facts, linked, run):
        """What the list adds to a record, and what it says otherwise."""
        meta, line.target = self.model._meta, record.pk
        adds, differs = {}, {}
        for name, value in facts.items():
            recorded = getattr(record, name)
            if value in MISSING or recorded == value or _are_one_word(recorded, value):
                continue
            (adds if recorded in MISSING else differs)[name] = value
        for name, value in differs.items():
            line.notes.append(
                _("%(column)s: on record %(recorded)s, in the list %(listed)s.")
                % {
                    "column": meta.get_field(name).verbose_name,
                    "recorded": cells.shown(_word(record, name)),
                    "listed": cells.shown(_word(self.model(**{name: value}), name)),
                }
            )
        if run.file_counts:
            adds |= differs
        more = {name: value for name, value in linked.items() if value and self.lacks(record, name)}
        line.plan["facts"], line.plan["linked"] = adds, more
        line.notes += [
            _("Is added: %(column)s.") % {"column": meta.get_field(name).verbose_name}
            for name in adds.keys() - differs.keys()
        ]
        line.verdict = RowState.KNOWN if adds or more else RowState.SAME

    def _try(self, lines, run):
        """Write and take it back: what is refused now will be refused then."""
        with transaction.atomic():
            targets = {line.number: line.target for line in lines}
            self.write(lines, run)
            for line in lines:
                line.target = targets[line.number]
            transaction.set_rollback(True)

    def write(self, lines, run):
        for line in lines:
            try:
                with transaction.atomic():
                    line.target = self._write(line, run).pk
            except ValidationError as refusal:
                line.refused(refusal, line.raw)

    def _write(self, line, run):
        record = line.plan["record"]
        # The check has changed nothing, but the object in memory: it is read anew.
        record = self.model.objects.get(pk=record.pk) if record else self.model()
        for name, value in line.plan["facts"].items():
            setattr(record, name, value)
        if line.plan["facts"]:
            self.save(record, line, run)
        for name, value in line.plan["linked"].items():
            if value:
                self.link(record, name, value, line, run)
        return record


def _are_one_word(recorded, value):
    """Whether two texts differ by capitals and marks only, as a list writes names."""
    return isinstance(value, str) and fold(str(recorded)) == fold(value) != ""


def _word(record, name):
    """A value of a record as people read it."""
    display = getattr(record, f"get_{name}_display", None)
    return display() if display else getattr(record, name)


def scoped(model, by):
    """The rows that a user sees by the roles that fill in the table; the system sees all.

    Another role, of an auditor or a curator, lets a user see more, but write nothing more.
    """
    if by is None:
        return model.objects.all()
    return model.objects.visible_to(who_writes(by, model))

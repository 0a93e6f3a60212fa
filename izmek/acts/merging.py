"""Two rows that are one: what points to the second is moved to the first, for a week to be taken back.

An app says for every relation to a model that can be merged what becomes of its rows:

    declare(Course, programme=Move())
    declare(Maker, trainee=Move(once=("work",), before=keep_the_lesser_wish))
    declare(Module, programme=Remove())
    declare(Enrolment, trainee=Handled("trainees/services/merging.py"))

`relations_of` walks `_meta`, history and generic relations apart; a test fails on what is not declared.
The act of a model (`services/merging.py` of its app) asks its right, makes a `Merger`, lets it do what is
the same for all and adds what is its own. Every step is written down by keys alone; values of people stay
in the history, from which `undo` takes them.
"""

from dataclasses import dataclass, field
from functools import reduce, wraps
from operator import or_

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.crypto import salted_hmac
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from simple_history.models import HistoricalChanges

from izmek.acts.audit import log_access
from izmek.acts.bulk import bulk_update, rows_written
from izmek.acts.enums import Access
from izmek.acts.queries import UNDO_WITHIN
from izmek.acts.refusal import Conflict, Refusal, given_text
from izmek.acts.saving import save
from izmek.models import AccessLog, Job, Letter, Merge, Override, SheetImport, SlugRedirect
from izmek.text.phones import PhoneField, show

# Rows about any row go along, or tell what was and stay: a list that was put in names in its rows who was
# written (`SheetRow.target`), and whoever asks it is led from a second record to the one that stays.
ABOUT = (Letter, Override, SlugRedirect)
STAYS = (AccessLog, Job, Merge, SheetImport)

RELATIONS = {}  # (model, name of its foreign key) → a Relation
_acts = {}  # model → ((rights, the act of merging), what is done when it can no longer be undone)
_undoing = {}  # kind of a step → how it is undone


class Relation:
    """What becomes of the rows that point to the second row. `counted`: a preview tells how many."""

    counted = True

    def merge(self, merger, model, name):
        raise NotImplementedError


@dataclass(frozen=True)
class Move(Relation):
    """They are moved. `once`: the first has at most one row with the same values of these columns.

    The second's row of these goes then; `before(merger, first's, second's)` settles what it says.
    `after(merger)` is called when all are moved.
    """

    once: tuple = ()
    before: object = None
    after: object = None

    def merge(self, merger, model, name):
        rows = list(model._base_manager.filter(**{name: merger.other}).order_by("pk"))
        if self.once and rows:
            kept = model._base_manager.filter(**{name: merger.kept})
            theirs = {self._key(row): row for row in kept}
            for row in [row for row in rows if self._key(row) in theirs]:
                if self.before:
                    self.before(merger, theirs[self._key(row)], row)
                merger.remove(row)
                rows.remove(row)
        merger.move(model, name, rows)
        if self.after:
            self.after(merger)

    def _key(self, row):
        return tuple(getattr(row, row._meta.get_field(name).attname) for name in self.once)


class Remove(Relation):
    """They go with the second row, whose parts they are."""

    def merge(self, merger, model, name):
        for row in model._base_manager.filter(**{name: merger.other}):
            merger.remove(row)


@dataclass(frozen=True)
class Handled(Relation):
    """The act of the model deals with them itself, in the file that is named."""

    where: str
    counted: bool = True

    def merge(self, merger, model, name):
        pass


def declare(model, **relations):
    """Say what becomes of a table's rows when a row to which they point is merged into another."""
    for name, relation in relations.items():
        RELATIONS[model, name] = relation


def register(model, *, rights, act, closed=None):
    """Register that rows of a model can be merged, by whom `rights` allows the `act`.

    `closed(merge)` is called when a merge can no longer be undone.
    """
    _acts[model] = ((rights, act), closed)


def mergeable():
    """The models whose rows can be merged."""
    return list(_acts)


def relations_of(model):
    """[(model, name of the foreign key)] of what points to a model, rows of many-to-many too."""
    return [
        (one.related_model, one.field.name)
        for one in model._meta.get_fields(include_hidden=True)
        if one.auto_created and not one.concrete and not one.many_to_many
        if not issubclass(one.related_model, HistoricalChanges)
    ]


def undoes(kind):
    """Register how a step that an app has noted is undone: a function (step, kept, other, by)."""
    return lambda function: _undoing.setdefault(kind, function)


# --- Looking first --------------------------------------------------------------------------------


@dataclass
class Question:
    """What has to be chosen; `options`: [(key, label)], the first is proposed unless `default` says."""

    name: str
    label: str
    options: list
    default: str = ""
    help: str = ""

    def __post_init__(self):
        self.default = self.default or self.options[0][0]


@dataclass
class Preview:
    """What a merge would do, before anything is written.

    `values`: [(label, the first's, the second's, Question or None)]. `figures`: [(label, of the first, of
    the second)]. `seen` tells in the act whether this is what was looked at.
    """

    values: list = field(default_factory=list)
    figures: list = field(default_factory=list)
    questions: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    refusals: list = field(default_factory=list)
    default_kept: str = "first"

    @property
    def seen(self):
        told = [
            [(str(one), str(two)) for _label, one, two, _question in self.values],
            [(str(label), *counts) for label, *counts in self.figures],
            [
                (one.name, str(one.label), [key for key, _label in one.options])
                for one in self.questions
            ],
        ]
        return salted_hmac("izmek.merge", repr(told)).hexdigest()[:24]

    @property
    def asked(self):
        """Every Question by its name."""
        chosen = [question for *_row, question in self.values if question]
        return {question.name: question for question in [*chosen, *self.questions]}


def compare(first, second, names):
    """The `values` of a Preview: the named columns of both, a Question where both are filled and differ."""
    found = []
    for name in names:
        column = first._meta.get_field(name)
        one, two = (getattr(row, column.attname) for row in (first, second))
        texts = [_in_words(row, column) for row in (first, second)]
        question = None
        if one != two and not _is_empty(one) and not _is_empty(two):
            options = [("first", texts[0]), ("second", texts[1])]
            question = Question(name, capfirst(column.verbose_name), options)
        found.append((capfirst(column.verbose_name), *texts, question))
    return found


def figures(first, second):
    """[(label, of the first, of the second)]: how many rows point to each, by table."""
    names = {}
    for model, name in relations_of(type(first)):
        if RELATIONS[model, name].counted:
            names.setdefault(model, []).append(name)
    found = []
    for model, columns in names.items():
        counts = [
            model._base_manager.filter(reduce(or_, (Q(**{name: row}) for name in columns))).count()
            for row in (first, second)
        ]
        if any(counts):
            found.append((_table_of(model, columns[0]), *counts))
    return found


def _table_of(model, name):
    if model._meta.auto_created:  # of a many-to-many relation: what stands on its other side
        others = [one for one in model._meta.fields if one.is_relation and one.name != name]
        model = others[0].related_model
    return capfirst(str(model._meta.verbose_name_plural))


def _in_words(row, column):
    if column.is_relation:
        return str(getattr(row, column.name) or "")
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    value = getattr(row, column.name)
    if isinstance(column, PhoneField):
        return show(value)
    return "" if value is None else formats.localize(value)


def _is_empty(value):
    return value is None or str(value) == ""


# --- Merging --------------------------------------------------------------------------------------


class Merger:
    """A merge that is being done; each of its methods changes rows and notes the step.

    Locks both rows, so that whatever would point to them waits. Raises Conflict if one of them is gone.
    """

    def __init__(self, kept, other, *, by, reason=""):
        if kept.pk == other.pk:
            raise Refusal(_("These are one and the same record."), code="same")
        self.model, self.by = type(kept), by
        self.reason = given_text(reason, field="reason")
        rows = self.model._default_manager.select_for_update(of=("self",))
        locked = {row.pk: row for row in rows.filter(pk__in=(kept.pk, other.pk)).order_by("pk")}
        if len(locked) < 2:
            raise Conflict(
                _("Somebody has merged or deleted one of the two in the meantime."), code="gone"
            )
        self.kept, self.other, self.other_key = locked[kept.pk], locked[other.pk], other.pk
        self.steps = []
        self.why = _("merged with record %(key)s") % {"key": other.pk}

    def relations(self):
        """Deal with everything that points to the second row, as declared."""
        for model, name in relations_of(self.model):
            RELATIONS[model, name].merge(self, model, name)
        for model in ABOUT:
            self.move_about(model, self.other, self.kept)

    def take_values(self, names):
        """The first row takes the second's values of these columns."""
        values = {name: getattr(self.other, name) for name in names}
        if values:
            self.change(self.kept, **values)

    def move(self, model, name, rows, to=None):
        """Let rows that point to one row point to the first row, or to another one that stays."""
        rows, to = list(rows), to or self.kept
        if not rows:
            return
        keys, was = [row.pk for row in rows], getattr(rows[0], model._meta.get_field(name).attname)
        self.note("move", model=model, name=name, keys=keys, was=was, to=to.pk)
        _point(model, name, rows, to, by=self.by, why=self.why)

    def move_about(self, model, one, other):
        """Let rows about any row, such as letters, be about another one."""
        kind = ContentType.objects.get_for_model(one)
        rows = model._base_manager.filter(content_type=kind, object_id=str(one.pk))
        if keys := list(rows.values_list("pk", flat=True)):
            self.note("about", model=model, keys=keys, of=type(one), was=one.pk, to=other.pk)
            model._base_manager.filter(pk__in=keys).update(object_id=str(other.pk))

    def change(self, row, strict=False, **values):
        """Change a tracked row. `strict`: whoever changes it again makes an undo impossible."""
        for name, value in values.items():
            setattr(row, name, value)
        save(row, by=self.by, reason=self.why)
        columns = [row._meta.get_field(name).attname for name in values]
        version = _version(row)
        self.note(
            "change", model=type(row), key=row.pk, columns=columns, strict=strict, version=version
        )

    def add(self, row):
        """Save a new tracked row."""
        save(row, by=self.by, reason=self.why)
        self.note("add", model=type(row), key=row.pk, strict=True)

    def remove(self, row):
        """Delete a row; one that is not tracked has nothing but keys."""
        key, step = row.pk, {}
        if not _is_tracked(type(row)):
            step["row"] = {
                one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields
            }
        row._history_user, row._change_reason = self.by, self.why
        row.delete()
        if _is_tracked(type(row)):
            step["version"] = _history(type(row), key).latest().history_id
        self.note("remove", model=type(row), key=key, **step)

    def note(self, kind, **facts):
        """Write a step down; a model as its label. A kind of one's own needs `undoes`."""
        labels = {key: v._meta.label if isinstance(v, type) else v for key, v in facts.items()}
        self.steps.append({"do": kind, **labels})

    def done(self):
        """Store what was done; returns the Merge."""
        for step in self.steps:
            if step.get("strict"):
                step["latest"] = _history(apps.get_model(step["model"]), step["key"]).latest().pk
        try:
            with transaction.atomic():
                merge = Merge.objects.create(
                    object=self.kept,
                    merged_id=str(self.other_key),
                    by=self.by,
                    reason=self.reason,
                    steps=self.steps,
                )
        except IntegrityError:
            raise Conflict(_("Somebody has merged them in the meantime."), code="gone") from None
        told = _("record %(key)s") % {"key": self.other_key}
        log_access(Access.MERGED, self.kept, by=self.by, fields=told, reason=self.reason)
        return merge

    def remove_other(self):
        """Delete the second row, to which nothing points any more; its old addresses lead to the first."""
        slug = getattr(self.other, "slug", None)
        self.remove(self.other)
        if slug:
            kind = ContentType.objects.get_for_model(self.kept)
            old = SlugRedirect.objects.create(
                content_type=kind, object_id=str(self.kept.pk), slug=slug
            )
            self.note("redirect", key=old.pk)


def one_act(merge):
    """A merge as one transaction; where something recorded meanwhile stands in its way it is refused."""

    @wraps(merge)
    def merged(**options):
        try:
            with transaction.atomic():
                return merge(**options)
        except IntegrityError:
            raise Conflict(
                _("What somebody has recorded meanwhile stands in the way: look at both again."),
                code="stands",
            ) from None

    return merged


@one_act
def merge_rows(*, kept, other, by, values=(), reason="", check=None):
    """Merge a row of a table of plain things (a place, a programme): the second one is deleted.

    `values`: the columns of which the second's value counts. `check(merger)` raises a Refusal.
    """
    merger = Merger(kept, other, by=by, reason=reason)
    if check:
        check(merger)
    merger.relations()
    taken = {name: getattr(merger.other, name) for name in values}
    merger.remove_other()
    if taken:
        merger.change(merger.kept, **taken)
    return merger.done()


def lacking(kept, other, names):
    """Those of the columns that the first row lacks and the second has."""
    return [
        name
        for name in names
        if _is_empty(getattr(kept, kept._meta.get_field(name).attname))
        and not _is_empty(getattr(other, kept._meta.get_field(name).attname))
    ]


def _point(model, name, rows, to, *, by, why):
    for row in rows:
        setattr(row, name, to)
        row._history_user, row._change_reason = by, why
    if not _is_tracked(model):
        rows_written.send(model, fields=[name])
        keys = [row.pk for row in rows]
        model._base_manager.filter(pk__in=keys).update(**{name: to})
    elif model._default_manager.filter(pk__in=[row.pk for row in rows]).count() == len(rows):
        bulk_update(rows, [name], by=by)
    else:  # some of them are in no list any more
        for row in rows:
            row.save()


def _is_tracked(model):
    return hasattr(model._meta, "simple_history_manager_attribute")


def _history(model, key):
    manager = getattr(model, model._meta.simple_history_manager_attribute)
    return manager.filter(**{model._meta.pk.attname: key})


def _version(row):
    return _history(type(row), row.pk).latest().history_id


# --- Taking it back -------------------------------------------------------------------------------


def may_undo(merge, user):
    """Whether the user may take this merge back, if it is still possible."""
    kept = merge.object
    if type(kept) not in _acts:
        return False
    (rights, act), _closed = _acts[type(kept)]
    return rights.may(user, act, kept)


@transaction.atomic
def undo(*, merge, by):
    """Take a merge back: everything that was moved goes where it was.

    Raises Refusal when the week is over, or when what was done since makes it impossible.
    """
    model = merge.content_type.model_class()
    (rights, act), _closed = _acts[model]
    rights.require(by, act, merge.object)
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at:
        raise Conflict(_("This merge was undone already."), code="undone")
    if timezone.now() - merge.at > UNDO_WITHIN:
        raise Refusal(_("A merge can be undone for a week; this one is older."), code="late")
    rows = model._base_manager.select_for_update(of=("self",)).order_by("pk")
    list(rows.filter(pk__in=(merge.object_id, merge.merged_id)))
    kept = model._default_manager.filter(pk=merge.object_id).first()
    if kept is None:
        raise Refusal(
            _("The record that stayed was merged or deleted since: undo that first."), code="gone"
        )
    if getattr(kept, "anonymised_at", None):
        raise Refusal(
            _("The person was erased since: nothing is left of either record."), code="erased"
        )
    later = Merge.objects.of(kept).filter(pk__gt=merge.pk)
    if later.exists():
        raise Refusal(_("Another record was merged into it since: undo that first."), code="later")
    context = Undoing(model, kept, merge.merged_id, by, _("merge undone"), merge.at)
    for step in merge.steps:
        if step.get("strict"):
            _refuse_changed(step)
    try:
        with transaction.atomic():
            for step in reversed(merge.steps):
                _undoing[step["do"]](step, context)
    except IntegrityError:
        raise Refusal(
            _("Something that was recorded since stands in its way: it cannot be undone."),
            code="stands",
        ) from None
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    told = _("record %(key)s") % {"key": merge.merged_id}
    log_access(Access.SEPARATED, kept, by=by, fields=told)
    return merge


def close_old():
    """Forget the steps of merges that can no longer be undone; returns how many."""
    found = list(Merge.objects.over().order_by("pk"))
    for merge in found:
        with transaction.atomic():
            closed = _acts[merge.content_type.model_class()][1]
            if closed:
                closed(merge)
            merge.steps = []
            merge.save(update_fields=["steps"])
    return len(found)


@dataclass
class Undoing:
    """An undo that is being done."""

    model: type
    kept: object
    other_key: str
    by: object
    why: str
    at: object  # when the merge was made

    @property
    def other(self):
        return self.model._base_manager.get(pk=self.other_key)


def _refuse_since(model, count=1):
    raise Refusal(
        _("%(table)s: %(count)d that belonged to the merge were changed or deleted since."),
        params={"table": capfirst(str(model._meta.verbose_name_plural)), "count": count},
        code="since",
    )


def _refuse_changed(step):
    """Of some rows nothing may have changed since: the seat that two were put together in."""
    model = apps.get_model(step["model"])
    latest = _history(model, step["key"]).latest()
    if latest.pk != step["latest"] or latest.history_type == "-":
        _refuse_since(model)


@undoes("move")
def _move_back(step, undoing):
    model, name = apps.get_model(step["model"]), step["name"]
    column = model._meta.get_field(name)
    rows = list(model._base_manager.filter(pk__in=step["keys"], **{column.attname: step["to"]}))
    if len(rows) < len(step["keys"]):
        _refuse_since(model, len(step["keys"]) - len(rows))
    to = column.related_model._base_manager.get(pk=step["was"])
    _point(model, name, rows, to, by=undoing.by, why=undoing.why)


@undoes("about")
def _move_about_back(step, undoing):
    model = apps.get_model(step["model"])
    rows = model._base_manager.filter(pk__in=step["keys"], object_id=str(step["to"]))
    rows.update(object_id=str(step["was"]))


@undoes("change")
def _change_back(step, undoing):
    """What was changed again since stays as it is now."""
    model = apps.get_model(step["model"])
    row = model._base_manager.filter(pk=step["key"]).first()
    history = _history(model, step["key"])
    written = history.filter(history_id=step["version"]).first()
    before = written and written.prev_record
    if row is None or before is None:
        _refuse_since(model)
    for name in step["columns"]:
        if getattr(row, name) == getattr(written, name):
            setattr(row, name, getattr(before, name))
    save(row, by=undoing.by, reason=undoing.why)


@undoes("add")
def _remove_again(step, undoing):
    row = apps.get_model(step["model"])._base_manager.get(pk=step["key"])
    row._history_user, row._change_reason = undoing.by, undoing.why
    row.delete()


@undoes("remove")
def _add_again(step, undoing):
    model = apps.get_model(step["model"])
    if "row" in step:
        rows_written.send(model, fields=())
        model._base_manager.bulk_create([model(**step["row"])])
        return
    row = _history(model, step["key"]).get(history_id=step["version"]).instance
    row.pk = step["key"]
    row._state.adding = True
    save(row, by=undoing.by, reason=undoing.why)


@undoes("redirect")
def _no_redirect(step, undoing):
    SlugRedirect.objects.filter(pk=step["key"]).delete()

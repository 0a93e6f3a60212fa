"""What may still name somebody after their rows are erased: files that were made or put in, tasks, letters
to others, words of the access log, sentences about others and older versions of texts. No key leads there,
so it is looked for by what somebody is called.

Of one person the database asks for the texts; of hundreds it would ask each row for each text, so all rows
are read once, a few at a time, and what each says is looked up by its words (izmek/text/sought.py).
"""

import json
import re
from functools import reduce
from operator import or_

from django.contrib.admin.models import LogEntry
from django.db.models import CharField, Q, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import Contains, Regex
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from izmek.acts import imports, jobs
from izmek.acts.after_commit import after_commit
from izmek.acts.audit import forget_details
from izmek.acts.bulk import rows_written
from izmek.acts.enums import PROTECTED, ImportState
from izmek.models import AboutObject, AccessLog, Job, Letter, Merge, Override, SheetImport, SheetRow
from izmek.privacy import record
from izmek.text import masks
from izmek.text.phones import PhoneField
from izmek.text.sought import SoughtTexts

# Columns of the kernel's tables in which staff or the program may have written a name.
TEXTS = {
    Letter: ("to", "subject", "text", "error"),
    LogEntry: ("object_repr", "change_message"),
    DBTaskResult: ("traceback", "args_kwargs", "return_value"),
}
AT_ONCE = 2_000  # rows that are read at a time
FEW = 40  # texts for which the database is asked


def waits_for_lists():
    """Why nobody is erased at this moment, as sentences: a list that is in work may hold them."""
    names = SheetImport.objects.in_work().values_list("name", flat=True)
    return [
        _(
            "The list “%(name)s” is being read or written just now, and may hold this person: wait until "
            "it is done."
        )
        % {"name": name}
        for name in names
    ]


def forget_leftovers(texts, *, keys=(), fresh=True):
    """Forget where these texts stand (names, phones, e-mail addresses of somebody who is erased).

    Sentences about others stay without them. Files of jobs go all, those that are being made as well: what
    is printed or taken out is made again within minutes. Of lists that were put in, those go in which the
    person was found – by a text, or because their row was written (`keys`) – and those that nobody has
    looked at yet, whoever works on them; without `fresh` neither these nor the files of jobs, which end by
    themselves. Needs a transaction;
    files go after it.
    """
    sought = SoughtTexts(texts)
    for model, columns in TEXTS.items():
        among(sought, model._base_manager.all(), columns).delete()
    for model in (Override, Merge):
        among(sought, model._base_manager.exclude(reason=""), ["reason"]).update(reason="")
    said = AccessLog.objects.exclude(fields__in=["", *PROTECTED], reason="")
    forget_details(among(sought, said, ("fields", "reason")))
    for model, columns in _sentences():
        _take_out(sought, model, columns)
    found = SheetRow.objects.filter(
        Q(pk__in=among(sought, SheetRow.objects, ("shown", "problems", "notes", "choices")))
        | Q(target__in=map(str, keys))
    )
    lists = SheetImport.objects.filter(
        Q(pk__in=found.values("sheet"))
        | (Q(state=ImportState.COLUMNS) if fresh else Q(pk__in=[]))
        | Q(pk__in=among(sought, SheetImport.objects, ["name"]))
    )
    if not fresh:
        lists = lists.exclude(pk__in=SheetImport.objects.in_work().values("pk"))
    for row in lists:
        after_commit(imports.forget, row)
    for job in among(sought, Job.objects, ("options", "words", "error")):
        after_commit(jobs.forget, job)
    if fresh:
        after_commit(jobs.give_up_all)


def _sentences():
    """(table, columns): where staff and citizens write sentences, and older versions of all texts.

    Texts that visitors read now are mended by who writes them: before somebody is erased they are shown.
    """
    for declaration in record.records():
        model = declaration.model
        if not issubclass(model, AboutObject):  # these are seen to above
            words = [name for name, one in declaration.personal.items() if one.mask is masks.words]
            if words:
                yield model, words
            if history := getattr(model, "history", None):
                texts = [one.name for one in history.model._meta.fields if _is_prose(one)]
                yield history.model, [name for name in texts if name not in _gone(declaration)]


def _gone(declaration):
    """What the rows of somebody lose otherwise: names, contact."""
    return {name for name, one in declaration.goes.items() if one.mask is not masks.words}


def _is_prose(column):
    of_words = isinstance(column, CharField | TextField) and not isinstance(column, PhoneField)
    return of_words and not column.choices


def _take_out(sought, model, columns):
    written = reduce(or_, (~Q(**{name: ""}) & ~Q(**{name: None}) for name in columns))
    changed = set()
    for key, told in list(_read(sought, model._base_manager.filter(written), columns)):
        news = {
            name: sought.taken_out(text)
            for name, text in zip(columns, told, strict=True)
            if sought.stand_in(text)
        }
        if news:
            model._base_manager.filter(pk=key).update(**news)
            changed |= news.keys()
    if changed and record.base_of(model) is model:
        rows_written.send(sender=model, fields=changed)


def among(sought, rows, columns):
    """The rows (of a QuerySet or a manager) in which one of the texts stands in one of the columns."""
    found = (key for key, told in _read(sought, rows, columns) if any(map(sought.stand_in, told)))
    return rows.model._base_manager.filter(pk__in=list(found))


def _read(sought, rows, columns):
    """(key, [text]) of the rows that may hold one of the texts, a few at a time."""
    if not sought:
        return
    if len(sought) <= FEW:
        rows = rows.filter(_may_hold(sought.pattern(), columns))
    for key, *told in rows.order_by().values_list("pk", *columns).iterator(AT_ONCE):
        yield key, [_as_text(one) if one else "" for one in told]


def _as_text(value):
    """What a column says, with the letters that JSON may have spelled by their numbers."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    if isinstance(value, str):
        return value
    return re.sub(r"\\[a-z]", " ", json.dumps(value, ensure_ascii=False))


def _may_hold(pattern, columns):
    """A Q: the pattern fits one of the columns, or JSON spells letters there by their numbers."""
    texts = [Cast(name, TextField()) for name in columns]
    rules = [Q(rule) for text in texts for rule in (Regex(text, pattern), Contains(text, "\\u"))]
    return reduce(or_, rules, Q(pk__in=[]))

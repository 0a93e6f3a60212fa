"""What may still name somebody after their rows are erased: files that were made or put in, tasks, letters
to others, words of the access log. No key leads there, so it is looked for by what somebody is called.
"""

import json
import re
from functools import partial, reduce
from operator import or_

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import JSONField, Q, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import Contains
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from izmek.acts import imports, jobs
from izmek.acts.audit import forget_details
from izmek.acts.enums import ImportState
from izmek.models import AccessLog, Job, Letter, Merge, Override, SheetImport, SheetRow

# Columns of the kernel's tables in which staff or the program may have written a name.
TEXTS = {
    Letter: ("to", "subject", "text", "error"),
    LogEntry: ("object_repr", "change_message"),
    DBTaskResult: ("traceback", "args_kwargs", "return_value"),
}


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

    Files of jobs go all, those that are being made as well: what is printed or taken out is made again
    within minutes. Of lists that were put in, those go in which the person was found – by a text, or
    because their row was written (`keys`) – and those that nobody has looked at yet, whoever works on
    them; without `fresh` neither these nor the files of jobs, which end by themselves. Needs a transaction;
    files go after it.
    """
    texts = [text for text in texts if text]
    for model, columns in TEXTS.items():
        _where(model, texts, columns).delete()
    for model in (Override, Merge):
        _where(model, texts, ("reason",)).update(reason="")
    forget_details(_where(AccessLog, texts, ("fields", "reason")))
    found = SheetRow.objects.filter(
        Q(pk__in=_where(SheetRow, texts, ("shown", "problems", "notes", "choices")).values("pk"))
        | Q(target__in=map(str, keys))
    )
    lists = SheetImport.objects.filter(
        Q(pk__in=found.values("sheet"))
        | (Q(state=ImportState.COLUMNS) if fresh else Q(pk__in=[]))
        | Q(pk__in=_where(SheetImport, texts, ("name",)).values("pk"))
    )
    if not fresh:
        lists = lists.exclude(pk__in=SheetImport.objects.in_work().values("pk"))
    for row in lists:
        transaction.on_commit(partial(imports.forget, row), robust=True)
    for job in _where(Job, texts, ("options", "words", "error")):
        transaction.on_commit(partial(jobs.forget, job), robust=True)
    if fresh:
        transaction.on_commit(jobs.give_up_all, robust=True)


def _where(model, texts, columns):
    """The rows in which one of the texts stands as a word of its own: “Ali Can” not in “Ali Candan”."""
    if not texts:
        return model._base_manager.none()
    word = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, texts))})(?![^\W_])")
    rows = model._base_manager.filter(_holds(model, texts, columns)).values_list("pk", *columns)
    keys = [key for key, *told in rows.iterator() if any(word.search(_read(one)) for one in told)]
    return model._base_manager.filter(pk__in=keys)


def _read(value):
    """What a column says, with the letters that JSON may have spelled by their numbers."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    if isinstance(value, str):
        return value
    return re.sub(r"\\[a-z]", " ", json.dumps(value, ensure_ascii=False))


def _holds(model, texts, columns):
    """A Q: one of the texts stands in one of the columns. Each is asked in both spellings of JSON, which
    also stands in columns of text.
    """
    rules = []
    for name in columns:
        is_json = isinstance(model._meta.get_field(name), JSONField)
        for spelled in {each for text in texts for each in (text, json.dumps(text)[1:-1])}:
            rules.append(
                Q(Contains(Cast(name, TextField()), spelled))
                if is_json
                else Q(**{f"{name}__contains": spelled})
            )
    return reduce(or_, rules, Q(pk__in=[]))

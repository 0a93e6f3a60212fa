"""What may still name somebody after their rows are erased: files that were made or put in, tasks, letters
to others, words of the access log. No key leads there, so it is looked for by what somebody is called.
"""

import json
from functools import partial, reduce
from operator import or_

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import JSONField, Q, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import Contains
from django_tasks_db.models import DBTaskResult

from izmek.acts import imports, jobs
from izmek.acts.audit import forget_details
from izmek.acts.enums import ImportState, JobState
from izmek.models import AccessLog, Job, Letter, Merge, Override, SheetImport, SheetRow

# Columns of the kernel's tables in which staff or the program may have written a name.
TEXTS = {
    Letter: ("to", "subject", "text", "error"),
    LogEntry: ("object_repr", "change_message"),
    DBTaskResult: ("traceback", "args_kwargs", "return_value"),
}


def forget_leftovers(texts, *, keys=()):
    """Forget where these texts stand (names, phones, e-mail addresses of somebody who is erased).

    Files of jobs go all: what is printed or taken out is made again within minutes. Of lists that were put
    in, those go in which the person was found – by a text, or because their row was written (`keys`) – and
    those that nobody has looked at yet. Needs a transaction; files go after it.
    """
    texts = [text for text in texts if text]
    for model, columns in TEXTS.items():
        model._base_manager.filter(_holds(model, texts, columns)).delete()
    for model in (Override, Merge):
        model._base_manager.filter(_holds(model, texts, ("reason",))).update(reason="")
    forget_details(AccessLog.objects.filter(_holds(AccessLog, texts, ("fields", "reason"))))
    found = SheetRow.objects.filter(
        _holds(SheetRow, texts, ("shown", "problems", "notes", "choices"))
        | Q(target__in=map(str, keys))
    )
    lists = SheetImport.objects.filter(
        Q(pk__in=found.values("sheet"))
        | Q(state=ImportState.COLUMNS)
        | _holds(SheetImport, texts, ("name",))
    )
    for row in lists.exclude(state__in=ImportState.working()):
        transaction.on_commit(partial(imports.forget, row), robust=True)
    for job in Job.objects.exclude(state__in=JobState.open()):
        transaction.on_commit(partial(jobs.forget, job), robust=True)


def _holds(model, texts, columns):
    """A Q: one of the texts stands in one of the columns. JSON is asked as text, in both its spellings."""
    rules = []
    for name in columns:
        column = model._meta.get_field(name)
        for text in texts:
            if isinstance(column, JSONField):
                spelled = {text, json.dumps(text)[1:-1]}
                rules += [Q(Contains(Cast(name, TextField()), one)) for one in spelled]
            else:
                rules.append(Q(**{f"{name}__contains": text}))
    return reduce(or_, rules, Q(pk__in=[]))

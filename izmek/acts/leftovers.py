"""What may still name somebody after their rows are erased: files that were made or put in, tasks, letters
to others, words of the access log. No key leads there, so it is looked for by what somebody is called.

Of one person the database asks for the texts; of hundreds it would ask each row for each text, so all rows
are read once, a few at a time, and what each says is looked up by its words.
"""

import json
import re
from collections import defaultdict
from functools import reduce
from operator import or_

from django.contrib.admin.models import LogEntry
from django.db.models import JSONField, Q, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import Contains
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from izmek.acts import imports, jobs
from izmek.acts.after_commit import after_commit
from izmek.acts.audit import forget_details
from izmek.acts.enums import PROTECTED, ImportState
from izmek.models import AccessLog, Job, Letter, Merge, Override, SheetImport, SheetRow

# Columns of the kernel's tables in which staff or the program may have written a name.
TEXTS = {
    Letter: ("to", "subject", "text", "error"),
    LogEntry: ("object_repr", "change_message"),
    DBTaskResult: ("traceback", "args_kwargs", "return_value"),
}
AT_ONCE = 2_000  # rows that are read at a time
FEW = 40  # texts for which the database is asked
RUN = re.compile(r"[^\W_]+")  # letters and figures without a gap


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
    wanted = SoughtTexts(texts)
    for model, columns in TEXTS.items():
        wanted.among(model._base_manager.all(), columns).delete()
    for model in (Override, Merge):
        wanted.among(model._base_manager.exclude(reason=""), ["reason"]).update(reason="")
    said = AccessLog.objects.exclude(fields__in=["", *PROTECTED], reason="")
    forget_details(wanted.among(said, ("fields", "reason")))
    found = SheetRow.objects.filter(
        Q(pk__in=wanted.among(SheetRow.objects, ("shown", "problems", "notes", "choices")))
        | Q(target__in=map(str, keys))
    )
    lists = SheetImport.objects.filter(
        Q(pk__in=found.values("sheet"))
        | (Q(state=ImportState.COLUMNS) if fresh else Q(pk__in=[]))
        | Q(pk__in=wanted.among(SheetImport.objects, ["name"]))
    )
    if not fresh:
        lists = lists.exclude(pk__in=SheetImport.objects.in_work().values("pk"))
    for row in lists:
        after_commit(imports.forget, row)
    for job in wanted.among(Job.objects, ("options", "words", "error")):
        after_commit(jobs.forget, job)
    if fresh:
        after_commit(jobs.give_up_all)


class SoughtTexts:
    """Texts that are looked for, each as a word of its own: “Ali Can” not in “Ali Candan”."""

    def __init__(self, texts):
        self.texts = list(dict.fromkeys(texts))
        # {its first word: [(what fits the text, where that word begins)]}
        self.by_word = defaultdict(list)
        for text in self.texts:
            if first := RUN.search(text):
                fits = re.compile(rf"(?<![^\W_]){re.escape(text)}(?![^\W_])")
                self.by_word[first[0]].append((fits, first.start()))

    def among(self, rows, columns):
        """The rows (of a QuerySet or a manager) in which one of the texts stands in one of the columns."""
        if not self.by_word:
            return rows.none()
        read = rows.filter(_holds(rows.model, self.texts, columns)) if self._few else rows.all()
        read = read.order_by().values_list("pk", *columns)
        keys = [
            key
            for key, *told in read.iterator(AT_ONCE)
            if any(one and self.stands_in(_read(one)) for one in told)
        ]
        return rows.model._base_manager.filter(pk__in=keys)

    def stands_in(self, told):
        if self.by_word.keys().isdisjoint(RUN.findall(told)):
            return False
        return any(
            run.start() >= before and fits.match(told, run.start() - before)
            for run in RUN.finditer(told)
            for fits, before in self.by_word.get(run[0], ())
        )

    @property
    def _few(self):
        return len(self.texts) <= FEW


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

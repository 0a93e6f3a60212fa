"""`python -m benchmarks plans`: how PostgreSQL answers what the rows ask.

Every row is asked once inside this program, made anew. `check` looks at the plan of each query: none may
read a large table from end to end. The plans of the queries that take longest, run once more with
EXPLAIN (ANALYZE, BUFFERS), are written to `benchmarks/plans/`.
"""

import json
import re
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import django

django.setup()

from django.core.cache import cache  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks import rows  # noqa: E402
from benchmarks.load import Answer, expect  # noqa: E402
from benchmarks.town import Town  # noqa: E402
from izmek.privacy import destruction  # noqa: E402

FOLDER = Path(__file__).parent / "plans"
HOTTEST = 20
LARGE = 10_000  # rows
# What may be read whole, by the beginning of a row's name: a town of 50,000 seats is small for these.
ALLOWED = {
    "accesslog list": {"izmek_accesslog"},  # counted exactly; estimated only where it is larger
    "trainee list (": {"trainees_trainee"},  # so are these; a search of them is not allowed to
    "session list": {"courses_session"},
    "rollcall list": {"trainees_rollcall", "courses_session"},
    "mark list": {"trainees_mark", "trainees_enrolment"},
    "absence list": {"trainees_absence"},  # a year of two is half of it
    # By night: who has no course of late is most of the town, so the seats are read once for a batch.
    "retention, people": {"trainees_trainee", "trainees_enrolment", "trainees_application"},
    "retention, contact": {"trainees_trainee", "trainees_enrolment", "trainees_application"},
    # Once for 200 people. An index on addresses would be written at every enrolment for this alone, and
    # of what letters, the log, reasons and older versions say in words nothing is found by an index.
    "retention, erasing": {
        *("trainees_trainee", "izmek_accesslog", "izmek_letter", "courses_session"),
        *("trainees_enrolment", "trainees_absence", "trainees_application"),
        *("courses_historicalsession", "trainees_historicaltrainee", "trainees_historicalmark"),
        *("trainees_historicalenrolment", "trainees_historicalabsence"),
        *("trainees_historicalapplication", "trainees_historicalrollcall"),
    },
}


def allowed(row, table):
    return any(row.startswith(name) and table in tables for name, tables in ALLOWED.items())


class InProcess:
    """A browser without a server: its requests are answered in this program."""

    def __init__(self, cookies=None):
        self.client = Client(raise_request_exception=False)
        self.client.cookies.load(cookies or {})

    def get(self, path, **headers):
        return self._answer(self.client.get(path, headers=headers))

    def post(self, path, fields, **headers):
        return self._answer(self.client.post(path, fields, headers=headers))

    @staticmethod
    def _answer(answer):
        headers = {name.lower(): value for name, value in answer.items()}
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return Answer(answer.status_code, headers, body, 0)


@dataclass
class Query:
    """A statement, whatever its values; with those of the time that it took longest."""

    sql: str
    values: tuple = ()
    longest: float = 0.0
    total: float = 0.0
    rows: dict = field(default_factory=dict)  # the names of the rows that ask it

    def explain(self, how):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN ({how}) {self.sql}", self.values)
            return cursor.fetchall()

    def scans(self, large):
        """The large tables that its plan reads from end to end."""
        plan = self.explain("FORMAT JSON")[0][0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        return {
            node["Relation Name"]
            for node in _nodes(plan[0]["Plan"])
            if node["Node Type"] == "Seq Scan" and node["Relation Name"] in large
        }


def _nodes(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def short(sql):
    """A statement with three dots for many values."""
    return re.sub(r"(%s, )+%s", "…", sql)


class Watch:
    """Collects the queries that are asked."""

    def __init__(self):
        self.queries, self.row = {}, ""

    def __call__(self, execute, sql, values, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, values, many, context)
        finally:
            took = time.perf_counter() - began
            if sql.lstrip().startswith("SELECT") and not many:
                key = short(re.sub(r"\b\d+\b", "0", sql))
                query = self.queries.setdefault(key, Query(sql))
                query.total += took
                query.rows[self.row] = True
                if took > query.longest:
                    query.sql, query.values, query.longest = sql, values, took


def asked(town):
    """(name, how to ask) for every row but the heavy ones."""
    for name, _user, where in rows.PAGES:
        yield name, lambda where=where: expect(town.visitor.get(where(town)), 200)
    for name, user, where in rows.STAFF:
        browser = town.signed_in(user)
        yield name, lambda where=where, browser=browser: expect(browser.get(where(town)), 200)
    for name, user, how in rows.ACTS:
        browser = town.signed_in(user)
        yield name, lambda how=how, browser=browser: how(town, browser)
    for kind in destruction.kinds():
        yield f"retention, {kind.key}", lambda kind=kind: first_batch(kind)
    town.long_gone(destruction.AT_ONCE)
    yield "retention, erasing", erase_and_undo
    for user in ("yonetici", "merkez"):
        for name, ask in rows.admin_lists(town, user, every=False):
            yield f"{name} ({user})", ask


def first_batch(kind):
    destruction.count(kind)
    keys = destruction.over(kind).order_by("pk").values_list("pk", flat=True)
    list(keys[: destruction.AT_ONCE])


def erase_and_undo():
    with transaction.atomic():
        destruction.destroy_expired(only="people")
        transaction.set_rollback(True)


def watched(town):
    """The Query of each statement that the rows ask."""
    watch = Watch()
    for name, ask in list(asked(town)):
        ask()  # what is looked up for the benchmark itself is known now
        cache.clear()
        watch.row = name
        with connection.execute_wrapper(watch):
            ask()
    return list(watch.queries.values())


def large_tables():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= %s", [LARGE]
        )
        return {name for (name,) in cursor.fetchall()}


def check(queries):
    """Sentences on each query whose plan reads a large table from end to end."""
    large, found = large_tables(), defaultdict(set)
    for query in queries:
        for table in query.scans(large):
            for row in query.rows:
                if not allowed(row, table):
                    found[table].add(row)
    return [
        f"{table} is read whole for: {', '.join(sorted(rows))}" for table, rows in found.items()
    ]


def write(queries):
    """Write the plans of the hottest queries, the most costly first."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    hottest = sorted(queries, key=lambda query: -query.total)[:HOTTEST]
    for index, query in enumerate(hottest, 1):
        first = re.sub(r"\W+", "-", next(iter(query.rows))).strip("-").lower()
        plan = "\n".join(line for (line,) in query.explain("ANALYZE, BUFFERS"))
        about = f"Asked by: {', '.join(query.rows)}\n{query.total * 1000:.0f} ms in all of them"
        (FOLDER / f"{index:02}-{first}.txt").write_text(
            f"{about}\n\n{short(query.sql)}\n\n{plan}\n"
        )


def main():
    town = Town(InProcess)
    queries = watched(town)
    if "write" in sys.argv[1:]:
        write(queries)
    problems = check(queries)
    for problem in problems:
        print(problem)
    print(f"{len(queries)} queries looked at.")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()

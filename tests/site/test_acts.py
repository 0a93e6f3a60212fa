"""What changes something asks who may do it: read from the source of all services, not from a list.

The tests of each table of rights (such as tests/courses/test_rights.py) do every act with every role.
This one says that nothing stands beside the tables: no service that asks nobody, no row that nobody asks.
"""

import ast
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

import courses.rights
import exhibitions.rights
import izmek.accounts.rights
import trainees.rights

ROOT = Path(__file__).parents[2]
TABLES = {
    "courses": courses.rights.RIGHTS,
    "trainees": trainees.rights.RIGHTS,
    "exhibitions": exhibitions.rights.RIGHTS,
    "izmek/accounts": izmek.accounts.rights.RIGHTS,
}
FOLDERS = ("courses/services", "trainees/services", "exhibitions/services")
FOLDERS += ("izmek/acts", "izmek/accounts", "izmek/privacy")
ASKING = {"require", "may", "rows", "acting"}
WRITING = {
    *("save", "delete", "create", "get_or_create", "update_or_create", "update", "set"),
    *("bulk_create", "bulk_update", "upsert", "save_once", "log_access", "write", "merge_rows"),
}

INSIDE = "a step of acts that have asked"
TOOL = "how acts write, look and note: whoever calls it has asked"
SYSTEM = "done by the system alone: no page and no user calls it"
# What changes rows and asks nobody: (module, name) → why it need not.
ASKS_NOBODY = {
    ("courses/services/bookings.py", "book"): INSIDE,
    ("courses/services/lessons.py", "replace_sessions"): INSIDE,
    ("courses/services/teachers.py", "note_account"): TOOL,
    ("exhibitions/services/data_requests.py", "note_in_requests"): INSIDE,
    ("exhibitions/services/named_texts.py", "find_named_texts"): SYSTEM,
    ("exhibitions/services/named_texts.py", "look_for_name"): SYSTEM,
    **{
        ("izmek/acts/audit.py", name): TOOL
        for name in ("log_access", "log_access_to_many", "log_look")
    },
    **{("izmek/acts/bulk.py", name): TOOL for name in ("bulk_create", "bulk_update", "upsert")},
    ("izmek/acts/jobs.py", "order"): "asks the kind of the job, which looks into its own table",
    ("izmek/acts/merging.py", "merge_rows"): TOOL,
    ("izmek/acts/saving.py", "save"): TOOL,
    ("izmek/acts/sent_late.py", "check_shown"): TOOL,
    ("izmek/acts/sent_once.py", "save_once"): TOOL,
    ("izmek/accounts/given_roles.py", "note_change"): TOOL,
    ("izmek/privacy/destruction.py", "destroy_expired"): SYSTEM,
    ("trainees/services/admission_rules.py", "write_overrides"): INSIDE,
    ("trainees/services/calls.py", "call_after_message"): SYSTEM,
    ("trainees/services/on_course_events.py", "tell_and_close"): INSIDE,
    ("trainees/services/on_course_events.py", "join_on_the_new_first_day"): INSIDE,
    ("trainees/services/on_course_events.py", "take_over_who_signs"): INSIDE,
    ("trainees/services/people.py", "put_identity"): INSIDE,
    ("trainees/services/people.py", "put_many_identities"): INSIDE,
    ("trainees/services/people.py", "put_guardian"): INSIDE,
    ("trainees/services/people.py", "fill_guardian"): INSIDE,
    ("trainees/services/people.py", "put_support"): INSIDE,
    ("trainees/services/people.py", "change_many"): INSIDE,
    ("trainees/services/seats.py", "put_in_seat"): INSIDE,
    ("trainees/services/transitions.py", "move"): INSIDE,
    ("trainees/services/waiting_list.py", "advance_queue"): SYSTEM,
    ("trainees/services/waiting_list.py", "close_applications"): INSIDE,
    ("trainees/services/waiting_list.py", "turn_down"): INSIDE,
}


@cache
def parsed(path):
    return ast.parse((ROOT / path).read_text())


def modules(*folders):
    """The paths of the modules in some folders, from the root."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix()


def functions(path):
    """{name: its tree} of the functions of a module."""
    return {one.name: one for one in parsed(path).body if isinstance(one, ast.FunctionDef)}


def is_act(function):
    """What somebody does to rows: it takes `by`, or is a transaction of its own."""
    names = {one.arg for one in chain(function.args.args, function.args.kwonlyargs)}
    atomic = any("atomic" in ast.unparse(one) for one in function.decorator_list)
    return not function.name.startswith("_") and ("by" in names or atomic)


def calls(function):
    """(name, call) of what a function calls, as it stands in the text."""
    found = [one for one in ast.walk(function) if isinstance(one, ast.Call)]
    for call in sorted(found, key=lambda one: (one.lineno, one.col_offset)):
        if isinstance(call.func, ast.Name | ast.Attribute):
            yield getattr(call.func, "id", None) or call.func.attr, call


def asks_first(function, path, seen=frozenset()):
    """Whether a function asks for a right before it writes, itself or by what it calls of its module."""
    beside = functions(path)
    for name, call in calls(function):
        if name in ASKING:
            return True
        if name in beside and name not in seen and asks_first(beside[name], path, seen | {name}):
            return True
        if name in WRITING and ast.unparse(call.func) != "set":  # Python's own
            return False
    return False


def acts(*folders):
    for path in modules(*folders):
        for name, function in functions(path).items():
            if is_act(function):
                yield path, name, function


def test_every_service_asks_for_the_right_before_it_writes():
    silent = {(path, name) for path, name, one in acts(*FOLDERS) if not asks_first(one, path)}
    assert silent - set(ASKS_NOBODY) == set(), "a service asks nobody who may do it"
    assert set(ASKS_NOBODY) - silent == set(), "no such service, or it asks by now"


def test_what_asks_nobody_is_called_by_no_page():
    """A step of other acts is theirs: a view, a page of the admin or a form would have asked nobody."""
    names = {name for (_path, name), why in ASKS_NOBODY.items() if why in (INSIDE, SYSTEM)}
    doors = {"views", "admin", "forms", "views.py", "forms.py"}
    found = set()
    for path in modules("courses", "trainees", "exhibitions", "izmek/site", "izmek/admin"):
        if doors & {*Path(path).parts}:
            found |= {(path, name) for name, _call in calls(parsed(path)) if name in names}
    assert found == set()


def words(path):
    """The texts that stand in a call of a module which asks for a right, or are given on to one."""
    for one in ast.walk(parsed(path)):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
        elif isinstance(one, ast.JoinedStr):  # "add_photo_of_{…}"
            yield "".join(
                part.value if isinstance(part, ast.Constant) else "*" for part in one.values
            )


@pytest.mark.parametrize("app", TABLES)
def test_every_row_of_a_table_of_rights_is_asked(app):
    """An act that nobody asks for protects nothing, and whoever reads the table believes that it does."""
    said = set()
    for path in modules("courses", "trainees", "exhibitions", "izmek"):
        if not path.endswith("rights.py") and "/migrations/" not in path:
            said |= {*words(path)}
    beginnings = tuple(one.partition("*")[0] for one in said if "_of_*" in one)
    unused = {
        act for act in TABLES[app] if act not in said and not (act + "*").startswith(beginnings)
    }
    assert unused == set()


def test_no_act_has_two_rows():
    names = [act for table in TABLES.values() for act in table]
    assert len(names) == len(set(names))

"""One name, one thing: who searches for a class finds one."""

import ast
from collections import defaultdict

from django.conf import settings

NAMED_BY_DJANGO = {"Command", "Migration"}  # it finds them by these very names


def test_no_class_name_is_given_twice():
    places = defaultdict(list)
    for package in ("izmek", "courses", "trainees", "exhibitions"):
        for file in (settings.BASE_DIR / package).rglob("*.py"):
            path = file.relative_to(settings.BASE_DIR)
            if "demo" in path.parts:
                continue
            for statement in ast.parse(file.read_text()).body:
                if isinstance(statement, ast.ClassDef) and statement.name not in NAMED_BY_DJANGO:
                    places[statement.name].append(str(path))
    assert places, "nothing was read"
    assert {name: found for name, found in places.items() if len(found) > 1} == {}

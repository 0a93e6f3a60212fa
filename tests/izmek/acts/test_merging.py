"""Rows that are merged and separated again: nothing that points to them is forgotten."""

import pytest
from django.apps import apps

from izmek.acts.merging import ABOUT, RELATIONS, STAYS, mergeable, relations_of
from izmek.models import AboutObject


@pytest.mark.parametrize("model", mergeable(), ids=lambda model: model.__name__)
def test_every_relation_to_what_can_be_merged_is_declared(model):
    """A new foreign key: say in `services/merging.py` of its app what becomes of its rows."""
    missing = [key for key in relations_of(model) if key not in RELATIONS]
    assert not missing


def test_nothing_is_declared_that_is_no_relation():
    known = {key for model in mergeable() for key in relations_of(model)}
    assert RELATIONS.keys() <= known


def test_rows_about_any_row_go_along_or_stay():
    """A new one: say in izmek/acts/merging.py which of both."""
    about = {model for model in apps.get_models() if issubclass(model, AboutObject)}
    assert about == {*ABOUT, *STAYS}


def test_what_can_be_merged():
    names = {model.__name__ for model in mergeable()}
    assert names == {"Trainee", "Teacher", "Neighbourhood", "Programme", "Technique"}

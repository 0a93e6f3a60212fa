"""Fields are written without templates, and are those that Django's templates write."""

from datetime import date, time

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from izmek.admin.rendering import Renderer

ODD = '"O\'ya" <b>&amp; iğne</b>'
VALUES = [None, "", "a", ODD, mark_safe("&amp;"), 1234, 0, 1.5, True, date(2026, 5, 1), time(9, 30)]
ATTRS = {"id": "id_x", "class": ODD, "required": True, "disabled": False, "maxlength": 1000}
WIDGETS = [
    *(forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput),
    *(
        forms.HiddenInput,
        forms.DateInput,
        forms.TimeInput,
        forms.DateTimeInput,
        forms.CheckboxInput,
    ),
    *(forms.FileInput, forms.Textarea),
]
CHOICES = [
    ("", "---------"),
    (1234, ODD),
    ("b", gettext_lazy("Course")),
    ("Group <1>", [("c", mark_safe("<i>c</i>")), ("d", 1234)]),
]


def same(widget, name, value):
    by_templates = widget.render(name, value, ATTRS, renderer=DjangoTemplates())
    assert widget.render(name, value, ATTRS, renderer=Renderer()) == by_templates


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("widget", WIDGETS)
def test_an_input_is_that_of_django(widget, value):
    same(widget(), "ad[]", value)
    same(widget(attrs={"placeholder": "<"}), "ad", value)


@pytest.mark.parametrize("value", [None, "", 1234, "b", "c", "nothing"])
@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple, forms.NullBooleanSelect])
def test_a_choice_is_that_of_django(widget, value):
    choices = {} if widget is forms.NullBooleanSelect else {"choices": CHOICES}
    same(widget(**choices), "ad", [value] if widget is forms.SelectMultiple else value)


def test_what_is_not_so_simple_is_left_to_the_templates():
    for widget in (forms.RadioSelect, forms.CheckboxSelectMultiple):
        same(widget(choices=CHOICES), "ad", ["b"])
    same(forms.SplitDateTimeWidget(), "ad", None)


def test_the_forms_of_the_site_are_written_by_it():
    assert isinstance(forms.Form().renderer, Renderer)

"""Phone numbers, from the form to the page (DOMAIN.md §4)."""

import pytest
from django import forms
from django.utils import translation
from phonenumber_field.formfields import PhoneNumberField

from izmek.text.phones import show, tel_uri


class PhoneForm(forms.Form):
    phone = PhoneNumberField(required=False)


def entered(text):
    form = PhoneForm({"phone": text})
    assert form.is_valid(), form.errors
    return form.cleaned_data["phone"]


@pytest.mark.parametrize(
    "text",
    [
        "05551234567",
        "0555 123 45 67",
        "0 (555) 123-45-67",
        "5551234567",
        "555 123 4567",
        "+905551234567",
        "+90 555 123 45 67",
        "00905551234567",
        "0090 (555) 123-45-67",
        "905551234567",
    ],
)
def test_one_number_in_every_spelling(text):
    phone = entered(text)
    assert str(phone.as_e164) == "+905551234567"
    assert show(phone) == "0555 123 45 67"
    assert tel_uri(phone) == "tel:+905551234567"


@pytest.mark.parametrize(
    ("text", "shown", "uri"),
    [
        ("0262 318 00 00", "0262 318 00 00", "tel:+902623180000"),
        ("0850 222 41 41", "0850 222 41 41", "tel:+908502224141"),
        ("444 41 41", "444 4 141", "tel:+904444141"),
        ("+49 30 901820", "+49 30 901820", "tel:+4930901820"),
        ("0049 30 901820", "+49 30 901820", "tel:+4930901820"),
        ("", "", ""),
    ],
)
def test_others(text, shown, uri):
    phone = entered(text)
    assert show(phone) == shown
    assert tel_uri(phone) == uri
    assert show(str(phone.as_e164) if phone else None) == shown


@pytest.mark.parametrize("text", ["112", "0555 123 45 6", "0555 123 45 678", "0555", "telefon yok"])
def test_no_number(text):
    with translation.override("tr"):
        form = PhoneForm({"phone": text})
        assert not form.is_valid()
        assert "telefon numarası" in form.errors["phone"][0]

"""Identity numbers: the vectors of DOMAIN.md §4, laws that hold for every number, keys that turn."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ValidationError
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from izmek.secrets import encryption, identity
from izmek.secrets.identity import IdentityKind

TCKN, YKN, PASSPORT = IdentityKind.TCKN, IdentityKind.YKN, IdentityKind.PASSPORT
OLD_KEY, NEW_KEY = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def with_check_digits(nine):
    """The rule of DOMAIN.md §4 written out once more, to hold the code against."""
    d = [int(digit) for digit in nine]
    tenth = ((d[0] + d[2] + d[4] + d[6] + d[8]) * 7 - (d[1] + d[3] + d[5] + d[7])) % 10
    return f"{nine}{tenth}{(sum(d) + tenth) % 10}"


first_nine = st.integers(100_000_000, 989_999_999).map(str)
citizens = first_nine.map(with_check_digits).filter(lambda number: len(set(number[:10])) > 1)
foreigners = st.integers(990_000_000, 999_999_998).map(str).map(with_check_digits)
passports = st.from_regex(r"[A-Z0-9]{5,15}", fullmatch=True).filter(
    lambda number: not (len(number) == 11 and number.isdigit())
)


def refusal(kind, text):
    with pytest.raises(ValidationError) as caught:
        identity.normalise(kind, text)
    return caught.value


@pytest.mark.parametrize("number", ["10000000146", "17291716060", "12345678950"])
def test_right_numbers(number):
    assert identity.normalise(TCKN, number) == number


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (TCKN, "17291716050", "check"),
        (TCKN, "10000000147", "check"),
        (TCKN, "00000000000", "zero"),
        (TCKN, "11111111110", "repeated"),
        (TCKN, "22222222220", "repeated"),
        (YKN, "99999999990", "repeated"),
        (TCKN, "1000000014", "length"),
        (TCKN, "100000001460", "length"),
        (TCKN, "", "digits"),
        (TCKN, "1000000014A", "digits"),
        (TCKN, "١٠٠٠٠٠٠٠١٤٦", "digits"),
        (TCKN, "１００００００0146", "digits"),
        (TCKN, "1000000014²", "digits"),
        (TCKN, with_check_digits("990000001"), "kind"),
        (YKN, "10000000146", "kind"),
        (PASSPORT, "U123", "length"),
        (PASSPORT, "U123456789012345", "length"),
        (PASSPORT, "U12-3456", "letters"),
        (PASSPORT, "Ş1234567", "letters"),
        (PASSPORT, "İ1234567", "letters"),
        (PASSPORT, "10000000146", "kind"),
        (PASSPORT, "10000000147", "kind"),
    ],
)
def test_wrong_numbers(kind, text, code):
    error = refusal(kind, text)
    assert error.code == code
    if len(text) > 3:
        assert text not in str(error.messages)


def test_blanks_and_letter_case_are_put_right():
    assert identity.normalise(TCKN, " 100 000 001\u00a046\n") == "10000000146"
    assert identity.normalise(PASSPORT, "i 123 4567") == "I1234567"  # no Turkish rule here


def test_length_is_named():
    assert "10" in refusal(TCKN, "1000000014").messages[0]


@given(citizens)
def test_numbers_with_right_check_digits_are_taken(number):
    assert identity.normalise(TCKN, number) == number
    assert identity.detect_kind(number) == TCKN


@given(citizens, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_found(number, place, change):
    """Whatever digit is mistyped for another, at any place."""
    digit = str((int(number[place]) + change) % 10)
    refusal(TCKN, number[:place] + digit + number[place + 1 :])


@given(foreigners)
def test_foreigner_numbers(number):
    assert identity.normalise(YKN, number) == number
    assert identity.detect_kind(number) == YKN


@given(passports)
def test_passports(number):
    assert identity.normalise(PASSPORT, f" {number.lower()} ") == number
    assert identity.detect_kind(number) == PASSPORT


def test_no_kind():
    assert identity.detect_kind("10000000147") is None
    assert identity.detect_kind("") is None


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        ("10000000147", True),  # mistyped
        ("ayşe 100 000 001 47", True),
        ("1985 5321234", True),  # no name beside it
        ("ayşe 1985 5321234", False),  # a year and a phone
        ("ayşe yılmaz 1985 532 12 34", False),
        ("532 12 34 1985 ayşe", False),
        ("ayşe 1985 5321284", True),  # that one checks out
        ("ayşe 19855321234", True),
    ],
)
def test_what_may_be_a_number(text, may_be):
    assert identity.holds_number(text) == may_be


# --- Shown ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("12345678946", "123******46"),
        ("12*******46", "12*******46"),
        ("123***", "123***"),
        ("*1234", "***34"),
        ("12345678901*", "123*********"),
        ("*12345678901", "**********01"),
        ("1234567890*", "123********"),
        ("12345*78901", "123******01"),
        ("1,23E+10", "1,****10"),
        ("123", "***"),
        ("***", "***"),
        ("*", "*"),
        ("12*", "12*"),
        ("", ""),
    ],
)
def test_mask_of_what_a_list_has(written, shown):
    assert identity.mask_written(written) == shown


def test_mask():
    assert identity.mask("12345678946") == "123******46"
    assert identity.mask("U12345689") == "U1*****89"
    assert identity.mask("AB123") == "A***3"
    assert identity.mask("") == ""


@given(citizens | foreigners | passports)
def test_mask_hides_the_middle(number):
    shown = identity.mask(number)
    assert len(shown) == len(number)
    assert "*" * (len(number) // 2) in shown
    begin, end = shown.index("*"), shown.rindex("*") + 1
    assert set(shown[begin:end]) == {"*"}
    assert shown[:begin] == number[:begin]
    assert shown[end:] == number[end:]


# --- Found ------------------------------------------------------------------------------------


def test_hash_is_one_for_a_number_however_typed():
    assert identity.identity_hash(TCKN, "100 0000 0146") == identity.identity_hash(
        TCKN, "10000000146"
    )
    assert identity.identity_hash(PASSPORT, "u1234567", "de") == identity.identity_hash(
        PASSPORT, "U1234567", "DE"
    )


def test_hash_keeps_countries_apart():
    hashes = {identity.identity_hash(PASSPORT, "U1234567", country) for country in ("DE", "SY")}
    assert len(hashes) == 2
    with pytest.raises(ValueError, match="country"):
        identity.identity_hash(PASSPORT, "U1234567")


@given(citizens)
def test_hash_hangs_on_its_own_key_alone(number):
    with override_settings(IDENTITY_KEYS=[OLD_KEY]):
        first = identity.identity_hash(TCKN, number)
    with override_settings(IDENTITY_KEYS=[NEW_KEY]):
        assert identity.identity_hash(TCKN, number) == first
    with override_settings(IDENTITY_HASH_KEY="another"):
        assert identity.identity_hash(TCKN, number) != first
    assert len(first) == 64
    assert number not in first


# --- Kept -------------------------------------------------------------------------------------


@given(st.text(max_size=200))
def test_what_is_encrypted_comes_back(text):
    token = encryption.encrypt(text)
    assert token.isascii()
    assert encryption.decrypt(token) == text
    assert encryption.encrypt(text) != token  # equal texts must not look equal


@given(st.text(max_size=200))
def test_keys_turn(text):
    with override_settings(IDENTITY_KEYS=[OLD_KEY]):
        old = encryption.encrypt(text)
    with override_settings(IDENTITY_KEYS=[NEW_KEY, OLD_KEY]):
        assert encryption.decrypt(old) == text
        assert not encryption.is_current(old)
        new = encryption.rotate(old)
        assert encryption.is_current(new)
    with override_settings(IDENTITY_KEYS=[NEW_KEY]):
        assert encryption.decrypt(new) == text
        with pytest.raises(encryption.Unreadable):
            encryption.decrypt(old)
        with pytest.raises(encryption.Unreadable):
            encryption.rotate(old)


@pytest.mark.parametrize("token", ["", "10000000146", "gAAAAA", "ş"])
def test_unreadable_tells_nothing(token):
    with pytest.raises(encryption.Unreadable) as caught:
        encryption.decrypt(token)
    assert caught.value.__cause__ is None
    assert not token or token not in str(caught.value)

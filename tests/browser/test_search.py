"""What a browser may send that the server between must let through."""

import urllib.parse
import urllib.request

import pytest


@pytest.mark.parametrize("letter", ["a", "İ"])
def test_a_whole_page_pasted_into_the_search_is_shortened_and_told(site, letter):
    text = urllib.parse.quote(5000 * letter)
    with urllib.request.urlopen(f"{site}/ara/?q={text}") as answer:
        assert "Metin uzundu; ilk 100 karakteri arandı" in answer.read().decode()

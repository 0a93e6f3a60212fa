"""Small helps for the words about a piece."""

from izmek.text import case


def cap(text: str, lang: str = "tr") -> str:
    """The text with a capital first letter, as its language has it (Turkish i becomes İ)."""
    first = case.upper(text[0]) if lang == "tr" else text[0].upper()
    return first + text[1:]

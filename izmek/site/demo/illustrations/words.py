"""Small helps for the words about a piece."""


def cap(text: str) -> str:
    """A Turkish text with a capital first letter (i becomes İ)."""
    first = {"i": "İ", "ı": "I"}.get(text[0], text[0].upper())
    return first + text[1:]

"""Small helps for the words about a piece."""

from izmek import turkish


def cap(text: str, lang: str = "tr") -> str:
    """The text with a capital first letter, as its language has it (Turkish i becomes İ)."""
    first = turkish.upper(text[0]) if lang == "tr" else text[0].upper()
    return first + text[1:]

"""Colours of Turkish handicraft, each with the Turkish and English words that an alt text uses."""

from typing import NamedTuple

RGB = tuple[int, int, int]


class Colour(NamedTuple):
    """A dye, glaze or thread: its sRGB value and what it is called (adjective form)."""

    rgb: RGB
    tr: str
    en: str


def _c(value: str, tr: str, en: str) -> Colour:
    return Colour(tuple(bytes.fromhex(value)), tr, en)


# Natural dyes of wool
MADDER = _c("9c2a22", "kök boya kırmızısı", "madder red")
BRICK = _c("b5502f", "kiremit", "brick")
INDIGO = _c("24386b", "lacivert", "indigo")
SKY = _c("6f94b5", "açık mavi", "light blue")
SAFFRON = _c("dd9f2d", "safran sarısı", "saffron")
OCHRE = _c("c58a3a", "hardal", "ochre")
WALNUT = _c("4b3021", "ceviz kahvesi", "walnut brown")
CAMEL = _c("b98e62", "deve tüyü", "camel")
IVORY = _c("efe5cf", "krem", "ivory")
OLIVE = _c("6d7040", "zeytin yeşili", "olive")
FOREST = _c("2c5040", "koyu yeşil", "dark green")
BLACK = _c("26201d", "siyah", "black")
GREY = _c("8a8680", "gri", "grey")
AUBERGINE = _c("54294b", "patlıcan moru", "aubergine")

# Glazes and paints
WHITE = _c("f7f5ee", "beyaz", "white")
COBALT = _c("1f3f96", "kobalt mavisi", "cobalt blue")
TURQUOISE = _c("2f9fa6", "turkuaz", "turquoise")
TOMATO = _c("c8372a", "mercan kırmızısı", "coral red")
EMERALD = _c("2f7f57", "zümrüt yeşili", "emerald green")
GOLD = _c("c9a24a", "altın sarısı", "gold")
COPPER = _c("b9703f", "bakır", "copper")
SILVER = _c("c3c6ca", "gümüş", "silver")
BURGUNDY = _c("6d1a2d", "bordo", "burgundy")
NAVY = _c("1b2547", "gece mavisi", "night blue")
TEAL = _c("1f5e66", "petrol mavisi", "teal")

# Threads and prints
ROSE = _c("d9718b", "pembe", "pink")
FUCHSIA = _c("b52c6b", "fuşya", "fuchsia")
LILAC = _c("9d83bb", "lila", "lilac")
VIOLET = _c("5f3b8c", "mor", "purple")
LEAF = _c("5d9448", "yeşil", "green")
MINT = _c("a5c9ae", "nane yeşili", "mint green")
LEMON = _c("efce4a", "sarı", "yellow")
ORANGE = _c("e07f2c", "turuncu", "orange")
PEACH = _c("eeb690", "şeftali", "peach")
BLUE = _c("3b73b8", "mavi", "blue")
RED = _c("bf2a2f", "kırmızı", "red")


def mix(a: RGB, b: RGB, share: float) -> RGB:
    """`share` of b in a (0 = a, 1 = b)."""
    return tuple(round(p + (q - p) * share) for p, q in zip(a, b, strict=True))


def light(c: RGB, share: float) -> RGB:
    """Towards a warm white."""
    return mix(c, (255, 250, 238), share)


def dark(c: RGB, share: float) -> RGB:
    """Towards a warm black."""
    return mix(c, (22, 14, 12), share)


def vary(rng, c: RGB, by: int = 8) -> RGB:
    """The same colour as another hand, dye bath or ball of yarn gives it: ± `by` of 255."""
    shift = rng.randint(-by, by)
    return tuple(max(0, min(255, v + shift + rng.randint(-by // 2, by // 2))) for v in c)


def listing(colours, lang: str) -> str:
    """'lacivert, krem ve kiremit' / 'indigo, ivory and brick'."""
    words = [getattr(c, lang) for c in colours]
    if len(words) == 1:
        return words[0]
    return ", ".join(words[:-1]) + {"tr": " ve ", "en": " and "}[lang] + words[-1]

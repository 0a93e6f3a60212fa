"""The look: contrast of the tokens, weight of the stylesheet, nothing inline and nothing foreign."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CSS = ROOT / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()

# (text, ground, least ratio). 4.5 is the law (WCAG 1.4.3), 5.9 our aim; 3 for edges (1.4.11).
PAIRS = [
    *((text, ground, 5.9) for text in ("ink", "muted", "brand") for ground in ("paper", "wash")),
    *((text, ground, 5.9) for text in ("ok", "warn", "err") for ground in ("paper", "wash")),
    ("brand-hover", "paper", 5.9),
    ("brand-hover", "wash", 5.9),
    ("on-brand", "brand", 5.9),
    ("on-brand", "brand-hover", 5.9),
    ("err", "err-wash", 5.9),
    ("ink", "err-wash", 5.9),
    ("on-deep", "deep", 5.9),
    ("focus", "deep", 5.9),
    ("focus-ink", "focus", 5.9),
    ("edge", "paper", 3),
    ("edge", "wash", 3),
]


def blocks():
    """The tokens by theme: light, dark by the device, dark by data-theme."""
    light, device, chosen = (
        dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", body))
        for body in re.findall(r":root[^{]*\{([^}]*)\}", TOKENS)
        if "--paper" in body
    )
    return {"light": light, "dark": light | device, "chosen": light | chosen}


def contrast(one, other):
    """WCAG contrast ratio of two #rrggbb colours, 1 to 21."""

    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return sum(c * w for c, w in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_contrast(theme, text, ground, least):
    tokens = blocks()[theme]
    assert contrast(tokens[text], tokens[ground]) >= least


def test_dark_by_device_and_by_choice_are_the_same():
    tokens = blocks()
    assert tokens["dark"] == tokens["chosen"]
    assert tokens["dark"] != tokens["light"]


def test_public_stylesheet_stays_small():
    """At most 10 KB gzipped for the two sheets of a public page (DESIGN.md §8)."""
    both = TOKENS + (CSS / "site.css").read_text()
    assert len(gzip.compress(both.encode())) <= 10_000


def test_public_script_stays_small():
    """At most 2 KB gzipped, and no page needs it (reference: C10)."""
    assert len(gzip.compress((ROOT / "static" / "js" / "site.js").read_bytes())) <= 2_000


def test_scripts_of_the_admin_stay_small():
    """At most 8 KB gzipped in all, beyond Django's own."""
    others = {"site.js", "certificate.js", "teacher.js", "passkey.js"}
    scripts = [one for one in (ROOT / "static" / "js").glob("*.js") if one.name not in others]
    assert "forms.js" in {script.name for script in scripts}
    assert sum(len(gzip.compress(script.read_bytes())) for script in scripts) <= 8_000


def test_letters_of_headings_stay_small():
    """At most 20 KB: the one file that every page asks for before its pictures."""
    assert (
        sum(font.stat().st_size for font in (ROOT / "static" / "fonts").glob("*.woff2")) <= 20_000
    )


def test_stylesheets_ask_nothing_of_others():
    for sheet in CSS.glob("*.css"):
        for address in re.findall(r"url\(([^)]*)\)|@import\s*(\S+)", sheet.read_text()):
            assert address[0].strip("\"'").startswith(("../img/", "../fonts/")), (
                sheet.name,
                address,
            )


def test_templates_hold_nothing_inline():
    """The policy forbids inline style and script: a template with one would break in the browser."""
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text()
        assert not re.search(r"\sstyle=|<style|\son\w+=\"", text), template
        for attributes in re.findall(r"<script([^>]*)>", text):
            assert "src=" in attributes or "application/ld+json" in attributes, template

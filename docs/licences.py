"""Write docs/licences.md (`make licences`): every package that runs, with the licence that it states."""

import re
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "licences.md"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ \\]+)(.*)", re.M)
ELSEWHERE = (
    "colorama",
    "async-timeout",
)  # of other systems and older Pythons: not installed everywhere
STATED = {"colorama": "BSD-3-Clause", "async-timeout": "Apache-2.0"}
HEAD = """# Licences

What runs beside İZMEK's own code, with the licence that each package states. Made by `make licences` of
`requirements.txt` and `requirements-s3.txt`; fonts, icons and their licences lie beside them
(`izmek/papers/fonts`, `static`).

| package | version | licence |
|---|---|---|
"""


def pinned():
    """[(name, version)] of what runs, with a bucket or without, in order; one line for a package."""
    lists = [(ROOT / name).read_text() for name in ("requirements.txt", "requirements-s3.txt")]
    found = PINNED.findall("\n".join(lists))
    return sorted({(name.lower(), version) for name, version, _marker in found})


def licence(name):
    """What a package says of its licence: the SPDX words, else its classifiers, else its first line."""
    if name in ELSEWHERE:
        return STATED[name]
    about = metadata(name)
    if about["License-Expression"]:
        return about["License-Expression"]
    classes = about.get_all("Classifier") or []
    said = [one.rpartition(" :: ")[2] for one in classes if one.startswith("License ::")]
    return "; ".join(said) or (about["License"] or "").strip().partition("\n")[0]


def page():
    """The text of the page."""
    rows = [f"| {name} | {version} | {licence(name)} |" for name, version in pinned()]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
    print(f"{len(pinned())} packages: docs/licences.md")

"""What README and docs/ name exists: files, commands, settings, addresses, names of the code."""

import importlib
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve
from django.utils import translation

from izmek import settings as settings_module

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
SOURCE = (
    "izmek",
    "courses",
    "trainees",
    "exhibitions",
    "tests",
    "docs",
    "templates",
    "static",
    "locale",
)
FILES = r"\.(?:py|md|html|css|js|png|typ|toml|txt|po|svg)"


def told(document):
    """The pieces of code of a document: what stands between backticks, and the lines of its code blocks.

    A block with a language is an example, of things that need not exist.
    """
    text = document.read_text()
    block = r"^```(\w*)\n(.*?)^```$"
    blocks = [code for kind, code in re.findall(block, text, re.S | re.M) if not kind]
    inline = re.findall(r"`([^`\n]+)`", re.sub(block, "", text, flags=re.S | re.M))
    return [*inline, *(line for code in blocks for line in code.splitlines())]


@cache
def tracked():
    out = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return frozenset(out.stdout.splitlines())


def exists(path, document):
    """Whether a path of the text is a file or folder of the project, from its root or from the document."""
    path = path.strip("/")
    if "*" in path or "<" in path or "…" in path:
        pattern = re.sub(r"<[^>]+>|…", "*", path)
        return any(ROOT.glob(pattern))
    return any((start / path).exists() for start in (ROOT, document.parent))


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_files_that_are_named_exist(document):
    named = {
        path
        for piece in told(document)
        for path in re.findall(
            rf"(?<![\w./-])((?:{'|'.join(SOURCE)})/[\w/.<>*…-]*|[\w.-]+{FILES}\b)", piece
        )
    }
    links = set(re.findall(r"\]\(([^)#:]+)\)", document.read_text()))
    known = {Path(file).name for file in tracked()}
    missing = {
        path
        for path in named | links
        if not exists(path, document) and not ("/" not in path and path in known)
    }
    assert missing == set()


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_commands_that_are_named_exist(document):
    text = "\n".join(told(document))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"(?:^|\s)make ([a-z]+)\b", text)) <= targets
    assert set(re.findall(r"manage\.py (\w+)", text)) <= set(get_commands())


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_settings_that_are_named_are_read(document):
    source = Path(settings_module.__file__).read_text()
    # Words in capitals that are no settings: what another program calls so.
    others = {"UTF8", "ALTER", "CI", "TEST_POSTGRESQL", "TEST_DATABASE_URL", "PORT", "PYTHON"}
    others |= {"AWS_SHARED_CREDENTIALS_FILE"}
    named = {
        word
        for piece in told(document)
        for word in re.findall(r"(?<![\w.])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![\w(])", piece)
    }
    code = "\n".join((ROOT / file).read_text() for file in tracked() if file.endswith(".py"))
    missing = {word for word in named - others if word not in source and word not in code}
    assert missing == set()


def test_every_setting_is_documented():
    source = Path(settings_module.__file__).read_text()
    read = set(re.findall(r"(?:env\.\w+|secret)\(\s*\"([A-Z_]+)\"", source))
    documented = (ROOT / "docs" / "operating.md").read_text()
    assert {name for name in read if f"`{name}`" not in documented} == set()


FOLDERS = ("/var/", "/srv/", "/etc/", "/run/")  # of a server, not of the site


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_addresses_that_are_named_lead_somewhere(document):
    """A part in <…> or … stands for any value; a document under it is looked for with sample values."""
    missing = set()
    for piece in told(document):
        if not re.fullmatch(r"/[\w/<>….-]*", piece) or piece.startswith(FOLDERS):
            continue
        if not leads_somewhere(piece):
            missing.add(piece)
    assert missing == set()


def leads_somewhere(address):
    for sample in ("1", "2023-0001", "akmese", "K7RC-3VTD-MZ4P"):
        path = re.sub(r"<[^>]+>|…", sample, address)
        for shape in (path, path.rstrip("/") + "/"):
            with translation.override("en" if shape.startswith("/en/") else "tr"):
                try:
                    resolve(shape)
                except Resolver404:
                    continue
            return True
    return False


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_names_of_the_code_exist(document):
    """`trainees.services.enrol`, `izmek.acts.bulk`: modules, and what is in them."""
    missing = set()
    for piece in told(document):
        for name in re.findall(
            r"(?<![\w./-])((?:izmek|courses|trainees|exhibitions)(?:\.\w+)+)", piece
        ):
            if not found(name):
                missing.add(name)
    assert missing == set()


def found(name):
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:cut]))
        except ImportError:
            continue
        for part in parts[cut:]:
            if not hasattr(thing, part):
                return False
            thing = getattr(thing, part)
        return True
    return False


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_tests_that_are_named_exist(document):
    """`test_digits_are_not_guessed`: what the threat model leans on."""
    named = {piece for piece in told(document) if re.fullmatch(r"test_\w+", piece)}
    if not named:
        return
    files = [path.read_text() for path in (ROOT / "tests").rglob("test_*.py")]
    defined = {name for text in files for name in re.findall(r"^def (test_\w+)", text, re.M)}
    assert named - defined == set()


def test_no_file_holds_conflict_markers():
    marks = re.compile(rb"^(<{7} |>{7} |={7}$)", re.M)
    texts = (file for file in tracked() if not re.search(r"\.(png|ttf|mo|jpg)$", file))
    assert [file for file in texts if marks.search((ROOT / file).read_bytes())] == []


def test_docstrings_name_files_that_exist():
    """Code and templates point at each other by path; such a path is right, too."""
    missing = set()
    for file in tracked():
        if not re.search(r"\.(py|html|css|js|toml)$|Makefile$", file) or "/migrations/" in file:
            continue
        text = (ROOT / file).read_text()
        for path in re.findall(rf"(?<![\w./-])((?:{'|'.join(SOURCE)})/[\w/]+{FILES})", text):
            starts = (ROOT, ROOT / "templates", ROOT / "static")
            if not any((start / path).exists() for start in starts) and not file.startswith(
                "tests/"
            ):
                missing.add(f"{file}: {path}")
    assert missing == set()

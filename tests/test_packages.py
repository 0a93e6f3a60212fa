"""The lists of packages: each with its hashes and from no other place than the index, the licences told."""

import re
from pathlib import Path

import pytest

from docs import licences

ROOT = Path(__file__).resolve().parent.parent
LISTS = ("requirements", "requirements-s3", "requirements-dev", "requirements-tools")
PINNED = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;\\]+)")


def pins(file):
    found = (PINNED.match(line) for line in (ROOT / file).read_text().splitlines())
    return {one[1].lower(): one[2] for one in found if one}


@pytest.mark.parametrize("name", LISTS)
def test_every_package_has_its_hashes_and_the_version_that_is_asked_for(name):
    text = (ROOT / f"{name}.txt").read_text()
    blocks = re.findall(r"^[\w.-]+.*?(?=^\S|\Z)", text, re.M | re.S)
    assert len(blocks) >= len(pins(f"{name}.txt")) > 0
    assert [block for block in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}", block)] == []
    assert not re.search(r"--(?:extra-)?index|--find|://", text)
    asked = pins(f"{name}.in")
    assert {key: pins(f"{name}.txt").get(key) for key in asked} == asked, "run `make requirements`"


def test_what_tests_is_tested_with_what_runs():
    runs, tests = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: tests.get(name) for name in runs} == runs


def test_the_page_of_licences_is_of_what_runs():
    assert licences.PAGE.read_text() == licences.page(), "run `make licences`"
    assert all(licences.licence(name) for name, _version in licences.pinned())

"""The import contract of pyproject.toml names every module of the kernel."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_KERNEL = {"site", "settings", "wsgi", "migrations"}


def test_the_contract_names_every_kernel_module():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    named = {
        module.removeprefix("izmek.")
        for contract in contracts["contracts"]
        if contract["type"] == "forbidden"
        for module in contract["source_modules"]
    }
    there = (
        {
            path.stem
            for path in (ROOT / "izmek").iterdir()
            if path.suffix == ".py" or (path / "__init__.py").exists()
        }
        - NOT_KERNEL
        - {"__init__"}
    )
    assert named == there

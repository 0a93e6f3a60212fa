"""`python -m benchmarks`: measures, prints a table and writes it to results.md and the README."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import servers
from benchmarks.report import RESULTS, ROOT, TITLES, LoadReport, Report

# The towns of a whole run. What grows with a table is measured in both, everything else once.
SIZES = {
    "small": "staff,lists,acts,memory",
    "large": "public,staff,lists,acts,heavy",
}


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "what", nargs="?", choices=["plans", "load"], help="plans of queries; load held"
    )
    parser.add_argument("--only", default="", help=f"some of {', '.join(TITLES)}")
    parser.add_argument("--size", choices=["small", "medium", "large"], help="one town only")
    parser.add_argument(
        "--quick", action="store_true", help="the small town, few times: whether it works at all"
    )
    parser.add_argument("--minutes", type=float, default=30, help="how long the load is held")
    parser.add_argument("--rate", type=float, default=50, help="pages a second of the load")
    asked = parser.parse_args()
    chosen = asked.only or ",".join(TITLES)
    if unknown := set(chosen.split(",")) - set(TITLES):
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(TITLES)}")
    if missing := servers.missing():
        sys.exit(f"This needs more: apt install {' '.join(missing)}")
    began = time.monotonic()
    with servers.towns() as towns:
        if asked.what == "plans":
            failed = plans(towns, asked.size or "large", "write")
        elif asked.what == "load":
            failed = load(towns, asked.size or "large", asked.minutes, asked.rate)
        else:
            failed = figures(towns, asked, chosen)
            if asked.quick and not asked.only:
                failed += plans(towns, "medium")
    print(f"{time.monotonic() - began:.0f} s.")
    if failed:
        sys.exit("\n".join(["This failed:", *failed]))


def figures(towns, asked, chosen):
    """Measure, print and write; returns what failed."""
    sizes = ("small",) if asked.quick else (asked.size,) if asked.size else tuple(SIZES)
    whole = not (asked.quick or asked.only or asked.size)
    found = {}
    for size in sizes:
        towns.load(size)
    for size in sizes:
        print(f"Measuring “{size}” …", flush=True)
        with servers.serving(towns, size) as site:
            found[size] = measure(site, SIZES[size] if whole else chosen, asked.quick)
    report = Report(found)
    print(report.text())
    if whole:
        report.write()
        print(f"Written to {RESULTS.relative_to(ROOT)} and README.md.")
    return report.errors


def plans(towns, size, *options):
    """Look at the plans of all queries on a copy of a town; returns what failed."""
    towns.load(size)
    print(f"Plans of “{size}” …", flush=True)
    with tempfile.TemporaryDirectory() as folder, towns.copy(size, Path(folder)) as site:
        Path(folder, "static").mkdir()
        site.variables |= {"COLLECTED_STATIC": "off", "TASK_WORKER": "off"}
        done = site.python("-m", "benchmarks.plans", *options, check=False)
    return ["a plan reads a large table whole"] if done.returncode else []


def load(towns, size, minutes, rate):
    """Hold a steady load and write what came of it; returns what failed."""
    towns.load(size)
    print(f"{rate:g} pages a second for {minutes:g} minutes on “{size}” …", flush=True)
    with servers.deployed(towns, size) as site:
        arguments = ["-m", "benchmarks.held", str(minutes), str(rate)]
        done = site.python(*arguments, stdout=subprocess.PIPE, text=True)
    report = LoadReport(json.loads(done.stdout), size, minutes, rate)
    print(report.text())
    report.write()
    print(f"Written to {RESULTS.relative_to(ROOT)}.")
    return report.errors


def measure(site, chosen, quick):
    """The rows of one town: {section: {name: figures}}."""
    arguments = ["-m", "benchmarks.measure", chosen, *(["quick"] if quick else [])]
    done = site.python(*arguments, stdout=subprocess.PIPE, text=True)
    found = {}
    for line in done.stdout.splitlines():
        row = json.loads(line)
        found.setdefault(row.pop("section"), {})[row.pop("name")] = row
    return found


if __name__ == "__main__":
    main()

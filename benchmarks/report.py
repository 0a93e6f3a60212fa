"""The table of a run: printed, written to `results.md`, and its short form to the README."""

import os
import platform
import re
import subprocess
from datetime import date
from pathlib import Path

from tests.postgresql import programs

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.md"
README = ROOT / "README.md"
BEGIN, END = "<!-- make bench writes this -->", "<!-- to here -->"
TITLES = {
    "public": "Public pages",
    "staff": "Pages of people who work here",
    "lists": "Lists of the admin",
    "acts": "Acts",
    "heavy": "Papers, photos and lists",
    "memory": "Memory of a worker",
}
YARDSTICK = "empty view, Django alone"
LOAD_HELD = "## Load held"  # the last section, written by `make load` alone
# What the README shows of the public pages.
SHOWN = (
    YARDSTICK,
    "home",
    "exhibition, 60 works",
    "exhibition, largest",
    "work",
    "courses",
    "search",
)


def number(value, digits=0):
    return "" if value is None else f"{value:,.{digits}f}"


def ratio(one, other):
    return f"{one / other:.2f}" if one and other else ""


class Report:
    """Rows by town, section and name: {size: {section: {name: figures}}}."""

    def __init__(self, rows):
        self.rows = rows

    @property
    def errors(self):
        return [
            f"{size}: {section}, {name}: {figures['error']}"
            for size, sections in self.rows.items()
            for section, some in sections.items()
            for name, figures in some.items()
            if "error" in figures
        ]

    def section(self, section):
        """A section as lines of a Markdown table, the towns beside each other."""
        sizes = [size for size in self.rows if section in self.rows[size]]
        if not sizes:
            return []
        lines = [f"## {TITLES[section]}", ""]
        if section == "public":
            for size in sizes:
                lines += [f"### {size}", "", *self._public(self.rows[size][section]), ""]
        elif section == "heavy":
            lines += self._beside(section, sizes, {"s": ("seconds", 1), "MB more": ("mb", 0)})
        elif section == "memory":
            lines += self._beside(section, sizes, {"MB": ("mb", 0)})
        else:
            figures = {"p50 ms": ("p50", 0), "p95 ms": ("p95", 0), "queries": ("queries", 0)}
            lines += self._beside(section, sizes, figures, compared="p50")
        return [*lines, ""]

    def _public(self, rows):
        """Each kind of page: made anew, kept by the program, and behind nginx."""
        empty = rows.get(YARDSTICK, {})
        static = rows.get("static file of nginx", {}).get("nginx", {}).get("rate")
        lines = table(
            [
                *("page", "cold p50/p95 ms", "queries", "% of empty"),
                *("kept req/s", "p50/p95 ms", "queries", "bytes", "% of empty"),
                *("nginx asks req/s", "% of empty", "nginx second req/s", "% of static"),
            ]
        )
        for name, row in rows.items():
            if "error" in row:
                lines.append(f"| {name} | {row['error'][:80]} |")
                continue
            cold, warm = row.get("cold", {}), row.get("warm", {})
            nginx, second = row.get("nginx", {}), row.get("second", {})
            rate = 1000 / cold["p50"] if cold else None
            cells = [name, pair(cold), number(cold.get("queries")), share(rate, empty.get("warm"))]
            cells += [number(warm.get("rate")), pair(warm), number(row.get("queries"))]
            cells += [number(row.get("bytes")), share(warm.get("rate"), empty.get("warm"))]
            cells += [number(nginx.get("rate")), share(nginx.get("rate"), empty.get("nginx"))]
            cells += [
                number(second.get("rate")),
                share(second.get("rate"), static and {"rate": static}),
            ]
            lines.append("| " + " | ".join(cells) + " |")
        return lines

    def _beside(self, section, sizes, figures, compared=None):
        heads = [f"{size}: {head}" for size in sizes for head in figures]
        heads += ["ratio"] if compared and len(sizes) > 1 else []
        lines = table(["", *heads])
        names = dict.fromkeys(name for size in sizes for name in self.rows[size][section])
        for name in names:
            some = [self.rows[size][section].get(name, {}) for size in sizes]
            cells = [name]
            for row in some:
                cells += [
                    "error" if "error" in row else number(row.get(key), digits)
                    for key, digits in figures.values()
                ]
            if len(heads) > len(sizes) * len(figures):
                cells.append(ratio(some[-1].get(compared), some[0].get(compared)))
            lines.append("| " + " | ".join(cells) + " |")
        return lines

    def text(self):
        return "\n".join(line for section in TITLES for line in self.section(section))

    def write(self):
        """Write `results.md`, and the short form into the README."""
        held = RESULTS.read_text().partition(LOAD_HELD) if RESULTS.exists() else ("", "", "")
        text = f"# What was measured\n\n{machine()}\n\n{self.text()}".rstrip()
        RESULTS.write_text("\n".join([text, "", held[1] + held[2]]).rstrip() + "\n")
        page = README.read_text()
        if BEGIN in page:
            short = "\n".join([BEGIN, "", machine(), "", *self._short(), "", END])
            README.write_text(re.sub(f"{BEGIN}.*{END}", lambda _match: short, page, flags=re.S))

    def _short(self):
        """A few lines for the README."""
        large = self.rows[list(self.rows)[-1]]
        lines = []
        if public := large.get("public"):
            known = {name: public[name] for name in SHOWN if name in public}
            lines += [
                *self._public(known | {"static file of nginx": public["static file of nginx"]}),
                "",
            ]
        for section in ("acts", "heavy"):
            lines += self.section(section)[2:]
        return lines


class LoadReport:
    """What came of a steady load, as its own section of `results.md`."""

    def __init__(self, figures, size, minutes, rate):
        self.figures, self.size, self.minutes, self.rate = figures, size, minutes, rate

    @property
    def errors(self):
        """What was not held: pages that failed, acts that are not there."""
        failed = [f"{count} × {what}" for what, count in self.figures["errors"].items()]
        return failed + self.figures["ledger"]["wrong"]

    def text(self):
        kinds, ledger = self.figures["kinds"], self.figures["ledger"]
        count, failed = kinds["all"]["count"], sum(self.figures["errors"].values())
        lines = [
            LOAD_HELD,
            "",
            machine("as deploy/ sets them up, with the program that asks beside them"),
            "",
            f"{self.rate:g} pages a second for {self.minutes:g} minutes in the town “{self.size}”, as they "
            f"come: {count:,} pages, {failed} failed. Acknowledged and compared with the tables: "
            f"{ledger['acknowledged']:,} acts, {len(ledger['wrong'])} lost or doubled. A time counts from "
            "the moment at which the page was to be asked for.",
            "",
            *table(["who", "pages", "p50 ms", "p95 ms", "p99 ms", "longest ms"]),
        ]
        for kind in sorted(kinds, key=lambda kind: (kind != "all", kind)):
            one = kinds[kind]
            cells = [kind, number(one["count"])]
            cells += [number(one[name]) for name in ("p50", "p95", "p99", "most")]
            lines.append("| " + " | ".join(cells) + " |")
        lines += ["", *table(["memory in MB", "start", "middle", "end", "most"])]
        for name, seen in self.figures["memory"].items():
            cells = [name, *(number(seen[when]) for when in ("start", "middle", "end", "most"))]
            lines.append("| " + " | ".join(cells) + " |")
        lines += [f"\n- failed: {one}" for one in self.errors]
        return "\n".join(lines) + "\n"

    def write(self):
        before = RESULTS.read_text().partition(LOAD_HELD)[0].rstrip()
        RESULTS.write_text(f"{before}\n\n{self.text()}")


def table(heads):
    return ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]


def pair(figures):
    return f"{figures['p50']:.1f}/{figures['p95']:.1f}" if figures else ""


def share(rate, of):
    return f"{rate / of['rate'] * 100:.0f}" if rate and of else ""


def machine(how="two gunicorn workers"):
    """The day, and what it was measured on."""
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) / 2**20
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    tools = {
        "PostgreSQL": [f"{programs()}/postgres", "--version"],
        "nginx": ["nginx", "-v"],
        "Redis": ["redis-server", "--version"],
    }
    versions = [f"Python {platform.python_version()}", f"Django {_django()}"]
    for name, command in tools.items():
        done = subprocess.run(
            command,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"},
        )
        found = re.search(r"(\d+\.[\d.]*\d|\d+)", done.stdout)
        versions.append(f"{name} {found[1] if found else '?'}")
    processor = model[1] if model else platform.machine()
    return (
        f"{date.today():%d %B %Y}; {os.cpu_count()} cores ({processor}), {memory:.0f} GB; "
        f"{', '.join(versions)}; {how}, everything on one machine."
    )


def _django():
    import django

    return django.get_version()

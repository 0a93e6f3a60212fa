"""`python -m tests`: the whole suite, on SQLite and – where there is one – on PostgreSQL.

Ends by naming what it did not run; with CI=true that is a failure. `python -m tests audit` (`make
audit`) has the rest: what looks at every page and takes longer than a test may.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.chromium import chromium
from tests.postgresql import postgresql

BROWSER = "tests/browser"
ROWS = ["-m", "not browser and not audit and not faults", f"--ignore={BROWSER}"]
AUDIT, BUDGETS = "tests/browser/audit", "tests/browser/audit/test_budgets.py"
WHOLE = [f"--ignore=tests/{app}" for app in ("courses", "exhibitions", "trainees")]
APPS = [f"--ignore=tests/{other}" for other in ("izmek", "site", "test_docs.py")]
ONE_HALF = "None or ogretmen or merkez or test_consent"
# About half of the time that the walks without a browser take; all others are the other half.
WALKS = ("attacks", "authorisation", "fuzz", "hidden", "hostile_input")


def run(*parts):
    """Pytest runs side by side, each a title, its arguments and its environment; whether one failed.

    The first prints as it goes, the others when all have ended.
    """
    # A server or a command that a test starts does not compile everything anew, nor does the next run.
    compiled = {"PYTHONDONTWRITEBYTECODE": ""}
    with ExitStack() as files:
        runs = []
        for title, arguments, environment in parts:
            output = files.enter_context(tempfile.TemporaryFile("w+")) if runs else None
            process = subprocess.Popen(
                [sys.executable, "-m", "pytest", *arguments],
                env={**os.environ, **compiled, **environment},
                stdout=output,
                stderr=output and subprocess.STDOUT,
            )
            runs.append((title, process, output))
        print(f"== {runs[0][0]}", flush=True)
        failed = [process.wait() for _title, process, _output in runs]
        for title, _process, output in runs[1:]:
            output.seek(0)
            print(f"== {title}\n{output.read()}", flush=True)
    return any(failed)


def audit():
    """Two halves side by side with the walks over all pages that need no browser, in two parts as well;
    then weights and speed on a machine that is quiet again.

    Its server asks PostgreSQL where there is one: `make test` has the pages on SQLite.
    """
    pages = [AUDIT, f"--ignore={BUDGETS}", "-k"]
    one, walks = [f"tests/site/test_{name}.py" for name in WALKS], ["-m", "audit"]
    others = [f"--ignore={path}" for path in (BROWSER, *one)]
    with postgresql() as url:
        environment = {"TEST_DATABASE_URL": url} if url else {}
        failed = run(
            ("Pages, one half", [*pages, ONE_HALF], environment),
            ("Pages, the other half", [*pages, f"not ({ONE_HALF})"], environment),
            ("Walks without a browser, one part", [*walks, *one], {}),
            ("Walks without a browser, the other part", [*walks, *others], {}),
        )
        failed |= run(("Weights and Lighthouse", [BUDGETS], environment))
    if not url:
        print("Not asked: PostgreSQL (apt install postgresql)", file=sys.stderr)
    sys.exit(failed or (os.environ.get("CI") == "true" and not url))


def main():
    """All at once: the machine is never idle while a browser waits for its slow line."""
    ci = os.environ.get("CI") == "true"
    # The longest run, so two of it; what was named is one.
    halves = (
        {"": sys.argv[1:]} if sys.argv[1:] else {": apps": APPS, ": kernel and whole site": WHOLE}
    )
    parts = [(f"On SQLite{of}", [*ROWS, *arguments], {}) for of, arguments in halves.items()]
    left_out = []
    if not shutil.which("age"):
        left_out.append("the drill of backup and restore (apt install age)")
    # The browser sees the same pages on either database; once is enough.
    if chromium():
        # Its folder alone is read, unless files were named; of those the marker takes the right ones.
        paths = [] if any(Path(one.split("::")[0]).exists() for one in sys.argv[1:]) else [BROWSER]
        parts.append(("In the browser", ["-m", "browser", *paths, *sys.argv[1:]], {}))
    else:
        left_out.append("tests in the browser (no Chromium: apt install chromium-headless-shell)")
    with postgresql() as url:
        if url:
            environment = {"TEST_DATABASE_URL": url}
            parts.append(("On PostgreSQL", [*ROWS, *sys.argv[1:]], environment))
        else:
            left_out.append("tests on PostgreSQL, with the races (apt install postgresql)")
        failed = run(*parts)
    for name in left_out:
        print(f"Not run: {name}", file=sys.stderr)
    if not left_out:
        print("Nothing was left out.")
    sys.exit(failed or (ci and bool(left_out)))


if __name__ == "__main__":
    audit() if sys.argv[1:] == ["audit"] else main()

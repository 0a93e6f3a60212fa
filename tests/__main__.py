"""`python -m tests`: the whole suite, on SQLite and – where there is one – on PostgreSQL.

Ends by naming what it did not run; with CI=true that is a failure. `python -m tests audit` (`make
audit`) has the rest: what looks at every page and takes longer than a test may.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack

from tests.chromium import chromium
from tests.postgresql import postgresql

ROWS = "not browser and not audit"
AUDIT, BUDGETS = "tests/browser/audit", "tests/browser/audit/test_budgets.py"
ONE_HALF = "None or ogretmen or merkez or test_consent"


def run(*parts):
    """Pytest runs side by side, each a title, its arguments and its environment; whether one failed.

    The first prints as it goes, the others when all have ended.
    """
    with ExitStack() as files:
        runs = []
        for title, arguments, environment in parts:
            output = files.enter_context(tempfile.TemporaryFile("w+")) if runs else None
            process = subprocess.Popen(
                [sys.executable, "-m", "pytest", *arguments],
                env={**os.environ, **environment},
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
    """Two halves side by side, then weights and speed on a machine that is quiet again."""
    pages = [AUDIT, f"--ignore={BUDGETS}", "-k"]
    failed = run(
        ("Pages, one half", [*pages, ONE_HALF], {}),
        ("Pages, the other half", [*pages, f"not ({ONE_HALF})"], {}),
    )
    sys.exit(run(("Weights and Lighthouse", [BUDGETS], {})) or failed)


def main():
    """All at once: the machine is never idle while a browser waits for its slow line."""
    ci = os.environ.get("CI") == "true"
    parts = [("On SQLite", ["-m", ROWS, *sys.argv[1:]], {})]
    left_out = []
    # The browser sees the same pages on either database; once is enough.
    if chromium():
        parts.append(("In the browser", ["-m", "browser", *sys.argv[1:]], {}))
    else:
        left_out.append("tests in the browser (no Chromium: apt install chromium-headless-shell)")
    with postgresql() as url:
        if url:
            environment = {"TEST_DATABASE_URL": url}
            parts.append(("On PostgreSQL", ["-m", ROWS, *sys.argv[1:]], environment))
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

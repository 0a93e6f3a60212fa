"""`python -m tests`: the whole suite, on SQLite and – where there is one – on PostgreSQL.

Ends by naming what it did not run; with CI=true that is a failure. `python -m tests audit` (`make
audit`) has the rest: what looks at every page and takes longer than a test may.
"""

import os
import shutil
import subprocess
import sys
import tempfile

from tests.postgresql import postgresql

ROWS = "not browser and not audit"
AUDIT, BUDGETS = "tests/browser/audit", "tests/browser/audit/test_budgets.py"
ONE_HALF = "None or ogretmen or merkez or test_consent"


def start(*arguments, output=None, **environment):
    """A pytest in a process of its own, printing here or into a file."""
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        env={**os.environ, **environment},
        stdout=output,
        stderr=output and subprocess.STDOUT,
    )


def audit():
    """Two halves side by side, then weights and speed on a machine that is quiet again."""
    with tempfile.TemporaryFile("w+") as output:
        pages = [AUDIT, f"--ignore={BUDGETS}", "-k"]
        runs = [
            start(*pages, ONE_HALF),
            start(*pages, f"not ({ONE_HALF})", output=output),
        ]
        failed = [run.wait() for run in runs]
        output.seek(0)
        print(output.read(), flush=True)
    failed.append(start(BUDGETS).wait())
    sys.exit(any(failed))


def main():
    ci = os.environ.get("CI") == "true"
    left_out = []
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        left_out.append("tests in the browser (no Chromium: apt install chromium)")
    with postgresql() as url, tempfile.TemporaryFile("w+") as output:
        # Both at once: most machines have two processors, and a test of one never meets the other.
        # The browser sees the same pages on either database; once is enough.
        here = "not audit" if chromium else ROWS
        runs = [start("-m", here, *sys.argv[1:])]
        if url:
            runs.append(start("-m", ROWS, *sys.argv[1:], output=output, TEST_DATABASE_URL=url))
        else:
            left_out.append("tests on PostgreSQL, with the races (apt install postgresql)")
        print("== On SQLite", flush=True)
        failed = [run.wait() for run in runs]
        output.seek(0)
        if url:
            print("== On PostgreSQL\n" + output.read(), flush=True)
    for name in left_out:
        print(f"Not run: {name}", file=sys.stderr)
    if not left_out:
        print("Nothing was left out.")
    sys.exit(any(failed) or (ci and bool(left_out)))


if __name__ == "__main__":
    audit() if sys.argv[1:] == ["audit"] else main()

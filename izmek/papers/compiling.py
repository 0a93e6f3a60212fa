"""Typst in a process of its own: `python -m izmek.papers.compiling`, called by `compiled`.

Typst keeps what it has laid out for the next time and gives nothing back: 500 labels left 300 MB in
the web process. Here the memory ends with the paper.
"""

import json
import pickle
import subprocess
import sys
from functools import cache
from pathlib import Path

import typst

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
LAID_OUT = "(query(<pages>), query(<at>)).map(marks => marks.map(mark => mark.value))"


class PaperError(RuntimeError):
    """Typst refused a paper: an error in a template, or against the rules of PDF/UA."""


def compiled(sources, **options):
    """What Typst makes of the sources, {name: bytes} with "main": bytes, or a list of them for PNGs.

    `options`: those of `typst.Compiler.compile`.
    """
    return _asked("compile", sources, **options)


def compiled_each(many, **options):
    """What Typst makes of several sources, as a list; its process starts once for all of them."""
    return _asked("compile", many, **options) if many else []


def laid_out(sources):
    """How many pages the sources make, and what they mark with `at` of style.typ: [[name, page]]."""
    (pages,), marks = json.loads(_asked("eval", sources, expression=LAID_OUT))
    return pages, marks


def _asked(method, sources, **options):
    done = subprocess.run(  # noqa: S603  our own program; the data go through a pipe
        [sys.executable, "-m", __name__],
        input=pickle.dumps((method, sources, options)),
        cwd=PROJECT,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise PaperError(done.stderr.decode(errors="replace").strip())
    return pickle.loads(done.stdout)  # noqa: S301  written by the same program


def main():
    asked = pickle.load(sys.stdin.buffer)  # noqa: S301  from `_asked`
    try:
        made = make(*asked)
    except Exception as error:
        sys.exit(str(error))
    pickle.dump(made, sys.stdout.buffer)


def make(method, sources, options):
    """What that method of Typst's compiler makes of the sources, or of each where they are a list."""
    if isinstance(sources, list):
        return [make(method, one, options) for one in sources]
    compiler = typst.Compiler(input=sources, root=HERE, font_paths=_fonts())
    return getattr(compiler, method)(**options)


@cache
def _fonts():
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"]
    )


if __name__ == "__main__":
    main()

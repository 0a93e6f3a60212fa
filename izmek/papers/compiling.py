"""Typst in a process of its own: `python -m izmek.papers.compiling`, called by `compiled`.

Typst keeps what it has laid out for the next time and gives nothing back: 500 labels left 300 MB in
the web process. Here the memory ends with the paper.
"""

import json
import pickle
import subprocess
import sys
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
    method, sources, options = pickle.load(sys.stdin.buffer)  # noqa: S301  from `_asked`
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"]
    )
    many = sources if isinstance(sources, list) else [sources]
    made = []
    try:
        for one in many:
            compiler = typst.Compiler(input=one, root=HERE, font_paths=fonts)
            made.append(getattr(compiler, method)(**options))
    except Exception as error:
        sys.exit(str(error))
    pickle.dump(made if isinstance(sources, list) else made[0], sys.stdout.buffer)


if __name__ == "__main__":
    main()

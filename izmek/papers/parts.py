"""A long paper: compiled a part at a time, so that its memory does not grow with it, and joined.

First each part is laid out, which tells how many pages it has and on which of them a row begins. So
a part ends where a page ends: nobody sees where one stops, and contents, index and "3 / 27" are right.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from izmek.papers.compiling import PaperError, laid_out
from izmek.papers.joining import Joined
from izmek.papers.typst import WHOLE, sources, tagged


@dataclass(frozen=True)
class _Span:
    """Rows that are compiled together: from `begin` to before `end`, on so many pages."""

    begin: int
    end: int
    pages: int


def write_pdf(contents, out, report=lambda done, total: None):
    """Write a paper of many rows to the file `out`; `report(done, total)` is told how far it is."""
    total = len(contents.rows) * (1 if contents.sheets else 2)
    spans, places = _sheets(contents), {}
    if not contents.sheets:
        spans, places = _laid_out(contents, lambda done: report(done, total))
    before = total - len(contents.rows)
    joined = Joined(out)
    numbers = {"pages": None}
    if contents.front is not None:
        offset = _pages_of(contents, front=contents.front, pages=places)
        places = {number: page + offset for number, page in places.items()}
        places["back"] = offset + sum(span.pages for span in spans) + 1
        joined.add(tagged(_own(contents, front=contents.front, pages=places)))
    elif not contents.sheets:
        numbers["pages"] = sum(span.pages for span in spans)
    for span, made in _compiled(contents, spans, joined.pages + 1, **numbers):
        middle = _in_the_middle(contents, span.begin)
        added = joined.add(made, lead=middle)
        if not contents.sheets and added != span.pages:
            raise PaperError(f"rows {span.begin} to {span.end} are not on {span.pages} pages")
        report(before + span.end, total)
    if contents.back is not None:
        part = {"page": joined.pages + 1}
        joined.add(tagged(_own(contents, part, back=contents.back, pages=places)))
    joined.close()
    return joined.pages


def _compiled(contents, spans, page, **numbers):
    """Each span with its PDF. While Typst compiles one, the files of the next are got ready."""
    with ThreadPoolExecutor(max_workers=1) as typst:
        waiting = []
        for span in spans:
            files = _of(contents, span.begin, span.end, page=page, **numbers)
            waiting.append((span, typst.submit(tagged, files)))
            page += span.pages
            if len(waiting) > 1:
                former, made = waiting.pop(0)
                yield former, made.result()
        for span, made in waiting:
            yield span, made.result()


def _sheets(contents):
    count, size = len(contents.rows), contents.part
    return [_Span(begin, min(begin + size, count), 0) for begin in range(0, max(count, 1), size)]


def _laid_out(contents, report):
    """The spans, and {number of a row: the page on which it begins, counted from the first row's}."""
    spans, places, begin, pages = [], {}, 0, 0
    while begin < len(contents.rows) or not spans:
        span, marks = _longest(contents, begin)
        for number, page in reversed(marks):
            places[number] = pages + page
        spans.append(span)
        begin, pages = span.end, pages + span.pages
        report(begin)
    return spans, places


def _longest(contents, begin):
    """The span from `begin` on that ends with a page, and the marks of its rows."""
    end = min(begin + contents.part, len(contents.rows))
    pages, marks = laid_out(_of(contents, begin, end))
    if end < len(contents.rows):
        first, last = {}, {}
        for number, page in marks:
            first[number] = min(page, first.get(number, page))
            last[number] = max(page, last.get(number, page))
        numbers = [row["number"] for row in contents.rows[begin:end]]
        for place in range(len(numbers) - 1, 0, -1):
            if first[numbers[place]] > last[numbers[place - 1]]:
                end, pages = begin + place, last[numbers[place - 1]]
                marks = [mark for mark in marks if mark[0] in set(numbers[:place])]
                break
    return _Span(begin, end, pages), marks


def _of(contents, begin, end, **numbers):
    """The files for Typst of the rows from `begin` to before `end`."""
    part = {
        **WHOLE,
        "begin": begin,
        "before": contents.rows[begin - 1] if begin else None,
        "last": end == len(contents.rows),
        "lead": _in_the_middle(contents, begin),
        **numbers,
    }
    return sources(contents, contents.rows[begin:end], part)


def _in_the_middle(contents, begin):
    """Whether these rows go on in a chapter; each sheet is one by itself."""
    return begin > 0 and not contents.sheets


def _own(contents, part=None, **more):
    """The files for Typst of pages without rows: what stands before or behind them."""
    return sources(contents, [], {**WHOLE, **(part or {})}, **more)


def _pages_of(contents, **more):
    return laid_out(_own(contents, **more))[0]

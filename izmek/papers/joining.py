"""One tagged PDF from several that Typst made: a long paper is compiled in parts and joined here.

Pages, tags, bookmarks and named places of all parts come together, and a link to an address "#name"
becomes one to the place of that name, in whatever part it is. Only one part is in memory at a time;
fonts and pictures are copied as they are. It reads what Typst writes and nothing else: a plain table
of objects, in which each tag, bookmark and place is an object of its own.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

# In an object: references, numbers that count through the whole file, names of a table's cells; and what
# begins and ends a text, within which nothing is changed.
_PIECES = re.compile(rb"\\.|\(U\d+x\d+y\d+\)|[()]|(\d+) 0 R|(/StructParents?) (\d+)", re.DOTALL)
_TOKEN = re.compile(rb"\s*(<<|>>|\[|\]|<[0-9A-Fa-f]*>|\d+ 0 R|/?[^\s<>\[\]()/]+|\()")
_IN_TEXT = re.compile(rb"\\.|[()]", re.DOTALL)
_END = re.compile(rb"trailer\s*(<<.*>>)\s*startxref\s*(\d+)\s*%%EOF\s*\Z", re.DOTALL)
_LINK = re.compile(rb"/A<</Type/Action/S/URI/URI\(#([^()\\]*)\)>>")
_SAID = re.compile(rb"/Contents\(#[^()\\]*\)")
_COUNT = re.compile(rb"(<xmpTPg:NPages>)\d+")
_ENTRY = 20  # bytes of an entry in the table of objects


class Ref(int):
    """A reference: the number of another object."""


@dataclass
class _Mark:
    """A bookmark: its title as it is written, its place, and the bookmarks below it."""

    title: bytes
    place: Ref
    below: list = field(default_factory=list)


class Joined:
    """A PDF that grows: `add` the parts in the order of their pages, then `close`.

    `out`: the file to write to, open for bytes.
    """

    def __init__(self, out):
        self._out, self._at, self._offsets = out, 0, [0]
        self._parts, self._about = 0, {}  # about: what the whole takes over from its first part
        self._pages, self._tags, self._marks = [], [], []
        self._parents, self._ids, self._places, self._links = [], [], {}, []
        self._write(b"%PDF-1.7\n%\x80\x80\x80\x80\n\n")
        self._page_tree, self._tag_tree, self._document = (self._number() for _ in range(3))

    @property
    def pages(self):
        """How many pages there are so far."""
        return len(self._pages)

    def add(self, pdf, *, lead=False):
        """Add a part; returns how many pages it adds.

        `lead`: it goes on in a chapter, and its first page is left out (style.typ).
        """
        part = _Part(pdf)
        catalog = part.value(part.root)
        pages, tags = part.value(catalog[b"/Pages"]), part.value(catalog[b"/StructTreeRoot"])
        (document,) = tags[b"/K"]
        marks, left = part.marks(catalog.get(b"/Outlines"))
        left |= {part.root, part.info, catalog[b"/Metadata"]}
        # What a file has only once; every other object of the part gets a number of its own.
        numbers = {
            catalog[b"/Pages"]: self._page_tree,
            catalog[b"/StructTreeRoot"]: self._tag_tree,
            document: self._document,
        }
        own = [number for number in part.offsets if number not in left and number not in numbers]
        numbers |= {number: self._number() for number in own}
        counted = len(self._parents)
        for number in own:
            self._copy(numbers[number], part.body(number), numbers, counted)
        sheets, elements = pages[b"/Kids"], part.value(document)[b"/K"]
        if lead:
            first, *sheets = sheets
            elements = [one for one in elements if part.value(one).get(b"/Pg") != first]
        self._pages += _moved(sheets, numbers)
        self._tags += _moved(elements, numbers)
        self._parents += _moved(tags[b"/ParentTree"][b"/Nums"][1::2], numbers)
        ids = tags.get(b"/IDTree", {}).get(b"/Names", [])
        self._ids += zip(map(self._cell, ids[::2]), _moved(ids[1::2], numbers), strict=True)
        places = catalog.get(b"/Names", {}).get(b"/Dests", {}).get(b"/Names", [])
        self._places |= zip(places[::2], _moved(places[1::2], numbers), strict=True)
        self._add_marks(_moved(marks, numbers), lead)
        if not self._parts:
            self._about = {
                "catalog": catalog,
                "tags": tags,
                "document": part.value(document),
                "info": part.body(part.info),
                "metadata": part.body(catalog[b"/Metadata"]),
                "id": part.trailer[b"/ID"],
            }
        self._parts += 1
        return len(sheets)

    def close(self):
        """Write what holds the parts together; the file is complete then."""
        about, catalog = self._about, dict(self._about["catalog"])
        said = {mark.place: mark.title for mark in _all(self._marks)}
        for number, body in self._links:
            place = self._places[b"(" + _LINK.search(body)[1] + b")"]
            body = _LINK.sub(b"/Dest " + _written(place), body)
            words = b"/Contents" + said[place] if place in said else b""
            self._object(number, _SAID.sub(lambda _match, words=words: words, body))
        tree = {b"/Type": b"/Pages", b"/Count": b"%d" % self.pages, b"/Kids": self._pages}
        self._object(self._page_tree, _written(tree))
        self._object(
            self._document,
            _written({**about["document"], b"/K": self._tags, b"/P": self._tag_tree}),
        )
        nums = [one for entry in enumerate(self._parents) for one in (b"%d" % entry[0], entry[1])]
        tags = {
            **about["tags"],
            b"/K": [self._document],
            b"/ParentTree": {b"/Nums": nums},
            b"/ParentTreeNextKey": b"%d" % len(self._parents),
        }
        if self._ids:
            tags[b"/IDTree"] = {b"/Names": _tree_of_names(self._ids)}
        self._object(self._tag_tree, _written(tags))
        if self._places:
            catalog[b"/Names"] = {b"/Dests": {b"/Names": _tree_of_names(self._places.items())}}
        if self._marks:
            catalog[b"/Outlines"] = self._outline()
        metadata = self._number()
        head, stream = about["metadata"].split(b"\nstream\n", 1)
        text = _COUNT.sub(rb"\g<1>%d" % self.pages, stream.rpartition(b"\nendstream")[0])
        head = re.sub(rb"/Length \d+", b"/Length %d" % len(text), head)
        self._object(metadata, head + b"\nstream\n" + text + b"\nendstream")
        info, root = self._number(), self._number()
        self._object(info, about["info"])
        catalog |= {
            b"/Pages": self._page_tree,
            b"/StructTreeRoot": self._tag_tree,
            b"/Metadata": metadata,
        }
        self._object(root, _written(catalog))
        self._write_table({b"/Root": root, b"/Info": info, b"/ID": about["id"]})

    # --- Objects ------------------------------------------------------------------------------

    def _number(self):
        self._offsets.append(None)
        return Ref(len(self._offsets) - 1)

    def _write(self, data):
        self._out.write(data)
        self._at += len(data)

    def _object(self, number, body):
        self._offsets[number] = self._at
        self._write(b"%d 0 obj\n%b\nendobj\n\n" % (number, body))

    def _copy(self, number, body, numbers, counted):
        """An object of a part under its new number; a link into another part waits for the end."""
        head, sign, stream = body.partition(b"\nstream\n")
        depth = 0

        def new(match):
            nonlocal depth
            piece = match[0]
            if piece == b"(":
                depth += 1
            elif piece == b")":
                depth -= 1
            elif depth:
                return piece
            elif match[1]:
                return b"%d 0 R" % numbers[int(match[1])]
            elif match[2]:
                return b"%b %d" % (match[2], int(match[3]) + counted)
            elif piece.startswith(b"(U"):
                return self._cell(piece)
            return piece

        head = _PIECES.sub(new, head)
        if b"/Subtype/Link" in head and _LINK.search(head):
            self._links.append((number, head))
        else:
            self._object(number, head + sign + stream)

    def _cell(self, name):
        """The name of a table's cell: every part has a first table."""
        return b"(P%d%b" % (self._parts, name[1:])

    def _write_table(self, trailer):
        at = self._at
        self._write(b"xref\n0 %d\n0000000000 65535 f\r\n" % len(self._offsets))
        self._write(b"".join(b"%010d 00000 n\r\n" % offset for offset in self._offsets[1:]))
        trailer = {b"/Size": b"%d" % len(self._offsets), **trailer}
        self._write(b"trailer\n%b\nstartxref\n%d\n%%%%EOF" % (_written(trailer), at))

    # --- Bookmarks ----------------------------------------------------------------------------

    def _add_marks(self, marks, continues):
        """Add the bookmarks of a part; those of the chapter that it continues go below that one."""
        beside, chapter = self._last_chapter() if continues else (self._marks, None)
        for mark in marks:
            if chapter and not mark.below:
                chapter.below.append(mark)
            else:
                beside.append(mark)
                chapter = continues and mark

    def _last_chapter(self):
        """The last bookmark that has others below it, or else the last one; with those beside it."""
        beside = self._marks
        while beside and beside[-1].below and beside[-1].below[-1].below:
            beside = beside[-1].below
        return beside, beside[-1] if beside else None

    def _outline(self):
        """The bookmarks as objects; returns the number of the first, which holds them."""
        root = self._number()
        self._object(root, _written({b"/Type": b"/Outlines", **self._branch(self._marks, root)}))
        return root

    def _branch(self, marks, parent):
        numbers = [self._number() for _mark in marks]
        for place, mark in enumerate(marks):
            entry = {b"/Parent": parent, b"/Title": mark.title, b"/Dest": mark.place}
            if place:
                entry[b"/Prev"] = numbers[place - 1]
            if place + 1 < len(marks):
                entry[b"/Next"] = numbers[place + 1]
            if mark.below:
                entry |= self._branch(mark.below, numbers[place])
                entry[b"/Count"] = b"-%d" % len(mark.below)  # closed
            self._object(numbers[place], _written(entry))
        return {b"/First": numbers[0], b"/Last": numbers[-1], b"/Count": b"%d" % len(marks)}


class _Part:
    """A PDF by Typst, read: where its objects begin, and what is in them."""

    def __init__(self, pdf):
        self.pdf = pdf
        end = _END.search(pdf, max(0, pdf.rfind(b"trailer")))
        self.trailer, table = _parsed(end[1]), int(end[2])
        self.root, self.info = self.trailer[b"/Root"], self.trailer[b"/Info"]
        count = int(self.trailer[b"/Size"])
        first = pdf.index(b"\n", pdf.index(b"\n", table) + 1) + 1
        rows = (pdf[first + _ENTRY * number :][:10] for number in range(1, count))
        self.offsets = dict(enumerate(map(int, rows), start=1))
        begins = [*sorted(self.offsets.values()), table]
        self._ends = dict(pairwise(begins))

    def body(self, number):
        """What stands between "obj" and "endobj"."""
        begin = self.offsets[number]
        whole = self.pdf[begin : self._ends[begin]]
        return whole[whole.index(b"obj\n") + 4 : whole.rindex(b"\nendobj")]

    def value(self, number):
        return _parsed(self.body(number))

    def marks(self, root):
        """The bookmarks of the part, and the numbers of the objects that hold them."""
        if root is None:
            return [], set()
        found, objects = [], {root}
        number = self.value(root).get(b"/First")
        while number is not None:
            entry = self.value(number)
            below, more = self.marks(number) if b"/First" in entry else ([], {number})
            found.append(_Mark(entry[b"/Title"], entry[b"/Dest"], below))
            objects |= more
            number = entry.get(b"/Next")
        return found, objects


# --- Values -----------------------------------------------------------------------------------


def _parsed(data):
    """The value that some bytes are: dict, list, Ref, or bytes as they stand there."""
    return _value(data, 0)[0]


def _value(data, at):
    match = _TOKEN.match(data, at)
    token, at = match[1], match.end()
    if token == b"(":
        return _text(data, at)
    if token == b"<<":
        found = {}
        while _TOKEN.match(data, at)[1] != b">>":
            key, at = _value(data, at)
            found[key], at = _value(data, at)
        return found, _TOKEN.match(data, at).end()
    if token == b"[":
        items = []
        while _TOKEN.match(data, at)[1] != b"]":
            item, at = _value(data, at)
            items.append(item)
        return items, _TOKEN.match(data, at).end()
    if token.endswith(b" 0 R"):
        return Ref(token[:-4]), at
    return token, at


def _text(data, begin):
    """A text in brackets, in which there may be others."""
    depth = 1
    for match in _IN_TEXT.finditer(data, begin):
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
        if not depth:
            return data[begin - 1 : match.end()], match.end()
    raise ValueError("a text that does not end")


def _written(value):
    if isinstance(value, dict):
        return (
            b"<<"
            + b"".join(_written(key) + _apart(_written(one)) for key, one in value.items())
            + b">>"
        )
    if isinstance(value, list):
        return b"[" + b" ".join(map(_written, value)) + b"]"
    return b"%d 0 R" % value if isinstance(value, Ref) else value


def _apart(value):
    return value if value[:1] in b"/[(<" else b" " + value


def _moved(rows, numbers):
    """References, or bookmarks, with the numbers that the objects have in the whole."""
    return [
        _Mark(row.title, Ref(numbers[row.place]), _moved(row.below, numbers))
        if isinstance(row, _Mark)
        else Ref(numbers[row])
        for row in rows
    ]


def _tree_of_names(entries):
    return [one for entry in sorted(entries) for one in entry]


def _all(marks):
    for mark in marks:
        yield mark
        yield from _all(mark.below)

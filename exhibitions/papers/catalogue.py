"""The catalogue of an exhibition: a public PDF that always matches the current data and consents.

Its key is a hash over everything it prints, from the same queries as the pages. The key is computed
again after each change of public content, and a file is served only under the current key. After a
withdrawn consent, a birthday or an edited title, the next request finds no file. It orders a new
one, and the page says so until the file is ready.
"""

import json
import tempfile
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.core.cache import cache
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django_tasks import task

from exhibitions.enums import Surface
from exhibitions.models import Exhibition, Photo
from exhibitions.papers.pictures import first_photos, take
from exhibitions.papers.wording import (
    TEMPLATES,
    absolute,
    joined,
    paragraphs,
    plain,
    said,
    short_address,
    when,
    where,
)
from exhibitions.papers.works import entries, works_of
from exhibitions.queries.makers import named_teachers
from izmek.media.room import write_over
from izmek.papers.parts import write_pdf
from izmek.papers.typst import Contents, breakable
from izmek.public.areas import note_change
from izmek.public.cache import once_for_now
from izmek.public.enums import Area
from izmek.text.languages import in_language, language_of
from izmek.text.order import sort_key, tr_order

FOLDER = "catalogues"
TEMPLATE = TEMPLATES / "catalogue.typ"
ONE_BUILD = 180  # seconds in which the same file is not ordered again
LONG_TEXT = 1200  # characters; a longer entry may continue on the next page
PART = 48  # works that are compiled together, with their photos
COVER = 1440
FEATURE = 720
# By number of works: the photo frame in mm (two or three works to a page) and the most pixels. More
# works get fewer pixels each, because people download the file to a phone.
FRAMES = (
    (60, (92, 97), 720),
    (250, (78, 70), 560),
    (600, (78, 70), 420),
    (10**6, (78, 70), 340),
)


@dataclass(frozen=True)
class Ready:
    """A finished file: path in the storage, number of pages, size in bytes."""

    path: str
    pages: int
    size: int


class Catalogue:
    """The catalogue of an exhibition in the active language, with the current data."""

    def __init__(self, exhibition):
        self.exhibition = exhibition
        self.language = get_language()

    @cached_property
    def folder(self):
        return f"{FOLDER}/{self.exhibition.pk}-{self.language}"

    @cached_property
    def key(self):
        """The current fingerprint; "" when there is nothing to print."""
        return once_for_now(self.folder, self.fingerprint, Area.SHOWN)

    def fingerprint(self):
        """The hash over the contents, the language and the layout."""
        return self.contents.fingerprint if self.showings else ""

    @cached_property
    def ready(self):
        """The file of exactly this catalogue as a Ready, or None."""
        try:
            # The note is written after the PDF, so if the note exists, the PDF is complete.
            with default_storage.open(f"{self.folder}/{self.key}.json") as note:
                found = Ready(**json.load(note))
        except (FileNotFoundError, ValueError):
            return None
        return found if default_storage.exists(found.path) else None

    def order(self):
        """Order the file once, however many people ask; on a trial it is made at once."""
        if cache.add(self._ordered, True, ONE_BUILD):
            build_catalogue.enqueue(self.exhibition.pk, self.language)

    @property
    def percent(self):
        """How much is done of the file that is being made; None while nobody has begun."""
        done = cache.get(self._ordered)
        return done if isinstance(done, int) and not isinstance(done, bool) else None

    def _tell(self, done, total):
        """As long as somebody is at it, nobody else begins."""
        cache.set(self._ordered, 100 * done // total, ONE_BUILD)

    @property
    def _ordered(self):
        return f"catalogue-ordered:{self.folder}:{self.key}"

    def build(self):
        """Make the file and put it in place of all older ones.

        If something it prints has changed meanwhile, no file is kept; the next visitor orders it.
        """
        # the key of exactly these contents, whatever has changed meanwhile
        self.key = self.fingerprint()
        with tempfile.TemporaryFile() as file:
            pages = write_pdf(self.contents, file, self._tell)
            cache.delete(self._ordered)  # a consent that is given again may lead to the same key
            now = Exhibition.objects.public().filter(pk=self.exhibition.pk).first()
            if now is None or Catalogue(now).fingerprint() != self.key:
                return
            size = file.tell()
            path = default_storage.save(f"{self.folder}/{self.key}.pdf", File(file))
        ready = {"path": path, "pages": pages, "size": size}
        note = f"{self.folder}/{self.key}.json"
        write_over(note, json.dumps(ready).encode())
        for old in files_in(self.folder):
            if old not in (path, note):
                default_storage.delete(old)
        size = {"pages": pages, "size": size}
        if size != last_size(self.exhibition):
            cache.set(_size_key(self.exhibition, self.language), size, None)
            note_change(Area.SHOWN)  # the exhibition's page shows the size of the file

    # --- What it prints -----------------------------------------------------------------------

    @cached_property
    def title(self):
        return _("%(title)s – catalogue") % {"title": in_language(self.exhibition, "title")}

    @cached_property
    def showings(self):
        return works_of(self.exhibition)

    @cached_property
    def photos(self):
        return first_photos([showing.work for showing in self.showings], Photo.objects.public())

    @cached_property
    def cover(self):
        own = Photo.objects.public().filter(exhibition=self.exhibition)
        chosen = sorted(self.showings, key=lambda showing: not showing.highlight)
        return own.order_by("order", "created_at", "pk").first() or next(
            (self.photos[showing.work_id] for showing in chosen if showing.work_id in self.photos),
            None,
        )

    @cached_property
    def contents(self):
        """Everything that is printed; the key is computed from it."""
        row, pictures = self.exhibition, {}
        works = self._works(pictures)
        front = {
            "title": said(row, "title"),
            "lines": [line for line in (", ".join(when(row)), where(row)) if line],
            "cover": self._cover(pictures),
            "text": paragraphs(in_language(row, "text")),
            "text_lang": language_of(row, "text"),
            "people": [group for group in self._people() if group["rows"]],
            "centres": _centres(works),
        }
        return Contents(
            template=TEMPLATE,
            title=self.title,
            language=self.language,
            data={"title": front["title"], "frame": self.frame, "words": _words(works)},
            rows=works,
            front=front,
            back=_index(works),
            pictures=pictures,
            part=PART,
        )

    def _cover(self, pictures):
        if self.cover is None:
            return None
        widest = self.cover.large_url.rpartition("/")[2]  # the widest of the public sizes
        own = {}
        said = take(self.cover, own, COVER, widest, plain(_("A photo of the exhibition")))
        pictures["cover.svg"] = own[said["file"]]  # among the works it is smaller
        return {**said, "file": "cover.svg", "photo": said["file"]}

    @cached_property
    def frame(self):
        return next(frame for most, frame, _side in FRAMES if len(self.showings) <= most)

    @cached_property
    def side(self):
        return next(side for most, _frame, side in FRAMES if len(self.showings) <= most)

    def _works(self, pictures):
        """The works, by centre in Turkish order, within it in the order of the exhibition."""
        rows = entries(self.exhibition, self.showings, Surface.WEB)
        for row, showing in zip(rows, self.showings, strict=True):
            photo = self.photos.get(showing.work_id)
            side = FEATURE if row["highlight"] else self.side
            row["photo"] = take(photo, pictures, side, fallback=row["title"])
            row["url"] = short_address(row["number"])
            row["area"] = showing.work.centre.neighbourhood.name
            row["long"] = sum(map(len, row["text"])) > LONG_TEXT
            teacher = row["teacher"] and _("Teacher: %(name)s") % {"name": row["teacher"]}
            lines = (
                joined([row["technique"], row["materials"]]),
                plain(row["size"]),
                joined([row["branch"], plain(row["year"])]),
                plain(teacher),
                plain(row["sale"]),
            )
            row["lines"] = [line for line in lines if line["text"]]
        return sorted(rows, key=lambda row: sort_key(row["centre"]))

    def _people(self):
        """The people named in the introduction: guests, partners, and teachers with consent."""
        row = self.exhibition
        teachers = (
            named_teachers(Surface.WEB)
            .filter(works_taught__in=[showing.work_id for showing in self.showings])
            .order_by(tr_order("first_name"), tr_order("last_name"))
            .distinct()
        )
        centres = row.centres.order_by(tr_order("name"))
        return [
            {
                "heading": _("Guests of the opening"),
                "rows": [_person(guest.name, said(guest, "office")) for guest in row.guests.all()],
            },
            {
                "heading": _("Partners"),
                "rows": [_person(one.name, said(one, "role")) for one in row.partners.all()],
            },
            {
                "heading": _("Participating centres"),
                "rows": [_person(centre.name) for centre in centres],
            },
            {"heading": _("Teachers"), "rows": [_person(str(teacher)) for teacher in teachers]},
        ]


def _person(name, note=None):
    return {"name": breakable(name), "note": note or plain("")}


def _centres(works):
    """[{name, number of its first work}] for the table of contents."""
    chapters = groupby(works, key=itemgetter("centre", "area"))
    return [{"name": name, "number": next(rows)["number"]} for (name, _area), rows in chapters]


def _index(works):
    """[{technique, works}], both in Turkish order."""
    order = sorted(
        works,
        key=lambda work: (sort_key(work["technique"]["text"]), sort_key(work["title"]["text"])),
    )
    return [
        {
            "technique": rows[0]["technique"],
            "works": [{"title": row["title"], "number": row["number"]} for row in rows],
        }
        for rows in (
            list(group)
            for _key, group in groupby(order, key=lambda work: work["technique"]["text"])
        )
    ]


def _words(works):
    count = ngettext("%(count)d work", "%(count)d works", len(works)) % {"count": len(works)}
    return {
        "catalogue": _("Catalogue"),
        "about": _("About the exhibition"),
        "contents": _("Contents"),
        "index": _("Index of techniques"),
        "number": _("Work no."),
        "names": _(
            "%(works)s. Makers and teachers are named as they wish and consent at the moment; who "
            "is not named is an İZMEK trainee. The present catalogue is at %(address)s."
        )
        % {"works": count, "address": absolute("/").partition("://")[2].rstrip("/")},
    }


@task()
def build_catalogue(exhibition_id, language):
    """The task: makes the catalogue with the data at the time it runs, maybe later than the order."""
    exhibition = Exhibition.objects.public().filter(pk=exhibition_id).first()
    if exhibition is None:
        return
    with translation.override(language):
        catalogue = Catalogue(exhibition)
        if catalogue.key and catalogue.ready is None:
            catalogue.build()


# --- Looking after the files ------------------------------------------------------------------


def last_size(exhibition):
    """{pages, size in bytes} of the latest file in the active language, or None; for its link."""
    return cache.get(_size_key(exhibition, get_language()))


def _size_key(exhibition, language):
    return f"catalogue-size:{exhibition.pk}:{language}"


def files_in(folder):
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{file}" for file in sorted(files)]


def stale_files():
    """Stored files that are not the current catalogue of their exhibition; they can be deleted."""
    try:
        folders, _files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    for folder in sorted(folders):
        key, _dash, language = folder.partition("-")
        exhibition = Exhibition.objects.public().filter(pk=key).first()
        current = []
        if exhibition is not None:
            with translation.override(language):
                catalogue = Catalogue(exhibition)
                if catalogue.ready:
                    current = [catalogue.ready.path, f"{catalogue.folder}/{catalogue.key}.json"]
        for path in files_in(f"{FOLDER}/{folder}"):
            if path not in current:
                yield path

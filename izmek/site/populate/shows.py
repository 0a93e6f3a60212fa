"""Exhibitions of a populated town, with works, makers, photos and what visitors wrote."""

import os
import uuid
from bisect import bisect
from collections import Counter as Count
from datetime import time, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from exhibitions.enums import (
    EnquiryState,
    ExhibitionKind,
    ExhibitionState,
    NameForm,
    NoteState,
    SaleStatus,
    WorkState,
)
from exhibitions.models import (
    Enquiry,
    Exhibition,
    Maker,
    Photo,
    Sale,
    Showing,
    Technique,
    VisitorNote,
    Work,
)
from exhibitions.services import store_photo
from izmek.media.photos import CleanPhoto, rendition_names
from izmek.models import Counter
from izmek.site.demo import illustrations
from izmek.site.demo.pictures import CREDIT
from izmek.site.populate.town import moment
from izmek.text.codes import SIGNS
from izmek.text.fold import slug

PICTURES = 12  # different ones; their files are shared
# No word here is a name: public texts name nobody.
_WORDS = """
Mavi Kırmızı Yeşil Sarı Beyaz Turuncu Mor Sessiz Uzun Küçük Büyük Eski Yeni İnce Derin
Köşe Bahçe Kapı Pencere Sofra Sokak Gece Sabah Yol Köprü Kuş Dalga Yaprak Çeşme Masal
"""
FIRST, SECOND = (line.split() for line in _WORDS.strip().splitlines())
MATERIALS = [
    ("Pamuk iplik, keten", "Cotton thread, linen"),
    ("Yün, doğal boya", "Wool, natural dye"),
    ("Ahşap, akrilik boya", "Wood, acrylic paint"),
    ("Kâğıt, toprak boya", "Paper, earth pigments"),
    ("Bisküvi, sır", "Biscuit, glaze"),
]
TEXT = (
    "Kurs boyunca adım adım çalışıldı; desen önce kareli kâğıda çizildi, sonra uygulandı. Renkler "
    "birkaç kez denendi, son haftada bitirildi."
)
TEXT_EN = "Worked on step by step; the pattern was drawn on squared paper first, the colours tried."
SALES = [SaleStatus.NOT_FOR_SALE] * 3 + [SaleStatus.FOR_SALE, SaleStatus.FOR_SALE, SaleStatus.SOLD]


def make_exhibitions(town):
    """The largest is open, a small one too, one comes; the others lie in the years before."""
    pictures = Pictures(town)
    techniques = list(Technique.objects.order_by("pk").values_list("pk", flat=True))
    runs = sorted(
        (run for run in town.runs if run.makers and run.begin <= town.today),
        key=lambda run: (run.end, run.key),
    )
    ends = [run.end for run in runs]
    numbers = Count()
    for index, (begin, end, count) in enumerate(sorted(_plan(town))):
        exhibition = _exhibition(town, index, begin, end, count)
        pictures.photo(town.rng.randrange(PICTURES), exhibition_id=exhibition)
        first, last = bisect(ends, begin - timedelta(days=300)), bisect(ends, begin)
        choice = runs[first:last] or runs
        if end >= town.today:
            choice = runs[first:] or runs
        for order in range(count):
            run = town.rng.choice(choice)
            numbers[begin.year] += 1
            number = f"{begin.year}-{numbers[begin.year]:04d}"
            technique = techniques[run.programme % len(techniques)]
            work, sold_for = _work(town, run, number, technique, begin)
            pictures.photo(order % PICTURES, work_id=work)
            _show(town, exhibition, work, order, begin, end)
            if sold_for:
                _sell(town, exhibition, work, sold_for, begin)
            town.loader.flush(at_least=100_000)
        _visitors(town, exhibition, work, index, begin, end)
    for centre in town.centres:
        pictures.photo(centre % PICTURES, centre_id=centre)
    for year, last in numbers.items():
        town.add(Counter, kind="work", year=year, last=last)


def _plan(town):
    """(begin, end, works) of each exhibition."""
    size = town.size
    yield town.day(-10), town.day(20), size.largest
    yield town.day(-5), town.day(10), 60
    yield town.day(20), town.day(27), 30
    past = size.exhibitions - 3
    each = (size.works - size.largest - 90) // past
    for index in range(past):
        begin = town.day(-30 - index * max(8, (size.years * 365 - 150) // past))
        yield begin, begin + timedelta(days=6), max(5, each)


def _exhibition(town, index, begin, end, count):
    kind = ExhibitionKind.GENERAL if count == town.size.largest else ExhibitionKind.MIXED
    title = "Genel Sergi" if count == town.size.largest else f"Karma Sergi {index + 1}"
    if count == 60:
        title = "Mahalle Sergisi"
    place = town.rng.choice(town.neighbourhoods)
    exhibition = town.add(
        Exhibition,
        kind=kind,
        title=title,
        title_en=title.replace("Sergi", "Exhibition"),
        slug=f"{slug(title)}-{begin.year}",
        year_id=_year_of(town, begin),
        text=f"{TEXT} " * 3,
        text_en=f"{TEXT_EN} " * 3,
        venue="Kültür Merkezi",
        address="Meydan No: 1",
        neighbourhood_id=place,
        begin=begin,
        end=end,
        opens_at=time(8, 30),
        closes_at=time(17, 30),
        opening_at=moment(begin, time(14)),
        entry="Ücretsiz",
        entry_en="Free of charge",
        state=ExhibitionState.PUBLISHED,
        publish_from=moment(begin - timedelta(days=40)),
    )
    for centre in town.centres[:: max(1, len(town.centres) // 8)]:
        town.add(Exhibition.centres.through, exhibition_id=exhibition, coursecentre_id=centre)
    return exhibition


def _year_of(town, day):
    return town.years.get(day.year - (day.month < 9)) or next(iter(town.years.values()))


def _work(town, run, number, technique, begin):
    rng = town.rng
    title = f"{rng.choice(FIRST)} {rng.choice(SECOND)}"
    materials, materials_en = rng.choice(MATERIALS)
    sale = rng.choice(SALES)
    price = None if sale == SaleStatus.NOT_FOR_SALE else rng.randrange(5, 80) * 50
    if sale == SaleStatus.SOLD and begin > town.today:
        sale = SaleStatus.FOR_SALE
    told = rng.random() < 0.4
    submitted = moment(begin - timedelta(days=12))
    work = town.add(
        Work,
        number=number,
        title=title,
        course_id=run.key,
        centre_id=run.centre,
        year_id=town.years[run.year],
        technique_id=technique,
        teacher_id=run.teacher,
        materials=materials,
        materials_en=materials_en,
        width=rng.randrange(20, 200),
        height=rng.randrange(20, 200),
        text=TEXT if told else "",
        text_en=TEXT_EN if told else "",
        sale_status=sale,
        price=price,
        state=WorkState.APPROVED,
        submitted_at=submitted,
    )
    kind = rng.random()
    if kind < 0.03:
        town.add(Maker, work_id=work, group_name="Atölye grubu")
    elif kind < 0.07:
        town.add(Maker, work_id=work, teacher_id=run.teacher, form=NameForm.FULL)
    else:
        together = rng.random() < 0.08 and len(run.makers) > 1
        for order, trainee in enumerate(rng.sample(run.makers, 2 if together else 1)):
            form = rng.choices(NameForm.values, weights=[55, 37, 8])[0]
            town.add(Maker, work_id=work, trainee_id=trainee, form=form, order=order)
    return work, price if sale == SaleStatus.SOLD else None


def _sell(town, exhibition, work, price, begin):
    town.add(
        Sale,
        work_id=work,
        exhibition_id=exhibition,
        date=begin,
        price=price,
        recorded_at=moment(begin, time(15)),
        status_before=SaleStatus.FOR_SALE,
    )


def _show(town, exhibition, work, order, begin, end):
    over = end < town.today
    there = begin <= town.today
    town.add(
        Showing,
        exhibition_id=exhibition,
        work_id=work,
        order=10 * order + 10,
        place=f"Masa {order // 12 + 1}",
        highlight=order % 40 == 0,
        handed_in=begin - timedelta(days=2) if there else None,
        given_back=end + timedelta(days=2) if over else None,
        approved_at=moment(begin - timedelta(days=8)),
        approved_by_id=town.curator.pk,
    )


def _visitors(town, exhibition, work, index, begin, end):
    """Lines in the visitor book and enquiries, as soon as it is open."""
    if begin > town.today:
        return
    at = moment(min(end, town.day(-1)), time(15))
    for turn in range(20):
        town.add(
            VisitorNote,
            exhibition_id=exhibition,
            text="Emeği geçen herkesin eline sağlık, çok güzel bir sergi olmuş.",
            state=NoteState.SHOWN if turn else NoteState.WAITING,
            written_at=at,
        )
    for turn in range(5):
        waits = end >= town.today and turn == 0
        town.add(
            Enquiry,
            work_id=work,
            exhibition_id=exhibition,
            name="Ziyaretçi",
            email=f"ziyaretci{index}.{turn}@example.org",
            message="Bu eser satılık mı?",
            reference="-".join("".join(town.rng.choices(SIGNS, k=4)) for _part in range(3)),
            received_at=at,
            answer_by=at.date() + timedelta(days=30),
            state=EnquiryState.NEW if waits else EnquiryState.CLOSED,
        )


class Pictures:
    """A few drawings; every photo has files of its own, which are links to theirs."""

    def __init__(self, town):
        self.town, self.first = town, {}

    def photo(self, picture, **of):
        """One more photo with one of the pictures."""
        crafts = list(illustrations.TECHNIQUES)
        craft = crafts[picture % len(crafts)]
        key = uuid.UUID(int=self.town.rng.getrandbits(128), version=4)
        if picture not in self.first:
            image = illustrations.draw(craft, picture + 1, size=self.town.size.picture)
            stored = store_photo(clean=CleanPhoto(image))
            key = stored.pk
            alt, alt_en = illustrations.describe(craft, picture + 1)
            self.first[picture] = stored, alt, alt_en
        stored, alt, alt_en = self.first[picture]
        row = self.town.add(
            Photo,
            id=key,
            alt=alt,
            alt_en=alt_en,
            credit=CREDIT,
            width=stored.width,
            height=stored.height,
            **of,
        )
        if key != stored.pk:
            self._share(stored, f"photos/{key.hex}")
        return row

    @staticmethod
    def _share(stored, folder):
        for name in rendition_names(stored.width):
            try:
                source = default_storage.path(f"{stored.folder}/{name}")
                target = default_storage.path(f"{folder}/{name}")
                os.makedirs(os.path.dirname(target), exist_ok=True)
                os.link(source, target)
            except (
                NotImplementedError,
                OSError,
            ):  # no folder of this machine, or one without links
                with default_storage.open(f"{stored.folder}/{name}") as file:
                    default_storage.save(f"{folder}/{name}", ContentFile(file.read()))

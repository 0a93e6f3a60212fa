"""Exhibitions and works: submitted, approved and published by the real acts."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import count, zip_longest

from exhibitions.enums import EnquiryKind, EnquiryState, NoteState
from exhibitions.models import (
    Enquiry,
    Exhibition,
    ExhibitionDay,
    Guest,
    Maker,
    Partner,
    Showing,
    Technique,
    VisitorNote,
    Work,
)
from exhibitions.services import (
    add_photo,
    approve_work,
    publish_exhibition,
    return_work,
    sell_work,
    submit_work,
    withdraw_work,
)
from izmek.acts.bulk import bulk_create
from izmek.acts.saving import save
from izmek.site.demo import illustrations, people
from izmek.site.demo.data.exhibitions import (
    ENQUIRIES,
    EXHIBITIONS,
    NOTES,
    PRIVACY_ENQUIRY,
    STATES,
)
from izmek.site.demo.data.places import CENTRES
from izmek.site.demo.data.works import GROUPS, WORKS
from izmek.site.demo.illustrations import VIEWS
from izmek.site.demo.pictures import CREDIT, Drawing
from izmek.site.demo.town import moment
from izmek.text.fold import fold, slug
from trainees.enums import Gender

PLACES = ["Giriş masası", "Pencere duvarı", "Orta masa", "Doğu duvarı", "Batı duvarı", "Sahne önü"]
MADE_BY_TWO = {"İki Kız Kardeş"}
PRICES = {  # TL for a square metre
    "kilim-dokuma": 4200,
    "kirkyama": 1900,
    "kece": 2600,
    "cini": 9000,
    "ebru": 5200,
    "igne-oyasi": 1500,
    "filografi": 3800,
    "ahsap-boyama": 4000,
    "kanavice": 3200,
    "vitray": 6000,
}

COPIED = [  # the columns of an exhibition that the data give as they are
    *("kind", "title", "title_en", "venue", "text", "text_en", "date_precision", "date_note"),
    *("opens_at", "closes_at", "access", "access_en", "entry", "entry_en", "visitor_count"),
]

DETAILS = 0.25  # of the works have a second picture, seen from near


@dataclass(frozen=True)
class PlannedWork:
    """A work before it has a row: whose course it comes from, what it is called, how it is drawn."""

    exhibition: str
    index: int  # within its exhibition
    highlight: bool
    craft: str  # the key of a programme, and of a technique
    origin: str | int  # the begin of its course as data.teaching has it, or the key of a centre
    turn: int  # which of its craft's works it is in that exhibition
    seed: int
    words: tuple  # title, title_en, text, text_en; the first two are empty when the drawing tells
    views: tuple

    @property
    def drawings(self):
        return [Drawing(self.craft, self.seed, view) for view in self.views]


def plan(rng):
    """Every work in the order of the exhibitions; asks no database, so that drawing can begin."""
    used = dict.fromkeys(WORKS, 0)
    for key, exhibition in EXHIBITIONS.items():
        by_craft = []
        for craft, origin, how_many in exhibition["works"]:
            by_craft.append([])
            for turn in range(how_many):
                known = WORKS[craft][used[craft] :] or [("", "", "", "")]
                used[craft] += 1
                by_craft[-1].append((craft, origin, turn, used[craft], known[0]))
        # Hung so that crafts are mixed.
        hung = [work for row in zip_longest(*by_craft) for work in row if work]
        for index, (craft, origin, turn, seed, words) in enumerate(hung):
            state, _note = STATES.get((key, index), ("approved", ""))
            yield PlannedWork(
                exhibition=key,
                index=index,
                highlight=index % (3 if len(hung) < 20 else 5) == 0,
                craft=craft,
                origin=origin,
                turn=turn,
                seed=seed,
                words=words,
                views=() if state == "draft" else VIEWS[: 1 + (rng.random() < DETAILS)],
            )


def scenes():
    """The drawings of the halls and of the centres: {"exhibition" or "centre": {key: [Drawing]}}."""
    seeds = count(1)
    return {
        "exhibition": {
            key: [Drawing(kind, next(seeds)) for kind in row["scenes"]]
            for key, row in EXHIBITIONS.items()
        },
        "centre": {key: [Drawing("centre", seed)] for seed, key in enumerate(CENTRES, 1)},
    }


# --- Exhibitions ------------------------------------------------------------------------------


def make_exhibitions(town):
    for key, row in EXHIBITIONS.items():
        begin, end = town.day(row["begin"]), town.day(row["end"])
        hall = town.centres.get(row.get("hall"))
        exhibition = Exhibition(
            slug=f"{slug(row['title'])}-{begin.year}",
            year=_year_of(town, row),
            begin=begin,
            end=end,
            address=row.get("address", hall.address if hall else ""),
            neighbourhood=hall.neighbourhood if hall else town.neighbourhoods[row["neighbourhood"]],
            opening_at=moment(begin, row["opening_at"]) if "opening_at" in row else None,
        )
        for name in COPIED:
            if name in row:
                setattr(exhibition, name, row[name])
        save(exhibition, by=town.curator)
        exhibition.centres.set([town.centres[centre] for centre in row["centres"]])
        guests = (
            Guest(
                exhibition=exhibition,
                name=name,
                office=office,
                office_en=office_en,
                spoke=spoke,
                order=order,
            )
            for order, (name, office, office_en, spoke) in enumerate(row["guests"], 1)
        )
        partners = (
            Partner(exhibition=exhibition, name=name, role=role, role_en=role_en, order=order)
            for order, (name, role, role_en) in enumerate(row["partners"], 1)
        )
        closed = (
            ExhibitionDay(exhibition=exhibition, date=day) for day in row.get("closed_on", [])
        )
        for rows in (guests, partners, closed):
            bulk_create(rows, by=town.curator)
        town.exhibitions[key] = exhibition


def _year_of(town, row):
    """The education year that its first course belongs to."""
    return _course(town, *row["works"][0][:2], 0).term.year


def _course(town, programme, begin, turn):
    """The course of a work; where two of a programme began on that day, they take turns."""
    found = [
        course for key, course in town.courses.items() if (key[0], key[3]) == (programme, begin)
    ]
    return found[turn % len(found)]


def show_places(town, studio, scenes):
    """Pictures of the halls and of the centres."""
    for kind, owners in scenes.items():
        for key, drawings in owners.items():
            owner = {"exhibition": town.exhibitions, "centre": town.centres}[kind][key]
            _photos(town, studio, drawings, **{kind: owner})


def publish(town):
    """Publish all but the draft; all texts and photos are there by now."""
    for key, exhibition in town.exhibitions.items():
        if key != "draft":
            town.exhibitions[key] = publish_exhibition(exhibition=exhibition, by=town.curator)


# --- Works ------------------------------------------------------------------------------------


def make_works(town, works, studio):
    """Works with makers and photos, in the state that the plan wants.

    Returns [(its plan, the work)] of those to sell.
    """
    sold = []
    town.seed("works")
    asked = {*people.minors(town), *people.just_grown_up(town)}  # their guardians
    for planned in works:
        work, is_sold = _work(town, planned)
        _makers(town, planned, work, asked)
        _photos(town, studio, planned.drawings, work=work)
        _show(town, planned, work)
        if is_sold:
            sold.append((planned, work))
    return sold


def _work(town, planned):
    title, title_en = illustrations.title(planned.craft, planned.seed)
    materials, materials_en = illustrations.materials(planned.craft, planned.seed)
    width, height = illustrations.size_cm(planned.craft, planned.seed)
    own_title, own_title_en, text, text_en = planned.words
    sale, price = _sale(town, planned, width * height / 10_000)
    is_sold = sale == "sold"
    work = Work(
        title=own_title or title,
        title_en=own_title_en or title_en,
        text=text,
        text_en=text_en,
        materials=materials,
        materials_en=materials_en,
        width=width,
        height=height,
        sale_status="for sale" if is_sold else sale,
        price=price,
    )
    if planned.origin in town.centres:
        work.centre = town.centres[planned.origin]
        work.year = town.exhibitions[planned.exhibition].year
        work.technique = Technique.objects.get(slug=planned.craft)
    else:
        work.course = _course(town, planned.craft, planned.origin, planned.turn)
        work.fill_from_course()
    return save(work, by=_author(town, work)), is_sold


def _author(town, work):
    """Who enters a work: its teacher if they have an account, else the curator."""
    return (work.course and work.course.teacher.user) or town.curator


def _sale(town, planned, square_metres):
    past = town.exhibitions[planned.exhibition].end < town.today
    sale = town.rng.choices(
        ["not for sale", "for sale", "sold", "reserved", "to order"],
        weights=[50, 12, 25, 0, 8] if past else [45, 30, 8, 7, 10],
    )[0]
    worth = PRICES[planned.craft] * max(0.06, square_metres) * town.rng.uniform(0.8, 1.25)
    unpriced = sale == "not for sale" or town.chance(0.1)
    return sale, None if unpriced else Decimal(max(250, round(worth / 50) * 50))


def sell(town, works):
    """Sell those that hang where an exhibition has begun; some for a little less than was asked."""
    for planned, work in works:
        exhibition = town.exhibitions[planned.exhibition]
        hangs = exhibition.showings.approved().filter(work=work)
        if exhibition.state != "published" or exhibition.begin > town.today or not hangs:
            continue
        asked = work.price or Decimal(400)  # where nobody had set a price
        day = exhibition.begin + timedelta(days=planned.index % 3)
        sell_work(
            work=work,
            price=asked - 50 if planned.index % 4 == 1 else asked,
            date=min(day, exhibition.end, town.today),
            exhibition=exhibition,
            paid_to="centre" if planned.index % 5 == 2 else "maker",
            by=town.curator,
        )


def _makers(town, planned, work, asked):
    """One trainee mostly; here and there two, a teacher, or the class."""
    if work.course is None or planned.index % 17 == 9:
        name = f"{work.centre.neighbourhood} {GROUPS[planned.craft]}"
        makers = [Maker(work=work, group_name=name)]
    elif planned.index % 13 == 5:
        makers = [Maker(work=work, teacher=work.course.teacher, form="full")]
    else:
        together = work.title in MADE_BY_TWO or planned.index % 11 == 7
        makers = []
        for trainee in _candidates(planned, work)[: 1 + together]:
            form = town.rng.choices(["full", "short", "none"], weights=[55, 37, 8])[0]
            makers.append(Maker(work=work, trainee=trainee, form=form, order=len(makers)))
            never_asked = planned.index % 7 == 4
            if not never_asked and trainee not in asked:
                asked.add(trainee)
                people.ask_trainees(town, [trainee], people.ANSWERS_OF_MAKERS)
            if planned.index == 6 and not makers[:-1]:
                people.change_of_mind(town, trainee)
    for maker in makers:
        save(maker, by=town.curator)


def _candidates(planned, work):
    """Trainees of the course in a fixed order, without those whose surname the work's texts contain.

    The English texts say "she", so a work with a text gets a woman as its maker.
    """
    alts = [illustrations.describe(planned.craft, planned.seed, view)[0] for view in planned.views]
    words = set(fold(" ".join([work.title, work.text, *alts])).split())
    rows = work.course.enrolments.filter(state__in=["enrolled", "completed", "transcript"])
    willing = [
        row.trainee
        for row in rows.select_related("trainee").order_by("pk")
        if not words & set(fold(row.trainee.last_name).split())
        and (row.trainee.gender == Gender.FEMALE or not work.text)
    ]
    start = planned.turn * 2 % len(willing)
    return willing[start:] + willing[:start]


def _photos(town, studio, drawings, **of):
    for order, drawing in enumerate(drawing for drawing in drawings if drawing in studio):
        alt, alt_en = illustrations.describe(drawing.what, drawing.seed, drawing.view)
        add_photo(
            stored=studio.take(drawing),
            by=town.curator,
            order=order,
            alt=alt,
            alt_en=alt_en,
            credit=CREDIT,
            **of,
        )


def _show(town, planned, work):
    """Bring a work into the state that the plan wants, by the acts that lead there."""
    exhibition = town.exhibitions[planned.exhibition]
    state, note = STATES.get((planned.exhibition, planned.index), ("approved", ""))
    if state == "draft":
        return
    work = submit_work(work=work, by=_author(town, work))
    if state == "approved" or (state == "withdrawn" and exhibition.begin < town.today):
        showing = approve_work(work=work, exhibition=exhibition, by=town.curator)
    else:
        showing = Showing(exhibition=exhibition, work=work, order=10 * planned.index + 10)
    showing.place = PLACES[planned.index * len(PLACES) // 32]
    showing.highlight = planned.highlight
    if exhibition.begin <= town.today:
        showing.handed_in = exhibition.begin - timedelta(days=2 + planned.index % 3)
    if exhibition.end < town.today:
        showing.given_back = exhibition.end + timedelta(days=1 + planned.index % 4)
    save(showing, by=town.curator)
    if state == "returned":
        return_work(work=work, note=note, by=town.curator)
    elif state == "withdrawn":
        withdraw_work(work=work, reason=note, by=town.curator)


# --- What people wrote ------------------------------------------------------------------------


def make_letters(town):
    """Enquiries, answered and not, and lines in the visitor book."""
    works = {
        key: list(exhibition.showings.order_by("order"))
        for key, exhibition in town.exhibitions.items()
    }
    for key, index, name, email, message, days, answer in ENQUIRIES:
        enquiry = Enquiry(
            work=works[key][index].work,
            exhibition=town.exhibitions[key],
            name=name,
            email=email,
            message=message,
            received_at=moment(town.day(-days), "18:40"),
            answer_by=town.day(30 - days),
        )
        if answer:
            enquiry.state, enquiry.answer = EnquiryState.ANSWERED, answer
            enquiry.answered_at = moment(town.day(1 - days), "10:05")
            enquiry.answered_by = town.curator
        save(enquiry, by=None)
    name, email, message, days = PRIVACY_ENQUIRY
    enquiry = Enquiry(kind=EnquiryKind.PRIVACY, name=name, email=email, message=message)
    enquiry.received_at, enquiry.answer_by = moment(town.day(-days)), town.day(30 - days)
    save(enquiry, by=None)
    bulk_create(
        VisitorNote(
            exhibition=town.exhibitions[key],
            name=name,
            text=text,
            language=language,
            state=NoteState.SHOWN if shown else NoteState.WAITING,
            written_at=moment(min(town.day(-1), town.exhibitions[key].end), "15:30"),
        )
        for key, name, text, language, shown in NOTES
    )

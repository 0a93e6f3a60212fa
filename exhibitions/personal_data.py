"""What is personal in the tables of this app (izmek/privacy/record.py)."""

from django.utils.translation import gettext_lazy as _

from exhibitions.models import (
    Enquiry,
    Exhibition,
    ExhibitionDay,
    Guest,
    Maker,
    NamedText,
    Partner,
    Photo,
    PhotoPerson,
    Sale,
    Showing,
    Technique,
    VisitorNote,
    Work,
)
from izmek.accounts.roles import Role
from izmek.privacy.record import (
    NAMES_NOBODY,
    Basis,
    Keep,
    Personal,
    declare,
    each,
    nothing_personal,
)
from izmek.privacy.terms import (
    ANSWERING,
    CONTACT,
    DONE_BY,
    ENQUIRIES,
    EVERY_STAFF,
    EXHIBITED,
    EXHIBITIONS,
    EXHIBITORS,
    OFFICE,
    RESULTS,
    VISITORS,
)
from izmek.text import masks

SHOWN = Personal(EXHIBITIONS, Basis.LAW, RESULTS, seen_by=EVERY_STAFF, erase=NAMES_NOBODY)
WORDS = SHOWN.but(
    erase=Keep(_("a sentence about the work or the exhibition, in which nobody is to be named")),
    mask=masks.words,
)
declare(
    Maker,  # visitors read a name only by consent, which goes with its person
    ("trainee", "teacher"),
    whom=_("Makers of works"),
    **each("work form", SHOWN),
    not_personal="group_name group_folded order",
)
declare(
    PhotoPerson,  # the photos themselves go before: exhibitions/services/photos.py
    "trainee",
    whom=_("Trainees who can be recognised on photos"),
    erase_rows=True,
    photo=SHOWN.but(basis=Basis.CONSENT, period=CONTACT),
)
declare(
    NamedText,
    ("trainee", "teacher"),
    whom=_("Those who are named in a text without their consent"),
    erase_rows=True,
    place=SHOWN.but(basis=Basis.OBLIGATION, period=CONTACT, handed_over=False),
    not_personal="work exhibition course coursecentre programme found_at",
)
declare(
    Work,
    ("makers__trainee", "teacher"),
    whom=_("Makers of works"),
    **each("number title sale_status price state", SHOWN),
    state_note=WORDS,
    not_personal=(
        "title_en course centre year technique materials materials_en width height depth text text_en "
        "submitted_at reference folded"
    ),
)
declare(
    Sale,
    "work__makers__trainee",
    whom=_("Makers of works that were sold"),
    **each("exhibition date price paid_to", SHOWN.but(seen_by=(*OFFICE, Role.CURATOR))),
    not_personal="work recorded_at status_before",
)
declare(
    Photo,  # what it shows: makers' works, guests; trainees by their consent
    whom=_("People on photos"),
    **each("alt alt_en caption caption_en credit people", WORDS.but(mask=None)),
    not_personal=(
        "work exhibition centre order decorative focal_point width height has_sizes created_at"
    ),
)
declare(
    Showing,
    "work__makers__trainee",
    whom=_("Makers of works"),
    **each("handed_in given_back", SHOWN),
    approved_by=DONE_BY,
    not_personal="exhibition work order place highlight approved_at",
)
declare(
    Guest,
    whom=_("Guests in public office"),
    erase_rows=True,
    **each(
        "name office office_en spoke",
        Personal(EXHIBITIONS, Basis.INTEREST, EXHIBITED, seen_by=EVERY_STAFF),
    ),
    not_personal="exhibition order",
)
declare(
    Exhibition,
    not_personal=(
        "kind title title_en slug year text text_en venue address neighbourhood latitude longitude "
        "begin end date_precision date_note opens_at closes_at opening_at access access_en entry "
        "entry_en state publish_from visitor_count folded"
    ),
    state_reason=WORDS,
)
ASKED = Personal(ANSWERING, Basis.LAW, ENQUIRIES, seen_by=(*OFFICE, Role.CURATOR))
REGISTERED = ASKED.but(erase=Keep(_("proves that a request was answered in time; it names nobody")))
declare(
    Enquiry,  # also found by the contact that was given (exhibitions/services/erasure.py)
    ("trainee", "teacher", "application__trainee"),
    whom=_("Who writes to us"),
    **each(
        "kind topic language received_at answered_at channel state came_by wish identity_check",
        REGISTERED,
    ),
    name=ASKED,
    email=ASKED.but(mask=masks.email),
    phone=ASKED.but(mask=masks.phone),
    postal_address=ASKED.but(mask=masks.words),
    reference=ASKED.but(mask=masks.code),
    message=ASKED.but(mask=masks.words),
    answer=ASKED.but(mask=masks.words),
    done=ASKED.but(mask=masks.words),
    state_reason=ASKED.but(mask=masks.words),
    **each("application guardian", REGISTERED.but(handed_over=False)),
    answered_by=DONE_BY,
    not_personal="work exhibition centre answer_by",
)
NOTED = Personal(VISITORS, Basis.LAW, EXHIBITED, seen_by=EXHIBITORS)
declare(
    VisitorNote,
    whom=_("Visitors"),
    erase_rows=True,
    **each("name language written_at state reference", NOTED),
    text=NOTED.but(mask=masks.words),
    not_personal="exhibition",
)
nothing_personal(ExhibitionDay, Exhibition.centres.through, Partner, Technique)

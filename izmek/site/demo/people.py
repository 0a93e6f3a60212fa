"""The trainees: who they are, who signs for them, and what they consent to."""

from datetime import timedelta

from izmek.acts.bulk import bulk_create, bulk_update
from izmek.secrets.identity import IdentityKind, identity_hash, normalise
from izmek.site.demo.data import names
from izmek.site.demo.data.places import NEIGHBOURHOODS
from izmek.site.demo.town import years_before
from trainees.enums import Channel, Gender, NoticeKind, Purpose
from trainees.models import Consent, Identity, NoticeText, Trainee
from trainees.services import (
    give_consent,
    record_guardian,
    record_support,
    withdraw_consent,
)

TRAINEES = 600
MINORS = 22
JUST_GROWN_UP = 3  # their guardians consented; since their birthday those answers count no more
WITHOUT_NUMBER = 8  # typed in, not yet registered in person


def make_trainees(town):
    """600 people; the searched names and the foreigners first, then the minors, the last unnumbered."""
    rng, places = town.rng, list(NEIGHBOURHOODS)
    taken, people = set(), []

    def name():
        while True:
            woman = town.chance(0.88)
            first = rng.choice(names.WOMEN if woman else names.MEN)
            if town.chance(0.12):
                second = rng.choice(names.WOMEN if woman else names.MEN)
                first = f"{first} {second}" if second != first else first
            last = rng.choice(names.SURNAMES)
            if (first, last) not in taken:
                taken.add((first, last))
                return first, last, Gender.FEMALE if woman else Gender.MALE

    for index in range(TRAINEES):
        if index < len(names.SEARCHED):
            first, last, gender = *names.SEARCHED[index], Gender.FEMALE
        elif index < len(names.SEARCHED) + len(names.FOREIGNERS):
            first, last, _ = names.FOREIGNERS[index - len(names.SEARCHED)]
            gender = Gender.FEMALE
        else:
            first, last, gender = name()
        birth_date = _birth_date(town, index)
        grown_up = birth_date < years_before(town.today, 19)
        people.append(
            Trainee(
                first_name=first,
                last_name=last,
                gender=gender if town.chance(0.95) else "",
                birth_date=birth_date,
                phone=names.mobile(index),
                neighbourhood=town.neighbourhoods[
                    rng.choices(places, weights=NEIGHBOURHOODS.values())[0]
                ],
                education=rng.choices("123456", [2, 6, 6, 9, 4, 4])[0] if grown_up else "3",
            )
        )
    town.trainees = bulk_create(people, by=town.manager)
    _identify(town.trainees)
    _guardians(town)
    _supports(town)


def minors(town):
    first = len(names.SEARCHED) + len(names.FOREIGNERS)
    return town.trainees[first : first + MINORS]


def just_grown_up(town):
    first = len(names.SEARCHED) + len(names.FOREIGNERS) + MINORS
    return town.trainees[first : first + JUST_GROWN_UP]


def grown_ups(town):
    young = {*minors(town), *just_grown_up(town)}
    return [trainee for trainee in town.trainees if trainee not in young]


def _birth_date(town, index):
    index -= len(names.SEARCHED) + len(names.FOREIGNERS)
    if 0 <= index < MINORS:
        return years_before(town.today, 18) + timedelta(days=town.rng.randrange(20, 640))
    if MINORS <= index < MINORS + JUST_GROWN_UP:
        return years_before(town.today, 18) - timedelta(days=12 + 21 * (index - MINORS))
    age = min(79, max(20, round(town.rng.gauss(43, 13))))
    return years_before(town.today, age) - timedelta(days=town.rng.randrange(1, 365))


def _guardians(town):
    for index, trainee in enumerate([*minors(town), *just_grown_up(town)]):
        first = town.rng.choice(names.WOMEN if index % 3 else names.MEN)
        sixteen = years_before(trainee.birth_date, -16)
        record_guardian(
            trainee=trainee,
            name=f"{first} {trainee.last_name}",
            phone=f"+90555002{index:04d}",
            relation="anne" if index % 3 else "baba",
            permission_on=max(years_before(town.today, 1), sixteen),
            by=town.manager,
        )


def _identify(people):
    """Their identity numbers, in one go: the rows are new, so nobody has one of them already."""
    foreigners, identities = len(names.SEARCHED), []
    for index, trainee in enumerate(people[:-WITHOUT_NUMBER]):
        foreign = index - foreigners
        kind, number, country = IdentityKind.TCKN, names.identity_number(index), ""
        if 0 <= foreign < len(names.FOREIGNERS):
            country = names.FOREIGNERS[foreign][2] or ""
            if country:
                kind, number = IdentityKind.PASSPORT, f"X{7_000_000 + index}"
            else:
                kind, number = IdentityKind.YKN, names.identity_number(index, foreign=True)
        key = identity_hash(kind, number, country)
        fields = {"kind": kind, "number": normalise(kind, number), "country": country}
        identities.append(Identity(trainee=trainee, hash=key, **fields))
    bulk_create(identities)


def _supports(town):
    for trainee, need in zip(town.trainees[40::60], names.SUPPORT, strict=False):
        record_support(trainee=trainee, support=need, by=town.manager)


def give_addresses(town):
    """Every third has an e-mail address. Given last, so that no act of the demo writes a letter."""
    reached = town.trainees[::3]
    for index, trainee in enumerate(reached):
        trainee.email = f"kursiyer{index}@example.org"
    bulk_update(reached, ["email"], by=town.manager)


# --- Consents ---------------------------------------------------------------------------------

# How often each purpose is answered yes and no; the rest was not asked.
ANSWERS = {
    Purpose.NAME_LABEL: (0.55, 0.1),
    Purpose.NAME_WEB: (0.45, 0.15),
    Purpose.PHOTO: (0.35, 0.25),
    Purpose.CONTACT: (0.6, 0.15),
}
# Makers of exhibited works are asked about their names once more, and most say yes.
ANSWERS_OF_MAKERS = ANSWERS | {Purpose.NAME_LABEL: (0.88, 0.06), Purpose.NAME_WEB: (0.8, 0.1)}


def ask_trainees(town, trainees, answers=ANSWERS):
    """Ask trainees on paper; some change their mind later, some are never asked."""
    for trainee in trainees:
        for purpose, (yes, no) in answers.items():
            answer = town.rng.random()
            who = {"trainee": trainee, "purpose": purpose, "channel": Channel.PAPER}
            if answer < yes:
                give_consent(by=town.manager, **who)
                if town.chance(0.05):
                    withdraw_consent(by=town.manager, **who | {"channel": Channel.PHONE})
            elif answer < yes + no:
                withdraw_consent(by=town.manager, **who)


def change_of_mind(town, trainee):
    """A name was on the web for a while; the trainee telephoned, and it was removed."""
    for answer, channel in ((give_consent, Channel.PAPER), (withdraw_consent, Channel.PHONE)):
        answer(trainee=trainee, purpose=Purpose.NAME_WEB, channel=channel, by=town.manager)


def ask_guardians(town):
    """Two of three guardians agree to the names; of the others one says no, one was not asked."""
    for index, trainee in enumerate(minors(town)):
        guardian = trainee.guardians.get()
        for purpose in (Purpose.NAME_LABEL, Purpose.NAME_WEB):
            who = {"trainee": trainee, "purpose": purpose, "channel": Channel.PAPER}
            if index % 3 != 1:
                give_consent(guardian=guardian, by=town.manager, **who)
            elif index % 2:
                withdraw_consent(by=town.manager, **who)


def guardians_answered(town):
    """Yes of the guardians of those who have turned 18 since; one was asked again and agreed.

    Written by hand: the act refuses today what was right a year ago.
    """
    notice = NoticeText.objects.current(NoticeKind.CONSENT)
    for trainee in just_grown_up(town):
        for purpose in (Purpose.NAME_LABEL, Purpose.NAME_WEB):
            Consent.objects.create(
                trainee=trainee,
                purpose=purpose,
                answer=True,
                notice=notice,
                channel=Channel.PAPER,
                guardian=trainee.guardians.get(),
                signed_on=town.day(-200),
                by=town.manager,
            )
    again = just_grown_up(town)[0]
    for purpose in (Purpose.NAME_LABEL, Purpose.NAME_WEB):
        give_consent(trainee=again, purpose=purpose, channel=Channel.IN_PERSON, by=town.manager)


def ask_teachers(town):
    """Most teachers are named; two are not, and four have not been asked."""
    for index, teacher in enumerate(list(town.teachers.values())[:-4]):
        for purpose in (Purpose.NAME_LABEL, Purpose.NAME_WEB):
            answer = withdraw_consent if index in (5, 12) else give_consent
            answer(teacher=teacher, purpose=purpose, channel=Channel.PAPER, by=town.manager)

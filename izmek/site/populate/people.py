"""The people of a populated town: trainees with numbers, guardians, consents; applicants."""

from datetime import time, timedelta
from uuid import uuid4

from courses.enums import CourseState
from courses.models import Course
from izmek.acts.enums import Access, LetterState
from izmek.models import AccessLog, Letter
from izmek.secrets.identity import IdentityKind, identity_hash
from izmek.site.demo.data import names
from izmek.site.demo.town import years_before
from izmek.site.populate.town import moment
from izmek.text.codes import SIGNS
from trainees.enums import ApplicationState, Channel, Gender, Purpose
from trainees.models import Application, Consent, Guardian, Identity, SupportNeed, Trainee

# How often each purpose is answered yes, and no; the rest was not asked.
ANSWERS = {
    Purpose.NAME_LABEL: (0.7, 0.1),
    Purpose.NAME_WEB: (0.6, 0.2),
    Purpose.PHOTO: (0.35, 0.25),
    Purpose.CONTACT: (0.5, 0.12),
}


def _name(rng):
    woman = rng.random() < 0.88
    some = names.WOMEN if woman else names.MEN
    first = rng.choice(some)
    if rng.random() < 0.35:
        second = rng.choice(some)
        first = f"{first} {second}" if second != first else first
    return first, rng.choice(names.SURNAMES), Gender.FEMALE if woman else Gender.MALE


def new_trainee(town, run):
    """Somebody who comes to a course for the first time; returns the key."""
    rng, index = town.rng, len(town.trainees)
    first, last, gender = _name(rng)
    young = rng.random() < 0.03
    age = 16 if young else min(79, max(18, round(rng.gauss(41, 13))))
    born = years_before(run.begin, age) - timedelta(days=rng.randrange(1, 365))
    came = moment(min(run.begin, town.today) - timedelta(days=1 + rng.randrange(12)))
    key = town.add(
        Trainee,
        first_name=first,
        last_name=last,
        birth_date=born,
        gender=gender,
        phone=f"+90555{index:07d}",
        email=f"kursiyer{index}@example.org" if rng.random() < 0.4 else "",
        neighbourhood_id=rng.choice(town.neighbourhoods),
        education=rng.choice("1223344456"),
        created_at=came,
        newcomer=False,
    )
    town.trainees.append(key)
    if index % 25:
        _identity(town, key, index)
    if index % 120 == 7:
        town.add(SupportNeed, trainee_id=key, text=rng.choice(names.SUPPORT))
    guardian = None
    if age < 18:
        guardian = town.add(
            Guardian,
            trainee_id=key,
            name=f"{rng.choice(names.WOMEN)} {last}",
            phone=f"+90556{index:07d}",
            relation="anne",
            permission_on=came.date(),
        )
    _consents(town, key, guardian, came, town.officers[run.centre])
    return key


def _identity(town, key, index):
    kind, number, country = IdentityKind.TCKN, "", ""
    if index % 100 == 41:
        kind, number = IdentityKind.YKN, names.identity_number(index, foreign=True)
    elif index % 100 == 42:
        kind, number, country = IdentityKind.PASSPORT, f"X{7_000_000 + index}", "RU"
    number = number or names.identity_number(index)
    town.add(
        Identity,
        trainee_id=key,
        kind=kind,
        number=number,
        country=country,
        hash=identity_hash(kind, number, country),
    )


def _consents(town, key, guardian, at, by):
    for purpose, (yes, no) in ANSWERS.items():
        said = town.rng.random()
        if said > yes + no:
            continue
        answers = [said < yes]
        if answers[0] and town.rng.random() < 0.03:
            answers.append(False)
        for answer in answers:
            town.add(
                Consent,
                trainee_id=key,
                purpose=purpose,
                answer=answer,
                notice_id=town.notices["consent"],
                channel=Channel.PAPER if answer == answers[0] else Channel.PHONE,
                guardian_id=guardian,
                at=at,
                by_id=by,
            )


# --- Applications and letters -------------------------------------------------------------------


def make_applications(town):
    """Applications for the open courses, and those of the last year that led to nothing."""
    recent = town.day(-365)
    for run in town.runs:
        if run.state == CourseState.OPEN:
            _open_applications(town, run)
        elif run.begin > recent and run.state in (CourseState.RUNNING, CourseState.FINISHED):
            for state in (ApplicationState.EXPIRED, ApplicationState.DECLINED) * 4:
                _application(town, run, state)
        town.loader.flush(at_least=100_000)


def _open_applications(town, run):
    """A full course has people waiting; where seats are free, who has confirmed has an offer."""
    state = ApplicationState.RECEIVED if run.full else ApplicationState.OFFERED
    for _one in range(6):
        _application(town, run, state, confirmed=True)
    for _one in range(3):
        _application(town, run, ApplicationState.RECEIVED)
    _application(town, run, ApplicationState.WITHDRAWN)


def _application(town, run, state, *, confirmed=False):
    rng = town.rng
    first, last, _gender = _name(rng)
    index = town.applications
    town.applications += 1
    day = min(town.day(-1), run.begin - timedelta(days=8 + rng.randrange(20)))
    received = moment(day, time(9 + rng.randrange(9), rng.randrange(60)))
    open_now = state in ApplicationState.open()
    if open_now:
        received = max(received, moment(town.day(-5)))
    email = f"basvuran{index}@example.org" if index % 3 else ""
    offered = state in (
        ApplicationState.OFFERED,
        ApplicationState.EXPIRED,
        ApplicationState.DECLINED,
    )
    until = moment(run.begin, time(8))
    key = town.add(
        Application,
        course_id=run.key,
        first_name=first,
        last_name=last,
        phone=f"+90557{index:07d}",
        email=email,
        birth_year=run.begin.year - 18 - rng.randrange(50),
        already_certified=rng.random() < 0.05,
        notice_id=town.notices["application"],
        state=state,
        received_at=received,
        asked_at=received if email else None,
        confirm_until=received + timedelta(days=7),
        confirmed_at=received if confirmed or offered else None,
        offered_at=received if offered else None,
        offer_until=until if offered else None,
        reference="-".join("".join(rng.choices(SIGNS, k=4)) for _part in range(3)),
    )
    if email:
        town.add(
            Letter,
            kind="application",
            to=email,
            subject="Başvurunuz alındı",
            text="Merhaba,\n\nkurs başvurunuz alındı. Durumunu sayfanızdan izleyebilirsiniz.\n" * 3,
            state=LetterState.SENT,
            attempts=1,
            next_try_at=received,
            created_at=received,
            sent_at=received,
            content_type_id=town.content_type(Application),
            object_id=str(key),
        )


# --- Access log ---------------------------------------------------------------------------------


def make_access_log(town):
    """Who looked at whose number, over the two years for which it is kept."""
    rng, count = town.rng, town.size.log
    about = {model: town.content_type(model) for model in (Trainee, Course)}
    staff = [*town.officers.values(), town.manager.pk]
    for index in range(count):
        at = town.loader.now - timedelta(days=730) * ((count - index) / count)
        exported = index % 40 == 0
        row = rng.choice(town.runs).key if exported else rng.choice(town.trainees)
        town.add(
            AccessLog,
            at=at,
            by_id=rng.choice(staff),
            action=Access.EXPORTED if exported else Access.IDENTITY_SEEN,
            fields="identity_number",
            content_type_id=about[Course if exported else Trainee],
            object_id=str(row),
            whose_type_id=None if exported else about[Trainee],
            whose_id=None if exported else row,
            salt=uuid4(),  # the default is asked once for all rows
        )
        if index % 10_000 == 0:
            town.loader.flush(at_least=90_000)

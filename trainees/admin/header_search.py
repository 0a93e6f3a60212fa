"""What the search in the header finds of this app: people and applications."""

from datetime import date

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.admin.header_search import course_name
from izmek.admin.header_search import Hit, SearchKind, found_in_header, has_phone, of_person
from izmek.admin.masking import reads_masked
from izmek.admin.scope import visible
from izmek.text.codes import read_code
from trainees import services
from trainees.enums import ApplicationState
from trainees.models import Application, Enrolment, Guardian, Trainee
from trainees.rights import RIGHTS


def last_course(user):
    """An expression of the programme that a trainee attended last, among the seats the user sees.

    Without a user among all seats.
    """
    seats = visible(Enrolment, user) if user else Enrolment.objects.all()
    seats = seats.filter(trainee=OuterRef("pk"))
    return Subquery(seats.order_by("-joined_on", "-pk").values("course__programme__name")[:1])


def enrolment_of(what, row, user):
    """The way to the counter with the row chosen, for whom it is open on all rows that they see."""
    if RIGHTS.acting(user, "enrol_in_person").roles != user.roles or not user.roles:
        return ()
    address = reverse("admin:trainees_enrolment_counter")
    return [(_("New enrolment"), f"{address}?{what}={row['pk']}")]


@found_in_header(10)
class PersonSearch(SearchKind):
    """By name, phone – one's own or a guardian's – and, from the box alone, by identity number."""

    model = Trainee
    told = {
        "first_name": "first_name",
        "last_name": "last_name",
        "born": "birth_date",
        "neighbourhood": "neighbourhood__name",
        "phone": "phone",
    }

    def told_to(self, user):
        return self.told | {"last_course": last_course(user)}

    def rules(self, asked, user):
        if not (asked.names or asked.digits) or (asked.digits and reads_masked(user)):
            return []
        found = [of_person(asked, year="birth_date__year")]
        if not asked.digits:
            # Of a frequent name those who are called exactly so come beside the rest.
            found.append(Q(folded=asked.folded))
        elif not asked.names:
            guarded = Guardian.objects.filter(has_phone(asked)).values("trainee")
            found.append(Q(pk__in=guarded))
        return found

    def hit(self, row, asked):
        born = row["born"] and date.fromisoformat(row["born"]).year
        return Hit(
            str(Trainee(first_name=row["first_name"], last_name=row["last_name"])),
            facts=(born, row["neighbourhood"], row["last_course"]),
            is_exact=asked.is_phone(row["phone"]),
        )

    def acts(self, row, user):
        return enrolment_of("person", row, user)

    def owner_of(self, number, kind, user):
        found = services.find_by_identity(kind=kind, number=number, by=user)
        return found and visible(Trainee, user).filter(pk=found.pk).first()


@found_in_header(30)
class ApplicationSearch(SearchKind):
    """By name, phone and reference; who has a seat by now is found among the people."""

    model = Application
    in_list = {"year": "all"}
    told = {
        "first_name": "first_name",
        "last_name": "last_name",
        "phone": "phone",
        "reference": "reference",
        "state": "state",
        "trainee": "trainee",
        "programme": "course__programme__name",
        "group": "course__group",
        "centre": "course__centre__name",
    }

    def rules(self, asked, user):
        masked, code = reads_masked(user), read_code(asked.text)
        found = [Q(reference=code)] if code and not masked else []
        if (asked.names or asked.digits) and not (masked and asked.digits):
            fits = of_person(asked, year="birth_year")
            found += [fits & Q(state__in=ApplicationState.open()), fits]
        return found

    def hit(self, row, asked):
        state = ApplicationState(row["state"])
        by_phone = asked.is_phone(row["phone"]) and not row["trainee"]
        return Hit(
            str(Application(first_name=row["first_name"], last_name=row["last_name"])),
            facts=(course_name(row),),
            state=state.label,
            is_exact=by_phone or row["reference"] == read_code(asked.text),
            rank=(state not in ApplicationState.open(), -row["pk"]),
        )

    def acts(self, row, user):
        offered = row["state"] == ApplicationState.OFFERED
        return enrolment_of("application", row, user) if offered else ()

"""What a counter knows so far of the talk: who it is, which course, what was found for what was typed.

It travels with the form of the page, an identity number sealed (`Card`).
"""

import json
import re
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Course
from izmek.acts.audit import log_look
from izmek.admin import visible
from izmek.secrets.encryption import Unreadable, decrypt, encrypt
from izmek.secrets.identity import holds_number, mask
from izmek.text.codes import row_key
from izmek.text.search import typed
from trainees import services
from trainees.admin.counter_search import facts_in, find_courses, find_people, with_state
from trainees.models import Application, Trainee
from trainees.rights import RIGHTS

LOOKS_LIKE_NUMBER = re.compile(r"[1-9](\s*[0-9]){10}")


def may_be_number(text):
    return holds_number(text) or LOOKS_LIKE_NUMBER.fullmatch(text) is not None


@dataclass
class Card:
    """An identity number that was typed on the page, and the key of whose it is if that is known."""

    identity: dict
    trainee: int | None = None

    def __str__(self):
        return mask(self.identity["number"])

    def sealed(self, user):
        """A token for the form; it serves this user, today."""
        return encrypt(json.dumps([self.identity, self.trainee, *self._serves(user)]))

    @classmethod
    def opened(cls, token, user):
        """The card of a token; None for no token, another user's or yesterday's."""
        try:
            identity, trainee, *serves = json.loads(decrypt(token))
        except Unreadable:
            return None
        return cls(identity, trainee) if serves == cls._serves(user) else None

    @staticmethod
    def _serves(user):
        return [user.pk, timezone.localdate().isoformat()]


class Talk:
    """What the page knows so far: who it is, the course, what was found. A row out of scope is 404.

    `act`: the right that the user needs on the course.
    """

    def __init__(self, request, act):
        self.user, self.act = request.user, act
        self.sent = request.POST
        given = request.POST if request.method == "POST" else request.GET
        self.people = self.courses = None  # what was found
        self.person_error = self.course_error = self.note = ""
        self.facts = {}  # about somebody new, out of what was typed to find them
        self.who, self.which = (typed(self.sent.get(name, ""))[0] for name in ("who", "which"))
        self.person = self.application = self.course = None
        self.card = Card.opened(self.sent.get("card", ""), self.user)
        self.new = "new" in self.sent
        for name in ("course", "person", "application"):
            if given.get(name):
                self.take(name, given[name])

    @property
    def known_who(self):
        """Whether it is clear whose data are typed."""
        return bool(self.new or self.person or self.application)

    # --- What is chosen ---------------------------------------------------------------------------

    def take(self, name, key):
        read = {
            "course": self._read_course,
            "person": self._read_person,
            "application": self._read_application,
        }
        if name not in read or row_key(key) is None:
            raise Http404
        setattr(self, name, read[name](row_key(key)))

    def _read_course(self, key):
        rows = RIGHTS.rows(self.user, self.act, Course.objects.all())
        return get_object_or_404(with_state(rows), pk=key)

    def _read_person(self, key):
        rows = Trainee.objects.filter(anonymised_at=None)
        if not (self.card and self.card.trainee == key):  # found by the number: may be anybody's
            rows = rows.filter(pk__in=self._seen_people().values("pk"))
        found = get_object_or_404(rows.select_related("identity", "neighbourhood"), pk=key)
        log_look(found, by=self.user)
        return found

    def _read_application(self, key):
        rows = RIGHTS.rows(self.user, "accept_offer", Application.objects.all())
        rows = rows.select_related("course__programme", "course__centre").with_position()
        application = get_object_or_404(rows, pk=key)
        log_look(application, by=self.user)
        if not application.is_open:
            self.person_error = _("This application gives no seat any more: %(state)s.") % {
                "state": application.get_state_display()
            }
            return None
        if self.act == "enrol_in_person":
            self.course = self._read_course(application.course_id)
        if application.trainee_id and self._seen_people().filter(pk=application.trainee_id):
            self.person = self._read_person(application.trainee_id)
        return application

    def _seen_people(self):
        return visible(Trainee, RIGHTS.acting(self.user, self.act))

    @cached_property
    def sees_person(self):
        return self._seen_people().filter(pk=self.person.pk).exists()

    def choose(self, what):
        """Take over what a button names: "person:12", "course:7", "new", "nobody", "no course"."""
        name, _colon, key = what.partition(":")
        if name in ("person", "application", "nobody"):
            self.person = self.application = self.card = None
            self.new = False
        if what == "new":
            self.new, self.facts = True, facts_in(self.who)
        elif what == "no course":
            self.course = self.application = None
        elif what != "nobody":
            self.take(name, key)

    # --- What is looked for -----------------------------------------------------------------------

    def look_for_person(self):
        """Search people by what was typed; nobody at all is somebody new."""
        self.people = find_people(self.who, user=self.user, act=self.act)
        if self.people.too_short:
            self.people, self.person_error = None, _("Type a name or a phone.")
        elif not self.people:
            self.people, self.new, self.facts = None, True, facts_in(self.who)
            self.note = _("Nobody of this name or phone is on record: a new person.")

    def look_up(self, identity):
        """Whose number it is: a known person, or somebody new. Raises Refusal for too many look-ups."""
        known = services.find_by_identity(**identity, by=self.user)
        self.card = Card(identity, known and known.pk)
        self.new = known is None
        self.person = self._read_person(known.pk) if known else None

    def look_for_course(self):
        """Search courses by what was typed; a single one is taken."""
        found = find_courses(self.which, user=self.user, act=self.act)
        if len(found.rows) == 1:
            self.course = found.rows[0]
        elif found:
            self.courses = found
        else:
            self.course_error = _("No open course fits this. Type less of it, or its number.")

"""Who uses the site while something fails, and what they were told: the ledger."""

import http.cookiejar
import io
import itertools
import json
import os
import random
import time
import urllib.error
import urllib.parse
import urllib.request

from PIL import Image

from tests.forms import main_form
from tests.server import PASSWORD

# Prints the key of a course that takes applications.
COURSE = """
from trainees.views.courses import public_courses
print(next(course.pk for course in public_courses() if course.takes_applications))
"""
# Prints the key of a work of a teacher of the demo to which photos can be added.
WORK = """
from courses.models import Course
from exhibitions.enums import WorkState
from exhibitions.models import Work
from izmek.models import User
courses = Course.objects.visible_to(User.objects.get(username="ogretmen"))
print(Work.objects.filter(course__in=courses, state__in=WorkState.with_teacher()).first().pk)
"""
FASTEST = 2.1  # seconds before a form may come back
_numbers = itertools.count(random.randrange(9_000_000))  # a kept town remembers who was there


class Answer:
    def __init__(self, answer, began):
        self.status, self.headers, self.address = answer.status, answer.headers, answer.geturl()
        self.text, self.seconds = answer.read().decode(), time.monotonic() - began

    def __repr__(self):
        return f"{self.status} {self.address} {self.seconds:.1f} s"


def _encoded(data):
    return urllib.parse.urlencode(data, doseq=True).encode()


class Visitor:
    """A browser, from an address of its own."""

    def __init__(self, site):
        self.site, self.number = site, next(_numbers)
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(cookies)
        from_where = f"10.{self.number // 65536}.{self.number // 256 % 256}.{self.number % 256}"
        self.browser.addheaders = [("X-Forwarded-For", from_where)]

    def ask(self, path, data=None, timeout=60, headers=None):
        """`data`: the fields of a form, or the bytes of one whose kind is in the headers."""
        sent = data if isinstance(data, bytes) else data and _encoded(data)
        began = time.monotonic()
        address = urllib.parse.urljoin(self.site, path)
        asked = urllib.request.Request(address, sent, headers or {})
        try:
            return Answer(self.browser.open(asked, timeout=timeout), began)
        except urllib.error.HTTPError as error:
            return Answer(error, began)

    def sign_in(self, name, password):
        form = main_form(self.ask("/hesap/login/").text)
        form |= {"login": name, "password": password}
        return self.ask("/hesap/login/", form)


class Teacher(Visitor):
    """Who adds photos to a work, as the script of the teacher's pages does."""

    def __init__(self, site, work):
        super().__init__(site)
        self.sign_in("ogretmen", PASSWORD)
        self.page = f"/ogretmen/eser/{work}/"

    def send_photo(self, photo, token):
        """`token`: the same for the same photo. Returns the answer and what it says, as from JSON."""
        fields = {"csrfmiddlewaretoken": self._token(), "token": token}
        body = b"".join(
            f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        )
        head = 'Content-Disposition: form-data; name="photo"; filename="a.jpg"'
        body += f"--edge\r\n{head}\r\nContent-Type: image/jpeg\r\n\r\n".encode() + photo
        body += b"\r\n--edge--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=edge", "Accept": "application/json"}
        answer = self.ask(f"{self.page}foto/", body, headers=kind)
        return answer, json.loads(answer.text)

    def _token(self):
        return main_form(self.ask(self.page).text)["csrfmiddlewaretoken"][0]


def photo(width=1200, height=900):
    """A JPEG of three bytes for each pixel: large enough for a temporary file."""
    picture = Image.frombytes("RGB", (width, height), os.urandom(width * height * 3))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=100, subsampling=0)
    return file.getvalue()


class Applicant(Visitor):
    """Somebody who wants a seat; each has a phone of their own."""

    def __init__(self, site, course):
        super().__init__(site)
        self.page, self.phone = f"/kurslar/{course}/basvuru/", f"+90555{self.number:07}"
        self.form = None

    def open(self):
        answer = self.ask(self.page)
        self.form = main_form(answer.text) | {
            "first_name": "Zeynep",
            "last_name": "Deneme",
            "phone": self.phone,
            "birth_year": "1985",
            "already_certified": "no",
        }
        self.opened = time.monotonic()
        return answer

    def send(self, ledger):
        """Send the form; whoever is told that it is in stands in the ledger."""
        time.sleep(max(0, self.opened + FASTEST - time.monotonic()))
        return self._sent(ledger, self.page, self.form)

    def send_again(self, answer, ledger):
        """By the button of a page that says that nothing was saved."""
        assert "Yeniden gönder" in answer.text, answer.text
        return self._sent(ledger, self.page, main_form(answer.text))

    def _sent(self, ledger, page, form):
        try:
            answer = self.ask(page, form)
        except OSError:  # broken off: nobody told anything
            return None
        if "/basvurum/" in answer.address:  # whatever became of the page that it leads to
            reference = answer.address.rstrip("/").rpartition("/")[2]
            ledger[self.phone] = urllib.parse.unquote(reference)
        return answer


class Ledger(dict):
    """Phone → reference, of those who were told that their application is in."""

    def check(self, postgres):
        """Nothing lost, nothing doubled."""
        rows = postgres.ask(
            "SELECT phone, reference FROM trainees_application WHERE phone = ANY(%s)", list(self)
        )
        phones = [phone for phone, _reference in rows]
        assert len(phones) == len(set(phones))
        there = dict(rows)
        assert {phone: there.get(phone) for phone in self} == dict(self)

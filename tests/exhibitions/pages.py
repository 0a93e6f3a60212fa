"""Reading pages in tests, and exhibitions to read."""

import json
import re
from datetime import time, timedelta

from django.core.cache import cache
from django.utils import timezone

from exhibitions.models import ExhibitionDay, Guest, Partner, Showing
from izmek.public import cache as kept
from tests import factories as make
from trainees.enums import Purpose

TODAY = timezone.localdate


def read(client, url, status=200, **headers):
    """The page at an address, as text."""
    answer = client.get(url, headers=headers)
    assert answer.status_code == status
    return answer.content.decode()


def main(page):
    """A page without its frame: what stands in <main>."""
    return page[page.index("<main") : page.index("</main>")]


def graph(page):
    """The JSON-LD of a page: nodes by their type."""
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    nodes = json.loads(text)["@graph"]
    return {
        kind: node
        for node in nodes
        for kind in (node["@type"] if isinstance(node["@type"], list) else [node["@type"]])
    }


def days(count):
    return TODAY() + timedelta(days=count)


def shown_work(**fields):
    """A work with everything a page asks about: course, maker, photo."""
    person = make.trainee()
    make.consent(person, Purpose.NAME_WEB)
    centre = fields["centre"] = fields.get("centre") or make.centre()
    work = make.work(makers=[person], course=make.course(centre=centre), **fields)
    make.photo(work=work)
    return work


def full_exhibition(rows, **fields):
    exhibition = make.exhibition(
        works=[shown_work() for _ in range(rows)], opens_at=time(9), closes_at=time(17), **fields
    )
    for place in range(rows):
        Guest.objects.create(exhibition=exhibition, name=f"Konuk {place}")
        Partner.objects.create(exhibition=exhibition, name=f"Kurum {place}")
        ExhibitionDay.objects.create(exhibition=exhibition, date=days(place))
        exhibition.centres.add(make.centre())
        make.photo(exhibition=exhibition)
    Showing.objects.filter(exhibition=exhibition).update(highlight=True)
    make.show(shown_work(), exhibition)
    return exhibition


def queries(client, url, django_assert_max_num_queries, most):
    """How many queries a page takes that is not in the cache; the test fails above `most`."""
    client.get(url)  # who has a year counted changes the pages,
    client.get(url)  # and after that a process knows what comes by the clock
    cache.clear()
    kept.forget()
    with django_assert_max_num_queries(most) as asked:
        read(client, url)
    return len(asked)

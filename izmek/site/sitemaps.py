"""`/sitemap.xml`: every page that search engines may know, in both languages, with its photos."""

from itertools import groupby

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import index, sitemap
from django.core.paginator import Paginator
from django.urls import reverse

from courses.models import Course, CourseCentre
from exhibitions.models import Exhibition, Photo, Work
from exhibitions.queries.changes import (
    exhibitions_changed_at,
    exhibitions_with_change,
    works_changed_at,
    works_with_change,
)
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.page import reading

PAGES = ["home", "exhibitions", "works", "courses", "centres", "figures"]
PAGES += ["contact", "accessibility", "privacy", "cookies"]
MOST_IMAGES = 6  # for one page


class Pages(Sitemap):
    """Single pages; `alternates` give the other language, Turkish is the default."""

    i18n = alternates = x_default = True
    limit = 500

    def items(self):
        return PAGES

    def location(self, item):
        return reverse(item)


class InLanguages(Paginator):
    """Pages of rows, each row once for every language of its page; reads the rows of one page alone."""

    def __init__(self, rows, limit, languages):
        super().__init__(rows, limit)
        self.languages = languages

    def page(self, number):
        page = super().page(number)
        page.object_list = [
            (row, language) for row in page.object_list for language in self.languages(row)
        ]
        return page


class Rows(Pages):
    """The pages of rows; in English only when all English texts exist, as in the pages' heads.

    `texts`: the columns that need an English text if they have a Turkish one.
    """

    limit = 250
    texts = ("title", "text")

    @property
    def paginator(self):
        return InLanguages(self.items(), self.limit, self.get_languages_for_item)

    def get_latest_lastmod(self):
        """When the part was last changed, for the index, if that is known."""

    def location(self, row):
        return row.get_absolute_url()

    def lastmod(self, row):
        return getattr(row, "changed_at", None)

    def get_languages_for_item(self, row):
        english = all(getattr(row, f"{text}_en") or not getattr(row, text) for text in self.texts)
        return ["tr", "en"] if english else ["tr"]


class Exhibitions(Rows):
    def items(self):
        return exhibitions_with_change(Exhibition.objects.public()).order_by("-begin", "pk")

    def get_latest_lastmod(self):
        return exhibitions_changed_at()


class Works(Rows):
    def items(self):
        return works_with_change(Work.objects.public()).order_by("-number")

    def get_latest_lastmod(self):
        return works_changed_at()


class Centres(Rows):
    texts = ("text",)

    def items(self):
        return CourseCentre.objects.public().order_by("pk")


class Courses(Rows):
    texts = ("note",)

    def items(self):
        rows = Course.objects.public().open_for_application()
        return rows.select_related("programme", "centre").order_by("-begin", "pk")


SECTIONS = {
    "pages": Pages,
    "exhibitions": Exhibitions,
    "works": Works,
    "centres": Centres,
    "courses": Courses,
}
OWNERS = {"exhibitions": "exhibition_id", "works": "work_id", "centres": "centre_id"}


@reading
@cached(Area.SHOWN, Area.COURSES)
def sections(request):
    """The index of the parts."""
    return index(request, SECTIONS, sitemap_url_name="sitemap_section").render()


@reading
@cached(Area.SHOWN, Area.COURSES, asks=("p",))
def section(request, section):
    """A part of the site map; `?p=` its next page. It lists the photos that visitors may see."""
    response = sitemap(request, SECTIONS, section=section, template_name="site/sitemap.xml")
    urls = response.context_data["urlset"]
    if section in OWNERS:
        _give_images(urls, OWNERS[section], request.build_absolute_uri("/")[:-1])
    # That of the rows that are left: it would call a copy with a withdrawn work current.
    del response.headers["Last-Modified"]
    return response.render()


def _give_images(urls, owner, base):
    keys = {url["item"][0].pk for url in urls}
    photos = Photo.objects.public().filter(**{f"{owner}__in": keys}).order_by(owner, "order", "pk")
    of = {
        key: [base + photo.large_url for photo in list(some)[:MOST_IMAGES]]
        for key, some in groupby(photos, key=lambda photo: getattr(photo, owner))
    }
    for url in urls:
        url["images"] = of.get(url["item"][0].pk, [])

"""The guide for staff inside the admin: the pages of docs/kullanim, and which page each is about.

The files are Markdown that also reads well in the repository: they link to each other by file name and show
pictures of their own folder `pictures`. HTML in them is not let through.
"""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import Http404
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from izmek.text.fold import slug

FOLDER = settings.BASE_DIR / "docs" / "kullanim"
PICTURES = "pictures/"
FILE = re.compile(r"\d+-[a-z-]+")

# Beginnings of the names of the admin's addresses → the page of the guide; the longest that fits counts.
CHAPTERS = {
    "": "",
    "index": "1-baslarken",
    "search": "1-baslarken#arama",
    "tables": "1-baslarken",
    "izmek_user": "1-baslarken",
    "courses_educationyear": "2-egitim-yili",
    "courses_term": "2-egitim-yili",
    "courses_holiday": "2-egitim-yili",
    "courses_": "3-kurs-acmak",
    "courses_session": "6-dersler-ve-yoklama",
    "courses_course_applications": "4-on-kayitlar",
    "courses_course_trainees": "6-dersler-ve-yoklama",
    "courses_course_lessons": "6-dersler-ve-yoklama",
    "courses_course_roll": "6-dersler-ve-yoklama",
    "courses_course_marks": "10-kurs-sonu",
    "courses_course_papers": "16-kurs-belgeleri",
    "courses_course_reconciliation": "14-mutabakat",
    "trainees_enrolment_reconciliation": "14-mutabakat#butun-kurslar-icin",
    "courses_course_works": "9-eserler-ve-sergi",
    "courses_course_history": "10-kurs-sonu",
    "trainees_": "8-kisiler",
    "trainees_application": "4-on-kayitlar",
    "trainees_enrolment": "5-kesin-kayit",
    "trainees_call": "7-aranacaklar",
    "trainees_certificate": "15-katilim-belgeleri",
    "courses_course_certificates": "15-katilim-belgeleri",
    "trainees_lookalike": "13-ayni-kisi",
    "trainees_trainee_merge": "13-ayni-kisi#birlestirmek",
    "izmek_merge": "13-ayni-kisi#geri-almak",
    "izmek_letter": "7-aranacaklar",
    "izmek_smsday": "7-aranacaklar#sms",
    "exhibitions_": "9-eserler-ve-sergi",
    "exhibitions_exhibition_sales": "9-eserler-ve-sergi#satislar",
    "exhibitions_sale": "9-eserler-ve-sergi#satislar",
    "exhibitions_enquiry_enter": "17-kisisel-veri-basvurulari",
    "trainees_trainee_personal_data": "17-kisisel-veri-basvurulari",
    "changes": "10-kurs-sonu",
    "import": "11-liste-aktarma",
    "processing": "18-kisisel-veri-kaydi",
    "status": "19-sistem-durumu",
    "izmek_upkeep": "19-sistem-durumu",
    "izmek_destructionlog": "18-kisisel-veri-kaydi#suresi-dolanin-imhasi",
    "izmek_accessseal": "18-kisisel-veri-kaydi#erisim-kaydinin-muhurleri",
    "annual_report": "12-disa-aktarma#yillik-faaliyet-raporu-icin-istatistik",
}


@dataclass(frozen=True)
class GuidePage:
    """A page of the guide: `title`, its first paragraph `lead`, `headings` [(id, text)] and `html`."""

    name: str
    title: str
    lead: str
    headings: tuple
    html: SafeString

    @property
    def number(self):
        return int(self.name.partition("-")[0])

    @property
    def url(self):
        return reverse("admin:guide_page", args=[self.name])


def names():
    """The names of all pages, in the order of the year."""
    found = (path.stem for path in FOLDER.glob("*.md") if FILE.fullmatch(path.stem))
    return sorted(found, key=lambda name: int(name.partition("-")[0]))


def read(name):
    """The page of that name as it stands in its file now. Raises Http404 when there is none."""
    path = FOLDER / f"{name}.md"
    if not FILE.fullmatch(name) or not path.is_file():
        raise Http404
    return _made(name, path.stat().st_mtime_ns)


@cache
def _made(name, _changed_at):
    # "js-default" has tables and lets no HTML through.
    markdown = MarkdownIt("js-default", {"typographer": False})
    tokens = markdown.parse((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    title, lead, headings, body = "", "", [], []
    for number, token in enumerate(tokens):
        text = tokens[number + 1].content if number + 1 < len(tokens) else ""
        if token.type == "heading_open" and token.tag == "h2":
            token.attrSet("id", slug(text))
            headings.append((slug(text), text))
        if token.type == "heading_open" and token.tag == "h1":
            title = text
        if token.type == "paragraph_open" and not lead:
            lead = text
        for part in token.children or ():
            _adapt(part)
        body += _around(token)
    html = markdown.renderer.render(
        body[3:], markdown.options, {}
    )  # the page shows its title itself
    return GuidePage(name, title, lead, tuple(headings), mark_safe(html))


def _adapt(token):
    """Links to other files lead to their pages, pictures to where they are served from."""
    if token.type == "link_open":
        file, _hash, heading = token.attrGet("href").partition("#")
        if file.endswith(".md"):
            url = reverse("admin:guide_page", args=[file.removesuffix(".md")])
            token.attrSet("href", f"{url}#{heading}" if heading else url)
    if token.type == "image" and token.attrGet("src").startswith(PICTURES):
        source = token.attrGet("src")
        with Image.open(FOLDER / source) as picture:
            width, height = picture.size
        token.attrSet("src", static(f"guide/{source.removeprefix(PICTURES)}"))
        token.attrSet("width", str(width))
        token.attrSet("height", str(height))
        token.attrSet("loading", "lazy")


def _around(token):
    """A table scrolls by itself on a narrow screen; the rest stays as it is."""
    if token.type == "table_open":
        attrs = {"class": "results", "tabindex": "0"}
        return [Token("div_open", "div", 1, attrs=attrs, block=True), token]
    if token.type == "table_close":
        return [token, Token("div_close", "div", -1, block=True)]
    return [token]


def page_for(request):
    """The address in the guide that tells about the page of the admin at hand."""
    match = request.resolver_match
    name = (match and match.url_name) or ""
    beginning = max((key for key in CHAPTERS if name.startswith(key)), key=len)
    chapter, _hash, heading = CHAPTERS[beginning].partition("#")
    if not chapter:
        return reverse("admin:guide")
    url = reverse("admin:guide_page", args=[chapter])
    return f"{url}#{heading}" if heading else url


# --- The pages in the admin -------------------------------------------------------------------


def guide(request):
    """All pages, each with the sentence that says what it is for."""
    return _shown(request, "admin/guide.html", {"title": _("Guide")})


def guide_page(request, name):
    page = read(name)
    all_names = names()
    at = all_names.index(name)
    near = {
        "before": read(all_names[at - 1]) if at else None,
        "after": read(all_names[at + 1]) if at + 1 < len(all_names) else None,
    }
    return _shown(request, "admin/guide_page.html", {"title": page.title, "page": page, **near})


def _shown(request, template, context):
    from django.contrib import admin

    pages = [read(name) for name in names()]
    context = {**admin.site.each_context(request), "pages": pages, **context}
    return TemplateResponse(request, template, context)

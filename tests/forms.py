"""Forms as a browser sends them: what a page shows, with what someone typed into it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


class _Fields(HTMLParser):
    """The values that the form with the most fields on a page would send, and its file inputs."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self.form = None
        self.select = self.textarea = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        name = attributes.get("name")
        if tag == "form":
            self.form = {}
            self.forms.append(self.form)
        if self.form is None:
            return
        if tag == "select":
            self.select = name
            self.form.setdefault(name, [])
        elif tag == "option" and self.select and "selected" in attributes:
            self.form[self.select].append(attributes.get("value", ""))
        elif tag == "textarea":
            self.textarea = name
            self.form[name] = [""]
        elif tag == "input" and name:
            kind = attributes.get("type", "text")
            if kind in ("submit", "file", "button") or (
                kind in ("checkbox", "radio") and "checked" not in attributes
            ):
                return
            empty = "on" if kind == "checkbox" else ""
            self.form.setdefault(name, []).append(attributes.get("value", empty))

    def handle_data(self, data):
        if self.textarea:
            self.form[self.textarea][0] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.form[self.textarea][0] = self.form[self.textarea][0].removeprefix("\n")
            self.textarea = None


def shown(response):
    """What the main form of the page would send as it stands: {name: value or list}."""
    form = main_form(response.content.decode())
    return {name: values[0] if len(values) == 1 else values for name, values in form.items()}


def main_form(text):
    """The same of the text of a page, each with all its values; empty where it has no form."""
    page = _Fields()
    page.feed(text)
    return max(page.forms, key=len, default={})


# --- Every form of a page, as somebody fills it in ------------------------------------------------

# What is typed into an empty field: by a part of its name, else by its kind.
BY_NAME = {
    "phone": "0532 765 43 21",
    "email": "kimse@example.org",
    "birth_year": "1985",
    "birth_date": "01.02.1985",
    "web": "",  # which has to stay empty
}
BY_KIND = {
    "text": "Deneme",
    "textarea": "Yazılan bir gerekçe.",
    "number": "3",
    "tel": "0532 765 43 21",
    "email": "kimse@example.org",
    "date": "2026-03-20",
    "time": "10:00",
}


@dataclass
class FilledForm:
    """A form that a page offers to send: where it goes, what it sends, and the names of all its fields.

    `buttons`: the (name, value) of each of its buttons that has a name; None for one that has none.
    """

    action: str
    fields: dict = field(default_factory=dict)
    kinds: dict = field(default_factory=dict)
    choices: dict = field(default_factory=dict)
    buttons: list = field(default_factory=list)

    def fill(self):
        """Choose and write something wherever nothing stands yet."""
        for name, kind in self.kinds.items():
            if "__prefix__" in name or any(self.fields.get(name, [])) or kind in ("hidden", "file"):
                continue
            if self.choices.get(name):
                self.fields[name] = self.choices[name][:1]
            else:
                by_name = [value for part, value in BY_NAME.items() if part in name]
                self.fields[name] = by_name[:1] or [BY_KIND.get(kind, "")]
        return self


class _Posted(_Fields):
    """The forms of a page that are posted."""

    def __init__(self):
        super().__init__()
        self.posted, self.one = [], None

    def handle_starttag(self, tag, attributes):
        super().handle_starttag(tag, attributes)
        about = dict(attributes)
        name, value = about.get("name"), about.get("value")
        if tag == "form":
            self.one = None
            if about.get("method", "get").lower() == "post":
                self.one = FilledForm(about.get("action") or "", self.form)
                self.posted.append(self.one)
        if self.one is None:
            return
        kind = about.get("type", "submit" if tag == "button" else "text")
        if kind in ("submit", "image") and tag in ("button", "input"):
            self.one.buttons.append((name, value or "") if name else None)
        elif name and tag in ("input", "select", "textarea"):
            self.one.kinds[name] = kind if tag == "input" else tag
        offered = (
            self.select if tag == "option" else name if kind in ("radio", "checkbox") else None
        )
        if offered and value != "":
            self.one.choices.setdefault(offered, []).append(value or "on")

    def handle_endtag(self, tag):
        super().handle_endtag(tag)
        if tag == "form":
            self.one = None


def forms_on(text):
    """Every form that the page offers to post, filled in: [FilledForm]."""
    page = _Posted()
    page.feed(text)
    return [one.fill() for one in page.posted]


def typed(response, **values):
    """As `shown`, with values typed over; a dash in a name is written as two underscores' `__`."""
    return shown(response) | {name.replace("__", "-"): value for name, value in values.items()}


def added(data, prefix, *rows):
    """The data with new rows of an inline: dictionaries of what is typed into each."""
    data = dict(data)
    first = int(data[f"{prefix}-TOTAL_FORMS"])
    empty = f"{prefix}-__prefix__-"
    for number, row in enumerate(rows, start=first):
        for name in [name for name in data if name.startswith(empty)]:
            data[f"{prefix}-{number}-{name.removeprefix(empty)}"] = data[name]
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    data[f"{prefix}-TOTAL_FORMS"] = str(first + len(rows))
    return data


def errors(response):
    """What the page says is wrong: {field or "": [messages]}; of inlines under `prefix-0-field`."""
    found = {}
    form = response.context["adminform"].form
    for name, messages in form.errors.items():
        found["" if name == "__all__" else name] = list(messages)
    for group in response.context.get("inline_admin_formsets", ()):
        formset = group.formset
        if formset.non_form_errors():
            found[formset.prefix] = list(formset.non_form_errors())
        for row in formset.forms:
            for name, messages in row.errors.items():
                found[f"{row.prefix}-{name}"] = list(messages)
    return found

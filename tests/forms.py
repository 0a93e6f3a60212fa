"""Forms as a browser sends them: what a page shows, with what someone typed into it."""

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

"""What the Nu HTML checker complains of in forms, as far as it can be seen without Java."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.hidden, self.labels = [], set(), []
        self.ids, self.pointed_at = set(), []
        self.select = self.option = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        name = attributes.get("name") or attributes.get("id")
        self.ids.add(attributes.get("id"))
        for target in (attributes.get("aria-describedby") or "").split():
            self.pointed_at.append((name, target))
        if "autocomplete" in attributes and attributes.get("type") in ("checkbox", "radio"):
            self.found.append(f"{name}: autocomplete where nothing is typed")
        if tag == "details" and "name" in attributes:  # HTML has it since 2023, the checker not yet
            self.found.append(f"{name}: details with a name")
        if tag == "input" and attributes.get("type") == "hidden":
            self.hidden.add(attributes.get("id"))
            self.found += [f"{name}: hidden with {one}" for one in attributes if "aria-" in one]
        elif tag == "label":
            self.labels.append(attributes.get("for"))
        elif tag == "select":
            one = "required" in attributes and not {"multiple", "size"} & set(attributes)
            self.select = {"name": name, "asks_placeholder": one, "options": 0}
        elif tag == "option" and self.select:
            self.option = {"value": attributes.get("value"), "text": "", **attributes}

    def handle_data(self, data):
        if self.option is not None:
            self.option["text"] += data.strip()

    def handle_endtag(self, tag):
        if tag == "option" and self.option is not None:
            self.select["options"] += 1
            if not self.option["text"] and "label" not in self.option:
                self.found.append(f"{self.select['name']}: empty option")
            first = self.select["options"] == 1 and self.select["asks_placeholder"]
            if first and self.option["text"] and self.option["value"] != "":
                self.found.append(f"{self.select['name']}: required, without a placeholder first")
            self.option = None
        elif tag == "select" and self.select:
            if self.select["asks_placeholder"] and not self.select["options"]:
                self.found.append(f"{self.select['name']}: required, without an option")
            self.select = None


def wrong_markup(text):
    """What is wrong with the forms of a page: [sentence]."""
    page = _Forms()
    page.feed(text)
    named = page.hidden - {None}
    lost = [
        f"{one}: described by nothing" for one, target in page.pointed_at if target not in page.ids
    ]
    return (
        page.found
        + lost
        + [f"{one}: label of a hidden input" for one in page.labels if one in named]
    )

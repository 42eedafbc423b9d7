"""An HTML page as a tree, with as much of it as a browser without scripts would use."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from answer import Answer

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def all(self, *tags: str, **attributes: str) -> list["Element"]:
        """Returns the descendants with these tags (or any) and these attributes; `aria_invalid` is `aria-invalid`."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.walk()
            if (not tags or element.tag in tags) and wanted.items() <= element.attributes.items()
        ]

    def one(self, *tags: str, **attributes: str) -> "Element":
        found = self.all(*tags, **attributes)
        assert len(found) == 1, f"{len(found)} of {tags} {attributes}"
        return found[0]

    @property
    def text(self) -> str:
        texts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join(" ".join(texts).split())

    @property
    def value(self) -> str:
        """The value that a form control would send; a select sends its selected option, or else its first."""
        if self.tag == "select":
            options = self.all("option")
            chosen = [option for option in options if "selected" in option.attributes] or options
            return chosen[0].attributes.get("value", chosen[0].text)
        if self.tag == "textarea":
            return "".join(child for child in self.children if isinstance(child, str))
        return self.attributes.get("value", "")


class HTMLPage(HTMLParser):
    """Parses the document. A tag that is closed in the wrong place fails the test."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        assert answer.field("Content-Type") == "text/html; charset=utf-8"
        self.document = Element("")
        self._open = [self.document]
        self.feed(answer.body.decode("utf-8"))
        self.close()
        assert len(self._open) == 1, f"not closed: {[element.tag for element in self._open[1:]]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute of {tag} is there twice"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        element = self._open.pop()
        assert element.tag == tag, f"</{tag}> closes <{element.tag}>"

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def form(self, method: str) -> Element:
        """Returns the only form with a method, besides the one that saves what is shown as a view."""
        found = [
            form
            for form in self.document.all("form")
            if form.attributes.get("method", "get").lower() == method
            and not form.attributes.get("action", "").endswith("/save-view")
        ]
        assert len(found) == 1, f"{len(found)} forms with {method}"
        return found[0]

    def field(self, name: str, method: str = "post") -> Element:
        """Returns the control with this name in the only form with this method."""
        found = [element for element in self.form(method).walk() if element.attributes.get("name") == name]
        assert len(found) == 1, f"{len(found)} controls of the name {name}"
        return found[0]

    def rows(self) -> list[list[str]]:
        """Returns the cells of the events; a message's cell is reduced to its text."""
        tables = [table for table in self.document.all("table") if table.attributes.get("class") == "events"]
        assert len(tables) == 1, f"{len(tables)} tables of events"
        return [
            [(cell.all("div") or [cell])[0].text for cell in row.all("td")]
            for row in tables[0].one("tbody").all("tr")
        ]

    def error_of(self, name: str) -> str:
        """Returns the text that describes an invalid control of the form."""
        control = self.field(name)
        assert control.attributes.get("aria-invalid") == "true", f"{name} is not marked as invalid"
        ids = control.attributes["aria-describedby"].split()
        return " ".join(
            element.text for element in self.document.walk() if element.attributes.get("id") in ids
        )

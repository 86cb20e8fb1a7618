"HTML fragments, read as an untrusted notebook would leave them."

import base64
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

# What an untrusted notebook leaves alone: Jupyter's own lists of tags, attributes and style rules.
TAGS = set("div table caption thead tbody tr th td img b ul li details summary p code br".split())
ATTRIBUTES = set("style dir scope colspan alt src width height title".split())
STYLES = set(
    "width max-width height border-collapse table-layout margin font-size font-weight text-align "
    "caption-side padding padding-top vertical-align white-space border-bottom opacity background "
    "word-break overflow-wrap color display min-width overflow-x border border-spacing "
    "page-break-inside".split()
)
DROPPED_WITHOUT_HARM = {"font-variant-numeric", "print-color-adjust"}


class Page(HTMLParser):
    "Tags, attributes and texts of a fragment; every tag must be closed in turn."

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.images: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "img":
            given = {name: value or "" for name, value in attrs}
            self.images.append((given["alt"], given["src"]))
        elif tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def assert_survives(html: str) -> Page:
    page = Page(html)
    assert set(page.tags) <= TAGS
    assert {name for name, _ in page.attributes} <= ATTRIBUTES
    rules = [
        rule for name, style in page.attributes if name == "style" for rule in style.split(";")
    ]
    assert {rule.partition(":")[0] for rule in rules} <= STYLES | DROPPED_WITHOUT_HARM
    assert not re.search(r"var\(|rgb|url\(|expression|:\.\d", ";".join(rules))
    for _, source in page.images:
        head, _, data = source.partition(",")
        assert head == "data:image/svg+xml;base64"
        ET.fromstring(base64.b64decode(data))
    return page

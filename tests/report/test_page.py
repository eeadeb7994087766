"""The page: one file that stands alone, with every figure to be seen, heard and taken away."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from lnd_survey.report.picture import inline

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Elements in order, with the elements around them and the text in them."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(html)
        assert self.open == [], "elements that are not closed"

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", "in": [parent["tag"] for parent in self.open], **dict(attrs)}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, tag, **attributes):
        found = [element for element in self.elements if element["tag"] == tag]
        return [e for e in found if all(e.get(key) == value for key, value in attributes.items())]


@pytest.fixture(scope="module")
def html(finished):
    return (finished.place() / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_ids_are_unique(page):
    ids = [element["id"] for element in page.elements if "id" in element]
    assert sorted(ids) == sorted(set(ids))


def test_links_lead_somewhere(page, finished):
    ids = {element.get("id") for element in page.elements}
    for link in page.all("a"):
        if link["href"].startswith("#"):
            assert link["href"][1:] in ids
        else:
            assert (finished.place() / link["href"]).is_file()
    assert [link["href"] for link in page.all("a")].count("#fig-01-wishes") == 1


def addresses(html):
    """Whatever a browser might fetch, or a reader follow; data that the page itself holds is none."""
    alone = re.sub(r"""\bdata:[^"')\s]*""", "data:", html)
    return set(re.findall(r"""(?:[\w+.-]+:)?//[^"'()<>\s]+""", alone))


def test_nothing_comes_from_elsewhere(html):
    assert addresses(html) == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "@import" not in html
    assert "@font-face" in html


def test_addresses_are_seen():
    fetched = (
        """<img src=//a.be/x><p style="background: url('https://b.be/y')"><a href="ftp://c.be/z">see http://d.be</a>"""
    )
    held = '<img src="data:image/png;base64,AB//CD">'
    assert addresses(fetched + held) == {"//a.be/x", "https://b.be/y", "ftp://c.be/z", "http://d.be"}


def test_labels_are_text_and_never_markup(page, html):
    assert page.all("script") == []
    assert page.all("b") == []
    assert page.all("i") == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "Inside <script>alert(1)</script>: inside; n = 40." in [item["text"] for item in page.all("li")]


def test_pictures_have_words(page):
    pictures = page.all("svg")
    assert len(pictures) == 4
    assert {(picture["role"], picture["aria-label"]) for picture in pictures} == {("img", 'Bars "as words" <b>')}


def test_pictures_show_the_plot_only(page):
    first = page.all("svg")[0]
    assert first["viewbox"] == "0 40 480 120"
    assert first["text"].split() == ["50%"]
    assert "svg" not in page.all("style")[-1]["in"]


def test_each_picture_is_drawn_for_two_widths_of_which_one_is_shown(page):
    wide, narrow = page.all("div", **{"class": "plot wide"}), page.all("div", **{"class": "plot narrow"})
    assert (len(wide), len(narrow)) == (2, 2)
    assert [picture["viewbox"] for picture in page.all("svg")[:2]] == ["0 40 480 120", "0 0 266 90"]
    style, *screens = page.all("style")[-1]["text"].split("@media screen")
    assert ".plot.narrow { display: none; }" in style
    assert len(screens) == 1
    assert ".plot.wide { display: none; }" in screens[0].split("@media")[0]


def test_headings_are_in_order(page):
    levels = [int(element["tag"][1]) for element in page.elements if re.fullmatch(r"h[1-6]", element["tag"])]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_landmarks_and_language(page):
    assert page.all("html")[0]["lang"] == "en"
    assert [len(page.all(tag)) for tag in ("nav", "main", "header")] == [1, 1, 1]
    assert page.all("a")[0]["href"] == "#main"


def test_numbers_as_a_table(page):
    table = page.all("table")[0]
    assert "details" in table["in"]
    assert page.all("caption")[0]["text"] == "Figure 1. Title <script>alert(1)</script>"
    columns = page.all("th", scope="col")[:5]
    assert [cell["text"] for cell in columns] == ["Group", "Item", "Value", "Low", "High"]
    assert page.all("th", scope="row")[0]["text"] == "<i>Money</i>"
    assert [cell["text"] for cell in page.all("td")[:4]] == ["Inside", "50%", "40%", "60%"]


def test_a_figure_without_numbers_is_a_line(page):
    figure = page.all("figure", id="fig-03-unasked")[0]
    assert "Inside & out" in figure["text"]
    assert [line["text"] for line in page.all("p", **{"class": "nothing"})] == ["Inside & out"]


def test_a_figure_says_what_it_rests_on(page):
    told = [element["text"] for element in page.all("dd")[:5]]
    assert told == ["Which?", "Inside: n = 40", "published figures", "The paper, figure 1", "A < b"]


def test_two_pictures_do_not_share_ids():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><clipPath id="c"/><g clip-path="url(#c)" id="unused"/></svg>'
    pictures = [inline(svg, name=name, viewbox=None, label="") for name in ("one", "two")]
    assert re.findall(r'id="([^"]+)"', pictures[0]) == ["one-c"]
    assert 'clip-path="url(#two-c)"' in pictures[1]

"""The page: one file that stands alone, with every figure to be seen, heard and taken away."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from drawn_project import Project

from lnd_survey import open_survey, report
from lnd_survey.charts.style import contrast
from lnd_survey.report.collected import Chapter, Figure, Table
from lnd_survey.report.dark import dark
from lnd_survey.report.picture import inline
from lnd_survey.report.summary import contrasts, telling, widest_gap

SCRIPT = (Path(report.__file__).parent / "templates" / "page.js").read_text(encoding="utf-8")
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
    # From the contents, from the summary of its chapter, and from the line to quote it by.
    assert [link["href"] for link in page.all("a")].count("#fig-01-wishes") == 3


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
    assert [script["text"] for script in page.all("script")] == [SCRIPT]
    assert page.all("b") == []
    assert page.all("i") == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "Inside <script>alert(1)</script>: inside; n = 40." in [item["text"] for item in page.all("li")]


def test_pictures_have_words(page):
    pictures = page.all("svg")
    assert len(pictures) == 4
    assert {(picture["role"], picture["aria-label"]) for picture in pictures} == {("img", 'Bars "as words" <b>')}


def test_words_of_a_picture_are_seen_but_not_read_twice(page):
    seen = page.all("p", **{"class": "words"})
    assert {(words["text"], words["aria-hidden"]) for words in seen} == {('Bars "as words" <b>', "true")}
    assert all("details" in words["in"] for words in seen)


def test_pictures_show_the_plot_only(page):
    first = page.all("svg")[0]
    assert first["viewbox"] == "0 40 480 120"
    assert first["text"].split() == ["50%"]
    assert "svg" not in page.all("style")[-1]["in"]


def test_each_picture_is_drawn_for_two_widths_of_which_one_is_shown(page):
    wide, narrow = page.all("div", **{"class": "plot wide"}), page.all("div", **{"class": "plot narrow"})
    assert (len(wide), len(narrow)) == (2, 2)
    assert [picture["viewbox"] for picture in page.all("svg")[:2]] == ["0 40 480 120", "0 0 266 90"]
    style, *screens = page.all("style")[-1]["text"].split("@media screen and (max-width: 40rem)")
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
    told = [element["text"] for element in page.all("dd") if "figcaption" in element["in"]][:5]
    assert told == ["Which?", "Inside: n = 40", "published figures", "The paper, figure 1", "A < b"]


def test_two_pictures_do_not_share_ids():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><clipPath id="c"/><g clip-path="url(#c)" id="unused"/></svg>'
    pictures = [inline(svg, name=name, viewbox=None, label="") for name in ("one", "two")]
    assert re.findall(r'id="([^"]+)"', pictures[0]) == ["one-c"]
    assert 'clip-path="url(#two-c)"' in pictures[1]


def shown(number, *rows, year=2022, svg=True, question="q", synthetic=False):
    told = {"number": number, "year": year, "finding": f"Finding {number}.", "synthetic": synthetic}
    keys = ("year", "group", "item", "estimate", "evidence", "status")
    same = {"question": question, "option": "", "statistic": "share"}
    made = [same | dict(zip(keys, (*row, "")[:6], strict=True)) for row in rows]
    return Figure(f"fig-{number}", told, made, None, {"svg": Path("a.svg")} if svg else {})


def pair(number, gap, **choices):
    """A figure of two groups that lie so far apart."""
    rows = [(2022, "a", "x", gap, "published"), (2022, "b", "x", 0.0, "published")]
    return shown(number, *rows, **{"question": f"q{number}"} | choices)


def test_a_gap_is_between_two_rows_that_differ_in_one_thing():
    rows = [
        (2022, "a", "x", 0.50, "published"),
        (2022, "b", "x", 0.30, "published"),
        (2020, "b", "x", 0.10, "published"),
        (2022, "a", "y", 0.99, "published"),
    ]
    assert widest_gap(shown(1, *rows)) == pytest.approx(0.2)
    assert widest_gap(shown(1, *rows, (2022, "b", "y", 0.0, "synthetic"))) == pytest.approx(0.2)
    assert widest_gap(shown(1, *rows, year=2019)) == 0


@pytest.mark.parametrize("flag", ["b", "d"])
def test_years_are_not_compared_across_a_break_or_another_definition(flag):
    years = [(2022, "a", "x", 0.5, "published", flag), (2020, "a", "x", 0.1, "published")]
    assert widest_gap(shown(1, *years)) == 0
    assert widest_gap(shown(1, *years, (2022, "b", "x", 0.3, "published", flag))) == pytest.approx(0.2)


def test_a_chapter_is_summed_up_by_its_widest_gaps():
    figures = [pair(1, 0.1), pair(2, 0.4), pair(3, 0.2), pair(4, 0.3), pair(5, 0.9, svg=False)]
    figures.append(pair(6, 0.8, synthetic=True))
    assert [figure.anchor for figure in telling(figures)] == ["fig-2", "fig-3", "fig-4"]
    assert [figure.anchor for figure in telling(figures, most=1)] == ["fig-2"]
    assert telling([]) == []


def test_the_same_answers_are_told_once():
    figures = [pair(1, 0.4, question="q"), pair(2, 0.5, question="q"), pair(3, 0.1)]
    assert [figure.anchor for figure in telling(figures)] == ["fig-2", "fig-3"]


def judged(number, verdicts, *rows, question="government_role"):
    """A figure whose table says of each row whether it differs clearly."""
    table = Table(1, ["Item", "Value", "Clear difference"], [["a", "b", verdict] for verdict in verdicts])
    return replace(shown(number, *rows, question=question), table=table)


def test_a_report_opens_with_the_widest_clear_difference_of_each_chapter():
    words = open_survey().words("en")
    rows = [
        (2022, "business", "co_creation", 0.75, "published"),
        (2022, "providers", "co_creation", 0.5, "published"),
        (2022, "business", "learning_account", 0.9, "published"),
        (2022, "providers", "learning_account", 0.1, "published"),
    ]
    chapters = [
        Chapter(1, "", "", [judged(1, ["higher", "lower", "", ""], *rows), pair(2, 0.9)]),
        Chapter(2, "", "", [judged(3, ["", "", "", ""], *rows)]),
        # The same again, in an overview.
        Chapter(3, "", "", [judged(4, ["higher", "lower", "", ""], *rows)]),
    ]
    (found,) = contrasts(chapters, words)
    assert found.figure.anchor == "fig-1"
    assert found.sides == (("L&D departments", "75%"), ("Providers", "50%"))


def test_a_report_never_opens_with_years():
    years = [(2022, "business", "co_creation", 0.75, "published"), (2020, "business", "co_creation", 0.5, "published")]
    assert contrasts([Chapter(1, "", "", [judged(1, ["higher", ""], *years)])], open_survey().words("en")) == []


def test_contrast_is_the_same_on_dark_paper():
    for one, other in (("#ffffff", "#222222"), ("#ffffff", "#542788"), ("#158665", "#ffffff"), ("#bbe2d6", "#222222")):
        assert contrast(dark(one), dark(other)) == pytest.approx(contrast(one, other), rel=0.03)


def test_letters_have_more_contrast_on_dark_paper():
    assert contrast(dark("#158665", least=7), dark("#ffffff")) == pytest.approx(7, rel=0.03)
    assert dark("#542788", least=7) == dark("#542788")


def test_pictures_take_their_colours_from_the_page():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><path style="fill: #542788"/><rect fill="#ffffff"/></svg>'
    picture = inline(svg, name="a", viewbox=None, label="")
    assert re.findall(r"var\(--(\w+)\)", picture) == ["542788", "ffffff"]
    assert "#" not in picture


def test_only_the_pages_own_script_may_run(page):
    policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"]
    allowed = b64encode(sha256(SCRIPT.encode()).digest()).decode()
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{allowed}'" in policy


def test_languages_of_one_run_lead_to_each_other(tmp_path):
    project = Project(tmp_path)
    command = ("report", "--year", "2022", "--lang", "nl", "--lang", "fr", "--format", "html")
    done = project.run(*command)
    assert done.returncode == 0, done.stderr
    dutch = Page((project.place("nl") / "index.html").read_text(encoding="utf-8"))
    there = [(link["href"], link["hreflang"], link["lang"]) for link in dutch.all("a") if "hreflang" in link]
    assert there == [("../fr/index.html", "fr", "fr")]
    done = project.run(
        "report", "--year", "2022", "--lang", "nl", "--lang", "fr", "--format", "html", "--chapters", "1"
    )
    part = Page((project.place("nl.part") / "index.html").read_text(encoding="utf-8"))
    assert [link["href"] for link in part.all("a") if "hreflang" in link] == ["../fr.part/index.html"]

"""The page in a real browser: in three languages, two widths, dark and light."""

import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from drawn_project import Project

from lnd_survey.report.page import FIRST_ROWS

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LANGUAGES = ("nl", "fr", "en")
FIGURE = "fig-23-tech_skills"
LONG_TABLE = "fig-50-paper_claims"
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { sum += entry.value; }))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""

if CHROMIUM is None:
    warnings.warn("NO BROWSER: the page is not tested in one; install chromium.", stacklevel=1)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER: install chromium to test the page in one")


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The pages of the real report."""
    out = tmp_path_factory.mktemp("real")
    command = [sys.executable, "-m", "lnd_survey.cli", "--data", str(ROOT), "report", "--year", "2022"]
    done = subprocess.run(
        [*command, "--format", "html", "--out", str(out)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return out / "2022"


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def look(browser):
    """Open a page, and keep what it asks for in `page.asked` and what goes wrong in `page.wrong`."""
    contexts = []

    def opened(path, *, width=1280, scheme="light", anchor=""):
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme))
        page = contexts[-1].new_page()
        page.asked, page.wrong = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda said: page.wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("dialog", lambda dialog: (page.wrong.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri() + anchor)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_in_the_way_of_a_reader(real, look, lang, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    path = real / lang / "index.html"
    page = look(path, width=width, scheme=scheme)
    assert page.evaluate(SHIFTS) == 0
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # A picture is one thing with a name; what it is drawn of is most of the page, and only takes time.
    page.evaluate("document.querySelectorAll('.plot svg').forEach((picture) => picture.replaceChildren())")
    # So do rows of tables, which are all alike.
    page.evaluate("document.querySelectorAll('tbody tr:nth-child(n + 4)').forEach((row) => row.remove())")
    assert axe.Axe().run(page).response["violations"] == []
    outside = [url for url in page.asked if not url.startswith("data:")]
    assert (outside, page.wrong) == ([path.as_uri()], [])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_small_telephone_never_scrolls_sideways(real, look, lang):
    assert look(real / lang / "index.html", width=360).evaluate("document.documentElement.scrollWidth") <= 360


def test_text_is_set_in_the_font_of_the_page(real, look):
    # In another font the words of a picture would not fit.
    widths = """() => ["'LND Sans', monospace", "monospace"].map((font) => {
      const text = document.body.appendChild(document.createElement("span"));
      text.style.font = `16px ${font}`;
      text.textContent = "Wiimm";
      return text.getBoundingClientRect().width;
    })"""
    ours, other = look(real / "en" / "index.html").evaluate(widths)
    assert ours != other


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_is_small(real, lang):
    assert (real / lang / "index.html").stat().st_size < 3_000_000


def test_the_first_tab_leads_to_the_content(real, look):
    page = look(real / "en" / "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_numbers_fold_out_by_keyboard(real, look):
    page = look(real / "en" / "index.html")
    fold = page.locator(f"#{FIGURE} details")
    assert fold.get_attribute("open") is None
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    assert fold.get_attribute("open") is not None


def test_a_long_table_shows_all_its_rows_when_asked(real, look):
    page = look(real / "en" / "index.html")
    table = page.locator(f"#{LONG_TABLE}")
    rows = table.locator("tbody tr")
    assert rows.locator("visible=true").count() == FIRST_ROWS
    table.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    assert rows.locator("visible=true").count() == rows.count() > FIRST_ROWS
    page.keyboard.press("Space")
    page.emulate_media(media="print")
    assert rows.locator("visible=true").count() == rows.count()


def test_the_words_to_quote_a_figure_by_are_copied(real, look):
    page = look(real / "en" / "index.html")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    quote = page.locator(f"#{FIGURE} .quote")
    quote.get_by_role("button").press("Enter")
    quote.get_by_text("Copied").wait_for()
    reference, _, address = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert reference == quote.get_by_role("link").inner_text()
    assert address.endswith(f"/en/index.html#{FIGURE}")


def test_contents_and_languages_follow_the_reader(real, look):
    page = look(real / "en" / "index.html", anchor=f"#{FIGURE}")
    marked = page.locator(".contents a[aria-current]")
    marked.wait_for()
    assert marked.get_attribute("href") == f"#{FIGURE}"
    # A click of the mouse might scroll first, and so be elsewhere.
    page.locator(".languages a[hreflang=fr]").evaluate("link => link.click()")
    page.wait_for_url("**/fr/index.html*")
    assert page.url == (real / "fr" / "index.html").as_uri() + f"#{FIGURE}"


def test_hostile_labels_do_nothing(tmp_path, look):
    project = Project(tmp_path)
    done = project.report("--format", "html")
    assert done.returncode == 0, done.stderr
    page = look(project.place() / "index.html")
    assert "<script>alert(1)</script>" in page.inner_text("main")
    assert page.wrong == []

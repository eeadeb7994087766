"""One wave in every form a tool may deliver it: the answers are the same."""

from __future__ import annotations

import drawn_exports
import pandas as pd
import pytest

from lnd_survey.crosswalk import read_crosswalk
from lnd_survey.processed import read_answers
from lnd_survey.synthetic.write import FORMS, write_wave
from lnd_survey.wave import read_wave

LANGUAGES = drawn_exports.LANGUAGES
IN_PARTS = ("google_forms_xlsx", "limesurvey", "surveymonkey", "qualtrics_cell", "typeform", "sav", "plain_codes")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return drawn_exports.codebook(tmp_path_factory.mktemp("codebook"))


@pytest.fixture(scope="module")
def drawn(book):
    return drawn_exports.answers(book, n=120)


def there_and_back(answers, book, folder, form, *, instrument=drawn_exports.INSTRUMENT, exclude="", **options):
    """Write answers as a wave, and read the wave."""
    folder = folder / str(drawn_exports.YEAR)
    folder.mkdir()
    wave = write_wave(answers, codebook=book, folder=folder, form=form, languages=LANGUAGES, **options)
    (folder / "wave.yml").write_text(drawn_exports.WAVE + wave.yaml() + exclude, encoding="utf-8")
    (folder / "instrument.csv").write_text(instrument, encoding="utf-8")
    problems: list = []
    read = read_wave(folder, book, problems)
    crosswalk = read_crosswalk(read, book, problems)
    found = read_answers(read, codebook=book, crosswalk=crosswalk, problems=problems)
    assert [str(problem) for problem in problems] == []
    return found


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_every_form_gives_the_same_answers(form, book, drawn, tmp_path):
    pd.testing.assert_frame_equal(there_and_back(drawn, book, tmp_path, form).frame, drawn)


@pytest.mark.parametrize("name", IN_PARTS)
def test_a_file_for_each_group_and_language_gives_the_same_answers(name, book, drawn, tmp_path):
    found = there_and_back(drawn, book, tmp_path, FORMS[name], split=("group", "language"))
    order = drawn.sort_values(["group", "language"], kind="stable", ignore_index=True)
    pd.testing.assert_frame_equal(found.frame, order)


@pytest.mark.parametrize("name", ["limesurvey", "qualtrics", "plain", "sav_labels"])
def test_a_language_that_also_answers_a_question_gives_the_same_answers(name, book, drawn, tmp_path):
    found = there_and_back(drawn, book, tmp_path, FORMS[name], language_question="spoken")
    pd.testing.assert_frame_equal(found.frame, drawn)


@pytest.mark.parametrize("name", ["limesurvey", "qualtrics", "typeform_xlsx", "sav", "google_forms"])
def test_repeated_and_test_entries_that_are_left_out_change_nothing(name, book, drawn, tmp_path):
    form = FORMS[name]
    if form.layout == "google_forms":
        more, numbers = pd.concat([drawn, drawn.iloc[:5]], ignore_index=True), None
        rules = "  exclude: {test_entries: true}\n"
    else:
        more = pd.concat([drawn, drawn.iloc[:5], drawn.iloc[:3]], ignore_index=True)
        numbers = [*range(1, len(drawn) + 6), 1, 2, 3]
        rules = "  exclude: {test_entries: true, duplicates: first}\n"
    tests = [False] * len(drawn) + [True] * 5 + [False] * (len(more) - len(drawn) - 5)
    options = {"numbers": numbers, "find_duplicates": numbers is not None, "tests": tests}
    found = there_and_back(more, book, tmp_path, form, exclude=rules, **options)
    pd.testing.assert_frame_equal(found.frame, drawn)

"""Every id that a comparison gives has its words, in every language."""

from __future__ import annotations

import pytest

import lnd_survey as lnd
from lnd_survey import compare
from lnd_survey.cli import main
from lnd_survey.significance import (
    corrections,
    differences,
    distributions,
    paired,
    printed,
    printed_paired,
    printed_trends,
    ranks,
    trends,
)

MODULES = (differences, distributions, paired, printed, printed_paired, printed_trends, ranks, trends)
OF_THE_LIBRARY_ALONE = {printed.SIGNIFICANT, printed.UNDECIDED, printed.INCOMPATIBLE, printed.BASE_UNKNOWN}
OF_THE_LIBRARY_ALONE |= {printed.NO_CLEAR_DIFFERENCE}
VERDICTS = ("HIGHER", "LOWER", "NO_CLEAR_DIFFERENCE", "UNDECIDED", "NOT_COMPARABLE", "DIFFERENT")


def named(module):
    """Ids that a module names as constants."""
    return {value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}


@pytest.mark.parametrize("lang", ["nl", "fr", "en"])
def test_every_id_has_its_words(lang):
    words = lnd.open_survey().words(lang)
    tests = set().union(*map(named, MODULES)) - OF_THE_LIBRARY_ALONE
    assert {"t", "score", "fisher", "mcnemar_printed", "cochran_armitage", "no_test"} <= tests
    said = [words.test(test) for test in sorted(tests)]
    assert len(set(said)) == len(said)
    assert all(words.verdict(getattr(compare, name)) for name in VERDICTS)
    assert all(words.correction(method) for method in named(corrections))
    row = {"detail": "", "base_needed": float("nan")}
    reasons = [words.reason(row | {"reason": reason}) for reason in compare.REASONS]
    assert len(set(reasons)) == len(compare.REASONS)


def test_a_reason_says_which_years_and_which_base_it_takes():
    words = lnd.open_survey().words("en")
    broken = {"reason": "series_breaks", "detail": "2021", "base_needed": None}
    assert words.reason(broken) == "The series breaks in 2021."
    unknown = {"reason": "base_unknown", "detail": "2017, 2019, 2021", "base_needed": float("nan")}
    assert words.reason(unknown) == "No test: base unknown (2017, 2019, 2021)."
    needed = {"reason": "base_not_printed", "detail": "", "base_needed": 128}
    assert words.reason(needed).endswith("not printed. From 128 answers per group on the difference would be clear.")
    assert words.reason({"reason": "", "detail": "", "base_needed": None}) == ""
    assert words.reason({"reason": float("nan"), "detail": "", "base_needed": None}) == ""


def test_the_command_line_says_reasons_in_words_and_gives_ids_to_machines(capsys):
    asked = ["compare", "tech_skills", "--year", "2021", "--evidence", "published"]
    assert main([*asked, "--lang", "fr"]) == 0
    table = capsys.readouterr().out
    assert "non comparable" in table
    assert "Pas de test : la base n’est pas imprimée." in table
    assert main([*asked, "--format", "csv"]) == 0
    assert ",not_comparable,base_not_printed," in capsys.readouterr().out
    assert main(["trend", "tech_skills", "--group", "business"]) == 0
    assert "No test: base unknown" in capsys.readouterr().out

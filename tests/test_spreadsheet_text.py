"""What begins a formula gets an apostrophe, and only that; nothing is lost."""

from hypothesis import assume, given
from hypothesis import strategies as st

from lnd_survey.spreadsheet_text import FORMULA, as_meant, harmless

texts = st.text(st.sampled_from("'=+-@\t\ra1 "), max_size=6)


@given(texts)
def test_no_text_begins_a_formula_and_none_is_lost(text):
    assert not harmless(text).startswith(FORMULA)
    assert as_meant(harmless(text)) == text


@given(texts)
def test_what_begins_no_formula_stays_as_it_is(text):
    assume(not text.lstrip("'").startswith(FORMULA))
    assert harmless(text) == as_meant(text) == text

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lnd_survey.folding import folded

LATIN = st.text(st.characters(max_codepoint=0x24F) | st.sampled_from("’‘“”«»–—−\u00a0\u202f\u200b\u0301\u0308ŉẞﬁ"))


@given(LATIN)
def test_folding_again_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("L’opleiding", "l'opleiding"),
        ("“Ja”", '"ja"'),
        ("5–9", "5-9"),
        ("5\u00a0%  ja\n", "5 % JA"),
        ("cafe\u0301", "café"),
        ("\ufeffja", "Ja"),
    ],
)
def test_what_is_the_same(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"), [("cafe", "café"), ("ja.", "ja"), ("5,0", "5.0"), ("(a)", "a"), ("a b", "ab")]
)
def test_what_is_not_the_same(one, other):
    assert folded(one) != folded(other)

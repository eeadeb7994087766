"""Back test: every claim of the 2022 paper comes out as expected.

`claims_2022.csv` says what was expected of each claim, written down from the paper before any was computed.
"""

from __future__ import annotations

import csv
from pathlib import Path

import lnd_survey as lnd

with (Path(__file__).parent / "claims_2022.csv").open(encoding="utf-8", newline="") as file:
    EXPECTED = {row["claim"]: row["outcome"] for row in csv.DictReader(file)}


def test_every_claim_comes_out_as_expected():
    claims = lnd.open_survey().claims(2022)
    assert dict(zip(claims["claim"], claims["outcome"], strict=True)) == EXPECTED


def test_there_are_claims_enough():
    assert len(EXPECTED) >= 60

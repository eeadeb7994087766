"""A drawn codebook with long labels, in the words the charts really use."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from lnd_survey.survey import open_survey
from lnd_survey.words import Words

CODEBOOK_OF_THE_SURVEY = Path(__file__).parents[2] / "data" / "codebook"
LONG = "Carrying through a strategic change of the whole organisation, with everyone who works in it"


def said(text: str) -> dict[str, str]:
    return {"nl": text, "fr": text, "en": text}


def entries(labels: dict[str, str], **more: dict[str, object]) -> list[dict[str, object]]:
    return [{"id": name, "label": said(label)} | more.get(name, {}) for name, label in labels.items()]


GROUPS = [
    ("inside", "Internal departments", "#542788", "o"),
    ("outside", "Providers of learning", "#1b9e77", "s"),
    ("others", "Everyone else", "#595959", "D"),
]
ITEMS = {"steer": LONG, "coach": "Coaching", "teach": "Teaching new colleagues in their first year", "plan": "Planning"}
AGREE = {"no": "No", "never": "Certainly not", "hardly": "Rather not", "same": "Neither"}
AGREE |= {"yes": "Yes", "rather": "Rather", "fully": "Certainly", "unsure": "Don't know"}
TREE = {
    "no": {"valence": -1},
    "never": {"parent": "no", "valence": -1},
    "hardly": {"parent": "no", "valence": -1},
    "same": {"valence": 0},
    "yes": {"valence": 1},
    "rather": {"parent": "yes", "valence": 1},
    "fully": {"parent": "yes", "valence": 1},
    "unsure": {"missing": "dont_know"},
}
SCALE = {"low": 1, "high": 7, "low_label": said("not at all"), "high_label": said("very much so")}
QUESTIONS = [
    {"id": "tasks_now", "kind": "multi", "name": said("Tasks now"), "items": entries(ITEMS)},
    {"id": "tasks_ideal", "kind": "multi", "name": said("Tasks in an ideal world"), "items_of": "tasks_now"},
    {"id": "weight", "kind": "scale", "name": said("Weight of each task"), "items_of": "tasks_now", "scale": SCALE},
    {"id": "starter", "kind": "ranking", "name": said("Who starts"), "items_of": "tasks_now"},
    {"id": "payer", "kind": "ranking", "name": said("Who pays"), "items_of": "tasks_now"},
    {"id": "agree", "kind": "single", "ordered": True, "name": said("Agreement"), "options": entries(AGREE, **TREE)},
    {
        "id": "adopt",
        "kind": "grid",
        "name": said("Adoption"),
        "items_of": "tasks_now",
        "options": entries({"have": "In place", "soon": "Planned within the next twelve months", "never": "No plan"}),
    },
    {
        "id": "outlook",
        "kind": "grid",
        "ordered": True,
        "name": said("Outlook"),
        "items_of": "tasks_now",
        "options": entries(
            {"less": "Less", "same": "Neither", "more": "More", "unsure": "Don't know or not applicable"},
            less={"valence": -1},
            same={"valence": 0},
            more={"valence": 1},
            unsure={"missing": "dont_know"},
        ),
    },
    {
        "id": "opinion",
        "kind": "grid",
        "ordered": True,
        "name": said("Opinion"),
        "items_of": "tasks_now",
        "options_of": "agree",
    },
]
CONCEPT = {
    "id": "model",
    "title": said("A model"),
    "source": said("after nobody"),
    "columns": [said("Person"), said("Organisation")],
    "rows": [
        {"label": said("Doing"), "cells": [said(LONG), said("Leading")]},
        {"label": said("Being"), "cells": [said("Knowing"), said("Culture")]},
    ],
}
CODEBOOK = {
    "languages": [
        {"id": "nl", "name": "Nederlands", "decimal": ",", "percent": "%"},
        {"id": "fr", "name": "Français", "decimal": ",", "percent": "\u00a0%"},
        {"id": "en", "name": "English", "decimal": ".", "percent": "%"},
    ],
    "groups": [
        {"id": name, "label": said(label), "description": said(label), "colour": colour, "marker": marker}
        for name, label, colour, marker in GROUPS
    ],
    "bases": [{"id": "all", "ordinary": True, "label": said("everyone")}],
    "documents": [{"id": "paper", "label": said("Paper"), "title": said("The paper")}],
    "questions": [{"text": said(f"{LONG}, does that hold for you?")} | question for question in QUESTIONS],
    "chapters": [{"number": 1, "id": "only", "title": said("Only"), "intro": said("Only.")}],
    "figures": [{"id": "tasks", "number": 1, "chapter": 1, "questions": ["tasks_now"], "title": said("Tasks?")}],
    "concepts": [CONCEPT],
}


@pytest.fixture(scope="session")
def drawn_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("drawn") / "data"
    (data / "codebook").mkdir(parents=True)
    for name in ("words.yml", "survey_words.yml", "comparison_words.yml"):
        shutil.copy(CODEBOOK_OF_THE_SURVEY / name, data / "codebook" / name)
    (data / "codebook" / "survey.yml").write_text(yaml.safe_dump(CODEBOOK, allow_unicode=True), encoding="utf-8")
    for year in (2001, 2003, 2004):
        wave = data / "raw" / str(year)
        wave.mkdir(parents=True)
        wave.joinpath("wave.yml").write_text(
            yaml.safe_dump({"year": year, "evidence": "published", "groups": [{"id": name} for name, *_ in GROUPS]}),
            encoding="utf-8",
        )
        wave.joinpath("published.csv").write_text(
            "question,item,option,group,statistic,value,unit,decimals,n,document,place,status,note\n", encoding="utf-8"
        )
    return data


@pytest.fixture(scope="session")
def words(drawn_data: Path) -> Words:
    return open_survey(drawn_data).words("en")


@pytest.fixture(scope="session")
def french(drawn_data: Path) -> Words:
    return open_survey(drawn_data).words("fr")

"""A wave small enough to see through, with every kind of question and of missing answer, to be written as exports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lnd_survey.answers import answer_columns, categories
from lnd_survey.codebook import Codebook, Question, read_codebook

if TYPE_CHECKING:
    import pandas as pd

YEAR = 2031
LANGUAGES = ("nl", "fr", "en")

CODEBOOK = """\
languages:
  - {id: nl, name: Nederlands, decimal: ",", percent: "%"}
  - {id: fr, name: Français, decimal: ",", percent: "%"}
  - {id: en, name: English, decimal: ".", percent: "%"}
groups:
  - id: inside
    label: {nl: Intern & eigen, fr: Interne, en: Inside}
    description: {nl: intern, fr: interne, en: inside}
    colour: "#542788"
    marker: o
  - id: outside
    label: {nl: "Extern, ingehuurd", fr: "Externe, engagé", en: "Outside, hired"}
    description: {nl: extern, fr: externe, en: outside}
    colour: "#1b9e77"
    marker: s
bases:
  - {id: all, ordinary: true, label: {nl: iedereen, fr: tous, en: everyone}}
questions:
  - id: size
    kind: single
    ordered: true
    name: {nl: Grootte, fr: Taille, en: Size}
    text: {nl: "Hoe groot is <je> team?", fr: "Quelle est la taille de l’équipe ?", en: "How large is your team?"}
    options:
      - {id: one, label: {nl: "1", fr: "1", en: "1"}}
      - {id: many, label: {nl: "2 of meer", fr: "2 ou plus", en: "2 or more"}}
      - {id: few, parent: many, label: {nl: "2–4", fr: "2–4", en: "2–4"}}
      - {id: lots, parent: many, label: {nl: "Meer, veel meer", fr: "Plus, bien plus", en: "More, many more"}}
      - {id: unknown, missing: dont_know, label: {nl: Geen idee, fr: Aucune idée, en: No idea}}
      - {id: refused, missing: refused, label: {nl: Zeg ik niet, fr: Je ne le dis pas, en: I don’t say}}
  - id: tried
    kind: single
    name: {nl: Geprobeerd, fr: Essayé, en: Tried}
    text: {nl: "Al geprobeerd?", fr: "Déjà essayé ?", en: "Tried it yet?"}
    options:
      - {id: never, label: {nl: Nee, fr: Non, en: "No"}}
      - {id: once, label: {nl: Ja, fr: Oui, en: "Yes"}}
      - {id: again, label: {nl: Ja, fr: "Oui, encore", en: "Yes"}}
  - id: wishes
    kind: multi
    max_choices: 3
    name: {nl: Wensen, fr: Souhaits, en: Wishes}
    text: {nl: "Welke wensen heb je?", fr: "Quels souhaits avez-vous ?", en: "Which wishes do you have?"}
    text_by_group:
      outside: {nl: "Welke wensen hebben klanten?", fr: "Quels souhaits des clients ?", en: "Which wishes of clients?"}
    items:
      - {id: time, label: {nl: Tijd, fr: Temps, en: Time}}
      - {id: money, label: {nl: "Geld, budget, korting", fr: "Argent, budget, œuvres", en: "Money, budget, discount"}}
      - {id: peace, label: {nl: "Rust | stilte", fr: "Calme", en: "Peace; quiet"}}
      - {id: video, label: {nl: Video, fr: Vidéo, en: Video}}
      - {id: film, label: {nl: video, fr: Film, en: Film}}
  - id: reasons
    kind: multi
    name: {nl: Redenen, fr: Raisons, en: Reasons}
    text: {nl: "Waarom?", fr: "Pourquoi ?", en: "Why?"}
    items:
      - {id: time, label: {nl: Tijd, fr: Temps, en: Time}}
      - {id: habit, label: {nl: "Gewoonte", fr: "L’habitude", en: "Habit"}}
  - id: marks
    kind: scale
    name: {nl: Punten, fr: Points, en: Marks}
    text: {nl: "Hoeveel punten geef je?", fr: "Combien de points ?", en: "How many points do you give?"}
    scale:
      low: 1
      high: 7
      low_label: {nl: slecht, fr: mauvais, en: poor}
      high_label: {nl: goed, fr: bon, en: good}
    items:
      - {id: book, label: {nl: Boek, fr: Livre, en: Book}}
      - {id: class, label: {nl: Les, fr: Cours, en: Class}}
  - id: actors
    kind: ranking
    name: {nl: Wie, fr: Qui, en: Who}
    text: {nl: "Wie begint? Rangschik.", fr: "Qui commence ? Classez.", en: "Who begins? Rank."}
    items:
      - {id: boss, label: {nl: De baas, fr: Le chef, en: The boss}}
      - {id: team, label: {nl: "Het team, samen", fr: "L’équipe, ensemble", en: "The team, together"}}
      - {id: self, label: {nl: Ikzelf, fr: Moi-même, en: Myself}}
  - id: outlook
    kind: grid
    name: {nl: Vooruitzicht, fr: Perspective, en: Outlook}
    text: {nl: "Meer of minder?", fr: "Plus ou moins ?", en: "More or less?"}
    items:
      - {id: book, label: {nl: Boek, fr: Livre, en: Book}}
      - {id: class, label: {nl: Les, fr: Cours, en: Class}}
      - {id: robot, label: {nl: Robot, fr: Robot, en: Robot}}
    options:
      - {id: less, label: {nl: Minder, fr: Moins, en: Less}}
      - {id: more, label: {nl: Meer, fr: Plus, en: More}}
      - {id: dont_know, missing: dont_know, label: {nl: Weet niet, fr: Ne sait pas, en: Don’t know}}
  - id: spoken
    kind: single
    name: {nl: Taal, fr: Langue, en: Language}
    text: {nl: "Taal van de vragenlijst", fr: "Langue du questionnaire", en: "Language of the questionnaire"}
    options:
      - {id: dutch, label: {nl: Nederlands, fr: Néerlandais, en: Dutch}}
      - {id: other, label: {nl: Andere, fr: Autre, en: Other}}
chapters: []
figures: []
"""

INSTRUMENT = """\
question,group,base,max_choices,limit_enforced,break,policy,note,offered,items,asked_if
size,inside,,,,,,,,,
size,outside,,,,,,,one few unknown refused,,
tried,inside,,,,,,,,,
wishes,inside,,3,yes,,,,,,
wishes,outside,,3,yes,,,,time money peace film,,
reasons,outside,,,,,,,,,size=one|few
marks,inside,,,,,,,,,tried=once|again
actors,inside,,,,,,,,,
actors,outside,,,,,,,,,
outlook,inside,,,,,,,,,
outlook,outside,,,,,,,,book robot,
spoken,inside,,,,,,,,,
spoken,outside,,,,,,,,,
"""
"""The routing and the options offered that `answers` keeps to."""

WAVE = """\
year: 2031
evidence: synthetic
languages: [nl, fr, en]
groups:
  - {id: inside}
  - {id: outside}
"""


def codebook(folder: Path) -> Codebook:
    """Write the codebook into a folder and read it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "survey.yml").write_text(CODEBOOK, encoding="utf-8")
    return read_codebook(folder)


def answers(book: Codebook, *, n: int = 60, seed: int = 1) -> pd.DataFrame:
    """Draw answers of both groups in three languages, with every kind of missing answer."""
    import numpy as np
    import pandas as pd

    chance = np.random.default_rng(seed)
    rows = [_person(book, chance, place) for place in range(n)]
    frame = pd.DataFrame(rows)
    columns = {"year": np.full(n, YEAR, dtype=np.int64)}
    columns["group"] = pd.Categorical(frame["group"], categories=["inside", "outside"])
    columns["language"] = pd.Categorical(frame["language"], categories=LANGUAGES)
    columns["weight"] = np.ones(n)
    for question in book.questions.values():
        for column, _ in answer_columns(question):
            columns[column] = pd.Categorical(frame[column], categories=categories(question))
    return pd.DataFrame(columns)


def _person(book, chance, place: int) -> dict[str, str]:
    group = ("inside", "outside")[place % 2]
    language = LANGUAGES[place % 3]
    inside = group == "inside"
    row = {"group": group, "language": language, "spoken": "dutch" if language == "nl" else "other"}
    sizes = ["one", "few", "lots", "unknown", "refused", "not_answered"]
    row["size"] = str(chance.choice(sizes if inside else [size for size in sizes if size != "lots"]))
    row["tried"] = str(chance.choice(["never", "once", "again", "not_answered"])) if inside else "not_asked"
    offered = book.questions["wishes"].item_ids if inside else ("time", "money", "peace", "film")
    row |= _ticks(book.questions["wishes"], offered, chance, most=3)
    if inside:
        row |= {"reasons.time": "not_asked", "reasons.habit": "not_asked"}
    elif row["size"] in ("one", "few"):
        row |= _ticks(book.questions["reasons"], ("time", "habit"), chance, most=2)
    else:
        row |= {"reasons.time": "not_routed", "reasons.habit": "not_routed"}
    for item in ("book", "class"):
        points = str(chance.choice(["1", "4", "7", "not_answered", "dont_know"]))
        row[f"marks.{item}"] = (
            ("not_asked", points)[inside] if row["tried"] in ("once", "again") or not inside else "not_routed"
        )
    row |= _ranks(book.questions["actors"], chance)
    for item in ("book", "class", "robot"):
        given = str(chance.choice(["less", "more", "dont_know", "not_answered"]))
        row[f"outlook.{item}"] = given if inside or item != "class" else "not_offered"
    return row


def _ticks(question: Question, offered, chance, *, most: int) -> dict[str, str]:
    kind = str(chance.choice(["answered"] * 6 + ["none", "dont_know", "refused", "not_answered"]))
    chosen = set(chance.permutation(list(offered))[: chance.integers(1, most + 1)]) if kind == "answered" else set()
    said = "not_selected" if kind in ("answered", "none") else kind
    return {
        f"{question.id}.{item}": ("selected" if item in chosen else said) if item in offered else "not_offered"
        for item in question.item_ids
    }


def _ranks(question: Question, chance) -> dict[str, str]:
    kind = str(chance.choice(["answered"] * 6 + ["dont_know", "not_answered"]))
    if kind != "answered":
        return {f"{question.id}.{item}": kind for item in question.item_ids}
    ranked = list(chance.permutation(list(question.item_ids))[: chance.integers(1, len(question.item_ids) + 1)])
    return {
        f"{question.id}.{item}": str(ranked.index(item) + 1) if item in ranked else "not_answered"
        for item in question.item_ids
    }

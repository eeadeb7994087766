"""A survey small enough to add up by hand: two groups, three years, one question of each kind."""

from __future__ import annotations

from pathlib import Path

CODEBOOK = """\
languages:
  - {id: nl, name: Nederlands, decimal: ",", percent: "%"}
  - {id: en, name: English, decimal: ".", percent: "%"}
groups:
  - {id: inside, label: {nl: Intern, en: Inside}, description: {nl: intern, en: inside}, colour: "#542788", marker: o}
  - id: outside
    label: {nl: Extern, en: Outside}
    description: {nl: extern, en: outside}
    colour: "#1b9e77"
    marker: s
bases:
  - {id: all, ordinary: true, label: {nl: iedereen, en: everyone}}
documents:
  - {id: paper, label: {nl: Blad, en: Paper}, title: {nl: Het blad, en: The paper}}
questions:
  - id: size
    kind: single
    ordered: true
    name: {nl: Grootte, en: Size}
    text: {nl: Hoe groot?, en: How large?}
    options:
      - {id: one, label: {nl: "1", en: "1"}}
      - {id: few, label: {nl: 2-4, en: 2-4}}
      - {id: many, label: {nl: 5+, en: 5+}}
      - {id: five, parent: many, label: {nl: 5-9, en: 5-9}}
      - {id: ten, parent: many, label: {nl: 10+, en: 10+}}
      - {id: unknown, missing: dont_know, label: {nl: weet niet, en: don't know}}
  - id: harm
    kind: single
    name: {nl: Schade, en: Harm}
    text: {nl: Schade?, en: Harm?}
    options:
      - {id: without, label: {nl: geen, en: none}}
      - {id: with, label: {nl: wel, en: some}}
      - {id: little, parent: with, split: degree, label: {nl: weinig, en: little}}
      - {id: much, parent: with, split: degree, label: {nl: veel, en: much}}
      - {id: good, parent: with, split: direction, label: {nl: goed, en: good}}
      - {id: bad, parent: with, split: direction, label: {nl: slecht, en: bad}}
  - id: wishes
    kind: multi
    max_choices: 3
    name: {nl: Wensen, en: Wishes}
    text: {nl: Welke wensen?, en: Which wishes?}
    text_by_group: {outside: {nl: Welke wensen van klanten?, en: Which wishes of clients?}}
    items:
      - {id: gains, label: {nl: Winst, en: Gains}}
      - {id: money, parent: gains, label: {nl: Geld, en: Money}}
      - {id: time, parent: gains, label: {nl: Tijd, en: Time}}
      - {id: peace, label: {nl: Rust, en: Peace}}
  - id: marks
    kind: scale
    name: {nl: Punten, en: Marks}
    text: {nl: Hoeveel?, en: How many?}
    scale: {low: 1, high: 7, low_label: {nl: min, en: min}, high_label: {nl: max, en: max}}
    items_of: wishes
chapters:
  - {number: 1, id: only, title: {nl: Enig, en: Only}, intro: {nl: Inleiding., en: Introduction.}}
figures:
  - {id: wishes, number: 1, chapter: 1, questions: [wishes], title: {nl: Wensen?, en: Wishes?}}
words:
  n_is: {nl: "n = {n}", en: "n = {n}"}
  n_in_year: {nl: "n = {n} ({year})", en: "n = {n} ({year})"}
  n_not_printed: {nl: n niet gedrukt, en: n not printed}
  n_not_printed_for: {nl: "n niet gedrukt voor {years}", en: "n not printed for {years}"}
  base_of_group: {nl: "{group}: {numbers}", en: "{group}: {numbers}"}
  between_parts: {nl: "; ", en: "; "}
  note_merged: {nl: "{option} is {options}", en: "{option} is {options}"}
  note_merged_years: {nl: "{years} {option} is {options}", en: "{years} {option} is {options}"}
  note_bounds: {nl: grenzen, en: bounds}
  note_rebased: {nl: zonder weet niet, en: without don't know}
  place_figure: {nl: "figuur {number}", en: "figure {number}"}
  place_text: {nl: "tekst, {part}", en: "text, {part}"}
  place_insight: {nl: "inzicht {number}", en: "insight {number}"}
  place_side_chart: {nl: nevengrafiek, en: side chart}
  evidence_published: {nl: gepubliceerd, en: published}
  evidence_partly_derived: {nl: deels berekend, en: partly computed}
  period_unknown_for: {nl: "onbekend voor {years}", en: "not known for {years}"}
  note_ranked: {nl: "berekend over {n}", en: "computed among {n}"}
  quoted_question: {nl: "‘{question}’", en: "‘{question}’"}
  no_numbers: {nl: Geen cijfers., en: No numbers.}
  nothing_for_year: {nl: "Niets voor {year}: {questions}", en: "Nothing for {year}: {questions}"}
"""
HEADER = "question,item,option,group,statistic,value,unit,decimals,n,document,place,status,note\n"
PUBLISHED = {
    2001: """\
size,,one,outside,share,28,%,0,,paper,figure 2,,
size,,few,outside,share,17,%,0,,paper,figure 2,,
size,,many,outside,share,55,%,0,,paper,figure 2,,
harm,,without,outside,share,6,%,0,,paper,figure 3,,
harm,,good,outside,share,10,%,0,,paper,figure 3,,
harm,,bad,outside,share,84,%,0,,paper,figure 3,,
""",
    2003: """\
size,,one,outside,share,20,%,0,80,paper,figure 2,,
size,,few,outside,share,10,%,0,80,paper,figure 2,,
size,,five,outside,share,15,%,0,80,paper,figure 2,,
size,,ten,outside,share,30,%,0,80,paper,figure 2,,
size,,unknown,outside,share,20,%,0,80,paper,figure 2,,sums_to_95
harm,,without,outside,share,70,%,0,80,paper,figure 3,,
harm,,little,outside,share,26,%,0,80,paper,figure 3,,
harm,,much,outside,share,4,%,0,80,paper,figure 3,,
wishes,money,,inside,share,60,%,0,40,paper,figure 1,,
wishes,time,,inside,share,50,%,0,40,paper,figure 1,,
wishes,peace,,inside,share,25,%,0,40,paper,figure 1,,
wishes,money,,outside,share,30,%,0,80,paper,figure 1,,
wishes,time,,outside,share,20,%,0,80,paper,figure 1,,
wishes,peace,,outside,share,75,%,0,80,paper,figure 1,,
wishes,peace,,outside,share,74,%,0,80,paper,text insight 1,,said_otherwise
marks,money,,inside,mean,6.69,score,2,,paper,figure 4,,
marks,time,,inside,mean,2.17,score,2,,paper,figure 4,,
""",
}
WAVES = {
    2001: """\
year: 2001
evidence: published
groups: [{id: outside}]
""",
    2003: """\
year: 2003
evidence: published
field_period: {nl: juni 2003, en: June 2003}
groups: [{id: inside, n: 40}, {id: outside, n: 80}]
notes:
  sums_to_95: {nl: Telt op tot 95., en: Sums to 95.}
  said_otherwise: {nl: De tekst zegt 74., en: The text says 74.}
  other_harm: {nl: Andere schade., en: Other harm.}
""",
}
INSTRUMENT = (
    "question,group,base,max_choices,limit_enforced,break,policy,note\nharm,outside,,,,d,join_with_note,other_harm\n"
)


def write_data(folder: Path) -> Path:
    """Write the small survey below a folder and give its data folder."""
    data = folder / "data"
    (data / "codebook").mkdir(parents=True)
    (data / "codebook" / "survey.yml").write_text(CODEBOOK, encoding="utf-8")
    for year, text in WAVES.items():
        wave = data / "raw" / str(year)
        wave.mkdir(parents=True)
        (wave / "wave.yml").write_text(text, encoding="utf-8")
        (wave / "published.csv").write_text(HEADER + PUBLISHED[year], encoding="utf-8")
    (data / "raw" / "2003" / "instrument.csv").write_text(INSTRUMENT, encoding="utf-8")
    return data


def add_row_of_a_part(data: Path, row: str) -> None:
    """Give the latest printed numbers a split column, and a row about a part of a group."""
    path = data / "raw" / "2003" / "published.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    rows = [header + ",split", *(line + "," for line in lines), row]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")

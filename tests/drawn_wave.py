"""A survey of one wave of eight respondents: one question of each kind, small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

CODEBOOK = """\
languages:
  - {id: nl, name: Nederlands, decimal: ",", percent: "%"}
  - {id: en, name: English, decimal: ".", percent: "%"}
groups:
  - {id: inside, label: {nl: Intern, en: In}, description: {nl: intern, en: in}, colour: "#542788", marker: o}
  - {id: outside, label: {nl: Extern, en: Out}, description: {nl: extern, en: out}, colour: "#1b9e77", marker: s}
  - id: both
    label: {nl: Samen, en: Both}
    description: {nl: samen, en: both}
    colour: "#525252"
    marker: D
    pooled: true
bases:
  - {id: all, ordinary: true, label: {nl: iedereen, en: everyone}}
  - {id: users, label: {nl: gebruikers, en: users}}
questions:
  - {id: people, kind: count, counts: respondents, name: {nl: N, en: N}, text: {nl: N?, en: N?}}
  - id: use
    kind: single
    name: {nl: Gebruik, en: Use}
    text: {nl: Gebruik?, en: Use?}
    options:
      - {id: "no", label: {nl: Nee, en: "No"}}
      - {id: "yes", label: {nl: Ja, en: "Yes"}}
      - {id: often, parent: "yes", label: {nl: Vaak, en: Often}}
      - {id: rarely, parent: "yes", label: {nl: Zelden, en: Rarely}}
      - {id: unknown, missing: dont_know, label: {nl: Weet niet, en: Don't know}}
  - id: wishes
    kind: multi
    max_choices: 2
    name: {nl: Wensen, en: Wishes}
    text: {nl: Wensen?, en: Wishes?}
    items:
      - {id: gains, label: {nl: Winst, en: Gains}}
      - {id: money, parent: gains, label: {nl: Geld, en: Money}}
      - {id: time, parent: gains, label: {nl: "Tijd, rust", en: "Time, rest"}}
      - {id: peace, label: {nl: Vrede, en: Peace}}
  - id: hopes
    kind: multi
    name: {nl: Hoop, en: Hopes}
    text: {nl: Hoop?, en: Hopes?}
    items_of: wishes
  - id: most_wanted
    kind: ranking
    ranked_by: [wishes, hopes]
    ranked_first: 2
    name: {nl: Top, en: Top}
    text: {nl: Top?, en: Top?}
    items_of: wishes
  - id: order
    kind: ranking
    name: {nl: Volgorde, en: Order}
    text: {nl: Volgorde?, en: Order?}
    items: [{id: home, label: {nl: Huis, en: Home}}, {id: work, label: {nl: Werk, en: Work}}]
  - id: marks
    kind: scale
    name: {nl: Punten, en: Marks}
    text: {nl: Hoeveel?, en: How many?}
    scale: {low: 1, high: 5, low_label: {nl: min, en: min}, high_label: {nl: max, en: max}}
    items_of: order
  - id: tools
    kind: grid
    name: {nl: Gerei, en: Tools}
    text: {nl: Welk?, en: Which?}
    items: [{id: saw, label: {nl: Zaag, en: Saw}}, {id: axe, label: {nl: Bijl, en: Axe}}]
    options: [{id: have, label: {nl: Ja, en: Have}}, {id: none_yet, label: {nl: Nee, en: None}}]
"""

WAVE = """\
year: 2005
evidence: survey
languages: [nl, en]
groups: [{id: inside}, {id: outside}, {id: both, pools: [inside, outside]}]
notes:
  other_words: {nl: Andere woorden., en: Other words.}
exports:
  evidence: survey
  files:
    - {name: answers.csv, format: csv, layout: plain, rows: 10}
  exclude: {duplicates: last, test_entries: true}
"""

INSTRUMENT = """\
question,group,base,max_choices,limit_enforced,break,policy,note,offered,asked_if
people,inside,,,,,,,,
people,outside,,,,,,,,
people,both,,,,,,,,
use,inside,,,,d,join_with_note,other_words,,
use,outside,,,,,,,no yes unknown,
use,both,,,,,,,,
wishes,inside,,2,yes,,,,,
wishes,outside,,2,yes,,,,money peace,
hopes,inside,users,,,,,,,use=often|rarely
order,inside,,,,,,,,
marks,inside,,,,,,,,
tools,outside,,,,,,,,
"""

COLUMNS = """\
file,column,question,item,rank,reason
,id,@respondent,,,
,kind,@group,,,
,lang,@language,,,
,status,@test,,,
,mail,,,,personal data
,use,use,,,
,wishes,wishes,,,
,h1,hopes,money,,
,h2,hopes,time,,
,h3,hopes,peace,,
,h0,hopes,@none,,
,first,order,,1,
,second,order,,2,
,m1,marks,home,,
,m2,marks,work,,
,saw,tools,saw,,
,axe,tools,axe,,
"""

VALUES = """\
file,question,item,language,value,option,expected,reason
,@group,,,L&D,inside,,
,@group,,,seller,outside,,
,@language,,,nl,nl,,
,@language,,,en,en,,
,@test,,,test,@test,,
,@test,,,ok,@real,,
,use,,nl,Nee,no,,
,use,,nl,Ja,yes,empty,
,use,,nl,Vaak,often,,
,use,,nl,Zelden,rarely,,
,use,,nl,Weet niet,unknown,,
,use,,en,No,no,,
,use,,en,Yes,yes,,
,use,,en,Often,often,,
,use,,en,Rarely,rarely,empty,
,use,,en,see above,,,not an answer
,wishes,,nl,Geld,money,,
,wishes,,nl,"Tijd, rust",time,,
,wishes,,nl,Vrede,peace,,
,wishes,,en,Money,money,,
,wishes,,en,Peace,peace,,
,wishes,,en,None of these,@none,,
,hopes,,,x,@selected,,
,order,,,home,home,,
,order,,,work,work,,
,tools,,,have,have,,
,tools,,,soon,none_yet,,
,tools,,,never,none_yet,,
"""

# Respondent 3 answers twice and the last counts; 9 is a test. Of the eight that count 5 are inside and 3 outside.
ANSWERS = """\
id,kind,lang,status,mail,use,wishes,h1,h2,h3,h0,first,second,m1,m2,saw,axe
1,L&D,nl,ok,a@b.example,Vaak,"Geld, Tijd, rust",x,,,,home,work,5,4,,
2,L&D,nl,ok,b@b.example,Zelden,"Tijd, rust",x,x,,,home,work,4,,,
3,L&D,en,ok,c@b.example,No,Peace,,,,,,,1,1,,
3,L&D,en,ok,c@b.example,Often,Peace,,,,x,work,home,3,2,,
4,L&D,nl,ok,d@b.example,Nee,,,,,,home,,,,,
5,L&D,nl,ok,e@b.example,Weet niet,Vrede,,,,,,,,,,
6,seller,en,ok,f@b.example,Yes,"Money, Peace",,,,,,,,,have,soon
7,seller,en,ok,g@b.example,No,None of these,,,,,,,,,have,never
8,seller,en,ok,h@b.example,see above,,,,,,,,,,,have
9,seller,en,test,i@b.example,nonsense,,,,,,,,,,,
"""


YEAR = 2005
FILES = {
    "wave.yml": WAVE,
    "instrument.csv": INSTRUMENT,
    "columns.csv": COLUMNS,
    "values.csv": VALUES,
    "answers.csv": ANSWERS,
}
"""All that lies in the folder of the wave."""


def write_wave(
    folder: Path,
    *,
    answers: str = ANSWERS,
    columns: str = COLUMNS,
    values: str = VALUES,
    instrument: str = INSTRUMENT,
    wave: str = WAVE,
    codebook: str = CODEBOOK,
) -> Path:
    """Write the survey below a folder and give its data folder."""
    data = folder / "data"
    raw = data / "raw" / str(YEAR)
    (data / "codebook").mkdir(parents=True)
    raw.mkdir(parents=True)
    (data / "codebook" / "survey.yml").write_text(codebook, encoding="utf-8")
    texts = {"wave.yml": wave, "instrument.csv": instrument, "columns.csv": columns, "values.csv": values}
    for name, text in {**texts, "answers.csv": answers}.items():
        (raw / name).write_text(text, encoding="utf-8")
    return data


def changed(text: str, *changes: tuple[str, str]) -> str:
    """Replace parts of a text, each of which must stand in it once."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text

"""What stands behind the numbers of a report, in tables of words: sources, bases, gaps, breaks, the log, claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lnd_survey.chapter import Chapter
from lnd_survey.charts import Chart, nothing, table
from lnd_survey.claims import OUTCOMES
from lnd_survey.codebook import MISSING
from lnd_survey.estimates import FLAGS, rows
from lnd_survey.harmonisation_log import EXCLUDED, REMARKS, log_frame
from lnd_survey.series import precedence
from lnd_survey.wave import Asked, Exports
from lnd_survey.words import Words

if TYPE_CHECKING:
    import pandas as pd

_LOGGED = (
    "read",
    *EXCLUDED,
    "respondents",
    "dropped_column",
    "dropped_value",
    "mapped",
    "merged",
    "repeated",
    "answered",
    *MISSING,
    *REMARKS,
    "break",
)
"""What a log counts, in the order in which it happens."""


_BOUNDS = {"above": "> ", "below": "< ", "top": "≤ "}


def origins(chapter: Chapter) -> Chart:
    """Say of each question for whom there are numbers, what evidence they are and where they stand."""
    words, found = chapter.words, []
    for (question, kind), part in _parts(chapter.numbers, "question", "evidence"):
        told = (words.name(question), _groups(chapter, part["group"]), words.say(f"evidence_{kind}"))
        found.append((*told, words.number(len(part)), words.source(part)))
    head = ("column_question", "quality_groups", "evidence", "quality_numbers", "source")
    return _exhibit(chapter, "origins", head, found)


def bases(chapter: Chapter) -> Chart:
    """Say for each group who could answer, in how many questions, and how many did."""
    words, found = chapter.words, []
    order = words.groups()
    parts = sorted(_parts(chapter.numbers, "group", "base", "evidence"), key=lambda part: order.index(part[0][0]))
    for (group, base, kind), part in parts:
        n = sorted({int(number) for number in part["n"].dropna()})
        told = "–".join(words.number(end) for end in dict.fromkeys((n[0], n[-1]))) if n else words.say("n_not_printed")
        sign = words.say("sample_sign") if n and kind == "synthetic" else ""
        questions = words.number(part["question"].nunique())
        evidence = words.say(f"evidence_{kind}")
        found.append((words.group(group), words.base_label(base), evidence, questions, told + sign))
    head = ("column_group", "base", "evidence", "quality_questions", "quality_n")
    return _exhibit(chapter, "bases", head, found, sample="synthetic" in set(chapter.numbers["evidence"]))


def missing(chapter: Chapter) -> Chart:
    """Count for each question and group who answered, and each kind of missing answer."""
    words, log = chapter.words, _log(chapter)
    log = log[log["what"].isin(["answered", *MISSING]) & (log["group"] != "")]
    # An item that nobody of a group could choose is told elsewhere.
    cell = [log[column] for column in ("question", "item", "group")]
    log = log[log["what"].ne("not_offered").groupby(cell).transform("any")]
    kinds = [kind for kind in ("answered", *MISSING) if kind != "not_asked" and kind in set(log["what"])]
    found = []
    for (question, group), part in _parts(log, "question", "group"):
        if set(part["what"]) == {"not_asked"}:
            continue
        items = max(part["item"].nunique(), 1)
        told = []
        for kind in kinds:
            counts = part.loc[part["what"] == kind, "n"].tolist()
            # An item that the log does not name has none.
            ends = (0, *counts) if len(counts) < items else counts
            told.append(_range(chapter, min(ends), max(ends)))
        found.append((words.name(question), words.group(group), *told))
    head = ("column_question", "column_group", *(f"quality_{kind}" for kind in kinds))
    return _exhibit(chapter, "missing", head, found, sample=bool(_sign(chapter)))


def absent(chapter: Chapter) -> Chart:
    """Say what the survey asks in some years and has no number of in this one, and what was not offered."""
    words, survey, wave = chapter.words, chapter.survey, chapter.survey.wave(chapter.year)
    found: list[tuple[str, ...]] = []
    there = set(zip(chapter.numbers["question"], chapter.numbers["group"], strict=True))
    instructed = {group for _, group in wave.instrument} if _exports(chapter) else set()
    sign = _sign(chapter)
    years: dict[str, dict[str, set[int]]] = {}
    for kind, year, group, question in words.known:
        if kind in precedence(chapter.evidence):
            years.setdefault(question, {}).setdefault(group, set()).add(year)
    for question, of_groups in ((name, years.get(name, {})) for name in survey.codebook.questions):
        reasons: dict[str, list[str]] = {}
        for group in words.groups():
            if group in of_groups and (question, group) not in there:
                # Only of groups whose questionnaire is known can it be said that they were not asked.
                known = group in instructed
                reason = "unprinted" if not known else "asked" if (question, group) in wave.instrument else "unasked"
                reasons.setdefault(reason, []).append(group)
        for reason, groups in reasons.items():
            there_in = words.years(year for group in groups for year in of_groups[group])
            said = words.say(f"quality_reason_{reason}") + (sign if reason != "unprinted" else "")
            told = (_groups(chapter, groups), said)
            found.append((words.name(question), *told, words.say("quality_known_years", years=there_in)))
        found += _not_offered(chapter, question)
    head = ("column_question", "quality_groups", "quality_what", "quality_detail")
    return _exhibit(chapter, "absent", head, found, sample=any(sign and row[2].endswith(sign) for row in found))


def breaks(chapter: Chapter) -> Chart:
    """Say where a series changes up to the report's year, what that does to it, and why."""
    words, found = chapter.words, []
    for year, wave in _past(chapter):
        changes: dict[tuple[str, Asked], list[str]] = {}
        for (question, group), asked in wave.instrument.items():
            if asked.flag or asked.policy:
                key = (question, Asked(flag=asked.flag, policy=asked.policy, notes=asked.notes))
                changes.setdefault(key, []).append(group)
        for (question, asked), groups in changes.items():
            why = " ".join(wave.notes[note][chapter.lang] for note in asked.notes)
            told = [words.say(f"flag_{asked.flag}")] if asked.flag else []
            told += [words.say(f"quality_policy_{asked.policy}")] if asked.policy else []
            found.append((words.name(question), _groups(chapter, groups), str(year), "; ".join(told), why))
    head = ("column_question", "quality_groups", "column_year", "quality_change", "quality_why")
    return _exhibit(chapter, "breaks", head, found)


def merges(chapter: Chapter) -> Chart:
    """Say which answers are added together so that years can stand beside each other."""
    words, found = chapter.words, []
    for question in dict.fromkeys(chapter.numbers["question"]):
        texts = words.merges(chapter.estimates(question, years="until"))
        found += [(words.name(question), text) for text in texts]
    return _exhibit(chapter, "merges", ("column_question", "quality_merged"), found)


def log(chapter: Chapter) -> Chart:
    """Say where the rows, columns and values of the exports of the year went."""
    words, log = chapter.words, _log(chapter)
    found = []
    for what in _LOGGED:
        part = log[log["what"] == what]
        if part.empty:
            continue
        number = _counted(chapter, int(part["n"].sum())) if what != "break" else words.number(len(part))
        told = dict.fromkeys(question for question in part["question"] if question)
        # All questions are no news.
        names = [words.name(question) for question in told] if what in (*REMARKS, "merged", "repeated", "break") else []
        said = words.say("quality_merged_count" if what == "merged" else f"quality_{what}")
        found.append((said, number, ", ".join(names)))
    head = ("quality_what", "quality_count", "quality_questions")
    return _exhibit(chapter, "log", head, found, sample=bool(_sign(chapter)))


def flagged(chapter: Chapter) -> Chart:
    """Count the numbers that carry each flag: suppressed, of few respondents, rounded, computed and so on."""
    words, numbers = chapter.words, chapter.numbers
    found = []
    for flag in FLAGS if len(numbers) else ():
        part = numbers[numbers["status"].str.contains(flag)]
        names = [words.name(question) for question in dict.fromkeys(part["question"])]
        few = len(names) < numbers["question"].nunique() / 2
        told = ", ".join(names) if few else words.say("quality_of_questions", n=len(names))
        means = words.say(f"quality_flag_{flag}", warn=chapter.survey.warn, suppress=chapter.survey.suppress)
        found.append((words.say(f"flag_{flag}"), words.number(len(part)), means, told))
    head = ("quality_flag", "quality_numbers", "quality_means", "quality_questions")
    return _exhibit(chapter, "flagged", head, found)


def weights(chapter: Chapter) -> Chart:
    """Say how the respondents of the year were weighted, and what that cost."""
    words, survey = chapter.words, chapter.survey
    if not _exports(chapter):
        return nothing(words.say("quality_no_weights_published", year=chapter.year), words=words)
    account = survey.weights(chapter.year, lang=chapter.lang)
    found = []
    for row in rows(account):
        margin, level = row["margin"], row["level"]
        # Who gave no answer has no level of the margin.
        told = (words.margin(margin), words.part(margin, level) if level else words.say("quality_no_level"))
        shares = [words.percent(row[name], decimals=1) for name in ("population", "respondents", "weighted")]
        cost = (words.number(row["design_effect"], decimals=2), words.percent(row["efficiency"]))
        found.append((words.group(row["group"]), *told, *shares, *cost, row["source"]))
    shown = ("population", "unweighted", "weighted", "design_effect", "efficiency")
    head = ("column_group", "quality_margin", "quality_level", *(f"quality_{name}" for name in shown), "source")
    return _exhibit(chapter, "weights", head, found, sample=bool(_sign(chapter)))


def claims(chapter: Chapter) -> Chart:
    """Say of each number in the running text of the year's paper whether its tables bear it out."""
    words, checked = chapter.words, chapter.survey.claims(chapter.year, lang=chapter.lang)
    outcomes = checked["outcome"].tolist()
    counted = [
        words.say("quality_counted", outcome=words.say(f"outcome_{name}"), n=outcomes.count(name))
        for name in OUTCOMES
        if name in outcomes
    ]
    found = []
    for row in sorted(rows(checked), key=lambda row: OUTCOMES.index(row["outcome"])):
        told = (words.say(f"outcome_{row['outcome']}"), words.say(f"quality_{row['why']}") if row["why"] else "")
        found.append((row["text"], words.place(row["place"]), _claimed(row, words), _computed(row, words), *told))
    head = ("quality_said", "quality_place", "quality_claimed", "quality_computed", "quality_outcome", "quality_why")
    return _exhibit(chapter, "claims", head, found, counted=words.say("between_parts").join(counted))


def _claimed(row: Mapping[str, Any], words: Words) -> str:
    if not row["unit"]:
        return words.say("yes")
    return _BOUNDS.get(row["rule"], "") + _number(row["claimed"], row, words)


def _computed(row: Mapping[str, Any], words: Words) -> str:
    if not isinstance(row["computed"], str):
        return ""
    return _number(row["computed"], row, words) if row["unit"] else words.say(row["computed"])


def _number(text: str, row: Mapping[str, Any], words: Words) -> str:
    """Write a number with as many decimals as it needs, and at most two more than the claim has."""
    value, most = float(text), len(row["claimed"].partition(".")[2]) + 2
    decimals = next(places for places in range(most + 1) if round(value, places) == round(value, most))
    return words.amount(value, row["unit"], decimals=decimals)


def _exhibit(
    chapter: Chapter,
    name: str,
    head: Sequence[str],
    found: Sequence[tuple[str, ...]],
    *,
    sample: bool = False,
    **told: str,
) -> Chart:
    """Make a table of words, or an honest line where there is nothing to tell."""
    import pandas as pd

    words = chapter.words
    if not found:
        return nothing(words.say(f"quality_no_{name}", year=chapter.year), words=words)
    texts = pd.DataFrame(found, columns=[words.say(key) for key in head], dtype="str")
    # A column that would say nothing is left out.
    texts = texts[[column for column in texts if texts[column].ne("").any()]]
    subtitle = words.say(f"quality_subtitle_{name}", year=chapter.year, **told)
    return table(texts, words=words, subtitle=subtitle, sample=sample)


def _parts(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[tuple[str, ...], pd.DataFrame]]:
    """Take a frame apart by what stands in some columns, in the order in which it comes."""
    for key, part in frame.groupby(list(columns), sort=False):
        yield tuple(map(str, key)), part


def _groups(chapter: Chapter, groups: Iterable[str]) -> str:
    named = set(groups)
    return ", ".join(chapter.words.group(group) for group in chapter.words.groups() if group in named)


def _past(chapter: Chapter) -> list[tuple[int, Any]]:
    return [(year, wave) for year, wave in chapter.survey.waves.items() if year <= chapter.year]


def _exports(chapter: Chapter) -> Exports | None:
    """Give the exports of the year, where they are of the evidence asked for."""
    exports = chapter.survey.wave(chapter.year).exports
    return exports if exports is not None and exports.evidence in precedence(chapter.evidence) else None


def _log(chapter: Chapter) -> pd.DataFrame:
    """Give the log of the year's exports; without rows where there are none."""
    return chapter.survey.log(chapter.year) if _exports(chapter) else log_frame([], chapter.year)


def _sign(chapter: Chapter) -> str:
    """Give the sign that what the exports say carries if they are sample data."""
    exports = _exports(chapter)
    return chapter.words.say("sample_sign") if exports and exports.evidence == "synthetic" else ""


def _counted(chapter: Chapter, number: int) -> str:
    return chapter.words.number(number) + _sign(chapter)


def _range(chapter: Chapter, low: int, high: int) -> str:
    return _counted(chapter, low) if low == high else f"{low}–{_counted(chapter, high)}"


def _not_offered(chapter: Chapter, question: str) -> Iterable[tuple[str, ...]]:
    """Say which items or answers of a question a group could not choose."""
    words, wave, entry = chapter.words, chapter.survey.wave(chapter.year), chapter.survey.codebook.questions[question]
    for group in words.groups():
        asked = wave.instrument.get((question, group))
        if asked is None or not _exports(chapter):
            continue
        labels = [
            words.item(question, item)
            for item in (entry.leaves if entry.kind == "multi" else entry.item_ids)
            if item not in asked.items_of(entry)
        ]
        labels += [
            words.option(question, option)
            for option in (entry.leaves if entry.options else ())
            if option not in asked.options_of(entry)
        ]
        if labels:
            what = words.say("quality_reason_not_offered") + _sign(chapter)
            yield words.name(question), words.group(group), what, ", ".join(labels)

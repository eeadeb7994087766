"""Weights of respondents by the margins that a wave declares, and what they cost.

A group is raked by itself. Who gave no answer to the question of a margin has no level of it; such respondents keep the
part of the group that they are, and the others divide the rest as the margin says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lnd_survey.codebook import Codebook
from lnd_survey.errors import Problem, SurveyError, shown_path
from lnd_survey.trees import parts_of
from lnd_survey.wave import Wave, Weighting
from lnd_survey.weights import Margins, diagnostics, misses, rake, trim

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NO_LEVEL = ""
"""The level of who gave no answer."""

COLUMNS = (
    "year",
    "group",
    "margin",
    "level",
    "population",
    "respondents",
    "weighted",
    "n",
    "low",
    "high",
    "design_effect",
    "efficiency",
    "source",
)
"""The columns of the account of weights, always and only these."""


def weighted(answers: pd.DataFrame, *, wave: Wave, codebook: Codebook, problems: list[Problem]) -> pd.DataFrame:
    """Give the respondents of a wave the weights that its margins ask for, with mean 1 in each group.

    Parameters
    ----------
    answers
        An answers frame.
    wave, codebook
        The wave with its margins; what levels are part of.
    problems
        List to which is added why no weights agree with the margins.

    Returns
    -------
    pandas.DataFrame
        The same answers with the column `weight`; unchanged where nothing is declared.
    """
    if not wave.weights:
        return answers
    weight = answers["weight"].to_numpy(copy=True)
    for group, declared in wave.weights.items():
        of_group = (answers["group"] == group).to_numpy()
        levels = _levels(answers[of_group], declared, codebook)
        n, file = int(of_group.sum()), shown_path(wave.folder / "wave.yml")
        silent = [margin for margin, level in levels.items() if (level == NO_LEVEL).all()]
        if n and silent:
            what = f"weights of {group}: nobody answered {', '.join(silent)}"
            problems.append(Problem(what, file=file, row=declared.row, remedy="Leave this margin out."))
        if not n or silent:
            continue
        try:
            raked = rake(levels, _targets(levels, declared), total=n)
        except SurveyError as error:
            for problem in error.problems:
                assert isinstance(problem, Problem)
                what = f"weights of {group}: {problem.what}"
                problems.append(Problem(what, file=file, row=declared.row, remedy=problem.remedy))
            continue
        weight[of_group] = raked if declared.trim is None else trim(raked, factor=declared.trim)
    return answers.assign(weight=weight)


def margin_levels(answers: pd.DataFrame, *, wave: Wave, codebook: Codebook) -> list[np.ndarray]:
    """Give for each margin the level of each respondent as a number, as `lnd_survey.kernel.tally` takes them.

    Levels of different groups are different numbers. Where weights were trimmed they do not agree with the margins any
    more, which then hold nothing fixed; those respondents, and those without weights, have one level for their group.

    Returns
    -------
    list of numpy.ndarray
        One for each margin of the group that has most; none where nothing is declared.
    """
    import numpy as np

    untrimmed = {group: declared for group, declared in wave.weights.items() if declared.trim is None}
    number = max((len(declared.margins) for declared in untrimmed.values()), default=0)
    # A group without a level of its own has its place as a whole.
    groups = answers["group"].cat.codes.to_numpy().astype("int64") + 1
    result = [groups.copy() for _ in range(number)]
    for group, declared in untrimmed.items():
        of_group = (answers["group"] == group).to_numpy()
        for position, level in enumerate(_levels(answers[of_group], declared, codebook).values()):
            result[position][of_group] = result[position].max() + 1 + np.unique(level, return_inverse=True)[1]
    return [np.unique(levels, return_inverse=True)[1] for levels in result]


def account(answers: pd.DataFrame, *, wave: Wave, codebook: Codebook, lang: str) -> pd.DataFrame:
    """Say how a wave was weighted: what the margins are, how near to them it came, and what it cost.

    Parameters
    ----------
    answers
        An answers frame with its weights.
    wave, codebook
        As for `weighted`.
    lang
        Language of the sources.

    Returns
    -------
    pandas.DataFrame
        With `COLUMNS`, a row per group, margin and level. `population`, `respondents` and `weighted` are shares of the
        group (0–1); `low` and `high` the smallest and largest weight as multiples of the mean.
    """
    import numpy as np
    import pandas as pd

    rows = []
    for group, declared in wave.weights.items():
        own = answers[answers["group"] == group]
        if not len(own):
            continue
        weight = own["weight"].to_numpy()
        found, levels = diagnostics(weight), _levels(own, declared, codebook)
        targets = _targets(levels, declared)
        missed = misses(weight, levels, targets)
        for margin, sizes in targets.items():
            for level, size in sizes.items():
                population = size / sum(sizes.values())
                numbers = population, float(np.mean(levels[margin] == level)), population + missed[margin][level]
                cost = found.n, found.low, found.high, found.design_effect, found.efficiency
                rows.append((wave.year, group, margin, level, *numbers, *cost, declared.source[lang]))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _levels(answers: pd.DataFrame, declared: Weighting, codebook: Codebook) -> dict[str, np.ndarray]:
    """Give for each margin the level of each respondent: the one that the answer is, or is a part of."""
    import numpy as np

    levels = {}
    for margin, sizes in declared.margins.items():
        question = codebook.questions.get(margin)
        within = parts_of(question.options) if question else {level: (level,) for level in sizes}
        level_of = {part: level for level in sizes for part in within[level]}
        known = answers[margin].cat.categories
        missing = {entry.id for entry in question.options if not entry.missing} if question else set(known)
        # An option of no level keeps its name, so that it is said that the margin lacks it.
        names = [level_of.get(name, name if name in missing else NO_LEVEL) for name in known]
        codes = answers[margin].cat.codes.to_numpy()
        levels[margin] = np.asarray([*names, NO_LEVEL], dtype=object)[codes]
    return levels


def _targets(levels: Mapping[str, np.ndarray], declared: Weighting) -> Margins:
    """Bring each margin to shares, with room for those who have no level of it."""
    import numpy as np

    targets = {}
    for margin, sizes in declared.margins.items():
        unknown = float(np.mean(levels[margin] == NO_LEVEL))
        total = sum(sizes.values())
        targets[margin] = {level: size / total * (1 - unknown) for level, size in sizes.items()}
        targets[margin] |= {NO_LEVEL: unknown} if unknown else {}
    return targets

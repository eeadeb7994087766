"""`data/processed`: the answers of each wave, kept as Parquet beside their log and a manifest.

Disposable: what lies there is used only while the files it was made from, and the library, are the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lnd_survey import __version__, folders
from lnd_survey.answers import Answers, answer_columns, categories
from lnd_survey.checksums import checksum, checksums, source_checksum
from lnd_survey.codebook import Codebook
from lnd_survey.crosswalk import Crosswalk
from lnd_survey.errors import Problem, SurveyError
from lnd_survey.harmonise import harmonise
from lnd_survey.readers import read_export
from lnd_survey.wave import Wave
from lnd_survey.weighting import weighted

if TYPE_CHECKING:
    import pandas as pd

ANSWERS, LOG, MANIFEST = "answers.parquet", "log.csv", "manifest.json"
_DESCRIPTION = ("wave.yml", "instrument.csv", "columns.csv", "values.csv")


def read_answers(
    wave: Wave,
    *,
    codebook: Codebook,
    crosswalk: Crosswalk,
    problems: list[Problem],
    made_of: Mapping[str, Any] | None = None,
) -> Answers | None:
    """Read all exports of a wave, harmonise them, and weight the respondents.

    Parameters
    ----------
    wave, codebook, crosswalk
        A wave with exports, and what its columns and values mean.
    problems
        List to which what is wrong with any of the files is added.
    made_of
        The inputs as they were before, without which the answers cannot be stored.

    Returns
    -------
    Answers or None
        None where anything is wrong.
    """
    assert wave.exports is not None
    exports = []
    for declaration in wave.exports.files:
        export = read_export(wave.folder / declaration.name, declaration, problems)
        exports += [(declaration, export)] if export is not None else []
    if not exports:
        return None
    answers = harmonise(exports, wave=wave, codebook=codebook, crosswalk=crosswalk, problems=problems)
    if answers is None:
        return None
    known = len(problems)
    frame = weighted(answers.frame, wave=wave, codebook=codebook, problems=problems)
    return replace(answers, frame=frame, made_of=made_of or {}) if len(problems) == known else None


def stored_answers(folder: Path, wave: Wave, *, codebook: Codebook, made_of: Mapping[str, Any]) -> Answers | None:
    """Give the answers that lie in `data/processed`, if they were made of these inputs.

    Parameters
    ----------
    folder
        The data folder.
    wave, codebook
        Which wave, and what its answers can be.
    made_of
        The inputs.
    """
    place = _place(folder, wave)
    if not is_stored(folder, wave, made_of):
        return None
    import pandas as pd

    log = pd.read_csv(place / LOG, dtype=str, keep_default_na=False).astype({"year": "int64", "n": "int64"})
    return Answers(_known(pd.read_parquet(place / ANSWERS), wave, codebook), log, made_of)


def store(folder: Path, wave: Wave, answers: Answers) -> Path:
    """Write the answers of a wave to `data/processed/<year>`: whole, or not at all.

    Parameters
    ----------
    folder
        The data folder.
    wave, answers
        Which wave, and what to keep.

    Returns
    -------
    pathlib.Path
        The folder written.

    Raises
    ------
    ReportError
        If nothing can be written there.
    SurveyError
        If an input is not any more what the answers were made of.
    """
    place = _place(folder, wave)
    with folders.only_run(place.parent, [place.name], elsewhere="copy the data folder to where you may write"):
        refuse_changes(answers.made_of, inputs(folder, wave))
        grown = folders.growing(place.parent, place.name)
        answers.frame.to_parquet(grown / ANSWERS, index=False)
        answers.log.to_csv(grown / LOG, index=False, lineterminator="\n")
        manifest = {**answers.made_of, "outputs": checksums(Path(), grown, [grown / ANSWERS, grown / LOG])}
        text = json.dumps(manifest, ensure_ascii=False, indent=2)
        (grown / MANIFEST).write_text(text + "\n", encoding="utf-8")
        return folders.put_in_place(grown, place)


def _place(folder: Path, wave: Wave) -> Path:
    return folder / "processed" / str(wave.year)


def described(folder: Path, raw: Path) -> dict[str, str]:
    """Give the checksums of what says how the exports of a wave are to be read: the codebook and its description.

    Parameters
    ----------
    folder, raw
        The data folder, and the folder of the wave.
    """
    return checksums(Path(), folder, _description(folder, raw))


def inputs(folder: Path, wave: Wave) -> dict[str, Any]:
    """Give what the answers of a wave are made of as it is now: the library, and the checksums of all files.

    Parameters
    ----------
    folder, wave
        The data folder, and which wave.
    """
    return {
        "version": __version__,
        "source": source_checksum(),
        "inputs": described(folder, wave.folder) | checksums(Path(), folder, _exports(wave)),
    }


def stamps(folder: Path, wave: Wave) -> dict[str, tuple[int, int]]:
    """Give size and time of the files that answers are made of: where these are the same, the files mostly are."""
    states = {path: path.stat() for path in (*_description(folder, wave.folder), *_exports(wave))}
    return {path.as_posix(): (state.st_size, state.st_mtime_ns) for path, state in states.items()}


def refuse_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Raise an error if what answers were made of is not as it was.

    Parameters
    ----------
    before, now
        As `inputs` gives them, or a part of it.

    Raises
    ------
    SurveyError
        With the names of the files that were changed.
    """
    if before == now:
        return
    was, is_now = before.get("inputs", {}), now.get("inputs", {})
    changed = [name for name in {**was, **is_now} if was.get(name) != is_now.get(name)]
    named, remedy = ", ".join(changed), "Open the survey again."
    if not changed:
        named, remedy = "the library itself", "Start Python again."
    raise SurveyError(Problem(f"Was changed since the survey was opened: {named}", remedy=remedy))


def _description(folder: Path, raw: Path) -> list[Path]:
    files = [*sorted((folder / "codebook").glob("*.yml")), *(raw / name for name in _DESCRIPTION)]
    return [path for path in files if path.is_file()]


def _exports(wave: Wave) -> list[Path]:
    assert wave.exports is not None
    return [path for export in wave.exports.files if (path := wave.folder / export.name).is_file()]


def is_stored(folder: Path, wave: Wave, made_of: Mapping[str, Any]) -> bool:
    """Say whether what lies in `data/processed` was made of these inputs, and is as it was written."""
    place = _place(folder, wave)
    try:
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        outputs = {name: checksum(place / name) for name in (ANSWERS, LOG)}
    except (OSError, ValueError):
        return False
    return bool(manifest == {**made_of, "outputs": outputs})


def _known(frame: pd.DataFrame, wave: Wave, codebook: Codebook) -> pd.DataFrame:
    """Restore categories that Parquet does not keep where no respondent has them."""
    groups = [group for group in wave.groups if group not in wave.pools]
    named = {"group": groups, "language": list(wave.languages or ("",))}
    for question in codebook.questions.values():
        named |= {column: list(categories(question)) for column, _ in answer_columns(question)}
    return frame.assign(
        **{
            name: frame[name].astype("category").cat.set_categories(named[name])
            for name in frame.columns
            if name in named
        }
    )

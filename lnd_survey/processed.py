"""`data/processed`: the answers of each wave, kept as Parquet beside their log and a manifest.

Disposable: what lies there is used only while the files it was made from, and the library, are the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lnd_survey import __version__, folders
from lnd_survey.answers import Answers, answer_columns, categories
from lnd_survey.checksums import checksum, checksums, source_checksum
from lnd_survey.codebook import Codebook
from lnd_survey.crosswalk import Crosswalk
from lnd_survey.errors import Problem
from lnd_survey.harmonise import harmonise
from lnd_survey.readers import read_export
from lnd_survey.wave import Wave

if TYPE_CHECKING:
    import pandas as pd

ANSWERS, LOG, MANIFEST = "answers.parquet", "log.csv", "manifest.json"
_DESCRIPTION = ("wave.yml", "instrument.csv", "columns.csv", "values.csv")


def read_answers(wave: Wave, *, codebook: Codebook, crosswalk: Crosswalk, problems: list[Problem]) -> Answers | None:
    """Read all exports of a wave and harmonise them.

    Parameters
    ----------
    wave, codebook, crosswalk
        A wave with exports, and what its columns and values mean.
    problems
        List to which what is wrong with any of the files is added.

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
    return harmonise(exports, wave=wave, codebook=codebook, crosswalk=crosswalk, problems=problems)


def stored_answers(folder: Path, wave: Wave, *, codebook: Codebook) -> Answers | None:
    """Give the answers that lie in `data/processed`, if they were made from the files as they are now.

    Parameters
    ----------
    folder
        The data folder.
    wave, codebook
        Which wave, and what its answers can be.
    """
    place = _place(folder, wave)
    if not _is_current(place, _inputs(folder, wave)):
        return None
    import pandas as pd

    log = pd.read_csv(place / LOG, dtype=str, keep_default_na=False).astype({"year": "int64", "n": "int64"})
    return Answers(_known(pd.read_parquet(place / ANSWERS), wave, codebook), log)


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
    """
    place = _place(folder, wave)
    with folders.only_run(place.parent, [place.name], elsewhere="copy the data folder to where you may write"):
        grown = folders.growing(place.parent, place.name)
        answers.frame.to_parquet(grown / ANSWERS, index=False)
        answers.log.to_csv(grown / LOG, index=False, lineterminator="\n")
        manifest = _inputs(folder, wave) | {"outputs": checksums(Path(), grown, [grown / ANSWERS, grown / LOG])}
        text = json.dumps(manifest, ensure_ascii=False, indent=2)
        (grown / MANIFEST).write_text(text + "\n", encoding="utf-8")
        return folders.put_in_place(grown, place)


def _place(folder: Path, wave: Wave) -> Path:
    return folder / "processed" / str(wave.year)


def described(folder: Path, wave: Wave) -> dict[str, str]:
    """Give the checksums of what says how the exports of a wave are to be read: the codebook and its description."""
    files = [*sorted((folder / "codebook").glob("*.yml")), *(wave.folder / name for name in _DESCRIPTION)]
    return checksums(Path(), folder, [path for path in files if path.is_file()])


def _inputs(folder: Path, wave: Wave) -> dict[str, Any]:
    assert wave.exports is not None
    exports = [wave.folder / export.name for export in wave.exports.files]
    return {
        "version": __version__,
        "source": source_checksum(),
        "inputs": described(folder, wave) | checksums(Path(), folder, [path for path in exports if path.is_file()]),
    }


def _is_current(place: Path, inputs: Mapping[str, Any]) -> bool:
    """Whether what lies there was made of these inputs and is as it was written."""
    try:
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        outputs = {name: checksum(place / name) for name in (ANSWERS, LOG)}
    except (OSError, ValueError):
        return False
    return bool(manifest == dict(inputs) | {"outputs": outputs})


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

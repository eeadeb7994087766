from __future__ import annotations

from pathlib import Path

import pytest
from drawn_survey import CODEBOOK

from lnd_survey.codebook import read_codebook
from lnd_survey.errors import DataError, UnknownNameError
from lnd_survey.strict_yaml import read_yaml


def codebook_error(data: Path, old: str, new: str) -> str:
    assert old in CODEBOOK
    (data / "codebook" / "survey.yml").write_text(CODEBOOK.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_codebook(data / "codebook")
    return str(error.value)


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(CODEBOOK.splitlines(), 1) if text in line)


def test_a_good_codebook_is_read(data: Path) -> None:
    codebook = read_codebook(data / "codebook")
    assert codebook.question("size").option_ids == ("one", "few", "many", "five", "ten", "unknown")
    assert codebook.question("marks").item_ids == codebook.question("wishes").item_ids


def test_the_project_codebook_is_read() -> None:
    codebook = read_codebook(Path(__file__).parents[1] / "data" / "codebook")
    assert set(codebook.languages) == {"nl", "fr", "en"}


@pytest.mark.parametrize(
    ("old", "new", "said", "place"),
    [
        ("ordered: true", "orderd: true", "unknown key", "ordered: true"),
        ("ordered: true", "orderd: true", "Nearest: ordered", "ordered: true"),
        ("label: {nl: 2-4, en: 2-4}", "label: {nl: 2-4}", "text is missing in en", "id: few"),
        ("label: {nl: 2-4, en: 2-4}", "label: {nl: 2-4, en: 2-4, de: x}", "de: not a language", "id: few"),
        ("id: few", "id: one", "'one' stands twice", "id: size"),
        ("id: harm", "id: size", "'size' stands twice in questions", "id: harm"),
        ("parent: many", "parent: meny", "parent 'meny' of 'five' is not named. Nearest: many", "id: size"),
        ("id: few", "id: no", "bare 'no' is not read as text by YAML. Write \"no\"", "id: few"),
        ("{nl: geen, en: none}", "{nl: on, en: none}", "bare 'on' is not read as text", "id: without"),
        ("kind: scale", "kind: scala", "kind: input should be", "kind: scale"),
        ("items_of: wishes", "items_of: wishs", "question 'wishs' is not known. Nearest: wishes", "id: marks"),
        ("questions: [wishes]", "questions: [wish]", "question 'wish' is not known", "questions: [wishes]"),
        ("chapter: 1", "chapter: 7", "chapter 7 is not known", "chapter: 1"),
        ("id: without,", "id: without, id: without,", "key 'id' stands twice", "id: without"),
        ("ordinary: true", "ordinary: false", "0 bases are ordinary. Mark one", "id: size"),
        ("ordered: true", 'ordered: "yes"', "ordered: input should be a valid boolean", "ordered: true"),
        ("max_choices: 3", "max_choices: 0", "max_choices: input should be greater", "max_choices: 3"),
        ("low: 1, high: 7", "low: 7, high: 1", "low 7 is not below high 1", "scale: {low"),
        ("items_of: wishes", "items_of: size", "marks: size has no items of its own", "id: marks"),
        ("kind: multi", "kind: count", "kind count has no items", "id: wishes"),
        ("    scale: {", "    scal: {", "unknown key", "scale: {low"),
        ("{outside: {nl: Welke", "{outsde: {nl: Welke", "group 'outsde' is not known", "id: wishes"),
        ("documents:", "docments:", "section 'docments' is not known", "documents:"),
    ],
)
def test_mistakes_are_named_with_file_and_line(data: Path, old: str, new: str, said: str, place: str) -> None:
    message = codebook_error(data, old, new)
    assert said in message
    assert f"survey.yml, row {line_of(place)}:" in message


def test_all_mistakes_of_all_files_are_told_at_once(data: Path) -> None:
    (data / "codebook" / "more.yml").write_text(
        "groups:\n  - {id: Big}\nwords:\n  hello: {nl: dag}\n", encoding="utf-8"
    )
    message = codebook_error(data, "ordered: true", "orderd: true")
    assert message.startswith("7 problems:")
    assert message.count("more.yml, row 2") == 5
    assert "more.yml, row 4" in message


def test_a_circle_of_parents_is_refused(data: Path) -> None:
    message = codebook_error(data, "{id: many, label", "{id: many, parent: five, label")
    assert "'five' is its own ancestor" in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("languages: 3\n", "section 'languages' must be a list"),
        ("words: []\n", "section 'words' must be a map"),
        ("- a\n", "must be a mapping of sections"),
        ("groups: [3]\n", "groups.0: must be a map of keys and values (found 3)"),
        ("groups: \x01\n", "has characters that YAML does not allow"),
        ("groups: &a [*a]\n", "an alias stands inside what it names"),
        ("figures: [{number: " + "9" * 5000 + "}]\n", "figures.0.number: input should be a valid integer"),
    ],
)
def test_odd_files_are_named(data: Path, text: str, said: str) -> None:
    (data / "codebook" / "odd.yml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_codebook(data / "codebook")
    assert said in str(error.value)
    assert "odd.yml" in str(error.value)


def test_empty_sections_are_allowed_and_other_endings_are_not(data: Path) -> None:
    (data / "codebook" / "empty.yml").write_text("questions:\n", encoding="utf-8")
    read_codebook(data / "codebook")
    (data / "codebook" / "other.yaml").write_text("questions:\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"other\.yaml: is not read\. Name it \.yml\."):
        read_codebook(data / "codebook")


def test_broken_yaml_is_named(data: Path) -> None:
    assert "is not valid YAML" in codebook_error(data, "languages:", "languages: [")


def test_unknown_names_offer_the_nearest(data: Path) -> None:
    codebook = read_codebook(data / "codebook")
    with pytest.raises(UnknownNameError, match=r"no question 'wish'\. Nearest: wishes"):
        codebook.question("wish")
    with pytest.raises(UnknownNameError, match="no language 'de'"):
        codebook.language("de")


def test_scalars_are_text_unless_plainly_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text('a: 2022-06\nb: 007\nc: 1_000\nd: 12:30\ne: 3\nf: "3"\ng: 1.50\nh: true\ni:\n', encoding="utf-8")
    value, lines = read_yaml(path, [])
    assert value == {
        "a": "2022-06", "b": "007", "c": "1_000", "d": "12:30", "e": 3, "f": "3", "g": 1.5, "h": True, "i": None,
    }  # fmt: skip
    assert lines["d",] == 4

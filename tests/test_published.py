from __future__ import annotations

from pathlib import Path

import pytest
from drawn_survey import HEADER, PUBLISHED

from lnd_survey.errors import DataError
from lnd_survey.survey import open_survey

LATEST = 2003
GOOD = "wishes,peace,,inside,share,25,%,0,40,paper,figure 1,,"


def row_of(text: str) -> int:
    return 2 + next(number for number, line in enumerate(PUBLISHED[LATEST].splitlines()) if text in line)


def write(data: Path, text: str, *, header: str = HEADER) -> None:
    (data / "raw" / str(LATEST) / "published.csv").write_text(header + text, encoding="utf-8")


def error_of(data: Path) -> str:
    with pytest.raises(DataError) as error:
        open_survey(data)
    return str(error.value)


@pytest.mark.parametrize(
    ("column", "bad", "said"),
    [
        ("item", "pease", "'pease' is not one of the items of wishes. Nearest: peace"),
        ("question", "wishs", "no question 'wishs'. Nearest: wishes"),
        ("option", "yes", "has no options. Leave it empty"),
        ("group", "insde", "'insde' is not one of the groups in wave.yml of 2003. Nearest: inside"),
        ("value", "125", "125 % is not between 0 and 100"),
        ("value", "-1", "-1 % is not between 0 and 100"),
        ("value", "many", "'many' is not clearly a number"),
        ("statistic", "shares", "no statistic 'shares'. Nearest: share"),
        ("unit", "score", "'score' does not go with share. Allowed: %"),
        ("decimals", "few", "'few' is not a whole number"),
        ("n", "forty", "'forty' is not a whole number. Leave it empty"),
        ("document", "book", "no document 'book'"),
        ("place", "fig 1", "'fig 1' is not a place. Write 'figure 7'"),
        ("status", "x", "'x' is not a flag"),
        ("note", "nota", "'nota' is not a note of wave.yml"),
        ("statistic", "mean", "'mean' is not a statistic of a question of kind multi. Nearest: mean_share"),
        ("n", "41", "41 is more than the 40 of the group"),
        ("value", "9" * 400, "is not clearly a number"),
        ("n", "9" * 400, "is not a whole number"),
    ],
)
def test_a_bad_cell_is_named_with_row_and_column(data: Path, column: str, bad: str, said: str) -> None:
    cells = dict(zip(HEADER.strip().split(","), GOOD.split(","), strict=True)) | {column: bad}
    write(data, PUBLISHED[LATEST].replace(GOOD, ",".join(cells.values())))
    message = error_of(data)
    assert said in message
    assert f"published.csv, row {row_of(GOOD)}, column {column}" in message


def test_more_decimals_than_said_are_refused(data: Path) -> None:
    write(data, PUBLISHED[LATEST].replace("6.69", "6.695"))
    assert "column decimals: 6.695 has 3 decimals, not 2" in error_of(data)


def test_several_mistakes_are_told_together(data: Path) -> None:
    write(
        data, "wishes,pease,,inside,share,125,%,0,40,paper,figure 1,,\nwishs,,,inside,share,1,%,0,,paper,figure 1,,\n"
    )
    message = error_of(data)
    assert message.startswith("3 problems:")
    assert all(said in message for said in ("pease", "125", "wishs"))


def test_a_cell_that_stands_twice_at_one_place_is_refused(data: Path) -> None:
    write(data, PUBLISHED[LATEST] + GOOD + "\n")
    assert f"the same cell stands already in row {row_of(GOOD)}" in error_of(data)


def test_a_second_print_that_differs_needs_a_note(data: Path) -> None:
    write(data, PUBLISHED[LATEST].replace("text insight 1,,said_otherwise", "text insight 1,,"))
    assert "74 differs from the print in row" in error_of(data)


def test_the_first_print_is_the_one_used(data: Path) -> None:
    frame = open_survey(data).estimates("wishes", groups="outside")
    assert frame.query("item == 'peace'")["estimate"].tolist() == [0.75]
    assert len(open_survey(data).published(LATEST)) == len(PUBLISHED[LATEST].splitlines())


def test_shares_that_cannot_add_up_need_a_note(data: Path) -> None:
    write(data, PUBLISHED[LATEST].replace("sums_to_95", ""))
    assert "the shares of size sum to 95, more than rounding explains" in error_of(data)


def test_rounding_may_explain_a_sum(data: Path) -> None:
    # 70 + 26 + 5 = 101: three shares rounded to whole per cent may be off by 1.5 together
    write(data, PUBLISHED[LATEST].replace("much,outside,share,4", "much,outside,share,5"))
    open_survey(data)
    write(data, PUBLISHED[LATEST].replace("much,outside,share,4", "much,outside,share,6"))
    assert "sum to 102" in error_of(data)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_and_decimal_commas_are_accepted(data: Path, delimiter: str) -> None:
    expected = open_survey(data).estimates(["wishes", "marks", "size"])
    text = PUBLISHED[LATEST].replace(",", delimiter).replace("6.69", "6,69").replace("2.17", "2,17")
    write(data, text, header="\ufeff" + HEADER.replace(",", delimiter))
    assert open_survey(data).estimates(["wishes", "marks", "size"]).equals(expected)


def test_a_number_that_can_be_read_two_ways_is_refused(data: Path) -> None:
    write(data, PUBLISHED[LATEST].replace(",", ";").replace("6.69", "6,690"), header=HEADER.replace(",", ";"))
    assert "'6,690' is not clearly a number. Write it as 2.17, or 2,17" in error_of(data)


def test_an_unquoted_decimal_comma_is_refused(data: Path) -> None:
    write(data, PUBLISHED[LATEST].replace("6.69", "6,69"))
    assert "has 14 cells, the header has 13. Quote cells that contain ','" in error_of(data)


def test_header_mistakes_are_named(data: Path) -> None:
    write(data, "", header=HEADER.replace("group", "grp").replace("note", "group_note"))
    message = error_of(data)
    assert "column 'group' is missing" in message
    assert "column 'grp' is not known. Nearest: group" in message


def test_a_mean_lies_on_its_scale(data: Path) -> None:
    write(data, PUBLISHED[LATEST].replace("6.69", "66.9"))
    assert "column value: 66.9 is not between 1 and 7" in error_of(data)


def test_two_ways_to_split_an_option_are_not_added_up(data: Path) -> None:
    more = "harm,,good,outside,share,10,%,0,80,paper,figure 3,,\nharm,,bad,outside,share,20,%,0,80,paper,figure 3,,\n"
    write(data, PUBLISHED[LATEST] + more)
    open_survey(data)


def test_a_published_wave_needs_its_numbers(data: Path) -> None:
    path = data / "raw" / str(LATEST) / "published.csv"
    path.rename(path.with_name("publishd.csv"))
    assert "has no published.csv. Its evidence is published" in error_of(data)
    assert "publishd.csv" in error_of(data)


def test_wrong_encoding_and_empty_file(data: Path) -> None:
    path = data / "raw" / str(LATEST) / "published.csv"
    path.write_bytes((HEADER + "caf\xe9").encode("latin-1"))
    assert "is not UTF-8. Save it as CSV UTF-8" in error_of(data)
    path.write_bytes(b"")
    assert "published.csv: is empty" in error_of(data)
    path.write_text("\n" + HEADER, encoding="utf-8")
    assert "published.csv: has an empty first row" in error_of(data)
    path.unlink()
    path.mkdir()
    assert "published.csv: cannot be read" in error_of(data)

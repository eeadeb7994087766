"""The command line: parses, calls, prints."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lnd_survey import __version__
from lnd_survey.errors import SurveyError
from lnd_survey.report.formats import FILES

if TYPE_CHECKING:
    import pandas as pd

    from lnd_survey.words import Words

FORMATS = ("table", "csv", "json")
INTERRUPTED, TERMINATED = 130, 143


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments
        As typed; default those of the process.

    Returns
    -------
    int
        0 done, 1 the data or the words are wrong, 2 usage; 130 and 143 when interrupted or told to end.
    """
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        options.command(options)
    except SurveyError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output, such as `head`, has had enough.
        sys.stdout = None
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lnd-survey", description="The yearly Learning & Development survey: its numbers and its report."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("--data", metavar="DIR", help="data folder, or a folder above it; default: upward from here")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    report = _command(commands, "report", _report, "run the chapters and write the report")
    report.add_argument("--year", type=int, required=True)
    report.add_argument("--lang", action="append", metavar="LANG", help="may be given several times; default all")
    report.add_argument(
        "--evidence", default="best", help="best (default), or kinds to use: survey,published,synthetic"
    )
    report.add_argument(
        "--chapters", type=_numbers, default=(), metavar="N,N", help="only these; writes <lang>.part (default all)"
    )
    report.add_argument("--jobs", type=_positive, metavar="N", help="chapters at once; default one per processor")
    report.add_argument("--out", metavar="DIR", help="default: reports, beside the data folder")
    report.add_argument(
        "--format",
        type=lambda text: text.split(","),
        default=(),
        metavar="NAME,NAME",
        help=f"{', '.join(FILES)}; default all",
    )
    report.add_argument("--template", metavar="PPTX", help="presentation whose layouts the slides get; default our own")
    report.add_argument("--open", action="store_true", help="open the page when it is made")

    for name, command, text in (
        ("questions", _questions, "list the questions"),
        ("figures", _figures, "list the figures of the report"),
    ):
        listing = _command(commands, name, command, text)
        listing.add_argument("--lang", help="language of the names; default the first of the survey")
        _add_format(listing)
        if command is _figures:
            listing.add_argument("--year", type=int, help="also say what numbers of this year there are")

    estimates = _command(commands, "estimates", _estimates, "print the numbers of a question")
    estimates.add_argument("question", nargs="+", metavar="QUESTION")
    estimates.add_argument("--years", type=_years, metavar="YEAR,YEAR", help="or all; default the latest")
    estimates.add_argument("--group", action="append", help="may be given several times; default all")
    estimates.add_argument(
        "--evidence", default="best", help="best (default), or kinds to use: survey,published,synthetic"
    )
    _add_format(estimates)

    compare = _command(commands, "compare", _compare, "compare two groups: differences with intervals and tests")
    compare.add_argument("question", nargs="+", metavar="QUESTION", help="one; or two that the same people answered")
    compare.add_argument("--year", type=int, help="default the latest")
    compare.add_argument("--group", action="append", help="two; with --split or two questions one")
    compare.add_argument("--split", metavar="PROFILE", help="compare parts of a group, by language or a question")
    compare.add_argument("--part", action="append", help="which two parts; default the only two there are")
    compare.add_argument("--evidence", default="best", help="as for estimates")
    compare.add_argument("--correction", default="benjamini_hochberg", help="or holm")
    compare.add_argument("--lang", default="en", help="of the words in a table; default en")
    _add_format(compare)

    trend = _command(commands, "trend", _trend, "compare the years of a question, and test for a trend")
    trend.add_argument("question", metavar="QUESTION")
    trend.add_argument("--group", action="append", help="may be given several times; default all")
    trend.add_argument("--evidence", default="best", help="as for estimates")
    trend.add_argument("--correction", default="benjamini_hochberg", help="or holm")
    trend.add_argument("--lang", default="en", help="of the words in a table; default en")
    _add_format(trend)

    weights = _command(commands, "weights", _weights, "print how the respondents of a year were weighted")
    weights.add_argument("--year", type=int, required=True)
    weights.add_argument("--lang", help="language of the sources; default the first of the survey")
    _add_format(weights)

    claims = _command(commands, "claims", _claims, "recompute what a running text of a year claims")
    claims.add_argument("--year", type=int, required=True)
    claims.add_argument("--evidence", default="published", help="as for estimates; default published")
    claims.add_argument("--lang", help="language of the texts; default the first of the survey")
    _add_format(claims)

    check = _command(commands, "check", _check, "read all data and say everything that is wrong with it")
    check.add_argument("--year", type=int, action="append", help="only the exports of this year; default all")
    check.add_argument("--values", metavar="CSV", help="also write rows for the values that have none in values.csv")
    process = _command(commands, "process", _process, "harmonise exports and keep the answers in data/processed")
    process.add_argument("--year", type=int, action="append", help="may be given several times; default all")
    inspect = _command(commands, "inspect", _inspect, "look at an export and propose how to describe it")
    inspect.add_argument("file", metavar="FILE")
    inspect.add_argument("--columns", metavar="CSV", help="also write a columns.csv to begin with")
    return parser


def _command(commands: Any, name: str, command: Any, text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.set_defaults(command=command)
    return parser


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=FORMATS, default="table")


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of numbers such as 3,4") from None


def _years(text: str) -> str | tuple[int, ...]:
    return text if text == "all" else _numbers(text)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 up")
    return int(text)


def _report(options: argparse.Namespace) -> None:
    import webbrowser

    from lnd_survey.report.plan import plan_report
    from lnd_survey.report.run import make_report

    plan = plan_report(
        options.data,
        year=options.year,
        languages=options.lang,
        evidence=options.evidence,
        chapters=options.chapters,
        out=options.out,
        formats=options.format,
        template=options.template,
    )
    for remark in plan.remarks:
        print(remark, file=sys.stderr)
    written = [folder / FILES[name] for folder in make_report(plan, jobs=options.jobs) for name in plan.formats]
    print(*written, sep="\n")
    pages = [path for path in written if path.suffix == ".html"]
    if options.open and pages:
        webbrowser.open(pages[0].as_uri())


def _questions(options: argparse.Namespace) -> None:
    from lnd_survey.survey import open_survey

    _show(open_survey(options.data).questions(lang=options.lang), options.format)


def _figures(options: argparse.Namespace) -> None:
    from lnd_survey.survey import open_survey

    _show(open_survey(options.data).figures(lang=options.lang, year=options.year), options.format)


def _estimates(options: argparse.Namespace) -> None:
    from lnd_survey.survey import open_survey

    frame = open_survey(options.data).estimates(
        options.question, years=options.years, groups=options.group, evidence=options.evidence
    )
    _show(frame, options.format)


def _compare(options: argparse.Namespace) -> None:
    from lnd_survey.survey import open_survey

    one = len(options.question) == 1
    groups = options.group[0] if options.group and (options.split or not one) else options.group
    survey = open_survey(options.data)
    words = survey.words(options.lang)
    frame = survey.compare(
        options.question[0] if one else tuple(options.question),
        year=options.year,
        groups=groups,
        split=options.split,
        parts=options.part,
        evidence=options.evidence,
        correction=options.correction,
    )
    if options.format == "table":
        shown = ["item", "option", "estimate_first", "estimate_second", "difference", "low", "high", "test"]
        shown += ["p_corrected", "effect", "evidence", "verdict", "reason"]
        told = f"{frame['first'].iloc[0]} against {frame['second'].iloc[0]}" if len(frame) else ""
        family = ", ".join(dict.fromkeys(frame["family"].dropna()))
        corrected = words.correction(options.correction)
        print(f"{told}; corrected ({corrected}) for: {family}" if told else "Nothing to compare.")
        frame = _worded(frame, shown, words)
    _show(frame, options.format)


def _trend(options: argparse.Namespace) -> None:
    from lnd_survey.survey import open_survey

    survey = open_survey(options.data)
    words = survey.words(options.lang)
    frame = survey.trend(
        options.question, groups=options.group, evidence=options.evidence, correction=options.correction
    )
    if options.format == "table":
        shown = ["group", "item", "option", "statistic", "first", "second", "estimate_first", "estimate_second"]
        shown += ["difference", "low", "high", "p_corrected", "evidence", "verdict", "reason"]
        frame = _worded(frame, shown, words)
    _show(frame, options.format)


def _worded(frame: pd.DataFrame, shown: Sequence[str], words: Words) -> pd.DataFrame:
    """Put tests, verdicts and reasons in words, and leave out columns that are empty."""
    from lnd_survey.estimates import rows

    said = frame.assign(
        test=frame["test"].map(words.test),
        verdict=frame["verdict"].map(words.verdict),
        reason=[words.reason(row) for row in rows(frame)],
    )
    return said[[name for name in shown if not said[name].isin(["", None]).all()]].round(4)


def _weights(options: argparse.Namespace) -> None:
    from lnd_survey.survey import open_survey

    frame = open_survey(options.data).weights(options.year, lang=options.lang)
    if options.format == "table" and frame.empty:
        print(f"{options.year} is not weighted: its wave.yml declares no weights.")
    else:
        _show(frame.round(4) if options.format == "table" else frame, options.format)


def _claims(options: argparse.Namespace) -> None:
    from lnd_survey.survey import open_survey

    frame = open_survey(options.data).claims(options.year, lang=options.lang, evidence=options.evidence)
    shown = ["claim", "text", "claimed", "computed", "outcome", "why", "detail"]
    _show(frame[shown] if options.format == "table" else frame, options.format)


def _check(options: argparse.Namespace) -> None:
    from lnd_survey.commentary import check_commentary
    from lnd_survey.harmonisation_log import summary
    from lnd_survey.proposals import values_csv
    from lnd_survey.survey import check_survey

    try:
        survey = check_survey(options.data, years=options.year)
    except SurveyError as error:
        if options.values:
            _write_new(options.values, values_csv(error.problems))
        raise
    check_commentary(survey)
    for year in options.year or survey.crosswalks:
        print(f"{year}: {summary(survey.log(year))}." if year in survey.crosswalks else f"{year}: no exports.")
    codebook = survey.codebook
    print(
        f"{len(survey.years)} years, {len(codebook.questions)} questions, {len(codebook.figures)} figures, "
        f"{len(survey.cells)} printed numbers: nothing wrong."
    )


def _process(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    from lnd_survey.harmonisation_log import summary
    from lnd_survey.survey import open_survey

    survey = open_survey(options.data)
    years = options.year or list(survey.crosswalks)
    for year in tqdm(years, unit="year", disable=None, leave=False):
        written = survey.process(year)
        tqdm.write(f"{year}: {summary(survey.log(year))}; {'written' if written else 'unchanged, not written again'}.")
    if not years:
        print("No year has exports.")


def _inspect(options: argparse.Namespace) -> None:
    from pathlib import Path

    from lnd_survey.readers import inspect_file

    found = inspect_file(Path(options.file))
    print(found.summary())
    print("For wave.yml, under exports, files:", "", found.wave_yml(), sep="\n")
    if options.columns:
        _write_new(options.columns, found.columns_csv())
        print(f"{options.columns}: give each column its question, or a reason why it is dropped.")


def _write_new(file: str, text: str) -> None:
    """Write a file that a person will fill in; one that is there may be filled in already."""
    from pathlib import Path

    try:
        with Path(file).open("x", encoding="utf-8") as target:
            target.write(text)
    except FileExistsError:
        raise SurveyError(f"{file} is there already: choose another name, or remove it first.") from None
    except OSError as error:
        raise SurveyError(f"{file} cannot be written: {error.strerror}.") from error


def _show(frame: pd.DataFrame, form: str) -> None:
    if form == "csv":
        print(frame.to_csv(index=False), end="")
    elif form == "json":
        print(frame.to_json(orient="records", force_ascii=False, indent=2))
    else:
        print(frame.to_string(index=False, na_rep="", max_colwidth=120) if len(frame) else "Nothing found.")


if __name__ == "__main__":
    sys.exit(main())

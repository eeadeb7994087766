"""What a survey tool puts above and beside the answers: its headings, and its own columns."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from lnd_survey.crosswalk import GROUP, LANGUAGE, REAL, RESPONDENT, TEST
from lnd_survey.folding import folded
from lnd_survey.readers.declaration import Layout
from lnd_survey.synthetic.write_fields import Cell, Decision, Field
from lnd_survey.synthetic.write_form import Form


@dataclass(frozen=True)
class Personal:
    """What the survey tool knows of a respondent; `{number}` stands for their number.

    Parameters
    ----------
    email, first_name, last_name, ip, link, token
        Who they are and where they came from.
    free_text
        What they wrote under "any remarks".
    time_stamp
        When they answered; empty for an invented time that follows from the number.

    Examples
    --------
    >>> Personal().filled("email", 7)
    'respondent7@example.org'
    """

    email: str = "respondent{number}@example.org"
    first_name: str = "Robin"
    last_name: str = "Example {number}"
    ip: str = "192.0.2.{number}"
    link: str = "https://survey.example.org/r/{number}"
    token: str = "token{number}"
    free_text: str = 'Remark {number}, with a comma;\na second line and a "quote"'
    time_stamp: str = ""

    def filled(self, name: str, number: int) -> str:
        """Give one of them for a respondent."""
        if name == "ip":
            number = number % 254 + 1  # the last part of an address
        return str(getattr(self, name)).replace("{number}", str(number))

    def time(self, year: int, number: int, minutes: int = 0) -> Cell:
        """Give the time at which a respondent began, or some minutes later."""
        if self.time_stamp:
            return self.time_stamp.replace("{number}", str(number))
        return datetime(year, 6, 1, 8) + timedelta(minutes=7 * number + minutes, seconds=number % 60)


@dataclass(frozen=True)
class People:
    """Who the responses of a file are from.

    Attributes
    ----------
    numbers
        A number of each respondent; the same person has the same.
    declared
        Whether duplicates are to be found by that number.
    tests
        Which responses are test entries; None where the export does not say.
    year, personal
        When they answered, and what the tool knows of them.
    """

    numbers: Sequence[int]
    declared: bool
    tests: Sequence[bool] | None
    year: int
    personal: Personal


Make = Callable[[People, int, int], Cell]
"""A cell of a tool's own column: from the people, the place in the file and the respondent's number."""


@dataclass(frozen=True)
class Own:
    """A column that a tool adds of itself.

    Attributes
    ----------
    heading
        Its headings, one per row.
    make
        How a cell is made.
    reason
        Why it is dropped.
    target
        What it can hold for the crosswalk: the respondent, the language or the mark of a test entry.
    """

    heading: tuple[str, ...]
    make: Make
    reason: str = "written by the survey tool"
    target: str = ""


def _of(name: str) -> Make:
    return lambda people, place, number: people.personal.filled(name, number)


def _time(minutes: int = 0) -> Make:
    return lambda people, place, number: people.personal.time(people.year, number, minutes)


def _same(cell: Cell) -> Make:
    return lambda people, place, number: cell


def _number(people: People, place: int, number: int) -> Cell:
    return number


def _place(people: People, place: int, number: int) -> Cell:
    return place + 1


def _mixed(people: People, place: int, number: int) -> Cell:
    return number * 7919 % 100_000


_NAME, _MAIL, _IP, _WHEN, _TEXT = "name", "e-mail address", "IP address", "time stamp", "free text"
_LINK = "response link"
_REMARKS = "Do you have any remarks?"
_PREVIEW = "Survey Preview"


def _import_id(name: str) -> str:
    return json.dumps({"ImportId": name}, separators=(",", ":"))


def _qualtrics(name: str, text: str, import_id: str, make: Make, reason: str = "", target: str = "") -> Own:
    heading = (name, text, _import_id(import_id))
    return Own(heading, make, reason or "written by the survey tool", target)


def _status(people: People, place: int, number: int) -> Cell:
    return _PREVIEW if people.tests is not None and people.tests[place] else "IP Address"


def _tested(people: People, place: int, number: int) -> Cell:
    return "Test" if people.tests is not None and people.tests[place] else "Response"


_QUALTRICS = (
    _qualtrics("StartDate", "Start Date", "startDate", _time(), _WHEN),
    _qualtrics("EndDate", "End Date", "endDate", _time(9), _WHEN),
    _qualtrics("Status", "Response Type", "status", _status, target=TEST),
    _qualtrics("IPAddress", "IP Address", "ipAddress", _of("ip"), _IP),
    _qualtrics("Progress", "Progress", "progress", _same(100)),
    _qualtrics("Duration (in seconds)", "Duration (in seconds)", "duration", _mixed),
    _qualtrics("Finished", "Finished", "finished", _same("True")),
    _qualtrics("RecordedDate", "Recorded Date", "recordedDate", _time(9), _WHEN),
    _qualtrics("ResponseId", "Response ID", "_recordId", _number, target=RESPONDENT),
    _qualtrics("RecipientLastName", "Recipient Last Name", "recipientLastName", _of("last_name"), _NAME),
    _qualtrics("RecipientFirstName", "Recipient First Name", "recipientFirstName", _of("first_name"), _NAME),
    _qualtrics("RecipientEmail", "Recipient Email", "recipientEmail", _of("email"), _MAIL),
    _qualtrics("ExternalReference", "External Data Reference", "externalDataReference", _of("link"), _LINK),
    _qualtrics("LocationLatitude", "Location Latitude", "locationLatitude", _same("50.85")),
    _qualtrics("LocationLongitude", "Location Longitude", "locationLongitude", _same("4.35")),
    _qualtrics("DistributionChannel", "Distribution Channel", "distributionChannel", _same("anonymous")),
    _qualtrics("UserLanguage", "User Language", "userLanguage", _same(""), target=LANGUAGE),
)

BEFORE: Mapping[Layout, tuple[Own, ...]] = MappingProxyType(
    {
        "plain": (
            Own(("number",), _number, target=RESPONDENT),
            Own(("start_time",), _time(), _WHEN),
            Own(("email",), _of("email"), _MAIL),
            Own(("first_name",), _of("first_name"), _NAME),
            Own(("last_name",), _of("last_name"), _NAME),
            Own(("ip_address",), _of("ip"), _IP),
            Own(("link",), _of("link"), _LINK),
        ),
        "limesurvey": (
            Own(("id. Response ID",), _number, target=RESPONDENT),
            Own(("submitdate. Date submitted",), _time(9), _WHEN),
            Own(("lastpage. Last page",), _same(5)),
            Own(("startlanguage. Start language",), _same(""), target=LANGUAGE),
            Own(("seed. Seed",), _mixed),
            Own(("token. Access code",), _of("token"), "link to the invited person"),
            Own(("startdate. Date started",), _time(), _WHEN),
            Own(("ipaddr. IP address",), _of("ip"), _IP),
            Own(("refurl. Referrer URL",), _of("link"), _LINK),
            Own(("firstname. First name",), _of("first_name"), _NAME),
            Own(("lastname. Last name",), _of("last_name"), _NAME),
            Own(("email. Email address",), _of("email"), _MAIL),
        ),
        "surveymonkey": (
            Own(("Respondent ID", ""), _number, target=RESPONDENT),
            Own(("Collector ID", ""), _same(400000001)),
            Own(("Start Date", ""), _time(), _WHEN),
            Own(("End Date", ""), _time(9), _WHEN),
            Own(("IP Address", ""), _of("ip"), _IP),
            Own(("Email Address", ""), _of("email"), _MAIL),
            Own(("First Name", ""), _of("first_name"), _NAME),
            Own(("Last Name", ""), _of("last_name"), _NAME),
            Own(("Custom Data 1", ""), _of("link"), _LINK),
        ),
        "qualtrics": _QUALTRICS,
        "qualtrics_legacy": _QUALTRICS,
        "google_forms": (
            Own(("Timestamp",), _time(9), _WHEN),
            Own(("Email Address",), _of("email"), _MAIL),
            Own(("Your name",), _of("last_name"), _NAME),
        ),
        "typeform": (Own(("#",), _of("token"), target=""),),
    }
)
"""The columns that each tool writes before the answers."""

AFTER: Mapping[Layout, tuple[Own, ...]] = MappingProxyType(
    {
        "plain": (Own(("remarks",), _of("free_text"), _TEXT),),
        "limesurvey": (Own((f"remarks. {_REMARKS}",), _of("free_text"), _TEXT),),
        "surveymonkey": (Own((_REMARKS, "Open-Ended Response"), _of("free_text"), _TEXT),),
        "qualtrics": (_qualtrics("QRemarks", _REMARKS, "QID99_TEXT", _of("free_text"), _TEXT),),
        "qualtrics_legacy": (_qualtrics("QRemarks", _REMARKS, "QID99_TEXT", _of("free_text"), _TEXT),),
        "google_forms": (Own((_REMARKS,), _of("free_text"), _TEXT),),
        "typeform": (
            Own((_REMARKS,), _of("free_text"), _TEXT),
            Own(("Your e-mail",), _of("email"), _MAIL),
            Own(("First name",), _of("first_name"), _NAME),
            Own(("Last name",), _of("last_name"), _NAME),
            Own(("Start Date (UTC)",), _time(), _WHEN),
            Own(("Submit Date (UTC)",), _time(9), _WHEN),
            Own(("Network ID",), _of("ip"), _IP),
            Own(("referrer",), _of("link"), _LINK),
            Own(("Response number",), _number, target=RESPONDENT),
        ),
    }
)
"""The columns that each tool writes after the answers."""

_TEST = {
    "plain": ("test",),
    "limesurvey": ("preview. Preview",),
    "surveymonkey": ("Custom Data 2", ""),
    "google_forms": ("Test entry",),
    "typeform": ("hidden_test",),
}

_ASKED = {
    GROUP: {
        "plain": ("group_of_respondent",),
        "limesurvey": ("G00. Which describes you best?",),
        "surveymonkey": ("Which describes you best?", "Response"),
        "qualtrics": ("Q0", "Which describes you best?", _import_id("QID0")),
        "qualtrics_legacy": ("Q0", "Which describes you best?"),
        "google_forms": ("Which describes you best?",),
        "typeform": ("<em>Which</em> describes you best?",),
    },
    LANGUAGE: {
        "plain": ("language_of_respondent",),
        "surveymonkey": ("In which language do you answer?", "Response"),
        "google_forms": ("In which language do you answer?",),
        "typeform": ("In which language do you answer?",),
    },
}


def own_columns(own: Sequence[Own], people: People, form: Form, language: Field) -> list[Field]:
    """Write columns of the tool; the one for the language is made already."""
    found = []
    for column in own:
        if column.target == LANGUAGE:
            found.append(language)
            continue
        used = {RESPONDENT: people.declared, TEST: people.tests is not None}.get(column.target, False)
        cells = [column.make(people, place, number) for place, number in enumerate(people.numbers)]
        decision = Decision(column.target) if used else Decision(reason=column.reason)
        found.append(_own(column.heading, cells, (decision,), form))
    return found


def preview_column(people: People, form: Form) -> list[Field]:
    """Write the mark of test entries, where the tool has no column of its own for it."""
    if people.tests is None or form.layout not in _TEST:
        return []
    cells = [_tested(people, place, number) for place, number in enumerate(people.numbers)]
    return [_own(_TEST[form.layout], cells, (Decision(TEST),), form)]


def preview_values(form: Form) -> dict[str, str]:
    """Give what the mark of a test entry can be, and what it stands for."""
    if form.layout in _TEST:
        return {"Test": TEST, "Response": REAL}
    return {_PREVIEW: TEST, "IP Address": REAL}


def language_heading(form: Form) -> tuple[str, ...]:
    """Give the headings of the column in which the tool itself writes the language; empty where it has none."""
    return next((column.heading for column in BEFORE[form.layout] if column.target == LANGUAGE), ())


def asked_column(
    target: str, cells: Sequence[Cell], decisions: tuple[Decision, ...], form: Form, labels: Mapping[int, str]
) -> Field:
    """Put the tool's heading above the group or the language of the respondents."""
    own = language_heading(form)
    heading = own if target == LANGUAGE and own else _ASKED[target][form.layout]
    return replace(_own(heading, cells, decisions, form), labels=labels)


def _own(heading: tuple[str, ...], cells: Sequence[Cell], decisions: tuple[Decision, ...], form: Form) -> Field:
    heading = heading[: form.header_rows]
    return Field(None, 0, 0, heading[0], heading[0], "", cells, decisions, heading=heading)


# --- Headings ------------------------------------------------------------------------------------


def headed(fields: Sequence[Field], form: Form) -> list[Field]:
    """Put the tool's headings above all columns."""
    return [field if field.heading else replace(field, heading=_HEADINGS[form.layout](field)) for field in fields]


def _plain(field: Field) -> tuple[str, ...]:
    return (field.key,)


def _limesurvey(field: Field) -> tuple[str, ...]:
    code = f"Q{field.number:02d}"
    if not field.sub:
        return (f"{code}. {field.text}",)
    ranked = field.decisions[0].rank is not None
    sub = str(field.sub) if ranked else f"SQ{field.sub:03d}"
    return (f"{code}[{sub}]. {field.text} [{field.part}]",)


def _surveymonkey(field: Field) -> tuple[str, ...]:
    return (field.text, field.part or "Response")


def _qualtrics_heading(field: Field) -> tuple[str, ...]:
    name = f"Q{field.number}_{field.sub}" if field.sub else f"Q{field.number}"
    text = f"{field.text} - {field.part}" if field.part else field.text
    choice = f"-{field.sub}" if field.sub else ""
    return (name, text, _import_id(f"QID{field.number}{choice}"))


def _legacy(field: Field) -> tuple[str, ...]:
    return _qualtrics_heading(field)[:2]


def _google_forms(field: Field) -> tuple[str, ...]:
    return (f"{field.text} [{field.part}]" if field.part else field.text,)


def _typeform(field: Field) -> tuple[str, ...]:
    """Head a ticked option with its own text, all else with the question; what a person emphasised stays HTML."""
    question = f"<strong>{html.escape(field.text, quote=False)}</strong>"
    part = html.escape(field.part, quote=False)
    if not part:
        return (question,)
    ticks = field.question is not None and field.question.axis == "item"
    return (part,) if ticks else (f"{question} - {part}",)


_HEADINGS: Mapping[Layout, Callable[[Field], tuple[str, ...]]] = {
    "plain": _plain,
    "limesurvey": _limesurvey,
    "surveymonkey": _surveymonkey,
    "qualtrics": _qualtrics_heading,
    "qualtrics_legacy": _legacy,
    "google_forms": _google_forms,
    "typeform": _typeform,
}


# --- Addresses -----------------------------------------------------------------------------------


def addresses(fields: Sequence[Field], form: Form) -> list[str]:
    """Give the addresses under which a reader finds the columns."""
    if form.format == "sav":
        return variable_names(fields)
    named = [_address(field.heading, form.layout) for field in fields]
    seen: dict[str, int] = {}
    found = []
    for name in named:
        number = seen[folded(name)] = seen.get(folded(name), 0) + 1
        found.append(name if number == 1 else f"{name} [{number}]")
    return found


def variable_names(fields: Sequence[Field]) -> list[str]:
    """Give names that SPSS accepts: short, without signs, each once."""
    found: list[str] = []
    for field in fields:
        name = re.sub(r"\W+", "_", field.heading[0])[:60].strip("_")
        others = [known for known in found if known == name or known.startswith(f"{name}_")]
        found.append(f"{name}_{len(others) + 1}" if name in found else name)
    return found


def _address(heading: tuple[str, ...], layout: str) -> str:
    if layout == "limesurvey":
        return heading[0].split(". ", 1)[0]
    if layout == "surveymonkey":
        return " | ".join(part for part in (_clean(cell) for cell in heading) if part)
    return _clean(heading[0])


def _clean(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", "", text)).split())

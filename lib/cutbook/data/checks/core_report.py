"""What CDISC's rules engine CORE said of a transfer, as oddities: one a rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Annotated

import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from cutbook.data.checks.records import Issue, issue_table
from cutbook.data.formats.strict_json import strict_json
from cutbook.data.wording import MOST_NAMED, first_few, printable, quoted
from cutbook.errors import Fault, ParameterError

LARGEST_REPORT_BYTES = 256 * 1024**2
"""A report beyond this is refused unread."""

_NOT_EXECUTED = re.compile(r"rule (evaluation|execution) error")
_MOST_FAULTS = 10
_EXPECTED = "a report of CDISC CORE in JSON"
_REMEDY = "give the file that CORE wrote with --output-format json"


def _plain_name(name: str) -> str:
    return printable(PurePath(name).stem.lower())


DatasetOfReport = Annotated[str, AfterValidator(_plain_name)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Summary(_Model):
    """What one rule reports of one dataset."""

    core_id: Annotated[str, AfterValidator(printable)]
    dataset: DatasetOfReport
    message: Annotated[str, AfterValidator(printable)]
    issues: int = Field(ge=0)


class _Detail(_Model):
    """One record that a rule reports; without a row it is the dataset."""

    core_id: str
    dataset: DatasetOfReport
    executability: str = ""
    participant: str | None = Field(default="", alias="USUBJID")
    row: int | str | None = ""
    number: int | float | str | None = Field(default="", alias="SEQ")

    @property
    def key(self) -> str:
        """Return how the record is named: by dataset, participant and sequence number, else by its row."""
        if not self.participant or self.number in ("", None):
            return f"{self.dataset} row {self.row}"
        number = f"{self.number:g}" if isinstance(self.number, float) else self.number
        return printable(f"{self.dataset}/{self.participant}/{number}")


class _Rule(_Model):
    core_id: str
    message: str | None = ""


class _Report(_Model):
    summary: tuple[_Summary, ...] = Field(alias="Issue_Summary")
    details: tuple[_Detail, ...] = Field(alias="Issue_Details")
    rules: tuple[_Rule, ...] = Field(default=(), alias="Rules_Report")


def read_core_report(file: Path) -> pd.DataFrame:
    """Return the rules that CORE reported as oddities, one a rule in the order of their numbers.

    Parameters
    ----------
    file : Path
        Report of CDISC CORE in JSON.

    Returns
    -------
    frame
        DATASET (those concerned), VARIABLE (empty), ROW (missing), KEY of the first record, and FINDING: rule, message,
        number of records by dataset and the first three of them. Rules that could not be executed share the last row.

    Raises
    ------
    ParameterError
        The file cannot be read, or is no such report; at most ten faults.
    """
    report = _report(file)
    told: dict[str, list[_Summary]] = {}
    silent = set()
    for line in report.summary:
        if _NOT_EXECUTED.match(line.message):
            silent.add(line.core_id)
        else:
            told.setdefault(line.core_id, []).append(line)
    return issue_table([*(_issue(report, told[rule]) for rule in sorted(told)), *_not_executed(sorted(silent))])


def _report(file: Path) -> _Report:
    try:
        if file.stat().st_size > LARGEST_REPORT_BYTES:
            raise ParameterError(_fault(file, f"more than {LARGEST_REPORT_BYTES // 1024**2} MB"))
        return _Report.model_validate(strict_json(file.read_bytes()))
    except OSError as error:
        raise ParameterError(_fault(file, error.strerror or "no readable file")) from None
    except ValidationError as error:
        raise ParameterError(_model_faults(file, error)) from None
    except ValueError as error:
        raise ParameterError(_fault(file, str(error))) from None


def _model_faults(file: Path, error: ValidationError) -> list[Fault]:
    return [
        _fault(file, f"{item['msg']} ({quoted(item.get('input'))})", ".".join(str(part) for part in item["loc"]))
        for item in error.errors(include_url=False)[:_MOST_FAULTS]
    ]


def _fault(file: Path, found: str, variable: str = "") -> Fault:
    return Fault(file.name, found, _EXPECTED, _REMEDY, variable)


def _issue(report: _Report, lines: Sequence[_Summary]) -> Issue:
    rule, datasets = lines[0].core_id, [line.dataset for line in lines]
    details = [detail for detail in report.details if detail.core_id == rule and detail.dataset in datasets]
    keys = [detail.key for detail in details if detail.row not in ("", None)]
    doubt = next((f"; {one.executability}" for one in details if one.executability.startswith("partially")), "")
    where = _counted(lines, keys) if keys else f"in {', '.join(datasets)}"
    finding = f"{rule}: {_message(report, lines)}; {where}{doubt}."
    return Issue(", ".join(datasets), "", None, keys[0] if keys else "", finding)


def _message(report: _Report, lines: Sequence[_Summary]) -> str:
    """Return what the rule says: with the variables of its dataset, or of any where it reports several."""
    general = next((known.message for known in report.rules if known.core_id == lines[0].core_id), "")
    message = printable(general) if general and len(lines) > 1 else lines[0].message
    return " ".join(message.split()).rstrip(".")


def _counted(lines: Sequence[_Summary], keys: Sequence[str]) -> str:
    """Return the number of records in words, by dataset where there are several, and the first of them."""
    count = sum(line.issues for line in lines)
    split = f" ({', '.join(f'{line.dataset} {line.issues}' for line in lines)})" if len(lines) > 1 else ""
    shown = keys[:MOST_NAMED]
    named = f"{', '.join(shown)} and {count - len(shown)} more" if count > len(shown) else first_few(shown)
    return f"{count} {'record' if count == 1 else 'records'}{split}: {named}"


def _not_executed(rules: Sequence[str]) -> list[Issue]:
    if not rules:
        return []
    number = "1 rule, which says" if len(rules) == 1 else f"{len(rules)} rules, which say"
    return [Issue("", "", None, "", f"CORE could not execute {number} nothing of the data: {first_few(rules)}.")]

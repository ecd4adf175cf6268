"""Results as one reporting event of the CDISC Analysis Results Standard (ARS) 1.0, JSON.

Source: CDISC Analysis Results Standard 1.0, https://www.cdisc.org/ars/1-0, its classes and required attributes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cutbook.catalogue import displays_of
from cutbook.data.staging.staged import StagedCut
from cutbook.parameters.study import Study
from cutbook.results.columns import group_words
from cutbook.results.statistics import STATISTICS
from cutbook.vocabulary import ACTIVE, TOTAL

ARS = "ars.json"
_ARM = "GRP_TRT"
_DATA_GROUPINGS = {
    "parameter": ("GRP_PARAMETER", "PARAMCD", "Parameter"),
    "level": ("GRP_LEVEL", "", "Category or term"),
    "visit": ("GRP_VISIT", "AVISIT", "Visit"),
}
"""Data-driven groupings by key column: id, variable and words."""

_REASON, _PURPOSE = "TERM_MONITORING", "TERM_REVIEW"


@dataclass(frozen=True)
class _Analysis:
    """Rows of one display, population and variable, with the id of the analysis and the names of its statistics."""

    id: str
    report: str
    display: str
    population: str
    variable: str
    rows: pd.DataFrame
    statistics: tuple[str, ...]

    @property
    def method(self) -> str:
        return "MTH_" + "_".join(self.statistics)


def reporting_event(results: Mapping[str, pd.DataFrame], staged: StagedCut) -> dict[str, Any]:
    """Return the reporting event of a cut: populations, groupings, methods, analyses with their results, and displays.

    Parameters
    ----------
    results : mapping of str to frame
        Results tables by report.
    staged : StagedCut
        Study and cut.
    """
    study, cut = staged.study, staged.cut
    analyses = [one for report, table in results.items() for one in _analyses(report, table)]
    titles = {display.key: display.title for report in results for display in displays_of(report)}
    synthetic = " Synthetic data." if study.is_synthetic else ""
    return {
        "id": f"{study.id}_{cut.cut_id}",
        "name": f"{study.id}, {cut.cut_id}",
        "version": cut.revision,
        "description": f"{study.title}. Data cut-off {cut.cutoff_date}. {cut.purpose}.{synthetic}".replace("..", "."),
        "mainListOfContents": _contents(analyses, titles),
        "analysisSets": _sets({one.population for one in analyses if one.population}),
        "analysisGroupings": [_arms(study, {code for one in analyses for code in one.rows["group"]})],
        "dataGroupings": [_data_grouping(*parts) for parts in _DATA_GROUPINGS.values()],
        "methods": [_method(statistics) for statistics in sorted({one.statistics for one in analyses})],
        "analyses": [_analysis(one, titles) for one in analyses],
        "outputs": _outputs(analyses, titles),
        "terminologyExtensions": _terms(),
    }


def write_ars(results: Mapping[str, pd.DataFrame], staged: StagedCut, folder: Path) -> dict[Path, int]:
    """Write the reporting event, and return how many results the file holds."""
    folder.mkdir(parents=True, exist_ok=True)
    event = reporting_event(results, staged)
    file = folder / ARS
    file.write_text(json.dumps(event, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    return {file: sum(len(analysis["results"]) for analysis in event["analyses"])}


def _analyses(report: str, table: pd.DataFrame) -> Iterator[_Analysis]:
    keys = ["display", "population", "variable"]
    for (display, population, variable), rows in table.groupby(keys, sort=False):
        identity = f"AN_{report}_{display}_{population}_{variable}"
        statistics = tuple(dict.fromkeys(rows["statistic"]))
        yield _Analysis(identity, report, str(display), str(population), str(variable), rows, statistics)


def _sets(flags: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"SET_{flag}", "label": flag, "level": 1, "order": order,
            "condition": {"dataset": "ADSL", "variable": flag, "comparator": "EQ", "value": ["Y"]},
        }
        for order, flag in enumerate(sorted(flags), start=1)
    ]  # fmt: skip


def _arms(study: Study, codes: set[str]) -> dict[str, Any]:
    words = group_words(study)
    known = [code for code in words if code in codes] + sorted(codes - set(words) - {""})
    groups = [
        {"id": f"{_ARM}_{code}", "label": words.get(code, code), "level": 1, "order": order} | _condition(study, code)
        for order, code in enumerate(known, start=1)
    ]
    return {
        "id": _ARM, "label": "Treatment", "groupingDataset": "ADSL", "groupingVariable": "TRT01A",
        "dataDriven": False, "groups": groups,
    }  # fmt: skip


def _condition(study: Study, code: str) -> dict[str, Any]:
    """Return which participants a column holds; nothing for what is no set of arms, such as a difference."""
    arms = study.treatment.arms
    labels = {
        TOTAL: [arm.label for arm in arms],
        ACTIVE: [arm.label for arm in arms if arm.is_active],
        **{arm.code: [arm.label] for arm in arms},
    }.get(code)
    if not labels:
        return {}
    comparator = "EQ" if len(labels) == 1 else "IN"
    return {"condition": {"dataset": "ADSL", "variable": "TRT01A", "comparator": comparator, "value": labels}}


def _data_grouping(identity: str, variable: str, label: str) -> dict[str, Any]:
    named = {"groupingVariable": variable} if variable else {}
    return {"id": identity, "label": label, "dataDriven": True, **named}


def _method(statistics: Sequence[str]) -> dict[str, Any]:
    method = "MTH_" + "_".join(statistics)
    operations = [
        {"id": f"{method}.{name}", "name": name, "label": STATISTICS[name].words, "order": order}
        for order, name in enumerate(statistics, start=1)
    ]
    return {"id": method, "name": ", ".join(statistics), "operations": operations}


def _analysis(one: _Analysis, titles: Mapping[str, str]) -> dict[str, Any]:
    columns = [name for name in _DATA_GROUPINGS if one.rows[name].ne("").any()]
    groupings = [_ARM] if one.rows["group"].ne("").any() else []
    groupings += [_DATA_GROUPINGS[name][0] for name in columns]
    population = {"analysisSetId": f"SET_{one.population}"} if one.population else {}
    return {
        "id": one.id,
        "name": f"{titles.get(one.display, one.display)}: {one.variable}",
        "reason": {"sponsorTermId": _REASON},
        "purpose": {"sponsorTermId": _PURPOSE},
        "methodId": one.method,
        **population,
        "variable": one.variable,
        "orderedGroupings": [
            {"order": order, "groupingId": grouping, "resultsByGroup": True}
            for order, grouping in enumerate(groupings, start=1)
        ],
        "results": list(_results(one, columns)),
    }


def _results(one: _Analysis, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    names = ["group", "statistic", "value", "text", *columns]
    for row in one.rows[names].to_dict("records"):
        groups = [{"groupingId": _ARM, "groupId": f"{_ARM}_{row['group']}"}] if row["group"] else []
        groups += [{"groupingId": _DATA_GROUPINGS[name][0], "groupValue": row[name]} for name in columns if row[name]]
        raw = {} if math.isnan(row["value"]) else {"rawValue": repr(float(row["value"]))}
        shown = {"formattedValue": row["text"]} if row["text"] else {}
        yield {"operationId": f"{one.method}.{row['statistic']}", "resultGroups": groups, **raw, **shown}


def _outputs(analyses: Sequence[_Analysis], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"OUT_{key}", "name": titles.get(key, key),
            "displays": [{"order": 1, "display": _display(key, titles.get(key, key))}],
        }
        for key in dict.fromkeys(one.display for one in analyses)
    ]  # fmt: skip


def _display(key: str, title: str) -> dict[str, str]:
    return {"id": f"DSP_{key}", "name": key, "displayTitle": title}


def _contents(analyses: Sequence[_Analysis], titles: Mapping[str, str]) -> dict[str, Any]:
    reports = dict.fromkeys(one.report for one in analyses)
    items = []
    for order, report in enumerate(reports, start=1):
        own = dict.fromkeys(one.display for one in analyses if one.report == report)
        sublist = [
            _listed(
                titles.get(key, key),
                place,
                f"OUT_{key}",
                [one for one in analyses if (one.report, one.display) == (report, key)],
            )
            for place, key in enumerate(own, start=1)
        ]
        items.append({"name": report.capitalize(), "level": 1, "order": order, "sublist": {"listItems": sublist}})
    return {"name": "Reports", "contentsList": {"listItems": items}}


def _listed(title: str, order: int, output: str, analyses: Sequence[_Analysis]) -> dict[str, Any]:
    below = [
        {"name": one.variable, "level": 3, "order": place, "analysisId": one.id}
        for place, one in enumerate(analyses, start=1)
    ]
    return {"name": title, "level": 2, "order": order, "outputId": output, "sublist": {"listItems": below}}


def _terms() -> list[dict[str, Any]]:
    told = (
        ("AnalysisReasonEnum", _REASON, "MONITORING OF THE TRIAL", "Made at every data cut of the trial."),
        ("AnalysisPurposeEnum", _PURPOSE, "REVIEW OF A DATA CUT", "For those who review the trial at a data cut."),
    )
    return [
        {
            "id": f"EXT_{enumeration}", "enumeration": enumeration,
            "sponsorTerms": [{"id": identity, "submissionValue": value, "description": words}],
        }
        for enumeration, identity, value, words in told
    ]  # fmt: skip

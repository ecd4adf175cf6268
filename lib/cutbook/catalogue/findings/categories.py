"""Displays of categories and spread: blood pressure and QTcF, the worst after the first dose and at every visit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from cutbook.catalogue.findings.laboratory import ROWS
from cutbook.catalogue.kinds.display import SAFETY, Display
from cutbook.catalogue.kinds.measured.points import Boxes
from cutbook.catalogue.kinds.measured.shares import Shares
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.catalogue.measurements import without_findings
from cutbook.derive import Frames
from cutbook.parameters.study import Study
from cutbook.records import same_unit
from cutbook.standards.criteria import pressures, qtcf_categories
from cutbook.standards.units import standing_for

_COMPARED = {"<": pd.Series.lt, ">=": pd.Series.ge}
_ENDS = {"maximum": "highest", "minimum": "lowest"}
_MILLISECONDS = ("ms", "msec")
_PLACED = ["USUBJID", "parameter", "parameter_words", "level"]


def _results(frames: Frames, dataset: str, units: Sequence[str]) -> pd.DataFrame:
    """Return results after the first dose of the treated in units of the criteria, TESTCD as these have it."""
    bds: pd.DataFrame = getattr(frames, dataset)
    is_usable = bds["IS_USABLE"].eq(True) if "IS_USABLE" in bds else pd.Series(data=True, index=bds.index)
    is_after = bds["APOBLFL"].eq("Y") & bds["SAFFL"].eq("Y") & bds["AVAL"].notna() & is_usable
    own = bds[is_after & same_unit(bds["AVALU"]).isin(units)]
    tests = own["PARAMCD"].astype("str").str.replace(r"^.*-", "", regex=True)
    return own.assign(TESTCD=standing_for(tests))


def _words(own: pd.DataFrame, study: Study) -> pd.Series:
    """Return what was measured; its family of findings before it where several families measured it."""
    parameters = own.groupby("TESTCD")["PARAMCD"].nunique()
    is_of_one = own["TESTCD"].map(parameters).eq(1)
    words = own["PARAM"].astype("str")
    for family in study.findings:
        words = words.mask(is_of_one, words.str.removeprefix(f"{family.label}: "))
    return words


def _extremes(frames: Frames, study: Study) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield, of each parameter and end of its range, everybody's extreme and the categories of the guide."""
    own = _results(frames, "advs", ("mmHg",))
    own = own.assign(WORDS=_words(own, study))
    for (test, end), criteria in pressures().groupby(["testcd", "based_on"], sort=False):
        for code, some in own[own["TESTCD"].eq(str(test))].groupby("PARAMCD", sort=False):
            extreme = some.groupby("USUBJID")["AVAL"].agg("max" if end == "maximum" else "min")
            words = f"{some['WORDS'].iloc[0]}, {_ENDS[str(end)]}"
            place = {"parameter": f"{code} {end}", "parameter_words": words}
            yield extreme.rename("AVAL").reset_index().assign(**place), criteria


def _pressure_rows(frames: Frames, study: Study) -> pd.DataFrame:
    rows = [
        (people["parameter"].iloc[0], people["parameter_words"].iloc[0], row["category"], _limit(row))
        for people, criteria in _extremes(frames, study)
        for row in criteria.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=ROWS, dtype="str")


def _limit(row: Mapping[Any, Any]) -> str:
    return f"{str(row['operator']).replace('>=', '≥')} {row['limit']:g} {row['unit']}"


def _pressures(frames: Frames, study: Study, *, is_counted: bool) -> pd.DataFrame:
    """Return who counts in which category, or who was measured."""
    parts = [
        (people[_COMPARED[row["operator"]](people["AVAL"], row["limit"])] if is_counted else people).assign(
            level=row["category"]
        )
        for people, criteria in _extremes(frames, study)
        for row in criteria.to_dict("records")
    ]
    return pd.concat(parts, ignore_index=True)[_PLACED] if parts else pd.DataFrame(columns=_PLACED, dtype="str")


_WORST, _AT_VISIT = "WORST", "VISIT"
_QUANTITIES = {
    "value": ("AVAL", "highest", "value"),
    "change": ("CHG", "greatest increase from baseline", "change from baseline"),
}


def _intervals(frames: Frames, study: Study, *, where: str) -> pd.DataFrame:
    """Return values and changes of QTcF, the worst ones or those that represent visits, each in its category.

    USUBJID, parameter, parameter_words, level.
    """
    own = _results(frames, "adeg", _MILLISECONDS)
    own = own[own["TESTCD"].eq("QTCF")]
    own = own.assign(WORDS=_words(own, study))
    is_worst = where == _WORST
    if not is_worst:
        own = own[own["ANL01FL"].eq("Y") & own["AVISITID"].notna()].sort_values("AVISITN", kind="stable")
    keys = ["PARAMCD", "WORDS", *([] if is_worst else ["AVISITID", "AVISIT"]), "USUBJID"]
    parts = []
    for quantity, (column, words, words_at_visit) in _QUANTITIES.items():
        most = own.dropna(subset=column).groupby(keys, sort=False)[column].max().rename("AVAL").reset_index()
        name = most["WORDS"] + ", " + (words if is_worst else words_at_visit)
        code = most["PARAMCD"].astype("str") + f" {quantity}"
        if not is_worst:
            name, code = most["AVISIT"].astype("str") + ": " + name, most["AVISITID"].astype("str") + " " + code
        parts.append(_in_categories(most.assign(parameter=code, parameter_words=name), quantity))
    return pd.concat(parts, ignore_index=True)


def _in_categories(most: pd.DataFrame, quantity: str) -> pd.DataFrame:
    """Return values with the category that each lies in."""
    guide = qtcf_categories()
    parts = []
    for row in guide[guide["quantity"].eq(quantity)].to_dict("records"):
        low, high = row["lower_exclusive"], row["upper_inclusive"]
        is_in = (most["AVAL"].gt(low) | pd.isna(low)) & (most["AVAL"].le(high) | pd.isna(high))
        parts.append(most[is_in].assign(level=row["category"]))
    found: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return found


def _range(row: Mapping[Any, Any]) -> str:
    """Return a category as it is shown.

    Examples
    --------
    >>> ends = (450.0, 480.0), (float("nan"), 30.0), (60.0, float("nan"))
    >>> [_range({"lower_exclusive": low, "upper_inclusive": high, "unit": "ms"}) for low, high in ends]
    ['> 450 to 480 ms', '≤ 30 ms', '> 60 ms']
    """
    low, high = row["lower_exclusive"], row["upper_inclusive"]
    if pd.isna(low):
        return f"≤ {high:g} {row['unit']}"
    return f"> {low:g} {row['unit']}" if pd.isna(high) else f"> {low:g} to {high:g} {row['unit']}"


def _interval_rows(frames: Frames, study: Study, *, where: str) -> pd.DataFrame:
    measured = _intervals(frames, study, where=where).drop_duplicates("parameter")
    guide = qtcf_categories()
    rows = [
        (one["parameter"], one["parameter_words"], row["category"], _range(row))
        for one in _in_order(measured).to_dict("records")
        for row in guide[guide["quantity"].eq(str(one["parameter"]).rpartition(" ")[2])].to_dict("records")
    ]
    return pd.DataFrame(rows, columns=ROWS, dtype="str")


def _in_order(measured: pd.DataFrame) -> pd.DataFrame:
    """Return the headings visit by visit, the value before the change; without visits as they are."""
    if "AVISITID" not in measured:
        return measured
    place = pd.Series(pd.factorize(measured["AVISITID"])[0], index=measured.index)
    ordered: pd.DataFrame = measured.loc[place.sort_values(kind="stable").index]
    return ordered


def _families(dataset: str, study: Study, at: str = "unscheduled ones too") -> tuple[str, ...]:
    labels = [family.label for family in study.findings if family.dataset.removeprefix("ad") == dataset]
    return (f"Records: {'; '.join(labels)}, {at}.",) if labels else ()


def _pressure_layers(study: Study) -> list[Shares]:
    return [
        Shares(
            variable="CATEGORY", rows=partial(_pressure_rows, study=study),
            records=partial(_pressures, study=study, is_counted=True),
            among=partial(_pressures, study=study, is_counted=False),
        )
    ]  # fmt: skip


def _interval_layers(study: Study, *, where: str) -> list[Shares]:
    return [
        Shares(
            variable=where, rows=partial(_interval_rows, study=study, where=where),
            records=partial(_intervals, study=study, where=where),
            among=lambda frames: _intervals(frames, study, where=where).drop(columns="level"),
        )
    ]  # fmt: skip


_OF_PRESSURE = (
    "n/Ns: participants whose highest (lowest) value after the first dose lies there, of those with a value; "
    "cumulative: the highest categories are among the lower ones. FDA Standard Safety Tables and Figures v2.0 "
    "(April 2025), Tables 36 to 38."
)
_OF_WORST = (
    "n/Ns: participants whose highest value after the first dose, or greatest increase from baseline, lies in the "
    "category, of those with one; each is in one category. ICH E14, section 3.1."
)
_OF_VISITS = (
    "n/Ns: participants whose value at the visit, or its change from baseline, lies in the category, of those with "
    "one; each is in one category. ICH E14, section 3.1."
)

_display = partial(Display, population=TREATED, reports=(SAFETY,), is_folded=True)

pressure_categories = _display(
    id="T-D20C",
    title="Blood pressure: participants by category",
    question="How many participants had blood pressure that was too high or too low?",
    rows=_pressure_layers,
    order="Highest, then lowest values; categories as in the guide, cumulative.",
    missing="Ns: participants with a value in mmHg after the first dose.",
    notes=lambda study: (_OF_PRESSURE, *_families("vs", study)),
    counterpart="FDA ST&F IG tables 36 to 38",
    source=("VS", "ADSL"),
    stub="Highest or lowest value",
    empty="No blood pressure in mmHg after the first dose by the cut-off.",
    why_empty=partial(without_findings, "vs"),
)


def _pressures_by_visit(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the blood pressures that represent participants at baseline and at every later visit."""
    bds = frames.advs
    own = bds[bds["ANL01FL"].eq("Y") & bds["AVISITID"].notna() & same_unit(bds["AVALU"]).isin(["mmHg"])]
    own = own.assign(TESTCD=standing_for(own["PARAMCD"].astype("str").str.replace(r"^.*-", "", regex=True)))
    own = own[own["TESTCD"].isin(pressures()["testcd"].tolist())]
    placed = own.assign(
        panel=own["PARAMCD"], panel_words=_words(own, study) + " (mmHg)", place=own["AVISITN"],
        place_words=own["AVISIT"], VALUE=own["AVAL"].astype("float64"),
    )  # fmt: skip
    return placed.sort_values(["panel", "place"], kind="stable")


pressure_boxes = _display(
    id="F-D20B",
    title="Blood pressure by visit",
    question="How is blood pressure spread in each arm, and who lies far from the others?",
    rows=lambda study: [
        Boxes(id="D20B", values=partial(_pressures_by_visit, study=study), across="baseline and analysis visits")
    ],
    order="One panel a parameter; visits as scheduled, arms by dose.",
    missing="Unscheduled values are not drawn; they are in the categories. Values in another unit are not drawn.",
    notes="One value a participant and visit. FDA Standard Safety Tables and Figures v2.0 (April 2025), Figures 9, 10.",
    counterpart="FDA ST&F IG figures 9 and 10",
    source=("VS", "ADSL"),
    empty="No blood pressure in mmHg at a visit by the cut-off.",
    why_empty=partial(without_findings, "vs"),
    anchors=(),
)
qtcf = _display(
    id="T-D21C",
    title="QTcF: participants by category",
    question="How many participants had a long QTcF, or one that grew?",
    rows=partial(_interval_layers, where=_WORST),
    order="Values, then changes from baseline; categories rising.",
    missing="Ns: participants with a value in ms after the first dose, for changes with a baseline too.",
    notes=lambda study: (_OF_WORST, *_families("eg", study)),
    counterpart="TLG catalog EGT05 (of QT there), ICH E14",
    source=("EG", "ADSL"),
    stub="Category",
    empty="No QTcF in ms after the first dose by the cut-off.",
    why_empty=partial(without_findings, "eg"),
)
qtcf_by_visit = replace(
    qtcf,
    id="T-D21CV",
    title="QTcF: participants by category and visit",
    question="At which visits was QTcF long, or longer than at baseline?",
    rows=partial(_interval_layers, where=_AT_VISIT),
    order="Visits as scheduled; values, then changes from baseline; categories rising.",
    notes=lambda study: (_OF_VISITS, *_families("eg", study, at="at scheduled visits")),
)

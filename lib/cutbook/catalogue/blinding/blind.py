"""Displays of the blind: what is withheld from blinded reports, and how complete doses and visits are all the same."""

from __future__ import annotations

from functools import partial

import pandas as pd

from cutbook.catalogue import thresholds
from cutbook.catalogue.kinds.absence import not_delivered
from cutbook.catalogue.kinds.display import NO_MARKS, PHARMACOKINETICS, SAFETY, Display
from cutbook.catalogue.kinds.layers import Count, WorstCase
from cutbook.catalogue.kinds.panels import Field, Layer, Listing, ShareMatrix
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.derive import Frames
from cutbook.derive.exposure import last_days
from cutbook.parameters.study import Study
from cutbook.parameters.study.sources import Restricted
from cutbook.parameters.study.visits import Visit

_APART = "It lies in the restricted part of the transfer, which the run did not open."
_VALUES = "Values, or by whom they are, would tell who got the drug."
_ARMS = "Cohorts stand in their place: their dose is open, who got it is not."
_DOSES = "Treatment, amount and lot would tell who got the drug; the dates of doses are shown."
_POLICY = "The study file withholds it."


def _withheld(_: Frames, *, study: Study) -> pd.DataFrame:
    """Return what the study file and the common list withhold, a line a dataset."""
    rules, blinding = study.sources.restricted, study.blinding
    rows = [] if rules is None or not study.is_masked else _restricted(rules)
    denied = blinding.withhold if blinding and study.is_masked else {}
    rows += [(name, ", ".join(variables) or "everything", _POLICY) for name, variables in denied.items()]
    table = pd.DataFrame(rows, columns=["DATASET", "WHAT", "WHY"], dtype="str")
    return table.assign(DATASET=table["DATASET"].str.upper())


def _restricted(rules: Restricted) -> list[tuple[str, str, str]]:
    why = {"dm": _ARMS, "ex": _DOSES}
    parts = [(name, ", ".join(variables), why.get(name, _VALUES)) for name, variables in rules.variables.items()]
    for name, where in rules.records.items():
        named = "; ".join(f"{variable} {', '.join(values)}" for variable, values in where.items())
        parts.append((name, f"records of {named}" if named else "everything", f"{_VALUES} {_APART}"))
    return parts


withheld = Display(
    id="L-C2",
    title="Withheld from this report{ (number)}",
    question="What of the data may a reader of this report not see, and why?",
    whom="All participants.",
    rows=lambda study: [
        Listing(
            partial(_withheld, study=study),
            (Field("Dataset", "DATASET"), Field("Withheld", "WHAT", is_verbatim=True), Field("Why", "WHY")),
        )
    ],
    order="Arms and doses, then records, as the study file names them.",
    missing="Variables that neither the common list of blinded reports nor the study file allows are withheld unnamed.",
    notes="What is not named as allowed is withheld too: other variables, free remarks, relations of records, tests "
    "that the study file does not name.",
    source=("study file",),
    empty="Nothing: this report is unblinded.",
    marks=NO_MARKS,
)


def _worst_case(study: Study) -> list[Layer]:
    cohorts = study.blinding.cohorts if study.blinding and study.is_masked else []
    shares = {cohort.code: cohort.share_on_drug for cohort in cohorts}
    matrices = [layer for layer in thresholds.outstanding.rows(study) if isinstance(layer, ShareMatrix)]
    is_told = bool(shares) and all(share == share for share in shares.values())
    return [WorstCase(counts=layer.counts, shares=shares) for layer in matrices] if is_told else []


worst_case = Display(
    id="T-C4",
    title="If all of them had been on the drug",
    question="How often would it be among those on the drug at worst, whoever they are?",
    population=TREATED,
    rows=_worst_case,
    order="As in what stands out.",
    missing="As there. Without a planned ratio in the study file a sentence says so.",
    notes="Participants with it, as many as can have been on the drug, of those on the drug: the planned share of N, "
    "rounded down. All cohorts: the sum of them.",
    source=("ADAE", "ADSL", "findings"),
    reports=(SAFETY,),
    stub="Participants with",
    why_empty=lambda study, _: "" if study.is_masked else "Shown in blinded reports alone.",
    empty="Not named in the study file: at which ratio participants of a cohort are on the drug.",
    anchors=(),
    marks=NO_MARKS,
)


def _planned_day(visit: Visit, frames: Frames) -> float:
    """Return the study day at which a visit is planned: as the study file says, else as its records do (VISITDY)."""
    if visit.target_day is not None:
        return float(visit.target_day)
    planned = pd.to_numeric(_records_of(visit, frames)["VISITDY"], errors="coerce")
    return float(planned.median()) if len(planned) else float("nan")


def _records_of(visit: Visit, frames: Frames) -> pd.DataFrame:
    """Return the records of a visit that took place."""
    visits = frames.records("sv").reindex(columns=["USUBJID", "KEY", "SAFFL", "VISITNUM", "VISITDY", "SVOCCUR"])
    numbers = pd.to_numeric(visits["VISITNUM"], errors="coerce")
    return visits[numbers.isin(visit.visitnum) & visits["SVOCCUR"].ne("N")]


def _due(frames: Frames, *, visit: Visit) -> pd.DataFrame:
    """Return the treated who were followed to the day of a visit, or came to it earlier."""
    people, day = frames.adsl[frames.adsl["SAFFL"].eq("Y")], _planned_day(visit, frames)
    followed = (last_days(people) - people["TRTSDT"]).dt.days + 1 >= day
    return people[followed | people["USUBJID"].isin(_records_of(visit, frames)["USUBJID"])]


def _attended(frames: Frames, *, visit: Visit) -> pd.DataFrame:
    return frames.adsl[
        frames.adsl["SAFFL"].eq("Y") & frames.adsl["USUBJID"].isin(_records_of(visit, frames)["USUBJID"])
    ]


def _is_planned(frames: Frames, *, visit: Visit) -> bool:
    return len(_due(frames, visit=visit)) > 0


def _attendance(study: Study) -> list[Layer]:
    rows: list[Layer] = []
    for visit in (one for one in study.visits if one.visitnum):
        is_there = partial(_is_planned, visit=visit)
        due, attended = partial(_due, visit=visit), partial(_attended, visit=visit)
        rows.append(Count(f"DUE_{visit.code}", f"{visit.label}: due", due, is_there=is_there))
        row = Count(
            f"ATT_{visit.code}", "attended", attended, of_those=f"DUE_{visit.code}", indent=1, is_there=is_there
        )
        rows.append(row)
    return rows


attendance = Display(
    id="T-C3",
    title="Visits attended",
    question="Was everybody there when samples were due?",
    population=TREATED,
    rows=_attendance,
    order="Visits as in the study file.",
    missing="Somebody who left, died or is not that far by the cut-off is not due; who came earlier than planned is.",
    notes="Due: treated, and followed to the planned day of the visit (that of the study file, else VISITDY). "
    "Attended: a record of the visit in SV; n/N (%) of those due.",
    why_empty=lambda _, frames: not_delivered("sv")(frames),
    source=("SV", "ADSL"),
    reports=(PHARMACOKINETICS,),
    empty="Not named in the study file: visits by their number.",
    marks=NO_MARKS,
)

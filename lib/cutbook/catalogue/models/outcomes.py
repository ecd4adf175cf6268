"""Displays of survival, and of function and survival together."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue import endpoints
from cutbook.catalogue.kinds.display import EFFICACY, NO_MARKS, Display
from cutbook.catalogue.kinds.estimates import Estimates, JointRanks, Survival
from cutbook.catalogue.kinds.panels import Shown, Steps
from cutbook.catalogue.kinds.populations import population_of
from cutbook.catalogue.models import wording
from cutbook.derive import Frames
from cutbook.parameters.study import Endpoint, Study
from cutbook.parameters.study.endpoints import JointRank

_RULE = (
    "Every two participants are compared: both died, the later death is better; one died while the other was followed, "
    "the survivor is better; else the change from baseline at the last visit at which both have a value, more is "
    "better. Score: wins less losses. {pairs} pairs, {by_survival} decided by survival."
)
_TESTS = (
    "Difference of the mean ranks from analysis of covariance of the ranks on arm and baseline; p of the rank sum test "
    "(Wilcoxon, normal approximation), not adjusted for multiplicity."
)

_TIME = (
    "Time from the first dose to death from any cause, on study; others are followed to their end of study or the "
    "cut-off. Kaplan-Meier estimates with log-log limits; hazard ratio by Cox's model and log-rank test, not adjusted. "
    "NE: not estimable, because nobody died or because nobody did in one of the groups."
)
_POOLED = (
    "Where an arm has fewer than {fewest} participants all arms with a dose are pooled, for a curve of so few tells "
    "nothing."
)
_HAZARD = ("hr", "hr_low", "hr_high")


def _observed(frames: Frames, *, endpoint: Endpoint) -> pd.DataFrame:
    bds = frames.adeff
    is_own = bds["PARAMCD"].eq(endpoint.paramcd) & bds["ANL01FL"].eq("Y") & bds["AVISITN"].gt(0)
    return bds[is_own & bds["DTYPE"].isna()]


def _ranked(study: Study, section: JointRank) -> Estimates:
    endpoint = next(item for item in study.endpoints if item.paramcd == section.endpoint)
    return Estimates(
        title=f"{endpoint.label} and survival: joint rank (CAFS)",
        population=population_of(section.population),
        why_empty=partial(endpoints.without_values, endpoint),
        notes=(
            _RULE,
            _TESTS,
            f"Estimand: {section.estimand}" if section.estimand else "",
            f"Statistical analysis plan, section {section.sap}." if section.sap else "",
        ),
        empty="Not estimable: {reason}.",
        parameter=endpoint.paramcd,
        method=JointRanks(),
        records=partial(_observed, endpoint=endpoint),
        values=endpoints.table_of(study, endpoint),
        columns=(
            Shown("Participants", ("n",), variable="LSMEAN", counts=""),
            Shown("Died", ("deaths",), variable="LSMEAN", counts=""),
            Shown("Mean score", ("score",), variable="LSMEAN"),
            Shown("Mean rank", ("mean",), variable="LSMEAN", note="1: worst"),
            Shown(
                f"Difference from {wording.against(study)}", ("estimate", "ci_low", "ci_high"), "estimate", "DIFF",
                "ranks (95 % CI)", is_contrast=True,
            ),
            Shown("p", ("p_ranks",), variable="DIFF", note="rank sum", is_contrast=True),
        ),
    )  # fmt: skip


def _pairs(study: Study, section: JointRank) -> Estimates:
    short = study.treatment.short
    return replace(
        _ranked(study, section),
        title="Function and survival: wins, ties and losses between the arms",
        notes=(
            "Wins / ties / losses of the arm of the row against that of the column, in pairs of participants.",
            _RULE,
        ),
        columns=tuple(
            Shown(f"Against {short(arm)}", ("wins", "ties", "losses"), "record", f"VS{arm.code}")
            for arm in study.treatment.arms
        ),
    )


ranks = Display(
    id="T-F6-{endpoint}",
    title="{endpoint} and survival: joint rank (CAFS)",
    question="Do participants of an arm live longer or, if they live, keep more function than those of another?",
    whom="The population that the study file names, by actual arm.",
    rows=lambda study: [_ranked(study, study.joint_rank)] if study.joint_rank else [],
    order="Arms as in the study file.",
    missing="Who died on a day that is not known does not take part. Pairs without a visit at which both have a value "
    "are ties.",
    source=("ADEFF", "ADSL"),
    reports=(EFFICACY,),
    empty="Not named in the study file: a joint rank of function and survival.",
    anchors=("estimate",),
    marks=NO_MARKS,
    compares_arms=True,
)
pairs = replace(
    ranks,
    id="T-F6W-{endpoint}",
    title="Function and survival: wins, ties and losses between the arms",
    question="Of every two participants of two arms, how often does each do better?",
    rows=lambda study: [_pairs(study, study.joint_rank)] if study.joint_rank else [],
    anchors=(),
)


def _survival(study: Study) -> list[Estimates]:
    section = study.survival
    if section is None:
        return []
    days = [
        Shown(f"Alive on day {day:g}", ("surv", "surv_low", "surv_high"), "estimate", f"ALIVE{day:g}", "% (95 % CI)")
        for day in section.days
    ]
    against = wording.against(study)
    return [
        Estimates(
            id="survival",
            title="Survival",
            population=population_of(section.population),
            notes=(
                _TIME,
                _POOLED.format(fewest=section.fewest),
                f"Statistical analysis plan, section {section.sap}." if section.sap else "",
            ),
            empty="Not estimable: {reason}.",
            method=Survival(days=tuple(section.days), fewest=section.fewest),
            records=lambda frames: frames.adeff.iloc[:0],
            values=None,
            columns=(
                Shown("Participants", ("n",), variable="LSMEAN", counts=""),
                Shown("Died", ("deaths",), variable="LSMEAN", counts=""),
                *days,
                Shown(f"Hazard ratio to {against}", _HAZARD, "estimate", "DIFF", "(95 % CI)", is_contrast=True),
                Shown("p", ("p_logrank",), variable="DIFF", note="log-rank", is_contrast=True),
            ),
        )
    ]  # fmt: skip


survival = Display(
    id="T-F7-{what}",
    title="Survival",
    question="Do participants with a dose live longer than those of the control?",
    whom="The population that the study file names, by actual arm.",
    rows=_survival,
    order="The control, arms by dose where they are large enough, then all arms with a dose.",
    missing="Who died on a day that is not known does not take part. A share of 100 % has no interval: NE.",
    counterpart="TLG catalog TTET01, KMG01",
    source=("ADSL",),
    reports=(EFFICACY,),
    empty="Not named in the study file: an analysis of survival.",
    anchors=(),
    marks=NO_MARKS,
)


def _curves(study: Study) -> list[Steps]:
    section = study.survival
    if section is None:
        return []
    pooled = _POOLED.format(fewest=section.fewest)
    return [
        Steps(
            id="survival",
            title="Survival over time",
            population=population_of(section.population),
            notes=(_TIME.partition(";")[0] + ".", pooled),
            empty="No curve: nobody is treated in one of the groups to compare.",
            days=tuple(section.days),
        )
    ]


curves = replace(
    survival,
    id="F-F7-{what}",
    title="Survival over time",
    question="When did participants die, and does that part the groups?",
    rows=_curves,
    order="The control, arms by dose where they are large enough, then all arms with a dose.",
    missing="Who died on a day that is not known does not take part. A group without a death is a line at 100 %.",
    is_folded=True,
)

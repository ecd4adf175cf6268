"""Displays of how sure parameters are: rules for samples below the limit, clocks, and decisions by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from cutbook.catalogue.kinds.exposure import Fits, Judged, Parameters
from cutbook.catalogue.kinds.tables import Shown
from cutbook.catalogue.kinetics.adpp import Analysed, analysed, analysed_again, lines, parameters, words_of
from cutbook.catalogue.kinetics.exposure import row_words
from cutbook.catalogue.kinetics.occasions import acceptance_words, display, occasion, occasion_words
from cutbook.derive import Frames
from cutbook.derive.concentrations.exclusions import is_of_profile
from cutbook.derive.concentrations.profiles import derive_profiles, profile_name
from cutbook.parameters.study import Study
from cutbook.parameters.study.kinetics.choices import Choices, Decision, Exclusion, TerminalChoice

_RULES: dict[str, tuple[str, dict[str, object]]] = {
    "ASIS": ("As analysed", {}),
    "ZERO": ("All 0", {"blq_first": "keep", "blq_middle": "keep", "blq_last": "keep"}),
    "HALF": ("Half of limit", {"blq_first": "half_lloq", "blq_middle": "half_lloq", "blq_last": "half_lloq"}),
    "DROP": ("Left out", {"blq_first": "drop", "blq_middle": "drop", "blq_last": "drop"}),
    "PKNCA": ("0, left out, 0", {"blq_first": "keep", "blq_middle": "drop", "blq_last": "keep"}),
    "RUN": ("Two in a row", {"blq_consecutive": 2}),
}
_RULE_NOTE = (
    "Geometric means of the first profiles. What stands for a sample below the limit before the first quantifiable "
    "one, between, and after the last: as the study file says; 0 throughout; half of the limit; nothing; 0, nothing, 0 "
    "(default of PKNCA). Two in a row: as analysed, and all after two such samples in a row count as below the limit."
)
_NO_DECISION = "No sample or profile was excluded by hand, and no terminal line was chosen by hand."
_SENSITIVE = ("AUCLST", "AUCIFO", "LAMZHL")


def _of_first(found: pd.DataFrame, codes: tuple[str, ...]) -> pd.DataFrame:
    own = found[found["PARAMCD"].isin(list(codes))]
    return own[own["DOSEOCC"].eq(own["DOSEOCC"].min())]


def _geometric(found: pd.DataFrame) -> pd.Series:
    """Return the geometric mean of every parameter and arm, of values above zero."""
    known = found[found["AVAL"].gt(0)]
    means: pd.Series = np.exp(np.log(known["AVAL"]).groupby([known["PARAMCD"], known["TRT01A"]]).mean())
    return means


def _by_rule(frames: Frames, *, study: Study, one: Analysed) -> pd.DataFrame:
    """Return the geometric means of the first profiles by rule for samples below the limit."""
    profiles = frames.profiles[frames.profiles["PARAMETER"].eq(one.matrix.code)]
    columns = ["visit", "visit_words", "level", "row_words", "group", "variable", "statistic", "value", "reason"]
    if profiles.empty:
        return pd.DataFrame(columns=columns)
    means = {
        name: _geometric(_of_first(_again(frames, study, one, profiles, changes), _SENSITIVE))
        for name, (_, changes) in _RULES.items()
    }
    table = pd.DataFrame(means).rename_axis(["PARAMCD", "TRT01A"]).reset_index()
    rows: list[dict[str, object]] = []
    for code in _SENSITIVE:
        for arm in study.treatment.arms:
            own = table[table["PARAMCD"].eq(code) & table["TRT01A"].eq(arm.label)]
            place = {
                "visit": code,
                "visit_words": row_words(code, one),
                "level": "",
                "row_words": "",
                "group": arm.code,
            }
            rows += [{**place, **row} for row in _of_rules(own)]
    return pd.DataFrame(rows, columns=columns)


def _again(
    frames: Frames, study: Study, one: Analysed, profiles: pd.DataFrame, changes: dict[str, object]
) -> pd.DataFrame:
    options = replace(one.options, **changes)  # type: ignore[arg-type]  # names and values are those above
    return analysed_again(frames, study, [replace(one, options=options)], profiles)


def _of_rules(own: pd.DataFrame) -> list[dict[str, object]]:
    values = {name: float(own[name].iloc[0]) for name in _RULES if len(own) and own[name].iloc[0] > 0}
    if not values:
        return []
    rows = [{"variable": name, "statistic": "geomean", "value": value, "reason": ""} for name, value in values.items()]
    spread = max(values.values()) / min(values.values())
    return [*rows, {"variable": "SPREAD", "statistic": "ratio", "value": spread, "reason": ""}]


sensitivity = display(
    id="T-E10-{number}",
    title="{matrix}: sensitivity to samples below the limit",
    question="How much do geometric means depend on what stands for a sample below the limit?",
    rows=lambda study: [
        Judged(
            id=str(at), parameter=one.matrix.code, title=f"{one.matrix.label}: sensitivity to samples below the limit",
            columns=(
                *(Shown(label, ("geomean",), variable=name) for name, (label, _) in _RULES.items()),
                Shown("Highest / lowest", ("ratio",), variable="SPREAD"),
            ),
            estimates=partial(_by_rule, study=study, one=one), notes=(_RULE_NOTE,),
        )
        for at, one in enumerate(analysed(study), start=1)
    ],
    order="Matrices as in the study file; parameter, arm; the first profile of every participant. Folded.",
    missing="An arm without a value is no row.",
    stub="Parameter, arm",
    anchors=(),
    is_folded=True,
)  # fmt: skip


def _clocks(frames: Frames, *, study: Study, one: Analysed) -> pd.DataFrame:
    """Return by how many percent parameters by nominal times differ from those by actual times."""
    profiles = frames.profiles[frames.profiles["PARAMETER"].eq(one.matrix.code)]
    names = ["USUBJID", "KEY", "visit", "visit_words", "level", "row_words", "variable", "VALUE", "unit", "decimals"]
    if profiles.empty:
        return pd.DataFrame(columns=names)
    actual = profiles.assign(TIME=profiles["ACTUAL"].fillna(profiles["NOMINAL"]))
    nominal = profiles.assign(TIME=profiles["NOMINAL"].fillna(profiles["ACTUAL"]))
    both = [analysed_again(frames, study, [one], some) for some in (actual, nominal)]
    keys = ["PROFILE", "PARAMCD"]
    joined = both[0].merge(both[1][[*keys, "AVAL"]], on=keys, suffixes=("", "_NOMINAL"))
    codes = ("TMAX", "AUCLST", "AUCIFO", "LAMZHL")
    own = joined[joined["PARAMCD"].isin(codes) & joined["AVAL"].gt(0)]
    own = own.assign(RANK=own["PARAMCD"].map({code: at for at, code in enumerate(codes)}))
    own = own.sort_values(["DOSEOCC", "RANK", "USUBJID"], kind="stable")
    return own.assign(
        visit=occasion(own["DOSEOCC"]), visit_words=occasion_words(own["DOSEOCC"], study), level=own["PARAMCD"],
        row_words=own["PARAMCD"].map(words_of) + " (%)", variable="NOMINAL", unit="%", decimals=1,
        VALUE=100 * (own["AVAL_NOMINAL"] / own["AVAL"] - 1),
    )[names].dropna(subset="VALUE")  # fmt: skip


_STAMP = (
    "By nominal times, as an interim analysis without actual ones has them, less by actual times, in percent of these; "
    "median (min–max). Values of this report are by {times} times{stamp}."
)


def _stamped(study: Study, at: int, one: Analysed) -> Parameters:
    is_nominal = one.settings.times == "nominal"
    note = _STAMP.format(times=one.settings.times, stamp=" and provisional" if is_nominal else "")
    codes = ("TMAX", "AUCLST", "AUCIFO", "LAMZHL")
    return Parameters(
        id=str(at), parameter=one.matrix.code, title=f"{one.matrix.label}: nominal against actual times",
        notes=(note,), columns=(), statistics=("n", "median", "min", "max"), ranked=frozenset(codes), brief=codes,
        records=partial(_clocks, study=study, one=one),
    )  # fmt: skip


clocks = display(
    id="T-E14-{number}",
    title="{matrix}: nominal against actual times",
    question="How far would parameters by nominal times be from those by actual ones?",
    rows=lambda study: [_stamped(study, at, one) for at, one in enumerate(analysed(study), start=1)],
    order="Matrices as in the study file; dose, parameter, arm. Folded.",
    missing="A sample without an actual time stands at its nominal one on both clocks.",
    stub="Parameter, arm",
    anchors=(),
    is_folded=True,
)


def _without(one: Decision, choices: Choices) -> Choices:
    return Choices(
        exclusions=[other for other in choices.exclusions if other is not one],
        terminal=[other for other in choices.terminal if other is not one],
    )


def _what(one: Decision) -> str:
    if isinstance(one, Exclusion):
        return "whole profile excluded" if one.time is None else f"sample at {one.time:g} h excluded"
    if not isinstance(one, TerminalChoice):
        return "decided"
    hours = ", ".join(f"{hour:g}" for hour in one.use or one.leave_out)
    return f"terminal line {'through' if one.use else 'without'} {hours} h"


def _without_effect(one: Decision, profiles: pd.DataFrame, samples: pd.DataFrame) -> str:
    """Return that a decision names a profile or hours that nothing was measured at, or samples of no profile."""
    own = profiles[is_of_profile(profiles, one)]
    if own.empty and isinstance(one, Exclusion):
        of_none = samples[is_of_profile(samples, one)]
        if len(of_none) and (one.time is None or of_none["NOMTIME"].eq(one.time).any()):
            return ". Of no profile: left out of troughs, half-lives and response"
    if own.empty:
        return ". Without effect: no such profile by the cut-off"
    named = [one.time] if isinstance(one, Exclusion) and one.time is not None else []
    if isinstance(one, TerminalChoice):
        named = [*one.use, *one.leave_out]
    absent = [f"{hour:g}" for hour in named if not own["NOMINAL"].eq(hour).any()]
    return f". Without effect: no sample at {', '.join(absent)} h" if absent else ""


def _decided(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return, for every decision, the profile's area and half-life and the arm's mean area, with and without it."""
    rules = study.pharmacokinetics
    rows: list[dict[str, object]] = []
    choices = rules.choices if rules else Choices()
    ways = {one.matrix.label: one for one in analysed(study)}
    codes = {matrix.label: matrix.code for matrix in rules.matrices} if rules else {}
    for number, one in enumerate([*choices.exclusions, *choices.terminal], start=1):
        if rules is None:
            continue
        other = rules.model_copy(update={"choices": _without(one, choices)})
        free = derive_profiles(frames.adpc, study.model_copy(update={"pharmacokinetics": other}))
        own_way = [ways[one.matrix]] if one.matrix in ways else []
        again = analysed_again(frames, study, own_way, free[free["MATRIX"].eq(one.matrix)])
        words = f"{one.participant}, {one.matrix}, dose {one.dose}: {_what(one)}. {one.reason} ({one.by}, {one.date})"
        words += _without_effect(one, free, frames.adpc)
        place = {"visit": "", "visit_words": "", "level": f"DECISION{number}", "row_words": words, "group": ""}
        name = profile_name(one.participant, codes[one.matrix], float(one.dose))
        for variable, found in (("WITH", parameters(frames, study=study)), ("WITHOUT", again)):
            rows += [{**place, **row} for row in _effect(found, variable, name)]
    columns = ["visit", "visit_words", "level", "row_words", "group", "variable", "statistic", "value", "reason"]
    return pd.DataFrame(rows, columns=columns)


def _effect(found: pd.DataFrame, variable: str, name: str) -> list[dict[str, object]]:
    own = found[found["PROFILE"].eq(name)].set_index("PARAMCD")
    rows: list[dict[str, object]] = []
    for code in ("AUCLST", "LAMZHL"):
        value = own["AVAL"].get(code, float("nan"))
        reason = str(own["REASON"].get(code, "no such profile")) if value != value else ""
        rows.append({"variable": f"{variable}_{code}", "statistic": "result", "value": float(value), "reason": reason})
    if len(own):
        facts = own.iloc[0]
        arm = found[found["TRT01A"].eq(facts["TRT01A"]) & found["DOSEOCC"].eq(facts["DOSEOCC"])]
        mean = _geometric(arm[arm["PARAMCD"].eq("AUCLST") & arm["PARAMETER"].eq(facts["PARAMETER"])])
        if len(mean):
            rows.append({"variable": variable, "statistic": "geomean", "value": float(mean.iloc[0]), "reason": ""})
    return rows


decisions = display(
    id="T-E12",
    title="Decisions by hand about samples and terminal lines",
    question="What was excluded or chosen by hand, by whom, when and why, and what does it change?",
    rows=lambda study: [
        Judged(
            title="Decisions by hand about samples and terminal lines", estimates=partial(_decided, study=study),
            columns=(
                Shown("AUClast", ("result",), variable="WITH_AUCLST", note="as analysed"),
                Shown("AUClast", ("result",), variable="WITHOUT_AUCLST", note="without it"),
                Shown("t½ (h)", ("result",), variable="WITH_LAMZHL", note="as analysed"),
                Shown("t½ (h)", ("result",), variable="WITHOUT_LAMZHL", note="without it"),
                Shown("Mean of the arm", ("geomean",), variable="WITH", note="AUClast"),
                Shown("Mean of the arm", ("geomean",), variable="WITHOUT", note="without it"),
            ),
            notes=("From pk_choices.yaml beside the study file. Mean of the arm: geometric, of the same dose.",),
            empty=_NO_DECISION,
        )
    ],
    order="As in the file: exclusions, then terminal lines.",
    missing="NC: not calculated, for the reason below the table.",
    counterpart="aNCA, PKNCA",
    stub="Decision",
    empty="No sample or profile was excluded by hand, and no terminal line was chosen by hand.",
    anchors=(),
)  # fmt: skip


def _drawn(frames: Frames, *, study: Study, one: Analysed) -> pd.DataFrame:
    """Return the samples of every profile with its line, flagged profiles first."""
    every = lines(frames, study=study)
    own = every[every["PARAMETER"].eq(one.matrix.code) & ~every["IS_TROUGH"].astype("bool") & every["TIME"].gt(0)]
    found = parameters(frames, study=study)
    half = found[found["PARAMCD"].eq("LAMZHL")].set_index("PROFILE")
    accepted, value = own["PROFILE"].map(half["IS_ACCEPTED"]), own["PROFILE"].map(half["AVAL"])
    arms = own["TRT01A"].map({arm.label: at for at, arm in enumerate(study.treatment.arms)})
    shown = own.assign(HALF=value, IS_FLAGGED=accepted.eq(False), HAS_LINE=value.notna(), ARM=arms)
    order = ["HAS_LINE", "IS_FLAGGED", "DOSEOCC", "ARM", "USUBJID", "TIME"]
    return shown.sort_values(order, ascending=[False, False, True, True, True, True], kind="stable")


def _fits(study: Study, at: int, one: Analysed) -> Fits:
    note = (
        f"Filled: samples on the terminal line; open: others; flagged, in red: not accepted "
        f"({acceptance_words(one.settings)}). Flagged profiles first. Logarithmic, hours after the dose."
    )
    return Fits(
        id=str(at), parameter=one.matrix.code, title=f"{one.matrix.label}: terminal lines and the samples they rest on",
        drawn=partial(_drawn, study=study, one=one), notes=(note,),
    )  # fmt: skip


fits = display(
    id="F-E6-{number}",
    title="{matrix}: terminal lines and the samples they rest on",
    question="Does each terminal line look right?",
    rows=lambda study: [_fits(study, at, one) for at, one in enumerate(analysed(study), start=1)],
    order="Matrices as in the study file; flagged profiles first, then by dose, arm and participant. Folded.",
    missing="Profiles without a terminal line are not drawn; their number stands in the note.",
    counterpart="aNCA",
    anchors=(),
    is_folded=True,
)

"""Displays of the parameters of profiles: everybody's, their summary, and how far the terminal line is believed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.exposure import EachValue, Parameters
from cutbook.catalogue.kinds.tables import Shown
from cutbook.catalogue.kinetics.adpp import (
    EXTRAPOLATED,
    Analysed,
    analysed,
    interval_code,
    litres_per_unit,
    parameters,
    rules_of_profiles,
    words_of,
)
from cutbook.catalogue.kinetics.occasions import (
    acceptance_words,
    display,
    method_note,
    occasion,
    occasion_words,
)
from cutbook.derive import Frames
from cutbook.parameters.study import Study

VALUE, ACCEPTED = "AVAL", "ACCEPTED"
"""Variables of a summary: of all profiles, and of those whose terminal line is accepted."""

_TIMES = frozenset({"TMAX"})
_DECIMALS = {"LAMZNPT": 0, "R2ADJ": 3, "LAMZSPN": 2, "AUCPEO": 1, "TMAX": 2, "TLST": 2, "LAMZLL": 2, "LAMZUL": 2}
_DIAGNOSTICS = ("TLST", "LAMZNPT", "LAMZLL", "LAMZUL", "R2ADJ", "LAMZSPN", "AUCPEO")
_NOT_MET = {
    "R2ADJ": "adjusted r²", "LAMZSPN": "span", "LAMZNPT": "points", "AUCPEO": "extrapolated",
    "AUCPBEO": "back-extrapolated",
}  # fmt: skip
_STATISTICS = ("n", "mean", "sd", "cv", "geomean", "geocv", "median", "min", "max")
_COLUMNS = (
    Shown("n", ("n",)), Shown("Mean", ("mean",)), Shown("SD", ("sd",)), Shown("CV %", ("cv",)),
    Shown("Geo. mean", ("geomean",)), Shown("Geo. CV %", ("geocv",)), Shown("Median", ("median",)),
    Shown("Min", ("min",)), Shown("Max", ("max",)),
)  # fmt: skip
_RATIOS = "Ratios are to the participant's first profile, after the same dose."
_GEOMETRIC = "Geo. CV % = 100 √(exp(s²) − 1), s the SD of the natural logarithms."


def codes_of(one: Analysed) -> list[str]:
    """Return the codes of the parameters of a matrix that are shown, in their order."""
    settings = one.settings
    to_times = [interval_code(end) for end in sorted(set(settings.intervals))]
    cleared, spread = ("CLFO", "VZFO") if settings.route == "extravascular" else ("CLO", "VZO")
    steady = ["AUCTAU", "CAVG", "CTROUGH", "FLUCP", "SWING"] if settings.tau else []
    start = ["C0"] if settings.route == "iv_bolus" else []
    whole = ["CMAX", "TMAX", "CLST", "AUCLST", *to_times, "AUCIFO", "LAMZHL", cleared, spread]
    return [*start, *whole, *steady, "ARCMAX", "ARAUCLST"]


def unit_of(code: str, one: Analysed) -> str:
    """Return the unit in which a parameter is shown; empty for a number."""
    conc, dose = one.matrix.unit, one.options.dose_unit
    area, is_known = f"h·{conc}", litres_per_unit(dose, conc) == litres_per_unit(dose, conc)
    if code.startswith("AUCINT"):
        return area
    units = {
        conc: ("CMAX", "CLST", "CTROUGH", "C0", "CAVG", "CMIN"),
        "h": ("TMAX", "TLST", "LAMZHL", "LAMZLL", "LAMZUL", "MRTEVIFO", "MRTIVIFO"),
        area: ("AUCLST", "AUCIFO", "AUCTAU"),
        "L/h" if is_known else f"{dose}/({area})": ("CLFO", "CLO", "CLFTAU", "CLTAU"),
        "L" if is_known else f"{dose}/{conc}": ("VZFO", "VZO", "VSSO"),
        "%": ("AUCPEO", "FLUCP", "SWING"),
    }
    return next((unit for unit, codes in units.items() if code in codes), "")


def row_words(code: str, one: Analysed) -> str:
    """Return a parameter with its unit, as it names a row."""
    unit = unit_of(code, one)
    return f"{words_of(code)} ({unit})" if unit else words_of(code)


def placed(frames: Frames, *, study: Study, one: Analysed, wanted: Sequence[str]) -> pd.DataFrame:
    """Return parameters of a matrix with what their table says, in its order: dose, arm, participant, parameter."""
    every = parameters(frames, study=study)
    own = every[every["PARAMETER"].eq(one.matrix.code) & every["PARAMCD"].isin(list(wanted))]
    rank = own["PARAMCD"].map({name: at for at, name in enumerate(wanted)})
    arms = own["TRT01A"].map({arm.label: at for at, arm in enumerate(study.treatment.arms)})
    shown = own.assign(
        visit=occasion(own["DOSEOCC"]), visit_words=occasion_words(own["DOSEOCC"], study), variable=own["PARAMCD"],
        unit=own["AVALU"], decimals=own["PARAMCD"].map(_DECIMALS), ENTRY=own["USUBJID"], RANK=rank, ARM=arms,
    )  # fmt: skip
    return shown.sort_values(["DOSEOCC", "ARM", "USUBJID", "RANK"], kind="stable", ignore_index=True)


def _judged(frames: Frames, *, study: Study, one: Analysed) -> pd.DataFrame:
    """Return the diagnostics of every profile, and in words which rules its terminal line does not meet."""
    shown = placed(frames, study=study, one=one, wanted=_DIAGNOSTICS)
    rules = rules_of_profiles(frames, study=study)
    failed = rules[rules["is_met"].eq(False).fillna(False).astype("bool")]
    said = failed["parameter"].map(_NOT_MET).groupby(failed["PROFILE"]).agg(", ".join)
    has_line = shown["PROFILE"].isin(rules.loc[rules["is_met"].notna(), "PROFILE"])
    words = shown["PROFILE"].map(said).astype("str").fillna("–")
    return shown.assign(SAID=words.where(has_line, "no terminal line"))


def _summarised(frames: Frames, *, study: Study, one: Analysed) -> pd.DataFrame:
    """Return one row a profile and parameter for a summary; those of accepted terminal lines once more."""
    wanted = codes_of(one)
    every = placed(frames, study=study, one=one, wanted=wanted)
    every = every.assign(variable=VALUE, suffix="")
    is_sure = every["PARAMCD"].isin(list(EXTRAPOLATED)) & every["IS_ACCEPTED"].eq(True)
    sure = every[is_sure].assign(variable=ACCEPTED, suffix=", accepted profiles")
    both = pd.concat([every, sure], ignore_index=True)
    words = both["PARAMCD"].map({code: row_words(code, one) for code in wanted}) + both["suffix"]
    named = both.assign(level=both["PARAMCD"], row_words=words, VALUE=both["AVAL"], decimals=None)
    order = ["DOSEOCC", "RANK", "variable", "ARM", "USUBJID"]
    return named.sort_values(
        order, kind="stable", key=lambda some: some.eq(ACCEPTED) if some.name == "variable" else some
    )


def _each(study: Study, at: int, one: Analysed) -> EachValue:
    label = one.matrix.label
    columns = tuple((code, words_of(code), unit_of(code, one)) for code in codes_of(one))
    return EachValue(
        id=str(at), parameter=one.matrix.code, title=f"{label}: parameters of every profile", columns=columns,
        notes=(method_note(one.settings), _RATIOS), records=partial(placed, study=study, one=one, wanted=codes_of(one)),
    )  # fmt: skip


each = display(
    id="T-E4-{number}",
    title="{matrix}: parameters of every profile",
    question="What did each dose give in each participant, and why is a value missing?",
    rows=lambda study: [_each(study, at, one) for at, one in enumerate(analysed(study), start=1)],
    order="Matrices as in the study file; dose, arm, participant. Folded.",
    missing="NC with a letter: not calculated, for the reason below the table.",
    counterpart="PKNCA, aNCA",
    stub="Dose, arm, participant",
    is_folded=True,
)


def _diagnosed(study: Study, at: int, one: Analysed) -> EachValue:
    columns = tuple((code, words_of(code), unit_of(code, one)) for code in _DIAGNOSTICS)
    rules = acceptance_words(one.settings)
    return EachValue(
        id=str(at), parameter=one.matrix.code, title=f"{one.matrix.label}: terminal line of every profile",
        columns=columns, said="Not met", records=partial(_judged, study=study, one=one),
        notes=(f"Accepted: {rules}. A profile that does not meet a rule is flagged; none of its values is deleted.",),
    )  # fmt: skip


diagnostics = display(
    id="T-E5-{number}",
    title="{matrix}: terminal line of every profile",
    question="How well is each terminal line known, and which does not meet the rules?",
    rows=lambda study: [_diagnosed(study, at, one) for at, one in enumerate(analysed(study), start=1)],
    order="Matrices as in the study file; dose, arm, participant. Folded.",
    missing="NC with a letter: no terminal line, for the reason below the table.",
    counterpart="PKNCA, aNCA",
    stub="Dose, arm, participant",
    is_folded=True,
)


def _table(study: Study, at: int, one: Analysed) -> Parameters:
    accepted = f"Accepted profiles: {acceptance_words(one.settings)}. Rows of all profiles hold the others too."
    cells = (
        "Geometric mean (geometric CV %), Tmax: median (min–max); [n] where fewer participants have a value than "
        f"have a profile. {_RATIOS}"
    )
    return Parameters(
        id=str(at), parameter=one.matrix.code, title=f"{one.matrix.label}: parameters by dose",
        notes=(cells, accepted, method_note(one.settings), _GEOMETRIC), columns=_COLUMNS, statistics=_STATISTICS,
        records=partial(_summarised, study=study, one=one), ranked=_TIMES,
        brief=tuple(code for code in codes_of(one) if code != "CLST"),
    )  # fmt: skip


summary = display(
    id="T-E7-{number}",
    title="{matrix}: parameters by dose{statistics}",
    question="What exposure does each dose give, and how much does it vary?",
    rows=lambda study: [_table(study, at, one) for at, one in enumerate(analysed(study), start=1)],
    order="Matrices as in the study file; dose, parameter, arm.",
    missing="A parameter that nobody of an arm has is no row; the table of every profile says why. SD and CV need two "
    "values, geometric statistics values above zero.",
    counterpart="TLG catalog PKPT03, aNCA",
    stub="Parameter, arm",
    participants=("parameters of profiles", "T-E7-1"),
    anchors=("geomean",),
)

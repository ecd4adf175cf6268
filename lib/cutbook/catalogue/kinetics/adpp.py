"""ADPP: the parameters of all profiles, each with its unit, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from cutbook.derive import Frames
from cutbook.parameters.study import Matrix, Study
from cutbook.parameters.study.kinetics.nca import Acceptance, NonCompartmental
from cutbook.standards.conversion import converted
from cutbook.stats.nca import AcceptanceLimits, NcaOptions, acceptance, nca, nca_parameters, terminal_points

COLUMNS = (
    "PROFILE", "USUBJID", "KEY", "TRT01A", "MATRIX", "PARAMETER", "DOSEOCC", "DOSE", "PARAMCD", "AVAL", "AVALU",
    "REASON", "IS_ACCEPTED",
)  # fmt: skip
"""Columns of the parameters, in order."""

_WHOLE = (0.0, float("inf"))
_OBSERVED = (
    "NCONC", "CMAX", "TMAX", "CLST", "TLST", "C0", "AUCLST", "AUCIFO", "AUCPEO", "LAMZ", "LAMZHL", "LAMZNPT", "LAMZLL",
    "LAMZUL", "LAMZSPN", "R2ADJ", "CLFO", "VZFO", "CLO", "VZO", "VSSO", "MRTEVIFO", "MRTIVIFO", "CMAXD", "AUCTAU",
    "CAVG", "CMIN", "FLUCP", "SWING", "CLFTAU", "CLTAU",
)  # fmt: skip
EXTRAPOLATED = frozenset(
    {"AUCIFO", "AUCPEO", "LAMZ", "LAMZHL", "CLFO", "VZFO", "CLO", "VZO", "VSSO", "MRTEVIFO", "MRTIVIFO"}
)
"""Parameters that rest on the terminal line."""

_CLEARANCES, _VOLUMES = {"CLFO", "CLO", "CLFTAU", "CLTAU"}, {"VZFO", "VZO", "VSSO"}
_NO_TROUGH, _NO_RATIO = "no sample before the next dose", "no value of both profiles"
_OTHER_DOSE = "another dose than at the first profile"
_ACCUMULATION = {"CMAX": "ARCMAX", "AUCLST": "ARAUCLST"}


@dataclass(frozen=True)
class Analysed:
    """How one matrix is analysed: its settings, and what they are for the analysis."""

    matrix: Matrix
    settings: NonCompartmental
    options: NcaOptions


def interval_code(hours: float) -> str:
    """Return the code of the area from the dose to a number of hours.

    Examples
    --------
    >>> interval_code(24.0)
    'AUCINT24'
    """
    return f"AUCINT{hours:g}"


def analysed(study: Study) -> list[Analysed]:
    """Return how the matrices of a study are analysed."""
    rules = study.pharmacokinetics
    return [Analysed(one, rules.settings_of(one), _options(one, study)) for one in rules.matrices] if rules else []


def _options(matrix: Matrix, study: Study) -> NcaOptions:
    settings = study.pharmacokinetics.settings_of(matrix) if study.pharmacokinetics else NonCompartmental()
    return NcaOptions(
        route=settings.route, auc_method=settings.method, blq_first=settings.blq_first, blq_middle=settings.blq_middle,
        blq_last=settings.blq_last, min_points=settings.min_points, allow_tmax=settings.allow_tmax,
        adj_r2_factor=settings.adj_r2_factor, tau=settings.tau,
        intervals=(_WHOLE, *((0.0, end) for end in sorted(set(settings.intervals)))),
        conc_unit=matrix.unit, time_unit="h", dose_unit=study.treatment.dose_unit,
    )  # fmt: skip


def parameters(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the parameters of all profiles.

    Returns
    -------
    frame
        One row a profile and parameter: PROFILE, USUBJID, KEY (of the participant) · TRT01A · MATRIX, PARAMETER (code
        of the matrix) · DOSEOCC, DOSE (given, in the unit of the study; missing where EX does not tell it) · PARAMCD
        (see :func:`~cutbook.stats.nca.nca_parameters`; ``AUCINT24`` to a fixed time, ``CTROUGH`` before the next dose,
        ``ARCMAX`` and ``ARAUCLST`` to the participant's first profile, of the same dose) · AVAL, AVALU, REASON (why
        there is no value) · IS_ACCEPTED (the terminal line meets the study's rules; missing where it says nothing).
    """
    return frames.once("adpp", partial(_parameters, frames, study))


def lines(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the samples of all profiles, and what their terminal line is, as `terminal_points` returns them.

    Returns
    -------
    frame
        The columns of profiles, and USED, BY_HAND, PREDICTED; samples that take no part have none of them.
    """
    return frames.once("adpp lines", partial(_lines, frames, study))


def rules_of_profiles(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return by profile and rule whether the terminal line meets it, as `acceptance` returns it, with PROFILE."""
    return frames.once("adpp rules", partial(_rules, frames, study))


def samples_of(profiles: pd.DataFrame, settings: NonCompartmental) -> pd.DataFrame:
    """Return samples as the analysis takes them; the sample before the next dose only where doses lie ``tau`` apart."""
    own = profiles if settings.tau is not None else profiles[~profiles["IS_TROUGH"].astype("bool")]
    return pd.DataFrame(
        {
            "id": own["PROFILE"],
            "time": own["TIME"],
            "conc": own["AVAL"].mask(own["BLQFL"].eq("Y"), 0.0),
            "lloq": own["LLOQ"],
            "blq": own["BLQFL"].eq("Y"),
            "excluded": own["EXCLREAS"],
            "lambda_z": own["LAMBDAZ"],
            "lambda_z_reason": own["LAMBDAZREAS"],
        }
    )


def _found(frames: Frames | Given, one: Analysed) -> pd.DataFrame:
    """Return what the analysis says of the profiles of a matrix: the whole profile, then areas to fixed times."""
    profiles = frames.profiles[frames.profiles["PARAMETER"].eq(one.matrix.code)]
    if profiles.empty:
        return pd.DataFrame(columns=["id", "start", "end", "parameter", "value", "unit", "reason"])
    doses = _doses(frames, profiles)
    return nca(samples_of(profiles, one.settings), doses, options=one.options)


def _doses(frames: Frames | Given, profiles: pd.DataFrame) -> pd.DataFrame:
    known = frames.profile_doses[frames.profile_doses["PROFILE"].isin(profiles["PROFILE"])]
    names = {"PROFILE": "id", "TIME": "time", "DOSE": "dose", "DURATION": "duration"}
    return known[list(names)].rename(columns=names)


@dataclass(frozen=True)
class Given:
    """Profiles other than those of the study file, with what else the analysis needs."""

    profiles: pd.DataFrame
    profile_doses: pd.DataFrame
    adsl: pd.DataFrame


def analysed_again(frames: Frames, study: Study, ways: Sequence[Analysed], profiles: pd.DataFrame) -> pd.DataFrame:
    """Return the parameters of other profiles, or of the same analysed in another way, as :func:`parameters` does."""
    return _parameters(Given(profiles, frames.profile_doses, frames.adsl), study, ways)


def _parameters(frames: Frames | Given, study: Study, ways: Sequence[Analysed] | None = None) -> pd.DataFrame:
    parts = [_of_matrix(frames, one, study) for one in (analysed(study) if ways is None else ways)]
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS)).astype({"AVAL": "float64", "DOSEOCC": "float64", "DOSE": "float64"})
    return pd.concat(parts, ignore_index=True)


def _of_matrix(frames: Frames | Given, one: Analysed, study: Study) -> pd.DataFrame:
    found = _found(frames, one)
    if found.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    is_whole = found["end"].eq(float("inf"))
    whole = found[is_whole & found["parameter"].isin(_OBSERVED)]
    to_time = found[~is_whole & found["parameter"].eq("AUCTAU")]
    to_time = to_time.assign(parameter=to_time["end"].map(interval_code))
    trough = _troughs(frames.profiles, one.matrix)
    rows = pd.concat([whole, to_time, trough], ignore_index=True)[["id", "parameter", "value", "unit", "reason"]]
    places = _places(frames)
    rows = pd.concat([rows, _accumulated(rows, places.set_index("PROFILE")["DOSE"])], ignore_index=True)
    rows = _in_readable_units(rows, one, study)
    names = {"id": "PROFILE", "parameter": "PARAMCD", "value": "AVAL", "unit": "AVALU", "reason": "REASON"}
    placed = rows.rename(columns=names).merge(places, on="PROFILE", how="left")
    accepted = _accepted(found, one.settings.acceptance)
    return placed.assign(IS_ACCEPTED=placed["PROFILE"].map(accepted))[list(COLUMNS)]


def _places(frames: Frames | Given) -> pd.DataFrame:
    """Return what is known of each profile: participant, arm, matrix, number and amount of the dose."""
    names = ["PROFILE", "USUBJID", "MATRIX", "PARAMETER", "DOSEOCC", "TRT01A"]
    own = frames.profiles[names].drop_duplicates("PROFILE")
    doses = frames.profile_doses
    given = doses[doses["TIME"].eq(0)].drop_duplicates("PROFILE", keep="last").set_index("PROFILE")["DOSE"]
    keys = frames.adsl.set_index("USUBJID")["KEY"]
    return own.assign(DOSE=own["PROFILE"].map(given).astype("float64"), KEY=own["USUBJID"].map(keys))


def _troughs(profiles: pd.DataFrame, matrix: Matrix) -> pd.DataFrame:
    """Return the concentration before the next dose of every profile; below the limit it is 0."""
    own = profiles[profiles["PARAMETER"].eq(matrix.code)]
    last = own[own["IS_TROUGH"].astype("bool") & own["EXCLREAS"].eq("")].set_index("PROFILE")
    names = own["PROFILE"].drop_duplicates()
    value = last["AVAL"].mask(last["BLQFL"].eq("Y"), 0.0).reindex(names)
    return pd.DataFrame(
        {
            "id": names.to_numpy(), "parameter": "CTROUGH", "value": value.to_numpy("float64"), "unit": matrix.unit,
            "reason": np.where(value.isna(), _NO_TROUGH, ""),
        }
    )  # fmt: skip


def _accumulated(rows: pd.DataFrame, doses: pd.Series) -> pd.DataFrame:
    """Return highest concentration and area of later profiles as ratios to those of the participant's first one.

    After another dose than the first a ratio would not be of accumulation; after one that is not known it stands.
    """
    codes = {**_ACCUMULATION, **{code: f"AR{code}" for code in rows["parameter"].unique() if code.startswith("AUCINT")}}
    own = rows[rows["parameter"].isin(list(codes))]
    parts = own["id"].str.rsplit("|", n=1, expand=True)
    dosed = own.assign(WHO=parts[0], NUMBER=parts[1].astype("float64")).sort_values("NUMBER", kind="stable")
    dosed, keys = dosed.assign(DOSE=dosed["id"].map(doses)), ["WHO", "parameter"]
    start = dosed.drop_duplicates(keys).set_index(keys)
    first = start.reindex(pd.MultiIndex.from_frame(dosed[keys])).set_axis(dosed.index)
    is_later = dosed["NUMBER"].gt(first["NUMBER"])
    dosed, first = dosed[is_later], first[is_later]
    is_other = dosed["DOSE"].notna() & first["DOSE"].notna() & dosed["DOSE"].ne(first["DOSE"])
    ratio = (dosed["value"] / first["value"].where(first["value"].gt(0))).mask(is_other)
    reason = pd.Series(_NO_RATIO, index=dosed.index, dtype="str").mask(ratio.notna(), "").mask(is_other, _OTHER_DOSE)
    return pd.DataFrame(
        {"id": dosed["id"], "parameter": dosed["parameter"].map(codes), "value": ratio, "unit": "", "reason": reason}
    )


def _in_readable_units(rows: pd.DataFrame, one: Analysed, study: Study) -> pd.DataFrame:
    """Return clearances in L/h and volumes in L where the units of dose and concentration can be converted."""
    factor = litres_per_unit(study.treatment.dose_unit, one.matrix.unit)
    rows = rows.assign(unit=rows["unit"].str.replace("*", "·", regex=False))
    if factor != factor:
        return rows
    for codes, unit in ((_CLEARANCES, "L/h"), (_VOLUMES, "L")):
        is_own = rows["parameter"].isin(list(codes))
        rows = rows.assign(
            value=rows["value"].mask(is_own, rows["value"] * factor), unit=rows["unit"].mask(is_own, unit)
        )
    return rows


def litres_per_unit(dose_unit: str, conc_unit: str) -> float:
    """Return how many litres one unit of dose by concentration is; missing where it cannot be converted.

    Examples
    --------
    >>> round(litres_per_unit("mg", "ng/mL"), 6), round(litres_per_unit("mg", "mg/L"), 6)
    (1000.0, 1.0)
    """
    known = converted(pd.Series([1.0]), pd.Series([conc_unit]), f"{dose_unit}/L")
    return float(1 / known.iloc[0]) if known.notna().all() else float("nan")


def limits_of(accepted: Acceptance) -> AcceptanceLimits:
    """Return the rules of a study file as the statistic takes them."""
    return AcceptanceLimits(**accepted.model_dump())


def _accepted(found: pd.DataFrame, accepted: Acceptance) -> dict[str, bool]:
    """Return by profile whether its terminal line meets every rule; profiles without a line are not there."""
    judged = acceptance(found[found["end"].eq(float("inf"))], limits_of(accepted))
    judged = judged[judged["is_met"].notna()]
    return {str(name): bool(own.all()) for name, own in judged.groupby("id")["is_met"]}


def _rules(frames: Frames, study: Study) -> pd.DataFrame:
    parts = []
    for one in analysed(study):
        found = _found(frames, one)
        if len(found):
            whole = found[found["end"].eq(float("inf"))]
            parts.append(acceptance(whole, limits_of(one.settings.acceptance)).rename(columns={"id": "PROFILE"}))
    if not parts:
        return pd.DataFrame(columns=["PROFILE", "parameter", "value", "limit", "is_met", "reason"])
    return pd.concat(parts, ignore_index=True)


def _lines(frames: Frames, study: Study) -> pd.DataFrame:
    known = {"used": "USED", "by_hand": "BY_HAND", "predicted": "PREDICTED"}
    profiles = frames.profiles
    parts = [pd.DataFrame(columns=["PROFILE", "TIME", *known.values()])]
    for one in analysed(study):
        own = profiles[profiles["PARAMETER"].eq(one.matrix.code)]
        if len(own):
            options = _whole_alone(one.options)
            points = terminal_points(samples_of(own, one.settings), _doses(frames, own), options=options)
            parts.append(points.rename(columns={"id": "PROFILE", "time": "TIME", **known})[list(parts[0].columns)])
    found = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    return profiles.merge(found, on=["PROFILE", "TIME"], how="left")


def _whole_alone(options: NcaOptions) -> NcaOptions:
    return replace(options, intervals=(_WHOLE,))


def words_of(code: str) -> str:
    """Return the short name of a parameter as it heads a column or row.

    Examples
    --------
    >>> words_of("CMAX"), words_of("AUCINT24"), words_of("ARAUCINT24")
    ('Cmax', 'AUC0–24', 'AUC0–24 ratio')
    """
    if code.startswith("AR"):
        named = {"ARCMAX": "CMAX", "ARAUCLST": "AUCLST"}.get(code, code.removeprefix("AR"))
        return f"{words_of(named)} ratio"
    if code.startswith("AUCINT"):
        return f"AUC0–{code.removeprefix('AUCINT')}"
    return _SHORT.get(code) or dict(zip(*nca_parameters()[["code", "name"]].T.to_numpy(), strict=True)).get(code, code)


_SHORT = {
    "NCONC": "Samples", "CMAX": "Cmax", "TMAX": "Tmax", "CLST": "Clast", "TLST": "Tlast", "C0": "C0",
    "AUCLST": "AUClast", "AUCIFO": "AUCinf", "AUCPEO": "Extrapolated", "LAMZ": "λz", "LAMZHL": "t½",
    "LAMZNPT": "Points", "LAMZLL": "From", "LAMZUL": "To", "LAMZSPN": "Span", "R2ADJ": "Adj. r²", "CLFO": "CL/F",
    "VZFO": "Vz/F", "CLO": "CL", "VZO": "Vz", "VSSO": "Vss", "MRTEVIFO": "MRT", "MRTIVIFO": "MRT", "AUCTAU": "AUCtau",
    "CAVG": "Cavg", "CMIN": "Cmin", "CTROUGH": "Ctrough", "FLUCP": "Fluctuation", "SWING": "Swing", "CLFTAU": "CLss/F",
    "CLTAU": "CLss", "CMAXD": "Cmax/dose",
}  # fmt: skip

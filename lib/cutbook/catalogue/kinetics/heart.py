"""The display of QTcF by concentration: changes beside samples of the same hour, in one mixed model."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from cutbook.catalogue.concentrations import is_in_arm, without_samples
from cutbook.catalogue.kinds.absence import not_delivered
from cutbook.catalogue.kinds.exposure import Judged
from cutbook.catalogue.kinds.tables import Shown
from cutbook.catalogue.kinetics.adpp import parameters
from cutbook.catalogue.kinetics.response import EstimateRow, by_exposure, table_of
from cutbook.derive import Frames
from cutbook.derive.concentrations.exclusions import exclusion_reasons
from cutbook.derive.measurements.findings import collected_findings
from cutbook.parameters.study import Study
from cutbook.parameters.study.treatment import Arm
from cutbook.records import same_unit
from cutbook.standards.criteria import qtcf_effect
from cutbook.standards.units import standing_for
from cutbook.stats.mmrm import NotEstimable, mmrm

_MATCHED = pd.Timedelta(hours=1)


def matched(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return changes of QTcF, each beside the concentration in plasma, or whatever comes first, within an hour of it.

    Returns
    -------
    frame
        USUBJID, KEY, ACTIVE (``Y``, ``N``), VISIT, CONC (0 below the limit), CHANGE (ms), BASE; one row a participant
        and visit, means where there are several.
    """
    columns = ["USUBJID", "KEY", "ACTIVE", "VISIT", "CONC", "CHANGE", "BASE"]
    rules = study.pharmacokinetics
    if not rules or "eg" not in frames.datasets:
        return pd.DataFrame(columns=columns)
    raw = collected_findings(frames.datasets, "eg", {}, frames.adsl)
    raw = raw[standing_for(raw["PARAMCD"].astype("str")).eq("QTCF") & same_unit(raw["AVALU"]).isin(["ms", "msec"])]
    raw = raw[raw["AVAL"].notna() & raw["ADTM"].notna() & raw["ADTM"].gt(raw["TRTSDTM"])]
    if raw.empty:
        return pd.DataFrame(columns=columns)
    baseline = frames.adeg[frames.adeg["ABLFL"].eq("Y")]
    tests = standing_for(baseline["PARAMCD"].astype("str").str.replace(r"^.*-", "", regex=True))
    known = baseline[tests.eq("QTCF")].drop_duplicates("USUBJID").set_index("USUBJID")["AVAL"]
    samples = frames.adpc[frames.adpc["MATRIX"].eq(rules.matrices[0].label) & frames.adpc["AVALC"].notna()]
    samples = samples[exclusion_reasons(samples, rules.choices.exclusions).eq("")]
    conc = samples["AVAL"].mask(samples["BLQFL"].eq("Y") | is_in_arm(samples, study, is_active=False), 0.0)
    timed = samples.assign(CONC=conc.astype("float64"))[["USUBJID", "ADTM", "CONC"]].dropna()
    taken = raw.sort_values("ADTM")[["USUBJID", "ADTM", "VISIT", "AVAL"]].fillna({"VISIT": ""})
    both = pd.merge_asof(
        taken, timed.sort_values("ADTM"), on="ADTM",
        by="USUBJID", direction="nearest", tolerance=_MATCHED,
    )  # fmt: skip
    both = both.assign(BASE=both["USUBJID"].map(known).astype("float64"))
    both = both.assign(CHANGE=both["AVAL"] - both["BASE"]).dropna(subset=["CONC", "CHANGE"])
    means = both.groupby(["USUBJID", "VISIT"], as_index=False, sort=False)[["CONC", "CHANGE", "BASE"]].mean()
    people = frames.adsl[frames.adsl["TRT01A"].notna()].set_index("USUBJID")
    means = means[means["USUBJID"].isin(people.index)]
    active = [arm.label for arm in study.treatment.arms if arm.is_active]
    is_active = means["USUBJID"].map(people["TRT01A"]).isin(active)
    flags = is_active.map({True: "Y", False: "N"}).astype("str")
    return means.assign(KEY=means["USUBJID"].map(people["KEY"]), ACTIVE=flags)[columns]


def _qtcf(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the slope of QTcF by concentration, and its effect at the mean peaks of the arms against no drug."""
    data = matched(frames, study=study)
    if data.empty:
        return table_of([])
    terms = ["CONC", "BASE", *(name for name in ("ACTIVE", "VISIT") if data[name].ne(data[name].iloc[0]).any())]
    place: EstimateRow = {"visit": "", "visit_words": ""}
    counted: EstimateRow = {**place, "level": "SLOPE", "row_words": _slope_words(study), "variable": "QTCF"}
    rows: list[EstimateRow] = [
        {**counted, "statistic": "n", "value": float(data["USUBJID"].nunique()),
         "keys": data["KEY"].drop_duplicates().tolist()}
    ]  # fmt: skip
    fit = mmrm(data, f"CHANGE ~ {' + '.join(terms)}", subject="USUBJID", visit="VISIT", covariance="cs",
               df="satterthwaite")  # fmt: skip
    if isinstance(fit, NotEstimable):
        return table_of([*rows, {**counted, "statistic": "response", "value": float("nan"), "reason": str(fit)}])
    names = fit.coefficients["term"].tolist()
    slope = np.array([float(name == "CONC") for name in names])
    dosed = np.array([float(name.startswith("ACTIVE")) for name in names])
    rows += _estimated(fit.combinations(slope[None, :], level=0.9).iloc[0], counted)
    for arm, peak in _mean_peaks(frames, study):
        at: EstimateRow = {
            **place,
            "level": f"PEAK {arm.code}",
            "row_words": study.treatment.short(arm),
            "variable": "QTCF",
        }
        found = fit.combinations((dosed + peak * slope)[None, :], level=0.9).iloc[0]
        rows += [{**at, "statistic": "geomean", "value": peak}, *_estimated(found, at)]
        if found["ci_high"] == found["ci_high"]:
            verdict = float(found["ci_high"] >= qtcf_effect())
            rows.append({**at, "variable": "VERDICT", "statistic": "verdict", "value": verdict})
    return table_of(rows)


def _slope_words(study: Study) -> str:
    matrix = study.pharmacokinetics.matrices[0] if study.pharmacokinetics else None
    return f"Slope, ms per {matrix.unit} ({matrix.label})" if matrix else "Slope"


def _estimated(found: pd.Series, place: EstimateRow) -> list[EstimateRow]:
    names = {"response": "estimate", "response_low": "ci_low", "response_high": "ci_high"}
    reason = str(found["reason"])
    return [{**place, "statistic": name, "value": float(found[of]), "reason": reason} for name, of in names.items()]


def _mean_peaks(frames: Frames, study: Study) -> list[tuple[Arm, float]]:
    """Return by arm the highest geometric mean Cmax of a dose in the first matrix."""
    rules = study.pharmacokinetics
    found = parameters(frames, study=study)
    own = found[found["PARAMCD"].eq("CMAX") & found["AVAL"].gt(0)]
    own = own[own["PARAMETER"].eq(rules.matrices[0].code)] if rules else own.iloc[:0]
    means = np.exp(np.log(own["AVAL"]).groupby([own["TRT01A"], own["DOSEOCC"]]).mean()).groupby(level=0).max()
    return [(arm, float(means[arm.label])) for arm in study.treatment.arms if arm.label in means.index]


_OF_QTCF = (
    "Change from baseline of every QTcF after the first dose with a sample within an hour, on dose or not, "
    "concentration, baseline and visit; mixed model, restricted maximum likelihood, one variance and one correlation "
    "of a participant's visits (compound symmetry), Satterthwaite (after Garnett et al. 2018). Below: the difference "
    "from no drug at the geometric mean Cmax of each arm, of the dose with the highest one, with its 90 % CI; ICH E14 "
    f"asks for an upper limit below {qtcf_effect():g} ms (Q&A R3, question 5.1)."
)

qtcf = by_exposure(
    id="T-G4Q",
    title="QTcF by concentration",
    whom="Treated participants with a QTcF and a sample within an hour of it.",
    question="Does the drug prolong QTcF at the concentrations that it reaches?",
    rows=lambda study: [
        Judged(
            title="QTcF by concentration", notes=(_OF_QTCF,), estimates=partial(_qtcf, study=study),
            columns=(
                Shown("n", ("n",), variable="QTCF"),
                Shown("Cmax", ("geomean",), variable="QTCF", note="geometric mean"),
                Shown("Effect", ("response", "response_low", "response_high"), "estimate", "QTCF", "ms (90 % CI)"),
            ),
            verdict="Upper limit", verdicts=(f"below {qtcf_effect():g} ms", f"{qtcf_effect():g} ms or more"),
        )
    ],
    empty="No QTcF in ms after the first dose has a sample within an hour of it.",
    source=("ADPC", "EG"),
    order="The slope; then arms with a dose, rising.",
    missing="A concentration below the limit, and every one on placebo, is 0. Without a control the effect is that of "
    "the slope alone.",
    why_empty=lambda study, frames: without_samples(study, frames) or not_delivered("eg")(frames),
    stub="Slope, dose",
)  # fmt: skip

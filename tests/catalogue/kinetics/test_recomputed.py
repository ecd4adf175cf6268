"""Parameters of the virtual trial, found once more from the transferred files without this package."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import mean, stdev

import pandas as pd
import pytest

from cutbook.catalogue.kinetics import antibodies, exposure
from cutbook.catalogue.kinetics.adpp import parameters
from cutbook.results.engine import compute

PROFILES = 10


def points(raw, subject, visit):
    """Return hours since the dose and concentrations (0 below the limit) of a plasma profile."""
    pc, ex = (raw[name][raw[name]["USUBJID"].eq(subject) & raw[name]["VISITNUM"].eq(visit)] for name in ("pc", "ex"))
    dosed = pd.Timestamp(ex["EXSTDTC"].iloc[0])
    own = pc[pc["PCSPEC"].eq("PLASMA") & pc["PCTPTNUM"].notna()]
    hours = (pd.to_datetime(own["PCDTC"]) - dosed).dt.total_seconds() / 3600
    return sorted(zip(hours, own["PCSTRESN"].fillna(0.0), strict=True))


def by_hand(samples):
    """Return Cmax, Tmax, AUClast and the terminal half-life by the rules that the report states."""
    before = [conc for hour, conc in samples if hour <= 0]
    curve = [(0.0, before[-1] if before else 0.0), *[(hour, conc) for hour, conc in samples if hour > 0]]
    peak = max(conc for _, conc in curve[1:])
    top = next(hour for hour, conc in curve[1:] if conc == peak)
    last = max(hour for hour, conc in curve if conc > 0)
    area = 0.0
    for (t1, c1), (t2, c2) in pairwise([one for one in curve if one[0] <= last]):
        falls = 0 < c2 < c1
        area += (t2 - t1) * ((c1 - c2) / math.log(c1 / c2) if falls else (c1 + c2) / 2)
    return {"CMAX": peak, "TMAX": top, "AUCLST": area, "LAMZHL": half_life([one for one in curve if one[0] > top])}


def half_life(after):
    """Return the half-life of the line of the best adjusted r², more points within 0.0001 of it; None without one."""
    known = [(hour, math.log(conc)) for hour, conc in after if conc > 0]
    fits = []
    for size in range(3, len(known) + 1):
        xs, ys = zip(*known[-size:], strict=True)
        mx, my = mean(xs), mean(ys)
        sxx = sum((x - mx) ** 2 for x in xs)
        sxy = sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True))
        syy = sum((y - my) ** 2 for y in ys)
        fits.append((1 - (1 - sxy**2 / sxx / syy) * (size - 1) / (size - 2), size, sxy / sxx))
    good = [fit for fit in fits if fit[0] > max(fits)[0] - 1e-4 and fit[2] < 0] if fits else []
    return -math.log(2) / max(good, key=lambda fit: fit[1])[2] if good else None


@pytest.mark.slow
def test_ten_profiles_agree_with_a_recomputation_from_the_files(trial, raw):
    known, study = trial
    found = parameters(known, study=study)
    wide = found.pivot_table(index=["USUBJID", "DOSEOCC"], columns="PARAMCD", values="AVAL")
    visits = {1.0: 3.0, 5.0: 11.0}
    chosen = wide.index[:: max(len(wide) // PROFILES, 1)][:PROFILES]
    assert len(chosen) == PROFILES
    for subject, dose in chosen:
        expected = by_hand(points(raw, subject, visits[dose]))
        for code, value in expected.items():
            shown = wide.loc[(subject, dose)].get(code)
            assert shown == pytest.approx(value, rel=1e-9) if value is not None else pd.isna(shown), (subject, code)


@pytest.mark.slow
def test_the_summary_of_parameters_agrees_with_a_recomputation_from_the_files(trial, raw):
    known, study = trial
    results = compute(exposure.summary, known, study)
    own = results[results["variable"].eq("AVAL") & results["parameter"].eq("TOFERSEN-PLASMA")]
    shown = own.set_index(["visit", "level", "group", "statistic"])["value"].to_dict()
    arms = raw["dm"].set_index("USUBJID")["ACTARMCD"].to_dict()
    for dose, visit in (("DOSE1", 3.0), ("DOSE5", 11.0)):
        dosed = raw["ex"][raw["ex"]["VISITNUM"].eq(visit)]["USUBJID"]
        values: dict[tuple[str, str], list[float]] = {}
        for subject in dosed[dosed.map(arms).ne("PBO")]:
            for code, value in by_hand(points(raw, subject, visit)).items():
                if value is not None:
                    values.setdefault((code, arms[subject]), []).append(value)
        for (code, arm), some in values.items():
            place = (dose, code, arm)
            assert shown[(*place, "n")] == len(some)
            assert shown[(*place, "max")] == pytest.approx(max(some), rel=1e-9)
            if code == "TMAX":
                continue
            logs = [math.log(value) for value in some]
            assert shown[(*place, "geomean")] == pytest.approx(math.exp(mean(logs)), rel=1e-9)
            assert shown[(*place, "geocv")] == pytest.approx(100 * math.sqrt(math.expm1(stdev(logs) ** 2)), rel=1e-9)
            assert shown[(*place, "mean")] == pytest.approx(mean(some), rel=1e-9)


@pytest.mark.slow
def test_antibodies_of_the_virtual_trial_are_those_that_the_files_tell_and_that_were_planned(trial, raw):
    known, study = trial
    found = compute(antibodies.incidence, known, study)
    n = found[found["statistic"].eq("n")].set_index(["variable", "group"])["value"].astype(int)
    tested, people = raw["is"], raw["dm"]
    positive = tested[tested["ISSTRESC"].eq("POSITIVE")].merge(people[["USUBJID", "ACTARMCD"]], on="USUBJID")
    before = set(positive.loc[positive["VISITNUM"].eq(3), "USUBJID"])
    formed = positive[~positive["USUBJID"].isin(before)].groupby("ACTARMCD")["USUBJID"].nunique()
    arms = ["TOF20", "TOF40", "TOF60", "TOF100"]
    assert [n["EMERGENT_ADA_BAB", arm] for arm in arms] == [int(formed.get(arm, 0)) for arm in arms] == [0, 2, 2, 4]
    assert (n["EMERGENT_ADA_BAB", "ACTIVE"], n["EVALUABLE_ADA_BAB", "ACTIVE"]) == (8, 38)
    assert (n["PREEXISTING_ADA_BAB", "PBO"], n["PREEXISTING_ADA_BAB", "TOTAL"]) == (1, 1) == (len(before),) * 2

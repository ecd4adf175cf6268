"""What goes with exposure: the marker and results beyond limits, each found once more by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr, t

from catalogue.kinetics.kinetic_trial import study
from cutbook.catalogue.kinetics import response
from cutbook.derive import Frames
from cutbook.results.engine import compute


def values(display, known, own):
    found = compute(display, known, own)
    return found.set_index(["level", "variable", "statistic"])["value"]


def troughs(raw):
    """Return the CSF concentration before the fifth dose of everybody on an active dose, straight from the files."""
    pc, dm = raw["pc"], raw["dm"]
    active = dm.loc[dm["ACTARMCD"].str.startswith("TOF", na=False), "USUBJID"]
    own = pc[pc["PCSPEC"].eq("CEREBROSPINAL FLUID") & pc["VISIT"].eq("DAY 85") & pc["USUBJID"].isin(active)]
    return own.set_index("USUBJID")["PCSTRESN"].dropna()


@pytest.mark.slow
def test_the_marker_by_trough_is_the_line_of_the_logarithms_through_the_values_of_the_files(trial, raw):
    found = values(response.marker, *trial)
    frames, _ = trial
    own = frames.adeff[frames.adeff["PARAMCD"].eq("SOD1") & frames.adeff["AVISITID"].eq("DAY85")]
    ratio = own[own["ANL01FL"].eq("Y") & own["AVAL"].notna()].set_index("USUBJID").eval("AVAL / BASE")
    both = pd.concat([troughs(raw).rename("X"), ratio.rename("Y")], axis="columns", join="inner").dropna()
    x, y = np.log(both["X"]), np.log(both["Y"])
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    rest = y - y.mean() - slope * (x - x.mean())
    error = np.sqrt((rest**2).sum() / (len(x) - 2) / ((x - x.mean()) ** 2).sum())
    ends = slope + np.array([0, -1, 1]) * t.ppf(0.975, len(x) - 2) * error
    at = ("SOD1 TROUGH TOFERSEN-CEREBROSPINAL FLUID", "EXPOSURE")
    assert found[(*at, "n")] == len(both)
    assert [found[(*at, name)] for name in ("diff_pct", "diff_pct_low", "diff_pct_high")] == pytest.approx(
        list(100 * (2**ends - 1)), rel=1e-9
    )
    assert found[(*at, "rho")] == pytest.approx(spearmanr(both["X"], both["Y"]).statistic)


@pytest.mark.slow
def test_quarters_of_exposure_hold_everybody_once_and_those_beyond_are_those_of_the_files(trial, raw):
    found = compute(response.limits, *trial)
    (visit,) = [visit for visit in found["visit"].unique() if "WBC" in visit and "5" in visit and "TROUGH" in visit]
    own = found[found["visit"].eq(visit)].set_index(["level", "variable", "statistic"])["value"]
    levels = troughs(raw)
    lb = white_cells(trial)
    beyond = set(lb.loc[lb["LBSTRESN"].gt(5) & lb["IS_AFTER"], "USUBJID"])
    ranked = levels.sort_values(kind="stable")
    ends = [len(levels) * number // 4 for number in range(5)]
    sizes = [high - low for low, high in pairwise(ends)]
    assert [own[f"Q{number}", "RANGE", "n"] for number in (1, 2, 3, 4)] == sizes
    assert own["Q1", "RANGE", "min"] == ranked.iloc[0]
    assert own["Q4", "RANGE", "max"] == ranked.iloc[-1]
    counted, at = [], 0
    for number in (1, 2, 3, 4):
        size = int(own[f"Q{number}", "RANGE", "n"])
        counted.append(len(beyond & set(ranked.index[at : at + size])))
        at += size
    assert [own[f"Q{number}", "QUARTER", "n"] for number in (1, 2, 3, 4)] == counted


def white_cells(trial):
    """Return white cells of CSF as transferred, with whether they were taken after the first dose."""
    frames, _ = trial
    lb = frames.datasets["lb"]
    own = lb[lb["LBTESTCD"].eq("WBC") & lb["LBSPEC"].eq("CEREBROSPINAL FLUID")]
    first = frames.adsl.set_index("USUBJID")["TRTSDTM"]
    return own.assign(IS_AFTER=pd.to_datetime(own["LBDTC"]).gt(own["USUBJID"].map(first)))


def test_few_participants_have_no_line_and_what_is_not_named_is_said():
    assert response.marker.why_nothing(study(), Frames({"pc": pd.DataFrame()}, study(), "2024-05-01")) == (
        "Not named in the study file: a ratio to baseline that is compared at a visit."
    )

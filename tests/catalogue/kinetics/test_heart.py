"""QTcF by concentration: pairs from the files, and a slope that was put in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cutbook.catalogue.kinetics import heart
from cutbook.catalogue.kinetics.adpp import parameters
from cutbook.parameters.study.kinetics.choices import Choices, Exclusion
from cutbook.results.engine import compute

pytestmark = pytest.mark.slow


def values(display, known, own):
    found = compute(display, known, own)
    return found.set_index(["level", "variable", "statistic"])["value"]


def test_qtcf_stands_beside_the_sample_of_its_hour_from_the_files(trial, raw):
    frames, own = trial
    found = heart.matched(frames, study=own)
    eg, pc, dm = raw["eg"], raw["pc"], raw["dm"]
    qtcf = eg[eg["EGTESTCD"].eq("QTCFAG")]
    before = qtcf[qtcf["VISIT"].eq("DAY 1") & qtcf["EGTPT"].eq("PRE-DOSE")].set_index("USUBJID")["EGSTRESN"]
    later = qtcf[qtcf["EGTPT"].eq("4 H POST-DOSE") & qtcf["VISIT"].eq("DAY 1")].set_index("USUBJID")["EGSTRESN"]
    plasma = pc[pc["PCSPEC"].eq("PLASMA") & pc["VISIT"].eq("DAY 1") & pc["PCTPT"].eq("4 H POST-DOSE")]
    active = dm.loc[dm["ACTARMCD"].str.startswith("TOF", na=False), "USUBJID"]
    levels = plasma.set_index("USUBJID")["PCSTRESN"].where(lambda one: one.index.isin(active), 0.0).fillna(0.0)
    first = found[found["VISIT"].eq("DAY 1")].set_index("USUBJID")
    assert len(first) == len(later) == 50
    assert first["CHANGE"].sort_index().tolist() == (later - before).sort_index().tolist()
    assert first["CONC"].sort_index().tolist() == levels.sort_index().tolist()


def test_a_sample_excluded_by_hand_stands_beside_no_qtcf(trial):
    frames, own = trial
    pairs = heart.matched(frames, study=own)
    person = pairs.loc[pairs["VISIT"].eq("DAY 1") & pairs["CONC"].gt(0), "USUBJID"].iloc[0]
    decided = Exclusion(
        participant=person, matrix="Plasma", dose=1, time=4, reason="Clotted", by="A. Reviewer", date="2024-02-01"
    )
    rules = own.pharmacokinetics.model_copy(update={"choices": Choices(exclusions=[decided])})
    without = heart.matched(frames, study=own.model_copy(update={"pharmacokinetics": rules}))
    gone = pairs.merge(without, on=["USUBJID", "VISIT"], how="left", indicator=True)
    assert gone.loc[gone["_merge"].eq("left_only"), ["USUBJID", "VISIT"]].to_numpy().tolist() == [[person, "DAY 1"]]


def test_the_effect_at_the_mean_peak_is_that_of_the_model(trial):
    frames, own = trial
    found = values(heart.qtcf, frames, own)
    table = parameters(frames, study=own)
    peaks = table[table["PARAMCD"].eq("CMAX") & table["TRT01A"].eq("Tofersen 100 mg")]
    means = np.exp(np.log(peaks["AVAL"]).groupby(peaks["DOSEOCC"]).mean())
    assert found["PEAK TOF100", "QTCF", "geomean"] == pytest.approx(means.max())
    low, high = (found["PEAK TOF100", "QTCF", f"response_{end}"] for end in ("low", "high"))
    assert low < found["PEAK TOF100", "QTCF", "response"] < high < 10
    assert found["PEAK TOF100", "VERDICT", "verdict"] == 0
    # The difference of two effects is the slope times that of the peaks.
    step = found["PEAK TOF100", "QTCF", "geomean"] - found["PEAK TOF20", "QTCF", "geomean"]
    assert found["PEAK TOF100", "QTCF", "response"] - found["PEAK TOF20", "QTCF", "response"] == pytest.approx(
        found["SLOPE", "QTCF", "response"] * step
    )


def test_a_slope_that_was_put_in_is_found_again(trial, monkeypatch):
    frames, own = trial
    numbers = np.random.default_rng(1)
    people = np.repeat([f"S{number}" for number in range(40)], 3)
    conc = np.where(np.arange(120) < 30, 0.0, numbers.uniform(100, 900, 120))
    shift = np.repeat(numbers.normal(0, 4, 40), 3)
    data = pd.DataFrame(
        {
            "USUBJID": people, "KEY": "dm/x", "ACTIVE": np.where(conc > 0, "Y", "N"), "CONC": conc,
            "VISIT": np.tile(["DAY 1", "DAY 29", "DAY 85"], 40), "BASE": np.repeat(numbers.normal(410, 10, 40), 3),
            "CHANGE": 0.02 * conc + shift + numbers.normal(0, 1, 120),
        }
    )  # fmt: skip
    monkeypatch.setattr(heart, "matched", lambda *_, **__: data)
    table = heart._qtcf(frames, study=own).set_index(["level", "statistic"])["value"]
    assert table["SLOPE", "response"] == pytest.approx(0.02, abs=0.001)
    assert table["SLOPE", "response_low"] < 0.02 < table["SLOPE", "response_high"]
    assert table["PEAK TOF100", "verdict"] == 1

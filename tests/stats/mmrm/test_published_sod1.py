"""The demonstration trial was drawn so that this model gives the twelve published integers."""

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.mmrm import mmrm

VISITS = ["d15", "d29", "d57", "d85", "d106", "d169"]
PUBLISHED = [[2, -18, 27], [-25, -40, -5], [-19, -35, 2], [-33, -47, -16]]


@pytest.fixture(scope="module")
def ratios(shared):
    people = pd.read_csv(shared / "spec/virtual-trial-sod1.csv").rename_axis("ID").reset_index()
    long = people.melt(["ID", "dose", "base"], VISITS, var_name="VISIT")
    return pd.DataFrame({
        "ID": long["ID"], "VISIT": pd.Categorical(long["VISIT"], VISITS), "LOGBASE": np.log(long["base"]),
        "ARM": pd.Categorical(long["dose"].astype(int).astype(str), ["0", "20", "40", "60", "100"]),
        "CHANGE": np.log(long["value"] / long["base"]),
    })  # fmt: skip


@pytest.mark.parametrize("df", ["satterthwaite", "kenward_roger_linear"])
def test_differences_from_placebo_in_percent_at_day_85(ratios, df):
    found = mmrm(ratios, "CHANGE ~ ARM * VISIT + LOGBASE * VISIT", subject="ID", visit="VISIT", df=df)
    rows = found.contrasts("ARM", "0", by=["VISIT"]).query("VISIT == 'd85'")
    assert rows["ARM"].tolist() == ["20", "40", "60", "100"]
    percent = 100 * np.expm1(rows[["estimate", "ci_low", "ci_high"]])
    assert percent.round().to_numpy().tolist() == PUBLISHED
    assert rows["df"].between(42.9, 43.9).all()


def test_second_derivatives_take_away_from_the_standard_errors_of_a_small_trial(ratios):
    model = {"formula": "CHANGE ~ ARM * VISIT + LOGBASE * VISIT", "subject": "ID", "visit": "VISIT"}
    linear, second = (
        mmrm(ratios, df=df, **model).contrasts("ARM", "0") for df in ("kenward_roger_linear", "kenward_roger")
    )
    assert (second["se"] / linear["se"]).between(0.95, 0.97).all()

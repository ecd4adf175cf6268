from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.stats import t

from virtual_trial.facts import fact, tagged

ARMS = ("PBO", "TOF20", "TOF40", "TOF60", "TOF100")
ACTIVE = ARMS[1:]
DAY_1, DAY_85 = 3.0, 11.0

Final = Callable[[str], pd.DataFrame]


def sod1_differences(lb: pd.DataFrame, arms: pd.Series) -> dict[str, list[float]]:
    """Return estimate and 95 % limits of each dose against placebo, percentage points, by ANCOVA of the log ratio."""
    rows = lb[(lb["LBTESTCD"] == "SOD1") & (lb["LBSPCCND"] == "")].drop_duplicates(["USUBJID", "VISITNUM"])
    wide = rows.pivot_table(index="USUBJID", columns="VISITNUM", values="LBSTRESN").dropna(subset=[DAY_1, DAY_85])
    base, arm = np.log(wide[DAY_1].to_numpy()), arms[wide.index]
    design = np.column_stack([np.ones(len(wide)), base, *[(arm == code).to_numpy(float) for code in ACTIVE]])
    outcome = np.log(wide[DAY_85].to_numpy()) - base
    estimate, residual, _, _ = np.linalg.lstsq(design, outcome, rcond=None)
    df = len(wide) - design.shape[1]
    error = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * residual[0] / df)
    half = t.ppf(0.975, df) * error
    limits = np.column_stack([estimate, estimate - half, estimate + half])[2:]
    return {code: list(100 * (np.exp(row) - 1)) for code, row in zip(ACTIVE, limits, strict=True)}


def arms_of(dm: pd.DataFrame) -> pd.Series:
    return dm.set_index("USUBJID")["ACTARMCD"]


def test_the_ancova_of_sod1_gives_the_twelve_published_integers(final: Final) -> None:
    found = sod1_differences(final("lb"), arms_of(final("dm")))
    assert {code: [round(value) for value in row] for code, row in found.items()} == fact("sod1.published")


def test_no_published_integer_depends_on_how_halves_are_rounded(final: Final) -> None:
    found = sod1_differences(final("lb"), arms_of(final("dm")))
    assert min(abs(value % 1 - 0.5) for row in found.values() for value in row) > 0.05


def test_the_soft_lock_does_not_yet_give_the_published_integers(read: Callable[[str, str], pd.DataFrame]) -> None:
    found = sod1_differences(read("SL", "lb"), arms_of(read("SL", "dm")))
    assert {code: [round(value) for value in row] for code, row in found.items()} != fact("sod1.published")


def test_fifty_are_randomised_to_the_published_arms(final: Final) -> None:
    expected = {arm["code"]: arm["participants"] for arm in fact("arms")}
    assert final("dm").query("ARMCD != ''")["ARMCD"].value_counts().to_dict() == expected
    assert (final("ds")["DSDECOD"] == "RANDOMIZED").sum() == fact("randomised")


def test_247_injections_are_given_and_48_people_have_all_five(final: Final) -> None:
    doses = final("ex").groupby("USUBJID").size()
    assert doses.sum() == fact("injections")
    assert (doses == 5).sum() == fact("completed_all_doses")


def test_three_die_on_the_published_days(final: Final) -> None:
    dead = final("dm").query("DTHFL == 'Y'")
    first = pd.to_datetime(dead["RFSTDTC"].str[:10])
    days = (pd.to_datetime(dead["DTHDTC"]) - first).dt.days + 1
    assert dict(zip(dead["ARM_"], days, strict=True)) == {"PBO": 52, "TOF60": 137, "TOF40": 152}


@pytest.mark.parametrize("source", ["ae.published_counts", "ae.csf_counts", "ae.assumed_counts"])
def test_adverse_events_have_the_asked_number_of_participants(final: Final, source: str) -> None:
    ae = final("ae")
    for term, expected in fact(source).items():
        counts = ae[ae["AEDECOD"] == term].groupby("ARM_")["USUBJID"].nunique().reindex(ARMS, fill_value=0)
        assert counts.tolist() == expected, term


def test_the_calibrated_events_begin_after_the_first_dose_and_within_28_days_of_the_last(final: Final) -> None:
    ae, dm = final("ae"), final("dm").set_index("USUBJID")
    published = ae[ae["AEDECOD"].isin(fact("ae.published_counts"))]
    start = pd.to_datetime(published["AESTDTC"].str[:10])
    last = pd.to_datetime(published["USUBJID"].map(dm["RFXENDTC"]).str[:10])
    assert (published["AESTDY"] >= 1).all()
    assert ((start - last).dt.days <= 28).all()


def test_every_participant_has_an_event_and_the_asked_number_a_puncture_related_one(final: Final) -> None:
    assert final("ae")["USUBJID"].nunique() == 50
    flagged = final("suppae").query("QNAM == 'AELPREL' and QVAL == 'Y'")
    assert flagged.groupby("ARM_")["USUBJID"].nunique().reindex(ARMS).tolist() == fact("ae.puncture_related")


def test_two_under_placebo_and_six_under_tofersen_have_a_serious_event(final: Final) -> None:
    counts = final("ae").query("AESER == 'Y'").groupby("ARM_")["USUBJID"].nunique().reindex(ARMS)
    assert counts.tolist() == [2, 2, 1, 2, 1]


def test_the_serious_csf_pair_is_one_participant_under_60_mg(final: Final) -> None:
    serious = final("ae").query("AESER == 'Y'")
    pair = serious[serious["AEDECOD"].str.startswith("CSF")]
    assert sorted(pair["AEDECOD"]) == ["CSF protein increased", "CSF white blood cell count increased"]
    assert len(set(pair["USUBJID"])) == 1
    assert set(pair["ARM_"]) == {"TOF60"}
    assert set(pair["AESTDY"]) == {71.0}


def test_the_alsfrs_sums_of_day_85_are_as_asked(final: Final) -> None:
    total = final("qs").query("QSTESTCD == 'ALSFR1TT'")
    wide = total.pivot_table(index=["ARM_", "USUBJID"], columns="VISITNUM", values="QSSTRESN")
    change = (wide[DAY_85] - wide[DAY_1]).dropna().groupby("ARM_").agg(["sum", "count"])
    expected = {arm: values[:2] for arm, values in fact("alsfrs.day_85_change").items()}
    assert {arm: [row["sum"], row["count"]] for arm, row in change.iterrows()} == expected
    assert expected["PBO"] == [-58, 11]
    assert expected["TOF100"] == [-10, 9]


def test_nine_under_tofersen_have_raised_csf_cells_and_five_above_ten(final: Final) -> None:
    lb = final("lb")
    cells = lb[(lb["LBTESTCD"] == "WBC") & (lb["LBSPEC"] == "CEREBROSPINAL FLUID")]
    peak = cells.groupby(["ARM_", "USUBJID"])["LBSTRESN"].max()
    assert (peak.drop("PBO") > 5).sum() == 9
    assert (peak.drop("PBO") > 10).sum() == 5
    assert (peak["PBO"] <= 5).all()


def test_csf_protein_rises_above_the_limit_in_the_asked_shares(final: Final) -> None:
    lb = final("lb")
    protein = lb[(lb["LBTESTCD"] == "PROT") & (lb["LBSPEC"] == "CEREBROSPINAL FLUID")]
    high = protein.groupby(["ARM_", "USUBJID"])["LBNRIND"].agg(lambda values: (values == "HIGH").any())
    assert high.drop("PBO").sum() == 17
    assert high["PBO"].sum() == 4


def test_treatment_emergent_antibodies_follow_the_plan(final: Final) -> None:
    positive = final("is").query("ISORRES == 'POSITIVE'")
    first = positive.groupby(["ARM_", "USUBJID"])["VISITNUM"].min()
    after = first[first > DAY_1].groupby("ARM_").size().to_dict()
    assert after == {"TOF40": 2, "TOF60": 2, "TOF100": 4}
    assert first[first == DAY_1].index.get_level_values("ARM_").tolist() == ["PBO"]


def test_vital_capacity_and_neurofilament_change_by_about_the_assumed_means(final: Final) -> None:
    svc = (
        final("re")
        .query("RETESTCD == 'SVCPP'")
        .pivot_table(index=["ARM_", "USUBJID"], columns="VISITNUM", values="RESTRESN")
    )
    change = (svc[DAY_85] - svc[DAY_1]).groupby("ARM_").mean()
    lb = final("lb").query("LBTESTCD == 'NFHP' and LBSPEC == 'PLASMA'")
    pnfh = np.log(lb.pivot_table(index=["ARM_", "USUBJID"], columns="VISITNUM", values="LBSTRESN"))
    ratio = np.exp((pnfh[DAY_85] - pnfh[DAY_1]).groupby("ARM_").mean())
    for arm in ARMS:
        assert change[arm] == pytest.approx(fact("svc.day_85_change")[arm][0], abs=1.2)
        assert ratio[arm] == pytest.approx(fact("pnfh.day_85_ratio")[arm], abs=0.02)


def test_every_fact_has_a_tag_and_published_ones_a_source() -> None:
    loaded = yaml.safe_load(files("virtual_trial").joinpath("facts.yaml").read_text("utf-8"))
    assert {entry["tag"] for entry in loaded["facts"].values()} == {"P", "M", "A"}
    for name in tagged("P"):
        assert loaded["facts"][name]["source"].split()[0] in loaded["sources"], name

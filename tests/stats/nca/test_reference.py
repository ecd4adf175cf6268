"""Every reference case: PKNCA 0.12.1 and NonCompart 0.8.0, and literally where we part from them."""

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.nca import NcaOptions, nca, nca_parameters

METHODS = {
    "lin up/log down": "linear_up_log_down", "linear": "linear", "lin-log": "log", "Log": "linear_up_log_down",
    "Linear": "linear",
}  # fmt: skip
CASES = (
    # reference, samples of, options
    ("theoph/pknca.csv", "theoph", {}),
    ("theoph/noncompart.csv", "theoph", {}),
    ("theoph_partial_auc/pknca_0_8.csv", "theoph", {"intervals": ((0, 8),)}),
    ("indometh_extravascular_time0/pknca.csv", "indometh_extravascular_time0", {}),
    ("indometh_extravascular_time0/noncompart.csv", "indometh_extravascular_time0", {}),
    ("pilot_pc_first20/pknca.csv", "pilot_pc_first20", {}),
    ("pilot_pc_first20/noncompart.csv", "pilot_pc_first20", {"to_zero": "none"}),
    ("blq_default/pknca.csv", "blq_default", {}),
    ("blq_default/noncompart.csv", "blq_default", {"blq_middle": "keep", "to_zero": "none", "lag": "last_zero"}),
    ("blq_drop_last/pknca.csv", "blq_drop_last", {"blq_first": 0, "blq_last": "drop"}),
    ("blq_half_lloq_mid/pknca.csv", "blq_half_lloq_mid", {"blq_first": 0, "blq_middle": 0.5, "blq_last": "drop"}),
    ("nasty_dev/pknca.csv", "nasty_dev", {"start_value": "missing"}),
    (
        "nasty_dev/noncompart.csv",
        "nasty_dev",
        {
            "start_value": "zero", "blq_middle": "keep", "to_zero": "none", "lag": "last_zero", "duplicates": "keep",
            "all_blq": "missing",
        },
    ),
    ("steady_state_dev/pknca.csv", "steady_state_dev", {"intervals": ((0, 24), (144, 168)), "across_doses": True}),
)  # fmt: skip
PARTINGS = {
    "theoph_partial_auc/pknca_0_8.csv": {(person, "aucint.inf.pred") for person in ("7", "10", "12")},
    "nasty_dev/pknca.csv": {("predose_negative_time", "tlag")},
    "steady_state_dev/pknca.csv": {(str(person), "swing") for person in range(1, 7)}
    | {(str(person), "cstart") for person in range(1, 7)}
    | {(str(person), code) for person in (1, 2, 4, 5) for code in ("ctrough", "ptr")},
    "nasty_dev/noncompart.csv": {("all_blq", "TMAX")}
    | {(person, "LAMZNPT") for person in ("single_point", "all_blq", "one_quantifiable", "no_terminal")},
}
"""Person and parameter where no option repeats what the reference chose; docs/statistics.md says why."""


def compared(folder, reference, samples, options):
    """Return the rows of a reference beside ours: id, parameter of the reference, theirs, ours, reason."""
    name = "noncompart" if "noncompart" in reference else "pknca"
    by = "down" if name == "noncompart" else "method"
    read = {"dtype": {"id": "str"}, "keep_default_na": False, "na_values": ["NA", "NaN"]}
    theirs = pd.read_csv(folder / reference, **read)
    conc, dose = (pd.read_csv(folder / samples / f"{what}.csv", **read) for what in ("conc", "dose"))
    theirs = theirs if by in theirs else theirs.assign(**{by: "lin up/log down"})
    codes = nca_parameters()[["code", name]].rename(columns={"code": "parameter", name: "theirs"})
    parts = []
    for method, rows in theirs.groupby(by):
        ours = nca(conc, dose, options=NcaOptions(auc_method=METHODS[method], **options)).merge(codes, on="parameter")
        keys = ["id", "theirs", *(["start", "end"] if "start" in rows else [])]
        rows = rows.rename(columns={"parameter": "theirs"})
        ours = ours[ours["theirs"] != ""].rename(columns={"value": "ours"}).drop(columns="parameter")
        parts.append(rows.merge(ours, on=keys, how="left", validate="one_to_one"))
    return pd.concat(parts)


@pytest.mark.parametrize(("reference", "samples", "options"), CASES, ids=[case[0] for case in CASES])
def test_values_agree_with_the_reference_and_differ_only_where_it_is_said(shared, reference, samples, options):
    rows = compared(shared / "reference/nca", reference, samples, options)
    rows = rows[~rows["theirs"].isin(["b0"])]
    close = np.isclose(rows["ours"], rows["value"], rtol=1e-9, atol=0, equal_nan=True)
    parted = PARTINGS.get(reference, set())
    predose = (rows["id"] == "predose_negative_time") & ("noncompart" in reference)
    odd = set(rows.loc[~close & ~predose, ["id", "theirs"]].itertuples(index=False, name=None))
    assert odd == parted
    assert len(rows) > 290


def test_noncompart_pairs_a_zero_at_time_zero_with_a_sample_before_it_and_we_do_not(shared):
    """Its area runs from 0 back to -0.5 and forth again, 406.4; by hand the curve from 0 to 24 has 403.9."""
    rows = compared(shared / "reference/nca", *CASES[12][:2], CASES[12][2])
    chosen = rows[(rows["id"] == "predose_negative_time") & (rows["theirs"] == "AUCLST") & (rows["down"] == "Linear")]
    by_hand = np.trapezoid([0, 10, 30, 55, 42, 30, 21, 11, 2.5], [0, 0.5, 1, 2, 4, 6, 8, 12, 24])
    assert chosen[["value", "ours"]].to_numpy().tolist() == [[422.5, by_hand]]


def test_accumulation_agrees_with_pknca_where_it_interpolates_across_doses(shared):
    folder = shared / "reference/nca/steady_state_dev"
    conc, dose, theirs = (pd.read_csv(folder / f"{name}.csv") for name in ("conc", "dose", "accumulation"))
    options = NcaOptions(intervals=((0, 24), (144, 168)), across_doses=True)
    ours = nca(conc, dose, options=options).pivot_table(index=["id", "start"], columns="parameter", values="value")
    ours = ours.xs(144, level="start")
    np.testing.assert_allclose(ours["ARAUCINT"], theirs["rac_auc"], rtol=1e-12)
    np.testing.assert_allclose(ours["ARCMAX"], theirs["rac_cmax"], rtol=1e-12)


def test_by_default_a_dose_ends_what_the_interval_before_it_knows(shared):
    """The last sample of day 1 of participant 3 is at 23.5 h, the next at 144 h, after six doses."""
    folder = shared / "reference/nca/steady_state_dev"
    conc, dose = (pd.read_csv(folder / f"{name}.csv") for name in ("conc", "dose"))
    found = nca(conc, dose, options=NcaOptions(intervals=((0, 24), (144, 168))))
    values = found[(found["id"] == 3) & (found["start"] == 0)].set_index("parameter")["value"]
    rate, last = values["LAMZ"], values["CLST"]
    assert values["AUCINT"] == values["AUCLST"]
    assert values["AUCTAU"] == pytest.approx(values["AUCLST"] + last * (1 - np.exp(-rate * 0.5)) / rate, rel=1e-12)


@pytest.mark.slow
def test_the_defaults_agree_with_both_packages_wherever_they_agree_with_each_other(shared):
    folder = shared / "reference/nca"
    for case in ("theoph", "indometh_extravascular_time0", "pilot_pc_first20", "blq_default", "nasty_dev"):
        pair = [compared(folder, f"{case}/{name}.csv", case, {}) for name in ("pknca", "noncompart")]
        codes = nca_parameters().query("pknca != ''").drop_duplicates("pknca").set_index("pknca")["code"]
        left = pair[0].assign(code=pair[0]["theirs"].map(codes), how=pair[0]["method"].map(METHODS))
        right = pair[1].assign(code=pair[1]["theirs"], how=pair[1]["down"].map(METHODS))
        both = left.merge(right, on=["id", "code", "how"], suffixes=("", "_other"))
        agree = both[np.isclose(both["value"], both["value_other"], rtol=1e-9, atol=0)]
        assert len(agree) > 60
        np.testing.assert_allclose(agree["ours"], agree["value"], rtol=1e-9, err_msg=case)

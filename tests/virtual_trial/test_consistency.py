from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from virtual_trial.facts import fact
from virtual_trial.visits import is_working_day

Final = Callable[[str], pd.DataFrame]
FINDINGS = ("lb", "vs", "eg", "pc", "qs", "re", "is", "mk", "pe")


def ordinals(text: pd.Series) -> pd.Series:
    return pd.to_datetime(text.str[:10]).map(pd.Timestamp.toordinal)


def test_the_three_deaths_agree_across_dm_ae_ds_and_dd(final: Final) -> None:
    dm = final("dm").query("DTHFL == 'Y'").set_index("USUBJID")["DTHDTC"].sort_index()
    ae = final("ae").query("AESDTH == 'Y'").set_index("USUBJID").sort_index()
    ds = final("ds").query("DSDECOD == 'DEATH'").set_index("USUBJID").sort_index()
    dd = final("dd").query("DDTESTCD == 'PRCDTH'").set_index("USUBJID").sort_index()
    assert len(dm) == 3
    assert dm.to_dict() == ae["AEENDTC"].to_dict() == ds["DSSTDTC"].to_dict() == dd["DDDTC"].to_dict()
    assert set(ae["AEOUT"]) == {"FATAL"}
    assert ae["AEDECOD"].str.upper().to_dict() == dd["DDSTRESC"].to_dict()
    assert sorted(dd["DDSTRESC"]) == sorted(fact("deaths.causes"))


def test_nothing_but_the_report_of_a_death_comes_after_it(final: Final) -> None:
    died = final("dm").query("DTHFL == 'Y'").set_index("USUBJID")["DTHDTC"]
    for name in (*FINDINGS, "ex", "sv"):
        frame = final(name)
        column = next(c for c in frame.columns if c.endswith("DTC") and not c.endswith(("ENDTC", "RFTDTC")))
        rows = frame[frame["USUBJID"].isin(died.index)]
        assert (rows[column].str[:10] < rows["USUBJID"].map(died)).all(), name


def test_placebo_never_has_an_active_dose_and_tofersen_always_its_own(final: Final) -> None:
    ex = final("ex")
    doses = {arm["code"]: float(arm["dose"]) for arm in fact("arms")}
    assert (ex["EXDOSE"] == ex["ARM_"].map(doses)).all()
    assert (ex["EXTRT"] == ex["ARM_"].map(lambda arm: "PLACEBO" if arm == "PBO" else "TOFERSEN")).all()


def test_placebo_concentrations_are_all_below_the_limit_at_the_end(final: Final) -> None:
    pc = final("pc").query("ARM_ == 'PBO'")
    assert set(pc["PCSTRESC"]) == {"<0.5"}
    assert pc["PCSTRESN"].isna().all()


def test_a_concentration_is_a_number_at_or_above_the_limit_or_the_text_below_it(final: Final) -> None:
    pc = final("pc").query("PCSTAT == ''")
    numbers = pc["PCSTRESN"].dropna()
    assert (numbers >= 0.5).all()
    assert (pc.loc[numbers.index, "PCSTRESC"].astype(float) == numbers).all()
    assert set(pc.loc[pc["PCSTRESN"].isna(), "PCORRES"]) == {"<0.5"}
    assert set(pc["PCLLOQ"]) == {0.5}


def test_pre_dose_samples_are_drawn_before_the_dose_and_the_others_after(final: Final) -> None:
    timed = final("pc").query("PCRFTDTC != ''")
    drawn, dosed = pd.to_datetime(timed["PCDTC"]), pd.to_datetime(timed["PCRFTDTC"])
    is_before = timed["PCTPTNUM"] == 0
    assert (drawn[is_before] < dosed[is_before]).all()
    assert (drawn[~is_before] > dosed[~is_before]).all()
    deviation = (drawn - dosed).dt.total_seconds() / 3600 - timed["PCTPTNUM"]
    assert deviation[~is_before].abs().max() < 1.5


def test_every_dose_has_a_csf_sample_just_before_it(final: Final) -> None:
    csf = final("pc").query("PCSPEC == 'CEREBROSPINAL FLUID' and PCRFTDTC != ''")
    assert len(csf) == fact("injections")
    assert set(csf["PCRFTDTC"]) == set(final("ex")["EXSTDTC"])


def test_screen_failures_have_no_arm_no_dose_and_no_laboratory_data(final: Final) -> None:
    failed = final("dm").query("ARMNRS == 'SCREEN FAILURE'")
    assert len(failed) == fact("screen_failures")
    assert set(failed["ARMCD"]) == {""}
    for name in ("ex", "lb", "vs", "ae", "pc"):
        assert not final(name)["USUBJID"].isin(failed["USUBJID"]).any()


def test_csf_events_begin_when_the_first_high_sample_was_drawn(final: Final) -> None:
    lb, ae = final("lb").query("LBSPEC == 'CEREBROSPINAL FLUID' and LBNRIND == 'HIGH'"), final("ae")
    for term, code, floor in (
        ("CSF white blood cell count increased", "WBC", 11),
        ("CSF protein increased", "PROT", 60),
    ):
        events = ae[ae["AEDECOD"] == term].set_index("USUBJID")["AESTDTC"]
        high = lb[(lb["LBTESTCD"] == code) & (lb["LBSTRESN"] > floor)].groupby("USUBJID")["LBDTC"].min()
        assert events.sort_index().to_dict() == high.sort_index().to_dict()


def test_csf_events_are_resolved_only_by_a_normal_sample(final: Final) -> None:
    lb, ae = final("lb").query("LBSPEC == 'CEREBROSPINAL FLUID'"), final("ae")
    ended = ae[ae["AEDECOD"].str.startswith("CSF") & (ae["AEENDTC"] != "")]
    for event in ended.itertuples():
        code = "WBC" if "white" in event.AEDECOD else "PROT"
        day = lb[(lb["USUBJID"] == event.USUBJID) & (lb["LBTESTCD"] == code) & (lb["LBDTC"].str[:10] == event.AEENDTC)]
        assert day["LBNRIND"].tolist() == ["NORMAL"]
    open_ = ae[ae["AEDECOD"].str.startswith("CSF") & (ae["AEENDTC"] == "")]
    assert set(open_["AEOUT"]) <= {"RECOVERING/RESOLVING"}


def test_blood_events_lie_on_a_raised_result(final: Final) -> None:
    ae, lb = final("ae"), final("lb").query("LBSPEC == 'SERUM' and LBNRIND == 'HIGH'")
    pairs = {"Blood creatine phosphokinase increased": "CK", "Alanine aminotransferase increased": "ALT"}
    events = ae[ae["AEDECOD"].isin(pairs)]
    found = events.assign(LBTESTCD=events["AEDECOD"].map(pairs), LBDTC=events["AESTDTC"])
    assert len(found.merge(lb, on=["USUBJID", "LBTESTCD", "LBDTC"])) == len(events) > 0


def test_clinic_visits_fall_on_working_days(final: Final) -> None:
    sv = final("sv")
    clinic = sv[~sv["VISIT"].isin(["DAY 8", "DAY 16", "DAY 43", "DAY 148"])]
    assert ordinals(clinic["SVSTDTC"]).map(is_working_day).all()


def test_visits_lie_in_their_windows_but_for_the_deviations_recorded(final: Final) -> None:
    windows = {float(row[0]): (row[3], row[4]) for row in fact("schedule") if row[4] > row[3] and row[0] > 2}
    sv = final("sv")
    sv = sv[sv["VISITNUM"].isin(windows) & (sv["SVSTDY"] > 0)]
    low, high = (sv["VISITNUM"].map({number: limits[k] for number, limits in windows.items()}) for k in (0, 1))
    outside = sv[(sv["SVSTDY"] < low) | (sv["SVSTDY"] > high)]
    assert sorted(outside["USUBJID"]) == sorted(final("dv")["USUBJID"])


def test_day_85_csf_is_drawn_on_study_days_78_to_92(final: Final) -> None:
    sod1 = final("lb").query("LBTESTCD == 'SOD1' and VISITNUM == 11")
    assert sod1["LBDY"].between(78, 92).all()


@pytest.mark.parametrize("name", ["ae", "lb", "cm", "ex", "vs", "qs", "pc", "ds", "mh", "eg"])
def test_sequence_numbers_are_unique_within_a_participant(final: Final, name: str) -> None:
    assert not final(name).duplicated(["USUBJID", f"{name.upper()}SEQ"]).any()


def test_epochs_follow_the_dates(final: Final) -> None:
    lb = final("lb")
    assert set(lb.loc[lb["LBDY"] < 0, "EPOCH"]) == {"SCREENING"}
    assert set(lb.loc[lb["VISITNUM"] == 11, "EPOCH"]) == {"TREATMENT"}
    assert set(lb.loc[lb["VISITNUM"] == 17, "EPOCH"]) == {"FOLLOW-UP"}


def test_the_alsfrs_total_is_the_sum_of_its_items(final: Final) -> None:
    qs = final("qs").query("QSCAT == 'ALSFRS-R' and QSSTAT == ''")
    is_total = qs["QSTESTCD"] == "ALSFR1TT"
    totals = qs[is_total].set_index(["USUBJID", "VISITNUM"])["QSSTRESN"]
    items = qs[~is_total].groupby(["USUBJID", "VISITNUM"])["QSSTRESN"].agg(["sum", "count"])
    complete = items[items["count"] == 12]["sum"]
    assert complete.reindex(totals.index).equals(totals.rename("sum"))
    assert qs.loc[~is_total, "QSSTRESN"].between(0, 4).all()


def test_qtcf_follows_from_qt_and_rr(final: Final) -> None:
    eg = final("eg").pivot_table(index=["USUBJID", "EGDTC"], columns="EGTESTCD", values="EGSTRESN")
    expected = eg["QTAG"] / (eg["RRAG"] / 1000) ** (1 / 3)
    assert (expected - eg["QTCFAG"]).abs().max() <= 0.5


def test_laboratory_values_are_plausible(final: Final) -> None:
    lb = final("lb").query("LBNAM == 'CENTRAL LABORATORY' and LBSTRESN == LBSTRESN")
    limits = {
        "HGB": (95, 190), "PLAT": (100, 550), "CREAT": (25, 120), "K": (3.2, 5.6), "SODIUM": (132, 149),
        "ALT": (4, 200), "BILI": (2, 30), "INR": (0.8, 1.3), "ALB": (30, 55),
    }  # fmt: skip
    blood = lb[lb["LBSPEC"] != "CEREBROSPINAL FLUID"]
    for code, (low, high) in limits.items():
        assert blood.loc[blood["LBTESTCD"] == code, "LBSTRESN"].between(low, high).all(), code
    wide = blood.pivot_table(index=["USUBJID", "LBDTC"], columns="LBTESTCD", values="LBSTRESN")
    assert (wide["NEUT"] + wide["LYM"] < wide["WBC"]).all()
    assert wide[["HGB", "HCT"]].corr().iloc[0, 1] > 0.7
    assert wide[["ALT", "AST"]].corr().iloc[0, 1] > 0.5


def test_reported_results_convert_to_the_standard_ones(final: Final) -> None:
    lb = final("lb").query("LBTESTCD == 'PROT' and LBORRESU == 'g/L'")
    assert (lb["LBORRES"].astype(float) * 100).round(6).equals(lb["LBSTRESN"].rename("LBORRES"))


def test_every_medicine_for_an_event_begins_with_it(final: Final) -> None:
    cm, ae = final("cm"), final("ae")
    given = cm[cm["CMSPID"].str.startswith("CE")]
    joined = given.assign(AESPID=given["CMSPID"].str[1:]).merge(ae, on=["USUBJID", "AESPID"])
    assert len(joined) == len(given) > 50
    assert (joined["CMSTDTC"] == joined["AESTDTC"].str[:10]).all()


def test_related_records_exist(final: Final) -> None:
    relrec = final("relrec")
    for name in ("ae", "cm", "lb", "dd"):
        frame = final(name)
        keys = set(zip(frame["USUBJID"], frame[f"{name.upper()}SEQ"].map("{:.0f}".format), strict=True))
        named = relrec[relrec["RDOMAIN"] == name.upper()]
        assert set(zip(named["USUBJID"], named["IDVARVAL"], strict=True)) <= keys
    assert (relrec.groupby(["USUBJID", "RELID"]).size() == 2).all()

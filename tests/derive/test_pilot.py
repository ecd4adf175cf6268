"""The pilot study: counts of its official ADaM, and numbers of the tables published with it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cutbook.data.cutting.cut import apply_cut
from cutbook.derive import derive_adae, derive_adeff, derive_adpc, derive_adsl, derive_findings

ARMS = ("Placebo", "Xanomeline Low Dose", "Xanomeline High Dose")
SEEN = {"sd": "std", "n": "count"}


@pytest.fixture(scope="module")
def reference(shared):
    """Return a reader of the reference tables, index of the first two columns."""
    return lambda name: pd.read_csv(shared / "reference" / "pilot_tables" / f"{name}.csv", index_col=[0, 1])


@pytest.fixture(scope="module")
def emergent(pilot):
    """Return the treatment-emergent events of the safety population."""
    return pilot.adae[pilot.adae["SAFFL"].eq("Y") & pilot.adae["TRTEMFL"].eq("Y")]


def by_arm(frame, flag="SAFFL"):
    return frame[frame[flag].eq("Y")].groupby("TRT01A")


@pytest.mark.parametrize("variable", ["AGE", "HEIGHTBL", "WEIGHTBL", "BMIBL", "MMSETOT"])
@pytest.mark.parametrize("statistic", ["n", "mean", "sd", "median", "min", "max"])
def test_continuous_characteristics_equal_the_reference(pilot, reference, variable, statistic):
    expected = reference("demographics_continuous").loc[variable, statistic]
    found = by_arm(pilot.adsl)[variable].agg(SEEN.get(statistic, statistic))
    assert found.to_dict() == pytest.approx(expected.to_dict(), rel=1e-12)


@pytest.mark.parametrize("variable", ["AGE", "HEIGHTBL", "WEIGHTBL", "BMIBL", "MMSETOT"])
@pytest.mark.parametrize(("quartile", "share"), [("q1_type2_SAS", 0.25), ("q3_type2_SAS", 0.75)])
def test_quartiles_of_characteristics_equal_those_of_sas(pilot, reference, variable, quartile, share):
    expected = reference("demographics_continuous").loc[variable, quartile]
    groups = by_arm(pilot.adsl)[variable]
    found = {arm: np.quantile(values.dropna(), share, method="averaged_inverted_cdf") for arm, values in groups}
    assert found == pytest.approx(expected.to_dict(), rel=1e-12)


@pytest.mark.parametrize(
    ("category", "variable", "value"),
    [
        ("any TEAE", "TRTEMFL", "Y"),
        ("serious TEAE", "AESER", "Y"),
        ("related TEAE (PROBABLE/POSSIBLE)", "AREL", "Y"),
        ("severe TEAE", "ASEVN", 3.0),
        ("TEAE with fatal outcome", "FATALFL", "Y"),
    ],
)
def test_treatment_emergent_events_equal_the_reference(emergent, reference, category, variable, value):
    expected = reference("teae_overview").loc[category, ["subjects", "events"]]
    events = emergent[emergent[variable].eq(value)].groupby("TRT01A")["USUBJID"].agg(["nunique", "size"])
    found = events.reindex(expected.index, fill_value=0)
    assert found.to_numpy().tolist() == expected.to_numpy().tolist()


def test_events_by_system_organ_class_equal_the_reference(emergent, reference):
    expected = reference("teae_by_soc")[["subjects", "events"]]
    found = emergent.groupby(["AEBODSYS", "TRT01A"])["USUBJID"].agg(["nunique", "size"])
    assert set(found.index) <= set(expected.index)
    assert found.reindex(expected.index, fill_value=0).to_numpy().tolist() == expected.to_numpy().tolist()


def test_every_event_is_treatment_emergent_exactly_where_the_study_flagged_it(pilot):
    flags = pilot.datasets["suppae"]
    stated = flags[flags["QNAM"].eq("AETRTEM")].set_index("ae/" + flags["USUBJID"] + "/" + flags["IDVARVAL"])["QVAL"]
    assert pilot.adae.set_index("KEY")["TRTEMFL"].to_dict() == stated.to_dict()


def test_the_populations_have_the_published_sizes(pilot):
    sizes = {flag: int(pilot.adsl[flag].eq("Y").sum()) for flag in ("RANDFL", "SAFFL", "EFFFL", "PKFL", "SCRFFL")}
    assert sizes == {"RANDFL": 254, "SAFFL": 254, "EFFFL": 234, "PKFL": 168, "SCRFFL": 52}


def test_the_efficacy_population_holds_exactly_the_participants_the_study_flagged(pilot):
    flags = pilot.datasets["suppdm"]
    stated = flags.loc[flags["QNAM"].eq("EFFICACY") & flags["QVAL"].eq("Y"), "USUBJID"]
    assert set(pilot.adsl.loc[pilot.adsl["EFFFL"].eq("Y"), "USUBJID"]) == set(stated)


def test_the_study_ended_as_published(pilot):
    groups = by_arm(pilot.adsl)
    completed = groups["EOSSTT"].agg(lambda status: status.eq("COMPLETED").sum())
    stopped = groups["DCSREAS"].agg(lambda reason: reason.eq("ADVERSE EVENT").sum())
    assert [completed[arm] for arm in ARMS] == [58, 25, 27]
    assert [stopped[arm] for arm in ARMS] == [8, 44, 40]
    assert int(pilot.adsl["DTHFL"].eq("Y").sum()) == 3


@pytest.mark.parametrize(
    ("visit", "column", "expected"),
    [
        ("Baseline", "AVAL", [(79, 24.1, 12.19, 21.0), (81, 24.4, 12.92, 21.0), (74, 21.3, 11.74, 18.0)]),
        ("Week 24", "AVAL", [(79, 26.7, 13.79, 24.0), (81, 26.4, 13.18, 25.0), (74, 22.8, 12.48, 20.0)]),
        ("Week 24", "CHG", [(79, 2.5, 5.80, 2.0), (81, 2.0, 5.55, 2.0), (74, 1.5, 4.26, 1.0)]),
    ],
)
def test_adas_cog_with_locf_equals_table_14_3_01_of_the_study_report(pilot, visit, column, expected):
    score = pilot.adeff[pilot.adeff["PARAMCD"].eq("ACTOT") & pilot.adeff["AVISIT"].eq(visit)]
    found = by_arm(score[score["ANL01FL"].eq("Y")], "EFFFL")[column].agg(["count", "mean", "std", "median"])
    assert found.loc[list(ARMS)].round({"mean": 1, "std": 2}).to_numpy().tolist() == [list(row) for row in expected]


@pytest.mark.parametrize(
    ("parameter", "visit", "observed", "carried"),
    [
        ("ACTOT", "Week 8", [79, 81, 74], [0, 0, 0]),
        ("ACTOT", "Week 16", [68, 42, 40], [11, 39, 34]),
        ("ACTOT", "Week 24", [65, 49, 41], [14, 32, 33]),
    ],
)
def test_values_are_carried_to_every_visit_of_the_efficacy_population(pilot, parameter, visit, observed, carried):
    rows = pilot.adeff[pilot.adeff["PARAMCD"].eq(parameter) & pilot.adeff["AVISIT"].eq(visit)]
    groups = by_arm(rows[rows["ANL01FL"].eq("Y")], "EFFFL")["DTYPE"]
    assert [int(groups.get_group(arm).isna().sum()) for arm in ARMS] == observed
    assert [int(groups.get_group(arm).eq("LOCF").sum()) for arm in ARMS] == carried


@pytest.mark.parametrize("family", ["chemistry", "haematology", "vitals", "ecg"])
def test_each_participant_has_at_most_one_record_a_parameter_and_visit(pilot, family):
    findings = next(item for item in pilot.study.findings if item.id == family)
    bds = derive_findings(pilot.datasets, pilot.adsl, findings, pilot.study)
    chosen = bds[bds["ANL01FL"].eq("Y")]
    assert chosen["AVISIT"].notna().all()
    assert not chosen.duplicated(["USUBJID", "PARAMCD", "AVISIT"]).any()
    assert not bds[bds["WORSTLOFL"].eq("Y")].duplicated(["USUBJID", "PARAMCD"]).any()


def test_baselines_of_blood_pressure_are_those_the_study_flagged_and_an_earlier_value_where_it_flagged_none(pilot):
    vitals = next(item for item in pilot.study.findings if item.id == "vitals")
    bds = derive_findings(pilot.datasets, pilot.adsl, vitals, pilot.study)
    vs = pilot.datasets["vs"]
    is_stated = vs["VSBLFL"].eq("Y") & vs["VSTESTCD"].eq("SYSBP") & vs["VSPOS"].eq("SUPINE")
    stated = "vs/" + vs["USUBJID"] + "/" + vs["VSSEQ"].astype("int64").astype("str")
    found = bds.loc[bds["ABLFL"].eq("Y") & bds["PARAMCD"].eq("SYSBP"), "KEY"]
    assert set(stated[is_stated]) < set(found)
    assert len(found) == int(is_stated.sum()) + 1 == 254


def test_samples_refer_to_the_first_dose_and_their_actual_time_is_unknown_without_a_time_of_dose(pilot):
    adpc = derive_adpc(pilot.datasets, pilot.adsl, pilot.study)
    assert len(adpc) == 254 * 14
    assert adpc["DOSEOCC"].eq(1).all()
    assert adpc["ATIME"].isna().all()
    assert adpc.loc[adpc["NOMTIME"].lt(0), "AVALD"].eq(0).all()
    assert adpc.loc[adpc["NOMTIME"].gt(0) & adpc["BLQFL"].eq("Y"), "AVALD"].isna().all()


def test_a_cut_in_mid_study_tells_nothing_of_what_came_after(pilot):
    cutoff = "2013-06-30"
    known = apply_cut(pilot.datasets, pilot.study.data_cut, cutoff).datasets
    adsl = derive_adsl(known, pilot.study, cutoff)
    adae, adeff = derive_adae(known, adsl, pilot.study), derive_adeff(known, adsl, pilot.study)
    last = pd.Timestamp(cutoff)
    dates = [*(adsl[name] for name in ("TRTSDT", "TRTEDT", "EOSDT", "DTHDT")), adae["ASTDT"], adae["AENDT"]]
    assert max(column.max() for column in dates) <= last
    assert adsl["TRT01A"].value_counts().to_dict() == dict(zip(ARMS, (42, 45, 44), strict=True))
    assert adsl["EOSSTT"].value_counts().to_dict() == {"DISCONTINUED": 62, "ONGOING": 44, "COMPLETED": 25, "": 24}
    carried = adeff.loc[adeff["DTYPE"].eq("LOCF") & adeff["AVISIT"].eq("Week 24"), "USUBJID"]
    status = adsl.set_index("USUBJID").loc[carried, "EOSSTT"]
    assert set(status) <= {"DISCONTINUED", "COMPLETED"}


def test_the_statements_name_the_source_of_the_data_and_what_in_them_is_synthetic(pilot):
    said = " ".join(pilot.study.statements)
    assert "CDISC" in said
    assert "PK concentrations, PK parameters and ECG are synthetic additions (pharmaverse) to this study" in said

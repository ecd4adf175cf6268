from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from virtual_trial.ledger import items, record_key

CUTS = ("C1", "C2", "C3", "IA", "SL", "DBL")

Read = Callable[[str, str], pd.DataFrame]
Planted = dict[str, dict[str, Any]]
Final = Callable[[str], pd.DataFrame]


def test_every_item_is_planted(planted: Planted) -> None:
    assert list(planted) == list(items())
    assert all(entry["what"] and entry["records"] for entry in planted.values())


@pytest.mark.parametrize("item", items())
def test_the_transfers_show_what_the_ledger_says(planted: Planted, keyed: Read, item: str) -> None:
    for entry in planted[item]["records"]:
        dataset, variable = entry["key"].partition("/")[0], entry["variable"]
        frames = {cut: keyed(cut, dataset) for cut in CUTS}
        seen = {cut: frame.loc[entry["key"], variable] for cut, frame in frames.items() if entry["key"] in frame.index}
        assert seen == entry["shown"]


def shown(planted: Planted, item: str) -> list[dict[str, Any]]:
    return [entry["shown"] for entry in planted[item]["records"]]


def test_partial_dates_keep_their_precision(planted: Planted) -> None:
    assert [len(entry["DBL"]) for entry in shown(planted, "partial-start-month")] == [7]
    assert [len(entry["DBL"]) for entry in shown(planted, "partial-start-year")] == [4]
    assert {len(entry["DBL"]) for entry in shown(planted, "partial-medication-date")} == {4, 7}


def test_an_end_before_the_start_is_corrected_between_c2_and_c3(planted: Planted, read: Read) -> None:
    key = planted["end-before-start"]["records"][0]["key"]
    _, participant, number = key.split("/")
    ends = {}
    for cut in ("C2", "C3"):
        ae = read(cut, "ae")
        row = ae[(ae["USUBJID"] == participant) & (ae["AESEQ"] == float(number))].iloc[0]
        ends[cut] = row["AEENDTC"] < row["AESTDTC"]
    assert ends == {"C2": True, "C3": False}


def test_a_late_event_began_before_c1_and_is_first_seen_in_c2(planted: Planted, read: Read) -> None:
    entry = planted["late-entered-event"]["records"][0]
    assert list(entry["shown"]) == ["C2", "C3", "IA", "SL", "DBL"]
    _, participant, number = entry["key"].split("/")
    ae = read("C2", "ae")
    assert ae[(ae["USUBJID"] == participant) & (ae["AESEQ"] == float(number))]["AESTDTC"].iloc[0] <= "2017-04-14"


def test_a_duplicate_event_is_gone_from_c3_on(planted: Planted) -> None:
    assert list(shown(planted, "duplicate-event")[0]) == ["C1", "C2"]


@pytest.mark.parametrize(
    ("item", "before", "after", "changed"),
    [
        ("severity-edit", "MILD", "MODERATE", ("C2", "C3")),
        ("causality-edit", "NOT RELATED", "POSSIBLY RELATED", ("C3", "IA")),
        ("upgraded-to-serious", "N", "Y", ("C3", "IA")),
        ("recoded-after-autopsy", "Dyspnoea", "Pulmonary embolism", ("IA", "SL")),
        ("dictionary-upcode", "Muscle tightness", "Musculoskeletal stiffness", ("IA", "SL")),
        ("misspelled-country", "GER", "DEU", ("C2", "C3")),
        ("changed-site", "102", "105", ("C2", "C3")),
        ("corrected-birth-year", 24.0, 33.0, ("C2", "C3")),
    ],
)
def test_a_value_changes_between_the_two_cuts(
    planted: Planted, item: str, before: Any, after: Any, changed: tuple[str, str]
) -> None:
    entry = shown(planted, item)[0]
    assert [entry[cut] for cut in changed] == [before, after]


def test_the_death_under_placebo_is_known_to_the_month_at_c2_and_to_the_day_at_c3(read: Read) -> None:
    found = {cut: read(cut, "dm").query("DTHFL == 'Y'") for cut in ("C2", "C3")}
    assert found["C2"]["DTHDTC"].tolist() == ["2017-08"]
    assert found["C3"].query("ACTARMCD == 'PBO'")["DTHDTC"].tolist() == ["2017-08-31"]


def test_the_transfer_of_c3_knows_a_death_after_its_cut_off(read: Read) -> None:
    dm = read("C3", "dm").query("ACTARMCD == 'TOF40' and DTHFL == 'Y'")
    assert dm["DTHDTC"].tolist() == ["2018-01-14"]
    ae = read("C3", "ae").query("AEOUT == 'FATAL' and AEENDTC > '2018-01-12'")
    assert (ae["AESTDTC"] < "2018-01-12").tolist() == [True]


def test_the_swapped_samples_change_places_between_c2_and_c3(read: Read) -> None:
    arms = read("C2", "dm").set_index("USUBJID")["ACTARMCD"]
    c2 = read("C2", "pc").assign(ARM_=lambda pc: pc["USUBJID"].map(arms))
    wrong = c2[(c2["ARM_"] == "PBO") & c2["PCSTRESN"].notna()]
    assert len(wrong) == 1
    c3 = read("C3", "pc")
    same = (c3["VISITNUM"] == 8) & (c3["PCSPEC"] == "PLASMA") & (c3["PCTPTNUM"] == 4)
    right = c3[same & (c3["PCSTRESN"] == wrong["PCSTRESN"].iloc[0])]
    assert right["USUBJID"].map(arms).tolist() == ["TOF40"]


def test_the_re_assayed_batch_changes_between_the_interim_and_the_soft_lock(planted: Planted) -> None:
    assert planted["re-assayed-batch"]["number"] == 12
    ratios = [entry["IA"] / entry["SL"] for entry in shown(planted, "re-assayed-batch")]
    assert 1.07 < min(ratios) < max(ratios) < 1.17


def test_the_range_of_one_enzyme_is_revised_after_the_interim(read: Read) -> None:
    limits = {cut: set(read(cut, "lb").query("LBTESTCD == 'ALP'")["LBSTNRHI"]) for cut in ("IA", "SL")}
    assert limits == {"IA": {120.0, 107.0}, "SL": {129.0, 115.0}}


def test_two_aliquots_share_one_reference(final: Final) -> None:
    sod1 = final("lb").query("LBTESTCD == 'SOD1'")
    twice = sod1[sod1.duplicated("LBREFID", keep=False)]
    assert twice["VISITNUM"].tolist() == [10.0, 10.0]
    assert twice["LBSTRESN"].nunique() == 2


def test_the_bloody_tap_is_on_day_29_and_commented(final: Final) -> None:
    bloody = final("lb").query("LBSPCCND == 'HEMOLYZED'")
    assert set(bloody["VISITNUM"]) == {8.0}
    assert bloody.set_index("LBTESTCD")["LBSTRESN"]["RBC"] == 2500
    assert final("co")["USUBJID"].tolist() == [bloody["USUBJID"].iloc[0]]


def test_local_results_lie_beside_central_ones_of_the_same_minute(final: Final) -> None:
    lb = final("lb")
    local = lb[lb["LBNAM"] == "LOCAL LABORATORY"]
    both = local.merge(lb[lb["LBNAM"] == "CENTRAL LABORATORY"], on=["USUBJID", "LBTESTCD", "LBSPEC", "LBDTC"])
    assert len(both) == len(local) == 5


def test_csf_protein_comes_in_two_units_by_region(final: Final) -> None:
    protein = final("lb").query("LBTESTCD == 'PROT' and LBSPEC == 'CEREBROSPINAL FLUID'")
    country = protein["USUBJID"].map(final("dm").set_index("USUBJID")["COUNTRY"])
    assert set(protein.loc[country == "USA", "LBORRESU"]) == {"mg/dL"}
    assert set(protein.loc[country != "USA", "LBORRESU"]) == {"g/L"}
    assert set(protein["LBSTRESU"]) == {"mg/dL"}


def test_the_person_screened_twice_is_the_same(final: Final) -> None:
    link = final("suppdm").query("QNAM == 'PRSUBJID'").iloc[0]
    dm = final("dm")
    first = dm[dm["SUBJID"] == link["QVAL"]].iloc[0]
    second = dm[dm["USUBJID"] == link["USUBJID"]].iloc[0]
    assert first["ARMNRS"] == "SCREEN FAILURE"
    assert first["RFICDTC"] < second["RFICDTC"]
    same = ["SEX", "AGE", "RACE", "SITEID", "BRTHDTC"]
    assert first[same].tolist() == second[same].tolist()


def test_the_day_85_total_is_missing_with_its_item(final: Final) -> None:
    missing = final("qs").query("QSSTAT == 'NOT DONE'")
    assert missing["QSTESTCD"].tolist() == ["ALSFR106", "ALSFR1TT"]
    assert set(missing["VISITNUM"]) == {11.0}
    assert missing["QSSTRESN"].isna().all()


def test_failed_punctures_are_repeated_the_next_day(final: Final) -> None:
    ec = final("ec")
    for failed in ec[ec["ECOCCUR"] == "N"].itertuples():
        done = ec[(ec["USUBJID"] == failed.USUBJID) & (ec["VISITNUM"] == failed.VISITNUM) & (ec["ECOCCUR"] == "Y")]
        assert (pd.to_datetime(done["ECSTDTC"].str[:10]) - pd.Timestamp(failed.ECSTDTC)).dt.days.tolist() == [1]


def test_one_dose_is_given_on_the_first_day_of_its_window(planted: Planted, final: Final) -> None:
    entry = planted["early-dose"]["records"][0]
    ex = final("ex")
    row = ex[[record_key("ex", row) == entry["key"] for row in ex.to_dict("records")]]
    assert row[["VISITNUM", "EXSTDY"]].to_numpy().tolist() == [[8.0, 28.0]]


def test_no_more_than_one_rating_of_suicidality_is_not_zero(final: Final) -> None:
    assert final("qs").query("QSCAT.str.startswith('C-SSRS') and QSSTRESC == 'Y'").shape[0] == 1


def test_a_reported_term_is_not_ascii(final: Final) -> None:
    terms = final("ae")["AETERM"]
    assert terms[~terms.map(str.isascii)].str.contains("GÊNE").tolist() == [True]

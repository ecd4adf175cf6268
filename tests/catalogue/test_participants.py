import pytest

from cutbook.catalogue import participants
from given import results_of
from results.counted import cell, keys


def test_disposition_counts_everybody_screened_but_divides_by_the_randomised(adsl, study):
    results = results_of(participants.disposition, study, adsl=adsl)
    assert cell(results, variable="SCREENED", row_words="Screened", group="TOTAL") == 5
    assert cell(results, row_words="Not randomised: screen failure", variable="SCRFFL", level="Y", group="TOTAL") == 1
    assert cell(results, row_words="Not randomised yet: in screening", variable="SCRFFL", level="N", group="TOTAL") == 0
    assert cell(results, row_words="Received dose 2", variable="DOSEN", level="2", group="P") == 1
    assert cell(results, "pct", variable="DOSEN", level="2", group="P") == 50.0
    assert cell(results, "N", variable="SAFFL", row_words="Treated", group="TOTAL") == 4
    assert cell(results, variable="DCSREAS", level="DEATH", group="P") == 1
    assert keys(results, variable="EOSSTT", level="ONGOING", row_words="Ongoing", group="TOTAL") == ["dm/3"]


def test_someone_still_in_screening_is_no_screen_failure(adsl, study):
    results = results_of(participants.disposition, study, adsl=adsl.assign(SCRFFL="N"))
    assert cell(results, variable="SCRFFL", level="Y", group="TOTAL") == 0
    assert cell(results, variable="SCRFFL", level="N", group="TOTAL") == 1


def test_a_missing_category_has_its_own_row_and_counts_in_the_denominator(adsl, study):
    results = results_of(participants.demographics, study, adsl=adsl)
    assert cell(results, variable="SEX", level="MISSING", row_words="Missing", group="A") == 1
    assert cell(results, "pct", variable="SEX", level="F", row_words="Female", group="A") == 50.0
    assert cell(results, "mean", variable="AGE", group="TOTAL") == 55.25


def test_exposure_counts_doses_and_years(adsl, study):
    results = results_of(participants.exposure, study, adsl=adsl)
    assert cell(results, variable="DOSEN", level="0", group="TOTAL") == 0
    assert cell(results, variable="DOSEN", level="2", group="ACTIVE") == 2
    assert cell(results, "sum", variable="PYEARS", group="TOTAL") == pytest.approx(46 / 365.25)


def test_whose_dose_was_reduced_or_dosing_interrupted_counts_once(adsl, study):
    changed = adsl.assign(REDUCEDN=[0, 0, 2, 1, None], PAUSEDN=[1, 0, 0, 0, None])
    results = results_of(participants.exposure, study, adsl=changed)
    assert [cell(results, variable="REDUCEDN", group=group) for group in ("P", "ACTIVE", "TOTAL")] == [0, 2, 2]
    assert cell(results, "pct", variable="REDUCEDN", group="TOTAL") == 50.0
    assert [cell(results, variable="PAUSEDN", group=group) for group in ("P", "ACTIVE", "TOTAL")] == [1, 0, 1]


def test_where_nobody_tells_a_change_of_dose_none_is_counted(adsl, study):
    results = results_of(participants.exposure, study, adsl=adsl.assign(REDUCEDN=None, PAUSEDN=None))
    told = results[results["variable"].isin(["REDUCEDN", "PAUSEDN"])]
    assert set(told["reason"]) == {"not collected"}
    assert told["value"].isna().all()


def test_somebody_of_unknown_duration_is_not_in_the_years_and_is_counted(adsl, study):
    known = results_of(participants.exposure, study, adsl=adsl)
    assert not known["variable"].eq("PYEARS_UNKNOWN").any()
    treated = adsl.index[adsl["SAFFL"].eq("Y")]
    unknown = adsl.assign(TRTDURD=adsl["TRTDURD"].mask(adsl.index == treated[-1]))
    results = results_of(participants.exposure, study, adsl=unknown)
    assert cell(results, variable="PYEARS_UNKNOWN", group="TOTAL") == 1
    assert cell(results, variable="PYEARS_UNKNOWN", group="P") == 0
    assert keys(results, variable="PYEARS_UNKNOWN", group="TOTAL") == [adsl.loc[treated[-1], "KEY"]]
    nobody = results_of(participants.exposure, study, adsl=adsl.assign(TRTDURD=float("nan")))
    years = nobody[nobody["variable"].eq("PYEARS") & nobody["statistic"].eq("sum") & nobody["group"].eq("TOTAL")]
    assert years["value"].isna().all()
    assert years["reason"].tolist() == ["not collected"]

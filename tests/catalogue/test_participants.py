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

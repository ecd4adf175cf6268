import pandas as pd
import pytest

from cutbook.results.adverse_events import overview_results
from cutbook.results.event_rates import rate_results


@pytest.fixture
def people(adsl):
    """Return the participants with their dates: two leap-free years at risk on placebo, one on 10 mg."""
    days = {"1": 365, "2": 366, "3": 265, "4": 100, "5": None}
    first = pd.Series(pd.Timestamp("2021-01-01"), index=adsl.index).where(adsl["SAFFL"].eq("Y"))
    ends = first + pd.to_timedelta(adsl["USUBJID"].map(days).fillna(0) - 1, unit="D")
    return adsl.assign(TRTSDT=first, TRTEDT=first, DCUTDT=pd.Timestamp("2024-01-01"), EOSDT=ends, DTHDT=pd.NaT)


def rates_of(adae, adsl, study):
    return rate_results(overview_results(adae, adsl, study), adsl, study)


def found(results, variable, group, column="value"):
    return results.set_index(["variable", "group"])[column][variable, group]


def test_a_rate_is_events_per_100_person_years_at_risk(adae, people, study):
    results = rates_of(adae, people, study)
    assert found(results, "PYEARS", "Placebo") == pytest.approx(731 / 365.25)
    assert found(results, "PYEARS", "10 mg") == pytest.approx(365 / 365.25)
    assert found(results, "TEAE", "Placebo") == pytest.approx(100 * 1 * 365.25 / 731)
    assert found(results, "TEAE", "10 mg") == pytest.approx(100 * 4 * 365.25 / 365)
    assert found(results, "SER", "10 mg") == pytest.approx(100 * 1 * 365.25 / 365)
    assert found(results, "SER", "Placebo") == 0
    assert found(results, "TEAE", "All") == pytest.approx(100 * 5 * 365.25 / 1096)


def test_a_group_of_nobody_has_no_rate(adae, people, study):
    results = rates_of(adae, people[people["TRT01A"].ne("10 mg")], study)
    assert found(results, "TEAE", "10 mg", "reason") == "nobody in this group"
    assert pd.isna(found(results, "TEAE", "10 mg"))


def test_a_rate_is_not_estimable_when_somebodys_time_at_risk_is_not_known(adae, people, study):
    unknown = people.assign(TRTSDT=people["TRTSDT"].where(people["USUBJID"].ne("3")))
    results = rates_of(adae, unknown, study)
    assert found(results, "TEAE", "10 mg", "reason") == "the time at risk of a participant is not known"
    assert pd.isna(found(results, "TEAE", "All"))
    assert found(results, "TEAE", "Placebo") > 0


def test_time_at_risk_ends_with_the_window_of_the_study(adae, people, study):
    rules = study.adverse_events.model_copy(update={"teae_window_days": 99})
    results = rates_of(adae, people, study.model_copy(update={"adverse_events": rules}))
    assert found(results, "PYEARS", "All") == pytest.approx(4 * 100 / 365.25)


def test_somebody_who_left_on_a_day_not_known_has_no_time_at_risk(adae, people, study):
    results = rates_of(adae, people.assign(EOSDT=people["EOSDT"].where(people["USUBJID"].ne("2"))), study)
    assert pd.isna(found(results, "PYEARS", "Placebo"))
    assert found(results, "PYEARS", "10 mg") == pytest.approx(365 / 365.25)

import pandas as pd
import pytest

from cutbook.catalogue.safety import interest
from given import results_of, texts_of
from results.counted import cell


def found(results, variable, statistic="n"):
    own = results[results["variable"].eq(variable) & results["statistic"].eq(statistic) & results["level"].eq("")]
    return dict(zip(own["group"], own["value"], strict=True))


def test_what_nobody_had_has_one_row_and_the_exact_upper_limit_of_the_share(events, adsl, study):
    results = results_of(interest.special, study, adae=events, adsl=adsl)
    assert set(results.loc[results["variable"].str.startswith("MEN"), "variable"]) == {"MEN"}
    assert found(results, "MEN") == {"P": 0, "A": 0, "ACTIVE": 0, "TOTAL": 0}
    # 1 - 0.025 ** (1 / n), for 2 and 4 participants.
    assert found(results, "MEN", "upper")["A"] == pytest.approx(100 * (1 - 0.025 ** (1 / 2)))
    assert found(results, "MEN", "upper")["TOTAL"] == pytest.approx(100 * (1 - 0.025 ** (1 / 4)))


@pytest.mark.parametrize(("number", "percent"), [(10, "30.8"), (12, "26.5"), (38, "9.3")])
def test_the_upper_limit_of_zero_is_that_of_clopper_and_pearson(adsl, events, study, number, percent):
    people = pd.concat([adsl.head(1)] * number, ignore_index=True).assign(USUBJID=[f"p{at}" for at in range(number)])
    texts = texts_of(interest.special, study=study, adae=events, adsl=people)
    own = texts[texts["variable"].eq("MEN") & texts["statistic"].eq("upper") & texts["group"].eq("P")]
    assert own["text"].tolist() == [percent]


def test_each_event_of_interest_is_told_with_its_severity_seriousness_relation_time_and_outcome(events, adsl, study):
    results = results_of(interest.special, study, adae=events, adsl=adsl)
    assert found(results, "HEAD") == {"P": 1, "A": 2, "ACTIVE": 2, "TOTAL": 3}
    severity = results[results["parameter"].eq("HEAD") & results["group"].eq("TOTAL") & results["statistic"].eq("n")]
    assert dict(zip(severity["level"], severity["value"], strict=True)) == {"MILD": 1, "SEVERE": 1, "MISSING": 1}
    told = {name: found(results, f"HEAD_{name}")["TOTAL"] for name in ("SER", "DRUG", "PROC", "STOP", "AGAIN", "OVER")}
    assert told == {"SER": 1, "DRUG": 1, "PROC": 2, "STOP": 0, "AGAIN": 0, "OVER": 2}
    assert found(results, "HEAD_OVER", "N") == {"P": 1, "A": 2, "ACTIVE": 2, "TOTAL": 3}
    assert found(results, "HEAD_ONSET", "median")["TOTAL"] == 1.0
    assert found(results, "HEAD_ONSET")["TOTAL"] == 2  # the third began on a day not known
    assert found(results, "HEAD_DAYS", "max")["TOTAL"] == 4.0


def test_somebody_who_had_it_twice_counts_as_again(events, adsl, study):
    twice = events.assign(AEDECOD=events["AEDECOD"].replace("Dizziness", "Headache"))
    assert found(results_of(interest.special, study, adae=twice, adsl=adsl), "HEAD_AGAIN")["A"] == 1


def test_a_study_file_without_an_interest_has_no_rows(events, adsl, study):
    rules = study.adverse_events.model_copy(update={"interest": []})
    results = results_of(interest.special, study.model_copy(update={"adverse_events": rules}), adae=events, adsl=adsl)
    assert results.empty


def test_a_severe_event_that_is_not_compared_keeps_its_difference(events, adsl, study):
    results = results_of(interest.special, study, adae=events, adsl=adsl)
    assert cell(results, "rd", variable="HEAD", group="ACTIVE-P") == 50.0

from cutbook.catalogue.safety import relation
from given import results_of, texts_of
from results.counted import cell


def numbers(results, group):
    own = results[results["group"].eq(group) & results["statistic"].isin(["n", "events"])]
    return {
        (variable, level): tuple(of["value"].astype(int))
        for (variable, level), of in own.groupby(["variable", "level"], sort=False)
        if variable != "POPULATION"
    }


def test_every_event_stands_in_one_pair_or_is_not_judged(events, adsl, study):
    assert numbers(results_of(relation.two_way, study, adae=events, adsl=adsl), "TOTAL") == {
        ("TEAE", ""): (3, 5),
        ("DRUG", ""): (1, 2), ("DRUG", "Y"): (1, 1), ("DRUG", "N"): (1, 1),
        ("NOTDRUG", ""): (2, 2), ("NOTDRUG", "Y"): (1, 1), ("NOTDRUG", "N"): (1, 1),
        ("NODRUG", ""): (1, 1),
    }  # fmt: skip


def test_a_study_that_counts_a_missing_relation_as_related_has_no_row_for_it(events, adsl, study):
    counted = events.assign(AREL=events["AREL"].mask(events["AEREL"].isna(), "Y"))
    results = results_of(relation.two_way, study, adae=counted, adsl=adsl)
    assert cell(results, "events", variable="DRUG", level="", group="TOTAL") == 3
    assert "NODRUG" not in set(results["variable"])


def test_a_relation_to_the_procedure_that_nobody_delivered_is_not_a_no(events, adsl, study):
    results = results_of(relation.two_way, study, adae=events.drop(columns="AELPREL"), adsl=adsl)
    own = results[results["level"].ne("") & results["group"].eq("TOTAL")]
    assert set(own["reason"]) == {"not collected"}
    assert own["value"].isna().all()


def test_a_study_without_a_procedure_says_so(events, adsl, study):
    plain = study.model_copy(update={"procedure": None})
    assert texts_of(relation.two_way, study=plain, adae=events, adsl=adsl).empty

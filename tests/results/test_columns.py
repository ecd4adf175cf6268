from cutbook.results.columns import groups_by_arm, treatment_groups


def test_columns_are_arms_then_all_active_then_everybody(adsl, study):
    groups = treatment_groups(adsl, study)
    assert groups.sizes.to_dict() == {"P": 2, "A": 2, "ACTIVE": 2, "TOTAL": 5}
    assert groups.codes == ["P", "A", "ACTIVE", "TOTAL"]


def test_someone_without_an_arm_stands_under_missing_and_the_total_still_counts_everybody(adsl, study):
    adsl.loc[3, ["TRT01A", "TRT01P"]] = "Missing"
    groups = treatment_groups(adsl, study)
    assert groups.sizes.to_dict() == {"P": 2, "A": 1, "MISSING": 1, "ACTIVE": 1, "TOTAL": 5}
    assert groups.codes == ["P", "A", "MISSING", "ACTIVE", "TOTAL"]


def test_someone_without_an_arm_of_the_study_counts_in_no_pooled_arm(study):
    assert groups_by_arm(study)["MISSING"] == ("MISSING", "TOTAL")

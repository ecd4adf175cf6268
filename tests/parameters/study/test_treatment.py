import pytest
from pydantic import ValidationError

from cutbook.parameters.study.treatment import Treatment
from cutbook.parameters.study.visits import Schedule

PLACEBO, LOW, HIGH = (
    {"code": "P", "label": "Placebo", "dose": 0},
    {"code": "A", "label": "10 mg", "dose": 10},
    {"code": "B", "label": "20 mg", "dose": 20},
)


def treatment(*arms, **facts):
    return Treatment.model_validate({"compound": "X", "dose_unit": "mg", "arms": arms} | facts)


def code_of(found):
    return found.control_arm and found.control_arm.code


@pytest.mark.parametrize("arms", [(PLACEBO, LOW, HIGH), (LOW, PLACEBO, HIGH), (HIGH, LOW, PLACEBO)])
def test_the_control_is_the_one_arm_without_a_dose_wherever_it_stands(arms):
    assert code_of(treatment(*arms)) == "P"


def test_the_control_that_the_file_states_is_the_control():
    assert code_of(treatment(PLACEBO, LOW, HIGH, control="A")) == "A"


def test_with_two_arms_without_a_dose_or_none_there_is_no_control_unless_stated():
    second = {"code": "S", "label": "Sham", "dose": 0}
    assert code_of(treatment(PLACEBO, second, LOW)) is None
    assert code_of(treatment(LOW, HIGH)) is None
    assert code_of(treatment(PLACEBO, second, LOW, control="S")) == "S"


@pytest.mark.parametrize(
    ("arms", "facts", "said"),
    [
        ((PLACEBO, LOW), {"control": "Placebo"}, "control 'Placebo': expected the code of an arm, one of P, A"),
        ((PLACEBO, LOW | {"code": "P"}), {}, "one arm a code; P stands twice"),
        ((PLACEBO, LOW | {"label": "Placebo"}), {}, "one arm a label; Placebo stands twice"),
        ((PLACEBO, LOW | {"code": "TOTAL"}), {}, "arm code TOTAL is kept for a column of its own"),
        ((PLACEBO, LOW | {"code": "ACTIVE"}), {}, "arm code ACTIVE is kept for a column of its own"),
        ((PLACEBO, LOW | {"code": "MISSING"}), {}, "arm code MISSING is kept for a column of its own"),
    ],
)
def test_arms_that_cannot_be_told_apart_are_refused(arms, facts, said):
    with pytest.raises(ValidationError) as caught:
        treatment(*arms, **facts)
    assert said in str(caught.value)


def schedule(*visits):
    return Schedule.model_validate({"by": "visitnum", "visits": visits})


def test_a_visit_without_an_id_is_named_after_its_number_or_its_day():
    found = schedule(
        {"id": "WEEK2", "label": "Week 2", "visitnum": [3]},
        {"label": "Week 4", "visitnum": [4.5, 5]},
        {"label": "Week 8", "target_day": 57, "first_day": 50},
        {"label": "Later", "first_day": 90},
    )
    assert [visit.code for visit in found.visits] == ["WEEK2", "V4.5", "D57", "D90"]
    assert [found.visit(name).label for name in ("WEEK2", "Week 4", "D57")] == ["Week 2", "Week 4", "Week 8"]
    assert found.visit("Week 9") is None


def test_two_visits_with_one_id_are_refused():
    with pytest.raises(ValidationError, match="one visit an id; V3 stands twice"):
        schedule({"label": "Week 2", "visitnum": [3]}, {"id": "V3", "label": "Week 4", "visitnum": [4]})

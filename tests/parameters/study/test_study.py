"""What a study file may leave out, and what it may say shorter."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from cutbook.errors import ParameterError
from cutbook.parameters.project import Project, read_study
from cutbook.parameters.study import Study

ARMS = [{"code": "P", "label": "Placebo", "dose": 0}, {"code": "A", "label": "10 mg", "dose": 10}]
SMALLEST = {
    "id": "mini",
    "title": "A study",
    "is_synthetic": True,
    "sources": {"root": "data", "required": ["dm", "lb"]},
    "treatment": {"compound": "X", "dose_unit": "mg", "arms": ARMS},
    "data_cut": {"included": {"dataset": "dm", "date": "RFSTDTC"}},
}
EVENTS = {"related": "RELATED"}
LABEL = {"label": "Score", "dataset": "qs", "schedule": "clinic"}


def study(**sections):
    return Study.model_validate({**SMALLEST, **sections})


def reading(*datasets, rules=None):
    """Return the cut rules, by dataset, of a study that reads these datasets."""
    cut = {**SMALLEST["data_cut"], "rules": rules or {}}
    sources = {"root": "data", "required": [], "optional": list(datasets)}
    found = study(sources=sources, data_cut=cut, adverse_events=EVENTS).data_cut.rules
    return {name: rule.date or rule.rule for name, rule in found.items()}


def test_sections_that_a_study_does_not_need_are_left_out():
    mini = study()
    assert (mini.endpoints, mini.pharmacokinetics, mini.schedules) == ([], None, {})
    assert mini.reports == ["safety", "pharmacokinetics", "efficacy"]


def test_a_dataset_is_cut_by_the_date_that_the_standard_gives_its_class():
    assert reading("dm", "ds", "ae", "ex", "cm", "sv", "lb", "vs", "qs", "mh", "pp", "suppae", "relrec", "ts") == {
        "dm": "special_dm",
        "ds": ["DSSTDTC"],
        "ae": ["AESTDTC"],
        "ex": ["EXSTDTC"],
        "cm": ["CMSTDTC"],
        "sv": ["SVSTDTC"],
        "lb": ["LBDTC"],
        "vs": ["VSDTC"],
        "qs": ["QSDTC"],
        "mh": ["MHDTC"],
        "pp": ["PPRFTDTC"],
        "suppae": "participant",
        "relrec": "participant",
        "ts": "none",
    }


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("MHSTDTC", ["MHSTDTC"]),
        (["AESTDTC", "AEDTC"], ["AESTDTC", "AEDTC"]),
        ("participant", "participant"),
        ("none", "none"),
        ({"rule": "date", "date": ["AEDTC"]}, ["AEDTC"]),
    ],
)
def test_a_rule_of_its_own_comes_before_that_of_the_standard_and_may_be_a_word(written, rule):
    assert reading("ae", "mh", rules={"ae": written})["ae"] == rule


def test_a_dataset_that_the_standard_does_not_know_has_no_rule_unless_the_file_gives_one():
    assert reading("biomarkers") == {}


def test_datasets_of_adam_have_no_standard_date():
    sources = {"root": "data", "model": "adam", "required": ["adsl"]}
    cut = {"included": {"dataset": "adsl", "date": "RANDDT"}}
    assert study(sources=sources, data_cut=cut).data_cut.rules == {}


VISITS = [
    {"id": "DAY8", "label": "Day 8", "visitnum": 4, "first_day": 2, "last_day": 15},
    {"id": "DAY29", "label": "Day 29", "visitnum": [5, 5.1], "first_day": 16},
]


def test_visits_are_named_once_and_put_together_by_their_ids():
    made = study(visits=VISITS, schedules={"blood": ["DAY29", "DAY8"], "score": {"by": "day", "visits": ["DAY8"]}})
    blood, score = made.schedules["blood"], made.schedules["score"]
    assert [(visit.code, visit.visitnum) for visit in blood.visits] == [("DAY29", [5, 5.1]), ("DAY8", [4])]
    assert (blood.by, score.by, score.visits[0].last_day) == ("visitnum", "day", 15)


def test_visits_without_a_number_are_joined_by_their_days():
    visits = [{"id": "DAY8", "label": "Day 8", "first_day": 2, "last_day": 15}]
    assert study(visits=visits, schedules={"score": ["DAY8"]}).schedules["score"].by == "day"


def test_a_schedule_that_describes_its_visits_is_read_as_before():
    by_number = {"by": "visitnum", "visits": [{"label": "Week 1", "visitnum": [3], "target_day": 8}]}
    (visit,) = study(schedules={"clinic": by_number}).schedules["clinic"].visits
    assert (visit.code, visit.label) == ("V3", "Week 1")


def test_a_schedule_that_names_an_unknown_visit_is_a_fault_that_names_it():
    with pytest.raises(ValidationError, match="'DAY9' is none"):
        study(visits=VISITS, schedules={"blood": ["DAY8", "DAY9"]})


def test_a_condition_of_one_value_needs_no_brackets():
    where = {"QSTESTCD": "TOTAL", "QSPOS": ["", "SITTING"]}
    visits = {"visits": VISITS, "schedules": {"clinic": ["DAY8"]}}
    (endpoint,) = study(endpoints=[{**LABEL, "paramcd": "TOT", "where": where}], **visits).endpoints
    assert endpoint.where == {"QSTESTCD": ["TOTAL"], "QSPOS": ["", "SITTING"]}


@pytest.mark.parametrize(
    ("until", "days"),
    [("end of study", None), ("28 days", 28), ("28 days after the last dose", 28), ("1 day", 1), ("0", 0), (28, 28)],
)
def test_the_end_of_treatment_emergence_is_said_in_words(until, days):
    assert study(adverse_events={**EVENTS, "until": until}).adverse_events.teae_window_days == days


@pytest.mark.parametrize("until", ["soon", "-1", "4 weeks", "28.5 days"])
def test_an_end_that_is_no_number_of_days_is_refused(until):
    with pytest.raises(ValidationError):
        study(adverse_events={**EVENTS, "until": until})


@pytest.mark.parametrize("written", ["null", "28", None, 28])
def test_the_earlier_name_of_the_end_is_read(written):
    days = 28 if str(written) == "28" else None
    assert study(adverse_events={**EVENTS, "teae_window_days": written}).adverse_events.teae_window_days == days


def test_a_rule_has_a_place_for_its_section_of_the_analysis_plan():
    made = study(adverse_events={**EVENTS, "sap": "9.3.1"}, populations={"sap": "5.2"})
    assert (made.adverse_events.sap, made.populations.sap) == ("9.3.1", "5.2")


def test_a_study_of_one_arm_has_one_arm():
    treatment = {**SMALLEST["treatment"], "allocation": "single"}
    with pytest.raises(ValidationError, match="there are 2"):
        study(treatment=treatment)
    assert study(treatment={**treatment, "arms": ARMS[1:]}).treatment.entered == "enrolled"
    assert study().treatment.entered == "randomised"


def test_screened_participants_need_a_dataset_that_hides_their_arm():
    cut = {**SMALLEST["data_cut"], "screened": {"dataset": "dm", "date": "RFICDTC"}}
    assert study(data_cut=cut).data_cut.rules["dm"].rule == "special_dm"
    with pytest.raises(ValidationError, match="special_dm"):
        study(data_cut={**cut, "rules": {"dm": "participant"}})


SHORT = """\
id: mini
title: A study
is_synthetic: yes
sources: {root: data, required: [dm, ae]}
treatment:
  compound: X
  dose_unit: mg
  arms: [{code: P, label: Placebo, dose: 0}, {code: A, label: 10 mg, dose: 10}]
data_cut: {included: {dataset: dm, date: RFSTDTC}}
"""


@pytest.fixture
def mini(tmp_path: Path) -> Project:
    (tmp_path / "parameters" / "mini").mkdir(parents=True)
    return Project(tmp_path)


def written(project: Project, text: str, table: str = "") -> Study:
    folder = project.parameters / "mini"
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    if table:
        (folder / "published.csv").write_text(table, encoding="utf-8")
    return read_study(project, "mini")


def faults_of(project: Project, text: str, table: str = "") -> list[str]:
    with pytest.raises(ParameterError) as caught:
        written(project, text, table)
    return str(caught.value).splitlines()


def test_a_study_that_reads_adverse_events_says_which_are_related(mini):
    (fault,) = faults_of(mini, SHORT)
    assert "adverse_events" in fault
    assert "ae is read" in fault
    assert written(mini, SHORT + "adverse_events: {related: RELATED}\n").adverse_events.related == ["RELATED"]


HEAD = "label,value,source,is_interim,display,parameter,variable,level,visit,group,statistic\n"
ROW = 'Deaths,3,"Journal, abstract",,D9,,DTHFL,,,TOTAL,\n'
FULL = SHORT + "adverse_events: {related: RELATED}\nreproduction: {cuts: [C2]}\n"


def test_published_numbers_stand_in_a_table_beside_the_study_file(mini):
    row = "Score,-5.3,A talk,yes,F4,TOT,CHG,,DAY8,A-P,mean\n"
    one, other = written(mini, FULL, HEAD + ROW + row).reproduction.numbers
    assert (one.label, one.value, one.source, one.is_interim) == ("Deaths", "3", "Journal, abstract", False)
    assert (one.at.display, one.at.group, one.at.statistic) == ("D9", "TOTAL", "n")
    assert (other.is_interim, other.at.visit, other.at.statistic) == (True, "DAY8", "mean")


def test_a_table_as_spreadsheets_save_it_is_read(mini):
    table = "\ufeff" + (HEAD + ROW).replace("\n", "\r\n")
    assert written(mini, FULL, table).reproduction.numbers[0].label == "Deaths"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (HEAD.replace("source,", "") + ROW, "published.csv.source: found no such column"),
        (HEAD.replace("level", "lvl") + ROW, "published.csv.lvl: found an unknown column"),
        (HEAD + ROW + ROW.replace("Deaths", " "), "published.csv.label row 3: found nothing"),
        (HEAD + ROW.replace(",,D9", ",no,D9"), "published.csv.is_interim row 2: found 'no'"),
        (HEAD + ROW.replace('abstract"', "abstract"), "published.csv row 2: found unexpected end of data"),
        (HEAD + "Deaths,3\n", "published.csv row 2: found more or fewer values"),
    ],
)
def test_a_fault_of_the_table_names_column_and_row(mini, table, said):
    assert any(said in fault for fault in faults_of(mini, FULL, table))


def test_numbers_that_no_cut_must_show_or_that_stand_twice_are_refused(mini):
    without = FULL.replace("reproduction: {cuts: [C2]}\n", "")
    assert "for no cut" in faults_of(mini, without, HEAD + ROW)[0]
    number = "{label: Deaths, value: 3, source: J, at: {display: D9}}"
    twice = FULL.replace("{cuts: [C2]}", f"{{cuts: [C2], numbers: [{number}]}}")
    assert "in two places" in faults_of(mini, twice, HEAD + ROW)[0]

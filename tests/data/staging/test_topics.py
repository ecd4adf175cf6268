import pandas as pd

from cutbook.data.staging.topics import with_topics


def changes(*keys):
    return pd.DataFrame({"DATASET": [key.split("/")[0] for key in keys], "KEY": keys})


def test_a_change_names_the_participant_topic_and_visit_of_its_record():
    now = {
        "ae": pd.DataFrame(
            {"USUBJID": ["P1", "P2"], "AESEQ": [1, 1], "AETERM": ["HEAD ACHE", "FELL"], "AEDECOD": ["Headache", None]}
        ),
        "lb": pd.DataFrame(
            {"USUBJID": ["P1"], "LBSEQ": [7], "LBTESTCD": ["ALT"], "LBTEST": ["Alanine"], "VISIT": ["WEEK 4"]}
        ),
        "dm": pd.DataFrame({"USUBJID": ["P1"], "AGE": [40]}),
    }
    found = with_topics(changes("ae/P1/1", "ae/P2/1", "lb/P1/7", "dm/P1"), now, {})
    assert found[["USUBJID", "TOPIC", "VISIT"]].to_numpy().tolist() == [
        ["P1", "Headache", ""], ["P2", "FELL", ""], ["P1", "Alanine", "WEEK 4"], ["P1", "", ""],
    ]  # fmt: skip


def test_a_record_that_is_gone_is_named_as_the_previous_cut_did():
    event = pd.DataFrame({"USUBJID": ["P1", "P1"], "AESEQ": [1, 2], "AEDECOD": ["Fall", "Rash"]})
    found = with_topics(changes("ae/P1/1", "ae/P1/2"), {"ae": event.assign(AEDECOD="Cough").iloc[1:]}, {"ae": event})
    assert found["TOPIC"].tolist() == ["Fall", "Cough"]


def test_no_change_has_no_subject():
    found = with_topics(changes(), {}, {})
    assert list(found) == ["DATASET", "KEY", "USUBJID", "TOPIC", "VISIT", "TURN"]
    assert found.empty


def test_records_of_one_visit_have_keys_and_topics_of_their_own():
    labs = pd.DataFrame(
        {"USUBJID": ["P1", "P1", "P2"], "AVISIT": "Week 1", "VISITNUM": 1, "PARAM": ["ALT", "AST", "ALT"]}
    )
    found = with_topics(changes("adlb/P1/1,Week 1", "adlb/P1/1,Week 1#2", "adlb/P2/1,Week 1"), {"adlb": labs}, {})
    assert found[["USUBJID", "TOPIC", "TURN"]].to_numpy().tolist() == [
        ["P1", "ALT", ""],
        ["P1", "AST", ""],
        ["P2", "ALT", ""],
    ]


def test_the_name_of_a_participant_may_hold_a_slash():
    events = pd.DataFrame({"USUBJID": ["01/701"], "AESEQ": [3], "AEDECOD": ["Fall"]})
    found = with_topics(changes("ae/01/701/3"), {"ae": events}, {})
    assert found[["USUBJID", "TOPIC"]].to_numpy().tolist() == [["01/701", "Fall"]]

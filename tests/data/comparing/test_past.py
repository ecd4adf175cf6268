from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from cutbook.data.comparing.past import past_changes
from cutbook.data.comparing.past_rules import PAST_COLUMNS, RULES, judged
from cutbook.data.cutting.cut import CutDatasets, apply_cut
from cutbook.parameters.study.data_cut import DataCut

THEN, NOW = "2022-06-04", "2022-12-31"
OPEN, ENDED = "NOT RECOVERED/NOT RESOLVED", "RECOVERED/RESOLVED"
SAID = {
    "moved record": "known by the previous cut-off then; it, or its participant, came after it now",
    "withdrawn": "withdrawn: in the previous cut, and no longer delivered",
    "dated earlier": "dated after the previous cut-off then, by it now",
    "undated": "without a date that proves it later, not seen then",
    "perhaps": "perhaps dated before the previous cut-off, not seen then",
    "before": "dated before the previous cut-off, not seen then",
    "belongs": "belongs to what was known by the previous cut-off, not seen then",
    "moved": "dated by the previous cut-off then, after it now",
    "filled": "dated before the previous cut-off, not told then",
    "altered": "altered",
}
STUDY = DataCut.model_validate(
    {
        "included": {"dataset": "dm", "date": "RFSTDTC"},
        "screened": {"dataset": "dm", "date": "DMDTC"},
        "rules": {
            "dm": {"rule": "special_dm"},
            "ae": {"rule": "date", "date": ["AESTDTC", "AEDTC"]},
            "lb": {"rule": "date", "date": ["LBDTC"]},
            "suppae": {"rule": "participant"},
            "co": {"rule": "none"},
            "ts": {"rule": "none"},
        },
        "roll_back": [
            {"dataset": "dm", "date": "RFENDTC", "reset": {"RFENDTC": ""}},
            {"dataset": "ae", "date": "AEENDTC", "reset": {"AEENDTC": "", "AEENDY": "", "AEOUT": OPEN}},
        ],
    }
)
PERSON = {
    "USUBJID": "1", "DMDTC": "2021-12-20", "RFSTDTC": "2022-01-01", "RFENDTC": "2022-05-30", "ARMCD": "TOF20",
    "ARM": "Tofersen 20 mg", "AGE": 50.0, "DTHDTC": None, "DTHFL": None,
}  # fmt: skip
EVENT = {
    "USUBJID": "1", "AESEQ": 1.0, "AESTDTC": "2022-05-01", "AEENDTC": None, "AEDTC": "2022-05-02", "AESTDY": 121.0,
    "AEENDY": None, "AEOUT": OPEN, "AESEV": "MILD",
}  # fmt: skip
NUMERIC = ("AGE", "AESEQ", "AESTDY", "AEENDY", "LBSEQ", "LBDY", "COSEQ")


def frame(*rows: dict[str, Any], like: dict[str, Any] | None = None) -> pd.DataFrame:
    """Return records with numbers as float and all else as text."""
    made = pd.DataFrame(list(rows), columns=list(like or rows[0]))
    return made.astype({name: "float64" if name in NUMERIC else "str" for name in made.columns})


def transfer(*events: dict[str, Any], person: dict[str, Any] | None = None, **more: pd.DataFrame) -> Any:
    """Return one participant with these events."""
    return {"dm": frame({**PERSON, **(person or {})}), "ae": frame(*events, like=EVENT), **more}


def cut(datasets: dict[str, pd.DataFrame], cutoff: str) -> CutDatasets:
    return apply_cut(datasets, STUDY, cutoff)


def past(then: dict[str, pd.DataFrame], now: dict[str, pd.DataFrame]) -> list[tuple[str, ...]]:
    """Return key, variable, old, new and the short name of the sentence, of each row."""
    found = past_changes(cut(now, NOW), cut(then, THEN), STUDY, THEN)
    assert tuple(found.columns) == PAST_COLUMNS
    short = {sentence: name for name, sentence in SAID.items()}
    rows = found.assign(RULE=found["RULE"].map(short)).drop(columns=["DATASET", "CHANGE"])
    return list(rows.itertuples(index=False, name=None))


A1 = "ae/1/1"


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        pytest.param({}, {}, [], id="nothing changed"),
        pytest.param({}, {"AESEV": "SEVERE"}, [(A1, "AESEV", "MILD", "SEVERE", "altered")], id="severity"),
        pytest.param({"AESEV": None}, {"AESEV": "MILD"}, [(A1, "AESEV", "", "MILD", "altered")], id="query answered"),
        pytest.param({}, {"AEENDTC": "2022-07-01", "AEENDY": 182.0, "AEOUT": ENDED}, [], id="ended since"),
        pytest.param(
            {},
            {"AEENDTC": "2022-06-01", "AEENDY": 152.0, "AEOUT": ENDED},
            [(A1, "AEENDTC", "", "2022-06-01", "filled"), (A1, "AEOUT", OPEN, ENDED, "altered")],
            id="had ended, not told",
        ),
        pytest.param(
            {},
            {"AEENDTC": "2022-06", "AEOUT": ENDED},
            [(A1, "AEENDTC", "", "2022-06", "filled"), (A1, "AEOUT", OPEN, ENDED, "altered")],
            id="perhaps had ended, not told",
        ),
        pytest.param(
            {"AEENDTC": "2022-05-10", "AEENDY": 130.0, "AEOUT": ENDED},
            {"AEENDTC": "2022-07-01", "AEENDY": 182.0, "AEOUT": ENDED},
            [(A1, "AEENDTC", "2022-05-10", "2022-07-01", "moved")],
            id="told as ended, ended later",
        ),
        pytest.param(
            {"AEENDTC": "2022-07-01", "AEENDY": 182.0, "AEOUT": ENDED},
            {"AEENDTC": "2022-08-01", "AEENDY": 213.0, "AEOUT": "FATAL"},
            [],
            id="set back then, another end now",
        ),
        pytest.param(
            {"AEENDTC": "2022-07-01", "AEENDY": 182.0, "AEOUT": ENDED},
            {"AEENDTC": "2022-05-20", "AEENDY": 140.0, "AEOUT": ENDED},
            [(A1, "AEENDTC", "", "2022-05-20", "filled"), (A1, "AEOUT", OPEN, ENDED, "altered")],
            id="set back then, ended before it now",
        ),
        pytest.param({}, {"AEOUT": "RECOVERING/RESOLVING"}, [], id="still open"),
        pytest.param(
            {"AEENDTC": "2022-05-10", "AEOUT": ENDED},
            {"AEENDTC": "2022-05-10", "AEOUT": "RECOVERED/RESOLVED WITH SEQUELAE"},
            [(A1, "AEOUT", ENDED, "RECOVERED/RESOLVED WITH SEQUELAE", "altered")],
            id="outcome of what had ended",
        ),
        pytest.param(
            {},
            {"AESTDTC": "2022-05-03", "AESTDY": 123.0},
            [(A1, "AESTDTC", "2022-05-01", "2022-05-03", "altered")],
            id="start, and the day counted from it",
        ),
        pytest.param({}, {"AESTDY": 7.0}, [(A1, "AESTDY", "121", "7", "altered")], id="a day without its date"),
        pytest.param({"AEDTC": None}, {"AEDTC": "2022-07-01"}, [], id="a later date where none was"),
        pytest.param(
            {}, {"AEDTC": "2022-07-01"}, [(A1, "AEDTC", "2022-05-02", "2022-07-01", "moved")], id="date moved on"
        ),
        pytest.param(
            {},
            {"AESTDTC": "2022-07-01", "AESTDY": 182.0},
            [(A1, "AESTDTC", "2022-05-01", "2022-07-01", "moved record")],
            id="begins later",
        ),
        pytest.param(
            {},
            {"AESTDTC": "2023-02-01"},
            [(A1, "AESTDTC", "2022-05-01", "", "moved record")],
            id="begins after this cut-off as well",
        ),
    ],
)
def test_a_field_of_an_event_of_the_previous_cut(then: Any, now: Any, told: list[tuple[str, ...]]) -> None:
    assert past(transfer({**EVENT, **then}), transfer({**EVENT, **now})) == told


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ({"AESTDTC": "2022-05-20"}, ("AESTDTC", "", "2022-05-20", "before")),
        ({"AESTDTC": "2022-06-04"}, ("AESTDTC", "", "2022-06-04", "before")),
        ({"AESTDTC": "2022"}, ("AESTDTC", "", "2022", "perhaps")),
        ({"AESTDTC": None, "AEDTC": "2022-05-20"}, ("AEDTC", "", "2022-05-20", "before")),
        ({"AESTDTC": None, "AEDTC": None}, ("AESTDTC", "", "", "undated")),
        ({"AESTDTC": "--05-20"}, ("AESTDTC", "", "--05-20", "undated")),
    ],
)
def test_a_record_not_seen_then_that_is_not_proved_later(dates: Any, told: tuple[str, ...]) -> None:
    new = {**EVENT, "AESEQ": 2.0, **dates}
    assert past(transfer(EVENT), transfer(EVENT, new)) == [("ae/1/2", *told)]


@pytest.mark.parametrize("start", ["2022-06-05", "2022-06-05T00:00", "2022-07", "2022-12-31T23:59"])
def test_a_record_dated_since_is_progress(start: str) -> None:
    later = {**EVENT, "AESEQ": 2.0, "AESTDTC": start}
    assert past(transfer(EVENT), transfer(EVENT, later)) == []


def test_a_record_that_was_cut_away_for_its_date_and_is_dated_earlier_now() -> None:
    then, now = ({**EVENT, "AESEQ": 2.0, "AESTDTC": start} for start in ("2022-06-20", "2022-05-20"))
    told = [("ae/1/2", "AESTDTC", "", "2022-05-20", "dated earlier")]
    assert past(transfer(EVENT, then), transfer(EVENT, now)) == told


def test_a_record_no_longer_delivered_is_withdrawn() -> None:
    second = {**EVENT, "AESEQ": 2.0, "AESTDTC": "2022-04-01"}
    told = [("ae/1/2", "AESTDTC", "2022-04-01", "", "withdrawn")]
    assert past(transfer(EVENT, second), transfer(EVENT)) == told


def qualifiers(*numbers: str) -> pd.DataFrame:
    """Return one qualifier of each of these events."""
    row = {"USUBJID": "1", "RDOMAIN": "AE", "IDVAR": "AESEQ", "IDVARVAL": "", "QNAM": "AELPREL", "QVAL": "Y"}
    return frame(*({**row, "IDVARVAL": number} for number in numbers), like=row)


def test_a_qualifier_follows_the_record_it_belongs_to() -> None:
    late, since = ({**EVENT, "AESEQ": 2.0, "AESTDTC": start} for start in ("2022-05-20", "2022-06-20"))
    then = transfer(EVENT, suppae=qualifiers("1"))
    belongs = ("suppae/1/2/AELPREL", "", "", "", "belongs")
    before = ("ae/1/2", "AESTDTC", "", "2022-05-20", "before")
    assert past(then, transfer(EVENT, late, suppae=qualifiers("1", "2"))) == [before, belongs]
    assert past(then, transfer(EVENT, since, suppae=qualifiers("1", "2"))) == []
    assert past(then, transfer(EVENT, suppae=qualifiers())) == [("suppae/1/1/AELPREL", "", "", "", "withdrawn")]


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        ({}, {"RFENDTC": "2022-07-30"}, []),
        ({}, {"RFENDTC": "2022-05-31"}, []),
        ({}, {"AGE": 41.0}, [("dm/1", "AGE", "50", "41", "altered")]),
        ({}, {"DTHDTC": "2022-07-01", "DTHFL": "Y"}, []),
        (
            {},
            {"DTHDTC": "2022-06-01", "DTHFL": "Y"},
            [("dm/1", "DTHDTC", "", "2022-06-01", "filled"), ("dm/1", "DTHFL", "", "Y", "altered")],
        ),
        (
            {"DTHDTC": "2022-05", "DTHFL": "Y"},
            {"DTHDTC": "2022-05-31", "DTHFL": "Y"},
            [("dm/1", "DTHDTC", "2022-05", "2022-05-31", "altered")],
        ),
        ({"RFSTDTC": None, "ARMCD": None, "ARM": None}, {"RFSTDTC": "2022-07-01"}, []),
        ({}, {"DMDTC": "2022-07-01", "RFSTDTC": "2022-07-10"}, [("dm/1", "", "", "", "moved record")]),
    ],
)
def test_a_field_of_a_participant_of_the_previous_cut(then: Any, now: Any, told: list[tuple[str, ...]]) -> None:
    assert past(transfer(person=then), transfer(person=now)) == told


def test_a_participant_not_seen_then_who_had_entered() -> None:
    early, late = ({**PERSON, "USUBJID": "2", "DMDTC": day, "RFSTDTC": day} for day in ("2022-03-01", "2022-08-01"))
    then = {"dm": frame(PERSON)}
    assert past(then, {"dm": frame(PERSON, early)}) == [("dm/2", "", "", "", "belongs")]
    assert past(then, {"dm": frame(PERSON, late)}) == []


def test_study_days_counted_from_a_first_day_that_changed_are_not_told_again() -> None:
    days = [frame({"USUBJID": "1", "LBSEQ": 1.0, "LBDTC": "2022-02-01", "LBDY": day}) for day in (32.0, 31.0)]
    then, now = transfer(lb=days[0]), transfer(person={"RFSTDTC": "2022-01-02"}, lb=days[1])
    assert past(then, now) == [("dm/1", "RFSTDTC", "2022-01-01", "2022-01-02", "altered")]


def test_a_dataset_that_came_or_went_is_told_record_by_record() -> None:
    results = frame({"USUBJID": "1", "LBSEQ": 1.0, "LBDTC": "2022-02-01", "LBDY": 32.0})
    assert past(transfer(), transfer(lb=results)) == [("lb/1/1", "LBDTC", "", "2022-02-01", "before")]
    assert past(transfer(lb=results), transfer()) == [("lb/1/1", "LBDTC", "2022-02-01", "", "withdrawn")]


def test_datasets_kept_whole_or_without_participants_are_left_out() -> None:
    then, now = (
        transfer(
            ts=frame({"TSPARMCD": "DCUTDTC", "TSVAL": value}),
            co=frame({"USUBJID": "1", "COSEQ": 1.0, "COVAL": value}),
        )
        for value in (THEN, NOW)
    )
    assert past(then, now) == []


def test_of_equal_records_one_more_is_new_and_one_less_is_withdrawn() -> None:
    key = "ae/1/1#2"
    twice = transfer(EVENT, EVENT)
    assert past(transfer(EVENT), twice) == [(key, "AESTDTC", "", "2022-05-01", "before")]
    assert past(twice, transfer(EVENT)) == [(key, "AESTDTC", "2022-05-01", "", "withdrawn")]


def test_one_transfer_cut_twice_has_one_past() -> None:
    ended = {**EVENT, "AEENDTC": "2022-07-01", "AEENDY": 182.0, "AEOUT": ENDED}
    since = {**EVENT, "AESEQ": 2.0, "AESTDTC": "2022-08-01"}
    whole = transfer(ended, since, person={"RFENDTC": "2022-11-01", "DTHDTC": "2022-11-01", "DTHFL": "Y"})
    assert past(whole, whole) == []


def test_the_given_cuts_stay_as_they_are() -> None:
    now, then = cut(transfer({**EVENT, "AESEV": "SEVERE"}), NOW), cut(transfer(EVENT), THEN)
    copies = {name: part.copy() for name, part in now.datasets.items()}
    past_changes(now, then, STUDY, THEN)
    assert all(part.equals(now.datasets[name]) for name, part in copies.items())


def test_the_first_rule_of_its_kind_that_holds_decides() -> None:
    evidence = list(dict.fromkeys(rule.evidence for rule in RULES if rule.evidence))
    for number, rule in enumerate(RULES):
        found = pd.DataFrame(
            [{"DATASET": "ae", "KEY": A1, "CHANGE": rule.change, "VARIABLE": "", "OLD": "", "NEW": ""}]
        )
        after = {item.evidence for item in RULES[number:] if item.change == rule.change}
        listed = judged(found.assign(**{name: name in after for name in evidence}))
        assert listed["RULE"].tolist() == [rule.sentence] * rule.is_listed


def test_every_listed_rule_is_told_by_a_sentence_of_its_own() -> None:
    assert [rule.sentence for rule in RULES if rule.is_listed] == list(SAID.values())

"""What holds for every cut of every transfer."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from cutbook.data.cutting.cut import apply_cut
from cutbook.dates import earliest
from cutbook.parameters.study.data_cut import DataCut

PARTICIPANTS = ["1", "2", "3"]
DATES = st.one_of(
    st.none(),
    st.sampled_from(["2022", "2022-02", "2022-03", "2022---05", "--03-05", "2023", "2022-02-30"]),
    st.dates(min_value=dt.date(2022, 1, 1), max_value=dt.date(2022, 4, 30)).map(str),
    st.datetimes(min_value=dt.datetime(2022, 1, 1), max_value=dt.datetime(2022, 4, 30)).map(  # noqa: DTZ001 - local clock
        lambda moment: moment.strftime("%Y-%m-%dT%H:%M")
    ),
)
CUTOFFS = st.dates(min_value=dt.date(2021, 12, 31), max_value=dt.date(2022, 5, 1)).map(str)
ENTRIES = st.one_of(st.none(), st.dates(min_value=dt.date(2022, 1, 1), max_value=dt.date(2022, 4, 30)).map(str))
RULES = DataCut.model_validate(
    {
        "included": {"dataset": "dm", "date": "RFSTDTC"},
        "screened": {"dataset": "dm", "date": "RFICDTC"},
        "rules": {"dm": {"rule": "special_dm"}, "ae": {"rule": "date", "date": ["AESTDTC"]}},
        "roll_back": [
            {"dataset": "ae", "date": "DTHDTC", "date_from": "dm", "reset": {"AEOUT": "UNKNOWN"}},
            {"dataset": "ae", "date": "AEENDTC", "reset": {"AEENDTC": "", "AEOUT": "NOT RECOVERED"}},
        ],
    }
)


@st.composite
def transfers(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    """Return a transfer of three participants with events, their qualifiers and relations."""
    entries = [(name, draw(ENTRIES), draw(ENTRIES), draw(DATES), "A") for name in PARTICIPANTS]
    dm = pd.DataFrame(entries, columns=["USUBJID", "RFICDTC", "RFSTDTC", "DTHDTC", "ARMCD"], dtype="str")
    rows = draw(st.lists(st.tuples(st.sampled_from([*PARTICIPANTS, "9"]), DATES, DATES), max_size=8))
    ae = pd.DataFrame(rows, columns=["USUBJID", "AESTDTC", "AEENDTC"], dtype="str")
    ae = ae.assign(AEOUT=pd.Series("RECOVERED", index=ae.index, dtype="str"), AESEQ=ae.index + 1.0)
    suppae = pd.DataFrame(
        {
            "RDOMAIN": pd.Series("AE", index=ae.index, dtype="str"),
            "USUBJID": ae["USUBJID"],
            "IDVAR": pd.Series("AESEQ", index=ae.index, dtype="str"),
            "IDVARVAL": pd.Series([str(n + 1) for n in ae.index], index=ae.index, dtype="str"),
        }
    )
    relid = draw(st.lists(st.sampled_from(["R1", "R2"]), min_size=len(ae), max_size=len(ae)))
    return {
        "dm": dm,
        "ae": ae,
        "suppae": suppae.assign(QNAM=pd.Series("Q", index=ae.index, dtype="str")),
        "relrec": suppae.assign(RELID=pd.Series(relid, index=ae.index, dtype="str")),
    }


@settings(deadline=None, max_examples=20)
@given(datasets=transfers(), cutoff=CUTOFFS)
def test_cutting_a_cut_again_changes_nothing(datasets: dict[str, pd.DataFrame], cutoff: str) -> None:
    once = apply_cut(datasets, RULES, cutoff)

    twice = apply_cut(once.datasets, RULES, cutoff)

    assert twice.removed.empty
    assert twice.modified.empty
    for name, frame in once.datasets.items():
        pd.testing.assert_frame_equal(twice.datasets[name], frame)


@settings(deadline=None, max_examples=20)
@given(datasets=transfers(), cutoffs=st.tuples(CUTOFFS, CUTOFFS).map(sorted))
def test_a_later_cut_keeps_what_an_earlier_one_kept(datasets: dict[str, pd.DataFrame], cutoffs: list[str]) -> None:
    rules = RULES.model_copy(update={"roll_back": []})

    early, late = (apply_cut(datasets, rules, cutoff).datasets for cutoff in cutoffs)

    for name, frame in early.items():
        assert set(frame.index) <= set(late[name].index)


@settings(deadline=None, max_examples=20)
@given(datasets=transfers(), cutoff=CUTOFFS)
def test_every_record_is_kept_or_accounted_for_and_none_kept_is_late(
    datasets: dict[str, pd.DataFrame], cutoff: str
) -> None:
    before = {name: frame.copy() for name, frame in datasets.items()}

    result = apply_cut(datasets, RULES, cutoff)

    for name, frame in before.items():
        pd.testing.assert_frame_equal(datasets[name], frame)
        gone = result.removed.loc[result.removed["DATASET"] == name, "ROW"] - 1
        assert sorted([*result.datasets[name].index, *gone]) == list(frame.index)
    known = set(result.datasets["dm"]["USUBJID"])
    assert all(set(frame["USUBJID"]) <= known for frame in result.datasets.values())
    end_of_day = pd.Timestamp(f"{cutoff}T23:59:59")
    assert not (earliest(result.datasets["ae"]["AESTDTC"]) > end_of_day).any()
    assert not (earliest(result.datasets["ae"]["AEENDTC"]) > end_of_day).any()
    assert set(result.datasets["suppae"].index) == set(result.datasets["ae"].index)


@settings(deadline=None, max_examples=10)
@given(datasets=transfers(), cutoff=CUTOFFS)
def test_the_order_of_datasets_does_not_matter(datasets: dict[str, pd.DataFrame], cutoff: str) -> None:
    forward = apply_cut(datasets, RULES, cutoff).datasets
    backward = apply_cut(dict(reversed(datasets.items())), RULES, cutoff).datasets

    for name, frame in forward.items():
        pd.testing.assert_frame_equal(backward[name], frame)

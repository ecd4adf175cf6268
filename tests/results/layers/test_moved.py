"""What moved the answer: corrections that do it alone, together, in part, the other way, or not at all."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.catalogue import moved
from cutbook.catalogue.models import ancova
from cutbook.catalogue.safety import rates
from cutbook.data.comparing.changes import compare_records
from cutbook.data.staging.topics import with_topics
from cutbook.derive import Frames
from cutbook.display.look.numbers import with_text
from cutbook.notebook.report import Report
from cutbook.results.engine import compute_all
from cutbook.results.layers.moved import AGAINST, ALONE, PARTLY, Estimate, moved_by, role_of
from derive.cases import small_study
from display.pages import body
from reported import after, as_first

BASELINES = {"1": 10.0, "2": 20.0, "3": 30.0, "4": 40.0}
SCORE = {
    "paramcd": "SCORE", "label": "Score", "dataset": "qs", "where": {"QSTESTCD": ["SCORE"]}, "schedule": "visits",
    "population": "RANDFL", "analysis": {"visit": "Day 8"},
}  # fmt: skip
STUDY = small_study(endpoints=[SCORE])
DAY = {1: "2024-03-01", 4: "2024-03-12"}


def transfer(*changes, arm="HIGH", **more):
    """Return a transfer: four participants on placebo who stay as they were, four on the highest dose who change.

    A change that is None was not recorded. Baselines are alike in both arms, so that the difference is that of the
    mean changes. ``more`` gives an arm by participant.
    """
    people = [(f"P{name}", "PBO", 0.0) for name in BASELINES]
    people += [(f"A{name}", more.get(f"A{name}", arm), step) for name, step in zip(BASELINES, changes, strict=True)]
    scores = [
        {"USUBJID": name, "QSSEQ": float(visit), "VISITNUM": float(visit), "VISIT": f"VISIT {visit}",
         "QSDTC": DAY[visit], "QSTESTCD": "SCORE", "QSTEST": "Score", "QSSTRESC": f"{value:g}", "QSSTRESN": value}
        for name, _, step in people
        for visit, value in ((1, BASELINES[name[1]]), (4, None if step is None else BASELINES[name[1]] + step))
        if value is not None
    ]  # fmt: skip
    dm = pd.DataFrame([{"USUBJID": name, "SUBJID": name, "ARMCD": code, "ACTARMCD": code} for name, code, _ in people])
    ds = dm[["USUBJID"]].assign(DSSEQ=1.0, DSDECOD="RANDOMIZED", DSSTDTC="2024-03-04")
    ex = dm[["USUBJID"]].assign(EXSEQ=1.0, EXTRT="X", EXDOSE=20.0, EXDOSU="mg", EXSTDTC="2024-03-05")
    return {"dm": dm, "ds": ds, "ex": ex, "qs": pd.DataFrame(scores)}


def answered(previous, now, learnt=()):
    """Return the rows of what moved the answer, by variable, record and statistic; ``learnt`` are no past records."""
    changes = compare_records(now, previous).assign(RULE="")
    past = with_topics(changes[~changes["KEY"].isin(learnt)], now, previous)
    then = Frames(previous, STUDY, "2024-04-01")
    frames = Frames(now, STUDY, "2024-04-02", staged={"past": past})
    published = with_text(compute_all([ancova.comparisons], then, STUDY))
    made = compute_all([ancova.comparisons, moved.comparisons], frames, STUDY, then, published)
    return made[made["display"].eq(moved.comparisons.key) & made["group"].isin(["HIGH-PBO", ""])]


def keys(rows):
    own = rows[rows["statistic"].eq("n") & rows["keys"].map(len).gt(0)]
    return dict(zip(own["variable"], own["keys"], strict=True))


def value(rows, variable, level=""):
    own = rows[rows["variable"].eq(variable) & rows["level"].eq(level) & rows["statistic"].isin(["estimate", "n"])]
    return round(own["value"].item(), 6)


def words(rows):
    return rows.loc[rows["variable"].eq("RECORD"), "row_words"].drop_duplicates().tolist()


def test_one_corrected_value_does_it_and_one_that_is_not_visible_is_not_named():
    rows = answered(transfer(0, 0, 0, 0), transfer(8, 0.004, 0, 0))
    assert keys(rows) == {"ALONE": ["qs/A1/4"]}
    assert words(rows) == ["A1, Visit 4: 10 → 18"]
    assert (value(rows, "RECORD", "qs/A1/4"), value(rows, "BACK"), value(rows, "TRIED")) == (0.001, 0.0, 2.0)


def test_two_records_that_take_the_estimate_less_than_half_of_the_way_do_it_together():
    rows = answered(transfer(0, 0, 0, 0), transfer(3.6, 3.6, 0.8, 0), learnt=["qs/A3/4"])
    assert keys(rows) == {"TOGETHER": ["qs/A1/4", "qs/A2/4"]}
    assert (value(rows, "RECORD", "qs/A1/4"), value(rows, "BACK")) == (1.1, 0.2)


def test_what_new_data_move_is_not_laid_to_a_correction():
    rows = answered(transfer(0, 0, 0, None), transfer(1, 0, 0, 8), learnt=["qs/A4/4"])
    assert keys(rows) == {"PARTLY": ["qs/A1/4"]}
    assert (value(rows, "RECORD", "qs/A1/4"), value(rows, "BACK")) == (2.0, 2.0)


def test_a_record_that_entered_late_is_left_out_to_see_what_it_did():
    rows = answered(transfer(0, 0, 0, None), transfer(0, 0, 0, 8))
    assert keys(rows) == {"ALONE": ["qs/A4/4"]}
    assert words(rows) == ["A4, Visit 4: entered late"]
    assert value(rows, "RECORD", "qs/A4/4") == 0.0


def test_a_withdrawn_record_is_put_back_as_it_was():
    rows = answered(transfer(0, 0, 0, 8), transfer(0, 0, 0, None))
    assert keys(rows) == {"ALONE": ["qs/A4/4"]}
    assert words(rows) == ["A4, Visit 4: withdrawn"]
    assert value(rows, "RECORD", "qs/A4/4") == 2.0


def test_a_correction_the_other_way_is_named_as_that():
    rows = answered(transfer(0, 0, 0, 0), transfer(16, -8, 0, 0))
    assert keys(rows) == {"ALONE": ["qs/A1/4"], "AGAINST": ["qs/A2/4"]}


def test_a_changed_arm_is_set_back_too():
    rows = answered(transfer(8, 0, 0, 0, A1="PBO"), transfer(8, 0, 0, 0))
    assert keys(rows) == {"ALONE": ["dm/A1"]}
    assert words(rows) == ["A1: arm: PBO → HIGH"]


def test_nothing_is_computed_again_where_nothing_moved_or_nothing_was_published():
    assert answered(transfer(1, 0, 0, 0), transfer(1, 0.004, 0, 0)).empty
    frames = Frames(transfer(1, 0, 0, 0), STUDY, "2024-04-02")
    made = compute_all([ancova.comparisons, moved.comparisons], frames, STUDY)
    assert not made["display"].eq(moved.comparisons.key).any()


def an_estimate(centre, low=-1.0, high=1.0):
    return Estimate({"diff_pct": centre, "diff_pct_low": low, "diff_pct_high": high}, float("nan"))


@pytest.mark.parametrize(
    ("now", "previous", "by"),
    [
        (an_estimate(-25.0), an_estimate(-19.0), "diff_pct"),
        (an_estimate(-25.4), an_estimate(-24.6), ""),
        (an_estimate(-25.0, -40.0, -5.0), an_estimate(-25.0, -40.0, 6.0), "diff_pct_high"),
        (an_estimate(-25.0, -40.0, 5.0), an_estimate(-25.0, -40.0, 6.0), ""),
    ],
)
def test_an_estimate_moved_when_it_reads_otherwise_or_its_interval_passed_zero(now, previous, by):
    assert moved_by(now, previous) == by


@pytest.mark.parametrize(
    ("back", "role"),
    [(-25.4, ""), (-10.0, ALONE), (-20.0, ALONE), (-22.0, ALONE), (-22.1, PARTLY), (-27.9, PARTLY), (-28.0, AGAINST)],
)
def test_a_record_does_it_when_setting_it_back_undoes_half_of_the_move(back, role):
    assert role_of(an_estimate(back), an_estimate(-25.0), an_estimate(-19.0), "diff_pct") == role


@pytest.mark.slow
def test_at_the_database_lock_one_corrected_value_moves_the_difference_of_40_mg(staged):
    published = Report.of("efficacy", as_first(staged("SL"))).compute()
    report = Report.of("efficacy", after(staged("DBL"), {"efficacy": published}))
    (table,) = report.show(moved.comparisons).members
    assert body(table) == [
        (
            "Tofersen 40 mg − Placebo", "−19\u00a0% (−37 to 6)", "−25\u00a0% (−40 to −5)", "−19\u00a0% (−37 to 6)",
            "One changed record does it: 101006, Day 85: 130.8 → 65.4 (set back: −19\u00a0% (−37 to 6)).",
        )
    ]  # fmt: skip
    kept = ", ".join(f"Tofersen {dose} mg − Placebo" for dose in (20, 60, 100))
    assert table.footnotes[:2] == (f"Compared and not moved: {kept}.", "Participants with a value: 48 as before.")
    own = report.compute()[lambda rows: rows["display"].eq("F1M") & rows["variable"].eq("ALONE")]
    assert own["keys"].tolist() == [["lb/233AS101-101006/172"]]


def with_events(serious):
    """Return the transfer with one event of A1 on its tenth day, serious or not."""
    event = {"USUBJID": "A1", "AESEQ": 1.0, "AETERM": "Fall", "AEDECOD": "Fall", "AEBODSYS": "X", "AESEV": "MILD",
             "AESER": serious, "AEREL": "N", "AESTDTC": "2024-03-14"}  # fmt: skip
    return {**transfer(0, 0, 0, 0), "ae": pd.DataFrame([event])}


def test_an_event_that_became_serious_is_named_as_what_moved_the_rate_of_serious_events():
    # HIGH: 4 participants at risk for 28 days to the cut-off of 2 April; the one with the event for 10 of them.
    previous, now = with_events("N"), with_events("Y")
    past = with_topics(compare_records(now, previous).assign(RULE=""), now, previous)
    then = Frames(previous, STUDY, "2024-04-01")
    frames = Frames(now, STUDY, "2024-04-02", staged={"past": past})
    published = with_text(compute_all([rates.by_arm], then, STUDY))
    made = compute_all([rates.by_arm, rates.moved_rates], frames, STUDY, then, published)
    rows = made[made["display"].eq("D12M") & made["group"].eq("HIGH")]
    assert keys(rows) == {"ALONE": ["ae/A1/1"]}
    back = rows[rows["variable"].eq("RECORD") & rows["statistic"].eq("first_rate")]
    assert back["value"].tolist() == [0.0]
    rate = made[made["display"].eq("D12") & made["variable"].eq("SER") & made["group"].eq("HIGH")]
    days = 29 + 29 + 29 + 10
    assert rate.loc[rate["statistic"].eq("first_rate"), "value"].item() == pytest.approx(100 * 365.25 / days)

"""The first screen of trials of which one thing is otherwise: what is said, and where it must keep silent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from cutbook.notebook.sentences.efficacy import Estimate, told_of_others
from display.as_shown import first_screen
from display.small_trial import Trial, trial

pytestmark = pytest.mark.slow

ALT = {"parameter": "chemistry-ALT", "label": "ALT", "limit": "> 35", "unit": "U/L"}


def changed(frame: str, change: Any, **study: Any) -> Trial:
    """Return the small trial with a frame of this cut changed, and keys of its study file."""
    made = trial()
    now = replace(made.now, **{frame: change(getattr(made.now, frame).copy())})
    return replace(made, now=now, study=made.study | study)


def watched(limit: str = "> 35", change: Any = lambda adlb: adlb, **study: Any) -> Trial:
    """Return the small trial with a limit of ALT, whose values after day 1 are those after the first dose."""

    def after_dose(adlb: pd.DataFrame) -> pd.DataFrame:
        is_post = adlb["ADY"].gt(1)
        flags = pd.Series("Y", index=adlb.index, dtype="str").where(is_post)
        days = pd.Timestamp("2024-01-01") + pd.to_timedelta(adlb["ADY"].fillna(0), unit="D")
        return change(adlb.assign(APOBLFL=flags, ANRHI=40.0, ANRLO=10.0, ADT=days))

    made = changed("adlb", after_dose, thresholds=[ALT | {"limit": limit}], **study)
    before = replace(made.before, adlb=after_dose(made.before.adlb)) if made.before else None
    return replace(made, before=before)


def leads(made: Trial, report: str = "safety") -> list[str]:
    """Return the leads of the sentences of a first screen."""
    return [line[0] for line in first_screen(made, report) if len(line) > 1 and line[0]]


def sentence(made: Trial, lead: str, report: str = "safety") -> str:
    """Return the text of the sentence that begins so."""
    (text,) = [line[1] for line in first_screen(made, report) if len(line) > 1 and line[0].startswith(lead)]
    return text


def test_a_watched_limit_is_told_by_dose_with_the_highest_value_unscheduled_or_not():
    # 04 and 05 are above 35 at 10 mg (500 and 600, the latter unscheduled), nobody of three on placebo.
    assert sentence(watched(), "ALT more often than on placebo at 10 mg:") == (
        "above 35 U/L in 0 of 3 on placebo and 2/4 at 10 mg; highest 600 U/L (10 mg, day 17)."
    )


@pytest.mark.parametrize(
    ("limit", "is_told"),
    [
        ("> 599", False),  # one participant of four: 25 points, but one
        ("> 1000", False),  # nobody
        ("> 1", False),  # everybody
        ("> 0.9 x ULN", True),  # 36: 04 and 05
        (">= 1 x ULN", True),  # 40: 04 and 05, whose 40 is just at it
        ("> 33", False),  # 03 on placebo too: 3/4 against 1/3
        ("< 23", False),  # lower values of placebo alone
    ],
)
def test_a_limit_beyond_which_nothing_differs_is_not_told(limit, is_told):
    assert any(lead.startswith("ALT") for lead in leads(watched(limit))) is is_told


def test_which_watched_results_stand_out_is_the_title_of_their_table():
    assert [first_screen(watched(limit), "safety")[-2:] for limit in ("> 35", "> 1000")] == [
        [("ALT stands out",), ("ALT above 35 U/L first on day 14, highest at 10 mg",)],
        [("ALT: no arm stands out",), ("ALT: nobody is above 1000 U/L",)],
    ]


def test_a_limit_without_a_value_after_the_first_dose_has_nobody_above_it_said():
    bare = watched(change=lambda adlb: adlb.assign(APOBLFL=None))
    assert first_screen(bare, "safety")[-1] == ("ALT: no value after the first dose",)


@pytest.mark.parametrize("limit", [">= 35", "< 35", "> 3 x ULN"])
def test_a_limit_that_is_no_number_to_be_above_has_no_figure(limit):
    assert first_screen(watched(limit), "safety")[-1][0].startswith("ALT")
    assert " above " not in first_screen(watched(limit), "safety")[-1][0]


def test_the_forest_and_the_course_of_the_first_compared_endpoint_lead_efficacy():
    assert first_screen(trial(), "efficacy")[-2:] == [
        ("SOD1 protein at week 4: every interval includes no difference",), ("Course of SOD1 protein",),
    ]  # fmt: skip


def test_a_limit_is_new_when_somebody_is_newly_beyond_it_and_a_finding_else():
    made = watched()

    def box_of_alt(adlb: pd.DataFrame) -> str:
        told = first_screen(replace(made, before=replace(made.before, adlb=adlb)), "safety")
        headings = [line[0] for line in told[: [line[0][:8] for line in told].index("ALT more")] if len(line) == 1]
        return headings[-1]

    assert box_of_alt(made.now.adlb) == "Key findings"
    assert box_of_alt(made.now.adlb[made.now.adlb["USUBJID"].ne("05")]) == "New since C1"


def test_without_a_previous_cut_every_death_is_a_finding_and_nothing_is_new():
    first = replace(trial(), before=None)
    told = first_screen(first, "safety")
    assert [line[0] for line in told if len(line) == 1][2:-1] == ["Key findings"]
    assert leads(first)[0] == "One death on placebo, judged not related:"


def test_where_nothing_is_new_a_line_says_what_is_not():
    made = trial()
    same = replace(made, before=made.now)
    assert ("Since C1",) in first_screen(same, "safety")
    assert ("", "No further death and no first serious event.", "") in first_screen(same, "safety")
    limited = watched()
    quiet = replace(limited, before=limited.now)
    assert (
        "",
        "No further death, no first serious event and nobody newly beyond a watched limit.",
        "",
    ) in first_screen(quiet, "safety")


def died(**values: Any) -> Trial:
    """Return the small trial with facts of the participant 02, who died, otherwise."""

    def change(adsl: pd.DataFrame) -> pd.DataFrame:
        is_own = adsl["USUBJID"].eq("02")
        return adsl.assign(**{name: adsl[name].mask(is_own, value) for name, value in values.items()})

    return changed("adsl", change)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, "placebo, day 20 (19 days after dose 1), cardiac arrest."),
        ({"DTHCAUS": "UNKNOWN"}, "placebo, day 20 (19 days after dose 1), cause not known."),
        ({"DTHCAUS": None}, "placebo, day 20 (19 days after dose 1), cause not known."),
        ({"TRTEDT": pd.Timestamp("2024-01-28")}, "placebo, day 20 (1 day after dose 1), cardiac arrest."),
        ({"TRTEDT": pd.Timestamp("2024-01-29")}, "placebo, day 20 (on the day of dose 1), cardiac arrest."),
        ({"TRTEDT": pd.Timestamp("2024-01-30")}, "placebo, day 20, cardiac arrest."),
        ({"DTHDY": float("nan"), "DTHDTC": "2024-01"}, "placebo, 2024-01, day not known, cardiac arrest."),
    ],
)
def test_a_death_is_told_with_what_is_known_of_it(facts, told):
    assert sentence(died(**facts), "One death") == told


def judged(**values: Any) -> Trial:
    def change(adae: pd.DataFrame) -> pd.DataFrame:
        is_own = adae["USUBJID"].eq("02")
        return adae.assign(**{name: adae[name].mask(is_own, value) for name, value in values.items()})

    return changed("adae", change)


@pytest.mark.parametrize(
    ("facts", "lead"),
    [
        ({}, "One death on placebo, judged not related:"),
        ({"AREL": "Y"}, "One death on placebo, judged related to study drug:"),
        ({"AEREL": None}, "One death on placebo:"),
        ({"FATALFL": "N"}, "One death on placebo:"),  # no event says of what
    ],
)
def test_the_judgement_of_a_death_is_that_of_its_fatal_events(facts, lead):
    assert leads(judged(**facts))[0] == lead


def test_a_death_after_all_planned_doses_says_so():
    assert leads(died(DOSEN=2.0))[0] == "One death on placebo, after the last dose, judged not related:"


def test_events_that_are_not_coded_or_of_several_people_are_named_once():
    def change(adae: pd.DataFrame) -> pd.DataFrame:
        is_own = adae["USUBJID"].eq("07") & adae["AESEQ"].eq(2)
        return adae.assign(
            AESER=adae["AESER"].mask(is_own, "Y"), AEDECOD=adae["AEDECOD"].mask(is_own, "CARDIAC ARREST")
        )

    made = changed("adae", change)
    assert sentence(made, "Two participants with a first serious event,").startswith(
        "one of them judged related: cardiac arrest (placebo, 10 mg)."
    )


def test_nobody_treated_yet_is_a_line_and_no_box():
    def nobody(adsl: pd.DataFrame) -> pd.DataFrame:
        return adsl.assign(SAFFL="N", DTHFL="N")

    made = changed("adsl", nobody)
    now = replace(made.now, adae=made.now.adae.iloc[:0])
    first = replace(made, before=None, now=now, issues=made.issues.iloc[:0])
    assert first_screen(first, "safety") == [
        ("Safety",), ("Nobody is treated yet; 10 screened.",), ("What stands out, by dose",),
    ]  # fmt: skip


def moved(value: float) -> Trial:
    """Return the small trial whose previous cut had all values of the endpoints, one of them otherwise."""
    made = trial()
    is_one = (
        made.now.adeff["USUBJID"].eq("04") & made.now.adeff["PARAMCD"].eq("SCORE") & made.now.adeff["AVISITN"].eq(2)
    )
    changes = {"AVAL": value, "CHG": value - made.now.adeff.loc[is_one, "BASE"].iloc[0]}
    before = made.now.adeff.assign(**{name: made.now.adeff[name].mask(is_one, new) for name, new in changes.items()})
    return replace(made, before=replace(made.now, adeff=before))


def test_an_estimate_that_moved_is_told_with_both_its_values():
    told = [line for line in first_screen(moved(20.0), "efficacy") if line[0].startswith("The 10 mg result moved from")]
    assert len(told) == 1
    assert told[0][0].endswith("to 3.65 (−0.03 to 7.33).")
    assert ("New since C1",) in first_screen(moved(20.0), "efficacy")


def test_arms_whose_interval_alone_moved_are_said_to_keep_their_estimate():
    now = {arm: Estimate(arm, *shown, "F1", "") for arm, shown in _NOW.items()}
    before = {arm: Estimate(arm, *shown, "F1", "") for arm, shown in _BEFORE.items()}
    assert told_of_others(["20 mg", "60 mg"], now, before) == (
        "Others: 60 mg −18 % to −19 %. The estimate at 20 mg is the same, its interval is not."
    )
    assert told_of_others([], now, before) == ""


_NOW = {"20 mg": ("2 %", "2 % (−18 to 27)", 0, 2.0), "60 mg": ("−19 %", "−19 % (−35 to 2)", 0, -19.0)}
_BEFORE = {"20 mg": ("2 %", "2 % (−21 to 31)", 0, 2.0), "60 mg": ("−18 %", "−18 % (−37 to 6)", 0, -18.0)}


def test_an_estimate_that_did_not_move_is_said_to_stand():
    made = trial()
    told = first_screen(replace(made, before=made.now), "efficacy")
    assert ("", "No estimate that the study file asks for reads otherwise.", "") in told


def test_arms_of_fewer_than_three_values_have_no_estimate_and_no_mean():
    made = changed("adeff", lambda adeff: adeff[~adeff["USUBJID"].isin(["05", "07"])])
    assert not any("difference" in lead for lead in leads(made, "efficacy"))
    assert "10 mg" not in sentence(made, "SOD1 protein at week 4, geometric mean", "efficacy")


_QUARTER = {"04": 0.25, "05": 0.26, "07": 0.24}
"""Ratios to baseline at 10 mg; those on placebo are 0.99, 1 and 1.01."""


def quartered(adeff: pd.DataFrame) -> pd.DataFrame:
    ratios = adeff["USUBJID"].map(_QUARTER | {"01": 0.99, "02": 1.0, "03": 1.01})
    is_own = adeff["PARAMCD"].eq("SOD1") & adeff["AVISITN"].eq(2) & ratios.notna()
    return adeff.assign(CHG=adeff["CHG"].mask(is_own, ratios), AVAL=adeff["AVAL"].mask(is_own, adeff["BASE"] * ratios))


def test_the_title_is_the_finding_where_an_interval_leaves_out_no_difference():
    title = first_screen(changed("adeff", quartered), "efficacy")[0][0]
    assert title.startswith("SOD1 protein is lower than on placebo at 10 mg (−7")
    assert first_screen(trial(), "efficacy")[0][0] == "Efficacy"


def test_where_nobody_knows_who_was_treated_the_line_does_not_say_nobody():
    made = changed("adsl", lambda adsl: adsl.assign(SAFFL=pd.Series(index=adsl.index, dtype="str")))
    assert "Nobody is treated" not in first_screen(replace(made, before=None), "safety")[1][0]


def test_samples_that_do_not_contradict_the_treatment_are_said_so():
    made = changed("adpc", lambda adpc: adpc[adpc["USUBJID"].isin(["04", "05", "06"])])
    told = first_screen(replace(made, before=None), "pharmacokinetics")
    assert tuple(line[0] for line in told if "contradict" in line[0]) == ("No sample contradicts the treatment.",)
    assert sentence(replace(made, before=None), "No sample contradicts", "pharmacokinetics") == (
        "Nobody on placebo has a quantifiable concentration. Nobody on active drug lacks one after a dose."
    )

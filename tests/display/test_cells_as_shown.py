"""Every table and listing of the small trial, cell by cell, as it is shown.

The numbers were computed by hand from `small_trial`; a comment says how, where counting is not enough. How cells and
marks are written down is said in `as_shown`.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cutbook.catalogue.safety.rates import moved_rates
from cutbook.display.tables import moved
from display.as_shown import REPORTS, _report, as_shown, not_shown, reported, small
from display.small_trial import lines, trial


def test_data_received_shows_rows_and_participants_with_their_change():
    # A file that was not read has no count; one that is new has no mark.
    assert small("safety").tables["T-A1"] == lines("""
File | Dataset | Rows | Participants | Latest date | SHA-256, first 12 | Verdict
dm.xpt | dm | 10 was 8 | 10 was 8 | 2024-04-30 | 0123456789ab | read
ae.xpt | ae | 11 was 12 | 7 | 2024-04-20 | fedcba987654 | read
plan.pdf | – | – | – | – | aaaabbbbcccc | not read: no dataset
""")


def test_oddities_of_the_data_are_listed_with_row_and_key():
    assert small("safety").tables["L-A7"] == lines("""
Dataset | Variable | Stands | Row | Key | Finding | Records | Participants
ae | AESTDTC | first lines | 8 | ae/06/1 | no date of onset | 1 new | 1 new
dm | – | list | – | – | two participants have the same number | – | –
""")


def test_the_audit_of_the_cut_counts_rows_before_after_removed_and_modified():
    assert small("safety").tables["T-A3"] == lines("""
Dataset | Rule | Rows before | Rows after | Removed | Modified
dm | records of participants who were in | 12 | 10 was 8 | 2 was 4 | 0
ae | records dated by the cut-off (AESTDTC) | 13 was 12 | 11 was 7 | 2 was 5 | 1
""")


def test_removed_records_are_listed_with_the_value_that_decided():
    assert small("safety").tables["L-A3R"] == lines("""
Dataset | Key | Variable | Value | Reason
dm | dm/11 | RFSTDTC | 2024-05-20 | entered after the cut-off
ae | ae/01/3 | AESTDTC | 2024-05-03 | dated after the cut-off
""")


def test_records_kept_without_proof_are_listed_with_the_value_in_doubt():
    assert small("safety").tables["L-A3K"] == lines("""
Dataset | Key | Variable | Value | Reason
ae | ae/06/1 | AESTDTC | – | no date
ae | ae/04/2 | AESTDTC | 2024-05 | the month of the cut-off
""")


def test_values_rolled_back_are_listed_old_and_new_without_study_days():
    assert small("safety").tables["L-A4"] == lines("""
Dataset | Key | Variable | Old | New | Reason
ae | ae/05/1 | AEENDTC | 2024-05-10 | – | ended after the cut-off
ae | ae/05/1 | AEOUT | RECOVERED | NOT RECOVERED | ended after the cut-off
""")


def test_the_key_counts_that_moved_are_told_for_participants_and_events():
    # Events are those of T-D4; the reason that only the previous cut had comes last. What did not move is not here:
    # screen failures, in screening, serious events (2 and 2), injection site reactions (1 and 1).
    assert small("safety").tables["T-I2"] == lines("""
| Participants, cut C1 | Participants, this cut | Participants, change | Events, cut C1 | Events, this cut
    | Events, change
Screened | 8 | 10 | +2 | – | – | –
Randomised | 6 | 8 | +2 | – | – | –
Treated | 6 | 7 | +1 | – | – | –
Received dose 1 | 6 | 7 | +1 | – | – | –
Received dose 2 | 4 | 5 | +1 | – | – | –
Completed the study | 0 | 2 | +2 | – | – | –
Ongoing | 5 | 3 | −2 | – | – | –
Discontinued the study | 1 | 3 | +2 | – | – | –
Discontinued: death | 0 | 2 | +2 | – | – | –
Discontinued: adverse event | 0 | 1 | +1 | – | – | –
Any treatment-emergent event | 5 | 6 | +1 | 5 | 8 | +3
Severe event | 0 | 3 | +3 | 0 | 3 | +3
Related to study drug | 2 | 4 | +2 | 2 | 4 | +2
Serious: resulted in death | 0 | 1 | +1 | 0 | 1 | +1
Serious: required or prolonged hospitalisation | 2 | 1 | −1 | 2 | 1 | −1
Led to discontinuation of study drug | 0 | 1 | +1 | 0 | 1 | +1
Led to interruption or change of dose | 0 | 2 | +2 | 0 | 2 | +2
Treatment-emergent event with fatal outcome | 0 | 1 | +1 | 0 | 1 | +1
Died on study, any cause | 0 | 1 | +1 | – | – | –
Discontinued: lost to follow-up | 1 | 0 | −1 | – | – | –
""")


def test_counts_of_samples_that_moved_are_told():
    assert small("pharmacokinetics").tables["T-I2"] == lines("""
| Count, cut C1 | Count, this cut | Count, change
Plasma, samples | 8 | 15 | +7
Plasma, participants with samples | 3 | 5 | +2
Plasma, samples below the limit of quantification | 4 | 5 | +1
Plasma, participants on placebo with a quantifiable concentration | 0 | 1 | +1
Plasma, participants on active drug with no quantifiable concentration | 0 | 1 | +1
""")


def test_participants_with_a_change_that_moved_are_told():
    # Baselines are no change; 07 is the sixth. Nobody had week 8 before.
    assert small("efficacy").tables["T-I2"] == lines("""
| Count, cut C1 | Count, this cut | Count, change
SOD1 protein, Week 4, with a ratio to baseline | 5 | 6 | +1
Function score, Week 4, with a change from baseline | 5 | 6 | +1
Function score, Week 8, with a change from baseline | 0 | 1 | +1
""")


def test_the_past_that_changed_is_listed_field_by_field():
    # Five lines of four records: 04/1 changed in two fields that differ.
    assert small("safety").tables["L-I2P"] == lines("""
Dataset | Participant | Record | What it means | What changed | Then | Now | Why it is the past
ae | 04 | HEADACHE, no. 1 | became serious | severity | MODERATE | SEVERE | altered
ae | 04 | HEADACHE, no. 1 | became serious | serious | N | Y | altered
ae | 02 | CARDIAC ARREST, no. 1 | entered late | – | – | – | dated before the previous cut-off, not seen then
ae | 03 | FALL, no. 1 | withdrawn | – | – | – | withdrawn: in the previous cut, and no longer delivered
pc | 05 | X, Day 1, no. 2 | changed a value that is analysed | result | 30 | 40 | altered
""")


def test_key_counts_and_rates_are_followed_over_all_cuts():
    # x is 3 and 57; y is 13 - 10 * count / largest: for 8 of 10, 5.0. Time at risk is 1522 days now and 1460 before:
    # 8 events / (1522 / 365.25) = 1.920 a year; 5 / (1460 / 365.25) = 1.251. C1 did not collect actions: no rate.
    assert small("safety").tables["T-I2T"] == lines("""
| This cut | Cuts C1, C2 | Events per 100 person-years | Cuts C1, C2
Screened | 10 | Count by cut: C1 8, C2 10 at 3.0,5.0 57.0,3.0 | – | –
Not randomised: screen failure | 1 | Count by cut: C1 1, C2 1 at 3.0,3.0 57.0,3.0 | – | –
Not randomised yet: in screening | 1 | Count by cut: C1 1, C2 1 at 3.0,3.0 57.0,3.0 | – | –
Randomised | 8 | Count by cut: C1 6, C2 8 at 3.0,5.5 57.0,3.0 | – | –
Treated | 7 | Count by cut: C1 6, C2 7 at 3.0,4.4 57.0,3.0 | – | –
Received dose 1 | 7 | Count by cut: C1 6, C2 7 at 3.0,4.4 57.0,3.0 | – | –
Received dose 2 | 5 | Count by cut: C1 4, C2 5 at 3.0,5.0 57.0,3.0 | – | –
Completed the study | 2 | Count by cut: C1 0, C2 2 at 3.0,13.0 57.0,3.0 | – | –
Ongoing | 3 | Count by cut: C1 5, C2 3 at 3.0,3.0 57.0,7.0 | – | –
Discontinued the study | 3 | Count by cut: C1 1, C2 3 at 3.0,9.7 57.0,3.0 | – | –
Discontinued: death | 2 | Count by cut: C1 0, C2 2 at 3.0,13.0 57.0,3.0 | – | –
Discontinued: adverse event | 1 | Count by cut: C1 0, C2 1 at 3.0,13.0 57.0,3.0 | – | –
Any treatment-emergent event | 6 | Count by cut: C1 5, C2 6 at 3.0,4.7 57.0,3.0 | 192.0
    | Events per 100 person-years by cut: C1 125.1, C2 192.0 at 3.0,6.5 57.0,3.0
Severe event | 3 | Count by cut: C1 0, C2 3 at 3.0,13.0 57.0,3.0 | 72.0
    | Events per 100 person-years by cut: C1 0.0, C2 72.0 at 3.0,13.0 57.0,3.0
Related to study drug | 4 | Count by cut: C1 2, C2 4 at 3.0,8.0 57.0,3.0 | 96.0
    | Events per 100 person-years by cut: C1 50.0, C2 96.0 at 3.0,7.8 57.0,3.0
Injection site reaction | 1 | Count by cut: C1 1, C2 1 at 3.0,3.0 57.0,3.0 | 24.0
    | Events per 100 person-years by cut: C1 25.0, C2 24.0 at 3.0,3.0 57.0,3.4
Serious event | 2 | Count by cut: C1 2, C2 2 at 3.0,3.0 57.0,3.0 | 48.0
    | Events per 100 person-years by cut: C1 50.0, C2 48.0 at 3.0,3.0 57.0,3.4
Serious: resulted in death | 1 | Count by cut: C1 0, C2 1 at 3.0,13.0 57.0,3.0 | 24.0
    | Events per 100 person-years by cut: C1 0.0, C2 24.0 at 3.0,13.0 57.0,3.0
Serious: required or prolonged hospitalisation | 1 | Count by cut: C1 2, C2 1 at 3.0,3.0 57.0,8.0 | 24.0
    | Events per 100 person-years by cut: C1 50.0, C2 24.0 at 3.0,3.0 57.0,8.2
Led to discontinuation of study drug | 1 | Count by cut: C2 1 at 57.0,3.0 | 24.0
    | Events per 100 person-years by cut: C2 24.0 at 57.0,3.0
Led to interruption or change of dose | 2 | Count by cut: C2 2 at 57.0,3.0 | 48.0
    | Events per 100 person-years by cut: C2 48.0 at 57.0,3.0
Treatment-emergent event with fatal outcome | 1 | Count by cut: C1 0, C2 1 at 3.0,13.0 57.0,3.0 | 24.0
    | Events per 100 person-years by cut: C1 0.0, C2 24.0 at 3.0,13.0 57.0,3.0
Died on study, any cause | 1 | Count by cut: C1 0, C2 1 at 3.0,13.0 57.0,3.0 | – | –
""")


def test_counts_of_samples_are_followed_over_all_cuts():
    assert small("pharmacokinetics").tables["T-I2T"] == lines("""
| This cut | Cuts C1, C2
Plasma, samples | 15 | Count by cut: C1 8, C2 15 at 3.0,7.7 57.0,3.0
Plasma, participants with samples | 5 | Count by cut: C1 3, C2 5 at 3.0,7.0 57.0,3.0
Plasma, samples below the limit of quantification | 5 | Count by cut: C1 4, C2 5 at 3.0,5.0 57.0,3.0
Plasma, participants on placebo with a quantifiable concentration | 1
    | Count by cut: C1 0, C2 1 at 3.0,13.0 57.0,3.0
Plasma, participants on active drug with no quantifiable concentration | 1
    | Count by cut: C1 0, C2 1 at 3.0,13.0 57.0,3.0
""")


def test_participants_with_a_change_are_followed_over_all_cuts():
    assert small("efficacy").tables["T-I2T"] == lines("""
| This cut | Cuts C1, C2
SOD1 protein, Week 4, with a ratio to baseline | 6 | Count by cut: C1 5, C2 6 at 3.0,4.7 57.0,3.0
Function score, Week 4, with a change from baseline | 6 | Count by cut: C1 5, C2 6 at 3.0,4.7 57.0,3.0
Function score, Week 8, with a change from baseline | 1 | Count by cut: C1 0, C2 1 at 3.0,13.0 57.0,3.0
""")


def test_everybody_is_listed_by_arm_with_facts_and_where_they_count():
    # By actual arm: 07 stands under 10 mg. 03 has no event now; the event of 08 counts nowhere, 06 has no vital sign.
    assert divided(small("safety").tables["L-P"])[0] == lines("""
No. | Participant | First dose | Last dose | Doses | Study | Death | Age (years) | Sex | Weight (kg) | Counts in
Placebo
1 | 01 | 2022-01-10 | 2023-01-10 | 2 | Completed | – | 40 | Female | 60.5
    | disposition, baseline, exposure, adverse events, laboratory, vital signs, ECG
2 | 02 | 2024-01-10 | 2024-01-10 | 1 | Discontinued (Death) | 2024-01-29 | 50 | Male | –
    | disposition, baseline, exposure, adverse events, laboratory, vital signs
3 | 03 | 2022-01-10 | 2023-01-20 | 2 | Ongoing | – | 60 | Female | 70.5
    | disposition, baseline, exposure, laboratory
10 mg
4 | 04 | 2022-01-10 | 2023-01-10 | 2 | Completed | – | 45 | Male | 80
    | disposition, baseline, exposure, adverse events, laboratory, vital signs, ECG
5 | 05 | 2022-01-10 | 2022-07-28 | 2 | Discontinued (Adverse event) | – | 55 | Female | 90
    | disposition, baseline, exposure, adverse events, laboratory, vital signs, ECG
6 | 06 | 2024-02-20 | 2024-02-20 | 1 | Ongoing | – | 70 | – | –
    | disposition, baseline, exposure, adverse events, laboratory
7 | 07 | 2024-03-10 | 2024-04-15 | 2 | Ongoing | – | 35 | Male | 100
    | disposition, baseline, exposure, adverse events, laboratory
8 | 08 | – | – | – | Discontinued (Death) | 2024-04-20 | 65 | Male | 85 | disposition
Not randomised
9 | 09 | – | – | – | – | – | 33 | Female | – | disposition
10 | 10 | – | – | – | – | – | 28 | Female | – | disposition
""")


def divided(table):
    """Return the list of participants, and the tables of their courses below it."""
    place = next(place for place, line in enumerate(table) if line[0] == "Participant")
    return table[:place], table[place:]


def test_below_the_list_of_participants_stand_their_events_and_every_value_with_its_day():
    # 04 has 500 U/L on day 14, which represents no visit; 08 was never treated.
    assert divided(small("safety").tables["L-P"])[1] == lines("""
Participant | Who | Doses on days | Adverse events
Placebo
01 | Placebo, 40 years, Female | 1 366 | 3–4 1 Headache; 376–377 2 Headache
02 | Placebo, 50 years, Male | 1 | 20–20 3s Cardiac arrest
03 | Placebo, 60 years, Female | 1 376 |
10 mg
04 | 10 mg, 45 years, Male | 1 366 | −8–−7 1 Nausea; 5–11 3s Headache
05 | 10 mg, 55 years, Female | 1 200 | 200– 2 Injection site pain; 265–273 3s Nausea
06 | 10 mg, 70 years | 1 | ?– ? spots
07 | 10 mg, 35 years, Male | 1 37 | 2–2 1 Dizziness; 3–5 3 Headache
08 | 10 mg, 65 years, Male | | ?– 3 Road accident
Not randomised
09 | 33 years, Female | |
10 | 28 years, Female | |
Chemistry | Days | ALT (U/L) | Creatinine (µmol/L)
Placebo
01 | 1 15 29 | 20 24 22 | 80 78 –
02 | 1 15 | 30 32 |
03 | 1 15 29 | 25 34 29 |
10 mg
04 | 1 14 15 29 | 22 500 30 32 | 90 – 95 –
05 | 1 15 17 | 28 40 600 |
06 | 1 15 | 30 34 |
07 | 1 | 40 |
Vital signs | Days | Pulse (beats/min)
Placebo
01 | 1 15 | 70 74
02 | 1 15 | 66 64
10 mg
04 | 1 15 | 72 70
05 | 15 | 80
ECG | Days | QTcF (ms)
Placebo
01 | 1 15 | 400 405
10 mg
04 | 1 15 | 410 420
05 | 1 15 | 430 434
""")
    assert divided(small("pharmacokinetics").tables["L-P"])[1][-8:] == lines("""
Concentrations | Days | Plasma (ng/mL)
Placebo
01 | 1.04 | 3
10 mg
04 | 1 1.04 1.17 8 | <1 10 4 5
05 | 1 1.04 1.17 8 | <1 40 9 7
06 | 1 1.04 1.17 | 2 20 6
07 | 1.04 | <1
""")
    assert divided(small("efficacy").tables["L-P"])[1][-10] == (
        "Endpoints",
        "Days",
        "SOD1 protein (ng/mL)",
        "Function score",
    )


def test_disposition_is_by_planned_arm_of_the_randomised():
    # Planned for placebo are 01, 02, 03, 07; for 10 mg 04, 05, 06 and 08, who was not treated.
    assert small("safety").tables["T-D1"] == lines("""
| Placebo, N = 4 ▲1 was N = 3 | 10 mg, N = 4 ▲1 was N = 3 | Active, N = 4 ▲1 was N = 3 | All, N = 8 ▲2 was N = 6
Screened | – | – | – | 10 ▲2 was 8
Not randomised: screen failure | – | – | – | 1
Not randomised yet: in screening | – | – | – | 1
Randomised | 4 (100.0) ▲1 was 3 (100.0) | 4 (100.0) ▲1 was 3 (100.0) | 4 (100.0) ▲1 was 3 (100.0)
    | 8 (100.0) ▲2 was 6 (100.0)
Treated | 4 (100.0) ▲1 was 3 (100.0) | 3 (75.0) was 3 (100.0) | 3 (75.0) was 3 (100.0) | 7 (87.5) ▲1 was 6 (100.0)
  Received dose 1 | 4 (100.0) ▲1 was 3 (100.0) | 3 (75.0) was 3 (100.0) | 3 (75.0) was 3 (100.0)
    | 7 (87.5) ▲1 was 6 (100.0)
  Received dose 2 | 3 (75.0) ▲1 was 2 (66.7) | 2 (50.0) was 2 (66.7) | 2 (50.0) was 2 (66.7)
    | 5 (62.5) ▲1 was 4 (66.7)
Completed the study | 1 (25.0) ▲1 was 0 | 1 (25.0) ▲1 was 0 | 1 (25.0) ▲1 was 0 | 2 (25.0) ▲2 was 0
Ongoing | 2 (50.0) ▼1 was 3 (100.0) | 1 (25.0) ▼1 was 2 (66.7) | 1 (25.0) ▼1 was 2 (66.7) | 3 (37.5) ▼2 was 5 (83.3)
Discontinued the study | 1 (25.0) ▲1 was 0 | 2 (50.0) ▲1 was 1 (33.3) | 2 (50.0) ▲1 was 1 (33.3)
    | 3 (37.5) ▲2 was 1 (16.7)
  Death new | 1 (25.0) | 1 (25.0) | 1 (25.0) | 2 (25.0)
  Adverse event new | 0 | 1 (25.0) | 1 (25.0) | 1 (12.5)
  Lost to follow-up | 0 | 0 ▼1 was 1 (33.3) | 0 ▼1 was 1 (33.3) | 0 ▼1 was 1 (16.7)
""")


def test_baseline_characteristics_are_those_of_the_treated():
    # Age: 40 50 60 | 35 45 55 70 (before: without 35). Weight: 60.5 70.5 | 80 90 100 (before: without 100). Quartiles
    # of three values are the first and the last, of four means of two neighbours, of seven the second and the sixth.
    assert small("safety").tables["T-D2"] == lines("""
| Placebo, N = 3 | 10 mg, N = 4 | Active, N = 4 | All, N = 7
Age (years)
  n | 3 | 4 was 3 | 4 was 3 | 7 was 6
  Mean (SD) | 50.0 (10.0) | 51.3 (14.9) was 56.7 (12.6) | 51.3 (14.9) was 56.7 (12.6)
    | 50.7 (12.1) was 53.3 (10.8)
  Median | 50.0 | 50.0 was 55.0 | 50.0 was 55.0 | 50.0 was 52.5
  Q1, Q3 | 40.0, 60.0 | 40.0, 62.5 was 45.0, 70.0 | 40.0, 62.5 was 45.0, 70.0 | 40.0, 60.0 was 45.0, 60.0
  Min, max | 40, 60 | 35, 70 was 45, 70 | 35, 70 was 45, 70 | 35, 70 was 40, 70
Sex
  Female | 2 (66.7) was 1 (33.3) | 1 (25.0) was 1 (33.3) | 1 (25.0) was 1 (33.3) | 3 (42.9) was 2 (33.3)
  Male | 1 (33.3) | 2 (50.0) was 1 (33.3) | 2 (50.0) was 1 (33.3) | 3 (42.9) was 2 (33.3)
  Missing | 0 | 1 (25.0) was 1 (33.3) | 1 (25.0) was 1 (33.3) | 1 (14.3) was 1 (16.7)
  U | 0 was 1 (33.3) | 0 | 0 | 0 was 1 (16.7)
Weight (kg)
  n | 2 | 3 was 2 | 3 was 2 | 5 was 4
  Mean (SD) | 65.50 (7.07) | 90.00 (10.0) was 85.00 (7.07) | 90.00 (10.0) was 85.00 (7.07)
    | 80.20 (15.6) was 75.25 (12.7)
  Median | 65.50 | 90.00 was 85.00 | 90.00 was 85.00 | 80.00 was 75.25
  Q1, Q3 | 60.50, 70.50 | 80.00, 100.00 was 80.00, 90.00 | 80.00, 100.00 was 80.00, 90.00
    | 70.50, 90.00 was 65.50, 85.00
  Min, max | 60.5, 70.5 | 80.0, 100.0 was 80.0, 90.0 | 80.0, 100.0 was 80.0, 90.0 | 60.5, 100.0 was 60.5, 90.0
""")


def test_exposure_counts_doses_amounts_days_and_years():
    # Days: 366 1 376 | 366 200 1 37: 743, 604 and 1347 days are 2.03, 1.65 and 3.69 years.
    assert small("safety").tables["T-D3"] == lines("""
| Placebo, N = 3 | 10 mg, N = 4 | Active, N = 4 | All, N = 7
Doses received
  0 | 0 | 0 | 0 | 0
  1 | 1 (33.3) | 1 (25.0) was 1 (33.3) | 1 (25.0) was 1 (33.3) | 2 (28.6) was 2 (33.3)
  2 | 2 (66.7) | 3 (75.0) was 2 (66.7) | 3 (75.0) was 2 (66.7) | 5 (71.4) was 4 (66.7)
Total dose (mg)
  n | 3 | 4 was 3 | 4 was 3 | 7 was 6
  Mean (SD) | 0.0 (0.00) | 17.5 (5.00) was 16.7 (5.77) | 17.5 (5.00) was 16.7 (5.77) | 10.0 (10.0) was 8.3 (9.83)
  Median | 0.0 | 20.0 | 20.0 | 10.0 was 5.0
  Q1, Q3 | 0.0, 0.0 | 15.0, 20.0 was 10.0, 20.0 | 15.0, 20.0 was 10.0, 20.0 | 0.0, 20.0
  Min, max | 0, 0 | 10, 20 | 10, 20 | 0, 20
Days from first to last dose
  n | 3 | 4 was 3 | 4 was 3 | 7 was 6
  Mean (SD) | 247.7 (214) | 151.0 (167) was 189.0 (183) | 151.0 (167) was 189.0 (183)
    | 192.4 (179) was 218.3 (181)
  Median | 366.0 | 118.5 was 200.0 | 118.5 was 200.0 | 200.0 was 283.0
  Q1, Q3 | 1.0, 376.0 | 19.0, 283.0 was 1.0, 366.0 | 19.0, 283.0 was 1.0, 366.0 | 1.0, 366.0
  Min, max | 1, 376 | 1, 366 | 1, 366 | 1, 376
Person-years on treatment
  Total | 2.0 | 1.7 was 1.6 | 1.7 was 1.6 | 3.7 was 3.6
""")


def test_the_overview_counts_participants_once_and_every_event():
    # Treatment-emergent: 01/1 01/2 02/1 | 04/1 05/1 06/1 07/1 07/2. Severe: 02/1, 04/1, 07/2. Serious: 02/1, 04/1 (05/2
    # came too late; hospitalisation of 07/1 is not serious). 08 died untreated. Before: 01/1 03/1 | 04/1 05/1 06/1.
    assert small("safety").tables["T-D4"] == lines("""
| Placebo, N = 3 | 10 mg, N = 4 ▲1 was N = 3 | Active, N = 4 ▲1 was N = 3 | All, N = 7 ▲1 was N = 6
Any treatment-emergent event | 2 (66.7) [3] was 2 (66.7) [2] | 4 (100.0) [5] ▲1 was 3 (100.0) [3]
    | 4 (100.0) [5] ▲1 was 3 (100.0) [3] | 6 (85.7) [8] ▲1 was 5 (83.3) [5]
Severe event | 1 (33.3) [1] ▲1 was 0 | 2 (50.0) [2] ▲2 was 0 | 2 (50.0) [2] ▲2 was 0 | 3 (42.9) [3] ▲3 was 0
Related to study drug | 1 (33.3) [1] ▲1 was 0 | 3 (75.0) [3] ▲1 was 2 (66.7) [2]
    | 3 (75.0) [3] ▲1 was 2 (66.7) [2] | 4 (57.1) [4] ▲2 was 2 (33.3) [2]
Injection site reaction | 0 | 1 (25.0) [1] was 1 (33.3) [1] | 1 (25.0) [1] was 1 (33.3) [1]
    | 1 (14.3) [1] was 1 (16.7) [1]
Serious event | 1 (33.3) [1] ▼1 was 2 (66.7) [2] | 1 (25.0) [1] ▲1 was 0 | 1 (25.0) [1] ▲1 was 0
    | 2 (28.6) [2] was 2 (33.3) [2]
  Resulted in death | 1 (33.3) [1] ▲1 was 0 | 0 | 0 | 1 (14.3) [1] ▲1 was 0
  Required or prolonged hospitalisation | 0 ▼2 was 2 (66.7) [2] | 1 (25.0) [1] ▲1 was 0
    | 1 (25.0) [1] ▲1 was 0 | 1 (14.3) [1] ▼1 was 2 (33.3) [2]
Led to discontinuation of study drug new | 0 | 1 (25.0) [1] | 1 (25.0) [1] | 1 (14.3) [1]
Led to interruption or change of dose new | 0 | 2 (50.0) [2] | 2 (50.0) [2] | 2 (28.6) [2]
Treatment-emergent event with fatal outcome | 1 (33.3) [1] ▲1 was 0 | 0 | 0 | 1 (14.3) [1] ▲1 was 0
Died on study, any cause | 1 (33.3) ▲1 was 0 | 0 | 0 | 1 (14.3) ▲1 was 0
""")


def test_the_overview_under_other_windows_counts_what_began_in_them():
    # Until the last dose: 01/1 | 04/1 05/1 06/1 07/1 07/2. Whole study: with 01/2, 02/1 and the serious 05/2.
    assert small("safety").tables["T-D4S"] == lines("""
| Placebo, N = 3 | 10 mg, N = 4 ▲1 was N = 3 | Active, N = 4 ▲1 was N = 3 | All, N = 7 ▲1 was N = 6
Up to 0 days after the last dose
  Any event | 1 (33.3) ▼1 was 2 (66.7) | 4 (100.0) ▲1 was 3 (100.0) | 4 (100.0) ▲1 was 3 (100.0)
    | 5 (71.4) was 5 (83.3)
  Serious event | 0 ▼2 was 2 (66.7) | 1 (25.0) ▲1 was 0 | 1 (25.0) ▲1 was 0 | 1 (14.3) ▼1 was 2 (33.3)
  Event with fatal outcome | 0 | 0 | 0 | 0
Whole study
  Any event | 2 (66.7) | 4 (100.0) ▲1 was 3 (100.0) | 4 (100.0) ▲1 was 3 (100.0) | 6 (85.7) ▲1 was 5 (83.3)
  Serious event | 1 (33.3) ▼1 was 2 (66.7) | 2 (50.0) ▲1 was 1 (33.3) | 2 (50.0) ▲1 was 1 (33.3)
    | 3 (42.9) was 3 (50.0)
  Event with fatal outcome | 1 (33.3) ▲1 was 0 | 0 | 0 | 1 (14.3) ▲1 was 0
""")


def test_terms_stand_below_their_class_by_falling_frequency_and_gone_ones_stay():
    # Nervous system 3 participants, then three classes of one by alphabet, then what only the previous cut had.
    assert small("safety").tables["T-D5"] == lines("""
System organ class, preferred term | Placebo, N = 3 | 10 mg, N = 4 ▲1 was N = 3 | Active, N = 4 ▲1 was N = 3
    | All, N = 7 ▲1 was N = 6
Any treatment-emergent event | 2 (66.7) [3] was 2 (66.7) [2] | 4 (100.0) [5] ▲1 was 3 (100.0) [3]
    | 4 (100.0) [5] ▲1 was 3 (100.0) [3] | 6 (85.7) [8] ▲1 was 5 (83.3) [5]
Nervous system disorders | 1 (33.3) [2] was 1 (33.3) [1] | 2 (50.0) [3] ▲1 was 1 (33.3) [1]
    | 2 (50.0) [3] ▲1 was 1 (33.3) [1] | 3 (42.9) [5] ▲1 was 2 (33.3) [2]
  Headache | 1 (33.3) [2] was 1 (33.3) [1] | 2 (50.0) [2] ▲1 was 1 (33.3) [1] | 2 (50.0) [2] ▲1 was 1 (33.3) [1]
    | 3 (42.9) [4] ▲1 was 2 (33.3) [2]
  Dizziness new | 0 | 1 (25.0) [1] | 1 (25.0) [1] | 1 (14.3) [1]
Cardiac disorders new | 1 (33.3) [1] | 0 | 0 | 1 (14.3) [1]
  Cardiac arrest new | 1 (33.3) [1] | 0 | 0 | 1 (14.3) [1]
General disorders | 0 | 1 (25.0) [1] was 1 (33.3) [1] | 1 (25.0) [1] was 1 (33.3) [1] | 1 (14.3) [1] was 1 (16.7) [1]
  Injection site pain | 0 | 1 (25.0) [1] was 1 (33.3) [1] | 1 (25.0) [1] was 1 (33.3) [1]
    | 1 (14.3) [1] was 1 (16.7) [1]
Not coded new | 0 | 1 (25.0) [1] | 1 (25.0) [1] | 1 (14.3) [1]
  Not coded new | 0 | 1 (25.0) [1] | 1 (25.0) [1] | 1 (14.3) [1]
Injuries | 0 ▼1 was 1 (33.3) [1] | 0 | 0 | 0 ▼1 was 1 (16.7) [1]
  Fall | 0 ▼1 was 1 (33.3) [1] | 0 | 0 | 0 ▼1 was 1 (16.7) [1]
Skin disorders | 0 | 0 ▼1 was 1 (33.3) [1] | 0 ▼1 was 1 (33.3) [1] | 0 ▼1 was 1 (16.7) [1]
  Rash | 0 | 0 ▼1 was 1 (33.3) [1] | 0 ▼1 was 1 (33.3) [1] | 0 ▼1 was 1 (16.7) [1]
""")


def test_deaths_of_the_untreated_are_listed_too_and_a_death_taken_back_is_told():
    assert small("safety").tables["L-D9-deaths"] == lines("""
Participant | Arm | Age (sex) | First dose | Doses | Death | Study day | Cause as reported
02 new | Placebo | 50 (M) | 2024-01-10 | 1 | 2024-01-29 | 20 | Cardiac arrest
08 new | 10 mg | 65 (M) | – | – | 2024-04-20 | – | Road accident
09 no longer listed | – | 33 (F) | – | – | 2024-02-01 | – | Unknown
""")


def test_serious_or_fatal_events_are_listed_with_what_changed_in_them():
    # 08/1 was fatal without being marked serious. 01/1 is no longer serious, 03/1 is no longer there.
    assert small("safety").tables["L-D9-serious"] == lines("""
Participant | Arm, age, sex | Event (as reported) | Began | Severity | Why serious | Related | Outcome
02 new | Placebo, 50, M | Cardiac arrest (heart stopped) | Day 20, 19 days after dose 1 | Severe
    | Resulted in death | Not related | Fatal, day 20
04 new | 10 mg, 45, M | Headache (bad headache) | Day 5, 4 days after dose 1 | Severe
    | Required or prolonged hospitalisation | Related | Recovered, day 11
05 changed | 10 mg, 55, F | Nausea (very sick) | Day 265, 65 days after dose 2, not treatment-emergent | Severe
    | Required or prolonged hospitalisation | Not related | Recovered, day 273 was Not recovered
08 new | 10 mg, 65, M | Road accident (hit by a car) | 2024-04-20, not treatment-emergent | Severe | Not serious
    | Not related | Fatal, 2024-04-20
01 no longer listed | Placebo, 40, F | Headache | Day 3, 2 days after dose 1 | Mild
    | Required or prolonged hospitalisation | Not related | Recovered, day 4
03 withdrawn | Placebo, 60, U | Fall (fell) | Day 51, 50 days after dose 1 | Mild
    | Required or prolonged hospitalisation | Not related | Recovered, day 52
""")


def test_events_that_ended_treatment_are_listed():
    assert small("safety").tables["L-D9-discontinuations"] == lines("""
Participant | Arm, age, sex | Event (as reported) | Began | Severity | Why serious | Related | Outcome
05 new | 10 mg, 55, F | Injection site pain (sore leg) | Day 200, 0 days after dose 2 | Moderate | Not serious
    | Related, injection site reaction | Not recovered
""")


def test_alanine_aminotransferase_by_visit_shows_values_changes_and_intervals():
    # Changes at week 2: 4 2 9 | 8 12 4: 5 ± 4.303·√13/√3 = 8.96; 8 ± 9.94; 6.5 ± 2.571·3.782/√6 = 3.97; then 2 4 | 10.
    # The 500 of 04 does not represent its visit, the 600 of 05 is unscheduled, and 08 (99) was not treated.
    assert small("safety").tables["T-D15-chemistry-ALT"] == lines("""
| n | Mean (SD) | Median | Min, max | n | Mean change (SD) | 95 % CI
Baseline
Placebo | 3 | 25.0 (5.00) | 25.0 | 20, 30 | – | – | –
10 mg | 4 was 3 | 30.0 (7.48) was 26.7 (4.16) | 29.0 was 28.0 | 22, 40 was 22, 30 | – | – | –
Active | 4 was 3 | 30.0 (7.48) was 26.7 (4.16) | 29.0 was 28.0 | 22, 40 was 22, 30 | – | – | –
All | 7 was 6 | 27.9 (6.59) was 25.8 (4.22) | 28.0 was 26.5 | 20, 40 was 20, 30 | – | – | –
Week 2
Placebo | 3 was 2 | 30.0 (5.29) was 28.0 (5.66) | 32.0 was 28.0 | 24, 34 was 24, 32 | 3 was 2
    | 5.0 (3.61) was 3.0 (1.41) | −3.96 to 13.96 was −9.71 to 15.71
10 mg | 3 was 2 | 34.7 (5.03) was 34.0 (5.66) | 34.0 | 30, 40 was 30, 38 | 3 was 2 | 8.0 (4.00) was 9.0 (1.41)
    | −1.94 to 17.94 was −3.71 to 21.71
Active | 3 was 2 | 34.7 (5.03) was 34.0 (5.66) | 34.0 | 30, 40 was 30, 38 | 3 was 2 | 8.0 (4.00) was 9.0 (1.41)
    | −1.94 to 17.94 was −3.71 to 21.71
All | 6 was 4 | 32.3 (5.28) was 31.0 (5.77) | 33.0 was 31.0 | 24, 40 was 24, 38 | 6 was 4
    | 6.5 (3.78) was 6.0 (3.65) | 2.53 to 10.47 was 0.19 to 11.81
Week 4
Placebo | 2 | 25.5 (4.95) | 25.5 | 22, 29 | 2 | 3.0 (1.41) | −9.71 to 15.71
10 mg | 1 | 32.0 (NE) | 32.0 | 32, 32 | 1 | 10.0 (NE) | NE
Active | 1 | 32.0 (NE) | 32.0 | 32, 32 | 1 | 10.0 (NE) | NE
All | 3 | 27.7 (5.13) | 29.0 | 22, 32 | 3 | 5.3 (4.16) | −5.01 to 15.68
""")


def test_creatinine_by_visit_shows_values_changes_and_intervals():
    # 78 | 95 at week 2; change -2 | 5: 1.5 ± 12.706 · 4.950/√2 = 44.47. Then 10 mg had no value at week 2.
    assert small("safety").tables["T-D15-chemistry-CREAT"] == lines("""
| n | Mean (SD) | Median | Min, max | n | Mean change (SD) | 95 % CI
Baseline
Placebo | 1 | 80.0 (NE) | 80.0 | 80, 80 | – | – | –
10 mg | 1 | 90.0 (NE) | 90.0 | 90, 90 | – | – | –
Active | 1 | 90.0 (NE) | 90.0 | 90, 90 | – | – | –
All | 2 | 85.0 (7.07) | 85.0 | 80, 90 | – | – | –
Week 2
Placebo | 1 | 78.0 (NE) was 82.0 (NE) | 78.0 was 82.0 | 78, 78 was 82, 82 | 1 | −2.0 (NE) was 2.0 (NE) | NE
10 mg | 1 was 0 | 95.0 (NE) | 95.0 | 95, 95 | 1 was 0 | 5.0 (NE) | NE
Active | 1 was 0 | 95.0 (NE) | 95.0 | 95, 95 | 1 was 0 | 5.0 (NE) | NE
All | 2 was 1 | 86.5 (12.0) was 82.0 (NE) | 86.5 was 82.0 | 78, 95 was 82, 82 | 2 was 1 | 1.5 (4.95) was 2.0 (NE)
    | −42.97 to 45.97 was NE
""")


def test_pulse_by_visit_counts_a_change_only_with_a_baseline():
    # 05 has no baseline: two values, one change. 4 -2 | -2: 0 ± 4.303 · 3.464/√3 = 8.61; 1 ± 12.706 · 3 = 38.12.
    assert small("safety").tables["T-D20-vitals-PULSE"] == lines("""
| n | Mean (SD) | Median | Min, max | n | Mean change (SD) | 95 % CI
Baseline
Placebo | 2 | 68.0 (2.83) | 68.0 | 66, 70 | – | – | –
10 mg | 1 | 72.0 (NE) | 72.0 | 72, 72 | – | – | –
Active | 1 | 72.0 (NE) | 72.0 | 72, 72 | – | – | –
All | 3 | 69.3 (3.06) | 70.0 | 66, 72 | – | – | –
Week 2
Placebo | 2 was 1 | 69.0 (7.07) was 74.0 (NE) | 69.0 was 74.0 | 64, 74 was 74, 74 | 2 was 1
    | 1.0 (4.24) was 4.0 (NE) | −37.12 to 39.12 was NE
10 mg | 2 was 1 | 75.0 (7.07) was 80.0 (NE) | 75.0 was 80.0 | 70, 80 was 80, 80 | 1 was 0 | −2.0 (NE) | NE
Active | 2 was 1 | 75.0 (7.07) was 80.0 (NE) | 75.0 was 80.0 | 70, 80 was 80, 80 | 1 was 0 | −2.0 (NE) | NE
All | 4 was 2 | 72.0 (6.73) was 77.0 (4.24) | 72.0 was 77.0 | 64, 80 was 74, 80 | 3 was 1
    | 0.0 (3.46) was 4.0 (NE) | −8.61 to 8.61 was NE
""")


def test_the_electrocardiogram_by_visit_is_new_below_the_heading_that_says_so():
    # Changes 5 | 10 4: 7 ± 12.706 · 3 = 38.12; 6.333 ± 4.303 · 3.215/√3 = 7.99.
    assert small("safety").tables["T-D21-ecg-QTCF"] == lines("""
| n | Mean (SD) | Median | Min, max | n | Mean change (SD) | 95 % CI
Baseline
Placebo | 1 | 400.0 (NE) | 400.0 | 400, 400 | – | – | –
10 mg | 2 was 0 | 420.0 (14.1) | 420.0 | 410, 430 | – | – | –
Active | 2 was 0 | 420.0 (14.1) | 420.0 | 410, 430 | – | – | –
All | 3 was 1 | 413.3 (15.3) was 400.0 (NE) | 410.0 was 400.0 | 400, 430 was 400, 400 | – | – | –
Week 2
Placebo | 1 | 405.0 (NE) | 405.0 | 405, 405 | 1 | 5.0 (NE) | NE
10 mg | 2 | 427.0 (9.90) | 427.0 | 420, 434 | 2 | 7.0 (4.24) | −31.12 to 45.12
Active | 2 | 427.0 (9.90) | 427.0 | 420, 434 | 2 | 7.0 (4.24) | −31.12 to 45.12
All | 3 | 419.7 (14.5) | 420.0 | 405, 434 | 3 | 6.3 (3.21) | −1.65 to 14.32
""")


def test_terms_stand_by_difference_from_placebo_and_those_of_one_participant_below():
    # Headache: 2 of 4 against 1 of 3. Fall and rash are gone; all others were had by one participant.
    assert small("safety").tables["T-D5, brief"] == lines("""
Preferred term | Placebo, N = 3 | 10 mg, N = 4 ▲1 was N = 3 | Active, N = 4 ▲1 was N = 3 | All, N = 7 ▲1 was N = 6
Any treatment-emergent event | 2 (66.7) [3] was 2 (66.7) [2] | 4 (100.0) [5] ▲1 was 3 (100.0) [3]
    | 4 (100.0) [5] ▲1 was 3 (100.0) [3] | 6 (85.7) [8] ▲1 was 5 (83.3) [5]
Headache | 1 (33.3) [2] was 1 (33.3) [1] | 2 (50.0) [2] ▲1 was 1 (33.3) [1] | 2 (50.0) [2] ▲1 was 1 (33.3) [1]
    | 3 (42.9) [4] ▲1 was 2 (33.3) [2]
Fall | 0 ▼1 was 1 (33.3) [1] | 0 | 0 | 0 ▼1 was 1 (16.7) [1]
Rash | 0 | 0 ▼1 was 1 (33.3) [1] | 0 ▼1 was 1 (33.3) [1] | 0 ▼1 was 1 (16.7) [1]
""")
    assert [line[0] for line in small("safety").tables["T-D5, rare"][1:]] == [
        "Dizziness new", "Injection site pain", "Not coded new", "Cardiac arrest new",
    ]  # fmt: skip


def test_every_event_is_listed_with_the_rule_that_decided():
    assert small("safety").tables["L-R"] == lines("""
No. | Participant | Preferred term | Start (day) | End (day) | Severity | Serious | Related | Reported term
    | Treatment-emergent | Rule | Marked as
Placebo
11 | 01 | Headache | 2022-01-12 (3) | 2022-01-13 (4) | Mild | N | N | headache | Y
    | Began on or after the first dose | –
12 | 01 | Headache | 2023-01-20 (376) | 2023-01-21 (377) | Moderate | N | Y | headache again | Y
    | Began on or after the first dose | –
13 | 02 | Cardiac arrest | 2024-01-29 (20) | 2024-01-29 (20) | Severe | Y | N | heart stopped | Y
    | Began on or after the first dose | Resulted in death
10 mg
14 | 04 | Headache | 2022-01-14 (5) | 2022-01-20 (11) | Severe | Y | Y | bad headache | Y
    | Began on or after the first dose | Required or prolonged hospitalisation; Dose reduced
15 | 04 | Nausea | 2022-01-02 (−8) | 2022-01-03 (−7) | Mild | N | N | sick | N | Began before the first dose | –
16 | 05 | Injection site pain | 2022-07-28 (200) | – | Moderate | N | Y | sore leg | Y
    | Began on or after the first dose | Injection site reaction; Drug withdrawn
17 | 05 | Nausea | 2022-10-01 (265) | 2022-10-09 (273) | Severe | Y | N | very sick | N
    | Began more than 28 days after the last dose | Required or prolonged hospitalisation
18 | 06 | – | – | – | – | N | N | spots | Y | Start date missing | –
19 | 07 | Dizziness | 2024-03-11 (2) | 2024-03-11 (2) | Mild | N | N | dizzy | Y
    | Began on or after the first dose | Required or prolonged hospitalisation; Drug interrupted
20 | 07 | Headache | 2024-03-12 (3) | 2024-03-14 (5) | Severe | N | Y | headache | Y
    | Began on or after the first dose | –
21 | 08 | Road accident | 2024-04-20 | 2024-04-20 | Severe | N | N | hit by a car | N | Not treated | –
""")


def test_samples_are_counted_with_the_signs_of_a_mix_up():
    # Samples with a result: 1 of 01, 5 of 04, 5 of 05, 3 of 06, 1 of 07. Below the limit: 04 and 05 twice, 07 once.
    # On placebo 01 has a quantifiable one; 07 has none on 10 mg.
    assert small("pharmacokinetics").tables["T-E13"] == lines("""
| Plasma
Samples | 15 was 8
Participants | 5 was 3
Samples below the limit of quantification | 5 was 4
Participants on placebo with a quantifiable concentration | 1 was 0
Participants on active drug with no quantifiable concentration | 1 was 0
""")


def test_concentrations_are_summarised_by_visit_and_nominal_time():
    # 1 h: 10 40 20 and one below: geometric mean 8000^(1/3) = 20; s = ln 2, CV 100·√(e^0.4805 - 1) = 78.5. 4 h: 4 9 6:
    # The median at 1 h is that of all four, the one below as the lowest: 15.
    # 216^(1/3) = 6. 24 h: two of three below, so nothing is calculated, though the value 2 is there. Day 8: √35 = 5.92.
    assert small("pharmacokinetics").tables["T-E2-1"] == lines("""
Visit, arm, time (h) | Samples | BLQ | n in means | Mean | SD | CV % | Geo. mean | Geo. CV % | Median | Min | Max
Day 1, 10 mg
0 h | 2 | 2 | 2 | NC | NC | NC | NC | NC | BLQ | BLQ | BLQ
1 h | 4 was 2 | 1 was 0 | 3 was 2 | 23.3 was 20.0 | 15.3 was 14.1 | 65.5 was 70.7 | 20.0 was 17.3 | 78.5 was 91.0
    | 15.0 was 20.0 | BLQ was 10.0 | 40.0 was 30.0
4 h | 3 was 2 | 0 | 3 was 2 | 6.33 was 6.50 | 2.52 was 3.54 | 39.7 was 54.4 | 6.00 | 42.3 was 62.4 | 6.00 was 6.50
    | 4.00 | 9.00
24 h | 3 | 2 | 1 | NC | NC | NC | NC | NC | BLQ | BLQ | 2.00
Day 8, 10 mg
No planned time | 2 | 0 | 2 | 6.00 | 1.41 | 23.6 | 5.92 | 24.1 | 6.00 | 5.00 | 7.00
""")


def test_every_sample_is_listed_as_reported_with_what_changed():
    # 6 minutes of 1 h are 10 %, 15 of 4 h 6.25 %, 30 of 24 h 2.08 %.
    assert small("pharmacokinetics").tables["L-E1"] == lines("""
Participant | Arm | Matrix | Visit | Dose | Nominal time (h) | Actual time (h) | As reported | Unit | Deviation (min)
    | Deviation (%) | Not done, or excluded
04 | 10 mg | Plasma | Day 1 | 1 | 0 | −0.25 | <1 | ng/mL | −15 | – | –
04 | 10 mg | Plasma | Day 1 | 1 | 1 | 1.10 | 10 | ng/mL | 6 | 10.0 | –
04 | 10 mg | Plasma | Day 1 | 1 | 4 | 4.00 | 4 | ng/mL | 0 | 0.0 | –
04 new | 10 mg | Plasma | Day 1 | 1 | 24 | 24.50 | <1 | ng/mL | 30 | 2.1 | –
04 new | 10 mg | Plasma | Day 8 | 1 | – | – | 5 | ng/mL | – | – | –
05 | 10 mg | Plasma | Day 1 | 1 | 0 | −0.50 | <1 | ng/mL | −30 | – | –
05 changed | 10 mg | Plasma | Day 1 | 1 | 1 | 1.00 | 40 was 30 | ng/mL | 0 | 0.0 | –
05 | 10 mg | Plasma | Day 1 | 1 | 4 | 4.25 | 9 | ng/mL | 15 | 6.3 | –
05 new | 10 mg | Plasma | Day 1 | 1 | 24 | 24.00 | <1 | ng/mL | 0 | 0.0 | –
05 new | 10 mg | Plasma | Day 8 | 1 | – | – | 7 | ng/mL | – | – | –
06 new | 10 mg | Plasma | Day 1 | 1 | 1 | – | 20 | ng/mL | – | – | –
06 new | 10 mg | Plasma | Day 1 | 1 | 4 | 4.00 | 6 | ng/mL | 0 | 0.0 | –
06 new | 10 mg | Plasma | Day 1 | 1 | 24 | 23.50 | 2 | ng/mL | −30 | −2.1 | –
07 new | 10 mg | Plasma | Day 1 | 1 | 1 | 1.00 | <1 | ng/mL | 0 | 0.0 | –
07 new | 10 mg | Plasma | Day 1 | 1 | 4 | 4.00 | – | ng/mL | 0 | 0.0 | –
01 changed | Placebo | Plasma | Day 1 | 1 | 1 | 1.00 | 3 was <1 | ng/mL | 0 | 0.0 | –
01 withdrawn | Placebo | Plasma | Day 1 | 1 | 0 | 0.00 | <1 | ng/mL | 0 | – | –
""")


def test_the_comparison_on_the_ratio_scale_is_in_per_cent_of_the_control():
    # Powers of two: baseline 4 3 5 | 4 5 3, ratio 1 0 -1 | -1 -2 -3. Sums of products 1 and -1: the slope is 0, means
    # are 0 and -2; s² = 4/3, 3 degrees of freedom, t = 3.182. Means ± 3.182·√(4/9) = 2.122, difference -2 ±
    # 3.182·√(8/9) = 3.000: 2^-2 = 0.25, so -75 % (2^-5 - 1 = -96.9 %, 2^1 - 1 = 100 %).
    assert small("efficacy").tables["T-F1-SOD1"] == lines("""
| n | Baseline geometric mean, ng/mL | Geometric mean ratio to baseline, least-squares mean (95 % CI)
    | Difference from placebo, % (95 % CI)
Placebo | 3 | 16.0 | 1.000 (0.230, 4.352) ▲ was 0.920 (0.190, 4.452) | –
10 mg | 3 was 2 | 16.0 was 22.6 | 0.250 (0.057, 1.088) ▼ was 0.401 (0.057, 2.824)
    | −75 (−97, 100) ▼ was −56 (−97, 473)
""")


def test_the_comparison_on_the_difference_scale_is_adjusted_for_baseline():
    # Baseline 40 30 44 | 36 40 32 (means 38, 36), change -4 -5 0 | -1 2 -1 (means -3, 0). Slope 44/136 = 0.3235, sum of
    # squares 20 - 44²/136 = 5.765, s² = 1.922. At 37: -3 - 0.324 and 0 + 0.324, ± 3.182·√(1.922·(1/3 + 1/136)) = 2.57;
    # difference 3.647 ± 3.182·√(1.922·(2/3 + 4/136)) = 3.68.
    assert small("efficacy").tables["T-F1-SCORE"] == lines("""
| n | Baseline mean | Mean change, least-squares mean (95 % CI) | Difference from placebo, (95 % CI)
Placebo | 3 | 38.0 | −3.32 (−5.90, −0.75) ▲ was −4.00 (−7.01, −0.99) | –
10 mg | 3 was 2 | 36.0 was 38.0 | 0.32 (−2.25, 2.90) ▼ was 0.50 (−3.18, 4.18)
    | 3.65 (−0.03, 7.33) ▼ was 4.50 (−0.25, 9.25)
""")


def test_a_ratio_endpoint_by_visit_shows_geometric_means():
    # Week 4: 32 8 16 | 8 8 1: 16 and 64^(1/3) = 4. Ratios 2 1 ½ | ½ ¼ ⅛: 1 and ¼, times e^±(4.303·ln 2/√3) = 5.595.
    # 06 is not in the population.
    assert small("efficacy").tables["T-F2-SOD1"] == lines("""
| n | Geo. mean | Geo. CV % | Median | Min, max | n | Geo. mean ratio | 95 % CI
Baseline
Placebo | 3 | 16.0 | 78.5 | 16.0 | 8, 32 | – | – | –
10 mg | 3 ▲1 was 2 | 16.0 was 22.6 | 78.5 was 52.1 | 16.0 was 24.0 | 8, 32 was 16, 32 | – | – | –
Active | 3 ▲1 was 2 | 16.0 was 22.6 | 78.5 was 52.1 | 16.0 was 24.0 | 8, 32 was 16, 32 | – | – | –
All | 6 ▲1 was 5 | 16.0 was 18.4 | 68.5 was 63.2 | 16.0 | 8, 32 | – | – | –
Week 4
Placebo | 3 | 16.0 | 78.5 | 16.0 | 8, 32 | 3 | 1.00 | 0.179 to 5.595
10 mg | 3 ▲1 was 2 | 4.00 was 8.00 | 179.6 was 0.0 | 8.0 | 1, 8 was 8, 8 | 3 ▲1 was 2 | 0.250 was 0.354
    | 0.045 to 1.399 was 0.004 to 28.902
Active | 3 ▲1 was 2 | 4.00 was 8.00 | 179.6 was 0.0 | 8.0 | 1, 8 was 8, 8 | 3 ▲1 was 2 | 0.250 was 0.354
    | 0.045 to 1.399 was 0.004 to 28.902
All | 6 ▲1 was 5 | 8.00 was 12.1 | 168.5 was 68.5 | 8.0 | 1, 32 was 8, 32 | 6 ▲1 was 5 | 0.500 was 0.660
    | 0.179 to 1.399 was 0.247 to 1.760
""")


def test_a_difference_endpoint_by_visit_shows_means_and_changes():
    # Change at week 4: -4 -5 0: -3 ± 4.303·2.646/√3 = 6.57; -1 2 -1: 0 ± 4.303; all: -1.5 ± 2.571·2.588/√6 = 2.72.
    assert small("efficacy").tables["T-F4-SCORE"] == lines("""
| n | Mean (SD) | Median | Min, max | n | Mean change (SD) | 95 % CI
Baseline
Placebo | 3 | 38.0 (7.21) | 40.0 | 30, 44 | – | – | –
10 mg | 3 ▲1 was 2 | 36.0 (4.00) was 38.0 (2.83) | 36.0 was 38.0 | 32, 40 was 36, 40 | – | – | –
Active | 3 ▲1 was 2 | 36.0 (4.00) was 38.0 (2.83) | 36.0 was 38.0 | 32, 40 was 36, 40 | – | – | –
All | 6 ▲1 was 5 | 37.0 (5.33) was 38.0 (5.29) | 38.0 was 40.0 | 30, 44 | – | – | –
Week 4
Placebo | 3 | 35.0 (9.54) was 34.0 (8.19) | 36.0 | 25, 44 was 25, 41 | 3 | −3.0 (2.65) was −4.0 (1.00)
    | −9.57 to 3.57 was −6.48 to −1.52
10 mg | 3 ▲1 was 2 | 36.0 (5.57) was 38.5 (4.95) | 35.0 was 38.5 | 31, 42 was 35, 42 | 3 ▲1 was 2
    | 0.0 (1.73) was 0.5 (2.12) | −4.30 to 4.30 was −18.56 to 19.56
Active | 3 ▲1 was 2 | 36.0 (5.57) was 38.5 (4.95) | 35.0 was 38.5 | 31, 42 was 35, 42 | 3 ▲1 was 2
    | 0.0 (1.73) was 0.5 (2.12) | −4.30 to 4.30 was −18.56 to 19.56
All | 6 ▲1 was 5 | 35.5 (7.01) was 35.8 (6.76) | 35.5 was 36.0 | 25, 44 was 25, 42 | 6 ▲1 was 5
    | −1.5 (2.59) was −2.2 (2.77) | −4.22 to 1.22 was −5.65 to 1.25
Week 8
Placebo | 0 | – | – | – | 0 | – | –
10 mg | 1 new | 37.0 (NE) | 37.0 | 37, 37 | 1 new | 1.0 (NE) | NE
Active | 1 new | 37.0 (NE) | 37.0 | 37, 37 | 1 new | 1.0 (NE) | NE
All | 1 new | 37.0 (NE) | 37.0 | 37, 37 | 1 new | 1.0 (NE) | NE
""")


def test_published_numbers_stand_beside_those_shown():
    # Each report shows its own part.
    assert small("safety").tables["T-I6"] == lines("""
Result | Published | This report | Match | Source
Deaths on placebo | 1 | 1 | yes | Paper, table 3
""")
    assert small("efficacy").tables["T-I6"] == lines("""
Result | Published | This report | Match | Source
Change of score on placebo (interim result) | −3.1 | −3.0 | no | Paper, table 4
""")


def test_deaths_of_the_treated_by_study_day():
    assert not_shown(trial(), "D9") == lines("""
D9 | Placebo, N = 3 | 10 mg, N = 4 | Active, N = 4 | All, N = 7
Died on study, any cause | 1 of 3 (33.3) | 0 of 4 (0.0) | 0 of 4 (0.0) | 1 of 7 (14.3)
Day 20 | 1 of 3 (33.3) | 0 of 4 (0.0) | 0 of 4 (0.0) | 1 of 7 (14.3)
""")


def test_serious_and_other_events_by_term():
    # Terms alone: the event without one is left out. 01 and 07 had headaches that were not serious, 04 one that was.
    assert not_shown(trial(), "D9S") == lines("""
D9S | Placebo, N = 3 | 10 mg, N = 4 | Active, N = 4 | All, N = 7
Serious: CARDIAC ARREST | 1 of 3 (33.3) | 0 of 4 (0.0) | 0 of 4 (0.0) | 1 of 7 (14.3)
Serious: DIZZINESS | 0 of 3 (0.0) | 0 of 4 (0.0) | 0 of 4 (0.0) | 0 of 7 (0.0)
Serious: HEADACHE | 0 of 3 (0.0) | 1 of 4 (25.0) | 1 of 4 (25.0) | 1 of 7 (14.3)
Serious: INJECTION SITE PAIN | 0 of 3 (0.0) | 0 of 4 (0.0) | 0 of 4 (0.0) | 0 of 7 (0.0)
Not serious: CARDIAC ARREST | 0 of 3 (0.0) | 0 of 4 (0.0) | 0 of 4 (0.0) | 0 of 7 (0.0)
Not serious: DIZZINESS | 0 of 3 (0.0) | 1 of 4 (25.0) | 1 of 4 (25.0) | 1 of 7 (14.3)
Not serious: HEADACHE | 1 of 3 (33.3) | 1 of 4 (25.0) | 1 of 4 (25.0) | 2 of 7 (28.6)
Not serious: INJECTION SITE PAIN | 0 of 3 (0.0) | 1 of 4 (25.0) | 1 of 4 (25.0) | 1 of 7 (14.3)
""")


def test_events_per_100_person_years_at_risk():
    # Days at risk: 394 20 404 | 394 228 29 53 (28 days after the last dose, death, or the cut-off): 818, 704, 1522.
    # 100 · 3 / (818 / 365.25) = 134.0; 5 of 704 days 259.4; 8 of 1522 days 192.0.
    assert not_shown(trial(), "D12", "sum", "rate") == lines("""
D12 | Placebo, N = 3 | 10 mg, N = 4 | Active, N = 4 | All, N = 7
Person-years at risk | 2.2396 | 1.9274 | 1.9274 | 4.1670
Any treatment-emergent event | 134.0 | 259.4 | 259.4 | 192.0
Severe event | 44.7 | 103.8 | 103.8 | 72.0
Related to study drug | 44.7 | 155.6 | 155.6 | 96.0
Injection site reaction | 0.0 | 51.9 | 51.9 | 24.0
Serious event | 44.7 | 51.9 | 51.9 | 48.0
Resulted in death | 44.7 | 0.0 | 0.0 | 24.0
Required or prolonged hospitalisation | 0.0 | 51.9 | 51.9 | 24.0
Led to discontinuation of study drug | 0.0 | 51.9 | 51.9 | 24.0
Led to interruption or change of dose | 0.0 | 103.8 | 103.8 | 48.0
Treatment-emergent event with fatal outcome | 44.7 | 0.0 | 0.0 | 24.0
""")


def test_events_after_each_dose_are_shares_of_those_who_received_it():
    # After the first dose: 01 two days, 04 four, 07 one and two; 05 on the day of the second. 02 came 19 days after.
    assert as_shown(replace(trial(), before=None), "safety")["T-D11"] == lines("""
    | Placebo, N = 3 | 10 mg, N = 4 | Active, N = 4 | All, N = 7
Received the dose
  Dose 1 | 3 (100.0) | 4 (100.0) | 4 (100.0) | 7 (100.0)
  Dose 2 | 2 (66.7) | 3 (75.0) | 3 (75.0) | 5 (71.4)
Any event within 7 days
  Dose 1 | 1/3 (33.3) [1] | 2/4 (50.0) [3] | 2/4 (50.0) [3] | 3/7 (42.9) [4]
  Dose 2 | 0/2 | 1/3 (33.3) [1] | 1/3 (33.3) [1] | 1/5 (20.0) [1]
Related to study drug within 7 days
  Dose 1 | 0/3 | 2/4 (50.0) [2] | 2/4 (50.0) [2] | 2/7 (28.6) [2]
  Dose 2 | 0/2 | 1/3 (33.3) [1] | 1/3 (33.3) [1] | 1/5 (20.0) [1]
Serious event within 7 days
  Dose 1 | 0/3 | 1/4 (25.0) [1] | 1/4 (25.0) [1] | 1/7 (14.3) [1]
  Dose 2 | 0/2 | 0/3 | 0/3 | 0/5
Day of onset not known, so after no dose | 0 | 1 (25.0) [1] | 1 (25.0) [1] | 1 (14.3) [1]
""")


def test_estimates_that_moved_with_new_data_alone():
    assert small("efficacy").tables["T-F1M-SOD1"] == lines("""
Difference | Cut C1 | This cut | This cut, its past set back | What moved it
10 mg − Placebo | −56 % (−97 to 473) | −75 % (−97 to 100) | –
    | No changed record of the past does it: data that are new since.
""")
    assert small("efficacy").said["T-F1M-SOD1"][2] == "Participants with a value: 5 then, 6 now."
    assert small("safety").tables["T-D3M"][1:3] == lines("""
10 mg | 16.7 mg | 17.5 mg | – | No changed record of the past does it: data that are new since.
Active | 16.7 mg | 17.5 mg | – | No changed record of the past does it: data that are new since.
""")
    assert small("safety").said["T-D3M"][2] == "Compared and not moved: Placebo."
    # Serious events: 2 of placebo in 83 days then, 1 in 2.2 years now; on 10 mg none then.
    assert small("safety").tables["T-D12M"][1:3] == lines("""
Placebo | 880.1 (106.6 to 3179.3) | 44.7 (1.1 to 248.8) | –
    | No changed record of the past does it: data that are new since.
10 mg | 0.0 (0.0 to 212.9) | 116.0 (2.9 to 646.0) | –
    | No changed record of the past does it: data that are new since.
""")
    assert small("safety").said["T-D12M"][2] == "Participants with an event: 2 as before."


@pytest.mark.parametrize(
    ("role", "is_folded"), [("", True), ("One moved it in part: A.", False), ("One moved it the other way: A.", False)]
)
def test_estimates_that_new_data_alone_moved_are_folded_and_no_others(monkeypatch, role, is_folded):
    new = "No changed record of the past does it: data that are new since."
    monkeypatch.setattr(moved, "_records", lambda _, group, *__: f"{new} {role}".strip() if group == "A" else new)
    report = _report(trial(), "safety")
    report.compute()
    (table,) = report.show(moved_rates).members
    assert [row.group for row in table.rows] == ["P", "A", "ACTIVE", "TOTAL"]
    assert table.is_folded is is_folded


def test_everybody_randomised_is_in_a_population_or_has_a_reason():
    # 08 was not treated; 07 got 10 mg and has nothing quantifiable.
    assert as_shown(replace(trial(), before=None), "safety")["T-B1"] == lines("""
| Placebo, N = 4 | 10 mg, N = 4 | Active, N = 4 | All, N = 8
Randomised | 4 (100.0) | 4 (100.0) | 4 (100.0) | 8 (100.0)
Safety | 4 (100.0) | 3 (75.0) | 3 (75.0) | 7 (87.5)
  Excluded: not treated | 0 | 1 (25.0) | 1 (25.0) | 1 (12.5)
Pharmacokinetics | 0 | 3 (75.0) | 3 (75.0) | 3 (37.5)
  Excluded: not treated | 0 | 1 (25.0) | 1 (25.0) | 1 (12.5)
  Excluded: treated without a dose of the drug | 3 (75.0) | 0 | 0 | 3 (37.5)
  Excluded: no quantifiable concentration | 1 (25.0) | 0 | 0 | 1 (12.5)
""")


def test_numbers_that_must_agree_stand_side_by_side():
    assert as_shown(replace(trial(), before=None), "safety")["T-I7"] == lines("""
| One | Other | Agree
Treated participants: sum of the arms (D4), all (D4) | 7 | 7 | yes
Treated participants: all (D4), the data (ADSL) | 7 | 7 | yes
Treated participants: heading of D12, of D4 | 7 | 7 | yes
Treated participants: heading of D5, of D4 | 7 | 7 | yes
Treated participants: heading of D6, of D4 | 7 | 7 | yes
Participants with serious events: overview (D4), listing (D9) | 2 | 2 | yes
Serious events: overview (D4), listing (D9) | 2 | 2 | yes
Events: treatment-emergent (D4), at most all of the treated (ADAE) | 8 | 10 | yes
Events: any (D5), treatment-emergent (D4) | 8 | 8 | yes
""")


def test_every_report_shows_these_tables_and_no_others():
    of_all = {"T-I2", "L-I2P", "T-I2T", "T-A1", "L-A7", "L-P", "T-A3", "L-A4", "L-A3R", "L-A3K", "T-I6", "L-C2"}
    measured = {"T-D15-chemistry-ALT", "T-D15-chemistry-CREAT", "T-D20-vitals-PULSE", "T-D21-ecg-QTCF"}
    listed = {"L-D9-deaths", "L-D9-serious", "L-D9-discontinuations", "L-R"}
    shown = {
        report: {key for key in small(report).tables if key[0] != "F" and "," not in key} - of_all for report in REPORTS
    }
    assert all(of_all < small(report).tables.keys() for report in REPORTS)
    assert shown == {
        "safety": {"T-D0", "T-D1", "T-D2", "T-D3", "T-D3M", "T-D4", "T-D4S", "T-D5", "T-D6", "T-D8", "T-D9T", "T-D9X"}
        | {"T-B1", "T-D3P", "T-D11", "T-D11P", "T-D12", "T-D12M", "T-D23", "T-D23A", "T-D23H", "T-D23P", "T-D24"}
        | {"T-I7", "T-C4"}
        | {"T-D16", "T-D17", "L-D17U", "T-D18", "T-D19", "L-D19", "T-D22", "L-D22", "T-D20C", "T-D21C", "T-D21CV"}
        | listed
        | measured,
        "pharmacokinetics": {
            "T-C3",
            "T-D3P",
            "T-E13",
            "T-E2-1",
            "L-E1",
            "T-E9-1",
            "T-E12",
            "L-E13",
            "L-E11",
            "L-E15",
            "T-E15",
            "T-G4",
            "T-G4S",
            "T-G4Q",
        },
        "efficacy": {
            "T-D2",
            "T-F1-SOD1",
            "T-F1-SCORE",
            "T-F1M-SOD1",
            "T-F1M-SCORE",
            "T-F2-SOD1",
            "T-F4-SCORE",
            "T-F10",
            "L-F7",
        },
    }


def test_what_is_told_of_the_data_is_the_same_in_every_report():
    for key in ("L-I2P", "T-A1", "L-A7", "T-A3", "L-A4", "L-A3R", "L-A3K"):
        assert small("pharmacokinetics").tables[key] == small("safety").tables[key]
        assert small("efficacy").tables[key] == small("safety").tables[key]
    assert small("efficacy").tables["T-D2"] == small("safety").tables["T-D2"]


def test_everybody_leads_to_the_displays_of_efficacy_that_count_them():
    told = {row[1]: row[-1] for row in divided(small("efficacy").tables["L-P"])[0][1:] if len(row) > 1}
    course = "baseline, course of SOD1, course of SCORE, comparison of SOD1, comparison of SCORE"
    assert told == {
        "01": course, "02": course, "03": course, "04": course, "05": course, "06": "baseline", "07": course,
        "08": "–", "09": "–", "10": "–",
    }  # fmt: skip


def test_everybody_leads_to_the_displays_of_samples_that_count_them():
    told = {row[1]: row[-1] for row in divided(small("pharmacokinetics").tables["L-P"])[0][1:] if len(row) > 1}
    both = "samples, concentrations"
    assert {name: told[name] for name in ("01", "02", "04", "05", "06", "08")} == {
        "01": "samples", "02": "–", "04": both, "05": both, "06": both, "08": "–",
    }  # fmt: skip


def test_the_numbers_above_and_below_tables_are_theirs():
    safety, efficacy = small("safety").said, small("efficacy").said
    assert safety["L-P"][:2] == ("Participants (10)", "All participants in the data. N = 10.")
    assert safety["L-R"][0] == "Adverse events behind the counts (11)"
    assert safety["L-I2P"][0] == "The past changed (4)"
    assert safety["L-A3R"][0] == "Records removed by the data cut (2)"
    assert safety["L-A3K"][0] == "Records kept although their date does not prove them early enough (2)"
    assert safety["L-A4"][-1].startswith("1 study day")
    assert safety["T-D1"][1] == "All randomised participants, by planned arm. N = 8."
    assert [safety[key][1][-6:] for key in ("T-D2", "T-D3", "T-D4", "T-D4S", "T-D5")] == ["N = 7."] * 5
    assert [safety[key][1][-6:] for key in ("T-D15-chemistry-ALT", "T-D20-vitals-PULSE")] == ["N = 7."] * 2
    assert any("up to 28 days after the last dose" in note for note in safety["T-D4"])
    assert efficacy["T-F2-SOD1"][:2] == ("SOD1 protein (ng/mL) by visit", "Treated participants with a score. N = 6.")
    assert "Lower values are better." in efficacy["T-F2-SOD1"]
    assert "Higher values are better." in efficacy["T-F4-SCORE"]


def test_the_fit_behind_a_comparison_is_told_below_it():
    # s is ln 2 · √(4/3) on the ratio scale and √1.922 on the other; 6 values, 3 terms.
    said = small("efficacy").said
    assert (
        "Analysis of covariance of ln(value / baseline) on arm, ln(baseline); observed values, one common residual SD "
        "(0.800, 3 degrees of freedom). Intervals are not adjusted for multiplicity."
    ) in said["T-F1-SOD1"]
    assert (
        "Analysis of covariance of change from baseline on arm, baseline; observed values, one common residual SD "
        "(1.39, 3 degrees of freedom). Intervals are not adjusted for multiplicity."
    ) in said["T-F1-SCORE"]
    legend = "▲ and ▼: more and fewer, or higher and lower, than at C1; new: not there at C1."
    assert legend in said["T-F1-SOD1"]
    assert said["T-F1-SCORE"][0] == "Function score at Week 4: comparison with placebo"


def test_what_stands_out_is_counted_by_arm_with_the_upper_limit_of_a_share_of_none():
    # Clopper and Pearson: 1 - 0.025^(1/3) = 71 % of three, 1 - 0.025^(1/4) = 60 % of four.
    assert small("safety").tables["T-D0"] == lines("""
Participants with | Placebo, N = 3 | 10 mg, N = 4 ▲1 was N = 3
Died (any cause) | 1 ▲1 was 0 | 0, ≤ 60 %
Serious event | 1 ▼1 was 2 | 1 ▲1 was 0
Severe event | 1 ▲1 was 0 | 2 ▲2 was 0
Related to study drug | 1 ▲1 was 0 | 3 ▲1 was 2
Stopped or changed study drug | 0, ≤ 71 % | 3 new
""")


def test_the_first_screen_of_safety_tells_what_is_new_then_what_differs_and_what_is_odd():
    # Newly dead is 02 on day 20, after one dose on day 1; first serious is 02, and 04 whose headache became serious.
    # Three of four at 10 mg and none of three on placebo stopped or changed their drug.
    assert small("safety").first == lines("""
Safety
7 treated: placebo 3 · 10 mg 4. 5 had all 2 doses. 2 completed, 3 on study, 3 left.
New since C1
One death on placebo, judged not related: | placebo, day 20 (19 days after dose 1), cardiac arrest. | L-D9-deaths
One participant with a first serious event, | judged not related: cardiac arrest (placebo). One earlier event was
    upgraded to serious: headache (10 mg). | 2 (28.6) [2]
Key findings
Stopped or changed study drug, more often than on placebo at 10 mg: | 0 of 3 on placebo and 3/4 at 10 mg.
    | Stopped or changed study drug
 | Adverse events: no date of onset: 1 record of 1 participant; kept. | L-A7
What stands out, by dose
""")


def test_the_first_screen_of_pharmacokinetics_tells_samples_signs_and_the_highest_mean():
    assert small("pharmacokinetics").first == lines("""
Pharmacokinetics
Plasma: 15 results of 5 participants, 5 below the limit of quantification.
New since C1
Plasma: samples contradict the treatment. | One participant on placebo with a quantifiable concentration; one
    participant on active drug without any quantifiable concentration after a dose. | 1
Key findings
Plasma, highest geometric mean: | 10 mg 20.0 ng/mL (day 1, 1 h). | 20.0
Plasma by hours after the dose
Samples
""")


def test_the_first_screen_of_efficacy_tells_differences_then_courses():
    # Week 4 is the last visit that at least half of the participants have reached. At the previous cut an arm had two
    # values, of which nothing is concluded: nothing is said to have moved.
    assert small("efficacy").first == lines("""
Efficacy
Week 4, analysis of covariance of ln(ratio to baseline), 6 participants (7 treated); intervals not adjusted for
    multiplicity.
Key findings
SOD1 protein at week 4, difference from placebo (95 % CI): | 10 mg −75 % (−97 to 100). | −75 (−97, 100)
Function score at week 4, difference from placebo (95 % CI): | 10 mg 3.65 (−0.03 to 7.33). | 3.65 (−0.03, 7.33)
SOD1 protein at week 4, geometric mean ratio to baseline: | placebo 1.00 (n = 3), 10 mg 0.250 (n = 3). | 0.250
Function score at week 4, mean change from baseline: | placebo −3.0 (n = 3), 10 mg 0.0 (n = 3). | 0.0 (1.73)
SOD1 protein at week 4: every interval includes no difference
Course of SOD1 protein
""")


def test_signals_count_who_is_new_even_where_the_number_is_not():
    # Serious were 01 and 03, now they are 02 and 04.
    assert small("safety").signals == [
        ("serious", "2 participants newly with a serious treatment-emergent event since cut C1."),
        ("death", "1 participant newly recorded as dead since cut C1."),
    ]
    assert small("pharmacokinetics").signals == [
        ("mixup", "1 participant newly on placebo with a quantifiable concentration since cut C1."),
        ("mixup", "1 participant newly on active drug without any quantifiable concentration since cut C1."),
    ]
    assert small("efficacy").signals == []


def test_completeness_adds_up_what_was_received_and_cut():
    assert small("safety").completeness == [
        (
            "3 files received, as the manifest says; 2 findings in the data, 1 of them on the first lines of the "
            "reports that read the dataset."
        ),
        "The data cut removed 4 records and rolled back 1 value.",
        "4 changes of the past since cut C1.",
    ]


def test_each_participant_stands_once_under_the_worst_severity_of_each_row():
    # At worst: 01 moderate (mild before), 02 severe, 04 severe (moderate before), 05 moderate, 06 missing, 07 severe.
    # Dizziness of 07 was mild, and counts as severe in the class, for the headache of 07 was.
    assert small("safety").tables["T-D6"] == lines(
        """
System organ class, preferred term | Placebo, N = 3 | 10 mg, N = 4 ▲1 was N = 3 | Active, N = 4 ▲1 was N = 3
    | All, N = 7 ▲1 was N = 6
Any treatment-emergent event | 2 (66.7) | 4 (100.0) ▲1 was 3 (100.0) | 4 (100.0) ▲1 was 3 (100.0)
    | 6 (85.7) ▲1 was 5 (83.3)
  Mild | 0 ▼2 was 2 (66.7) | 0 | 0 | 0 ▼2 was 2 (33.3)
  Moderate | 1 (33.3) ▲1 was 0 | 1 (25.0) ▼1 was 2 (66.7) | 1 (25.0) ▼1 was 2 (66.7) | 2 (28.6) was 2 (33.3)
  Severe new | 1 (33.3) | 2 (50.0) | 2 (50.0) | 3 (42.9)
  Severity missing | 0 | 1 (25.0) was 1 (33.3) | 1 (25.0) was 1 (33.3) | 1 (14.3) was 1 (16.7)
Nervous system disorders | 1 (33.3) | 2 (50.0) ▲1 was 1 (33.3) | 2 (50.0) ▲1 was 1 (33.3)
    | 3 (42.9) ▲1 was 2 (33.3)
  Mild | 0 ▼1 was 1 (33.3) | 0 | 0 | 0 ▼1 was 1 (16.7)
  Moderate | 1 (33.3) ▲1 was 0 | 0 ▼1 was 1 (33.3) | 0 ▼1 was 1 (33.3) | 1 (14.3) was 1 (16.7)
  Severe new | 0 | 2 (50.0) | 2 (50.0) | 2 (28.6)
  Headache | 1 (33.3) | 2 (50.0) ▲1 was 1 (33.3) | 2 (50.0) ▲1 was 1 (33.3) | 3 (42.9) ▲1 was 2 (33.3)
    Mild | 0 ▼1 was 1 (33.3) | 0 | 0 | 0 ▼1 was 1 (16.7)
    Moderate | 1 (33.3) ▲1 was 0 | 0 ▼1 was 1 (33.3) | 0 ▼1 was 1 (33.3) | 1 (14.3) was 1 (16.7)
    Severe new | 0 | 2 (50.0) | 2 (50.0) | 2 (28.6)
  Dizziness new | 0 | 1 (25.0) | 1 (25.0) | 1 (14.3)
    Mild new | 0 | 1 (25.0) | 1 (25.0) | 1 (14.3)
Cardiac disorders new | 1 (33.3) | 0 | 0 | 1 (14.3)
  Severe new | 1 (33.3) | 0 | 0 | 1 (14.3)
  Cardiac arrest new | 1 (33.3) | 0 | 0 | 1 (14.3)
    Severe new | 1 (33.3) | 0 | 0 | 1 (14.3)
General disorders | 0 | 1 (25.0) was 1 (33.3) | 1 (25.0) was 1 (33.3) | 1 (14.3) was 1 (16.7)
  Moderate | 0 | 1 (25.0) was 1 (33.3) | 1 (25.0) was 1 (33.3) | 1 (14.3) was 1 (16.7)
  Injection site pain | 0 | 1 (25.0) was 1 (33.3) | 1 (25.0) was 1 (33.3) | 1 (14.3) was 1 (16.7)
    Moderate | 0 | 1 (25.0) was 1 (33.3) | 1 (25.0) was 1 (33.3) | 1 (14.3) was 1 (16.7)
Not coded new | 0 | 1 (25.0) | 1 (25.0) | 1 (14.3)
  Severity missing new | 0 | 1 (25.0) | 1 (25.0) | 1 (14.3)
  Not coded new | 0 | 1 (25.0) | 1 (25.0) | 1 (14.3)
    Severity missing new | 0 | 1 (25.0) | 1 (25.0) | 1 (14.3)
Injuries | 0 ▼1 was 1 (33.3) | 0 | 0 | 0 ▼1 was 1 (16.7)
  Mild | 0 ▼1 was 1 (33.3) | 0 | 0 | 0 ▼1 was 1 (16.7)
  Fall | 0 ▼1 was 1 (33.3) | 0 | 0 | 0 ▼1 was 1 (16.7)
    Mild | 0 ▼1 was 1 (33.3) | 0 | 0 | 0 ▼1 was 1 (16.7)
Skin disorders | 0 | 0 ▼1 was 1 (33.3) | 0 ▼1 was 1 (33.3) | 0 ▼1 was 1 (16.7)
  Severity missing | 0 | 0 ▼1 was 1 (33.3) | 0 ▼1 was 1 (33.3) | 0 ▼1 was 1 (16.7)
  Rash | 0 | 0 ▼1 was 1 (33.3) | 0 ▼1 was 1 (33.3) | 0 ▼1 was 1 (16.7)
    Severity missing | 0 | 0 ▼1 was 1 (33.3) | 0 ▼1 was 1 (33.3) | 0 ▼1 was 1 (16.7)
""",
        wrapped=False,
    )


def test_terms_can_keep_the_order_of_the_previous_cut():
    # General disorders were second of four and are third now; injuries and skin have gone, the new ones come last.
    now = trial()
    kept = as_shown(replace(now, study={**now.study, "adverse_events": _KEPT_ORDER}), "safety")["T-D5"]
    assert [row[0] for row in kept[1:]] == [
        "Any treatment-emergent event", "Nervous system disorders", "  Headache", "  Dizziness new",
        "General disorders ↓1", "  Injection site pain", "Injuries", "  Fall", "Skin disorders", "  Rash",
        "Cardiac disorders new", "  Cardiac arrest new", "Not coded new", "  Not coded new",
    ]  # fmt: skip


_KEPT_ORDER = {**trial().study["adverse_events"], "order": "previous_cut"}
_MARK = re.compile(r" [▲▼•↑↓]| was | N was |(?<=[\w)\]]) new$|(?<=^\d\d) (?:changed|withdrawn|no longer listed)$")


@pytest.mark.parametrize("report", REPORTS)
def test_a_first_cut_has_no_mark_and_otherwise_the_same_cells(report):
    first = reported(replace(trial(), before=None), report)
    since = {"T-I2", "T-I2T", "L-I2P"}
    shown = {key: rows for key, rows in first.tables.items() if key not in since}
    assert [text for rows in shown.values() for row in rows for text in row if _MARK.search(text)] == []
    for key, rows in shown.items():
        plain = [tuple(_MARK.split(text)[0].rstrip() for text in row) for row in small(report).tables[key]]
        assert [row for row in rows if tuple(text.rstrip() for text in row) not in plain] == []
    assert (first.tables["T-I2"], first.said["T-I2"][-1]) == ([], "This is the first cut of the study.")
    assert (first.tables["L-I2P"], first.said["L-I2P"][-1]) == ([], "This is the first cut of the study.")
    assert first.signals == []
    assert [line for line in first.first if line[0].startswith(("New since", "Since"))] == []

"""Every figure of the small trial: what stands on its axes, its data, and what it says to those who cannot see it.

A panel is its heading, the line below that and its scale; then bands, lines and points, and the names at their ends. A
spread at one visit alone is a bar, its two ends; of fewer than three values there is none.
"""

from __future__ import annotations

from display.as_shown import REPORTS, small


def test_every_report_has_these_figures_and_no_others():
    assert {report: list(small(report).figures) for report in REPORTS} == {
        "safety": ["F-D14", "F-D3L", "F-D17S", "F-D19", "F-D19C", "F-D20B", "F-D15", "F-D20", "F-D21"],
        "pharmacokinetics": ["F-D3L", "F-E3-1", "F-G4", "F-E11"],
        "efficacy": ["F-F4-SCORE", "F-F2-SOD1", "F-F1-SOD1", "F-F1-SCORE", "F-F2W-SOD1", "F-F2W-SCORE"],
    }


def strokes(panel, name):
    """Return the strokes of a name, without what is between them."""
    points = next(own for drawn, own in panel[1:] if drawn == name)
    return [points[at : at + 2] for at in range(0, len(points), 3)]


def test_a_lane_a_participant_holds_the_events_from_the_worst_on_and_the_death():
    # On placebo 02 died on day 20 of a severe event, 01 had two milder ones, 03 none; lanes end with follow-up.
    figure = small("safety").figures["F-D14"]
    placebo = figure.panels[0]
    assert placebo[0][:2] == ("Placebo", "3 participants")
    assert strokes(placebo, "lane") == [[(1, 0), (20, 0)], [(1, 1), (801, 1)], [(1, 2), (843, 2)]]
    assert strokes(placebo, "level 0") == [[(3, 1), (4, 1)]]
    assert strokes(placebo, "level 1") == [[(376, 1), (377, 1)]]
    assert strokes(placebo, "level 2") == [[(20, 0), (20.9, 0)]]
    assert ("death", [(20, 0)]) in placebo
    assert figure.alt.endswith("Placebo 3 participants, 3 events; 10 mg 4 participants, 4 events.")
    assert "07,10 mg,37,53,,," in figure.data


def test_doses_and_follow_up_stand_in_lanes_by_length():
    placebo = small("safety").figures["F-D3L"].panels[0]
    assert strokes(placebo, "treated") == [[(1, 0), (1, 0)], [(1, 1), (366, 1)], [(1, 2), (376, 2)]]


DOSE = ("dose", [(1, -0.03), (1, -0.005)])
"""The tick below the axis at the study day of the only planned dose."""

ZERO, ONE = ("no change", [(0, 0), (1, 0)]), ("no change", [(0, 1), (1, 1)])


def line(arm, *points, start=0, spread=()):
    """Return an arm as drawn: its spread, the piece from no change on day 1 to its first visit, and its centres."""
    return [
        *((f"spread {arm}", list(spread)) for _ in spread[:1]),
        ("start", [(1, start), points[0]]),
        (arm, [*points]),
    ]


def test_laboratory_medians_are_drawn_at_their_days_with_quartiles_from_three_values_on():
    # Changes at week 2, day 15: 4 2 9 | 8 12 4, so 4 (2 to 9) and 8 (4 to 12); at week 4, day 29: 2 4 | 10.
    figure = small("safety").figures["F-D15"]
    assert figure.panels == [
        [
            ("ALT (U/L)", "Chemistry", ""),
            *line("Placebo", (15, 4), (29, 3), spread=[(15, 2), (15, 9)]),
            *line("10 mg", (15, 8), (29, 10), spread=[(15, 4), (15, 12)]),
            ZERO,
            DOSE,
            ("end", "Placebo n = 2"),
            ("end", "10 mg n = 1"),
        ],
        [
            ("Creatinine (µmol/L)", "Chemistry", ""),
            *line("Placebo", (15, -2)),
            *line("10 mg", (15, 5)),
            ZERO,
            DOSE,
            ("end", "Placebo n = 1"),
            ("end", "10 mg n = 1"),
        ],
    ]
    assert figure.alt == (
        "Laboratory: median change from baseline. Chemistry: Alanine aminotransferase (U/L) at Week 4: Placebo 3.00, "
        "10 mg 10.0; Chemistry: Creatinine (µmol/L) at Week 2: Placebo −2.00, 10 mg 5.00"
    )
    assert figure.data == [
        "parameter,visit,day,group,n,centre,low,high",
        "chemistry-ALT,Week 2,15,Placebo,3,4,2,9",
        "chemistry-ALT,Week 2,15,10 mg,3,8,4,12",
        "chemistry-ALT,Week 4,29,Placebo,2,3,2,4",
        "chemistry-ALT,Week 4,29,10 mg,1,10,10,10",
        "chemistry-CREAT,Week 2,15,Placebo,1,-2,-2,-2",
        "chemistry-CREAT,Week 2,15,10 mg,1,5,5,5",
    ]


def test_means_of_vital_signs_are_drawn():
    # Changes 4 -2 | -2; the interval of two values, 1 ± 12.706 · 3, stands in the data alone.
    figure = small("safety").figures["F-D20"]
    assert figure.panels == [
        [
            ("Pulse (beats/min)", "Vital signs", ""),
            *line("Placebo", (15, 1)),
            *line("10 mg", (15, -2)),
            ZERO,
            DOSE,
            ("end", "10 mg n = 1"),
            ("end", "Placebo n = 2"),
        ]
    ]
    assert figure.alt == (
        "Vital signs: mean change from baseline. Vital signs: Pulse (beats/min) at Week 2: Placebo 1.00, 10 mg −2.00"
    )
    assert figure.data[1:] == [
        "vitals-PULSE,Week 2,15,Placebo,2,1,-37.1186,39.1186", "vitals-PULSE,Week 2,15,10 mg,1,-2,,",
    ]  # fmt: skip


def test_means_of_the_electrocardiogram_are_drawn():
    # Changes 5 | 10 4.
    figure = small("safety").figures["F-D21"]
    assert figure.panels == [
        [
            ("QTcF (ms)", "ECG", ""),
            *line("Placebo", (15, 5)),
            *line("10 mg", (15, 7)),
            ZERO,
            DOSE,
            ("end", "Placebo n = 1"),
            ("end", "10 mg n = 2"),
        ]
    ]
    assert (
        figure.alt == "Electrocardiogram: mean change from baseline. ECG: QTcF (ms) at Week 2: Placebo 5.00, 10 mg 7.00"
    )
    assert figure.data[1:] == ["ecg-QTCF,Week 2,15,Placebo,1,5,,", "ecg-QTCF,Week 2,15,10 mg,2,7,-31.1186,45.1186"]


def test_profiles_show_courses_at_actual_times_and_means_at_nominal_ones():
    # 06 has no actual time at 1 h. Geometric means of 10 40 20 and of 4 9 6; none at 24 h: two of three are below.
    # Samples below the limit stand at the limit, 1 ng/mL, as open points; 01 had placebo.
    figure = small("pharmacokinetics").figures["F-E3-1"]
    drawn = [
        ("thin line", [(1.1, 10), (4, 4)]),
        ("thin line", [(1, 40), (4.25, 9)]),
        ("thin line", [(1, 20), (4, 6), (23.5, 2)]),
        ("mean", [(1, 20), (4, 6)]),
        ("open points", [(-0.25, 1), (24.5, 1), (-0.5, 1), (24, 1), (1, 1)]),
        ("LLOQ", [(0, 1), (1, 1)]),
    ]
    single = [("10 mg", "n = 4", "(log)"), *drawn]
    assert figure.folded == [[("10 mg", "n = 4", ""), *drawn]]
    means = [("Geometric means, day 1", "Plasma, ng/mL", "(log)"), ("10 mg", [(1, 20), (4, 6)]), ("end", "10 mg n = 4")]
    assert figure.wide == figure.narrow == [means, single]
    assert figure.alt == (
        "Plasma: individual profiles and geometric means, semi-logarithmic; linear folded. "
        "Highest concentration (ng/mL): 10 mg 40.0."
    )
    assert "A ring" not in small("pharmacokinetics").said["F-E3-1"][-1]
    assert figure.data == [
        "MATRIX,USUBJID,TRT01A,VISIT,NOMTIME,ATIME,ADY,AVALC,AVAL,AVALU,LLOQ,BLQFL",
        "Plasma,04,10 mg,DAY 1,0,-0.25,1,<1,,ng/mL,1,Y",
        "Plasma,04,10 mg,DAY 1,1,1.1,1,10,10,ng/mL,1,N",
        "Plasma,04,10 mg,DAY 1,4,4,1,4,4,ng/mL,1,N",
        "Plasma,04,10 mg,DAY 1,24,24.5,1,<1,,ng/mL,1,Y",
        "Plasma,05,10 mg,DAY 1,0,-0.5,1,<1,,ng/mL,1,Y",
        "Plasma,05,10 mg,DAY 1,1,1,1,40,40,ng/mL,1,N",
        "Plasma,05,10 mg,DAY 1,4,4.25,1,9,9,ng/mL,1,N",
        "Plasma,05,10 mg,DAY 1,24,24,1,<1,,ng/mL,1,Y",
        "Plasma,06,10 mg,DAY 1,1,,1,20,20,ng/mL,1,N",
        "Plasma,06,10 mg,DAY 1,4,4,1,6,6,ng/mL,1,N",
        "Plasma,06,10 mg,DAY 1,24,23.5,1,2,2,ng/mL,1,N",
        "Plasma,07,10 mg,DAY 1,1,1,1,<1,,ng/mL,1,Y",
        "Plasma,07,10 mg,DAY 1,4,4,1,,,ng/mL,1,N",
    ]


def test_the_course_of_a_ratio_is_drawn_on_logarithmic_axes():
    # Ratios 2 1 ½ | ½ ¼ ⅛: 1 and ¼, times or by e^(4.303 · ln 2/√3) = 5.595. A ring: 07 is new. 06 does not belong.
    figure = small("efficacy").figures["F-F2-SOD1"]
    assert figure.wide == figure.narrow
    assert figure.wide[:1] == [
        [
            ("Geometric mean ratio to baseline", "", "(log)"),
            *line("Placebo", (29, 1), start=1, spread=[(29, 0.1787), (29, 5.595)]),
            *line("10 mg", (29, 0.25), start=1, spread=[(29, 0.04468), (29, 1.399)]),
            ONE,
            DOSE,
            ("end", "10 mg n = 3"),
            ("end", "Placebo n = 3"),
        ]
    ]
    assert figure.wide[1:] == [
        [
            ("Placebo", "n = 3", "(log)"),
            ("thin line", [(1, 16), (29, 32)]),
            ("thin line", [(1, 8), (29, 8)]),
            ("thin line", [(1, 32), (29, 16)]),
            DOSE,
        ],
        [
            ("10 mg", "n = 3", "(log)"),
            ("thin line", [(1, 16), (28, 8)]),
            ("thin line", [(1, 32), (29, 8)]),
            ("thin line", [(1, 8), (30, 1)]),
            ("ring", [(30, 1)]),
            DOSE,
        ],
    ]
    assert figure.alt == (
        "SOD1 protein: geometric mean ratio to baseline, and every participant's course. "
        "geometric mean ratio to baseline at Week 4: Placebo 1.00, 10 mg 0.250"
    )
    (note,) = (text for text in small("efficacy").said["F-F2-SOD1"] if text.startswith("Lines:"))
    assert note.endswith("A ring: a participant new since cut C1 (1 of 6 shown).")
    assert figure.data[:4] == [
        "parameter,visit,day,group,n,centre,low,high,shown,PARAMCD,USUBJID,TRT01A,AVISIT,ADY,AVAL",
        "SOD1,Week 4,29,Placebo,3,1,0.178731,5.595,geometric mean ratio to baseline,,,,,,",
        "SOD1,Week 4,29,10 mg,3,0.25,0.0446828,1.39875,geometric mean ratio to baseline,,,,,,",
        ",,,,,,,,participant,SOD1,01,Placebo,Baseline,1,16",
    ]
    assert [line.split(",")[-1] for line in figure.data[3:]] == [
        "16", "32", "8", "8", "32", "16", "16", "8", "32", "8", "8", "1",
    ]  # fmt: skip


def test_the_course_of_a_difference_is_drawn_with_observed_values_alone():
    # Changes -4 -5 0 | -1 2 -1: -3 ± 4.303 · 2.646/√3 = 6.572 and 0 ± 4.303; week 8 has one value. The 1 of 01 on day
    # 33 does not represent a visit.
    figure = small("efficacy").figures["F-F4-SCORE"]
    assert figure.wide == figure.narrow
    assert figure.wide[:1] == [
        [
            ("Mean change from baseline", "", ""),
            *line("Placebo", (29, -3), spread=[(29, -9.572), (29, 3.572)]),
            *line("10 mg", (29, 0), (57, 1), spread=[(29, -4.303), (29, 4.303)]),
            ZERO,
            DOSE,
            ("end", "Placebo n = 3"),
            ("end", "10 mg n = 1"),
        ]
    ]
    assert figure.wide[1:] == [
        [
            ("Placebo", "n = 3", ""),
            ("thin line", [(1, 40), (29, 36)]),
            ("thin line", [(1, 30), (29, 25)]),
            ("thin line", [(1, 44), (29, 44)]),
            DOSE,
        ],
        [
            ("10 mg", "n = 3", ""),
            ("thin line", [(1, 36), (29, 35), (57, 37)]),
            ("thin line", [(1, 40), (29, 42)]),
            ("thin line", [(1, 32), (29, 31)]),
            ("ring", [(29, 31)]),
            DOSE,
        ],
    ]
    assert figure.alt == (
        "Function score: mean change from baseline, and every participant's course. "
        "mean change from baseline at Week 8: 10 mg 1.00"
    )
    assert figure.data[1:4] == [
        "SCORE,Week 4,29,Placebo,3,-3,-9.57241,3.57241,mean change from baseline,,,,,,",
        "SCORE,Week 4,29,10 mg,3,0,-4.30265,4.30265,mean change from baseline,,,,,,",
        "SCORE,Week 8,57,10 mg,1,1,,,mean change from baseline,,,,,,",
    ]
    assert [line.split(",")[-1] for line in figure.data[4:]] == [
        "40", "36", "30", "25", "44", "44", "36", "35", "37", "40", "42", "32", "31",
    ]  # fmt: skip


def test_the_differences_of_a_comparison_stand_beside_those_of_the_previous_cut():
    # Of the table: 10 mg − placebo −75 % (−97, 100) of three each; −56 % (−97, 473) of two at C1.
    figure = small("efficacy").figures["F-F1-SOD1"]
    now, before = [("interval", [(-96.88, -0.15), (100.1, -0.15)]), ("estimate", [(-75, -0.15)])], [
        ("previous", [(-96.69, 0.3), (472.8, 0.3)]), ("estimate", [(-56.47, 0.3)]),
    ]  # fmt: skip
    sides = [("side", "← lower than placebo"), ("side", "higher →")]
    level = ("no difference", [(0, 0), (0, 1)])
    numbers = [("numbers", "−75 (−97, 100)"), ("numbers", "−56 (−97, 473)")]
    assert figure.wide == [[("", "", ""), *now, *before, level, *numbers, *sides]]
    assert figure.narrow == [[("", "", ""), *now, *before, level, numbers[0], *sides]]
    assert figure.alt == "SOD1 protein at week 4, difference from placebo in %: 10 mg −75 (−97, 100)."
    assert figure.data[1:] == [
        '10 mg,3,-75,-96.876,100.061,"−75 (−97, 100)",C2', '10 mg,2,-56.4725,-96.692,472.754,"−56 (−97, 473)",C1',
    ]  # fmt: skip
    shown = small("efficacy").tables["T-F1-SOD1"]
    assert next(row for row in shown if row[0] == "10 mg")[-1].startswith(numbers[0][1])

"""Every figure of the small trial: what stands on its axes, its data, and what it says to those who cannot see it.

A panel is its title and the words of its axes; then, by arm, visit, centre and both ends of the interval; then lines
and points. An interval from fewer than three values is not drawn: its ends are the centre.
"""

from __future__ import annotations

from display.as_shown import REPORTS, small


def test_every_report_has_these_figures_and_no_others():
    assert {report: list(small(report).figures) for report in REPORTS} == {
        "safety": ["F-D15", "F-D20", "F-D21"],
        "pharmacokinetics": ["F-E3-1"],
        "efficacy": ["F-F2-SOD1", "F-F4-SCORE"],
    }


ZERO = ("level -", [(0, 0), (1, 0)])


def test_laboratory_means_are_drawn_with_intervals_from_three_values_on():
    # Changes at week 2: 4 2 9 | 8 12 4, so 5 ± 4.303 · √13/√3 = 8.957 and 8 ± 9.937; at week 4: 2 4 | 10.
    figure = small("safety").figures["F-D15"]
    assert figure.panels == [
        [
            ("Chemistry: Alanine aminotransferase (U/L)", "", ""),
            ("Placebo", [("Week 2", 5, -3.957, 13.96), ("Week 4", 3, 3, 3)]),
            ("10 mg", [("Week 2", 8, -1.937, 17.94), ("Week 4", 10, 10, 10)]),
            ZERO,
        ],
        [
            ("Chemistry: Creatinine (umol/L)", "", ""),
            ("Placebo", [("Week 2", -2, -2, -2)]),
            ("10 mg", [("Week 2", 5, 5, 5)]),
        ],
    ]
    assert figure.alt == (
        "Mean change from baseline by visit. Chemistry: Alanine aminotransferase (U/L) at Week 4: Placebo 3.00, 10 mg "
        "10.0; Chemistry: Creatinine (umol/L) at Week 2: Placebo −2.00, 10 mg 5.00"
    )
    assert figure.data == [
        "parameter,visit,group,n,centre,ci_low,ci_high",
        "chemistry-ALT,Week 2,Placebo,3,5,-3.95669,13.9567",
        "chemistry-ALT,Week 2,10 mg,3,8,-1.93655,17.9366",
        "chemistry-ALT,Week 4,Placebo,2,3,-9.7062,15.7062",
        "chemistry-ALT,Week 4,10 mg,1,10,,",
        "chemistry-CREAT,Week 2,Placebo,1,-2,,",
        "chemistry-CREAT,Week 2,10 mg,1,5,,",
    ]


def test_means_of_vital_signs_are_drawn():
    # Changes 4 -2 | -2; the interval of two values, 1 ± 12.706 · 3, stands in the data alone.
    figure = small("safety").figures["F-D20"]
    assert figure.panels == [
        [
            ("Vital signs: Pulse (beats/min)", "", ""),
            ("Placebo", [("Week 2", 1, 1, 1)]),
            ("10 mg", [("Week 2", -2, -2, -2)]),
            ZERO,
        ]
    ]
    assert figure.alt == (
        "Mean change from baseline by visit. Vital signs: Pulse (beats/min) at Week 2: Placebo 1.00, 10 mg −2.00"
    )
    assert figure.data[1:] == ["vitals-PULSE,Week 2,Placebo,2,1,-37.1186,39.1186", "vitals-PULSE,Week 2,10 mg,1,-2,,"]


def test_means_of_the_electrocardiogram_are_drawn():
    # Changes 5 | 10 4.
    figure = small("safety").figures["F-D21"]
    assert figure.panels == [
        [
            ("ECG: QTcF (ms)", "", ""),
            ("Placebo", [("Week 2", 5, 5, 5)]),
            ("10 mg", [("Week 2", 7, 7, 7)]),
            ZERO,
        ]
    ]
    assert figure.alt == "Mean change from baseline by visit. ECG: QTcF (ms) at Week 2: Placebo 5.00, 10 mg 7.00"
    assert figure.data[1:] == ["ecg-QTCF,Week 2,Placebo,1,5,,", "ecg-QTCF,Week 2,10 mg,2,7,-31.1186,45.1186"]


def test_profiles_show_courses_at_actual_times_and_means_at_nominal_ones():
    # 06 has no actual time at 1 h. Geometric means of 10 40 20 and of 4 9 6; none at 24 h: two of three are below.
    # Samples below the limit stand at the limit, 1 ng/mL, as open points; 01 had placebo.
    figure = small("pharmacokinetics").figures["F-E3-1"]
    drawn = [
        ("thin line", [(1.1, 10), (4, 4)]),
        ("thin line", [(1, 40), (4.25, 9)]),
        ("thin line", [(1, 20), (4, 6), (23.5, 2)]),
        ("bold line", [(1, 20), (4, 6)]),
        ("open points", [(-0.25, 1), (24.5, 1), (-0.5, 1), (24, 1), (1, 1)]),
        ("level --", [(0, 1), (1, 1)]),
    ]
    assert figure.panels == [
        [("10 mg (n = 4)", "", "Plasma (ng/mL)"), *drawn],
        [("", "Hours after dose", "Plasma (ng/mL) (log)"), *drawn],
    ]
    assert figure.alt == (
        "Plasma: individual profiles and geometric means, linear above, semi-logarithmic below. "
        "Highest concentration (ng/mL): 10 mg 40.0."
    )
    assert (
        small("pharmacokinetics").said["F-E3-1"][-1].endswith("A ring: a participant new since cut C1 (0 of 3 shown).")
    )
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
    assert figure.panels == [
        [
            ("Geometric mean ratio to baseline with 95 % confidence interval", "", " (log)"),
            ("Placebo", [("Week 4", 1, 0.1787, 5.595)]),
            ("10 mg", [("Week 4", 0.25, 0.04468, 1.399)]),
            ("level -", [(0, 1), (1, 1)]),
        ],
        [
            ("Placebo (n = 3)", "Study day", "SOD1 protein (ng/mL) (log)"),
            ("thin line", [(1, 16), (29, 32)]),
            ("thin line", [(1, 8), (29, 8)]),
            ("thin line", [(1, 32), (29, 16)]),
        ],
        [
            ("10 mg (n = 3)", "Study day", " (log)"),
            ("thin line", [(1, 16), (28, 8)]),
            ("thin line", [(1, 32), (29, 8)]),
            ("thin line", [(1, 8), (30, 1)]),
            ("ring", [(30, 1)]),
        ],
    ]
    assert figure.alt == (
        "SOD1 protein: geometric mean ratio to baseline, and every participant's course. "
        "geometric mean ratio to baseline at Week 4: Placebo 1.00, 10 mg 0.250"
    )
    assert small("efficacy").said["F-F2-SOD1"][-1].endswith("A ring: a participant new since cut C1 (1 of 6 shown).")
    assert figure.data[:4] == [
        "parameter,visit,group,n,centre,ci_low,ci_high,shown,PARAMCD,USUBJID,TRT01A,AVISIT,ADY,AVAL",
        "SOD1,Week 4,Placebo,3,1,0.178731,5.595,geometric mean ratio to baseline,,,,,,",
        "SOD1,Week 4,10 mg,3,0.25,0.0446828,1.39875,geometric mean ratio to baseline,,,,,,",
        ",,,,,,,participant,SOD1,01,Placebo,Baseline,1,16",
    ]
    assert [line.split(",")[-1] for line in figure.data[3:]] == [
        "16", "32", "8", "8", "32", "16", "16", "8", "32", "8", "8", "1",
    ]  # fmt: skip


def test_the_course_of_a_difference_is_drawn_with_observed_values_alone():
    # Changes -4 -5 0 | -1 2 -1: -3 ± 4.303 · 2.646/√3 = 6.572 and 0 ± 4.303; week 8 has one value. The 1 of 01 on day
    # 33 does not represent a visit.
    figure = small("efficacy").figures["F-F4-SCORE"]
    assert figure.panels == [
        [
            ("Mean change from baseline with 95 % confidence interval", "", ""),
            ("Placebo", [("Week 4", -3, -9.572, 3.572)]),
            ("10 mg", [("Week 4", 0, -4.303, 4.303), ("Week 8", 1, 1, 1)]),
            ZERO,
        ],
        [
            ("Placebo (n = 3)", "Study day", "Function score"),
            ("thin line", [(1, 40), (29, 36)]),
            ("thin line", [(1, 30), (29, 25)]),
            ("thin line", [(1, 44), (29, 44)]),
        ],
        [
            ("10 mg (n = 3)", "Study day", ""),
            ("thin line", [(1, 36), (29, 35), (57, 37)]),
            ("thin line", [(1, 40), (29, 42)]),
            ("thin line", [(1, 32), (29, 31)]),
            ("ring", [(29, 31)]),
        ],
    ]
    assert figure.alt == (
        "Function score: mean change from baseline, and every participant's course. "
        "mean change from baseline at Week 8: 10 mg 1.00"
    )
    assert figure.data[1:4] == [
        "SCORE,Week 4,Placebo,3,-3,-9.57241,3.57241,mean change from baseline,,,,,,",
        "SCORE,Week 4,10 mg,3,0,-4.30265,4.30265,mean change from baseline,,,,,,",
        "SCORE,Week 8,10 mg,1,1,,,mean change from baseline,,,,,,",
    ]
    assert [line.split(",")[-1] for line in figure.data[4:]] == [
        "40", "36", "30", "25", "44", "44", "36", "35", "37", "40", "42", "32", "31",
    ]  # fmt: skip

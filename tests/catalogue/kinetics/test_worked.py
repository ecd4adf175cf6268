"""One profile step by step."""

from __future__ import annotations

from catalogue.kinetics.kinetic_trial import HALVING, profile, shown, study
from cutbook.catalogue.kinetics import worked


def test_every_step_of_a_profile_is_shown_with_its_rule_and_the_sum_is_its_area():
    # 1 h: 16/2; then 8/ln 2, 8/ln 2, 4/ln 2, 2/ln 2 by the logarithmic rule.
    assert [" | ".join(row) for row in shown(worked.worked, study(), profile("S1", "10 mg", HALVING))["T-E4W-1"]] == [
        "Sample | Time, h, actual | Concentration, ng/mL | Area of the step, h·ng/mL | Sum, h·ng/mL | Rule",
        "S1, 10 mg",
        "  Dose | 0 | 0 | – | – | –",
        "  Sample 1 | 1.00 | 16.0 | 8.00 | 8.00 | linear",
        "  Sample 2 | 2.00 | 8.00 | 11.5 | 19.5 | logarithmic",
        "  Sample 3 | 4.00 | 4.00 | 11.5 | 31.1 | logarithmic",
        "  Sample 4 | 6.00 | 2.00 | 5.77 | 36.9 | logarithmic",
        "  Sample 5 | 8.00 | 1.00 | 2.89 | 39.7 | logarithmic",
    ]

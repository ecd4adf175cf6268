"""Change of a ratio with every doubling of exposure, against numbers found by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.stats.doubling import per_doubling


def test_the_line_of_the_logarithms_and_its_interval():
    # log2: 0, 1, 2, 3 against 0, -1, -1, -2: slope -0.6; residuals 0.1, -0.3, 0.3, -0.1, so its error is sqrt(0.1 / 5).
    found = per_doubling(pd.Series([1.0, 2.0, 4.0, 8.0]), pd.Series([1.0, 0.5, 0.5, 0.25]))
    margin = 4.302652729749464 * (0.1 / 5) ** 0.5
    ends = [100 * (2**slope - 1) for slope in (-0.6, -0.6 - margin, -0.6 + margin)]
    assert [found[name] for name in ("diff_pct", "diff_pct_low", "diff_pct_high")] == pytest.approx(ends)
    # Ranks 1, 2, 3, 4 against 4, 2.5, 2.5, 1.
    assert found["rho"] == pytest.approx(-4.5 / (5 * 4.5) ** 0.5)

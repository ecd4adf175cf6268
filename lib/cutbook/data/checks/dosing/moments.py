"""When doses were given, and to whom: doses of one moment, doses without a date, doses of somebody without an arm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.columns import text_column
from cutbook.data.checks.dosing.arms import arm_codes
from cutbook.data.checks.dosing.drugs import is_dose, is_placebo, study_drug
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.parameters.study import Study

_START = ("ex", "EXSTDTC")
_UNDATED = "counted at every cut, and without any date of dosing every event of the participant is treatment-emergent"
_NO_CONTENT = ("EXSEQ", "EXSPID", "EXREFID", "EXGRPID", "EXLNKID")


def moment_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue about doses without a date, about several that start together, and about treated without an arm.

    Of doses that start together one may be a placebo, for that is a dummy; records that repeat another one in
    everything are told as such elsewhere.
    """
    ex, dm = datasets.get("ex", pd.DataFrame()), datasets.get("dm", pd.DataFrame())
    is_own = is_dose(ex) & study_drug(ex, study.treatment)
    start = text_column(ex, "EXSTDTC")
    if start.notna().any():
        yield from kind_issue(_START, ex, is_own & start.isna(), ("Dose without a date", _UNDATED), ON_FIRST_LINES)
    content = [name for name in ex.columns if name not in _NO_CONTENT]
    told = pd.DataFrame({"USUBJID": ex["USUBJID"], "START": start, "IS_PLACEBO": is_placebo(ex)})
    own = told[is_own & start.notna() & ~ex.duplicated(content)]
    is_odd = own.duplicated(keep=False).reindex(ex.index, fill_value=False)
    words = ("Doses of one participant that start at the same time", "each record is counted as a dose")
    yield from kind_issue(_START, ex, is_odd, words, ON_FIRST_LINES)
    if "ARMCD" in dm:
        without = dm.loc[~dm["USUBJID"].isin(arm_codes(datasets, study).index) & dm["ARMCD"].notna(), "USUBJID"]
        words = ("Treated, but assigned to no arm", "in the safety population, shown as Missing")
        yield from kind_issue(("ex", "USUBJID"), ex, is_own & ex["USUBJID"].isin(without), words, ON_FIRST_LINES)

"""What in a transfer contradicts itself, so that no value of a study file can mend it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.data.checks.dosing.drugs import is_dose
from cutbook.dates import earliest
from cutbook.drafting.evidence import Evidence, amount, column
from cutbook.drafting.rules.arms import find_arms

_DAY = pd.Timedelta(hours=24)


def find_alarms(evidence: Evidence) -> Iterator[str]:
    """Yield a sentence about each contradiction."""
    for arm in find_arms(evidence)[0]:
        if arm.named is not None and arm.given is not None and arm.named != arm.given:
            yield f"The arm {arm.name!r} is named after {amount(arm.named)}, but EXDOSE of most is {amount(arm.given)}."
    zeros = evidence.number("pc", "PCSTRESN").eq(0)
    if zeros.any() and not evidence.has("pc", "PCLLOQ"):
        yield f"{int(zeros.sum()):,} concentrations are 0, and no limit of quantification was delivered."
    off = _references_off(evidence)
    if off:
        yield f"{off:,} samples refer to a dose (PCRFTDTC) that is more than 24 h off every dose of EX."


def _references_off(evidence: Evidence) -> int:
    """Return how many samples state a time of dose that is more than 24 hours off every dose of their participant."""
    pc, ex = evidence.frame("pc"), evidence.frame("ex")
    if "PCRFTDTC" not in pc or not {"USUBJID", "EXSTDTC"} <= set(ex.columns):
        return 0
    given = ex[is_dose(ex)]
    known = pd.DataFrame({"WHO": column(given, "USUBJID"), "TIME": earliest(column(given, "EXSTDTC"))}).dropna()
    asked = pd.DataFrame({"WHO": column(pc, "USUBJID"), "TIME": earliest(column(pc, "PCRFTDTC"))}).dropna()
    if not len(known) or not len(asked):
        return 0
    known = known.sort_values("TIME").assign(DOSE=lambda rows: rows["TIME"])
    near = pd.merge_asof(asked.sort_values("TIME"), known, on="TIME", by="WHO", direction="nearest", tolerance=_DAY)
    has_doses = near["WHO"].isin(known["WHO"])
    return int((near["DOSE"].isna() & has_doses).sum())

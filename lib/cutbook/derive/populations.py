"""Who belongs to the safety, efficacy and pharmacokinetic populations."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.derive.concentrations import collected_concentrations
from cutbook.derive.findings import collected_findings, is_before_treatment
from cutbook.derive.records import Datasets, yes_no
from cutbook.parameters.study import Pharmacokinetics, Requirement


def efficacy_flags(adsl: pd.DataFrame, datasets: Datasets, requirements: Sequence[Requirement]) -> pd.Series:
    """Return EFFFL: ``Y`` for treated participants who meet every requirement of the study file.

    Parameters
    ----------
    adsl : DataFrame
        USUBJID, SAFFL, TRTSDT, TRTSDTM.
    datasets : mapping of str to frame
        The datasets that the requirements name.
    requirements : sequence of Requirement
        None: every treated participant belongs.
    """
    belongs = adsl["SAFFL"].eq("Y")
    for requirement in requirements:
        records = collected_findings(datasets, requirement.dataset, requirement.where, adsl)
        is_after = records["ADT"].notna() & ~is_before_treatment(records, "before_first_dose")
        met = records.loc[is_after & records["AVAL"].notna(), "USUBJID"]
        belongs &= adsl["USUBJID"].isin(met)
    return yes_no(belongs)


def pharmacokinetic_flags(adsl: pd.DataFrame, datasets: Datasets, rules: Pharmacokinetics | None) -> pd.Series:
    """Return PKFL: ``Y`` for treated participants with at least one quantifiable concentration.

    Missing for everybody when no concentrations were delivered (blinded classes withhold them) or are to be shown.
    """
    if rules is None or "pc" not in datasets:
        return pd.Series(index=adsl.index, dtype="str")
    records = collected_concentrations(datasets, rules)
    measured = records.loc[records["AVAL"].notna(), "USUBJID"]
    return yes_no(adsl["SAFFL"].eq("Y") & adsl["USUBJID"].isin(measured))

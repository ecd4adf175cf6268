"""Who belongs to the safety, efficacy and pharmacokinetic populations."""

from __future__ import annotations

import pandas as pd

from cutbook.data.checks.contradictions.baselines import is_before_treatment
from cutbook.derive.concentrations.limits import collected_concentrations
from cutbook.derive.measurements.findings import collected_findings
from cutbook.derive.records import Datasets, yes_no
from cutbook.parameters.study import Pharmacokinetics, Study


def efficacy_flags(adsl: pd.DataFrame, datasets: Datasets, study: Study) -> pd.Series:
    """Return EFFFL: ``Y`` for treated participants who meet every requirement of the study file.

    Missing for everybody when it is not known who was treated, a dataset of a requirement was not delivered, or blinded
    reports may not see the records of one.

    Parameters
    ----------
    adsl : DataFrame
        USUBJID, SAFFL, TRTSDT, TRTSDTM.
    datasets : mapping of str to frame
        The datasets that the requirements name.
    study : Study
        Its ``populations.efficacy`` are the requirements; without any, every treated participant belongs.
    """
    belongs, requirements = adsl["SAFFL"].eq("Y"), study.populations.efficacy
    is_unknown = any(item.dataset not in datasets or study.withholds(item.dataset, item.where) for item in requirements)
    if adsl["SAFFL"].isna().all() or is_unknown:
        return pd.Series(index=adsl.index, dtype="str")
    for requirement in requirements:
        records = collected_findings(datasets, requirement.dataset, requirement.where, adsl)
        is_after = records["ADT"].notna() & ~is_before_treatment(records, "before_first_dose")
        met = records.loc[is_after & records["AVAL"].notna(), "USUBJID"]
        belongs &= adsl["USUBJID"].isin(met)
    return yes_no(belongs)


def pharmacokinetic_flags(adsl: pd.DataFrame, datasets: Datasets, rules: Pharmacokinetics | None) -> pd.Series:
    """Return PKFL: ``Y`` for participants treated in an arm other than placebo with a quantifiable concentration.

    Missing for everybody when no concentrations were delivered (blinded classes withhold them) or are to be shown.

    Parameters
    ----------
    adsl : DataFrame
        USUBJID, SAFFL, DOSE01A.
    datasets : mapping of str to frame
        ``pc``.
    rules : Pharmacokinetics or None
        Matrices.
    """
    if rules is None or "pc" not in datasets:
        return pd.Series(index=adsl.index, dtype="str")
    records = collected_concentrations(datasets, rules)
    measured = records.loc[records["AVAL"].notna(), "USUBJID"]
    is_treated = adsl["SAFFL"].eq("Y") & adsl["DOSE01A"].ne(0)
    return yes_no(is_treated & adsl["USUBJID"].isin(measured))

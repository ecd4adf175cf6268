"""Small sites that are analysed as one."""

from __future__ import annotations

import pandas as pd

from cutbook.parameters.study import Study


def pooled_site(adsl: pd.DataFrame, study: Study) -> pd.Series:
    """Return the site of each participant as it stratifies analyses: the site itself, or the pool of small sites.

    Parameters
    ----------
    adsl : DataFrame
        SITEID, RANDFL, TRT01P.
    study : Study
        Arms, and how small a site must be to be pooled; without that every site stands alone.

    Returns
    -------
    Series of str
        SITEGR1, same index; missing for participants who were not randomised.
    """
    is_in = adsl["RANDFL"].eq("Y")
    site = adsl["SITEID"].astype("str").where(is_in)
    if study.pooled_sites is None:
        return site
    arms = [arm.label for arm in study.treatment.arms]
    counts = pd.crosstab(site[is_in], adsl.loc[is_in, "TRT01P"].astype("str")).reindex(columns=arms, fill_value=0)
    small = counts.index[counts.min(axis="columns") < study.pooled_sites.minimum]
    return site.mask(site.isin(small), study.pooled_sites.pool)

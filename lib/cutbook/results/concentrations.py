"""Results of the concentration summary."""

from __future__ import annotations

import pandas as pd

from cutbook.parameters.study import Study
from cutbook.results.counting import size_rows, treatment_groups
from cutbook.results.summarising import keys_behind, summary_rows
from cutbook.results.table import results_table
from cutbook.stats.descriptive import geometric_summaries

BELOW = "below the limit of quantification"
"""Reason of a minimum, median or maximum that is a value below the limit."""

_BY = ["parameter", "visit", "level", "variable"]


def concentration_results(adpc: pd.DataFrame, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return display E2: concentrations by matrix, arm, visit and nominal time.

    Parameters
    ----------
    adpc : frame
        Derived concentrations; AVALD is the value that enters means by the study's rule for values below the limit of
        quantification, missing when it enters none.
    adsl : frame
        Participants; only arms with an active dose are summarised.
    study : Study
        Arms and matrices.

    Returns
    -------
    results table
        ``parameter`` matrix, ``visit`` VISIT, ``level`` nominal time in hours as text; statistics samples, nblq, n
        (values that enter means), mean, sd, cv, geomean, geocv, median, min, max. When more than half of the samples
        are below the limit, mean, sd, cv, geomean and geocv are missing with that reason, and so is the median; a
        minimum below the limit, and a maximum when every sample is, is missing with the reason :data:`BELOW`.
    """
    active = [arm.label for arm in study.treatment.arms if arm.dose > 0]
    groups = treatment_groups(adsl[adsl["TRT01A"].isin(active)], study)
    chosen = [label for label in groups.labels if label in active]
    records = _records(adpc[adpc["TRT01A"].isin(active)])
    if records.empty:
        return results_table([])
    rows = summary_rows(records, _BY, groups, statistics=("n", "mean", "sd", "median", "min", "max"))
    rows = rows[rows["group"].isin(chosen)]
    rows = pd.concat([rows, _more(rows, records, chosen)], ignore_index=True)
    sizes = size_rows(groups)
    rows = pd.concat([sizes[sizes["group"].isin(chosen)], _suppressed(rows)], ignore_index=True)
    return results_table(rows.assign(display="E2", population="PK"))


def _records(adpc: pd.DataFrame) -> pd.DataFrame:
    measured = adpc[adpc["AVALC"].notna()].sort_values(["MATRIX", "VISITNUM", "NOMTIME"], kind="stable")
    return pd.DataFrame(
        {
            "USUBJID": measured["USUBJID"],
            "KEY": measured["KEY"],
            "ARM": measured["TRT01A"].astype("str"),
            "parameter": measured["MATRIX"],
            "visit": measured["VISIT"],
            "level": measured["NOMTIME"].map("{:g}".format, na_action="ignore").fillna(""),
            "variable": "AVAL",
            "AVAL": measured["AVALD"],
            "BLQ": measured["BLQFL"].eq("Y").astype("float64"),
            "unit": measured["AVALU"],
            "decimals": pd.NA,
        }
    ).reset_index(drop=True)


def _more(rows: pd.DataFrame, records: pd.DataFrame, chosen: list[str]) -> pd.DataFrame:
    place = [*_BY, "group", "unit", "decimals"]
    full = rows[place].drop_duplicates()
    place = [*_BY, "group"]
    named = records.rename(columns={"ARM": "group"})
    named = named[named["group"].isin(chosen)]
    geometric = geometric_summaries(named, place, "AVAL").drop(columns="n").reset_index()
    blq = named.groupby(place, as_index=False).agg(nblq=("BLQ", "sum"), samples=("BLQ", "size"))
    full = full.merge(geometric, on=place, how="left").merge(blq, on=place, how="left")
    wide = rows.pivot_table(index=place, columns="statistic", values="value", sort=False, dropna=False).reset_index()
    full = full.merge(wide[[*place, "mean", "sd"]], on=place, how="left")
    full = full.assign(cv=100 * full["sd"] / full["mean"].where(full["mean"] > 0))
    full[["nblq", "samples"]] = full[["nblq", "samples"]].fillna(0)
    ids = [*place, "unit", "decimals"]
    long = full.melt(ids, ["nblq", "samples", "cv", "geomean", "geocv"], "statistic", "value")
    counted = [("samples", named), ("nblq", named[named["BLQ"].eq(1)])]
    keys = pd.concat([keys_behind(own, place).assign(statistic=name) for name, own in counted], ignore_index=True)
    long = long.merge(keys, on=[*place, "statistic"], how="left", validate="one_to_one")
    long["reason"] = ""
    long.loc[long["value"].isna(), "reason"] = "fewer than two positive values"
    return long


def _suppressed(rows: pd.DataFrame) -> pd.DataFrame:
    place = [*_BY, "group"]
    counts = rows[rows["statistic"].isin(["nblq", "samples"])]
    wide = counts.pivot_table(index=place, columns="statistic", values="value", sort=False).reset_index()
    wide = wide.assign(is_mostly_blq=wide["nblq"] > wide["samples"] / 2)
    marked = rows.merge(wide, on=place, how="left", validate="many_to_one")
    below = marked["statistic"].eq("min") & marked["nblq"].gt(0)
    below |= marked["statistic"].eq("median") & marked["is_mostly_blq"].eq(True)
    below |= marked["statistic"].eq("max") & marked["nblq"].gt(0) & marked["nblq"].eq(marked["samples"])
    marked.loc[below, "value"] = float("nan")
    marked.loc[below, "reason"] = BELOW
    hidden = marked["is_mostly_blq"].eq(True) & marked["statistic"].isin(["mean", "sd", "cv", "geomean", "geocv"])
    marked.loc[hidden, "value"] = float("nan")
    marked.loc[hidden, "reason"] = "more than half of the samples below the limit of quantification"
    return marked.drop(columns=["nblq", "samples", "is_mostly_blq"])


def sample_results(adpc: pd.DataFrame, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return display E13: samples, values below the limit, and the two patterns that suggest a mix-up.

    Returns
    -------
    results table
        ``parameter`` matrix; variables SAMPLES, PARTICIPANTS, BLQ, PLACEBO (participants on placebo with a quantifiable
        value) and ALLBLQ (treated participants on active drug with samples after the first dose, all of them below the
        limit), statistic ``n`` with the keys of the samples or, for PARTICIPANTS, of the participants behind it.
    """
    placebo = [arm.label for arm in study.treatment.arms if arm.dose == 0]
    treated = adsl.loc[adsl["SAFFL"].eq("Y"), "USUBJID"]
    rows: list[dict[str, object]] = []
    for matrix, own in adpc[adpc["AVALC"].notna()].groupby("MATRIX", sort=False):
        measured = own["BLQFL"].ne("Y")
        is_placebo = own["TRT01A"].isin(placebo)
        mixed = own[is_placebo & measured]
        is_after_dose = own["NOMTIME"].gt(0) | own["DOSEOCC"].gt(1)
        on_drug = own[~is_placebo & is_after_dose & own["USUBJID"].isin(treated)]
        lacking = on_drug[~on_drug["USUBJID"].isin(on_drug.loc[on_drug["BLQFL"].ne("Y"), "USUBJID"])]
        counted = [
            ("SAMPLES", len(own), list(own["KEY"])),
            ("PARTICIPANTS", own["USUBJID"].nunique(), _participant_keys(own, adsl)),
            ("BLQ", int((~measured).sum()), list(own.loc[~measured, "KEY"])),
            ("PLACEBO", mixed["USUBJID"].nunique(), list(mixed["KEY"])),
            ("ALLBLQ", lacking["USUBJID"].nunique(), list(lacking["KEY"])),
        ]
        rows += [
            {"display": "E13", "parameter": matrix, "variable": name, "statistic": "n", "value": value, "keys": keys}
            for name, value, keys in counted
        ]
    return results_table(rows)


def _participant_keys(own: pd.DataFrame, adsl: pd.DataFrame) -> list[str]:
    return list(adsl.loc[adsl["USUBJID"].isin(own["USUBJID"]), "KEY"])

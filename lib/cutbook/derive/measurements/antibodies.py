"""Antibodies against the drug, by sample: the result of the tiers of its assay, its titre, and its place in time."""

from __future__ import annotations

import pandas as pd

from cutbook.data.checks.contradictions.baselines import is_before_treatment
from cutbook.derive.measurements.findings import collected_findings
from cutbook.derive.records import Datasets, dataset_or_empty, look_up, text_column, yes_no
from cutbook.parameters.study import Study
from cutbook.records import record_keys

POSITIVE, NEGATIVE = "POSITIVE", "NEGATIVE"

COLUMNS = (
    "USUBJID", "PARAMCD", "VISIT", "VISITNUM", "ADT", "ADTM", "ADY", "AVALC", "TITRE", "APOBLFL", "TRT01A", "TRT01AN",
    "SAFFL", "KEY",
)  # fmt: skip
"""Columns of the answer of `derive_antibodies`, in order."""

_CONFIRMATORY, _TITRE = "CONFIRM", "TITER|TITRE|QUANTI"
_NUMBER = r"^(?:1\s*[:/]\s*)?(\d+(?:\.\d+)?)$"
_WORDS = {"POS": POSITIVE, "NEG": NEGATIVE, "DETECTED": POSITIVE, "NOT DETECTED": NEGATIVE}
_SAMPLE = ["USUBJID", "PARAMCD", "WHEN"]


def derive_antibodies(datasets: Datasets, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the samples tested for antibodies against the drug, one row a participant, test and sample.

    Parameters
    ----------
    datasets : mapping of str to frame
        ``is``; no rows when it was not delivered.
    adsl : DataFrame
        Answer of `derive_adsl`.
    study : Study
        The tests that tell antibodies against the drug.

    Returns
    -------
    DataFrame
        USUBJID, PARAMCD · VISIT, VISITNUM, ADT, ADTM, ADY · AVALC (``POSITIVE``, ``NEGATIVE``; missing: the sample has
        no such result), TITRE (missing without one) · APOBLFL (``Y``: after the first dose, ``N``: before it, missing:
        no telling) · TRT01A, TRT01AN, SAFFL · KEY of the record that decided.

    Notes
    -----
    Records of one day and time, or of one visit where none is known, are one sample. What confirms decides over what
    screens; within a tier one positive result makes the sample positive. A titre alone is a positive sample.
    """
    people = adsl[["USUBJID", "TRT01A", "TRT01AN", "SAFFL"]]
    records = _records(datasets, adsl, study)
    ordered = records.sort_values(["RANK", "IS_POSITIVE"], ascending=[True, False], kind="stable")
    decided = ordered.drop_duplicates(_SAMPLE)
    titres = records[records["IS_TITRE"]].groupby(_SAMPLE)["NUMBER"].max().rename("TITRE").reset_index()
    found = decided.merge(titres, on=_SAMPLE, how="left").merge(people, on="USUBJID", how="left")
    found = found.assign(TITRE=found["TITRE"].where(found["AVALC"].eq(POSITIVE)))
    return found.sort_values("PLACE", kind="stable", ignore_index=True)[list(COLUMNS)]


def _records(datasets: Datasets, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the results with the sample that each is of, and its tier: RANK 0 confirms, 1 screens, 2 is a titre."""
    codes = [test.testcd for test in study.immunogenicity.tests]
    found = collected_findings(datasets, "is", {"ISTESTCD": codes}, adsl)
    whole = dataset_or_empty(datasets, "is")
    topic = pd.Series(text_column(whole, "ISTSTOPO").to_numpy(), index=record_keys("is", whole), dtype="str")
    tier = (found["PARCAT"].astype("str").fillna("") + " " + look_up(found["KEY"], topic).fillna("")).str.upper()
    text = found["AVALC"].astype("str").str.upper()
    result = text.replace(_WORDS).where(lambda words: words.isin([POSITIVE, NEGATIVE]))
    number = found["AVAL"].fillna(pd.to_numeric(text.str.extract(_NUMBER, expand=False)))
    is_titre = tier.str.contains(_TITRE) | (result.isna() & number.notna())
    confirms = tier.str.contains(_CONFIRMATORY) & result.notna()
    rank = pd.Series(3, index=found.index).mask(result.notna(), 1).mask(confirms, 0).mask(is_titre, 2)
    is_before = is_before_treatment(found, "before_first_dose")
    known = found["ADT"].notna() | found["TRTSDT"].isna()
    when = found["FIRSTDTM"].astype("str").where(found["FIRSTDTM"].notna(), found["VISIT"].astype("str").fillna(""))
    return found.assign(
        AVALC=result.mask(is_titre & number.gt(0), POSITIVE), NUMBER=number, IS_TITRE=is_titre & number.gt(0),
        IS_POSITIVE=result.eq(POSITIVE), RANK=rank, WHEN=when, PLACE=range(len(found)),
        APOBLFL=yes_no(~is_before).where(known),
    )  # fmt: skip

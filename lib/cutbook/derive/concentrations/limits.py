"""Collected concentrations of the study's matrices, and which of them are below the limit of quantification."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.data.checks.contradictions.times import without_uncollected_times
from cutbook.data.checks.values.results import is_said_below, numbers_of
from cutbook.data.checks.values.units import converted
from cutbook.dates import date_part, to_moment
from cutbook.derive.records import Datasets, dataset_or_empty, number_column, text_column
from cutbook.derive.rules import first_match
from cutbook.parameters.study import Matrix, Pharmacokinetics
from cutbook.parameters.study.analyses import BELOW_LIMIT
from cutbook.records import keys_of_some, meets

_LIMIT = r"^\s*<\s*=?\s*(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)"


def collected_concentrations(datasets: Datasets, rules: Pharmacokinetics) -> pd.DataFrame:
    """Return the concentrations of the matrices of the study file, one row a record, in file order.

    Parameters
    ----------
    datasets : mapping of str to frame
        ``pc``; no rows when it was not delivered.
    rules : Pharmacokinetics
        Matrices with their units.

    Returns
    -------
    DataFrame
        USUBJID, MATRIX (label), MATRIXN (place in the study file from 1), PARAMCD, AVAL (in the unit of the
        matrix; missing below the limit of quantification, without a result, and where its unit cannot be
        converted), AVALC as reported and AVALU, its unit, LLOQ (in the unit of the matrix; from PCLLOQ, else
        from ``<0.5``), BLQFL, VISIT, VISITNUM, ATPT, ADT, ADTM, KEY, PCTPTNUM, PCELTM, PCRFTDTC.
    """
    pc = dataset_or_empty(datasets, "pc")
    place = matrix_places(pc, rules.matrices)
    keys, raw, place = keys_of_some("pc", pc, place.notna()), pc[place.notna()], place.dropna()
    dated = without_uncollected_times(text_column(raw, "PCDTC"))
    result, value = text_column(raw, "PCSTRESC").fillna(text_column(raw, "PCORRES")), number_column(raw, "PCSTRESN")
    value = numbers_of(result, value)
    limit = number_column(raw, "PCLLOQ").fillna(pd.to_numeric(result.str.extract(_LIMIT)[0]).astype("float64"))
    unit = text_column(raw, "PCSTRESU")
    stated = place.map({n: matrix.unit for n, matrix in enumerate(rules.matrices, start=1)}).astype("str")
    value, limit = (_in_stated_unit(numbers, unit, stated) for numbers in (value, limit))
    is_below = is_below_limit(result, value, limit, rules.below_limit)
    return pd.DataFrame(
        {
            "USUBJID": text_column(raw, "USUBJID"),
            "MATRIX": place.map({n: matrix.label for n, matrix in enumerate(rules.matrices, start=1)}).astype("str"),
            "MATRIXN": place,
            "PARAMCD": text_column(raw, "PCTESTCD"),
            "AVAL": value.where(~is_below),
            "AVALC": result,
            "AVALU": unit.fillna(stated),
            "LLOQ": limit,
            "BLQFL": is_below.map({True: "Y", False: "N"}).astype("str"),
            "VISIT": text_column(raw, "VISIT"),
            "VISITNUM": number_column(raw, "VISITNUM"),
            "ATPT": text_column(raw, "PCTPT"),
            "ADT": date_part(dated),
            "ADTM": to_moment(dated),
            "KEY": keys,
            "PCTPTNUM": number_column(raw, "PCTPTNUM"),
            "PCELTM": text_column(raw, "PCELTM"),
            "PCRFTDTC": text_column(raw, "PCRFTDTC"),
        }
    )


def is_below_limit(
    result: pd.Series, value: pd.Series, limit: pd.Series, words: Sequence[str] = BELOW_LIMIT
) -> pd.Series:
    """Return True for each concentration below the limit of quantification.

    Parameters
    ----------
    result : Series of str
        As reported.
    value : Series of float
        Numeric result.
    limit : Series of float
        Lower limit of quantification.
    words : sequence of str
        Words that mean below it.

    Notes
    -----
    Rules, the first that applies: reported as ``<…`` or in one of the words → yes; a number below the
    limit → yes; otherwise no. A value equal to the limit is quantifiable.

    Examples
    --------
    >>> reported = pd.Series(["<0.5", "BLOQ", "0.4", "0.5", None])
    >>> is_below_limit(reported, pd.to_numeric(reported, errors="coerce"), pd.Series(0.5, range(5))).tolist()
    [True, True, True, False, False]
    """
    return first_match(
        [(is_said_below(result, words), True), (value < limit, True)], pd.Series(False, index=result.index)
    )


def _in_stated_unit(values: pd.Series, unit: pd.Series, stated: pd.Series) -> pd.Series:
    known = [converted(values[stated.eq(one)], unit[stated.eq(one)], str(one)) for one in stated.unique()]
    return pd.concat(known).reindex(values.index) if known else values


def matrix_places(pc: pd.DataFrame, matrices: list[Matrix]) -> pd.Series:
    """Return the place (1 for the first) of each record's matrix among ``matrices``, missing for others."""
    rules = [
        (meets(pc, {"PCSPEC": [matrix.specimen], "PCTESTCD": [matrix.testcd]}), pd.Series(float(place), index=pc.index))
        for place, matrix in enumerate(matrices, start=1)
    ]
    return first_match(rules, pd.Series(index=pc.index, dtype="float64"))

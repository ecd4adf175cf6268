"""Collected concentrations of the study's matrices, and which of them are below the limit of quantification."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.data.checks.contradictions.times import without_uncollected_times
from cutbook.data.checks.values.results import is_said_below, reported_concentrations
from cutbook.dates import date_part, to_moment
from cutbook.derive.records import Datasets, dataset_or_empty, number_column, or_number, text_column
from cutbook.derive.rules import first_match
from cutbook.parameters.study import Matrix, Pharmacokinetics
from cutbook.parameters.study.analyses import BELOW_LIMIT
from cutbook.records import keys_of_some, meets
from cutbook.standards.conversion import converted

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
        from ``<0.5``), BLQFL, VISIT, VISITNUM, ATPT, ADT, ADTM, SAMPLED (text), KEY, PCTPTNUM, PCELTM, PCTPTREF,
        PCRFTDTC, PCSTAT, PCREASND.
    """
    pc = dataset_or_empty(datasets, "pc")
    place = matrix_places(pc, rules.matrices)
    keys, raw, place = keys_of_some("pc", pc, place.notna()), pc[place.notna()], place.dropna()
    dated = without_uncollected_times(text_column(raw, "PCDTC"))
    text, value, unit = reported_concentrations(raw, rules.below_limit)
    result = or_number(text, number_column(raw, "PCSTRESN"))
    told = pd.to_numeric(result.str.extract(_LIMIT)[0]).astype("float64")
    stated = place.map({n: matrix.unit for n, matrix in enumerate(rules.matrices, start=1)}).astype("str")
    targets = pd.DataFrame({"UNIT": stated, "TEST": text_column(raw, "PCTESTCD")})
    value, told = (_in_stated_unit(numbers, unit, targets) for numbers in (value, told))
    limit = _in_stated_unit(number_column(raw, "PCLLOQ"), _unit_of_limit(raw, unit), targets).fillna(told)
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
            "SAMPLED": dated,
            "KEY": keys,
            "PCTPTNUM": number_column(raw, "PCTPTNUM"),
            "PCELTM": text_column(raw, "PCELTM"),
            "PCTPTREF": text_column(raw, "PCTPTREF"),
            "PCRFTDTC": text_column(raw, "PCRFTDTC"),
            "PCSTAT": text_column(raw, "PCSTAT"),
            "PCREASND": text_column(raw, "PCREASND"),
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
    limit, or a negative one → yes; otherwise no. A value equal to the limit is quantifiable.

    Examples
    --------
    >>> reported = pd.Series(["<0.5", "BLOQ", "0.4", "0.5", None])
    >>> is_below_limit(reported, pd.to_numeric(reported, errors="coerce"), pd.Series(0.5, range(5))).tolist()
    [True, True, True, False, False]
    """
    return first_match(
        [(is_said_below(result, words), True), ((value < limit) | (value < 0), True)],
        pd.Series(False, index=result.index),
    )


def _unit_of_limit(raw: pd.DataFrame, unit: pd.Series) -> pd.Series:
    """Return the unit of PCLLOQ: that of standardised results, or of those as measured where these came alone."""
    has_standard = text_column(raw, "PCSTRESC").notna() | number_column(raw, "PCSTRESN").notna()
    return text_column(raw, "PCSTRESU").fillna(unit if "PCSTRESU" not in raw else unit.where(has_standard))


def _in_stated_unit(values: pd.Series, unit: pd.Series, stated: pd.DataFrame) -> pd.Series:
    """Return values in the stated unit of their matrix, by the conversions of their test too."""
    known = [
        converted(values[own.index], unit[own.index], str(target), str(test))
        for (target, test), own in stated.groupby(["UNIT", "TEST"], sort=False)
    ]
    return pd.concat(known).reindex(values.index) if known else values


def matrix_places(pc: pd.DataFrame, matrices: list[Matrix]) -> pd.Series:
    """Return the place (1 for the first) of each record's matrix among ``matrices``, missing for others."""
    rules = [
        (meets(pc, matrix.selects), pd.Series(float(place), index=pc.index))
        for place, matrix in enumerate(matrices, start=1)
    ]
    return first_match(rules, pd.Series(index=pc.index, dtype="float64"))

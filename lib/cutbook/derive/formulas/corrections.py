"""Results corrected for what else is in the sample."""

from __future__ import annotations

import pandas as pd

_NORMAL_ALBUMIN_SI, _CALCIUM_SI = 40.0, 0.02
_NORMAL_ALBUMIN_US, _CALCIUM_US = 4.0, 0.8


def without_blood(white: pd.Series, red: pd.Series, ratio: float) -> pd.Series:
    """Return white cells of cerebrospinal fluid less those that came with the blood of the puncture.

    Parameters
    ----------
    white, red : Series of float
        White and red cells, in the same unit.
    ratio : float
        Red cells for one white cell of the blood.

    Returns
    -------
    Series of float
        white - red / ratio, at least 0; missing without either.

    Notes
    -----
    Fishman, Cerebrospinal Fluid in Diseases of the Nervous System, 2nd ed., 1992, p. 190: one for every 700 red cells.

    Examples
    --------
    >>> without_blood(pd.Series([9.0, 1.0]), pd.Series([1400.0, 7000.0]), 700).tolist()
    [7.0, 0.0]
    """
    return (white - red / ratio).clip(lower=0)


def corrected_calcium(calcium: pd.Series, albumin: pd.Series, *, is_si: bool) -> pd.Series:
    """Return calcium corrected for albumin.

    Parameters
    ----------
    calcium, albumin : Series of float
        mmol/L and g/L; or mg/dL and g/dL.
    is_si : bool
        Which of them.

    Returns
    -------
    Series of float
        calcium + 0.02 (40 - albumin), or calcium + 0.8 (4 - albumin); missing without either.

    Notes
    -----
    Payne et al., Br Med J 1973;4:643, as usually rounded.

    Examples
    --------
    >>> corrected_calcium(pd.Series([2.0]), pd.Series([30.0]), is_si=True).tolist()
    [2.2]
    """
    normal, slope = (_NORMAL_ALBUMIN_SI, _CALCIUM_SI) if is_si else (_NORMAL_ALBUMIN_US, _CALCIUM_US)
    return calcium + slope * (normal - albumin)


def filtration_rate(creatinine: pd.Series, age: pd.Series, sex: pd.Series) -> pd.Series:
    """Return the estimated glomerular filtration rate by CKD-EPI 2021.

    Parameters
    ----------
    creatinine : Series of float
        Serum creatinine, mg/dL.
    age : Series of float
        Years.
    sex : Series of str
        ``F`` or ``M``.

    Returns
    -------
    Series of float
        mL/min/1.73 m2; missing without creatinine, age or sex.

    Notes
    -----
    Inker et al., N Engl J Med 2021;385:1737.

    Examples
    --------
    >>> filtration_rate(pd.Series([0.7]), pd.Series([40.0]), pd.Series(["F"])).round(1).tolist()
    [112.1]
    """
    is_female = sex.eq("F")
    scale = creatinine.where(creatinine.gt(0)) / is_female.map({True: 0.7, False: 0.9})
    power = is_female.map({True: -0.241, False: -0.302})
    rate = 142 * scale.clip(upper=1) ** power * scale.clip(lower=1) ** -1.200 * 0.9938**age
    return (rate * is_female.map({True: 1.012, False: 1.0})).where(sex.isin(["F", "M"]))

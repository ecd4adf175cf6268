"""Short names of parameters by their code in CDISC's terminology, for headings that have little room."""

from __future__ import annotations

from cutbook.display.look.units import with_unit_written

SHORT = {
    "ALB": "Albumin", "ALP": "ALP", "ALT": "ALT", "APTT": "aPTT", "AST": "AST", "BASO": "Basophils",
    "BILI": "Bilirubin", "CA": "Calcium", "CK": "CK", "CL": "Chloride", "CREAT": "Creatinine", "CRP": "CRP",
    "EOS": "Eosinophils", "GGT": "GGT", "GLUC": "Glucose", "HCT": "Haematocrit", "HGB": "Haemoglobin", "INR": "INR",
    "K": "Potassium", "LDH": "LDH", "LYM": "Lymphocytes", "MONO": "Monocytes", "NEUT": "Neutrophils",
    "PLAT": "Platelets", "PROT": "Protein", "RBC": "Red cells", "SODIUM": "Sodium", "UREAN": "Urea nitrogen",
    "WBC": "White cells",
    "DIABP": "Diastolic pressure", "PULSE": "Pulse", "RESP": "Respiratory rate", "SYSBP": "Systolic pressure",
    "TEMP": "Temperature", "WEIGHT": "Weight",
    "EGHRMN": "Heart rate", "HR": "Heart rate", "PRAG": "PR", "QRSAG": "QRS", "QTAG": "QT", "QTCBAG": "QTcB",
    "QTCFAG": "QTcF", "RRAG": "RR",
}  # fmt: skip
"""LBTESTCD, VSTESTCD and EGTESTCD of the CDISC controlled terminology."""


def short_name(parameter: str, words: str) -> str:
    """Return the name of a finding without its family, short where its code is one of the terminology.

    Parameters
    ----------
    parameter : str
        Code with that of its family before it: ``csf-WBC``. Others, such as endpoints, keep their words.
    words : str
        ``Cerebrospinal fluid: Leukocytes (10^6/L)``, with or without a unit.

    Examples
    --------
    >>> short_name("csf-WBC", "Cerebrospinal fluid: Leukocytes (10^6/L)"), short_name("x-ZZ", "X: Other (C)")
    ('White cells (cells/µL)', 'Other (°C)')
    >>> short_name("SOD1", "CSF SOD1 (ug/L)")
    'CSF SOD1 (µg/L)'
    """
    named = with_unit_written(words.rpartition(": ")[2])
    code = parameter.rpartition("-")
    if not code[1] or code[2] not in SHORT:
        return named
    begin = named.rfind(" (")
    return SHORT[code[2]] + (named[begin:] if begin > 0 and named.endswith(")") else "")

"""What the standards say about variables: which hold numbers, which hold text, and which every domain must have.

SDTM variables are named by a domain prefix of two letters and a suffix; ADaM variables by name. What neither list names
may be delivered as text or as number.
"""

from __future__ import annotations

import re
from typing import Literal

Model = Literal["sdtm", "adam"]
Kind = Literal["number", "text", "date", "free"]

NUMBER_SUFFIXES = (
    "SEQ",
    "STRESN", "STNRLO", "STNRHI", "LLOQ", "ULOQ", "REPNUM",
    "DY", "STDY", "ENDY", "TPTNUM",
    "DOSE", "DOSTOT", "VAMT", "PSTRG",
    "LLTCD", "PTCD", "HLTCD", "HLGTCD", "BDSYCD", "SOCCD",
)  # fmt: skip
"""Suffixes of numeric variables in SDTM, after the two letters of the domain."""

NUMBER_NAMES = ("AGE", "VISITNUM", "VISITDY", "TAETORD", "MIDSDY")
"""Numeric variables without a domain prefix."""

TEXT_SUFFIXES = (
    "DTC", "STDTC", "ENDTC", "DUR", "ELTM", "TPT", "TPTREF", "RFTDTC",
    "SPID", "REFID", "GRPID", "LNKID", "LNKGRP",
    "TESTCD", "TEST", "CAT", "SCAT", "ORRES", "ORRESU", "ORNRLO", "ORNRHI", "STRESC", "STRESU", "STNRC", "NRIND",
    "STAT", "REASND", "SPEC", "LOC", "LAT", "POS", "METHOD", "NAM", "BLFL", "LOBXFL", "DRVFL", "EVAL",
    "TERM", "DECOD", "LLT", "HLT", "HLGT", "BODSYS", "SOC", "SEV", "TOXGR", "SER", "ACN", "REL", "OUT",
    "SCAN", "SCONG", "SDISAB", "SDTH", "SHOSP", "SLIFE", "SMIE",
    "TRT", "INDC", "CLAS", "DOSTXT", "DOSU", "DOSFRM", "DOSFRQ", "ROUTE", "LOT",
)  # fmt: skip
"""Suffixes of text variables in SDTM, after the two letters of the domain."""

TEXT_NAMES = (
    "STUDYID", "DOMAIN", "RDOMAIN", "USUBJID", "SUBJID", "SITEID", "INVID", "SPDEVID",
    "AGEU", "SEX", "RACE", "ETHNIC", "COUNTRY", "ARMCD", "ARM", "ACTARMCD", "ACTARM", "ARMNRS", "ACTARMUD", "DTHFL",
    "VISIT", "EPOCH", "ETCD", "ELEMENT", "RELTYPE", "RELID",
    "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG", "QEVAL", "TSPARMCD", "TSPARM", "TSVAL",
)  # fmt: skip
"""Text variables without a domain prefix."""

ADAM_NUMBERS = (
    "AVAL", "BASE", "CHG", "PCHG", "ANRLO", "ANRHI", "A1LO", "A1HI", "CNSR", "AGE",
    "ADY", "ASTDY", "AENDY", "ADURN", "TRTDURD", "AVISITN", "ATPTN", "PARAMN", "ASEQ",
    "AWTARGET", "AWTDIFF", "AWLO", "AWHI",
    "TRTPN", "TRTAN", "SEXN", "RACEN", "ETHNICN", "ASEVN", "ARELN", "ATOXGRN", "BTOXGRN",
    "HEIGHTBL", "WEIGHTBL", "BMIBL", "AVGDD", "CUMDOSE", "DOSEP", "DOSEA", "NFRLT", "AFRLT", "NRRLT", "ARRLT",
)  # fmt: skip
"""Numeric variables of ADaM."""

ADAM_TEXT = ("PARAMCD", "PARAM", "AVALC", "AVISIT", "ATPT", "DTYPE", "ANRIND", "BNRIND", "TRTP", "TRTA", "TRTEMFL")
"""Text variables of ADaM; names ending in FL are text too."""

_SDTM_NUMBER = re.compile(rf"[A-Z][A-Z0-9](?:{'|'.join(NUMBER_SUFFIXES)})|{'|'.join(NUMBER_NAMES)}")
_SDTM_TEXT = re.compile(rf"[A-Z][A-Z0-9](?:{'|'.join(TEXT_SUFFIXES)})|{'|'.join(TEXT_NAMES)}|RF\w+DTC|DTHDTC")
_ADAM_NUMBER = re.compile(rf"{'|'.join(ADAM_NUMBERS)}|TRT\d\d[PA]N|[A-Z]+GR\d+N")
_ADAM_TEXT = re.compile(rf"{'|'.join(ADAM_TEXT)}|TRT\d\d[PA]|\w+FL")
_ADAM_DATE = re.compile(r"\w+DTM?")
_ADAM: tuple[tuple[re.Pattern[str], Kind], ...] = ((_ADAM_DATE, "date"), (_ADAM_NUMBER, "number"), (_ADAM_TEXT, "text"))


def kind_of(variable: str, model: Model) -> Kind:
    """Return what the standard says a variable holds.

    Examples
    --------
    >>> [kind_of(name, "sdtm") for name in ("LBSTRESN", "AGE", "USUBJID", "AESTDTC", "LBXYZ")]
    ['number', 'number', 'text', 'text', 'free']
    >>> [kind_of(name, "adam") for name in ("AVAL", "TRT01PN", "TRTSDT", "SAFFL", "AESEQ")]
    ['number', 'number', 'date', 'text', 'number']
    """
    if model == "adam":
        for pattern, kind in _ADAM:
            if pattern.fullmatch(variable):
                return kind
    if _SDTM_NUMBER.fullmatch(variable):
        return "number"
    return "text" if _SDTM_TEXT.fullmatch(variable) else "free"

"""Which variables blinded reports may read where the study file adds or takes away nothing: all others are withheld.

Left out on purpose are treatment, dose, unit, form, lot, volume, kit and randomisation numbers; arms; free remarks;
names and birth dates; identifiers of samples, which laboratories may draw up by treatment; and whole datasets that are
made of them. Names and roles of variables: SDTMIG 3.4.
"""

from __future__ import annotations

from collections.abc import Sequence

WITHHELD = frozenset({"pc", "pp", "is", "da", "dr", "relrec", "co", "relspec", "relsub", "ta"})
"""Datasets that are never read, whatever they hold: they tell the treatment by their values or by whom they are of."""

_EVERYWHERE = ("STUDYID", "DOMAIN", "USUBJID", "EPOCH", "VISITNUM", "VISIT", "VISITDY")
_TIMED = ("SEQ", "DTC", "DY", "STDTC", "ENDTC", "STDY", "ENDY", "STRTPT", "STTPT", "ENRTPT", "ENTPT", "TPT", "TPTNUM")
_OF_EVENTS = ("TERM", "DECOD", "CAT", "SCAT", "BODSYS", "SOC", "LLT", "HLT", "HLGT", "PRESP", "OCCUR", "STAT")
_OF_FINDINGS = (
    "TESTCD", "TEST", "CAT", "SCAT", "POS", "ORRES", "ORRESU", "ORNRLO", "ORNRHI", "STRESC", "STRESN", "STRESU",
    "STNRLO", "STNRHI", "NRIND", "STAT", "REASND", "NAM", "SPEC", "SPCCND", "LOC", "LAT", "METHOD", "EVAL", "BLFL",
)  # fmt: skip

_OWN: dict[str, Sequence[str]] = {
    "dm": (
        "SUBJID", "RFSTDTC", "RFENDTC", "RFXSTDTC", "RFXENDTC", "RFICDTC", "RFPENDTC", "DTHDTC", "DTHFL", "SITEID",
        "AGE", "AGEU", "SEX", "RACE", "ETHNIC", "COUNTRY", "ARMNRS", "DMDTC", "DMDY",
    ),
    "ae": (
        *_OF_EVENTS, "SEV", "TOXGR", "SER", "ACN", "REL", "OUT", "SCONG", "SDISAB", "SDTH", "SHOSP", "SLIFE", "SMIE",
        "CONTRT",
    ),
    "ds": _OF_EVENTS,
    "dv": _OF_EVENTS,
    "mh": _OF_EVENTS,
    "ce": (*_OF_EVENTS, "SEV", "SER", "OUT"),
    "cm": ("TRT", "DECOD", "CLAS", "CAT", "SCAT", "INDC", "DOSE", "DOSU", "DOSFRQ", "DOSTXT", "ROUTE", "OCCUR", "STAT"),
    "pr": ("TRT", "DECOD", "CAT", "SCAT", "LOC", "INDC", "OCCUR", "STAT"),
    "ex": ("DOSFRQ", "OCCUR", "STAT"),
    "ec": ("PRESP", "OCCUR", "REASOC", "STAT", "DOSFRQ"),
    "sv": ("PRESP", "OCCUR", "REASOC", "UPDES"),
    "se": (),
    "ts": ("TSPARMCD", "TSPARM", "TSVAL"),
}  # fmt: skip
"""By dataset, what it may show beside the common variables, without its two letters where the standard has them."""

FINDINGS = frozenset({"lb", "vs", "eg", "qs", "re", "mk", "sc", "dd", "ft", "fa", "pe", "rs", "ss"})
"""Datasets of measurements, of which a study's file names the tests."""

_QUALIFIERS = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL")


def allowed_variables(dataset: str) -> frozenset[str]:
    """Return the variables of a dataset that blinded reports may read; none of one that the list does not know.

    Examples
    --------
    >>> "AETERM" in allowed_variables("ae"), "ARMCD" in allowed_variables("dm"), "EXDOSE" in allowed_variables("ex")
    (True, False, False)
    >>> sorted(allowed_variables("pc")), sorted(allowed_variables("xx"))
    ([], [])
    """
    if dataset in WITHHELD:
        return frozenset()
    if dataset.startswith("supp"):
        return frozenset(_QUALIFIERS)
    if dataset not in _OWN and dataset not in FINDINGS:
        return frozenset()
    prefix = dataset.upper()
    own = _OWN.get(dataset, _OF_FINDINGS)
    written = own if dataset in {"dm", "ts"} else [prefix + name for name in own]
    return frozenset([*_EVERYWHERE, *written, *(prefix + name for name in _TIMED), *_own_numbers(dataset)])


def _own_numbers(dataset: str) -> tuple[str, ...]:
    """Return what a dataset of elements names them by."""
    return ("ETCD", "ELEMENT") if dataset == "se" else ()

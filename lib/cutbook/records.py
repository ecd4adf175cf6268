"""What every room asks of a record: its key and whose it is, whether it meets a condition, its number, its unit.

A key is ``<dataset>/<participant>/<what tells the participant's records apart>``. The last part is the sequence number;
without one it is what the record is about, and where or when it was collected. Records that still share a key are told
apart by a number that follows from their content. So a key never says in which row a file holds a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import pandas as pd

from cutbook.record_names import BEGAN, part, subject_matter, text_of

Where: TypeAlias = Mapping[str, Sequence[str]]
"""Accepted values by variable; an empty text accepts a missing value."""

PARTICIPANTS, EVENTS, SAMPLES = "participants", "events", "samples"
"""Kinds of records that stand behind the counts of a page."""

_ONE_A_PARTICIPANT = frozenset({"dm", "adsl"})
_QUALIFIER_KEY = ("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")
_QUALIFIER_PARTS = ("IDVARVAL", "QNAM")
_RELATION_PARTS = ("RDOMAIN", "IDVARVAL", "RELID")
_TRIAL_KEYS = {
    "ta": ("ARMCD", "TAETORD"),
    "td": ("TDORDER",),
    "te": ("ETCD",),
    "ti": ("IETESTCD", "TIVERS"),
    "ts": ("TSPARMCD", "TSSEQ"),
    "tv": ("ARMCD", "VISITNUM"),
}
"""What tells the records of trial-level datasets apart, which have no participant."""

_ANALYSIS_SEQUENCES = ("ASEQ", "SRCSEQ")
_SEQUENCE = re.compile(r"[A-Z]{2}SEQ")
_BEGINNING = re.compile("|".join(BEGAN))
_DATE = re.compile(r"\w+DT[CM]?")

_NUMBER = "#"
_MICRO = str.maketrans({"µ": "u", "μ": "u"})


def sequence_variable(dataset: str, columns: Iterable[str]) -> str | None:
    """Return the variable that numbers a participant's records; None where the dataset has none.

    Parameters
    ----------
    dataset : str
        Name, lower case.
    columns : iterable of str
        Its variables, in any order.

    Notes
    -----
    The first that is there: in an analysis dataset ASEQ; the domain's own --SEQ; in an analysis dataset SRCSEQ; of
    other domains' --SEQ the first by alphabet.

    Examples
    --------
    >>> sequence_variable("ae", ["USUBJID", "AESEQ"]), sequence_variable("adlb", ["LBSEQ", "ASEQ"])
    ('AESEQ', 'ASEQ')
    >>> sequence_variable("sv", ["USUBJID", "VISITNUM"]) is None
    True
    """
    known = set(columns)
    is_analysis = dataset.startswith("ad")
    own = f"{dataset.removeprefix('ad')[:2].upper()}SEQ"
    preferred = (_ANALYSIS_SEQUENCES[0], own, _ANALYSIS_SEQUENCES[1]) if is_analysis else (own,)
    others = sorted(name for name in known if _SEQUENCE.fullmatch(name))
    return next((name for name in (*preferred, *others) if name in known), None)


def key_variables(dataset: str, columns: Iterable[str]) -> tuple[str, ...]:
    """Return the variables whose values may occur only once together; empty when the dataset has none.

    Analysis datasets other than ADSL and ADAE have none: an analysis may use a collected record twice.

    Examples
    --------
    >>> key_variables("lb", ["USUBJID", "LBSEQ"]), key_variables("adlb", ["USUBJID", "LBSEQ"])
    (('USUBJID', 'LBSEQ'), ())
    """
    known = set(columns)
    if dataset in _ONE_A_PARTICIPANT:
        key: tuple[str, ...] = ("USUBJID",)
    elif _is_qualifier(dataset):
        key = _QUALIFIER_KEY
    elif dataset.startswith("ad") and dataset != "adae":
        key = ()
    else:
        key = ("USUBJID", sequence_variable(dataset, known) or "")
    return key if set(key) <= known else ()


def record_keys(dataset: str, frame: pd.DataFrame) -> pd.Series:
    """Return the key of each record, which no other record of the dataset has and no order of rows changes.

    Parameters
    ----------
    dataset : str
        Name, lower case.
    frame : frame
        All its records, or all those of some participants: fewer of them would be told apart otherwise.

    Returns
    -------
    Series of str
        Same index. What `shared_keys` returns, and ``#2``, ``#3`` ... behind it where several records share that: in
        the order of their dates and then of all their values, so that a later record does not renumber earlier ones.

    Examples
    --------
    >>> visits = pd.DataFrame({"USUBJID": "01", "VISITNUM": [9.0, 1.0, 9.0], "SVSTDTC": ["2020-03", "2019", "2020-02"]})
    >>> record_keys("sv", visits).tolist()
    ['sv/01/9#2', 'sv/01/1', 'sv/01/9']
    """
    keys = shared_keys(dataset, frame)
    if dataset in _ONE_A_PARTICIPANT:
        return keys
    is_nameless = keys.str.endswith("/")
    is_shared = keys.duplicated(keep=False) | is_nameless
    if not is_shared.any():
        return keys
    number = _places(keys[is_shared.to_numpy()], frame[is_shared.to_numpy()])
    suffix = (_NUMBER + number.astype("str")).mask(number.eq(1) & ~is_nameless[is_shared], "")
    return keys.mask(is_shared, keys[is_shared] + suffix)


def keys_of_some(dataset: str, frame: pd.DataFrame, is_chosen: pd.Series) -> pd.Series:
    """Return the keys of the chosen records of a dataset, as `record_keys` gives them for all of its records.

    Examples
    --------
    >>> events = pd.DataFrame({"USUBJID": "01", "AESEQ": [1.0, 2.0]})
    >>> keys_of_some("ae", events, events["AESEQ"].eq(2)).tolist()
    ['ae/01/2']
    """
    sequence = sequence_variable(dataset, frame.columns)
    if sequence is not None and pd.api.types.is_numeric_dtype(frame[sequence]):
        numbered = frame[["USUBJID", sequence]]
        # Where every record has a number of its own, the others need not be looked at.
        if numbered[sequence].notna().all() and not numbered.duplicated().any():
            return shared_keys(dataset, frame[is_chosen])
    return record_keys(dataset, frame)[is_chosen]


def shared_keys(dataset: str, frame: pd.DataFrame) -> pd.Series:
    """Return what names each record by itself, whatever other records there are; several may share it.

    Parameters
    ----------
    dataset : str
        Name, lower case.
    frame : frame
        Its records, or some of them.

    Returns
    -------
    Series of str
        Same index. ``<dataset>/<USUBJID>``, in all datasets but DM and ADSL followed by the sequence number
        (``ae/01-701-1015/3``); where it is missing by topic, category, specimen, visit and time point, and without a
        visit by the first date, as far as they are known (``sv/01-701-1015/4``, ``ae/01-701-1015/FALL,2014-01-03``). In
        a supplemental dataset it is the parent's identifier and the qualifier (``suppae/01-701-1015/3/AELPREL``), in
        ``relrec`` the parent's domain and identifier and the relation. Without participants, what tells the records
        of a trial-level dataset apart. The signs ``/``, ``#`` and ``%`` of a part are written ``%2F``, ``%23`` and
        ``%25``; the name of a participant stays as it is.
    """
    if "USUBJID" not in frame:
        parts = [part(frame, name) for name in _TRIAL_KEYS.get(dataset, ()) if name in frame]
        return _joined(pd.Series(dataset, index=frame.index, dtype="str"), parts)
    keys = pd.Series(f"{dataset}/", index=frame.index, dtype="str").str.cat(text_of(frame["USUBJID"]))
    names = _part_names(dataset)
    if names is None:
        return _joined(keys, [_own_name(dataset, frame)])
    return _joined(keys, [part(frame, name) for name in names])


def number_of(keys: pd.Series) -> pd.Series:
    """Return the number by which each key is told from others of its name: 1 where nothing stands behind the name.

    Examples
    --------
    >>> number_of(pd.Series(["sv/01/9", "sv/01/9#2"])).tolist()
    [1, 2]
    """
    return keys.str.extract(rf"{_NUMBER}(\d+)$", expand=False).astype("float64").fillna(1).astype("int64")


def participant_of(key: str) -> str:
    """Return the participant whom a record is about, empty for a record of the trial.

    Examples
    --------
    >>> participant_of("dm/01-701"), participant_of("ae/01/701/3"), participant_of("suppae/01-701/3/AELPREL")
    ('01-701', '01/701', '01-701')
    """
    dataset, _, rest = key.partition("/")
    if dataset in _TRIAL_KEYS:
        return ""
    names = _part_names(dataset)
    return rest.rsplit("/", 1 if names is None else len(names))[0]


def meets(frame: pd.DataFrame, where: Where) -> pd.Series:
    """Return True for each record in which every variable has one of its accepted values.

    Parameters
    ----------
    frame : frame
        Records.
    where : mapping of str to sequence of str
        Accepted values by variable; an empty text accepts a missing value. Numbers are compared as numbers, to 15
        significant digits. A variable that is not there is missing throughout.

    Examples
    --------
    >>> meets(pd.DataFrame({"VSPOS": ["SITTING", None, "SUPINE"]}), {"VSPOS": ["SUPINE", ""]}).tolist()
    [False, True, True]
    """
    is_met = pd.Series(True, index=frame.index)
    for variable, accepted in where.items():
        is_met &= _has_one_of(frame, variable, accepted)
    return is_met


def meets_any(frame: pd.DataFrame, conditions: Iterable[Where]) -> pd.Series:
    """Return True for each record that meets at least one of the conditions, see `meets`; without any, none does."""
    is_met = pd.Series(False, index=frame.index)
    for where in conditions:
        is_met |= meets(frame, where)
    return is_met


def same_unit(units: pd.Series) -> pd.Series:
    r"""Return units in the spelling in which they are compared: the micro sign, Greek mu and u are one letter.

    Nothing else is: ``MG/DL`` is not a unit of the standard terminology, and may not be taken for ``mg/dL``. Blanks
    around a unit do not count. Missing is empty.

    Examples
    --------
    >>> same_unit(pd.Series(["\N{MICRO SIGN}g/L", "\N{GREEK SMALL LETTER MU}g/L", "ug/L", "MG/DL", None])).tolist()
    ['ug/L', 'ug/L', 'ug/L', 'MG/DL', '']
    """
    codes, spellings = pd.factorize(units)
    same = pd.Series([*(str(unit).strip().translate(_MICRO) for unit in spellings), ""], dtype="str")
    return pd.Series(same.take(codes).array, index=units.index)


def _is_qualifier(dataset: str) -> bool:
    return dataset.startswith("supp")


def _part_names(dataset: str) -> tuple[str, ...] | None:
    """Return the variables that follow the participant in a key; None where the record's own name does.

    Their number is what the name of a dataset says, so that a key can be taken apart although the name of a participant
    may hold any sign.
    """
    if dataset in _ONE_A_PARTICIPANT:
        return ()
    if _is_qualifier(dataset):
        # A participant has one record in demographics, so nothing points to it but the participant.
        return _QUALIFIER_PARTS[1:] if dataset == "suppdm" else _QUALIFIER_PARTS
    return _RELATION_PARTS if dataset == "relrec" else None


def _own_name(dataset: str, frame: pd.DataFrame) -> pd.Series:
    """Return the sequence number of each record, or what it is about where it has none."""
    sequence = sequence_variable(dataset, frame.columns)
    name = pd.Series("", index=frame.index, dtype="str") if sequence is None else part(frame, sequence)
    is_open = name.eq("")
    return name.mask(is_open, subject_matter(frame[is_open])) if is_open.any() else name


def _joined(keys: pd.Series, parts: Sequence[pd.Series]) -> pd.Series:
    for one in parts:
        keys = keys.str.cat("/" + one)
    return keys


def _places(keys: pd.Series, frame: pd.DataFrame) -> pd.Series:
    """Return the place of each record (from 1) among those of its key, by their dates and then by all their values."""
    names = sorted(frame.columns, key=lambda name: (not _BEGINNING.fullmatch(name), not _DATE.fullmatch(name), name))
    columns = [keys, *(text_of(frame[name]) for name in names)]
    ordered = pd.DataFrame({place: column.to_numpy() for place, column in enumerate(columns)})
    ordered = ordered.sort_values(list(ordered.columns), kind="stable")
    place = ordered.groupby(0, sort=False).cumcount().add(1).sort_index()
    return pd.Series(place.to_numpy(), index=keys.index)


def _has_one_of(frame: pd.DataFrame, variable: str, accepted: Sequence[str]) -> pd.Series:
    if variable not in frame:
        return pd.Series("" in accepted, index=frame.index)
    texts = pd.Series(list(accepted), dtype="str")
    if pd.api.types.is_numeric_dtype(frame[variable]):
        # What is no number would become missing, and accept missing values, if it were not left out.
        numbers = pd.to_numeric(texts, errors="coerce")
        texts = text_of(numbers)[numbers.notna() | texts.eq("")]
    return text_of(frame[variable]).isin(texts)

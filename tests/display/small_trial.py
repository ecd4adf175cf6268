"""A trial of ten people at two cuts, small enough to count by hand: the study file, and every frame as derived.

Treated as planned are 01 to 03 (placebo) and 04 to 06 (10 mg). 07 was planned for placebo and got 10 mg; 08 was
randomised and never treated; 09 failed screening; 10 is in screening. So every display has its own denominator:
3, 4 and 7 treated, 4, 4 and 8 randomised, 3, 3 and 6 in the efficacy population (06 is not in it).

The previous cut lacks 07 and 10, and 08 was in screening. It tells some things otherwise, so that cells move up, down,
only in their total, are new or have gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from cutbook.data.checks.records import Issue, issue_table

STUDY: dict[str, Any] = {
    "id": "mini",
    "title": "Mini",
    "is_synthetic": True,
    "sources": {"root": "x", "required": ["dm"]},
    "treatment": {
        "compound": "X",
        "dose_unit": "mg",
        "planned_doses": 2,
        "total_active": "Active",
        "total": "All",
        "arms": [{"code": "P", "label": "Placebo", "dose": 0}, {"code": "A", "label": "10 mg", "dose": 10}],
    },
    "data_cut": {"included": {"dataset": "dm", "date": "RFSTDTC"}, "rules": {}},
    "populations": {"efficacy_text": "Treated participants with a score"},
    "characteristics": [
        {"variable": "AGE", "label": "Age", "unit": "years"},
        {"variable": "SEX", "label": "Sex", "levels": {"F": "Female", "M": "Male"}},
        {"variable": "WEIGHTBL", "label": "Weight", "unit": "kg", "decimals": 1},
    ],
    "schedules": {
        "clinic": {
            "by": "visitnum",
            "visits": [
                {"label": "Week 2", "visitnum": [3]},
                {"label": "Week 4", "visitnum": [4]},
                {"label": "Week 8", "visitnum": [5]},
            ],
        }
    },
    "adverse_events": {
        "related": ["RELATED"],
        "teae_window_days": 28,
        "sensitivity_windows_days": [0],
        "flags": [{"label": "Injection site reaction", "qnam": "AEINJ"}],
    },
    "findings": [
        {
            "id": "chemistry", "label": "Chemistry", "dataset": "lb", "schedule": "clinic",
            "parameters": ["ALT", "CREAT"],
        },
        {"id": "vitals", "label": "Vital signs", "dataset": "vs", "schedule": "clinic", "parameters": ["PULSE"]},
        {"id": "ecg", "label": "ECG", "dataset": "eg", "schedule": "clinic", "parameters": ["QTCF"]},
    ],
    "pharmacokinetics": {
        "matrices": [
            {"specimen": "PLASMA", "testcd": "X", "label": "Plasma", "unit": "ng/mL", "profile_visits": [2]},
        ],
    },
    "endpoints": [
        {
            "paramcd": "SOD1", "label": "SOD1 protein", "unit": "ng/mL", "dataset": "lb",
            "where": {"LBTESTCD": ["SOD1"]},
            "schedule": "clinic", "scale": "ratio", "better": "lower", "analysis": {"visit": "Week 4"},
        },
        {
            "paramcd": "SCORE", "label": "Function score", "dataset": "qs", "where": {"QSTESTCD": ["SCORE"]},
            "schedule": "clinic", "better": "higher", "analysis": {"visit": "Week 4"},
        },
    ],
    "reproduction": {
        "cuts": ["C2"],
        "numbers": [
            {
                "label": "Deaths on placebo", "value": "1", "source": "Paper, table 3",
                "at": {"display": "D9", "variable": "DTHFL", "group": "P"},
            },
            {
                "label": "Change of score on placebo", "value": "-3.1", "source": "Paper, table 4", "is_interim": True,
                "at": {"display": "F4", "parameter": "SCORE", "variable": "CHG", "visit": "V4", "group": "P",
                       "statistic": "mean"},
            },
        ],
    },
}  # fmt: skip
"""The study file."""

_ARMS = {"Placebo": (1.0, 0.0), "10 mg": (2.0, 10.0)}
_NUMBERS = frozenset(
    [
        "AGE", "WEIGHTBL", "TRTDURD", "DOSEN", "DOSETOT", "DTHDY", "AESEQ", "ASTDY", "AENDY", "ASEVN",
        "AVAL", "BASE", "CHG", "AVISITN", "ADY", "VISITNUM", "NOMTIME", "ATIME", "DEVMIN", "DOSEOCC",
        "AVALD", "LLOQ", "ROWS", "PARTICIPANTS", "ROW", "BEFORE", "AFTER", "REMOVED", "MODIFIED", "DECIMALS",
    ]
)  # fmt: skip
_DAYS = frozenset(["TRTSDT", "TRTEDT", "EOSDT", "DTHDT", "DCUTDT", "ASTDT", "AENDT", "ADT"])
_EMPTY = '""'


def literal(*blocks: str) -> pd.DataFrame:
    """Return a frame written as lines with ``|`` between the cells; nothing is missing, ``""`` an empty text.

    What is too wide for a page is written as several blocks; the names of the rows are repeated in each.
    """
    columns = {}
    for block in blocks:
        names, *rows = [[cell.strip() for cell in line.split("|")] for line in block.strip("\n").splitlines()]
        columns |= {name: _typed(name, [row[place] for row in rows]) for place, name in enumerate(names)}
    return pd.DataFrame(columns)


def lines(text: str, *, wrapped: bool = True) -> list[tuple[str, ...]]:
    """Return the lines of a table as shown: ``|`` between the cells; an indented line goes on, or only one of cells."""
    joined = text.strip("\n").replace("\n    |", "|")
    if wrapped:
        joined = joined.replace("\n    ", " ")
    return [tuple(_cell(cell, at) for at, cell in enumerate(line.split("|"))) for line in joined.split("\n")]


def _cell(text: str, at: int) -> str:
    """Return a cell; the label of a row keeps the blanks before it."""
    return text.strip() if at else text.rstrip()


def _typed(name: str, cells: list[str]) -> pd.Series:
    if name in _NUMBERS:
        return pd.Series([float(cell or "nan") for cell in cells], dtype="float64")
    if name in _DAYS:
        return pd.to_datetime(pd.Series([cell or None for cell in cells])).astype("datetime64[s]")
    return pd.Series([{"": None, _EMPTY: ""}.get(cell, cell) for cell in cells], dtype="str")


def _with_participant(records: pd.DataFrame, adsl: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return records.merge(adsl[["USUBJID", "TRT01A", "TRT01AN", "SAFFL", *columns]], on="USUBJID", how="left")


def _keys(records: pd.DataFrame, dataset: str) -> pd.Series:
    places = records.groupby("USUBJID").cumcount().add(1).astype("str")
    return dataset + "/" + records["USUBJID"] + "/" + places


def participants(cutoff: str, *blocks: str) -> pd.DataFrame:
    """Return ADSL: what is written, with the numbers and doses of the arms, the days of death and of the cut-off.

    Whether doses changed is not known of anybody.
    """
    adsl = literal(*blocks)
    numbers, doses = ({arm: pair[at] for arm, pair in _ARMS.items()} for at in (0, 1))
    return adsl.assign(
        STUDYID="MINI", SUBJID=adsl["USUBJID"], SITEID="S1", TRT01PN=adsl["TRT01P"].map(numbers).astype("float64"),
        TRT01AN=adsl["TRT01A"].map(numbers).astype("float64"), DOSE01A=adsl["TRT01A"].map(doses).astype("float64"),
        DTHDT=pd.to_datetime(adsl["DTHDTC"]).astype("datetime64[s]"),
        DCUTDT=pd.Series(pd.Timestamp(cutoff), index=adsl.index).astype("datetime64[s]"), KEY="dm/" + adsl["USUBJID"],
        REDUCEDN=float("nan"), PAUSEDN=float("nan"),
    )  # fmt: skip


def doses_of(adsl: pd.DataFrame) -> pd.DataFrame:
    """Return the doses: the first on the first day of treatment, the second on the last."""
    last = adsl[adsl["DOSEN"].eq(2)]
    kept = adsl[adsl["DOSEN"].ge(1)]
    parts = [
        some.assign(DOSEOCC=number, ADT=some[day])
        for some, number, day in ((kept, 1.0, "TRTSDT"), (last, 2.0, "TRTEDT"))
    ]
    given = pd.concat(parts, ignore_index=True)
    days = (given["ADT"] - given["TRTSDT"]).dt.days.add(1).astype("float64")
    none = pd.Series(pd.NaT, index=given.index).astype("datetime64[s]")
    return given.assign(ADY=days, ADTM=none)[["USUBJID", "DOSEOCC", "ADY", "ADT", "ADTM"]]


def events(adsl: pd.DataFrame, *blocks: str) -> pd.DataFrame:
    """Return ADAE: what is written, with the facts of the participant; days are those of the dates as collected."""
    adae = literal(*blocks)
    days = {name: pd.to_datetime(adae[text]).astype("datetime64[s]") for name, text in _EVENT_DAYS.items()}
    severity = adae["AESEV"].map({"MILD": 1.0, "MODERATE": 2.0, "SEVERE": 3.0}).astype("float64")
    keys = "ae/" + adae["USUBJID"] + "/" + adae["AESEQ"].astype("int64").astype("str")
    return _with_participant(adae.assign(**days, ASEVN=severity, KEY=keys), adsl, "AGE", "SEX", "SITEID")


_EVENT_DAYS = {"ASTDT": "AESTDTC", "AENDT": "AEENDTC"}


def findings(adsl: pd.DataFrame, dataset: str, parameters: dict[str, tuple[str, str]], text: str) -> pd.DataFrame:
    """Return findings or endpoints by visit: what is written, with the words and the unit of the parameter."""
    bds = literal(text)
    words, units = ({code: pair[at] for code, pair in parameters.items()} for at in (0, 1))
    named = bds.assign(
        PARAM=bds["PARAMCD"].map(words).astype("str"), AVALU=bds["PARAMCD"].map(units).astype("str"), DECIMALS=0,
        AVALC=bds["AVAL"].astype("str"), DTYPE=pd.Series(index=bds.index, dtype="str"),
        ABLFL=bds["AVISIT"].map({"Baseline": "Y"}).astype("str"),
        APOBLFL=bds["AVISIT"].eq("Baseline").map({False: "Y"}).astype("str"),
    )  # fmt: skip
    return _with_participant(named.assign(KEY=_keys(bds, dataset)), adsl, "RANDFL", "EFFFL")


_DAYS_OF_VISITS = {2.0: 1, 3.0: 8}


def concentrations(adsl: pd.DataFrame, text: str) -> pd.DataFrame:
    """Return ADPC: what is written, in plasma, with a limit of 1 ng/mL and the moment of each sample."""
    adpc = literal(text)
    hours = adpc["ATIME"].fillna(adpc["NOMTIME"]).fillna(0)
    days = adpc["VISITNUM"].map(_DAYS_OF_VISITS).astype("float64")
    moments = pd.Timestamp("2024-01-01") + pd.to_timedelta(24 * days + hours, unit="h")
    named = adpc.assign(
        MATRIX="Plasma", PARAMCD="X", AVALU="ng/mL", LLOQ=1.0, ADTM=moments, ADT=moments.dt.floor("D"),
        ADY=days,
    )  # fmt: skip
    return _with_participant(named, adsl, "DOSE01A", "PKFL")


@dataclass(frozen=True)
class Cut:
    """One cut as derived."""

    adsl: pd.DataFrame
    adae: pd.DataFrame
    adlb: pd.DataFrame
    advs: pd.DataFrame
    adeg: pd.DataFrame
    adpc: pd.DataFrame
    adeff: pd.DataFrame
    received: pd.DataFrame
    audit: pd.DataFrame


@dataclass(frozen=True)
class Trial:
    """A study at a cut, with the cut before it (None: this is the first), and what was said about the data."""

    study: dict[str, Any]
    now: Cut
    before: Cut | None
    issues: pd.DataFrame
    removed: pd.DataFrame
    modified: pd.DataFrame
    kept: pd.DataFrame
    past: pd.DataFrame


_LAB = {
    "chemistry-ALT": ("Chemistry: Alanine aminotransferase", "U/L"),
    "chemistry-CREAT": ("Chemistry: Creatinine", "umol/L"),
}
_VITALS = {"vitals-PULSE": ("Vital signs: Pulse", "beats/min")}
_ECG = {"ecg-QTCF": ("ECG: QTcF", "ms")}
_ENDPOINTS = {"SOD1": ("SOD1 protein", "ng/mL"), "SCORE": ("Function score", "")}


def _cut_now() -> Cut:
    adsl = participants(
        "2024-05-01",
        """
USUBJID|TRT01P |TRT01A |RANDFL|SAFFL|SCRFFL|EFFFL|PKFL|AGE|SEX|WEIGHTBL|TRTSDT    |TRTEDT    |TRTDURD|DOSEN|DOSETOT
01     |Placebo|Placebo|Y     |Y    |N     |Y    |N   |40 |F  |60.5    |2022-01-10|2023-01-10|366    |2    |0
02     |Placebo|Placebo|Y     |Y    |N     |Y    |N   |50 |M  |        |2024-01-10|2024-01-10|1      |1    |0
03     |Placebo|Placebo|Y     |Y    |N     |Y    |N   |60 |F  |70.5    |2022-01-10|2023-01-20|376    |2    |0
04     |10 mg  |10 mg  |Y     |Y    |N     |Y    |Y   |45 |M  |80      |2022-01-10|2023-01-10|366    |2    |20
05     |10 mg  |10 mg  |Y     |Y    |N     |Y    |Y   |55 |F  |90      |2022-01-10|2022-07-28|200    |2    |20
06     |10 mg  |10 mg  |Y     |Y    |N     |N    |Y   |70 |   |        |2024-02-20|2024-02-20|1      |1    |10
07     |Placebo|10 mg  |Y     |Y    |N     |Y    |N   |35 |M  |100     |2024-03-10|2024-04-15|37     |2    |20
08     |10 mg  |10 mg  |Y     |N    |N     |N    |N   |65 |M  |85      |          |          |       |     |
09     |       |       |N     |N    |Y     |N    |N   |33 |F  |        |          |          |       |     |
10     |       |       |N     |N    |N     |N    |N   |28 |F  |        |          |          |       |     |
""",
        """
USUBJID|EOSSTT      |DCSREAS      |EOSDT     |DTHFL|DTHDTC    |DTHDY|DTHCAUS
01     |COMPLETED   |             |2024-03-20|N    |          |     |
02     |DISCONTINUED|DEATH        |2024-01-29|Y    |2024-01-29|20   |Cardiac arrest
03     |ONGOING     |             |          |N    |          |     |
04     |COMPLETED   |             |2024-04-02|N    |          |     |
05     |DISCONTINUED|ADVERSE EVENT|2022-11-01|N    |          |     |
06     |ONGOING     |             |          |N    |          |     |
07     |ONGOING     |             |          |N    |          |     |
08     |DISCONTINUED|DEATH        |2024-04-20|Y    |2024-04-20|     |Road accident
09     |""          |             |          |N    |          |     |
10     |""          |             |          |N    |          |     |
""",
    )
    adae = events(
        adsl,
        """
USUBJID|AESEQ|AETERM        |AEDECOD            |AEBODSYS                |AESEV   |AESER|AESDTH|AESHOSP|AEREL
01     |1    |headache      |HEADACHE           |NERVOUS SYSTEM DISORDERS|MILD    |N    |N     |N      |NOT RELATED
01     |2    |headache again|HEADACHE           |NERVOUS SYSTEM DISORDERS|MODERATE|N    |N     |N      |RELATED
02     |1    |heart stopped |CARDIAC ARREST     |CARDIAC DISORDERS       |SEVERE  |Y    |Y     |N      |NOT RELATED
04     |1    |bad headache  |HEADACHE           |NERVOUS SYSTEM DISORDERS|SEVERE  |Y    |N     |Y      |RELATED
04     |2    |sick          |NAUSEA             |GUT DISORDERS           |MILD    |N    |N     |N      |NOT RELATED
05     |1    |sore leg      |INJECTION SITE PAIN|GENERAL DISORDERS       |MODERATE|N    |N     |N      |RELATED
05     |2    |very sick     |NAUSEA             |GUT DISORDERS           |SEVERE  |Y    |N     |Y      |NOT RELATED
06     |1    |spots         |                   |                        |        |N    |N     |N      |
07     |1    |dizzy         |DIZZINESS          |NERVOUS SYSTEM DISORDERS|MILD    |N    |N     |Y      |NOT RELATED
07     |2    |headache      |HEADACHE           |NERVOUS SYSTEM DISORDERS|SEVERE  |N    |N     |N      |RELATED
08     |1    |hit by a car  |ROAD ACCIDENT      |INJURIES                |SEVERE  |N    |N     |N      |NOT RELATED
""",
        """
USUBJID|AESEQ|AREL|AEACN           |AEOUT        |FATALFL|AEINJ|AESTDTC   |ASTDY|AEENDTC   |AENDY|TRTEMFL|TEAE0
01     |1    |N   |DOSE NOT CHANGED|RECOVERED    |N      |N    |2022-01-12|3    |2022-01-13|4    |Y      |Y
01     |2    |Y   |DOSE NOT CHANGED|RECOVERED    |N      |N    |2023-01-20|376  |2023-01-21|377  |Y      |N
02     |1    |N   |                |FATAL        |Y      |N    |2024-01-29|20   |2024-01-29|20   |Y      |N
04     |1    |Y   |DOSE REDUCED    |RECOVERED    |N      |N    |2022-01-14|5    |2022-01-20|11   |Y      |Y
04     |2    |N   |DOSE NOT CHANGED|RECOVERED    |N      |N    |2022-01-02|-8   |2022-01-03|-7   |N      |N
05     |1    |Y   |DRUG WITHDRAWN  |NOT RECOVERED|N      |Y    |2022-07-28|200  |          |     |Y      |Y
05     |2    |N   |DOSE NOT CHANGED|RECOVERED    |N      |N    |2022-10-01|265  |2022-10-09|273  |N      |N
06     |1    |N   |                |             |N      |N    |          |     |          |     |Y      |Y
07     |1    |N   |DRUG INTERRUPTED|RECOVERED    |N      |N    |2024-03-11|2    |2024-03-11|2    |Y      |Y
07     |2    |Y   |DOSE NOT CHANGED|RECOVERED    |N      |N    |2024-03-12|3    |2024-03-14|5    |Y      |Y
08     |1    |N   |                |FATAL        |Y      |N    |2024-04-20|     |2024-04-20|     |N      |N
""",
        """
USUBJID|AESEQ|TEAEALL|TRTEMRULE
01     |1    |Y      |Began on or after the first dose
01     |2    |Y      |Began on or after the first dose
02     |1    |Y      |Began on or after the first dose
04     |1    |Y      |Began on or after the first dose
04     |2    |N      |Began before the first dose
05     |1    |Y      |Began on or after the first dose
05     |2    |Y      |Began more than 28 days after the last dose
06     |1    |Y      |Start date missing
07     |1    |Y      |Began on or after the first dose
07     |2    |Y      |Began on or after the first dose
08     |1    |N      |Not treated
""",
    )
    adlb = findings(
        adsl,
        "lb",
        _LAB,
        """
USUBJID|PARAMCD        |AVISIT  |AVISITN|ADY|AVAL|BASE|CHG|ANL01FL
01     |chemistry-ALT  |Baseline|0      |1  |20  |20  |   |Y
02     |chemistry-ALT  |Baseline|0      |1  |30  |30  |   |Y
03     |chemistry-ALT  |Baseline|0      |1  |25  |25  |   |Y
04     |chemistry-ALT  |Baseline|0      |1  |22  |22  |   |Y
05     |chemistry-ALT  |Baseline|0      |1  |28  |28  |   |Y
06     |chemistry-ALT  |Baseline|0      |1  |30  |30  |   |Y
07     |chemistry-ALT  |Baseline|0      |1  |40  |40  |   |Y
08     |chemistry-ALT  |Baseline|0      |   |99  |99  |   |Y
01     |chemistry-ALT  |Week 2  |1      |15 |24  |20  |4  |Y
02     |chemistry-ALT  |Week 2  |1      |15 |32  |30  |2  |Y
03     |chemistry-ALT  |Week 2  |1      |15 |34  |25  |9  |Y
04     |chemistry-ALT  |Week 2  |1      |14 |500 |22  |478|
04     |chemistry-ALT  |Week 2  |1      |15 |30  |22  |8  |Y
05     |chemistry-ALT  |Week 2  |1      |15 |40  |28  |12 |Y
05     |chemistry-ALT  |        |       |17 |600 |28  |572|
06     |chemistry-ALT  |Week 2  |1      |15 |34  |30  |4  |Y
01     |chemistry-ALT  |Week 4  |2      |29 |22  |20  |2  |Y
03     |chemistry-ALT  |Week 4  |2      |29 |29  |25  |4  |Y
04     |chemistry-ALT  |Week 4  |2      |29 |32  |22  |10 |Y
01     |chemistry-CREAT|Baseline|0      |1  |80  |80  |   |Y
04     |chemistry-CREAT|Baseline|0      |1  |90  |90  |   |Y
01     |chemistry-CREAT|Week 2  |1      |15 |78  |80  |-2 |Y
04     |chemistry-CREAT|Week 2  |1      |15 |95  |90  |5  |Y
""",
    )
    advs = findings(
        adsl,
        "vs",
        _VITALS,
        """
USUBJID|PARAMCD     |AVISIT  |AVISITN|ADY|AVAL|BASE|CHG|ANL01FL
01     |vitals-PULSE|Baseline|0      |1  |70  |70  |   |Y
02     |vitals-PULSE|Baseline|0      |1  |66  |66  |   |Y
04     |vitals-PULSE|Baseline|0      |1  |72  |72  |   |Y
01     |vitals-PULSE|Week 2  |1      |15 |74  |70  |4  |Y
02     |vitals-PULSE|Week 2  |1      |15 |64  |66  |-2 |Y
04     |vitals-PULSE|Week 2  |1      |15 |70  |72  |-2 |Y
05     |vitals-PULSE|Week 2  |1      |15 |80  |    |   |Y
""",
    )
    adeg = findings(
        adsl,
        "eg",
        _ECG,
        """
USUBJID|PARAMCD |AVISIT  |AVISITN|ADY|AVAL|BASE|CHG|ANL01FL
01     |ecg-QTCF|Baseline|0      |1  |400 |400 |   |Y
04     |ecg-QTCF|Baseline|0      |1  |410 |410 |   |Y
05     |ecg-QTCF|Baseline|0      |1  |430 |430 |   |Y
01     |ecg-QTCF|Week 2  |1      |15 |405 |400 |5  |Y
04     |ecg-QTCF|Week 2  |1      |15 |420 |410 |10 |Y
05     |ecg-QTCF|Week 2  |1      |15 |434 |430 |4  |Y
""",
    )
    adpc = concentrations(
        adsl,
        """
USUBJID|KEY    |VISIT|VISITNUM|NOMTIME|ATIME|DEVMIN|DOSEOCC|AVALC|AVAL|BLQFL|AVALD
01     |pc/01/2|DAY 1|2       |1      |1    |0     |1      |3    |3   |N    |3
04     |pc/04/1|DAY 1|2       |0      |-0.25|-15   |1      |<1   |    |Y    |0
04     |pc/04/2|DAY 1|2       |1      |1.1  |6     |1      |10   |10  |N    |10
04     |pc/04/3|DAY 1|2       |4      |4    |0     |1      |4    |4   |N    |4
04     |pc/04/4|DAY 1|2       |24     |24.5 |30    |1      |<1   |    |Y    |
04     |pc/04/5|DAY 8|3       |       |     |      |1      |5    |5   |N    |5
05     |pc/05/1|DAY 1|2       |0      |-0.5 |-30   |1      |<1   |    |Y    |0
05     |pc/05/2|DAY 1|2       |1      |1    |0     |1      |40   |40  |N    |40
05     |pc/05/3|DAY 1|2       |4      |4.25 |15    |1      |9    |9   |N    |9
05     |pc/05/4|DAY 1|2       |24     |24   |0     |1      |<1   |    |Y    |
05     |pc/05/5|DAY 8|3       |       |     |      |1      |7    |7   |N    |7
06     |pc/06/1|DAY 1|2       |1      |     |      |1      |20   |20  |N    |20
06     |pc/06/2|DAY 1|2       |4      |4    |0     |1      |6    |6   |N    |6
06     |pc/06/3|DAY 1|2       |24     |23.5 |-30   |1      |2    |2   |N    |2
07     |pc/07/1|DAY 1|2       |1      |1    |0     |1      |<1   |    |Y    |
07     |pc/07/2|DAY 1|2       |4      |4    |0     |1      |     |    |N    |
""",
    )
    adeff = findings(
        adsl,
        "qs",
        _ENDPOINTS,
        """
USUBJID|PARAMCD|AVISIT  |AVISITN|ADY|AVAL|BASE|CHG  |ANL01FL
01     |SOD1   |Baseline|0      |1  |16  |16  |     |Y
02     |SOD1   |Baseline|0      |1  |8   |8   |     |Y
03     |SOD1   |Baseline|0      |1  |32  |32  |     |Y
04     |SOD1   |Baseline|0      |1  |16  |16  |     |Y
05     |SOD1   |Baseline|0      |1  |32  |32  |     |Y
06     |SOD1   |Baseline|0      |1  |64  |64  |     |Y
07     |SOD1   |Baseline|0      |1  |8   |8   |     |Y
01     |SOD1   |Week 4  |2      |29 |32  |16  |2    |Y
02     |SOD1   |Week 4  |2      |29 |8   |8   |1    |Y
03     |SOD1   |Week 4  |2      |29 |16  |32  |0.5  |Y
04     |SOD1   |Week 4  |2      |28 |8   |16  |0.5  |Y
05     |SOD1   |Week 4  |2      |29 |8   |32  |0.25 |Y
06     |SOD1   |Week 4  |2      |29 |64  |64  |1    |Y
07     |SOD1   |Week 4  |2      |30 |1   |8   |0.125|Y
01     |SCORE  |Baseline|0      |1  |40  |40  |     |Y
02     |SCORE  |Baseline|0      |1  |30  |30  |     |Y
03     |SCORE  |Baseline|0      |1  |44  |44  |     |Y
04     |SCORE  |Baseline|0      |1  |36  |36  |     |Y
05     |SCORE  |Baseline|0      |1  |40  |40  |     |Y
07     |SCORE  |Baseline|0      |1  |32  |32  |     |Y
01     |SCORE  |Week 4  |2      |29 |36  |40  |-4   |Y
01     |SCORE  |Week 4  |2      |33 |1   |40  |-39  |
02     |SCORE  |Week 4  |2      |29 |25  |30  |-5   |Y
03     |SCORE  |Week 4  |2      |29 |44  |44  |0    |Y
04     |SCORE  |Week 4  |2      |29 |35  |36  |-1   |Y
05     |SCORE  |Week 4  |2      |29 |42  |40  |2    |Y
07     |SCORE  |Week 4  |2      |29 |31  |32  |-1   |Y
04     |SCORE  |Week 8  |3      |57 |37  |36  |1    |Y
""",
    )
    received = literal(
        """
DATASET|FILE    |ROWS|PARTICIPANTS|LATEST    |SHA256                          |VERDICT
dm     |dm.xpt  |10  |10          |2024-04-30|0123456789abcdef0123456789abcdef|read
ae     |ae.xpt  |11  |7           |2024-04-20|fedcba9876543210fedcba9876543210|read
       |plan.pdf|    |            |          |aaaabbbbccccddddaaaabbbbccccdddd|not read: no dataset
"""
    )
    audit = literal(
        """
DATASET|RULE                                 |BEFORE|AFTER|REMOVED|MODIFIED
dm     |records of participants who were in  |12    |10   |2      |0
ae     |records dated by the cut-off (AESTDTC)|13   |11   |2      |1
"""
    )
    return Cut(adsl, adae, adlb, advs, adeg, adpc, adeff, received, audit)


def _cut_before() -> Cut:
    adsl = participants(
        "2024-03-01",
        """
USUBJID|TRT01P |TRT01A |RANDFL|SAFFL|SCRFFL|EFFFL|PKFL|AGE|SEX|WEIGHTBL|TRTSDT    |TRTEDT    |TRTDURD|DOSEN|DOSETOT
01     |Placebo|Placebo|Y     |Y    |N     |Y    |N   |40 |F  |60.5    |2022-01-10|2023-01-10|366    |2    |0
02     |Placebo|Placebo|Y     |Y    |N     |Y    |N   |50 |M  |        |2024-01-10|2024-01-10|1      |1    |0
03     |Placebo|Placebo|Y     |Y    |N     |Y    |N   |60 |U  |70.5    |2022-01-10|2023-01-20|376    |2    |0
04     |10 mg  |10 mg  |Y     |Y    |N     |Y    |Y   |45 |M  |80      |2022-01-10|2023-01-10|366    |2    |20
05     |10 mg  |10 mg  |Y     |Y    |N     |Y    |Y   |55 |F  |90      |2022-01-10|2022-07-28|200    |2    |20
06     |10 mg  |10 mg  |Y     |Y    |N     |N    |N   |70 |   |        |2024-02-20|2024-02-20|1      |1    |10
08     |       |       |N     |N    |N     |N    |N   |65 |M  |        |          |          |       |     |
09     |       |       |N     |N    |Y     |N    |N   |33 |F  |        |          |          |       |     |
""",
        """
USUBJID|EOSSTT      |DCSREAS          |EOSDT     |DTHFL|DTHDTC    |DTHDY|DTHCAUS
01     |ONGOING     |                 |          |N    |          |     |
02     |ONGOING     |                 |          |N    |          |     |
03     |ONGOING     |                 |          |N    |          |     |
04     |ONGOING     |                 |          |N    |          |     |
05     |DISCONTINUED|LOST TO FOLLOW-UP|2022-11-01|N    |          |     |
06     |ONGOING     |                 |          |N    |          |     |
08     |""          |                 |          |N    |          |     |
09     |""          |                 |          |Y    |2024-02-01|     |Unknown
""",
    )
    adae = events(
        adsl,
        """
USUBJID|AESEQ|AETERM      |AEDECOD            |AEBODSYS                |AESEV   |AESER|AESDTH|AESHOSP|AEREL
01     |1    |headache    |HEADACHE           |NERVOUS SYSTEM DISORDERS|MILD    |Y    |N     |Y      |NOT RELATED
03     |1    |fell        |FALL               |INJURIES                |MILD    |Y    |N     |Y      |NOT RELATED
04     |1    |bad headache|HEADACHE           |NERVOUS SYSTEM DISORDERS|MODERATE|N    |N     |N      |RELATED
04     |2    |sick        |NAUSEA             |GUT DISORDERS           |MILD    |N    |N     |N      |NOT RELATED
05     |1    |sore leg    |INJECTION SITE PAIN|GENERAL DISORDERS       |MODERATE|N    |N     |N      |RELATED
05     |2    |very sick   |NAUSEA             |GUT DISORDERS           |SEVERE  |Y    |N     |Y      |NOT RELATED
06     |1    |spots       |RASH               |SKIN DISORDERS          |        |N    |N     |N      |
""",
        """
USUBJID|AESEQ|AREL|AEACN|AEOUT        |FATALFL|AEINJ|AESTDTC   |ASTDY|AEENDTC   |AENDY|TRTEMFL|TEAE0|TEAEALL
01     |1    |N   |     |RECOVERED    |N      |N    |2022-01-12|3    |2022-01-13|4    |Y      |Y    |Y
03     |1    |N   |     |RECOVERED    |N      |N    |2022-03-01|51   |2022-03-02|52   |Y      |Y    |Y
04     |1    |Y   |     |RECOVERED    |N      |N    |2022-01-14|5    |2022-01-20|11   |Y      |Y    |Y
04     |2    |N   |     |RECOVERED    |N      |N    |2022-01-02|-8   |2022-01-03|-7   |N      |N    |N
05     |1    |Y   |     |NOT RECOVERED|N      |Y    |2022-07-28|200  |          |     |Y      |Y    |Y
05     |2    |N   |     |NOT RECOVERED|N      |N    |2022-10-01|265  |          |     |N      |N    |Y
06     |1    |N   |     |             |N      |N    |          |     |          |     |Y      |Y    |Y
""",
        """
USUBJID|AESEQ|TRTEMRULE
01     |1    |Began on or after the first dose
03     |1    |Began on or after the first dose
04     |1    |Began on or after the first dose
04     |2    |Began before the first dose
05     |1    |Began on or after the first dose
05     |2    |Began more than 28 days after the last dose
06     |1    |Start date missing
""",
    )
    adlb = findings(
        adsl,
        "lb",
        _LAB,
        """
USUBJID|PARAMCD        |AVISIT  |AVISITN|ADY|AVAL|BASE|CHG|ANL01FL
01     |chemistry-ALT  |Baseline|0      |1  |20  |20  |   |Y
02     |chemistry-ALT  |Baseline|0      |1  |30  |30  |   |Y
03     |chemistry-ALT  |Baseline|0      |1  |25  |25  |   |Y
04     |chemistry-ALT  |Baseline|0      |1  |22  |22  |   |Y
05     |chemistry-ALT  |Baseline|0      |1  |28  |28  |   |Y
06     |chemistry-ALT  |Baseline|0      |1  |30  |30  |   |Y
01     |chemistry-ALT  |Week 2  |1      |15 |24  |20  |4  |Y
02     |chemistry-ALT  |Week 2  |1      |15 |32  |30  |2  |Y
04     |chemistry-ALT  |Week 2  |1      |15 |30  |22  |8  |Y
05     |chemistry-ALT  |Week 2  |1      |15 |38  |28  |10 |Y
01     |chemistry-CREAT|Baseline|0      |1  |80  |80  |   |Y
04     |chemistry-CREAT|Baseline|0      |1  |90  |90  |   |Y
01     |chemistry-CREAT|Week 2  |1      |15 |82  |80  |2  |Y
""",
    )
    advs = findings(
        adsl,
        "vs",
        _VITALS,
        """
USUBJID|PARAMCD     |AVISIT  |AVISITN|ADY|AVAL|BASE|CHG|ANL01FL
01     |vitals-PULSE|Baseline|0      |1  |70  |70  |   |Y
02     |vitals-PULSE|Baseline|0      |1  |66  |66  |   |Y
04     |vitals-PULSE|Baseline|0      |1  |72  |72  |   |Y
01     |vitals-PULSE|Week 2  |1      |15 |74  |70  |4  |Y
05     |vitals-PULSE|Week 2  |1      |15 |80  |    |   |Y
""",
    )
    adeg = findings(
        adsl,
        "eg",
        _ECG,
        """
USUBJID|PARAMCD |AVISIT  |AVISITN|ADY|AVAL|BASE|CHG|ANL01FL
01     |ecg-QTCF|Baseline|0      |1  |400 |400 |   |Y
""",
    )
    adpc = concentrations(
        adsl,
        """
USUBJID|KEY    |VISIT|VISITNUM|NOMTIME|ATIME|DEVMIN|DOSEOCC|AVALC|AVAL|BLQFL|AVALD
01     |pc/01/1|DAY 1|2       |0      |0    |0     |1      |<1   |    |Y    |0
01     |pc/01/2|DAY 1|2       |1      |1    |0     |1      |<1   |    |Y    |
04     |pc/04/1|DAY 1|2       |0      |-0.25|-15   |1      |<1   |    |Y    |0
04     |pc/04/2|DAY 1|2       |1      |1.1  |6     |1      |10   |10  |N    |10
04     |pc/04/3|DAY 1|2       |4      |4    |0     |1      |4    |4   |N    |4
05     |pc/05/1|DAY 1|2       |0      |-0.5 |-30   |1      |<1   |    |Y    |0
05     |pc/05/2|DAY 1|2       |1      |1    |0     |1      |30   |30  |N    |30
05     |pc/05/3|DAY 1|2       |4      |4.25 |15    |1      |9    |9   |N    |9
""",
    )
    adeff = findings(
        adsl,
        "qs",
        _ENDPOINTS,
        """
USUBJID|PARAMCD|AVISIT  |AVISITN|ADY|AVAL|BASE|CHG  |ANL01FL
01     |SOD1   |Baseline|0      |1  |16  |16  |     |Y
02     |SOD1   |Baseline|0      |1  |8   |8   |     |Y
03     |SOD1   |Baseline|0      |1  |32  |32  |     |Y
04     |SOD1   |Baseline|0      |1  |16  |16  |     |Y
05     |SOD1   |Baseline|0      |1  |32  |32  |     |Y
01     |SOD1   |Week 4  |2      |29 |32  |16  |2    |Y
02     |SOD1   |Week 4  |2      |29 |8   |8   |1    |Y
03     |SOD1   |Week 4  |2      |29 |16  |32  |0.5  |Y
04     |SOD1   |Week 4  |2      |28 |8   |16  |0.5  |Y
05     |SOD1   |Week 4  |2      |29 |8   |32  |0.25 |Y
01     |SCORE  |Baseline|0      |1  |40  |40  |     |Y
02     |SCORE  |Baseline|0      |1  |30  |30  |     |Y
03     |SCORE  |Baseline|0      |1  |44  |44  |     |Y
04     |SCORE  |Baseline|0      |1  |36  |36  |     |Y
05     |SCORE  |Baseline|0      |1  |40  |40  |     |Y
01     |SCORE  |Week 4  |2      |29 |36  |40  |-4   |Y
02     |SCORE  |Week 4  |2      |29 |25  |30  |-5   |Y
03     |SCORE  |Week 4  |2      |29 |41  |44  |-3   |Y
04     |SCORE  |Week 4  |2      |29 |35  |36  |-1   |Y
05     |SCORE  |Week 4  |2      |29 |42  |40  |2    |Y
""",
    )
    received = literal(
        """
DATASET|FILE    |ROWS|PARTICIPANTS|LATEST    |SHA256                          |VERDICT
dm     |dm.xpt  |8   |8           |2024-02-28|99999999999999999999999999999999|read
ae     |ae.xpt  |12  |7           |2024-02-20|88888888888888888888888888888888|read
"""
    )
    audit = literal(
        """
DATASET|RULE                                 |BEFORE|AFTER|REMOVED|MODIFIED
dm     |records of participants who were in  |12    |8    |4      |0
ae     |records dated by the cut-off (AESTDTC)|12   |7    |5      |1
"""
    )
    return Cut(adsl, adae, adlb, advs, adeg, adpc, adeff, received, audit)


def trial() -> Trial:
    """Return the trial at its second cut."""
    return Trial(
        study=STUDY,
        now=_cut_now(),
        before=_cut_before(),
        issues=issue_table(
            [
                Issue("ae", "AESTDTC", 8, "ae/06/1", "no date of onset", 2, "No date of onset", "kept", 1, 1),
                Issue("dm", "", None, "", "two participants have the same number"),
            ]
        ),
        removed=literal(
            """
DATASET|KEY    |ROW|VARIABLE|VALUE     |REASON
dm     |dm/11  |11 |RFSTDTC |2024-05-20|entered after the cut-off
ae     |ae/01/3|3  |AESTDTC |2024-05-03|dated after the cut-off
"""
        ),
        modified=literal(
            """
DATASET|KEY    |ROW|VARIABLE|OLD       |NEW          |REASON
ae     |ae/05/1|6  |AEENDTC |2024-05-10|             |ended after the cut-off
ae     |ae/05/1|6  |AEOUT   |RECOVERED |NOT RECOVERED|ended after the cut-off
ae     |ae/05/1|6  |AEENDY  |852       |             |ended after the cut-off
"""
        ),
        kept=literal(
            """
DATASET|KEY    |ROW|VARIABLE|VALUE  |REASON
ae     |ae/06/1|8  |AESTDTC |       |no date
ae     |ae/04/2|5  |AESTDTC |2024-05|the month of the cut-off
"""
        ),
        past=literal(
            """
DATASET|KEY    |CHANGE |VARIABLE|OLD     |NEW   |RULE                                                   |USUBJID
ae     |ae/02/1|new    |""      |""      |""    |dated before the previous cut-off, not seen then       |02
ae     |ae/04/1|changed|AESEV   |MODERATE|SEVERE|altered                                                |04
ae     |ae/04/1|changed|AESER   |N       |Y     |altered                                                |04
pc     |pc/05/2|changed|PCSTRESN|30      |40    |altered                                                |05
ae     |ae/03/1|removed|""      |""      |""    |withdrawn: in the previous cut, and no longer delivered|03
""",
            """
DATASET|KEY    |TOPIC         |VISIT|TURN
ae     |ae/02/1|CARDIAC ARREST|""   |""
ae     |ae/04/1|HEADACHE      |""   |""
ae     |ae/04/1|HEADACHE      |""   |""
pc     |pc/05/2|X             |DAY 1|""
ae     |ae/03/1|FALL          |""   |""
""",
        ),
    )

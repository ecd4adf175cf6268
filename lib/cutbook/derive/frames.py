"""The derived datasets of one data cut, each derived when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import pandas as pd

from cutbook.data.checks.dosing.given import administrations
from cutbook.dates import study_day
from cutbook.derive.concentrations.adpc import derive_adpc
from cutbook.derive.concentrations.profiles import derive_profiles, doses_of_profiles
from cutbook.derive.endpoints.adeff import derive_adeff
from cutbook.derive.events.adae import derive_adae
from cutbook.derive.events.anchors import procedures, with_anchors, without_occasions
from cutbook.derive.events.medication import medication, of_participants
from cutbook.derive.grading.grades import derive_grades, worst_grades
from cutbook.derive.grading.levels import derive_levels
from cutbook.derive.grading.liver import derive_liver
from cutbook.derive.measurements.adfindings import COLUMNS, derive_findings
from cutbook.derive.measurements.antibodies import derive_antibodies
from cutbook.derive.participants.adsl import derive_adsl
from cutbook.derive.records import Datasets, look_up
from cutbook.parameters.study import Findings, Study

_PARTS = {"adsl": ("dm", "ds", "ex", "suppdm"), "adae": ("ae", "suppae")}
"""What a delivered analysis dataset stands for."""


class Frames:
    """The derived datasets of a cut.

    Parameters
    ----------
    datasets : mapping of str to frame
        The staged datasets.
    study : Study
        The study file.
    cutoff : str
        Cut-off date, ISO 8601.
    staged : mapping of str to frame
        Tables about the data beside them, as `cutbook.data.staging.staged.StagedCut` has them: received, issues, audit,
        removed, modified, kept, past.
    is_verified : bool
        The transfer came with a manifest.

    Attributes
    ----------
    adsl, adae, adpc, adeff : frame
        As `derive_adsl`, `derive_adae`, `derive_adpc` and `derive_adeff` return them.
    adlb, advs, adeg : frame
        The families of findings that the study file draws from LB, VS and EG, one below the other, as
        `derive_findings` returns them; PARAMCD and PARAM carry the family before them (``csf-WBC``), because cells in
        blood and in cerebrospinal fluid share a code. Without rows when the dataset was not delivered.
    grades, worst_grades, levels, liver : frame
        What criteria say of ``adlb``, as `derive_grades`, `worst_grades`, `derive_levels` and `derive_liver` return it.
    """

    def __init__(
        self,
        datasets: Datasets,
        study: Study,
        cutoff: str,
        *,
        staged: Mapping[str, pd.DataFrame] | None = None,
        is_verified: bool = True,
    ) -> None:
        self._datasets, self._study, self._cutoff = datasets, study, cutoff
        self.staged = staged or {}
        self.is_verified = is_verified
        self._made: dict[str, pd.DataFrame] = {}

    @property
    def datasets(self) -> Datasets:
        """The staged datasets."""
        return self._datasets

    def of(self, datasets: Datasets, study: Study) -> Frames:
        """Return what other datasets of the same cut, by a study file that asks for less, derive to."""
        return Frames(datasets, study, self._cutoff, staged=self.staged, is_verified=self.is_verified)

    @cached_property
    def delivered(self) -> frozenset[str]:
        """Datasets that came, whether with records or without, by their names in SDTM."""
        came = {name.removeprefix("ad") for name in self._datasets if name.startswith("ad")}
        return frozenset(self._datasets).union(came, *map(self._parts, self._datasets))

    def _parts(self, name: str) -> tuple[str, ...]:
        """Return what a delivered dataset stands for: ADSL for its characteristics too, ADEFF for the endpoints."""
        within = _PARTS.get(name, ())
        if name == "adsl":
            within += tuple(item.dataset for item in self._study.characteristics)
        if name == "adeff":
            within += tuple(item.dataset.removeprefix("ad") for item in self._study.endpoints)
        return within

    def is_delivered(self, dataset: str) -> bool:
        """Return whether a dataset came, or the analysis dataset that is made of it."""
        return dataset in self.delivered

    def is_withheld(self, dataset: str, *, in_part: bool = False) -> bool:
        """Return whether blinded reports see nothing of a dataset; ``in_part``: or not all of its variables."""
        rules = self._study.sources.restricted if self._study.is_masked else None
        is_partly = rules is not None and in_part and dataset in rules.variables
        return is_partly or self._study.withholds(dataset)

    def has_records(self, dataset: str) -> bool:
        """Return whether the records of a dataset came themselves: an analysis dataset made of it tells less."""
        return dataset in self.recorded

    @cached_property
    def recorded(self) -> frozenset[str]:
        """Names of the datasets that came."""
        return frozenset(self._datasets)

    def received(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the datasets among names of sources that came, analysis datasets by the one that they are made of.

        Examples
        --------
        >>> lean = Frames({"dm": pd.DataFrame(), "lb": pd.DataFrame()}, None, "2026-01-01")
        >>> lean.received(["DM", "DS", "ADSL", "ADAE", "LB", "cut audit"])
        ('DM', 'ADSL', 'LB', 'cut audit')
        """
        return tuple(dict.fromkeys(self._called(name) for name in names if self._came(name)))

    def _came(self, name: str) -> bool:
        if not name.isupper() or name == "ADSL":
            return True
        if name == "ADEFF":
            return any(self.is_delivered(item.dataset.removeprefix("ad")) for item in self._study.endpoints)
        return self.is_delivered(name.removeprefix("AD").lower())

    def _called(self, name: str) -> str:
        """Return a dataset under the name under which it came."""
        if not name.isupper() or name.lower() in self._datasets or f"ad{name.lower()}" not in self._datasets:
            return "ADSL" if "adsl" in self._datasets and name.lower() in self._parts("adsl") else name
        return f"AD{name}"

    @cached_property
    def adsl(self) -> pd.DataFrame:
        """Participants."""
        return derive_adsl(self._datasets, self._study, self._cutoff)

    @cached_property
    def adae(self) -> pd.DataFrame:
        """Adverse events, each with the dose and the procedure that it came after."""
        events = derive_adae(self._datasets, self.adsl, self._study)
        return with_anchors(events, self.doses.rename(columns={"DOSEOCC": "OCC"}), self.procedures)

    @cached_property
    def adpc(self) -> pd.DataFrame:
        """Concentrations."""
        return derive_adpc(self._datasets, self.adsl, self._study)

    @cached_property
    def adeff(self) -> pd.DataFrame:
        """Endpoints by visit."""
        return derive_adeff(self._datasets, self.adsl, self._study)

    @cached_property
    def adlb(self) -> pd.DataFrame:
        """Laboratory results by visit."""
        return self._families("lb")

    @cached_property
    def advs(self) -> pd.DataFrame:
        """Vital signs by visit."""
        return self._families("vs")

    @cached_property
    def adeg(self) -> pd.DataFrame:
        """Electrocardiograms by visit."""
        return self._families("eg")

    @cached_property
    def grades(self) -> pd.DataFrame:
        """CTCAE grades of laboratory results."""
        return derive_grades(self.adlb, self._study)

    @cached_property
    def worst_grades(self) -> pd.DataFrame:
        """Baseline and worst grade of every participant."""
        return worst_grades(self.grades)

    @cached_property
    def levels(self) -> pd.DataFrame:
        """Levels of laboratory results by the FDA's guide."""
        return derive_levels(self.adlb, self.adsl, self._study)

    @cached_property
    def liver(self) -> pd.DataFrame:
        """Highest liver tests, quadrants and potential cases of Hy's law by participant."""
        return derive_liver(self.adlb, self._study)

    @cached_property
    def doses(self) -> pd.DataFrame:
        """Doses in order of time: USUBJID, DOSEOCC, ADY, ADT, ADTM; without rows where their records are not there."""
        if "ex" not in self._datasets:
            return without_occasions("DOSEOCC")
        given = self.administrations
        started = look_up(given["USUBJID"], self.adsl.set_index("USUBJID")["TRTSDT"])
        named = given.rename(columns={"STARTDT": "ADT", "STARTDTM": "ADTM"})
        return named.assign(ADY=study_day(named["ADT"], started))[["USUBJID", "DOSEOCC", "ADY", "ADT", "ADTM"]]

    @cached_property
    def procedures(self) -> pd.DataFrame:
        """Procedures in order of time: USUBJID, OCC, ADY, ADT, ADTM; the doses where the study file names none."""
        procedure = self._study.procedure
        if procedure is None or procedure.dataset is None:
            return self.doses.rename(columns={"DOSEOCC": "OCC"})
        if procedure.dataset not in self._datasets:
            return without_occasions("OCC")
        return procedures(self._datasets, procedure, self.adsl)

    @cached_property
    def antibodies(self) -> pd.DataFrame:
        """Samples tested for antibodies against the drug, as `derive_antibodies` returns them."""
        return derive_antibodies(self._datasets, self.adsl, self._study)

    @cached_property
    def medication(self) -> pd.DataFrame:
        """Medicines, each with the dose and the procedure that it was begun after."""
        records = medication(self._datasets, self.adsl)
        return with_anchors(records, self.doses.rename(columns={"DOSEOCC": "OCC"}), self.procedures)

    def records(self, dataset: str) -> pd.DataFrame:
        """Return the records of a dataset as text, with the KEY of their participant."""
        return self.once(f"records {dataset}", lambda: of_participants(self._datasets, dataset, self.adsl))

    @cached_property
    def administrations(self) -> pd.DataFrame:
        """Doses with their amounts and times, as `administrations` returns them; none where EX did not come."""
        adsl = self.adsl.set_index("USUBJID")
        return administrations(self._datasets, adsl["DOSE01A"], self._study.treatment)

    @cached_property
    def profiles(self) -> pd.DataFrame:
        """Samples of profiles, as `derive_profiles` returns them."""
        return derive_profiles(self.adpc, self._study)

    @cached_property
    def profile_doses(self) -> pd.DataFrame:
        """Doses of profiles, as `doses_of_profiles` returns them."""
        return doses_of_profiles(self.profiles, self.administrations)

    def once(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return what a room above makes of these datasets under a name, made when it is first asked for."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def _families(self, dataset: str) -> pd.DataFrame:
        is_there = dataset in self._datasets or f"ad{dataset}" in self._datasets
        families = [item for item in self._study.findings if item.dataset == dataset and is_there]
        frames = [_of_family(derive_findings(self._datasets, self.adsl, item, self._study), item) for item in families]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))


def _of_family(bds: pd.DataFrame, family: Findings) -> pd.DataFrame:
    return bds.assign(PARAMCD=family.id + "-" + bds["PARAMCD"], PARAM=family.label + ": " + bds["PARAM"])

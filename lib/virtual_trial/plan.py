"""The calibrated plan: who gets which share of the numbers that the whole trial must show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .facts import fact, table
from .population import Participant
from .stream import Stream, normal_quantile, rounded

MISSING_ITEM_SLOT = "6-07"
PUNCTURE_TERMS = ("Headache", "Procedural pain", "Post lumbar puncture syndrome", "Back pain", "Nausea")


@dataclass(frozen=True)
class Share:
    """What the plan asks of one participant.

    Parameters
    ----------
    alsfrs_change : int
        Change of the ALSFRS-R total from day 1 to day 85.
    svc_change : float
        The same of slow vital capacity, points of % predicted.
    events : tuple of str
        Preferred terms that the participant must have.
    wbc_peak, protein_peak : float
        Highest CSF white cell count and protein; 0 asks for values that stay normal.
    pnfh_shift : float
        Shift of the logarithm of pNfH by day 85 that brings the arm's mean to its target.
    antibodies_from : float
        Visit number of the first sample with antidrug antibodies; 0 for none.
    """

    alsfrs_change: int = 0
    svc_change: float = 0.0
    events: tuple[str, ...] = ()
    wbc_peak: float = 0.0
    protein_peak: float = 0.0
    pnfh_shift: float = 0.0
    antibodies_from: float = 0.0


@dataclass
class _Draft:
    alsfrs: dict[str, int] = field(default_factory=dict)
    svc: dict[str, float] = field(default_factory=dict)
    events: dict[str, list[str]] = field(default_factory=dict)
    wbc: dict[str, float] = field(default_factory=dict)
    protein: dict[str, float] = field(default_factory=dict)
    pnfh: dict[str, float] = field(default_factory=dict)
    antibodies: dict[str, float] = field(default_factory=dict)


def shares(people: Sequence[Participant]) -> dict[str, Share]:
    """Share of every randomised participant of one copy of the trial, by slot."""
    randomised = [person for person in people if person.is_randomised]
    draws = Stream(f"{fact('study.seed')}|{randomised[0].copy}|plan")
    draft = _Draft(events={person.slot: [] for person in randomised})
    for column, arm in enumerate(fact("arms")):
        members = [person for person in randomised if person.arm == arm["code"]]
        _plan_function(draft, draws, arm["code"], members)
        _plan_events(draft, draws, column, members)
        _plan_pnfh(draft, members)
    _plan_background(draft, draws, randomised)
    _plan_csf(draft, draws, randomised)
    _plan_antibodies(draft, draws, randomised)
    return {
        slot: Share(
            alsfrs_change=draft.alsfrs[slot],
            svc_change=draft.svc[slot],
            events=tuple(draft.events[slot]),
            wbc_peak=draft.wbc.get(slot, 0.0),
            protein_peak=draft.protein.get(slot, 0.0),
            pnfh_shift=draft.pnfh[slot],
            antibodies_from=draft.antibodies.get(slot, 0.0),
        )
        for slot in draft.events
    }


def _plan_function(draft: _Draft, draws: Stream, arm: str, members: list[Participant]) -> None:
    severity = {p.slot: _severity(draws, p) for p in members}
    worst_first = sorted(members, key=lambda p: severity[p.slot])
    total, count, spread = fact("alsfrs.day_85_change")[arm]
    counted = [p for p in worst_first if not _misses_day_85(p) and not _misses_item(p)]
    if len(counted) != count:
        raise ValueError(f"{arm}: {len(counted)} participants for a sum over {count}")
    draft.alsfrs.update(_whole_changes([p.slot for p in counted], total, spread))
    for person in worst_first:
        draft.alsfrs.setdefault(person.slot, -15 if person.role == "death" else -3)
    mean, spread = fact("svc.day_85_change")[arm]
    drawn = {}
    for rank, person in enumerate(worst_first):
        score = normal_quantile((rank + 0.5) / len(members))
        drawn[person.slot] = spread * (0.85 * score + 0.5 * draws.normal(f"svc.{person.slot}"))
    shift = mean - sum(drawn[p.slot] for p in worst_first if not _misses_day_85(p)) / len(drawn)
    draft.svc.update({slot: value + shift for slot, value in drawn.items()})


def _misses_day_85(person: Participant) -> bool:
    return person.role == "withdrawal" or (person.role == "death" and person.arm == "PBO")


def _misses_item(person: Participant) -> bool:
    return person.slot == MISSING_ITEM_SLOT


def _severity(draws: Stream, person: Participant) -> float:
    dying = -4.0 if person.role == "death" and person.arm != "TOF60" else 0.0
    return dying + draws.normal(f"decline.{person.slot}") - (1.3 if person.traits.is_fast else 0.0)


def _whole_changes(slots: list[str], total: int, spread: float) -> dict[str, int]:
    """Whole changes with this sum and about this SD, the worst first; nobody improves by more than 1."""
    mean = total / len(slots)
    wanted = [min(mean + spread * normal_quantile((k + 0.5) / len(slots)), 1.0) for k in range(len(slots))]
    whole = [int(rounded(value)) for value in wanted]
    while sum(whole) != total:
        step = 1 if sum(whole) < total else -1
        gaps = [(step * (wanted[k] - whole[k]), -k) for k in range(len(slots))]
        whole[-max(gaps)[1]] += step
    return dict(zip(slots, whole, strict=True))


def _plan_events(draft: _Draft, draws: Stream, column: int, members: list[Participant]) -> None:
    counts = {**fact("ae.published_counts"), **fact("ae.assumed_counts")}
    code = fact("arms")[column]["code"]
    slots = draws.shuffled(f"puncture.{code}", [p.slot for p in members])[: fact("ae.puncture_related")[column]]
    dealt = 0
    for term in PUNCTURE_TERMS:
        for _ in range(counts[term][column]):
            draft.events[slots[dealt % len(slots)]].append(term)
            dealt += 1
    for term, row in counts.items():
        if term not in PUNCTURE_TERMS:
            for slot in draws.shuffled(f"{term}.{code}", [p.slot for p in members])[: row[column]]:
                draft.events[slot].append(term)


def _plan_background(draft: _Draft, draws: Stream, people: list[Participant]) -> None:
    """Deal the further events in turn, so that every term is spread evenly over the arms."""
    rows = [row for row in table("terms.csv") if float(row["weight"]) > 0]
    weight = sum(float(row["weight"]) for row in rows)
    seats = _seats(draws, people)
    wanted = fact("ae.background_per_participant") * len(people)
    seat = 0
    for row in draws.shuffled("background", rows):
        dealt: set[str] = set()
        for _ in range(max(1, int(rounded(wanted * float(row["weight"]) / weight)))):
            while seats[seat % len(seats)] in dealt:
                seat += 1
            slot = seats[seat % len(seats)]
            dealt.add(slot)
            draft.events[slot].append(row["term"])
            seat += 1


def _seats(draws: Stream, people: list[Participant]) -> list[str]:
    """Slots in the order of dealing: arms mixed evenly, some people more often than others, everybody at least once."""
    queue: list[tuple[float, str]] = []
    for arm in fact("arms"):
        members = [p.slot for p in draws.shuffled(f"seats.{arm['code']}", people) if p.arm == arm["code"]]
        queue += [((k + 0.5) / len(members), slot) for k, slot in enumerate(members)]
    order = [slot for _, slot in sorted(queue)]
    early = {p.slot for p in people if p.role == "death" and p.arm == "PBO"}
    often = {slot: 1 if slot in early else draws.whole(f"often.{slot}", 2, 8) for slot in order}
    return [slot for turn in range(8) for slot in order if often[slot] > turn]


def _plan_csf(draft: _Draft, draws: Stream, people: list[Participant]) -> None:
    ready = [p for p in people if not p.role]
    arm = {
        code: [p.slot for p in draws.shuffled(f"csf.{code}", ready) if p.arm == code]
        for code in ("PBO", "TOF20", "TOF40", "TOF60", "TOF100")
    }
    serious = next(p.slot for p in people if p.role == "csf_serious")
    wbc, protein = fact("csf.wbc_event_peaks"), fact("csf.protein_event_peaks")
    cells = [serious, *arm["TOF60"][:2], arm["TOF100"][0]]
    proteins = [serious, arm["TOF60"][0], *arm["TOF60"][2:4], arm["TOF100"][0], arm["PBO"][0]]
    for slot, peak in zip(cells, wbc, strict=True):
        draft.wbc[slot] = peak
        draft.events[slot].append("CSF white blood cell count increased")
    for slot, peak in zip(proteins, protein, strict=True):
        draft.protein[slot] = peak
        draft.events[slot].append("CSF protein increased")
    silent = [arm["TOF100"][1], arm["TOF40"][0], arm["TOF40"][1], arm["TOF100"][2], arm["TOF20"][0]]
    draft.wbc.update(zip(silent, fact("csf.wbc_silent_peaks"), strict=True))
    _raise_protein(draft, draws, people)


def _raise_protein(draft: _Draft, draws: Stream, people: list[Participant]) -> None:
    for kind, share in fact("csf.protein_above_limit").items():
        group = [p for p in people if p.is_active == (kind == "active")]
        wanted = int(rounded(share * len(group))) - sum(p.slot in draft.protein for p in group)
        free = [p.slot for p in draws.shuffled(f"protein.{kind}", group) if p.slot not in draft.protein and not p.role]
        for slot in free[:wanted]:
            draft.protein[slot] = 46.0 + rounded(12 * draws.uniform(f"peak.{slot}"))


def _plan_pnfh(draft: _Draft, members: list[Participant]) -> None:
    """Undo what chance does to an arm's mean change of plasma pNfH at day 85."""
    settings, noise = fact("pnfh.plasma"), 0.0
    counted = [p for p in members if not _misses_day_85(p)]
    for person in counted:
        first, last = (person.stream.normal(f"nf.PLASMA.{number}") for number in (3.0, 11.0))
        noise += settings["course"] * person.stream.normal("nf.course") + settings["retest"] * (last - first)
    draft.pnfh.update({person.slot: -noise / len(counted) for person in members})


def _plan_antibodies(draft: _Draft, draws: Stream, people: list[Participant]) -> None:
    counts = dict(fact("antibodies"))
    before = counts.pop("before_treatment")
    ready = [p for p in draws.shuffled("antibodies", people) if not p.role]
    for arm, count in counts.items():
        for slot in [p.slot for p in ready if p.arm == arm][:count]:
            draft.antibodies[slot] = draws.pick(f"antibodies.{slot}", (11.0, 15.0, 17.0))
    draft.antibodies[next(p.slot for p in ready if p.arm == before)] = 3.0

"""Serious adverse events that the plan tells one by one."""

from __future__ import annotations

from dataclasses import dataclass

from .facts import fact


@dataclass(frozen=True, slots=True)
class Story:
    """One serious event. Days are study days; ``delay`` is the number of days until it is reported."""

    term: str
    words: str
    first_day: int
    last_day: int
    severity: str
    criteria: tuple[str, ...]
    delay: int = 1

    @property
    def is_late(self) -> bool:
        """Whether the report came so late that it tells the end of the event with its onset."""
        return self.delay > 3

    def reported(self, day1: int, start: int) -> int:
        """Ordinal of the day of the report: after the death when it was reported late, else after the onset."""
        return (day1 + self.last_day - 1 if self.is_late else start) + self.delay


_STORIES = {
    "pneumonia": (Story("Pneumonia aspiration", "ASPIRATION PNEUMONIA", 98, 112, "SEVERE", ("AESHOSP",)),),
    "fracture": (Story("Femur fracture", "FRACTURE OF RIGHT FEMUR AFTER FALL", 119, 161, "SEVERE", ("AESHOSP",), 2),),
    "thrombosis": (Story("Deep vein thrombosis", "DVT LEFT LEG", 74, 131, "MODERATE", ("AESHOSP", "AESMIE"), 2),),
    "csf_serious": (
        Story(
            "CSF white blood cell count increased",
            "CSF PLEOCYTOSIS",
            71,
            127,
            "MODERATE",
            ("AESHOSP", "AESMIE"),
        ),
        Story("CSF protein increased", "ELEVATED CSF PROTEIN", 71, 148, "MODERATE", ("AESMIE",)),
    ),
}


def stories(role: str, arm: str) -> tuple[Story, ...]:
    """Serious events of a participant with this role; a death takes its days and cause from the published facts."""
    if role != "death":
        return _STORIES.get(role, ())
    index = fact("deaths.arms").index(arm)
    day, cause = int(fact("deaths.study_days")[index]), str(fact("deaths.causes")[index])
    delay = 6 if is_told_late(day) else 2
    return (Story(cause.capitalize(), cause, day - 5, day, "SEVERE", ("AESDTH", "AESHOSP", "AESLIFE"), delay),)


def is_told_late(study_day: float) -> bool:
    """Whether a death is told late, whatever the arm: before the last dose the site learns of it at the next visit."""
    return study_day < float(fact("dose_days")[-1])

"""What a person may decide about a mail in the outbox: try it again, keep it back, or note that it came back."""

from __future__ import annotations

from typing import Any, Literal

from cutbook.deliver.outbox import Mail, Outbox, State
from cutbook.errors import Fault, ParameterError

Decision = Literal["retry", "hold", "mark-bounced"]

_FROM: dict[Decision, tuple[State, ...]] = {
    "retry": ("pending", "unknown", "held", "refused", "bounced"),
    "hold": ("pending", "unknown", "refused"),
    "mark-bounced": ("accepted", "unknown"),
}
_TO: dict[Decision, State] = {"retry": "pending", "hold": "held", "mark-bounced": "bounced"}


def decide(outbox: Outbox, decision: Decision, numbers: tuple[int, ...], now: str, who: str) -> list[Mail]:
    """Return the mails after a decision about them; all or none are changed.

    Parameters
    ----------
    outbox : Outbox
        Where they are; the caller holds its lock.
    decision : str
        ``retry``, ``hold`` or ``mark-bounced``.
    numbers : tuple of int
        Their numbers.
    now : str
        Time in UTC.
    who : str
        Account of the person.

    Raises
    ------
    ParameterError
        There is no such mail, or its state does not allow the decision; all faults.
    """
    found = {number: outbox.get(number) for number in numbers}
    faults = [fault for number, mail in found.items() for fault in _faults(number, mail, decision)]
    if faults:
        raise ParameterError(faults)
    values: dict[str, Any] = {"state": _TO[decision], "reason": f"{decision} by {who}", "changed": now}
    if decision == "retry":
        values["next_attempt"] = now
    return [outbox.change(mail, **values) for mail in found.values() if mail]


def _faults(number: int, mail: Mail | None, decision: Decision) -> list[Fault]:
    expected = f"one that is {', '.join(_FROM[decision])}"
    if mail is None:
        return [Fault("outbox", f"no mail {number}", expected, "see cutbook outbox list")]
    if mail.state in _FROM[decision] and mail.message_sha256:
        return []
    return [Fault("outbox", f"mail {number} {mail.state}", expected, "see cutbook outbox list")]

"""Mails without results: the heartbeat, and to operators that something failed."""

from __future__ import annotations

from datetime import date

from cutbook.deliver.dispatch import Dispatch
from cutbook.deliver.message.digest import environment
from cutbook.deliver.message.mail import Letter, message_bytes
from cutbook.deliver.outbox import Mail
from cutbook.deliver.roles import heartbeat_readers, operators
from cutbook.published.hashes import sha256_bytes

_CAUSES = {
    2: "a parameter file is wrong",
    3: "the transfer cannot be used as it is",
    4: "the class of the reports or the role of a reader forbids it",
    5: "a report could not be rendered or did not pass its checks",
    6: "the reports could not be put in their place",
    7: "mails were not accepted by the server, or it is not known whether they were",
    75: "another run is at work",
}


def queue_heartbeat(dispatch: Dispatch) -> int:
    """Return how many mails were queued that say that there is nothing new: at most one a person and period."""
    period = _period(dispatch)
    if not period or _has_news(dispatch, period):
        return 0
    lines = [
        f"Nothing new in {dispatch.study}: no transfer waits and every published set was announced.",
        f"Looked at on {dispatch.now()}.",
        _waiting(dispatch),
    ]
    subject = f"[Cutbook] {dispatch.study} · nothing new"
    return _queue(
        dispatch, "heartbeat", ("", period), heartbeat_readers(dispatch.recipients, dispatch.today), (subject, lines)
    )


def queue_failure(dispatch: Dispatch, cut: str, exit_code: int, run: str = "") -> int:
    """Return how many operators are told that something failed, once a day and cause; no data are told.

    Parameters
    ----------
    dispatch : Dispatch
        Whose mails they are.
    cut : str
        The cut it was about; empty for none.
    exit_code : int
        What went wrong, by the exit codes of the command line.
    run : str
        Folder of the outputs that keeps what is left of the run; empty for none.
    """
    about = f"{dispatch.study} cut {cut}" if cut else dispatch.study
    lines = [
        f"{about} failed with exit code {exit_code}: {_CAUSES.get(exit_code, 'an internal error')}.",
        "No reader was told. The reports that were published before are as they were.",
        f"Noticed on {dispatch.now()}.",
        f"Details: outputs/{run}/faults.log" if run else "Details: the ledger, the log of the schedule, cutbook check.",
    ]
    subject = f"[Cutbook] {dispatch.study}{f' · cut {cut}' if cut else ''} · FAILED, exit code {exit_code}"
    about_it = (cut, f"{dispatch.today} {exit_code}")
    return _queue(dispatch, "failure", about_it, operators(dispatch.recipients, dispatch.today), (subject, lines))


def _queue(
    dispatch: Dispatch, kind: str, about: tuple[str, str], readers: list[str], words: tuple[str, list[str]]
) -> int:
    cut, content = about
    subject, lines = words
    shown = [line for line in [*lines, f"Ledger: row hash {dispatch.head()}"] if line]
    html = environment().get_template("notice.html.j2").render(subject=subject, lines=shown)
    names = {item.address: item.name for item in dispatch.recipients.people}
    names |= {item.address: item.name for item in dispatch.recipients.operators}
    mails = []
    for address in readers:
        message_id = dispatch.message_id(kind, dispatch.study, cut, content, address.lower())
        letter = Letter(message_id, subject, "\n".join(shown) + "\n", html, kind, is_urgent=kind == "failure")
        message = message_bytes(dispatch, (names[address], address), letter, dispatch.now())
        mail = Mail(
            kind,
            dispatch.study,
            cut,
            "",
            0,
            content,
            address,
            message_id=message_id,
            message_sha256=sha256_bytes(message),
            next_attempt=dispatch.now(),
            queued=dispatch.now(),
            changed=dispatch.now(),
        )
        mails.append((mail, message))
    return dispatch.outbox.add(mails)


def _period(dispatch: Dispatch) -> str:
    """Return the day or week that one heartbeat stands for; empty when none is wanted."""
    if dispatch.recipients.heartbeat == "weekly":
        year, week, _ = date.fromisoformat(dispatch.today).isocalendar()
        return f"{year}-W{week:02d}"
    return dispatch.today if dispatch.recipients.heartbeat == "daily" else ""


def _has_news(dispatch: Dispatch, period: str) -> bool:
    """Return whether a report was announced today, which shows as well that the schedule lives."""
    reports = dispatch.outbox.find(kind="report", study=dispatch.study)
    return any(mail.queued[:10] == dispatch.today for mail in reports) and period == dispatch.today


def _waiting(dispatch: Dispatch) -> str:
    waiting = [mail for mail in dispatch.outbox.find(("pending", "unknown", "held"), study=dispatch.study)]
    if not waiting:
        return ""
    oldest = min(mail.queued for mail in waiting)
    return f"{len(waiting)} mails wait in the outbox, the oldest since {oldest}."

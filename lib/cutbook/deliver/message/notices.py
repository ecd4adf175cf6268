"""Mails without results: the heartbeat, and to operators that something failed."""

from __future__ import annotations

from datetime import date

from cutbook.deliver.message.announcement import sha256
from cutbook.deliver.message.digest import environment
from cutbook.deliver.message.mail import Letter, message_bytes
from cutbook.deliver.office import Office
from cutbook.deliver.outbox import Mail
from cutbook.deliver.roles import heartbeat_readers, operators

_CAUSES = {
    2: "a parameter file is wrong",
    3: "the transfer cannot be used as it is",
    4: "the class of the reports or the role of a reader forbids it",
    5: "a report could not be rendered or did not pass its checks",
    6: "the reports could not be put in their place",
    7: "mails were not accepted by the server, or it is not known whether they were",
    75: "another run is at work",
}


def queue_heartbeat(office: Office) -> int:
    """Return how many mails were queued that say that there is nothing new: at most one a person and period."""
    period = _period(office)
    if not period or _has_news(office, period):
        return 0
    lines = [
        f"Nothing new in {office.study}: no transfer waits and every published set was announced.",
        f"Looked at on {office.now()}.",
        _waiting(office),
    ]
    subject = f"[Cutbook] {office.study} · nothing new"
    return _queue(
        office, "heartbeat", ("", period), heartbeat_readers(office.recipients, office.today), (subject, lines)
    )


def queue_failure(office: Office, cut: str, exit_code: int, run: str = "") -> int:
    """Return how many operators are told that something failed, once a day and cause; no data are told.

    Parameters
    ----------
    office : Office
        Whose mails they are.
    cut : str
        The cut it was about; empty for none.
    exit_code : int
        What went wrong, by the exit codes of the command line.
    run : str
        Folder of the outputs that keeps what is left of the run; empty for none.
    """
    about = f"{office.study} cut {cut}" if cut else office.study
    lines = [
        f"{about} failed with exit code {exit_code}: {_CAUSES.get(exit_code, 'an internal error')}.",
        "No reader was told. The reports that were published before are as they were.",
        f"Noticed on {office.now()}.",
        f"Details: outputs/{run}/faults.log" if run else "Details: the ledger, the log of the schedule, cutbook check.",
    ]
    subject = f"[Cutbook] {office.study}{f' · cut {cut}' if cut else ''} · FAILED, exit code {exit_code}"
    about_it = (cut, f"{office.today} {exit_code}")
    return _queue(office, "failure", about_it, operators(office.recipients, office.today), (subject, lines))


def _queue(office: Office, kind: str, about: tuple[str, str], readers: list[str], words: tuple[str, list[str]]) -> int:
    cut, content = about
    subject, lines = words
    shown = [line for line in [*lines, f"Ledger: row hash {office.head()}"] if line]
    html = environment().get_template("notice.html.j2").render(subject=subject, lines=shown)
    names = {item.address: item.name for item in office.recipients.people}
    names |= {item.address: item.name for item in office.recipients.operators}
    mails = []
    for address in readers:
        message_id = office.message_id(kind, office.study, cut, content, address.lower())
        letter = Letter(message_id, subject, "\n".join(shown) + "\n", html, kind, is_urgent=kind == "failure")
        message = message_bytes(office, (names[address], address), letter, office.now())
        mail = Mail(
            kind,
            office.study,
            cut,
            "",
            0,
            content,
            address,
            message_id=message_id,
            message_sha256=sha256(message),
            next_attempt=office.now(),
            queued=office.now(),
            changed=office.now(),
        )
        mails.append((mail, message))
    return office.outbox.add(mails)


def _period(office: Office) -> str:
    """Return the day or week that one heartbeat stands for; empty when none is wanted."""
    if office.recipients.heartbeat == "weekly":
        year, week, _ = date.fromisoformat(office.today).isocalendar()
        return f"{year}-W{week:02d}"
    return office.today if office.recipients.heartbeat == "daily" else ""


def _has_news(office: Office, period: str) -> bool:
    """Return whether a report was announced today, which shows as well that the schedule lives."""
    reports = office.outbox.find(kind="report", study=office.study)
    return any(mail.queued[:10] == office.today for mail in reports) and period == office.today


def _waiting(office: Office) -> str:
    waiting = [mail for mail in office.outbox.find(("pending", "unknown", "held"), study=office.study)]
    if not waiting:
        return ""
    oldest = min(mail.queued for mail in waiting)
    return f"{len(waiting)} mails wait in the outbox, the oldest since {oldest}."

"""Queueing: mails enter the outbox with the set they announce, so that neither is there without the other for long."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from cutbook.deliver.message.announcement import Announcer, sha256
from cutbook.deliver.office import Office
from cutbook.deliver.outbox import Mail
from cutbook.deliver.roles import Addressee, addressee, addressees
from cutbook.errors import BlindingError, CutbookError, DeliveryError, Fault
from cutbook.parameters.cut import Audience
from cutbook.published.sets import PublishedSet, current_set, read_set

_AUDIENCES: tuple[Audience, ...] = ("unblinded", "blinded", "dummy")


@contextmanager
def announced(office: Office, finished: Path, set_name: str) -> Iterator[None]:
    """Prepare the mails of a finished set, let it be published, and queue them; nothing stays when publishing fails.

    A crash in between leaves prepared mails, which ``reconcile`` queues when the set was published.

    Parameters
    ----------
    office : Office
        Whose mails they are.
    finished : Path
        Folder of the finished set.
    set_name : str
        Name that it will have among the revisions.

    Raises
    ------
    DeliveryError
        The set cannot be announced; it is not to be published either.
    OSError
        The outbox cannot be written.
    """
    published = read_set(finished)
    if not published.manifest.is_complete or _is_known(office, published):
        yield
        return
    renamed = PublishedSet(finished.with_name(set_name), published.manifest, published.sha256, published.reports)
    _prepare(office, renamed, _readers(office, published)[0])
    try:
        yield
    except BaseException:
        _drop(office, set_name)
        raise
    with suppress(CutbookError, OSError):
        _confirm_all(office)


def reconcile(office: Office, revisions: Mapping[str, int]) -> list[CutbookError]:
    """Return what kept mails from being queued, after queueing those of every current set that has none yet.

    Parameters
    ----------
    office : Office
        Whose mails they are.
    revisions : mapping
        By cut: the revision that its parameter file asks for. A set of another revision is not news.
    """
    errors = _confirm_all(office)
    for cut, revision in revisions.items():
        for audience in _AUDIENCES:
            try:
                published = current_set(office.outputs, office.study, cut, audience)
                if published is not None and _is_news(office, published, revision):
                    errors += enqueue(office, published)
            except CutbookError as error:
                errors.append(error)
    return errors


def enqueue(office: Office, published: PublishedSet, only: str = "") -> list[CutbookError]:
    """Return what kept mails from being queued, after queueing those about a set that its readers have not had.

    Parameters
    ----------
    office : Office
        Whose mails they are.
    published : PublishedSet
        A current set.
    only : str
        Address of the one reader that is meant; empty for all.

    Raises
    ------
    BlindingError
        The one reader that is meant may not receive it.
    """
    names = [report.name for report in published.reports]
    if only:
        about = published.manifest
        readers, faults = [addressee(office.recipients, only, about.audience, names, office.today)], list[Fault]()
    else:
        readers, faults = _readers(office, published)
    _prepare(office, published, readers)
    refused: list[CutbookError] = [BlindingError(faults)] if faults else []
    return refused + _confirm_all(office)


def refused_readers(office: Office, audience: str, reports: Collection[str]) -> list[CutbookError]:
    """Return why people of the recipients file may not receive reports of a class; nothing when all may."""
    faults = addressees(office.recipients, audience, reports, office.today)[1]
    return [BlindingError(faults)] if faults else []


def _is_news(office: Office, published: PublishedSet, revision: int) -> bool:
    about = published.manifest
    is_recent = not about.finished or about.finished >= office.recipients.starts
    return about.revision == revision and is_recent and not _is_known(office, published)


def _is_known(office: Office, published: PublishedSet) -> bool:
    study, cut, audience, revision = published.key
    return bool(
        office.outbox.find(
            kind="report", study=study, cut=cut, audience=audience, revision=revision, set_content=published.content()
        )
    )


def _readers(office: Office, published: PublishedSet) -> tuple[list[Addressee], list[Fault]]:
    names = [report.name for report in published.reports]
    found, faults = addressees(office.recipients, published.manifest.audience, names, office.today)
    has_signals = {report.name for report in published.reports if report.headline and report.headline.signals}
    return [reader for reader in found if reader.has_all_mails or has_signals & set(reader.reports)], faults


def _prepare(office: Office, published: PublishedSet, readers: list[Addressee]) -> None:
    announcer = Announcer(office, published)
    office.outbox.add((announcer.mail(reader), None) for reader in readers)


def _drop(office: Office, set_name: str) -> None:
    with suppress(OSError):
        for mail in office.outbox.find(("prepared",), set_name=set_name):
            office.outbox.drop(mail)


def _confirm_all(office: Office) -> list[CutbookError]:
    """Queue what was prepared for sets that are current now; drop what was prepared for sets that are not there."""
    errors: list[CutbookError] = []
    announcers: dict[str, Announcer | None] = {}
    for mail in office.outbox.find(("prepared",), study=office.study):
        try:
            if mail.set_name not in announcers:
                announcers[mail.set_name] = _announcer(office, mail)
            announcer = announcers[mail.set_name]
            if announcer is not None:
                _confirm(office, announcer, mail)
            elif not _may_come(office, mail):
                office.outbox.drop(mail)
        except CutbookError as error:
            errors.append(error)
    return errors


def _announcer(office: Office, mail: Mail) -> Announcer | None:
    published = current_set(office.outputs, mail.study, mail.cut, mail.audience)
    is_meant = published is not None and published.content() == mail.set_content
    return Announcer(office, published) if is_meant and published is not None else None


def _may_come(office: Office, mail: Mail) -> bool:
    """Return whether the run that is to publish the set may still be at work."""
    run = mail.set_name.partition(f"{mail.audience}-r{mail.revision}-")[2]
    return bool(run) and (office.outputs / ".work" / run).exists()


def _confirm(office: Office, announcer: Announcer, mail: Mail) -> None:
    names = [report.name for report in announcer.published.reports]
    try:
        reader = addressee(office.recipients, mail.recipient, mail.audience, names, office.today)
        message, attachments = announcer.message(mail, reader)
    except BlindingError as error:
        reason = str(error.faults[0])
        office.outbox.change(mail, state="refused", reason=reason, changed=office.now())
        raise
    office.outbox.change(
        mail,
        message=message,
        message_sha256=sha256(message),
        attachments=attachments,
        has_results=announcer.has_results,
        state="pending",
        next_attempt=office.now(),
        is_noted=1,
        changed=office.now(),
    )


def current_or_refuse(office: Office, cut: str, audience: str, revision: int) -> PublishedSet:
    """Return the current set of a cut.

    Raises
    ------
    DeliveryError
        There is none, or it is of another revision than the parameter file asks for.
    """
    published = current_set(office.outputs, office.study, cut, audience)
    if published is None or published.manifest.revision != revision:
        found = f"r{published.manifest.revision}" if published else "no published set"
        remedy = f"cutbook run {office.study} {cut}"
        raise DeliveryError(Fault(f"cut {cut}", found, f"the {audience} set of revision {revision}", remedy))
    return published


def age(since: str, now: str) -> str:
    """Return how long ago a time was, in days, hours or minutes.

    Parameters
    ----------
    since, now : str
        Times in UTC, ``2026-11-22T08:32:00Z``.
    """
    passed = int((datetime.fromisoformat(now) - datetime.fromisoformat(since)).total_seconds())
    for unit, seconds in (("days", 86_400), ("hours", 3_600)):
        if passed >= 2 * seconds:
            return f"{passed // seconds} {unit}"
    return f"{max(passed, 0) // 60} minutes"

"""Queueing: mails enter the outbox with the set they announce, so that neither is there without the other for long."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from cutbook.deliver.dispatch import Dispatch
from cutbook.deliver.message.announcement import Announcer
from cutbook.deliver.outbox import Mail
from cutbook.deliver.roles import Addressee, addressee, addressees
from cutbook.errors import BlindingError, CutbookError, DeliveryError, Fault
from cutbook.parameters.cut import Audience
from cutbook.published.hashes import sha256_bytes
from cutbook.published.sets import PublishedSet, current_set, read_set

_AUDIENCES: tuple[Audience, ...] = ("unblinded", "blinded", "dummy")


@contextmanager
def announce_set(dispatch: Dispatch, finished: Path, set_name: str) -> Iterator[None]:
    """Prepare the mails of a finished set, let it be published, and queue them; nothing stays when publishing fails.

    A crash in between leaves prepared mails, which ``reconcile`` queues when the set was published.

    Parameters
    ----------
    dispatch : Dispatch
        Whose mails they are.
    finished : Path
        Folder of the finished set.
    set_name : str
        Name that it will have among the revisions.

    Raises
    ------
    DeliveryError
        The set cannot be announced, or the outbox not be written; it is not to be published either.
    """
    published = read_set(finished)
    if not published.manifest.is_complete or _is_known(dispatch, published):
        yield
        return
    renamed = PublishedSet(finished.with_name(set_name), published.manifest, published.sha256, published.reports)
    _prepare(dispatch, renamed, _readers(dispatch, published)[0])
    try:
        yield
    except BaseException:
        _drop(dispatch, set_name)
        raise
    with suppress(CutbookError):
        _confirm_all(dispatch)


def reconcile(dispatch: Dispatch, revisions: Mapping[str, int]) -> list[CutbookError]:
    """Return what kept mails from being queued, after queueing those of every current set that has none yet.

    Parameters
    ----------
    dispatch : Dispatch
        Whose mails they are.
    revisions : mapping
        By cut: the revision that its parameter file asks for. A set of another revision is not news.
    """
    errors = _confirm_all(dispatch)
    for cut, revision in revisions.items():
        for audience in _AUDIENCES:
            try:
                published = current_set(dispatch.outputs, dispatch.study, cut, audience)
                if published is not None and _is_news(dispatch, published, revision):
                    errors += enqueue(dispatch, published)
            except CutbookError as error:
                errors.append(error)
    return errors


def enqueue(dispatch: Dispatch, published: PublishedSet, only: str = "") -> list[CutbookError]:
    """Return what kept mails from being queued, after queueing those about a set that its readers have not had.

    Parameters
    ----------
    dispatch : Dispatch
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
        readers, faults = [addressee(dispatch.recipients, only, about.audience, names, dispatch.today)], list[Fault]()
    else:
        readers, faults = _readers(dispatch, published)
    _prepare(dispatch, published, readers)
    refused: list[CutbookError] = [BlindingError(faults)] if faults else []
    return refused + _confirm_all(dispatch)


def refused_readers(dispatch: Dispatch, audience: str, reports: Collection[str]) -> list[CutbookError]:
    """Return why people of the recipients file may not receive reports of a class; nothing when all may."""
    faults = addressees(dispatch.recipients, audience, reports, dispatch.today)[1]
    return [BlindingError(faults)] if faults else []


def _is_news(dispatch: Dispatch, published: PublishedSet, revision: int) -> bool:
    about = published.manifest
    is_recent = not about.finished or about.finished >= dispatch.recipients.starts
    return about.revision == revision and is_recent and not _is_known(dispatch, published)


def _is_known(dispatch: Dispatch, published: PublishedSet) -> bool:
    study, cut, audience, revision = published.key
    return bool(
        dispatch.outbox.find(
            kind="report", study=study, cut=cut, audience=audience, revision=revision, set_content=published.content()
        )
    )


def _readers(dispatch: Dispatch, published: PublishedSet) -> tuple[list[Addressee], list[Fault]]:
    names = [report.name for report in published.reports]
    found, faults = addressees(dispatch.recipients, published.manifest.audience, names, dispatch.today)
    has_signals = {report.name for report in published.reports if report.headline and report.headline.signals}
    return [reader for reader in found if reader.has_all_mails or has_signals & set(reader.reports)], faults


def _prepare(dispatch: Dispatch, published: PublishedSet, readers: list[Addressee]) -> None:
    announcer = Announcer(dispatch, published)
    dispatch.outbox.add((announcer.mail(reader), None) for reader in readers)


def _drop(dispatch: Dispatch, set_name: str) -> None:
    with suppress(DeliveryError):
        for mail in dispatch.outbox.find(("prepared",), set_name=set_name):
            dispatch.outbox.drop(mail)


def _confirm_all(dispatch: Dispatch) -> list[CutbookError]:
    """Queue what was prepared for sets that are current now; drop what was prepared for sets that are not there."""
    errors: list[CutbookError] = []
    announcers: dict[str, Announcer | None] = {}
    for mail in dispatch.outbox.find(("prepared",), study=dispatch.study):
        try:
            if mail.set_name not in announcers:
                announcers[mail.set_name] = _announcer(dispatch, mail)
            announcer = announcers[mail.set_name]
            if announcer is not None:
                _confirm(dispatch, announcer, mail)
            elif not _may_come(dispatch, mail):
                dispatch.outbox.drop(mail)
        except CutbookError as error:
            errors.append(error)
    return errors


def _announcer(dispatch: Dispatch, mail: Mail) -> Announcer | None:
    published = current_set(dispatch.outputs, mail.study, mail.cut, mail.audience)
    is_meant = published is not None and published.content() == mail.set_content
    return Announcer(dispatch, published) if is_meant and published is not None else None


def _may_come(dispatch: Dispatch, mail: Mail) -> bool:
    """Return whether the run that is to publish the set may still be at work."""
    run = mail.set_name.partition(f"{mail.audience}-r{mail.revision}-")[2]
    return bool(run) and (dispatch.outputs / ".work" / run).exists()


def _confirm(dispatch: Dispatch, announcer: Announcer, mail: Mail) -> None:
    names = [report.name for report in announcer.published.reports]
    try:
        reader = addressee(dispatch.recipients, mail.recipient, mail.audience, names, dispatch.today)
        message, attachments = announcer.message(mail, reader)
    except BlindingError as error:
        reason = str(error.faults[0])
        dispatch.outbox.change(mail, state="refused", reason=reason, changed=dispatch.now())
        raise
    dispatch.outbox.change(
        mail,
        message=message,
        set_name=announcer.published.folder.name,
        message_sha256=sha256_bytes(message),
        attachments=attachments,
        has_results=announcer.has_results,
        state="pending",
        next_attempt=dispatch.now(),
        is_noted=1,
        changed=dispatch.now(),
    )


def current_or_refuse(dispatch: Dispatch, cut: str, audience: str, revision: int) -> PublishedSet:
    """Return the current set of a cut.

    Raises
    ------
    DeliveryError
        There is none, or it is of another revision than the parameter file asks for.
    """
    published = current_set(dispatch.outputs, dispatch.study, cut, audience)
    if published is None or published.manifest.revision != revision:
        found = f"r{published.manifest.revision}" if published else "no published set"
        remedy = f"cutbook run {dispatch.study} {cut}"
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

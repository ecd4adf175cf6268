"""The message that announces a set to one reader: made from finished files, and refused when it names a participant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from cutbook.deliver.dispatch import Dispatch
from cutbook.deliver.message.digest import Digest, Picture
from cutbook.deliver.message.mail import Letter, message_bytes, picture_id
from cutbook.deliver.message.pages import Page, read_figures, small_picture
from cutbook.deliver.outbox import Mail
from cutbook.deliver.roles import Addressee
from cutbook.errors import BlindingError, Fault
from cutbook.published.sets import PublishedSet, ReportFile, earlier_set, read_beside, read_page

MOST_PICTURES = 1
_SHORTEST_IDENTIFIER = 4


class Announcer:
    """Makes the messages of one set; its pages are read once, however many readers there are."""

    def __init__(self, dispatch: Dispatch, published: PublishedSet) -> None:
        self.dispatch = dispatch
        self.published = published
        self.earlier = earlier_set(dispatch.outputs, published)
        self._pages: dict[str, tuple[bytes, Page]] = {}

    def mail(self, reader: Addressee, *, kind: str = "report") -> Mail:
        """Return the mail to one reader, without its message."""
        study, cut, audience, revision = self.published.key
        content = self.published.content(reader.reports)
        return Mail(
            kind,
            study,
            cut,
            audience,
            revision,
            content,
            reader.address,
            set_content=self.published.content(),
            set_name=self.published.folder.name,
            reports=reader.reports,
            has_results=self.has_results,
            message_id=self.dispatch.message_id(kind, study, cut, audience, revision, content, reader.address.lower()),
            state="prepared",
            queued=self.dispatch.now(),
            changed=self.dispatch.now(),
        )

    @property
    def has_results(self) -> bool:
        """Return whether mails of this class hold results, not only where they are."""
        is_open = self.published.manifest.audience != "unblinded"
        return is_open or self.dispatch.recipients.unblinded_mail == "results"

    def digest(self, reader: Addressee, *, note: str = "") -> Digest:
        """Return what a reader is told.

        Raises
        ------
        DeliveryError
            A page is not the one that was published.
        """
        reports = tuple(item for item in self.published.reports if item.name in reader.reports)
        return Digest(
            self.dispatch.title,
            self.published,
            reports,
            self.has_results,
            self.dispatch.recipients.base_link,
            earlier=self.earlier,
            pictures=tuple(self._pictures(reports)) if self.has_results else (),
            attached=self._attached(reader, reports),
            note=note,
        )

    def message(self, mail: Mail, reader: Addressee, *, note: str = "") -> tuple[bytes, str]:
        """Return the message of a mail, and names and hashes of what is attached.

        Raises
        ------
        BlindingError
            Subject or body would name a participant.
        DeliveryError
            A page is not the one that was published.
        ParameterError
            A name could change the structure of the message.
        """
        digest = self.digest(reader, note=note)
        if mail.kind == "notice":
            digest = replace(digest, attached=())
        text, html = digest.text(), digest.html()
        self._refuse_participants(digest, "\n".join((digest.subject, text, html)))
        attached = [item for item in digest.reports if item.name in digest.attached]
        letter = Letter(
            mail.message_id,
            digest.subject,
            text,
            html,
            audience=mail.audience,
            is_urgent=bool(digest.signals),
            witnesses={"X-Cutbook-Manifest": self.published.sha256, "X-Cutbook-Ledger": self.dispatch.head()},
            pictures=[(picture.id, picture.png) for picture in digest.pictures],
            attachments=[file for item in attached for file in self._files(item)],
        )
        content = message_bytes(self.dispatch, (reader.name, reader.address), letter, self.dispatch.now())
        return content, "; ".join(f"{self._file_name(item.page)} {item.sha256}" for item in attached)

    def _files(self, report: ReportFile) -> Iterator[tuple[str, bytes]]:
        """Yield name and content of the page of a report and of the file beside it, where it has one."""
        yield self._file_name(report.page), self._page(report)[0]
        if report.beside:
            yield self._file_name(report.beside.file), read_beside(report)

    def _page(self, report: ReportFile) -> tuple[bytes, Page]:
        if report.name not in self._pages:
            content = read_page(report)
            wanted = self.dispatch.recipients.figures.get(report.name, [])
            self._pages[report.name] = content, read_figures(content, wanted)
        return self._pages[report.name]

    def _pictures(self, reports: Iterable[ReportFile]) -> Iterable[Picture]:
        """Yield the small picture of a mail; a report that is shown in dots needs none."""
        number = 0
        for report in (item for item in reports if not (item.headline and item.headline.dots)):
            for title, png in self._page(report)[1].figures.values():
                small = small_picture(png) if number < MOST_PICTURES else None
                if small is not None:
                    number += 1
                    yield Picture(picture_id(number), f"{report.name}: {title}", small)

    def _attached(self, reader: Addressee, reports: tuple[ReportFile, ...]) -> tuple[str, ...]:
        is_small = sum(item.size for item in reports) <= reader.attachment_bytes
        return tuple(item.name for item in reports) if is_small and self.has_results else ()

    def _file_name(self, file: Path) -> str:
        study, cut, _, revision = self.published.key
        return f"{study}-{cut}-r{revision}-{file.name}".replace(":", "-")

    def _refuse_participants(self, digest: Digest, words: str) -> None:
        known = set().union(*(self._page(item)[1].participants for item in digest.reports))
        named = [name for name in known if len(name) >= _SHORTEST_IDENTIFIER and name in words]
        if named:
            fault = Fault(
                f"mail of {self.published.folder.name}",
                f"identifiers of {len(named)} participants in its text",
                "counts only",
                "mend the headline of the report",
            )
            raise BlindingError(fault)

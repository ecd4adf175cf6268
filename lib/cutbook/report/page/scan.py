"""The scan of a finished page: what a browser would run or fetch, and what a reader must never see."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection
from html.parser import HTMLParser
from urllib.parse import unquote

from cutbook.errors import Fault
from cutbook.words import values_in_words, without_isolated

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_FORBIDDEN = frozenset(
    {"iframe", "frame", "frameset", "object", "embed", "applet", "form", "base", "link", "portal", "audio", "video"}
    | {"template", "slot", "foreignobject", "textarea", "noscript", "noembed", "noframes", "plaintext", "xmp", "math"}
    | {"dialog"}
)
# A drawing in the page is lines, points and texts: nothing that could run, fetch or move.
_LINE = frozenset({"stroke-width", "stroke-dasharray", "opacity"})
_DRAWN = {
    "svg": frozenset({"class", "viewbox", "width", "height", "role", "aria-label", "id"}),
    "path": frozenset({"class", "d"}) | _LINE,
    "text": frozenset({"class", "x", "y", "font-size"}),
    "tspan": frozenset({"class"}),
    "polyline": frozenset({"class", "points"}),
    "circle": frozenset({"class", "cx", "cy", "r"}),
    "title": frozenset({"id"}),
}
_GEOMETRY = frozenset({"viewbox", "width", "height", "points", "cx", "cy", "r", "x", "y", "font-size"}) | _LINE
_ADDRESSES = frozenset(
    {"src", "href", "xlink:href", "srcset", "data", "action", "formaction", "poster", "background", "ping", "manifest"}
)
_ENDED_BY = {
    "td": ("td", "th"),
    "th": ("td", "th"),
    "tr": ("td", "th", "tr"),
    "tbody": ("td", "th", "tr", "thead", "tbody"),
    "li": ("li",),
}
"""Elements that may lack an end tag, by what ends them."""

_FILES = ("data:text/csv", "data:image/png")
"""What a link in the page may save as a file."""

_READ_ALOUD = frozenset({"alt", "title", "aria-label", "placeholder", "summary"})
_UNREAD = frozenset({"style", "script", "code"})
_POLICY = re.compile(
    r"default-src 'none'; img-src data:; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'; "
    r"base-uri 'none'; form-action 'none'"
)
_IMAGE = re.compile(r"data:image/(png|svg\+xml|jpeg|webp);base64,[A-Za-z0-9+/=]+")
_CSV = re.compile(r"data:text/csv;charset=utf-8,(?:[\w.~!*(),;:+|/ -]|%[0-9A-Fa-f]{2})*", re.ASCII)
_CSV_NAME = re.compile(r"[\w.-]+\.csv", re.ASCII)
_PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")
_PICTURE_NAME = re.compile(r"[\w.-]+\.png", re.ASCII)
_OUTLINE = re.compile(r"[-\d., MLhz]*", re.ASCII)
_NUMBERS = re.compile(r"[-\d., ]*", re.ASCII)
_URL_IN_STYLE = re.compile(r"url\(|@import", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_LONGEST_SHOWN = 80
_MOST_TOLD = 20


def scan_page(text: str, shown: str, report: str, *, files: Collection[str] = ()) -> list[Fault]:
    """Return what forbids publishing a page.

    Parameters
    ----------
    text : str
        The page.
    shown : str
        How faults name it.
    report : str
        Report whose banner and end marker it must hold.
    files : collection of str
        Files beside the page that it may link to, as they stand in a link.
    """
    page = _Page(report, files)
    page.feed(text)
    page.close()
    found = page.findings + page.missing()
    faults = [Fault(shown, what, expected, "mend the display that wrote it", row=row) for row, what, expected in found]
    if len(faults) > _MOST_TOLD:
        more = Fault(shown, f"{len(faults) - _MOST_TOLD} more", "none", "mend the first ones and run again")
        return [*faults[:_MOST_TOLD], more]
    return faults


class _Page(HTMLParser):
    """Walks a page once and notes findings as line, what was found, what was expected."""

    def __init__(self, report: str, files: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._files = frozenset(files)
        self.findings: list[tuple[int | None, str, str]] = []
        self._report = report
        self._policy = ""
        self._seen: set[str] = set()
        self._ids: set[str] = set()
        self._open: list[tuple[str, bool]] = []

    def missing(self) -> list[tuple[int | None, str, str]]:
        """Return the parts that the page lacks."""
        wanted = {
            "policy": "a content security policy with default-src 'none'",
            "banner": '<header class="banner">',
            "end": f'<footer id="end-of-report" data-report="{self._report}">',
        }
        return [(None, f"no {name}", expected) for name, expected in wanted.items() if name not in self._seen]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _FORBIDDEN:
            self._note(f"<{tag}>", "no such element")
        for name, value in values.items():
            self._check_attribute(tag, name, value)
        self._check_download(tag, values)
        self._check_drawing(tag, values)
        self._check_id(values)
        self._note_parts(tag, values)
        while self._open and self._open[-1][0] in _ENDED_BY.get(tag, ()):
            self._open.pop()
        if tag not in _VOID:
            is_collected = tag == "bdi" or "verbatim" in values.get("class", "").split()
            is_verbatim = bool(self._open and self._open[-1][1]) or is_collected
            self._open.append((tag, is_verbatim))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in (opened for opened, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        tag, is_verbatim = self._open[-1] if self._open else ("", False)
        if tag in {"script", "style"}:
            self._check_inline(tag, data)
        if _REPLACEMENT in data:
            self._note("U+FFFD", "text in the declared encoding")
        if not is_verbatim and not any(opened in _UNREAD for opened, _ in self._open):
            self._check_words(data)

    def handle_comment(self, data: str) -> None:
        self._note(f"the comment {data[:_LONGEST_SHOWN]!r}", "no comment")

    def handle_pi(self, data: str) -> None:
        self._note(f"the processing instruction {data[:_LONGEST_SHOWN]!r}", "none")

    def unknown_decl(self, data: str) -> None:
        self._note(f"the declaration {data[:_LONGEST_SHOWN]!r}", "none")

    def _note(self, what: str, expected: str) -> None:
        self.findings.append((self.getpos()[0], what, expected))

    def _note_parts(self, tag: str, values: dict[str, str]) -> None:
        if tag == "header" and "banner" in values.get("class", "").split():
            self._seen.add("banner")
        if tag == "footer" and values.get("id") == "end-of-report" and values.get("data-report") == self._report:
            self._seen.add("end")
        if tag == "meta" and "http-equiv" in values:
            self._check_policy(values)

    def _check_policy(self, values: dict[str, str]) -> None:
        is_policy = values["http-equiv"].lower() == "content-security-policy"
        if not is_policy or self._policy:
            self._note(f"<meta http-equiv={values['http-equiv']!r}>", "one content security policy")
            return
        self._policy = values.get("content", "")
        if _POLICY.fullmatch(self._policy):
            self._seen.add("policy")

    def _check_attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name in {"style", "srcdoc"}:
            self._note(f"the attribute {name} on <{tag}>", "no such attribute")
        if name in _ADDRESSES and not self._is_local(tag, value):
            self._note(f"{name}={value[:_LONGEST_SHOWN]!r}", "an address in the page, or an inline image")
        if _REPLACEMENT in value:
            self._note(f"U+FFFD in {name}", "text in the declared encoding")
        if name in _READ_ALOUD:
            self._check_words(value)

    def _is_local(self, tag: str, value: str) -> bool:
        if tag in {"img", "image"}:
            return bool(_IMAGE.fullmatch(value))
        is_file = tag == "a" and (value.partition("#")[0] in self._files or value.startswith(_FILES))
        return tag != "script" and (value.startswith("#") or is_file)

    def _check_download(self, tag: str, values: dict[str, str]) -> None:
        address, name = values.get("href", ""), values.get("download", "")
        if tag != "a" or not address.startswith(_FILES):
            return
        is_csv = bool(_CSV.fullmatch(address) and _CSV_NAME.fullmatch(name))
        if not (is_csv or (_PICTURE.fullmatch(address) and _PICTURE_NAME.fullmatch(name))):
            expected = "percent-encoded CSV text or a PNG, with the name of its file"
            self._note(f"href={address[:_LONGEST_SHOWN]!r}", expected)
        if is_csv:
            # Collected text that could be taken for a value stands in quotes there, and numbers never do.
            self._check_words(_QUOTED.sub("", unquote(address)))

    def _check_drawing(self, tag: str, values: dict[str, str]) -> None:
        is_inside = any(opened == "svg" for opened, _ in self._open)
        if not (is_inside or tag in _DRAWN.keys() - {"title"}):
            return
        if tag not in _DRAWN:
            self._note(f"<{tag}> in a drawing", f"only {', '.join(_DRAWN)}")
            return
        for name, value in values.items():
            form = _OUTLINE if name == "d" else _NUMBERS
            if name not in _DRAWN[tag] or (name in _GEOMETRY | {"d"} and not form.fullmatch(value)):
                self._note(f"{name}={value[:_LONGEST_SHOWN]!r} on <{tag}>", "numbers and a name in a drawing")

    def _check_id(self, values: dict[str, str]) -> None:
        if values.get("id") in self._ids:
            self._note(f"a second id={values['id'][:_LONGEST_SHOWN]!r}", "every id once")
        self._ids.update([values["id"]] if "id" in values else [])

    def _check_inline(self, tag: str, data: str) -> None:
        digest = base64.b64encode(hashlib.sha256(data.encode()).digest()).decode("ascii")
        if f"{tag}-src 'sha256-{digest}'" not in self._policy:
            self._note(
                f"a {tag} element of its own: {data.strip()[:_LONGEST_SHOWN]!r}", f"only the {tag} of the template"
            )
        elif tag == "style" and _URL_IN_STYLE.search(data):
            self._note("an address in the style", "a style that fetches nothing")

    def _check_words(self, text: str) -> None:
        line = " ".join(without_isolated(text).split())
        for word in values_in_words(line):
            self._note(f"{word!r} in {line[:_LONGEST_SHOWN]!r}", "a value in words, or a reason")

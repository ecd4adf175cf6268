"""JSON as the standard writes it: UTF-8, every key once, no NaN, no depth that exhausts the reader."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NoReturn

from cutbook.data.wording import quoted


def strict_json(content: bytes) -> Any:  # noqa: ANN401 - JSON holds anything; the caller checks it
    """Return the value that JSON text in UTF-8 states.

    Raises
    ------
    ValueError
        It is not JSON or not UTF-8, an object names a key twice, or it is nested too deep; the message says which.

    Examples
    --------
    >>> strict_json(b'{"a": [1, null]}')
    {'a': [1, None]}
    """
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("JSON that is nested too deep") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"bytes that are not UTF-8 at position {error.start}") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if twice:
        raise ValueError(f"no strict JSON: key {quoted(twice[0])} twice in one object")
    return dict(pairs)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"no strict JSON: {name}")

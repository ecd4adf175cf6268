"""SAS datasets. No free program that runs here writes files that SAS itself would vouch for.

The two files below were written with the writer of ReadStat, the library inside pyreadstat, and are kept as text.
"""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pandas as pd
import pytest

from cutbook.data.formats import sas7bdat
from cutbook.data.formats.columns import Source
from cutbook.data.formats.sas7bdat import read_sas7bdat
from cutbook.errors import DataError

PLAIN = (
    "eNpjYECAQ68aEzaLCJ7fO4mDgfO4YY+EvICgsRKDsTEjkyEjRIkIAwMzI4q4MaOyMYOICIMCMyPMnGDHYAU3Tx/XsGAFvICBAHBxDHGEqTslsu"
    "r2ypL7jjAaQ7EABDOiCVvqGZgYGPqa+mTmlVYgiRvrGRroGegaGpoZ6Bka6hmiG1dhYRZvZoLgg+xtizq6D4bR1c/YdecfsjsZRsEoGAWjYBSM"
    "glEwCkbBKBgFo2AUjIJBBGZC+63o4DgrlMEkwMALpG7wQLgazKjqDkDFJdD0Z3BB6AgmVPEXnBC6ASYA7bAvgYq7oIlbQMVz0MR/cEBoBzTxHe"
    "jisP48DnELHOI/2LGL7yAgjuYcKPhgD6FlwNocnC87GBjqmgOxoYGhqYGBOcZwCMT4iz/qYTSSej9HjOGTD/azZoLATnuYCFy9kbFhqjFRwy2j"
    "YBSMglEwCoYA+Pf7PxgQqz6FgY0i/ZTaPzj06zBIwvRDtP/XgfJVoDQrAzuw7maFq/rznxVam/9FsesPVH8EA2r7hxtEsCAaPeDmBQsjgzIKn4"
    "mBA01eAI2PDKBW/TeAi6gwQJobHlCXBkD5EVBzExjQmmlA10NADkJIBH0+BjTfEhziGhAaHOrk5enCEJqXWViaqhBcmpSVmlyi4JmSmleSmZaZ"
    "WgTUHBYc7BoIpv2DglyDQfwQIO3n6BICmrdxtdRDc8AfVPtZoDQ7jfIHDztqPMFClA2tfcaGFj6MaO5D5/9HU8eKpo4VLX0xovkTnQ9NxgTT8S"
    "8i1f38T1m+GmrgGxAghzsMfAcCcMsYyudHkxc0UIK0k6F8Zhzmo5sLKyfkYAICqPKKaOnk/wiLD1r1R0kFsHzGhMbnQePzofEF0PgcNPMpB7xM"
    "AU2rI+zhAbNliLSZBehSRqBaSRTREDiLGXfQgAEAyo4mKA=="
)
"""Three records: USUBJID, VSSEQ, VSORRES, VSSTRESN and ADT (format DATE9.)."""

LATIN_1 = (
    "eNrtmT1s00AUx89JnKQQwJEytFIFoe3A0Jo73KbplAQSRFCBUjtVNlpoEEFVJFAidQN2WJgoMwszS0ACAUtHVLEwgFgpUycIEGps310SvzYkKI"
    "rUivtJzvP7+91H7LP9zodQk7df7y0+i4TfvXwYRAPr5P7gMSWsjSBNkzxEoiERhLySS9ekUQ1FIijqlXg9ekqPns3OZhb06F9BHUinjBSPe3Py"
    "1aen5c8pbncEK3STgDyj4klMLkzNFkuV1RZdUwlW8QQhMawSohJY3Wo8diU22fTtdh8sbVT5BuMfvfi43dpPJBAIBAKBQCAQCAQCwR5ijc1bIe"
    "sy2/Eo6JBlPoSoe8LrjnvN9EFQ/sYBavMet/5lgNq7XGAT9idMTwM9zvQVoNeC1CaBXoU6n8+30eNt9Fpgd73aQQfdYWwlqB12iiXPvE9iMjFt"
    "bQSTKYynd3wOodVv1O5w2xK/Wd6E8VuJx2s2zxNcacSf0khB6+pzi0AgEAj2Adu/TIdu45eRv6fyvba/N8qPoyFenhY3x5k/xqyMAta7W25E1U"
    "2Zvc1/u9qqs/J55M5/Dto/vmbS46QXPgmNunwPCoLjCvBbYU2ZuKGMIZpunGM9nWN+ntW7iECaZvWestKUInA9xl5v0Y3MXE7PnT6fTaNcqXir"
    "Uojqlas3C9fK0exyoVQuXi8WbluFF3Q9c9mxl+bnM7rtG5a9mEob9rpNZkYFHai72/cxG+jT/REKuK8TP6N+kJ/5wfmRQP+gb4I4GcTJYHxJ4H"
    "9Cnw3jjuP4Z5dxP8ze7qv9xjeL1vPO+W7hZMbMPwKOh/EIzZOZ721TP6yXPyeOckFxHz8Oxon5n12Pfs1H/xV+n3mAHwL+YeArwA/27Z8GG88U"
    "e1m92U7I2R/usmWf1VPJih1yqUZjz9v+1Dj8AScXKJs="
)
"""The same, its header says UTF-8, but VSORRES of the second record is "été" in Latin-1."""


def content_of(packed: str) -> bytes:
    return zlib.decompress(base64.b64decode(packed))


def source(encoding: str = "") -> Source:
    return Source("vs", encoding, "sdtm")


def test_text_numbers_dates_and_labels_are_read() -> None:
    delivered = read_sas7bdat(content_of(PLAIN), source())
    expected = pd.DataFrame(
        {
            "USUBJID": ["01-701-1015", "01-701-1015", "01-701-1023"],
            "VSSEQ": [1.0, 2.0, 1.0],
            "VSORRES": ["007", "NA", "1e3"],
            "VSSTRESN": [7.0, np.nan, 0.1],
            "ADT": pd.to_datetime(["2014-01-02", None, "1960-01-01"]).as_unit("s"),
        }
    )
    pd.testing.assert_frame_equal(delivered.frame, expected)
    assert delivered.labels["USUBJID"] == "Unique Subject Identifier"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "iso8859-1"])
def test_a_declared_encoding_replaces_the_one_that_the_file_states(encoding: str) -> None:
    assert read_sas7bdat(content_of(LATIN_1), source(encoding)).frame["VSORRES"].tolist() == ["007", "été", "1e3"]


@pytest.mark.parametrize("encoding", ["", "utf-8"])
def test_text_that_is_not_in_the_encoding_is_a_fault_with_variable_and_row(encoding: str) -> None:
    with pytest.raises(DataError, match=r"vs\.VSORRES row 2: found bytes that are not UTF-8 in row 2; .*gives \"été\""):
        read_sas7bdat(content_of(LATIN_1), source(encoding))


@pytest.mark.parametrize("length", [32, 1000, 5000, 8000])
def test_a_cut_off_file_is_a_fault(length: int) -> None:
    with pytest.raises(DataError, match="vs: found a damaged file"):
        read_sas7bdat(content_of(PLAIN)[:length], source())


def test_a_file_that_unpacks_beyond_the_limit_is_refused_before_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sas7bdat, "LARGEST_TABLE_BYTES", 100)
    with pytest.raises(DataError, match=r"a file that unpacks to \d+ bytes"):
        read_sas7bdat(content_of(PLAIN), source())


def test_text_cut_off_in_the_middle_of_a_character_is_a_fault_although_readstat_leaves_the_half_out() -> None:
    content = content_of(LATIN_1).replace(b"\xe9t\xe9", b"na\xc3")
    with pytest.raises(DataError, match=r"vs\.VSORRES row 2: found text cut off in the middle of a character in row 2"):
        read_sas7bdat(content, source())

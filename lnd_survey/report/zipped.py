"""Office files that are the same when they are written again: no member tells when it was made."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip file can hold, which office programs write themselves."""

_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def settled(data: bytes, *, day: str, edit: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """Pack an office file again with dates that do not change.

    Parameters
    ----------
    data
        The file.
    day
        The date for its properties, such as 2000-01-01.
    edit
        What to change in a member, by its name.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _TIME.sub(f"{day}T00:00:00Z".encode(), content)
            if edit is not None:
                content = edit(name, content)
            member = zipfile.ZipInfo(name, FIRST_DAY)
            # What is packed already only takes time to pack again.
            stored = name.endswith((".png", ".xlsx", ".jpeg"))
            member.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return packed.getvalue()

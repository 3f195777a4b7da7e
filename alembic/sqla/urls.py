"""URLs without their password."""

from __future__ import annotations

from typing import Any
from typing import Union

from sqlalchemy.engine.url import make_url
from sqlalchemy.engine.url import URL

from .version import sqla_1_4


def obfuscate(url: Union[str, URL, Any]) -> str:
    """Return a database URL with its password replaced by stars.

    :param url: a URL, as text or as an object.
    :raises sqlalchemy.exc.ArgumentError: when it is not a URL.
    """
    parsed: Any = make_url(url)
    if not sqla_1_4:
        return repr(parsed)
    return str(parsed.render_as_string(hide_password=True))

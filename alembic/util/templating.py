"""A Mako template becomes a file."""

from __future__ import annotations

import os

from .exc import CommandError
from .files import write_whole

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any


def render_template(
    template_file: str, output_encoding: str, **variables: Any
) -> bytes:
    """Return a rendered template.

    :param template_file: path of the template.
    :param output_encoding: encoding of the returned bytes, such as ``"utf-8"``.
    :param variables: what the template may use.
    :raises CommandError: when the template cannot be rendered; the line says which
        template and where.
    """
    from . import plain_template

    plain = plain_template.render(template_file, output_encoding, variables)
    if plain is not None:
        return plain
    # Mako takes a tenth of a second to import, which only other templates pay
    from mako import exceptions
    from mako.template import Template

    try:
        rendered = Template(filename=template_file).render_unicode(**variables)
        return str(rendered).encode(output_encoding)
    except Exception as error:
        trace = exceptions.RichTraceback()
        where = template_file
        if trace.lineno:
            where = f"{template_file}, line {trace.lineno}"
        raise CommandError(
            f"Template rendering failed: {where}: {type(error).__name__}: {error}; "
            "correct the template and run the command again"
        ) from error


def template_to_file(
    template_file: str,
    dest: str,
    output_encoding: str,
    *,
    append_with_newlines: bool = False,
    **kw: Any,
) -> None:
    """Render a template into a file, which is written whole or not at all.

    :param template_file: path of the template.
    :param dest: path of the file.
    :param output_encoding: its encoding.
    :param append_with_newlines: add the text to the end of a file that is there,
        behind two line breaks, instead of replacing it.
    :param kw: what the template may use.
    :raises CommandError: when the template cannot be rendered.
    """
    content = render_template(template_file, output_encoding, **kw)
    if append_with_newlines and os.path.exists(dest):
        with open(dest, "rb") as stream:
            content = stream.read() + os.linesep.encode() * 2 + content
    write_whole(dest, content)

"""A function's signature, as the arguments of its command."""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import List
    from typing import Mapping
    from typing import Tuple


def read_signature(
    fn: Any, renamed: Mapping[str, str]
) -> Tuple[List[str], List[str], str]:
    """Return the positional and the keyword arguments of a command, and its help.

    :param fn: a function whose first parameter is the configuration. Parameters
        with a default are keyword arguments, the others positional ones.
    :param renamed: positional parameters that go by another name on the command line.
    :returns: names of the positional arguments, names of the keyword arguments, and
        the first paragraph of the docstring on one line.
    """
    # the standard module inspect would do; importing it takes as long as a command
    code = fn.__code__
    names = list(code.co_varnames[: code.co_argcount])
    if hasattr(fn, "__self__"):
        del names[0]
    defaults = len(fn.__defaults__ or ())
    first_default = len(names) - defaults
    positional = [renamed.get(name, name) for name in names[1:first_default]]
    keywords = names[max(1, first_default) :]
    paragraph = (fn.__doc__ or "").strip().partition("\n\n")[0]
    return positional, keywords, " ".join(paragraph.split())

"""How much a command says."""

from __future__ import annotations

from typing import TypedDict


class MessagingOptions(TypedDict, total=False):
    """Keywords for the functions that say what a command does.

    With ``quiet`` they print nothing.
    """

    quiet: bool

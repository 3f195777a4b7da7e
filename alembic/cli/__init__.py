"""What you type: the command line and nothing of what it means."""

from __future__ import annotations

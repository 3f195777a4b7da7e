"""Door: where test runs found what they had to start with."""

from __future__ import annotations

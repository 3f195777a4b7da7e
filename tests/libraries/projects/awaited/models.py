"""Notes of an application on advanced-alchemy, with columns of its own types."""

from __future__ import annotations

import os

from advanced_alchemy.base import BigIntAuditBase
from sqlalchemy import String
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

STAGE = int(os.environ.get("STAGE", "1"))


class Note(BigIntAuditBase):
    """What somebody wrote."""

    __tablename__ = "note"
    text: Mapped[str] = mapped_column(String(200))
    if STAGE > 1:
        author: Mapped[str] = mapped_column(String(50), index=True, nullable=True)


metadata = BigIntAuditBase.metadata

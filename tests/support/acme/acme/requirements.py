"""What an Acme database can do, for the tests."""

from __future__ import annotations

from sqlalchemy.testing import exclusions
from sqlalchemy.testing.requirements import SuiteRequirements

from alembic.testing.requirements import SuiteRequirements as AlembicRequirements


class Requirements(AlembicRequirements, SuiteRequirements):
    """Told from the dialect, but for this."""

    @property
    def alter_column(self):
        return exclusions.closed()

    @property
    def fk_names(self):
        return exclusions.closed()

    @property
    def fk_ondelete_is_reflected(self):
        return exclusions.open()

    @property
    def fk_onupdate_is_reflected(self):
        return exclusions.open()

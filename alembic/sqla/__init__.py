"""The one room that asks SQLAlchemy for its version or touches its private parts.

Every module is a theme. The newest SQLAlchemy's behaviour is the plain body of a
function; an older version is a branch of it, so that dropping a version means deleting
branches.
"""

from __future__ import annotations

import logging

# a program that configures no logging sees no log lines on its standard error; all
# code that logs while it works on a database stands upon this room
logging.getLogger("alembic").addHandler(logging.NullHandler())

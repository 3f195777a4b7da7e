"""The one room that asks SQLAlchemy for its version or touches its private parts.

Every module is a theme. The newest SQLAlchemy's behaviour is the plain body of a
function; an older version is a branch of it, so that dropping a version means deleting
branches.
"""

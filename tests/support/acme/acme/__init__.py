"""A database of somebody else's: what its package brings for SQLAlchemy and Alembic."""

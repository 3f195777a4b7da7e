"""A shop on Flask, migrated with Flask-Alembic, which has no env.py."""

from __future__ import annotations

import os

from flask import Flask
from flask_alembic import Alembic
from flask_sqlalchemy import SQLAlchemy

STAGE = int(os.environ.get("STAGE", "1"))

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
db = SQLAlchemy(app)


class Customer(db.Model):
    """Who buys."""

    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String(120), nullable=False, unique=True)
    if STAGE > 1:
        name = db.Column(db.String(80), index=True)


class Numbered(Alembic):
    """Gives revisions identifiers that are the same on every run."""

    def rev_id(self) -> str:
        """Return the next identifier."""
        return f"r{len(list(self.script_directory.walk_revisions())) + 1}"


alembic = Numbered(app)

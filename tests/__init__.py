"""The tests; run them with `make test`."""

import os

# SQLAlchemy 1.4 warns of all that 2.0 does not do only when it is asked to, and reads
# the question when it is imported
os.environ.setdefault("SQLALCHEMY_WARN_20", "1")

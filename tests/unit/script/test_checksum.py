"""The checksum of a revision file changes when what the file does changes."""

from __future__ import annotations

import pytest

from alembic.script.checksum import checksum

FILE = '''"""about it

Revision ID: a
"""
from alembic import op
import sqlalchemy as sa

revision: str = "a"
down_revision = "b"
branch_labels = None


def upgrade() -> None:
    """Do it."""
    op.add_column("t", sa.Column("x", sa.Integer(), nullable=False))  # a comment


def downgrade() -> None:
    op.drop_column('t', 'x')
'''

ODD = r'''"""x"""
from alembic import op
def upgrade():
    """doc"""
    a = {1: 2, **x}
    b = a[1:2, 3]; c = a[1]; d = a[1, 2]; e = a[...]
    f"{a!r:>{b}} text" "more"
    g = 1j; h = 1e400; i = b"x"; j = u"x"; k = "x\ud800"
    async def x(*, y: int = 3, **kw) -> None: await z
    class K(B, metaclass=M):
        """doc"""
        z: int
    with a as b, c as d: pass
    if (n := 3): lambda x, /: x
    print(a[:, 1], a[x:y:z])
    try: pass
    except (A, B) as e: raise X from e
'''

SAME = {
    "line ends": ("\n", "\r\n"),
    "a comment": ("# a comment", "# another one"),
    "quotes": ("'t', 'x'", '"t", "x"'),
    "a docstring": ('"""Do it."""', '"""Do all of it."""'),
    "the place in the history": ('down_revision = "b"', 'down_revision = ("c", "d")'),
    "the docstring of the file": ("about it", "about that"),
    "the order of imports": (
        "from alembic import op\nimport sqlalchemy as sa",
        "import sqlalchemy as sa\nfrom alembic import op",
    ),
    "layout": ('op.add_column("t", ', 'op.add_column(\n        "t",\n        '),
}

OTHER = {
    "a value": ("nullable=False", "nullable=True"),
    "a name": ('"x", sa.Integer', '"y", sa.Integer'),
    "an argument more": ("nullable=False", "nullable=False, index=True"),
    "an import": ("import sqlalchemy as sa", "import other as sa"),
    "a statement": (
        "def downgrade() -> None:\n",
        "def downgrade() -> None:\n    pass\n",
    ),
    "None instead of nothing": ("sa.Integer()", "sa.Integer(None)"),
}


def of(tmp_path, text):
    path = tmp_path / "a.py"
    path.write_bytes(text.encode())
    return checksum(str(path))


def changed(old, new):
    assert old in FILE
    return FILE.replace(old, new)


@pytest.mark.parametrize("what", SAME)
def test_what_makes_no_difference(tmp_path, what):
    """A formatter or a rebase leaves the checksum as it is."""
    assert of(tmp_path, changed(*SAME[what])) == of(tmp_path, FILE)


@pytest.mark.parametrize("what", OTHER)
def test_what_makes_a_difference(tmp_path, what):
    """Any change of what runs changes the checksum."""
    assert of(tmp_path, changed(*OTHER[what])) != of(tmp_path, FILE)


def test_checksum_is_the_same_on_all_pythons(tmp_path):
    """Records are read by other versions of Python than wrote them."""
    assert of(tmp_path, FILE) == (
        "922d22fca8db9b82c1e9ad428ec94eb43d92386db269f4c0cb78f1719cdcbaf3"
    )
    assert of(tmp_path, ODD) == (
        "90a21ef282b817101d361bd27d3c8e13f3ba756f09780e080fcf364235df18b9"
    )


@pytest.mark.parametrize("text", ["def (", "\0", "a = '\\N{no}'"])
def test_what_is_no_source(tmp_path, text):
    """Nothing is claimed of it."""
    assert of(tmp_path, text) is None
    assert checksum(str(tmp_path / "none.py")) is None

"""How the documentation is built: `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

project = "Alembic"
author = "The Alembic maintainers"
copyright = "2026, the Alembic maintainers"
release = version = "1.21.0"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "command_reference",
    "fragments",
    "option_reference",
    "pictures",
]
html_theme = "furo"
html_title = "Alembic 1.21"
html_favicon = "icon.svg"
exclude_patterns = ["_build"]
default_role = "literal"
nitpicky = False

autodoc_member_order = "alphabetical"
autodoc_typehints = "none"
copybutton_prompt_text = "$ "

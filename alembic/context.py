"""Door: the current `EnvironmentContext`, for env.py."""

from __future__ import annotations

from typing import Any
from typing import TYPE_CHECKING

from .environment.environment_context import EnvironmentContext

# The functions below are made when this module is imported; a type checker and an
# editor read the names here.
if TYPE_CHECKING:
    from .script import ScriptDirectory
    from .settings import Config

    _current = EnvironmentContext.__new__(EnvironmentContext)
    _proxy: Any

    config: Config
    script: ScriptDirectory

    begin_transaction = _current.begin_transaction
    configure = _current.configure
    execute = _current.execute
    get_bind = _current.get_bind
    get_context = _current.get_context
    get_head_revision = _current.get_head_revision
    get_head_revisions = _current.get_head_revisions
    get_impl = _current.get_impl
    get_revision_argument = _current.get_revision_argument
    get_starting_revision_argument = _current.get_starting_revision_argument
    get_tag_argument = _current.get_tag_argument
    get_x_argument = _current.get_x_argument
    is_offline_mode = _current.is_offline_mode
    is_transactional_ddl = _current.is_transactional_ddl
    requires_connection = _current.requires_connection
    run_migrations = _current.run_migrations
    static_output = _current.static_output

EnvironmentContext.create_module_class_proxy(globals(), locals())

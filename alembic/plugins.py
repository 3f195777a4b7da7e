"""Plugins: named sets of extensions that come with Alembic or from other packages.

A plugin is a module with a function ``setup(plugin)``, offered to Alembic by an entry
point of the group ``alembic.plugins``::

    [project.entry-points."alembic.plugins"]
    "acme.audit" = "acme.alembic_plugin"

In ``setup`` it adds comparators with `Plugin.add_autogenerate_comparator`; operations,
implementations, renderers and write hooks are registered by their own decorators when
the module is imported.
"""

from __future__ import annotations

import logging
import re
import threading
from types import ModuleType
from typing import Any
from typing import Callable
from typing import Dict
from typing import List
from typing import Optional
from typing import Pattern
from typing import Sequence
from typing import Tuple

from .util import compat
from .util.dispatch import DispatchPriority
from .util.dispatch import PriorityDispatcher
from .util.dispatch import PriorityDispatchResult
from .util.exc import CommandError
from .util.messaging import warn

log = logging.getLogger("alembic.runtime.plugins")

ENTRY_POINT_GROUP = "alembic.plugins"

# Comparators of one priority run in the order of this table. The modules stand on
# floors above this one, so they are named here and imported when they are wanted.
_BUILT_IN: Tuple[Tuple[str, str], ...] = (
    ("alembic.autogenerate.schemas", "alembic.autogenerate.compare.schema"),
    ("alembic.autogenerate.tables", "alembic.autogenerate.compare.tables"),
    ("alembic.autogenerate.types", "alembic.autogenerate.compare.types"),
    ("alembic.autogenerate.constraints", "alembic.autogenerate.compare.constraints"),
    ("alembic.autogenerate.defaults", "alembic.autogenerate.compare.server_defaults"),
    ("alembic.autogenerate.comments", "alembic.autogenerate.compare.comments"),
    # beyond Alembic 1.20.1; each can be switched off by its name
    ("alembic.autogenerate.normalize", "alembic.autogenerate.normalize"),
    ("alembic.autogenerate.new_schemas", "alembic.autogenerate.compare.new_schemas"),
    ("alembic.autogenerate.sequences", "alembic.autogenerate.compare.sequences"),
    ("alembic.autogenerate.enums", "alembic.autogenerate.compare.enums"),
    ("alembic.autogenerate.primary_keys", "alembic.autogenerate.compare.primary_keys"),
    ("alembic.autogenerate.computed", "alembic.autogenerate.compare.computed"),
    # opt-in; where it is on, the two behind it have nothing left to do
    ("alembic.ext.undeclared_constraints", "alembic.ext.undeclared_constraints"),
    ("alembic.autogenerate.checks", "alembic.autogenerate.compare.checks"),
    ("alembic.autogenerate.exclusions", "alembic.autogenerate.compare.exclusions"),
    ("alembic.autogenerate.validity", "alembic.autogenerate.compare.validity"),
    ("alembic.autogenerate.views", "alembic.autogenerate.compare.views"),
    ("alembic.autogenerate.collations", "alembic.autogenerate.compare.collations"),
    (
        "alembic.autogenerate.table_options",
        "alembic.autogenerate.compare.table_options",
    ),
    ("alembic.ext.checkconstraint_byname", "alembic.ext.checkconstraint_byname"),
)

_legacy_plugin_names = {
    "alembic.autogenerate.checkconstraint_byname": (
        "alembic.ext.checkconstraint_byname"
    ),
}

# every plugin by name, in order of registration
_registered: Dict[str, Plugin] = {}

_loading = threading.RLock()


class Plugin:
    """A named set of extensions.

    :param name: by which ``autogenerate_plugins`` selects it; dots make families,
        so that ``acme.*`` selects them all.
    :raises ValueError: when the name is taken.

    Example::

        def setup(plugin):
            plugin.add_autogenerate_comparator(compare_grants, "table", "grants")
    """

    def __init__(self, name: str) -> None:
        # those that come with Alembic are the first in the order of registration
        load_plugins()
        log.info("setup plugin %s", name)
        self._enter(name)

    def _enter(self, name: str) -> None:
        if name in _registered:
            raise ValueError(f"A plugin named {name} is already registered")
        self.name = name
        self._comparators = PriorityDispatcher()
        _registered[name] = self

    @property
    def autogenerate_comparators(self) -> PriorityDispatcher:
        """The comparators of this plugin.

        :raises CommandError: when the plugin cannot be loaded.
        """
        return self._comparators

    def remove(self) -> None:
        """Forget this plugin; environments that are running keep what they have."""
        _registered.pop(self.name, None)

    def add_autogenerate_comparator(
        self,
        fn: Callable[..., PriorityDispatchResult],
        compare_target: str,
        compare_element: Optional[str] = None,
        *,
        qualifier: str = "default",
        priority: DispatchPriority = DispatchPriority.MEDIUM,
    ) -> None:
        """Add a function that compares models and database for autogenerate.

        :param fn: the function. Its arguments depend on ``compare_target``. It
            appends operations and returns a
            `alembic.util.PriorityDispatchResult`.
        :param compare_target: at which step it runs: ``"autogenerate"``,
            ``"schema"``, ``"table"`` or ``"column"``.
        :param compare_element: what it compares there, such as ``"types"``. Of the
            functions for the same element those after one that returned ``STOP``
            are skipped.
        :param qualifier: name of the only dialect it is for.
        :param priority: when it runs among the functions of its step.
        """
        self.autogenerate_comparators.dispatch_for(
            compare_target,
            subgroup=compare_element,
            priority=priority,
            qualifier=qualifier,
        )(fn)

    @classmethod
    def populate_autogenerate_priority_dispatch(
        cls, comparators: PriorityDispatcher, include_plugins: List[str]
    ) -> None:
        """Fill a dispatcher with the comparators of the selected plugins.

        :param comparators: what to fill.
        :param include_plugins: names, with ``*`` for any part between dots; ``~`` in
            front leaves plugins out.
        :raises CommandError: when a name matches no plugin, or a selected plugin
            cannot be loaded.
        :raises ValueError: when an element is no such expression.
        """
        names, unmatched = _select(include_plugins)
        for name in names:
            log.info("setting up autogenerate plugin %s", name)
            comparators.populate_with(_registered[name].autogenerate_comparators)
        if unmatched:
            raise CommandError(f"Did not locate plugins: {', '.join(unmatched)}")

    @classmethod
    def setup_plugin_from_module(cls, module: ModuleType, name: str) -> None:
        """Register a plugin and let the function ``setup`` of a module fill it.

        :param module: a module, or any object, with a function ``setup(plugin)``.
        :param name: name of the plugin.
        :raises AttributeError: when there is no ``setup``.
        :raises ValueError: when the name is taken.
        """
        setup = module.setup
        plugin = cls(name)
        try:
            setup(plugin)
        except BaseException:
            plugin.remove()
            raise


def selected_plugins(include_plugins: Sequence[str]) -> List[str]:
    """Return the names of the plugins that a selection stands for.

    :param include_plugins: names and patterns, as in ``autogenerate_plugins``.
    """
    return _select(include_plugins)[0]


def _select(expressions: Sequence[str]) -> Tuple[List[str], List[str]]:
    """Return the names that are selected, and the elements that match no name."""
    load_plugins()
    wanted, unwanted = _read_selection(expressions)
    unmatched = list(wanted)
    names = []
    for name in list(_registered):
        matching = [e for e, pattern in wanted.items() if pattern.match(name)]
        unmatched = [e for e in unmatched if e not in matching]
        if matching and not any(pattern.match(name) for pattern in unwanted):
            names.append(name)
    return names, unmatched


def _read_selection(
    expressions: Sequence[str],
) -> Tuple[Dict[str, Pattern[str]], List[Pattern[str]]]:
    wanted: Dict[str, Pattern[str]] = {}
    unwanted: List[Pattern[str]] = []
    for expression in expressions:
        if expression.startswith("~"):
            unwanted.append(_make_re(_translate_legacy_name(expression[1:])))
        else:
            wanted[expression] = _make_re(_translate_legacy_name(expression))
    return wanted, unwanted


def _translate_legacy_name(name: str) -> str:
    return _legacy_plugin_names.get(name, name)


_EXPRESSION = re.compile(r"(?:\*|[^\W\d][\w-]*)(?:\.(?:\*|[^\W\d][\w-]*))*")


def _make_re(name: str) -> Pattern[str]:
    """Return the pattern of the plugin names that an expression selects."""
    if not _EXPRESSION.fullmatch(name):
        raise ValueError(f"Invalid plugin expression {name!r}")
    parts = [".+?" if part == "*" else part for part in name.split(".")]
    return re.compile("^" + r"\.".join(parts) + "$")


class _BuiltIn(Plugin):
    """A plugin of this package; its module is imported when it is selected."""

    def __init__(self, name: str, module: str) -> None:
        # without a word: the reader of a log wants to hear of the other ones
        self._enter(name)
        self._module: Optional[str] = module

    @property
    def autogenerate_comparators(self) -> PriorityDispatcher:
        with _loading:
            module, self._module = self._module, None
            if module is not None:
                import importlib

                try:
                    importlib.import_module(module).setup(self)
                except BaseException:
                    self._module = module
                    raise
        return self._comparators


class _Installed(Plugin):
    """A plugin of another package, found by its entry point."""

    def __init__(self, entry: Any) -> None:
        self._enter(entry.name)
        self._refusal: Optional[str] = None
        try:
            entry.load().setup(self)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            warn(f"The plugin {entry.name} cannot be loaded: {reason}")
            self._refusal = (
                f"The plugin {entry.name} ({entry.value}) cannot be loaded: {reason}; "
                f'repair or uninstall its package, or add "~{entry.name}" to '
                "autogenerate_plugins"
            )

    @property
    def autogenerate_comparators(self) -> PriorityDispatcher:
        if getattr(self, "_refusal", None):
            raise CommandError(str(self._refusal))
        return self._comparators


_loaded = False
_loading_now = False


def load_plugins() -> None:
    """Register the plugins that come with Alembic and those of entry points, once.

    Called where extensions are first needed: on the way into env.py, before write
    hooks run, when a comparison begins. A plugin of another package that cannot be
    loaded is reported here and stops nothing, unless ``autogenerate_plugins`` selects
    it.
    """
    global _loaded, _loading_now
    if _loaded:
        return
    with _loading:
        # the second: a plugin that touches this module while it is being loaded
        if _loaded or _loading_now:
            return
        _loading_now = True
        try:
            for name, module in _BUILT_IN:
                if name not in _registered:
                    _BuiltIn(name, module)
            for entry in compat.importlib_metadata_get(ENTRY_POINT_GROUP):
                if entry.name in _registered:
                    warn(
                        f"The plugin {entry.name} ({entry.value}) is left out: its "
                        "name is taken"
                    )
                else:
                    _Installed(entry)
            _loaded = True
        finally:
            _loading_now = False


_setup = load_plugins


def __getattr__(name: str) -> Any:
    # who looks at the registry expects to find everything in it
    if name == "_all_plugins":
        load_plugins()
        return _registered
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

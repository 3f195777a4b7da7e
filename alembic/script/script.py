"""Script: one revision file."""

from __future__ import annotations

import os

from ..util.exc import CommandError
from ..util.pyfiles import load_module_py
from . import presentation
from .revision import Revision

TYPE_CHECKING = False

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType
    from typing import Any
    from typing import Callable
    from typing import Optional
    from typing import Union

    from .revision_file import Header

    PathLike = Union[str, "os.PathLike[str]"]


class Script(Revision):
    """One revision file.

    :param module: the executed file.
    :param rev_id: the identifier of the revision.
    :param path: the file.

    Files whose header can be read without running them are executed when `module` is
    first asked for.
    """

    path: str
    """The file."""

    _db_current_indicator: Optional[bool] = None
    _module: Optional[ModuleType] = None
    header_doc: Optional[str] = None
    """The docstring of a file that has been read and not executed."""

    def __init__(self, module: ModuleType, rev_id: str, path: PathLike) -> None:
        self._module = module
        self.path = os.fspath(path)
        labels = getattr(module, "branch_labels", None)
        needs = getattr(module, "depends_on", None)
        _refuse_what_is_no_text(path, module.down_revision, labels, needs)
        super().__init__(
            rev_id, module.down_revision, branch_labels=labels, dependencies=needs
        )

    @classmethod
    def from_header(cls, header: Header, path: str) -> Script:
        """Return the script of a file that has been read and not executed.

        :raises CommandError: when the header holds what is no text.
        """
        _refuse_what_is_no_text(
            path, header.down_revision, header.branch_labels, header.depends_on
        )
        script = cls.__new__(cls)
        # one that comes later makes Python keep all attributes in a larger form
        script._module = None  # noqa: SLF001
        script.path = path
        script.header_doc = header.doc
        Revision.__init__(
            script,
            header.revision,
            header.down_revision,
            branch_labels=header.branch_labels,
            dependencies=header.depends_on,
        )
        return script

    @classmethod
    def from_source(cls, source: bytes, path: str) -> Script:
        """Return the script of a file whose content is at hand."""
        from .revision_file import read_header

        header = read_header(source)
        if header is None:
            return cls.from_execution(path)
        return cls.from_header(header, path)

    @classmethod
    def from_execution(cls, path: str) -> Script:
        """Execute a file and return its script.

        :raises CommandError: when it raises, or does not say what a revision says.
        """
        module = execute(path)
        revision = getattr(module, "revision", None) or _from_file_name(path)
        if revision is None:
            raise CommandError(
                "Could not determine revision id from filename "
                f"{os.path.basename(path)}. Be sure the 'revision' variable is "
                "declared inside the script; a file that is no revision does not "
                f"belong into {os.path.dirname(path)}"
            )
        if not isinstance(revision, str):
            raise CommandError(
                f"In {path}, 'revision' is {revision!r}, but an identifier is text; "
                "put it into quotes"
            )
        if not hasattr(module, "down_revision"):
            raise CommandError(
                f"{path} does not declare 'down_revision'; write 'down_revision = "
                "None' into a first revision, else the id of the one before it"
            )
        return cls(module, revision, path)

    @property
    def module(self) -> ModuleType:
        """The executed file.

        :raises CommandError: when the file cannot be executed, or has another
            identifier than when it was read.
        """
        if self._module is None:
            module = execute(self.path)
            if getattr(module, "revision", None) != self.revision:
                raise CommandError(
                    f"{self.path} was read as revision {self.revision!r} and executed "
                    f"as {getattr(module, 'revision', None)!r}; if it has just been "
                    "changed, run the command again"
                )
            self._module = module
        return self._module

    @module.setter
    def module(self, module: ModuleType) -> None:
        self._module = module

    def function(self, name: str) -> Callable[..., Any]:
        """Return ``upgrade`` or ``downgrade`` of the file.

        :raises CommandError: when the file has no such function, or does not run.
        """
        function: Optional[Callable[..., Any]] = getattr(self.module, name, None)
        if function is None:
            raise CommandError(
                f"Revision {self.revision} has no function {name}(); add one to "
                f"{self.path}"
            )
        return function

    @property
    def longdoc(self) -> str:
        """The docstring of the file."""
        doc = self.header_doc if self._module is None else self._module.__doc__
        return (doc or "").strip()

    @property
    def doc(self) -> str:
        """The first paragraph of the docstring."""
        return self.longdoc.partition("\n\n")[0]

    @property
    def log_entry(self) -> str:
        """The revision as ``history --verbose`` shows it."""
        return self.cmd_format(True)

    @property
    def _script_path(self) -> Path:
        from pathlib import Path

        return Path(self.path)

    def __str__(self) -> str:
        return self._head_only(
            include_doc=True, include_parents=True, tree_indicators=True
        )

    def _head_only(
        self,
        include_branches: bool = False,
        include_doc: bool = False,
        include_parents: bool = False,
        tree_indicators: bool = True,
        head_indicators: bool = True,
    ) -> str:
        return presentation.one_line(
            self,
            doc=self.doc if include_doc else None,
            is_current=bool(self._db_current_indicator),
            include_branches=include_branches,
            include_parents=include_parents,
            tree_indicators=tree_indicators,
            head_indicators=head_indicators,
        )

    def cmd_format(
        self,
        verbose: bool,
        include_branches: bool = False,
        include_doc: bool = False,
        include_parents: bool = False,
        tree_indicators: bool = True,
    ) -> str:
        """Return the revision as commands print it.

        :param verbose: a block of lines, for which the other parameters do not count.
        :param include_branches: name its branch labels.
        :param include_doc: put the first paragraph of its docstring behind it.
        :param include_parents: put what it comes from before it.
        :param tree_indicators: say whether it is a branch point or a merge point.
        """
        if verbose:
            return presentation.block(
                self,
                path=self.path,
                longdoc=self.longdoc,
                is_current=bool(self._db_current_indicator),
            )
        return self._head_only(
            include_branches, include_doc, include_parents, tree_indicators
        )

    def _format_down_revision(self) -> str:
        return presentation.before(self)


def execute(path: str) -> ModuleType:
    """Execute a revision file.

    :raises CommandError: when it raises; the line says where.
    """
    import re

    try:
        return load_module_py(re.sub(r"\W", "_", os.path.basename(path)), path)
    except CommandError:
        raise
    except SyntaxError as error:
        place = f"{error.filename or path}, line {error.lineno}"
        raise CommandError(
            f"Can't load revision file {place}: {type(error).__name__}: {error.msg}"
        ) from error
    except (Exception, SystemExit) as error:
        raise CommandError(
            f"Can't load revision file {path}{_line_of(error, path)}: "
            f"{type(error).__name__}: {error}"
        ) from error


def _refuse_what_is_no_text(
    path: PathLike, down_revision: Any, branch_labels: Any, depends_on: Any
) -> None:
    """Raise when what a revision says of its place is neither text nor texts."""
    said = (
        ("down_revision", down_revision),
        ("branch_labels", branch_labels),
        ("depends_on", depends_on),
    )
    for name, value in said:
        if value is None or isinstance(value, str):
            continue
        if not isinstance(value, (tuple, list, set, frozenset)) or not all(
            isinstance(item, str) for item in value
        ):
            raise CommandError(
                f"In {path}, '{name}' is {value!r}; write None, one text in quotes, or "
                "several in a tuple"
            )


def _line_of(error: BaseException, path: str) -> str:
    """Return the line of a file that was being executed when an error came up."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return "" if line is None else f", line {line}"


def _from_file_name(path: str) -> Optional[str]:
    """Return the identifier that the files of the first releases had as a name."""
    import re

    match = re.match(r"([a-f0-9]+)\.py[co]?$", os.path.basename(path))
    return match.group(1) if match else None

"""ScriptDirectory: the folder of an environment as a whole."""

from __future__ import annotations

import os

from ..util.collector import keep_what_is_loaded
from ..util.exc import CommandError
from ..util.import_path import first_on_sys_path
from ..util.import_path import put_first
from ..util.messaging import status
from ..util.messaging import warn
from ..util.paths import absolute
from ..util.pyfiles import load_python_file
from ..util.pyfiles import resource_path
from ..util.sequences import EMPTY_DICT
from ..util.sequences import to_tuple
from .discovery import revision_files
from .index import HeaderIndex
from .kept_history import graph_of
from .kept_history import ties_of
from .revision import Revision
from .revision import RevisionMap
from .revision import tuple_rev_as_scalar
from .revision.graph import Graph
from .script import Script
from .translate_errors import translated

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from typing import Any
    from typing import Dict
    from typing import Iterable
    from typing import Iterator
    from typing import List
    from typing import Mapping
    from typing import Optional
    from typing import Sequence
    from typing import Set
    from typing import Tuple
    from typing import Union

    from ..settings import Config
    from .discovery import Found
    from .revision.model import RevIdType
    from .script import PathLike
    from .steps import RevisionStep
    from .steps import StampStep

_default_file_template = "%(rev)s_%(slug)s"
_DEFAULT_SLUG_LENGTH = 40


class ScriptDirectory:
    """An environment's folder: its env.py, and its revision files with their history.

    :param dir: the folder, in which env.py and script.py.mako are.
    :param file_template: how new files are called, with the tokens ``rev slug epoch
        year month day hour minute second``; ``/`` makes folders.
    :param truncate_slug_length: how many characters of a message go into a name; 40
        for None.
    :param version_locations: folders of revision files, or ``package:folder``;
        ``versions`` in ``dir`` by default.
    :param sourceless: take compiled files as well.
    :param output_encoding: encoding of new files.
    :param timezone: name of the time zone of creation dates.
    :param hooks: options of the write hooks.
    :param recursive_version_locations: look into subfolders too.
    :param messaging_opts: ``{"quiet": True}`` prints no progress.
    :raises CommandError: when the folder does not exist.

    Example::

        script = ScriptDirectory.from_config(Config("alembic.ini"))
        script.get_current_head()
    """

    prepend_sys_path: Sequence[str] = ()
    """Folders that files of the project find their modules in."""

    def __init__(
        self,
        dir: PathLike,  # noqa: A002 - the name that callers use
        file_template: str = _default_file_template,
        truncate_slug_length: Optional[int] = _DEFAULT_SLUG_LENGTH,
        version_locations: Optional[Sequence[PathLike]] = None,
        sourceless: bool = False,
        output_encoding: str = "utf-8",
        timezone: Optional[str] = None,
        hooks: Sequence[Mapping[str, Any]] = (),
        recursive_version_locations: bool = False,
        messaging_opts: Mapping[str, Any] = EMPTY_DICT,
    ) -> None:
        self.dir = os.fspath(dir)
        self.version_locations = version_locations
        self.file_template = file_template
        self.truncate_slug_length = truncate_slug_length or _DEFAULT_SLUG_LENGTH
        self.sourceless = sourceless
        self.output_encoding = output_encoding
        self.revision_map = RevisionMap(self._load_history)
        self.timezone = timezone
        self.hooks = hooks
        self.recursive_version_locations = recursive_version_locations
        self.messaging_opts = messaging_opts
        if not os.path.isdir(self.dir):
            raise CommandError(
                f"Path doesn't exist: {self.dir}.  Please use the 'init' command to "
                "create a new scripts folder."
            )

    @classmethod
    def from_config(cls, config: Config) -> ScriptDirectory:
        """Return the script directory that a configuration describes.

        Folders of ``prepend_sys_path`` are put on `sys.path`.

        :raises CommandError: when ``script_location`` is missing or does not exist.
        """
        script = cls.for_command(config)
        put_first(script.prepend_sys_path)
        return script

    @classmethod
    def for_command(cls, config: Config) -> ScriptDirectory:
        """Return the same, with those folders on `sys.path` only while files run."""
        location = _text(
            "script_location", config.get_alembic_option("script_location")
        )
        if location is None:
            raise CommandError(config.explain_missing("script_location"))
        folders = config.get_prepend_sys_paths_list() or ()
        # a location may be in a package that is found there
        with first_on_sys_path(folders):
            script = cls(
                resource_path(location),
                file_template=_text(
                    "file_template", config.get_alembic_option("file_template")
                )
                or _default_file_template,
                truncate_slug_length=_slug_length(config),
                sourceless=config.get_alembic_boolean_option("sourceless"),
                output_encoding=_encoding(
                    _text(
                        "output_encoding", config.get_alembic_option("output_encoding")
                    )
                ),
                version_locations=config.get_version_locations_list() or [],
                timezone=_text("timezone", config.get_alembic_option("timezone"))
                or None,
                hooks=config.get_hooks_list(),
                recursive_version_locations=config.get_alembic_boolean_option(
                    "recursive_version_locations"
                ),
                messaging_opts=config.messaging_opts,
            )
        script.prepend_sys_path = folders
        return script

    # -- folders and files

    @property
    def versions(self) -> str:
        """The one version location.

        :raises CommandError: when there are several.
        """
        return str(self._singular_version_location)

    @property
    def _singular_version_location(self) -> Path:
        locations = self._version_locations
        if len(locations) > 1:
            raise CommandError("Multiple version_locations present")
        return locations[0]

    @property
    def _version_locations(self) -> Sequence[Path]:
        """All version locations."""
        from pathlib import Path

        return [Path(location) for location in self._locations()]

    def _locations(self) -> List[str]:
        """Return all version locations, made anew since env.py may set them."""
        given = self.version_locations
        if not given:
            return [absolute(os.path.join(self.dir, "versions"))]
        if isinstance(given, (str, os.PathLike)):
            given = [given]
        with first_on_sys_path(self.prepend_sys_path):
            return [
                os.path.abspath(resource_path(os.fspath(location)))
                for location in given
            ]

    @property
    def env_py_location(self) -> str:
        """The file env.py."""
        return absolute(os.path.join(self.dir, "env.py"))

    def _load_history(self) -> Graph:
        """Return the history, in the finished form where no file has changed."""
        locations = self._locations()
        if len(locations) > 1:
            return Graph(self._load_revisions())
        index = HeaderIndex(locations[0])
        files = self._files(locations[0])
        kept = index.history(files)
        if kept is not None:
            graph = graph_of(kept)
            keep_what_is_loaded()
            return graph
        scripts = list(self._scripts(files, index, self._may_repeat(locations)))
        try:
            graph = Graph(scripts)
            index.keep_history(files, ties_of(graph) or [])
        finally:
            index.save()
        return graph

    def _load_revisions(self) -> Iterator[Script]:
        """Yield the script of each revision file, in the order of their names."""
        locations = self._locations()
        seen = self._may_repeat(locations)
        for location in locations:
            index = HeaderIndex(location)
            yield from self._scripts(self._files(location), index, seen)
            index.save()

    def _files(self, location: str) -> List[Found]:
        return revision_files(
            location,
            recursive=self.recursive_version_locations,
            sourceless=self.sourceless,
        )

    def _may_repeat(self, locations: Sequence[str]) -> Optional[Set[str]]:
        """Return where to note the files that were met; None if none comes twice."""
        return set() if self.recursive_version_locations or locations[1:] else None

    def _scripts(
        self, files: Iterable[Found], index: HeaderIndex, seen: Optional[Set[str]]
    ) -> Iterator[Script]:
        """Yield the scripts of files, each file once.

        :param seen: what `_may_repeat` returned.
        """
        for found in files:
            path, signs = found
            if seen is not None:
                real_path = os.path.realpath(path)
                if real_path in seen:
                    warn(
                        f"File {real_path} loaded twice! ignoring. Please ensure "
                        "version_locations is unique."
                    )
                    continue
                seen.add(real_path)
            header = None if signs is None else index.header(found)
            if header is None:
                with first_on_sys_path(self.prepend_sys_path):
                    script = Script.from_execution(path)
                yield script
            else:
                yield Script.from_header(header, path)

    def run_env(self) -> None:
        """Execute env.py.

        :raises CommandError: when there is none.
        """
        if not os.path.exists(self.env_py_location) and not self.sourceless:
            raise CommandError(
                f"Can't find Python file {self.env_py_location}; every environment has "
                "an env.py, which 'alembic init' writes"
            )
        with first_on_sys_path(self.prepend_sys_path):
            load_python_file(self.dir, "env.py")

    # -- names

    def get_revision(self, id_: Any) -> Script:
        """Return the one revision that a name means; None for the base.

        :param id_: an identifier or its unique beginning, ``head``, a branch label,
            ``label@head``, ``id-N`` ...
        :raises CommandError: when it means none or several.
        """
        with translated(self.revision_map):
            return self.revision_map.get_revision(id_)  # type: ignore[return-value]

    def get_revisions(self, id_: Any) -> Tuple[Script, ...]:
        """Return all revisions that a name, or each of several, means.

        :param id_: as for `get_revision`; also ``heads``. The base is nothing.
        :raises CommandError: when a name means none.
        """
        with translated(self.revision_map):
            return self.revision_map.get_revisions(id_)  # type: ignore[return-value]

    def get_all_current(self, id_: Any) -> Set[Script]:
        """Return what a database has applied and not built upon.

        :param id_: identifiers in the version table.
        :raises CommandError: when one of them does not exist.
        """
        with translated(self.revision_map, from_database=id_):
            current: Any = self.revision_map.get_all_current(id_)
            return set(current)

    def as_revision_number(
        self, id_: Optional[RevIdType]
    ) -> Optional[Union[str, Tuple[str, ...]]]:
        """Return the identifier that a name means.

        :param id_: a name; also ``heads``, for which a tuple is returned.
        :returns: the identifier; None for the base; the name itself when no revision
            has it.
        :raises CommandError: when it is ambiguous.
        """
        history = self.revision_map
        if id_ == "heads":
            return history.heads
        with translated(history):
            first = id_ if isinstance(id_, str) else next(iter(id_ or ()), None)
            if first is None:
                return None
            is_known = first in history.graph.nodes
            if not is_known and "@" not in first and first not in ("head", "base"):
                return first
            found = history.get_revision(first)
        return None if found is None else found.revision

    def get_current_head(self) -> Optional[str]:
        """Return the identifier of the head; None when there are no revisions.

        :raises CommandError: when there are several heads.
        """
        with translated(
            self.revision_map,
            multiple_heads="The script directory has multiple heads (due to "
            "branching).Please use get_heads(), or merge the branches using alembic "
            "merge.",
        ):
            return self.revision_map.get_current_head()

    def get_heads(self, consider_depends_on: bool = False) -> List[str]:
        """Return the identifiers of all heads.

        :param consider_depends_on: leave out heads that another revision depends on.
        """
        with translated(self.revision_map):
            if consider_depends_on:
                return list(self.revision_map.graph.real_heads)
            return list(self.revision_map.heads)

    def get_base(self) -> Optional[str]:
        """Return the identifier of the base; None when there are no revisions.

        :raises CommandError: when there are several bases.
        """
        bases = self.get_bases()
        if len(bases) > 1:
            raise CommandError(
                "The script directory has multiple bases. Please use get_bases()."
            )
        return bases[0] if bases else None

    def get_bases(self) -> List[str]:
        """Return the identifiers of all bases."""
        with translated(self.revision_map):
            return list(self.revision_map.bases)

    # -- ranges

    def walk_revisions(
        self, base: Any = "base", head: Any = "heads"
    ) -> Iterator[Script]:
        """Yield the revisions of a range, newest first, both ends included.

        :param base: the lower end.
        :param head: the upper end.
        :raises CommandError: when the two do not make a range.
        """
        with translated(self.revision_map, start=base, end=head):
            found = self.revision_map.iterate_revisions(head, base, inclusive=True)
            yield from found  # type: ignore[misc]

    def iterate_revisions(self, upper: Any, lower: Any, **kw: Any) -> Iterator[Script]:
        """Yield the revisions between two names, newest first, without the lower one.

        :param upper: the upper end.
        :param lower: the lower end.
        :param kw: what `RevisionMap.iterate_revisions` takes.
        :raises RevisionError: when the two do not make a range.
        """
        found: Any = self.revision_map.iterate_revisions(upper, lower, **kw)
        scripts: Iterator[Script] = found
        return scripts

    # -- plans

    def _upgrade_revs(self, destination: Any, current_rev: Any) -> List[RevisionStep]:
        """Return the steps from the revisions of a database up to another."""
        from . import planning

        return planning.upgrade_steps(self, destination, current_rev)

    def _downgrade_revs(self, destination: Any, current_rev: Any) -> List[RevisionStep]:
        """Return the steps from the revisions of a database down to another."""
        from . import planning

        return planning.downgrade_steps(self, destination, current_rev)

    def _stamp_revs(self, revision: Any, heads: Any) -> List[StampStep]:
        """Return the steps that make a version table say other revisions."""
        from . import planning

        return planning.stamp_steps(self, revision, heads)

    # -- new files

    def generate_revision(
        self,
        revid: str,
        message: Optional[str],
        head: Optional[RevIdType] = None,
        splice: Optional[bool] = False,
        branch_labels: Optional[RevIdType] = None,
        version_path: Optional[PathLike] = None,
        file_template: Optional[str] = None,
        depends_on: Optional[RevIdType] = None,
        **kw: Any,
    ) -> Optional[Script]:
        """Write a new revision file and add it to the history.

        :param revid: its identifier.
        :param message: its message.
        :param head: what it comes after: a name or several; ``head`` by default.
        :param splice: allow revisions that are no heads.
        :param branch_labels: names for the branch that begins with it.
        :param version_path: the version location; needed when there are several and
            it begins a branch.
        :param file_template: instead of the option of that name.
        :param depends_on: revisions or labels that it needs besides.
        :param kw: variables of the template.
        :returns: the new script.
        :raises CommandError: when it cannot be, with nothing written.
        """
        from . import writer

        with translated(
            self.revision_map,
            multiple_heads="Multiple heads are present; please specify the head "
            "revision on which the new revision should be based, or perform a merge.",
        ):
            parents = self.revision_map.get_revisions("head" if head is None else head)
            labels = to_tuple(branch_labels, default=())
            writer.refuse_id(revid, self.revision_map)
            writer.refuse_labels(labels, revid, self.revision_map)
        parents = tuple(dict.fromkeys(parents))
        if not splice:
            _refuse_non_heads(parents)
        needs = self._dependencies(depends_on)
        location = writer.location_of(
            self._locations(),
            None if version_path is None else resource_path(os.fspath(version_path)),
            parents,
        )
        created = self._generate_create_date()
        named = (location, revid, message, created, file_template)
        is_usual = getattr(self._rev_path, "__func__", None) is _REV_PATH
        path = absolute(
            self._path_of_new(*named) if is_usual else self._rev_path(*named)
        )
        template = os.path.join(self.dir, "script.py.mako")
        variables: Dict[str, Any] = dict(
            kw,
            up_revision=str(revid),
            down_revision=tuple_rev_as_scalar([p.revision for p in parents] or None)
            if len(parents) < 2
            else tuple(parent.revision for parent in parents),
            branch_labels=labels or None,
            create_date=created,
            depends_on=needs,
        )
        content = writer.render(template, self.output_encoding, message, variables)
        writer.refuse_other_id(content, revid, template)
        self._ensure_directory(os.path.dirname(path))
        with status(f"Generating {path}", **self.messaging_opts):
            writer.write(path, content)
        if not self.recursive_version_locations and os.path.dirname(path) != location:
            warn(
                f"{path} is in a subfolder of {location}, where revisions are only "
                "found with recursive_version_locations = true"
            )
        return self._take_in(path, content)

    def _take_in(self, path: str, content: bytes) -> Script:
        """Run the write hooks on a new file and add it to the history."""
        from .writer import syntax_error

        if self.hooks:
            from .write_hooks import _run_hooks

            _run_hooks(path, self.hooks, **self.messaging_opts)
            with open(path, "rb") as stream:
                content = stream.read()
        wrong = syntax_error(content)
        if wrong is not None:
            line, reason = wrong
            raise CommandError(
                f"{path} has been written, but it is not valid Python: line {line}: "
                f"{reason}; correct it by hand"
            )
        script = Script.from_source(content, path)
        with translated(self.revision_map):
            self.revision_map.add_revision(script)
        return script

    def _dependencies(
        self, depends_on: Optional[RevIdType]
    ) -> Optional[Union[str, Tuple[str, ...]]]:
        """Return dependencies as they are written: labels stay, the rest are ids."""
        labels = self.revision_map.graph.labels
        found = [
            name if name in labels else self.get_revision(name).revision
            for name in to_tuple(depends_on, default=())
        ]
        return tuple(found) if len(found) > 1 else (found[0] if found else None)

    def _ensure_directory(self, path: PathLike) -> None:
        path = absolute(path)
        if os.path.exists(path):
            return
        with status(f"Creating directory {path}", **self.messaging_opts):
            os.makedirs(path, exist_ok=True)

    def _generate_create_date(self) -> datetime:
        from .writer import creation_date

        return creation_date(self.timezone)

    def _rev_path(
        self,
        path: PathLike,
        rev_id: str,
        message: Optional[str],
        create_date: datetime,
        file_template: Optional[str] = None,
    ) -> Path:
        """Return the path of a new file; a subclass may name files in its own way."""
        from pathlib import Path

        return Path(
            self._path_of_new(path, rev_id, message, create_date, file_template)
        )

    def _path_of_new(
        self,
        path: PathLike,
        rev_id: str,
        message: Optional[str],
        create_date: datetime,
        file_template: Optional[str] = None,
    ) -> str:
        """Return the same as text, since `pathlib` takes as long as writing a file."""
        from .writer import file_path

        return file_path(
            os.fspath(path),
            file_template or self.file_template,
            rev_id,
            message,
            create_date,
            self.truncate_slug_length,
        )


_REV_PATH = ScriptDirectory._rev_path


def _refuse_non_heads(parents: Sequence[Revision]) -> None:
    for parent in parents:
        if not parent.is_head:
            raise CommandError(
                f"Revision {parent.revision} is not a head revision; please specify "
                "--splice to create a new branch from this revision"
            )


def _text(name: str, value: Any) -> Optional[str]:
    """Return the value of an option that is a text; None where it is not set."""
    if value is not None and not isinstance(value, str):
        raise CommandError(
            f"Option '{name}' must be a text, not {value!r}; put it into quotes"
        )
    return value


def _encoding(name: Optional[str]) -> str:
    """Return the name of an encoding, of which there has to be one."""
    if name is None:
        return "utf-8"
    try:
        "".encode(name)
    except (LookupError, ValueError):
        raise CommandError(
            f"Option 'output_encoding' names no encoding of texts: {name!r}; leave it "
            "out, or write one such as utf-8"
        ) from None
    return name


def _slug_length(config: Config) -> Optional[int]:
    value = config.get_alembic_option("truncate_slug_length", None)
    if value is None or value == "":
        return None
    try:
        return int(value)
    except (OverflowError, TypeError, ValueError):
        raise CommandError(
            f"Option 'truncate_slug_length' must be a whole number, not {value!r}"
        ) from None

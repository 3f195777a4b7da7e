"""RevisionMap: a history that is loaded when first asked, and answers."""

from __future__ import annotations

from .graph import Graph
from .model import Revision
from .ranges import downward
from .ranges import upward
from .symbols import Symbols
from .walk import ancestors
from .walk import newest_first

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Callable
    from typing import Collection
    from typing import Dict
    from typing import Iterable
    from typing import Iterator
    from typing import Optional
    from typing import Tuple
    from typing import TypeVar
    from typing import Union

    _TR = TypeVar("_TR", bound=Optional[Union[Revision, str]])

    RevisionIdentifier = Union[str, Collection[str], None]
    """A name of revisions, several of them, or None for the base."""


class RevisionMap:
    """The revisions of a history, by any of their names.

    :param generator: called without arguments at the first question; returns the
        revisions, or the graph that they make. Their order decides how they are
        listed where the history does not.

    Questions raise `RevisionError` when the history is broken or a name means
    nothing in it.

    Example::

        history = RevisionMap(lambda: [Revision("a", None), Revision("b", "a")])
        history.heads  # ("b",)
    """

    def __init__(
        self, generator: Callable[[], Union[Iterable[Revision], Graph]]
    ) -> None:
        self._generator = generator
        self._loaded: Optional[Tuple[Graph, Symbols]] = None

    @property
    def graph(self) -> Graph:
        """The revisions, tied together."""
        return self._load()[0]

    @property
    def symbols(self) -> Symbols:
        """What names mean."""
        return self._load()[1]

    def _load(self) -> Tuple[Graph, Symbols]:
        loaded = self._loaded
        if loaded is None:
            made = self._generator()
            graph = made if isinstance(made, Graph) else Graph(made)
            loaded = self._loaded = (graph, Symbols(graph))
        return loaded

    # -- the whole

    @property
    def heads(self) -> Tuple[str, ...]:
        """Identifiers of the revisions after which nothing comes."""
        return self.graph.heads

    @property
    def bases(self) -> Tuple[str, ...]:
        """Identifiers of the revisions before which nothing comes."""
        return self.graph.bases

    @property
    def _real_heads(self) -> Tuple[str, ...]:
        """The heads on which nothing depends either."""
        return self.graph.real_heads

    @property
    def _real_bases(self) -> Tuple[str, ...]:
        return self.graph.real_bases

    @property
    def _revision_map(self) -> Dict[Any, Optional[Revision]]:
        """Revisions by identifier and by label; None and ``()`` stand for the base."""
        graph = self.graph
        return {**graph.nodes, **graph.labels, None: None, (): None}

    def add_revision(self, revision: Revision, _replace: bool = False) -> None:
        """Add a revision that was not there when the history was loaded.

        :param revision: the revision.
        :param _replace: it takes the place of one with the same identifier.
        :raises RevisionError: when the history would not be sound with it; it stays
            as it was.
        """
        extended = self.graph.extended_by(
            revision, replacing=revision.revision if _replace else None
        )
        self._loaded = (extended, Symbols(extended))

    # -- names

    def get_revision(self, id_: RevisionIdentifier) -> Optional[Revision]:
        """Return the one revision that a name means.

        :param id_: an identifier or its unique beginning, ``head``, ``base``, a
            branch label, ``label@head``, ``id+N``, ``id-N`` ...
        :returns: the revision; None for the base.
        :raises ResolutionError: when it means none, or is ambiguous.
        :raises MultipleHeads: when it means several.
        """
        if id_ == "heads" and len(self.graph.real_heads) == 1:
            return self.get_revisions(id_)[0]
        return self.symbols.revision(id_)

    def get_revisions(self, id_: RevisionIdentifier) -> Tuple[Revision, ...]:
        """Return all revisions that a name, or each of several, means.

        :param id_: as for `get_revision`; also ``heads``, which leaves out a head that
            another one depends on, and ``-N`` for what is N steps below each head.
            The base is nothing.
        :raises ResolutionError: when a name means none, or is ambiguous.
        :raises MultipleHeads: for ``head`` where there are several.
        """
        if id_ == "heads":
            # as in the version table: a head that another one depends on is below it
            return tuple(self.graph.nodes[head] for head in self.graph.real_heads)
        return self.symbols.revisions(id_)

    def get_current_head(self, branch_label: Optional[str] = None) -> Optional[str]:
        """Return the identifier of the head, or None in an empty history.

        :param branch_label: of this branch only.
        :raises MultipleHeads: when there are several.
        """
        name = "head" if branch_label is None else f"{branch_label}@head"
        found = self.symbols.revisions(name)
        return found[0].revision if found else None

    def filter_for_lineage(
        self,
        targets: Iterable[_TR],
        check_against: Optional[str],
        include_dependencies: bool = False,
    ) -> Tuple[_TR, ...]:
        """Return those of ``targets`` that are below or above another revision.

        :param targets: revisions or identifiers.
        :param check_against: name of the other revision or branch; None keeps all.
        :param include_dependencies: follow ``depends_on`` too.
        """
        given = tuple(targets)
        if not check_against:
            return given
        kept = self.symbols.filter_for_lineage(
            [_id_of(one) for one in given if one is not None],
            check_against,
            include_dependencies,
        )
        return tuple(one for one in given if one is not None and _id_of(one) in kept)

    def _resolve_branch(self, branch_label: str) -> Revision:
        """Return the revision that carries a branch label."""
        return self.symbols.branch(branch_label)

    def get_all_current(self, id_: RevisionIdentifier) -> Tuple[Revision, ...]:
        """Return what a database at these revisions has applied and not built upon.

        Those that nothing applied comes after; a revision that others only depend on
        is one of them.
        """
        graph = self.graph
        applied = ancestors(graph, [one.revision for one in self.get_revisions(id_)])
        nodes = graph.nodes
        top = [name for name in applied if nodes[name].nextrev.isdisjoint(applied)]
        return tuple(nodes[name] for name in graph.in_order(top))

    # -- ranges

    def iterate_revisions(
        self,
        upper: RevisionIdentifier,
        lower: RevisionIdentifier,
        implicit_base: bool = False,
        inclusive: bool = False,
        assert_relative_length: bool = True,
        select_for_downgrade: bool = False,
    ) -> Iterator[Revision]:
        """Yield the revisions between two names, newest first.

        :param upper: the upper end. Going up: the destination, ``+N`` counted from
            ``lower``.
        :param lower: the lower end. Going down: the destination, ``-N`` counted from
            ``upper``.
        :param implicit_base: take all that ``upper`` needs, also from branches that
            ``lower`` is not on.
        :param inclusive: yield ``lower`` too.
        :param assert_relative_length: refuse a count for which there are not enough
            revisions; otherwise go as far as there are any.
        :param select_for_downgrade: yield what going down from ``upper`` to ``lower``
            takes away, dependent revisions on other branches included.
        :raises RevisionError: when the two ends do not make a range.
        """
        graph, symbols = self._load()
        if select_for_downgrade:
            chosen = downward(
                graph,
                symbols,
                upper,
                lower,
                inclusive=inclusive,
                assert_relative_length=assert_relative_length,
            )
        else:
            chosen = upward(
                graph,
                symbols,
                upper,
                lower,
                inclusive=inclusive,
                implicit_base=implicit_base,
                assert_relative_length=assert_relative_length,
            )
        yield from newest_first(graph, chosen)


def _id_of(revision: Union[Revision, str]) -> str:
    return revision.revision if isinstance(revision, Revision) else revision

"""Graph: the revisions of a history, tied together."""

from __future__ import annotations

from functools import cached_property

from ...util.messaging import warn
from .cycles import refuse_cycles
from .errors import MissingRevision
from .errors import RevisionError
from .model import Revision

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any
    from typing import Dict
    from typing import FrozenSet
    from typing import Iterable
    from typing import List
    from typing import Optional
    from typing import Sequence
    from typing import Set
    from typing import Tuple

_NOTHING: FrozenSet[str] = frozenset()


class Graph:
    """Revisions by identifier, with what is below and above each of them.

    Built whole or not at all: what it writes onto the revisions (``nextrev``,
    inherited labels, resolved dependencies) is written when nothing can fail any more.

    :param revisions: in the order in which they are to be listed.
    :param known: identifiers whose missing parents were warned of already.
    :param replacing: an identifier that may come twice; the later one counts.
    :raises CycleDetected: when revisions come before themselves.
    :raises RevisionError: when two revisions claim one branch label.
    """

    def __init__(
        self,
        revisions: Iterable[Revision],
        known: Iterable[str] = (),
        replacing: Optional[str] = None,
    ) -> None:
        self.nodes: Dict[str, Revision] = {}
        self.labels: Dict[str, Revision] = {}
        # parents that do not exist, by the revision that names them
        self.missing: Dict[str, Tuple[MissingRevision, ...]] = {}
        # identifiers that several files have, with the files
        self.files: Dict[str, List[str]] = {}
        for revision in revisions:
            self._enter(revision, replacing)
        self._name_branches()
        needs = {
            id_: self._dependencies_of(node)
            for id_, node in self.nodes.items()
            if node.dependencies
        }
        versioned, everything = self._tie(needs, frozenset(known))
        refuse_cycles(versioned, everything)
        self._write_down(versioned, everything, needs)

    @classmethod
    def from_tied(cls, revisions: Iterable[Revision]) -> Graph:
        """Return a graph of revisions that another graph has tied together before.

        :param revisions: all of its revisions, in their order, with all that it wrote
            onto them. None of their parents is missing.
        """
        graph = cls.__new__(cls)
        graph.nodes = {node.revision: node for node in revisions}
        graph.labels = {}
        graph.missing = {}
        graph.files = {}
        for place, node in enumerate(graph.nodes.values()):
            node.place = place
            for label in node.declared_labels:
                graph.labels[label] = node
        return graph

    def extended_by(self, revision: Revision, replacing: Optional[str] = None) -> Graph:
        """Return a graph with one more revision.

        :param revision: the revision; it comes last.
        :param replacing: an identifier that may come twice; the later one counts.
        :raises CycleDetected: when revisions would come before themselves.
        :raises RevisionError: when two revisions would claim one branch label.
        """
        if self._goes_on_top(revision):
            return self._with_on_top(revision)
        return Graph(
            [*self.nodes.values(), revision], known=self.missing, replacing=replacing
        )

    def _goes_on_top(self, revision: Revision) -> bool:
        """Tell whether a revision changes nothing but that heads are none any more."""
        id_, nodes = revision.revision, self.nodes
        return not (
            id_ in nodes
            or id_ in self.labels
            or revision.declared_labels
            or revision.dependencies
            # it may be one that others miss
            or self.missing
            or any(
                parent not in nodes or nodes[parent].above
                for parent in revision.parents
            )
        )

    def _with_on_top(self, revision: Revision) -> Graph:
        graph = type(self).__new__(type(self))
        graph.nodes = {**self.nodes, revision.revision: revision}
        graph.labels = self.labels
        graph.missing = self.missing
        graph.files = self.files
        _begin(revision, len(self.nodes))
        for parent in map(self.nodes.__getitem__, revision.parents):
            parent.add_nextrev(revision)
            # nothing is above a head, so its labels all come from below and go on
            revision.branch_labels.update(parent.branch_labels)
        return graph

    # -- answers

    def versioned_parents(self, id_: str) -> Tuple[str, ...]:
        """Return the parents of a revision.

        :raises MissingRevision: when one of them does not exist.
        """
        self.refuse_missing(id_)
        return self.nodes[id_].parents

    def parents(self, id_: str) -> Tuple[str, ...]:
        """Return the parents and the dependencies of a revision.

        :raises MissingRevision: when one of them does not exist.
        """
        self.refuse_missing(id_)
        return self.nodes[id_].below

    @cached_property
    def heads(self) -> Tuple[str, ...]:
        """Identifiers after which nothing comes."""
        return tuple(i for i, node in self.nodes.items() if not node.nextrev)

    @cached_property
    def real_heads(self) -> Tuple[str, ...]:
        """Those on which nothing depends either."""
        return tuple(i for i, node in self.nodes.items() if not node.above)

    @cached_property
    def bases(self) -> Tuple[str, ...]:
        """Identifiers before which nothing comes."""
        return tuple(i for i, node in self.nodes.items() if not node.parents)

    @cached_property
    def real_bases(self) -> Tuple[str, ...]:
        """Those that depend on nothing either."""
        return tuple(i for i, node in self.nodes.items() if node.is_real_base)

    def in_order(self, ids: Iterable[str]) -> List[str]:
        """Return identifiers in the order of loading."""
        return sorted(ids, key=lambda id_: self.nodes[id_].place)

    # -- building

    def _enter(self, revision: Revision, replacing: Optional[str]) -> None:
        id_ = revision.revision
        earlier = self.nodes.get(id_)
        if earlier is not None and id_ != replacing:
            warn(_present_twice(earlier, revision), stacklevel=3)
            both = [path for path in map(_where, (earlier, revision)) if path]
            self.files[id_] = [*self.files.get(id_, both[:1]), *both[1:]]
        self.nodes[id_] = revision

    def _name_branches(self) -> None:
        for node in self.nodes.values():
            for label in node.declared_labels:
                owner = self.labels.get(label) or self.nodes.get(label)
                if owner is not None:
                    raise RevisionError(
                        f"Branch name {label!r} in revision {node.revision} "
                        f"already used by revision {owner.revision}"
                    )
                self.labels[label] = node

    def _dependencies_of(self, node: Revision) -> Tuple[str, ...]:
        """Return the dependencies of a revision with labels replaced."""
        words = node.dependencies
        named = (words,) if isinstance(words, str) else words or ()
        ids = [
            self.labels[word].revision if word in self.labels else word
            for word in named
        ]
        return tuple(dict.fromkeys(ids))

    def _tie(
        self, needs: Dict[str, Tuple[str, ...]], known: Iterable[str]
    ) -> Tuple[Dict[str, Sequence[str]], Dict[str, Sequence[str]]]:
        """Return the existing parents of each revision, without and with needs."""
        nodes = self.nodes
        versioned: Dict[str, Sequence[str]] = {}
        for id_, node in nodes.items():
            parents: Sequence[str] = node.parents
            for parent in parents:
                if parent not in nodes:
                    parents = [p for p in parents if p in nodes]
                    break
            versioned[id_] = parents
        everything = dict(versioned)
        for id_, ids in needs.items():
            everything[id_] = tuple(
                dict.fromkeys([*versioned[id_], *(i for i in ids if i in nodes)])
            )
        for id_, node in nodes.items():
            if len(versioned[id_]) != len(node.parents) or any(
                need not in nodes for need in needs.get(id_, ())
            ):
                self._note_missing(node, needs.get(id_, ()), id_ in known)
        return versioned, everything

    def _note_missing(self, node: Revision, needs: Sequence[str], known: bool) -> None:
        from difflib import get_close_matches

        errors = []
        for relation, named in (
            ("down_revision", node.parents),
            ("depends_on", needs),
        ):
            for id_ in named:
                if id_ in self.nodes:
                    continue
                if not known:
                    warn(f"Revision {id_} referenced from {node} is not present")
                errors.append(
                    MissingRevision(
                        node.revision,
                        id_,
                        relation,
                        _where(node),
                        get_close_matches(id_, self.nodes, n=1),
                    )
                )
        self.missing[node.revision] = tuple(errors)

    def refuse_missing(self, id_: str) -> None:
        """Raise `MissingRevision` when a parent of a revision does not exist."""
        if self.missing and id_ in self.missing:
            raise self.missing[id_][0]

    def _write_down(
        self,
        versioned: Dict[str, Sequence[str]],
        everything: Dict[str, Sequence[str]],
        needs: Dict[str, Tuple[str, ...]],
    ) -> None:
        for place, node in enumerate(self.nodes.values()):
            _begin(node, place)
        children = _children(versioned)
        for id_, ids in children.items():
            # one object for both, which is kept once
            self.nodes[id_].nextrev = self.nodes[id_].above = frozenset(ids)
        for id_, ids in _children(everything).items() if needs else ():
            self.nodes[id_].above = frozenset(ids)
        for id_, dependencies in needs.items():
            self.nodes[id_].needs = dependencies
        self._drop_inherited_dependencies(needs, children)
        for node in set(self.labels.values()):
            self._spread_labels(node, children)

    def _drop_inherited_dependencies(
        self, needs: Dict[str, Tuple[str, ...]], children: Dict[str, List[str]]
    ) -> None:
        """Leave out dependencies that a revision below on the same branch has too."""
        needed_by: Dict[str, List[str]] = {}
        for id_, dependencies in needs.items():
            for need in dependencies:
                needed_by.setdefault(need, []).append(id_)
        inherited: Dict[str, Set[str]] = {}
        for need, ids in needed_by.items():
            if len(ids) > 1:
                for id_ in _strictly_above(ids, children).intersection(ids):
                    inherited.setdefault(id_, set()).add(need)
        for id_, dependencies in needs.items():
            dropped = inherited.get(id_, ())
            self.nodes[id_].own_needs = (
                tuple(need for need in dependencies if need not in dropped)
                if dropped
                else dependencies
            )

    def _spread_labels(self, owner: Revision, children: Dict[str, List[str]]) -> None:
        """Give labels to all that follows, and down to where the branch began."""
        labels = owner.declared_labels
        for id_ in _strictly_above([owner.revision], children):
            self.nodes[id_].branch_labels.update(labels)
        below = owner
        while len(below.parents) == 1:
            parent = self.nodes.get(below.parents[0])
            if parent is None or len(parent.above) > 1 or parent.is_merge_point:
                break
            parent.branch_labels.update(labels)
            below = parent


def _begin(node: Revision, place: int) -> None:
    """Take away what another history has written onto a revision."""
    node.place = place
    node.nextrev = node.above = _NOTHING
    node.needs = node.own_needs = ()
    if len(node.branch_labels) != len(node.declared_labels):
        node.branch_labels = set(node.declared_labels)


def _children(parents: Dict[str, Sequence[str]]) -> Dict[str, List[str]]:
    children: Dict[str, List[str]] = {}
    for id_, ids in parents.items():
        for parent in ids:
            children.setdefault(parent, []).append(id_)
    return children


def _strictly_above(ids: Iterable[str], children: Dict[str, List[str]]) -> Set[str]:
    found: Set[str] = set()
    pending = list(ids)
    while pending:
        for child in children.get(pending.pop(), ()):
            if child not in found:
                found.add(child)
                pending.append(child)
    return found


def _where(revision: Revision) -> Optional[str]:
    """Return the file of a revision that has one."""
    path: Any = getattr(revision, "path", None)
    return None if path is None else str(path)


def _present_twice(earlier: Revision, later: Revision) -> str:
    text = f"Revision {later.revision} is present more than once"
    first, second = _where(earlier), _where(later)
    if first is None or second is None or first == second:
        return text
    return (
        f"{text}: in {first} and in {second}, and the latter is used; give one of "
        "them another id, or delete it"
    )

"""Histories of every shape, held against a model that answers by brute force."""

from __future__ import annotations

from typing import Any
from typing import FrozenSet
from typing import Set

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic.script.planning import downgrade_steps
from alembic.script.planning import stamp_steps
from alembic.script.planning import upgrade_steps
from alembic.script.revision import ResolutionError
from alembic.script.revision import RevisionMap
from alembic.script.steps import MigrationStep
from alembic.util.exc import CommandError
from tests.support.histories import Folder
from tests.support.histories import histories
from tests.support.histories import History
from tests.support.histories import Model
from tests.support.histories import ODD_HISTORIES
from tests.support.histories import revision_map
from tests.support.histories import revisions
from tests.support.histories import Row
from tests.support.histories import states
from tests.support.histories import VersionRows


def _id(step: Any) -> str:
    return str(step.revision.revision)


def _check_upgrade(
    rows: History, heads: FrozenSet[str], target: Any, wanted: Set[str]
) -> None:
    """Plan an upgrade and check it for all that a plan must be."""
    model = Model(rows)
    applied = model.all_below(heads)
    steps = upgrade_steps(Folder(rows), target, tuple(heads))
    ids = [_id(step) for step in steps]
    assert len(ids) == len(set(ids)), "something runs twice"
    assert set(ids) == wanted - applied, "not complete, or not minimal"
    assert model.is_ordered(ids[::-1]), "something runs before what it stands on"
    table = VersionRows(heads)
    for step in steps:
        table.take(step)
        applied.add(_id(step))
        assert table.rows == model.effective_heads(applied)


def _check_downgrade(
    rows: History, heads: FrozenSet[str], target: Any, dropped: Set[str]
) -> None:
    """Plan a downgrade and check it for all that a plan must be."""
    model = Model(rows)
    applied = model.all_below(heads)
    steps = downgrade_steps(Folder(rows), target, tuple(heads))
    ids = [_id(step) for step in steps]
    assert len(ids) == len(set(ids)), "something is taken away twice"
    assert set(ids) == dropped, "not complete, or not minimal"
    assert model.is_ordered(ids), "something goes while another still stands on it"
    table = VersionRows(heads)
    for step in steps:
        table.take(step)
        applied.remove(_id(step))
        assert table.rows == model.effective_heads(applied)


@given(histories())
def test_ends_of_a_history(rows: History) -> None:
    """Heads and bases are what nothing comes after, and before."""
    model = Model(rows)
    history = revision_map(rows)
    parents = {parent for row in rows for parent in row.down}
    needed = {need for needs in model.needs.values() for need in needs}
    assert set(history.heads) == {row.id for row in rows} - parents
    assert set(history._real_heads) == {row.id for row in rows} - parents - needed
    assert set(history.bases) == {row.id for row in rows if not row.down}


@given(histories(max_size=120))
def test_listing_everything(rows: History) -> None:
    """A listing has each revision once, before all that it stands on."""
    found = [r.revision for r in revision_map(rows).iterate_revisions("heads", "base")]
    assert sorted(found) == sorted(row.id for row in rows)
    assert Model(rows).is_ordered(found)


@given(histories(), st.randoms(use_true_random=False))
def test_order_is_the_same_for_the_same_files(rows: History, random: Any) -> None:
    """The order of a listing comes from the order of the files and nothing else."""
    first = [r.revision for r in revision_map(rows).iterate_revisions("heads", "base")]
    second = [r.revision for r in revision_map(rows).iterate_revisions("heads", "base")]
    assert first == second


@given(st.data())
def test_upgrade_to_a_revision(data: st.DataObject) -> None:
    """An upgrade applies what the destination needs and nothing else, in order."""
    rows = data.draw(histories())
    heads = data.draw(states(rows))
    target = data.draw(st.sampled_from(rows)).id
    _check_upgrade(rows, heads, target, Model(rows).below(target))


@given(st.data())
def test_upgrade_to_all_heads(data: st.DataObject) -> None:
    """An upgrade to the heads applies all that is not applied."""
    rows = data.draw(histories(max_size=150))
    heads = data.draw(states(rows))
    _check_upgrade(rows, heads, "heads", {row.id for row in rows})


@given(st.data())
def test_upgrade_to_several(data: st.DataObject) -> None:
    """An upgrade to several destinations applies what each of them needs."""
    rows = data.draw(histories())
    heads = data.draw(states(rows))
    targets = tuple(
        row.id for row in data.draw(st.lists(st.sampled_from(rows), min_size=1))
    )
    _check_upgrade(rows, heads, targets, Model(rows).all_below(targets))


@given(st.data())
def test_upgrade_on_a_labelled_branch(data: st.DataObject) -> None:
    """``label@heads`` is every head that comes after the label."""
    rows = data.draw(histories())
    labelled = [row for row in rows if row.labels]
    if not labelled:
        return
    model = Model(rows)
    owner = data.draw(st.sampled_from(labelled))
    ends = model.all_above([owner.id], needs=False) & set(revision_map(rows).heads)
    heads = data.draw(states(rows))
    target = f"{owner.labels[0]}@heads"
    _check_upgrade(rows, heads, target, model.all_below(ends))


@given(st.data())
def test_downgrade_to_a_revision(data: st.DataObject) -> None:
    """A downgrade takes away what came after the destination and what needs that."""
    rows = data.draw(histories())
    heads = data.draw(states(rows))
    model = Model(rows)
    applied = model.all_below(heads)
    if not applied:
        return
    target = data.draw(st.sampled_from(sorted(applied)))
    children = [row.id for row in rows if target in row.down]
    dropped = model.all_above(set(children) & applied) & applied
    if not dropped and target not in heads:
        with pytest.raises(CommandError, match="is not a valid downgrade target"):
            downgrade_steps(Folder(rows), target, tuple(heads))
        return
    _check_downgrade(rows, heads, target, dropped)


@given(st.data())
def test_downgrade_to_the_base(data: st.DataObject) -> None:
    """A downgrade to the base takes everything away."""
    rows = data.draw(histories(max_size=150))
    heads = data.draw(states(rows))
    _check_downgrade(rows, heads, "base", Model(rows).all_below(heads))


@given(st.data())
def test_downgrade_of_one_branch(data: st.DataObject) -> None:
    """``label@base`` takes away what stands on the bases of the label, and no more."""
    rows = data.draw(histories())
    labelled = [row for row in rows if row.labels]
    if not labelled:
        return
    model = Model(rows)
    owner = data.draw(st.sampled_from(labelled))
    heads = data.draw(states(rows))
    applied = model.all_below(heads)
    bases = {id_ for id_ in model.below(owner.id, False) if not model.down[id_]}
    dropped = model.all_above(bases & applied) & applied
    _check_downgrade(rows, heads, f"{owner.labels[0]}@base", dropped)


@given(st.data())
def test_up_and_down_again_is_nothing(data: st.DataObject) -> None:
    """Each step down undoes its step up on the version rows, whatever the state."""
    rows = data.draw(histories(max_size=100))
    heads = data.draw(states(rows))
    folder = Folder(rows)
    steps = upgrade_steps(folder, "heads", tuple(heads))
    table = VersionRows(heads)
    seen = []
    for step in steps:
        seen.append(frozenset(table.rows))
        table.take(step)
    for step in reversed(steps):
        table.take(
            MigrationStep.downgrade_from_script(folder.revision_map, step.revision)
        )
        assert table.rows == seen.pop()
    assert table.rows == heads


@given(st.data())
def test_stamp(data: st.DataObject) -> None:
    """A stamp puts its destination in place of all that is above or below it."""
    rows = data.draw(histories())
    heads = data.draw(states(rows))
    target = data.draw(st.sampled_from(rows)).id
    model = Model(rows)
    related = model.below(target) | model.all_above([target])
    table = VersionRows(heads)
    for step in stamp_steps(Folder(rows), target, tuple(heads)):
        table.take(step)
    assert table.rows == (heads - related) | {target}


@given(st.data())
def test_stamp_at_all_heads(data: st.DataObject) -> None:
    """After a stamp at the heads an upgrade finds nothing to do."""
    rows = data.draw(histories())
    heads = data.draw(states(rows))
    folder = Folder(rows)
    table = VersionRows(heads)
    for step in stamp_steps(folder, "heads", tuple(heads)):
        table.take(step)
    assert upgrade_steps(folder, "heads", tuple(table.rows)) == []
    assert table.rows == Model(rows).effective_heads(row.id for row in rows)


@given(st.data())
def test_beginning_of_an_identifier(data: st.DataObject) -> None:
    """The beginning of one identifier means it; of several, the error names them."""
    rows = data.draw(histories(max_size=15))
    row = data.draw(st.sampled_from(rows))
    beginning = row.id[: data.draw(st.integers(1, len(row.id)))]
    meant = [other.id for other in rows if other.id.startswith(beginning)]
    history = revision_map(rows)
    if beginning in meant or len(meant) == 1:
        found = history.get_revision(beginning)
        assert found is not None
        assert found.revision == (beginning if beginning in meant else meant[0])
    else:
        with pytest.raises(ResolutionError) as caught:
            history.get_revision(beginning)
        assert sorted(caught.value.candidates) == sorted(meant)


@given(histories(), st.text(max_size=12))
def test_any_text_as_a_name(rows: History, text: str) -> None:
    """Whatever is typed as a name is answered, or refused in words for people."""
    for plan in (upgrade_steps, downgrade_steps, stamp_steps):
        try:
            plan(Folder(rows), text, ())
        except CommandError as error:
            assert str(error)  # noqa: PT017


@given(st.data())
def test_names_put_together_at_random(data: st.DataObject) -> None:
    """Every combination of labels, symbols and counts is answered or refused."""
    rows = data.draw(histories(max_size=12))
    words = ["head", "heads", "base", "current", "", "nope", rows[0].id, rows[-1].id]
    words += [label for row in rows for label in row.labels]
    name = (
        data.draw(st.sampled_from(["", *(word + "@" for word in words)]))
        + data.draw(st.sampled_from(words))
        + data.draw(st.sampled_from(["", "+0", "-0", "+1", "-1", "+2", "-2", "+", "-"]))
    )
    heads = tuple(data.draw(states(rows)))
    for plan in (upgrade_steps, downgrade_steps, stamp_steps):
        table = VersionRows(heads)
        try:
            steps = plan(Folder(rows), name, heads)
        except CommandError as error:
            assert str(error)  # noqa: PT017
            continue
        for step in steps:
            table.take(step)
        assert table.rows == Model(rows).effective_heads(
            Model(rows).all_below(table.rows)
        )


@pytest.mark.parametrize("name", ODD_HISTORIES)
def test_odd_histories_are_walked_in_full(name: str) -> None:
    """From each state of an odd history, every destination up and down is planned."""
    rows = ODD_HISTORIES[name]
    model = Model(rows)
    reached = {
        model.effective_heads(model.all_below(pair))
        for first in model.down
        for second in model.down
        for pair in ((), (first,), (first, second))
    }
    for heads in reached or {frozenset()}:
        applied = model.all_below(heads)
        _check_upgrade(rows, heads, "heads", set(model.down))
        _check_downgrade(rows, heads, "base", applied)
        for id_ in model.down:
            _check_upgrade(rows, heads, id_, model.below(id_))
        for id_ in applied:
            children = {row.id for row in rows if id_ in row.down} & applied
            if children or id_ in heads:
                dropped = model.all_above(children) & applied
                _check_downgrade(rows, heads, id_, dropped)


@given(histories(), st.data())
def test_adding_is_the_same_as_loading(rows: History, data: st.DataObject) -> None:
    """A history with a revision added is, in everything, the one loaded with it."""
    known = [row.id for row in rows]
    heads = list(revision_map(rows).heads)
    below = data.draw(st.lists(st.sampled_from(heads), max_size=3, unique=True))
    elsewhere = data.draw(st.lists(st.sampled_from(known), max_size=1, unique=True))
    down = tuple(dict.fromkeys([*below, *elsewhere]))
    added = Row("new", down)
    extended = revision_map(rows)
    extended.heads  # noqa: B018 - loaded before
    extended.add_revision(*revisions((added,)))
    assert _told(extended) == _told(revision_map((*rows, added)))


def _told(history: RevisionMap) -> Any:
    """Return all that a history tells of its revisions, and of itself."""
    graph = history.graph
    nodes = [(id_, vars(node)) for id_, node in graph.nodes.items()]
    labels = {label: node.revision for label, node in graph.labels.items()}
    ends = (graph.heads, graph.real_heads, graph.bases, graph.real_bases)
    return nodes, labels, ends, graph.missing, graph.files

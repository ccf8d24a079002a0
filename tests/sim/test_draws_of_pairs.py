"""Ids of pairs are those of children."""

import numpy as np

from sim.draws import child_ids, content_id, paired_ids


def test_pairs_are_children_of_their_parents() -> None:
    parents, children = [content_id("gp", n) for n in range(3)], [5, 2**63, 5]
    found = paired_ids(parents, children)
    assert found.tolist() == [int(child_ids(p, [c])[0]) for p, c in zip(parents, children, strict=True)]
    assert found.dtype == np.uint64


def test_a_parent_and_its_children() -> None:
    grid = paired_ids(np.array([[7], [8]]), np.arange(4))
    assert grid.shape == (2, 4)
    assert grid[1].tolist() == child_ids(8, np.arange(4)).tolist()
    assert len(np.unique(grid)) == 8
    assert paired_ids(7, 8) != paired_ids(8, 7)

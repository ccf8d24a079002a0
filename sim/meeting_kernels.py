"""The inner loops of the accounts over who met whom: a patient counts once for each owner, and period.

Whole numbers only, so that neither the order of the lines nor the cuts between weeks change anything.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.line_kernels import (
    AT_COMMUNE,
    AT_GP,
    AT_KIND,
    AT_LIST_TEAM,
    AT_PAYEE,
    AT_TEAM,
    AT_TERRITORY,
    AT_WEEK,
    OF_LIST,
    OF_PROVIDER,
    OWN_GP,
    OWN_LIST_TEAM,
    OWN_PHYSICIAN,
    OWN_TEAM,
    Ints,
    Places,
    Whole,
    read,
    set_owners,
)
from sim.line_reading import Lines
from sim.prefetch import ROWS_AHEAD, fetch_head, fetch_row

ROW_SHIFT: Final = 32

SET_OWNER, SET_SLOT, SET_SLOTS, SET_BITS, SET_PERIODS, SET_TOTAL, SET_SUMS, SET_OF, SET_LINE = range(9)
"""Columns of the declared sets of meetings (``meetings.Meetings``)."""


@kernel
def meets(
    value: Whole, which: Whole, owner: Whole, bit: Whole, spec: Ints, held: NDArray[Any], bits: NDArray[Any],
    head: Places, chain: Ints, counts: Ints,
) -> bool:  # fmt: skip
    """Whether a value is new to an owner (in a period); from now on it is not.

    The first owners of each value stand beside it; the others are chained behind.
    """
    first, rooms, bits_at = spec[which, SET_SLOT], spec[which, SET_SLOTS], spec[which, SET_BITS]
    for k in range(rooms):
        found = np.int64(held[value, first + k])
        if found == owner + 1 or found == 0:
            held[value, first + k] = owner + 1
            if bits_at < 0:
                return found == 0
            before = np.int64(bits[value, bits_at + k])
            bits[value, bits_at + k] = before | bit
            return before & bit == 0
    key = which << ROW_SHIFT | owner
    entry = np.int64(head[value])
    while entry > 0:
        if chain[entry, 0] == key:
            before = chain[entry, 1]
            chain[entry, 1] = before | bit
            return before & bit == 0
        entry = chain[entry, 2]
    counts[0] += 1
    entry = counts[0]
    chain[entry, 0], chain[entry, 1], chain[entry, 2] = key, bit, head[value]
    head[value] = entry
    return True


@kernel
def ask_for_value(lines: Lines, row: Whole, column: Ints, held: NDArray[Any], bits: NDArray[Any], head: Places) -> None:
    """Ask for what is known of the value of a line; beyond the last line nothing happens."""
    if row < len(lines.bytes):
        value = read(lines, row, column[0], column[1]) + 1
        fetch_row(held, value)
        fetch_row(bits, value)
        fetch_head(head, value)


@kernel
def meet_lines(
    row: Whole, lines: Lines, classes: Places, at: Ints, column: Ints, first_week: Whole, weeks: Whole, sizes: Ints,
    own: Ints, spec: Ints, of_class: tuple[Places, Places], acts: tuple[Places, Places, Places, Places],
    memory: tuple[NDArray[Any], NDArray[Any], Places, Ints, Ints], totals: Ints, sums: Ints, width: Whole,
) -> Whole:  # fmt: skip
    """Count values (patients) that owners meet for the first time, and feed footprints with them.

    Given:
        row, lines, classes: first line, the lines, and the class of each.
        at: where the columns that name owners stand.
        column: how the column whose values are met is read.
        first_week, weeks: a week of the run with which a year begins, and weeks of a year.
        sizes, own: number of owners of each kind; scratch, one place a kind.
        spec: the sets of meetings, one a row.
        of_class: sets of each class: where they start, and which.
        acts: for both sides, actions of each class: where they start, and their offsets.
        memory: who met whom: owners beside each value and their periods; the chain: where it starts, entries, count.
        totals, sums: written.
        width: size of the sums of one line (own, team, all).

    Returns:
        Where it stopped; ``-1 - row`` where an owner is beyond its table.
    """
    held, bits, head, chain, counts = memory
    while row < len(classes):
        ask_for_value(lines, row + ROWS_AHEAD, column, held, bits, head)
        kind = np.uint64(classes[row])
        begin, end = np.int64(of_class[0][kind]), np.int64(of_class[0][kind + np.uint64(1)])
        if begin < end:
            value = read(lines, row, column[0], column[1]) + 1
            if value >= len(head) or counts[0] + len(spec) >= len(chain):
                return row
            inside = set_owners(
                lines.bytes[row, at[AT_KIND]], lines.words[row, at[AT_PAYEE]], lines.words[row, at[AT_TEAM]],
                lines.halves[row, at[AT_TERRITORY]], lines.words[row, at[AT_GP]], lines.words[row, at[AT_LIST_TEAM]],
                lines.words[row, at[AT_COMMUNE]], sizes, own,
            )  # fmt: skip
            if not inside:
                return -1 - row
            week = (np.int64(lines.halves[row, at[AT_WEEK]]) - first_week) % weeks
            for k in range(begin, end):
                which = np.int64(of_class[1][k])
                owner = own[spec[which, SET_OWNER]]
                bit = np.int64(1) << (week * spec[which, SET_PERIODS] // weeks)
                if meets(value, which, owner, bit, spec, held, bits, head, chain, counts):
                    totals[spec[which, SET_TOTAL] + owner] += 1
                    if spec[which, SET_SUMS] >= 0:
                        feed_first(kind, spec[which, SET_OF], spec[which, SET_LINE], spec[which, SET_SUMS], own, acts,
                                   sums, width)  # fmt: skip
        row += 1
    return row


@kernel
def feed_first(
    kind: Whole, of: Whole, line: Whole, start: Whole, own: Ints, acts: tuple[Places, Places, Places, Places],
    sums: Ints, width: Whole,
) -> None:  # fmt: skip
    """Add one first meeting to the footprints of the actions that its line is, where it moves that line of the agent.

    ``line`` tells whose it is: the agent's own, that of the team, that of all.
    """
    apart = (line == 0 and own[OWN_PHYSICIAN] != own[OWN_GP]) or (line == 1 and own[OWN_TEAM] != own[OWN_LIST_TEAM])
    start += line * width
    if not (apart and of == OF_LIST):
        for a in range(acts[0][kind], acts[0][kind + 1]):
            sums[start + acts[1][a] + own[OWN_PHYSICIAN]] += 1
    if not (apart and of == OF_PROVIDER):
        for a in range(acts[2][kind], acts[2][kind + 1]):
            sums[start + acts[3][a] + own[OWN_GP]] += 1

"""The inner loops of the accounts over claim lines: classes, the tally of the year, who met whom, and the year's sums.

Whole numbers only, so that neither the order of the lines nor the cuts between weeks change anything. Every kernel that
fills a table returns the row at which there was no room; the caller makes room and calls it again from there.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim import events
from sim.draws import mixed
from sim.kernel import kernel
from sim.line_reading import I2, I4, U1, U2, Lines

type Ints = NDArray[Any]  # int64: in compiled code its elements are plain integers
type Places = NDArray[Any]  # int32
type Whole = Any  # a whole number, of whatever width the column has

EMPTY: Final = -1
KEY_BITS: Final = 24
CLASS_SHIFT: Final = 42
PROVIDER_SHIFT: Final = 21
HOME_SHIFT: Final = 16
ROW_SHIFT: Final = 32
PHYSICIAN, NURSE, HOSPITAL = events.PHYSICIAN, events.THE_NURSE, events.THE_HOSPITAL

PROVIDERS, LISTS, CARE, HOMES = range(4)
"""Tables of the tally, as their counts are kept."""

AT_KIND, AT_PAYEE, AT_TEAM, AT_TERRITORY, AT_GP, AT_LIST_TEAM, AT_COMMUNE, AT_WEEK = range(8)
"""Order of the columns that name owners (``line_reading.OWNER_COLUMNS``)."""

OWN_PHYSICIAN, OWN_NURSE, OWN_HOSPITAL, OWN_TEAM, OWN_GP, OWN_LIST_TEAM, OWN_TERRITORY, OWN_COMMUNE = range(8)
OWNERS: Final = (
    ("provider", "physician"), ("provider", "nurse"), ("provider", "hospital"), ("provider", "team"),
    ("list", "physician"), ("list", "team"), ("", "territory"), ("home", "commune"),
)  # fmt: skip
"""Owners of a line; the territory is the same whoever is asked for."""

OF_PROVIDER, OF_LIST, OF_HOME = range(3)
SET_OWNER, SET_SLOT, SET_SLOTS, SET_BITS, SET_PERIODS, SET_TOTAL, SET_SUMS, SET_OF, SET_LINE = range(9)
"""Columns of the declared sets of meetings (``meetings.Meetings``)."""


def owner_number(of: str, level: str) -> Whole:
    """Which of :data:`OWNERS` a level of a measure is."""
    return OWN_TERRITORY if level == "territory" else OWNERS.index((of, level))


@kernel
def read(lines: Lines, row: Whole, kind: Whole, column: Whole) -> Whole:
    """One number of one line."""
    if kind == U1:
        return np.int64(lines.bytes[row, column])
    if kind == U2:
        return np.int64(lines.halves[row, column]) & np.int64(0xFFFF)
    if kind == I2:
        return np.int64(lines.halves[row, column])
    if kind == I4:
        return np.int64(lines.words[row, column])
    return lines.longs[row, column]


@kernel
def slot_of(key: Whole, slots: Ints) -> Whole:
    """Where a key stands in a table of keys, or the empty slot where it would."""
    last = np.uint64(len(slots) - 1)
    slot = mixed(np.uint64(key)) & last
    while slots[slot] != EMPTY and slots[slot] != key:
        slot = (slot + np.uint64(1)) & last
    return np.int64(slot)


@kernel
def number_of(key: Whole, slots: Ints, numbers: Places, counts: Ints, table: Whole) -> Whole:
    """The number of a key in order of first meeting; a new key gets the next one."""
    slot = np.uint64(slot_of(key, slots))
    if slots[slot] == EMPTY:
        slots[slot] = key
        numbers[slot] = counts[table]
        counts[table] += 1
    return np.int64(numbers[slot])


@kernel
def code_lines(
    row: Whole, lines: Lines, columns: Ints, starts: Ints, digits: Ints, slots: Ints, numbers: Places, counts: Ints,
    known: Whole, firsts: Places, codes: Places,
) -> Whole:  # fmt: skip
    """Number of the code of every line from ``row`` on; returns where it stopped.

    Given:
        row, lines: first line, and the lines.
        columns: how the columns that decide the class are read.
        starts, digits: where the digits of each column start, and the digits.
        slots, numbers, counts: table of the codes met.
        known: codes met before.
        firsts: written, the line at which each new code was met.
        codes: written.
    """
    while row < len(codes):
        if 2 * (counts[0] + 1) > len(slots) or counts[0] - known >= len(firsts):
            return row
        code = np.int64(0)
        for c in range(len(starts)):
            place = columns[c, 1]
            value = (
                np.int64(lines.bytes[row, place])
                if columns[c, 0] == U1
                else (np.int64(lines.halves[row, place]) & np.int64(0xFFFF))
            )
            code += digits[np.uint64(starts[c] + value)]
        before = counts[0]
        codes[row] = number_of(code, slots, numbers, counts, 0)
        if counts[0] > before:
            firsts[before - known] = row
        row += 1
    return row


@kernel
def add_line(
    lines: Lines, row: Whole, number: Whole, is_new: bool, at: Ints, kind_of_line: Whole, values: Ints, owners: Places,
    sums: Ints,
) -> None:  # fmt: skip
    """Add one line to a group: one, and each value column; a new group takes its class and owners from the line."""
    if is_new:
        owners[number, AT_KIND] = lines.bytes[row, at[AT_KIND]]
        owners[number, AT_PAYEE] = lines.words[row, at[AT_PAYEE]]
        owners[number, AT_TEAM] = lines.words[row, at[AT_TEAM]]
        owners[number, AT_TERRITORY] = lines.halves[row, at[AT_TERRITORY]]
        owners[number, AT_GP] = lines.words[row, at[AT_GP]]
        owners[number, AT_LIST_TEAM] = lines.words[row, at[AT_LIST_TEAM]]
        owners[number, AT_COMMUNE] = lines.words[row, at[AT_COMMUNE]]
        owners[number, AT_WEEK] = kind_of_line  # the last place holds the class
    sums[number, 0] += 1
    for v in range(len(values)):
        sums[number, v + 1] += read(lines, row, values[v, 0], values[v, 1])


@kernel
def full(slots: Ints, counts: Ints, table: Whole) -> bool:
    """Whether a table has no room for one more key."""
    return bool(2 * (counts[table] + 1) > len(slots))


@kernel
def tally_lines(
    row: Whole, lines: Lines, classes: Places, at: Ints, values: Ints, counts: Ints,
    providers: tuple[Ints, Places], lists: tuple[Ints, Places],
    care: tuple[Ints, Places, Places, Ints], homes: tuple[Ints, Places, Places, Ints],
) -> Whole:  # fmt: skip
    """Add lines to the groups of the year, by (class, provider, list) and by (class, home); returns where it stopped.

    Given:
        row, lines: first line, and the lines.
        classes: class of every line.
        at: where the columns that name owners stand.
        values: how the columns that are added up are read.
        counts: keys in each table.
        providers, lists: slots and numbers of the keys met.
        care, homes: slots, numbers, owners and sums of the groups met.
    """
    last_list, of_list = np.int64(EMPTY), np.int64(0)
    while row < len(classes):
        if (
            full(providers[0], counts, PROVIDERS) or full(lists[0], counts, LISTS) or full(care[0], counts, CARE)
            or full(homes[0], counts, HOMES)
        ):  # fmt: skip
            return row
        wide = np.int64(classes[row]) << CLASS_SHIFT
        territory = np.int64(lines.halves[row, at[AT_TERRITORY]]) + 1
        key = np.int64(lines.bytes[row, at[AT_KIND]]) + 1
        key = (key << KEY_BITS) + np.int64(lines.words[row, at[AT_PAYEE]]) + 1
        key = (key << KEY_BITS) + np.int64(lines.words[row, at[AT_TEAM]]) + 1
        provider = number_of(key, providers[0], providers[1], counts, PROVIDERS)
        key = (territory << KEY_BITS) + np.int64(lines.words[row, at[AT_GP]]) + 1
        key = (key << KEY_BITS) + np.int64(lines.words[row, at[AT_LIST_TEAM]]) + 1
        if key != last_list:  # lines come by patient: the next one is often of the same list
            last_list, of_list = key, number_of(key, lists[0], lists[1], counts, LISTS)
        before = counts[CARE]
        number = number_of(wide | provider << PROVIDER_SHIFT | of_list, care[0], care[1], counts, CARE)
        add_line(lines, row, number, number == before, at, classes[row], values, care[2], care[3])
        before = counts[HOMES]
        key = wide | (np.int64(lines.words[row, at[AT_COMMUNE]]) + 1) << HOME_SHIFT | territory
        number = number_of(key, homes[0], homes[1], counts, HOMES)
        add_line(lines, row, number, number == before, at, classes[row], values, homes[2], homes[3])
        row += 1
    return row


@kernel
def or_nobody(owner: Whole, nobody: Whole) -> Whole:
    """The owner, or the number of owners where there is none."""
    return owner if owner >= 0 else nobody


@kernel
def set_owners(
    kind: Whole,
    payee: Whole,
    team: Whole,
    territory: Whole,
    gp: Whole,
    list_team: Whole,
    commune: Whole,
    sizes: Ints,
    own: Ints,
) -> bool:
    """Write the owners of a line in the order of :data:`OWNERS`; false where one is beyond its table."""
    own[OWN_PHYSICIAN] = or_nobody(payee if kind == PHYSICIAN else -1, sizes[OWN_PHYSICIAN])
    own[OWN_NURSE] = or_nobody(payee if kind == NURSE else -1, sizes[OWN_NURSE])
    own[OWN_HOSPITAL] = or_nobody(payee if kind == HOSPITAL else -1, sizes[OWN_HOSPITAL])
    own[OWN_TEAM] = or_nobody(team, sizes[OWN_TEAM])
    own[OWN_GP] = or_nobody(gp, sizes[OWN_GP])
    own[OWN_LIST_TEAM] = or_nobody(list_team, sizes[OWN_LIST_TEAM])
    own[OWN_TERRITORY] = or_nobody(territory, sizes[OWN_TERRITORY])
    own[OWN_COMMUNE] = or_nobody(commune, sizes[OWN_COMMUNE])
    inside = True
    for o in range(len(sizes)):
        inside &= own[o] <= sizes[o]
    return inside


@kernel
def meets(
    value: Whole, which: Whole, owner: Whole, bit: Whole, spec: Ints, held: Places, bits: Ints, head: Places,
    chain: Ints, counts: Ints,
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
            before = bits[value, bits_at + k]
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
def meet_lines(
    row: Whole, lines: Lines, classes: Places, at: Ints, column: Ints, first_week: Whole, weeks: Whole, sizes: Ints,
    own: Ints, spec: Ints, of_class: tuple[Places, Places], acts: tuple[Places, Places, Places, Places],
    memory: tuple[Places, Ints, Places, Ints, Ints], totals: Ints, sums: Ints, width: Whole,
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


@kernel
def feed_actions(first: Places, acts: Places, kind: Whole, place: Whole, value: Whole, sums: Ints) -> None:
    """Add a value to the sums of every action of a class."""
    for a in range(first[kind], first[kind + 1]):
        sums[place + acts[a]] += value


@kernel
def spread_groups(
    owners: Places, group_sums: Ints, sizes: Ints, own: Ints, of_class: tuple[Places, Places], facts: Ints,
    level_first: Ints, levels: Ints, acts: tuple[Places, Places, Places, Places], totals: Ints, sums: Ints,
    units: Ints, width: Whole,
) -> bool:  # fmt: skip
    """Add every group of the year to the measures that count it, for each owner, and to their footprints.

    Given:
        owners, group_sums: the groups.
        sizes, own: number of owners of each kind; scratch, one place a kind.
        of_class: measures of each class: where they start, and which.
        facts: of each measure: value column, whom it belongs to, where its footprints start (-1 for none).
        level_first, levels: of each measure, its levels: owner and where its totals start.
        acts, width: as :func:`meet_lines`.
        totals, sums: written.
        units: how often each action was done by each agent; empty where that is not asked.

    Returns:
        False where an owner is beyond its table.
    """
    for group in range(len(owners)):
        inside = set_owners(
            owners[group, AT_KIND], owners[group, AT_PAYEE], owners[group, AT_TEAM], owners[group, AT_TERRITORY],
            owners[group, AT_GP], owners[group, AT_LIST_TEAM], owners[group, AT_COMMUNE], sizes, own,
        )  # fmt: skip
        if not inside:
            return False
        kind = np.int64(owners[group, AT_WEEK])
        across = 2
        if own[OWN_TEAM] == own[OWN_LIST_TEAM]:
            across = 1
        if own[OWN_PHYSICIAN] == own[OWN_GP]:
            across = 0
        if len(units):
            feed_actions(acts[0], acts[1], kind, own[OWN_PHYSICIAN], group_sums[group, 0], units)
            feed_actions(acts[2], acts[3], kind, own[OWN_GP], group_sums[group, 0], units)
        for k in range(of_class[0][kind], of_class[0][kind + 1]):
            m = np.int64(of_class[1][k])
            value = group_sums[group, facts[m, 0]]
            for level in range(level_first[m], level_first[m + 1]):
                totals[levels[level, 1] + own[levels[level, 0]]] += value
            start = facts[m, 2]
            if start >= 0:
                moved = across if facts[m, 1] == OF_LIST else 0
                feed_actions(acts[0], acts[1], kind, start + moved * width + own[OWN_PHYSICIAN], value, sums)
                moved = across if facts[m, 1] == OF_PROVIDER else 0
                feed_actions(acts[2], acts[3], kind, start + moved * width + own[OWN_GP], value, sums)
    return True

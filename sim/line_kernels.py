"""The inner loops of the accounts over claim lines: classes, the tally of the year, and the year's sums.

Whole numbers only, so that neither the order of the lines nor the cuts between weeks change anything. Every kernel that
fills a table returns the row at which there was no room; the caller makes room and calls it again from there.

The tables of a large world are larger than the caches. So each step is done for some lines together, and what the next
step will read is asked for meanwhile: waiting for one line after the other took two thirds of the time.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim import events
from sim.draws import mixed
from sim.kernel import kernel
from sim.line_reading import I2, I4, U1, U2, Lines
from sim.prefetch import fetch_head, fetch_row

type Ints = NDArray[Any]  # int64: in compiled code its elements are plain integers
type Places = NDArray[Any]  # int32
type Whole = Any  # a whole number, of whatever width the column has

EMPTY: Final = -1
LINES_TOGETHER: Final = 64
"""Lines that take each step together, and new keys for which there must be room."""
KEY_BITS: Final = 24
CLASS_SHIFT: Final = 42
PROVIDER_SHIFT: Final = 21
HOME_SHIFT: Final = 16
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
def ask_for(key: Whole, slots: Ints, numbers: Places) -> None:
    """Ask for the place where a key is looked up first."""
    slot: Whole = np.int64(mixed(np.uint64(key)) & np.uint64(len(slots) - 1))
    fetch_head(slots, slot)
    fetch_head(numbers, slot)


@kernel
def full(slots: Ints, counts: Ints, table: Whole) -> bool:
    """Whether a table lacks room for the new keys of some lines."""
    return bool(2 * (counts[table] + LINES_TOGETHER) > len(slots))


@kernel
def digit_of(lines: Lines, row: Whole, kind: Whole, place: Whole, start: Whole, digits: NDArray[Any]) -> Whole:
    """The digit of one small column of a line."""
    value = np.int64(lines.bytes[row, place]) if kind == U1 else (np.int64(lines.halves[row, place]) & np.int64(0xFFFF))
    return np.int64(digits[np.uint64(start + value)])


@kernel
def add_digits(
    lines: Lines, row: Whole, kind: Whole, column: Whole, start: Whole, place: Whole, digits: NDArray[Any], keys: Ints,
    some: Whole,
) -> None:  # fmt: skip
    """Add what one small column of some lines is worth to their codes: a loop for each width, with no branch in it."""
    first, column, start = np.uint64(row), np.uint64(column), np.uint64(start)
    if kind == U1:
        for k in range(np.uint64(some)):
            keys[k] += place * np.int64(digits[start + np.uint64(lines.bytes[first + k, column])])
    else:
        for k in range(np.uint64(some)):
            value = np.uint64(lines.halves[first + k, column]) & np.uint64(0xFFFF)
            keys[k] += place * np.int64(digits[start + value])


@kernel
def code_lines(
    row: Whole, lines: Lines, columns: Ints, starts: Ints, places: Ints, digits: NDArray[Any], slots: Ints,
    numbers: Places, counts: Ints, known: Whole, firsts: Places, codes: Places, keys: Ints,
) -> Whole:  # fmt: skip
    """Number of the code of every line from ``row`` on; returns where it stopped.

    Given:
        row, lines: first line, and the lines.
        columns: how the columns that decide the class are read.
        starts, places, digits: where the digits of each column start, what one of them is worth, and the digits.
        slots, numbers, counts: table of the codes met.
        known: codes met before.
        firsts: written, the line at which each new code was met.
        codes: written.
        keys: scratch, one place a line of those taken together.
    """
    while row < len(codes):
        some = min(len(keys), len(codes) - row)
        if full(slots, counts, 0) or counts[0] - known + some > len(firsts):
            return row
        for k in range(some):
            keys[k] = 0
        for c in range(len(starts)):
            add_digits(lines, row, columns[c, 0], columns[c, 1], starts[c], places[c], digits, keys, some)
        for k in range(some):
            ask_for(keys[k], slots, numbers)
        for k in range(some):
            before = counts[0]
            codes[row + k] = number_of(keys[k], slots, numbers, counts, 0)
            if counts[0] > before:
                firsts[before - known] = row + k
        row += some
    return row


@kernel
def match_lines(
    lines: Lines, rows: Places, columns: Ints, starts: Ints, digits: NDArray[Any], met_from: Ints, met: NDArray[Any],
    required: NDArray[Any], members: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Which declarations some lines meet: those all of whose conditions hold.

    Given:
        lines, rows: the lines, and which of them.
        columns, starts, digits: as :func:`code_lines`.
        met_from, met: conditions that a line meets by its digit in each column, 64 a word.
        required: conditions of each declaration, likewise.
        members: all true; written, a row a line and a column a declaration.
    """
    for k in range(len(rows)):
        for word in range(required.shape[1]):
            held = np.uint64(0)
            for c in range(len(starts)):
                digit = digit_of(lines, rows[k], columns[c, 0], columns[c, 1], starts[c], digits)
                held |= met[met_from[c] + digit, word]
            for d in range(len(required)):
                members[k, d] &= held & required[d, word] == required[d, word]


@kernel
def group_of(
    key: Whole, lines: Lines, row: Whole, at: Ints, kind_of_line: Whole, groups: tuple[Ints, Places, Places, Ints],
    counts: Ints, table: Whole,
) -> Whole:  # fmt: skip
    """Number of the group of a line, whose sums are asked for; a new one takes its class and owners from the line."""
    before = counts[table]
    number = number_of(key, groups[0], groups[1], counts, table)
    fetch_row(groups[3], number)
    if number == before:
        owners = groups[2]
        owners[number, AT_KIND] = lines.bytes[row, at[AT_KIND]]
        owners[number, AT_PAYEE] = lines.words[row, at[AT_PAYEE]]
        owners[number, AT_TEAM] = lines.words[row, at[AT_TEAM]]
        owners[number, AT_TERRITORY] = lines.halves[row, at[AT_TERRITORY]]
        owners[number, AT_GP] = lines.words[row, at[AT_GP]]
        owners[number, AT_LIST_TEAM] = lines.words[row, at[AT_LIST_TEAM]]
        owners[number, AT_COMMUNE] = lines.words[row, at[AT_COMMUNE]]
        owners[number, AT_WEEK] = kind_of_line  # the last place holds the class, or its kind
    return number


@kernel
def add_value(
    lines: Lines, row: Whole, kind: Whole, column: Whole, place: Whole, sums: Ints, groups: Ints, homes: Ints,
    of_home: Ints, some: Whole,
) -> None:  # fmt: skip
    """Add one column of some lines to the sums of their two groups."""
    for k in range(np.uint64(some)):
        value = read(lines, row + k, kind, column)
        sums[np.uint64(groups[k]), np.uint64(place)] += value
        homes[np.uint64(of_home[k]), np.uint64(place)] += value


@kernel
def provider_key(lines: Lines, row: Whole, at: Ints) -> Whole:
    """What tells the provider of a line from others."""
    key = np.int64(lines.bytes[row, at[AT_KIND]]) + 1
    key = (key << KEY_BITS) + np.int64(lines.words[row, at[AT_PAYEE]]) + 1
    return (key << KEY_BITS) + np.int64(lines.words[row, at[AT_TEAM]]) + 1


@kernel
def list_key(lines: Lines, row: Whole, at: Ints, territory: Whole) -> Whole:
    """What tells the list of a line from others."""
    key = (territory << KEY_BITS) + np.int64(lines.words[row, at[AT_GP]]) + 1
    return (key << KEY_BITS) + np.int64(lines.words[row, at[AT_LIST_TEAM]]) + 1


@kernel
def tally_lines(
    row: Whole, lines: Lines, classes: Places, home_kinds: Places, at: Ints, values: Ints, counts: Ints,
    providers: tuple[Ints, Places], lists: tuple[Ints, Places],
    care: tuple[Ints, Places, Places, Ints], homes: tuple[Ints, Places, Places, Ints], of_care: Ints, of_home: Ints,
) -> Whole:  # fmt: skip
    """Add lines to the groups of the year, by (class, provider, list) and by (kind, home); returns where it stopped.

    Given:
        row, lines: first line, and the lines.
        classes: class of every line.
        home_kinds: kind of each class: classes that measures of residents treat alike are of one.
        at: where the columns that name owners stand.
        values: how the columns that are added up are read.
        counts: keys in each table.
        providers, lists: slots and numbers of the keys met.
        care, homes: slots, numbers, owners and sums of the groups met.
        of_care, of_home: scratch, one place a line of those taken together.
    """
    last_list, of_list = np.int64(EMPTY), np.int64(0)
    while row < len(classes):
        if (
            full(providers[0], counts, PROVIDERS) or full(lists[0], counts, LISTS) or full(care[0], counts, CARE)
            or full(homes[0], counts, HOMES)
        ):  # fmt: skip
            return row
        some = min(len(of_care), len(classes) - row)
        for k in range(some):
            wide = np.int64(classes[row + k]) << CLASS_SHIFT
            territory = np.int64(lines.halves[row + k, at[AT_TERRITORY]]) + 1
            provider = number_of(provider_key(lines, row + k, at), providers[0], providers[1], counts, PROVIDERS)
            key = list_key(lines, row + k, at, territory)
            if key != last_list:  # lines come by patient: the next one is often of the same list
                last_list, of_list = key, number_of(key, lists[0], lists[1], counts, LISTS)
            of_care[k] = wide | provider << PROVIDER_SHIFT | of_list
            home = (np.int64(lines.words[row + k, at[AT_COMMUNE]]) + 1) << HOME_SHIFT | territory
            of_home[k] = np.int64(home_kinds[classes[row + k]]) << CLASS_SHIFT | home
            ask_for(of_care[k], care[0], care[1])
            ask_for(of_home[k], homes[0], homes[1])
        for k in range(some):
            of_care[k] = group_of(of_care[k], lines, row + k, at, classes[row + k], care, counts, CARE)
            of_home[k] = group_of(of_home[k], lines, row + k, at, home_kinds[classes[row + k]], homes, counts, HOMES)
        for k in range(some):
            care[3][of_care[k], 0] += 1
            homes[3][of_home[k], 0] += 1
        for v in range(len(values)):
            add_value(lines, row, values[v, 0], values[v, 1], v + 1, care[3], of_care, homes[3], of_home, some)
        row += some
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

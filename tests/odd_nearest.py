"""The k-d tree of section 7.2 of the ODD document, written again from its text alone: which of equally near sites comes
first.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

LIST = 10


class Heap:
    """The smallest key first; keys are compared strictly."""

    def __init__(self) -> None:
        self.held: list[tuple[float, Any]] = []

    def put(self, key: float, what: Any) -> None:
        h = self.held
        h.append((key, what))
        i = len(h) - 1
        while i > 0 and h[i][0] < h[(i - 1) // 2][0]:
            h[i], h[(i - 1) // 2] = h[(i - 1) // 2], h[i]
            i = (i - 1) // 2

    def take(self) -> tuple[float, Any]:
        h = self.held
        taken, last = h[0], h.pop()
        if h:
            h[0] = last
        i = 0
        while True:
            below = [place for place in (2 * i + 1, 2 * i + 2) if place < len(h) and h[place][0] < h[i][0]]
            if not below:
                return taken
            best = min(below, key=lambda place: h[place][0])
            h[i], h[best] = h[best], h[i]
            i = best


def select(a: list[int], f: int, m: int, end: int, value: Callable[[int], float]) -> None:
    """Bring to place ``m`` what belongs there."""
    while end - f > 3:
        _median_to(a, f, (f + 1, (f + end) // 2, end - 1), value)
        i, j, pivot = f + 1, end, value(a[f])
        while True:
            while value(a[i]) < pivot:
                i += 1
            j -= 1
            while pivot < value(a[j]):
                j -= 1
            if i >= j:
                break
            a[i], a[j] = a[j], a[i]
            i += 1
        f, end = (i, end) if i <= m else (f, i)
    a[f:end] = sorted(a[f:end], key=value)


def _median_to(a: list[int], f: int, places: tuple[int, int, int], value: Callable[[int], float]) -> None:
    p, q, r = places
    x, y, z = (value(a[place]) for place in places)
    middle = (q if y < z else r if x < z else p, p if x < z else r if y < z else q)
    chosen = middle[0 if x < y else 1]
    a[f], a[chosen] = a[chosen], a[f]


def part(a: list[int], f: int, end: int, under: Callable[[int], bool]) -> int:
    """Put those under the split first; where they end."""
    while True:
        while f < end and under(a[f]):
            f += 1
        end -= 1
        while end > f and not under(a[end]):
            end -= 1
        if f >= end:
            return f
        a[f], a[end] = a[end], a[f]
        f += 1


def grown(sites: Any, a: list[int], f: int, end: int) -> Any:
    """The tree over places ``f`` to ``end`` of a list: a list, or a coordinate, a split and two sides."""
    spread = np.ptp(sites[a[f:end]], axis=0)
    d = int(spread[1] > spread[0])
    if end - f <= LIST or spread[d] == 0:
        return f, end
    middle = f + (end - f) // 2
    select(a, f, middle, end, lambda site: sites[site, d])
    v = sites[a[middle], d]
    cut = part(a, f, middle, lambda site: sites[site, d] < v)
    if cut == f:
        v = np.nextafter(sites[a[f:end], d].min(), np.inf)
        cut = part(a, f, end, lambda site: sites[site, d] < v)
    return d, v, grown(sites, a, f, cut), grown(sites, a, cut, end)


def nearest(sites: Any, places: Any, k: int) -> list[list[int]]:
    """The ``k`` nearest sites of each place, nearest first."""
    a = list(range(len(sites)))
    tree = grown(sites, a, 0, len(sites))
    return [_found(sites, a, tree, place, k) for place in places]


def _found(sites: Any, a: Sequence[int], tree: Any, place: Any, k: int) -> list[int]:
    box = np.maximum(0, np.maximum(place - sites.max(axis=0), sites.min(axis=0) - place)) ** 2
    parts, found, bound = Heap(), Heap(), np.inf
    parts.put(box.sum(), (box, tree))
    while parts.held:
        at, (terms, node) = parts.take()
        while len(node) > 2:
            if at > bound:
                break
            d, v, first, second = node
            near, far = (first, second) if place[d] < v else (second, first)
            other = terms.copy()
            other[d] = (v - place[d]) ** 2
            if at - terms[d] + other[d] <= bound:
                parts.put(at - terms[d] + other[d], (other, far))
            node = near
        else:
            for site in a[node[0] : node[1]]:
                away = ((sites[site] - place) ** 2).sum()
                if away < bound:
                    if len(found.held) == k:
                        found.take()
                    found.put(-away, site)
                    bound = -found.held[0][0] if len(found.held) == k else bound
            continue
        break
    return [found.take()[1] for _ in range(len(found.held))][::-1]

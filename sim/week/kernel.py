"""How the functions of the weekly passage are compiled."""

from numba import njit

kernel = njit(cache=True, nogil=True, _nrt=False)
"""Compiled once and kept on disk; releases the interpreter; allocates nothing.

Without Numba's run time (``_nrt``) no reference is counted: a scene holds a dozen tables, and counting them at each call
cost more than the work itself.
"""

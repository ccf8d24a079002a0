"""National norms: what payment rules compare with, made by reference studies with the very parameters of a scenario."""

from scenarios.norms.design import Design, declared_design, key_of
from scenarios.norms.finding import Found, find, make, make_ready, needs_norms, norms_for

__all__ = ["Design", "Found", "declared_design", "find", "key_of", "make", "make_ready", "needs_norms", "norms_for"]

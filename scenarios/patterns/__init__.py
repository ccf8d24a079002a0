"""Patterns: what is known of the real world, described in files, run on the study engine, and judged."""

from scenarios.patterns.declaration import Pattern, read_patterns
from scenarios.patterns.judgement import Judgement, judged
from scenarios.patterns.validation import run_patterns, validate

__all__ = ["Judgement", "Pattern", "judged", "read_patterns", "run_patterns", "validate"]

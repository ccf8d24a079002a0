"""Evaluate the evaluation: what an evaluator's tools say of a policy, against what simulated worlds know of it."""

"""Calibration: parameters with ranges, targets with likelihoods, and what the targets say of the parameters."""

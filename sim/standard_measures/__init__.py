"""The measures that every payment rule may ask for (systems 0.6, 3), declared by importing this package."""

from sim.standard_measures import acts, care, groups, lists, organisation, payers

__all__ = ["acts", "care", "groups", "lists", "organisation", "payers"]

"""The NumPy workload by which speeds of different machines are compared: ``python benchmarks/numpy_reference.py``."""

from scenarios.bench import numpy_reference

if __name__ == "__main__":
    print(f"{numpy_reference():.1f} million elements/s")

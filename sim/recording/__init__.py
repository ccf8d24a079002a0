"""How a run is written: the tables of every week, the places of the map, the manifest, and a folder whole or absent."""

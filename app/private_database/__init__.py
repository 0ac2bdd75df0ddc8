"""A private SQLite file that one thread owns: opened with suspicion, renewed when damaged."""

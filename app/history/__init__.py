"""What the limits were: every accepted reading, kept in SQLite, read back for charts."""

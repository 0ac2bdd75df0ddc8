"""What was asked and answered, kept in SQLite per account: found again, renamed, deleted."""

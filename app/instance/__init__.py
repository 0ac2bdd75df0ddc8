"""One tray program per user: a lock decides, a socket brings what later starts want of it."""

"""Starting with the system, by each system's own mechanism, which alone knows if it is on."""

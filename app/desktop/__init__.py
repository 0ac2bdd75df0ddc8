"""Adapters to the desktop that are not widgets."""

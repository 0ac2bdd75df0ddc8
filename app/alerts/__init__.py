"""Warnings: which ones are due, which were given, when they may be shown."""

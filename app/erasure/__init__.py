"""Deleting everything of ours from this computer: which files are ours, and what became of them."""

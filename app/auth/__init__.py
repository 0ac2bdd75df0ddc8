"""Signing in and keeping the tokens."""

"""One conversation over the Codex Responses API."""

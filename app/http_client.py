"""The one module that imports httpx: one transport with deadlines, caps and typed errors."""

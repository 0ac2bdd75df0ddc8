"""A stand-in for the service on loopback: sign-in, usage, models and streamed answers.

It shares no code with the client, so that one mistake cannot hide in both. `server.Simulator`
starts it inside a process, `python -m app.simulator` alone, and `visitor.visit` is the person
at its sign-in page. `faults` makes it misbehave on request.
"""

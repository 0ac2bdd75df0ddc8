"""A stand-in for the service on loopback, for the demo and the tests."""

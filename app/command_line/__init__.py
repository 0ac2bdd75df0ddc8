"""The parts of the command line: its options, exit codes, streams and printed answers."""

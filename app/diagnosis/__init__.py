"""What a person can hand on when something is wrong: made of named facts, without identity."""

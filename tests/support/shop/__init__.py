"""The models of a small shop, in two states, for the demo and for tests."""

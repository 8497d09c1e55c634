"""The pages of the desk: pure functions from what the desk says to HTML."""

"""What each consumer has claimed and done, one item per consumer and event."""

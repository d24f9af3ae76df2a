"""Slow facts about one environment, looked up on demand."""

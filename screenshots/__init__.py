"""The pictures of the README and the home they show."""

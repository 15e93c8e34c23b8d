"""Where emitted events go."""

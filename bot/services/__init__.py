"""The use cases: one method per thing a person or a tick can ask for."""

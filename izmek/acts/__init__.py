"""The tools for business acts: refusals, saving with history, rights, letters, locks, numbers."""

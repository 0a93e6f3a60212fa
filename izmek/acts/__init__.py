"""What a business act is made with: refusal, saving with history, rights, letters, locks, numbers."""

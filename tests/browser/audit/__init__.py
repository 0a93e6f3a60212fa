"""What takes longer than a test may: every page, every form, every address; Lighthouse. `make audit`."""

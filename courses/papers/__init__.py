"""What is printed of course centres."""

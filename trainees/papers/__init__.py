"""What is printed of courses and their trainees."""

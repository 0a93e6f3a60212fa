"""What the demo municipality consists of, as plain data; the code beside it turns it into rows."""

"""What public pages and forms are made with: head, cache, addresses, spam checks."""

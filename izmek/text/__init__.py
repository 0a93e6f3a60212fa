"""Text: Turkish case, order and search keys; dates and figures; two languages; phones; codes."""

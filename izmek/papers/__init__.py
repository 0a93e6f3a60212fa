"""Printed papers: Typst templates become tagged PDFs."""

def count_visit(view, status, seconds):
    pass

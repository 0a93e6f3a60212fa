"""What the tests of the curator's desk share."""

from django.urls import reverse

from exhibitions import services


def page(name, *args):
    return reverse(f"admin:exhibitions_{name}", args=args)


def ask(work, **fields):
    fields = {"kind": "question", "name": "Ayşe", "email": "a@example.org", **fields}
    return services.ask(work=work, message="Satılık mı?", **fields)

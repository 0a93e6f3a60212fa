"""A paper as the answer to a request: made now, shown in the browser, kept nowhere."""

from django.http import HttpResponse

from izmek.papers.typst import pdf


def pdf_answer(contents, name):
    """The PDF of Contents of few rows; `name`: of the file, without its ending."""
    return HttpResponse(
        pdf(contents),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )

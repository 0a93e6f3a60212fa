"""The page of a job: how far it is, and its file (izmek/acts/jobs.py)."""

from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.http import (
    FileResponse,
    Http404,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from izmek.accounts.confirming import confirm
from izmek.acts import jobs
from izmek.acts.enums import JobState
from izmek.acts.refusal import Refusal, sentence_of
from izmek.acts.rights import NotAllowed
from izmek.models import Job


def job_address(job, page="job"):
    return reverse(f"admin:{page}", args=[job.pk])


def jobs_about(row, kind, user):
    """What the user ordered about a row and may still have: [(what, in words how far, address)]."""
    found = Job.objects.visible_to(user).filter(
        kind=kind,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
    )
    return [(jobs.KINDS[kind].title(job), _how_far(job), job_address(job)) for job in found]


def job_page(request, pk):
    """How far a job is. GET asked for JSON answers a script; POST orders it again."""
    job = _own(request, pk)
    if request.method == "POST":
        return _ordered_again(request, job)
    kind, why_not = jobs.KINDS[job.kind], jobs.why_not(job)
    waits = job.is_open and not why_not
    if request.headers.get("Accept") == "application/json":
        answer = JsonResponse({"waits": waits, "percent": job.percent, "said": _how_far(job)})
    else:
        context = {
            **admin.site.each_context(request),
            "title": kind.title(job),
            "job": job,
            "said": _how_far(job),
            "waits": waits,
            "why_not": why_not,
            "ready": job.state == JobState.DONE,
            "about_ready": kind.ready,
            "file": job_address(job, "job_file"),
            "back": kind.ordered_on(job),
        }
        answer = TemplateResponse(request, "admin/job.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


def job_file(request, pk):
    """The file of a job; if it no longer holds what is true, it is ordered again instead."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    job = _own(request, pk)
    kind = jobs.KINDS[job.kind]
    confirm(request)
    try:
        file = jobs.hand_out(job=job)
    except Refusal as refusal:
        if refusal.reason == "changed":
            messages.warning(request, sentence_of(refusal))
            return _ordered_again(request, job)
        messages.error(request, sentence_of(refusal))
        return HttpResponseRedirect(kind.ordered_on(job))
    name = kind.file_name(job)
    answer = FileResponse(file, filename=name, content_type=kind.file_type(job))
    answer["Cache-Control"] = "private, no-store"
    return answer


def _own(request, pk):
    """The job, if the user ordered it: else 404."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if job.kind not in jobs.KINDS:  # of a newer release, which another host runs, or ran
        raise Http404
    job.by = request.user
    try:
        jobs.KINDS[job.kind].check(job)
    except NotAllowed:
        raise
    except Refusal as gone:
        raise Http404 from gone
    return job


def _ordered_again(request, job):
    try:
        again = jobs.order(kind=job.kind, about=job.object, by=request.user, options=job.options)
    except Refusal as refusal:
        messages.warning(request, sentence_of(refusal))
        return HttpResponseRedirect(jobs.KINDS[job.kind].ordered_on(job))
    return HttpResponseRedirect(job_address(again))


def _how_far(job):
    """The state of a job in words, as short as a cell of a table."""
    if jobs.why_not(job):
        return JobState.FAILED.label
    if job.state == JobState.RUNNING:
        return _("%(percent)d %% is done") % {"percent": job.percent or 0}
    return job.get_state_display()

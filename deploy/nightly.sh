#!/bin/sh
# The acts of the night, one after the other, from the folder of a release. One that fails holds none of the others;
# then the whole ends with 1, and systemd lists it under what failed.
cd "$(dirname "$0")/.." || exit 1
python=${PYTHON:-.venv/bin/python}
failed=
for command in \
    count_figures \
    find_look_alikes \
    find_names \
    seal_access_log \
    destroy_expired \
    sweep_media \
    backup
do
    echo "$command"
    $python manage.py "$command" || failed="$failed $command"
done
[ -z "$failed" ] || { echo "failed:$failed" >&2; exit 1; }

#!/usr/bin/env bash
# izmek-activate [NAME]: let a release serve, without a refused request; without a name the one that serves now is
# started anew, which is how changed settings come into force. An older name undoes an upgrade.
#
# The new processes start on a socket of their own; once they answer, nginx is led to it by exchanging one link; the
# old ones stop when they have answered what came to them. If the new ones do not answer, the old ones go on.
set -euo pipefail

home=/srv/izmek
run=/run/izmek
name=${1:-$(basename "$(readlink "$home/current")")}

say() { echo "izmek: $*"; }
die() {
    say "$*" >&2
    exit 1
}
with_systemd() { [[ -d /run/systemd/system ]]; }
as_izmek() { exec setpriv --reuid izmek --regid izmek --init-groups "$@"; }

((EUID == 0)) || die "activate as root."
[[ -e $home/releases/$name/.complete ]] || die "there is no release $name; there are: $(ls "$home/releases")"
exec 9>"$run.lock"
flock -n 9 || die "another activation is under way."

set -a
# shellcheck disable=SC1091
. /etc/izmek/izmek.env
set +a
host=${ALLOWED_HOSTS%%,*}

# An instance is a release, or the same release once more under a second name.
old=$(basename "$(readlink "$home/web.sock" || true)" .sock)
new=$name
if [[ $old == "$name" ]]; then
    new=$name.again
    ln -sfn "$name" "$home/releases/$new"
fi

start_by_hand() {  # PIDFILE LOG COMMAND …: in the background, as izmek, in the folder of the release
    local pid=$1 log=$2
    shift 2
    (
        cd "$home/releases/$new"
        umask 027
        # `exec` in as_izmek: what is noted is the program, not a shell that waits for it.
        IZMEK_INSTANCE=$new as_izmek setsid "$@" >>"$log" 2>&1 </dev/null 9>&- &
        echo $! >"$pid"
    )
}

stop_by_hand() {  # PIDFILE
    local pid pids
    pid=$(cat "$1" 2>/dev/null) || return 0
    pids=("$pid")
    if [[ $(readlink "/proc/$pid/exe") == */bash ]]; then  # releases of before noted the shell that waits for it
        read -ra pids <"/proc/$pid/task/$pid/children" || true
    fi
    kill -TERM "${pids[@]}" 2>/dev/null || true
    for _ in $(seq 1200); do
        kill -0 "${pids[@]}" 2>/dev/null || break
        sleep 0.1
    done
    rm -f "$1"
}

start_web() {
    if with_systemd; then
        systemctl restart "izmek-web@$new.service"
    else
        install -d -o izmek -g izmek -m 0750 "$run"
        install -d -o izmek -g adm -m 0750 /var/log/izmek
        stop_by_hand "$run/$new.pid"
        start_by_hand "$run/$new.pid" /var/log/izmek/web.log \
            .venv/bin/gunicorn izmek.wsgi --config deploy/gunicorn.conf.py
    fi
}

stop_web() {  # INSTANCE
    if with_systemd; then
        systemctl disable --quiet --now "izmek-web@$1.service"
    else
        stop_by_hand "$run/$1.pid"
    fi
}

answers() {
    [[ -S $run/$new.sock && -s $run/$new.ready ]] || return 1
    # Each of the processes: with the first alone everybody would wait until the others have read the code.
    (($(wc -l <"$run/$new.ready") >= $(sed -n '1s/.* of //p' "$run/$new.ready"))) || return 1
    local status
    status=$(curl --silent --output /dev/null --write-out '%{http_code}' --max-time 20 --unix-socket "$run/$new.sock" \
        --header "Host: $host" --header "X-Forwarded-Proto: https" http://localhost/ || true)
    [[ $status == 200 ]]
}

say "starting $new …"
start_web || true
for attempt in $(seq 120); do
    answers && break
    ((attempt < 120)) || {
        stop_web "$new" || true
        die "$new does not answer, and was stopped; ${old:-nothing} goes on. Its log: journalctl -u izmek-web@$new (or /var/log/izmek/web.log)"
    }
    sleep 1
done

ln -sfn "$run/$new.sock" "$home/web.sock.new"
mv -T "$home/web.sock.new" "$home/web.sock"
ln -sfn "releases/$name" "$home/current.new"
mv -T "$home/current.new" "$home/current"
say "$name serves."

if with_systemd; then
    systemctl enable --quiet "izmek-web@$new.service" izmek-worker.service
    systemctl restart --no-block izmek-worker.service
    running=$(systemctl list-units --plain --no-legend --state=active 'izmek-web@*' | sed -E 's/^izmek-web@(.*)\.service .*/\1/')
else
    stop_by_hand "$run/worker.pid"
    start_by_hand "$run/worker.pid" /var/log/izmek/worker.log .venv/bin/python manage.py db_worker
    running=$(cd "$run" && ls ./*.pid 2>/dev/null | sed -E 's/^\.\/(.*)\.pid$/\1/' | grep -vx worker || true)
fi

# Whoever was let in before the exchange is in the queue of the old socket by now.
sleep 1
for instance in $running; do
    [[ $instance != "$new" ]] || continue
    for _ in $(seq 300); do
        waiting=$(ss -xlH src "$run/$instance.sock" 2>/dev/null | awk '{ sum += $3 } END { print sum + 0 }')
        [[ $waiting != 0 ]] || break
        sleep 0.1
    done
    stop_web "$instance"
    rm -rf "$run/$instance.ready" "$run/$instance.metrics"
    [[ ! -L $home/releases/$instance ]] || rm "$home/releases/$instance"
    say "$instance has stopped."
done

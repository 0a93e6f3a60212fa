#!/usr/bin/env bash
# Installs İZMEK on a machine with Debian 12 or 13, or upgrades it: the same command from a newer checkout.
#
#   git clone … izmek && cd izmek && sudo deploy/install.sh
#
# It asks for the host name and the first manager, once; unattended:
#
#   deploy/install.sh --host kurslar.example.bel.tr --manager ayse --email ayse@example.bel.tr [--backup-recipient age1…]
#
# What it does can be done again at any time: what is there stays (settings, keys, certificate, data), what a release
# brings is put beside the one before, and takes over without a refused request. docs/operating.md tells the rest.
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=/srv/izmek
etc=/etc/izmek
data=/var/lib/izmek
units=/etc/systemd/system
KEPT_RELEASES=3

host=${IZMEK_HOST:-} manager=${IZMEK_MANAGER:-} email=${IZMEK_EMAIL:-} recipient=${IZMEK_BACKUP_RECIPIENT:-} name=

step() { printf '\n== %s\n' "$*"; }
die() {
    echo "install: $*" >&2
    exit 1
}
usage() { sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

while (($#)); do
    case $1 in
        --host) host=$2 ;;
        --manager) manager=$2 ;;
        --email) email=$2 ;;
        --backup-recipient) recipient=$2 ;;
        --name) name=$2 ;;
        --help) usage; exit ;;
        *) usage; die "unknown: $1" ;;
    esac
    shift 2 || die "a value is missing"
done

((EUID == 0)) || die "run it as root: sudo deploy/install.sh"
# shellcheck disable=SC1091
. /etc/os-release
[[ ${ID:-} == debian && ${VERSION_ID:-} =~ ^(12|13)$ ]] ||
    die "this is ${PRETTY_NAME:-unknown}; the installer knows Debian 12 and 13."
with_systemd() { [[ -d /run/systemd/system ]]; }
as_postgres() { (cd / && setpriv --reuid postgres --regid postgres --init-groups "$@"); }
izmek() { RELEASE=$name "$home/releases/$name/deploy/izmek" "$@"; }

# --- What has to be known ---------------------------------------------------------------------------

ask() {  # VARIABLE QUESTION
    [[ -z ${!1} ]] || return 0
    [[ -t 0 ]] || die "$2 is not given; see --help"
    read -rp "$2: " "$1"
    [[ -n ${!1} ]] || die "nothing was entered."
}
if [[ ! -e $etc/izmek.env ]]; then
    ask host "Host name of the site (such as kurslar.example.bel.tr)"
    ask manager "User name of the first manager"
    ask email "E-mail address of the first manager"
    [[ $host =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]] || die "“$host” is no host name."
    [[ -z $recipient || $recipient =~ ^age1[a-z0-9]+$ ]] || die "“$recipient” is no recipient of age (age1…)."
else
    host=$(sed -nE 's/^ALLOWED_HOSTS="?([^,"]*).*/\1/p' "$etc/izmek.env")
fi

# --- Packages, user, folders ------------------------------------------------------------------------

step "Packages of Debian"
export DEBIAN_FRONTEND=noninteractive
packages=(nginx postgresql redis-server python3 python3-venv age openssl curl git ca-certificates logrotate iproute2)
missing=()
for package in "${packages[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done
if ((${#missing[@]})); then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
echo "${packages[*]}"

step "User and folders"
getent passwd izmek >/dev/null || useradd --system --user-group --home-dir "$home" --no-create-home \
    --shell /usr/sbin/nologin izmek
usermod -aG izmek www-data  # nginx sends photos, and reaches the socket
install -d -m 0755 "$home" "$home/releases" "$home/static"
install -d -o izmek -g izmek -m 0750 "$data" "$data/media"
install -d -o izmek -g izmek -m 0700 "$data/access-log" "$data/backups" "$data/tmp"
install -d -o root -g izmek -m 0750 "$etc"
install -d -o izmek -g izmek -m 0700 "$etc/keys"
install -d -g izmek -m 0750 "$etc/tls" # the program tells when the certificate ends
echo "$home  $data  $etc"

# --- The release ------------------------------------------------------------------------------------

git_here() { git -c safe.directory='*' -C "$source" "$@"; }
is_checkout() { git_here rev-parse --is-inside-work-tree >/dev/null 2>&1; }
if [[ -z $name ]]; then
    if is_checkout && [[ -z $(git_here status --porcelain) ]]; then
        name=$(git_here log -1 --date=format:%Y%m%d --format=%cd)-$(git_here describe --tags --always)
    else
        name=$(date +%Y%m%d-%H%M%S)
    fi
fi
name=${name//[^A-Za-z0-9._-]/-}
release=$home/releases/$name
step "Release $name"
if [[ ! -e $release/.complete ]]; then
    rm -rf "$release"
    mkdir "$release"
    if is_checkout; then
        (cd "$source" && git_here ls-files -z --cached --others --exclude-standard |
            while IFS= read -rd '' file; do [[ ! -e $file ]] || printf '%s\0' "$file"; done |
            tar --null --no-recursion -c -T - ) | tar -x --no-same-owner -C "$release"
    else
        tar -C "$source" --exclude=./.venv --exclude=./var --exclude=./.env -c . | tar -x --no-same-owner -C "$release"
    fi
    chmod -R u=rwX,go=rX "$release"
    echo "$name" >"$release/RELEASE"
    python3 -m venv "$release/.venv"
    "$release/.venv/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --require-hashes \
        --only-binary :all: -r "$release/requirements.txt"
    # A bucket needs more (docs/operating.md, Several servers).
    if [[ -e $etc/izmek.env ]] && grep -qE '^MEDIA_STORAGE=.*BucketStorage' "$etc/izmek.env"; then
        "$release/.venv/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --require-hashes \
            --only-binary :all: -r "$release/requirements-s3.txt"
    fi
    (cd "$release" && .venv/bin/python -m compileall -q izmek courses trainees exhibitions)
fi
echo "$release ($("$release/.venv/bin/python" --version))"

# --- Secrets and settings ---------------------------------------------------------------------------

step "Keys and settings"
key() {  # NAME CODE: a key is made once and never changed
    [[ ! -s $etc/keys/$1 ]] || return 0
    (umask 077 && python3 -c "import base64, secrets; print($2)" >"$etc/keys/$1")
    chown izmek:izmek "$etc/keys/$1"
    echo "made: $etc/keys/$1"
    made_keys=1
}
made_keys=
key secret_key "secrets.token_urlsafe(50)"
key identity_keys "base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()"
key identity_hash_key "secrets.token_urlsafe(32)"
key certificate_keys "secrets.token_urlsafe(32)"
if [[ ! -e $etc/izmek.env ]]; then
    sed -e "s|@HOST@|$host|g" -e "s|@BACKUP_RECIPIENT@|$recipient|" "$release/deploy/izmek.env" >"$etc/izmek.env.new"
    chown root:izmek "$etc/izmek.env.new"
    chmod 0640 "$etc/izmek.env.new"
    mv "$etc/izmek.env.new" "$etc/izmek.env"
fi
new_settings=$(comm -13 <(grep -oE '^#?[A-Z_]+=' "$etc/izmek.env" | tr -d '#' | sort -u) \
    <(grep -oE '^#?[A-Z_]+=' "$release/deploy/izmek.env" | tr -d '#' | sort -u) | tr -d '=' | tr '\n' ' ')
[[ -z $new_settings ]] || echo "New in this release, see deploy/izmek.env: $new_settings"
install -m 0755 "$release/deploy/izmek" /usr/local/bin/izmek
ln -sfn "$home/current/deploy/activate.sh" /usr/local/sbin/izmek-activate
echo "$etc/izmek.env"

# --- Database ---------------------------------------------------------------------------------------

step "Database"
if ! as_postgres psql -qAtc "SELECT 1" >/dev/null 2>&1; then
    if with_systemd; then systemctl start postgresql; else service postgresql start; fi
    for _ in $(seq 30); do as_postgres psql -qAtc "SELECT 1" >/dev/null 2>&1 && break || sleep 1; done
fi
if ! (exec 3<>/dev/tcp/127.0.0.1/6379) 2>/dev/null; then
    if with_systemd; then systemctl start redis-server; else service redis-server start; fi
fi
# The right to make databases is for the nightly trial of the backup, in a database of its own.
[[ -n $(as_postgres psql -qAtc "SELECT 1 FROM pg_roles WHERE rolname = 'izmek'") ]] ||
    as_postgres psql -qc "CREATE ROLE izmek LOGIN CREATEDB"
[[ -n $(as_postgres psql -qAtc "SELECT 1 FROM pg_database WHERE datname = 'izmek'") ]] ||
    as_postgres psql -qc "CREATE DATABASE izmek OWNER izmek ENCODING UTF8 LOCALE 'C.UTF-8' TEMPLATE template0"
# What the release before survives: columns are added first and taken away a release later.
izmek migrate --verbosity 0
izmek check --deploy
echo "migrated"

step "Static files"
if [[ ! -e $release/.complete ]]; then
    (set -a && . "$etc/izmek.env" && set +a && cd "$release" && install -d -o izmek -g izmek var &&
        setpriv --reuid izmek --regid izmek --init-groups .venv/bin/python manage.py collectstatic --noinput --verbosity 0)
    chown -R root:root "$release/var"
    chmod -R u=rwX,go=rX "$release/var"
    touch "$release/.complete"
fi
# nginx serves one folder, with the files of the releases that are kept: an open page asks for those of its own.
cp -al --update=none "$release/var/static/." "$home/static/" 2>/dev/null || cp -aln "$release/var/static/." "$home/static/"
echo "$home/static"

# --- nginx, units -----------------------------------------------------------------------------------

step "nginx"
if [[ ! -e $etc/tls/site.pem ]]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 825 -subj "/CN=$host" \
        -addext "subjectAltName=DNS:$host" -keyout "$etc/tls/site.key" -out "$etc/tls/site.pem" 2>/dev/null
    self_signed=1
fi
if [[ -e $etc/tls/site.key ]]; then # the program may read the certificate, never its key
    chown root:root "$etc/tls/site.key"
    chmod 0600 "$etc/tls/site.key"
fi
site=/etc/nginx/sites-available/izmek
http2=  # since 1.25.1 (Debian 13) a directive of its own
[[ $(printf '%s\n' 1.25.1 "$(nginx -v 2>&1 | grep -oE '[0-9.]+' | head -1)" | sort -V | head -1) != 1.25.1 ]] ||
    http2='s|listen 443 ssl http2;|listen 443 ssl;\n    http2 on;|'
sed -e "$http2" -e '/^# deploy\/install.sh puts/,/^#   @LOG@/d' \
    -e "s|@HOST@|$host|g; s|@CERTIFICATE@|$etc/tls/site.pem|; s|@CERTIFICATE_KEY@|$etc/tls/site.key|" \
    -e "s|@PROGRAM@|unix:$home/web.sock|; s|@STATIC@|$home/static|; s|@MEDIA@|$data/media|" \
    -e "s|@KEPT@|/var/cache/nginx/izmek|; s|@LOG@|/var/log/nginx/izmek.access.log|" \
    "$release/deploy/nginx.conf" >"$etc/nginx.new"
install -d /var/cache/nginx
if [[ ! -e $site ]] || cmp -s "$site" "$etc/nginx.written"; then
    cp "$etc/nginx.new" "$site"
    cp "$etc/nginx.new" "$etc/nginx.written"
elif ! cmp -s "$etc/nginx.new" "$etc/nginx.written"; then
    echo "$site was changed by hand and stays; that of this release is $etc/nginx.new"
fi
ln -sfn "$site" /etc/nginx/sites-enabled/izmek
[[ $(readlink /etc/nginx/sites-enabled/default) != */sites-available/default ]] || rm /etc/nginx/sites-enabled/default
nginx -t -q

step "Units and timers of systemd"
runs_the_clock() {  # of several hosts one does: whose operator has left a timer on
    (cd "$units" && systemctl is-enabled --quiet izmek-*.timer 2>/dev/null)
}
new_timers() {  # after the first time those alone that are new, and only where the clock runs: a timer that is off stays so
    local timer
    [[ ! -e $home/releases.log ]] || runs_the_clock || return 0
    for timer in "$release"/deploy/systemd/*.timer; do
        timer=$(basename "$timer")
        [[ -e $home/releases.log && -e $units/$timer ]] || echo "$timer"
    done
}
timers=$(new_timers)
install -m 0644 "$release"/deploy/systemd/* "$units/"
install -m 0644 "$release/deploy/logrotate" /etc/logrotate.d/izmek
if with_systemd; then systemctl daemon-reload; fi
echo "switched on: ${timers:-none that were not}"

# --- Start ------------------------------------------------------------------------------------------

step "Start"
"$release/deploy/activate.sh" "$name"
if with_systemd; then
    systemctl enable --quiet --now nginx postgresql redis-server
    # shellcheck disable=SC2086
    [[ -z $timers ]] || systemctl enable --quiet --now $timers
    systemctl reload nginx  # its new workers know of their group, and nobody is refused
else
    nginx -s reload 2>/dev/null || service nginx start
    cat <<'NOTE'
systemd does not run here. Started by hand: PostgreSQL, Redis, the web processes, the worker, nginx. After a restart:
  service postgresql start; service redis-server start; service nginx start; izmek-activate
The timers do not run; by cron, as root: izmek advance_queues (every 10 minutes), izmek send_letters (every 5), what
deploy/nightly.sh names (at night after 2), izmek doctor (daily), izmek clearsessions (weekly).
NOTE
fi

for attempt in $(seq 20); do
    status=$(curl --silent --insecure --output /dev/null --write-out '%{http_code}' --max-time 20 \
        --resolve "$host:443:127.0.0.1" "https://$host/" || true)
    [[ $status != 200 ]] || break
    ((attempt < 20)) || die "nginx answers $status for https://$host/; its log: /var/log/nginx/error.log"
    sleep 0.5
done

# Releases that served last are kept, to go back to; the others and the static files that only they had go.
grep -vxF "$name" "$home/releases.log" 2>/dev/null >"$home/releases.log.new" || true
echo "$name" >>"$home/releases.log.new"
mv "$home/releases.log.new" "$home/releases.log"
for folder in "$home"/releases/*; do
    [[ ! -L $folder && -d $folder ]] || continue
    tail -n "$KEPT_RELEASES" "$home/releases.log" | grep -qxF "$(basename "$folder")" || rm -rf "$folder"
done
find "$home/static" -type f -links 1 -delete

# --- Who begins -------------------------------------------------------------------------------------

[[ -z $manager ]] || {
    step "The first manager"
    izmek first_manager "$manager" "$email"
}
step "Done: https://$host runs $name"
[[ -z $made_keys ]] || echo "Copy $etc/keys to paper or a stick into a safe, apart from the backups: \`izmek key_fingerprints\`."
[[ -z ${self_signed:-} ]] || echo "The certificate is one of our own, which browsers warn of: put the real one into $etc/tls/site.pem and site.key, then nginx -s reload."
grep -qE '^BACKUP_RECIPIENT=.+' "$etc/izmek.env" || echo "No backup is made yet: set BACKUP_RECIPIENT in $etc/izmek.env, then izmek-activate."
echo "Set EMAIL_URL in $etc/izmek.env if letters do not go out by a mail server on this machine. \`izmek doctor\` tells what is wrong."

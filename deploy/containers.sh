#!/usr/bin/env bash
# What deploy/compose.yaml needs beside it: keys/ and container.env, which are made once and then stay, and .env, which
# names the project and the release, written anew each time. As root:
#
#   deploy/containers.sh kurslar.example.bel.tr
#
# An upgrade needs no host name. docs/operating.md, Containers, tells how it goes on.
set -euo pipefail
umask 077
cd "$(dirname "${BASH_SOURCE[0]}")"

key() {  # NAME BYTES [SIGNS that it goes without]
    [[ ! -s keys/$1 ]] || return 0
    head -c "$2" /dev/urandom | base64 --wrap=0 | tr +/ -_ | tr -d "${3:-}" >"keys/$1.new"
    mv "keys/$1.new" "keys/$1"
    echo "made: deploy/keys/$1"
}
mkdir -p keys
key secret_key 48
key identity_keys 32
key identity_hash_key 48
key certificate_keys 32 =
key database_password 24
chown -R 900:900 keys  # the program's user in the image

if [[ ! -e container.env ]]; then
    host=${1:?the host name of the site is missing}
    about='# The settings of the containers, made of deploy/izmek.env. One NAME=value a line; a value with spaces, # or $ stands\
# between single quotes; docs/operating.md tells of every setting. After a change: docker compose -f\
# deploy/compose.yaml up --detach.'
    sed -e "1,/^\$/c\\$about\n" -e "s|@HOST@|$host|g; s|@BACKUP_RECIPIENT@||" \
        -e "s|^# PostgreSQL on this machine.*|# The service \`database\`, with the password of keys/database_password.|" \
        -e "s|^DATABASE_URL=.*|DATABASE_URL=postgres://izmek:$(<keys/database_password)@database/izmek|" \
        -e "s|^# Redis on this machine|# The service \`cache\`|; s|^CACHE_URL=.*|CACHE_URL=redis://cache:6379/0|" \
        izmek.env >container.env.new
    mv container.env.new container.env
    echo "made: deploy/container.env"
fi

release=$(git -c safe.directory='*' describe --tags --always --dirty 2>/dev/null) || release=$(date +%Y%m%d-%H%M%S)
printf 'COMPOSE_PROJECT_NAME=izmek\nRELEASE=%s\n' "$release" >.env
echo "deploy/.env: $release"

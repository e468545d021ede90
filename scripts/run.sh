#!/bin/sh
# Runs a command with the project's own Node and tools first on the path, and
# installs them before the first run. It replaces itself with the command, so
# that a signal to this process reaches the command and nothing in between.
#   sh scripts/run.sh <command> [arguments]
set -eu
cd "$(dirname "$0")/.."

# npm writes this file last: it is there, and newer than the lock file, only
# after an install that went through.
if [ ! -x node_modules/.bin/node ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "Installing packages (once) ..." >&2
  # Not `npm ci`: it refuses a lock file that does not list the tools of every other platform. The
  # versions are the lock file's all the same, and it is not written.
  npm install --no-save --no-fund --no-audit --loglevel=error >&2
  touch node_modules/.package-lock.json
fi

PATH="$PWD/node_modules/.bin:$PATH"
# Tools keep to themselves: no telemetry, and no request that the command is not about.
WRANGLER_SEND_METRICS=false
CLOUDFLARE_CF_FETCH_ENABLED=false
export PATH WRANGLER_SEND_METRICS CLOUDFLARE_CF_FETCH_ENABLED
exec "$@"

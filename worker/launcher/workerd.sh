#!/bin/sh
# Starts workerd for the launcher: writes down which process it is, takes every descriptor the system allows, and dies with
# the launcher. Every exec below keeps the pid and the start time, so what is written stays true.
set -eu
if [ -r "/proc/$$/stat" ]; then
  boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null || true)
  printf '%s\n%s\n' "$boot" "$(cat "/proc/$$/stat")" > "$TOCSIN_LAUNCHER_WORKERD_FILE.new"
else
  printf '\n%s %s\n' "$$" "$(ps -o stat=,lstart= -p $$)" > "$TOCSIN_LAUNCHER_WORKERD_FILE.new"
fi
mv -f "$TOCSIN_LAUNCHER_WORKERD_FILE.new" "$TOCSIN_LAUNCHER_WORKERD_FILE"
ulimit -n "$(ulimit -H -n)" 2>/dev/null || true
if [ "${TOCSIN_LAUNCHER_PDEATHSIG:-}" = 1 ]; then
  exec setpriv --pdeathsig KILL "$TOCSIN_LAUNCHER_WORKERD" "$@"
fi
exec "$TOCSIN_LAUNCHER_WORKERD" "$@"

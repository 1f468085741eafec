#!/bin/sh
# Starts workerd for the launcher: writes down which process it is, takes every descriptor the system allows (or as many as it is
# told), and dies with the launcher. Every exec below keeps the pid and the start time, so what is written stays true.
set -eu
if [ -r "/proc/$$/stat" ]; then
  started=$(sed 's/.*) //' "/proc/$$/stat" | cut -d ' ' -f 20)
  boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null || true)
else
  started=$(ps -o lstart= -p $$ | sed 's/^ *//; s/ *$//')
  boot=
fi
printf '{"pid":%s,"started":"%s","boot":"%s"}\n' "$$" "$started" "$boot" > "$TOCSIN_LAUNCHER_RECORD.new"
mv -f "$TOCSIN_LAUNCHER_RECORD.new" "$TOCSIN_LAUNCHER_RECORD"
ulimit -n "${TOCSIN_LAUNCHER_FILES:-$(ulimit -H -n)}" 2>/dev/null || true
if [ "${TOCSIN_LAUNCHER_PDEATHSIG:-}" = 1 ]; then
  exec setpriv --pdeathsig KILL "$TOCSIN_LAUNCHER_WORKERD" "$@"
fi
exec "$TOCSIN_LAUNCHER_WORKERD" "$@"

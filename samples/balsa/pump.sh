#!/bin/sh
# Sets COUNT keys one after the other, each to its own number; waits two seconds and tries again when one is not set.
#   pump.sh [COUNT] [HOST:PORT]     1000 at localhost:8000 by default
set -eu

count=${1:-1000}
address=${2:-localhost:8000}
tries_left=${PUMP_RETRIES:-30}
i=1
while [ "$i" -le "$count" ]; do
  if curl -fsS -L --noproxy '*' --max-time 10 "http://$address/set?key=$i&value=$i"; then
    i=$((i + 1))
  else
    tries_left=$((tries_left - 1))
    if [ "$tries_left" -le 0 ]; then
      echo "pump.sh: gave up at key $i" >&2
      exit 1
    fi
    sleep 2
  fi
done
echo "$count keys set"

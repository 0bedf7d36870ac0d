#!/bin/sh
# Starts node N of three in balsa's way: four variables, no flags, a fresh directory. It ends with Ctrl-C.
#   start.sh N            N is 1, 2 or 3: clients at 7999 + N, members at 8999 + N
# Nodes join by hand: curl "http://localhost:8000/join?nodeId=n2&raftPort=9001"
set -eu

fail() {
  printf 'start.sh: %s\n' "$*" >&2
  exit 1
}

case ${1:-} in
  1 | 2 | 3) number=$1 ;;
  *) fail "say which node: start.sh 1, 2 or 3" ;;
esac
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
room=${QUORATE_BALSA_ROOM:-${TMPDIR:-/tmp}/quorate-balsa}/node$number
mark=$room/made-by-start.sh

# As in balsa each start begins with nothing. Only what an earlier start has made is removed.
if [ -e "$room" ] && [ ! -f "$mark" ]; then
  fail "$room is there and was not made by this script: remove it, or set QUORATE_BALSA_ROOM to another place"
fi
rm -rf -- "$room/data"
mkdir -p -- "$room"
: >"$mark"

HTTP_SERVER_PORT=${HTTP_SERVER_PORT:-$((7999 + number))}
RAFT_SERVER_PORT=${RAFT_SERVER_PORT:-$((8999 + number))}
RAFT_NODE_ID=${RAFT_NODE_ID:-n$number}
RAFT_VOLUME_DIR=$room/data
export HTTP_SERVER_PORT RAFT_SERVER_PORT RAFT_NODE_ID RAFT_VOLUME_DIR
echo "Starting $RAFT_NODE_ID in $RAFT_VOLUME_DIR"
exec "${QUORATE:-$here/../../quorate}" serve

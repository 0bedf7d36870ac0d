#!/bin/sh
# Node 3 of three; see start.sh.
exec "$(dirname -- "$0")/start.sh" 3

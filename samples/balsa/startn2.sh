#!/bin/sh
# Node 2 of three; see start.sh.
exec "$(dirname -- "$0")/start.sh" 2

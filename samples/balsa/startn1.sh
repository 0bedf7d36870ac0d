#!/bin/sh
# Node 1 of three; see start.sh.
exec "$(dirname -- "$0")/start.sh" 1

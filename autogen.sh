#!/bin/sh
# Makes ./configure out of configure.ac (needed once after a clone).
cd "$(dirname "$0")" && exec autoreconf --install --warnings=all

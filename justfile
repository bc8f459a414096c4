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

# What a change must pass
ci:
    .ci/run

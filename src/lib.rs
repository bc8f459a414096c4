//! BANSOS 360: raw DTKS and beneficiary files in, a clean DuckDB warehouse and eight Parquet data marts out.
//!
//! The data flows one way, and each module only knows those before it:
//! `read` (bytes to text cells) → `standardise` (text cells to clean values) → `stage` (files to clean Parquet, with
//! findings and quarantine) → `lake` (what is kept, and which version counts) → `warehouse` (SQL models) → `uji` (data tests) → `run`
//! (the whole way, published by one switch) → `cli`.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod banding;
pub mod bundle;
pub mod cli;
pub mod config;
pub mod errors;
pub mod failpoint;
pub mod files;
pub mod lake;
pub mod laporan;
pub mod lock;
pub mod mart;
pub mod pipeline;
pub mod profile;
pub mod read;
pub mod reference;
pub mod run;
pub mod sample;
pub mod stage;
pub mod standardise;
pub mod stop;
pub mod telusur;
pub mod temuan;
pub mod uji;
pub mod validate;
pub mod warehouse;
pub mod wilayah;
pub mod workspace;

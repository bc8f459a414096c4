//! Cleaning: text cells in, typed values and notes out. Pure functions, no input or output.
//!
//! Each file holds one kind of value: the judgement of a single cell with its tests, and the kernel that runs it over a
//! whole column. The rules are those of identitas.md and sources.md; rulings are cited where they decide.

pub mod cells;
pub mod code;
pub mod contact;
pub mod date;
pub mod disability;
pub mod id;
pub mod name;
pub mod nik;
pub mod number;
mod recall;
pub mod status;
pub mod text;
mod words;

pub use cells::{CellColumn, Notes};
pub use words::WordColumn;

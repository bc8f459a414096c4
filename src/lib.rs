//! BANSOS 360.
pub mod sample;

//! Stage: one file of the lake in, clean Parquet out, with findings and quarantine beside it.

pub mod header;
pub mod input;
pub mod recognise;
pub mod refusal;

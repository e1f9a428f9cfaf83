//! What is measured, and how it is asked.

pub mod apps;
pub mod check;
pub mod client;
pub mod count;
pub mod endpoints;
pub mod people;
pub mod record;
pub mod serve;
pub mod work;

pub use apps::{prepare, with_sessions};
pub use record::filled;
pub use work::Work;

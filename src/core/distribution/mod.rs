//! What a plan comes to under many seeds: figures of each run, how they are spread, and how long events were under way.
//! Nothing here depends on the order in which runs end.
mod spread;

mod meter;

mod histogram;
mod seed_run;
mod steps;

pub use histogram::{Bucket, Histogram};
pub use meter::RunMeter;
pub use seed_run::{Figure, SeedRun};
pub use spread::{Distribution, FailedRun, Spread};
pub use steps::{Step, steps};

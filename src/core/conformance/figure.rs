//! The figure that the window and the pages show. A test runs the cases and compares.

/// How far this build agrees with the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Recorded cases that agree.
    pub n_agreeing: u32,
    /// Recorded cases.
    pub n_cases: u32,
    /// What they were recorded from.
    pub reference: &'static str,
}

/// The recorded cases under `tests/reference-cases`.
pub const FIGURE: Figure = Figure {
    n_agreeing: 700,
    n_cases: 700,
    reference: "segmentio/action-destinations, main at 970a17ee8d, and pull request #3708 at c28e31e9e7",
};

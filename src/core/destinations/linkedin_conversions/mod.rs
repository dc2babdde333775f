//! LinkedIn Conversions: reports conversions of people who may have seen an ad.
mod fields;
mod perform;
mod requests;

pub(super) use perform::LinkedinConversions;

//! Every rule there is, one file for each subject. [`super::rule_set`] says which of them a rule set takes and in
//! which order.
pub(super) mod destination_function;
pub(super) mod framework;
pub(super) mod http;
pub(super) mod linkedin;
pub(super) mod linkedin_companies;
pub(super) mod pendo;
pub(super) mod pipeline;
pub(super) mod policy;

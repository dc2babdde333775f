//! LinkedIn Audiences: keeps people and companies of LinkedIn's matched audiences in step with Segment audiences.
mod account;
mod companies;
mod users;

pub(super) use account::LinkedinAudiences;

//! Every detector on a session that shows its finding, and on one that nearly does.
mod story;
mod tokens;

mod batches;
mod conversions;
mod framework;
mod functions;
mod linkedin_users;
mod pendo;
mod refresh;
mod repeats;
mod whole;

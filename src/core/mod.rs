//! What a delivery is and how it is judged. No window, no clock, no dice, no sockets: `now`, a seed and a
//! [`world::World`] come in, records come out, and the same inputs give the same answer.
pub mod record;

pub mod duration_words;
pub mod error;
pub mod form_text;
pub mod http;
pub mod http_status;
pub mod js;
pub mod names;
pub mod secret_names;
pub mod spelling;
pub mod time;
pub mod watch;

pub mod abandoned;
pub mod batching;
pub mod conformance;
pub mod connection;
pub mod deduplication;
pub mod destinations;
pub mod difference;
pub mod distribution;
pub mod findings;
pub mod framework;
pub mod lineage;
pub mod mapping;
pub mod membership;
pub mod pending;
pub mod pipeline;
pub mod plan;
pub mod rules;
pub mod schema;
pub mod stepping;
pub mod subscription;
pub mod world;

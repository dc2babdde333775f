//! Names that nobody else has.
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};

use crate::core::time::Timestamp;

/// Thirty-two hexadecimal digits that no other call gives, in this process or another. The standard library seeds its
/// hash maps from the system's randomness, and that is where these come from: good for names, not for keys.
pub(super) fn random_name() -> String {
    format!("{:016x}{:016x}", random_bits(), random_bits())
}

fn random_bits() -> u64 {
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_i64(Timestamp::from_system_clock().as_nanos());
    hasher.finish()
}

//! Fuzzes what is read as: mapping.
#![no_main]
#![expect(dead_code, reason = "each target calls one of the functions")]
#[path = "../../tests/fuzz/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::mapping(bytes));

//! Opens sessions of any size: timeline fields go into columns, bodies stay in the file and are read on demand. One
//! thread at a time reads, all cores parse, one merges in the order of the file.
mod load;

pub use check::{CheckProgress, LookedAt, SecondLook};
pub use load::{
    LoadOptions, LoadProgress, LoadedInFile, MAX_WHOLE_BYTES, is_large, is_large_session, load, load_stream,
};
pub use source::SessionFile;

mod blocks;
mod check;
mod merge;
mod parsed;
mod pump;
mod records;
mod search;
mod source;

#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod search_tests;
#[cfg(test)]
mod tests;

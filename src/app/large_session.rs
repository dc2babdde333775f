//! A session whose records stay in a file, for tests.
use std::ops::ControlFlow;

use crate::session::loader::{LoadOptions, load};
use crate::session::secrets::Secrets;
use crate::session::writer::save;
use crate::store::{Session, demo};

/// Of so many deliveries; the file has no name any more.
pub(super) fn in_file(n_deliveries: usize) -> Session {
    let session = demo::many(n_deliveries);
    let records = session.records().collect::<Result<Vec<_>, _>>().unwrap();
    let path = tempfile::NamedTempFile::new().unwrap().into_temp_path();
    save(&path, session.header(), &records, &[], Secrets::Kept).unwrap();
    load(&path, LoadOptions::default(), &mut |_| ControlFlow::Continue(())).unwrap().into_session()
}

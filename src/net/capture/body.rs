//! The bytes of a request, decompressed. The limit stands in the path of the decompressor's output: a small body that
//! would become gigabytes stops where it has become too large.
use std::io::Read as _;

use flate2::read::MultiGzDecoder;

use super::answer::Refusal;
use crate::core::http::Headers;

/// The largest batch, once decompressed, as at Segment.
pub(super) const MAX_BATCH_BYTES: usize = 500 << 10;
/// The largest event, as at Segment.
pub(super) const MAX_EVENT_BYTES: usize = 32 << 10;

/// The JSON text of a body.
pub(super) fn decoded(headers: &Headers, body: Vec<u8>) -> Result<Vec<u8>, Refusal> {
    let codings: Vec<String> = headers
        .iter()
        .filter(|(name, _)| *name == "content-encoding")
        .flat_map(|(_, value)| value.split(','))
        .map(|coding| coding.trim().to_ascii_lowercase())
        .filter(|coding| coding != "identity")
        .collect();
    let decoded = match codings.as_slice() {
        [] => body,
        [coding] if coding == "gzip" || coding == "x-gzip" => gunzip(&body)?,
        _ => {
            let message = format!("content-encoding {} is not taken here; send gzip or none", codings.join(", "));
            return Err(Refusal::new(415, "unsupported_encoding", message));
        }
    };
    if decoded.len() > MAX_BATCH_BYTES { Err(too_large()) } else { Ok(decoded) }
}

fn gunzip(body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut decoded = Vec::new();
    let one_too_many = u64::try_from(MAX_BATCH_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    MultiGzDecoder::new(body)
        .take(one_too_many)
        .read_to_end(&mut decoded)
        .map_err(|error| Refusal::new(400, "bad_gzip", format!("the body is not whole gzip: {error}")))?;
    Ok(decoded)
}

fn too_large() -> Refusal {
    Refusal::new(400, "too_large", format!("the batch is larger than {} KiB", MAX_BATCH_BYTES >> 10))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzipped(n_zeros: usize) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![b'0'; n_zeros]).unwrap();
        encoder.finish().unwrap()
    }

    fn code(encoding: &[&str], body: Vec<u8>) -> Result<usize, &'static str> {
        let headers = encoding.iter().map(|coding| ("content-encoding", *coding)).collect();
        decoded(&headers, body).map(|bytes| bytes.len()).map_err(|refusal| refusal.code)
    }

    #[test]
    fn gzip_is_opened_as_far_as_the_limit() {
        assert_eq!(code(&["gzip"], gzipped(MAX_BATCH_BYTES)), Ok(MAX_BATCH_BYTES));
        assert_eq!(code(&["gzip"], gzipped(MAX_BATCH_BYTES + 1)), Err("too_large"));
        assert_eq!(code(&["gzip"], gzipped(16 << 20)), Err("too_large"));
        assert_eq!(code(&[], vec![b'0'; MAX_BATCH_BYTES + 1]), Err("too_large"));
    }

    #[test]
    fn what_is_no_gzip_or_wrapped_twice_is_refused() {
        let mut cut = gzipped(1_000);
        cut.truncate(20);
        assert_eq!(code(&["gzip"], cut), Err("bad_gzip"));
        assert_eq!(code(&["gzip"], b"{}".to_vec()), Err("bad_gzip"));
        assert_eq!(code(&["gzip, gzip"], gzipped(1)), Err("unsupported_encoding"));
        assert_eq!(code(&["gzip", "br"], gzipped(1)), Err("unsupported_encoding"));
        assert_eq!(code(&["Identity"], b"{}".to_vec()), Ok(2));
    }
}

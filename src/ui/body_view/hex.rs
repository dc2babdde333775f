//! Bytes as people read them: offset, hexadecimal, and the letters among them.
use std::fmt::Write as _;

/// How many bytes fit on a line of so many columns: 16 or 8.
pub(super) fn bytes_a_row(columns: usize) -> usize {
    if columns >= row_columns(16) { 16 } else { 8 }
}

fn row_columns(n_bytes: usize) -> usize {
    OFFSET_COLUMNS + 3 * n_bytes + 2 + n_bytes
}

const OFFSET_COLUMNS: usize = 8;

/// One line: `000010  48 65 6c 6c 6f   Hello`. In three parts: offset, hexadecimal, letters.
pub(super) fn row(bytes: &[u8], row_idx: usize, bytes_a_row: usize) -> (String, String, String) {
    let start = row_idx * bytes_a_row;
    let end = (start + bytes_a_row).min(bytes.len());
    let bytes = bytes.get(start..end).unwrap_or_default();
    let mut hex = String::with_capacity(3 * bytes_a_row + 2);
    let mut letters = String::with_capacity(bytes_a_row);
    for byte in bytes {
        // Writing to a String cannot fail.
        write!(hex, "{byte:02x} ").unwrap_or_default();
        letters.push(if matches!(byte, b' '..=b'~') { char::from(*byte) } else { '·' });
    }
    (format!("{start:06x}  "), format!("{hex:width$}", width = 3 * bytes_a_row + 2), letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_line_up_to_the_last_one() {
        let bytes: Vec<u8> = b"\x00Hello, world".to_vec();
        let (offset, hex, letters) = row(&bytes, 0, 8);
        assert_eq!((offset + &hex + &letters).as_str(), "000000  00 48 65 6c 6c 6f 2c 20   ·Hello, ");
        let (offset, hex, letters) = row(&bytes, 1, 8);
        assert_eq!((offset + &hex + &letters).as_str(), "000008  77 6f 72 6c 64            world");
        assert_eq!(row(&bytes, 9, 8).2, "");
        assert_eq!((bytes_a_row(41), bytes_a_row(80)), (8, 16));
    }
}

//! Where a list or an object ends, found without reading what is in it: 64 bytes at a time, quotes and brackets only.
use wide::u8x16;

/// So many bytes are looked at together, one bit each.
const BLOCK: usize = 64;
/// Bits at even places.
const EVEN: u64 = 0x5555_5555_5555_5555;

/// How many bytes the list or object takes that `bytes` begin with, if it ends there. Only brackets are counted, and
/// strings kept apart from them: of any kind that opens, any kind closes.
pub(super) fn bracketed(bytes: &[u8]) -> Option<usize> {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let mut open = Open::default();
    for (block_idx, block) in blocks.iter().enumerate() {
        if let Some(last) = open.closed_in(block) {
            return Some(block_idx * BLOCK + last + 1);
        }
    }
    let mut last_block = [b' '; BLOCK];
    last_block[..rest.len()].copy_from_slice(rest);
    let last = open.closed_in(&last_block)?;
    Some(blocks.len() * BLOCK + last + 1)
}

/// What is open where a block begins.
#[derive(Default)]
struct Open {
    n_brackets: u32,
    /// All bits set within a string.
    string: u64,
    /// 1 behind a backslash that means the next byte.
    escape: u64,
}

impl Open {
    /// The byte that closes the first bracket, if it is in this block.
    fn closed_in(&mut self, block: &[u8; BLOCK]) -> Option<usize> {
        let Marks { quotes, slashes, opening, closing } = Marks::of(block);
        let quotes = quotes & !self.escaped(slashes);
        let in_string = up_to_each(quotes) ^ self.string;
        self.string = if in_string >> 63 == 1 { u64::MAX } else { 0 };
        let (opening, closing) = (opening & !in_string, closing & !in_string);
        if self.n_brackets > closing.count_ones() {
            self.n_brackets = self.n_brackets + opening.count_ones() - closing.count_ones();
            return None;
        }
        let mut brackets = opening | closing;
        while brackets != 0 {
            let place = brackets.trailing_zeros();
            brackets &= brackets - 1;
            if opening >> place & 1 == 1 {
                self.n_brackets += 1;
            } else {
                self.n_brackets = self.n_brackets.checked_sub(1)?;
                if self.n_brackets == 0 {
                    return Some(place as usize);
                }
            }
        }
        None
    }

    /// The bytes that a backslash stands in front of which is not itself meant by one. As simdjson does it: a run of
    /// backslashes that begins at an odd place is carried to the other places by adding.
    fn escaped(&mut self, slashes: u64) -> u64 {
        if slashes == 0 {
            return std::mem::take(&mut self.escape);
        }
        let slashes = slashes & !self.escape;
        let behind = slashes << 1 | self.escape;
        let odd_begins = slashes & !EVEN & !behind;
        let (runs, goes_on) = odd_begins.overflowing_add(slashes);
        self.escape = u64::from(goes_on);
        (EVEN ^ (runs << 1)) & behind
    }
}

/// A bit for each byte of a block.
struct Marks {
    quotes: u64,
    slashes: u64,
    opening: u64,
    closing: u64,
}

impl Marks {
    fn of(block: &[u8; BLOCK]) -> Self {
        let (lanes, _) = block.as_chunks::<16>();
        let mut marks = Self { quotes: 0, slashes: 0, opening: 0, closing: 0 };
        for (lane_idx, lane) in lanes.iter().enumerate() {
            let lane = u8x16::from(*lane);
            // `[` and `]` are `{` and `}` without this bit.
            let curly = lane | u8x16::splat(0x20);
            let bits = |of: u8x16, byte: u8| u64::from(of.simd_eq(u8x16::splat(byte)).to_bitmask()) << (16 * lane_idx);
            marks.quotes |= bits(lane, b'"');
            marks.slashes |= bits(lane, b'\\');
            marks.opening |= bits(curly, b'{');
            marks.closing |= bits(curly, b'}');
        }
        marks
    }
}

/// Every bit from one that is set up to before the next: what stands between quotes, the first of them included.
const fn up_to_each(bits: u64) -> u64 {
    let mut filled = bits;
    let mut n_places = 1;
    while n_places < 64 {
        filled ^= filled << n_places;
        n_places *= 2;
    }
    filled
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// One byte after the other.
    fn plainly(bytes: &[u8]) -> Option<usize> {
        let (mut depth, mut is_string, mut is_escaped) = (0_u32, false, false);
        for (place, byte) in bytes.iter().enumerate() {
            let was_escaped = std::mem::take(&mut is_escaped);
            match byte {
                b'"' | b'\\' if was_escaped => {}
                b'\\' => is_escaped = true,
                b'"' => is_string = !is_string,
                _ if is_string => {}
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(place + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }

    #[test]
    fn brackets_in_strings_and_behind_backslashes_do_not_count() {
        for text in
            ["{}", r#"{"a":"}"}"#, r#"["\"]"]"#, r#"["\\"]"#, r#"[[],[{}],"[[["],{"#, r#"["\\\"]"]"#, "[", r#"["]"#, ""]
        {
            for n_before in 0..70 {
                let text = format!("[\"{}\",{text}]", "x".repeat(n_before));
                assert_eq!(bracketed(text.as_bytes()), plainly(text.as_bytes()), "{text}");
            }
        }
        assert_eq!(bracketed(b"{\"a\":[1,2]},{}"), Some(11));
    }

    proptest! {
        #[test]
        fn blocks_see_what_single_bytes_do(text in r#"\[["\\\[\]{}a ]{0,400}"#) {
            prop_assert_eq!(bracketed(text.as_bytes()), plainly(text.as_bytes()));
        }

        #[test]
        fn any_value_is_gone_over_as_a_whole(value in crate::session::generated::json(), n_before in 0..130_usize) {
            let text = Value::Array(vec!["y".repeat(n_before).into(), value]).to_string();
            prop_assert_eq!(bracketed(format!("{text},[").as_bytes()), Some(text.len()));
        }
    }
}

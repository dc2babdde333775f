//! Walks over JSON text byte by byte and checks it: no value is made that nobody asked for. It accepts less than
//! `serde_json` does, never more: nothing too deep, no number that may be out of range, no half of a surrogate pair.
//! A walker that skims passes over lists and objects that nobody looks into, and does not check those.
use super::brackets::bracketed;

/// Part of the text that a walker goes over, by its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    pub(super) fn new(start: usize, end: usize) -> Option<Self> {
        Some(Self { start: u32::try_from(start).ok()?, end: u32::try_from(end).ok()? })
    }

    /// From where this one begins to where `last` ends.
    pub(super) const fn to(self, last: Self) -> Self {
        Self { start: self.start, end: last.end }
    }

    /// The same text where `around`, which it lies in, stands at `to`.
    pub(super) fn moved(self, around: Self, to: Self) -> Option<Self> {
        let is_within = around.start <= self.start && self.end <= around.end;
        let shifted = |at: u32| is_within.then(|| at - around.start + to.start);
        Some(Self { start: shifted(self.start)?, end: shifted(self.end)? })
    }

    /// What stands there.
    pub(crate) fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// What a value is, as far as anybody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    /// Text without an escape in it; the span lies within the quotes.
    Text(Span),
    /// Text that has to be unescaped.
    EscapedText,
    /// A whole number of at most nine digits.
    Whole(u32),
    /// Any other number.
    Number,
    List,
    Object,
}

/// How deep lists and objects may be within each other.
const MAX_DEPTH: u32 = 96;

/// A place in JSON text, and what can be read there. Everything gives `None` where the text is not as it must be, or may
/// not be.
#[derive(Debug)]
pub(super) struct Walker<'a> {
    bytes: &'a [u8],
    at: usize,
    skims: bool,
}

impl<'a> Walker<'a> {
    /// Stands at the beginning of a line, which ends at `end`. Whoever takes texts from it sees to it that they are UTF-8.
    pub(super) fn new(bytes: &'a [u8], start: usize, end: usize) -> Option<Self> {
        Some(Self { bytes: bytes.get(..end)?, at: start, skims: false })
    }

    /// Where it stands.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Goes over exactly these bytes.
    pub(super) fn literal<const N: usize>(&mut self, bytes: &[u8; N]) -> Option<()> {
        (self.ahead::<N>()? == bytes).then(|| self.skip(N))
    }

    /// The next bytes, if there are so many.
    pub(super) fn ahead<const N: usize>(&self) -> Option<&'a [u8; N]> {
        self.bytes.get(self.at..)?.first_chunk()
    }

    /// Goes over so many bytes, which were looked at [ahead](Self::ahead).
    pub(super) const fn skip(&mut self, n_bytes: usize) {
        self.at += n_bytes;
    }

    /// Whether exactly these bytes stand here, which are gone over then.
    pub(super) fn passes(&mut self, bytes: &[u8]) -> bool {
        // Passages differ at their ends more often than at their beginnings.
        let here = self.bytes.get(self.at..self.at + bytes.len());
        let does = here.is_some_and(|here| here.last_chunk::<8>() == bytes.last_chunk::<8>() && here == bytes);
        self.at += if does { bytes.len() } else { 0 };
        does
    }

    /// What was gone over since it stood at `start`.
    pub(super) fn since(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    /// Goes over the rest of a text, behind its first quote, and its last quote; there is no escape in it.
    pub(super) fn plain(&mut self) -> Option<Span> {
        let start = self.at;
        self.skip_plain_text();
        let span = Span::new(start, self.at)?;
        (self.peek()? == b'"').then(|| self.at += 1)?;
        Some(span)
    }

    /// Goes over a whole number of at most 18 digits.
    pub(super) fn integer(&mut self) -> Option<i64> {
        let is_negative = self.literal(b"-").is_some();
        let start = self.at;
        let mut value = 0_i64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            value = value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            self.at += 1;
        }
        let n_digits = self.at - start;
        let is_canonical = n_digits == 1 || self.bytes.get(start) != Some(&b'0');
        ((1..=18).contains(&n_digits) && is_canonical).then_some(if is_negative { -value } else { value })
    }

    /// Whether nothing but space is left.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.skip_space();
        self.at == self.bytes.len()
    }

    /// What stands in the text.
    pub(super) fn slice(&self, span: Span) -> &'a [u8] {
        self.bytes.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The same, but it skims.
    pub(super) const fn skimming(self) -> Self {
        Self { skims: true, ..self }
    }

    /// Whether lists and objects are passed over that nobody looks into.
    pub(super) const fn skims(&self) -> bool {
        self.skims
    }

    /// Whether an object begins here.
    pub(super) fn is_at_object(&self) -> bool {
        self.peek() == Some(b'{')
    }

    /// Whether a list begins here.
    pub(super) fn is_at_list(&self) -> bool {
        self.peek() == Some(b'[')
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, wanted: u8) -> Option<()> {
        self.skip_space();
        (self.peek()? == wanted).then(|| self.at += 1)
    }

    /// Goes over an object: `field` is called behind each key and must go over its value. Keys have no escapes.
    pub(super) fn object(&mut self, mut field: impl FnMut(&mut Self, &'a [u8]) -> Option<()>) -> Option<()> {
        self.eat(b'{')?;
        self.skip_space();
        if self.peek()? == b'}' {
            self.at += 1;
            return Some(());
        }
        loop {
            self.skip_space();
            let Kind::Text(key) = self.text()? else { return None };
            let key = self.slice(key);
            self.eat(b':')?;
            self.skip_space();
            field(self, key)?;
            self.skip_space();
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Some(());
                }
                _ => return None,
            }
        }
    }

    /// Goes over a list: `element` is called ahead of each element and must go over it.
    pub(super) fn list(&mut self, mut element: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.eat(b'[')?;
        self.skip_space();
        if self.peek()? == b']' {
            self.at += 1;
            return Some(());
        }
        loop {
            self.skip_space();
            element(self)?;
            self.skip_space();
            match self.peek()? {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    return Some(());
                }
                _ => return None,
            }
        }
    }

    /// Whether null stands here, which is gone over then.
    pub(super) fn null(&mut self) -> bool {
        let is_null = self.bytes[self.at..].starts_with(b"null");
        if is_null {
            self.at += 4;
        }
        is_null
    }

    /// Goes over any value and tells what it is.
    pub(super) fn value(&mut self) -> Option<Kind> {
        match self.peek()? {
            b'"' => self.text(),
            b'{' => self.containers().map(|()| Kind::Object),
            b'[' => self.containers().map(|()| Kind::List),
            _ => self.scalar(),
        }
    }

    /// Goes over a list or an object with all that is in it.
    fn containers(&mut self) -> Option<()> {
        if self.skims {
            self.at += bracketed(self.bytes.get(self.at..)?)?;
            return Some(());
        }
        // One bit for each open container, the innermost lowest: whether it is an object.
        let mut objects = 0_u128;
        let mut depth = 0_u32;
        loop {
            match self.peek()? {
                open @ (b'{' | b'[') => {
                    self.at += 1;
                    depth += 1;
                    let is_object = open == b'{';
                    objects = (objects << 1) | u128::from(is_object);
                    if depth > MAX_DEPTH {
                        return None;
                    }
                    self.skip_space();
                    let is_empty = self.peek()? == if is_object { b'}' } else { b']' };
                    if !is_empty {
                        if is_object {
                            self.key()?;
                        }
                        continue;
                    }
                }
                b'"' => {
                    self.text()?;
                }
                _ => {
                    self.scalar()?;
                }
            }
            loop {
                self.skip_space();
                match (self.peek()?, objects & 1 == 1) {
                    (b',', is_object) => {
                        self.at += 1;
                        self.skip_space();
                        if is_object {
                            self.key()?;
                        }
                        break;
                    }
                    (b'}', true) | (b']', false) => {
                        self.at += 1;
                        objects >>= 1;
                        depth -= 1;
                        if depth == 0 {
                            return Some(());
                        }
                    }
                    _ => return None,
                }
            }
        }
    }

    fn key(&mut self) -> Option<()> {
        if self.peek()? != b'"' {
            return None;
        }
        self.text()?;
        self.eat(b':')?;
        self.skip_space();
        Some(())
    }

    /// Goes over text, the quotes included.
    fn text(&mut self) -> Option<Kind> {
        if self.peek()? != b'"' {
            return None;
        }
        self.at += 1;
        let start = self.at;
        let mut is_plain = true;
        loop {
            self.skip_plain_text();
            match self.peek()? {
                b'"' => {
                    let span = Span::new(start, self.at)?;
                    self.at += 1;
                    return Some(if is_plain { Kind::Text(span) } else { Kind::EscapedText });
                }
                b'\\' => {
                    is_plain = false;
                    self.at += 1;
                    self.escape()?;
                }
                _ => return None,
            }
        }
    }

    /// Goes on to the next quote, backslash or control, eight bytes at a time.
    fn skip_plain_text(&mut self) {
        const ONES: u64 = u64::from_le_bytes([1; 8]);
        const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);
        const QUOTES: u64 = u64::from_le_bytes([b'"'; 8]);
        const SLASHES: u64 = u64::from_le_bytes([b'\\'; 8]);
        const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
        while let Some(word) = self.bytes.get(self.at..self.at + 8).and_then(|eight| eight.try_into().ok()) {
            let word = u64::from_le_bytes(word);
            let (quotes, slashes) = (word ^ QUOTES, word ^ SLASHES);
            // The lowest set bit is exact; those above it may be carried over.
            let special = quotes.wrapping_sub(ONES) & !quotes
                | slashes.wrapping_sub(ONES) & !slashes
                | word.wrapping_sub(SPACES) & !word;
            let special = special & HIGHS;
            if special != 0 {
                self.at += special.trailing_zeros() as usize / 8;
                return;
            }
            self.at += 8;
        }
        while self.peek().is_some_and(|byte| byte != b'"' && byte != b'\\' && byte >= b' ') {
            self.at += 1;
        }
    }

    fn escape(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
            b'u' => {
                let digits = self.bytes.get(self.at + 1..self.at + 5)?;
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                // Halves of surrogate pairs are D800 to DFFF.
                let is_surrogate = matches!(digits[0], b'd' | b'D') && !digits[1].is_ascii_digit()
                    || matches!(digits, [b'd' | b'D', b'8' | b'9', ..]);
                if is_surrogate {
                    return None;
                }
                self.at += 5;
            }
            _ => return None,
        }
        Some(())
    }

    fn scalar(&mut self) -> Option<Kind> {
        match self.peek()? {
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word(b"true").map(|()| Kind::Bool),
            b'f' => self.word(b"false").map(|()| Kind::Bool),
            b'n' => self.word(b"null").map(|()| Kind::Null),
            _ => None,
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.bytes.get(self.at..)?.starts_with(word).then(|| self.at += word.len())
    }

    fn number(&mut self) -> Option<Kind> {
        const MAX_LEN: usize = 40;
        let start = self.at;
        let is_negative = self.peek() == Some(b'-');
        self.at += usize::from(is_negative);
        let first = self.peek()?;
        let whole = self.digits()?;
        if first == b'0' && self.at - start > 1 + usize::from(is_negative) {
            return None;
        }
        let n_digits = self.at - start;
        let mut is_whole = !is_negative && n_digits <= 9;
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
            is_whole = false;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            let exponent_start = self.at;
            self.digits()?;
            if self.at - exponent_start > 2 {
                return None;
            }
            is_whole = false;
        }
        if self.at - start > MAX_LEN {
            return None;
        }
        Some(if is_whole { Kind::Whole(whole) } else { Kind::Number })
    }

    /// At least one digit; the value counts only for up to nine of them.
    fn digits(&mut self) -> Option<u32> {
        let start = self.at;
        let mut value = 0_u32;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            value = value.wrapping_mul(10).wrapping_add(u32::from(digit - b'0'));
            self.at += 1;
        }
        (self.at > start).then_some(value)
    }
}

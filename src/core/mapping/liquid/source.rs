//! A template cut into text, output and tags.
use super::error::LiquidError;
use super::letters::{is_blank, is_word};
use super::scanner::snapshot;

/// A part of a template.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// Where it begins, delimiters included.
    pub(super) begin: usize,
    /// Where it ends.
    pub(super) end: usize,
    trims: Trims,
}

/// What a part is.
#[derive(Clone, Debug)]
pub(super) enum TokenKind {
    /// Text, after blanks were trimmed from it.
    Text { begin: usize, end: usize },
    /// `{{ … }}`: where its content stands.
    Output { begin: usize, end: usize },
    /// `{% name … %}`: its name, and where its arguments stand.
    Tag { name: String, begin: usize, end: usize },
}

/// Which neighbours lose their blanks.
#[derive(Clone, Copy, Debug, Default)]
struct Trims {
    left: bool,
    right: bool,
}

/// Cuts a template.
pub(super) fn tokens(source: &[char]) -> Result<Vec<Token>, LiquidError> {
    let mut cutter = Cutter { source, at: 0, raw_begin: None };
    let mut tokens = Vec::new();
    while cutter.at < source.len() {
        tokens.push(cutter.token()?);
    }
    trim_neighbours(source, &mut tokens);
    Ok(tokens)
}

/// The lines of a `liquid` tag, each a tag of its own.
pub(super) fn lines(source: &[char], begin: usize, end: usize) -> Result<Vec<Token>, LiquidError> {
    let mut tokens = Vec::new();
    let mut at = begin;
    loop {
        while at < end && is_blank(source[at]) {
            at += 1;
        }
        if at >= end {
            return Ok(tokens);
        }
        // Like every delimiter, the end of the line is looked for behind the first letter.
        let stop = (at + 1..=end).find(|stop| source[stop - 1] == '\n').unwrap_or(end);
        tokens.push(tag(source, at, stop, (at, stop), "illegal liquid tag syntax")?);
        at = stop;
    }
}

struct Cutter<'a> {
    source: &'a [char],
    at: usize,
    raw_begin: Option<usize>,
}

impl Cutter<'_> {
    fn token(&mut self) -> Result<Token, LiquidError> {
        if let Some(raw_begin) = self.raw_begin {
            return self.raw(raw_begin);
        }
        let begin = self.at;
        if self.is_here(self.at, "{%") {
            self.at = self.close("%}", false).ok_or_else(|| self.not_closed("tag", begin, begin))?;
            let content = (begin + 2, self.at - 2);
            let token = tag(self.source, begin, self.at, content, "illegal tag syntax, tag name expected")?;
            if matches!(&token.kind, TokenKind::Tag { name, .. } if name == "raw") {
                self.raw_begin = Some(begin);
            }
            return Ok(token);
        }
        if self.is_here(self.at, "{{") {
            self.at = self.close("}}", true).ok_or_else(|| self.not_closed("output", begin, begin))?;
            let (content, trims) = content(self.source, begin + 2, self.at - 2);
            let kind = TokenKind::Output { begin: content.0, end: content.1 };
            return Ok(Token { kind, begin, end: self.at, trims });
        }
        while self.at < self.source.len() && !self.is_here(self.at, "{%") && !self.is_here(self.at, "{{") {
            self.at += 1;
        }
        Ok(text(begin, self.at))
    }

    /// What stands between `raw` and `endraw`, or `endraw` itself if nothing is left before it.
    fn raw(&mut self, raw_begin: usize) -> Result<Token, LiquidError> {
        let begin = self.at;
        let mut search = begin;
        while let Some(left) = (search..self.source.len()).find(|at| self.is_here(*at, "{%")) {
            search = left + 2;
            let name_begin = (search..self.source.len()).find(|at| !is_blank(self.source[*at])).unwrap_or(search);
            let name = self.source[name_begin..].iter().take_while(|letter| is_word(**letter));
            if !name.eq("endraw".chars().collect::<Vec<_>>().iter()) {
                continue;
            }
            let after = name_begin + "endraw".len();
            let next = (after..=self.source.len()).find(|at| self.ends(*at, "%}") || self.ends(*at, "{%"));
            if let Some(end) = next.filter(|end| self.ends(*end, "%}")) {
                if left > begin {
                    self.at = left;
                    return Ok(text(begin, left));
                }
                self.at = end;
                self.raw_begin = None;
                return tag(self.source, begin, end, (begin + 2, end - 2), "illegal tag syntax, tag name expected");
            }
        }
        Err(self.not_closed("raw", raw_begin, begin))
    }

    fn is_here(&self, at: usize, text: &str) -> bool {
        text.chars().enumerate().all(|(offset, letter)| self.source.get(at + offset) == Some(&letter))
    }

    fn ends(&self, at: usize, text: &str) -> bool {
        at >= text.len() && self.is_here(at - text.len(), text)
    }

    /// Where the delimiter ends that closes what begins here; in output, quoted text hides it.
    fn close(&self, delimiter: &str, respects_quotes: bool) -> Option<usize> {
        let mut at = self.at;
        while at < self.source.len() {
            if respects_quotes && matches!(self.source[at], '"' | '\'') {
                at = end_of_quoted(self.source, at, self.source.len());
                continue;
            }
            at += 1;
            if self.ends(at, delimiter) {
                return Some(at);
            }
        }
        None
    }

    fn not_closed(&self, what: &str, begin: usize, place: usize) -> LiquidError {
        let shown = snapshot(self.source, begin, self.source.len());
        LiquidError::new(format!("{what} {shown} not closed")).at(self.source, place)
    }
}

/// Where a quoted text ends that begins here: behind its closing quote, or at the end of everything.
pub(super) fn end_of_quoted(source: &[char], begin: usize, end: usize) -> usize {
    let mut is_escaped = false;
    for at in begin + 1..end {
        if source[at] == source[begin] && !is_escaped {
            return at + 1;
        }
        is_escaped = !is_escaped && source[at] == '\\';
    }
    end
}

fn text(begin: usize, end: usize) -> Token {
    Token { kind: TokenKind::Text { begin, end }, begin, end, trims: Trims::default() }
}

/// Content between delimiters without the hyphens that ask for trimming and without blanks at its ends.
fn content(source: &[char], begin: usize, end: usize) -> ((usize, usize), Trims) {
    let trims = Trims { left: source.get(begin) == Some(&'-'), right: end > 0 && source.get(end - 1) == Some(&'-') };
    let (mut left, mut right) = (begin + usize::from(trims.left), end - usize::from(trims.right));
    while left < right && is_blank(source[left]) {
        left += 1;
    }
    while right > left && is_blank(source[right - 1]) {
        right -= 1;
    }
    ((left, right), trims)
}

fn tag(
    source: &[char],
    begin: usize,
    end: usize,
    inside: (usize, usize),
    nameless: &str,
) -> Result<Token, LiquidError> {
    let ((left, right), trims) = content(source, inside.0, inside.1);
    let name: String = match source.get(left) {
        Some('#') if left < right => "#".to_owned(),
        _ => source.get(left..right).unwrap_or_default().iter().take_while(|letter| is_word(**letter)).collect(),
    };
    if name.is_empty() {
        return Err(LiquidError::new(nameless).at(source, left));
    }
    let mut args = left + name.chars().count();
    while args < right && is_blank(source[args]) {
        args += 1;
    }
    Ok(Token { kind: TokenKind::Tag { name, begin: args, end: right }, begin, end, trims })
}

/// Takes blanks off texts whose neighbours ask for it; inside `raw` nothing is asked.
fn trim_neighbours(source: &[char], tokens: &mut [Token]) {
    let mut in_raw = false;
    for index in 0..tokens.len() {
        let trims = tokens[index].trims;
        if trims.left && !in_raw && index > 0 {
            trim(source, &mut tokens[index - 1].kind, Trims { left: false, right: true });
        }
        if let TokenKind::Tag { name, .. } = &tokens[index].kind {
            in_raw = (in_raw || name == "raw") && name != "endraw";
        }
        if trims.right && !in_raw && index + 1 < tokens.len() {
            trim(source, &mut tokens[index + 1].kind, Trims { left: true, right: false });
        }
    }
}

fn trim(source: &[char], kind: &mut TokenKind, sides: Trims) {
    let TokenKind::Text { begin, end } = kind else { return };
    while sides.left && *begin < *end && is_blank(source[*begin]) {
        *begin += 1;
    }
    while sides.right && *end > *begin && is_blank(source[*end - 1]) {
        *end -= 1;
    }
}

//! The filter `slugify`: text as it stands in an address.
use super::Arguments;
use crate::core::js;
use crate::core::mapping::liquid::value::Val;

pub(super) fn apply<'a>(name: &str, value: &Val<'a>, arguments: &Arguments<'_>) -> Option<Val<'a>> {
    if name != "slugify" {
        return None;
    }
    let mode = match arguments.at(0) {
        Val::Undefined => "default".to_owned(),
        mode => mode.as_str().unwrap_or_default().to_owned(),
    };
    let keeps_case = match arguments.at(1) {
        Val::Undefined => false,
        Val::Number(number) => number != 0.0 && !number.is_nan(),
        Val::Json(value) => js::truthy(&value),
        Val::Drop(_) => true,
    };
    let slug = slug(&value.to_text(), &mode);
    Some(Val::text(if keeps_case { slug } else { slug.to_lowercase() }))
}

fn slug(text: &str, mode: &str) -> String {
    match mode {
        "raw" => dashed(text, |letter| !js::is_blank(letter)),
        "default" => dashed(text, is_letter_or_digit),
        "pretty" => dashed(text, |letter| is_letter_or_digit(letter) || "._~!$&'()+,;=@".contains(letter)),
        "ascii" => dashed(text, |letter| letter.is_ascii_alphanumeric()),
        "latin" => dashed(&without_accents(text), is_letter_or_digit),
        _ => text.to_owned(),
    }
}

/// Every run of other letters becomes a dash, and a dash at either end goes.
fn dashed(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_other = false;
    for letter in text.chars() {
        let is_other = !is_kept(letter);
        if !is_other {
            out.push(letter);
        } else if !after_other {
            out.push('-');
        }
        after_other = is_other;
    }
    let out = out.strip_prefix('-').unwrap_or(&out);
    out.strip_suffix('-').unwrap_or(out).to_owned()
}

/// Letters, marks and decimal digits of any script, as far as the standard library tells them: marks that stand for no
/// letter are known from the blocks of combining marks, and numerals that are no digits from theirs.
fn is_letter_or_digit(letter: char) -> bool {
    let is_mark = matches!(
        letter,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20f0}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}'
    );
    let is_numeral = matches!(
        letter,
        '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{bc}'..='\u{be}' | '\u{2070}' | '\u{2074}'..='\u{2079}'
            | '\u{2080}'..='\u{2089}' | '\u{2150}'..='\u{2182}' | '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}'
    );
    is_mark || (letter.is_alphanumeric() && !is_numeral)
}

fn without_accents(text: &str) -> String {
    const PLAIN: [(&str, &str); 16] = [
        ("àáâãäå", "a"),
        ("æ", "ae"),
        ("ç", "c"),
        ("èéêë", "e"),
        ("ìíîï", "i"),
        ("ð", "d"),
        ("ñ", "n"),
        ("òóôõöø", "o"),
        ("ùúûü", "u"),
        ("ýÿ", "y"),
        ("ß", "ss"),
        ("œ", "oe"),
        ("þ", "th"),
        ("ẞ", "SS"),
        ("Œ", "OE"),
        ("Þ", "TH"),
    ];
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match PLAIN.iter().find(|(accented, _)| accented.contains(letter)) {
            Some((_, plain)) => out.push_str(plain),
            None => out.push(letter),
        }
    }
    out
}

//! Filters on times. Times are in UTC unless the template says where, names are English.
use super::Arguments;
use super::zone::Zone;
use crate::core::js::{self, Civil};
use crate::core::mapping::liquid::error::LiquidError;
use crate::core::mapping::liquid::value::Val;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

pub(super) fn apply<'a>(
    name: &str,
    value: &Val<'a>,
    arguments: &Arguments<'a>,
) -> Option<Result<Val<'a>, LiquidError>> {
    let is_ordinal = arguments.at(0).as_str() == Some("ordinal");
    let is_american = arguments.at(1).as_str() == Some("US");
    let (format, zone) = match name {
        "date" if arguments.at(0).is_nil() => ("%A, %B %-e, %Y at %-l:%M %P %z".to_owned(), arguments.at(1)),
        "date" => (arguments.text(0), arguments.at(1)),
        "date_to_xmlschema" => ("%Y-%m-%dT%H:%M:%S%:z".to_owned(), Val::Undefined),
        "date_to_rfc822" => ("%a, %d %b %Y %H:%M:%S %z".to_owned(), Val::Undefined),
        "date_to_string" | "date_to_long_string" => {
            let month = if name == "date_to_string" { "%b" } else { "%B" };
            let format = match (is_ordinal, is_american) {
                (true, true) => format!("{month} %-d%q, %Y"),
                (true, false) => format!("%-d%q {month} %Y"),
                _ => format!("%d {month} %Y"),
            };
            (format, Val::Undefined)
        }
        _ => return None,
    };
    Some(formatted(value, &format, &zone))
}

/// The time in a format; what is no time stays what it was.
fn formatted<'a>(value: &Val<'a>, format: &str, zone: &Val<'_>) -> Result<Val<'a>, LiquidError> {
    let Some(millis) = instant(value)? else { return Ok(value.clone()) };
    match Moment::new(millis, Zone::of(zone, millis)?) {
        Some(moment) => moment.format(format).map(Val::text),
        None => Ok(value.clone()),
    }
}

/// Milliseconds since 1970: numbers and texts of digits are seconds.
fn instant(value: &Val<'_>) -> Result<Option<f64>, LiquidError> {
    let millis = match value {
        Val::Number(seconds) => Some((seconds * 1000.0).trunc()),
        other if other.is_nil() => None,
        other => match other.to_json().as_deref() {
            Some(serde_json::Value::String(text)) if text == "now" || text == "today" => {
                return Err(LiquidError::unsupported(&format!("\"{text}\" in filter \"date\"")));
            }
            Some(serde_json::Value::String(text))
                if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                Some(js::number_from_text(text) * 1000.0)
            }
            Some(serde_json::Value::Bool(flag)) => Some(f64::from(u8::from(*flag))),
            Some(json) => js::parse_date(&js::text(json)),
            None => None,
        },
    };
    Ok(millis.filter(|millis| js::is_date(*millis)))
}

/// A time taken apart.
struct Moment {
    millis: f64,
    zone: Zone,
    date: Civil,
}

impl Moment {
    fn new(millis: f64, zone: Zone) -> Option<Self> {
        let date = Civil::of_millis(millis - zone.minutes_behind * 60_000.0)?;
        Some(Self { millis, zone, date })
    }

    /// `strftime` with the flags `-`, `_`, `0`, `^`, `#` and `:`, a width, and the modifiers `E` and `O`, which change
    /// nothing. What is no format stays as it is.
    fn format(&self, format: &str) -> Result<String, LiquidError> {
        let mut out = String::new();
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            out.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            let unflagged = after.trim_start_matches(['-', '_', '0', '^', '#', ':']);
            let conversions = unflagged.trim_start_matches(|letter: char| letter.is_ascii_digit());
            let flags = &after[..after.len() - unflagged.len()];
            let width = &unflagged[..unflagged.len() - conversions.len()];
            let mut letters = conversions.chars();
            let mut conversion = letters.next();
            if matches!(conversion, Some('E' | 'O')) && !matches!(letters.clone().next(), None | Some('\n')) {
                conversion = letters.next();
            }
            if let Some(conversion) = conversion.filter(|letter| *letter != '\n') {
                let end = rest.len() - letters.as_str().len();
                match self.part(conversion, flags, width)? {
                    Some(text) => out.push_str(&text),
                    None => out.push_str(&rest[at..end]),
                }
                rest = &rest[end..];
            } else {
                out.push('%');
                rest = after;
            }
        }
        Ok(out + rest)
    }

    /// One conversion, padded; `None` if there is none of that name.
    fn part(&self, conversion: char, flags: &str, width: &str) -> Result<Option<String>, LiquidError> {
        let Some(mut text) = self.plain(conversion, flags, width) else { return Ok(None) };
        if flags.contains('^') {
            text = text.to_uppercase();
        } else if flags.contains('#') {
            let has_lower = text.bytes().any(|byte| byte.is_ascii_lowercase());
            text = if has_lower { text.to_uppercase() } else { text.to_lowercase() };
        }
        let usual = match conversion {
            'C' | 'd' | 'e' | 'H' | 'I' | 'k' | 'l' | 'm' | 'M' | 'S' | 'U' | 'W' | 'y' => 2,
            'j' | 'L' => 3,
            'Y' => 4,
            _ => 0,
        };
        let width = match width.parse().unwrap_or(0) {
            _ if flags.contains('-') => 0,
            0 => usual,
            width => width,
        };
        if width > 1000 {
            return Err(LiquidError::new("memory alloc limit exceeded"));
        }
        let with_blanks = flags.contains('_') || ("aAbBceklpP".contains(conversion) && !flags.contains('0'));
        Ok(Some(match text.strip_prefix('-') {
            _ if with_blanks => format!("{text:>width$}"),
            Some(digits) => format!("-{digits:0>width$}", width = width.saturating_sub(1)),
            None => format!("{text:0>width$}"),
        }))
    }

    fn plain(&self, conversion: char, flags: &str, width: &str) -> Option<String> {
        let date = self.date;
        let hour12 = if date.hour.is_multiple_of(12) { 12 } else { date.hour % 12 };
        let weekday = DAYS[usize::from(date.weekday)];
        let month = MONTHS[usize::from(date.month) - 1];
        let days = i32::from(date.day_of_year) - 1;
        let week = |first: i32| (days - (i32::from(date.weekday) - first).rem_euclid(7) + 7) / 7;
        let half = |am: &str, pm: &str| if date.hour < 12 { am.to_owned() } else { pm.to_owned() };
        let year = date.year;
        let short_date = || format!("{}/{}/{year}", date.month, date.day);
        let time = || format!("{hour12}:{:02}:{:02} {}", date.minute, date.second, half("AM", "PM"));
        Some(match conversion {
            'a' => weekday[..3].to_owned(),
            'A' => weekday.to_owned(),
            'b' | 'h' => month[..3].to_owned(),
            'B' => month.to_owned(),
            'C' => year.div_euclid(100).to_string(),
            'c' => format!("{}, {}", short_date(), time()),
            'd' | 'e' => date.day.to_string(),
            'H' | 'k' => date.hour.to_string(),
            'I' | 'l' => hour12.to_string(),
            'j' => date.day_of_year.to_string(),
            'L' => date.millisecond.to_string(),
            'm' => date.month.to_string(),
            'M' => date.minute.to_string(),
            'N' => {
                let n_digits =
                    Some(width.parse().unwrap_or(0)).filter(|width| *width != 0).unwrap_or(9_usize).min(1000);
                let digits = format!("{:03}", date.millisecond);
                format!("{:0<n_digits$}", &digits[..n_digits.min(3)])
            }
            'p' => half("AM", "PM"),
            'P' => half("am", "pm"),
            'q' => ordinal(date.day).to_owned(),
            's' => js::number_text((self.millis / 1000.0).floor()),
            'S' => date.second.to_string(),
            'u' => if date.weekday == 0 { 7 } else { date.weekday }.to_string(),
            'U' => week(0).to_string(),
            'w' => date.weekday.to_string(),
            'W' => week(1).to_string(),
            'y' => year.rem_euclid(100).to_string(),
            'Y' => year.to_string(),
            'x' => short_date(),
            'X' => time(),
            'Z' if !self.zone.name.is_empty() => self.zone.name.clone(),
            'z' | 'Z' => self.zone.offset(flags.contains(':')),
            't' => "\t".to_owned(),
            'n' => "\n".to_owned(),
            '%' => "%".to_owned(),
            _ => return None,
        })
    }
}

fn ordinal(day: u8) -> &'static str {
    match day {
        11..=13 => "th",
        day if day % 10 == 1 => "st",
        day if day % 10 == 2 => "nd",
        day if day % 10 == 3 => "rd",
        _ => "th",
    }
}

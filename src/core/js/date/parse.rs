//! Tokens to an instant. The ISO form is tried first; what it leaves over is read in the older way, which takes almost
//! anything with a number in it.
use super::parts::{Clock, Day, Form, Zone, is_day, is_hour, is_minute, is_month};
use super::token::{Token, Tokens, Word};

/// Whether a number of milliseconds since 1970 is a date: 100 million days either way.
#[must_use]
pub fn is_valid(millis: f64) -> bool {
    millis.abs() <= 8.64e15
}

/// `Date.parse(text)` in a process whose time zone is UTC: milliseconds since 1970, `None` for what is no date.
#[must_use]
pub fn parse(text: &str) -> Option<f64> {
    let mut reader =
        Reader { tokens: Tokens::new(text), day: Day::default(), clock: Clock::default(), zone: Zone::default() };
    let left_over = reader.iso()?;
    reader.older(left_over)?;
    let midnight = reader.day.days()?.checked_mul(86_400_000)?;
    let millis = midnight.checked_add(reader.clock.millis()?)?.checked_sub(reader.zone.millis())?;
    #[expect(clippy::cast_precision_loss, reason = "a date is below 2⁵³; what is above is refused")]
    let millis = millis as f64;
    is_valid(millis).then_some(millis)
}

struct Reader<'a> {
    tokens: Tokens<'a>,
    day: Day,
    clock: Clock,
    zone: Zone,
}

impl Reader<'_> {
    /// Reads the ISO form as far as it goes and gives the token where it ends, `None` if the text is no date at all:
    /// behind a `T` nothing but ISO is taken.
    fn iso(&mut self) -> Option<Token> {
        if let Some(sign) = self.tokens.peek().sign() {
            let token = self.tokens.next();
            match self.tokens.peek().of_length(6) {
                None => return Some(token),
                Some(year) => {
                    self.tokens.next();
                    if sign < 0 && year == 0 {
                        return Some(token);
                    }
                    self.day.add(sign * year)?;
                }
            }
        } else if let Some(year) = self.tokens.peek().of_length(4) {
            self.tokens.next();
            self.day.add(year)?;
        } else {
            return Some(self.tokens.next());
        }
        for is_sound in [is_month, is_day] {
            if !self.tokens.skip('-') {
                break;
            }
            match self.tokens.peek().of_length(2).filter(|number| is_sound(*number)) {
                None => return Some(self.tokens.next()),
                Some(number) => self.day.add(number)?,
            }
            self.tokens.next();
        }
        match self.tokens.peek() {
            Token::Word(Word::TimeSeparator) => {
                self.tokens.next();
                self.iso_time()?;
            }
            Token::End => {}
            _ => return Some(self.tokens.next()),
        }
        if self.zone.is_empty() && self.clock.is_empty() {
            self.zone.set(0);
        }
        self.day.form = Form::Iso;
        Some(Token::End)
    }

    fn iso_time(&mut self) -> Option<()> {
        let hour = self.two_digits(|number| is_hour(number) || number == 24)?;
        let fits = |number: i32| is_minute(number) && (hour != 24 || number == 0);
        self.clock.add(hour)?;
        if !self.tokens.skip(':') {
            return None;
        }
        let minute = self.two_digits(fits)?;
        self.clock.add(minute)?;
        if self.tokens.skip(':') {
            let second = self.two_digits(fits)?;
            self.clock.add(second)?;
            if self.tokens.skip('.') {
                let fraction = self.fraction()?;
                if hour == 24 && fraction > 0 {
                    return None;
                }
                self.clock.add(fraction)?;
            }
        }
        if self.tokens.peek() == Token::Word(Word::Zulu) {
            self.tokens.next();
            self.zone.set(0);
        } else if let Some(sign) = self.tokens.peek().sign() {
            self.tokens.next();
            self.zone.sign = Some(sign);
            self.iso_offset()?;
        }
        (self.tokens.peek() == Token::End).then_some(())
    }

    fn iso_offset(&mut self) -> Option<()> {
        let (hour, minute) = if let Some(both) = self.tokens.peek().of_length(4) {
            self.tokens.next();
            (both / 100, both % 100)
        } else {
            let hour = self.two_digits(is_hour)?;
            if !self.tokens.skip(':') {
                return None;
            }
            (hour, self.two_digits(is_minute)?)
        };
        self.zone.hour = Some(hour);
        self.zone.minute = Some(minute);
        (is_hour(hour) && is_minute(minute)).then_some(())
    }

    fn two_digits(&mut self, is_sound: impl Fn(i32) -> bool) -> Option<i32> {
        self.tokens.next().of_length(2).filter(|number| is_sound(*number))
    }

    /// A number as milliseconds: its first three digits, however many there are.
    fn fraction(&mut self) -> Option<i32> {
        let Token::Number { value, length } = self.tokens.next() else { return None };
        Some(match length {
            1 => value * 100,
            2 => value * 10,
            _ => value / 10_i32.pow(u32::try_from(length.min(9)).unwrap_or(9) - 3),
        })
    }

    /// Reads what is left in the older way, beginning with a token that the ISO form could not use.
    fn older(&mut self, left_over: Token) -> Option<()> {
        let mut has_number = !self.day.is_empty();
        let mut token = if left_over == Token::End { self.tokens.next() } else { left_over };
        while token != Token::End {
            match token {
                Token::Number { value, .. } => {
                    has_number = true;
                    self.older_number(value)?;
                }
                Token::Word(Word::HalfOfDay(offset)) if !self.clock.is_empty() => self.clock.half_of_day = Some(offset),
                Token::Word(Word::Month(month)) => {
                    self.day.named_month = Some(month);
                    self.tokens.skip('-');
                }
                Token::Word(Word::Zone(hours)) if has_number => self.zone.set(hours),
                Token::Word(Word::Zulu) if has_number => self.zone.set(0),
                // Words may only stand before the first number, and apart from it.
                Token::Word(_) | Token::Garbage => {
                    if has_number || matches!(self.tokens.peek(), Token::Number { .. }) {
                        return None;
                    }
                }
                Token::Symbol(symbol @ ('+' | '-')) if self.zone.is_utc() || !self.clock.is_empty() => {
                    has_number = true;
                    self.older_offset(if symbol == '+' { 1 } else { -1 })?;
                }
                Token::Symbol('+' | '-' | ')') if has_number => return None,
                Token::Symbol(_) | Token::Blank | Token::Other | Token::End => {}
            }
            token = self.tokens.next();
        }
        Some(())
    }

    fn older_number(&mut self, number: i32) -> Option<()> {
        if self.tokens.skip(':') {
            if self.tokens.skip(':') {
                if !self.clock.is_empty() {
                    return None;
                }
                self.clock.add(number)?;
                return self.clock.add(0);
            }
            self.clock.add(number)?;
            self.tokens.skip('.');
            return Some(());
        }
        if self.tokens.skip('.') && self.clock.expects(number) {
            self.clock.add(number)?;
            let fraction = self.fraction()?;
            self.clock.add_last(fraction);
        } else if self.zone.expects(number) {
            self.zone.minute = Some(number);
        } else if self.clock.expects(number) {
            self.clock.add_last(number);
            let ends = matches!(
                self.tokens.peek(),
                Token::End | Token::Blank | Token::Word(Word::Zulu) | Token::Symbol('+' | '-')
            );
            return ends.then_some(());
        } else {
            self.day.add(number)?;
            self.tokens.skip('-');
        }
        Some(())
    }

    /// An offset behind `UTC` or a time: hours, hours and minutes, or hours with a colon and minutes to come.
    fn older_offset(&mut self, sign: i32) -> Option<()> {
        self.zone.sign = Some(sign);
        let (value, length) = match self.tokens.peek() {
            Token::Number { value, length } => {
                self.tokens.next();
                (value, length)
            }
            _ => (0, 0),
        };
        (self.zone.hour, self.zone.minute) = match length {
            _ if self.tokens.peek() == Token::Symbol(':') => (Some(value), None),
            1 | 2 => (Some(value), Some(0)),
            3 | 4 => (Some(value / 100), Some(value % 100)),
            _ => return None,
        };
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_read_as_v8_reads_them() {
        for (text, expected) in [
            ("2024-01-15", Some(1_705_276_800_000.0)),
            ("2024-01", Some(1_704_067_200_000.0)),
            ("2024", Some(1_704_067_200_000.0)),
            ("2024-01-15T10:30", Some(1_705_314_600_000.0)),
            ("2024-01-15T10:30:05.1239Z", Some(1_705_314_605_123.0)),
            ("2024-01-15T10:30:05+02:00", Some(1_705_307_405_000.0)),
            ("2024-01-15T10:30-0130", Some(1_705_320_000_000.0)),
            ("2024-01-15T24:00", Some(1_705_363_200_000.0)),
            ("-000001-01-01", Some(-62_198_755_200_000.0)),
            ("+275760-09-13", Some(8.64e15)),
            ("+275760-09-14", None),
            ("999999999-1-1", None),
            ("2024-02-30", Some(1_709_251_200_000.0)),
            ("2024-13-01", None),
            ("2024-01-15T24:01", None),
            ("2024-01-15T10", None),
            ("2024-01-15Tnoon", None),
            ("2024-01-15 10:30", Some(1_705_314_600_000.0)),
            ("Mon, 15 Jan 2024 10:30:05 GMT", Some(1_705_314_605_000.0)),
            ("Jan 15, 2024 10:30 PM EST", Some(1_705_375_800_000.0)),
            ("January 15 2024 UTC+01:30", Some(1_705_271_400_000.0)),
            ("15 january 24", Some(1_705_276_800_000.0)),
            ("1/15/2024", Some(1_705_276_800_000.0)),
            ("2024/1/15 (a (nested) comment)", Some(1_705_276_800_000.0)),
            ("Jan 5", Some(978_652_800_000.0)),
            ("5", Some(988_675_200_000.0)),
            ("foo 5", Some(988_675_200_000.0)),
            ("foo5", None),
            ("5 foo", None),
            ("15/1/2024", None),
            ("13:00 pm 1/15/2024", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "[-+:.() TZ0-9a-gmpuJn\u{e9}]{0,24}", any_text in ".{0,16}") {
            for text in [text, any_text] {
                prop_assert!(parse(&text).is_none_or(is_valid));
            }
        }
    }
}

//! Filters on numbers. What is no number counts as 0; an argument that is not there makes the result NaN.
use super::Arguments;
use crate::core::js;
use crate::core::mapping::liquid::value::Val;

pub(super) fn apply<'a>(name: &str, value: &Val<'a>, arguments: &Arguments<'a>) -> Option<Val<'a>> {
    let number = or_zero(value.to_number());
    let argument = if arguments.len() == 0 { f64::NAN } else { or_zero(arguments.at(0).to_number()) };
    Some(Val::Number(match name {
        "abs" => number.abs(),
        "ceil" => number.ceil(),
        "floor" => number.floor(),
        "plus" => number + argument,
        "minus" => number - argument,
        "times" => number * argument,
        "divided_by" if arguments.len() > 1 && or_zero(arguments.at(1).to_number()) != 0.0 => {
            (number / argument).floor()
        }
        "divided_by" => number / argument,
        "modulo" => ((number % argument) + argument) % argument,
        "at_least" => (0..arguments.len()).map(|place| or_zero(arguments.at(place).to_number())).fold(number, f64::max),
        "at_most" => (0..arguments.len()).map(|place| or_zero(arguments.at(place).to_number())).fold(number, f64::min),
        "round" => round(number, or_zero(arguments.number_or(0, 0.0))),
        "to_integer" => value.to_number(),
        _ => return None,
    }))
}

fn or_zero(number: f64) -> f64 {
    if number.is_nan() { 0.0 } else { number }
}

/// Rounds half away from zero at a decimal place, moving the point in the text so that 1.005 does not become 1.00499….
fn round(number: f64, places: f64) -> f64 {
    const MOST: f64 = 9_007_199_254_740_991.0;
    let scaled = shifted(number.abs(), places);
    if scaled.is_nan() || scaled > MOST {
        return number;
    }
    let rounded = shifted((scaled + 0.5).floor(), -places);
    if number < 0.0 { -rounded } else { rounded }
}

fn shifted(number: f64, places: f64) -> f64 {
    let text = js::number_text(number);
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    let power = js::number_text(js::number_from_text(power) + places);
    js::number_from_text(&format!("{mantissa}e{power}"))
}

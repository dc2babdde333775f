//! Nodes to text.
use serde_json::Value;

use super::error::LiquidError;
use super::evaluate::Context;
use super::template::{Cycle, Node, Placed, Template};
use super::value::{Drop, Val};
use crate::core::js;

impl Template {
    /// The text that the template makes of an event.
    ///
    /// # Errors
    /// A filter failed, or the template asks for too much memory.
    pub(in crate::core::mapping) fn render(&self, event: Option<&Value>) -> Result<String, LiquidError> {
        let mut context = Context::new(event);
        let mut out = String::new();
        nodes(&self.nodes, &self.source, &mut context, &mut out)?;
        Ok(out)
    }
}

fn nodes(list: &[Placed], source: &[char], context: &mut Context<'_>, out: &mut String) -> Result<(), LiquidError> {
    for placed in list {
        node(&placed.node, source, context, out).map_err(|error| error.at(source, placed.at))?;
        if context.is_stopped {
            break;
        }
    }
    Ok(())
}

fn node(node: &Node, source: &[char], context: &mut Context<'_>, out: &mut String) -> Result<(), LiquidError> {
    match node {
        Node::Text(text) => out.push_str(text),
        Node::Output(chain) => {
            let value = context.chain(chain)?;
            let text = value.to_text();
            context.charge_text(&text)?;
            out.push_str(&text);
        }
        Node::Assign(name, chain) => {
            let value = context.chain(chain)?;
            context.variables.insert(name.clone(), value);
        }
        Node::Capture(name, inside) => {
            let mut text = String::new();
            nodes(inside, source, context, &mut text)?;
            context.variables.insert(name.clone(), Val::text(text));
        }
        Node::Branches { branches, otherwise } => {
            for branch in branches {
                if context.chain(&branch.condition)?.is_truthy() == branch.wanted {
                    return nodes(&branch.nodes, source, context, out);
                }
            }
            nodes(otherwise, source, context, out)?;
        }
        Node::Increment(name) => {
            let count = counter(name, context);
            context.counters.insert(name.clone(), count + 1.0);
            out.push_str(&js::number_text(count));
        }
        Node::Decrement(name) => {
            let count = counter(name, context) - 1.0;
            context.counters.insert(name.clone(), count);
            out.push_str(&js::number_text(count));
        }
        Node::Cycle(cycle) => {
            let value = next_candidate(cycle, context)?;
            if is_written(&value) {
                out.push_str(&value.to_text());
            }
        }
        Node::Block(inside) => {
            context.n_open_blocks += 1;
            nodes(inside, source, context, out)?;
            context.n_open_blocks -= 1;
        }
        Node::Sequence(inside) => nodes(inside, source, context, out)?,
        Node::Stop => context.is_stopped = true,
        Node::Nothing => {}
    }
    Ok(())
}

/// The candidate whose turn it is.
fn next_candidate<'a>(cycle: &Cycle, context: &mut Context<'a>) -> Result<Val<'a>, LiquidError> {
    let group = match &cycle.group {
        Some(group) => match context.operand(group)? {
            Val::Undefined => "undefined".to_owned(),
            Val::Number(number) => js::number_text(number),
            Val::Json(value) => js::text(&value).into_owned(),
            Val::Drop(_) => "[object Object]".to_owned(),
        },
        None => "undefined".to_owned(),
    };
    let turn = context.turns.entry(format!("{group}:{}", cycle.written)).or_insert(0);
    let candidate = &cycle.candidates[*turn];
    *turn = (*turn + 1) % cycle.candidates.len();
    context.chain(candidate)
}

/// What a tag gives is written only if it is truthy to JavaScript: 0 and false are not.
fn is_written(value: &Val<'_>) -> bool {
    match value {
        Val::Undefined | Val::Drop(Drop::Nil | Drop::Empty | Drop::Blank) => false,
        Val::Number(number) => *number != 0.0 && !number.is_nan(),
        Val::Json(value) => js::truthy(value),
    }
}

/// A counter begins at the event's own number of that name, or at 0.
fn counter(name: &str, context: &Context<'_>) -> f64 {
    context.counters.get(name).copied().unwrap_or_else(|| context.event_number(name).unwrap_or(0.0))
}

//! What of a plan is the same for every attempt: worked out once, used for all of them.
use serde_json::{Map, Value};

use crate::core::destinations::{Action, Destination, Operation, default_mapping, destination};
use crate::core::error::DeliveryError;
use crate::core::mapping::{self, CompiledMapping, MappingError};
use crate::core::plan::Plan;
use crate::core::rules::{Fact, Facts, RuleSet};
use crate::core::schema;
use crate::core::subscription::{self, Condition};

/// A plan made ready. What is wrong with it is kept, and comes out where the reference would find it.
pub struct Prepared<'a> {
    /// Who gets the events.
    pub destination: &'a dyn Destination,
    /// Who judges: the rule set that the plan names, unless another one is put in its place.
    pub rules: &'static RuleSet,
    /// What is done; none if the destination knows no action of that name.
    pub operation: Option<Operation>,
    /// The settings, validated.
    pub settings: Result<Map<String, Value>, DeliveryError>,
    /// The subscription, or what the framework answers instead of evaluating it.
    pub subscription: Result<Condition, String>,
    /// The whole mapping, default included.
    pub mapping: Map<String, Value>,
    /// The same, ready to be run.
    pub compiled: Result<CompiledMapping, MappingError>,
    /// What all rules of an attempt may look at.
    pub facts: Facts,
}

impl Prepared<'static> {
    /// A plan for one of the destinations of the registry.
    #[must_use]
    pub fn of_plan(plan: &Plan) -> Self {
        Prepared::new(destination(plan.destination), plan)
    }
}

impl<'a> Prepared<'a> {
    /// A plan for any destination.
    #[must_use]
    pub fn new(destination: &'a dyn Destination, plan: &Plan) -> Self {
        let operation = Operation::of(destination, &plan.action);
        let action = match operation {
            Some(Operation::Action(action)) => Some(action),
            _ => None,
        };
        let mapping = mapping::merge_over_default(&action.map(default_mapping).unwrap_or_default(), &plan.mapping);
        Self {
            destination,
            rules: RuleSet::named(plan.rules),
            operation,
            settings: schema::validate_settings(destination.settings(), plan.settings.clone()).map_err(Into::into),
            subscription: subscription_of(plan, action),
            compiled: CompiledMapping::new(&mapping),
            mapping,
            facts: facts_of(destination, operation, plan),
        }
    }
}

fn facts_of(destination: &dyn Destination, operation: Option<Operation>, plan: &Plan) -> Facts {
    let facts = Facts::default().with(Fact::Destination, plan.destination.name());
    let facts = match operation {
        Some(Operation::Action(action)) => facts.with(Fact::Action, action.name()),
        Some(_) => facts.with(Fact::Action, plan.action.clone()),
        None => facts.with(Fact::Action, plan.action.clone()).with(Fact::UnknownAction, plan.action.clone()),
    };
    facts.with(Fact::Mode, plan.mode.name()).with(Fact::AuthScheme, destination.auth_scheme().name())
}

fn subscription_of(plan: &Plan, action: Option<&dyn Action>) -> Result<Condition, String> {
    let default = action.map(Action::default_subscription).unwrap_or_default();
    match plan.subscription.as_deref().unwrap_or(default) {
        "" => Err("Failed to validate subscription".to_owned()),
        text => subscription::parse(text).map_err(|error| format!("Invalid subscription : {error}")),
    }
}

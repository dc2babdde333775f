//! One recorded case: a plan, and what the reference did with it.
use serde_json::{Map, Value};

use crate::core::plan::Plan;

/// A recorded case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name; what stands before the last dash is its family.
    pub id: String,
    /// What was run.
    pub plan: Plan,
    /// What the reference did: `requests`, `outcome` and `token_refreshes`.
    pub expect: Map<String, Value>,
}

/// Why a line is no case.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// The line is no JSON.
    #[error("is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A field is missing or of the wrong kind.
    #[error("has no {kind} `{name}`")]
    Field {
        /// Its name.
        name: &'static str,
        /// What it should be.
        kind: &'static str,
    },
    /// The plan cannot be run.
    #[error("{id}: its plan cannot be run: {reason}")]
    Plan {
        /// The case.
        id: String,
        /// What the plan's reader says.
        reason: String,
    },
}

impl Case {
    /// Reads a line of a case file; `read_plan` makes a plan of its JSON.
    ///
    /// # Errors
    /// The line is no case, or its plan no plan.
    pub fn read(line: &str, read_plan: impl Fn(Map<String, Value>) -> Result<Plan, String>) -> Result<Self, CaseError> {
        let mut fields: Map<String, Value> = serde_json::from_str(line)?;
        let Some(Value::String(id)) = fields.remove("id") else {
            return Err(CaseError::Field { name: "id", kind: "text" });
        };
        let mut object = |name: &'static str| match fields.remove(name) {
            Some(Value::Object(object)) => Ok(object),
            _ => Err(CaseError::Field { name, kind: "object" }),
        };
        let (plan, expect) = (object("plan")?, object("expect")?);
        match read_plan(plan) {
            Ok(plan) => Ok(Self { id, plan, expect }),
            Err(reason) => Err(CaseError::Plan { id, reason }),
        }
    }

    /// The part of the id that it shares with cases of the same kind.
    #[must_use]
    pub fn family(&self) -> &str {
        self.id.rsplit_once('-').map_or(&self.id, |(family, _)| family)
    }
}

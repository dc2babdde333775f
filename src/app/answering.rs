//! What the composer knows of the texts that say who answers: the fields of the simulator and of plan files themselves.
use crate::session::plan_file::{REPLY_FIELDS, reply_misfits};
use crate::sim;
use crate::ui::composer::answers::{AnswerSchema, AnswerSchemas};

/// The schemas of simulator and script.
pub(super) fn answer_schemas() -> AnswerSchemas {
    AnswerSchemas {
        simulator: AnswerSchema { fields: sim::Config::FIELDS, check: sim::Config::misfits },
        script: AnswerSchema { fields: REPLY_FIELDS, check: reply_misfits },
    }
}

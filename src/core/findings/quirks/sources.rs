//! Where the quirks are written down.
use crate::core::rules::Citation;

pub(super) const PENDO: Citation =
    Citation::Reference("packages/destination-actions/src/destinations/pendo-audiences/syncAudience/functions.ts");
pub(super) const PENDO_INDEX: Citation =
    Citation::Reference("packages/destination-actions/src/destinations/pendo-audiences/index.ts");
pub(super) const USERS: Citation =
    Citation::Reference("packages/destination-actions/src/destinations/linkedin-audiences/updateAudience/functions.ts");
pub(super) const COMPANIES: Citation = Citation::Reference(
    "packages/destination-actions/src/destinations/linkedin-audiences/updateCompanyAudience/functions.ts",
);
pub(super) const AUDIENCES_INDEX: Citation =
    Citation::Reference("packages/destination-actions/src/destinations/linkedin-audiences/index.ts");
pub(super) const CONVERSIONS: Citation =
    Citation::Reference("packages/destination-actions/src/destinations/linkedin-conversions/streamConversion/index.ts");
pub(super) const CONVERSIONS_API: Citation =
    Citation::Reference("packages/destination-actions/src/destinations/linkedin-conversions/api/index.ts");
pub(super) const CONVERSIONS_INDEX: Citation =
    Citation::Reference("packages/destination-actions/src/destinations/linkedin-conversions/index.ts");
pub(super) const HASHING: Citation = Citation::Reference("packages/destination-actions/src/lib/hashing-utils.ts");
pub(super) const KIT: Citation = Citation::Reference("packages/core/src/destination-kit/index.ts");
pub(super) const ACTION: Citation = Citation::Reference("packages/core/src/destination-kit/action.ts");
pub(super) const SETTINGS: Citation = Citation::Reference("packages/core/src/destination-kit/parse-settings.ts");
pub(super) const FIELDS: Citation = Citation::Reference("packages/core/src/destination-kit/fields-to-jsonschema.ts");
pub(super) const RETRY: Citation = Citation::Reference("packages/core/src/retry.ts");
pub(super) const ERRORS: Citation = Citation::Reference("packages/core/src/errors.ts, comment on retried statuses");
pub(super) const CLIENT: Citation = Citation::Reference("packages/core/src/request-client.ts");
pub(super) const MEMBERSHIP: Citation = Citation::Reference("packages/core/src/audience-membership.ts");
pub(super) const MAPPING: Citation = Citation::Reference("packages/core/src/mapping-kit/index.ts");
pub(super) const FQL: Citation = Citation::Reference("packages/destination-subscriptions/src/parse-fql.ts");
pub(super) const PENDO_CONFLICT: Citation = Citation::PullRequest(3845);
pub(super) const PROPAGATION: Citation = Citation::PullRequest(3708);
pub(super) const LINKEDIN_DOCS: Citation =
    Citation::Standard("LinkedIn Marketing documentation, DMP segments and Conversions API");
pub(super) const IDEMPOTENCY: Citation = Citation::Standard("draft-ietf-httpapi-idempotency-key-header");
pub(super) const RETRY_AFTER: Citation = Citation::Standard("RFC 9110, section 10.2.3");
pub(super) const DUPLICATE_DATA: Citation = Citation::Documentation("src/guides/duplicate-data.md");
pub(super) const FUNCTIONS: Citation = Citation::Documentation("src/connections/functions/destination-functions.md");
pub(super) const DESTINATIONS: Citation = Citation::Documentation("src/connections/destinations/index.md");

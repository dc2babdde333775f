//! The steps of `updateCompanyAudience`: find the segment or make it, then send each company once.
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::fields;
use super::requests::{self, Company};
use crate::core::destinations::linkedin_audiences::account::account_urn;
use crate::core::destinations::{Action, ActionAbout, Delivery, Node, Payload, Returned};
use crate::core::error::DeliveryError;
use crate::core::framework::{Client, answer};
use crate::core::http::Response;
use crate::core::js;
use crate::core::rules::{Call, Decide, Fact, Stage};
use crate::core::world::LocalFuture;

/// Adds companies to a LinkedIn segment or removes them.
pub(in crate::core::destinations::linkedin_audiences) struct UpdateCompanyAudience;

impl Action for UpdateCompanyAudience {
    fn about(&self) -> &'static ActionAbout {
        &ActionAbout {
            name: "updateCompanyAudience",
            title: "Sync To LinkedIn DMP Company Segment",
            description: "Adds companies to a LinkedIn segment or removes them from it.",
            default_subscription: r#"type = "track""#,
            fields: fields::UPDATE_COMPANY_AUDIENCE,
        }
    }

    fn perform<'a>(
        &'a self,
        client: &'a Client<'a>,
        delivery: Delivery<'a>,
    ) -> LocalFuture<'a, Result<(), DeliveryError>> {
        Box::pin(async move {
            let Some(payload) = delivery.payloads.first() else { return Err(nothing_valid()) };
            let company = company(payload).map_err(DeliveryError::payload_validation)?;
            let segment_id = segment_id(client, delivery.settings, payload).await?;
            let response = send(client, &segment_id, &[company.element()]).await?;
            check_element(client, &response)
        })
    }

    fn perform_batch<'a>(
        &'a self,
        client: &'a Client<'a>,
        delivery: Delivery<'a>,
    ) -> LocalFuture<'a, Result<Returned, DeliveryError>> {
        Box::pin(async move {
            let mut nodes = vec![None; delivery.payloads.len()];
            let mut companies = Companies::default();
            for (payload_idx, payload) in delivery.payloads.iter().enumerate() {
                match company(payload) {
                    Ok(company) => companies.add(payload_idx, company),
                    Err(message) => {
                        nodes[payload_idx] = Some(Node::refused(400, Some("PAYLOAD_VALIDATION_FAILED"), message));
                    }
                }
            }
            // The first valid payload says for all which segment they go to (Q-12).
            if let Some(first_idx) = companies.first_payload() {
                let segment_id = segment_id(client, delivery.settings, &delivery.payloads[first_idx]).await?;
                let elements: Vec<Value> = companies.unique.iter().map(|(company, _)| company.element()).collect();
                let response = send(client, &segment_id, &elements).await?;
                companies.fan_out(client, &response, elements, &mut nodes);
            }
            Ok(Returned::Nodes(nodes))
        })
    }
}

fn nothing_valid() -> DeliveryError {
    DeliveryError::payload_validation("No valid payloads to process after validation.")
}

/// The company of a payload, or why there is none.
fn company(payload: &Payload) -> Result<Company, &'static str> {
    let identifiers = payload.fields.get("identifiers").and_then(Value::as_object);
    let text = |name: &str| identifiers.and_then(|identifiers| identifiers.get(name)).and_then(Value::as_str);
    let domain = text("companyDomain").and_then(requests::domain);
    let urn = text("linkedInCompanyId").and_then(requests::urn);
    if domain.is_none() && urn.is_none() {
        return Err(
            "At least one of 'Company Domain' or 'LinkedIn Company ID' is required in the 'Identifiers' field.",
        );
    }
    match payload.text("dmp_company_action") {
        Some(action @ ("ADD" | "REMOVE")) => Ok(Company { action: action.to_owned(), domain, urn }),
        _ => Err("'Company Segment Action' must be exactly 'ADD' or 'REMOVE'."),
    }
}

/// Each company of a batch once, with the payloads that name it.
#[derive(Default)]
struct Companies {
    unique: Vec<(Company, Vec<usize>)>,
    places: HashMap<Company, usize>,
}

impl Companies {
    fn add(&mut self, payload_idx: usize, company: Company) {
        let place = *self.places.entry(company.clone()).or_insert(self.unique.len());
        match self.unique.get_mut(place) {
            Some((_, payloads)) => payloads.push(payload_idx),
            None => self.unique.push((company, vec![payload_idx])),
        }
    }

    fn first_payload(&self) -> Option<usize> {
        self.unique.first().and_then(|(_, payloads)| payloads.first()).copied()
    }

    /// Gives each payload what LinkedIn said of its company. Its raw status decides, whatever it is (Q-36).
    fn fan_out(&self, client: &Client<'_>, response: &Response, elements: Vec<Value>, nodes: &mut [Option<Node>]) {
        let results = results(response);
        for (place, ((_, payloads), sent)) in self.unique.iter().zip(elements).enumerate() {
            let node = node(client, results.get(place).filter(|result| js::truthy(result)), sent);
            for payload_idx in payloads {
                nodes[*payload_idx] = Some(node.clone());
            }
        }
    }
}

fn node(client: &Client<'_>, result: Option<&Value>, sent: Value) -> Node {
    let status = result.and_then(answer::item_status);
    let facts = client.judge().facts().with(Fact::Call, Call::Companies.name()).with_some(Fact::Status, status);
    let body = Arc::new(result.cloned().unwrap_or_else(|| json!({})));
    match (client.judge().ask(Stage::Item, facts).decides, status) {
        (Decide::Accept, Some(status)) => Node::Success { status, sent, body },
        _ => Node::Failure {
            status: status.unwrap_or(400),
            errortype: Some("BAD_REQUEST"),
            errormessage: detail(result)
                .or_else(|| Some("LinkedIn did not return a result for this company.".to_owned())),
            sent: Some(sent),
            body: Some(body),
        },
    }
}

/// The element of a single delivery: an answer that is a success as a whole may still refuse it.
fn check_element(client: &Client<'_>, response: &Response) -> Result<(), DeliveryError> {
    let results = results(response);
    let element = results.first().filter(|element| js::truthy(element));
    let facts = client.judge().facts().with(Fact::Call, Call::Companies.name());
    let facts = facts.with_some(Fact::Status, element.map_or(Some(400), answer::item_status));
    let facts = facts.with_some(Fact::Detail, detail(element));
    match client.judge().ask(Stage::Item, facts.clone()).decides {
        Decide::Throw(thrown) => Err(thrown.error(&facts)),
        _ => Ok(()),
    }
}

fn results(response: &Response) -> Vec<Value> {
    let data = answer::data(response);
    data.and_then(|data| data.get("elements").and_then(Value::as_array).cloned()).unwrap_or_default()
}

/// What LinkedIn says of a company's failure.
fn detail(result: Option<&Value>) -> Option<String> {
    let message = result?.pointer("/error/message").filter(|message| js::truthy(message))?;
    Some(js::text(message).into_owned())
}

async fn send(client: &Client<'_>, segment_id: &str, elements: &[Value]) -> Result<Response, DeliveryError> {
    client.send(Call::Companies, requests::update_companies(segment_id, elements)).await
}

const DAY: Duration = Duration::from_hours(24);

/// The segment's id: remembered, found or new.
async fn segment_id(
    client: &Client<'_>,
    settings: &Map<String, Value>,
    first: &Payload,
) -> Result<String, DeliveryError> {
    let key = source_segment_id(first)?;
    let memory_key = format!("company_dmpsegment_id_{key}");
    if let Some(id) = client.connection().recall(&memory_key, client.now()).filter(|id| !id.is_empty()) {
        return Ok(id);
    }
    let account = account_urn(settings);
    let found = client.send(Call::Lookup, requests::find_segments(&account, key)).await?;
    let is_ours = |segment: &&Value| segment.get("type").and_then(Value::as_str) == Some("COMPANY");
    let found = results(&found);
    let id = found.iter().find(is_ours).and_then(|segment| segment.get("id")).filter(|id| js::truthy(id));
    let id = match id {
        Some(id) => js::text(id).into_owned(),
        None => create_segment(client, &account, key).await?,
    };
    client.connection().remember(&memory_key, &id, Some(DAY), client.now());
    Ok(id)
}

fn source_segment_id(payload: &Payload) -> Result<&str, DeliveryError> {
    let is_connections = payload.text("audience_source") == Some("CONNECTIONS");
    let field = if is_connections { "segment_name" } else { "computation_key" };
    let key = payload.text(field).map(js::trim).filter(|key| !key.is_empty());
    key.ok_or_else(|| {
        DeliveryError::payload_validation(if is_connections {
            "The `Segment Name` field is required when Audience Source is \"Connections\"."
        } else {
            "The `Audience Key` field is required to look up or create a LinkedIn DMP Company Segment."
        })
    })
}

async fn create_segment(client: &Client<'_>, account: &str, key: &str) -> Result<String, DeliveryError> {
    let created = client.send(Call::Create, requests::create_segment(account, key)).await?;
    let id = created.headers.get("x-restli-id").filter(|id| !id.is_empty()).map(str::to_owned);
    id.ok_or_else(|| {
        let message = "LinkedIn did not return an id for the newly created Company Audience.";
        DeliveryError::integration(message, "CREATE_SEGMENT_FAILURE", 500)
    })
}

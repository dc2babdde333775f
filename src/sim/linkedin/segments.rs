//! LinkedIn's DMP segments and who is in them.
use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::core::http::{Request, Response};
use crate::sim::fields::{IdHeader, LinkedinFields, SecondCreate};
use crate::sim::form::query_value;
use crate::sim::simulator::{empty_response, json_body, json_response};

#[derive(Debug)]
pub(super) struct Segment {
    pub(super) id: String,
    source_segment_id: String,
    kind: String,
    pub(super) members: BTreeSet<String>,
}

impl Segment {
    fn new(id: String, source_segment_id: String, kind: &str) -> Self {
        Self { id, source_segment_id, kind: kind.to_owned(), members: BTreeSet::new() }
    }

    /// Adds or removes one member. Adding one that is there is a success like any other.
    pub(super) fn apply(&mut self, element: &Value) {
        let member = member_of(element);
        if element.get("action").and_then(Value::as_str) == Some("REMOVE") {
            self.members.remove(&member);
        } else {
            self.members.insert(member);
        }
    }
}

/// What tells one member from another: the ids of a user, the domain and URN of a company.
fn member_of(element: &Value) -> String {
    let ids = element.get("userIds").and_then(Value::as_array);
    let of_user = ids.into_iter().flatten().filter_map(|id| id.get("idValue")?.as_str());
    let of_company =
        ["companyWebsiteDomain", "organizationUrn"].into_iter().filter_map(|key| element.get(key)?.as_str());
    of_user.chain(of_company).collect::<Vec<_>>().join(" ")
}

#[derive(Debug)]
pub(super) struct Segments {
    all: Vec<Segment>,
    n_made: u32,
}

impl Segments {
    pub(super) fn new(config: &LinkedinFields) -> Self {
        let known = config.segments.iter();
        let all = known
            .map(|known| Segment::new(known.id.clone(), known.source_segment_id.clone(), known.r#type.name()))
            .collect();
        Self { all, n_made: 0 }
    }

    pub(super) fn by_id(&self, id: &str) -> Option<&Segment> {
        self.all.iter().find(|segment| segment.id == id)
    }

    pub(super) fn by_id_mut(&mut self, id: &str) -> Option<&mut Segment> {
        self.all.iter_mut().find(|segment| segment.id == id)
    }

    pub(super) fn lookup(&self, request: &Request) -> Response {
        let key = query_value(&request.url, "sourceSegmentId").unwrap_or_default();
        let elements: Vec<Value> = self
            .all
            .iter()
            .filter(|segment| segment.source_segment_id == key)
            .map(|segment| {
                json!({ "id": segment.id, "sourceSegmentId": key, "sourcePlatform": "SEGMENT", "type": segment.kind })
            })
            .collect();
        let paging = json!({ "start": 0, "count": 10, "total": elements.len() });
        json_response(200, json!({ "elements": elements, "paging": paging }))
    }

    pub(super) fn create(&mut self, config: &LinkedinFields, request: &Request) -> Response {
        let field = |name: &str| json_body(request)?.get(name)?.as_str().map(str::to_owned);
        let (Some(key), Some(kind)) = (field("sourceSegmentId"), field("type")) else {
            let message = "sourceSegmentId and type are required to create a segment";
            return json_response(400, json!({ "status": 400, "message": message }));
        };
        let exists = self.all.iter().any(|segment| segment.source_segment_id == key && segment.kind == kind);
        if exists && config.second_create == SecondCreate::Conflict {
            let message = "A segment with this sourceSegmentId already exists";
            return json_response(409, json!({ "status": 409, "message": message }));
        }
        self.n_made += 1;
        let id = (10_000 + self.n_made).to_string();
        let mut response = empty_response(201);
        for header in config.id_headers.as_deref().unwrap_or(IdHeader::ALL) {
            response.headers.append(header.name(), id.as_str());
        }
        self.all.push(Segment::new(id, key, &kind));
        response
    }
}

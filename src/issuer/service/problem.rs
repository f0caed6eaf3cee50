//! Failures as problem documents (RFC 9457). A wallet goes by `type`; `title` is for whoever reads along.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::issuer::{IssuerError, desk::DeskError};

/// What went wrong with a request.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    name: &'static str,
    title: String,
    retry_after: Option<u64>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, name: &'static str, title: impl ToString) -> Self {
        Self {
            status,
            name,
            title: title.to_string(),
            retry_after: None,
        }
    }

    pub(super) fn bad_request(title: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", title)
    }

    pub(super) fn too_many(seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many",
                "too many requests: come back later",
            )
        }
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        let (status, name) = match &error {
            DeskError::Busy => return Self::too_many(2),
            DeskError::Issuer(error) => match error {
                IssuerError::LinkUnknown => (StatusCode::NOT_FOUND, "link_unknown"),
                IssuerError::LinkUsed => (StatusCode::GONE, "link_used"),
                IssuerError::LinkExpired => (StatusCode::GONE, "link_expired"),
                IssuerError::NoPass(_) => (StatusCode::NOT_FOUND, "pass_unknown"),
                IssuerError::Revoked(_) => (StatusCode::GONE, "pass_revoked"),
                IssuerError::Suspended(_) => (StatusCode::FORBIDDEN, "pass_suspended"),
                IssuerError::Ended(_) => (StatusCode::GONE, "pass_ended"),
                IssuerError::TooLarge => (StatusCode::CONFLICT, "too_large"),
                IssuerError::BadProof => (StatusCode::FORBIDDEN, "bad_proof"),
                IssuerError::Rule(_) => (StatusCode::BAD_REQUEST, "bad_request"),
                IssuerError::Full => (StatusCode::SERVICE_UNAVAILABLE, "full"),
                _ => (StatusCode::INTERNAL_SERVER_ERROR, "failed"),
            },
            DeskError::Gone => (StatusCode::SERVICE_UNAVAILABLE, "failed"),
        };
        if status.is_server_error() {
            tracing::error!(%error, "a request failed");
            // Paths and SQL are nobody else's business.
            return Self::new(
                status,
                name,
                "the issuer cannot do this now: try again later",
            );
        }
        Self::new(status, name, error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": format!("urn:munjigi:problem:{}", self.name),
            "title": self.title,
            "status": self.status.as_u16(),
        });
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        let _ = headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after {
            let _ = headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

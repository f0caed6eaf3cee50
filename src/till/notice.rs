//! What a till is told.

use serde::Serialize;

use crate::{kiosk::event::at, store::Waiting};

/// The body of a webhook.
#[derive(Serialize)]
pub(super) struct Notice<'a> {
    r#type: &'static str,
    /// When the entry was written, RFC 3339 in UTC.
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    /// 16 hexadecimal digits.
    reference: String,
    entry: u64,
    #[serde(skip_serializing_if = "str::is_empty")]
    kiosk: &'a str,
}

/// A line of the socket: the same with its id.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    pub(super) id: &'a str,
    #[serde(flatten)]
    pub(super) notice: Notice<'a>,
}

impl<'a> Notice<'a> {
    pub(super) fn of(entry: &Waiting, kiosk: &'a str) -> Self {
        Self {
            r#type: "store.entry",
            timestamp: at(entry.at_ms),
            data: Data {
                reference: hex::encode(entry.reference.0),
                entry: entry.seq,
                kiosk,
            },
        }
    }
}

//! The rows of a day, a screenful at a time.

use std::sync::Arc;

use super::{
    Action, PAGE,
    ask::{Request, Rows},
};
use crate::store::Entry;

pub(super) struct Table {
    pub(super) wanted: Rows,
    pub(super) rows: Arc<[Entry]>,
    /// On all pages.
    pub(super) count: u64,
    /// First row of the page that is on the screen.
    pub(super) first: usize,
    /// After a turn to newer rows: show the end of the page that comes.
    from_end: bool,
    /// Another number for other rows: what is drawn is kept until it changes.
    pub(super) revision: u64,
    pub(super) failed: bool,
}

impl Table {
    pub(super) fn new(wanted: Rows) -> Self {
        Self {
            wanted,
            rows: Arc::from([]),
            count: 0,
            first: 0,
            from_end: false,
            revision: 0,
            failed: false,
        }
    }

    pub(super) fn ask(&mut self, wanted: Rows) -> Action {
        self.wanted = wanted.clone();
        Action::Ask(Request::Rows(wanted))
    }

    pub(super) fn show(&mut self, rows: Vec<Entry>, count: u64, fit: usize) {
        let last = rows.len().saturating_sub(1) / fit * fit;
        self.first = if self.from_end { last } else { 0 };
        self.from_end = false;
        self.rows = rows.into();
        self.count = count;
        self.revision += 1;
        self.failed = false;
    }

    /// A screenful on: within the page, or to the next one.
    pub(super) fn turn(&mut self, turn: i8, fit: usize) -> Action {
        if turn > 0 && self.has_older(fit) {
            self.first += fit;
            if self.first >= self.rows.len() {
                self.first = 0;
                let page = self.wanted.page + 1;
                return self.ask(Rows {
                    page,
                    ..self.wanted.clone()
                });
            }
        } else if turn < 0 && self.has_newer() {
            if self.first == 0 {
                self.from_end = true;
                let page = self.wanted.page - 1;
                return self.ask(Rows {
                    page,
                    ..self.wanted.clone()
                });
            }
            self.first = self.first.saturating_sub(fit);
        }
        Action::None
    }

    pub(super) fn has_newer(&self) -> bool {
        self.first > 0 || self.wanted.page > 0
    }

    pub(super) fn has_older(&self, fit: usize) -> bool {
        self.first + fit < self.rows.len() || (self.wanted.page + 1) * PAGE < self.count
    }
}

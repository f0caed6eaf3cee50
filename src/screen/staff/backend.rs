//! The store, as the staff pages ask it: on a thread that may wait for the disk, never the window's.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::{Answer, PAGE, Request, Rows, overview};
use crate::{
    clock,
    gate::Grace,
    store::{EntryFilter, Role, Store, StoreError},
};

/// Who chose the first code.
const OWNER: &str = "owner";

/// A data folder; opened when it is asked for the first time, and again as long as it does not open.
pub struct StoreBackend {
    folder: PathBuf,
    grace: Grace,
    store: Mutex<Option<Store>>,
}

impl StoreBackend {
    /// Over a data folder, beside the kiosk that has it and goes on for so long with old lists.
    #[must_use]
    pub fn new(folder: &Path, grace: Grace) -> Self {
        Self {
            folder: folder.into(),
            grace,
            store: Mutex::new(None),
        }
    }

    /// Answers; waits for the disk, and for the hash of a code.
    #[must_use]
    pub fn answer(&self, request: Request) -> Answer {
        self.open()
            .and_then(|store| answer(&store, &self.grace, request))
            .unwrap_or_else(|error| {
                tracing::error!(%error, "the staff pages could not ask the store");
                Answer::Failed
            })
    }

    fn open(&self) -> Result<Store, StoreError> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opened) = &*store {
            // A handle would go on with a file that has no name any more, and a new folder has no staff codes: whoever
            // stands there first would choose one.
            if Store::is_at(&self.folder) {
                return Ok(opened.clone());
            }
            return Err(StoreError::File {
                path: self.folder.clone(),
                problem: "the data folder is gone".into(),
            });
        }
        let opened = Store::open_shared(&self.folder)?;
        *store = Some(opened.clone());
        Ok(opened)
    }
}

fn answer(store: &Store, grace: &Grace, request: Request) -> Result<Answer, StoreError> {
    let now = clock::unix_ms() / 1000;
    Ok(match request {
        Request::HasStaff => Answer::HasStaff(store.has_staff()?),
        Request::Check(code) => Answer::Checked(store.check_code(&code, now)?),
        Request::First(code) => Answer::Set(
            !store.has_staff()? && store.set_staff(OWNER, Some(Role::Owner), &code, now, false)?,
        ),
        Request::Rows(wanted) => {
            let filter = EntryFilter {
                day: Some(wanted.day),
                verdict: wanted.verdict,
                offset: wanted.page * PAGE,
                limit: PAGE,
                ..EntryFilter::default()
            };
            // Looking is itself recorded: before anything is shown.
            store.record_access(&wanted.who, &looked_at(&wanted), now)?;
            let (rows, count) = (store.entries(&filter)?, store.count(&filter)?);
            Answer::Rows(wanted, rows, count)
        }
        Request::BlockOf(number) => block_of(store, number)?,
        Request::Block { who, number, why } => {
            if role(store, &who)?.is_some() {
                store.block(&number, &who, why, now)?;
            }
            block_of(store, number)?
        }
        Request::Unblock { who, number } => {
            let own = store
                .block_of(&number)?
                .is_some_and(|block| block.who == who);
            match role(store, &who)? {
                Some(Role::Helper) if !own => {}
                Some(_) => _ = store.unblock(&number, &who, now)?,
                None => {}
            }
            block_of(store, number)?
        }
        Request::Blocked(who) => {
            store.record_access(&who, "blocked passes", now)?;
            Answer::Blocked(store.blocked()?)
        }
        Request::Issuers => Answer::Issuers(overview::issuers(store, grace, now)?),
        Request::Choose {
            who,
            issuer,
            service,
            open,
        } => {
            if role(store, &who)? == Some(Role::Owner) {
                store.set_forbidden(&issuer, service, !open, &who, now)?;
            }
            Answer::Issuers(overview::issuers(store, grace, now)?)
        }
    })
}

/// What somebody may do by the store's word, not the page's: a code may have been taken back since it was typed.
fn role(store: &Store, who: &str) -> Result<Option<Role>, StoreError> {
    let staff = store.staff()?;
    Ok(staff
        .into_iter()
        .find(|one| one.name == who)
        .map(|one| one.role))
}

fn block_of(store: &Store, number: String) -> Result<Answer, StoreError> {
    let block = store.block_of(&number)?;
    Ok(Answer::BlockOf(number, block))
}

fn looked_at(wanted: &Rows) -> String {
    let day = crate::gate::age::date_of(wanted.day).map_or_else(String::new, |day| day.to_string());
    let verdict = wanted.verdict.map_or("all", |verdict| verdict.name());
    format!("entries {day} {verdict} page {}", wanted.page + 1)
}

#[cfg(test)]
mod tests;

//! Renewal: a wallet that proves its key gets the same pass for longer.

use super::{DAY, Issued, Issuer, IssuerError, midnight_after, raised, store::Holding};
use crate::{gate::age, issuer::store::State, pass::HolderKey, wallet};

/// A pass that ended may still be renewed for so many days: phones are switched off for a summer.
const LATE: u64 = 92;

impl Issuer {
    /// Renews a pass for the wallet that holds it. Before half of its time is over, the answer is the pass as it is, by
    /// the key of today: whoever lost an answer, or whose pass was signed by a key that is distrusted now, gets it again.
    ///
    /// # Errors
    /// [`IssuerError`]: no such pass, not the holder, revoked, suspended, never renewed or ended long ago.
    pub fn renew(
        &mut self,
        number: &str,
        proved: impl FnOnce(&HolderKey) -> bool,
        now: u64,
    ) -> Result<Issued, IssuerError> {
        self.look_for_keys(now)?;
        let Some(holding) = self.store.holding(number)? else {
            return Err(IssuerError::NoPass(number.into()));
        };
        let holder = holder(&holding)?;
        // Before anything else is told: what became of a pass is its holder's business.
        if !proved(&holder) {
            return Err(IssuerError::BadProof);
        }
        match holding.state {
            State::Valid => {}
            State::Revoked => return Err(IssuerError::Revoked(number.into())),
            State::Suspended => return Err(IssuerError::Suspended(number.into())),
        }
        let days = match holding.days {
            Some(days) if now < holding.exp + LATE * DAY => days,
            _ => return Err(IssuerError::Ended(number.into())),
        };
        let today = age::seoul_day(now);
        let mut exp = holding.exp;
        if now >= renew_after(exp, days) {
            exp = midnight_after(now, days.into()).max(exp);
            self.store.renewed(number, exp, today)?;
        }
        self.sign(
            number.into(),
            holding.place,
            exp,
            None,
            Some(holder),
            raised(&holding.services, today),
            now,
        )
    }

    /// When the wallet may ask for a renewal, if it ever does.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn renew_after(&self, number: &str) -> Result<Option<u64>, IssuerError> {
        let holding = self.store.holding(number)?;
        Ok(holding.and_then(|holding| Some(renew_after(holding.exp, holding.days?))))
    }

    /// Signs a pass again that was issued a moment ago.
    pub(super) fn again(
        &mut self,
        number: &str,
        window: Option<(u64, u64)>,
        now: u64,
    ) -> Result<Issued, IssuerError> {
        self.look_for_keys(now)?;
        let holding = self.store.holding(number)?;
        let holding = holding.ok_or_else(|| IssuerError::NoPass(number.into()))?;
        let holder = holder(&holding)?;
        self.sign(
            number.into(),
            holding.place,
            holding.exp,
            super::begins(window.map(|(from, _)| from), now),
            Some(holder),
            raised(&holding.services, age::seoul_day(now)),
            now,
        )
    }
}

/// After half of a pass's time.
fn renew_after(exp: u64, days: u16) -> u64 {
    exp.saturating_sub(u64::from(days) * DAY / 2)
}

fn holder(holding: &Holding) -> Result<HolderKey, IssuerError> {
    wallet::parse_holder(&holding.holder).map_err(IssuerError::Rule)
}

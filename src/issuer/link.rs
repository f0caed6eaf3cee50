//! Links: whoever opens one first gets a pass for the key in his wallet. The code of a link is its only secret, so it is
//! random, good once and for a while, and kept as a hash.

use super::{
    Eligibility, Issued, Issuer, IssuerError, OpenLink, Promise, Subject, Validity, midnight_after,
    rules, services,
    store::{StoredLink, random_text},
};
use crate::{
    gate::age,
    pass::{HolderKey, Service, Services},
    wallet,
};

/// Letters of a code: 60 random bits.
const CODE: usize = 12;
/// Links are good for at most this long.
const LONGEST: u64 = 31 * 86_400;
/// Guests' windows are at most this long.
const LONGEST_WINDOW: u64 = 31 * 86_400;
/// Who lost the answer may ask again with the same key for so many seconds.
const AGAIN: u64 = 600;
/// Visits of a pass on a phone at most: a larger number takes a byte more, and the code has none left.
const VISITS: u8 = 23;
/// Links that ended are remembered, so that a late visitor hears what happened.
const REMEMBERED: u64 = 31 * 86_400;

/// How long the pass of a link is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// For so many days; the wallet renews it by itself.
    Days(u16),
    /// A guest or courier: from one second to another, never renewed.
    Window(u64, u64),
}

/// A link that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRequest {
    /// What the pass opens.
    pub service: Service,
    /// Why.
    pub eligibility: Eligibility,
    /// How long the pass is good.
    pub length: Length,
    /// Good for so many visits at each door, 1 to 23, and never renewed then; none is without limit.
    pub visits: Option<u8>,
    /// What the owner wants to remember by it, at most 40 letters. No name belongs here.
    pub note: String,
    /// The link is good for so many seconds.
    pub valid: u64,
    /// Who checked the age and how.
    pub attested: String,
}

/// A link that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its code: 12 of Crockford's base32.
    pub code: String,
    /// It is good before this second.
    pub until: u64,
}

/// What a link offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// What the pass will open.
    pub service: Service,
    /// The link is good before this second.
    pub until: u64,
    /// The pass would be good before this second.
    pub pass_until: u64,
    /// A guest's window.
    pub window: Option<(u64, u64)>,
    /// For how many visits, if there is a limit.
    pub visits: Option<u8>,
}

/// A code as it is kept: upper case, without spaces and hyphens, with the letters that Crockford's base32 has.
#[must_use]
pub fn normal(code: &str) -> Option<String> {
    let letters = code.chars().filter(|c| !matches!(c, ' ' | '-'));
    let plain = letters.map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    });
    let code: String = plain.take(CODE + 1).collect();
    let known = |c: char| c.is_ascii_digit() || (c.is_ascii_uppercase() && c != 'U');
    (code.len() == CODE && code.chars().all(known)).then_some(code)
}

impl Issuer {
    /// Makes a link.
    ///
    /// # Errors
    /// [`IssuerError`] when the request breaks a rule or nothing could be written.
    pub fn make_link(&mut self, request: LinkRequest, now: u64) -> Result<Link, IssuerError> {
        let rule = |text: &str| Err(IssuerError::Rule(text.into()));
        if !(60..=LONGEST).contains(&request.valid) {
            return rule("a link is good for a minute to 31 days");
        }
        if request.visits.is_some_and(|visits| visits > VISITS) {
            return rule("a pass on a phone is good for 1 to 23 visits");
        }
        let until = now + request.valid;
        // The rules hold for the last pass that the link may give.
        let (exp, days, window) = match request.length {
            Length::Days(days @ 1..) => (midnight_after(now, days.into()), Some(days), None),
            Length::Days(0) => return rule("a pass is good for at least a day"),
            Length::Window(from, to) => {
                if from >= to || to <= now || to - from > LONGEST_WINDOW {
                    return rule(
                        "a window ends after it begins and after now, and has 31 days at most",
                    );
                }
                // A payment reference and a beginning do not fit the code of a phone together.
                if request.service == Service::Store && from > now {
                    return rule("a store pass begins now: leave the first time out");
                }
                (
                    age::midnight(age::seoul_day(to) + 1),
                    None,
                    Some((from, to)),
                )
            }
        };
        let services = Services {
            visits: rules::visits(request.visits)?,
            ..services(request.service, &request.eligibility, exp, now)?
        };
        let code = random_text(CODE)?;
        let link = StoredLink {
            service: request.service,
            services,
            days,
            window,
            note: rules::note(&request.note)?,
            attested: request.attested,
            until: window.map_or(until, |(_, to)| until.min(to)),
            used: None,
        };
        self.store.forget_links(now.saturating_sub(REMEMBERED))?;
        self.store.add_link(&code, &link, now)?;
        Ok(Link {
            code,
            until: link.until,
        })
    }

    /// Links that nobody used yet, the newest first.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn open_links(&self, most: u32, now: u64) -> Result<Vec<OpenLink>, IssuerError> {
        self.store.open_links(most, now)
    }

    /// Ends a link that nobody used, by its [`OpenLink::id`].
    ///
    /// # Errors
    /// What SQLite said.
    pub fn withdraw(&self, id: &str) -> Result<(), IssuerError> {
        self.store.withdraw(id)
    }

    /// What a link offers, without using it.
    ///
    /// # Errors
    /// [`IssuerError`]: no such link, used, over.
    pub fn offer(&mut self, code: &str, now: u64) -> Result<Offer, IssuerError> {
        let link = self.good_link(code, None, now)?;
        Ok(Offer {
            service: link.service,
            until: link.until,
            pass_until: match (link.window, link.days) {
                (Some((_, to)), _) => to,
                (None, days) => midnight_after(now, days.unwrap_or(1).into()),
            },
            window: link.window,
            visits: link.services.visits,
        })
    }

    /// Gives the pass of a link to the wallet with this key. `proved` is whether the wallet showed that it has the key.
    /// The same wallet may ask again for a few minutes, since answers get lost.
    ///
    /// # Errors
    /// [`IssuerError`]: no such link, used by another key, over, no proof.
    pub fn enrol(
        &mut self,
        code: &str,
        holder: HolderKey,
        proved: bool,
        now: u64,
    ) -> Result<Issued, IssuerError> {
        let link = self.good_link(code, Some(&holder), now)?;
        if !proved {
            return Err(IssuerError::BadProof);
        }
        if let Some((_, number)) = link.used {
            return self.again(&number, link.window, now);
        }
        let promise = Promise {
            service: link.service,
            services: link.services,
            validity: match (link.window, link.days) {
                (Some((from, to)), _) => Validity::Window(from, to),
                (None, days) => Validity::Days(days.unwrap_or(1)),
            },
            note: link.note,
            attested: link.attested,
        };
        let issued = self.sign_new(Subject::Holder(holder), &promise, now)?;
        self.store.use_link(code, &issued.number, now)?;
        Ok(issued)
    }

    /// The link, if it may still be used. What looks like misuse is noted for the owner.
    fn good_link(
        &mut self,
        code: &str,
        holder: Option<&HolderKey>,
        now: u64,
    ) -> Result<StoredLink, IssuerError> {
        let Some(link) = self.store.link(code)? else {
            return Err(IssuerError::LinkUnknown);
        };
        if let Some((at, number)) = &link.used {
            let holding = self.store.holding(number)?;
            let same = holding
                .zip(holder)
                .is_some_and(|(holding, holder)| holding.holder == wallet::holder_text(holder));
            if same && now < at + AGAIN {
                return Ok(link);
            }
            self.store.notice("link-used-again", number, now)?;
            return Err(IssuerError::LinkUsed);
        }
        if now >= link.until {
            self.store
                .notice("link-expired", link.service.name(), now)?;
            return Err(IssuerError::LinkExpired);
        }
        Ok(link)
    }
}

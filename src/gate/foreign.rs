//! Foreign passes, in the order of the profile: keys and signature, validity, what the door asks for, revocation.

use super::{
    Clock, Judgement, Now, Policy, age,
    replay::{Limit, PassId},
};
use crate::pass::{
    Kind, Reason, Service,
    format::{Foreign, Vouched},
};

/// Judges a foreign pass that was read. It is printed by kind: [`super::replay::admit`] looks at its copies. Whether printed
/// passes are taken is not asked: the owner switched the format on.
pub(super) fn judge(pass: &dyn Foreign, policy: &Policy, now: Now) -> Judgement {
    let vouched = match pass.vouch(now.unix) {
        Ok(vouched) => vouched,
        Err(reason) => return Judgement::early(reason, Some(Kind::Printed)),
    };
    Judgement {
        pass: Some(PassId::of_content(&vouched)),
        // As long as it holds, it is not forgotten that it was here.
        limit: vouched.once.then(|| Limit {
            visits: 1,
            exp: vouched.until.unwrap_or(u64::MAX),
        }),
        reason: checks(&vouched, policy, now)
            .err()
            .unwrap_or(Reason::Granted),
        issuer: Some(vouched.issuer),
        ..Judgement::early(Reason::Granted, Some(Kind::Printed))
    }
}

fn checks(vouched: &Vouched, policy: &Policy, now: Now) -> Result<(), Reason> {
    let today = age::date_of(age::seoul_day(now.unix)).ok_or(Reason::ClockUnknown)?;
    let early = vouched.from.is_some_and(|from| now.unix < from)
        || vouched.first_day.is_some_and(|first| today < first);
    if early {
        // Where only the floor is known, it may be later than it seems.
        return Err(match now.clock {
            Clock::Unknown => Reason::ClockUnknown,
            _ => Reason::NotYetValid,
        });
    }
    let late = vouched.until.is_some_and(|until| now.unix >= until)
        || vouched.last_day.is_some_and(|last| today > last);
    if late {
        return Err(Reason::Expired);
    }
    // It says nothing of an age by the Youth Protection Act, and has no payment reference.
    if !vouched.opens || policy.service != Service::Entry {
        return Err(Reason::WrongService);
    }
    if vouched.revoked {
        return Err(Reason::Revoked);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const NOON: u64 = 1_795_489_200; // 2026-11-24 12:00 in Seoul

    struct Given(Result<Vouched, Reason>);

    impl Foreign for Given {
        fn vouch(&self, _: u64) -> Result<Vouched, Reason> {
            self.0.clone()
        }
    }

    fn vouched() -> Vouched {
        Vouched {
            format: "pretix",
            issuer: "pretix:hanbit/opening".into(),
            key: [1; 32],
            content: [0xFF; 32],
            from: None,
            until: None,
            first_day: None,
            last_day: None,
            opens: true,
            revoked: false,
            once: false,
        }
    }

    #[test]
    fn the_first_check_that_fails_names_the_reason() {
        use Reason::{ClockUnknown, Expired, Granted, NotYetValid, Revoked, WrongService};
        let (today, yesterday, tomorrow) =
            (date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 25));
        let with = |change: fn(&mut Vouched)| {
            let mut vouched = vouched();
            change(&mut vouched);
            vouched
        };
        let days = |first, last| Vouched {
            first_day: Some(first),
            last_day: Some(last),
            ..vouched()
        };
        let (synced, unknown) = (Clock::Synced, Clock::Unknown);
        use Service::{Adult, Entry, Store};
        for (vouched, clock, service, expected) in [
            (vouched(), synced, Entry, Granted),
            (vouched(), unknown, Entry, Granted),
            (vouched(), synced, Adult, WrongService),
            (vouched(), synced, Store, WrongService),
            (with(|v| v.from = Some(NOON)), synced, Entry, Granted),
            (
                with(|v| v.from = Some(NOON + 1)),
                synced,
                Entry,
                NotYetValid,
            ),
            (
                with(|v| v.from = Some(NOON + 1)),
                unknown,
                Entry,
                ClockUnknown,
            ),
            (with(|v| v.until = Some(NOON + 1)), synced, Entry, Granted),
            (with(|v| v.until = Some(NOON)), synced, Entry, Expired),
            (with(|v| v.until = Some(NOON)), unknown, Entry, Expired),
            (days(today, today), synced, Entry, Granted),
            (days(tomorrow, tomorrow), synced, Entry, NotYetValid),
            (days(yesterday, yesterday), synced, Entry, Expired),
            (with(|v| v.opens = false), synced, Entry, WrongService),
            (with(|v| v.revoked = true), synced, Entry, Revoked),
            (
                with(|v| (v.revoked, v.opens) = (true, false)),
                synced,
                Entry,
                WrongService,
            ),
        ] {
            let now = Now { unix: NOON, clock };
            let shown = format!("{vouched:?} {clock:?} {service}");
            let judgement = judge(&Given(Ok(vouched)), &Policy::new(service), now);
            assert_eq!(judgement.reason, expected, "{shown}");
            assert_eq!(judgement.kind, Some(Kind::Printed));
            assert_eq!(judgement.issuer.as_deref(), Some("pretix:hanbit/opening"));
            assert_eq!(judgement.pass.unwrap().number, "ZZZZZZZZ");
        }
    }

    #[test]
    fn pass_and_issuer_are_named_after_a_good_signature_only() {
        let now = Now {
            unix: NOON,
            clock: Clock::Synced,
        };
        let policy = Policy::new(Service::Entry);
        for reason in [
            Reason::UnknownIssuer,
            Reason::KeyNotAllowed,
            Reason::BadSignature,
        ] {
            let judgement = judge(&Given(Err(reason)), &policy, now);
            assert_eq!(judgement, Judgement::early(reason, Some(Kind::Printed)));
        }
    }
}

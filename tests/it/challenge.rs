//! Challenge mode, end to end: a wrong clock, the phone's or the kiosk's, does not shut the door.

use std::time::{Duration, Instant};

use munjigi::{pass::Challenge, store::Store};
use serde_json::Value;

use crate::{
    relay::Relay,
    shop::{DAY, Holder, Kiosk, Shop, held, now, of_kind},
};

/// Emulated seconds are real ones, but a busy machine draws frames slowly.
const PATIENCE: Duration = Duration::from_secs(180);
/// Long enough for a code that was in view to count as gone.
const GONE: Duration = Duration::from_millis(4_500);

/// A kiosk whose camera sees what the test decides on.
struct Door {
    shop: Shop,
    kiosk: Kiosk,
    relay: Relay,
}

impl Door {
    fn open(shop: Shop) -> Self {
        let (relay, _orders) = Relay::reporting();
        let kiosk = Kiosk::start(&shop.configure(&[held(600.0)], &relay.port));
        Self { shop, kiosk, relay }
    }

    /// Holds up a text until it is decided; gives every event up to the one that `last` likes.
    fn show(&self, text: &str, last: impl Fn(&Value) -> bool) -> Vec<Value> {
        self.shop.hold(text);
        self.kiosk.until(PATIENCE, last)
    }

    /// Takes the phone away for long enough.
    fn gone(&self) {
        self.shop.hold("");
        std::thread::sleep(GONE);
    }

    /// So often the door was opened: the board may be a moment behind the kiosk.
    fn opened(&self, times: usize) {
        let end = Instant::now() + GONE;
        while self.relay.opened() < times && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(self.relay.opened(), times);
    }

    /// Holds up a text and gives the reason of the decision.
    fn reason(&self, text: &str) -> String {
        let seen = self.show(text, |event| event["event"] == "entry");
        seen.last().unwrap()["reason"].as_str().unwrap().into()
    }

    /// Shows a presentation that only lacks the right time, and reads the challenge.
    fn challenged(&self, text: &str, reason: &str) -> Challenge {
        let seen = self.show(text, |event| event["event"] == "challenge");
        let entries = of_kind(&seen, "entry");
        assert_eq!(entries.len(), 1, "{seen:#?}");
        assert_eq!(entries[0]["reason"], reason);
        let challenge = seen.last().unwrap();
        assert_eq!(challenge["seconds"], 60);
        Challenge::parse(challenge["text"].as_str().unwrap()).unwrap()
    }

    /// Answers, and is let in; the challenge is over.
    fn admitted(&self, text: &str) {
        let seen = self.show(text, |event| {
            event["event"] == "challenge" && event["text"].is_null()
        });
        let entries = of_kind(&seen, "entry");
        assert_eq!(entries.len(), 1, "{seen:#?}");
        assert_eq!(entries[0]["reason"], "granted");
    }
}

fn answer(holder: &Holder, iat: u64, challenge: &Challenge) -> String {
    assert_eq!(challenge.audience, holder.audience());
    holder.answer(iat, challenge.nonce)
}

#[test]
fn a_phone_with_a_wrong_clock_is_let_in_once_by_its_answer() {
    let mut shop = Shop::new();
    let (late, early, guest) = (shop.grown_up(), shop.grown_up(), shop.grown_up());
    shop.trust();
    let door = Door::open(shop);

    let wrong = now() - 600;
    let asked = door.challenged(&late.text(wrong), "stale");
    let answered = answer(&late, wrong + 3, &asked);
    door.admitted(&answered);
    door.opened(1);

    // The same answer later: its nonce is gone, and a new one is asked for.
    door.gone();
    let again = door.challenged(&answered, "stale");
    assert_ne!(again.nonce, asked.nonce);
    door.opened(1);

    // Somebody else is not held up by it, and ends it.
    door.admitted(&guest.text(now()));
    door.gone();

    // A clock that is fast; afterwards it is set right, and the earlier answer does not stand in the way.
    let asked = door.challenged(&early.text(now() + 600), "from_future");
    // An answer to something else is worth nothing, however fresh.
    assert_eq!(door.reason(&late.answer(now(), [9; 8])), "stale");
    door.admitted(&answer(&early, now() + 603, &asked));
    door.gone();
    assert_eq!(door.reason(&early.text(now())), "granted");
    door.opened(4);
    assert_eq!(door.kiosk.stop(), 0);
}

#[test]
fn a_kiosk_that_does_not_know_the_time_asks_everybody() {
    let mut shop = Shop::new();
    let (visitor, guest) = (shop.grown_up(), shop.grown_up());
    shop.trust();
    // It has seen a time that its clock is behind of.
    Store::open_shared(&shop.data())
        .unwrap()
        .raise_time_floor(now() + DAY);
    let door = Door::open(shop);

    let asked = door.challenged(&visitor.text(now()), "clock_unknown");
    // Without the nonce nobody gets in, and what is asked stays.
    assert_eq!(door.reason(&guest.text(now())), "clock_unknown");
    let answered = answer(&visitor, now(), &asked);
    door.admitted(&answered);
    door.gone();
    let again = door.challenged(&answered, "clock_unknown");
    assert_ne!(again.nonce, asked.nonce);
    door.opened(1);
    assert_eq!(door.kiosk.stop(), 0);
}

#[test]
fn the_wallet_answers_a_challenge_at_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str, status| crate::command::run(folder.path(), line, "", status);
    run("issuer init --data shop --name-en Hanbit --entries 4096", 0);
    let key = run("wallet new --key a.key", 0);
    run(
        &format!("issuer issue --data shop --service entry --over-14 --holder {key} --out a.cwt"),
        0,
    );
    let challenge = |audience: &str| {
        let audience = audience.parse().unwrap();
        Challenge {
            audience,
            nonce: [7; 8],
        }
        .text()
    };
    let show = |challenge: &str, status| {
        // Its text has spaces: no line of words.
        let arguments = [
            "wallet",
            "show",
            "--key",
            "a.key",
            "--pass",
            "a.cwt",
            "--text",
            "--challenge",
            challenge,
        ];
        let output = crate::command::munjigi_in(folder.path(), &arguments, "");
        let said = crate::command::text(&output);
        assert_eq!(output.status.code(), Some(status), "{said}");
        said
    };
    let shown = show(&challenge("E:SH0P1"), 0);
    let parsed = munjigi::pass::parse(shown.as_bytes()).unwrap();
    let presentation = parsed.presentation.unwrap();
    assert_eq!(presentation.cnonce, Some([7; 8]));
    assert_eq!(presentation.audience.to_string(), "E:SH0P1");
    assert!(show(&challenge("A"), 2).contains("the kiosk asks for adult"));
    assert!(show("MJ1:ABC", 2).contains("is no challenge"));
}

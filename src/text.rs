//! What people read, a file a language. A text that is missing in one of them does not compile: [`Words`] is a struct
//! without defaults, and reasons, parts and services are matched exhaustively.

mod en;
mod ko;

use crate::{
    config::{DoorKind, Language},
    gate::{Standing, room::State},
    kiosk::event::{Part, StickState},
    pass::{Reason, Service, Verdict},
    scan::Hint,
    store::EntryKind,
};

/// Seconds.
const DAY: u64 = 86_400;

/// A title and what to do next.
pub type Advice = (&'static str, &'static str);

/// Every text of one language.
pub struct Words {
    /// The idle screen's one sentence, in two lines.
    pub hold_code: &'static str,
    /// The same in one line, shown small below the other language.
    pub hold_code_line: &'static str,
    /// While a code is in view.
    pub reading: &'static str,
    /// In place of that sentence: what would help to read the code in view.
    pub hint: fn(Hint) -> &'static str,
    /// What the wallet shall do with the code that is shown.
    pub challenge: &'static str,
    /// Then the visitor holds up what the wallet shows.
    pub challenge_then: &'static str,
    /// How the room behind the door is, in a word or two.
    pub room: fn(State) -> &'static str,
    /// Since when it is in use (a time of the day), and how many minutes are left, where the stay has a limit.
    pub room_since: fn(&str, Option<u64>) -> String,
    /// What whoever waits for a room can do.
    pub room_wait: fn(State) -> &'static str,
    /// The button that opens a door that is free to everybody, and the sentence that goes with it.
    pub open: &'static str,
    /// What to do there.
    pub open_hint: &'static str,
    /// No picture is stored.
    pub no_picture: &'static str,
    /// Beside the code of the idle page by which a phone gets a pass.
    pub no_pass: &'static str,
    /// Until the first picture comes.
    pub camera_starts: &'static str,
    /// The button that asks for a person.
    pub call: &'static str,
    /// Title of the page behind it, and the sentences with and without a telephone number.
    pub call_title: &'static str,
    /// With a telephone number.
    pub call_number: &'static str,
    /// Without one.
    pub call_nobody: &'static str,
    /// Leads back.
    pub back: &'static str,
    /// This language, in this language.
    pub language: &'static str,
    /// The word of a granted visit.
    pub come_in: &'static str,
    /// The same where a vending machine is released.
    pub use_machine: &'static str,
    /// How many seconds the door stays open.
    pub door_open: fn(u64) -> String,
    /// What was checked.
    pub checked: fn(Service) -> &'static str,
    /// A service in a table.
    pub service: fn(Service) -> &'static str,
    /// Why not, and what to do next, for the visitor.
    pub reason: fn(Reason) -> Advice,
    /// The same for who is too young: which age this service asks for.
    pub too_young: fn(Service) -> Advice,
    /// The reason in a table.
    pub reason_short: fn(Reason) -> &'static str,
    /// The door was told to open and did not.
    pub door_failed: fn(DoorKind) -> Advice,
    /// A part that failed, and what the visitor can do.
    pub fault: fn(Part, DoorKind) -> Advice,
    /// The same in one line, for faults that let visitors in all the same.
    pub strip: fn(Part, DoorKind) -> &'static str,
    /// Whoever plugged in a stick is told, in two lines.
    pub stick: fn(StickState) -> &'static str,
    /// Texts of the staff pages.
    pub staff: Staff,
}

/// Texts of the staff pages.
pub struct Staff {
    /// Above the pad.
    pub code: &'static str,
    /// Above the pad at the first start.
    pub first_code: &'static str,
    /// What the first code is for.
    pub first_hint: &'static str,
    /// Asks for it once more.
    pub again: &'static str,
    /// The two were different.
    pub different: &'static str,
    /// Nobody has this code.
    pub wrong: &'static str,
    /// The first one is kept now.
    pub saved: &'static str,
    /// Too easy to guess.
    pub weak: &'static str,
    /// How many seconds no code is looked at.
    pub locked: fn(u64) -> String,
    /// While it is looked up.
    pub wait: &'static str,
    /// The data folder does not answer.
    pub failed: &'static str,
    /// Removes the last digit.
    pub erase: &'static str,
    /// Leaves.
    pub close: &'static str,
    /// Title of the table.
    pub entries: &'static str,
    /// A day: year, month, day of the month, day of the week (0 is Monday).
    pub day: fn(i16, i8, i8, i8) -> String,
    /// The day before, the day after.
    pub days: (&'static str, &'static str),
    /// Every result.
    pub all: &'static str,
    /// A result.
    pub verdict: fn(Verdict) -> &'static str,
    /// The door was told to open and did not.
    pub door_failed: &'static str,
    /// The visitor stayed for too long.
    pub overstayed: &'static str,
    /// The button that says that nobody is in the room.
    pub vacate: &'static str,
    /// How somebody asked to come in.
    pub kind: fn(EntryKind) -> &'static str,
    /// Heads of the columns: time, result, reason, service, issuer, pass, kind.
    pub columns: [&'static str; 7],
    /// No row.
    pub nothing: &'static str,
    /// First and last row on the screen, of how many.
    pub rows: fn(u64, u64, u64) -> String,
    /// Newer rows, older rows.
    pub pages: (&'static str, &'static str),
    /// A page before, a page after.
    pub steps: (&'static str, &'static str),
    /// To the page before this one.
    pub back: &'static str,
    /// Title of the passes that are blocked here.
    pub blocked: &'static str,
    /// There are none.
    pub nothing_blocked: &'static str,
    /// Who blocked a pass, and when.
    pub blocked_by: fn(&str, &str) -> String,
    /// This pass is blocked here; the reason follows.
    pub is_blocked: &'static str,
    /// Blocks a pass.
    pub block: &'static str,
    /// What that means.
    pub block_hint: &'static str,
    /// Asks for the reason.
    pub why_block: &'static str,
    /// The reasons, in the order of [`crate::store::WHY`].
    pub whys: [&'static str; 3],
    /// Leaves it as it is.
    pub do_not: &'static str,
    /// Takes a block back: first touch, second touch.
    pub unblock: (&'static str, &'static str),
    /// The entry tells of no pass.
    pub no_pass: &'static str,
    /// Title of the issuers.
    pub issuers: &'static str,
    /// There are none.
    pub no_issuer: &'static str,
    /// How old what an issuer says of a service is, and how old it may be.
    pub standing: fn(Standing) -> String,
    /// Who does not let it open this door for a service.
    pub shut: fn(&str) -> String,
    /// The owner's choice: it opens, it does not.
    pub choice: (&'static str, &'static str),
    /// For whom the choice is not.
    pub only_owner: &'static str,
    /// When an issuer's repository was taken last.
    pub updated: fn(&str) -> String,
    /// When the last try failed, and why.
    pub not_updated: fn(&str, &str) -> String,
    /// The repository's own end has passed.
    pub expired: &'static str,
    /// Before the number of a key.
    pub key: &'static str,
    /// The last day of a key.
    pub until: fn(&str) -> String,
    /// Nothing that this key signed counts.
    pub distrusted: &'static str,
    /// A list: its URI, number of passes, age in seconds.
    pub list: fn(&str, usize, u64) -> String,
    /// A list that is not here.
    pub no_list: fn(&str) -> String,
}

/// The texts of a language.
#[must_use]
pub const fn words(language: Language) -> &'static Words {
    match language {
        Language::Ko => &ko::WORDS,
        Language::En => &en::WORDS,
    }
}

/// The language that the button changes to.
#[must_use]
pub const fn other(language: Language) -> Language {
    match language {
        Language::Ko => Language::En,
        Language::En => Language::Ko,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_told_that_a_pass_is_bad_when_the_kiosk_could_not_decide() {
        for language in [Language::Ko, Language::En] {
            let words = words(language);
            for reason in Reason::ALL
                .iter()
                .filter(|reason| reason.verdict() == Verdict::Undecided)
            {
                let (title, next) = (words.reason)(*reason);
                for wrong in [
                    "revoked",
                    "invalid",
                    "cancelled",
                    "refused",
                    "취소",
                    "무효",
                    "거절",
                    "정지",
                ] {
                    assert!(
                        !format!("{title} {next}").to_lowercase().contains(wrong),
                        "{reason}: {title} {next}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_hint_is_a_sentence_of_its_own() {
        for language in [Language::Ko, Language::En] {
            let said: std::collections::BTreeSet<&str> =
                Hint::ALL.map(words(language).hint).into_iter().collect();
            assert_eq!(said.len(), Hint::ALL.len());
            // Two metres away, nobody reads more than three lines.
            assert!(
                said.iter()
                    .all(|text| (1..=3).contains(&text.lines().count()))
            );
        }
    }

    #[test]
    fn a_room_in_use_is_no_fault_of_the_pass() {
        for language in [Language::Ko, Language::En] {
            let words = words(language);
            let (title, next) = (words.reason)(Reason::Occupied);
            for wrong in ["pass", "invalid", "refused", "이용증", "거절"] {
                assert!(!format!("{title} {next}").contains(wrong), "{title} {next}");
            }
            let said: std::collections::BTreeSet<&str> =
                State::ALL.map(words.room).into_iter().collect();
            assert!(said.len() >= 4, "{said:?}");
            assert!((words.room_since)("14:02", None).contains("14:02"));
            let left = (words.room_since)("14:02", Some(7));
            assert!(left.contains("14:02") && left.contains('7'), "{left}");
        }
    }

    #[test]
    fn every_reason_says_what_to_do_next() {
        for language in [Language::Ko, Language::En] {
            for reason in Reason::ALL {
                let (title, next) = (words(language).reason)(*reason);
                assert!(
                    !title.is_empty() && (!next.is_empty() || *reason == Reason::Granted),
                    "{reason}"
                );
                // A code of the log is no word for a visitor.
                assert!(!title.contains('_') && !next.contains('_'), "{reason}");
                assert!(!(words(language).reason_short)(*reason).is_empty());
            }
        }
    }
}

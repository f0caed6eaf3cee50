//! English.

use super::{Advice, DAY, Staff, Words};
use crate::{
    config::DoorKind,
    gate::{Standing, room::State},
    kiosk::event::{Part, StickState},
    pass::{Reason, Service, Verdict},
    scan::Hint,
    store::EntryKind,
};

pub(super) static WORDS: Words = Words {
    hold_code: "Hold your\nQR code to\nthe camera",
    hold_code_line: "Hold your QR code to the camera",
    reading: "Checking\nyour code",
    hint: |hint| match hint {
        Hint::Closer => "Hold your code\na little closer",
        Hint::Away => "Farther away,\nto show it all",
        Hint::Straight => "Hold your code\nstraight,\nnot tilted",
        Hint::Glare => "Turn your\ncode out of\nthe light",
        Hint::Dark => "Too dark: make\nyour screen\nbrighter",
        Hint::Done => "Already checked:\nplease take your\ncode away",
        Hint::NotAPass => "Not a pass:\nplease show\nyour pass",
        Hint::Micro => "Sorry, wrong\ncode: show\nyour pass",
    },
    challenge: "In your wallet, tap\n'The kiosk shows a code'\nand scan this",
    challenge_then: "Then hold your phone\nto the camera",
    room: |state| match state {
        State::Free => "Free",
        State::Entering | State::Occupied => "In use",
        State::Overstayed => "Time is over",
        State::Unknown => "Please knock",
    },
    room_since: |since, left| match left {
        None => format!("since {since}"),
        Some(1) => format!("since {since}\n1 minute left"),
        Some(left) => format!("since {since}\n{left} minutes left"),
    },
    room_wait: |state| match state {
        State::Overstayed => "Please call for help",
        _ => "Please wait a moment",
    },
    open: "Open",
    open_hint: "Touch the button\nto come in",
    no_picture: "No picture is stored",
    no_pass: "No pass yet?\nGet one with your\nphone's camera",
    camera_starts: "The camera is starting",
    call: "Call for help",
    call_title: "Do you need help?",
    call_number: "Please call this number",
    call_nobody: "Please call the number\non the notice at the door",
    back: "Back",
    language: "English",
    come_in: "Come in",
    use_machine: "Please use\nthe machine",
    door_open: |seconds| match seconds {
        1 => "The door is open for 1 second".into(),
        _ => format!("The door is open for {seconds} seconds"),
    },
    checked: |service| match service {
        Service::Entry => "Entry pass checked",
        Service::Adult => "Adult pass checked",
        Service::Store => "Store pass checked",
    },
    service: |service| match service {
        Service::Entry => "Entry",
        Service::Adult => "Adult",
        Service::Store => "Store",
    },
    reason,
    too_young: |service| match service {
        Service::Entry => (
            "From the age of 14",
            "You may come in from\nyour 14th birthday on",
        ),
        Service::Adult => (
            "From the age of 19",
            "From 1 January of the year\nin which you turn 19",
        ),
        Service::Store => reason(Reason::TooYoung),
    },
    reason_short,
    door_failed: |kind| match kind {
        DoorKind::Door => (
            "The door did not open",
            "Your pass is fine.\nPlease call for help",
        ),
        DoorKind::Vend => (
            "The machine does not answer",
            "Your pass is fine.\nPlease call for help",
        ),
    },
    fault: |part, kind| match part {
        Part::Camera => (
            "The camera has stopped",
            "Please wait a moment.\nIf this stays, call for help",
        ),
        Part::Door if kind == DoorKind::Vend => (
            "The machine cannot be used",
            "It does not answer now.\nPlease call for help",
        ),
        Part::Door => (
            "The door cannot open",
            "It does not open by itself now.\nPlease call for help",
        ),
        Part::Contact => (
            "The door is not seen",
            "Please wait a moment.\nIf this stays, call for help",
        ),
        Part::Storage => (
            "Nothing can be recorded",
            "The door opens only with a record.\nPlease call for help",
        ),
        Part::Trust | Part::Formats => (
            "Passes cannot be checked",
            "The lists are missing.\nPlease call for help",
        ),
        Part::Clock => (
            "The time is not known",
            "Please wait a moment.\nIf this stays, call for help",
        ),
    },
    strip: |part, kind| match part {
        Part::Camera => "Camera needs attention",
        Part::Door if kind == DoorKind::Vend => "Machine needs attention",
        Part::Door => "Door needs attention",
        Part::Contact => "Door contact needs attention",
        Part::Storage => "Storage needs attention",
        Part::Trust | Part::Formats => "Pass lists need attention",
        Part::Clock => "Clock needs attention",
    },
    stick: |state| match state {
        StickState::Reading => "The stick is being read.\nPlease leave it in",
        StickState::Updated => "The pass lists are new now.\nYou may pull the stick out",
        StickState::Unchanged => "Nothing newer on the stick.\nYou may pull it out",
        StickState::Foreign => "Nothing on this stick is of\nan issuer known here",
        StickState::Unreadable => "This stick cannot be read.\nFAT, exFAT or ext4, please",
        StickState::Refused => "Not taken: files are wrong.\nPlease copy them again",
        StickState::Unstored => "It could not be stored.\nYou may pull the stick out",
    },
    staff: Staff {
        code: "Staff code",
        first_code: "Choose a staff code",
        first_hint: "Six digits that you will use from now on",
        again: "Enter it once more",
        different: "The two codes differ. Please start again",
        wrong: "This code is not known",
        saved: "Saved. Now enter with this code",
        weak: "Too easy to guess. Choose another one",
        locked: |seconds| format!("Locked for {seconds} s"),
        wait: "Checking",
        failed: "The log cannot be read",
        erase: "Erase",
        close: "Close",
        entries: "Entries",
        day: |year, month, day, weekday| {
            let name = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
            let name = usize::try_from(weekday)
                .ok()
                .and_then(|at| name.get(at))
                .copied()
                .unwrap_or("");
            format!("{name} {year}-{month:02}-{day:02}")
        },
        days: ("Day before", "Day after"),
        all: "All",
        verdict: |verdict| match verdict {
            Verdict::Granted => "Granted",
            Verdict::Refused => "Refused",
            Verdict::Undecided => "Undecided",
        },
        door_failed: "Door failed",
        overstayed: "Stayed too long",
        vacate: "Mark as free",
        kind: |kind| match kind {
            EntryKind::Live => "App",
            EntryKind::Printed => "Printed",
            EntryKind::Free => "Button",
        },
        columns: [
            "Time", "Result", "Reason", "Service", "Issuer", "Pass", "Kind",
        ],
        nothing: "No entries on this day",
        rows: |first, last, all| format!("{first}–{last} of {all}"),
        pages: ("Newer", "Older"),
        steps: ("Previous", "Next"),
        back: "Back",
        blocked: "Blocked",
        nothing_blocked: "No pass is blocked at this kiosk",
        blocked_by: |who, at| format!("by {who}, {at}"),
        is_blocked: "Blocked at this kiosk",
        block: "Block this pass",
        block_hint: "It opens this door no more, from now on. Other doors do not know of it",
        why_block: "Why?",
        whys: ["Lost", "Misuse", "Other"],
        do_not: "Do not block",
        unblock: ("Unblock", "Touch again: unblock"),
        no_pass: "This entry tells of no pass",
        issuers: "Issuers",
        no_issuer: "No issuer is trusted yet",
        standing: |standing| match standing {
            Standing::NotOffered => "not offered".into(),
            Standing::NoList => "no list: stays shut".into(),
            Standing::Aged { age, grace: None } => format!("{} old, without limit", span(age)),
            Standing::Aged {
                age,
                grace: Some(grace),
            } if age > grace => {
                format!(
                    "{} of {} days: too old, stays shut",
                    age.div_ceil(DAY),
                    grace / DAY
                )
            }
            Standing::Aged {
                age,
                grace: Some(grace),
            } => {
                format!("{} of {} days", age.div_ceil(DAY), grace / DAY)
            }
        },
        shut: |who| format!("shut by {who}"),
        choice: ("Opens", "Shut"),
        only_owner: "Only the owner changes for what an issuer opens",
        updated: |at| format!("Updated {at}"),
        not_updated: |at, why| format!("Failed {at}: {why}"),
        expired: "Its repository has expired",
        key: "Key",
        until: |day| format!("until {day}"),
        distrusted: "distrusted",
        list: |uri, passes, age| format!("List {uri}  {passes} passes  {} old", span(age)),
        no_list: |uri| format!("List {uri} is missing"),
    },
};

/// An age as people say it.
fn span(age: u64) -> String {
    match age {
        0..7_200 => format!("{} min", age / 60),
        7_200..172_800 => format!("{} h", age / 3_600),
        _ => format!("{} days", age / DAY),
    }
}

fn reason(reason: Reason) -> Advice {
    match reason {
        Reason::Granted => ("Come in", ""),
        Reason::NotAPass => (
            "This is not a pass",
            "Please show the QR code\nof your pass app",
        ),
        Reason::Malformed => (
            "This pass is not readable",
            "Get it again in the app\nand hold it up once more",
        ),
        Reason::UnknownIssuer => (
            "Not accepted here",
            "This store needs a pass\nof an issuer it knows",
        ),
        Reason::KeyNotAllowed => (
            "This pass is out of use",
            "Please get a new one\nfrom its issuer",
        ),
        Reason::BadSignature => (
            "This pass is not genuine",
            "Get it again in the app\nand hold it up once more",
        ),
        Reason::NotYetValid => (
            "Not valid yet",
            "Please look at the time\nwhen your pass begins",
        ),
        Reason::Expired => (
            "This pass has expired",
            "Renew it in the app\nand hold it up once more",
        ),
        Reason::WrongService => (
            "A pass for another place",
            "Choose this store in the app\nand hold it up once more",
        ),
        Reason::TooYoung => (
            "Not old enough",
            "This store may be used\nfrom a set age only",
        ),
        Reason::Revoked => ("This pass was cancelled", "Please ask its issuer"),
        Reason::Suspended => ("This pass is suspended", "Please ask its issuer"),
        Reason::StatusUnknown => (
            "We cannot check now",
            "Your pass is not the problem.\nPlease call for help",
        ),
        Reason::Stale => (
            "This code is too old",
            "Open it again in the app\nand hold it up at once",
        ),
        Reason::FromFuture => (
            "Your phone's clock is fast",
            "Set its time to automatic\nand try again",
        ),
        Reason::ClockUnknown => (
            "We cannot check now",
            "This kiosk's clock is not set.\nPlease call for help",
        ),
        Reason::Replayed => (
            "This code was used",
            "Open it again in the app\nand hold it up at once",
        ),
        Reason::PrintedNotAllowed => (
            "No printed passes here",
            "Please show the QR code\non your phone",
        ),
        Reason::Closed => (
            "We are closed now",
            "Please come back\nin the opening hours",
        ),
        Reason::Passback => ("This pass was just used", "Please try again in a moment"),
        Reason::UsedUp => (
            "This pass is used up",
            "Its visits are over.\nAsk the store for a new one",
        ),
        Reason::LockedOut => ("Not accepted here", "Please ask the store's owner"),
        Reason::Occupied => (
            "The room is in use",
            "Please wait a moment\nand hold it up again",
        ),
        Reason::LogFailed => (
            "We cannot check now",
            "This kiosk cannot keep records.\nPlease call for help",
        ),
    }
}

fn reason_short(reason: Reason) -> &'static str {
    match reason {
        Reason::Granted => "-",
        Reason::NotAPass => "other QR",
        Reason::Malformed => "malformed",
        Reason::UnknownIssuer => "unknown issuer",
        Reason::KeyNotAllowed => "key not allowed",
        Reason::BadSignature => "bad signature",
        Reason::NotYetValid => "not yet valid",
        Reason::Expired => "expired",
        Reason::WrongService => "wrong service",
        Reason::TooYoung => "too young",
        Reason::Revoked => "revoked",
        Reason::Suspended => "suspended",
        Reason::StatusUnknown => "status unknown",
        Reason::Stale => "stale",
        Reason::FromFuture => "from the future",
        Reason::ClockUnknown => "clock unknown",
        Reason::Replayed => "replayed",
        Reason::PrintedNotAllowed => "printed",
        Reason::Closed => "closed",
        Reason::Passback => "just used",
        Reason::UsedUp => "used up",
        Reason::LockedOut => "blocked here",
        Reason::Occupied => "in use",
        Reason::LogFailed => "log failed",
    }
}

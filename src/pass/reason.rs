//! Why a pass was admitted or not: one flat code for every check, in the order in which the checks are made.

use std::fmt;

/// What the door does with a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The door opens.
    Granted,
    /// The pass does not open this door now.
    Refused,
    /// The kiosk could not decide: never shown as "invalid".
    Undecided,
}

impl Verdict {
    /// The name in events and verdicts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Undecided => "undecided",
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal => $verdict:ident,)*) => {
        /// The reason of a verdict. The first check that fails names it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            /// Every reason, in the order of the checks.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code in the log, in events and in `munjigi check`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What the door does for this reason.
            #[must_use]
            pub const fn verdict(self) -> Verdict {
                match self { $(Self::$name => Verdict::$verdict,)* }
            }
        }
    };
}

reasons! {
    /// Every check held.
    Granted = "granted" => Granted,
    /// No `MJ1:` prefix and no enabled format: somebody's other QR.
    NotAPass = "not_a_pass" => Refused,
    /// Bad base45, CBOR that is not deterministic, missing, extra or out-of-range fields.
    Malformed = "malformed" => Refused,
    /// No trusted key with that kid; where a format has none, none that made this signature.
    UnknownIssuer = "unknown_issuer" => Refused,
    /// The key is known, but not for this service, kind or issue day, or it is past `verify_until` or distrusted.
    KeyNotAllowed = "key_not_allowed" => Refused,
    /// The issuer's or the holder's signature fails.
    BadSignature = "bad_signature" => Refused,
    /// Before `nbf`.
    NotYetValid = "not_yet_valid" => Refused,
    /// At or after `exp`.
    Expired = "expired" => Refused,
    /// `aud` names another service or venue, or the pass carries only other services' numbers, or it is a foreign one and not
    /// what the door asks for.
    WrongService = "wrong_service" => Refused,
    /// The threshold's day is not reached.
    TooYoung = "too_young" => Refused,
    /// Status 1.
    Revoked = "revoked" => Refused,
    /// Status 2.
    Suspended = "suspended" => Refused,
    /// The list is missing, foreign, too short, expired or too old.
    StatusUnknown = "status_unknown" => Undecided,
    /// The presentation is older than the window, or it answers another challenge than the one that is shown.
    Stale = "stale" => Refused,
    /// The presentation is newer than the skew allows.
    FromFuture = "from_future" => Refused,
    /// This service needs a trusted clock and there is none.
    ClockUnknown = "clock_unknown" => Undecided,
    /// The presentation was seen before, or is not newer than the last one admitted for this pass.
    Replayed = "replayed" => Refused,
    /// The door takes no printed passes.
    PrintedNotAllowed = "printed_not_allowed" => Refused,
    /// Outside the opening hours.
    Closed = "closed" => Refused,
    /// The pass was used here too recently, or before where it admits once.
    Passback = "passback" => Refused,
    /// The visits of this pass are over at this door.
    UsedUp = "used_up" => Refused,
    /// The owner blocked this pass at this kiosk.
    LockedOut = "locked_out" => Refused,
    /// Somebody is in the room behind the door: nothing is wrong with the pass.
    Occupied = "occupied" => Refused,
    /// The kiosk could not record the decision.
    LogFailed = "log_failed" => Undecided,
}

impl Reason {
    /// The reason with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|reason| reason.code() == code)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

//! What screens and `--headless` ask of the running kiosk.

use serde::Deserialize;

/// Commands that may wait: nobody touches a screen faster than they are done.
pub const WAITING: usize = 8;

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Somebody without a pass wants to come in.
    Open,
    /// Somebody of the staff says that the room is free.
    Vacate {
        /// Who: it is recorded.
        who: String,
    },
}

/// A command as a line of JSON.
#[derive(Deserialize)]
#[serde(tag = "command", rename_all = "lowercase", deny_unknown_fields)]
enum Line {
    Open {},
    Vacate {},
}

impl Command {
    /// Reads a line of standard input, such as `{"command":"open"}`.
    ///
    /// # Errors
    /// What is allowed.
    pub fn parse(line: &[u8]) -> Result<Self, String> {
        match serde_json::from_slice(line) {
            Ok(Line::Open {}) => Ok(Self::Open),
            Ok(Line::Vacate {}) => Ok(Self::Vacate {
                who: "standard input".into(),
            }),
            Err(error) => Err(format!(
                "no command ({error}): {{\"command\":\"open\"}} or {{\"command\":\"vacate\"}}"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_commands_are_taken() {
        assert_eq!(Command::parse(br#"{"command":"open"}"#), Ok(Command::Open));
        assert!(matches!(
            Command::parse(br#" {"command":"vacate"} "#),
            Ok(Command::Vacate { .. })
        ));
        for line in [
            "",
            "open",
            "{}",
            r#"{"command":"close"}"#,
            r#"{"command":"open","seconds":60}"#,
            r#"{"command":"open"} {"command":"open"}"#,
        ] {
            let error = Command::parse(line.as_bytes()).unwrap_err();
            assert!(error.contains(r#"{"command":"open"}"#), "{error}");
        }
    }
}

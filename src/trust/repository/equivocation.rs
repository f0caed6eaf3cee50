//! Two files of one version: somebody shows different doors different truths, or keys are in other hands. `tough` takes
//! whichever comes; the specification (TUF 1.0, 5.4.3.1 of the timestamp) takes none.

use serde::Deserialize;
use serde_json::Value;

use super::stored;
use crate::trust::TrustError;

#[derive(Deserialize)]
struct Role {
    signed: Value,
}

type Files = [(String, Vec<u8>)];

/// Compares what is in force with what came. With a new root, keys may have been replaced after they leaked, and versions
/// begin anew.
pub(super) fn check(old: &Files, new: &Files) -> Result<(), TrustError> {
    let version = |files: &Files, name| {
        let role = signed(files, name)?;
        role.get("version").and_then(Value::as_u64)
    };
    if version(old, "root.json") != version(new, "root.json") {
        return Ok(());
    }
    for (name, _) in old {
        let Some(known) = version(old, name) else {
            continue;
        };
        // Signatures may differ: somebody signed the same once more.
        if version(new, name) == Some(known) && signed(old, name) != signed(new, name) {
            return Err(TrustError::Repository(format!(
                "there are two different {name} of version {known}"
            )));
        }
    }
    Ok(())
}

fn signed(files: &Files, name: &str) -> Option<Value> {
    let role = stored(files, name).and_then(|bytes| serde_json::from_slice::<Role>(bytes).ok());
    role.map(|role| role.signed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(root: u64, snapshot: &str) -> Vec<(String, Vec<u8>)> {
        let root = format!(r#"{{"signed": {{"version": {root}}}}}"#);
        vec![
            ("root.json".into(), root.into()),
            ("snapshot.json".into(), snapshot.into()),
        ]
    }

    #[test]
    fn one_version_has_one_content() {
        let old = files(
            1,
            r#"{"signed": {"version": 4, "meta": 1}, "signatures": 1}"#,
        );
        for (root, snapshot, holds) in [
            (
                1,
                r#"{"signed": {"meta": 1, "version": 4}, "signatures": 2}"#,
                true,
            ),
            (1, r#"{"signed": {"version": 5, "meta": 2}}"#, true),
            (1, r#"{"signed": {"version": 4, "meta": 2}}"#, false),
            (2, r#"{"signed": {"version": 4, "meta": 2}}"#, true),
        ] {
            let new = files(root, snapshot);
            assert_eq!(check(&old, &new).is_ok(), holds, "{snapshot}");
        }
    }
}

//! What an owner takes along.

use std::fs;

use ed25519_dalek::pkcs8::DecodePrivateKey;

use super::*;

#[test]
fn an_export_has_everything_and_keys_only_when_asked() {
    let mut shop = Shop::new();
    let key = holder();
    let live = shop
        .issue(
            Service::Store,
            Subject::Holder(key.public()),
            Eligibility::Reference([7; 8]),
            30,
        )
        .unwrap();
    let request = IssueRequest {
        visits: Some(3),
        note: "blue cap, \"Tuesdays\"".into(),
        service: Service::Entry,
        subject: Subject::Printed,
        eligibility: Eligibility::Over14,
        exp: midnight_after(NOW, 30),
        attested: "the till, \"counter 2\"".into(),
    };
    let printed = shop.issuer.issue(request, NOW).unwrap();
    shop.issuer.revoke(&printed.number, NOW + 5).unwrap();

    let plain = shop.folder.path().join("plain");
    shop.issuer.export(&plain, false, NOW + 9).unwrap();
    assert!(!plain.join("keys").exists());
    let again = shop.issuer.export(&plain, false, NOW + 9);
    assert!(
        matches!(again, Err(IssuerError::Rule(_))),
        "not over another"
    );

    let all = shop.folder.path().join("all");
    shop.issuer.export(&all, true, NOW + 9).unwrap();
    for what in [Use::Pass, Use::Publish, Use::Root] {
        let own = shop.issuer.keys.of(what).next().unwrap();
        let mut found = 0;
        for entry in fs::read_dir(all.join("keys")).unwrap() {
            let path = entry.unwrap().path();
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{path:?}");
            if path.extension().is_some_and(|kind| kind == "pem") {
                let key = SigningKey::read_pkcs8_pem_file(&path).unwrap();
                found += usize::from(key.to_bytes() == own.to_bytes());
            }
        }
        assert_eq!(found, 1);
    }

    // A kiosk that pinned the issuer goes on with the repository.
    let root = fs::read(shop.issuer.root_file()).unwrap();
    let (_, trust) = repository::pin(&root, &all.join("repository"), NOW + 9).unwrap();
    let about = fs::read(all.join("issuer.json")).unwrap();
    let about: serde_json::Value = serde_json::from_slice(&about).unwrap();
    assert_eq!(about["keys"][0]["kid"], hex::encode(trust.keys[0].kid));
    assert_eq!(about["lists"].as_array().unwrap().len(), trust.lists.len());

    let mut csv = csv::Reader::from_path(all.join("passes.csv")).unwrap();
    let columns = csv.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    let field = |number: &str, column: &str| {
        let row = rows.iter().find(|row| &row[0] == number).unwrap();
        let at = columns.iter().position(|name| name == column).unwrap();
        row[at].to_owned()
    };
    assert_eq!(field(&live.number, "reference"), "07".repeat(8));
    assert_eq!(
        field(&live.number, "holder"),
        crate::wallet::holder_text(&key.public())
    );
    assert_eq!(field(&live.number, "state"), "valid");
    assert_eq!(field(&printed.number, "visits"), "3");
    assert_eq!(field(&printed.number, "note"), "blue cap, \"Tuesdays\"");
    assert_eq!(field(&live.number, "visits"), "");
    assert_eq!(field(&printed.number, "state"), "revoked");
    assert_eq!(
        field(&printed.number, "attested"),
        "the till, \"counter 2\""
    );
    assert_eq!(field(&printed.number, "issued"), "2026-11-23T16:00:00Z");
    let parsed = crate::pass::parse(compose::text(&printed.credential).as_bytes()).unwrap();
    let status = parsed.credential.status;
    assert_eq!(field(&printed.number, "list"), status.uri);
    assert_eq!(field(&printed.number, "index"), status.idx.to_string());
    let list = &trust.lists[&status.uri];
    assert_eq!(list.get(status.idx), crate::trust::Status::Revoked);

    // The README names every column and every kind of file.
    let readme = fs::read_to_string(all.join("README.md")).unwrap();
    for column in &columns {
        assert!(readme.contains(&format!("`{column}`")), "{column}");
    }
}

//! The demo's store: an issuer of its own, eight visitors, a data folder that trusts it, and a configuration.

use std::{
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use ed25519_dalek::SigningKey;
use serde_json::{Value, json};

use crate::{
    cli::Failure,
    gate::age,
    issuer::{
        Eligibility, IssueRequest, Issued, Issuer, IssuerError, IssuerSettings, Subject,
        link::{Length, LinkRequest},
        midnight_after,
    },
    pass::{
        Service,
        compose::{self, HolderSigner},
    },
    store::{Role, Store},
    trust::repository,
};

const DAY: u64 = 86_400;
/// The demo's staff code. A real kiosk has none until somebody sets one.
pub(super) const CODE: &str = "246802";

/// Where the issuer publishes.
const TRUST: &str = "trust";

/// What was made.
pub(super) struct Made {
    /// The kiosk's configuration.
    pub config: PathBuf,
    /// How many visitors come by.
    pub visitors: usize,
    /// The issuer, and where it publishes.
    pub issuer: (Issuer, PathBuf),
    /// The code of a link for one more visitor.
    pub link: String,
}

/// Makes everything anew in `folder`.
pub(super) fn make(folder: &Path, language: &str) -> Result<Made, Failure> {
    let broken =
        |error: &dyn std::fmt::Display| Failure::device(error, "Give an empty folder with --data.");
    std::fs::create_dir_all(folder).map_err(|error| broken(&error))?;
    let mut cast = Cast::new(folder).map_err(|error| broken(&error))?;
    let acts = cast.acts().map_err(|error| broken(&error))?;
    let link = cast.link().map_err(|error| broken(&error))?;
    let visitors = acts.iter().filter(|act| act["show"] != "nothing").count();

    let script = json!({"acts": acts, "fps": 15, "seed": 20_241_031, "loop": true});
    let config = format!(
        "# Made by munjigi demo: a phone drawn before a camera, a door that moves nothing.\n\
         data = \"data\"\n\n[shop]\nname = \"한빛 무인상점\"\nphone = \"02-0000-0000\"\n\n\
         [camera]\nsource = \"phone\"\npath = \"script.json\"\n\n\
         [door]\ndriver = \"simulated\"\nunlock_seconds = 3\n\n\
         [screen]\nlanguage = \"{language}\"\nfull_screen = false\n"
    );
    let write = |name: &str, text: &str| {
        std::fs::write(folder.join(name), text).map_err(|error| broken(&error))
    };
    write("script.json", &script.to_string())?;
    write("kiosk.toml", &config)?;
    Ok(Made {
        config: folder.join("kiosk.toml"),
        visitors,
        issuer: (cast.issuer, folder.join(TRUST)),
        link,
    })
}

/// Issuer and visitors.
struct Cast<'a> {
    folder: &'a Path,
    issuer: Issuer,
    now: u64,
    holders: u8,
}

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

impl<'a> Cast<'a> {
    fn new(folder: &'a Path) -> Fallible<Self> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let settings = IssuerSettings {
            id: "demo".into(),
            name_ko: Some("데모 발급자".into()),
            name_en: Some("Demo issuer".into()),
            ..IssuerSettings::default()
        };
        let issuer = Issuer::create(&folder.join("issuer"), settings, now - 60 * DAY)?;
        Ok(Self {
            folder,
            issuer,
            now,
            holders: 0,
        })
    }

    /// One round of visitors, each followed by an empty picture.
    fn acts(&mut self) -> Fallible<Vec<Value>> {
        let regular = self.live(self.now - DAY, Eligibility::Over14)?;
        let expired = self.live(self.now - 40 * DAY, Eligibility::Over14)?;
        let revoked = self.live(self.now - DAY, Eligibility::Over14)?;
        self.issuer.revoke(&revoked.number, self.now)?;
        let birthday_soon = age::seoul_day(self.now) + 5;
        let young = self.live(self.now - DAY, Eligibility::From(birthday_soon))?;
        let printed = self.issue(Subject::Printed, self.now - DAY, Eligibility::Over14)?;
        self.trust()?;

        let shows = [
            self.act(&regular)?,
            // Somebody photographed that phone.
            json!({"show": "again"}),
            self.act(&expired)?,
            self.act(&revoked)?,
            self.act(&young)?,
            json!({"show": "text", "text": compose::text(&printed.credential), "printed": true}),
            json!({"show": "text", "text": "https://example.org/menu?table=7"}),
        ];
        let mut acts = vec![json!({"show": "nothing", "seconds": 4.0})];
        for mut act in shows {
            act["seconds"] = json!(4.0);
            act["grade"] = json!("easy");
            acts.push(act);
            acts.push(json!({"show": "nothing", "seconds": 4.5}));
        }
        Ok(acts)
    }

    /// A link for whoever tries the demo with a browser.
    fn link(&mut self) -> Result<String, IssuerError> {
        let request = LinkRequest {
            service: Service::Entry,
            eligibility: Eligibility::Over14,
            length: Length::Days(30),
            valid: DAY,
            visits: None,
            note: String::new(),
            attested: crate::issuer::OWN_EYES.into(),
        };
        Ok(self.issuer.make_link(request, self.now)?.code)
    }

    fn live(&mut self, at: u64, eligibility: Eligibility) -> Result<Visitor, IssuerError> {
        self.holders += 1;
        // Demo keys: nobody's secret, and the same at every start.
        let seed = [self.holders; 32];
        let key = HolderSigner::Ed25519(SigningKey::from_bytes(&seed));
        let issued = self.issue(Subject::Holder(key.public()), at, eligibility)?;
        Ok(Visitor {
            number: issued.number,
            credential: issued.credential,
            seed,
        })
    }

    fn issue(
        &mut self,
        subject: Subject,
        at: u64,
        eligibility: Eligibility,
    ) -> Result<Issued, IssuerError> {
        let request = IssueRequest {
            service: Service::Entry,
            subject,
            eligibility,
            exp: midnight_after(at, 30),
            visits: None,
            note: String::new(),
            attested: crate::issuer::OWN_EYES.into(),
        };
        self.issuer.issue(request, at)
    }

    fn act(&self, visitor: &Visitor) -> std::io::Result<Value> {
        let key = self.folder.join(format!("phone-{}.key", visitor.number));
        let credential = self.folder.join(format!("phone-{}.cwt", visitor.number));
        std::fs::write(&key, hex::encode(visitor.seed))?;
        std::fs::write(&credential, &visitor.credential)?;
        Ok(json!({"show": "live", "wallet_key": key, "credential": credential, "aud": "E"}))
    }

    /// Publishes, and pins the issuer in the kiosk's data folder.
    fn trust(&mut self) -> Fallible<()> {
        let repository = self.folder.join(TRUST);
        self.issuer.publish(&repository, self.now)?;
        let root = std::fs::read(self.issuer.root_file())?;
        let (snapshot, _) = repository::pin(&root, &repository, self.now)?;
        let store = Store::open_shared(&self.folder.join("data"))?;
        store.save_trust(&snapshot, None)?;
        // No question is asked in a demonstration, not even for the first staff code.
        let _ = store.set_staff("owner", Some(Role::Owner), CODE, self.now, false)?;
        Ok(())
    }
}

struct Visitor {
    number: String,
    credential: Vec<u8>,
    seed: [u8; 32],
}

//! The contacts of the door.

use super::Finding;
use crate::{
    config::{self, InputDriver},
    door::{Circuit, input},
    gate::room::Watched,
};

/// What the kernel says of a line that another program has (EBUSY).
const BUSY: &str = "os error 16";

/// Opens every contact that is set, and tells how it is.
pub(super) fn contacts(door: &config::Door, running: bool) -> Vec<Finding> {
    door.contacts()
        .map(|(which, config)| contact(which, config, running))
        .collect()
}

fn contact(which: Watched, config: &config::Input, running: bool) -> Finding {
    let part = "contact";
    let opened = input::opener(config)().and_then(|mut input| {
        let circuit = input.circuit()?;
        Ok((input.name(), circuit))
    });
    match opened {
        Ok((name, circuit)) => Finding::good(part, format!("{name}: {}", said(which, circuit))),
        // Busy: somebody has it. Anything else is no kiosk's doing.
        Err(error) if running && error.to_string().contains(BUSY) => Finding::good(
            part,
            format!(
                "the running kiosk has that of the {}: it tells of it in its events",
                which.name()
            ),
        ),
        Err(error) => Finding::failed(part, error, hint(which, config)),
    }
}

/// How the door is, in words that can be compared with it.
const fn said(which: Watched, circuit: Circuit) -> &'static str {
    match (which, circuit) {
        (Watched::Door, Circuit::Closed) => "the door is closed",
        (Watched::Door, Circuit::Open) => "the door is open, or a wire is cut",
        (Watched::Bolt, Circuit::Closed) => "the bolt is locked from inside",
        (Watched::Bolt, Circuit::Open) => "the bolt is not locked, or a wire is cut",
    }
}

fn hint(which: Watched, config: &config::Input) -> String {
    let table = match which {
        Watched::Door => "door.contact",
        Watched::Bolt => "door.bolt",
    };
    match config.driver {
        InputDriver::Gpio => format!(
            "Check {table}.chip, line and bias (gpioinfo lists lines); the user must be in the group gpio."
        ),
        InputDriver::Simulated => format!("Write open or closed into the file of {table}.path."),
    }
}

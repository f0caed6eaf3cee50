//! Commands, on the thread that has the way of a visit: an opening without a pass is decided, recorded and driven like
//! any other.

use std::time::Instant;

use super::{
    command::Command,
    visit::{Steps, Visits},
};
use crate::{gate::Judgement, store::EntryKind};

impl Visits {
    /// Does what was asked since the last time.
    pub(super) fn obey(&mut self) {
        while let Ok(command) = self.commands.try_recv() {
            match command {
                Command::Open => self.open(),
                Command::Vacate { who } => {
                    let store = self.store.borrow().clone();
                    self.room.cleared(store.as_ref(), &who);
                }
            }
        }
    }

    /// Somebody without a pass asks to come in.
    fn open(&mut self) {
        let Some(reason) = self.policy.access.without_pass() else {
            tracing::warn!("this door asks for passes: it is not opened by a command");
            return;
        };
        // Who presses again while the door is open is let in already.
        if !self.pace.take(self.since_start()) {
            return;
        }
        let asked = Instant::now();
        let steps = Steps {
            handed: asked,
            scanned: asked,
            verified: asked,
        };
        let _ = self.decide(
            &Judgement::early(reason, None),
            Some(EntryKind::Free),
            self.clock.now().unix,
            &steps,
        );
    }
}

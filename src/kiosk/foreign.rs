//! The formats of the door, read again when the owner changes a trust list.

use std::{sync::Arc, time::SystemTime};

use tokio::sync::watch;

use super::{event::Part, keep::Keep};
use crate::{config, pass::Formats};

/// Keeps the formats. Until their lists can be read, the door knows MJ1 alone, or nothing where that is switched off.
pub struct Foreign {
    config: config::Formats,
    /// What is in force.
    pub formats: watch::Sender<Arc<Formats>>,
    /// The files of which what is in force was made, or which could not be read.
    stamp: Option<Vec<Option<(SystemTime, u64)>>>,
}

impl Foreign {
    /// Nothing is read yet.
    #[must_use]
    pub fn new(config: &config::Formats) -> Self {
        let without = Formats::new(config.mj1, Vec::new());
        Self {
            config: config.clone(),
            formats: watch::Sender::new(Arc::new(without)),
            stamp: None,
        }
    }

    /// One round: reads the lists when they were changed. One that cannot be read leaves in force what was.
    pub fn round(&mut self, keep: &mut Keep) {
        let stamp = self.config.stamp();
        if self.stamp.as_ref() == Some(&stamp) {
            return;
        }
        self.stamp = Some(stamp);
        match self.config.load() {
            Ok(formats) => {
                self.formats.send_replace(Arc::new(formats));
                keep.works(Part::Formats);
            }
            Err(problem) => keep.fails(
                Part::Formats,
                &format!("{problem}; mend the list, then run munjigi doctor"),
            ),
        }
    }
}

//! A contact on a GPIO line, through the character device (`/dev/gpiochipN`), never sysfs. The kernel debounces it.

use std::time::Duration;

use gpiocdev::{
    Request,
    line::{self, EdgeDetection, EdgeKind, Value},
};

use super::{Circuit, Input};
use crate::{
    config::{self, Bias},
    door::{DoorError, gpio::find},
};

/// One line of a chip, as an input.
#[derive(Debug)]
pub struct Line {
    request: Request,
    line: u32,
    path: String,
}

impl Line {
    /// Takes the line as an input. Active is a closed circuit.
    ///
    /// # Errors
    /// [`DoorError::Open`] when chip or line is missing, busy, may not be used by this user, or has no such bias.
    pub fn open(config: &config::Input) -> Result<Self, DoorError> {
        let path = format!("{} line {}", config.chip.display(), config.line);
        let bias = match config.bias {
            Bias::PullUp => line::Bias::PullUp,
            Bias::PullDown => line::Bias::PullDown,
            Bias::None => line::Bias::Disabled,
        };
        let mut builder = Request::builder();
        let _ = builder
            .on_chip(find(&config.chip))
            .with_consumer("munjigi contact")
            .with_line(config.line)
            .as_input()
            .with_bias(bias)
            .with_edge_detection(EdgeDetection::BothEdges)
            .with_debounce_period(Duration::from_millis(config.debounce_ms));
        if config.active_low {
            let _ = builder.as_active_low();
        }
        let request = builder.request().map_err(|error| DoorError::Open {
            port: path.clone(),
            problem: error.to_string(),
        })?;
        Ok(Self {
            request,
            line: config.line,
            path,
        })
    }

    fn failed(&self, error: &gpiocdev::Error) -> DoorError {
        DoorError::Read {
            port: self.path.clone(),
            problem: error.to_string(),
        }
    }
}

impl Input for Line {
    fn name(&self) -> String {
        format!("GPIO {}", self.path)
    }

    fn circuit(&mut self) -> Result<Circuit, DoorError> {
        match self.request.value(self.line) {
            Ok(Value::Active) => Ok(Circuit::Closed),
            Ok(Value::Inactive) => Ok(Circuit::Open),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn change(&mut self, patience: Duration) -> Result<Option<Circuit>, DoorError> {
        let edge = self
            .request
            .wait_edge_event(patience)
            // A chip that was removed ends the wait at once, and the read with an error.
            .and_then(|there| there.then(|| self.request.read_edge_event()).transpose())
            .map_err(|error| self.failed(&error))?;
        Ok(edge.map(|edge| match edge.kind {
            EdgeKind::Rising => Circuit::Closed,
            EdgeKind::Falling => Circuit::Open,
        }))
    }
}

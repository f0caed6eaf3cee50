//! LCUS-1/2/4/8 relay boards (CH340): 9600 baud 8N1, orders of four bytes, no answer.
//!
//! `A0 channel state sum`: channel 1 on is `A0 01 01 A2`, off is `A0 01 00 A1`. The board has no timer and gives no
//! answer, so it gets OFF at start, after every pulse, at exit and on every reconnect.

use std::{
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

use serialport::{SerialPort, TTYPort};

use super::{Door, DoorError};

/// How long four bytes may take: at 9600 baud they are out after 4 ms.
const PATIENCE: Duration = Duration::from_millis(400);

/// A board on a serial port.
pub struct Lcus {
    port: TTYPort,
    name: String,
    path: String,
    channel: u8,
}

impl Lcus {
    /// Opens the port for this program alone; `channel` is 1 to 8.
    ///
    /// # Errors
    /// [`DoorError::Open`] when it is missing, busy or may not be used by this user.
    pub fn open(port: &Path, channel: u8) -> Result<Self, DoorError> {
        let path = port.display().to_string();
        let failed = |problem: String| DoorError::Open {
            port: path.clone(),
            problem,
        };
        let opened = TTYPort::open(&serialport::new(path.as_str(), 9600).timeout(PATIENCE))
            .map_err(|error| failed(error.to_string()))?;
        Ok(Self {
            port: opened,
            name: format!("LCUS relay {channel} on {path}"),
            path,
            channel,
        })
    }

    fn order(&mut self, on: bool) -> Result<(), DoorError> {
        self.port
            .write_all(&order(self.channel, on))
            .and_then(|()| self.drain())
            .map_err(|error| DoorError::Order {
                port: self.path.clone(),
                problem: error.to_string(),
            })
    }

    /// Waits until the bytes are out. Not with a flush: a board that takes no bytes any more would hold it for ever.
    fn drain(&self) -> std::io::Result<()> {
        let begin = Instant::now();
        while self.port.bytes_to_write()? > 0 {
            if begin.elapsed() > PATIENCE {
                return Err(std::io::Error::new(
                    std::io::ErrorKind::TimedOut,
                    "the board takes no bytes",
                ));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }
}

impl Door for Lcus {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn on(&mut self) -> Result<(), DoorError> {
        self.order(true)
    }

    fn off(&mut self) -> Result<(), DoorError> {
        self.order(false)
    }

    fn alive(&mut self) -> Result<(), DoorError> {
        // The board says nothing, but the driver knows when the plug was pulled.
        let problem = match self.port.bytes_to_read() {
            Ok(_) if Path::new(&self.path).exists() => return Ok(()),
            Ok(_) => "the port is gone".to_string(),
            Err(error) => error.to_string(),
        };
        Err(DoorError::Order {
            port: self.path.clone(),
            problem,
        })
    }
}

/// The four bytes of an order.
const fn order(channel: u8, on: bool) -> [u8; 4] {
    let state = on as u8;
    [
        0xA0,
        channel,
        state,
        0xA0_u8.wrapping_add(channel).wrapping_add(state),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_those_of_the_board() {
        for (channel, on, bytes) in [
            (1, true, [0xA0, 0x01, 0x01, 0xA2]),
            (1, false, [0xA0, 0x01, 0x00, 0xA1]),
            (8, true, [0xA0, 0x08, 0x01, 0xA9]),
        ] {
            assert_eq!(order(channel, on), bytes);
        }
    }

    #[test]
    fn a_missing_port_is_named() {
        let error = Lcus::open(Path::new("/dev/no-such-port"), 1)
            .err()
            .unwrap()
            .to_string();
        assert!(
            error.starts_with("/dev/no-such-port cannot be opened: "),
            "{error}"
        );
    }
}

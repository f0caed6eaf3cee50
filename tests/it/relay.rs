//! A relay board as the kiosk meets it: the other end of a pseudo-terminal.

use std::{
    io::Read,
    os::fd::OwnedFd,
    path::PathBuf,
    sync::{Arc, Mutex, mpsc},
};

use nix::{
    pty::openpty,
    sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr},
    unistd::ttyname,
};

pub const ON: [u8; 4] = [0xA0, 0x01, 0x01, 0xA2];
pub const OFF: [u8; 4] = [0xA0, 0x01, 0x00, 0xA1];

/// The board's end. `orders` are whole orders of 4 bytes in the order in which they came.
pub struct Relay {
    pub port: PathBuf,
    orders: Arc<Mutex<Vec<[u8; 4]>>>,
    /// Kept open, so that a kiosk that dies does not hang up the line.
    _slave: OwnedFd,
}

impl Relay {
    /// `told` runs for every order, before it counts: what it sees, the board saw first.
    pub fn new(mut told: impl FnMut([u8; 4]) + Send + 'static) -> Self {
        let pty = openpty(None, None).unwrap();
        let mut raw = tcgetattr(&pty.slave).unwrap();
        cfmakeraw(&mut raw);
        tcsetattr(&pty.slave, SetArg::TCSANOW, &raw).unwrap();
        let port = ttyname(&pty.slave).unwrap();
        let orders = Arc::new(Mutex::new(Vec::new()));
        let seen = orders.clone();
        let mut master = std::fs::File::from(pty.master);
        std::thread::spawn(move || {
            let mut order = [0; 4];
            while master.read_exact(&mut order).is_ok() {
                told(order);
                seen.lock().unwrap().push(order);
            }
        });
        Self {
            port,
            orders,
            _slave: pty.slave,
        }
    }

    /// A relay that reports every order into a channel.
    pub fn reporting() -> (Self, mpsc::Receiver<[u8; 4]>) {
        let (sender, receiver) = mpsc::channel();
        (
            Self::new(move |order| {
                let _ = sender.send(order);
            }),
            receiver,
        )
    }

    pub fn orders(&self) -> Vec<[u8; 4]> {
        self.orders.lock().unwrap().clone()
    }

    pub fn opened(&self) -> usize {
        self.orders().iter().filter(|order| **order == ON).count()
    }
}

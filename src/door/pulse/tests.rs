use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use super::*;

/// A board that writes down what it is told, stands in for one only in these tests.
struct Board {
    orders: Arc<Mutex<Vec<(&'static str, Instant)>>>,
    broken: Arc<AtomicBool>,
}

impl Board {
    fn told(&self, order: &'static str) -> Result<(), DoorError> {
        if self.broken.load(Ordering::Relaxed) {
            return Err(DoorError::Order {
                port: "board".into(),
                problem: "pulled".into(),
            });
        }
        self.orders.lock().unwrap().push((order, Instant::now()));
        Ok(())
    }
}

impl Door for Board {
    fn name(&self) -> String {
        "board".into()
    }
    fn on(&mut self) -> Result<(), DoorError> {
        self.told("on")
    }
    fn off(&mut self) -> Result<(), DoorError> {
        self.told("off")
    }
}

struct Bench {
    orders: Arc<Mutex<Vec<(&'static str, Instant)>>>,
    broken: Arc<AtomicBool>,
    events: Receiver<DoorEvent>,
    pulse: Pulse,
}

impl Bench {
    fn new(longest: Duration) -> Self {
        let orders: Arc<Mutex<Vec<(&'static str, Instant)>>> = Arc::default();
        let broken: Arc<AtomicBool> = Arc::default();
        let (sender, events) = mpsc::channel();
        let (kept, fault) = (orders.clone(), broken.clone());
        let opener: Opener = Box::new(move || {
            Ok(Box::new(Board {
                orders: kept.clone(),
                broken: fault.clone(),
            }))
        });
        let bench = Self {
            orders,
            broken,
            events,
            pulse: Pulse::start(opener, longest, sender),
        };
        assert_eq!(bench.next(), DoorEvent::Ready("board".into()));
        bench
    }

    fn next(&self) -> DoorEvent {
        self.events.recv_timeout(Duration::from_secs(20)).unwrap()
    }

    fn open(&self, ms: u64) -> Result<(), DoorError> {
        self.pulse
            .open(Duration::from_millis(ms), Duration::from_secs(5))
    }

    fn orders(&self) -> Vec<&'static str> {
        self.orders
            .lock()
            .unwrap()
            .iter()
            .map(|(order, _)| *order)
            .collect()
    }
}

#[test]
fn off_at_the_start_after_the_pulse_and_at_the_end() {
    let bench = Bench::new(Duration::from_secs(10));
    bench.open(20).unwrap();
    assert_eq!(bench.next(), DoorEvent::Closed);
    assert_eq!(bench.orders(), ["off", "on", "off"]);
    bench.open(60_000).unwrap();
    let Bench { orders, pulse, .. } = bench;
    pulse.stop();
    let orders: Vec<_> = orders
        .lock()
        .unwrap()
        .iter()
        .map(|(order, _)| *order)
        .collect();
    assert_eq!(orders, ["off", "on", "off", "on", "off"]);
}

#[test]
fn no_stream_of_orders_holds_the_lock_longer_than_the_longest_pulse() {
    let longest = Duration::from_millis(200);
    let bench = Bench::new(longest);
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_millis(900) {
        bench.open(150).unwrap();
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(bench.next(), DoorEvent::Closed);
    let orders = bench.orders.lock().unwrap();
    let mut on_since = None;
    for (order, at) in orders.iter() {
        match *order {
            "on" => on_since = on_since.or(Some(*at)),
            _ => {
                let on = on_since.take().map_or(Duration::ZERO, |since| *at - since);
                assert!(on < longest + Duration::from_millis(100), "{on:?}");
            }
        }
    }
    assert_eq!(on_since, None);
}

#[test]
fn every_visitor_gets_the_whole_time() {
    let bench = Bench::new(Duration::from_millis(500));
    bench.open(400).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let second = Instant::now();
    bench.open(400).unwrap();
    assert_eq!(bench.next(), DoorEvent::Closed);
    assert!(second.elapsed() >= Duration::from_millis(400));
    assert_eq!(bench.orders(), ["off", "on", "off", "on", "off"]);
}

#[test]
fn a_lost_board_fails_the_order_and_gets_off_when_it_is_back() {
    let bench = Bench::new(Duration::from_secs(10));
    bench.broken.store(true, Ordering::Relaxed);
    assert!(matches!(bench.open(1_000), Err(DoorError::Order { .. })));
    assert!(matches!(bench.next(), DoorEvent::Lost(_)));
    assert!(
        matches!(bench.open(1_000), Err(DoorError::Gone)),
        "nobody is told that the door opened"
    );
    bench.broken.store(false, Ordering::Relaxed);
    assert_eq!(bench.next(), DoorEvent::Ready("board".into()));
    assert_eq!(bench.orders(), ["off", "off"], "start and reconnect");
    bench.open(1).unwrap();
    assert_eq!(bench.next(), DoorEvent::Closed);
}

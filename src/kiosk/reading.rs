//! The reading thread: takes the newest frame, scans it, and hands what it read to [`Visits`], and what keeps it from
//! reading to [`Prompter`].

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use super::{aside::Aside, event::Event, prompter::Prompter, visit::Visits};
use crate::{
    camera::{Frame, exposure, lighting::Spot},
    scan::{Follow, Found, Hint, Look, motion::Motion},
};

/// Scans a second while nothing moves before the lens: at most 10.
const STILL_PAUSE: Duration = Duration::from_millis(100);
/// A late answer of the second reader counts for a frame that is not older than this.
const ASIDE_FRESH: Duration = Duration::from_millis(800);
/// How often the second reader, which costs most, looks at a still scene.
const ASIDE_STILL: Duration = Duration::from_secs(1);
/// A second reader that was not heard of for this long is given up.
const ASIDE_LOST: Duration = Duration::from_secs(30);
/// How many are started after the first: each that is given up may go on reading for ever.
const MORE_ASIDES: u32 = 2;
/// How long the thread waits for a frame before it shows again that it is alive.
const FRAME_PATIENCE: Duration = Duration::from_millis(200);
/// Pause after a panic.
const AFTER_PANIC: Duration = Duration::from_secs(1);

/// The thread, and its signs of life.
pub struct Reading {
    thread: Option<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
    beats: Arc<AtomicU64>,
}

impl Reading {
    /// Starts the thread. A panic inside it is contained and the loop goes on. `spot` is told where codes are.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        frames: watch::Receiver<Option<Arc<Frame>>>,
        spot: Arc<Spot>,
        mut visits: Visits,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let beats = Arc::new(AtomicU64::new(0));
        let (stopping, beating) = (stop.clone(), beats.clone());
        let runtime = tokio::runtime::Handle::current();
        // Outlives a panic of the loop: what is on the screen must be taken back.
        let mut prompter = Prompter::new(visits.events.clone());
        let thread = std::thread::Builder::new()
            .name("reading".into())
            .spawn(move || {
                while !stopping.load(Ordering::Relaxed) {
                    let pass = AssertUnwindSafe(|| {
                        let to = (&mut visits, &mut prompter);
                        run(&runtime, frames.clone(), &spot, to, &stopping, &beating)
                    });
                    if std::panic::catch_unwind(pass).is_err() {
                        tracing::error!("the reading thread failed and goes on");
                        // Whatever failed would fail at once again, as fast as it can be written down.
                        std::thread::sleep(AFTER_PANIC);
                    }
                }
            })?;
        Ok(Self {
            thread: Some(thread),
            stop,
            beats,
        })
    }

    /// A number that rises as long as the thread does its work.
    #[must_use]
    pub fn beats(&self) -> u64 {
        self.beats.load(Ordering::Relaxed)
    }

    /// Ends the thread after the visit in hand.
    pub fn stop(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Scans frames until told to stop.
fn run(
    runtime: &tokio::runtime::Handle,
    mut frames: watch::Receiver<Option<Arc<Frame>>>,
    spot: &Spot,
    (visits, prompter): (&mut Visits, &mut Prompter),
    stop: &AtomicBool,
    beats: &AtomicU64,
) {
    let mut motion = Motion::new();
    let mut follow = Follow::new();
    let mut scanned = Instant::now();
    let mut aside = Aside::start();
    let mut asides_left = MORE_ASIDES;
    let mut offered: Option<(u64, Instant)> = None;
    let mut last_offer: Option<Instant> = None;
    while !stop.load(Ordering::Relaxed) {
        beats.fetch_add(1, Ordering::Relaxed);
        visits.tick(Instant::now());
        if asides_left > 0 && offered.is_some_and(|(_, at)| at.elapsed() > ASIDE_LOST) {
            tracing::warn!(
                "the second reader does not come back from a picture; another one is started"
            );
            aside = Aside::start();
            offered = None;
            asides_left -= 1;
        }
        let late = aside.results().try_recv().ok();
        if let (Some((seq, found)), Some((asked, at))) = (late, offered)
            && seq == asked
        {
            offered = None;
            if at.elapsed() < ASIDE_FRESH && !found.is_empty() {
                let hint = hand_over(visits, &found, None, at);
                prompter.judged(hint, Instant::now());
            }
        }
        // The timer is made inside: it needs the runtime that this thread is not a part of.
        let changed = runtime
            .block_on(async { tokio::time::timeout(FRAME_PATIENCE, frames.changed()).await });
        match changed {
            Err(_) => {
                prompter.blind(Instant::now());
                continue;
            }
            Ok(Err(_)) => {
                prompter.blind(Instant::now());
                // The source has ended: there is nothing to read any more.
                std::thread::sleep(FRAME_PATIENCE);
                continue;
            }
            Ok(Ok(())) => {}
        }
        let Some(frame) = frames.borrow_and_update().clone() else {
            continue;
        };
        let moved = motion.moved(&frame.luma);
        if !moved && scanned.elapsed() < STILL_PAUSE {
            continue;
        }
        scanned = Instant::now();
        let look = follow.read(&frame.luma);
        spot.point(lit(&look));
        if !look.found.is_empty() {
            let hint = hand_over(visits, &look.found, Some(&frame), scanned);
            prompter.judged(hint, scanned);
            continue;
        }
        prompter.say(&look.sights, &frame, scanned);
        if (moved || last_offer.is_none_or(|at| at.elapsed() > ASIDE_STILL))
            && offered.is_none_or(|(_, at)| at.elapsed() > ASIDE_FRESH)
            && aside.offer(frame.clone())
        {
            offered = Some((frame.seq, scanned));
            last_offer = Some(scanned);
        }
    }
}

/// The code after which the camera is set: one that was read, else one that was seen.
fn lit(look: &Look) -> Option<exposure::Sight> {
    let read = look.found.first().map(|code| (code.corners, true));
    let seen = || look.sights.first().map(|sight| (sight.corners, false));
    let (corners, read) = read.or_else(seen)?;
    Some(exposure::Sight { corners, read })
}

/// Shows the outline, then decides; gives a hint when nothing of it is a pass.
fn hand_over(
    visits: &mut Visits,
    found: &[Found],
    frame: Option<&Frame>,
    handed: Instant,
) -> Option<Hint> {
    if let (Some(frame), Some(code)) = (frame, found.first()) {
        let size = (
            u32::try_from(frame.luma.width).unwrap_or(0),
            u32::try_from(frame.luma.height).unwrap_or(0),
        );
        let _ = visits.events.send(Event::Reading {
            corners: code.corners,
            frame: size,
        });
    }
    visits.see(found, handed)
}

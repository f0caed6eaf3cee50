//! The engine: starts the threads, opens what is missing, watches over everything, stops in good order.

use std::{
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tokio::sync::{broadcast, watch};

use super::{
    challenge::Challenges,
    command::{self, Command},
    contacts::Contacts,
    event::{Event, Part, at},
    foreign::Foreign,
    keep::{self, Keep},
    reading::Reading,
    roads::Roads,
    room::Room,
    stick,
    visit::Visits,
    watchdog,
};
use crate::{
    camera::{
        self, Stream, StreamEvent,
        lighting::{Lighting, Spot},
        preview::Preview,
    },
    clock::{Clock, SystemClock},
    config::{self, Config},
    door::{self, DoorEvent, Pulse},
    gate::{access::Pace, presence::Presence},
    pass::Audience,
    store::StoreError,
    till::Till,
};

/// How long the reading thread may be silent before the service manager is told no more.
const SILENCE: Duration = Duration::from_secs(15);
/// How long the pulse thread may be silent before a new process is wanted: a relay that blocks cannot be told OFF.
const DOOR_SILENCE: Duration = Duration::from_secs(10);
/// At least this long between openings without a pass, beyond the time that the door is open.
const BETWEEN_FREE: Duration = Duration::from_secs(1);
/// Events that a slow listener may be behind.
const EVENTS: usize = 2048;

/// Why the kiosk does not run.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Another kiosk has the data folder.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gives no thread or no runtime.
    #[error("the system gives no thread: {0}")]
    System(#[from] std::io::Error),
    /// A device has blocked for good: only a new process helps.
    #[error("a device is stuck: {0}")]
    Stuck(String),
    /// The engine's thread ended by a failure of its own.
    #[error("the engine failed")]
    Failed,
}

/// A running kiosk.
pub struct Engine {
    /// Subscribe before [`Engine::go`] to miss nothing.
    pub events: broadcast::Sender<Event>,
    /// Small pictures for the idle screen.
    pub previews: watch::Receiver<Option<Arc<Preview>>>,
    /// Whether previews are wanted now.
    pub look: Arc<dyn Fn(bool) + Send + Sync>,
    /// What screens ask of it.
    pub commands: mpsc::SyncSender<Command>,
    stop: watch::Sender<bool>,
    start: Option<std::sync::mpsc::Sender<()>>,
    thread: JoinHandle<Result<(), EngineError>>,
}

impl Engine {
    /// Prepares a kiosk: its camera warms up, everything else waits for [`Engine::go`].
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(config: Config, preview: Option<(u32, u32)>) -> Result<Self, EngineError> {
        let events = broadcast::Sender::new(EVENTS);
        let (camera_events, camera_told) = mpsc::channel();
        let preview = preview.map(|(width, height)| (width, height, config.camera.mirror));
        let spot = Arc::new(Spot::default());
        let managed = config.camera.exposure == config::Exposure::Managed;
        let camera = Arc::new(Stream::start(
            camera::open(&config.camera),
            Lighting::new(managed, Some(config.data.clone()), spot.clone()),
            preview,
            camera_events,
        ));
        let previews = camera.previews.clone();
        let looking = Arc::downgrade(&camera);
        let look: Arc<dyn Fn(bool) + Send + Sync> = Arc::new(move |on| {
            if let Some(camera) = looking.upgrade() {
                camera.look(on);
            }
        });
        let (commands, asked) = mpsc::sync_channel(command::WAITING);
        let (stop, stopped) = watch::channel(false);
        let (start, started) = mpsc::channel();
        let sender = events.clone();
        let thread = std::thread::Builder::new()
            .name("engine".into())
            .spawn(move || {
                // An engine that nobody starts ends here.
                if started.recv().is_err() {
                    return Ok(());
                }
                let runtime = tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(1)
                    .enable_all()
                    .build()?;
                let result = runtime.block_on(run(
                    &config,
                    (camera, spot),
                    camera_told,
                    asked,
                    sender.clone(),
                    stopped,
                ));
                let _ = sender.send(Event::Stopped);
                result
            })?;
        Ok(Self {
            events,
            previews,
            look,
            commands,
            stop,
            start: Some(start),
            thread,
        })
    }

    /// Starts it.
    pub fn go(&mut self) {
        if let Some(start) = self.start.take() {
            let _ = start.send(());
        }
    }

    /// A handle that stops the engine from anywhere.
    pub fn stopper(&self) -> impl Fn() + Send + Sync + Clone + use<> {
        let stop = self.stop.clone();
        move || {
            let _ = stop.send_replace(true);
        }
    }

    /// Waits until the kiosk has stopped: relay off, log whole.
    ///
    /// # Errors
    /// Why it stopped, when nobody asked it to.
    pub fn wait(self) -> Result<(), EngineError> {
        drop(self.start);
        self.thread.join().unwrap_or(Err(EngineError::Failed))
    }
}

/// Runs until told to stop, by [`Engine::stopper`], SIGTERM or SIGINT.
async fn run(
    config: &Config,
    (camera, spot): (Arc<Stream>, Arc<Spot>),
    camera_told: mpsc::Receiver<StreamEvent>,
    commands: mpsc::Receiver<Command>,
    events: broadcast::Sender<Event>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), EngineError> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let mut interrupt = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;

    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let mut keep = Keep::new(events.clone(), clock.clone(), config.log.keep_days);
    keep.mj1 = config.formats.mj1;
    keep.round(&config.data)?;
    let mut foreign = Foreign::new(&config.formats);
    foreign.round(&mut keep);

    let (door_events, door_told) = mpsc::channel();
    let longest = Duration::from_secs(config.door.max_seconds);
    let door = Arc::new(Pulse::start(
        door::opener(&config.door),
        longest,
        door_events,
    ));
    let policy = config.policy();
    let _ = events.send(Event::Access {
        access: policy.access,
    });
    let (mut contacts, contacts_told) = Contacts::start(&config.door, &events, &clock)?;
    let unlock = Duration::from_secs(config.door.unlock());
    let pace = u64::try_from((unlock + BETWEEN_FREE).as_millis()).unwrap_or(u64::MAX);
    let audience = Audience {
        service: policy.service,
        venue: policy.venue.clone(),
    };
    let reading = Reading::start(
        camera.frames.clone(),
        spot,
        Visits {
            ways: config.till.ways(),
            challenges: Challenges::new(audience, events.clone()),
            policy,
            unlock,
            store: keep.store.subscribe(),
            trust: keep.trust.subscribe(),
            formats: foreign.formats.subscribe(),
            door: door.clone(),
            clock: clock.clone(),
            events: events.clone(),
            room: Room::new(
                config.room.rules(&config.door),
                contacts_told,
                events.clone(),
                clock.clone(),
            ),
            commands,
            pace: Pace::new(pace),
            presence: Presence::new(),
            started: Instant::now(),
        },
    )?;
    let told = events.clone();
    let tell = Arc::new(move |waiting| {
        let _ = told.send(Event::Outbox { waiting });
    });
    let till = Till::start(&config.till, &keep.store.subscribe(), tell)?;
    let told = events.clone();
    let tell = Arc::new(move |event| {
        let _ = told.send(event);
    });
    let roads = Roads::start(
        config.trust.every(),
        keep.store.subscribe(),
        clock.clone(),
        tell,
    )?;
    let sticks = tokio::spawn(stick::watch(
        keep.store.subscribe(),
        clock.clone(),
        events.clone(),
    ));
    let _ = events.send(Event::Ready);
    watchdog::ready();

    let mut reading_beats = Heartbeat::new();
    let mut door_beats = Heartbeat::new();
    let mut rounds = tokio::time::interval(keep::PERIOD);
    let mut beats = tokio::time::interval(watchdog::interval());
    let mut listening = tokio::time::interval(Duration::from_millis(20));
    let result = loop {
        tokio::select! {
            _ = terminate.recv() => break Ok(()),
            _ = interrupt.recv() => break Ok(()),
            _ = stop.changed() => break Ok(()),
            _ = rounds.tick() => {
                // SQLite blocks: not on the runtime's own time.
                if let Err(error) = tokio::task::block_in_place(|| keep.round(&config.data)) {
                    break Err(error.into());
                }
                tokio::task::block_in_place(|| foreign.round(&mut keep));
            }
            _ = beats.tick() => {
                if reading_beats.silence(reading.beats()) < SILENCE {
                    watchdog::alive();
                }
                if door_beats.silence(door.beats()) > DOOR_SILENCE {
                    let detail = "the relay takes no orders any more";
                    keep.fails(Part::Door, &format!("{detail}; pull its plug and put it in again"));
                    break Err(EngineError::Stuck(detail.into()));
                }
            },
            _ = listening.tick() => {
                while let Ok(told) = door_told.try_recv() {
                    tell_door(&mut keep, &events, told, &clock);
                }
                contacts.look(&mut keep);
                let mut stuck = None;
                while let Ok(told) = camera_told.try_recv() {
                    stuck = tell_camera(&mut keep, &events, told, &clock).or(stuck);
                }
                if let Some(detail) = stuck {
                    break Err(EngineError::Stuck(detail));
                }
            }
        }
    };
    watchdog::stopping();
    sticks.abort();
    tokio::task::block_in_place(|| {
        reading.stop();
        till.stop();
        contacts.stop();
        roads.stop();
        // The reading thread had the other handle: this one is the last, and the relay is told OFF.
        if let Some(door) = Arc::into_inner(door) {
            door.stop();
        }
        drop(keep);
        drop(camera);
    });
    result
}

/// How long a thread has given no sign of life.
struct Heartbeat {
    last: u64,
    since: Instant,
}

impl Heartbeat {
    fn new() -> Self {
        Self {
            last: 0,
            since: Instant::now(),
        }
    }

    /// `beats` rises as long as the thread works.
    fn silence(&mut self, beats: u64) -> Duration {
        if beats != self.last {
            self.last = beats;
            self.since = Instant::now();
        }
        self.since.elapsed()
    }
}

fn tell_door(
    keep: &mut Keep,
    events: &broadcast::Sender<Event>,
    told: DoorEvent,
    clock: &Arc<dyn Clock>,
) {
    let (state, detail) = match told {
        DoorEvent::Ready(name) => {
            keep.works(Part::Door);
            ("ready", name)
        }
        DoorEvent::Closed => ("closed", String::new()),
        DoorEvent::Lost(problem) => {
            keep.fails(
                Part::Door,
                &format!("{problem}; check the cable, then run munjigi doctor"),
            );
            ("lost", problem)
        }
    };
    let _ = events.send(Event::Door {
        state,
        seq: None,
        detail,
        at: at(clock.unix_ms()),
    });
}

/// Gives what is wrong when only a new process helps.
fn tell_camera(
    keep: &mut Keep,
    events: &broadcast::Sender<Event>,
    told: StreamEvent,
    clock: &Arc<dyn Clock>,
) -> Option<String> {
    let (state, detail, stuck) = match told {
        StreamEvent::Open(name) => {
            keep.works(Part::Camera);
            ("open", name, None)
        }
        StreamEvent::Lost(problem) => {
            keep.fails(
                Part::Camera,
                &format!("{problem}; check the cable, then run munjigi doctor"),
            );
            ("lost", problem, None)
        }
        StreamEvent::Light { lamp, light } => {
            let _ = events.send(Event::Light { lamp, light });
            return None;
        }
        StreamEvent::Stuck(problem) => ("stuck", problem.clone(), Some(problem)),
        StreamEvent::Ended => ("ended", String::new(), None),
    };
    let _ = events.send(Event::Camera {
        state,
        detail,
        at: at(clock.unix_ms()),
    });
    stuck
}

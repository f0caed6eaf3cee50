//! The window: hands the kiosk's events and everybody's touches to the pages, and does what the pages ask for.

pub mod sound;

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc::SyncSender},
    time::Instant,
};

use futures::{Stream, stream};
use iced::{Element, Size, Subscription, Task, window};
use tokio::sync::{
    broadcast::{self, error::RecvError},
    watch,
};

use crate::{
    camera::preview::Preview,
    clock,
    config::Config,
    kiosk::{Command, Event},
    screen::{
        entrance,
        staff::{self, Answer, Request, StoreBackend},
    },
    theme,
};
use sound::Sound;

/// Size of the preview, drawn 1:1 wherever there is room: stretching costs the CPU renderer ten times as much.
pub const PREVIEW: (u32, u32) = (
    entrance::PREVIEW.width as u32,
    entrance::PREVIEW.height as u32,
);

/// What the window is made with.
pub struct Setup {
    /// What the kiosk says; the window closes after [`Event::Stopped`].
    pub events: broadcast::Receiver<Event>,
    /// Pictures for the idle page.
    pub previews: watch::Receiver<Option<Arc<Preview>>>,
    /// Is told whether pictures are wanted.
    pub look: Arc<dyn Fn(bool) + Send + Sync>,
    /// What is asked of the kiosk.
    pub commands: SyncSender<Command>,
    /// The store, for the staff pages.
    pub backend: Arc<StoreBackend>,
    /// A window of this size instead of the whole screen.
    pub size: Option<(f32, f32)>,
    /// The configuration.
    pub config: Config,
}

/// The size of a window until the screen tells its own.
const WINDOW: Size = Size::new(800.0, 1280.0);

/// Runs until the window is closed or the kiosk has stopped.
///
/// # Errors
/// When there is no window.
pub fn run(setup: Setup) -> Result<(), String> {
    let size = setup
        .size
        .map_or(WINDOW, |(width, height)| Size::new(width, height));
    let full = setup.size.is_none() && setup.config.screen.full_screen;
    // The toolkit wants to be able to start again and again; there is one kiosk to show.
    let setup = Mutex::new(Some(setup));
    let boot = move || {
        let setup = setup.lock().unwrap_or_else(PoisonError::into_inner).take();
        App::new(setup, size)
    };
    let mut app = iced::application(boot, App::update, App::view)
        .title("Munjigi")
        .subscription(App::subscription)
        .theme(|_: &App| theme::theme())
        .default_font(theme::REGULAR)
        .window(window::Settings {
            size,
            fullscreen: full,
            decorations: !full,
            ..window::Settings::default()
        });
    for font in theme::FONTS {
        app = app.font(font);
    }
    app.run().map_err(|error| error.to_string())
}

/// Everything that happens in the window.
#[derive(Debug, Clone)]
enum Message {
    Event(Event),
    Preview(Arc<Preview>),
    Tick,
    Resized(Size),
    Entrance(entrance::Message),
    Staff(staff::Message),
    /// Whether anybody has a staff code, asked once at the start.
    Start(Answer),
}

struct App {
    entrance: entrance::State,
    staff: Option<staff::State>,
    backend: Option<Arc<StoreBackend>>,
    look: Option<Arc<dyn Fn(bool) + Send + Sync>>,
    commands: Option<SyncSender<Command>>,
    looking: bool,
    sound: Sound,
}

impl App {
    fn new(setup: Option<Setup>, size: Size) -> (Self, Task<Message>) {
        let now = Instant::now();
        let Some(setup) = setup else {
            let state = entrance::State::new(
                Default::default(),
                Default::default(),
                Default::default(),
                size,
                now,
            );
            let app = Self {
                entrance: state,
                staff: None,
                backend: None,
                look: None,
                commands: None,
                looking: false,
                sound: Sound::start(false),
            };
            return (app, iced::exit());
        };
        let Config {
            shop, screen, door, ..
        } = setup.config;
        let sound = Sound::start(screen.sound);
        let mut entrance = entrance::State::new(shop, screen, door.kind, size, now);
        entrance.update(entrance::Message::Time(unix()), now);
        let mut app = Self {
            entrance,
            staff: None,
            backend: Some(setup.backend),
            look: Some(setup.look),
            commands: Some(setup.commands),
            looking: false,
            sound,
        };
        app.look();
        let tasks = Task::batch([
            Task::stream(told(setup.events)),
            Task::stream(pictures(setup.previews)),
            app.ask(staff::State::begin(), Message::Start),
        ]);
        (app, tasks)
    }

    fn update(&mut self, message: Message) -> Task<Message> {
        let now = Instant::now();
        let task = match message {
            Message::Event(Event::Stopped) => return iced::exit(),
            Message::Event(event @ Event::Room { .. }) => {
                let told = self.entrance(entrance::Message::Event(event), now);
                let room = self.entrance.room().cloned();
                Task::batch([told, self.staff(staff::Message::Room(room), now)])
            }
            Message::Event(event) => self.entrance(entrance::Message::Event(event), now),
            Message::Preview(preview) => self.entrance(entrance::Message::Preview(preview), now),
            Message::Entrance(message) => self.entrance(message, now),
            Message::Staff(message) => self.staff(message, now),
            Message::Tick => Task::batch([
                self.entrance(entrance::Message::Time(unix()), now),
                self.staff(staff::Message::Time(unix()), now),
            ]),
            Message::Resized(size) => Task::batch([
                self.entrance(entrance::Message::Resized(size), now),
                self.staff(staff::Message::Resized(size), now),
            ]),
            // Nobody has a code: there is no default one, the first start asks for it.
            Message::Start(Answer::HasStaff(false)) => self.open_staff(now),
            Message::Start(_) => Task::none(),
        };
        self.look();
        task
    }

    fn entrance(&mut self, message: entrance::Message, now: Instant) -> Task<Message> {
        match self.entrance.update(message, now) {
            entrance::Action::None => {}
            entrance::Action::Play(cue) => self.sound.play(cue),
            entrance::Action::Open => self.command(Command::Open),
            entrance::Action::Called => tracing::info!("somebody asks for help"),
            entrance::Action::Staff => return self.open_staff(now),
        }
        Task::none()
    }

    fn open_staff(&mut self, now: Instant) -> Task<Message> {
        let scale = *self.entrance.scale();
        let mut staff = staff::State::new(self.entrance.language(), scale, unix(), now);
        let room = self.entrance.room().cloned();
        let _ = staff.update(staff::Message::Room(room), now);
        self.staff = Some(staff);
        self.ask(staff::State::begin(), answered)
    }

    fn staff(&mut self, message: staff::Message, now: Instant) -> Task<Message> {
        let action = match &mut self.staff {
            Some(staff) => staff.update(message, now),
            None => return Task::none(),
        };
        match action {
            staff::Action::None => Task::none(),
            staff::Action::Ask(request) => self.ask(request, answered),
            staff::Action::Vacate(who) => {
                self.command(Command::Vacate { who });
                Task::none()
            }
            staff::Action::Close => {
                self.staff = None;
                Task::none()
            }
        }
    }

    /// Asks the kiosk. One that does not keep up is not waited for.
    fn command(&self, command: Command) {
        if let Some(Err(error)) = self.commands.as_ref().map(|to| to.try_send(command)) {
            tracing::warn!(%error, "the kiosk does not take a command");
        }
    }

    /// Asks the store on a thread that may wait.
    fn ask(
        &self,
        request: Request,
        then: impl Fn(Answer) -> Message + Send + 'static,
    ) -> Task<Message> {
        let Some(backend) = self.backend.clone() else {
            return Task::none();
        };
        let answer = async move {
            tokio::task::spawn_blocking(move || backend.answer(request))
                .await
                .unwrap_or(Answer::Failed)
        };
        Task::perform(answer, then)
    }

    /// Pictures are made only while they are drawn.
    fn look(&mut self) {
        let wanted = self.staff.is_none() && self.entrance.wants_preview();
        if let (Some(look), true) = (&self.look, wanted != self.looking) {
            self.looking = wanted;
            look(wanted);
        }
    }

    fn subscription(&self) -> Subscription<Message> {
        Subscription::batch([
            self.entrance.subscription().map(|_| Message::Tick),
            window::resize_events().map(|(_, size)| Message::Resized(size)),
        ])
    }

    fn view(&self) -> Element<'_, Message> {
        match &self.staff {
            Some(staff) => staff.view().map(Message::Staff),
            None => self.entrance.view().map(Message::Entrance),
        }
    }
}

fn answered(answer: Answer) -> Message {
    Message::Staff(staff::Message::Answer(answer))
}

/// What the kiosk says; a window that could not keep up goes on with the newest.
fn told(events: broadcast::Receiver<Event>) -> impl Stream<Item = Message> {
    stream::unfold(events, |mut events| async move {
        loop {
            match events.recv().await {
                Ok(event) => return Some((Message::Event(event), events)),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    })
}

/// The newest picture each time; older ones are never drawn.
fn pictures(previews: watch::Receiver<Option<Arc<Preview>>>) -> impl Stream<Item = Message> {
    stream::unfold(previews, |mut previews| async move {
        loop {
            previews.changed().await.ok()?;
            let picture = previews.borrow_and_update().clone();
            if let Some(picture) = picture {
                return Some((Message::Preview(picture), previews));
            }
        }
    })
}

fn unix() -> i64 {
    i64::try_from(clock::unix_ms() / 1000).unwrap_or(i64::MAX)
}

//! The room behind the door as the pages show it: a word, a colour and a pictogram that say the same.

use std::{
    f32::consts::{PI, TAU},
    time::{Duration, Instant},
};

use iced::{
    Color, Element, Point, Rectangle, Renderer, Size, Theme, mouse,
    widget::{
        Canvas,
        canvas::{Frame, Geometry, LineCap, LineJoin, Path, Program, Stroke},
    },
};

use super::sign::{centred, through};
use crate::{gate::room::State, text::Words, theme};

/// The room as the kiosk told of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// How it is.
    pub state: State,
    /// Since when somebody is in it: hours and minutes in Seoul.
    since: Option<String>,
    /// When the stay is over.
    until: Option<Instant>,
}

impl Seen {
    /// What an event says at `now`; `since` is RFC 3339.
    pub(super) fn of(
        state: State,
        since: Option<&str>,
        left_seconds: Option<u64>,
        now: Instant,
    ) -> Self {
        let clock = |since: &str| {
            let time = since.parse::<jiff::Timestamp>().ok()?;
            Some(super::entrance::seoul_clock(time.as_second()))
        };
        Self {
            state,
            since: since.and_then(clock),
            until: left_seconds.and_then(|left| now.checked_add(Duration::from_secs(left))),
        }
    }

    /// Since when it is in use, and how long the stay may still be.
    pub(super) fn line(&self, words: &Words, now: Instant) -> Option<String> {
        // Who is awaited is not in yet.
        let since = self
            .since
            .as_ref()
            .filter(|_| self.state != State::Entering)?;
        let left = self.until.filter(|_| self.state == State::Occupied);
        let minutes = |until: Instant| {
            let left = until.saturating_duration_since(now).as_secs();
            left.div_ceil(60).max(1)
        };
        Some((words.room_since)(since, left.map(minutes)))
    }

    /// Its colour.
    pub(super) const fn colour(&self) -> Color {
        match self.state {
            State::Free => theme::GRANTED,
            State::Entering | State::Occupied | State::Unknown => theme::UNDECIDED,
            State::Overstayed => theme::WARNING,
        }
    }

    /// Its pictogram.
    pub(super) const fn figure(&self) -> Figure {
        match self.state {
            State::Free => Figure::Unlocked,
            State::Entering | State::Occupied => Figure::Locked,
            State::Overstayed => Figure::Clock,
            State::Unknown => Figure::Knock,
        }
    }
}

/// A drawing in a square.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    /// A padlock that is open: free.
    Unlocked,
    /// A padlock: in use.
    Locked,
    /// The time is over.
    Clock,
    /// Nobody knows: a closed door.
    Knock,
    /// A door that opens, and an arrow into it.
    Door,
}

/// The side of the square that the shapes below are drawn in; its middle is the origin.
const SIDE: f32 = 96.0;
/// Width of a stroke.
const STROKE: f32 = 8.0;

/// A figure of this side, in white on its ground.
pub(super) fn figure<'a, M: 'a>(figure: Figure, ground: Color, side: f32) -> Element<'a, M> {
    Canvas::new(Drawing { figure, ground })
        .width(side)
        .height(side)
        .into()
}

struct Drawing {
    figure: Figure,
    ground: Color,
}

impl<M> Program<M> for Drawing {
    type State = ();

    fn draw(
        &self,
        (): &(),
        renderer: &Renderer,
        _: &Theme,
        bounds: Rectangle,
        _: mouse::Cursor,
    ) -> Vec<Geometry> {
        let mut frame = centred(renderer, bounds, self.ground, SIDE);
        let line = || line(bounds.width.min(bounds.height) / SIDE);
        match self.figure {
            Figure::Unlocked => padlock(&mut frame, line(), self.ground, true),
            Figure::Locked => padlock(&mut frame, line(), self.ground, false),
            Figure::Clock => clock(&mut frame, line()),
            Figure::Knock => {
                frame.stroke(&rounded((-26.0, -42.0), (52.0, 84.0), 5.0), line());
                frame.fill(&Path::circle(Point::new(13.0, 2.0), 5.5), theme::PAPER);
            }
            Figure::Door => door(&mut frame, line()),
        }
        vec![frame.into_geometry()]
    }
}

/// The renderer scales no width of a stroke.
fn line(scale: f32) -> Stroke<'static> {
    Stroke {
        width: STROKE * scale,
        line_cap: LineCap::Round,
        line_join: LineJoin::Round,
        ..Stroke::default().with_color(theme::PAPER)
    }
}

fn rounded((x, y): (f32, f32), (width, height): (f32, f32), radius: f32) -> Path {
    Path::rounded_rectangle(Point::new(x, y), Size::new(width, height), radius.into())
}

/// The shackle of an open one has left the body on one side.
fn padlock(frame: &mut Frame, line: Stroke<'static>, ground: Color, open: bool) {
    frame.fill(&rounded((-32.0, -4.0), (64.0, 46.0), 8.0), theme::PAPER);
    let (middle, top) = if open { (22.0, -26.0) } else { (0.0, -20.0) };
    let mut shackle = vec![(middle - 20.0, 0.0)];
    for at in 0..=12_u8 {
        let angle = PI * (1.0 + f32::from(at) / 12.0);
        shackle.push((middle + 20.0 * angle.cos(), top + 20.0 * angle.sin()));
    }
    if !open {
        shackle.push((middle + 20.0, 0.0));
    }
    frame.stroke(&through(&shackle), line);
    frame.fill(&Path::circle(Point::new(0.0, 15.0), 6.0), ground);
    let slot = Stroke {
        width: line.width * 0.7,
        ..line.with_color(ground)
    };
    frame.stroke(&through(&[(0.0, 16.0), (0.0, 28.0)]), slot);
}

fn clock(frame: &mut Frame, line: Stroke<'static>) {
    frame.stroke(&Path::circle(Point::ORIGIN, 38.0), line);
    frame.stroke(&through(&[(0.0, -22.0), (0.0, 0.0), (16.0, 10.0)]), line);
    for quarter in [0.0_f32, 0.25, 0.5, 0.75] {
        let (y, x) = (quarter * TAU).sin_cos();
        let dot = Path::circle(Point::new(x * 29.0, y * 29.0), 2.5);
        frame.fill(&dot, theme::PAPER);
    }
}

/// A frame, a leaf that stands ajar, and the way in.
fn door(frame: &mut Frame, line: Stroke<'static>) {
    frame.stroke(
        &through(&[(-6.0, -42.0), (40.0, -42.0), (40.0, 40.0)]),
        line,
    );
    frame.stroke(&through(&[(-6.0, 40.0), (40.0, 40.0)]), line);
    let leaf = [(40.0, -42.0), (12.0, -30.0), (12.0, 44.0), (40.0, 40.0)];
    frame.fill(&through(&leaf), theme::PAPER);
    frame.stroke(&through(&[(-44.0, 4.0), (-8.0, 4.0)]), line);
    frame.stroke(
        &through(&[(-22.0, -12.0), (-6.0, 4.0), (-22.0, 20.0)]),
        line,
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Language, text::words};

    #[test]
    fn minutes_are_counted_down_and_rounded_up() {
        let now = Instant::now();
        let since = Some("2026-11-24T05:02:31Z");
        let seen = |state, left| Seen::of(state, since, left, now);
        let words = words(Language::En);
        for (state, left, later, said) in [
            (
                State::Occupied,
                Some(600),
                0,
                Some("since 14:02\n10 minutes left"),
            ),
            (
                State::Occupied,
                Some(600),
                1,
                Some("since 14:02\n10 minutes left"),
            ),
            (
                State::Occupied,
                Some(600),
                541,
                Some("since 14:02\n1 minute left"),
            ),
            (
                State::Occupied,
                Some(600),
                700,
                Some("since 14:02\n1 minute left"),
            ),
            (State::Occupied, None, 700, Some("since 14:02")),
            (State::Overstayed, Some(0), 0, Some("since 14:02")),
            (State::Entering, None, 0, None),
        ] {
            let line = seen(state, left).line(words, now + Duration::from_secs(later));
            assert_eq!(line.as_deref(), said, "{state:?} {left:?} {later}");
        }
        assert_eq!(
            Seen::of(State::Free, None, None, now).line(words, now),
            None
        );
    }
}

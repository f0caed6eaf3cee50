//! The large sign of a result in its ring: shape says the same as colour, word and sound.

use std::f32::consts::{FRAC_PI_2, PI, TAU};

use iced::{
    Color, Element, Point, Radians, Rectangle, Renderer, Size, Theme, Vector, mouse,
    widget::{
        Canvas, Stack,
        canvas::{Frame, Geometry, LineCap, LineJoin, Path, Program, Stroke, path::Arc},
        container,
    },
};

use super::widget::strong;
use crate::theme;

/// Which sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// Come in.
    Tick,
    /// The machine is ready.
    Machine,
    /// No.
    Cross,
    /// Somebody is in there.
    Lock,
    /// Nobody knows.
    Question,
    /// Something is broken.
    Exclamation,
}

/// The seconds that are left, in a ring that shows their share: a sign for a page on the ground.
pub(super) fn countdown<'a, M: 'a>(
    left: f32,
    seconds: u64,
    ground: Color,
    side: f32,
) -> Element<'a, M> {
    let number = strong(seconds.to_string(), side * 0.36, theme::INK);
    Stack::with_children([
        Canvas::new(Ring { left, ground })
            .width(side)
            .height(side)
            .into(),
        container(number).center_x(side).center_y(side).into(),
    ])
    .into()
}

/// The side of the square that the shapes below are drawn in.
const SIDE: f32 = 360.0;
/// Width of the ring.
const RING: f32 = 16.0;
/// Width of the strokes of a sign.
const STROKE: f32 = 28.0;

/// A sign of this side in a ring that shows which share of the time is left.
pub(super) fn sign<'a, M: 'a>(sign: Sign, left: f32, ground: Color, side: f32) -> Element<'a, M> {
    Canvas::new(Drawing { sign, left, ground })
        .width(side)
        .height(side)
        .into()
}

struct Drawing {
    sign: Sign,
    left: f32,
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
        let line = |width| Stroke {
            width,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default().with_color(theme::PAPER)
        };
        ring(&mut frame, SIDE, self.left, theme::PAPER, self.ground);
        self.shape(&mut frame, &line);
        vec![frame.into_geometry()]
    }
}

struct Ring {
    left: f32,
    ground: Color,
}

impl<M> Program<M> for Ring {
    type State = ();

    fn draw(
        &self,
        (): &(),
        renderer: &Renderer,
        _: &Theme,
        bounds: Rectangle,
        _: mouse::Cursor,
    ) -> Vec<Geometry> {
        let side = bounds.width.min(bounds.height);
        let mut frame = centred(renderer, bounds, self.ground, side);
        ring(&mut frame, side, self.left, theme::INK, self.ground);
        vec![frame.into_geometry()]
    }
}

/// The share of the time that is left, in a square of this side. The renderer scales no width of a stroke.
fn ring(frame: &mut Frame, side: f32, left: f32, colour: Color, ground: Color) {
    let line = |colour| Stroke {
        width: RING,
        line_cap: LineCap::Round,
        ..Stroke::default().with_color(colour)
    };
    let radius = (side - RING) / 2.0;
    let track = line(theme::mix(colour, ground, 0.28));
    frame.stroke(&Path::circle(Point::ORIGIN, radius), track);
    // An arc of the whole circle has no ends and is not drawn as one.
    let left = left.clamp(0.0, 0.9999);
    if left > 0.0 {
        let arc = arc(Point::ORIGIN, radius, -FRAC_PI_2, left * TAU);
        frame.stroke(&arc, line(colour));
    }
}

impl Drawing {
    fn shape<'a>(&self, frame: &mut Frame, line: &impl Fn(f32) -> Stroke<'a>) {
        match self.sign {
            Sign::Tick => frame.stroke(
                &through(&[(-80.0, 8.0), (-24.0, 64.0), (82.0, -56.0)]),
                line(STROKE),
            ),
            Sign::Machine => {
                // A cabinet, goods behind glass, and the flap from which they are taken.
                let thin = || line(STROKE * 0.6);
                frame.stroke(&cornered((-84.0, -108.0), (168.0, 216.0), 20.0), thin());
                for (x, y) in [(-44.0, -68.0), (0.0, -68.0), (-44.0, -20.0), (0.0, -20.0)] {
                    frame.fill(&Path::circle(Point::new(x, y), 14.0), theme::PAPER);
                }
                frame.stroke(&through(&[(46.0, -68.0), (46.0, -20.0)]), thin());
                frame.stroke(&through(&[(-40.0, 62.0), (40.0, 62.0)]), line(STROKE));
            }
            Sign::Cross => {
                frame.stroke(&through(&[(-60.0, -60.0), (60.0, 60.0)]), line(STROKE));
                frame.stroke(&through(&[(60.0, -60.0), (-60.0, 60.0)]), line(STROKE));
            }
            Sign::Lock => {
                let shackle = Path::new(|path| {
                    path.move_to(Point::new(-50.0, -10.0));
                    for at in 0..=24u8 {
                        let angle = PI * (1.0 + f32::from(at) / 24.0);
                        path.line_to(Point::new(50.0 * angle.cos(), -54.0 + 50.0 * angle.sin()));
                    }
                    path.line_to(Point::new(50.0, -10.0));
                });
                frame.stroke(&shackle, line(STROKE * 0.8));
                frame.fill(
                    &cornered((-80.0, -12.0), (160.0, 116.0), 20.0),
                    theme::PAPER,
                );
                frame.fill(&Path::circle(Point::new(0.0, 36.0), 16.0), self.ground);
                let slot = through(&[(0.0, 40.0), (0.0, 68.0)]);
                frame.stroke(&slot, line(14.0).with_color(self.ground));
            }
            Sign::Question => {
                let hook = Path::new(|path| {
                    let centre = Point::new(0.0, -42.0);
                    // From the left over the top to the lower right, then down to the stem.
                    for at in 0..=24u8 {
                        let angle = PI + f32::from(at) / 24.0 * 1.25 * PI;
                        let point = Point::new(
                            centre.x + 52.0 * angle.cos(),
                            centre.y + 52.0 * angle.sin(),
                        );
                        if at == 0 {
                            path.move_to(point)
                        } else {
                            path.line_to(point)
                        }
                    }
                    path.quadratic_curve_to(Point::new(0.0, 24.0), Point::new(0.0, 46.0));
                });
                frame.stroke(&hook, line(STROKE));
                frame.fill(
                    &Path::circle(Point::new(0.0, 98.0), STROKE * 0.6),
                    theme::PAPER,
                );
            }
            Sign::Exclamation => {
                frame.stroke(&through(&[(0.0, -86.0), (0.0, 32.0)]), line(STROKE));
                frame.fill(
                    &Path::circle(Point::new(0.0, 88.0), STROKE * 0.6),
                    theme::PAPER,
                );
            }
        }
    }
}

/// How much of a code was typed.
pub(super) struct Dots {
    pub filled: usize,
    pub all: usize,
}

impl<M> Program<M> for Dots {
    type State = ();

    fn draw(
        &self,
        (): &(),
        renderer: &Renderer,
        _: &Theme,
        bounds: Rectangle,
        _: mouse::Cursor,
    ) -> Vec<Geometry> {
        let mut frame = begin(renderer, bounds, theme::GROUND);
        let each = bounds.width / self.all.max(1) as f32;
        let radius = (each.min(bounds.height) * 0.3).max(2.0);
        for at in 0..self.all {
            let centre = Point::new(each * (at as f32 + 0.5), bounds.height / 2.0);
            let circle = Path::circle(centre, radius);
            if at < self.filled {
                frame.fill(&circle, theme::INK);
            } else {
                let line = Stroke::default().with_color(theme::QUIET).with_width(3.0);
                frame.stroke(&circle, line);
            }
        }
        vec![frame.into_geometry()]
    }
}

/// A frame on a ground of its own. The CPU renderer redraws what a path covers without the width of its stroke: without
/// the ground, the outer half of a ring would stay where it was, on the next page too.
fn begin(renderer: &Renderer, bounds: Rectangle, ground: Color) -> Frame {
    let mut frame = Frame::new(renderer, bounds.size());
    frame.fill_rectangle(Point::ORIGIN, bounds.size(), ground);
    frame
}

/// The same for shapes in a square of this side whose middle is the origin.
pub(super) fn centred(renderer: &Renderer, bounds: Rectangle, ground: Color, side: f32) -> Frame {
    let mut frame = begin(renderer, bounds, ground);
    frame.translate(Vector::new(bounds.width / 2.0, bounds.height / 2.0));
    frame.scale(bounds.width.min(bounds.height) / side);
    frame
}

fn arc(center: Point, radius: f32, start: f32, sweep: f32) -> Path {
    Path::new(|path| {
        path.arc(Arc {
            center,
            radius,
            start_angle: Radians(start),
            end_angle: Radians(start + sweep),
        });
    })
}

/// A box with round corners: its upper left corner, its size, the radius.
fn cornered((x, y): (f32, f32), (width, height): (f32, f32), radius: f32) -> Path {
    Path::rounded_rectangle(Point::new(x, y), Size::new(width, height), radius.into())
}

/// A line from point to point.
pub(super) fn through(points: &[(f32, f32)]) -> Path {
    Path::new(|path| {
        for (at, (x, y)) in points.iter().enumerate() {
            let point = Point::new(*x, *y);
            if at == 0 {
                path.move_to(point)
            } else {
                path.line_to(point)
            }
        }
    })
}

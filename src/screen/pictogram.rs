//! The small drawing above a hint: it says the same as the sentence, for who cannot read it.

use std::f32::consts::TAU;

use iced::{
    Color, Element, Point, Rectangle, Renderer, Size, Theme, Vector, mouse,
    widget::{
        Canvas,
        canvas::{Frame, Geometry, LineCap, LineJoin, Path, Program, Stroke},
    },
};

use super::sign::{centred, through};
use crate::{scan::Hint, theme};

/// The side of the square that the shapes below are drawn in; its middle is the origin.
const SIDE: f32 = 96.0;
/// Width of a stroke.
const STROKE: f32 = 6.0;
/// Half the side of a code of the usual size.
const CODE: f32 = 30.0;

/// The pictogram of a hint, of this side.
pub(super) fn pictogram<'a, M: 'a>(hint: Hint, side: f32) -> Element<'a, M> {
    Canvas::new(Drawing(hint)).width(side).height(side).into()
}

struct Drawing(Hint);

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
        let mut frame = centred(renderer, bounds, theme::GROUND, SIDE);
        match self.0 {
            Hint::Closer => {
                code(&mut frame, 18.0);
                arrows(&mut frame, 25.0, 44.0);
            }
            Hint::Away => {
                code(&mut frame, 18.0);
                arrows(&mut frame, 44.0, 25.0);
            }
            Hint::Straight => straight(&mut frame),
            Hint::Glare => {
                code(&mut frame, CODE);
                glare(&mut frame);
            }
            Hint::Dark => sun(&mut frame, Point::ORIGIN, 15.0),
            Hint::Done => {
                code(&mut frame, CODE);
                ticked(&mut frame);
            }
            Hint::NotAPass => {
                code(&mut frame, CODE);
                crossed(&mut frame);
            }
            Hint::Micro => {
                micro(&mut frame);
                crossed(&mut frame);
            }
        }
        vec![frame.into_geometry()]
    }
}

fn line(width: f32, colour: Color) -> Stroke<'static> {
    Stroke {
        width,
        line_cap: LineCap::Round,
        line_join: LineJoin::Round,
        ..Stroke::default().with_color(colour)
    }
}

fn ink() -> Stroke<'static> {
    line(STROKE, theme::INK)
}

/// A tick across the lower right corner, on a light square so that both are seen.
fn ticked(frame: &mut Frame) {
    frame.fill_rectangle(Point::new(2.0, 2.0), Size::new(48.0, 48.0), theme::GROUND);
    let tick = through(&[(8.0, 28.0), (20.0, 40.0), (44.0, 10.0)]);
    frame.stroke(&tick, line(1.6 * STROKE, theme::GRANTED));
}

/// A code with its three finder patterns, of this half side.
fn code(frame: &mut Frame, half: f32) {
    let each = half * 0.76;
    for (x, y) in [(-half, -half), (half - each, -half), (-half, half - each)] {
        finder(frame, Point::new(x, y), each);
    }
    let dot = each * 0.42;
    for (x, y) in [(half - each, half - each), (half - dot, half - dot)] {
        frame.fill_rectangle(Point::new(x, y), Size::new(dot, dot), theme::INK);
    }
}

/// One finder pattern: a dark square with a light one, with a dark one in it.
fn finder(frame: &mut Frame, corner: Point, side: f32) {
    for (inset, colour) in [(0.0, theme::INK), (0.2, theme::GROUND), (0.36, theme::INK)] {
        let inner = side * (1.0 - 2.0 * inset);
        frame.fill_rectangle(
            Point::new(corner.x + side * inset, corner.y + side * inset),
            Size::new(inner, inner),
            colour,
        );
    }
}

/// Four arrows along the diagonals: out to where the code becomes large, or in to where it becomes small.
fn arrows(frame: &mut Frame, from: f32, to: f32) {
    let head = if to > from { -12.0 } else { 12.0 };
    for (x, y) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
        let at = |side: f32, along: f32| (x * side, y * along);
        frame.stroke(&through(&[at(from, from), at(to, to)]), ink());
        frame.stroke(
            &through(&[at(to + head, to), at(to, to), at(to, to + head)]),
            ink(),
        );
    }
}

/// A tilted sheet, and the straight one that it shall become.
fn straight(frame: &mut Frame) {
    let tilted = [
        (-46.0, -34.0),
        (-28.0, -22.0),
        (-28.0, 22.0),
        (-46.0, 34.0),
        (-46.0, -34.0),
    ];
    frame.stroke(
        &through(&tilted),
        line(STROKE * 0.7, theme::mix(theme::QUIET, theme::GROUND, 0.6)),
    );
    frame.stroke(
        &through(&[(-21.0, 0.0), (-5.0, 0.0)]),
        line(5.0, theme::INK),
    );
    frame.stroke(
        &through(&[(-12.0, -7.0), (-5.0, 0.0), (-12.0, 7.0)]),
        line(5.0, theme::INK),
    );
    frame.translate(Vector::new(24.0, 0.0));
    code(frame, 22.0);
    frame.translate(Vector::new(-24.0, 0.0));
}

/// A reflection that covers a corner of the code.
fn glare(frame: &mut Frame) {
    let centre = Point::new(18.0, -18.0);
    frame.fill(&Path::circle(centre, 27.0), theme::GROUND);
    sun(frame, centre, 9.0);
}

/// A sun, the usual sign of a screen's brightness.
fn sun(frame: &mut Frame, centre: Point, radius: f32) {
    frame.stroke(&Path::circle(centre, radius), ink());
    for ray in 0..8_u8 {
        let (y, x) = (f32::from(ray) / 8.0 * TAU).sin_cos();
        let at = |from: f32| (centre.x + x * radius * from, centre.y + y * radius * from);
        frame.stroke(&through(&[at(1.8), at(2.5)]), ink());
    }
}

/// A Micro QR symbol: one finder pattern and its two timing lines.
fn micro(frame: &mut Frame) {
    finder(frame, Point::new(-CODE, -CODE), CODE * 1.2);
    let dot = CODE * 0.22;
    for at in [0.3, 0.65] {
        for (x, y) in [(at, -1.0), (-1.0, at)] {
            frame.fill_rectangle(
                Point::new(x * CODE, y * CODE),
                Size::new(dot, dot),
                theme::INK,
            );
        }
    }
    for (x, y) in [(0.35, 0.3), (0.7, 0.65), (0.3, 0.75)] {
        frame.fill_rectangle(
            Point::new(x * CODE, y * CODE),
            Size::new(dot, dot),
            theme::INK,
        );
    }
}

/// Struck through.
fn crossed(frame: &mut Frame) {
    let stroke = through(&[(-40.0, 40.0), (40.0, -40.0)]);
    // A light seam keeps the stroke apart from the dark of the code.
    frame.stroke(&stroke, line(STROKE * 2.8, theme::GROUND));
    frame.stroke(&stroke, line(STROKE * 1.4, theme::REFUSED));
}

//! What is drawn over the preview: rounded corners, the finder, and the outline of the code that was found.

use iced::{
    Color, Point, Rectangle, Renderer, Size, Theme, mouse,
    widget::canvas::{Frame, Geometry, LineCap, LineJoin, Path, Program, Stroke},
};

use crate::theme;

/// A code in the preview: its corners as shares of the preview's width and height.
pub(super) type Corners = [[f32; 2]; 4];

/// Turns corners in the camera's frame into shares of the preview that is cut out of it.
pub(super) fn in_preview(corners: &Corners, crop: (u32, u32, u32, u32), mirrored: bool) -> Corners {
    #[allow(clippy::cast_precision_loss)]
    let [x0, y0, width, height] =
        [crop.0, crop.1, crop.2.max(1), crop.3.max(1)].map(|side| side as f32);
    corners.map(|[x, y]| {
        let across = (x - x0) / width;
        [
            if mirrored { 1.0 - across } else { across },
            (y - y0) / height,
        ]
    })
}

/// The drawing over a preview.
pub(super) struct Outline {
    /// The code, when one was found.
    pub code: Option<Corners>,
    /// Radius of the preview's corners.
    pub radius: f32,
    /// What lies around the preview.
    pub ground: Color,
}

impl<M> Program<M> for Outline {
    type State = ();

    fn draw(
        &self,
        (): &(),
        renderer: &Renderer,
        _: &Theme,
        bounds: Rectangle,
        _: mouse::Cursor,
    ) -> Vec<Geometry> {
        let mut frame = Frame::new(renderer, bounds.size());
        let size = bounds.size();
        // The CPU renderer knows no rounded pictures.
        for (x, y) in [
            (0.0, 0.0),
            (size.width, 0.0),
            (0.0, size.height),
            (size.width, size.height),
        ] {
            frame.fill(
                &outside_corner(Point::new(x, y), self.radius, size),
                self.ground,
            );
        }
        let line = |width, colour| Stroke {
            width,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default().with_color(colour)
        };
        let lines = self
            .code
            .map_or_else(|| finder(size), |code| vec![around(&code, size)]);
        // Light on dark: seen on a bright coat and on a black phone.
        for (width, colour) in [(14.0, theme::INK), (8.0, theme::PAPER)] {
            for path in &lines {
                frame.stroke(path, line(width, colour));
            }
        }
        vec![frame.into_geometry()]
    }
}

/// The piece between a corner and its rounding.
fn outside_corner(corner: Point, radius: f32, size: Size) -> Path {
    let inwards = |at: f32, side: f32| if at > side / 2.0 { -radius } else { radius };
    let (dx, dy) = (
        inwards(corner.x, size.width),
        inwards(corner.y, size.height),
    );
    // The distance of a Bezier's handle that makes a quarter of a circle.
    let handle = 1.0 - 0.552_285;
    Path::new(|path| {
        path.move_to(corner);
        path.line_to(Point::new(corner.x + dx, corner.y));
        path.bezier_curve_to(
            Point::new(corner.x + dx * handle, corner.y),
            Point::new(corner.x, corner.y + dy * handle),
            Point::new(corner.x, corner.y + dy),
        );
        path.close();
    })
}

/// Four angles where a code is best held.
fn finder(size: Size) -> Vec<Path> {
    let half = size.height * 0.3;
    let arm = half * 0.36;
    let centre = Point::new(size.width / 2.0, size.height / 2.0);
    [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)]
        .into_iter()
        .map(|(x, y)| {
            let corner = Point::new(centre.x + x * half, centre.y + y * half);
            Path::new(|path| {
                path.move_to(Point::new(corner.x - x * arm, corner.y));
                path.line_to(corner);
                path.line_to(Point::new(corner.x, corner.y - y * arm));
            })
        })
        .collect()
}

fn around(code: &Corners, size: Size) -> Path {
    // A corner far outside is cut: the path must not grow with what a camera claims.
    let point = |[x, y]: [f32; 2]| {
        Point::new(
            x.clamp(-0.2, 1.2) * size.width,
            y.clamp(-0.2, 1.2) * size.height,
        )
    };
    Path::new(|path| {
        path.move_to(point(code[0]));
        for corner in &code[1..] {
            path.line_to(point(*corner));
        }
        path.close();
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_land_where_the_mirrored_preview_shows_them() {
        // A 1280x720 frame whose middle 960x720 is shown.
        let crop = (160, 0, 960, 720);
        let corners = [[160.0, 0.0], [1120.0, 0.0], [640.0, 720.0], [400.0, 360.0]];
        assert_eq!(
            in_preview(&corners, crop, false),
            [[0.0, 0.0], [1.0, 0.0], [0.5, 1.0], [0.25, 0.5]]
        );
        assert_eq!(
            in_preview(&corners, crop, true),
            [[1.0, 0.0], [0.0, 0.0], [0.5, 1.0], [0.75, 0.5]]
        );
    }
}

//! A code for a phone to read: black on white, whatever the theme.

use iced::{
    Element, Point, Rectangle, Renderer, Size, Theme, mouse,
    widget::{
        Canvas,
        canvas::{Cache, Geometry, Program},
    },
};

use crate::{
    pass::symbol::{Medium, Symbol},
    theme,
};

/// The symbol of a text, drawn once.
pub(super) struct Code {
    symbol: Symbol,
    drawn: Cache,
}

impl Code {
    /// `None` where the text fits no code.
    pub(super) fn of(text: &str) -> Option<Self> {
        Some(Self {
            symbol: Symbol::of(text, Medium::Screen).ok()?,
            drawn: Cache::new(),
        })
    }

    /// In a square of at most this side, and its side: each module has the same whole number of pixels.
    pub(super) fn view<'a, M: 'a>(&'a self, room: f32) -> (Element<'a, M>, f32) {
        let modules = self.modules();
        let side = (room / modules).floor().max(1.0) * modules;
        (Canvas::new(self).width(side).height(side).into(), side)
    }

    /// Modules on a side, quiet zone included.
    #[allow(clippy::cast_precision_loss, reason = "some dozens")]
    fn modules(&self) -> f32 {
        self.symbol.framed_side() as f32
    }
}

impl<M> Program<M> for Code {
    type State = ();

    #[allow(clippy::cast_precision_loss, reason = "some dozens of modules")]
    fn draw(
        &self,
        (): &(),
        renderer: &Renderer,
        _: &Theme,
        bounds: Rectangle,
        _: mouse::Cursor,
    ) -> Vec<Geometry> {
        let drawn = self.drawn.draw(renderer, bounds.size(), |frame| {
            frame.fill_rectangle(Point::ORIGIN, bounds.size(), theme::PAPER);
            let module = bounds.width / self.modules();
            let square = Size::new(module, module);
            let side = self.symbol.framed_side();
            for at in (0..side * side).filter(|at| self.symbol.is_dark(at % side, at / side)) {
                let (x, y) = ((at % side) as f32, (at / side) as f32);
                frame.fill_rectangle(Point::new(x * module, y * module), square, theme::CODE);
            }
        });
        vec![drawn]
    }
}

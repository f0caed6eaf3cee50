//! Bars as SVG, with the numbers readable by whoever cannot see them.

use maud::{Markup, html};

/// Height of the tallest bar, width of a bar with its gap.
const HEIGHT: u64 = 96;
const STEP: usize = 22;

/// A bar for each value; the last one is today.
pub(super) fn bars(values: &[u64], title: &str) -> Markup {
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    let bar = |value: u64| (value * HEIGHT).div_ceil(most);
    html! {
        svg.bars role="img" aria-label=(title) viewBox=(format!("0 0 {} {}", values.len() * STEP, HEIGHT + 20)) {
            @for (at, value) in values.iter().enumerate() {
                rect x=(at * STEP + 2) y=(16 + HEIGHT - bar(*value)) width=(STEP - 4) height=(bar(*value).max(1)) rx="2" {
                    title { (value) }
                }
                @if *value > 0 {
                    text x=(at * STEP + STEP / 2) y=(12 + HEIGHT - bar(*value)) text-anchor="middle" { (value) }
                }
            }
        }
    }
}

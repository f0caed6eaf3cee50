//! Two line charts as one SVG: rate against pixels a module, and against the width of the code.

use std::fmt::Write;

const WIDTH: f32 = 560.0;
const HEIGHT: f32 = 340.0;
const MARGIN: f32 = 50.0;
/// Told apart without seeing red from green (Okabe and Ito).
const COLOURS: [&str; 6] = [
    "#0072B2", "#56B4E9", "#D55E00", "#E69F00", "#000000", "#009E73",
];

/// A reader's name and its points, by what is on the horizontal axis.
pub type Line = (&'static str, Vec<(f32, f64)>);

pub struct Chart {
    pub title: &'static str,
    pub axis: &'static str,
    pub ticks: Vec<f32>,
    pub lines: Vec<Line>,
}

pub fn svg(charts: &[Chart]) -> String {
    let width = charts.len() as f32 * WIDTH;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        HEIGHT + 60.0
    );
    for (number, chart) in charts.iter().enumerate() {
        let _ = write!(
            svg,
            "<g transform=\"translate({} 0)\">",
            number as f32 * WIDTH
        );
        draw(&mut svg, chart);
        svg += "</g>\n";
    }
    svg + "</svg>\n"
}

fn draw(svg: &mut String, chart: &Chart) {
    let (low, high) = chart
        .ticks
        .iter()
        .fold((f32::MAX, f32::MIN), |(low, high), tick| {
            (low.min(*tick), high.max(*tick))
        });
    let across = |value: f32| MARGIN + (value - low) / (high - low) * (WIDTH - 1.5 * MARGIN);
    let up = |rate: f64| HEIGHT - MARGIN - rate as f32 / 100.0 * (HEIGHT - 2.0 * MARGIN);
    let _ = writeln!(
        svg,
        "<text x=\"{MARGIN}\" y=\"24\" font-size=\"15\">{}</text>",
        chart.title
    );
    for rate in [0, 25, 50, 75, 90, 100] {
        let y = up(f64::from(rate));
        let _ = writeln!(
            svg,
            "<path d=\"M{MARGIN} {y}H{}\" stroke=\"#ccc\"/><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{rate} %</text>",
            WIDTH - MARGIN / 2.0,
            MARGIN - 6.0,
            y + 4.0
        );
    }
    for tick in &chart.ticks {
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{tick}</text>",
            across(*tick),
            HEIGHT - MARGIN + 18.0
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
        WIDTH / 2.0,
        HEIGHT - 12.0,
        chart.axis
    );
    for (number, (name, points)) in chart.lines.iter().enumerate() {
        let colour = COLOURS[number % COLOURS.len()];
        let path: Vec<String> = points
            .iter()
            .map(|(value, rate)| format!("{:.1} {:.1}", across(*value), up(*rate)))
            .collect();
        let x = MARGIN + (number % 3) as f32 * 165.0;
        let y = HEIGHT + 12.0 + (number / 3) as f32 * 20.0;
        let _ = writeln!(
            svg,
            "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\
             <path d=\"M{x} {y}h24\" stroke=\"{colour}\" stroke-width=\"3\"/><text x=\"{}\" y=\"{}\">{name}</text>",
            path.join("L"),
            x + 30.0,
            y + 4.0
        );
    }
}

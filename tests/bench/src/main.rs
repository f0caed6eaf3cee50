//! Measures munjigi: see README.md.

mod idle;
mod scan;
mod shop;
mod verify;
mod visit;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| arguments.is_empty() || arguments[0] == name;
    if wanted("verify") {
        verify::run();
    }
    if wanted("visit") {
        visit::run();
    }
    if wanted("scan") {
        scan::run(arguments.get(1..).unwrap_or_default());
    }
    if wanted("idle") {
        let program = arguments
            .get(1)
            .map_or("target/release/munjigi", String::as_str);
        idle::run(program);
    }
}

/// The value below which this part of the samples lies.
fn quantile(samples: &mut [f64], part: f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[((samples.len() - 1) as f64 * part).round() as usize]
}

//! Measures munjigi: see README.md.

mod dcc;
mod idle;
mod issuer;
mod scan;
mod shop;
mod trust;
mod verify;
mod visit;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if trust::started(&arguments) {
        return;
    }
    let wanted = |name: &str| arguments.is_empty() || arguments[0] == name;
    if wanted("verify") {
        verify::run();
    }
    if wanted("visit") {
        visit::run();
    }
    if wanted("issuer") {
        issuer::run();
    }
    if wanted("trust") {
        trust::run();
    }
    if wanted("scan") {
        scan::run(arguments.get(1..).unwrap_or_default());
    }
    if arguments.first().is_some_and(|name| name == "dcc") {
        dcc::run(arguments.get(1..).unwrap_or_default());
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

/// Resident megabytes of a process by its name in /proc.
fn resident(process: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    kilobytes.unwrap().parse::<f64>().unwrap() / 1024.0
}

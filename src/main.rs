//! The program `munjigi`.

fn main() -> std::process::ExitCode {
    munjigi::cli::main()
}

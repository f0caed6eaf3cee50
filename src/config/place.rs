//! Where in the file something stands: errors name line and key.

/// The line, counted from 1, of a byte in a text.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// The key that is set in a line, with its table.
pub(super) fn key_at(text: &str, line: usize) -> Option<String> {
    let lines: Vec<&str> = text.lines().take(line).collect();
    let (key, _) = lines.last()?.split_once('=')?;
    let table = lines
        .iter()
        .rev()
        .find_map(|line| line.trim().strip_prefix('[')?.strip_suffix(']'));
    let table = table.map_or_else(String::new, |table| format!("{table}."));
    Some(format!("{table}{}", key.trim()))
}

/// The line of `key` in `[table]`; the table's, or 1, where the key is not written.
pub(super) fn line_of_key(text: &str, table: &str, key: &str) -> usize {
    let mut inside = false;
    let mut found = 1;
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_start();
        if line.starts_with('[') {
            inside = line.trim_end() == format!("[{table}]");
            if inside {
                found = at + 1;
            }
        } else if inside
            && line
                .split('=')
                .next()
                .is_some_and(|name| name.trim() == key)
        {
            return at + 1;
        }
    }
    found
}

/// Longest text that is taken from a badge, in characters.
const MAX_CHARS: usize = 64;

/// Text of a badge for people's eyes: valid UTF-8 without control or direction characters,
/// trimmed, at most 64 characters.
pub(crate) fn clean(bytes: &[u8]) -> String {
    // Four bytes a character at most, each possibly one that is left out: no more is looked at.
    let head = bytes.get(..bytes.len().min(8 * MAX_CHARS)).unwrap_or_default();
    let text = String::from_utf8_lossy(head);
    let shown = text.chars().filter(|c| !is_invisible(*c));
    shown.take(MAX_CHARS).collect::<String>().trim().to_owned()
}

/// Controls, what turns the direction of writing, and what has no width.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hostile_is_left() {
        assert_eq!(clean(b" Badge\x1b[31m\0 2 "), "Badge[31m 2");
        assert_eq!(clean("ab\u{202e}dc".as_bytes()), "abdc");
        assert_eq!(clean(&[0xff, b'x', 0xfe]), "x");
        assert_eq!(clean(&[b'y'; 5000]).len(), MAX_CHARS);
    }
}

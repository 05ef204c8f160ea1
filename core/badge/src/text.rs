/// Longest text that is taken from a badge, in characters.
const MAX_CHARS: usize = 64;

/// Text of a badge for people's eyes: valid UTF-8 without control or direction characters,
/// trimmed, at most 64 characters.
pub(crate) fn clean(bytes: &[u8]) -> String {
    let head = bytes.get(..bytes.len().min(4 * MAX_CHARS)).unwrap_or_default();
    let text = String::from_utf8_lossy(head);
    let shown = text.chars().filter(|c| !c.is_control() && !is_format(*c));
    shown.take(MAX_CHARS).collect::<String>().trim().to_owned()
}

/// Invisible characters that reorder or hide text.
fn is_format(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffd}')
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

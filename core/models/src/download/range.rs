/// `Content-Range` of an answer (RFC 9110, 14.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ContentRange {
    /// First and last byte; unset in an answer that refuses a range.
    pub(super) part: Option<(u64, u64)>,
    /// Length of the whole, where the server tells.
    pub(super) total: Option<u64>,
}

impl ContentRange {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| text.parse::<u64>().ok()).flatten()
        };
        let (part, total) = text.trim().strip_prefix("bytes ")?.trim().split_once('/')?;
        let total = if total == "*" { None } else { Some(number(total)?) };
        if part == "*" {
            return Some(Self { part: None, total });
        }
        let (first, last) = part.split_once('-')?;
        let (first, last) = (number(first)?, number(last)?);
        let sound = first <= last && total.is_none_or(|total| last < total);
        sound.then_some(Self { part: Some((first, last)), total })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let table = [
            ("bytes 5-9/10", Some((Some((5, 9)), Some(10)))),
            ("bytes 5-9/*", Some((Some((5, 9)), None))),
            ("bytes */10", Some((None, Some(10)))),
            ("bytes 5-10/10", None),
            ("bytes 9-5/10", None),
            ("bytes +5-9/10", None),
            ("bytes 5-/10", None),
            ("octets 5-9/10", None),
            ("bytes 5-99999999999999999999/*", None),
            ("", None),
        ];
        for (text, expected) in table {
            let found = ContentRange::parse(text).map(|range| (range.part, range.total));
            assert_eq!(found, expected, "{text}");
        }
    }
}

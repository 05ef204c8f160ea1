//! Version numbers as tools print them.

use std::fmt;

/// `major.minor.patch`; what is not printed counts as zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) u32, pub(crate) u32, pub(crate) u32);

impl Version {
    /// Finds the first word of `text` that starts with a digit and reads it as a version.
    pub(crate) fn find(text: &str) -> Option<Self> {
        let word = text.split_whitespace().find(|word| word.starts_with(char::is_numeric))?;
        let end = word.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(word.len());
        let mut numbers = word[..end].split('.').map(|part| part.parse().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        Some(Self(next(), next(), next()))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_real_tools_are_read() {
        let table = [
            ("javac 17.0.15", Some(Version(17, 0, 15))),
            ("javac 1.8.0_292", Some(Version(1, 8, 0))),
            ("javac 25", Some(Version(25, 0, 0))),
            ("javac 26-ea", Some(Version(26, 0, 0))),
            ("\u{1b}[1mApache Maven 3.8.7\u{1b}[m\nMaven home: /usr", Some(Version(3, 8, 7))),
            ("Python 3.13.0rc1", Some(Version(3, 13, 0))),
            ("cargo-deny 0.20.2", Some(Version(0, 20, 2))),
            ("gcc (Debian 12.2.0-14+deb12u1) 12.2.0", Some(Version(12, 2, 0))),
            ("no number here", None),
            ("", None),
        ];
        for (text, want) in table {
            assert_eq!(Version::find(text), want, "{text}");
        }
    }

    #[test]
    fn order_is_numeric() {
        assert!(Version(3, 9, 0) < Version(3, 11, 0));
        assert!(Version(17, 0, 0) <= Version(17, 0, 0));
    }
}

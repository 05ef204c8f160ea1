/// Providers whose addresses say nothing about a firm.
const FREE_MAIL: [&str; 48] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "outlook.de",
    "outlook.fr",
    "hotmail.com",
    "hotmail.co.uk",
    "hotmail.de",
    "hotmail.fr",
    "hotmail.it",
    "hotmail.es",
    "live.com",
    "live.co.uk",
    "live.nl",
    "msn.com",
    "yahoo.com",
    "yahoo.co.uk",
    "yahoo.de",
    "yahoo.fr",
    "yahoo.it",
    "yahoo.es",
    "yahoo.co.jp",
    "yahoo.co.in",
    "ymail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "web.de",
    "t-online.de",
    "freenet.de",
    "proton.me",
    "protonmail.com",
    "pm.me",
    "fastmail.com",
    "hey.com",
    "mail.com",
    "mail.ru",
    "yandex.ru",
    "qq.com",
    "163.com",
    "orange.fr",
    "libero.it",
];

/// The firm's domain of an e-mail address, in lower case; `None` for free mail and for what is no
/// domain.
pub(super) fn corporate(email: &str) -> Option<String> {
    let domain = email.trim().rsplit_once('@')?.1.trim_end_matches('.').to_lowercase();
    let labels = domain.split('.').count();
    let sound = labels >= 2
        && domain
            .split('.')
            .all(|l| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-'));
    (sound && domain.len() <= 253 && !FREE_MAIL.contains(&domain.as_str())).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_mail_is_no_firm() {
        assert_eq!(corporate("Ada@Acme.IO"), Some("acme.io".into()));
        assert_eq!(corporate("a@mail.acme.co.uk"), Some("mail.acme.co.uk".into()));
        for none in
            ["a@gmail.com", "a@GMX.de", "a@web.de", "a", "a@", "a@b", "a@b..c", "a@b/c.d", "@"]
        {
            assert_eq!(corporate(none), None, "{none}");
        }
    }
}

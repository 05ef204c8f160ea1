use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::WebhookError;

/// Checks an address: https, no user info, no private host. Names are not resolved here, so a
/// public name that leads to a private address is not seen.
pub(super) fn check(
    address: &str,
    allow_http: bool,
    allow_private: bool,
) -> Result<Url, WebhookError> {
    let url = Url::parse(address.trim()).map_err(|_| WebhookError::NoAddress)?;
    let host = url.host().ok_or(WebhookError::NoAddress)?.to_owned();
    let here = is_loopback(&host);
    match url.scheme() {
        "https" => {}
        "http" if allow_http || here => {}
        "http" => return Err(WebhookError::NotHttps),
        _ => return Err(WebhookError::NoAddress),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(WebhookError::UserInfo);
    }
    if !here && !allow_private && is_private(&host) {
        return Err(WebhookError::PrivateAddress);
    }
    Ok(url)
}

fn is_loopback(host: &Host<String>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.to_canonical().is_loopback(),
    }
}

fn is_private(host: &Host<String>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            let inner = [".local", ".internal", ".lan", ".home.arpa", ".localdomain"];
            !name.contains('.') || inner.iter().any(|end| name.ends_with(end))
        }
        Host::Ipv4(ip) => is_private_v4(*ip),
        Host::Ipv6(ip) => match ip.to_canonical() {
            IpAddr::V4(v4) => is_private_v4(v4),
            IpAddr::V6(v6) => is_private_v6(v6),
        },
    }
}

/// Address blocks of the IANA special-purpose registry that are not globally reachable.
fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19))
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let embeds_v4 = s[..6] == [0x64, 0xff9b, 0, 0, 0, 0] || s[0] == 0x2002 || s[..6] == [0; 6];
    ip.is_loopback()
        || ip.is_unspecified()
        || ip.is_multicast()
        || ip.is_unique_local()
        || ip.is_unicast_link_local()
        || embeds_v4
        || (s[0] == 0x2001 && s[1] == 0x0db8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_judged() {
        use WebhookError::{NoAddress, NotHttps, PrivateAddress, UserInfo};
        for (address, verdict) in [
            ("https://hooks.example.com/a?b=c", None),
            ("http://hooks.example.com/a", Some(NotHttps)),
            ("http://127.0.0.1:8080/a", None),
            ("http://localhost/a", None),
            ("http://[::1]/a", None),
            ("https://10.1.2.3/a", Some(PrivateAddress)),
            ("https://0xa.1/", Some(PrivateAddress)),
            ("https://167837955/", Some(PrivateAddress)),
            ("https://169.254.169.254/latest", Some(PrivateAddress)),
            ("https://100.64.0.1/", Some(PrivateAddress)),
            ("https://[fd00::1]/", Some(PrivateAddress)),
            ("https://[::ffff:10.0.0.1]/", Some(PrivateAddress)),
            ("https://[64:ff9b::a00:1]/", Some(PrivateAddress)),
            ("https://printer/", Some(PrivateAddress)),
            ("https://nas.local./", Some(PrivateAddress)),
            ("https://8.8.8.8/", None),
            ("https://user:pw@example.com/", Some(UserInfo)),
            ("ftp://example.com/", Some(NoAddress)),
            ("example.com", Some(NoAddress)),
            ("", Some(NoAddress)),
        ] {
            assert_eq!(check(address, false, false).err(), verdict, "{address}");
        }
        assert!(check("http://10.0.0.1/", true, true).is_ok());
        assert!(check("https://10.0.0.1/", false, true).is_ok());
    }
}

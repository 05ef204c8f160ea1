use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// Why there is no private bus.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// The program.
    #[error("`dbus-daemon` does not start, install the package `dbus`: {0}")]
    Start(#[source] std::io::Error),
    /// It ended, or said nothing.
    #[error("`dbus-daemon` did not print an address: {0}")]
    NoAddress(String),
    /// The file system.
    #[error("no place for the files of a private bus: {0}")]
    Files(#[source] std::io::Error),
}

/// A D-Bus daemon of our own: nothing on the machine's buses is touched. Ends when dropped.
pub struct PrivateBus {
    daemon: Child,
    address: String,
    _files: TempDir,
}

/// Everything is allowed, nothing is started by name, and limits are far away: a flood of
/// notifications must not be the daemon's problem.
const CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
  <limit name="max_incoming_bytes">1000000000</limit>
  <limit name="max_outgoing_bytes">1000000000</limit>
  <limit name="max_message_size">100000000</limit>
</busconfig>
"#;

impl PrivateBus {
    /// Starts it and waits until it listens.
    ///
    /// # Errors
    /// When the program is missing or ends at once.
    pub fn start() -> Result<Self, BusError> {
        let files = tempfile::Builder::new().prefix("fake-bluez").tempdir();
        let files = files.map_err(BusError::Files)?;
        let config = files.path().join("bus.conf");
        let socket = files.path().join("socket");
        let text = CONFIG.replace("SOCKET", &socket.to_string_lossy());
        let written = std::fs::File::create(&config).and_then(|mut f| f.write_all(text.as_bytes()));
        written.map_err(BusError::Files)?;
        let said = files.path().join("stderr");
        let stderr = std::fs::File::create(&said).map_err(BusError::Files)?;
        let mut daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--nopidfile", "--nosyslog", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .map_err(BusError::Start)?;
        let mut line = String::new();
        let printed = daemon.stdout.take().map(|out| BufReader::new(out).read_line(&mut line));
        let address = line.trim().to_owned();
        if !matches!(printed, Some(Ok(_))) || address.is_empty() {
            let _ = daemon.kill();
            let _ = daemon.wait();
            return Err(BusError::NoAddress(std::fs::read_to_string(said).unwrap_or_default()));
        }
        Ok(Self { daemon, address, _files: files })
    }

    /// For `DBUS_SYSTEM_BUS_ADDRESS`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for PrivateBus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

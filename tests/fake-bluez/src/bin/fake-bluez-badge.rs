//! A simulated Confee badge on a fake Bluetooth daemon, in real time, for tests of programs.
//!
//! `fake-bluez-badge [SOUND.wav]` prints two lines: the bus address, to be set as
//! `DBUS_SYSTEM_BUS_ADDRESS` for the program, and the badge's name for connecting without a scan.
//! It ends, with the bus, when its standard input is closed; killed, it leaves the bus behind.

#[cfg(target_os = "linux")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    use std::io::Write;

    use confee_badge::simulated::{ConfeeBadge, ConfeeConfig, shared};
    use confee_fake_bluez::{FakeBluez, Modelled, OpusLoop};
    use tokio::io::AsyncReadExt;

    let sound = match std::env::args_os().nth(1) {
        Some(path) => OpusLoop::wav(path.as_ref())?,
        None => OpusLoop::tone()?,
    };
    let fake = FakeBluez::start().await?;
    let badge = Modelled::new(shared(ConfeeBadge::new(ConfeeConfig::default(), sound)), 247);
    let device = fake.add(badge.advertised([0xC0, 0xFE, 0, 0, 0, 1]), badge).await?;
    let mut out = std::io::stdout();
    writeln!(out, "{}\n{}", fake.address().unwrap_or_default(), device.name())?;
    out.flush()?;
    let mut rest = Vec::new();
    tokio::io::stdin().read_to_end(&mut rest).await?;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() {}

//! One whole connection, byte for byte. A change of the file is a change of what is sent or read.

use super::bench::Bench;
use super::device::Device;
use crate::omi::{
    Button, Command, Features, LivePacket, Notice, StorageStatus, battery_percent, charging, codec,
    diagnostics, parse_time,
};

const FILE: &str = include_str!("../../../tests/captures/omi.txt");

/// A device with custody and a backlog of three records; live audio of which a packet is lost; a
/// press; everything durable.
fn connection() -> Vec<String> {
    let mut device = Device { next_id: 65_533, ..Device::with_custody() };
    device.capture_alone(13);
    device.flush();
    let mut bench = Bench::new(device);
    bench.log = Some(Vec::new());
    bench.begin();
    bench.sync();
    bench.live(12, |n| n == 6);
    bench.press(Button::Single);
    bench.wait(1_000);
    bench.sync();
    bench.wait(1_000);
    let lines = bench.log.take().unwrap();
    lines.into_iter().map(|line| format!("{line}{}", reading(&line))).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().map(|c| c.to_digit(16).unwrap() as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// What a line means, behind a `#`.
fn reading(line: &str) -> String {
    let mut words = line.split(' ');
    let (verb, what) = (words.next().unwrap(), words.next().unwrap());
    let Some(value) = words.next().map(bytes) else { return String::new() };
    let meaning = match (verb, what) {
        ("notify", "0001") => LivePacket::parse(&value)
            .map(|p| format!("packet {} fragment {}, {} bytes", p.id, p.index, p.payload.len())),
        ("notify", "5781") => Notice::parse(&value).map(|notice| match notice {
            Notice::Data(data) => format!("Data of {} bytes", data.len()),
            other => format!("{other:?}"),
        }),
        ("write", "5781") => Command::parse(&value).map(|c| format!("{c:?}")),
        ("write", "0031") => parse_time(&value).map(|s| format!("{s} s")),
        ("read", "0002") => codec(value[0]).map(|c| format!("{c:?}")),
        ("read", "0021") => Features::parse(&value).map(|f| format!("{f:?}")),
        ("read", "0041") => diagnostics(&value).map(|d| format!("{d:?}")),
        ("read", "5782") => StorageStatus::parse(&value).map(|s| format!("{s:?}")),
        (_, "2a19") => battery_percent(&value).map(|p| format!("{p} %")),
        (_, "0013") => charging(&value).map(|c| format!("charging {c}")),
        ("notify", "7925") => Button::parse(&value).map(|b| format!("{b:?}")),
        _ => Ok(format!("{:?}", String::from_utf8_lossy(&value))),
    };
    format!(" # {}", meaning.unwrap())
}

#[test]
fn a_whole_connection_is_the_same_byte_for_byte() {
    let lines = connection();
    let kept: Vec<&str> = FILE.lines().collect();
    for (at, (line, kept)) in lines.iter().zip(&kept).enumerate() {
        assert_eq!(line, kept, "line {}", at + 1);
    }
    assert_eq!(lines.len(), kept.len());
}

/// Writes the file anew: `cargo test -p confee-badge -- --ignored write_the_capture`.
#[test]
#[ignore = "writes the file that another test reads"]
fn write_the_capture() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/omi.txt");
    std::fs::write(path, connection().join("\n") + "\n").unwrap();
}

use super::{Cell, mics_label};
use crate::booth::{Mics, Scene};
use crate::capture::Capture;
use crate::link::Link;

/// What can be varied.
pub const GROUPS: [&str; 6] = ["snr", "loss", "bitrate", "mics", "denoise", "quant"];
/// Babble where it is not what is varied: a fair that is not too loud.
const BASE_SNR_DB: f32 = 15.0;
const SNRS_DB: [Option<f32>; 6] = [None, Some(20.0), Some(15.0), Some(10.0), Some(5.0), Some(0.0)];

/// The cells of a group, or of all groups; `models` names the model files that are there.
#[must_use]
pub fn cells(only: Option<&str>, models: &[String]) -> Vec<Cell> {
    let all = [snr(), loss(), bitrate(), mics(), denoise(), quant(models)];
    let all = all.into_iter().flatten();
    all.filter(|cell| only.is_none_or(|group| group == cell.group)).collect()
}

fn base(snr_db: Option<f32>) -> Capture {
    Capture { scene: Scene { snr_db, ..Scene::default() }, ..Capture::default() }
}

fn cell(group: &'static str, series: impl Into<String>, at: String, capture: Capture) -> Cell {
    Cell { group, series: series.into(), at, capture, model: 0 }
}

fn decibels(snr_db: Option<f32>) -> String {
    snr_db.map_or("no babble".into(), |db| format!("{db} dB"))
}

fn snr() -> Vec<Cell> {
    let of = |snr| cell("snr", mics_label(Mics::One, false), decibels(snr), base(snr));
    SNRS_DB.map(of).to_vec()
}

fn loss() -> Vec<Cell> {
    let rates = [0.0, 0.01, 0.03, 0.05, 0.10_f32];
    let of = |series: &'static str, burst: f32| {
        rates.map(|loss| {
            let link = Link { loss, burst, ..Link::default() };
            // Without loss both series are the same capture.
            let link = if loss > 0.0 { link } else { Link::default() };
            let capture = Capture { link, ..base(Some(BASE_SNR_DB)) };
            cell("loss", series, format!("{:.0} %", 100.0 * loss), capture)
        })
    };
    [of("one by one", 1.0), of("bursts of 5 frames", 5.0)].concat()
}

fn bitrate() -> Vec<Cell> {
    let of = |kbit: i32| {
        let link = Link { bitrate: 1_000 * kbit, ..Link::default() };
        let capture = Capture { link, ..base(Some(BASE_SNR_DB)) };
        cell("bitrate", "Opus", format!("{kbit} kbit/s"), capture)
    };
    [8, 12, 16, 24, 32].map(of).to_vec()
}

fn mics() -> Vec<Cell> {
    let badges = [
        (Mics::One, false),
        (Mics::Vertical, false),
        (Mics::Vertical, true),
        (Mics::Horizontal, true),
    ];
    let places = [None, Some(10.0), Some(5.0), Some(0.0)];
    let of = |(mics, beam): (Mics, bool)| {
        places.map(|snr| {
            let plain = base(snr);
            let scene = Scene { mics, ..plain.scene };
            let capture = Capture { scene, beam, ..plain };
            cell("mics", mics_label(mics, beam), decibels(snr), capture)
        })
    };
    badges.map(of).concat()
}

fn denoise() -> Vec<Cell> {
    let places = [None, Some(15.0), Some(10.0), Some(5.0), Some(0.0)];
    let of = |(series, denoise): (&'static str, bool)| {
        places.map(|snr| cell("denoise", series, decibels(snr), Capture { denoise, ..base(snr) }))
    };
    [("as it is", false), ("denoised", true)].map(of).concat()
}

fn quant(models: &[String]) -> Vec<Cell> {
    let places = [None, Some(15.0), Some(10.0), Some(5.0)];
    let of = |(model, name): (usize, &String)| {
        places.map(|snr| Cell { model, ..cell("quant", name, decibels(snr), base(snr)) })
    };
    // One model alone compares with nothing.
    if models.len() < 2 { Vec::new() } else { models.iter().enumerate().flat_map(of).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_has_every_group_and_no_cell_twice() {
        let models = ["a".to_owned(), "b".to_owned()];
        let all = cells(None, &models);
        for group in GROUPS {
            let part = cells(Some(group), &models);
            assert!(part.len() >= 5, "{group}");
            for (n, cell) in part.iter().enumerate() {
                let same = |c: &Cell| (&c.series, &c.at) == (&cell.series, &cell.at);
                assert_eq!(part.iter().position(same), Some(n));
            }
        }
        assert_eq!(all.len(), 6 + 10 + 5 + 16 + 10 + 8);
        assert!(cells(Some("quant"), &models[..1]).is_empty());
        assert!(cells(Some("nothing"), &models).is_empty());
    }
}

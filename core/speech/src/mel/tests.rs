use super::*;

/// Two triangles over 201 bins.
fn filters() -> MelFilters {
    let triangle = |peak: f32| move |bin: usize| (1.0 - (bin as f32 - peak).abs() / 20.0).max(0.0);
    let weights = (0..201).map(triangle(30.0)).chain((0..201).map(triangle(100.0))).collect();
    MelFilters { mels: 2, bins: 201, weights }
}

/// The definition, term by term in `f64`.
fn reference(pcm: &[f32], filters: &MelFilters) -> Vec<f32> {
    let frames = (pcm.len() + 200) / HOP + 1;
    let at = |i: isize| {
        let mirrored = if i < 0 { -i } else { i };
        f64::from(pcm.get(mirrored as usize).copied().unwrap_or(0.0))
    };
    let mut out = Vec::new();
    for frame in 0..frames {
        let turn = 2.0 * std::f64::consts::PI / 400.0;
        let windowed: Vec<f64> = (0..400)
            .map(|j| 0.5 * (1.0 - (turn * j as f64).cos()) * at((frame * HOP + j) as isize - 200))
            .collect();
        let power: Vec<f64> = (0..201)
            .map(|bin| {
                let angle = |j: usize| turn * ((bin * j) % 400) as f64;
                let re: f64 = windowed.iter().enumerate().map(|(j, w)| w * angle(j).cos()).sum();
                let im: f64 = windowed.iter().enumerate().map(|(j, w)| w * angle(j).sin()).sum();
                re * re + im * im
            })
            .collect();
        for row in filters.weights.chunks(201) {
            let energy: f64 = row.iter().zip(&power).map(|(w, p)| f64::from(*w) * p).sum();
            out.push(energy.max(1e-10).log10());
        }
    }
    let floor = out.iter().copied().fold(-10.0, f64::max) - 8.0;
    out.into_iter().map(|v| ((v.max(floor) + 4.0) / 4.0) as f32).collect()
}

fn tone(length: usize) -> Vec<f32> {
    (0..length).map(|i| 0.3 * (i as f32 * 0.47).sin() + 0.01 * (i as f32 * 1.9).cos()).collect()
}

#[test]
fn agrees_with_the_definition() {
    let filters = filters();
    let front = MelFrontEnd::new(&filters);
    for length in [1000, 1601, 4000] {
        let pcm = tone(length);
        let mel = front.spectrogram(&pcm).unwrap();
        let reference = reference(&pcm, &filters);
        assert_eq!(mel.frames.len(), reference.len());
        for (ours, theirs) in mel.frames.iter().zip(&reference) {
            assert!((ours - theirs).abs() < 1e-4, "{ours} {theirs}");
        }
    }
}

#[test]
fn any_length_works() {
    let front = MelFrontEnd::new(&filters());
    for length in [0, 1, 159, 160, 199, 200, 201, 400, 480_000] {
        let mel = front.spectrogram(&tone(length)).unwrap();
        assert!(mel.frames.iter().all(|v| v.is_finite()));
        assert!(mel.length * mel.bands <= mel.frames.len());
    }
}

#[test]
fn silence_follows_the_sound() {
    let mel = MelFrontEnd::new(&filters()).spectrogram(&tone(16_000)).unwrap();
    let mut window = vec![0.0; 2 * 300];
    mel.fill(&mut window);
    let (sound, rest) = window.split_at(mel.frames.len());
    assert_eq!(sound, mel.frames);
    assert!(!rest.is_empty() && rest.iter().all(|v| *v == mel.silence));
    mel.fill(&mut window[..20]);
    assert_eq!(window[..20], mel.frames[..20]);
    let digital = MelFrontEnd::new(&filters()).spectrogram(&[0.0; 1600]).unwrap();
    assert_eq!(digital.silence, -1.5);
    assert!(digital.frames.iter().all(|v| *v == -1.5));
}

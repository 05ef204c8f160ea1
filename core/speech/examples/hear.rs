//! Hears a 16 kHz wav file in one window and prints words with times: `hear MODEL WAV [beam]`.
use confee_models::ggml::WhisperFile;
use confee_speech::whisper_cpp::{EncoderWindow, Options, WhisperCpp, WordTimes};
use confee_speech::{Ask, Engine, Stop, WINDOW};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let file = WhisperFile::open(args[1].as_ref()).unwrap();
    let has = |w: &str| args.iter().any(|a| a == w);
    let mut o = Options::default();
    if has("beam") {
        o.beam = 5;
    }
    if has("est") {
        o.times = WordTimes::Estimated;
    }
    if has("fit") {
        o.window = EncoderWindow::Fitted;
    }
    let mut e = WhisperCpp::load(&file, o).unwrap();
    let mut r = hound::WavReader::open(&args[2]).unwrap();
    let pcm: Vec<f32> = r.samples::<i16>().map(|s| f32::from(s.unwrap()) / 32768.0).collect();
    for part in pcm.chunks(WINDOW).take(if has("all") { 1000 } else { 1 }) {
        let t = std::time::Instant::now();
        let h = e.hear(part, &Ask::default(), &Stop::default()).unwrap();
        eprintln!(
            "{:?} no_speech {:.3} logp {:.3} tokens {} T {}",
            t.elapsed(),
            h.no_speech,
            h.mean_log_probability,
            h.tokens,
            h.temperature
        );
        for w in &h.words {
            println!("{:6} {:6} {:.2} {}", w.start_ms, w.end_ms, w.probability, w.text);
        }
    }
}

//! Our path through whisper-rs and whisper.cpp's own program, side by side on one sound of up to
//! 30 s, run by turns so that both meet the same disturbances:
//! `compare MODEL SOUND.wav WHISPER-CLI [ROUNDS]`, Linux only.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)]

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--child", model, wav, threads] => linux::child(model, wav, threads.parse().unwrap()),
        [model, wav, cli] => linux::compare(model, wav, cli, 3),
        [model, wav, cli, rounds] => linux::compare(model, wav, cli, rounds.parse().unwrap()),
        _ => eprintln!("compare MODEL SOUND.wav WHISPER-CLI [ROUNDS]"),
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::path::Path;
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use confee_models::ggml::WhisperFile;
    use confee_speech::whisper_cpp::{Options, WhisperCpp};
    use confee_speech::{Ask, Engine, Stop, WINDOW};

    /// Figures of a run: seconds, and mebibytes at the most.
    struct Figures {
        load: f64,
        hear: f64,
        processor: f64,
        peak: f64,
        text: String,
    }

    /// Our path, in a process of its own; says what it took in the words of whisper-cli.
    pub(super) fn child(model: &str, wav: &str, threads: usize) {
        let begin = Instant::now();
        let file = WhisperFile::open(Path::new(model)).unwrap();
        let options = Options { threads, ..Options::default() };
        let mut engine = WhisperCpp::load(&file, options).unwrap();
        let load = begin.elapsed();
        let mut reader = hound::WavReader::open(wav).unwrap();
        let samples = reader.samples::<i16>().map(|s| f32::from(s.unwrap()) / 32_768.0);
        let pcm: Vec<f32> = samples.take(WINDOW).collect();
        let heard = engine.hear(&pcm, &Ask::default(), &Stop::default()).unwrap();
        let words: Vec<&str> = heard.words.iter().map(|word| word.text.as_str()).collect();
        println!("{}", words.join(" "));
        eprintln!("load time = {:.2} ms", load.as_secs_f64() * 1000.0);
        eprintln!("total time = {:.2} ms", begin.elapsed().as_secs_f64() * 1000.0);
    }

    pub(super) fn compare(model: &str, wav: &str, cli: &str, rounds: usize) {
        let me = std::env::current_exe().unwrap();
        for threads in [1, 2] {
            let count = threads.to_string();
            let ours = || {
                let mut command = Command::new(&me);
                command.args(["--child", model, wav, &count]);
                command
            };
            let theirs = || {
                let mut command = Command::new(cli);
                let same = ["-bs", "1", "-bo", "1", "-sns", "-nfa", "-dtw", "tiny.en"];
                command.args(["-m", model, "-f", wav, "-t", &count]).args(same);
                command
            };
            let (mut a, mut b) = (Vec::new(), Vec::new());
            for _ in 0..rounds {
                a.push(run(ours()));
                b.push(run(theirs()));
            }
            println!("{threads} threads, {rounds} rounds; least / median");
            report("ours", &a);
            report("whisper-cli", &b);
            println!("  same text: {}", a[0].text == b[0].text);
        }
    }

    fn run(mut command: Command) -> Figures {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
        let (mut processor, mut peak) = (0.0, 0.0);
        while child.try_wait().unwrap().is_none() {
            if let Some((seconds, mebibytes)) = usage(child.id()) {
                (processor, peak) = (seconds, mebibytes);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let time = |name: &str| {
            let line = said.lines().find(|line| line.contains(name)).expect("its times");
            let number = line.split('=').nth(1).and_then(|rest| rest.split_whitespace().next());
            number.and_then(|number| number.parse::<f64>().ok()).unwrap() / 1000.0
        };
        let (load, total) = (time("load time"), time("total time"));
        let text = plain(&String::from_utf8_lossy(&output.stdout));
        Figures { load, hear: total - load, processor, peak, text }
    }

    /// Processor seconds and most resident memory of a process up to now.
    fn usage(process: u32) -> Option<(f64, f64)> {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
        let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let peak = status.lines().find(|line| line.starts_with("VmHWM"))?;
        let kibibytes: f64 = peak.split_whitespace().nth(1)?.parse().ok()?;
        Some(((ticks(11)? + ticks(12)?) / 100.0, kibibytes / 1024.0))
    }

    /// Without the times that whisper-cli prints.
    fn plain(text: &str) -> String {
        let lines = text.lines().map(|line| line.rsplit(']').next().unwrap_or(line).trim());
        let words = lines.flat_map(str::split_whitespace);
        words.collect::<Vec<_>>().join(" ")
    }

    fn report(name: &str, runs: &[Figures]) {
        let column = |figure: fn(&Figures) -> f64| {
            let mut all: Vec<f64> = runs.iter().map(figure).collect();
            all.sort_by(f64::total_cmp);
            format!("{:.2} / {:.2}", all[0], all[all.len() / 2])
        };
        println!(
            "  {name:12} load {} s, hear {} s, processor {} s, peak {} MiB",
            column(|f| f.load),
            column(|f| f.hear),
            column(|f| f.processor),
            column(|f| f.peak)
        );
    }
}

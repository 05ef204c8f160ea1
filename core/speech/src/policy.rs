//! Which engine hears, and with how much of the device.

use crate::EngineKind;

/// Most threads; more do not make a small model faster.
const MOST_THREADS: usize = 4;

/// The processor, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processor {
    /// 64-bit ARM; `dotprod` if it multiplies bytes in one instruction (from about 2018 on).
    Arm {
        /// Found at run time.
        dotprod: bool,
    },
    /// Any other.
    Other,
}

/// How hot the device says it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thermal {
    /// Nothing to mind.
    #[default]
    Normal,
    /// Warm: half the threads.
    Warm,
    /// Hot: one thread, no graphics processor.
    Hot,
}

/// The device now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceState {
    /// Its processor.
    pub processor: Processor,
    /// Cores.
    pub cores: usize,
    /// Whether the system saves energy or the battery is low.
    pub low_battery: bool,
    /// Whether it is plugged in.
    pub charging: bool,
    /// How hot it is.
    pub thermal: Thermal,
    /// Whether the app is in the background.
    pub background: bool,
    /// Whether it runs iOS, which ends an app that uses the graphics processor in the background.
    pub ios: bool,
}

/// What is there to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Available {
    /// Engines that are built in and have what they need.
    pub engines: Vec<EngineKind>,
    /// Whether whisper.cpp was built for processors with `dotprod`: on others it would crash.
    pub whisper_cpp_needs_dotprod: bool,
    /// Whether whisper.cpp was built for the graphics processor.
    pub gpu: bool,
    /// Whether the Whisper model that is there knows English only.
    pub english_only: bool,
    /// ISO 639-1 codes that the system's recogniser knows on the device; empty if it does not say.
    pub host_languages: Vec<String>,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The engine.
    pub kind: EngineKind,
    /// Its threads, at least 1.
    pub threads: usize,
    /// Whether it may use the graphics processor.
    pub gpu: bool,
    /// Why not more, or not what was wished.
    pub reasons: Vec<Reason>,
}

/// Why a choice differs from the wish or from the full speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The wished engine is not there.
    NotThere,
    /// The processor lacks what whisper.cpp was built for.
    NoDotprod,
    /// The engine does not know the language.
    Language,
    /// In the background: one thread.
    Background,
    /// Little battery left: one thread.
    LowBattery,
    /// Too warm: fewer threads.
    Heat,
}

/// Chooses; none if no engine can hear this language here. Without a wish: whisper.cpp, then
/// candle, then the system's. A language that is unset is no hindrance.
#[must_use]
pub fn choose(
    wish: Option<EngineKind>,
    device: &DeviceState,
    available: &Available,
    language: Option<&str>,
) -> Option<Choice> {
    let mut reasons = Vec::new();
    let standard = [EngineKind::WhisperCpp, EngineKind::Candle, EngineKind::Host];
    let order = wish.into_iter().chain(standard.into_iter().filter(|kind| Some(*kind) != wish));
    for kind in order {
        match hindrance(kind, device, available, language) {
            None => {
                let gpu = may_use_gpu(kind, device, available);
                let threads = threads(device, &mut reasons);
                return Some(Choice { kind, threads, gpu, reasons });
            }
            // That an engine nobody wished for is not there is no news.
            Some(Reason::NotThere) if Some(kind) != wish => {}
            Some(reason) => reasons.push(reason),
        }
    }
    None
}

fn hindrance(
    kind: EngineKind,
    device: &DeviceState,
    available: &Available,
    language: Option<&str>,
) -> Option<Reason> {
    if !available.engines.contains(&kind) {
        return Some(Reason::NotThere);
    }
    let lacks_dotprod = device.processor == Processor::Arm { dotprod: false };
    if kind == EngineKind::WhisperCpp && available.whisper_cpp_needs_dotprod && lacks_dotprod {
        return Some(Reason::NoDotprod);
    }
    let known = |code: &str| match kind {
        EngineKind::Host => {
            let codes = &available.host_languages;
            codes.is_empty() || codes.iter().any(|known| known == code)
        }
        EngineKind::WhisperCpp | EngineKind::Candle => !available.english_only || code == "en",
    };
    (!language.is_none_or(known)).then_some(Reason::Language)
}

fn may_use_gpu(kind: EngineKind, device: &DeviceState, available: &Available) -> bool {
    kind == EngineKind::WhisperCpp
        && available.gpu
        && !(device.ios && device.background)
        && device.thermal < Thermal::Hot
}

/// Below the number of cores: whisper.cpp's threads spin while they wait for each other.
fn threads(device: &DeviceState, reasons: &mut Vec<Reason>) -> usize {
    let full = device.cores.saturating_sub(1).clamp(1, MOST_THREADS);
    let limits = [
        (device.background, 1, Reason::Background),
        (device.low_battery && !device.charging, 1, Reason::LowBattery),
        (device.thermal == Thermal::Hot, 1, Reason::Heat),
        (device.thermal == Thermal::Warm, full.div_ceil(2), Reason::Heat),
    ];
    let mut threads = full;
    for (_, most, reason) in limits.into_iter().filter(|(applies, ..)| *applies) {
        reasons.push(reason);
        threads = threads.min(most);
    }
    threads
}

#[cfg(test)]
mod tests;

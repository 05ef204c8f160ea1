use proptest::prelude::*;

use super::EngineKind::{Candle, Host, WhisperCpp};
use super::*;

const PHONE: DeviceState = DeviceState {
    processor: Processor::Arm { dotprod: true },
    cores: 8,
    low_battery: false,
    charging: false,
    thermal: Thermal::Normal,
    background: false,
    ios: false,
};

fn all() -> Available {
    Available {
        engines: vec![WhisperCpp, Candle, Host],
        whisper_cpp_needs_dotprod: true,
        gpu: true,
        english_only: true,
        host_languages: vec!["en".into(), "de".into()],
    }
}

#[test]
fn which_engine() {
    let old = DeviceState { processor: Processor::Arm { dotprod: false }, ..PHONE };
    let desk = DeviceState { processor: Processor::Other, ..PHONE };
    let only = |engines: &[EngineKind]| Available { engines: engines.to_vec(), ..all() };
    let plain = Available { whisper_cpp_needs_dotprod: false, ..all() };
    let many = Available { english_only: false, ..all() };
    let en = Some("en");
    let table = [
        (None, PHONE, all(), en, Some((WhisperCpp, vec![]))),
        (None, desk, all(), en, Some((WhisperCpp, vec![]))),
        (Some(Candle), PHONE, all(), en, Some((Candle, vec![]))),
        (Some(Host), PHONE, all(), None, Some((Host, vec![]))),
        (None, old, all(), en, Some((Candle, vec![Reason::NoDotprod]))),
        (Some(WhisperCpp), old, all(), en, Some((Candle, vec![Reason::NoDotprod]))),
        (None, old, plain, en, Some((WhisperCpp, vec![]))),
        (Some(Host), PHONE, only(&[Candle]), en, Some((Candle, vec![Reason::NotThere]))),
        (None, PHONE, only(&[Candle]), en, Some((Candle, vec![]))),
        (None, PHONE, all(), Some("de"), Some((Host, vec![Reason::Language, Reason::Language]))),
        (None, PHONE, all(), Some("fi"), None),
        (None, PHONE, many, Some("fi"), Some((WhisperCpp, vec![]))),
        (None, PHONE, only(&[]), en, None),
    ];
    for (wish, device, available, language, expected) in table {
        let choice = choose(wish, &device, &available, language);
        let got = choice.map(|choice| (choice.kind, choice.reasons));
        assert_eq!(got, expected, "{wish:?} {device:?} {available:?} {language:?}");
    }
}

#[test]
fn how_many_threads_and_the_graphics_processor() {
    let table = [
        (PHONE, 4, true),
        (DeviceState { cores: 0, ..PHONE }, 1, true),
        (DeviceState { cores: 2, ..PHONE }, 1, true),
        (DeviceState { cores: 4, ..PHONE }, 3, true),
        (DeviceState { background: true, ..PHONE }, 1, true),
        (DeviceState { background: true, ios: true, ..PHONE }, 1, false),
        (DeviceState { ios: true, ..PHONE }, 4, true),
        (DeviceState { low_battery: true, ..PHONE }, 1, true),
        (DeviceState { low_battery: true, charging: true, ..PHONE }, 4, true),
        (DeviceState { thermal: Thermal::Warm, ..PHONE }, 2, true),
        (DeviceState { thermal: Thermal::Hot, ..PHONE }, 1, false),
    ];
    for (device, threads, gpu) in table {
        let choice = choose(None, &device, &all(), None).unwrap();
        assert_eq!((choice.threads, choice.gpu), (threads, gpu), "{device:?}");
    }
    let candle = choose(Some(Candle), &PHONE, &all(), None).unwrap();
    assert!(!candle.gpu);
}

fn device() -> impl Strategy<Value = DeviceState> {
    let thermal = prop::sample::select(vec![Thermal::Normal, Thermal::Warm, Thermal::Hot]);
    let processor = prop_oneof![
        any::<bool>().prop_map(|dotprod| Processor::Arm { dotprod }),
        Just(Processor::Other),
    ];
    (processor, 0_usize..64, any::<[bool; 4]>(), thermal).prop_map(
        |(processor, cores, flags, thermal)| {
            let [low_battery, charging, background, ios] = flags;
            DeviceState { processor, cores, low_battery, charging, thermal, background, ios }
        },
    )
}

proptest! {
    #[test]
    fn never_all_cores_and_never_what_would_end_the_app(device in device()) {
        let choice = choose(None, &device, &all(), None).unwrap();
        prop_assert!(choice.threads >= 1 && choice.threads <= MOST_THREADS);
        prop_assert!(choice.threads < device.cores.max(2));
        prop_assert!(!(choice.gpu && device.ios && device.background));
        let old = device.processor == Processor::Arm { dotprod: false };
        prop_assert!(!(old && choice.kind == WhisperCpp));
    }
}

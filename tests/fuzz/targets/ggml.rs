#![no_main]
//! Model files: any bytes, and a sound file with some bytes of its header, vocabulary or table of
//! tensors changed. What is taken has exactly the tensors of its shape.

use std::io::Cursor;
use std::sync::LazyLock;

use confee_models::ggml::{Contents, TensorKind, WhisperShape, write_random};
use libfuzzer_sys::fuzz_target;

struct Sound {
    bytes: Vec<u8>,
    /// Where bytes mean something else than a weight, a filter or a letter.
    places: Vec<usize>,
}

static SOUND: LazyLock<Sound> = LazyLock::new(|| {
    let mut bytes = Vec::new();
    let shape = WhisperShape::standard(51_864, 64, 1, TensorKind::Q8_0);
    write_random(&shape, 1, &mut bytes).expect("a shape that is written");
    let contents = Contents::read(Cursor::new(&bytes)).expect("what is written is sound");
    let vocabulary = 48 + 8 + 80 * 201 * 4;
    let mut places: Vec<usize> = (0..60).chain(vocabulary..vocabulary + 2048).collect();
    for (name, tensor) in contents.tensors() {
        let data = tensor.offset as usize;
        places.extend(data - name.len() - 4 * tensor.dims.len() - 12..data);
    }
    Sound { bytes, places }
});

fn read(bytes: &[u8]) {
    let Ok(contents) = Contents::read(Cursor::new(bytes)) else { return };
    let slots = contents.shape().tensors();
    assert_eq!(slots.len(), contents.tensors().len());
    for slot in slots {
        let tensor = &contents.tensors()[&slot.name];
        assert_eq!((tensor.kind, &tensor.dims), (slot.kind, &slot.dims));
        assert!(tensor.offset as usize + tensor.bytes <= bytes.len());
    }
    let _ = contents.verify_data(Cursor::new(bytes));
}

fuzz_target!(|bytes: &[u8]| {
    read(bytes);
    let mut changed = SOUND.bytes.clone();
    for change in bytes.chunks_exact(3) {
        let place = usize::from(u16::from_le_bytes([change[0], change[1]])) % SOUND.places.len();
        changed[SOUND.places[place]] = change[2];
    }
    read(&changed);
});

use uuid::Uuid;

/// The service of the Confee badge protocol; in the advertisement.
pub const SERVICE: Uuid = uuid(0x0000);
/// Read without a bond: [`super::Capability`].
pub const CAPABILITY: Uuid = uuid(0x0001);
/// Written with response: [`super::Request`].
pub const CONTROL: Uuid = uuid(0x0002);
/// Notifies [`super::Message`].
pub const EVENT: Uuid = uuid(0x0003);
/// Notifies [`super::Fragment`].
pub const AUDIO: Uuid = uuid(0x0004);
/// Notifies [`super::StoragePacket`].
pub const STORAGE: Uuid = uuid(0x0005);

const fn uuid(number: u16) -> Uuid {
    let base = 0xC0FE_0000_B4D6_4E0A_9F1C_7A3D_5E2B_8C10;
    Uuid::from_u128(base | (number as u128) << 96)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_stands_in_the_second_half_of_the_first_group() {
        assert_eq!(STORAGE.to_string(), "c0fe0005-b4d6-4e0a-9f1c-7a3d5e2b8c10");
        assert_eq!(SERVICE.to_string(), "c0fe0000-b4d6-4e0a-9f1c-7a3d5e2b8c10");
    }
}

//! The bundled font: Pretendard, whole and unmodified (its licence reserves the name for that). A document that is made with
//! it may carry the letters that it needs (SIL Open Font License 1.1, section 5).

/// Regular and SemiBold, as OpenType.
pub const PRETENDARD: [&[u8]; 2] = [
    include_bytes!("../assets/fonts/Pretendard-Regular.otf"),
    include_bytes!("../assets/fonts/Pretendard-SemiBold.otf"),
];

//! Pictures of any size up to what the bytes fill: texts or nothing, never a panic outside the libraries' containment.
#![no_main]

use libfuzzer_sys::fuzz_target;
use munjigi::{
    camera::Luma,
    scan::{self, Effort},
};

fuzz_target!(
    init: {
        // The fuzzer ends at every panic, also at one that is contained; one that is not ends it all the same.
        let _ = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
    },
    |bytes: &[u8]| {
        let Some((&[width, block], pixels)) = bytes.split_first_chunk::<2>() else {
            return;
        };
        // Each byte is a block of pixels, so that a few bytes are a code's worth of modules.
        let (width, block) = (usize::from(width) + 1, usize::from(block % 6) + 1);
        let height = pixels.len() / width;
        let rows = (0..height * block).map(|y| &pixels[y / block * width..][..width]);
        let data = rows.flat_map(|row| row.iter().flat_map(|light| std::iter::repeat_n(*light, block)));
        if let Some(picture) = Luma::new(width * block, height * block, data.collect()) {
            let _ = scan::read(&picture, Effort::Frame);
            let _ = scan::second(&picture);
        }
    }
);

//! Debian's libzbar, with its defaults, for QR codes.

use std::ffi::{c_char, c_int, c_uint, c_ulong, c_void};

use munjigi::camera::Luma;

use super::peers::Code;

// zbar.h of 0.23
const QR_CODE: c_int = 64;
const ENABLE: c_int = 0;
const Y800: c_ulong = u32::from_le_bytes(*b"Y800") as c_ulong;

#[link(name = "zbar")]
unsafe extern "C" {
    fn zbar_image_scanner_create() -> *mut c_void;
    fn zbar_image_scanner_destroy(scanner: *mut c_void);
    fn zbar_image_scanner_set_config(
        scanner: *mut c_void,
        symbology: c_int,
        setting: c_int,
        value: c_int,
    ) -> c_int;
    fn zbar_scan_image(scanner: *mut c_void, image: *mut c_void) -> c_int;
    fn zbar_image_create() -> *mut c_void;
    fn zbar_image_destroy(image: *mut c_void);
    fn zbar_image_set_format(image: *mut c_void, format: c_ulong);
    fn zbar_image_set_size(image: *mut c_void, width: c_uint, height: c_uint);
    fn zbar_image_set_data(
        image: *mut c_void,
        data: *const c_void,
        length: c_ulong,
        done: Option<extern "C" fn(*mut c_void)>,
    );
    fn zbar_image_first_symbol(image: *const c_void) -> *const c_void;
    fn zbar_symbol_next(symbol: *const c_void) -> *const c_void;
    fn zbar_symbol_get_data(symbol: *const c_void) -> *const c_char;
    fn zbar_symbol_get_data_length(symbol: *const c_void) -> c_uint;
}

pub fn read(picture: &Luma) -> Vec<Code> {
    let mut codes = Vec::new();
    // Safe: all objects live until the end of this block, the picture longer, and zbar is told to free nothing of it.
    unsafe {
        let scanner = zbar_image_scanner_create();
        let image = zbar_image_create();
        zbar_image_scanner_set_config(scanner, 0, ENABLE, 0);
        zbar_image_scanner_set_config(scanner, QR_CODE, ENABLE, 1);
        zbar_image_set_format(image, Y800);
        zbar_image_set_size(image, picture.width as c_uint, picture.height as c_uint);
        let length = picture.data.len() as c_ulong;
        zbar_image_set_data(image, picture.data.as_ptr().cast(), length, None);
        zbar_scan_image(scanner, image);
        let mut symbol = zbar_image_first_symbol(image);
        while !symbol.is_null() {
            let length = zbar_symbol_get_data_length(symbol) as usize;
            let text = std::slice::from_raw_parts(zbar_symbol_get_data(symbol).cast(), length);
            codes.push(vec![text.to_vec()]);
            symbol = zbar_symbol_next(symbol);
        }
        zbar_image_destroy(image);
        zbar_image_scanner_destroy(scanner);
    }
    codes
}

//! A grey picture.

/// Brightness, 8 bits a pixel, row by row without padding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Luma {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` bytes.
    pub data: Vec<u8>,
}

impl Luma {
    /// A picture over these bytes; `None` when their number does not fit the size.
    #[must_use]
    pub fn new(width: usize, height: usize, data: Vec<u8>) -> Option<Self> {
        (width.checked_mul(height)? == data.len()).then_some(Self {
            width,
            height,
            data,
        })
    }

    /// Turned clockwise by 90, 180 or 270 degrees; by anything else not at all.
    #[must_use]
    pub fn turned(self, degrees: u32) -> Self {
        let Self {
            width,
            height,
            data,
        } = &self;
        let (width, height) = (*width, *height);
        let turned = |new_width: usize, from: &dyn Fn(usize, usize) -> usize| {
            let new_height = data.len() / new_width.max(1);
            let pixels = (0..new_height).flat_map(|y| (0..new_width).map(move |x| (x, y)));
            pixels.map(|(x, y)| data[from(x, y)]).collect::<Vec<u8>>()
        };
        match degrees {
            90 => {
                let data = turned(height, &|x, y| (height - 1 - x) * width + y);
                Self {
                    width: height,
                    height: width,
                    data,
                }
            }
            180 => Self {
                width,
                height,
                data: self.data.into_iter().rev().collect(),
            },
            270 => {
                let data = turned(height, &|x, y| x * width + (width - 1 - y));
                Self {
                    width: height,
                    height: width,
                    data,
                }
            }
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_is_clockwise() {
        let picture = Luma::new(3, 2, vec![1, 2, 3, 4, 5, 6]).unwrap();
        for (degrees, width, data) in [
            (0, 3, [1, 2, 3, 4, 5, 6]),
            (90, 2, [4, 1, 5, 2, 6, 3]),
            (180, 3, [6, 5, 4, 3, 2, 1]),
            (270, 2, [3, 6, 2, 5, 1, 4]),
        ] {
            let turned = picture.clone().turned(degrees);
            assert_eq!(
                (turned.width, turned.data),
                (width, data.to_vec()),
                "{degrees}"
            );
        }
        assert_eq!(Luma::new(3, 2, vec![0; 5]), None);
    }
}

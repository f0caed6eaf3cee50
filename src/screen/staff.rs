//! Staff.

/// The store as the staff view sees it.
pub struct StoreBackend {}

impl StoreBackend {
    /// Over a data folder.
    #[must_use]
    pub fn new(folder: &std::path::Path) -> Self {
        let _ = folder;
        Self {}
    }
}

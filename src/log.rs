//! The log as a whole: a Merkle tree over the rows' leaf hashes (RFC 9162 section 2.1), so that one hash stands for all.

use sha2::{Digest, Sha256};

/// A tree that grows by leaves; it keeps one hash for each complete subtree.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Roots of complete subtrees, largest first, with their sizes.
    peaks: Vec<(u64, [u8; 32])>,
    leaves: u64,
}

impl Tree {
    /// An empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a leaf hash (which already has its 0x00 prefix inside).
    pub fn push(&mut self, leaf: [u8; 32]) {
        self.leaves += 1;
        let (mut size, mut hash) = (1, leaf);
        while let Some((peak, left)) = self.peaks.last().copied() {
            if peak != size {
                break;
            }
            hash = node(&left, &hash);
            size += peak;
            let _ = self.peaks.pop();
        }
        self.peaks.push((size, hash));
    }

    /// How many leaves there are.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.leaves
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.leaves == 0
    }

    /// The root: of no leaves, the hash of nothing.
    #[must_use]
    pub fn root(&self) -> [u8; 32] {
        let hashes = self.peaks.iter().rev().map(|(_, hash)| *hash);
        hashes
            .reduce(|right, left| node(&left, &right))
            .unwrap_or_else(|| Sha256::digest([]).into())
    }
}

/// An inner node.
fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Section 2.1.1, word for word.
    fn by_definition(leaves: &[[u8; 32]]) -> [u8; 32] {
        match leaves.len() {
            0 => Sha256::digest([]).into(),
            1 => leaves[0],
            n => {
                let k = n.next_power_of_two() / 2;
                node(&by_definition(&leaves[..k]), &by_definition(&leaves[k..]))
            }
        }
    }

    #[test]
    fn the_root_is_that_of_the_definition() {
        let leaves: Vec<[u8; 32]> = (0..70_u8).map(|n| Sha256::digest([0, n]).into()).collect();
        let mut tree = Tree::new();
        for n in 0..leaves.len() {
            assert_eq!(
                (tree.len(), tree.root()),
                (n as u64, by_definition(&leaves[..n]))
            );
            tree.push(leaves[n]);
        }
        // The empty tree's hash as RFC 6962's own test vectors have it.
        assert!(hex::encode(Tree::new().root()).starts_with("e3b0c44298fc1c14"));
    }
}

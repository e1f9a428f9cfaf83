//! How the memory store spreads keys over a map.

use std::hash::Hasher;

/// Folds a key's bytes. Keys are SHA-256 over secrets, and no forged token is ever stored, so nobody can aim at a bucket.
#[derive(Default)]
pub(super) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    /// The length that slices hash first is the same for every key.
    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreKey;

    #[test]
    fn keys_of_any_kind_spread_over_the_map() {
        let mut seen = std::collections::HashSet::new();
        for bit in 0..256 {
            let mut key = [0; 32];
            key[bit / 8] = 1 << (bit % 8);
            let mut hasher = KeyHasher::default();
            std::hash::Hash::hash(&StoreKey::from_bytes(key), &mut hasher);
            seen.insert(hasher.finish());
        }
        assert!(seen.len() > 240, "{} places for 256 keys", seen.len());
    }
}

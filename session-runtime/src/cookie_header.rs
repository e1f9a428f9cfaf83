//! A Cookie header field's bytes, pair by pair, for the session's cookie and the application's own.

/// What stands between semicolons, without the spaces before it.
pub(crate) fn pairs(field: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(field);
    std::iter::from_fn(move || {
        let here = rest?.trim_ascii_start();
        let end = semicolon(here);
        rest = end.map(|end| &here[end + 1..]);
        Some(&here[..end.unwrap_or(here.len())])
    })
}

/// Where the first semicolon is. A sealed session has none for long, so thirty-two bytes are passed over together: all are looked at, which
/// compilers make into a few instructions.
fn semicolon(bytes: &[u8]) -> Option<usize> {
    let (long, _) = bytes.as_chunks::<32>();
    let has_one = |bytes: &[u8; 32]| bytes.iter().fold(false, |found, byte| found | (*byte == b';'));
    let passed = 32 * long.iter().position(has_one).unwrap_or(long.len());
    semicolon_soon(&bytes[passed..]).map(|place| passed + place)
}

/// As [`semicolon`]. Eight bytes are looked at together: a byte that is zero is the one that a borrow goes through first ("Determine if a
/// word has a zero byte", Bit Twiddling Hacks, Sean Eron Anderson).
fn semicolon_soon(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let find = |word: &[u8; 8]| {
        let zero_where_found = u64::from_le_bytes(*word) ^ (ONES * b';' as u64);
        let found = zero_where_found.wrapping_sub(ONES) & !zero_where_found & (ONES << 7);
        (found != 0).then(|| found.trailing_zeros() as usize / 8)
    };
    let Some(last) = bytes.last_chunk() else { return bytes.iter().position(|byte| *byte == b';') };
    let (words, _) = bytes.as_chunks();
    let found = words.iter().enumerate().find_map(|(number, word)| Some(8 * number + find(word)?));
    // The last word overlaps the one before it, in which nothing was found.
    found.or_else(|| Some(bytes.len() - 8 + find(last)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_semicolon_is_found_where_it_is() {
        // Next to a semicolon in value, and what is one but for its highest bit.
        for neighbour in [0, b':', b'<', b'a', b';' | 0x80, 0xff] {
            for len in 0..75 {
                let mut bytes = vec![neighbour; len];
                assert_eq!(semicolon(&bytes), None, "{neighbour} {len}");
                for place in (0..len).rev() {
                    bytes[place] = b';';
                    assert_eq!(semicolon(&bytes), Some(place), "{neighbour} {len}");
                }
            }
        }
    }
}

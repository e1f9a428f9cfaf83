//! base64url without padding (RFC 4648, section 5), for what sealed cookies carry, ids, and the texts of tokens as they are written; and
//! base64 (section 4), to show bytes by.
//!
//! Each sequence of bytes has one text: what is padded, broken into lines, or has bits that stand for nothing is no text. How long
//! decoding takes may depend on the text, so this is not for what only its owner should know: a token is read by `token.rs`.

const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
#[cfg(feature = "debug-view")]
const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Marks a character that stands for nothing, above the three bytes of four characters.
const NO_DIGIT: u32 = 1 << 31;

/// What a character of base64url stands for (0 to 63), and 255 for any other.
pub(crate) const DIGITS: [u8; 256] = {
    let (mut digits, mut digit) = ([u8::MAX; 256], 0);
    while digit < 64 {
        digits[URL[digit] as usize] = digit as u8;
        digit += 1;
    }
    digits
};

/// What a character adds to the three bytes of four characters, by its place among the four. The first byte is the lowest.
static ADDS: [[u32; 256]; 4] = [adds(0), adds(1), adds(2), adds(3)];

const fn adds(place: usize) -> [u32; 256] {
    let (mut adds, mut char) = ([NO_DIGIT; 256], 0);
    while char < 256 {
        if DIGITS[char] < 64 {
            adds[char] = ((DIGITS[char] as u32) << (26 - 6 * place)).swap_bytes();
        }
        char += 1;
    }
    adds
}

/// The text of these bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    encode_by(URL, bytes)
}

/// The text of these bytes in base64, padded.
#[cfg(feature = "debug-view")]
pub(crate) fn encode_standard(bytes: &[u8]) -> String {
    let mut text = encode_by(STANDARD, bytes);
    text.extend(std::iter::repeat_n('=', (3 - bytes.len() % 3) % 3));
    text
}

fn encode_by(alphabet: &[u8; 64], bytes: &[u8]) -> String {
    let mut text = vec![0; (bytes.len() * 4).div_ceil(3)];
    let (sixes, short) = bytes.as_chunks::<6>();
    let (eights, end) = text.as_chunks_mut();
    for (six, eight) in sixes.iter().zip(eights) {
        eight_of(alphabet, six, eight);
    }
    let (mut last, mut chars) = ([0; 6], [0; 8]);
    last[..short.len()].copy_from_slice(short);
    eight_of(alphabet, &last, &mut chars);
    end.copy_from_slice(&chars[..end.len()]);
    String::from_utf8(text).expect("an alphabet is ASCII")
}

/// The characters of six bytes.
fn eight_of(alphabet: &[u8; 64], six: &[u8; 6], eight: &mut [u8; 8]) {
    let number = u64::from_be_bytes([six[0], six[1], six[2], six[3], six[4], six[5], 0, 0]);
    for (place, char) in eight.iter_mut().enumerate() {
        *char = alphabet[(number >> (58 - 6 * place)) as usize & 63];
    }
}

/// The bytes whose text this is, if it is one.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len() * 3 / 4];
    decode_to(text, &mut bytes).then_some(bytes)
}

/// As [`decode`], where it is known how many bytes there must be.
pub(crate) fn decode_to(text: &[u8], bytes: &mut [u8]) -> bool {
    if text.len() % 4 == 1 || bytes.len() != text.len() * 3 / 4 {
        return false;
    }
    let (eights, short) = text.as_chunks::<8>();
    let (sixes, end) = bytes.as_chunks_mut::<6>();
    let mut seen = 0;
    for (eight, six) in eights.iter().zip(sixes) {
        six_of(eight, &mut seen, six);
    }
    // As if the text went on with zeros. So what it says of bytes that are not there is zero, or stands for nothing.
    let (mut chars, mut last) = ([URL[0]; 8], [0; 6]);
    chars[..short.len()].copy_from_slice(short);
    six_of(&chars, &mut seen, &mut last);
    let (last, left) = last.split_at(end.len());
    end.copy_from_slice(last);
    seen & NO_DIGIT == 0 && left.iter().all(|byte| *byte == 0)
}

/// The bytes of eight characters. Of whatever they are, `seen` gets the marks.
fn six_of(eight: &[u8; 8], seen: &mut u32, six: &mut [u8; 6]) {
    let [low, high] =
        [0, 4].map(|at| (0..4).fold(0, |three, place| three | ADDS[place][usize::from(eight[at + place])]));
    *seen |= low | high;
    let number = u64::from(low) | u64::from(high) << 24;
    six[..4].copy_from_slice(&(number as u32).to_le_bytes());
    six[4..].copy_from_slice(&((number >> 32) as u16).to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, section 10, and what tells the two alphabets apart.
    const VECTORS: [(&[u8], &str); 8] = [
        (b"", ""),
        (b"f", "Zg"),
        (b"fo", "Zm8"),
        (b"foo", "Zm9v"),
        (b"foob", "Zm9vYg"),
        (b"fooba", "Zm9vYmE"),
        (b"foobar", "Zm9vYmFy"),
        (b"\xfb\xff\xbf", "-_-_"),
    ];

    #[test]
    fn the_vectors_of_the_rfc() {
        for (bytes, text) in VECTORS {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(bytes), "{text}");
        }
    }

    #[cfg(feature = "debug-view")]
    #[test]
    fn the_standard_alphabet_is_padded() {
        for (bytes, text) in VECTORS {
            let padding = "=".repeat(text.len().next_multiple_of(4) - text.len());
            assert_eq!(encode_standard(bytes), text.replace('-', "+").replace('_', "/") + &padding);
        }
    }

    /// Bytes of which each bit is set somewhere.
    fn some_bytes(len: usize) -> Vec<u8> {
        (0..len).map(|at| (at * 167 + 91) as u8).collect()
    }

    /// Digit by digit, as the RFC has it.
    fn by_the_book(bytes: &[u8]) -> String {
        let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
        let digit = |bits: &[u8]| (0..6).fold(0, |digit, bit| digit << 1 | bits.get(bit).copied().unwrap_or(0));
        bits.chunks(6).map(|bits| char::from(URL[usize::from(digit(bits))])).collect()
    }

    #[test]
    fn every_length_comes_back() {
        for len in 0..=70 {
            let bytes = some_bytes(len);
            let text = encode(&bytes);
            assert_eq!(text, by_the_book(&bytes));
            assert_eq!(decode(text.as_bytes()), Some(bytes));
        }
    }

    #[test]
    fn no_other_character_is_taken() {
        for len in [2, 3, 4, 6, 7, 8, 9, 12, 17, 30] {
            let text = encode(&some_bytes(len)).into_bytes();
            for place in 0..text.len() {
                for char in (0..=u8::MAX).filter(|char| !URL.contains(char)) {
                    let mut text = text.clone();
                    text[place] = char;
                    assert_eq!(decode(&text), None, "{char} at {place} of {}", text.len());
                }
            }
        }
    }

    #[test]
    fn bits_that_stand_for_nothing_are_zero() {
        for len in 1..=20 {
            let text = encode(&some_bytes(len)).into_bytes();
            let (last, rest) = text.split_last().expect("one byte and more");
            let taken = URL.iter().filter(|char| decode(&[rest, &[**char]].concat()).is_some()).count();
            assert_eq!(taken, [64, 4, 16][len % 3], "{len}");
            assert!(decode(&[rest, &[*last]].concat()).is_some());
        }
    }

    #[test]
    fn no_text_has_one_character_over() {
        for len in (1..70).step_by(4) {
            assert_eq!(decode(&vec![b'A'; len]), None, "{len}");
        }
    }

    #[test]
    fn the_number_of_bytes_has_to_be_right() {
        for len in 0..20 {
            assert_eq!(decode_to(b"Zm9vYmFyZm8", &mut vec![0; len]), len == 8, "{len}");
        }
    }
}

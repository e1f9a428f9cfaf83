//! "Did you mean": the known word that is nearest to what was written.

/// What other libraries call it, and what it is called here.
const ELSEWHERE: [(&str, &str); 14] = [
    ("cookie_name", "cookie"),
    ("expiry", "ttl"),
    ("expires", "ttl"),
    ("expires_in", "ttl"),
    ("ignore", "skip"),
    ("lifetime", "ttl"),
    ("max_age", "absolute"),
    ("name", "cookie"),
    ("once", "flash"),
    ("samesite", "same_site"),
    ("serialize_with", "with"),
    ("timeout", "idle"),
    ("transient", "skip"),
    ("user", "owner"),
];

/// The one of `known` that was meant: by another library's word for it, or by a slip.
pub(crate) fn meant<'a>(written: &str, known: &[&'a str]) -> Option<&'a str> {
    let other = ELSEWHERE.iter().find(|(theirs, _)| *theirs == written).map(|(_, ours)| *ours);
    match other {
        Some(ours) => known.iter().copied().find(|word| *word == ours),
        None => nearest(written, known),
    }
}

/// The nearest of `known`, if it is near enough to be a slip.
pub(crate) fn nearest<'a>(written: &str, known: &[&'a str]) -> Option<&'a str> {
    let limit = (written.chars().count() / 3).max(1) + 1;
    known
        .iter()
        .map(|word| (distance(written, word), *word))
        .filter(|(far, _)| *far <= limit)
        .min()
        .map(|(_, word)| word)
}

/// How many letters must be added, dropped, changed or swapped with the next one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let kept = rows[i][j] + usize::from(a[i] != b[j]);
            let mut least = kept.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_slips_and_no_more() {
        let known = ["default", "flash", "owner", "skip", "ttl"];
        assert_eq!(nearest("defualt", &known), Some("default"));
        assert_eq!(nearest("ayn", &["all", "any", "not"]), Some("any"));
        assert_eq!(nearest("flas", &known), Some("flash"));
        assert_eq!(nearest("tll", &known), Some("ttl"));
        assert_eq!(nearest("encrypted", &known), None);
        assert_eq!(meant("flas", &known), Some("flash"));
        assert_eq!(meant("lifetime", &known), Some("ttl"));
        assert_eq!(meant("max_age", &known), None);
    }
}

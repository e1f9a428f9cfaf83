//! "Did you mean": the known word that is nearest to what was written.

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

/// How many letters must be added, dropped or changed (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.chars().enumerate() {
            let cost = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[row.len() - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_slips_and_no_more() {
        let known = ["default", "flash", "owner", "skip", "ttl"];
        assert_eq!(nearest("defualt", &known), Some("default"));
        assert_eq!(nearest("flas", &known), Some("flash"));
        assert_eq!(nearest("tll", &known), Some("ttl"));
        assert_eq!(nearest("encrypted", &known), None);
    }
}

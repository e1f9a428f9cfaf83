//! One curve: what it takes at growing numbers, and the law that it is to follow.

#[derive(Clone, Copy)]
pub(super) enum Law {
    /// The largest takes at most twice the smallest: what is left are the processor's caches.
    Flat,
    /// Ten times as many take at most half as much again as the smallest.
    Logarithmic,
    /// From one number to the next, it grows at most as the number does, and half as much again for noise.
    Linear,
    /// Never more than so many microseconds.
    Below(f64),
}

pub(super) struct Curve<'n> {
    pub what: &'n str,
    pub of: &'n str,
    pub law: Law,
    /// Numbers, and microseconds.
    pub points: Vec<(usize, f64)>,
}

impl Curve<'_> {
    pub(super) fn print(&self) {
        let join = |cells: Vec<String>| cells.join(", ");
        let at = join(self.points.iter().map(|(at, _)| at.to_string()).collect());
        let took = join(self.points.iter().map(|(_, took)| format!("{took:.1}")).collect());
        let law = match self.law {
            Law::Flat => "flat",
            Law::Logarithmic => "logarithmic",
            Law::Linear => "at most linear",
            Law::Below(limit) => &format!("below {limit}"),
        };
        println!(
            "| {} | {} | {at} | {law} | {took} | {} |",
            self.what,
            self.of,
            if self.holds() { "yes" } else { "no" }
        );
    }

    fn holds(&self) -> bool {
        let (Some(&(least, first)), Some(&(most, last))) = (self.points.first(), self.points.last()) else {
            return true;
        };
        match self.law {
            Law::Flat => last <= 2.0 * first,
            Law::Logarithmic => last <= first * (1.0 + 0.5 * (most as f64 / least as f64).log10()),
            Law::Below(limit) => last <= limit,
            Law::Linear => self.points.windows(2).all(|pair| {
                let [(from, was), (to, is)] = [pair[0], pair[1]];
                is <= 1.5 * was * to as f64 / from as f64
            }),
        }
    }
}

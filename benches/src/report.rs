//! `report FIGURES [PAGE PLOT]` prints what `benches/measure` found as tables; or it writes them into the file `PAGE`, and draws `PLOT`.

#[path = "report/budgets.rs"]
mod budgets;
#[path = "report/figures.rs"]
mod figures;
#[path = "report/page.rs"]
mod page;
#[path = "report/plot.rs"]
mod plot;
#[path = "report/table.rs"]
mod table;

use figures::Figures;

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let read = |file: &str| std::fs::read_to_string(file).map(|text| Figures::read(&text));
    match words.as_slice() {
        [file] => {
            print!("{}", table::all(&read(file)?));
            Ok(())
        }
        [file, page, plot] => {
            let figures = read(file)?;
            std::fs::write(page, page::page(&figures))?;
            std::fs::write(plot, plot::plot(&figures))
        }
        _ => panic!("usage: report FIGURES [PAGE PLOT]"),
    }
}

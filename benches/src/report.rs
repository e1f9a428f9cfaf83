//! `report FIGURES [FOLDER]` prints what `benches/measure` found as tables; with a folder it writes them there as `speed.md`, beside
//! the plot `speed.svg`.

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
        [file, folder] => {
            let figures = read(file)?;
            std::fs::write(format!("{folder}/speed.md"), page::page(&figures))?;
            std::fs::write(format!("{folder}/speed.svg"), plot::plot(&figures))
        }
        _ => panic!("usage: report FIGURES [FOLDER]"),
    }
}

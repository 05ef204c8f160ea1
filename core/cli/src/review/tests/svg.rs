//! A drawn buffer as an SVG picture.

use std::fmt::Write as _;

use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};

use super::super::text::width;

const CELL: (f32, f32) = (9.0, 20.0);
const MARGIN: f32 = 14.0;
const FONTS: &str = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace";

/// The buffer as a dark picture; every character has its own place, whatever the font.
pub(super) fn svg(buffer: &Buffer) -> String {
    let area = buffer.area;
    let wide = f32::from(area.width) * CELL.0 + 2.0 * MARGIN;
    let high = f32::from(area.height) * CELL.1 + 2.0 * MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" \
         viewBox=\"0 0 {wide} {high}\" font-family=\"{FONTS}\" font-size=\"15\">\n\
         <title>Confee review on a terminal</title>\n\
         <rect width=\"{wide}\" height=\"{high}\" rx=\"10\" fill=\"#16181d\"/>\n"
    );
    for y in 0..area.height {
        let mut x = 0;
        while x < area.width {
            let end = run_end(buffer, x, y);
            draw_run(&mut out, buffer, x..end, y);
            x = end;
        }
    }
    out.push_str("</svg>\n");
    out
}

fn style(cell: &Cell) -> (Color, Color, Modifier) {
    (cell.fg, cell.bg, cell.modifier)
}

fn run_end(buffer: &Buffer, x: u16, y: u16) -> u16 {
    let first = style(&buffer[(x, y)]);
    (x + 1..buffer.area.width)
        .find(|i| style(&buffer[(*i, y)]) != first)
        .unwrap_or(buffer.area.width)
}

fn draw_run(out: &mut String, buffer: &Buffer, run: std::ops::Range<u16>, y: u16) {
    let (fg, bg, modifier) = style(&buffer[(run.start, y)]);
    if bg != Color::Reset {
        draw_ground(out, &run, y, hex(bg));
    }
    let mut word = Word { y, fg, modifier, places: String::new(), text: String::new() };
    let mut skip = 0;
    for x in run {
        let symbol = buffer[(x, y)].symbol();
        let path = line_path(symbol, x, y);
        if skip > 0 {
            skip -= 1;
        } else if path.is_some() || symbol == " " {
            word.end(out);
        } else {
            word.add(x, symbol);
            skip = width(symbol).saturating_sub(1);
        }
        if let Some(path) = path {
            let (heavy, colour) = (if symbol == "━" { 5.0 } else { 1.2 }, hex(fg));
            let _ = writeln!(
                out,
                "<path d=\"{path}\" stroke=\"{colour}\" stroke-width=\"{heavy}\" fill=\"none\"/>"
            );
        }
    }
    word.end(out);
}

fn draw_ground(out: &mut String, run: &std::ops::Range<u16>, y: u16, fill: &str) {
    let (left, top) = at(run.start, y);
    let (wide, high) = (f32::from(run.end - run.start) * CELL.0, CELL.1);
    let _ = writeln!(
        out,
        "<rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{high}\" fill=\"{fill}\"/>"
    );
}

/// Some viewers place only the first character of an element, so each word is one.
struct Word {
    y: u16,
    fg: Color,
    modifier: Modifier,
    places: String,
    text: String,
}

impl Word {
    fn add(&mut self, x: u16, symbol: &str) {
        if !self.text.is_empty() {
            self.places.push(' ');
        }
        let _ = write!(self.places, "{}", at(x, self.y).0);
        self.text.push_str(&escape(symbol));
    }

    fn end(&mut self, out: &mut String) {
        let (text, places) = (std::mem::take(&mut self.text), std::mem::take(&mut self.places));
        if text.is_empty() {
            return;
        }
        let baseline = at(0, self.y).1 + 15.0;
        let (fill, extra) = (hex(self.fg), extra(self.modifier));
        let _ = writeln!(
            out,
            "<text x=\"{places}\" y=\"{baseline}\" fill=\"{fill}\"{extra}>{text}</text>"
        );
    }
}

fn at(x: u16, y: u16) -> (f32, f32) {
    (MARGIN + f32::from(x) * CELL.0, MARGIN + f32::from(y) * CELL.1)
}

/// Lines and corners as strokes: fonts leave gaps between them.
fn line_path(symbol: &str, x: u16, y: u16) -> Option<String> {
    let (left, top) = at(x, y);
    let (mid_x, mid_y) = (left + CELL.0 / 2.0, top + CELL.1 / 2.0);
    let (right, bottom) = (left + CELL.0, top + CELL.1);
    let corner =
        |from_y: f32, to_x: f32| format!("M{mid_x} {from_y}Q{mid_x} {mid_y} {to_x} {mid_y}");
    match symbol {
        "─" | "━" => Some(format!("M{left} {mid_y}H{right}")),
        "│" => Some(format!("M{mid_x} {top}V{bottom}")),
        "╭" => Some(corner(bottom, right)),
        "╮" => Some(corner(bottom, left)),
        "╰" => Some(corner(top, right)),
        "╯" => Some(corner(top, left)),
        _ => None,
    }
}

fn extra(modifier: Modifier) -> String {
    let mut out = String::new();
    if modifier.contains(Modifier::BOLD) {
        out.push_str(" font-weight=\"bold\"");
    }
    if modifier.contains(Modifier::CROSSED_OUT) {
        out.push_str(" text-decoration=\"line-through\"");
    }
    out
}

fn hex(colour: Color) -> &'static str {
    match colour {
        Color::Black => "#16181d",
        Color::Red | Color::LightRed => "#f4796b",
        Color::Green => "#7cc77f",
        Color::Yellow => "#e8c15a",
        Color::Blue => "#74a7f2",
        Color::Cyan => "#5ec4d4",
        Color::DarkGray => "#828997",
        _ => "#e4e6eb",
    }
}

fn escape(symbol: &str) -> String {
    symbol.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

//! Pieces of the page: escaped text, tables, bars, and the style that also prints.

use super::words::thousands;

/// Text that cannot become markup.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A cell of a table.
pub enum Cell {
    /// Words.
    Text(String),
    /// A figure, set to the right.
    Number(String),
    /// A figure with a bar behind it: its share of the greatest one, 0 to 1.
    Bar(String, f64),
    /// A level of a finding.
    Level(String),
}

/// A cell with a figure.
pub fn number(rows: i64) -> Cell {
    Cell::Number(thousands(rows))
}

/// A cell with words.
pub fn words(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// A table; headings of figures are set to the right like their cells.
pub fn table(caption: &str, headings: &[&str], rows: &[Vec<Cell>]) -> String {
    let mut html = format!(
        "<div class=\"wadah\"><table><caption>{}</caption><thead><tr>",
        escape(caption)
    );
    for (column, heading) in headings.iter().enumerate() {
        let is_figure = rows
            .first()
            .and_then(|row| row.get(column))
            .is_some_and(|cell| matches!(cell, Cell::Number(_) | Cell::Bar(..)));
        let class = if is_figure { " class=\"angka\"" } else { "" };
        html.push_str(&format!("<th scope=\"col\"{class}>{}</th>", escape(heading)));
    }
    html.push_str("</tr></thead><tbody>");
    for row in rows {
        html.push_str("<tr>");
        html.extend(row.iter().map(cell));
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table></div>");
    html
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => format!("<td>{}</td>", escape(text)),
        Cell::Number(text) => format!("<td class=\"angka\">{}</td>", escape(text)),
        Cell::Bar(text, share) => format!(
            "<td class=\"angka\"><span class=\"batang\" style=\"width:{:.2}em\"></span>{}</td>",
            share.clamp(0.0, 1.0) * 4.0,
            escape(text)
        ),
        Cell::Level(level) => format!(
            "<td><span class=\"tingkat {}\">{}</span></td>",
            escape(&level.to_lowercase()),
            escape(level)
        ),
    }
}

/// A figure with its name, for the head of the page.
pub fn card(figure: &str, name: &str, class: &str) -> String {
    format!(
        "<div class=\"kartu {}\"><b>{}</b><span>{}</span></div>",
        escape(class),
        escape(figure),
        escape(name)
    )
}

/// The style of the page: nothing is loaded from anywhere.
pub const STYLE: &str = "
:root{color-scheme:light}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,'Segoe UI',Roboto,Arial,sans-serif;color:#1c2430;background:#f4f6f8;margin:0}
main{max-width:1080px;margin:0 auto;padding:28px 32px 48px;background:#fff}
h1{font-size:26px;margin:0 0 4px}h2{font-size:19px;margin:34px 0 8px;border-bottom:2px solid #d6dde5;padding-bottom:4px}
h3{font-size:16px;margin:20px 0 6px}
p{margin:6px 0 10px;max-width:80ch}.redup{color:#566373}
.kartu-kartu{display:flex;flex-wrap:wrap;gap:12px;margin:16px 0}
.kartu{flex:1 1 150px;border:1px solid #d6dde5;border-left:5px solid #2b6cb0;border-radius:6px;padding:10px 14px}
.kartu b{display:block;font-size:22px}.kartu span{color:#566373;font-size:13px}
.kartu.awas{border-left-color:#b7791f}.kartu.gawat{border-left-color:#c53030}
.wadah{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13.5px;margin:6px 0 14px}
caption{text-align:left;color:#566373;padding:2px 0 6px}
th,td{text-align:left;padding:5px 8px;border-bottom:1px solid #e3e8ee;vertical-align:top}
th{background:#eef2f6}.angka{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
th.angka{white-space:normal;vertical-align:bottom}.rapat th,.rapat td{padding:5px 5px}.rapat table{font-size:12.5px}
tbody tr:nth-child(even){background:#fafbfc}
.batang{display:inline-block;height:9px;background:#9cc0e7;border-radius:2px;margin-right:6px;vertical-align:middle}
.tingkat{font-size:.88em;padding:1px 7px;white-space:nowrap;border-radius:9px;border:1px solid #b8c2cc}
.tingkat.galat{background:#fde8e8;border-color:#c53030;color:#8b1d1d}
.tingkat.peringatan{background:#fdf3dc;border-color:#b7791f;color:#6d4609}
@page{size:A4;margin:14mm}
@media print{body{background:#fff;font-size:11px}main{max-width:none;padding:0}.wadah{overflow:visible}
table{font-size:9.5px}th,td{padding:3px 5px}.rapat table{font-size:8.5px}.rapat th,.rapat td{padding:3px}thead{display:table-header-group}tr{break-inside:avoid}h2,h3{break-after:avoid}.kartu b{font-size:16px}}
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_data_becomes_markup() {
        let html = table("a<b", &["x"], &[vec![Cell::Text("<script>\"'&".to_owned())]]);
        assert!(html.contains("a&lt;b"));
        assert!(html.contains("&lt;script&gt;&quot;&#39;&amp;"));
        assert!(!html.contains("<script>"));
    }
}

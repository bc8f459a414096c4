//! Small charts as SVG inside the page: bars and histograms, readable without colour.

use super::report::Bin;
use super::words;

/// Text as HTML.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// A bar for a share of the whole.
pub fn share_bar(share: f64) -> String {
    let width = (share.clamp(0.0, 1.0) * 100.0).max(if share > 0.0 { 1.0 } else { 0.0 });
    format!(
        "<svg class=\"garis\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"alas\" width=\"100\" height=\"8\"/><rect class=\"isi\" width=\"{width:.1}\" height=\"8\"/></svg>"
    )
}

/// Words with a bar and their count, as a table.
pub fn bars(title: &str, rows: &[(String, u64)], whole: u64) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    let rows = rows.iter().map(|(label, count)| {
        format!(
            "<tr><td>{}</td><td class=\"batang\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            escape(label),
            share_bar(*count as f64 / most as f64),
            words::count(*count),
            words::percent(super::report::share(*count, whole))
        )
    });
    format!(
        "<table class=\"sering\"><caption>{}</caption>{}</table>",
        escape(title),
        rows.collect::<String>()
    )
}

/// A histogram with the count over each step and its ends below.
pub fn histogram(bins: &[Bin]) -> String {
    let (Some(first), Some(last)) = (bins.first(), bins.last()) else {
        return String::new();
    };
    let most = bins.iter().map(|bin| bin.jumlah).max().unwrap_or(1).max(1);
    let step = 360.0 / bins.len() as f64;
    let mut columns = String::new();
    for (index, bin) in bins.iter().enumerate() {
        let mut height = 90.0 * bin.jumlah as f64 / most as f64;
        if bin.jumlah > 0 {
            height = height.max(1.0);
        }
        let left = index as f64 * step;
        columns.push_str(&format!(
            "<rect class=\"isi\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\"><title>{} – {}: {}</title></rect>",
            left + 1.0,
            100.0 - height,
            step - 2.0,
            escape(&words::extent(&bin.dari)),
            escape(&words::extent(&bin.sampai)),
            words::count(bin.jumlah)
        ));
        if bin.jumlah == most {
            columns.push_str(&format!(
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                left + step / 2.0,
                96.0 - height,
                words::count(bin.jumlah)
            ));
        }
    }
    format!(
        "<svg class=\"histogram\" viewBox=\"0 -8 360 124\" role=\"img\" aria-label=\"Sebaran nilai\">{columns}\
         <line class=\"sumbu\" x1=\"0\" y1=\"100\" x2=\"360\" y2=\"100\"/><text x=\"0\" y=\"113\">{}</text>\
         <text x=\"360\" y=\"113\" text-anchor=\"end\">{}</text></svg>",
        escape(&words::extent(&first.dari)),
        escape(&words::extent(&last.sampai))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::report::Extent;

    #[test]
    fn text_of_a_file_is_no_markup() {
        let chart = bars("<b>", &[("<script>".to_owned(), 2)], 4);
        assert!(!chart.contains("<script>") && !chart.contains("<b>"), "{chart}");
        assert!(chart.contains("50 %"), "{chart}");
    }

    #[test]
    fn a_histogram_names_its_ends_and_its_highest_step() {
        let bin = |dari, sampai, jumlah| Bin {
            dari: Extent::Number(dari),
            sampai: Extent::Number(sampai),
            jumlah,
        };
        let chart = histogram(&[bin(0.0, 5.0, 3), bin(5.0, 10.0, 1)]);
        for part in [">0<", ">10<", ">3<", "5 – 10: 1"] {
            assert!(chart.contains(part), "{part} in {chart}");
        }
        assert_eq!(histogram(&[]), "");
    }
}

//! A profile as one page: Indonesian, self-contained, for the screen and for paper.

use super::chart::{bars, escape, histogram, share_bar};
use super::report::{
    ClassReason, ColumnProfile, Kelas, Measures, MissingPair, Profile, TableProfile, TargetKind, share,
};
use super::words::{self, count, extent, frequent, number, percent};

/// The look of the page.
const STYLE: &str = include_str!("page.css");
/// Pairs of columns that are listed.
const PAIRS: usize = 25;

/// The page.
pub fn page(profile: &Profile) -> String {
    let title = format!("Profil {}", escape(&profile.sasaran));
    let mut body = format!(
        "<header><h1>{title}</h1><p>{}</p>{}</header>",
        kind(profile),
        privacy(profile)
    );
    if profile.tabel.len() > 1 {
        body.push_str("<nav aria-label=\"Daftar tabel\"><ul>");
        for (index, table) in profile.tabel.iter().enumerate() {
            body.push_str(&format!(
                "<li><a href=\"#t{index}\">{}</a> ({} baris)</li>",
                escape(&table.nama),
                count(table.baris)
            ));
        }
        body.push_str("</ul></nav>");
    }
    for (index, table) in profile.tabel.iter().enumerate() {
        body.push_str(&section(index, table));
    }
    if !profile.catatan.is_empty() {
        let notes = profile.catatan.iter().map(|note| format!("<li>{}</li>", escape(note)));
        body.push_str(&format!(
            "<section><h2>Catatan pembacaan</h2><ul>{}</ul></section>",
            notes.collect::<String>()
        ));
    }
    body.push_str(LEGEND);
    format!(
        "<!DOCTYPE html>\n<html lang=\"id\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><main>{body}</main></body></html>\n"
    )
}

const LEGEND: &str = "<section class=\"arti\"><h2>Cara membaca</h2><dl>\
    <dt>Kosong</dt><dd>Sel tanpa isi, atau berisi kata pengganti kosong seperti <code>-</code>, <code>NULL</code>, <code>N/A</code>.</dd>\
    <dt>Ganda</dt><dd>Sel yang isinya sudah muncul di baris lain. Baris ganda: baris yang seluruh isinya sama dengan baris lain (nomor urut tidak dihitung).</dd>\
    <dt>Pola</dt><dd>9 berarti satu angka, A satu huruf; <code>9{16}</code> berarti enam belas angka.</dd>\
    <dt>Pencilan</dt><dd>Nilai yang letaknya lebih dari satu setengah kali jarak antarkuartil di luar kuartil bawah atau atas.</dd>\
    <dt>Kosong bersama (phi)</dt><dd>1: selalu kosong bersamaan; 0: tidak berhubungan; −1: selalu salah satu saja yang kosong.</dd></dl></section>";

fn kind(profile: &Profile) -> &'static str {
    match profile.jenis {
        TargetKind::Berkas => "Isi berkas seperti aslinya, sebelum dibersihkan.",
        TargetKind::Lake => "Isi berkas yang tersimpan di lake, sebelum dibersihkan.",
        TargetKind::Tabel => "Tabel gudang data pada rilis yang berlaku.",
        TargetKind::Mart => "Data mart pada rilis yang berlaku.",
    }
}

fn privacy(profile: &Profile) -> &'static str {
    if profile.data_pribadi {
        "<p class=\"awas\"><strong>Berisi data pribadi.</strong> Jangan disebarkan.</p>"
    } else {
        "<p class=\"aman\">Isi kolom pribadi tidak ditampilkan, hanya pola dan jumlahnya.</p>"
    }
}

fn section(index: usize, table: &TableProfile) -> String {
    let mut text = format!("<section id=\"t{index}\"><h2>{}</h2>", escape(&table.nama));
    if let Some(source) = &table.sumber {
        let line = table
            .baris_judul
            .map_or_else(String::new, |line| format!(", judul kolom di baris {line}"));
        text.push_str(&format!(
            "<p>Dikenali sebagai sumber <code>{}</code>{line}.</p>",
            escape(source)
        ));
    }
    let mut facts = vec![
        ("Baris", count(table.baris)),
        ("Kolom", count(table.kolom.len() as u64)),
        ("Sel kosong", percent(table.missing_share())),
        ("Baris ganda", count(table.baris_ganda)),
    ];
    if table.baris_rusak > 0 {
        facts.push(("Baris tidak terbaca", count(table.baris_rusak)));
    }
    if table.sel_di_luar > 0 {
        facts.push(("Sel di luar judul", count(table.sel_di_luar)));
    }
    let facts = facts
        .iter()
        .map(|(word, figure)| format!("<div><dt>{word}</dt><dd>{figure}</dd></div>"));
    text.push_str(&format!("<dl class=\"angka\">{}</dl>", facts.collect::<String>()));
    text.push_str(&overview(index, table));
    text.push_str(&pairs(&table.korelasi_kosong));
    text.push_str("<h3>Kolom satu per satu</h3><div class=\"kartu\">");
    for (place, column) in table.kolom.iter().enumerate() {
        text.push_str(&card(&format!("t{index}k{place}"), column, table.baris));
    }
    text.push_str("</div></section>");
    text
}

fn overview(index: usize, table: &TableProfile) -> String {
    let rows = table.kolom.iter().enumerate().map(|(place, column)| {
        format!(
            "<tr><th scope=\"row\"><a href=\"#t{index}k{place}\">{}</a></th><td>{}</td><td class=\"batang\">{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>",
            escape(&column.nama),
            words::tipe(column.tipe),
            share_bar(share(column.terisi, table.baris)),
            count(column.terisi),
            percent(share(column.kosong, table.baris)),
            count(column.berbeda),
            count(column.ganda),
            class(column.kelas)
        )
    });
    format!(
        "<div class=\"gulir\" tabindex=\"0\" role=\"region\" aria-label=\"Ringkasan kolom\"><table class=\"kolom\"><caption>Ringkasan kolom</caption><thead><tr><th scope=\"col\">Kolom</th>\
         <th scope=\"col\">Tipe</th><th scope=\"col\">Keterisian</th><th scope=\"col\" class=\"n\">Terisi</th>\
         <th scope=\"col\" class=\"n\">Kosong</th><th scope=\"col\" class=\"n\">Berbeda</th>\
         <th scope=\"col\" class=\"n\">Ganda</th><th scope=\"col\">Kelas</th></tr></thead><tbody>{}</tbody></table></div>",
        rows.collect::<String>()
    )
}

fn class(kelas: Kelas) -> &'static str {
    match kelas {
        Kelas::Pribadi => "pribadi",
        Kelas::Pseudonim => "pseudonim",
        Kelas::Umum => "umum",
    }
}

fn reason(reason: ClassReason) -> &'static str {
    match reason {
        ClassReason::LembarModel => "menurut kamus data",
        ClassReason::JudulDikenal => "menurut judul kolomnya",
        ClassReason::KataJudul => "menurut kata di judulnya",
        ClassReason::Isi => "menurut isinya",
    }
}

fn card(id: &str, column: &ColumnProfile, rows: u64) -> String {
    let mut text = format!(
        "<article id=\"{id}\"><h4>{}</h4><p class=\"ket\">{}{}, {} {}</p>",
        escape(&column.nama),
        words::tipe(column.tipe),
        column
            .tipe_tabel
            .as_ref()
            .map_or_else(String::new, |kind| format!(" (<code>{}</code>)", escape(kind))),
        class(column.kelas),
        reason(column.alasan)
    );
    text.push_str(&format!("<p>{}</p>", sentence(column, rows)));
    if let Some(measures) = &column.ukuran {
        text.push_str(&figures(measures));
    }
    // Where only patterns are shown, the sentence above says how often the most frequent value stands.
    let listed = if column.ditampilkan { 8 } else { 0 };
    let values: Vec<(String, u64)> = column
        .tersering
        .iter()
        .take(listed)
        .map(|value| (frequent(value), value.jumlah))
        .collect();
    text.push_str(&bars("Nilai tersering", &values, column.terisi));
    if column.has_telling_patterns() {
        text.push_str(&shapes(column));
    }
    text.push_str("</article>");
    text
}

fn shapes(column: &ColumnProfile) -> String {
    let patterns = column.pola.iter().take(6);
    let patterns: Vec<(String, u64)> = patterns
        .map(|pattern| (words::one_line(pattern.pola.as_deref().unwrap_or("")), pattern.jumlah))
        .collect();
    let title = format!("Pola tersering (dari {} pola)", count(column.jumlah_pola));
    let mut text = bars(&title, &patterns, column.terisi);
    if let Some(lengths) = &column.panjang
        && lengths.sebaran.len() > 1
    {
        let mut most = lengths.sebaran.clone();
        most.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        most.truncate(8);
        most.sort_unstable();
        let rows: Vec<(String, u64)> = most
            .into_iter()
            .map(|(length, count)| (format!("{} huruf", words::length(length)), count))
            .collect();
        let title = format!("Panjang tersering ({} sampai {} huruf)", lengths.min, lengths.maks);
        text.push_str(&bars(&title, &rows, column.terisi));
    }
    text
}

fn sentence(column: &ColumnProfile, rows: u64) -> String {
    let mut parts = vec![
        format!(
            "{} terisi ({})",
            count(column.terisi),
            percent(share(column.terisi, rows))
        ),
        format!("{} nilai berbeda", count(column.berbeda)),
    ];
    for (figure, words) in [
        (column.ganda, "sel ganda"),
        (column.tidak_sesuai, "tidak sesuai tipe"),
        (column.berspasi, "dengan spasi di tepi"),
    ] {
        if figure > 0 {
            parts.push(format!("{} {words}", count(figure)));
        }
    }
    if let Some(most) = column.tersering.first().filter(|_| !column.ditampilkan) {
        parts.push(format!("yang tersering muncul {} kali", count(most.jumlah)));
    }
    for (word, times) in &column.kata_kosong {
        parts.push(format!("{} kali tertulis <code>{}</code>", count(*times), escape(word)));
    }
    format!("{}.", parts.join(", "))
}

fn figures(measures: &Measures) -> String {
    let outliers = measures.pencilan.bawah + measures.pencilan.atas;
    let mut cells = Vec::new();
    if let Some(spread) = &measures.sebaran {
        cells.extend([
            ("Terkecil", extent(&spread.min)),
            ("Persentil 5", extent(&spread.p5)),
            ("Kuartil bawah", extent(&spread.p25)),
            ("Median", extent(&spread.median)),
            ("Kuartil atas", extent(&spread.p75)),
            ("Persentil 95", extent(&spread.p95)),
            ("Terbesar", extent(&spread.maks)),
            ("Rata-rata", extent(&spread.rata_rata)),
            (
                "Simpangan baku",
                spread.simpangan_baku.map_or_else(|| "–".to_owned(), number),
            ),
        ]);
    }
    cells.push(("Pencilan", count(outliers)));
    let cells = cells
        .iter()
        .map(|(word, figure)| format!("<div><dt>{word}</dt><dd>{}</dd></div>", escape(figure)));
    format!(
        "{}<dl class=\"ukuran\">{}</dl>",
        histogram(&measures.histogram),
        cells.collect::<String>()
    )
}

fn pairs(pairs: &[MissingPair]) -> String {
    let strong: Vec<&MissingPair> = pairs.iter().filter(|pair| pair.phi.abs() >= 0.3).take(PAIRS).collect();
    if strong.is_empty() {
        return String::new();
    }
    let rows = strong.iter().map(|pair| {
        format!(
            "<tr><td>{}</td><td>{}</td><td class=\"batang\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            escape(&pair.kolom_a),
            escape(&pair.kolom_b),
            share_bar(pair.phi.abs()),
            number(pair.phi),
            count(pair.kosong_bersama)
        )
    });
    format!(
        "<div class=\"gulir\" tabindex=\"0\" role=\"region\" aria-label=\"Kolom yang kosong bersama\"><table><caption>Kolom yang kosong bersama</caption><thead><tr><th scope=\"col\">Kolom</th>\
         <th scope=\"col\">Kolom</th><th scope=\"col\">Kekuatan</th><th scope=\"col\" class=\"n\">phi</th>\
         <th scope=\"col\" class=\"n\">Baris kosong bersama</th></tr></thead><tbody>{}</tbody></table></div>",
        rows.collect::<String>()
    )
}

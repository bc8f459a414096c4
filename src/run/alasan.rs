//! Why a file was refused, in the words of the office that sent it: `<name>.alasan.txt`.

use crate::stage::Refusal;

/// What is wrong and what to do, by the code of the refusal.
const TEXTS: [(&str, &str, &str); 12] = [
    (
        "E0201",
        "Berkas tidak dapat dibaca: kosong, terpotong, memakai kata sandi, atau isinya bukan seperti akhiran namanya.",
        "Buka di Excel, simpan lagi sebagai .xlsx tanpa kata sandi, atau salin ulang dari asalnya.",
    ),
    (
        "E0202",
        "Baris judul kolom tidak ditemukan di 80 baris pertama.",
        "Letakkan satu baris judul kolom di atas data, sedikitnya dengan kolom yang disebut di Rincian.",
    ),
    (
        "E0203",
        "Kolom yang wajib ada tidak ditemukan.",
        "Beri kolom itu salah satu judul yang disebut di Petunjuk.",
    ),
    (
        "E0204",
        "Berkas tidak memuat satu baris data pun.",
        "Ekspor ulang dari asalnya, atau keluarkan dari kiriman.",
    ),
    (
        "E0205",
        "Dua kolom mempunyai judul yang sama dan keduanya terisi, sehingga tidak jelas mana yang berlaku.",
        "Hapus atau ganti nama salah satunya.",
    ),
    (
        "E0206",
        "Terlalu banyak NIK berakhiran 0: Excel hanya menyimpan 15 angka dan memotong angka terakhir.",
        "Berkas ini tidak dapat diperbaiki sendiri. Jadikan kolom NIK berformat teks, tempel ulang NIK dari sumbernya, simpan.",
    ),
    (
        "E0207",
        "Terlalu banyak baris yang tidak dapat dibaca.",
        "Periksa baris yang disebut: pemisah di dalam teks, tanda kutip yang tidak ditutup, atau NIK dan nama yang kosong.",
    ),
    (
        "E0208",
        "Bulan penetapan (periode) berkas ini tidak diketahui.",
        "Sebut bulannya dalam nama berkas, misalnya `Usulan DTKS Oktober 2020.xlsx`.",
    ),
    (
        "E0209",
        "Berkas ini milik kabupaten lain: kurang dari separuh barisnya milik kabupaten ini.",
        "Periksa apakah berkasnya benar.",
    ),
    (
        "E0210",
        "Terlalu banyak ID DTKS yang tidak terbaca karena tersimpan sebagai bilangan.",
        "Jadikan kolom ID berformat teks, lalu ekspor ulang.",
    ),
    (
        "E0214",
        "Berkas berubah ketika sedang dibaca.",
        "Tunggu sampai berkas selesai disalin.",
    ),
    (
        "E0215",
        "Berkas dengan isi yang sama telah dihapus dari lake untuk seterusnya.",
        "Keluarkan dari kiriman. Bila memang boleh disimpan lagi, hubungi pengelola BANSOS 360.",
    ),
];

/// The text beside a refused file. It holds no personal value, as a refusal holds none.
pub(super) fn text(name: &str, refusal: &Refusal, when: &str, kept_in_inbox: bool) -> String {
    let known = TEXTS.iter().find(|(code, _, _)| *code == refusal.code);
    let (cause, next) = known.map_or(
        (
            "Berkas tidak dapat diterima.",
            "Lihat Rincian, atau hubungi pengelola BANSOS 360.",
        ),
        |(_, cause, next)| (*cause, *next),
    );
    let place = [
        refusal.member.as_ref().map(|member| format!("anggota zip `{member}`")),
        refusal.sheet.as_ref().map(|sheet| format!("lembar `{sheet}`")),
        refusal.line.map(|line| format!("baris {line}")),
        refusal.column.as_ref().map(|column| format!("kolom `{column}`")),
    ];
    let place: Vec<String> = place.into_iter().flatten().collect();
    let mut text = format!(
        "BERKAS DITOLAK\n\nBerkas   : {name}\nWaktu    : {when}\nKode     : {}\n",
        refusal.code
    );
    if !place.is_empty() {
        text.push_str(&format!("Tempat   : {}\n", place.join(", ")));
    }
    text.push_str(&format!(
        "Sebab    : {cause}\nTindakan : {next}\nRincian  : {}\n",
        refusal.message
    ));
    if let Some(hint) = &refusal.hint {
        text.push_str(&format!("Petunjuk : {hint}\n"));
    }
    text.push_str("\nBerkas ini tidak dipakai dan tidak disimpan; data yang berlaku sebelumnya tetap berlaku.\n");
    text.push_str(if kept_in_inbox {
        "Selama berkas ini ada di folder `inbox`, tidak ada rilis baru: perbaiki atau keluarkan.\n"
    } else {
        "Setelah diperbaiki, taruh lagi di folder `inbox`. Berkas di folder `ditolak` ini tidak dibaca dan boleh dihapus.\n"
    });
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::PAGES;

    #[test]
    fn every_code_of_a_refused_file_is_told() {
        let told: Vec<&str> = TEXTS.iter().map(|(code, _, _)| *code).collect();
        let pages: Vec<&str> = PAGES
            .iter()
            .map(|page| page.code)
            .filter(|code| code.starts_with("E02"))
            .collect();
        assert_eq!(told, pages);
    }

    #[test]
    fn the_place_and_what_to_do_stand_in_it() {
        let refusal = Refusal::new("E0203", "required column missing")
            .on_sheet("Peserta")
            .at_line(4)
            .hint("name it");
        let words = text("KPE.xlsx", &refusal, "2020-12-31 07:00 UTC", false);
        assert!(words.contains("Tempat   : lembar `Peserta`, baris 4"), "{words}");
        assert!(words.contains("Kolom yang wajib ada"), "{words}");
        assert!(words.contains("taruh lagi di folder `inbox`"), "{words}");
    }
}

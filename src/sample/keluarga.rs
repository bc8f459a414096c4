//! How the families of a household come about, and the people in them.

use super::dunia::{Dunia, Keluarga, Orang, PERIODE, RumahTangga, akhir, nomor, tanggal};
use super::nama;
use super::rng::Rng;
use chrono::Datelike;

impl Dunia {
    pub fn keluarga_pertama(&self, rng: &mut Rng, rt: &mut RumahTangga) {
        let desa = rt.desa;
        rt.keluarga.push(self.keluarga(rng, desa));
        let bentuk = rng.below(100);
        let usia = if bentuk < 24 {
            rng.between(55, 88)
        } else {
            rng.between(24, 68)
        };
        let laki = if bentuk < 24 { rng.chance(0.3) } else { bentuk < 86 };
        let kawin = if (24..86).contains(&bentuk) {
            2
        } else {
            3 + u8::from(rng.chance(0.7))
        };
        let kepala = self.orang(rng, desa, 1, laki, usia, 1, 1, kawin);
        tambah(rt, 1, kepala);
        if bentuk < 24 {
            return;
        }
        if kawin == 2 {
            let usia_pasangan = (usia - rng.between(-2, 8)).max(18);
            let pasangan = self.orang(rng, desa, 1, !laki, usia_pasangan, 2, 2, 2);
            tambah(rt, 1, pasangan);
        }
        for _ in 0..[0, 0, 0, 1, 1, 1, 2, 2][rng.below(8) as usize] {
            let laki = rng.chance(0.51);
            let umur = rng.between(-1, (usia - 19).clamp(0, 26));
            let anak = self.orang(rng, desa, 1, laki, umur, 3, 3, 1);
            tambah(rt, 1, anak);
        }
        if rng.chance(0.1) {
            let laki = rng.chance(0.3);
            let umur = (usia + rng.between(20, 30)).min(96);
            let tua = self.orang(rng, desa, 1, laki, umur, 6, 6, 4);
            tambah(rt, 1, tua);
        }
    }

    /// A married child of the household with a family of its own.
    pub fn keluarga_muda(&self, rng: &mut Rng, rt: &mut RumahTangga, kel: u8) {
        let desa = rt.desa;
        rt.keluarga.push(self.keluarga(rng, desa));
        let usia = rng.between(21, 42);
        let laki = rng.chance(0.7);
        let kepala = self.orang(rng, desa, kel, laki, usia, 3, 1, 2);
        tambah(rt, kel, kepala);
        let usia_pasangan = (usia - rng.between(-2, 6)).max(18);
        let pasangan = self.orang(rng, desa, kel, !laki, usia_pasangan, 4, 2, 2);
        tambah(rt, kel, pasangan);
        for _ in 0..rng.below(3) {
            let laki = rng.chance(0.51);
            let umur = rng.between(-1, (usia - 20).clamp(0, 15));
            let anak = self.orang(rng, desa, kel, laki, umur, 5, 3, 1);
            tambah(rt, kel, anak);
        }
    }

    fn keluarga(&self, rng: &mut Rng, desa: usize) -> Keluarga {
        let pkh = rng.chance(0.2);
        let sembako = rng.chance(if pkh { 0.9 } else { 0.24 });
        let sudah = pkh || sembako;
        let bst = rng.chance(if sudah { 0.05 } else { 0.26 });
        let kpe = rng.chance(if sudah { 0.04 } else { 0.22 });
        Keluarga {
            kk: self.kk(rng, desa),
            pecah: rng.chance(0.3),
            pkh,
            sembako,
            bst,
            kpe,
        }
    }

    pub fn kk(&self, rng: &mut Rng, desa: usize) -> u64 {
        let terbit = tanggal(rng.between(2006, 2017), 1 + rng.below(12), 1 + rng.below(28));
        let kecamatan = self.wilayah.kecamatan[self.wilayah.desa[desa].kecamatan].kemendagri;
        nomor(kecamatan, terbit, 0, seri(rng))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the facts of one person, each named at the call"
    )]
    pub fn orang(
        &self,
        rng: &mut Rng,
        desa: usize,
        kel: u8,
        laki: bool,
        usia: i32,
        hub_krt: u8,
        hubkel: u8,
        kawin: u8,
    ) -> Orang {
        // `usia` is the age in October 2020; -1 is a child that was born after some of the periods.
        let lahir = tanggal(2020 - usia.max(0), 1 + rng.below(12), 1 + rng.below(28));
        let lahir = if lahir > akhir(PERIODE - 1) {
            tanggal(2020, 2, lahir.day())
        } else {
            lahir
        };
        let sendiri = self.wilayah.kecamatan[self.wilayah.desa[desa].kecamatan].kemendagri;
        let kecamatan = match rng.below(1000) {
            0..880 => sendiri,
            880..950 => self.wilayah.kecamatan[rng.below(self.wilayah.kecamatan.len() as u32) as usize].kemendagri,
            950..997 => rng.pick(&self.wilayah.luar),
            _ => rng.pick(&self.wilayah.papua),
        };
        let tua = usia >= 60;
        Orang {
            no: 0,
            kel,
            laki,
            lahir,
            nama: nama::orang(rng, laki, lahir.year()),
            tempat: if kecamatan / 100 == sendiri / 100 {
                self.wilayah.nama_kabupaten
            } else {
                nama::tempat_lain(rng)
            },
            nik: nomor(kecamatan, lahir, if laki { 0 } else { 40 }, seri(rng)),
            hub_krt,
            hubkel,
            kawin,
            cacat: if rng.chance(if tua { 0.05 } else { 0.018 }) {
                1 + rng.below(12) as u8
            } else {
                0
            },
            penyakit: if rng.chance(if tua { 0.35 } else { 0.06 }) {
                1 + rng.below(9) as u8
            } else {
                0
            },
            kis: rng.chance(0.74),
            mati: if rng.chance(if tua { 0.12 } else { 0.012 }) {
                1 + rng.below(4) as u8
            } else {
                PERIODE as u8
            },
            tercatat_mati: rng.chance(0.3),
            bits: rng.next(),
        }
    }
}

fn tambah(rt: &mut RumahTangga, kel: u8, mut orang: Orang) {
    orang.no = rt.orang.len() as u8 + 1;
    orang.kel = kel;
    rt.orang.push(orang);
}

/// A serial number; few end in 0, as a file full of them would look damaged by a spreadsheet.
fn seri(rng: &mut Rng) -> u32 {
    let n = 1 + rng.below(9998);
    if n.is_multiple_of(10) && rng.chance(0.7) {
        n + 1
    } else {
        n
    }
}

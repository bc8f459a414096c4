//! Who stands in the list of a program.

use super::SampleError;
use super::dunia::{Dunia, Keluarga, Orang, RumahTangga};
use super::rng::Rng;
use std::ops::Range;

/// Keys of recipients outside DTKS begin here.
pub const LUAR: u64 = 1 << 40;

/// A person who is to stand in a list.
pub struct Penerima<'a> {
    pub orang: &'a Orang,
    pub kk: u64,
    /// Where its household was first registered, and where it lives now.
    pub asal: usize,
    pub desa: usize,
    pub dusun: &'static str,
    pub kunci: u64,
    pub rantau: bool,
}

/// The recipients of a program among the households with these numbers.
pub fn penerima(
    d: &Dunia,
    nomor: Range<u32>,
    ikut: fn(&Keluarga) -> bool,
    pemegang: fn(&mut Rng, &RumahTangga, u8) -> usize,
    mut kerja: impl FnMut(&Penerima) -> Result<(), SampleError>,
) -> Result<(), SampleError> {
    for h in nomor {
        let rt = d.rumah_tangga(h);
        for kel in 1..=u8::try_from(rt.keluarga.len()).unwrap_or(u8::MAX) {
            if !ikut(&rt.keluarga[usize::from(kel) - 1]) {
                continue;
            }
            let mut rng = Rng::new(&[d.seed, 20, u64::from(h), u64::from(kel)]);
            let orang = &rt.orang[pemegang(&mut rng, &rt, kel)];
            let kunci = u64::from(h) * 8 + u64::from(kel);
            kerja(&Penerima {
                orang,
                kk: rt.kk_pada(kel, 4),
                asal: rt.desa,
                desa: rt.desa_pada(4),
                dusun: rt.dusun,
                kunci,
                rantau: rng.chance(0.03),
            })?;
        }
    }
    Ok(())
}

/// Recipients outside DTKS with numbers `dari..sampai`.
pub fn penerima_luar(
    d: &Dunia,
    dari: u32,
    sampai: u32,
    mut kerja: impl FnMut(&Penerima) -> Result<(), SampleError>,
) -> Result<(), SampleError> {
    for n in dari..sampai {
        let (orang, kk, desa) = d.orang_luar(n);
        kerja(&Penerima {
            orang: &orang,
            kk,
            asal: desa,
            desa,
            dusun: "KRAJAN",
            kunci: LUAR + u64::from(n),
            rantau: n % 2 == 0,
        })?;
    }
    Ok(())
}

/// The wife or the oldest woman of the family, else its head.
pub fn istri(_: &mut Rng, rt: &RumahTangga, kel: u8) -> usize {
    let perempuan = rt.orang.iter().position(|o| o.kel == kel && !o.laki && o.hubkel <= 2);
    perempuan.unwrap_or_else(|| kepala(rt, kel))
}

/// The head of the family.
pub fn kepala(rt: &RumahTangga, kel: u8) -> usize {
    rt.orang.iter().position(|o| o.kel == kel && o.hubkel == 1).unwrap_or(0)
}

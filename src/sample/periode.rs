//! The five deliveries of DTKS: how each is named, packed and written, and which columns it has.

use super::csv_zip::{Gaya, Sandi};
use super::kode::GayaKode;
use super::tanggal::GayaTanggal;
use super::tempat::GayaTempat;

/// How a delivery writes IDBDT and IDARTBDT.
#[derive(Clone, Copy)]
pub enum GayaId {
    Polos,
    Titik,
    Apostrof,
    Spasi,
}

/// One delivery: a zip with the household file and the person file.
pub struct Periode {
    pub p: usize,
    /// Name of the zip after the district code.
    pub zip: &'static str,
    pub slug: &'static str,
    /// Folder inside the zip, with its slash.
    pub folder: &'static str,
    /// Endings of the two members.
    pub akhiran: [&'static str; 2],
    pub csv: Gaya,
    pub kepala: Kepala,
    pub kode: GayaKode,
    pub id: GayaId,
    pub tempat_rt: GayaTempat,
    /// None: the person file has no place of its own.
    pub tempat_art: Option<GayaTempat>,
    pub tanggal: GayaTanggal,
    pub rt: &'static str,
    pub art: &'static str,
}

/// How headers are written.
#[derive(Clone, Copy)]
pub enum Kepala {
    Asli,
    Kecil,
    Besar,
    /// with blanks around some of them
    Berspasi,
}

impl Kepala {
    /// A header in this manner.
    pub fn tulis(self, nama: &str, nomor: usize) -> String {
        match self {
            Self::Kecil => nama.to_lowercase(),
            Self::Besar => nama.to_uppercase(),
            Self::Berspasi if nomor % 7 == 3 => format!(" {nama}  "),
            Self::Berspasi if nomor % 7 == 5 => format!("{nama} "),
            Self::Asli | Self::Berspasi => nama.to_owned(),
        }
    }
}

const PERUMAHAN: &str = "sta_bangunan sta_lahan luas_lantai lantai dinding kondisi_dinding atap kondisi_atap jumlah_kamar sumber_airminum nomor_meter_air \
    cara_peroleh_airminum sumber_penerangan daya nomor_pln bb_masak nomor_gas fasbab kloset buang_tinja ada_tabung_gas ada_lemari_es ada_ac ada_pemanas \
    ada_telepon ada_tv ada_emas ada_laptop ada_sepeda ada_motor ada_mobil ada_perahu ada_motor_tempel ada_perahu_motor ada_kapal aset_tak_bergerak luas_atb \
    rumah_lain jumlah_sapi jumlah_kerbau jumlah_kuda jumlah_babi jumlah_kambing sta_art_usaha sta_kks sta_kip sta_kis sta_bpjs_mandiri sta_jamsostek \
    sta_asuransi sta_pkh sta_rastra sta_kur sta_keberadaan_RT";
const SUMBER: &str = "AdaPKH AdaPBDT AdaKKS2016 AdaKKS2017 AdaPBI AdaDapodik AdaBPNT NoPesertaPKH NoPesertaKKS2016 NoPesertaPBI PesertaKIP NoKartuDebit";
const PENGURUS: &str = "id_pengurus Nama_Pengurus NIK_Pengurus Alamat_Pengurus JnsKel_Pengurus TglLahir_Pengurus HubKel_Pengurus no_kks sumber_data NOKK \
    InitData LastUpdateData kodewilayah IDver RID_RumahTangga";
const ORANG: &str = "Hub_KRT NUK Hubkel Umur Sta_kawin Ada_akta_nikah Ada_diKK Ada_kartu_identitas Ada_kks Sta_hamil Jenis_cacat Penyakit_kronis \
    Partisipasi_sekolah Pendidikan_tertinggi Kelas_tertinggi Ijazah_tertinggi Sta_Bekerja Jumlah_jamkerja Lapangan_usaha Status_pekerjaan";
const DUKCAPIL: &str = "DUK_NIK DUK_NO_KK DUK_NAMA_LGKP DUK_STAT_HBKEL DUK_NO_RW DUK_NO_RT DUK_NO_KEL DUK_ALAMAT DUK_TMPT_LHR DUK_TGL_LHR DUK_JENIS_KLMIN \
    DUK_STATUS_KAWIN DUK_NAMA_LGKP_AYAH DUK_JENIS_PKRJN DUK_PDDK_AKH DUK_NAMA_LGKP_IBU flag_nik FLAG_NIK2 flag_applied_nik CEKNIK flag_cleansing flag_sk \
    NOKA_BPJS_OLD PSNOKA_BPJS_OLD ADA_PBI_BPJS SEGMEN_BPJS SEGMEN_BPJS_OLD1 KET_PADAN_PBI";
const TEKNIS: &str = "InitData LastUpdateData kodewilayah IDver RID_RumahTangga RID_Individu lapangan_usahaart jumlah_pekerja lokasi_usaha omset_usaha id NU_RT \
    id_hh nourut_rt sumber_data id_keluarga";
const LAMA: &str = "KDPROP_OLD KDKAB_OLD KDKEC_OLD KDDESA_OLD KDPROP_2017 KDKAB_2017 KDKEC_2017 KDDESA_2017 NoPBDTKemsos_2017 id_periode tgl_pindah oleh_pindah \
    KET_BDTMEI18 urut urutcek urutunik ID_INC id_periode_kks";

/// Names in a list of columns that stand for a group of them.
pub fn kolom(daftar: &str) -> Vec<&str> {
    let grup = |nama: &str| match nama {
        "+PERUMAHAN" => Some(PERUMAHAN),
        "+SUMBER" => Some(SUMBER),
        "+PENGURUS" => Some(PENGURUS),
        "+ORANG" => Some(ORANG),
        "+DUKCAPIL" => Some(DUKCAPIL),
        "+TEKNIS" => Some(TEKNIS),
        "+LAMA" => Some(LAMA),
        _ => None,
    };
    // A header with a blank in it is written with a tilde in these lists.
    daftar
        .split_whitespace()
        .flat_map(|nama| grup(nama).unwrap_or(nama).split_whitespace().collect::<Vec<_>>())
        .collect()
}

/// The five deliveries, in the order of their periods.
pub const SEMUA: [Periode; 5] = [
    Periode {
        p: 0,
        zip: "-MEI 2018.zip",
        slug: "mei18",
        folder: "",
        akhiran: ["_RT.csv", "_ART.csv"],
        csv: Gaya {
            pemisah: ',',
            crlf: true,
            sandi: Sandi::Utf8Bom,
        },
        kepala: Kepala::Kecil,
        kode: GayaKode::Angka,
        id: GayaId::Polos,
        tempat_rt: GayaTempat::Lepas,
        tempat_art: Some(GayaTempat::Lepas),
        tanggal: GayaTanggal::Iso,
        rt: "IDBDT RUTA6 NoPesertaPBDT NoPBDTKemsos Vector1 Vector2 Vector3 Vector4 KDGabungan4 KDPROP KDKAB KDKEC KDDESA Alamat +SUMBER Nama_SLS Nama_KRT \
            Jumlah_ART Jumlah_Keluarga +PERUMAHAN percentile",
        art: "IDARTBDT IDBDT RUTA6 NoPesertaPBDT NoPesertaPBDTART NoPBDTKemsos NoArtPBDTKemsos Vector1 Vector2 Vector3 Vector4 KDGabungan4 KDPROP KDKAB KDKEC \
            KDDESA NoPesertaPKH NoPesertaKKS2016 NoPesertaPBI_org NoArtPKH NoArtPBDT NoArtKKS2016 NoArtPBI_org Nama JnsKel TmpLahir TglLahir HubKRT NIK NoKK \
            +ORANG Sta_keberadaan_art Sta_kepesertaan_pbi Ada_pbi Ada_kip Ada_pkh Ada_rastra Anak_diluar_rt namagadis_ibukandung sta_keberadaan_kks +TEKNIS +LAMA",
    },
    Periode {
        p: 1,
        zip: "-JULI 2019.zip",
        slug: "juli19",
        folder: "DATA JULI 2019/",
        akhiran: ["_RT.csv", "_ART.csv"],
        csv: Gaya {
            pemisah: ';',
            crlf: true,
            sandi: Sandi::Cp1252,
        },
        kepala: Kepala::Berspasi,
        kode: GayaKode::Spasi,
        id: GayaId::Spasi,
        tempat_rt: GayaTempat::Nama,
        tempat_art: Some(GayaTempat::Nama),
        tanggal: GayaTanggal::Garis,
        rt: "NO IDBDT RUTA6 NoPesertaPBDT KABUPATEN/KOTA KECAMATAN DESA/KELURAHAN Alamat NoPesertaPKH NoPesertaKKS2016 NoPesertaPBI PesertaKIP Nama_SLS Nama_KRT \
            Jumlah_ART Jumlah_Keluarga +PERUMAHAN Percentile desil",
        art: "NO IDARTBDT IDBDT KECAMATAN DESA NoPesertaPKH NoPesertaPBI NoArtPBI Nama Alamat SLS JnsKel TmpLahir tgl_lahir NIK~KTP NO~KK +ORANG \
            Sta_keberadaan_art Ada_pbi Ada_kip Ada_pkh Ada_rastra namagadis_ibukandung +DUKCAPIL +TEKNIS Percentile",
    },
    Periode {
        p: 2,
        zip: "-OKTOBER 2019.zip",
        slug: "okt19",
        folder: "",
        akhiran: ["_Rt.CSV", "_Art.CSV"],
        csv: Gaya {
            pemisah: '|',
            crlf: false,
            sandi: Sandi::Utf8,
        },
        kepala: Kepala::Besar,
        kode: GayaKode::Nol,
        id: GayaId::Titik,
        tempat_rt: GayaTempat::Pecahan,
        tempat_art: Some(GayaTempat::Pecahan),
        tanggal: GayaTanggal::IsoJam,
        rt: "ID_DTKS RUTA6 NoPBDTKemsos KDPROP KDKAB KDKEC KDDESA Alamat +SUMBER Nama_SLS NamaKRT Jumlah_ART Jumlah_Keluarga +PERUMAHAN Percentile +PENGURUS",
        art: "ID_ART_DTKS ID_DTKS RUTA6 KDPROP KDKAB KDKEC KDDESA NoPesertaPKH NoPesertaPBI NoArtPBI Nama JnsKel TmpLahir TglLahir NIK NoKK +ORANG \
            Sta_keberadaan_art Ada_pbi Ada_kip Ada_pkh Ada_rastra Anak_diluar_rt namagadis_ibukandung +DUKCAPIL +TEKNIS +LAMA",
    },
    Periode {
        p: 3,
        zip: " (DTKS JAN 2020).zip",
        slug: "jan20",
        folder: "{kode} DTKS JAN 2020/",
        akhiran: ["_RT.csv", "_ART.csv"],
        csv: Gaya {
            pemisah: ',',
            crlf: false,
            sandi: Sandi::Utf8,
        },
        kepala: Kepala::Asli,
        kode: GayaKode::Label,
        id: GayaId::Apostrof,
        tempat_rt: GayaTempat::Titik,
        tempat_art: None,
        tanggal: GayaTanggal::Bulan,
        rt: "IDDTKS RUTA6 KODE_DESA Alamat +SUMBER Nama_SLS Nama_KRT Jumlah_ART Jumlah_Keluarga +PERUMAHAN persentil +PENGURUS",
        art: "ID_ART_DTKS IDDTKS RUTA6 NoPesertaPKH NoPesertaKKS2016 NoPesertaPBI NoArtPBI Nama JnsKel TmpLahir TglLahir NIK NOMOR_KK +ORANG Sta_keberadaan_art \
            Ada_pbi Ada_pkh Ada_rastra IDPENGURUS Nama_Pengurus Alamat_Pengurus MasukKuota TMPBSP ket_bsp namagadis_ibukandung +DUKCAPIL +TEKNIS \
            ADAPKH_NEW NOPESERTAPKH_NEW NOREKPKH_NEW Ada_pkh_old dapodik PIP_dikbud PIP_menag",
    },
    Periode {
        p: 4,
        zip: "-OKTOBER 2020.zip",
        slug: "okt20",
        folder: "",
        akhiran: ["_RT.csv", "_ART.csv"],
        csv: Gaya {
            pemisah: ',',
            crlf: true,
            sandi: Sandi::Utf8,
        },
        kepala: Kepala::Asli,
        kode: GayaKode::Angka,
        id: GayaId::Polos,
        tempat_rt: GayaTempat::Penuh,
        tempat_art: Some(GayaTempat::Penuh),
        tanggal: GayaTanggal::Strip,
        rt: "IDBDT RUTA6 KDPROP KDKAB KDKEC KDDESA NMKEC NMDESA Alamat +SUMBER Nama_SLS Nama_KRT Jumlah_ART Jumlah_Keluarga +PERUMAHAN Percentile +PENGURUS",
        art: "IDARTBDT IDBDT RUTA6 NoPesertaPBDT KDPROP KDKAB KDKEC KDDESA NMKEC NMDESA NoPesertaPKH NoPesertaKKS2016 NoPesertaPBI NoArtPBI Nama JnsKel TmpLahir \
            TglLahir NIK NoKK +ORANG Sta_keberadaan_art Ada_pbi Ada_kip Ada_pkh Ada_BPNT ada_bst IDPENGURUS NOREKENING NOKARTU Nama_Pengurus Alamat_Pengurus \
            MasukKuota Status_NIK_Dukcapil BSP Pengurus_Lainnya namagadis_ibukandung +DUKCAPIL +TEKNIS Ada_pkh_old NoPesertaPKH_old proses_bst penerima_bst",
    },
];

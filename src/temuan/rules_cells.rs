//! Rules that look at a cell, a row, a sheet or a file by itself. What it means, why it matters, what to do.

use super::catalogue::{Group, Level, Rule, catalogue};

catalogue! {
    NIK_KOSONG Info Identitas "NIK tidak diisi"
        "Tanpa NIK orang ini tidak dapat dicocokkan dengan DTKS dan daftar lain" "Lengkapi dari KTP atau KK";
    NIK_PRESISI_HILANG Peringatan Identitas "NIK kehilangan angka karena disimpan sebagai bilangan; ketik ulang sebagai teks"
        "Angka yang hilang tidak dapat ditebak, jadi NIK-nya dikosongkan" "Ubah kolom menjadi teks, lalu tempel ulang dari sumbernya";
    NIK_BUKAN_ANGKA Peringatan Identitas "NIK berisi huruf atau tanda lain"
        "NIK yang rusak dikosongkan dan tidak dicocokkan dengan siapa pun" "Cocokkan dengan KTP, benarkan di sumbernya";
    NIK_HURUF_MIRIP_ANGKA Peringatan Identitas "NIK berisi huruf yang mirip angka (O, I, L); bila diganti angka menjadi NIK yang benar"
        "Program tidak mengganti huruf dengan menebak, jadi NIK-nya dikosongkan" "Bila memang angkanya, benarkan di sumbernya";
    NIK_SEMENTARA Peringatan Identitas "NIK sementara buatan sistem desa, bukan NIK"
        "Nomor sementara dapat berulang dan tidak dikenal daftar lain" "Minta NIK yang sebenarnya dari Dukcapil";
    NIK_PENGISI Peringatan Identitas "NIK berisi angka pengisi"
        "Angka seperti 9999999999999999 menyamakan orang yang berbeda, jadi dikosongkan" "Isi dengan NIK dari KTP, atau kosongkan";
    NIK_PANJANG_SALAH Peringatan Identitas "NIK tidak 16 angka"
        "NIK yang kurang atau lebih angkanya dikosongkan dan tidak dicocokkan" "Cocokkan dengan KTP, benarkan di sumbernya";
    NIK_SAMA_DENGAN_KK Peringatan Identitas "NIK sama dengan nomor KK pada baris yang sama"
        "Salah satunya salah tempel; nomornya tidak menunjuk orang, jadi NIK-nya dikosongkan" "Cocokkan kedua nomor dengan KTP dan KK";
    NIK_POLA_SALAH Peringatan Identitas "NIK 16 angka, tetapi wilayah atau tanggal di dalamnya tidak mungkin"
        "NIK tetap dipakai untuk mencocokkan, tetapi mungkin salah ketik" "Cocokkan dengan KTP";
    NIK_KECAMATAN_TIDAK_DIKENAL Info Identitas "Kabupaten pada NIK dikenal, kecamatannya tidak"
        "Biasanya kode kecamatan lama sebelum pemekaran" "Cukup diketahui";
    NIK_TANGGAL_LAHIR_BEDA Peringatan Identitas "Tanggal lahir pada NIK berbeda dengan tanggal lahir yang ditulis"
        "Umur dihitung dari kolomnya; salah satu dari keduanya keliru" "Cocokkan dengan KTP";
    NIK_JENIS_KELAMIN_BEDA Peringatan Identitas "Jenis kelamin pada NIK berbeda dengan yang ditulis"
        "Yang dipakai kolomnya; salah satu dari keduanya keliru, atau NIK milik orang lain" "Cocokkan dengan KTP";
    NIK_TERPOTONG_EXCEL Galat Identitas "Terlalu banyak NIK berakhiran 0: berkas rusak oleh Excel"
        "Excel hanya menyimpan 15 angka; hampir semua NIK di berkas ini salah" "Ekspor ulang dari sumbernya dengan kolom NIK sebagai teks, lalu kirim ulang";
    NIK_TERPOTONG_EXCEL_DIDUGA Peringatan Identitas "Banyak NIK berakhiran 0: periksa apakah kolomnya pernah disimpan sebagai bilangan"
        "Sebagian NIK mungkin kehilangan angka terakhirnya tanpa terlihat" "Bandingkan beberapa NIK dengan sumbernya; bila berbeda, ekspor ulang sebagai teks";
    KK_KOSONG Info Identitas "Nomor KK tidak diisi"
        "Tanpa nomor KK bantuan keluarga tidak dapat dihitung bersama" "Lengkapi dari KK";
    KK_PRESISI_HILANG Peringatan Identitas "Nomor KK kehilangan angka karena disimpan sebagai bilangan"
        "Angka yang hilang tidak dapat ditebak, jadi nomornya dikosongkan" "Ubah kolom menjadi teks, lalu tempel ulang dari sumbernya";
    KK_BUKAN_ANGKA Peringatan Identitas "Nomor KK berisi huruf atau tanda lain"
        "Nomor yang rusak dikosongkan, keluarganya tidak dapat dikenali" "Cocokkan dengan KK, benarkan di sumbernya";
    KK_HURUF_MIRIP_ANGKA Peringatan Identitas "Nomor KK berisi huruf yang mirip angka (O, I, L); bila diganti angka menjadi nomor yang benar"
        "Program tidak mengganti huruf dengan menebak, jadi nomornya dikosongkan" "Bila memang angkanya, benarkan di sumbernya";
    KK_PENGISI Peringatan Identitas "Nomor KK berisi angka pengisi"
        "Angka pengisi menyatukan keluarga yang berbeda, jadi dikosongkan" "Isi dengan nomor dari KK, atau kosongkan";
    KK_PANJANG_SALAH Peringatan Identitas "Nomor KK tidak 16 angka"
        "Nomor yang kurang atau lebih angkanya dikosongkan" "Cocokkan dengan KK, benarkan di sumbernya";
    KK_POLA_SALAH Peringatan Identitas "Nomor KK 16 angka, tetapi wilayah atau tanggal di dalamnya tidak mungkin"
        "Nomor tetap dipakai, tetapi mungkin salah ketik" "Cocokkan dengan KK";
    KK_KECAMATAN_TIDAK_DIKENAL Info Identitas "Kabupaten pada nomor KK dikenal, kecamatannya tidak"
        "Biasanya kode kecamatan lama sebelum pemekaran" "Cukup diketahui";
    NAMA_BERANGKA Peringatan Isi "Nama berisi angka"
        "Mungkin kolom tertukar atau nama tercampur nomor" "Cocokkan dengan KTP";
    TANGGAL_TIDAK_TERBACA Peringatan Isi "Tanggal tidak terbaca"
        "Umur orang ini tidak diketahui" "Tulis HH-BB-TTTT";
    TANGGAL_DI_LUAR_RENTANG Peringatan Isi "Tanggal sebelum 1900 atau sesudah periode"
        "Tanggal yang tidak mungkin dikosongkan, umurnya tidak diketahui" "Cocokkan dengan KTP, tulis HH-BB-TTTT";
    TANGGAL_DARI_NOMOR_SERI Peringatan Isi "Tanggal tertulis sebagai nomor seri Excel"
        "Tanggalnya dihitung dari nomor itu; bila kolomnya bukan tanggal, hasilnya salah" "Periksa, lalu ubah format kolom menjadi tanggal";
    JENIS_KELAMIN_TIDAK_DIKENAL Peringatan Isi "Jenis kelamin tidak dikenal"
        "Orang ini tidak terhitung sebagai laki-laki maupun perempuan" "Tulis 1 atau L, 2 atau P";
    KODE_TIDAK_DIKENAL Peringatan Isi "Kode tidak ada dalam daftar kode"
        "Isinya disimpan seperti tertulis dan tidak ikut dikelompokkan" "Periksa; bila memang kode baru, laporkan kepada pengelola data";
    LABEL_TIDAK_DIKENAL Peringatan Isi "Teks tidak ada dalam daftar kode"
        "Isinya disimpan seperti tertulis dan tidak ikut dikelompokkan" "Periksa ejaannya; bila memang label baru, laporkan kepada pengelola data";
    YA_TIDAK_TIDAK_DIKENAL Peringatan Isi "Isi kolom ya/tidak tidak dikenal dan dihitung tidak"
        "Bantuan atau barang yang sebenarnya ada menjadi tidak terhitung" "Tulis kode 1 atau 2, atau kosongkan";
    ANGKA_TIDAK_TERBACA Peringatan Isi "Angka tidak terbaca"
        "Nilainya dikosongkan dan tidak ikut dihitung" "Tulis angka saja, tanpa satuan";
    PERSENTIL_NOL Info Isi "Persentil 0 dihitung sebagai desil 1"
        "Sebagian penetapan menulis 0 untuk yang paling bawah" "Cukup diketahui";
    PERSENTIL_DI_LUAR_RENTANG Peringatan Isi "Persentil di luar 0 sampai 100"
        "Desil rumah tangga ini tidak diketahui" "Periksa kolom persentil di sumbernya";
    DESIL_DI_LUAR_RENTANG Peringatan Isi "Desil di luar 1 sampai 10"
        "Desil rumah tangga ini tidak diketahui" "Periksa kolom desil di sumbernya";
    ID_TIDAK_TERBACA Peringatan Isi "ID DTKS tidak terbaca"
        "Orang atau rumah tangga ini tidak dapat diikuti antarperiode" "Unduh ulang dari sumbernya dengan kolom ID sebagai teks";
    ID_ART_DARI_NIK Info Isi "ART tanpa ID DTKS; dipakai NIK-nya"
        "Berkas tidak memuat nomor anggota; NIK menggantikannya" "Cukup diketahui";
    RAGAM_TIDAK_DIKENAL Peringatan Isi "Jenis disabilitas tidak dikenal"
        "Orang ini tidak masuk ragam mana pun" "Pilih salah satu jenis dalam daftar kode";
    WILAYAH_DIDUGA Peringatan Wilayah "Nama wilayah dicocokkan dengan ejaan resmi yang paling mirip"
        "Bila dugaannya salah, orang ini terhitung di desa lain" "Periksa; ejaan yang sering muncul dapat ditambahkan di reference/wilayah_varian.csv";
    WILAYAH_TIDAK_DIKENAL Peringatan Wilayah "Nama wilayah tidak dikenal"
        "Baris ini tidak terhitung di desa mana pun" "Tulis nama desa dan kecamatan yang resmi";
    WILAYAH_KODE_TIDAK_DIKENAL Peringatan Wilayah "Kode wilayah tidak dikenal"
        "Baris ini tidak terhitung di desa mana pun" "Pakai kode BPS atau Kemendagri yang berlaku";
    WILAYAH_BERTENTANGAN Peringatan Wilayah "Kolom wilayah pada baris ini saling bertentangan"
        "Tidak dapat dipastikan di desa mana baris ini dihitung" "Benarkan nama atau kodenya";
    DESA_DI_LUAR_KECAMATAN Peringatan Wilayah "Desa ini tidak ada di kecamatan yang ditulis"
        "Desa dengan nama sama ada di kecamatan lain, jadi tempatnya tidak pasti" "Benarkan desa atau kecamatannya";
    KECAMATAN_DARI_DESA Peringatan Wilayah "Kecamatan tidak dikenal; diketahui dari nama desanya"
        "Kecamatan yang dipakai bukan yang ditulis" "Periksa; benarkan ejaan kecamatannya";
    WILAYAH_LUAR_KABUPATEN Info Wilayah "Baris menyebut kabupaten lain; tempat tidak dicatat"
        "Orangnya ikut terhitung, tetapi tidak di desa mana pun" "Cukup diketahui; bila banyak, periksa apakah berkasnya benar";
    BARIS_TANPA_IDENTITAS Galat Berkas "Baris tanpa NIK, nomor KK, nama atau ID; dikarantina"
        "Tidak ada yang dapat dihitung dari baris ini" "Lihat tabel karantina, lengkapi di sumbernya";
    BARIS_RUSAK Galat Berkas "Baris tidak terbaca (jumlah kolom salah atau tanda kutip tidak ditutup); dikarantina"
        "Isi kolomnya bergeser sehingga tidak dapat dipercaya" "Lihat tabel karantina, benarkan barisnya atau ekspor ulang";
    KOREKSI_TANPA_BARIS Peringatan Berkas "Baris yang dibetulkan tidak ada di berkas asalnya"
        "Pembetulannya tidak mengubah apa pun" "Ekspor ulang barisnya, jangan menyunting kolom kunci yang tersembunyi";
    KOREKSI_TANPA_KUNCI Peringatan Berkas "Baris pada lembar koreksi kehilangan kuncinya (kolom pertama yang tersembunyi)"
        "Tanpa kunci tidak diketahui baris mana yang dibetulkan" "Ekspor ulang barisnya; isi pembetulan di lembar yang baru, tanpa menghapus kolom pertama";
    KOREKSI_KOLOM_TIDAK_DIKENAL Peringatan Berkas "Kolom pada lembar koreksi tidak ada di berkas asalnya"
        "Isinya tidak dipakai" "Kembalikan judul kolom seperti pada lembar yang dikirim";
    KOLOM_BERSAING Info Berkas "Dua judul kolom untuk satu arti; dipakai yang pertama dalam daftar"
        "Kolom yang lain tidak dibaca sebagai arti itu" "Periksa apakah kolom yang dipakai memang yang dimaksud";
    LEMBAR_DILEWATI Info Berkas "Lembar tanpa judul kolom dilewati"
        "Isinya tidak dibaca" "Bila lembar itu berisi data, beri judul kolom";
    LEMBAR_TERSEMBUNYI Info Berkas "Lembar tersembunyi ikut dibaca"
        "Baris yang tidak terlihat di Excel ikut terhitung" "Hapus lembarnya bila tidak dimaksudkan";
    PEMISAH_BERLEBIH Info Berkas "Pemisah kosong berlebih di akhir baris diabaikan"
        "Tidak ada isi yang hilang" "Cukup diketahui";
}

-- NIK dan nomor KK di gudang data kosong atau 16 angka
-- tingkat: galat
SELECT id_berkas, nomor_baris FROM dtks_art WHERE length(nik) <> 16 OR length(no_kk) <> 16
UNION ALL
SELECT id_berkas, nomor_baris FROM bantuan_sosial WHERE length(nik) <> 16 OR length(no_kk) <> 16
UNION ALL
SELECT id_berkas, nomor_baris FROM data_disabilitas WHERE length(nik) <> 16 OR length(no_kk) <> 16

-- One row a person and release: recipients of the chosen programs. Who stands in several desa is counted in one that both releases
-- know, so that a person who leaves one of two lists has not moved.
WITH
baris AS (
    SELECT
        b.sisi, b.orang, b.kode_program, b.nik, b.nama, b.kode_kecamatan, b.kecamatan, b.kode_desa, b.desa,
        b.desil, b.di_dtks, b.rangkap, b.langgar
    FROM kpm_baris AS b
    INNER JOIN program_dipilih AS p ON p.kode_program = b.kode_program
),
tempat AS (
    SELECT sisi, orang, kode_kecamatan, kecamatan, kode_desa, desa, count(*) AS jumlah
    FROM baris
    GROUP BY sisi, orang, kode_kecamatan, kecamatan, kode_desa, desa
),
di_keduanya AS (
    SELECT orang, kode_desa, sum(jumlah) AS jumlah
    FROM tempat
    WHERE kode_desa IS NOT NULL
    GROUP BY orang, kode_desa
    HAVING count(DISTINCT sisi) = 2
),
diurutkan AS (
    SELECT
        t.sisi,
        t.orang,
        t.kode_kecamatan,
        t.kecamatan,
        t.kode_desa,
        t.desa,
        row_number() OVER (
            PARTITION BY t.sisi, t.orang
            ORDER BY
                CASE WHEN t.kode_desa IS NULL THEN 1 ELSE 0 END ASC NULLS LAST,
                CASE WHEN k.orang IS NULL THEN 1 ELSE 0 END ASC NULLS LAST,
                coalesce(k.jumlah, t.jumlah) DESC NULLS LAST,
                t.kode_desa ASC NULLS LAST,
                t.kode_kecamatan ASC NULLS LAST
        ) AS nomor
    FROM tempat AS t
    LEFT JOIN di_keduanya AS k ON k.orang = t.orang AND k.kode_desa = t.kode_desa
),
kode AS (
    SELECT DISTINCT sisi, orang, kode_program FROM baris
),
program AS (
    SELECT sisi, orang, gabung_kode(kode_program) AS program FROM kode GROUP BY sisi, orang
),
sifat AS (
    SELECT
        sisi,
        orang,
        min(nik) AS nik,
        min(nama) AS nama,
        min(desil) AS desil,
        max(di_dtks) AS di_dtks,
        max(rangkap) AS rangkap,
        max(langgar) AS langgar
    FROM baris
    GROUP BY sisi, orang
)
SELECT
    s.sisi,
    s.orang AS kunci,
    s.nik,
    s.nama,
    u.kode_kecamatan,
    u.kecamatan,
    u.kode_desa,
    u.desa,
    s.desil,
    p.program,
    s.di_dtks,
    s.rangkap,
    s.langgar
FROM sifat AS s
INNER JOIN diurutkan AS u ON u.sisi = s.sisi AND u.orang = s.orang AND u.nomor = 1
INNER JOIN program AS p ON p.sisi = s.sisi AND p.orang = s.orang

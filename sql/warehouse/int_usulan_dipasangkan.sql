-- Each proposal that counts, as it is told, with the person of its periode that it means: by id_art, else by nik (ruling 27).
WITH
-- A file that fills two tables stands twice among the files; its place in the order is one.
berkas AS (
    SELECT id_berkas, max(urutan) AS urutan
    FROM sumber_berkas
    GROUP BY id_berkas
),
-- Drafts and rejected proposals are no proposals (ruling 46).
usulan AS (
    SELECT
        u.periode,
        u.id_berkas,
        u.lembar,
        u.nomor_baris,
        u.urutan_baris,
        b.urutan AS urutan_berkas,
        u.id_dtks,
        u.id_art,
        u.nik,
        u.no_kk,
        u.nama,
        u.kode_kecamatan,
        u.kecamatan,
        u.kode_desa,
        u.desa
    FROM usulan_daerah AS u
    LEFT JOIN berkas AS b ON b.id_berkas = u.id_berkas
    WHERE u.diusulkan
),
nik_usulan AS (
    SELECT DISTINCT periode, nik
    FROM usulan
    WHERE nik IS NOT NULL
),
art_per_nik AS (
    SELECT a.periode, a.nik, min(a.id_art) AS id_art
    FROM dtks_art AS a
    INNER JOIN nik_usulan AS n ON n.periode = a.periode AND n.nik = a.nik
    GROUP BY a.periode, a.nik
),
id_usulan AS (
    SELECT DISTINCT periode, id_art
    FROM usulan
    WHERE id_art IS NOT NULL
),
art_per_id AS (
    SELECT a.periode, a.id_art
    FROM dtks_art AS a
    INNER JOIN id_usulan AS i ON i.periode = a.periode AND i.id_art = a.id_art
),
pasangan AS (
    SELECT
        u.periode,
        u.id_berkas,
        u.lembar,
        u.nomor_baris,
        u.urutan_baris,
        u.urutan_berkas,
        u.id_dtks,
        u.id_art,
        u.nik,
        u.no_kk,
        u.nama,
        u.kode_kecamatan,
        u.kecamatan,
        u.kode_desa,
        u.desa,
        i.id_art AS id_art_lewat_id,
        n.id_art AS id_art_lewat_nik,
        coalesce(i.id_art, n.id_art) AS id_art_dtks,
        coalesce(i.id_art, n.id_art, u.id_art, u.nik) AS kunci
    FROM usulan AS u
    LEFT JOIN art_per_id AS i ON i.periode = u.periode AND i.id_art = u.id_art
    LEFT JOIN art_per_nik AS n ON n.periode = u.periode AND n.nik = u.nik
)
SELECT
    periode,
    id_berkas,
    lembar,
    nomor_baris,
    urutan_baris,
    id_dtks,
    id_art,
    nik,
    no_kk,
    nama,
    kode_kecamatan,
    kecamatan,
    kode_desa,
    desa,
    id_art_lewat_id,
    id_art_lewat_nik,
    id_art_dtks,
    kunci,
    CAST(
        row_number() OVER (
            PARTITION BY periode, kunci
            ORDER BY urutan_berkas ASC NULLS LAST, urutan_baris ASC NULLS LAST
        ) AS INTEGER
    ) AS urutan_kunci
FROM pasangan

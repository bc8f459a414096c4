-- The cleaning of the DuckDB script: a short way for clean values first, then the long way.
CREATE MACRO id_bersih(v) AS CASE WHEN v IS NULL OR regexp_full_match(v, '[0-9]{16}') THEN v
    ELSE regexp_replace(regexp_replace(trim(v, ' ' || chr(160) || chr(1)), '(\.0|\.00|,00)$', ''),
                        '[\s\x{00a0}''"`‘’“”.\-/\\]', '', 'g') END;
-- The verdict on a number: v raw, s stripped, kk the row's other number, kab and tgl what the joins found.
CREATE MACRO status_id(v, s, kk, kab, tgl, desa) AS CASE
    WHEN s IS NULL THEN 'KOSONG'
    WHEN kab AND tgl AND regexp_full_match(s, '[0-9]{16}') AND s[-4:] <> '0000' AND s[1] <> '0'
        AND s <> '1111111111111111'
        AND NOT (v[1] = chr(1) AND (s[-1:] = '0' OR s >= '9007199254740992')) AND s IS DISTINCT FROM kk THEN 'VALID'
    WHEN ltrim(s, '0') = '' OR upper(trim(v)) IN ('TIDAK ADA', 'BELUM ADA', 'NIHIL', 'KOSONG')
        OR regexp_full_match(upper(s), 'X+|TIDAKADA|BELUMADA|NIHIL|KOSONG') THEN 'KOSONG'
    WHEN regexp_full_match(trim(v), '''?[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+') OR (v[1] = chr(1)
        AND TRY_CAST(s AS HUGEINT) >= 9007199254740992) THEN 'PRESISI_HILANG'
    WHEN NOT regexp_full_match(s, '[0-9]+') THEN 'BUKAN_ANGKA'
    WHEN length(s) = 16 AND s[1] = '0' AND list_contains(desa, s[2:11]) THEN 'SEMENTARA'
    WHEN (length(s) >= 8 AND replace(s, s[1], '') = '') OR s IN ('1234567890123456', '1234567890123450')
        OR (length(s) = 16 AND kab AND s[5:] IN ('000000000000', '999999999999')) THEN 'PENGISI'
    WHEN length(s) <> 16 THEN 'PANJANG_SALAH'
    WHEN s[-4:] = '0000' OR (v[1] = chr(1) AND s[-1:] = '0') THEN 'PRESISI_HILANG'
    WHEN s = kk THEN 'SAMA_DENGAN_KK'
    ELSE 'POLA_SALAH' END;
CREATE MACRO angka_saja(v) AS CASE WHEN v IS NULL OR regexp_full_match(v, '[0-9]{10,25}') THEN v
    WHEN regexp_matches(v, '^[0-9.,]+[eE]') THEN NULL
    ELSE nullif(regexp_replace(v, '[^0-9]', '', 'g'), '') END;
CREATE MACRO teks(v) AS CASE WHEN v IS NULL OR regexp_full_match(v, '[!-`{-~]+( [!-`{-~]+)*') THEN upper(v)
    ELSE nullif(trim(regexp_replace(upper(v), '[\s\x{00a0}]+', ' ', 'g')), '') END;
CREATE MACRO nama_bersih(v) AS CASE WHEN v IS NULL OR regexp_full_match(v, '[A-Z]+( [A-Z]+)*') THEN v
    ELSE nullif(regexp_replace(regexp_replace(teks(v), '^[[:punct:] ]+', ''),
        CASE WHEN regexp_matches(teks(v), '\([^()]*\)[ .,]*$') THEN '[ .,]+$' ELSE '[[:punct:] ]+$' END, ''), '') END;
CREATE MACRO bilangan(v) AS CASE WHEN length(v) <= 3 THEN TRY_CAST(v AS INTEGER)
    WHEN regexp_full_match(trim(v), '[0-9]+([.,]0+)?') THEN CAST(regexp_extract(v, '[0-9]+') AS INTEGER) END;
CREATE MACRO bulan_ke(w) AS [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 2, 5, 8, 11, 10, 12,
    8][list_position(['jan','feb','mar','apr','mei','jun','jul','agu',
    'sep','okt','nov','des','peb','may','agt','nop','oct','dec','ags'], lower(w[1:3]))];
CREATE MACRO tanggal_apa(w, tahun_ini) AS CASE
    WHEN regexp_full_match(w, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}') THEN TRY_CAST(w AS DATE)
    WHEN regexp_full_match(w, '[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}')
        THEN TRY_CAST(regexp_replace(w, '([0-9]+)[-/.]([0-9]+)[-/.]([0-9]+)', '\3-\2-\1') AS DATE)
    WHEN regexp_full_match(w, '[0-9]{1,2} [A-Za-z]+ [0-9]{4}')
        THEN TRY_CAST(split_part(w, ' ', 3) || '-' || bulan_ke(split_part(w, ' ', 2)) || '-' || split_part(w, ' ',
            1) AS DATE)
    WHEN regexp_full_match(w, '[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}')
        THEN TRY_CAST(CASE WHEN CAST(w[-2:] AS INTEGER) <= tahun_ini - 2000 THEN '20' ELSE '19' END
            || regexp_replace(w, '([0-9]+)[-/.]([0-9]+)[-/.]([0-9]+)', '\3-\2-\1') AS DATE)
    WHEN regexp_full_match(w, '[0-9]{8}') THEN TRY_CAST(w[1:4] || '-' || w[5:6] || '-' || w[7:8] AS DATE)
    WHEN regexp_full_match(w, '[0-9]{5}') THEN DATE '1899-12-30' + CAST(w AS INTEGER) END;
CREATE MACRO tanggal_mentah(v, tahun_ini) AS CASE
    WHEN v IS NULL THEN NULL
    WHEN v LIKE '____-__-__' OR v LIKE '____-__-__ 00:00%' THEN TRY_CAST(v[1:10] AS DATE)
    WHEN v[3] = ' ' OR v[2] = ' ' THEN TRY_CAST(split_part(v, ' ', 3) || '-' || bulan_ke(split_part(v, ' ',
        2)) || '-' || split_part(v, ' ', 1) AS DATE)
    WHEN v LIKE '__-__-____' OR v LIKE '__/__/____' THEN TRY_CAST(v[7:10] || '-' || v[4:5] || '-' || v[1:2] AS DATE)
    ELSE tanggal_apa(regexp_replace(regexp_replace(trim(v, ' ''' || chr(1)), '^[^0-9,]+,\s*', ''),
        '[ T][0-9]{1,2}:[0-9:.]+$', ''), tahun_ini) END;
CREATE MACRO wajar(t, akhir) AS CASE WHEN t > DATE '1900-01-01' AND t <= akhir THEN t END;
CREATE MACRO kunci_label(v) AS CASE WHEN regexp_full_match(trim(v), '[0-9]+(\.0+)?')
    THEN CAST(CAST(regexp_extract(v, '[0-9]+') AS BIGINT) AS VARCHAR)
    ELSE regexp_replace(regexp_replace(upper(v), '^\s*[0-9]+[.)]\s+', ''), '[^A-Z0-9<>]', '', 'g') END;
CREATE MACRO label_lain(peta, nama, v) AS CASE
    WHEN peta[nama || kunci_label(v)] IS NOT NULL THEN peta[nama || kunci_label(v)]
    WHEN nama <> 'jnskel/' AND regexp_full_match(kunci_label(v), '[1-9][0-9]*') AND regexp_full_match(trim(v),
        '[0-9]+(\.0+)?') THEN 'KODE ' || kunci_label(v) END;
CREATE MACRO ya(v, kode) AS CASE WHEN v IS NULL THEN false WHEN v = kode OR v = 'Ya' THEN true WHEN v = '2'
    OR v = 'Tidak' OR v = '4' THEN false
    ELSE kunci_label(v) IN (kode, 'YA', 'TRUE', 'Y', 'V') END;
CREATE MACRO angka_wilayah(v) AS CASE WHEN v IS NULL OR regexp_full_match(v, '[0-9]+') THEN v
    ELSE regexp_replace(regexp_replace(v, '\.0+$', ''), '[^0-9]', '', 'g') END;
-- What a row says of its place, as one key: a code, or names.
CREATE MACRO kunci_tempat(prop, kab, kec, desa, gab, nkec, ndesa, nkab) AS CASE
    WHEN length(desa) = 10 THEN desa
    WHEN kec IS NOT NULL AND desa IS NOT NULL AND prop IS NOT NULL AND kab IS NOT NULL THEN lpad(prop, 2,
        '0') || lpad(kab, 2, '0') || lpad(kec, 3, '0') || lpad(desa, 3, '0')
    WHEN length(gab) = 10 THEN gab
    ELSE '|' || coalesce(nkec, '') || '|' || coalesce(ndesa, '') || '|' || coalesce(nkab, '') END;
CREATE MACRO kunci_nama(v) AS regexp_replace(regexp_replace(upper(v),
    '^[^A-Z0-9]*(KECAMATAN|KEC|DESA|DS|KELURAHAN|KEL|KABUPATEN|KAB|KOTA)(\.\s*|\s+)', ''), '[^A-Z0-9]', '', 'g');

-- The engine's own functions that the models need, each under a name of the house. Another engine replaces this file and no other.
-- Run once, before the models.

-- Last day of a month written YYYY-MM.
CREATE OR REPLACE MACRO akhir_bulan(periode) AS last_day(CAST(periode || '-01' AS DATE));

-- Whole years between birth and a day: completed years, not year boundaries.
CREATE OR REPLACE MACRO umur(tanggal_lahir, pada_tanggal) AS CAST(date_sub('year', tanggal_lahir, pada_tanggal) AS INTEGER);

-- Distinct codes of a group, sorted, joined by a comma. The group must hold each code once.
CREATE OR REPLACE MACRO gabung_kode(kode) AS array_to_string(list_sort(list(kode) FILTER (WHERE kode IS NOT NULL)), ', ');

-- A number in a text, NULL where the text is none.
CREATE OR REPLACE MACRO bilangan(teks) AS TRY_CAST(teks AS INTEGER);

-- A text of few different values, as it is: the engine keeps each value once and writes it to Parquet as text. An engine that
-- knows no such columns has CAST(nilai AS VARCHAR) here.
CREATE OR REPLACE MACRO kata(nilai) AS nilai;

-- Masked number: the first six signs, the rest as asterisks.
CREATE OR REPLACE MACRO samarkan_nomor(nomor) AS rpad(left(nomor, 6), CAST(greatest(length(nomor), 6) AS INTEGER), '*');

-- Masked name: the first third of each word, at least one letter, the rest as asterisks.
CREATE OR REPLACE MACRO samarkan_nama(nama) AS array_to_string(
    list_transform(
        string_split(nama, ' '),
        lambda kata: rpad(left(kata, greatest(1, CAST(floor(length(kata) / 3.0) AS BIGINT))), CAST(length(kata) AS INTEGER), '*')
    ),
    ' '
);

-- A number of two values, the same for the same two. It narrows rows down and decides nothing: others may have it, too.
CREATE OR REPLACE MACRO sidik(satu, dua) AS hash(satu, dua);

-- A sign for a number, one of 60: a sum of signs tells whether one was added twice.
CREATE OR REPLACE MACRO tanda_ke(nomor) AS CAST(pow(2, nomor % 60) AS BIGINT);

-- How many signs a sum is of, at the least: as many as were added where all differ, fewer where one was added twice.
CREATE OR REPLACE MACRO banyak_tanda(jumlah) AS bit_count(CAST(jumlah AS HUGEINT));

-- One of so many signs, counted from 1. Signs that are put together keep which they are made of, however many there are.
CREATE OR REPLACE MACRO tanda_dari(nomor, banyak) AS set_bit(CAST(repeat('0', banyak) AS BIT), CAST(nomor - 1 AS INTEGER), 1);

-- The signs of a group put together.
CREATE OR REPLACE MACRO gabung_tanda(tanda) AS bit_or(tanda);

-- Signs with others put to them, where there are any.
CREATE OR REPLACE MACRO dengan_tanda(tanda, lain) AS tanda | coalesce(lain, tanda);

-- Is one of these signs among those?
CREATE OR REPLACE MACRO ada_tanda(tanda, lain) AS bit_count(tanda & lain) > 0;
